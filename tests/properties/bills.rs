//! Random workload rows with all that their price depends on.

use proptest::prelude::*;

use super::facts::{Facts, Kind, NOTHING};
use super::rows::{COLUMNS, Decimal, ONE, Row, number, row};

/// A model of whose facts only the price, here unsaid, and the largest answer matter.
const fn text(id: &'static str, scope: &'static str, maximum: Option<u64>) -> Facts {
    Facts { id, scope, maximum, ..NOTHING }
}

const fn embedding(id: &'static str, scope: &'static str) -> Facts {
    Facts { id, scope, kind: Kind::Embedding, ..NOTHING }
}

const fn reranker(id: &'static str) -> Facts {
    Facts { id, scope: "in-region", kind: Kind::Rerank, ..NOTHING }
}

const HAIKU_5_5: &str = "anthropic.claude-haiku-5-5";
const SONNET_4_5: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const GPT_LUNA: &str = "openai.gpt-5.6-luna";
const GPT_SOL: &str = "openai.gpt-5.6-sol";
const GPT_6_1_SOL: &str = "openai.gpt-6.1-sol";
const GPT_6_1_TERRA: &str = "openai.gpt-6.1-terra";

/// Models with all prices, with some, with none, and with prices by length of input.
pub(crate) const PRICED: [Facts; 19] = [
    text("anthropic.claude-haiku-4-5-20251001-v1:0", "us", Some(64_000)),
    text("anthropic.claude-haiku-4-5-20251001-v1:0", "global", Some(64_000)),
    text("anthropic.claude-sonnet-5", "us", Some(128_000)),
    text(HAIKU_5_5, "us", Some(128_000)),
    text(SONNET_4_5, "global", Some(64_000)),
    text(GPT_LUNA, "us", Some(128_000)),
    text("amazon.nova-2-lite-v1:0", "global", Some(64_000)),
    text("amazon.nova-lite-v1:0", "ca", Some(10_000)),
    text("twelvelabs.pegasus-1-2-v1:0", "global", None),
    text("anthropic.claude-3-7-sonnet-20250219-v1:0", "us", Some(8_192)),
    embedding("cohere.embed-v4:0", "global"),
    embedding("amazon.titan-embed-image-v1", "in-region"),
    text(GPT_6_1_SOL, "us", Some(131_072)),
    text(GPT_6_1_TERRA, "global", None),
    text("moonshotai.kimi-k3", "us", Some(131_072)),
    reranker("cohere.rerank-v3-5:0"),
    reranker("amazon.rerank-v1:0"),
    // A promised price that is over, and one that AWS has raised since.
    text(GPT_SOL, "us", Some(128_000)),
    text("anthropic.claude-opus-4-1-20250805-v1:0", "us", Some(32_000)),
];

/// Models with a price of everything, whatever the length of the input.
pub(crate) const PLAIN: [Facts; 3] = [PRICED[0], PRICED[1], PRICED[2]];

/// The longest input of a model's first prices, copied by hand.
pub(crate) fn boundary(id: &str) -> Option<u64> {
    match id {
        HAIKU_5_5 => Some(100_000),
        SONNET_4_5 => Some(200_000),
        GPT_LUNA | GPT_SOL | GPT_6_1_SOL | GPT_6_1_TERRA => Some(272_000),
        _ => None,
    }
}

/// A row with what only its price depends on.
#[derive(Clone, Debug)]
pub(crate) struct Billed {
    pub(crate) row: Row,
    pub(crate) team: Option<&'static str>,
    pub(crate) days: Option<Decimal>,
    pub(crate) ttl: Option<&'static str>,
}

/// The file of some rows.
pub(crate) fn csv(rows: &[Billed]) -> String {
    let mut text = COLUMNS.join(",") + ",team,days_per_month,cache_ttl\n";
    for billed in rows {
        for cell in billed.row.cells() {
            text += &match cell.contains(',') {
                true => format!("\"{cell}\","),
                false => format!("{cell},"),
            };
        }
        let days = billed.days.map(|days| days.to_string()).unwrap_or_default();
        text += &format!("{},{days},{}\n", billed.team.unwrap_or_default(), billed.ttl.unwrap_or_default());
    }
    text
}

/// All input of a row, in millionths of a token.
pub(crate) fn all_input(row: &Row) -> u64 {
    row.input.0 + row.cache_read.0 + row.cache_write.0
}

/// Days of a month, never none: the law about rows of no days is in `money`.
fn days() -> impl Strategy<Value = Option<Decimal>> {
    let some = prop::sample::select(vec![1, ONE, 21 * ONE, 30_416_667, 31 * ONE]);
    let any = prop_oneof![some.prop_map(Decimal), number(30).prop_map(|days| Decimal(days.0 + 1))];
    prop::option::of(any)
}

/// One row; where prices depend on the length of the input, mostly one close to the boundary.
fn billed(models: &'static [Facts]) -> impl Strategy<Value = Billed> {
    let off = prop::sample::select(vec![-50_000_000_000, -1_000_000, -1, 0, 1, 1_000_000, 90_000_000_000]);
    let none = prop::sample::select(vec![false, false, false, true]);
    let team = prop::option::of(prop::sample::select(vec!["claims", "tax", "Zürich"]));
    let ttl = prop::option::of(prop::sample::select(vec!["5m", "30m", "1h"]));
    (row(models), off, (none.clone(), none.clone(), none), team, days(), ttl).prop_map(
        |(mut row, off, (no_reads, no_writes, no_rate), team, days, ttl)| {
            // Zeros, as without them hardly a sum with an unknown price would be known.
            if no_reads {
                row.cache_read = Decimal(0);
            }
            if no_writes {
                row.cache_write = Decimal(0);
            }
            if no_rate && row.peak.is_none() {
                row.rate = Decimal(0);
            }
            if let Some(tokens) = boundary(row.model.id) {
                let wanted = (tokens * ONE).checked_add_signed(off).unwrap();
                row.input = Decimal(wanted - row.cache_read.0 - row.cache_write.0);
                row.input_p95 = None;
            }
            Billed { row, team, days, ttl }
        },
    )
}

/// Rows with a name each; the first row of each season has one name in all of them.
pub(crate) fn bills(
    models: &'static [Facts],
    count: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<Billed>> {
    prop::collection::vec(billed(models), count).prop_map(|mut rows| {
        let mut seasons = Vec::new();
        for (index, billed) in rows.iter_mut().enumerate() {
            let first = billed.row.period.is_some() && !seasons.contains(&billed.row.period);
            billed.row.name = match first {
                true => "season".to_owned(),
                false => format!("w{index}"),
            };
            seasons.push(billed.row.period);
        }
        rows
    })
}

/// Rows each of which costs an odd number of half cents: 250 · odd tokens at $1 a million, sixty
/// times a day for one day.
pub(crate) fn half_cents() -> impl Strategy<Value = Vec<Billed>> {
    prop::collection::vec((bills(&PLAIN, 1..=1), 0_u64..80), 1..=4).prop_map(|rows| {
        let rows = rows.into_iter().enumerate().map(|(index, (mut rows, half))| {
            let billed = rows.remove(0);
            let row = Row {
                name: format!("w{index}"),
                model: PLAIN[1],
                rate: Decimal(ONE),
                peak: None,
                input: Decimal(250 * (2 * half + 1) * ONE),
                input_p95: None,
                cache_read: Decimal(0),
                cache_write: Decimal(0),
                output: Decimal(0),
                output_p95: None,
                output_p99: None,
                max_tokens: None,
                hours: Some("7-8"),
                growth: None,
                ..billed.row
            };
            Billed { row, days: Some(Decimal(ONE)), ..billed }
        });
        rows.collect()
    })
}
