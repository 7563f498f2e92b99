//! The live run: what is said and refused before the first call, and what is counted after.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::aws::Fault;
use crate::cli::args::SampleArgs;
use crate::cli::sample::error::SampleError;
use crate::cli::sample::note::note;
use crate::cli::{CliError, Session, confirm, live, output};
use crate::report::words::{CallsCost, SampleRemark, language};
use crate::sampling::{self, Bound, COUNT_TOKENS_REGIONS, Call, SamplingResult, Target};
use crate::units::{Fact, Tokens};

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
    confirm::confirm(session, language().send_question(), args.yes)?;
    let from = Timestamp::now();
    let counter = Counter::new(session, calls.len());
    let at_a_time = NonZeroUsize::new(args.concurrency.into()).unwrap_or(NonZeroUsize::MIN);
    let workers = session.workers().with_count(at_a_time);
    let outcome = sampling::run(runtime.as_ref(), calls, workers, &|done| counter.show(done));
    counter.clear();
    faults(&outcome, session);
    let throttled = runtime.throttled();
    if throttled > 0 {
        note(session, SampleRemark::Throttled(throttled));
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
            note(session, SampleRemark::MayNotCount(name));
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
    let say = |remark| output::remark(session, &language().sample_remark(remark));
    let (operation, model) = (calls.first().map_or("", |call| call.operation()), target.model.id.as_str());
    let calls_count = calls.len();
    if args.count_only {
        say(SampleRemark::Counting { calls: calls_count, operation, region, model });
        if !COUNT_TOKENS_REGIONS.contains(&region) {
            note(session, SampleRemark::NoCounting(region));
        }
        return;
    }
    say(SampleRemark::Calling { calls: calls_count, operation, region, target });
    output::remark(session, &cost(target, calls, bound));
}

/// What calls cost at most, in one sentence.
pub(super) fn cost(target: &Target<'_>, calls: &[Call], bound: &Bound) -> String {
    let price = target.scope.price_at(Tokens::ZERO);
    let is_unset = |call: &&Call| matches!(call, Call::Converse(said) if said.max_tokens.is_none());
    language().calls_cost(&CallsCost {
        bound,
        priced: price.map(|price| (price.priced_in.as_str(), price.provenance.as_of)),
        unset: calls.iter().filter(is_unset).count(),
    })
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
        let severity = if fault.fault == Fault::Throttled { "warning" } else { "error" };
        let calls = language().sample_remark(SampleRemark::Failed(*count));
        output::remark(session, &format!("{severity}: {calls}: {fault}"));
    }
    if outcome.unsent > 0 {
        output::remark(session, &language().sample_remark(SampleRemark::Unsent(outcome.unsent)));
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
            output::message(self.session, &format!("\r{}", language().calls_done(done, self.total)));
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
