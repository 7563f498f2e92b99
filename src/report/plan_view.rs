//! The plan for people: one table, what binds, and what stands out.

use std::io::Write;

use super::columns::plan_records;
use super::cost;
use super::plan::{capacity_word, edition_words, finding_note, short, short_or_unknown};
use super::plan_json::document;
use super::plan_simulated::SimulatedQuotas;
use super::{Block, Note, Records, Report};
use crate::catalog::RateStatus;
use crate::engine::{AccountDaily, Action, Plan, PlanInput, QuotaPlan};
use crate::text::plain::{cell_name, write_json};
use crate::text::{Severity, Sources};
use crate::units::{Limit, QuotaAmount, percent_of};
use crate::workload::Workload;

/// A plan, with what was simulated for it beside.
#[derive(Debug, Clone, Copy)]
pub struct PlanReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What was planned.
    pub input: &'a PlanInput<'a>,
    /// The plan.
    pub plan: &'a Plan,
    /// What was simulated for its quotas.
    pub simulated: Option<&'a SimulatedQuotas>,
}

impl Report for PlanReport<'_> {
    fn blocks(&self) -> Vec<Block> {
        let Self { sources, input, plan, simulated } = *self;
        let mut blocks = vec![quota_table(input, plan, simulated)];
        blocks.extend(summary(input, plan).into_iter().map(Block::Paragraph));
        let of_simulated = simulated.map(|simulated| simulated.paragraphs(input, plan)).unwrap_or_default();
        blocks.extend(of_simulated.into_iter().map(Block::Paragraph));
        blocks.extend(cost::blocks(input, plan));
        let notes = notes(sources, input, plan);
        if !notes.is_empty() {
            blocks.push(Block::Heading(format!("What stands out ({})", counts(&notes))));
            blocks.push(Block::Notes(notes));
        }
        blocks
    }

    fn records(&self) -> Records {
        plan_records(self.input, self.plan, self.simulated)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write_json(out, &document(self.sources, self.input, self.plan, self.simulated))
    }
}

fn counts(notes: &[Note]) -> String {
    let words = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counted = words.into_iter().filter_map(|(severity, word)| {
        let count = notes.iter().filter(|note| note.severity == severity).count();
        (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn or_unknown(amount: Option<QuotaAmount>) -> String {
    amount.map_or_else(|| "unknown".to_owned(), |amount| amount.to_string())
}

/// What to do, in a few words; the lean plan first wherever the larger one rests on reservations.
pub(super) fn to_do(quota: &QuotaPlan) -> String {
    let tight = quota.tight_max_tokens.map(|tight| tight.to_string()).unwrap_or_default();
    match quota.action {
        Action::None => "nothing: it fits".to_owned(),
        Action::VerifyApplied if quota.entry.is_none() => "no quota: not offered".to_owned(),
        // Without a default there is nothing to restore it to, and nothing is below 0.
        Action::VerifyApplied => match quota.figures.required {
            Some(required) if quota.default_limit().is_some() && required.get() > 0 => {
                format!("look up; restore if below {}", short(required))
            }
            _ => "look up the applied value".to_owned(),
        },
        Action::LowerMaxTokens => match quota.lean_ask {
            None => match quota.lean_required.and_then(|lean| quota.restored_for(lean)) {
                Some(default) => format!("lower max_tokens to {tight}, restore AWS's default of {default}"),
                None => format!("lower max_tokens to {tight}"),
            },
            Some(ask) => format!("lower max_tokens to {tight}, ask for {ask}"),
        },
        Action::Restore => restore_words(quota),
        Action::Migrate => "move to another model: AWS grants no increases".to_owned(),
        Action::Request => {
            let adjustable = quota.may_be_adjustable();
            let ask = |amount: Option<QuotaAmount>| {
                let amount = or_unknown(amount);
                if adjustable { format!("ask for {amount}") } else { format!("support case for {amount}") }
            };
            match (quota.figures.required, quota.lean_required, quota.lean_ask) {
                // An ask that rests on reservations is never put first.
                (Some(required), Some(lean), Some(_))
                    if u128::from(required.get()) * 4 > u128::from(lean.get()) * 5 =>
                {
                    format!("lower max_tokens to {tight}, {}", ask(quota.lean_ask))
                }
                _ => ask(quota.ask),
            }
        }
    }
}

/// What an applied value below AWS's default needs, with the cap where the default holds no more.
fn restore_words(quota: &QuotaPlan) -> String {
    let default = quota.restore_to.map(|limit| limit.to_string()).unwrap_or_default();
    match quota.restoring_cap() {
        Some(cap) => format!("lower max_tokens to {cap}, restore AWS's default of {default}"),
        None => format!("restore AWS's default of {default}"),
    }
}

fn quota_table(input: &PlanInput<'_>, plan: &Plan, simulated: Option<&SimulatedQuotas>) -> Block {
    let required =
        if simulated.is_some_and(SimulatedQuotas::is_any) { "Required /\nsimulated" } else { "Required" };
    let columns = vec![
        ("Quota", false),
        ("Mean", true),
        ("Peak", true),
        ("With\nreservations", true),
        (required, true),
        ("Granted or\ndefault", true),
        ("What to do", false),
    ];
    let rows =
        plan.quotas.iter().enumerate().map(|(index, quota)| {
            quota_row(input, quota, simulated.and_then(|simulated| simulated.line(index)))
        });
    let daily = plan.account_daily.iter().map(daily_row);
    Block::Table { columns, rows: rows.chain(daily).collect() }
}

/// The account's quota over all models: an estimate, with nothing to ask for through Service Quotas.
fn daily_row(daily: &AccountDaily) -> Vec<String> {
    let mut name = vec!["All models".to_owned(), format!("tpd {}", daily.entry.code_words())];
    name.extend(daily.account.as_ref().map(|account| format!("account {}", cell_name(account))));
    let granted = daily.granted.as_ref().and_then(|granted| granted.value.known());
    let source = if granted.is_some() { "granted" } else { "default" };
    let capacity = match daily.capacity() {
        Some(Limit::Amount(amount)) => format!("{}\n{source}", short(amount)),
        Some(Limit::Unlimited) => format!("unlimited\n{source}"),
        None => "unknown".to_owned(),
    };
    let passes = daily.hour_settled_tenths.or(daily.hour_billed_tenths).is_some();
    let to_do = if passes { "support case, see below" } else { "nothing: it fits by estimate" };
    let dash = || "-".to_owned();
    vec![
        name.join("\n"),
        format!("{}\nestimate", short(daily.settled)),
        dash(),
        dash(),
        dash(),
        capacity,
        to_do.to_owned(),
    ]
}

fn quota_row(input: &PlanInput<'_>, quota: &QuotaPlan, simulated: Option<String>) -> Vec<String> {
    let figures = &quota.figures;
    let mut name = vec![quota.id.place(input.catalog), quota.id.kind_and_code()];
    name.extend(quota.id.account.as_ref().map(|account| format!("account {}", cell_name(account))));
    if quota.rate.status == RateStatus::Unknown && quota.id.kind.counts_tokens() {
        name.push(format!("rate unknown, {} planned", quota.rate.rate));
    }
    let capacity = match (quota.capacity(), quota.capacity_source) {
        (Some(Limit::Amount(amount)), Some(source)) => {
            format!("{}\n{}", short(amount), capacity_word(source))
        }
        (Some(Limit::Unlimited), Some(source)) => format!("unlimited\n{}", capacity_word(source)),
        _ => "unknown".to_owned(),
    };
    let reserves = quota.id.kind.reserves_tokens();
    let in_flight = if reserves { short_or_unknown(figures.in_flight) } else { "-".to_owned() };
    let period = figures.slot.period.filter(|_| figures.required.is_some());
    let period = period.map(|period| format!("in {}", cell_name(input.workloads.text(period))));
    let required = [Some(short_or_unknown(figures.required)), simulated, period];
    vec![
        name.join("\n"),
        short(figures.steady),
        // A whole day at the busiest minute's rate means nothing to a reader.
        if quota.id.kind.is_daily() { "-".to_owned() } else { short(figures.peak) },
        in_flight,
        required.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        capacity,
        to_do(quota),
    ]
}

fn summary(input: &PlanInput<'_>, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(quota) = plan.binding.and_then(|index| plan.quotas.get(index)) {
        let model = input.catalog.model(quota.id.model);
        let of = quota.capacity_source.map_or("capacity", capacity_word);
        let share = match quota.utilisation {
            Some(utilisation) => format!("{utilisation} of its {of} value"),
            None => format!("demand where the {of} value is 0"),
        };
        lines.push(format!(
            "Binding: {} {} {}, {}, {share}.",
            model.name,
            quota.id.scope,
            quota.id.kind.as_str(),
            quota.id.code_words()
        ));
    }
    let a = input.assumptions;
    let grows = |row: &Workload| row.growth_per_month().is_some_and(|growth| growth.millionths() > 0);
    let growth = match a.months {
        0 => String::new(),
        _ if !input.workloads.rows().iter().any(grows) => {
            " --months changes nothing: no row states growth_per_month.".to_owned()
        }
        1 => " Rates are grown by 1 month.".to_owned(),
        months => format!(" Rates are grown by {months} months."),
    };
    lines.push(format!(
        "Mean and peak are requests a minute times settled cost, as AWS computes it. Required is the larger \
         of two: peak plus {} % headroom, and a level that is exceeded {} % of the time while each request holds \
         input + max_tokens until it completes (assumed), with room for one request more. Daily quotas \
         (tpd) need the mean day plus headroom. What to ask for is rounded up to two digits, so the margins \
         add up.{growth}",
        percent_of(a.config.headroom.millionths()),
        percent_of(1_000_000 - a.config.confidence.millionths().min(1_000_000)),
    ));
    lines.extend(edition_words(&a.config.policy));
    lines
}

fn notes(sources: &Sources, input: &PlanInput<'_>, plan: &Plan) -> Vec<Note> {
    plan.findings.iter().map(|finding| finding_note(sources, input, plan, finding)).collect()
}
