//! `explain` for the account's cross-model daily quota.

use super::plan::{SourceWords, entry};
use super::{Block, Entry, Records, SCHEMA_VERSION, View};
use crate::contract::explain as json;
use crate::engine::{AccountDaily, PlanInput};
use crate::text::Sources;

/// The view of the daily estimate of each account.
#[must_use]
pub fn explain_daily(sources: &Sources, input: &PlanInput<'_>, accounts: &[&AccountDaily]) -> View {
    let mut blocks = Vec::new();
    let mut rows = Vec::new();
    let mut reports = Vec::new();
    for daily in accounts {
        let code = daily.entry.known_code().unwrap_or("code unknown");
        let account = daily.account.as_ref().map(|name| format!(", account {name}")).unwrap_or_default();
        let entries = entries(sources, input, daily);
        let steps = entries.iter().map(|entry| json::DailyStep {
            figure: entry.label.clone(),
            calculation: entry.value.clone(),
            sources: entry.notes.clone(),
        });
        reports.push(json::ExplainedAccount { account: daily.account.clone(), steps: steps.collect() });
        for entry in &entries {
            let notes = entry.notes.join("; ");
            rows.push(vec![code.to_owned(), entry.label.clone(), entry.value.clone(), notes]);
        }
        blocks.push(Block::Heading(format!("Tokens a day over all models{account}, quota {code}")));
        blocks.push(Block::Entries(entries));
    }
    View {
        blocks,
        records: Records { columns: vec!["code", "figure", "calculation", "sources"], rows: rows.into() },
        json: Box::new(json::ExplainDailyDocument { schema_version: SCHEMA_VERSION, accounts: reports }),
    }
}

fn entries(sources: &Sources, input: &PlanInput<'_>, daily: &AccountDaily) -> Vec<Entry> {
    let words = SourceWords { sources };
    let default = daily.entry.default.known().map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
    let mut entries = vec![
        entry("default", default, vec![words.provenance(&daily.entry.provenance)]),
        words.granted(daily.granted.as_ref()),
        entry("adjustable", "no", vec!["ask in the support case of a tokens-per-minute request".to_owned()]),
    ];
    let zone = &input.assumptions.timezone;
    let hour = |tenths: Option<u32>| match tenths {
        Some(tenths) => format!("hour {}.{} of the day in {zone}", tenths / 10, tenths % 10),
        None => "never".to_owned(),
    };
    let sum = "sum over the rows of 60 x active hours x requests a minute x";
    entries.push(entry(
        "settled",
        daily.settled.to_string(),
        vec![format!("{sum} settled cost, the largest period")],
    ));
    for share in &daily.shares {
        let model = input.catalog.model(share.model);
        entries.push(entry(&format!("of which {}", model.name), share.settled.to_string(), Vec::new()));
    }
    let spread = "each row spread evenly over its active hours (assumed)".to_owned();
    entries.push(entry("passed by settled", hour(daily.hour_settled_tenths), vec![spread]));
    let billed = format!("{sum} (input + cache reads + cache writes + output), the largest period");
    entries.push(entry("billed", daily.billed.to_string(), vec![billed]));
    entries.push(entry("passed by billed", hour(daily.hour_billed_tenths), Vec::new()));
    let note = "AWS estimates this quota \"based on on-demand pricing\" and publishes no formula: both figures are estimates";
    entries.push(entry("rests on", "an estimate", vec![note.to_owned()]));
    entries
}
