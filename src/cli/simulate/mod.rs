//! `quotaplan simulate`: requests replayed against quotas, of a trace or drawn for workloads.

mod drawn;
mod error;
mod replayed;
mod traced;

use super::args::SimulateArgs;
use super::{CliError, Session};
pub(super) use error::SimulateError;

pub(super) fn run(args: &SimulateArgs, session: &Session<'_>) -> Result<(), CliError> {
    match (args.trace.as_slice(), args.workload_inputs()) {
        (_, Some(inputs)) => drawn::run(args, &inputs, session),
        ([_, ..], None) => traced::run(args, session),
        ([], None) => Err(SimulateError::NoRequests.into()),
    }
}
