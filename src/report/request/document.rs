//! The document of a request, for whoever makes it: what is missing, what is decided and what is not, then for each quota
//! AWS's questions, the arithmetic, measured use and stages.

use super::answers::ten;
use super::for_support::has_case_text;
use super::gaps::{gaps, helpful};
use super::given::given;
use super::parts::{self, columns};
use super::result::{QuotaIncrease, RequestReport, about_asked, console_link, now};
use super::{arithmetic, screen};
use crate::engine::{QuotaPlan, Refusal, residency_refusal};
use crate::report::notes::{entry, finding_note};
use crate::report::words::{RequestSection, RequestTable, Sentence, language};
use crate::report::{Block, Entry, Mark, Note};
use crate::text::Code;
use crate::units::QuotaAmount;

/// The document of a request.
#[must_use]
pub fn request(requesting: &RequestReport<'_>) -> Vec<Block> {
    let mut blocks = head(requesting);
    blocks.extend(missing(requesting));
    blocks.extend(asked(requesting));
    blocks.extend(undecided(requesting));
    blocks.extend(not_asked(requesting));
    blocks.extend(besides(requesting));
    for asked in requesting.asked() {
        blocks.extend(quota(requesting, &asked));
    }
    blocks.extend(margins(requesting));
    blocks.extend(notes(requesting));
    blocks
}

fn head(requesting: &RequestReport<'_>) -> Vec<Block> {
    let input = requesting.input;
    let several_files = input.workloads.names().len() != 1;
    let made = language().request_made(input.assumptions.today, input.catalog.newest(), several_files);
    vec![
        Block::Heading(language().request_title()),
        Block::Paragraph(language().readiness(gaps(requesting).len(), 0)),
        Block::Paragraph(made),
    ]
}

fn missing(requesting: &RequestReport<'_>) -> Vec<Block> {
    let gaps = gaps(requesting);
    if gaps.is_empty() {
        return Vec::new();
    }
    let heading = language().section(RequestSection::Missing(gaps.len()));
    let entries = gaps.into_iter().map(|gap| entry(&gap.place, gap.what, Vec::new()));
    vec![
        Block::Heading(heading),
        Block::Entries(entries.collect()),
        Block::Paragraph(language().missing_note().to_owned()),
    ]
}

fn asked(requesting: &RequestReport<'_>) -> Vec<Block> {
    let catalog = requesting.input.catalog;
    let rows = requesting.asked().map(|asked| {
        let QuotaIncrease { quota, ask } = asked;
        vec![
            format!("{}\n{}", quota.id.subject(catalog), quota.code().unwrap_or_default()),
            now(quota),
            or_unknown(asked.required()),
            ask.now().to_string(),
            ask.desired.to_string(),
            language().rests_on(&screen::rests_on(requesting, &asked)),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let heading = Block::Heading(language().section(RequestSection::Asked));
    if rows.is_empty() {
        let words =
            language().nothing_asked(has_case_text(requesting), requesting.restores().next().is_some());
        return vec![heading, Block::Paragraph(words)];
    }
    vec![
        heading,
        Block::Table { columns: columns(RequestTable::Asked), rows: rows.into() },
        Block::Paragraph(language().asked_note().to_owned()),
    ]
}

/// An amount, or that it is not known.
fn or_unknown(amount: Option<QuotaAmount>) -> String {
    amount.map_or_else(|| language().mark(Mark::Unknown).to_owned(), |amount| amount.to_string())
}

fn refused_row(requesting: &RequestReport<'_>, quota: &QuotaPlan, refusal: &Refusal) -> Vec<String> {
    let Sentence { message, help } = language().refusal(refusal);
    vec![quota.id.title(requesting.input.catalog), message, help]
}

/// The quotas that a person has to decide on first, which are not in the pack.
fn undecided(requesting: &RequestReport<'_>) -> Vec<Block> {
    let open = requesting.refused().filter(|(_, refusal)| refusal.is_undecided());
    let rows: Vec<Vec<String>> =
        open.map(|(quota, refusal)| refused_row(requesting, quota, refusal)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading(language().section(RequestSection::Undecided(rows.len()))),
        Block::Table { columns: columns(RequestTable::Undecided), rows: rows.into() },
    ]
}

fn not_asked(requesting: &RequestReport<'_>) -> Vec<Block> {
    let decided = requesting.refused().filter(|(_, refusal)| !refusal.is_undecided());
    let mut rows: Vec<Vec<String>> =
        decided.map(|(quota, refusal)| refused_row(requesting, quota, refusal)).collect();
    rows.extend(requesting.for_the_case().map(|quota| {
        let title = quota.id.title(requesting.input.catalog);
        let why = language().needs_of_now(quota.figures.required, &now(quota));
        vec![title, why, language().case_instead().to_owned()]
    }));
    rows.extend(requesting.restores_undecided().map(|restore| {
        let Sentence { message, help } = restore.words();
        vec![restore.title, message, help]
    }));
    if rows.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading(language().section(RequestSection::NotAsked)),
        Block::Table { columns: columns(RequestTable::NotAsked), rows: rows.into() },
    ]
}

/// What is not given and would help.
fn besides(requesting: &RequestReport<'_>) -> Vec<Block> {
    let entries: Vec<Entry> =
        helpful(requesting).into_iter().map(|(place, what)| entry(&place, what, Vec::new())).collect();
    if entries.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading(language().section(RequestSection::Helpful)), Block::Entries(entries)]
}

fn quota(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<Block> {
    let QuotaIncrease { quota, ask } = asked;
    let shape = requesting.traffic(quota);
    let title = quota.id.title(requesting.input.catalog);
    let code = quota.code().unwrap_or_default();
    let name = quota.entry.as_ref().and_then(|entry| entry.name.clone().known()).unwrap_or_default();
    let mut blocks = vec![
        Block::Heading(language().quota_section(&title, ask.now(), quota.id.kind)),
        Block::Paragraph(format!("{name}: {}", console_link(code))),
    ];
    if requesting.follows_tokens(quota) {
        blocks.push(Block::Paragraph(language().beside_tokens().to_owned()));
    } else {
        let ten = ten(requesting, asked.quota, &shape);
        let answers = ten.iter().map(|answer| {
            let label = format!("{} {}", answer.question.number(), language().question(answer.question));
            entry(&label, answer.words().to_owned(), Vec::new())
        });
        let given = given(requesting, quota, &shape).into_iter();
        let given = given.map(|(topic, text)| entry(language().topic(topic), text, Vec::new()));
        blocks.push(Block::Heading(language().section(RequestSection::Questions(&title))));
        blocks.push(Block::Entries(answers.chain(given).collect()));
    }
    blocks.push(Block::Heading(language().section(RequestSection::Arithmetic(&title))));
    blocks.extend(arithmetic::blocks(requesting, asked, &shape));
    blocks.extend(parts::evidence(requesting, quota, &title));
    blocks.extend(parts::stages(requesting, asked, &title));
    let warnings = parts::warnings(requesting, asked);
    blocks.extend(
        warnings.iter().map(|warning| {
            Block::Paragraph(language().warning_line("", &language().request_warning(warning)))
        }),
    );
    blocks
}

fn margins(requesting: &RequestReport<'_>) -> Vec<Block> {
    let config = &requesting.input.assumptions.config;
    let words = language().margins(
        config.headroom.millionths(),
        config.confidence.millionths(),
        config.reserve_cache_reads,
    );
    let heading = Block::Heading(language().section(RequestSection::Margins));
    let mut blocks = vec![heading, Block::Paragraph(words)];
    blocks.extend(accepted_residency(requesting));
    blocks
}

/// What --accept-residency accepts of the quotas that are asked for.
fn accepted_residency(requesting: &RequestReport<'_>) -> Option<Block> {
    let accepted = requesting.asked().filter_map(|QuotaIncrease { quota, .. }| {
        let refusal = residency_refusal(requesting.input, requesting.plan, quota)?;
        let title = quota.id.title(requesting.input.catalog);
        Some(format!("{title}: {}", language().refusal(&refusal).message))
    });
    let accepted: Vec<String> = accepted.collect();
    (!accepted.is_empty()).then(|| Block::Paragraph(language().accepted_residency(&accepted)))
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
    vec![Block::Heading(language().section(RequestSection::Notes)), Block::Notes(notes)]
}
