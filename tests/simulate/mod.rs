//! The simulator against its slow twin, its laws, worked examples and public traces.

mod agree;
mod by_workload;
mod command;
mod examples;
mod files;
mod fitted;
mod laws;
mod limits;
mod passed_on;
mod projection;
mod random;
mod reference;
mod requests;
mod scale_edges;
mod several;
mod twin;
mod words;

pub(crate) use command::traces;

use quotaplan::simulate::{Arrival, Phase, Traffic, Window};
use quotaplan::threads::Workers;
use quotaplan::units::QuotaAmount;

use twin::{Measure, Request};

const ONE: Workers = Workers::ONE;
const TWO: Workers = Workers::ONE.with_count(std::num::NonZeroUsize::MIN.saturating_add(1));

fn tokens(amount: u64) -> QuotaAmount {
    QuotaAmount::new(amount).expect("at most 10^18")
}

fn arrival(request: &Request) -> Arrival {
    Arrival {
        time_microseconds: request.time,
        latency_microseconds: request.latency,
        reservation: tokens(request.reservation),
        settled: tokens(request.settled),
        workload: request.workload,
    }
}

fn traffic(requests: &[Request]) -> Traffic {
    Traffic::new(requests.iter().map(arrival).collect()).expect("within bounds")
}

fn window(measure: Measure) -> Window {
    match measure {
        Measure::Rolling => Window::Rolling,
        Measure::Minute(seconds) => {
            Window::Minute(Phase::new(u8::try_from(seconds).unwrap()).expect("a phase"))
        }
        Measure::Bucket => Window::Bucket,
    }
}
