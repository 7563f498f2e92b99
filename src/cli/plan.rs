//! `quotaplan plan`.

use std::mem::ManuallyDrop;

use super::args::{FormatArg, PlanArgs};
use super::{CliError, inputs, output};
use crate::engine;
use crate::report;

pub(super) fn run(args: &PlanArgs) -> Result<(), CliError> {
    output::refuse_inputs(&args.output, &args.input.files())?;
    let (inputs, remarks) = inputs::load_with_remarks(&args.input)?;
    // The process ends with the result: freeing a million rows one by one would only delay it.
    let inputs = ManuallyDrop::new(inputs);
    let input = inputs.plan_input();
    let mut plan = engine::plan(&input).map_err(|error| inputs.too_large(error, args.input.max_errors))?;
    let with_json = args.output.format == FormatArg::Json;
    if with_json {
        // People read them on standard error; a check compares with what an earlier plan said.
        plan.findings.extend(remarks.iter().filter_map(|remark| engine::remark(&input, remark)));
    }
    output::write(&report::plan(&inputs.sources, &input, &plan, with_json), &args.output)
}
