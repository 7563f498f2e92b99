//! Sending, one increase at a time: looked up, sent once, and looked for where the answer was lost.

use std::collections::BTreeSet;
use std::time::Duration;

use super::standing::{self, PreparedWithHistory};
use super::{Decision, Refusal, Sent, SkipReason, SubmissionResult};
use crate::answers::QuotaRequest;
use crate::aws::{CallFault, Fault, Increase, QuotaService};

/// Pauses before AWS is asked once more after it took no more calls.
const THROTTLE_PAUSES: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// Pauses before AWS's history is looked at for a request whose answer was lost.
const HISTORY_PAUSES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
];

/// Sends increases that a person has confirmed, in order, each only where it still is to be sent, and
/// tells of each as soon as it is known what came of it.
///
/// `pause` waits. The run ends at the first outcome that is not known or would be that of all others;
/// what follows is [`SubmissionResult::NotTried`].
///
/// # Errors
/// A [`Refusal`] of the increases, before anything is called.
pub fn send(
    service: &dyn QuotaService,
    increases: &[Increase],
    again: bool,
    pause: &dyn Fn(Duration),
    told: &mut dyn FnMut(&Sent),
) -> Result<Vec<Sent>, Refusal> {
    super::valid(increases)?;
    let mut all: Vec<Sent> = Vec::new();
    for increase in increases {
        let goes_on = all.last().is_none_or(|last| last.outcome.goes_on());
        let outcome = if goes_on { one(service, increase, again, pause) } else { SubmissionResult::NotTried };
        let sent = Sent { increase: increase.clone(), outcome };
        told(&sent);
        all.push(sent);
    }
    Ok(all)
}

/// One increase: looked up before each attempt, and attempted again only where AWS did nothing.
fn one(
    service: &dyn QuotaService,
    increase: &Increase,
    again: bool,
    pause: &dyn Fn(Duration),
) -> SubmissionResult {
    let mut pauses = THROTTLE_PAUSES.iter();
    loop {
        let PreparedWithHistory { standing, ids } = match standing::find_standing(service, increase, again) {
            Ok(found) => found,
            Err(fault) => return SubmissionResult::Stopped(fault),
        };
        if let Decision::Skip(skip) = standing.decision {
            return SubmissionResult::Skipped(skip);
        }
        let fault = match service.request(increase) {
            Ok(request) => return SubmissionResult::Requested(request),
            Err(fault) => fault,
        };
        match fault.fault {
            Fault::Throttled => match pauses.next() {
                Some(length) => pause(*length),
                None => return SubmissionResult::Stopped(fault),
            },
            Fault::AlreadyOpen => return open(service, increase, fault),
            Fault::Unknown => return lost(service, increase, &ids, pause, fault),
            Fault::Refused | Fault::NotFound => return SubmissionResult::Refused(fault),
            Fault::Credentials | Fault::AccessDenied | Fault::NotReached => {
                return SubmissionResult::Stopped(fault);
            }
        }
    }
}

/// The open request that AWS tells of.
fn open(service: &dyn QuotaService, increase: &Increase, fault: CallFault) -> SubmissionResult {
    let requests = service.requests_of(&increase.code).unwrap_or_default();
    match requests.into_iter().find(|request| request.status.is_open()) {
        Some(request) => SubmissionResult::Skipped(SkipReason::Open(request)),
        None => SubmissionResult::Refused(fault),
    }
}

/// Looks for a request whose answer was lost: one that the history did not hold before.
fn lost(
    service: &dyn QuotaService,
    increase: &Increase,
    before: &BTreeSet<String>,
    pause: &dyn Fn(Duration),
    fault: CallFault,
) -> SubmissionResult {
    for length in HISTORY_PAUSES {
        pause(length);
        // A look that fails is followed by the next.
        let requests = service.requests_of(&increase.code).unwrap_or_default();
        let mut new = requests.into_iter().filter(|request| !before.contains(&request.id));
        let own = |request: &QuotaRequest| request.desired.is_none_or(|desired| desired == increase.desired);
        match new.find(own) {
            Some(request) => return SubmissionResult::Found(request),
            None => continue,
        }
    }
    SubmissionResult::Unknown(fault)
}
