//! The arithmetic of a quota that is asked for, row by row, so that requests, tokens and tokens a minute can
//! be reconciled.

use super::parts::exact_percent;
use super::result::{QuotaIncrease, RequestReport, or_unknown, whole};
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::report::explain::row::decimal;
use crate::report::notes::entry;
use crate::report::words::language;
use crate::report::{Block, Column, Entry};
use crate::text::plain::cell_name;
use crate::units::MILLIONTHS;

/// Rows, sums and figures of a quota, and the cap they rest on.
pub(super) fn of(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> Vec<Block> {
    let mut blocks = reconciled(requesting, asked.quota, shape);
    blocks.push(Block::Entries(figures(requesting, asked)));
    if let Some(cap) = asked.ask.max_tokens {
        blocks.push(Block::Paragraph(format!(
            "The value asked for holds with max_tokens of at most {cap} in every request of these rows. As configured, \
             {} would be required: reservations alone make the difference.",
            or_unknown(asked.quota.figures.required)
        )));
    }
    blocks
}

/// The rows, and what they come to: what a reviewer needs to go from requests to tokens a minute.
pub(super) fn reconciled(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    shape: &QuotaTraffic<'_>,
) -> Vec<Block> {
    let mut blocks = vec![rows(requesting, quota, shape)];
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
    if quota.id.kind.reserves_tokens() {
        let (mean, peak) = (whole(&tokens.0), whole(&tokens.1));
        words.push_str(&format!(", which take {mean} and {peak} tokens a minute"));
    }
    words.push('.');
    if quota.id.kind.reserves_tokens() {
        let statement = quota.rate.statement.and_then(|index| requesting.model(quota).burndown.get(index));
        let source = statement.map(|s| format!("{}, {}", s.provenance.source, s.provenance.as_of));
        words.push_str(&format!(
            " Settled cost = input + cache writes + {} x output; cache reads do not count. The burndown rate of {} is {}{}.",
            quota.rate.rate.quota_tokens_per_output_token(),
            quota.rate.rate,
            quota.rate.status.as_str(),
            source.map(|source| format!(": {source}")).unwrap_or_default()
        ));
    }
    blocks.push(Block::Paragraph(words));
    blocks
}

/// The rows of the quota, so that requests, tokens and tokens a minute can be reconciled.
fn rows(requesting: &RequestReport<'_>, quota: &QuotaPlan, shape: &QuotaTraffic<'_>) -> Block {
    let set = requesting.input.workloads;
    let rate = quota.rate.rate.quota_tokens_per_output_token();
    let columns = vec![
        Column::words("Row"),
        Column::numbers("RPM mean"),
        Column::numbers("RPM peak"),
        Column::numbers("RPM p50 / p90 measured"),
        Column::numbers("Settled cost of a request"),
        Column::numbers("max_tokens"),
        Column::numbers(if quota.id.kind.counts_tokens() { "TPM mean" } else { "mean" }),
        Column::numbers(if quota.id.kind.counts_tokens() { "TPM peak" } else { "peak" }),
    ];
    let rows = shape.largest.iter().map(|(part, row)| {
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
    let left_out = shape.rows.len() - shape.largest.len();
    if left_out > 0 {
        let mut rest = vec![String::new(); columns.len()];
        rest[0] = format!("and {left_out} smaller ones, all in trail.csv");
        rows.push(rest);
    }
    Block::Table { columns, rows: rows.into() }
}

fn figures(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<Entry> {
    let QuotaIncrease { quota, ask } = asked;
    let f = &quota.figures;
    let a = requesting.input.assumptions;
    let above = MILLIONTHS.saturating_sub(a.config.confidence.millionths());
    let mut entries = vec![
        entry(
            "steady",
            f.steady.to_string(),
            vec!["largest over the hours of the day and the periods".to_owned()],
        ),
        entry(
            "peak",
            f.peak.to_string(),
            vec![if quota.id.kind.reserves_tokens() {
                "the busiest minute; what EstimatedTPMQuotaUsage can confirm".to_owned()
            } else {
                "the busiest minute".to_owned()
            }],
        ),
        entry(
            "with headroom",
            or_unknown(f.formula),
            vec![format!("peak x (1 + {})", exact_percent(a.config.headroom.millionths()))],
        ),
    ];
    if quota.id.kind.reserves_tokens() {
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
            "a level that is exceeded {} of the time, with room for one request more",
            exact_percent(above)
        )],
    ));
    entries.push(entry(
        "required",
        or_unknown(f.required),
        vec!["the larger of headroom and burst".to_owned()],
    ));
    if quota.id.kind.reserves_tokens()
        && let (Some(cap), Some(lean)) = (quota.tight_max_tokens, quota.lean_required)
        // A cap above what the rows set saves nothing.
        && f.required.is_none_or(|required| lean < required)
    {
        let cut = language().cut_share(quota.tight_cut);
        let note = format!("with max_tokens lowered to {cap}, which is expected to cut {cut} of answers");
        entries.push(entry("required, lean", lean.to_string(), vec![note]));
    }
    entries.push(entry("asked for", ask.desired.to_string(), vec!["rounded up to two digits".to_owned()]));
    entries
}
