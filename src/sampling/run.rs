//! Sending the calls: a few at a time, each once, and counting what fails.
//!
//! Which text failed is nobody's business: faults are counted by what AWS said.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::calls::Call;
use crate::answers::CallUsage;
use crate::aws::{CallFault, Fault, ModelRuntime};
use crate::threads::Workers;

/// What one call gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// What a call used.
    Usage(CallUsage),
    /// Input tokens that were counted.
    Count(u64),
}

/// What all calls gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SamplingResult {
    /// Replies in the order of the prompts.
    pub replies: Vec<Reply>,
    /// Calls that AWS throttled, retries included.
    pub throttled: usize,
    /// Calls that failed otherwise.
    pub failed: usize,
    /// Calls that were not sent, since an earlier fault would have met them all.
    pub unsent: usize,
    /// What was said of failures, each with how often, in order of first appearance.
    pub faults: Vec<(CallFault, usize)>,
}

/// Sends calls, one at a time on each thread. `progress` is told how many are done.
///
/// A fault of credentials or permissions ends it at once: calls that run are awaited, no more are sent.
pub fn run(
    runtime: &dyn ModelRuntime,
    calls: &[Call],
    workers: Workers,
    progress: &(dyn Fn(usize) + Sync),
) -> SamplingResult {
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let replies = Mutex::new(Vec::with_capacity(calls.len()));
    let work = || {
        while !stop.load(Ordering::SeqCst) {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some(call) = calls.get(index) else { return };
            let reply = send(runtime, call);
            if let Err(fault) = &reply
                && matches!(fault.fault, Fault::Credentials | Fault::AccessDenied)
            {
                stop.store(true, Ordering::SeqCst);
            }
            replies.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, reply));
            progress(done.fetch_add(1, Ordering::SeqCst) + 1);
        }
    };
    workers.on_each(calls.len(), work);
    let mut replies = replies.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    replies.sort_by_key(|(index, _)| *index);
    let mut outcome = SamplingResult { unsent: calls.len() - replies.len(), ..SamplingResult::default() };
    for (_, reply) in replies {
        match reply {
            Ok(reply) => outcome.replies.push(reply),
            Err(fault) => {
                let counter = if fault.fault == Fault::Throttled {
                    &mut outcome.throttled
                } else {
                    &mut outcome.failed
                };
                *counter += 1;
                match outcome.faults.iter_mut().find(|(known, _)| *known == fault) {
                    Some((_, count)) => *count += 1,
                    None => outcome.faults.push((fault, 1)),
                }
            }
        }
    }
    outcome
}

fn send(runtime: &dyn ModelRuntime, call: &Call) -> Result<Reply, CallFault> {
    let reply = match call {
        Call::Converse(conversation) => runtime.converse(conversation).map(Reply::Usage),
        Call::Count(conversation) => runtime.count_tokens(conversation).map(Reply::Count),
        Call::Invoke { model_id, body, .. } => runtime.invoke(model_id, body).map(Reply::Usage),
    };
    reply.map_err(|fault| without_prompt(fault, call))
}

/// Shortest text that is looked for in what AWS said: shorter ones stand in any sentence.
const TELLING: usize = 8;

/// A fault in which AWS quotes the prompt loses its words.
fn without_prompt(mut fault: CallFault, call: &Call) -> CallFault {
    let quoted = |text: &str| text.len() >= TELLING && fault.said.contains(text);
    if call.texts().any(|text| text.lines().any(|line| quoted(line.trim()))) {
        fault.said = "AWS's message is left out, because it quotes the prompt".to_owned();
    }
    fault
}
