//! `quotaplan plan`.

use super::args::{Delimiter, FormatArg, PlanArgs};
use super::progress::Progress;
use super::{CliError, Session, inputs, output};
use crate::engine::{self, Plan, PlanInput};
use crate::experiment::{Drawing, THROTTLED_TARGET, rehearse};
use crate::report::{PlanReport, SimulatedQuotas, input_subjects};

pub(super) fn run(args: &PlanArgs, session: &Session<'_>) -> Result<(), CliError> {
    let (inputs, remarks) = inputs::load_with_remarks(&args.input, session)?;
    output::refuse_inputs(args.output.output.as_deref(), &inputs.sources)?;
    let input = inputs.plan_input();
    let mut plan = engine::plan(&input)
        .map_err(|error| inputs.too_large(session, error, args.input.diagnostics.max_errors))?;
    if args.output.format() == FormatArg::Json {
        // People read them on standard error; a check compares with what an earlier plan said.
        let delimiter = args.input.delimiter.map(Delimiter::byte);
        let remarks = remarks.iter().zip(input_subjects(&inputs.sources, &remarks, delimiter));
        plan.findings.extend(remarks.filter_map(|(remark, subject)| engine::remark(&input, remark, subject)));
    }
    let simulated = args.simulate.then(|| simulated(args, session, &input, &plan));
    let sources = &inputs.sources;
    let typed = args.input.as_typed();
    let simulated = simulated.as_ref();
    let report = PlanReport { sources, input: &input, plan: &plan, simulated, typed: Some(&typed) };
    let written = output::write(session, &report, &args.output, &inputs.sources);
    if session.is_process() {
        // The process ends with the result: freeing a million rows one by one would only delay it.
        std::mem::forget(inputs);
    }
    written
}

/// What replay says of every quota of tokens per minute.
fn simulated(args: &PlanArgs, session: &Session<'_>, input: &PlanInput<'_>, plan: &Plan) -> SimulatedQuotas {
    let drawing = Drawing { minutes: args.minutes, seed: args.seed };
    let progress = Progress::start(session, "simulating");
    let count = plan.quotas.len() as u64;
    let by_quota = (0..).zip(&plan.quotas).map(|(index, quota)| {
        let done = |percent: u64| progress.at((100 * index + percent) / count);
        (quota.id.kind.reserves_tokens())
            .then(|| rehearse(input, plan, quota, drawing, (THROTTLED_TARGET, session.workers()), &done))
    });
    SimulatedQuotas { drawing, target: THROTTLED_TARGET, by_quota: by_quota.collect() }
}
