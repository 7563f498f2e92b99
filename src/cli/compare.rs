//! `quotaplan compare`.

use super::args::CompareArgs;
use super::errors::CompareError;
use super::{CliError, Session, inputs, output};
use crate::engine::{self, CompareOptions};
use crate::report::CompareReport;
use crate::text::suggest::nearest;
use crate::workload::WorkloadSet;

pub(super) fn run(args: &CompareArgs, session: &Session<'_>) -> Result<(), CliError> {
    let inputs = inputs::load(&args.input, session)?;
    let input = inputs.plan_input();
    let asked = CompareOptions { workload: args.workload.as_deref(), assume_defaults: args.assume_defaults };
    if !inputs.workloads.rows().iter().any(|row| asked.includes(row)) {
        return Err(no_workload(&inputs.workloads, args.workload.as_deref().unwrap_or_default()).into());
    }
    let too_large = |error| inputs.too_large(session, error, args.input.diagnostics.max_errors);
    let base = engine::plan(&input).map_err(too_large)?;
    let rows = engine::compare(&input, &asked).map_err(too_large)?;
    let optimum = match args.optimise {
        true => Some(engine::optimise(&input, &base, &asked).map_err(too_large)?),
        false => None,
    };
    let typed = args.input.as_typed();
    let all = CompareReport {
        sources: &inputs.sources,
        input: &input,
        base: &base,
        asked,
        rows: &rows,
        optimum: optimum.as_ref(),
        typed: Some(&typed),
    };
    output::write(session, &all, &args.output, &inputs.sources)
}

fn no_workload(workloads: &WorkloadSet, name: &str) -> CompareError {
    let meant = nearest(name, workloads.rows().iter().map(|row| row.name()));
    CompareError::NoWorkload { name: name.to_owned(), meant: meant.map(str::to_owned) }
}
