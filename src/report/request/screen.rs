//! What a screen shows of a request that was made: what the pack holds, what to do, and whether it can be sent.

use super::for_support::{ForSupport, for_support};
use super::gaps::gaps;
use super::parts;
use super::result::{QuotaIncrease, RequestReport, about_asked, now};
use crate::contract::action::ActionVerb;
use crate::engine::{QuotaPlan, Refusal, Reservations, rests_on_reservations};
use crate::report::actions::LOOK_UP;
use crate::report::words::{FindingIn, RequestVerdict, RestsOn, Sentence, language};
use crate::report::{Block, Detail, Step, Tone};
use crate::text::Code;
use crate::text::plain::{one_line, shell_word};

/// A pack that was written.
#[derive(Debug, Clone, Copy)]
pub struct RequestScreen<'a> {
    /// Its folder, as it was typed.
    pub dir: &'a str,
    /// How many files it has.
    pub files: usize,
    /// The inputs and options as words of a command, without the folder.
    pub typed: &'a str,
}

/// What was asked for and what was not, for whoever made the request.
#[must_use]
pub fn request_screen(requesting: &RequestReport<'_>, of: &RequestScreen<'_>, detail: Detail) -> Vec<Block> {
    let missing = gaps(requesting).len();
    let undecided = requesting.refused().filter(|(_, refusal)| refusal.is_undecided()).count();
    let open = to_do_instead(requesting).count();
    let verdict = RequestVerdict {
        asked: requesting.asked().count(),
        restored: requesting.restores().count(),
        for_support: for_support(requesting).len(),
        undecided,
    };
    let tone = if missing + open > 0 { Tone::Unsure } else { Tone::Good };
    let sentences = language().request_verdict(&verdict, &one_line(of.dir), of.files);
    let mut blocks = vec![Block::Verdict { tone, sentences }, Block::Steps(steps(requesting))];
    let left_out = left_out(requesting);
    if detail.has_all_rows() {
        blocks.push(Block::Lines(left_out));
    } else if detail.has_evidence() && !left_out.is_empty() {
        blocks.push(Block::Rest(language().left_out_quotas(left_out.len())));
    }
    if detail.has_evidence() {
        let warnings: Vec<String> = warnings(requesting);
        blocks.push(Block::Lines(warnings));
        blocks.push(Block::Commands(next(requesting, of, missing)));
    }
    blocks.push(Block::Lines(vec![language().readiness(missing, open)]));
    blocks.retain(|block| !matches!(block, Block::Lines(lines) | Block::Commands(lines) if lines.is_empty()));
    blocks
}

/// What the value rests on.
pub(super) fn rests_on<'a>(requesting: &RequestReport<'a>, asked: &QuotaIncrease<'_>) -> RestsOn<'a> {
    match (asked.ask.max_tokens, &requesting.terms.reservations) {
        (Some(cap), _) => RestsOn::Lowered(cap),
        (None, Reservations::Keep(reason)) if rests_on_reservations(asked.quota) => {
            RestsOn::Kept(reason.trim())
        }
        (None, Reservations::AcceptMaxTokens) if asked.quota.lean_required < asked.quota.figures.required => {
            RestsOn::LowersLittle
        }
        _ => RestsOn::Configured,
    }
}

fn steps(requesting: &RequestReport<'_>) -> Vec<Step> {
    let catalog = requesting.input.catalog;
    let subject = |quota: &QuotaPlan| format!("{}, {}", quota.id.place(catalog), quota.id.kind.unit());
    let step = |verb: ActionVerb, what: String, code: Option<&str>, why: Vec<String>| Step {
        verb: language().verb(verb).to_owned(),
        what,
        code: code.unwrap_or_default().to_owned(),
        why,
        ..Step::default()
    };
    let mut steps = Vec::new();
    for asked in requesting.asked() {
        let QuotaIncrease { quota, ask } = &asked;
        let what = language().asked_value(&subject(quota), ask.now(), ask.desired);
        let why = vec![now(quota), language().rests_on(&rests_on(requesting, &asked))];
        steps.push(step(ActionVerb::Ask, what, quota.code(), why));
    }
    for restore in requesting.restores() {
        let what = language().restored_value(&restore.subject, restore.granted, restore.default);
        let why = language().restore_reason(restore.required, restore.unit, restore.is_legacy);
        steps.push(step(ActionVerb::Restore, what, restore.entry.known_code(), why));
    }
    // What AWS is asked to raise along with an increase, and what it alone can raise.
    let alone = for_support(requesting);
    let is_alone = |quota: &QuotaPlan| {
        alone.iter().any(|of| matches!(of, ForSupport::Quota(other) if std::ptr::eq(*other, quota)))
    };
    for quota in requesting.for_the_case().filter(|quota| !is_alone(quota)) {
        let also_rpm = quota.id.kind.counts_requests() && quota.may_be_adjustable();
        let why = std::iter::once(now(quota)).chain(language().case_reason(also_rpm)).collect();
        let what = language().needs(&subject(quota), quota.figures.required);
        steps.push(step(ActionVerb::Case, what, quota.code(), why));
    }
    for of in &alone {
        let what = language().needs(&of.subject(requesting), of.asked());
        steps.push(step(ActionVerb::Case, what, of.code(), language().case_reason(false)));
    }
    for (quota, verb, refusal) in to_do_instead(requesting) {
        let Sentence { message, help } = language().refusal(refusal);
        steps.push(step(verb, subject(quota), quota.code(), vec![message, help]));
    }
    let unknown = requesting.refused().filter(|(_, refusal)| matches!(refusal, Refusal::LookUpFirst { .. }));
    let unknown = unknown.count();
    if unknown > 0 {
        let look_up = step(ActionVerb::LookUp, language().look_up(unknown), None, Vec::new());
        steps.push(Step { command: LOOK_UP.to_owned(), ..look_up });
    }
    steps.extend(gaps(requesting).into_iter().map(|gap| Step {
        verb: language().answer_verb().to_owned(),
        what: gap.place,
        why: vec![gap.what],
        ..Step::default()
    }));
    for (number, step) in (1..).zip(&mut steps) {
        step.number = number;
    }
    steps
}

/// What to do about the quotas that are not asked for, where that is something else than the pack holds.
fn to_do_instead<'r>(
    requesting: &'r RequestReport<'_>,
) -> impl Iterator<Item = (&'r QuotaPlan, ActionVerb, &'r Refusal)> {
    requesting.refused().filter_map(|(quota, refusal)| Some((quota, verb(refusal)?, refusal)))
}

/// What to do instead of asking; `None` where that is nothing, where the pack asks AWS Support, and where the applied
/// values of several quotas are looked up together.
const fn verb(refusal: &Refusal) -> Option<ActionVerb> {
    match refusal {
        Refusal::Undecided { .. }
        | Refusal::RateUnknown { .. }
        | Refusal::RequiredUnknown
        | Refusal::ResidencyUnknown { .. }
        | Refusal::StagesWithoutApplied
        | Refusal::AboveMaximum { .. } => Some(ActionVerb::Decide),
        Refusal::Residency { .. } => Some(ActionVerb::Rescope),
        Refusal::LeanFits { .. } => Some(ActionVerb::Lower),
        Refusal::Legacy | Refusal::NotOffered => Some(ActionVerb::Migrate),
        Refusal::CodeUnknown | Refusal::NothingKnown => Some(ActionVerb::LookUp),
        Refusal::Fits { .. }
        | Refusal::LookUpFirst { .. }
        | Refusal::Restore { .. }
        | Refusal::NotAdjustable => None,
    }
}

/// The quotas that need no increase, each with its reason.
fn left_out(requesting: &RequestReport<'_>) -> Vec<String> {
    let refused = requesting.refused().filter(|(_, refusal)| matches!(refusal, Refusal::Fits { .. }));
    let line = |(quota, refusal): (&QuotaPlan, &Refusal)| {
        let Sentence { message, help } = language().refusal(refusal);
        format!("{}: {message}; {help}", quota.id.title(requesting.input.catalog))
    };
    refused.map(line).collect()
}

/// What may have AWS deny what is asked for.
fn warnings(requesting: &RequestReport<'_>) -> Vec<String> {
    let (input, plan) = (requesting.input, requesting.plan);
    let mut lines = Vec::new();
    for asked in requesting.asked() {
        let title = asked.quota.id.title(input.catalog);
        let found = parts::warnings(requesting, &asked);
        let words = found.iter().map(|warning| language().request_warning(warning));
        lines.extend(words.map(|words| language().warning_line(&title, &words)));
    }
    let retiring = about_asked(requesting).filter(|finding| finding.code == Code::NearRetirement);
    lines.extend(retiring.map(|finding| {
        let Sentence { message, help } = language().finding(&FindingIn { input, plan, finding });
        language().warning_line("", &format!("{message}; {help}"))
    }));
    lines
}

/// The commands that come next: to make the pack again once answers are there, or to send it.
fn next(requesting: &RequestReport<'_>, of: &RequestScreen<'_>, missing: usize) -> Vec<String> {
    let dir = of.dir.trim_end_matches('/');
    if missing > 0 {
        return vec![format!("quotaplan request {} --out {}", of.typed, shell_word(&format!("{dir}-2")))];
    }
    requesting.asked().next().map(|_| send_command(dir)).into_iter().collect()
}

/// The command that sends the increases of a pack.
#[must_use]
pub fn send_command(dir: &str) -> String {
    format!("sh {} --submit", shell_word(&format!("{}/submit.sh", dir.trim_end_matches('/'))))
}
