//! `explain` for the account's cross-model daily quota.

use std::io::Write;

use crate::contract::explain as json;
use crate::engine::{AccountDaily, CapacitySource, Plan, PlanInput};
use crate::report::actions::steps_about_day;
use crate::report::notes::{SourceWords, entry};
use crate::report::words::language;
use crate::report::{Block, Detail, Entry, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::Sources;
use crate::text::plain::write_json;

/// The daily estimate of each account.
#[derive(Debug, Clone, Copy)]
pub struct ExplainDailyReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What was planned.
    pub input: &'a PlanInput<'a>,
    /// The plan.
    pub plan: &'a Plan,
    /// The accounts.
    pub accounts: &'a [&'a AccountDaily],
}

impl ExplainDailyReport<'_> {
    /// Each account with its quota's code and its calculation.
    fn each(&self) -> impl Iterator<Item = (&AccountDaily, &str, Vec<Entry>)> {
        self.accounts.iter().map(|daily| {
            let code = daily.entry.code_words();
            (*daily, code, entries(self.sources, self.input, daily))
        })
    }
}

impl Report for ExplainDailyReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        let planned = self.plan.actions(self.input);
        let of_account = |(daily, _, entries): (&AccountDaily, &str, Vec<Entry>)| {
            let holds = daily.capacity().map(|limit| limit.holds(daily.larger()));
            let tone = match (holds, daily.capacity_source()) {
                (Some(false), _) => Tone::Bad,
                (Some(true), Some(CapacitySource::Granted)) => Tone::Good,
                _ => Tone::Unsure,
            };
            let mut blocks = vec![Block::Verdict { tone, sentences: vec![language().day_verdict(daily)] }];
            let same = |other: &AccountDaily| other.account == daily.account;
            let index = self.plan.account_daily.iter().position(same);
            let steps = index.map(|index| steps_about_day(self.input, self.plan, &planned, index));
            blocks.extend(steps.filter(|steps| !steps.is_empty()).map(Block::Steps));
            blocks.extend(detail.has_evidence().then_some(Block::Entries(entries)));
            blocks
        };
        self.each().flat_map(of_account).collect()
    }

    fn records(&self) -> Records {
        let rows = self.each().flat_map(|(_, code, entries)| {
            let row = |entry: Entry| vec![code.to_owned(), entry.label, entry.value, entry.notes.join("; ")];
            entries.into_iter().map(row).collect::<Vec<_>>()
        });
        Records { columns: vec!["code", "figure", "calculation", "sources"], rows: rows.collect() }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let step = |entry: Entry| json::DailyStep {
            figure: entry.label,
            calculation: entry.value,
            sources: entry.notes,
        };
        let accounts = self.each().map(|(daily, _, entries)| json::ExplainedAccount {
            account: daily.account.clone(),
            steps: entries.into_iter().map(step).collect(),
        });
        let accounts = accounts.collect();
        write_json(out, &json::ExplainDailyDocument { schema_version: SCHEMA_VERSION, accounts })
    }
}

fn entries(sources: &Sources, input: &PlanInput<'_>, daily: &AccountDaily) -> Vec<Entry> {
    let words = SourceWords { sources };
    let default = daily.entry.default.known().map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
    let mut entries = vec![
        entry("default", default, vec![words.provenance(&daily.entry.provenance)]),
        words.granted(daily.granted.as_ref()),
        entry(
            "adjustable",
            "no",
            vec!["ask for it in the Support case of a tokens-per-minute request".to_owned()],
        ),
    ];
    let zone = &input.assumptions.config.timezone;
    let hour = |tenths: Option<u32>| match tenths {
        Some(tenths) => format!("hour {}.{} of the day in {zone}", tenths / 10, tenths % 10),
        None => "never".to_owned(),
    };
    let sum = "sum over the rows of 60 x active hours x requests per minute x";
    entries.push(entry(
        "settled",
        daily.settled.to_string(),
        vec![format!("{sum} settled cost, the largest period")],
    ));
    for share in &daily.shares {
        let model = input.catalog.model(share.model);
        entries.push(entry(&format!("of which {}", model.name), share.settled.to_string(), Vec::new()));
    }
    let spread = "each row is spread evenly over its active hours (assumed)".to_owned();
    entries.push(entry("exceeded by settled", hour(daily.hour_settled_tenths), vec![spread]));
    let billed = format!("{sum} (input + cache reads + cache writes + output), the largest period");
    entries.push(entry("billed", daily.billed.to_string(), vec![billed]));
    entries.push(entry("exceeded by billed", hour(daily.hour_billed_tenths), Vec::new()));
    let note = "AWS estimates this quota \"based on on-demand pricing\" and publishes no formula: both figures are estimates";
    entries.push(entry("status", "an estimate", vec![note.to_owned()]));
    entries
}
