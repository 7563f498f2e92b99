//! The JSON contract of `migrate`.

use serde::Serialize;

use super::SCHEMA_VERSION;
use super::migrate_changes_json::{ChangesReport, changes};
use super::migrate_parts::standing_out;
use super::migrate_words::{GUIDANCE, checklist};
use super::migrating::Migrating;
use super::plan::capacity_word;
use super::plan_json::{
    AssumptionsReport, DailyReport, FiguresReport, FindingReport, JsonLimit, assumptions, daily_report,
    figures_report, finding_report,
};
use crate::catalog::REGION;
use crate::engine::{AskBy, ModelLife, MonthlyCost, QuotaPath, QuotaPlan, Rollback, Stage};
use crate::text::FactDate;
use crate::units::{QuotaAmount, UsdCents};

#[derive(Debug, Serialize)]
pub(super) struct MigrateReport {
    schema_version: u32,
    region: &'static str,
    assumptions: AssumptionsReport,
    from: String,
    to: String,
    token_ratio: f64,
    start: Option<String>,
    every: String,
    lead_days: u32,
    assume_defaults: bool,
    rows: RowsReport,
    stages: Vec<StageReport>,
    quotas: Vec<PathReport>,
    lives: Vec<LifeReport>,
    rollback: Vec<RollbackReport>,
    changes: Vec<ChangesReport>,
    checklist: Vec<ElementReport>,
    checklist_source: &'static str,
    findings: Vec<FindingReport>,
}

#[derive(Debug, Serialize)]
struct RowReport {
    workload: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Box<str>>,
    line: usize,
}

/// The rows that move, and those of which something is to be said.
#[derive(Debug, Serialize)]
struct RowsReport {
    moved: Vec<RowReport>,
    max_tokens_lowered: Vec<RowReport>,
    max_tokens_unset: Vec<RowReport>,
    answers_cut: Vec<RowReport>,
}

#[derive(Debug, Serialize)]
struct StageReport {
    percent: u32,
    date: Option<String>,
    quotas: Vec<StageQuotaReport>,
    account_daily: Vec<DailyReport>,
    cost: StageCostReport,
}

/// A quota by the keys that the plan has for it, and whose it is.
#[derive(Debug, Serialize)]
struct QuotaKey {
    side: &'static str,
    account: Option<String>,
    model: String,
    scope: &'static str,
    kind: &'static str,
    long_context: bool,
    code: Option<String>,
}

#[derive(Debug, Serialize)]
struct StageQuotaReport {
    #[serde(flatten)]
    quota: QuotaKey,
    #[serde(flatten)]
    figures: FiguresReport,
}

#[derive(Debug, Serialize)]
struct StageCostReport {
    currency: &'static str,
    period: Option<String>,
    monthly_usd: Option<String>,
    priced_monthly_usd: String,
    old: SideCostReport,
    new: SideCostReport,
}

#[derive(Debug, Serialize)]
struct SideCostReport {
    monthly_usd: Option<String>,
    priced_monthly_usd: String,
}

#[derive(Debug, Serialize)]
struct PathReport {
    #[serde(flatten)]
    quota: QuotaKey,
    overlap_peak: PeakReport,
    exceeds_from_percent: Option<u32>,
    action: Option<&'static str>,
    ask: Option<u64>,
    lean_ask: Option<u64>,
    restore_to: Option<JsonLimit>,
    ask_by: Option<String>,
    ask_by_is_late: bool,
    takes_no_increases: bool,
    look_up_from_percent: Option<u32>,
    look_up_by: Option<String>,
}

/// The stage at which most is required, and what the other model's quotas require then.
#[derive(Debug, Serialize)]
struct PeakReport {
    percent: Option<u32>,
    required: Option<u64>,
    other_model: Vec<OtherReport>,
}

#[derive(Debug, Serialize)]
struct OtherReport {
    #[serde(flatten)]
    quota: QuotaKey,
    required: Option<u64>,
}

/// When a model ends, and the stages against that; null where it is not known.
#[derive(Debug, Serialize)]
struct LifeReport {
    side: &'static str,
    model: String,
    takes_no_increases: bool,
    price_rises: Option<String>,
    retirement: Option<String>,
    retirement_second_hand: bool,
    days_left: Option<i32>,
    last_stage: Option<String>,
    last_stage_days_after_retirement: Option<i32>,
    starts_today: bool,
    moved_percent: Option<u32>,
    begin_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct RollbackReport {
    #[serde(flatten)]
    quota: QuotaKey,
    required: Option<u64>,
    limit: Option<JsonLimit>,
    capacity_source: Option<&'static str>,
    holds: Option<bool>,
    headroom: Option<i64>,
}

#[derive(Debug, Serialize)]
struct ElementReport {
    element: &'static str,
    guidance: &'static str,
    served_by: Vec<String>,
}

fn amount(value: Option<QuotaAmount>) -> Option<u64> {
    value.map(QuotaAmount::get)
}

fn date(value: Option<FactDate>) -> Option<String> {
    value.map(|date| date.to_string())
}

fn key(all: &Migrating<'_>, path: &QuotaPath) -> QuotaKey {
    QuotaKey {
        side: path.side.as_str(),
        account: path.id.account.clone(),
        model: all.input.catalog.model(path.id.model).id.clone(),
        scope: path.id.scope.as_str(),
        kind: path.id.kind.as_str(),
        long_context: path.id.long_context,
        code: path.id.code.clone(),
    }
}

fn stage_quota(all: &Migrating<'_>, path: &QuotaPath, quota: &QuotaPlan) -> StageQuotaReport {
    StageQuotaReport { quota: key(all, path), figures: figures_report(quota) }
}

fn side_cost(cost: &MonthlyCost) -> SideCostReport {
    SideCostReport {
        monthly_usd: cost.usd().map(UsdCents::plain),
        priced_monthly_usd: cost.priced_usd().plain(),
    }
}

fn stage(all: &Migrating<'_>, at: usize, stage: &Stage) -> StageReport {
    let quotas = all.migrated.quotas.iter();
    let quotas = quotas.filter_map(|path| Some(stage_quota(all, path, all.migrated.quota(path, at)?)));
    let cost = &stage.plan.cost;
    let SideCostReport { monthly_usd, priced_monthly_usd } = side_cost(&cost.total);
    StageReport {
        percent: stage.percent,
        date: date(stage.date),
        quotas: quotas.collect(),
        account_daily: all.daily(stage).map(|daily| daily_report(all.input, daily)).collect(),
        cost: StageCostReport {
            currency: "USD",
            period: cost.period.map(|period| all.input.workloads.text(period).to_owned()),
            monthly_usd,
            priced_monthly_usd,
            old: side_cost(&stage.old_cost),
            new: side_cost(&stage.new_cost),
        },
    }
}

fn path(all: &Migrating<'_>, path: &QuotaPath) -> PathReport {
    let percent = |stage: usize| all.migrated.stages.get(stage).map(|stage| stage.percent);
    let peak = all.migrated.quota(path, path.peak);
    let by = |by: Option<AskBy>| date(by.map(|by| by.date));
    // Without demand there is nothing to state; what is stated and null is unknown.
    let others = all.migrated.others(path).filter_map(|other| {
        let then = all.migrated.quota(other, path.peak)?;
        Some(OtherReport { quota: key(all, other), required: amount(then.figures.required) })
    });
    PathReport {
        quota: key(all, path),
        overlap_peak: PeakReport {
            percent: percent(path.peak),
            required: peak.and_then(|quota| amount(quota.figures.required)),
            other_model: others.collect(),
        },
        exceeds_from_percent: path.exceeds_from.and_then(percent),
        action: peak.map(|quota| quota.action.as_str()),
        ask: peak.and_then(|quota| amount(quota.ask)),
        lean_ask: peak.and_then(|quota| amount(quota.lean_ask)),
        restore_to: peak.and_then(|quota| quota.restore_to).map(JsonLimit),
        ask_by: by(path.ask_by),
        ask_by_is_late: path.ask_by.is_some_and(|by| by.late),
        takes_no_increases: path.takes_no_increases,
        look_up_from_percent: path.look_up_from.and_then(percent),
        look_up_by: by(path.look_up_by),
    }
}

fn life(all: &Migrating<'_>, life: &ModelLife) -> LifeReport {
    let schedule = life.schedule.as_ref();
    LifeReport {
        side: life.side.as_str(),
        model: all.input.catalog.model(life.model).id.clone(),
        takes_no_increases: life.takes_no_increases,
        price_rises: date(life.price_rises),
        retirement: date(life.retirement),
        retirement_second_hand: life.retirement_second_hand,
        days_left: life.days_left,
        last_stage: date(schedule.map(|schedule| schedule.last_stage)),
        last_stage_days_after_retirement: schedule
            .zip(life.retirement)
            .map(|(schedule, end)| schedule.days_late(end)),
        starts_today: schedule.is_some_and(|schedule| schedule.starts_today),
        moved_percent: schedule.map(|schedule| schedule.moved_percent),
        begin_by: date(schedule.and_then(|schedule| schedule.begin_by)),
    }
}

fn rollback(all: &Migrating<'_>, back: &Rollback) -> Option<RollbackReport> {
    let path = all.migrated.quotas.get(back.quota)?;
    let quota = all.migrated.quota(path, 0)?;
    Some(RollbackReport {
        quota: key(all, path),
        required: amount(back.required),
        limit: back.limit.map(JsonLimit),
        capacity_source: quota.capacity_source.map(capacity_word),
        holds: back.holds,
        headroom: back.headroom.and_then(|headroom| i64::try_from(headroom).ok()),
    })
}

/// The JSON form of a migration.
pub(super) fn json(all: &Migrating<'_>) -> MigrateReport {
    let migrated = all.migrated;
    let model = |model| all.input.catalog.model(model);
    let rows = |indices: &[usize]| {
        let rows = indices.iter().filter_map(|index| all.input.workloads.rows().get(*index));
        let place = |row| all.input.workloads.row_line(all.sources, row);
        rows.map(|row| RowReport {
            workload: row.name().to_owned(),
            file: place(row).boxed_file(),
            line: place(row).line,
        })
        .collect()
    };
    let elements = checklist(all).into_iter().map(|one| ElementReport {
        element: one.name,
        guidance: one.guidance,
        served_by: one.served_by,
    });
    MigrateReport {
        schema_version: SCHEMA_VERSION,
        region: REGION,
        assumptions: assumptions(all.input.assumptions),
        from: model(migrated.from).id.clone(),
        to: model(migrated.to).id.clone(),
        token_ratio: migrated.token_ratio.to_f64(),
        start: date(migrated.calendar.start),
        every: migrated.calendar.every.plain(),
        lead_days: migrated.calendar.lead_days,
        assume_defaults: migrated.assume_defaults,
        rows: RowsReport {
            moved: rows(&migrated.moved.rows),
            max_tokens_lowered: rows(&migrated.moved.lowered),
            max_tokens_unset: rows(&migrated.moved.unset),
            answers_cut: rows(&migrated.moved.cut),
        },
        stages: migrated.stages.iter().enumerate().map(|(at, one)| stage(all, at, one)).collect(),
        quotas: migrated.quotas.iter().map(|one| path(all, one)).collect(),
        lives: migrated.lives.iter().map(|one| life(all, one)).collect(),
        rollback: migrated.rollback.iter().filter_map(|back| rollback(all, back)).collect(),
        changes: migrated.changes.iter().map(|one| changes(all, one)).collect(),
        checklist: elements.collect(),
        checklist_source: GUIDANCE,
        findings: standing_out(all)
            .iter()
            .map(|one| finding_report(all.sources, &one.input, one.plan, one.finding))
            .collect(),
    }
}
