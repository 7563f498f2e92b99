//! A request for increases as a document: what is asked for, what is not and why, AWS's questions
//! answered for each quota, and the arithmetic a reviewer can follow.

mod json;
mod parts;
mod questionnaire;
mod requesting;
mod support_case;
mod trail;

use self::parts::exact_percent;
use self::questionnaire::Question;
use self::requesting::{Asked, Shape, now, or_unknown, unit, whole};
use super::explain_row::decimal;
use super::plan::{SourceWords, entry, finding_place};
use super::{Block, Entry, Note, Records, View};
use crate::catalog::REGION;
use crate::engine::{Finding, QuotaKind, QuotaPlan, Reservations};
use crate::text::Code;
use crate::text::plain::{cell_name, one_line};
use crate::units::MILLIONTHS;

pub use json::{RequestReport, request_report};
pub use questionnaire::Gap;
pub use requesting::{Requested, Requesting, console_link};
pub use support_case::{needs_support, support_case};
pub use trail::trail;

/// The document of a request.
#[must_use]
pub fn request(requesting: &Requesting<'_>) -> View {
    let mut blocks = head(requesting);
    blocks.extend(refused(requesting));
    blocks.extend(gaps(requesting));
    for asked in requesting.asked() {
        blocks.extend(quota(requesting, &asked));
    }
    blocks.extend(margins(requesting));
    blocks.extend(notes(requesting));
    View { blocks, records: Records::default(), json: Box::new(()) }
}

fn head(requesting: &Requesting<'_>) -> Vec<Block> {
    let a = requesting.input.assumptions;
    let account = requesting
        .account
        .map_or_else(|| "one AWS account".to_owned(), |name| format!("account {}", cell_name(name)));
    let catalog = requesting.input.catalog;
    let mut blocks = vec![
        Block::Heading(format!("Amazon Bedrock quota increase, {REGION}")),
        Block::Paragraph(format!(
            "For {account}, source Region {REGION}. Planned for {} by quotaplan {} with a model table whose newest fact \
             is of {}. The figures are projections from inputs/workloads.csv unless they say measured; trail.csv has the \
             source of each, and `quotaplan request verify` recomputes them.",
            a.today,
            env!("CARGO_PKG_VERSION"),
            catalog.newest()
        )),
    ];
    let columns = vec![
        ("Quota", false),
        ("Now", true),
        ("Required", true),
        ("Ask for now", true),
        ("In the end", true),
        ("Rests on", false),
    ];
    let rows = requesting.asked().map(|asked| {
        let Asked { quota, ask } = asked;
        let required = if ask.max_tokens.is_some() { quota.lean_required } else { quota.figures.required };
        vec![
            format!("{}\n{}", quota.subject(catalog), quota.code().unwrap_or_default()),
            now(quota),
            or_unknown(required),
            ask.now().to_string(),
            ask.desired.to_string(),
            rests_on(requesting, &asked),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        let words =
            "Nothing is asked of Service Quotas: support-case.md has what AWS Support alone can raise.";
        blocks.push(Block::Paragraph(words.to_owned()));
        return blocks;
    }
    blocks.push(Block::Table { columns, rows });
    blocks.push(Block::Paragraph(
        "Service Quotas has no field for the answers below: it takes the values (requests.json, submit.sh, or the \
         console), and the answers go into the Support case that follows (support-case.md). AWS gives priority to \
         customers who use what they have, and grants no increases for models that are scheduled for retirement \
         (Amazon Bedrock User Guide, quotas for bedrock-runtime, 2026)."
            .to_owned(),
    ));
    blocks
}

fn rests_on(requesting: &Requesting<'_>, asked: &Asked<'_>) -> String {
    match (&asked.ask.max_tokens, &requesting.terms.reservations) {
        (Some(cap), _) => format!("max_tokens lowered to {cap} before this traffic runs"),
        (None, Reservations::Keep(reason)) if crate::engine::rests_on_reservations(asked.quota) => {
            format!("max_tokens as configured, because: {}", reason.trim())
        }
        _ => "max_tokens as configured".to_owned(),
    }
}

fn refused(requesting: &Requesting<'_>) -> Vec<Block> {
    let rows: Vec<Vec<String>> = requesting
        .refused()
        .map(|(quota, refusal)| {
            let (reason, help) = refusal.words();
            vec![quota.title(requesting.input.catalog), reason, help]
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![("Quota", false), ("Why not", false), ("Instead", false)];
    vec![Block::Heading("Not asked for".to_owned()), Block::Table { columns, rows }]
}

fn gaps(requesting: &Requesting<'_>) -> Vec<Block> {
    let gaps = questionnaire::gaps(requesting);
    if gaps.is_empty() {
        return Vec::new();
    }
    let entries = gaps.into_iter().map(|gap| entry(&gap.place, gap.what, Vec::new()));
    vec![
        Block::Heading(format!("To be filled in ({})", entries.len())),
        Block::Paragraph(
            "AWS asks for these, and no file has them. Write them into quotaplan.toml or the workloads and make the \
             pack again: a pack that is edited by hand no longer verifies."
                .to_owned(),
        ),
        Block::Entries(entries.collect()),
    ]
}

fn quota(requesting: &Requesting<'_>, asked: &Asked<'_>) -> Vec<Block> {
    let Asked { quota, ask } = asked;
    let shape = Shape::of(requesting, quota);
    let title = quota.title(requesting.input.catalog);
    let answer = |question: Question| entry(question.question, question.words(), Vec::new());
    let code = quota.code().unwrap_or_default();
    let name = quota.entry.as_ref().and_then(|entry| entry.name.clone().known()).unwrap_or_default();
    let mut blocks = vec![
        Block::Heading(format!("{title}: {} {}", ask.now(), unit(quota.kind))),
        Block::Paragraph(format!("{name}: {}", console_link(code))),
        Block::Entries(questionnaire::ten(requesting, asked, &shape).into_iter().map(answer).collect()),
        Block::Heading(format!("What AWS's template asks besides: {title}")),
        Block::Entries(questionnaire::besides(requesting, asked, &shape).into_iter().map(answer).collect()),
    ];
    blocks.extend(arithmetic(requesting, asked, &shape, &title));
    blocks.extend(parts::evidence(requesting, quota, &title));
    blocks.extend(parts::stages(requesting, asked, &title));
    blocks
}

fn arithmetic(requesting: &Requesting<'_>, asked: &Asked<'_>, shape: &Shape<'_>, title: &str) -> Vec<Block> {
    let Asked { quota, ask } = asked;
    let mut blocks = vec![Block::Heading(format!("The arithmetic: {title}")), rows(requesting, quota, shape)];
    let slot = quota.figures.slot;
    let period =
        slot.period.map(|period| format!("in {}", cell_name(requesting.input.workloads.text(period))));
    let hour = slot.hour.map(|hour| format!("from {hour:02}:00"));
    let when: Vec<String> = period.into_iter().chain(hour).collect();
    let when = if when.is_empty() { String::new() } else { format!(", {}", when.join(", ")) };
    let (requests, tokens) = (&shape.requests, &shape.tokens);
    let mut words = format!(
        "Rows marked * run at the hour of the largest requirement{when}: together {} requests a minute at the mean and \
         {} in the busiest minute",
        decimal(&requests.0),
        decimal(&requests.1)
    );
    if quota.kind == QuotaKind::Tpm {
        let (mean, peak) = (whole(&tokens.0), whole(&tokens.1));
        words.push_str(&format!(", which take {mean} and {peak} tokens a minute"));
    }
    words.push('.');
    if quota.kind == QuotaKind::Tpm {
        let statement = quota.rate.statement.and_then(|index| requesting.model(quota).burndown.get(index));
        let source = statement.map(|s| SourceWords { sources: requesting.sources }.provenance(&s.provenance));
        words.push_str(&format!(
            " Settled cost = input + cache writes + {} x output; cache reads do not count. The burndown rate of {} is {}{}.",
            quota.rate.rate.quota_tokens_per_output_token(),
            quota.rate.rate,
            quota.rate.status.as_str(),
            source.map(|source| format!(": {source}")).unwrap_or_default()
        ));
    }
    blocks.push(Block::Paragraph(words));
    blocks.push(Block::Entries(figures(requesting, asked)));
    if let Some(cap) = ask.max_tokens {
        blocks.push(Block::Paragraph(format!(
            "The value asked for holds with max_tokens of at most {cap} in every request of these rows. As configured, \
             {} would be required: reservations alone make the difference.",
            or_unknown(quota.figures.required)
        )));
    }
    blocks
}

/// Rows of a quota that its table shows at most.
const ROWS_SHOWN: usize = 50;

/// The rows of the quota, so that requests, tokens and tokens a minute can be reconciled.
fn rows(requesting: &Requesting<'_>, quota: &QuotaPlan, shape: &Shape<'_>) -> Block {
    let set = requesting.input.workloads;
    let rate = quota.rate.rate.quota_tokens_per_output_token();
    let columns = vec![
        ("Row", false),
        ("RPM mean", true),
        ("RPM peak", true),
        ("RPM p50 / p90 measured", true),
        ("Settled cost of a request", true),
        ("max_tokens", true),
        (if quota.kind == QuotaKind::Rpm { "mean" } else { "TPM mean" }, true),
        (if quota.kind == QuotaKind::Rpm { "peak" } else { "TPM peak" }, true),
    ];
    // The largest of many, in file order: trail.csv has all.
    let mut shown: Vec<usize> = (0..shape.rows.len()).collect();
    shown.sort_by(|a, b| shape.rows[*b].0.peak_exact.cmp(&shape.rows[*a].0.peak_exact).then(a.cmp(b)));
    shown.truncate(ROWS_SHOWN);
    shown.sort_unstable();
    let left_out = shape.rows.len() - shown.len();
    let rows = shown.into_iter().filter_map(|index| shape.rows.get(index)).map(|(part, row)| {
        let period =
            row.period().map(|period| format!(", {}", cell_name(set.text(period)))).unwrap_or_default();
        let hours = row.hours().map(|hours| format!(", {hours}")).unwrap_or_default();
        let mark = if part.active { " *" } else { "" };
        let measured = |value: Option<crate::units::RequestsPerMinute>| {
            value.map_or_else(|| "-".to_owned(), |value| value.to_string())
        };
        vec![
            format!("{}{period}{hours}{mark}", cell_name(row.name())),
            decimal(&part.rate),
            decimal(&part.peak_rate),
            format!(
                "{} / {}",
                measured(row.p50_requests_per_minute()),
                measured(row.p90_requests_per_minute())
            ),
            format!(
                "{} = {} + {} + {rate} x {}",
                part.cost.settled(),
                row.input(),
                row.cache_write(),
                row.output()
            ),
            row.max_tokens().map_or_else(|| "unset".to_owned(), |tokens| tokens.to_string()),
            decimal(&part.steady_exact),
            decimal(&part.peak_exact),
        ]
    });
    let mut rows: Vec<Vec<String>> = rows.collect();
    if left_out > 0 {
        let mut rest = vec![String::new(); columns.len()];
        rest[0] = format!("and {left_out} smaller ones, all in trail.csv");
        rows.push(rest);
    }
    Block::Table { columns, rows }
}

fn figures(requesting: &Requesting<'_>, asked: &Asked<'_>) -> Vec<Entry> {
    let Asked { quota, ask } = asked;
    let f = &quota.figures;
    let a = requesting.input.assumptions;
    let above = MILLIONTHS.saturating_sub(a.confidence.millionths());
    let mut entries = vec![
        entry(
            "steady",
            f.steady.to_string(),
            vec!["largest over the hours of the day and the periods".to_owned()],
        ),
        entry(
            "peak",
            f.peak.to_string(),
            vec![
                match quota.kind {
                    QuotaKind::Tpm => "the busiest minute; what EstimatedTPMQuotaUsage can confirm",
                    QuotaKind::Rpm | QuotaKind::Tpd => "the busiest minute",
                }
                .to_owned(),
            ],
        ),
        entry(
            "with headroom",
            or_unknown(f.formula),
            vec![format!("peak x (1 + {})", exact_percent(a.headroom.millionths()))],
        ),
    ];
    if quota.kind == QuotaKind::Tpm {
        entries.push(entry(
            "in flight",
            or_unknown(f.in_flight),
            vec![
                "at peak while each request holds input + max_tokens until it completes (assumed)".to_owned(),
            ],
        ));
    }
    entries.push(entry(
        "burst",
        or_unknown(f.burst),
        vec![format!(
            "a level that is passed {} of the time, with room for one request more",
            exact_percent(above)
        )],
    ));
    entries.push(entry(
        "required",
        or_unknown(f.required),
        vec!["the larger of headroom and burst".to_owned()],
    ));
    if quota.kind == QuotaKind::Tpm
        && let (Some(cap), Some(lean)) = (quota.tight_max_tokens, quota.lean_required)
    {
        let note = format!("with max_tokens lowered to {cap}: 1.25 x the longest answer expected (assumed)");
        entries.push(entry("required, lean", lean.to_string(), vec![note]));
    }
    entries.push(entry("asked for", ask.desired.to_string(), vec!["rounded up to two digits".to_owned()]));
    entries
}

fn margins(requesting: &Requesting<'_>) -> Vec<Block> {
    let a = requesting.input.assumptions;
    let words = format!(
        "Headroom of {}, a level that holds {} of the time, and rounding to two digits are margins on one another. \
         AWS publishes neither window nor refill of its token quotas; reservations are taken as held until completion \
         (assumed), and cache reads are {}counted in them.",
        exact_percent(a.headroom.millionths()),
        exact_percent(a.confidence.millionths()),
        if a.reserve_cache_reads { "" } else { "not " }
    );
    vec![Block::Heading("Margins and assumptions".to_owned()), Block::Paragraph(words)]
}

/// What the plan found about the models and scopes that are asked for.
fn about_asked<'r>(requesting: &'r Requesting<'_>) -> impl Iterator<Item = &'r Finding> {
    requesting.plan.findings.iter().filter(|finding| {
        let Some(about) = finding.quota.and_then(|quota| requesting.plan.quotas.get(quota)) else {
            return false;
        };
        // A model's life is said at the first of its quotas, whichever is asked for.
        let any_scope = matches!(finding.code, Code::NearRetirement | Code::RetirementOpen);
        requesting.asked().any(|asked| {
            asked.quota.model == about.model
                && (any_scope || (asked.quota.scope == about.scope && asked.quota.account == about.account))
        })
    })
}

fn notes(requesting: &Requesting<'_>) -> Vec<Block> {
    let notes: Vec<Note> = about_asked(requesting)
        .map(|finding| Note {
            severity: finding.severity,
            code: finding.code.as_str(),
            place: finding
                .place
                .and_then(|place| finding_place(requesting.sources, requesting.input, place))
                .map(|place| place.to_string())
                .unwrap_or_default(),
            text: finding.message.clone(),
            help: finding.help.clone(),
        })
        .collect();
    if notes.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading("What stands out".to_owned()), Block::Notes(notes)]
}

/// What may have AWS deny what is asked for.
fn warnings(requesting: &Requesting<'_>) -> impl Iterator<Item = String> {
    let retiring = about_asked(requesting).filter(|finding| finding.code == Code::NearRetirement);
    let retiring: Vec<String> =
        retiring.map(|finding| format!("{}; {}", finding.message, finding.help)).collect();
    let unused = requesting.asked().filter_map(|asked| {
        let words = parts::little_use(requesting, asked.quota)?;
        Some(format!("{}: {words}", asked.quota.title(requesting.input.catalog)))
    });
    let unused: Vec<String> = unused.collect();
    unused.into_iter().chain(retiring)
}

/// What was asked for and what was not, in a few lines for whoever made the request.
#[must_use]
pub fn request_summary(requesting: &Requesting<'_>) -> String {
    let catalog = requesting.input.catalog;
    let mut lines = Vec::new();
    for asked in requesting.asked() {
        let Asked { quota, ask } = &asked;
        let rest =
            if ask.now() == ask.desired { String::new() } else { format!(", {} in the end", ask.desired) };
        lines.push(format!(
            "ask      {}: {} {}{rest} ({}); {}",
            one_line(&quota.title(catalog)),
            ask.now(),
            unit(quota.kind),
            now(quota),
            rests_on(requesting, &asked)
        ));
    }
    if lines.is_empty() {
        lines.push(
            "ask      nothing of Service Quotas; support-case.md has what AWS Support alone can raise"
                .to_owned(),
        );
    }
    for (quota, refusal) in requesting.refused() {
        let (reason, help) = refusal.words();
        lines.push(format!("not      {}: {reason}; {help}", one_line(&quota.title(catalog))));
    }
    lines.extend(warnings(requesting).map(|warning| format!("warning  {}", one_line(&warning))));
    for gap in questionnaire::gaps(requesting) {
        lines.push(format!("missing  {}: {}", gap.place, one_line(&gap.what)));
    }
    lines.join("\n") + "\n"
}
