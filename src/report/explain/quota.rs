//! `explain`: the calculation of a quota line by line, each figure with its cell, table row and
//! AWS source, written for a reviewer at AWS.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::io::Write;

use num_rational::BigRational;

use super::row::{RowWords, decimal};
use crate::catalog::RateStatus;
use crate::contract::explain as json;
use crate::engine::{Plan, PlanInput, QuotaDetail, QuotaPlan, RowTotals};
use crate::report::actions::steps_about;
use crate::report::notes::{SourceWords, entry};
use crate::report::plan::json::quota_report;
use crate::report::words::language;
use crate::report::{Block, Detail, Entry, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::Sources;
use crate::text::plain::write_json;
use crate::units::{Fact, Limit, QuotaAmount, QuotaKind};

/// Rows of a screen; more are counted.
const ROWS: usize = 5;

/// What the heading of a row begins with.
const ROW: &str = "Row ";

/// The columns of a calculation's records, which are those of a request's trail.
pub const EXPLAIN_COLUMNS: [&str; 5] = ["code", "section", "figure", "calculation", "sources"];

fn record(quota: &QuotaPlan, section: &str, entry: &Entry) -> Vec<String> {
    vec![
        quota.code().unwrap_or_default().to_owned(),
        section.to_owned(),
        entry.label.clone(),
        entry.value.clone(),
        entry.notes.join("; "),
    ]
}

/// Gives the records of a quota's calculation one after another: all of a large file's together take many
/// times the memory of the file.
pub(in crate::report) fn each_explain_record(
    sources: &Sources,
    input: &PlanInput<'_>,
    plan: &Plan,
    quota: &QuotaPlan,
    take: &mut dyn FnMut(Vec<String>),
) {
    each_section(sources, input, plan, quota, &mut |section, entries| {
        entries.for_each(|entry| take(record(quota, &section, &entry)));
    });
}

/// The calculations of one or more quotas.
#[derive(Debug, Clone, Copy)]
pub struct ExplainReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What was planned.
    pub input: &'a PlanInput<'a>,
    /// The plan.
    pub plan: &'a Plan,
    /// The quotas of it.
    pub quotas: &'a [&'a QuotaPlan],
}

impl ExplainReport<'_> {
    fn each_section(&self, quota: &QuotaPlan, take: &mut dyn FnMut(String, &mut dyn Iterator<Item = Entry>)) {
        each_section(self.sources, self.input, self.plan, quota, take);
    }

    /// The calculation of a quota: on a screen with the rows that have the largest shares.
    fn calculation(&self, quota: &QuotaPlan, detail: Detail, blocks: &mut Vec<Block>) {
        let indices = self.plan.rows_of(quota);
        let most = if detail.has_all_rows() { indices.len() } else { ROWS };
        let mut parts: Vec<(u32, usize)> = self
            .plan
            .contributions(self.input, quota)
            .map(|part| (part.share_ten_thousandths, part.row))
            .collect();
        parts.sort_by_key(|(share, row)| (Reverse(*share), *row));
        let shown: HashSet<usize> = parts.iter().take(most).map(|(_, row)| *row).collect();
        let mut rows = indices.iter();
        let mut left_out = 0;
        self.each_section(quota, &mut |section, entries| {
            let is_row = section.starts_with(ROW);
            if is_row && rows.next().is_some_and(|row| !shown.contains(&(*row as usize))) {
                left_out += 1;
                return;
            }
            if !is_row && left_out > 0 {
                blocks.push(Block::Rest(language().more_rows(left_out)));
                left_out = 0;
            }
            blocks.extend([Block::Heading(section), Block::Entries(entries.collect())]);
        });
    }

    fn steps(&self, quota: &QuotaPlan) -> Vec<json::Step> {
        let mut steps = Vec::new();
        self.each_section(quota, &mut |section, entries| {
            steps.extend(entries.map(|entry| json::Step {
                section: section.clone(),
                figure: entry.label,
                calculation: entry.value,
                sources: entry.notes,
            }));
        });
        steps
    }
}

impl Report for ExplainReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        let planned = self.plan.actions(self.input);
        let mut blocks = Vec::new();
        for quota in self.quotas {
            let index = self.plan.quotas.iter().position(|other| std::ptr::eq(other, *quota));
            let steps = index.map(|index| steps_about(self.input, self.plan, &planned, index));
            let tone = match (steps.as_deref(), quota.exceeds()) {
                (_, true) => Tone::Bad,
                (Some([]), false) => Tone::Good,
                _ => Tone::Unsure,
            };
            let sentences = vec![language().quota_verdict(quota, self.input)];
            blocks.push(Block::Verdict { tone, sentences });
            blocks.extend(steps.filter(|steps| !steps.is_empty()).map(Block::Steps));
            if detail.has_evidence() {
                self.calculation(quota, detail, &mut blocks);
            }
        }
        blocks
    }

    fn records(&self) -> Records {
        let mut rows = Vec::new();
        for quota in self.quotas {
            each_explain_record(self.sources, self.input, self.plan, quota, &mut |row| rows.push(row));
        }
        Records { columns: EXPLAIN_COLUMNS.to_vec(), rows: rows.into() }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let quotas = self.quotas.iter().map(|quota| json::ExplainedQuota {
            quota: quota_report(self.sources, self.input, self.plan.detail(self.input, quota)),
            steps: self.steps(quota),
        });
        write_json(out, &json::ExplainDocument { schema_version: SCHEMA_VERSION, quotas: quotas.collect() })
    }
}

fn or_unknown(amount: Option<QuotaAmount>) -> String {
    amount.map_or_else(|| "unknown".to_owned(), |amount| amount.to_string())
}

/// Gives the sections of a quota's calculation one after another, and the entries of each likewise.
fn each_section(
    sources: &Sources,
    input: &PlanInput<'_>,
    plan: &Plan,
    quota: &QuotaPlan,
    take: &mut dyn FnMut(String, &mut dyn Iterator<Item = Entry>),
) {
    let model = input.catalog.model(quota.id.model);
    let title = format!(
        "{} {} {}, quota {}",
        model.name,
        quota.id.scope,
        quota.id.kind.as_str(),
        quota.id.code_words()
    );
    take(title, &mut facts(sources, input, quota).into_iter());
    let detail = plan.detail(input, quota);
    take("What to do".to_owned(), &mut decision(input, &detail).into_iter());
    let totals = detail.add_up(|row, contribution| {
        let period = row.period().map(|p| format!(", {}", input.workloads.text(p))).unwrap_or_default();
        let hours = row.hours().map(|hours| format!(", {hours}")).unwrap_or_default();
        let line = input.workloads.row_line(sources, row);
        let words = RowWords { sources, input, quota, row, contribution };
        let section = format!("{ROW}{}{period}{hours} ({line})", row.name());
        take(section, &mut words.entries().into_iter());
    });
    take("Total".to_owned(), &mut figures(input, plan, quota, &totals.demand).into_iter());
    take("Shares of the peak".to_owned(), &mut shares(totals));
}

fn facts(sources: &Sources, input: &PlanInput<'_>, quota: &QuotaPlan) -> Vec<Entry> {
    let model = input.catalog.model(quota.id.model);
    let words = SourceWords { sources };
    let mut entries = vec![entry("model", model.id.clone(), Vec::new())];
    if let Some(scope) = model.scope(quota.id.scope) {
        let profile =
            scope.profile.clone().unwrap_or_else(|| "none: called on demand in ca-central-1".to_owned());
        entries.push(entry("inference profile", profile, vec![words.provenance(&scope.provenance)]));
    }
    if let Some(fact) = &quota.entry {
        let name = fact.name.clone().known().unwrap_or_else(|| "unknown".to_owned());
        entries.push(entry("AWS's name", name, Vec::new()));
        let default = quota.default_limit().map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
        entries.push(entry("default", default, vec![words.provenance(&fact.provenance)]));
        let adjustable = match fact.adjustable {
            Fact::Known(true) => "yes",
            Fact::Known(false) => "no",
            Fact::Absent | Fact::Unknown => "unknown",
        };
        entries.push(entry("adjustable", adjustable, Vec::new()));
    } else {
        entries.push(entry("quota", "none: the model is not callable from ca-central-1", Vec::new()));
    }
    entries.push(words.granted(quota.granted.as_ref()));
    if quota.id.kind.counts_tokens() {
        entries.push(burndown(sources, input, quota));
    }
    entries
}

fn burndown(sources: &Sources, input: &PlanInput<'_>, quota: &QuotaPlan) -> Entry {
    let words = SourceWords { sources };
    let model = input.catalog.model(quota.id.model);
    let statement = quota.rate.statement.and_then(|index| model.burndown.get(index));
    let mut notes: Vec<String> = statement.map(|s| words.provenance(&s.provenance)).into_iter().collect();
    if statement.is_none() {
        notes.push("no statement is that old, so the table's worst case is used".to_owned());
    }
    for other in &quota.alternatives {
        if other.rate == quota.rate.rate {
            notes.push(format!("also stated earlier: {}", words.provenance(&other.provenance)));
            continue;
        }
        let required = or_unknown(other.required);
        notes.push(format!(
            "{} statement: {}, which would give {required} ({})",
            other.status.as_str(),
            other.rate,
            words.provenance(&other.provenance)
        ));
    }
    let status = match quota.rate.status {
        RateStatus::Unknown => "unknown, worst case planned",
        status => status.as_str(),
    };
    entry("burndown rate", format!("{} ({status})", quota.rate.rate), notes)
}

/// The figures of the quota, which rest on a sum over the rows that are active in its slot: of their mean day,
/// or of their busiest minute.
fn figures(input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan, sum: &BigRational) -> Vec<Entry> {
    let figures = &quota.figures;
    let a = input.assumptions;
    let sum = decimal(sum);
    let period = figures.slot.period.map(|symbol| input.workloads.text(symbol).to_owned());
    let hour = figures.slot.hour.map(|hour| format!("{hour:02}:00 to {hour:02}:59"));
    let slot: Vec<String> = period.into_iter().chain(hour).collect();
    let mut entries = vec![entry(
        "binding hour",
        if slot.is_empty() { "the whole day".to_owned() } else { slot.join(", ") },
        vec![
            "the period and hour of the largest requirement; other figures may be largest at another time"
                .to_owned(),
        ],
    )];
    entries.push(entry(
        "steady",
        figures.steady.to_string(),
        vec!["sum of requests per minute x settled cost".to_owned()],
    ));
    entries.push(entry(
        "peak",
        figures.peak.to_string(),
        vec!["sum of busiest minute x settled cost".to_owned()],
    ));
    match quota.id.kind {
        QuotaKind::Tpd => {
            let value = format!("{} = {sum} x (1 + {})", or_unknown(figures.required), a.config.headroom);
            entries[1].notes =
                vec!["sum of 60 x active hours x requests per minute x settled cost".to_owned()];
            entries[2].notes = vec!["the same, as if every minute were the busiest".to_owned()];
            entries.push(entry("required", value, vec!["the mean day plus headroom".to_owned()]));
            return entries;
        }
        QuotaKind::Rpm => {
            entries[1].notes = vec!["sum of requests per minute".to_owned()];
            entries[2].notes = vec!["sum of the busiest minutes".to_owned()];
            let note =
                format!("peak + {} x square root of the sum of (dispersion x busiest minute) + 1", a.z());
            entries.push(entry("burst", or_unknown(figures.burst), vec![note]));
        }
        QuotaKind::Tpm => {
            entries.push(entry(
                "in flight",
                or_unknown(figures.in_flight),
                vec!["sum over the rows that are active in that hour".to_owned()],
            ));
            let working = plan.working(input, quota).ok().flatten();
            if let Some((working, mean)) =
                working.as_ref().and_then(|w| w.in_flight.as_ref().map(|mean| (w, mean)))
            {
                let note = "square root of the sum over the rows of busiest minute x (latency share x max(reservation^2 + \
                            variance of input, settled^2 + variance) + (1 - latency share) x (settled^2 + variance)); \
                            latency share = min(latency, 60) / 60, variances from the p95 columns";
                entries.push(entry(
                    "standard deviation",
                    format!("{:.3}", working.deviation),
                    vec![note.to_owned()],
                ));
                let value = format!(
                    "{} = {} + {:.6} x {:.3} + {}",
                    or_unknown(figures.burst),
                    decimal(mean),
                    a.z(),
                    working.deviation,
                    working.room
                );
                let note = format!(
                    "in flight + z x standard deviation + the largest reservation; z for a confidence of {}; \
                     {} rows are active in that hour",
                    a.config.confidence,
                    working.rows.len()
                );
                entries.push(entry("burst", value, vec![note]));
            } else {
                entries.push(entry("burst", "unknown", vec!["a reservation is not known".to_owned()]));
            }
        }
    }
    let formula = format!("{} = {sum} x (1 + {})", or_unknown(figures.formula), a.config.headroom);
    entries.push(entry(
        "formula",
        formula,
        vec![
            "peak plus headroom: what AWS can verify in its own metrics, which leave reservations out"
                .to_owned(),
        ],
    ));
    let required = match figures.required {
        Some(required) => {
            format!("{required} = max({}, {})", or_unknown(figures.formula), or_unknown(figures.burst))
        }
        None => "unknown".to_owned(),
    };
    entries.push(entry("required", required, vec!["each figure is rounded up once".to_owned()]));
    entries
}

/// Shares of the peak by workload and by team, the largest first.
fn shares<'a>(totals: RowTotals<'a>) -> impl Iterator<Item = Entry> + use<'a> {
    let by_team = totals.share_by_team.into_iter().map(|(team, share)| (team.unwrap_or("(no team)"), share));
    listed("workload", totals.share_by_workload).chain(listed("team", by_team))
}

fn listed<'a, S: IntoIterator<Item = (&'a str, u32)>>(
    word: &'static str,
    shares: S,
) -> impl Iterator<Item = Entry> + use<'a, S> {
    let mut shares: Vec<(&str, u32)> = shares.into_iter().collect();
    shares.sort_by_key(|(name, share)| (Reverse(*share), *name));
    let line = move |(name, share): (&str, u32)| {
        entry(&format!("{word} {name}"), format!("{}.{:02} %", share / 100, share % 100), Vec::new())
    };
    shares.into_iter().map(line)
}

fn decision(input: &PlanInput<'_>, detail: &QuotaDetail<'_>) -> Vec<Entry> {
    let quota = detail.quota;
    let source = quota
        .capacity_source
        .map_or("neither the applied quota nor the default is known", crate::report::notes::capacity_word);
    let capacity = match quota.capacity() {
        Some(limit) => format!("{limit} ({source})"),
        None => format!("unknown ({source})"),
    };
    let mut entries = vec![
        entry("capacity", capacity, Vec::new()),
        entry("verdict", quota.verdict.as_str(), vec!["compared only with the applied quota".to_owned()]),
        entry("action", language().quota_action(quota), vec![quota.action.as_str().to_owned()]),
    ];
    if let Some(tight) = quota.tight_max_tokens {
        let basis = quota.tight_basis.unwrap_or_default();
        let confidence = input.assumptions.config.confidence;
        let notes = vec![
            format!("{}, rounded up to two digits", language().tight_basis(basis, confidence)),
            format!("expected to cut off {} of the answers", language().cut_share(quota.tight_cut)),
        ];
        entries.push(entry("tight max_tokens", tight.to_string(), notes));
        let lean = match (quota.lean_required, quota.lean_ask, quota.capacity()) {
            (Some(lean), Some(ask), _) => format!("{lean}, so ask for {ask}"),
            (Some(lean), None, Some(capacity)) if capacity.holds(lean) => {
                format!("{lean}, which needs no increase")
            }
            (Some(lean), None, Some(_)) => match quota.restored_for(lean) {
                Some(default) => {
                    format!("{lean}, for which AWS's default of {default} is enough once it is restored")
                }
                None => format!("{lean}, which exceeds the quota; AWS grants no increase for this model"),
            },
            (Some(lean), None, None) => format!("{lean}; look up the applied value first"),
            (None, _, _) => "unknown".to_owned(),
        };
        entries.push(entry("required with it", lean, Vec::new()));
    }
    if let Some(fitting) = quota.fitting_max_tokens.and_then(QuotaAmount::new) {
        let limit =
            quota.capacity().and_then(Limit::amount).map(|limit| limit.to_string()).unwrap_or_default();
        let note = format!("the largest cap at which the requirement stays within {limit}");
        entries.push(entry("fitting max_tokens", fitting.to_string(), vec![note]));
    }
    if let Some(ask) = quota.ask {
        let note = "required, rounded up to two digits, if max_tokens stays as configured".to_owned();
        entries.push(entry("ask as configured", ask.to_string(), vec![note]));
    }
    for lever in &detail.levers {
        let note = match lever.kind {
            crate::engine::LeverKind::MaxTokens => "max_tokens lowered to the tight cap",
            crate::engine::LeverKind::Caching => {
                "half of each row's input read from the prompt cache (an illustration)"
            }
            crate::engine::LeverKind::Spread => "the busiest minute lowered to the mean",
            crate::engine::LeverKind::Split => {
                "half of every rate moved to the other of us and global (an illustration)"
            }
            crate::engine::LeverKind::Batch => {
                "requests that can wait moved to batch inference, which has its own quotas"
            }
        };
        let value = lever.required.map_or_else(|| "no figure".to_owned(), |left| format!("{left} required"));
        entries.push(entry(&format!("lever {}", lever.kind.as_str()), value, vec![note.to_owned()]));
    }
    if quota.id.kind.reserves_tokens() {
        let reserve = if input.assumptions.config.reserve_cache_reads { "counted" } else { "not counted" };
        let note = format!(
            "reservations are held until completion (assumed); cache reads are {reserve} in them; AWS does not \
             publish the window or the refill"
        );
        entries.push(entry("assumptions", "sizing rules", vec![note]));
    }
    entries
}
