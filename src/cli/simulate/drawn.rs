//! Simulations of workloads: for each planned quota requests are drawn from its rows, and replayed.

use crate::catalog::ModelKind;
use crate::cli::args::{InputArgs, SimulateArgs};
use crate::cli::inputs::{Inputs, load};
use crate::cli::progress::Progress;
use crate::cli::simulate::error::SimulateError;
use crate::cli::simulate::replayed::{Subject, asking, checked, set_speed, workers};
use crate::cli::{CliError, Session, output};
use crate::engine::{self, CapacitySource, Plan, PlanInput, QuotaPlan, Slot};
use crate::experiment::{ClosedForm, Drawing, DrawingFault, MaxTokens, Origin, Profile, charging, projected};
use crate::report::words::{FindingIn, language};
use crate::report::{
    Formula, MaxTokensAnswer, PlannedQuota, RequestLimits, RequestQuota, ScopeSimulation, SimulateOptions,
    SimulateReport, TrafficSource,
};
use crate::text::Code;
use crate::units::{Limit, MILLIONTHS, QuotaAmount, Tokens};
use crate::workload::{Edit, Workload};

pub(super) fn run(
    args: &SimulateArgs,
    input_args: &InputArgs,
    session: &Session<'_>,
) -> Result<(), CliError> {
    let mut inputs = load(input_args, session)?;
    output::refuse_inputs(args.output.output.as_deref(), &inputs.sources)?;
    set_speed(args, &mut inputs.assumptions);
    with_max_tokens(&mut inputs, args.max_tokens());
    let input = inputs.plan_input();
    let plan = engine::plan(&input).map_err(|error| inputs.too_large(session, error, args.max_errors))?;
    let quotas: Vec<&QuotaPlan> =
        plan.quotas.iter().filter(|quota| quota.id.kind.reserves_tokens()).collect();
    if quotas.is_empty() {
        return Err(SimulateError::NoTokenQuota.into());
    }
    let asking = asking(args, &inputs.assumptions);
    let drawing = Drawing { minutes: args.minutes, seed: args.seed };
    let progress = Progress::start(session, "drawing");
    let count = quotas.len() as u64;
    let (mut simulated, mut refused) = (Vec::new(), Vec::new());
    for (index, quota) in (0..).zip(quotas) {
        progress.doing(format!("replaying {}", quota.subject(input.catalog)));
        let done = |percent: u64| progress.at((100 * index + percent) / count);
        match simulate(args, &asking, (&input, &plan, quota), drawing, &done)? {
            Ok(of_quota) => simulated.push(of_quota),
            Err(fault) => {
                let subject = quota.subject(input.catalog);
                refused.push(SimulateError::Drawing { subject, fault });
            }
        }
    }
    drop(progress);
    if simulated.is_empty() {
        return Err(CliError::several(refused));
    }
    let mut left_out: Vec<String> = refused.iter().map(|fault| format!("Not simulated: {fault}.")).collect();
    left_out.extend(rerankers(&input));
    let source = TrafficSource::Drawn(drawing);
    output::write(
        session,
        &SimulateReport {
            asking,
            source,
            findings: Vec::new(),
            left_out,
            simulated,
            typed: Some(args.as_typed()),
        },
        &args.output,
        &inputs.sources,
    )
}

/// The rows that count against no quota of tokens per minute.
fn rerankers(input: &PlanInput<'_>) -> Option<String> {
    let is_one = |row: &&Workload| input.catalog.model(row.model()).kind == ModelKind::Rerank;
    let count = input.workloads.rows().iter().filter(is_one).count();
    let plural = if count == 1 { "" } else { "s" };
    (count > 0).then(|| {
        format!("Not simulated: {count} row{plural} of rerankers, which have no tokens-per-minute quota.")
    })
}

/// Gives every row the max_tokens of the command line, so that the plan is held against the same.
fn with_max_tokens(inputs: &mut Inputs, max_tokens: MaxTokens) {
    let catalog = &inputs.catalog;
    let edited = |row: &Workload| {
        let model = catalog.model(row.model());
        let most = match max_tokens {
            MaxTokens::Actual => None,
            // A mean answer above it is written all the same.
            MaxTokens::AtLeast(most) => Some(most.max(row.output().millionths().div_ceil(MILLIONTHS))),
            MaxTokens::Unset => model.max_output_tokens.known().map(|most| most.millionths() / MILLIONTHS),
        };
        row.edited(&Edit { max_tokens: most.and_then(Tokens::from_whole), ..Edit::default() })
    };
    if max_tokens != MaxTokens::Actual {
        let rows = inputs.workloads.rows().iter().map(edited).collect();
        inputs.workloads = inputs.workloads.with_rows(rows);
    }
}

/// The simulation of the period and hour that needs most in the strictest window, so that what is said
/// to be enough is enough at all of them; questions about max_tokens are answered for all.
fn simulate<'a>(
    args: &SimulateArgs,
    asking: &SimulateOptions,
    (input, plan, quota): (&PlanInput<'a>, &Plan, &QuotaPlan),
    drawing: Drawing,
    done: &dyn Fn(u64),
) -> Result<Result<ScopeSimulation<'a>, DrawingFault>, CliError> {
    let slots = plan.slots(input, quota);
    let count = slots.len() as u64;
    let mut most: Option<ScopeSimulation<'a>> = None;
    let mut others: Vec<QuotaAmount> = Vec::new();
    for (index, &slot) in (0..).zip(&slots) {
        let of_slot = |percent: u64| done((100 * index + percent) / count);
        let mut one = match at(args, asking, (input, plan, quota, slot), drawing, &of_slot)? {
            Ok(one) => one,
            Err(fault) => return Ok(Err(fault)),
        };
        let Some(mut so_far) = most.take() else {
            most = Some(one);
            continue;
        };
        let solutions = least(&so_far, &one);
        let requests = most_requests(one.requests_per_minute.take(), so_far.requests_per_minute.take());
        let (mut larger, smaller) =
            if strictest(&one) > strictest(&so_far) { (one, so_far) } else { (so_far, one) };
        others.extend(strictest(&smaller));
        larger.solutions = solutions;
        larger.requests_per_minute = requests;
        most = Some(larger);
    }
    let mut simulated = most.ok_or(CliError::Inputs)?;
    if let Some(largest) = others.iter().max() {
        let hours = if others.len() == 1 { "another hour" } else { "other hours" };
        let solved = if simulated.solutions.is_some() { "; --solve covers all of them" } else { "" };
        simulated.notes.push(format!(
            "These are the rows that are active in the hour that needs the most. At {hours}, other rows are active; \
             they need at most {largest} in any window{solved}."
        ));
    }
    let capped = plan.findings.iter().filter(|finding| finding.code == Code::SpreadCapped);
    let own = capped.filter(|finding| {
        finding.quota.and_then(|at| plan.quotas.get(at)).is_some_and(|of| std::ptr::eq(of, quota))
    });
    let words = |finding| language().finding(&FindingIn { input, plan, finding }).message;
    simulated.notes.extend(own.map(words));
    Ok(Ok(simulated))
}

/// Of the quota of requests per minute at two hours that which needs more; the earlier of equals.
fn most_requests(one: Option<RequestQuota>, so_far: Option<RequestQuota>) -> Option<RequestQuota> {
    let needs = |of: &RequestQuota| of.simulation.band.map(|band| band.high);
    match (one, so_far) {
        (Some(one), Some(so_far)) => Some(if needs(&one) > needs(&so_far) { one } else { so_far }),
        (one, so_far) => one.or(so_far),
    }
}

/// What is enough in every window.
fn strictest(simulated: &ScopeSimulation<'_>) -> Option<QuotaAmount> {
    simulated.simulation.band.map(|band| band.high)
}

/// Of two answers to each question about max_tokens the smaller, which is safe at both.
fn least(one: &ScopeSimulation<'_>, other: &ScopeSimulation<'_>) -> Option<Vec<MaxTokensAnswer>> {
    let pairs = one.solutions.as_ref()?.iter().zip(other.solutions.as_ref()?);
    Some(pairs.map(|(one, other)| if other.max_tokens < one.max_tokens { *other } else { *one }).collect())
}

/// The simulation of a period and hour.
fn at<'a>(
    args: &SimulateArgs,
    asking: &SimulateOptions,
    (input, plan, quota, slot): (&PlanInput<'a>, &Plan, &QuotaPlan, Slot),
    drawing: Drawing,
    done: &dyn Fn(u64),
) -> Result<Result<ScopeSimulation<'a>, DrawingFault>, CliError> {
    let model = input.catalog.model(quota.id.model);
    let charging = checked(model, charging(input, quota, args.max_tokens()))?;
    let drawn = match projected(input, plan, quota, slot, drawing) {
        Ok(drawn) => drawn,
        Err(fault) => return Ok(Err(fault)),
    };
    let formula = drawn.mean_rate().zip(drawn.peak_minute()).map(|(mean_rate, peak_minute)| Formula {
        mean_rate,
        peak_minute,
        ask: drawn.formula(asking.headroom),
    });
    let subject = Subject {
        workers: workers(args, input.assumptions),
        model,
        scope: quota.id.scope,
        rate: quota.rate.clone(),
        profile: Profile::new(&drawn.trace, &charging),
        charging,
        at_maximum: None,
        limits: drawn.trace.limits(),
        // Rows that state such a limit are refused.
        above_maximum: 0,
        requests: requests(plan, quota),
        // What is drawn is no evidence, however much of it there is.
        short: None,
        planned: Some(PlannedQuota {
            id: quota.id.clone(),
            period: slot.period.map(|period| input.workloads.text(period).to_owned()),
            hour: slot.hour,
            expected_requests: drawn.expected_requests,
        }),
        trace: drawn.trace,
        formula,
        closed_form: Ok(ClosedForm::from_figures(&quota.figures)),
        notes: Vec::new(),
        quotas: quotas(quota, formula),
    };
    Ok(Ok(subject.replayed(args, asking, done)?))
}

/// What is known of the quota of requests per minute of the same traffic, where there is one.
fn requests(plan: &Plan, tokens: &QuotaPlan) -> Option<RequestLimits> {
    let mut others = plan.quotas.iter().filter(|quota| quota.id.kind.counts_requests());
    let quota = others.find(|quota| quota.id.counts_the_same_rows(&tokens.id))?;
    Some(RequestLimits {
        code: quota.code().map(str::to_owned),
        granted: quota.granted_limit(),
        default: quota.default_limit(),
    })
}

/// What the plan speaks of: the formula's ask, what is required, and what there is.
fn quotas(quota: &QuotaPlan, formula: Option<Formula>) -> Vec<(QuotaAmount, Origin)> {
    let figures = &quota.figures;
    let capacity = match (quota.capacity(), quota.capacity_source) {
        (Some(Limit::Amount(amount)), Some(CapacitySource::Granted)) => Some((amount, Origin::Granted)),
        (Some(Limit::Amount(amount)), Some(CapacitySource::Default)) => Some((amount, Origin::Default)),
        _ => None,
    };
    let formula = formula.and_then(|formula| formula.ask).map(|amount| (amount, Origin::Formula));
    let required = figures.required.map(|amount| (amount, Origin::Required));
    // Where two are the same, the one that stands first gives its name.
    [capacity, required, formula].into_iter().flatten().collect()
}
