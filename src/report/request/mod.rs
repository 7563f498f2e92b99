//! A request for increases as a document: what is asked for, what is not and why, AWS's questions
//! answered for each quota, and the arithmetic a reviewer can follow.

mod arithmetic;
mod besides;
mod gaps;
mod json;
mod parts;
mod questionnaire;
mod restore_case;
mod result;
mod status;
mod support_case;
mod trail;

use super::notes::{entry, finding_note};
use super::words::{FindingIn, Sentence, language};
use super::{Block, Column, Note};
use crate::catalog::REGION;
use crate::engine::{Finding, Refusal, Reservations, residency_refusal};
use crate::text::Code;
use crate::text::plain::{cell_name, one_line};
use parts::exact_percent;
use questionnaire::Question;
use result::{QuotaIncrease, now, or_unknown};

pub use json::request_report;
pub use questionnaire::Gap;
pub use restore_case::restore_case;
pub use result::{IncreaseRequest, RequestReport, console_link};
pub(super) use status::REQUEST_STATUS;
pub use status::{PackRequest, StatusReport, requested};
pub use support_case::{asks_aws_for_anything, has_case_text, has_matters_for_support_alone, support_case};
pub use trail::trail;

/// The document of a request.
#[must_use]
pub fn request(requesting: &RequestReport<'_>) -> Vec<Block> {
    let mut blocks = head(requesting);
    blocks.extend(undecided(requesting));
    blocks.extend(refused(requesting));
    blocks.extend(missing(requesting));
    for asked in requesting.asked() {
        blocks.extend(quota(requesting, &asked));
    }
    blocks.extend(margins(requesting));
    blocks.extend(notes(requesting));
    blocks
}

fn head(requesting: &RequestReport<'_>) -> Vec<Block> {
    let a = requesting.input.assumptions;
    let account = requesting
        .account
        .map_or_else(|| "one AWS account".to_owned(), |name| format!("account {}", cell_name(name)));
    let catalog = requesting.input.catalog;
    let is_one = requesting.input.workloads.names().len() == 1;
    let workloads = if is_one { "inputs/workloads.csv" } else { "inputs/workloads-*.csv" };
    let mut blocks = vec![
        Block::Heading(format!("Amazon Bedrock quota increase, {REGION}")),
        Block::Paragraph(format!(
            "For {account}, source Region {REGION}. Planned for {} by quotaplan {} with a model table whose newest fact \
             is of {}. The figures are projections from {workloads} unless they say measured; trail.csv has the \
             source of each, and quotaplan request verify recomputes them.",
            a.today,
            env!("CARGO_PKG_VERSION"),
            catalog.newest()
        )),
    ];
    let columns = vec![
        Column::words("Quota"),
        Column::numbers("Now"),
        Column::numbers("Required"),
        Column::numbers("Ask for now"),
        Column::numbers("In the end"),
        Column::words("Rests on"),
    ];
    let rows = requesting.asked().map(|asked| {
        let QuotaIncrease { quota, ask } = asked;
        let required = if ask.max_tokens.is_some() { quota.lean_required } else { quota.figures.required };
        vec![
            format!("{}\n{}", quota.id.subject(catalog), quota.code().unwrap_or_default()),
            now(quota),
            or_unknown(required),
            ask.now().to_string(),
            ask.desired.to_string(),
            rests_on(requesting, &asked),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        blocks.push(Block::Paragraph(format!("Nothing is asked of Service Quotas: {}.", cases(requesting))));
        return blocks;
    }
    blocks.push(Block::Table { columns, rows: rows.into() });
    blocks.push(Block::Paragraph(
        "Service Quotas has no field for the answers below: it takes the values (requests.json, submit.sh, or the \
         console), and the answers go into the Support case that follows (support-case.md). AWS gives priority to \
         customers who use what they have, and grants no increases for models that are scheduled for retirement \
         (Amazon Bedrock User Guide, quotas for bedrock-runtime, 2026)."
            .to_owned(),
    ));
    blocks
}

/// Which files have what AWS Support is asked for.
fn cases(requesting: &RequestReport<'_>) -> String {
    let support = has_case_text(requesting).then_some("support-case.md has what AWS Support alone can raise");
    let restores = requesting.restores().next().is_some();
    let restore = restores.then_some("restore-case.md asks AWS Support to restore AWS's defaults");
    support.into_iter().chain(restore).collect::<Vec<_>>().join(", and ")
}

fn rests_on(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> String {
    match (&asked.ask.max_tokens, &requesting.terms.reservations) {
        (Some(cap), _) => format!("max_tokens lowered to {cap} before this traffic runs"),
        (None, Reservations::Keep(reason)) if crate::engine::rests_on_reservations(asked.quota) => {
            format!("max_tokens as configured, because: {}", reason.trim())
        }
        (None, Reservations::AcceptMaxTokens) if asked.quota.lean_required < asked.quota.figures.required => {
            "max_tokens as configured: lowering it would change less than a fifth".to_owned()
        }
        _ => "max_tokens as configured".to_owned(),
    }
}

/// The quotas that a person has to decide on first, which are not in the pack.
fn undecided(requesting: &RequestReport<'_>) -> Vec<Block> {
    let open = requesting.refused().filter(|(_, refusal)| refusal.is_undecided());
    let rows: Vec<Vec<String>> = open
        .map(|(quota, refusal)| {
            let Sentence { message: reason, help } = language().refusal(refusal);
            vec![quota.id.title(requesting.input.catalog), reason, help]
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading(format!("Not decided, and not in this pack ({})", rows.len())),
        Block::Table {
            columns: vec![Column::words("Quota"), Column::words("Why"), Column::words("What decides it")],
            rows: rows.into(),
        },
    ]
}

/// How many quotas are not in the pack because a person has to decide on them first.
#[must_use]
pub fn undecided_count(requesting: &RequestReport<'_>) -> usize {
    requesting.refused().filter(|(_, refusal)| refusal.is_undecided()).count()
}

fn refused(requesting: &RequestReport<'_>) -> Vec<Block> {
    let catalog = requesting.input.catalog;
    let mut rows: Vec<Vec<String>> = requesting
        .refused()
        .filter(|(_, refusal)| !refusal.is_undecided())
        .map(|(quota, refusal)| {
            let Sentence { message: reason, help } = language().refusal(refusal);
            vec![quota.id.title(catalog), reason, help]
        })
        .collect();
    rows.extend(requesting.for_the_case().map(|quota| {
        let reason = format!("{} required, {}", or_unknown(quota.figures.required), now(quota));
        vec![
            quota.id.title(catalog),
            reason,
            "it stands in support-case.md: AWS Support raises it along".to_owned(),
        ]
    }));
    rows.extend(requesting.restores_undecided().map(|restore| {
        let Sentence { message: reason, help } = restore.words();
        vec![restore.title, reason, help]
    }));
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![Column::words("Quota"), Column::words("Why not"), Column::words("Instead")];
    vec![
        Block::Heading("Not asked of Service Quotas".to_owned()),
        Block::Table { columns, rows: rows.into() },
    ]
}

fn missing(requesting: &RequestReport<'_>) -> Vec<Block> {
    let gaps = gaps::gaps(requesting);
    if gaps.is_empty() {
        return Vec::new();
    }
    let entries = gaps.into_iter().map(|gap| entry(&gap.place, gap.what, Vec::new()));
    vec![
        Block::Heading(format!("To be filled in ({})", entries.len())),
        Block::Paragraph(
            "AWS asks for these, and no file has them. Write them into quotaplan.toml or the workloads and make the \
             pack again, into a new folder or after deleting this one: a pack that is edited by hand no longer verifies."
                .to_owned(),
        ),
        Block::Entries(entries.collect()),
    ]
}

fn quota(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<Block> {
    let QuotaIncrease { quota, ask } = asked;
    let shape = requesting.traffic(quota);
    let title = quota.id.title(requesting.input.catalog);
    let answer = |question: Question| entry(question.question, question.words(), Vec::new());
    let code = quota.code().unwrap_or_default();
    let name = quota.entry.as_ref().and_then(|entry| entry.name.clone().known()).unwrap_or_default();
    let (first, rest) = gaps::questions(requesting, asked, &shape);
    let mut blocks = vec![
        Block::Heading(format!("{title}: {} {}", ask.now(), quota.id.kind.unit())),
        Block::Paragraph(format!("{name}: {}", console_link(code))),
    ];
    if requesting.follows_tokens(quota) {
        let words =
            "Asked for beside tokens a minute of the same traffic, where the other questions are answered.";
        blocks.push(Block::Paragraph(words.to_owned()));
    }
    blocks.extend([
        Block::Entries(first.into_iter().map(answer).collect()),
        Block::Heading(format!("What AWS's template asks besides: {title}")),
        Block::Entries(rest.into_iter().map(answer).collect()),
        Block::Heading(format!("The arithmetic: {title}")),
    ]);
    blocks.extend(arithmetic::of(requesting, asked, &shape));
    blocks.extend(parts::evidence(requesting, quota, &title));
    blocks.extend(parts::stages(requesting, asked, &title));
    blocks
}

fn margins(requesting: &RequestReport<'_>) -> Vec<Block> {
    let a = requesting.input.assumptions;
    let words = format!(
        "Headroom of {}, a level that holds {} of the time, and rounding to two digits are margins that add up. \
         AWS publishes neither window nor refill of its token quotas; reservations are taken as held until completion \
         (assumed), and cache reads are {}counted in them.",
        exact_percent(a.config.headroom.millionths()),
        exact_percent(a.config.confidence.millionths()),
        if a.config.reserve_cache_reads { "" } else { "not " }
    );
    let mut blocks = vec![Block::Heading("Margins and assumptions".to_owned()), Block::Paragraph(words)];
    blocks.extend(accepted_residency(requesting));
    blocks
}

/// What --accept-residency accepts of the quotas that are asked for.
fn accepted_residency(requesting: &RequestReport<'_>) -> Option<Block> {
    let accepted = requesting.asked().filter_map(|QuotaIncrease { quota, .. }| {
        let refusal = residency_refusal(requesting.input, requesting.plan, quota)?;
        Some(format!(
            "{}: {}",
            quota.id.title(requesting.input.catalog),
            language().refusal(&refusal).message
        ))
    });
    let accepted: Vec<String> = accepted.collect();
    (!accepted.is_empty())
        .then(|| Block::Paragraph(format!("Accepted with --accept-residency: {}.", accepted.join("; "))))
}

/// What the plan found about the models and scopes that are asked for.
fn about_asked<'r>(requesting: &'r RequestReport<'_>) -> impl Iterator<Item = &'r Finding> {
    requesting.plan.findings.iter().filter(|finding| {
        let Some(about) = finding.quota.and_then(|quota| requesting.plan.quotas.get(quota)) else {
            return false;
        };
        // A model's life is said at the first of its quotas, whichever is asked for.
        let any_scope = matches!(
            finding.code,
            Code::Legacy | Code::NearRetirement | Code::RetirementOpen | Code::AccessCondition
        );
        requesting.asked().any(|asked| {
            asked.quota.id.model == about.id.model
                && (any_scope
                    || (asked.quota.id.scope == about.id.scope && asked.quota.id.account == about.id.account))
        })
    })
}

fn notes(requesting: &RequestReport<'_>) -> Vec<Block> {
    // What was decided above is not said once more as a fault.
    let decided = [Code::ExceedsGranted, Code::MaxTokensWide, Code::MaxTokensUnset, Code::AppliedNotGiven];
    let notes: Vec<Note> = about_asked(requesting)
        .filter(|finding| !decided.contains(&finding.code))
        .map(|finding| finding_note(requesting.sources, requesting.input, requesting.plan, finding))
        .collect();
    if notes.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading("What stands out".to_owned()), Block::Notes(notes)]
}

/// What may have AWS deny what is asked for.
fn warnings(requesting: &RequestReport<'_>) -> impl Iterator<Item = String> {
    let retiring = about_asked(requesting).filter(|finding| finding.code == Code::NearRetirement);
    let (input, plan) = (requesting.input, requesting.plan);
    let words = |finding| {
        let Sentence { message, help } = language().finding(&FindingIn { input, plan, finding });
        format!("{message}; {help}")
    };
    let retiring: Vec<String> = retiring.map(words).collect();
    let unused = requesting.asked().filter_map(|asked| {
        let words = parts::little_use(requesting, asked.quota)?;
        Some(format!("{}: {words}", asked.quota.id.title(requesting.input.catalog)))
    });
    let mut warnings: Vec<String> = unused.collect();
    for asked in requesting.asked() {
        let title = asked.quota.id.title(requesting.input.catalog);
        let odd = parts::oddities(requesting, asked.quota);
        let late = parts::late(requesting, &asked).map(str::to_owned);
        let many = parts::many(&asked);
        warnings.extend(odd.into_iter().chain(late).chain(many).map(|words| format!("{title}: {words}")));
    }
    warnings.into_iter().chain(retiring)
}

/// What was asked for and what was not, in a few lines for whoever made the request.
#[must_use]
pub fn request_summary(requesting: &RequestReport<'_>) -> String {
    let catalog = requesting.input.catalog;
    let mut lines = Vec::new();
    for asked in requesting.asked() {
        let QuotaIncrease { quota, ask } = &asked;
        let rest =
            if ask.now() == ask.desired { String::new() } else { format!(", {} in the end", ask.desired) };
        lines.push(format!(
            "ask      {}: {} {}{rest} ({}); {}",
            one_line(&quota.id.title(catalog)),
            ask.now(),
            quota.id.kind.unit(),
            now(quota),
            rests_on(requesting, &asked)
        ));
    }
    if lines.is_empty() {
        lines.push(format!("ask      nothing of Service Quotas; {}", cases(requesting)));
    }
    for restore in requesting.restores() {
        let Sentence { message: reason, help } = restore.words();
        lines.push(format!("restore  {}: {reason}; {help}", one_line(&restore.title)));
    }
    for (quota, refusal) in requesting.refused() {
        if matches!(refusal, Refusal::Restore { .. }) {
            continue;
        }
        let Sentence { message: reason, help } = language().refusal(refusal);
        let word = if refusal.is_undecided() { "decide " } else { "not    " };
        lines.push(format!("{word}  {}: {reason}; {help}", one_line(&quota.id.title(catalog))));
    }
    for quota in requesting.for_the_case() {
        let along = if quota.id.kind.counts_requests() && quota.may_be_adjustable() {
            "; --also-rpm asks for it too"
        } else {
            ""
        };
        let (required, now) = (or_unknown(quota.figures.required), now(quota));
        let title = one_line(&quota.id.title(catalog)).into_owned();
        lines.push(format!("case     {title}: {required} required, {now}: in support-case.md{along}"));
    }
    lines.extend(warnings(requesting).map(|warning| format!("warning  {}", one_line(&warning))));
    for gap in gaps::gaps(requesting) {
        lines.push(format!("missing  {}: {}", gap.place, one_line(&gap.what)));
    }
    lines.join("\n") + "\n"
}
