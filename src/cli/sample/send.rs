//! The live run: what is said and refused before the first call, and what is counted after.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::aws::Fault;
use crate::catalog::Destinations;
use crate::cli::args::SampleArgs;
use crate::cli::sample::error::SampleError;
use crate::cli::{CliError, Session, confirm, live, output};
use crate::sampling::{
    self, Bound, COUNT_TOKENS_AS_OF, COUNT_TOKENS_REGIONS, Call, FRAME_TOKENS, SamplingResult, Target,
};
use crate::units::{Fact, Tokens, grouped};

/// Sends the calls, and tells when the first began and the last ended.
pub(super) fn send(
    args: &SampleArgs,
    target: &Target<'_>,
    calls: &[Call],
    region: &str,
    session: &Session<'_>,
) -> Result<(SamplingResult, Option<(Timestamp, Timestamp)>), CliError> {
    let bound = sampling::bound(target, calls);
    announce(args, target, calls, region, &bound, session);
    refuse(args, calls, &bound)?;
    let runtime = live::model_runtime("quotaplan sample", region)?;
    confirm::confirm(session, "Send them?", args.yes)?;
    let from = Timestamp::now();
    let counter = Counter::new(session, calls.len());
    let at_a_time = NonZeroUsize::new(args.concurrency.into()).unwrap_or(NonZeroUsize::MIN);
    let workers = session.workers().with_count(at_a_time);
    let outcome = sampling::run(runtime.as_ref(), calls, workers, &|done| counter.show(done));
    counter.clear();
    faults(&outcome, session);
    match runtime.throttled() {
        0 => {}
        times => {
            output::remark(
                session,
                &format!("note: AWS throttled {times} attempts; the SDK tried again where it could"),
            );
        }
    }
    Ok((outcome, Some((from, Timestamp::now()))))
}

/// Whether the endpoint that is called counts this model's tokens.
pub(super) fn can_count(
    args: &SampleArgs,
    target: &Target<'_>,
    session: &Session<'_>,
) -> Result<(), SampleError> {
    if !args.count_only {
        return Ok(());
    }
    let name = &target.model.name;
    match target.model.count_tokens {
        Fact::Known(false) => Err(SampleError::NotCounted { model: name.clone() }),
        Fact::Known(true) => Ok(()),
        Fact::Absent | Fact::Unknown => {
            output::remark(
                session,
                &format!(
                    "note: whether bedrock-runtime counts the tokens of {name} is not known: AWS may refuse"
                ),
            );
            Ok(())
        }
    }
}

/// How many calls, to where, and what they cost at most.
fn announce(
    args: &SampleArgs,
    target: &Target<'_>,
    calls: &[Call],
    region: &str,
    bound: &Bound,
    session: &Session<'_>,
) {
    let count = calls.len();
    let operation = calls.first().map_or("", |call| call.operation());
    let plural = if count == 1 { "" } else { "s" };
    if args.count_only {
        output::remark(
            session,
            &format!(
                "{count} call{plural} of {operation} in {region} for {}: the prompts are sent to {region}; counting is free of \
             charge",
                target.model.id
            ),
        );
        if !COUNT_TOKENS_REGIONS.contains(&region) {
            output::remark(
                session,
                &format!(
                    "note: {region} is not in AWS's last published list of Regions with CountTokens ({COUNT_TOKENS_AS_OF})"
                ),
            );
        }
        return;
    }
    let destinations = match &target.scope.destinations {
        Destinations::Regions(regions) => regions.join(", "),
        Destinations::AllCommercial => "any commercial Region".to_owned(),
        Destinations::Unknown => "Regions that the model table does not know".to_owned(),
    };
    output::remark(
        session,
        &format!(
            "{count} call{plural} of {operation} in {region} to {} ({} {}), processed in {destinations}",
            target.called, target.model.name, target.scope.scope
        ),
    );
    output::remark(session, &cost(target, calls, bound));
}

/// What calls cost at most, in one sentence.
pub(super) fn cost(target: &Target<'_>, calls: &[Call], bound: &Bound) -> String {
    let output = match bound.output_tokens {
        Some(tokens) => format!("{} output tokens", grouped(tokens.into())),
        None => "output tokens without a bound, since the model's maximum is not known: set --max-tokens"
            .to_owned(),
    };
    let cost = match (bound.usd, target.scope.price_at(Tokens::ZERO)) {
        (Some(usd), Some(price)) => format!(
            "cost at most USD {} by the model table's prices (read for {}, {})",
            usd.plain(),
            price.priced_in,
            price.provenance.as_of
        ),
        _ => "cost not known".to_owned(),
    };
    let open =
        calls.iter().filter(|call| matches!(call, Call::Converse(said) if said.max_tokens.is_none())).count();
    let open = if open > 0 {
        format!("; {open} without max_tokens, so at the model's maximum")
    } else {
        String::new()
    };
    format!(
        "{cost}: up to {} input tokens (a token is at least a byte; {FRAME_TOKENS} more for each message, assumed) and \
         {output}{open}",
        grouped(bound.input_tokens.into())
    )
}

/// The limits that keep everything from being sent.
fn refuse(args: &SampleArgs, calls: &[Call], bound: &Bound) -> Result<(), CliError> {
    let mut wrong = Vec::new();
    if calls.len() > args.max_requests {
        wrong.push(SampleError::TooManyCalls { calls: calls.len(), most: args.max_requests });
    }
    match (args.max_usd, bound.usd) {
        (Some(most), Some(usd)) if usd > most => wrong.push(SampleError::TooExpensive { usd, most }),
        (Some(most), None) => wrong.push(SampleError::CostUnknown { most }),
        _ => {}
    }
    if wrong.is_empty() { Ok(()) } else { Err(CliError::several(wrong)) }
}

/// What failed, counted.
fn faults(outcome: &SamplingResult, session: &Session<'_>) {
    for (fault, count) in &outcome.faults {
        let plural = if *count == 1 { "" } else { "s" };
        let severity = if fault.fault == Fault::Throttled { "warning" } else { "error" };
        output::remark(session, &format!("{severity}: {count} call{plural}: {fault}"));
    }
    if outcome.unsent > 0 {
        output::remark(session, &format!("{} calls were not sent after that", outcome.unsent));
    }
}

/// A counter on a terminal, for runs of more than a second.
struct Counter<'s, 'a> {
    session: &'s Session<'a>,
    total: usize,
    began: Instant,
    shown: Option<Mutex<bool>>,
}

impl<'s, 'a> Counter<'s, 'a> {
    fn new(session: &'s Session<'a>, total: usize) -> Self {
        let on_terminal = session.terminals().errors;
        Self { session, total, began: Instant::now(), shown: on_terminal.then(|| Mutex::new(false)) }
    }

    fn show(&self, done: usize) {
        let Some(shown) = &self.shown else { return };
        if self.began.elapsed() > Duration::from_secs(1) {
            let mut shown = shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *shown = true;
            output::message(self.session, &format!("\r{done} of {} calls", self.total));
        }
    }

    fn clear(self) {
        let shown =
            self.shown.map(|shown| shown.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
        if shown == Some(true) {
            output::message(self.session, "\r\u{1b}[K");
        }
    }
}
