//! Simulations of workloads: for each planned quota requests are drawn from its rows, and replayed.

use crate::cli::args::{InputArgs, SimulateArgs};
use crate::cli::inputs::{Inputs, load};
use crate::cli::progress::Progress;
use crate::cli::simulate::replayed::{Subject, checked};
use crate::cli::simulate::{asking, set_speed};
use crate::cli::{CliError, output};
use crate::engine::{self, CapacitySource, Plan, PlanInput, QuotaKind, QuotaPlan};
use crate::experiment::{ClosedForm, Drawing, DrawingFault, MaxTokens, Origin, Profile, charging, projected};
use crate::report::{self, Asking, Formula, PlannedQuota, Simulated, Simulating, Source};
use crate::units::{Limit, MILLIONTHS, QuotaAmount, Tokens};
use crate::workload::{Edit, Workload};

pub(super) fn run(args: &SimulateArgs, input_args: &InputArgs) -> Result<(), CliError> {
    output::refuse_inputs(&args.output, &input_args.files())?;
    let mut inputs = load(input_args)?;
    set_speed(args, &mut inputs.assumptions);
    with_max_tokens(&mut inputs, args.max_tokens);
    let input = inputs.plan_input();
    let plan = engine::plan(&input).map_err(|error| inputs.too_large(error, args.max_errors))?;
    let quotas: Vec<&QuotaPlan> = plan.quotas.iter().filter(|quota| quota.kind == QuotaKind::Tpm).collect();
    if quotas.is_empty() {
        let message = "no row counts against a quota of tokens a minute: there is nothing to replay";
        return Err(CliError::Message(message.to_owned()));
    }
    let asking = asking(args, &inputs.assumptions);
    let drawing = Drawing { minutes: args.minutes, seed: args.seed };
    let progress = Progress::start("drawing");
    let count = quotas.len() as u64;
    let (mut simulated, mut refused) = (Vec::new(), Vec::new());
    for (index, quota) in (0..).zip(quotas) {
        progress.doing(format!("replaying {}", quota.subject(input.catalog)));
        let done = |percent: u64| progress.at((100 * index + percent) / count);
        match simulate(args, &asking, (&input, &plan, quota), drawing, &done)? {
            Ok(of_quota) => simulated.push(of_quota),
            Err(fault) => refused.push(said(&quota.subject(input.catalog), fault)),
        }
    }
    drop(progress);
    if !refused.is_empty() {
        return Err(CliError::Messages(refused));
    }
    let source = Source::Drawn(drawing);
    output::write(&report::simulate(&Simulating { asking, source, simulated }), &args.output)
}

fn said(subject: &str, fault: DrawingFault) -> String {
    let help = match fault {
        DrawingFault::TooMany { .. } => "",
        DrawingFault::MaximumUnknown => ": state it in the rows, or for all of them with --max-tokens",
    };
    format!("{subject}: {fault}{help}")
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

fn simulate<'a>(
    args: &SimulateArgs,
    asking: &Asking,
    (input, plan, quota): (&PlanInput<'a>, &Plan, &QuotaPlan),
    drawing: Drawing,
    done: &dyn Fn(u64),
) -> Result<Result<Simulated<'a>, DrawingFault>, CliError> {
    let model = input.catalog.model(quota.model);
    let charging = checked(model, charging(input, quota, args.max_tokens))?;
    let trace = match projected(input, plan, quota, drawing) {
        Ok(trace) => trace,
        Err(fault) => return Ok(Err(fault)),
    };
    let figures = &quota.figures;
    let formula = Formula { mean_rate: figures.steady, peak_minute: figures.peak, ask: figures.formula };
    let subject = Subject {
        model,
        scope: quota.scope,
        rate: quota.rate.clone(),
        profile: Profile::of(&trace, &charging),
        charging,
        trace,
        planned: Some(planned(input, quota)),
        formula: Some(formula),
        closed_form: Ok(ClosedForm::of(figures)),
        quotas: quotas(quota),
    };
    subject.replayed(args, asking, done).map(Ok)
}

fn planned(input: &PlanInput<'_>, quota: &QuotaPlan) -> PlannedQuota {
    let slot = quota.figures.slot;
    PlannedQuota {
        account: quota.account.clone(),
        code: quota.code().map(str::to_owned),
        long_context: quota.long_context,
        period: slot.period.map(|period| input.workloads.text(period).to_owned()),
        hour: slot.hour,
    }
}

/// What the plan speaks of: the formula's ask, what is required, and what there is.
fn quotas(quota: &QuotaPlan) -> Vec<(QuotaAmount, Origin)> {
    let figures = &quota.figures;
    let capacity = match (quota.capacity(), quota.capacity_source) {
        (Some(Limit::Amount(amount)), Some(CapacitySource::Granted)) => Some((amount, Origin::Granted)),
        (Some(Limit::Amount(amount)), Some(CapacitySource::Default)) => Some((amount, Origin::Default)),
        _ => None,
    };
    let formula = figures.formula.map(|amount| (amount, Origin::Formula));
    let required = figures.required.map(|amount| (amount, Origin::Required));
    // Where two are the same, the one that stands first gives its name.
    [capacity, required, formula].into_iter().flatten().collect()
}
