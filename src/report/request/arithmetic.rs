//! The arithmetic of a quota that is asked for, row by row, so that requests, tokens and tokens per minute can
//! be reconciled.

use super::parts::columns;
use super::result::{QuotaIncrease, RequestReport};
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::report::explain::row::decimal;
use crate::report::notes::entry;
use crate::report::words::{RequestFigure, RequestTable, language};
use crate::report::{Block, Entry, Mark};
use crate::text::plain::cell_name;
use crate::units::{MILLIONTHS, QuotaAmount, RequestsPerMinute};

/// Rows, sums and figures of a quota, and the cap they rest on.
pub(super) fn blocks(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> Vec<Block> {
    let quota = asked.quota;
    let mut blocks = vec![rows(requesting, quota, shape), Block::Paragraph(sums(requesting, quota, shape))];
    blocks.push(Block::Entries(figures(requesting, asked)));
    let holds = asked.ask.max_tokens.map(|cap| language().holds_with_cap(cap, quota.figures.required));
    blocks.extend(holds.map(Block::Paragraph));
    blocks
}

/// What the rows come to, and how a request's cost comes about.
fn sums(requesting: &RequestReport<'_>, quota: &QuotaPlan, shape: &QuotaTraffic<'_>) -> String {
    let slot = quota.figures.slot;
    let period = slot.period.map(|period| requesting.input.workloads.text(period));
    let zone = &requesting.input.assumptions.config.timezone;
    let (requests, tokens) = (&shape.requests, &shape.tokens);
    let is_tokens = quota.id.kind.reserves_tokens();
    let mut words = language().rows_come_to(
        (slot.hour, period),
        zone,
        (&requests.0, &requests.1),
        is_tokens.then_some((&tokens.0, &tokens.1)),
    );
    if is_tokens {
        let statement = quota.rate.statement.and_then(|index| requesting.model(quota).burndown.get(index));
        let source = statement.map(|s| (s.provenance.source.as_str(), s.provenance.as_of));
        let cost = language().settled_cost(quota.rate.rate, quota.rate.status.as_str(), source);
        words.push_str(&format!(" {cost}"));
    }
    words
}

/// The rows of the quota, so that requests, tokens and tokens per minute can be reconciled.
fn rows(requesting: &RequestReport<'_>, quota: &QuotaPlan, shape: &QuotaTraffic<'_>) -> Block {
    let set = requesting.input.workloads;
    let rate = quota.rate.rate.quota_tokens_per_output_token();
    let is_tokens = quota.id.kind.counts_tokens();
    let table = if is_tokens { RequestTable::TokenRows } else { RequestTable::RequestRows };
    let columns = columns(table);
    let rows = shape.largest.iter().map(|(part, row)| {
        let period =
            row.period().map(|period| format!(", {}", cell_name(set.text(period)))).unwrap_or_default();
        let hours = row.hours().map(|hours| format!(", {hours}")).unwrap_or_default();
        let mark = if part.active { " *" } else { "" };
        let measured = |value: Option<RequestsPerMinute>| {
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
            row.max_tokens().map_or_else(|| language().unset().to_owned(), |tokens| tokens.to_string()),
            decimal(&part.steady_exact),
            decimal(&part.peak_exact),
        ]
    });
    let mut rows: Vec<Vec<String>> = rows.collect();
    let left_out = shape.rows.len() - shape.largest.len();
    if left_out > 0 {
        let mut rest = vec![String::new(); columns.len()];
        if let Some(first) = rest.first_mut() {
            *first = language().smaller_rows(left_out);
        }
        rows.push(rest);
    }
    Block::Table { columns, rows: rows.into() }
}

fn figures(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<Entry> {
    let QuotaIncrease { quota, ask } = asked;
    let f = &quota.figures;
    let a = requesting.input.assumptions;
    let above = MILLIONTHS.saturating_sub(a.config.confidence.millionths());
    let is_tokens = quota.id.kind.reserves_tokens();
    let mut figures = vec![
        (RequestFigure::Steady, Some(f.steady)),
        (RequestFigure::Peak(is_tokens), Some(f.peak)),
        (RequestFigure::Headroom(a.config.headroom.millionths()), f.formula),
    ];
    figures.extend(is_tokens.then_some((RequestFigure::InFlight, f.in_flight)));
    figures.extend([(RequestFigure::Burst(above), f.burst), (RequestFigure::Required, f.required)]);
    // A cap above what the rows set saves nothing.
    let lean = quota.lean_required.filter(|lean| f.required.is_none_or(|required| *lean < required));
    if is_tokens && quota.tight_max_tokens.is_some() && lean.is_some() {
        figures.push((RequestFigure::Lean(quota.tight_max_tokens, quota.tight_cut), lean));
    }
    figures.push((RequestFigure::Asked, Some(ask.desired)));
    let one = |(figure, value): (RequestFigure, Option<QuotaAmount>)| {
        let (label, how) = language().request_figure(figure);
        let value =
            value.map_or_else(|| language().mark(Mark::Unknown).to_owned(), |value| value.to_string());
        entry(label, value, vec![how])
    };
    figures.into_iter().map(one).collect()
}
