//! `quotaplan simulate`: requests replayed against quotas, of a trace or drawn for workloads.

mod drawn;
mod replayed;
mod traced;

use super::args::SimulateArgs;
use super::{CliError, Session};
use crate::engine::Assumptions;
use crate::experiment::Scale;
use crate::report::Asking;
use crate::simulate::Retries;

pub(super) fn run(args: &SimulateArgs, session: &Session<'_>) -> Result<(), CliError> {
    match (args.trace.as_slice(), args.workload_inputs()) {
        (_, Some(inputs)) => drawn::run(args, &inputs, session),
        ([_, ..], None) => traced::run(args, session),
        ([], None) => Err(CliError::Message("name a trace, or --workloads".to_owned())),
    }
}

/// What is typed about a model's speed holds for all models.
fn set_speed(args: &SimulateArgs, assumptions: &mut Assumptions) {
    for speed in std::iter::once(&mut assumptions.speed).chain(assumptions.speeds.values_mut()) {
        speed.seconds_to_first_token = args.seconds_to_first_token.unwrap_or(speed.seconds_to_first_token);
        speed.output_tokens_per_second =
            args.output_tokens_per_second.unwrap_or(speed.output_tokens_per_second);
    }
}

fn asking(args: &SimulateArgs, assumptions: &Assumptions) -> Asking {
    Asking {
        target: args.target,
        retries: (args.retries > 0).then_some(Retries { most: args.retries, seed: args.seed }),
        seed: args.seed,
        scale: args.scale.map(|factor| Scale { factor, replicate: args.replicate, seed: args.seed }),
        rates_as_of: args.rates_as_of,
        headroom: assumptions.headroom,
        confidence: assumptions.confidence,
        policy: assumptions.policy.clone(),
        cache_life_minutes: None,
    }
}
