//! Increases handed to Service Quotas: shown first, sent once they are confirmed, and told of one line
//! each. What is sent and what not is decided in `submission`.

use std::time::Duration;

use super::errors::SubmitError;
use super::{CliError, Exit, Session, live, output};
use crate::aws::{Increase, QuotaService};
use crate::catalog::REGION;
use crate::submission::{self, Basis, Decision, PreparedIncrease, Sent, SkipReason, SubmissionResult};
use crate::text::plain::{one_line, without_commands};

/// The way to hand increases over, and what the person who runs it has said about it.
pub(super) struct Submission<'s, 'a> {
    pub(super) session: &'s Session<'a>,
    service: Box<dyn QuotaService>,
    yes: bool,
    again: bool,
}

impl<'s, 'a> Submission<'s, 'a> {
    /// With `yes` nobody is asked; without it there must be a terminal to ask at. With `again` what was
    /// asked for before and has come to its end is asked for once more. Nothing is called yet.
    pub(super) fn open(session: &'s Session<'a>, yes: bool, again: bool) -> Result<Self, CliError> {
        let service = live::quota_service_to_submit("request --submit")?;
        let terminal = session.terminals().input && session.terminals().errors;
        if !(yes || terminal) {
            return Err(SubmitError::NoTerminal.into());
        }
        Ok(Self { session, service, yes, again })
    }

    /// Shows what would be sent and what not, asks, and sends; on standard output one line an increase:
    /// code, value, status and id. `resume` is the command that goes on where this ends early; `account` is
    /// the account that the increases are for, where it is known.
    pub(super) fn submit(
        &self,
        increases: &[Increase],
        account: Option<&str>,
        resume: &str,
    ) -> Result<Exit, CliError> {
        let Self { session, service, yes, again } = self;
        let standings = submission::prepare(service.as_ref(), increases, *again);
        let standings = standings.map_err(SubmitError::Refused)?;
        of_account(&standings, account)?;
        output::message(session, &shown(&standings));
        let (chosen, skipped): (Vec<_>, Vec<_>) =
            standings.into_iter().partition(|standing| standing.decision == Decision::Send);
        if !chosen.is_empty() && !yes && !confirmed(session, chosen.len())? {
            return Err(SubmitError::NotConfirmed.into());
        }
        let mut settled = true;
        for PreparedIncrease { increase, decision, .. } in skipped {
            if let Decision::Skip(skip) = decision {
                settled &= skip.is_settled();
                output::stdout(session, line(&increase, &SubmissionResult::Skipped(skip)).as_bytes())?;
            }
        }
        let chosen: Vec<Increase> = chosen.into_iter().map(|standing| standing.increase).collect();
        settled &= self.send(&chosen, resume)?;
        Ok(if settled { Exit::Success } else { Exit::Failure })
    }

    /// Sends and tells of each as it is done; whether nothing is left to ask AWS for.
    fn send(&self, chosen: &[Increase], resume: &str) -> Result<bool, CliError> {
        // Where the result cannot be written, what was begun is brought to its end all the same.
        let session = self.session;
        let mut written = Ok(());
        let mut told = |sent: &Sent| {
            if let Some(words) = words(sent, resume) {
                output::message(session, &words);
            }
            let now = output::stdout(session, line(&sent.increase, &sent.outcome).as_bytes());
            if written.is_ok() {
                written = now;
            }
        };
        let pause = |length: Duration| std::thread::sleep(length);
        let all = submission::send(self.service.as_ref(), chosen, self.again, &pause, &mut told);
        let all = all.map_err(SubmitError::Refused)?;
        written?;
        Ok(all.iter().all(|sent| sent.outcome.is_settled()))
    }
}

/// Refuses where the credentials lead to another account than the increases are for.
fn of_account(standings: &[PreparedIncrease], account: Option<&str>) -> Result<(), SubmitError> {
    let Some(account) = account else { return Ok(()) };
    let other = standings.iter().filter_map(|standing| standing.account.as_deref()).find(|id| *id != account);
    other.map_or(Ok(()), |other| {
        Err(SubmitError::OtherAccount { account: account.to_owned(), other: other.to_owned() })
    })
}

/// What would be sent and what not, with the reasons.
fn shown(standings: &[PreparedIncrease]) -> String {
    let mut text = format!("Increases in {REGION}, compared with the current values:\n");
    for PreparedIncrease { increase, name, current, decision, .. } in standings {
        let now = match current {
            None => "unknown".to_owned(),
            Some(current) if current.basis == Basis::Default => format!("{} (default)", current.value),
            Some(current) => format!("{} (applied)", current.value),
        };
        text.push_str(&format!("  {}  {now} -> {}", increase.code, increase.desired));
        match decision {
            Decision::Send if increase.support_case_allowed => text.push_str("  to send"),
            Decision::Send => text.push_str("  to send, without a Support case"),
            Decision::Skip(skip) => text.push_str(&format!("  not sent: {}", one_line(&skip.to_string()))),
        }
        if let Some(name) = name {
            text.push_str(&format!("\n              {}", one_line(name)));
        }
        text.push('\n');
    }
    let chosen = standings.iter().filter(|standing| standing.decision == Decision::Send).count();
    if chosen == 0 {
        text.push_str("Nothing is left to send.\n");
    }
    without_commands(&text)
}

/// Asks at the terminal.
fn confirmed(session: &Session<'_>, count: usize) -> Result<bool, SubmitError> {
    let these = if count == 1 { "this increase".to_owned() } else { format!("these {count} increases") };
    output::message(session, &format!("Request {these} from AWS? Type yes to confirm: "));
    let answer = session.read_line().map_err(SubmitError::Answer)?;
    Ok(answer.trim() == "yes")
}

/// The line of the result: code, value, status, and AWS's id where there is one.
fn line(increase: &Increase, outcome: &SubmissionResult) -> String {
    let (status, id) = match outcome {
        SubmissionResult::Requested(request)
        | SubmissionResult::Found(request)
        | SubmissionResult::Skipped(SkipReason::Open(request) | SkipReason::AskedBefore(request)) => {
            (request.status.as_str(), request.id.as_str())
        }
        SubmissionResult::Skipped(SkipReason::Held(_)) => ("held", "-"),
        SubmissionResult::Skipped(SkipReason::NoSuchQuota) => ("no-such-quota", "-"),
        SubmissionResult::Skipped(SkipReason::ValueUnknown) => ("value-unknown", "-"),
        SubmissionResult::Skipped(SkipReason::NotAboveDefault(_)) => ("not-above-default", "-"),
        SubmissionResult::Skipped(SkipReason::NotAdjustable) => ("not-adjustable", "-"),
        SubmissionResult::Refused(_) => ("refused", "-"),
        SubmissionResult::Unknown(_) => ("unknown", "-"),
        SubmissionResult::Stopped(_) => ("stopped", "-"),
        SubmissionResult::NotTried => ("not-tried", "-"),
    };
    // Four words, whatever AWS puts into two of them.
    let word = |text: &str| one_line(text).replace(' ', "_");
    let status = if status.is_empty() { "unknown" } else { status };
    format!("{} {} {} {}\n", increase.code, increase.desired.get(), word(status), word(id))
}

/// What there is to say besides.
fn words(sent: &Sent, resume: &str) -> Option<String> {
    let code = &sent.increase.code;
    let text = match &sent.outcome {
        SubmissionResult::Requested(_) => return None,
        SubmissionResult::Found(_) => {
            format!(
                "note: {code}: AWS's response was lost, but its history shows that it received the request"
            )
        }
        SubmissionResult::Skipped(skip) => format!("note: {code}: not sent after all: {skip}"),
        SubmissionResult::Refused(fault) => format!("error: {code}: {fault}"),
        SubmissionResult::Stopped(fault) => {
            format!("error: {code}: {fault}; the remaining requests were not tried: continue with `{resume}`")
        }
        SubmissionResult::Unknown(fault) => format!(
            "error: {code}: {fault}; AWS's history does not show the request: wait a few minutes and run `{resume}`, \
             which checks the history first and requests nothing twice"
        ),
        SubmissionResult::NotTried => return None,
    };
    Some(without_commands(&(one_line(&text).into_owned() + "\n")))
}
