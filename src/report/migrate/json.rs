//! The JSON contract of `migrate`.

use super::changes_json::changes;
use super::checklist::{GUIDANCE, checklist};
use super::parts::standing_out;
use super::result::MigrateReport;
use crate::catalog::REGION;
use crate::contract::migrate as json;
use crate::contract::parts::{QuotaKey, Row};
use crate::engine::{AskBy, ModelLife, MonthlyCost, QuotaPath, QuotaPlan, Rollback, Stage};
use crate::report::SCHEMA_VERSION;
use crate::report::notes::capacity_word;
use crate::report::plan::json::{
    amount, assumptions, daily_report, finding_report, quota_key, with_figures_of,
};
use crate::text::FactDate;
use crate::units::UsdCents;

fn date(value: Option<FactDate>) -> Option<String> {
    value.map(|date| date.to_string())
}

fn key(all: &MigrateReport<'_>, path: &QuotaPath) -> QuotaKey {
    quota_key(all.input.catalog, &path.id)
}

fn stage_quota(all: &MigrateReport<'_>, path: &QuotaPath, quota: &QuotaPlan) -> json::StageQuota {
    with_figures_of!(quota => json::StageQuota { side: path.side.as_str().into(), quota: key(all, path) })
}

fn side_cost(cost: &MonthlyCost) -> json::SideCost {
    json::SideCost {
        monthly_usd: cost.usd().map(UsdCents::plain),
        priced_monthly_usd: cost.priced_usd().plain(),
    }
}

fn stage(all: &MigrateReport<'_>, at: usize, stage: &Stage) -> json::Stage {
    let quotas = all.migrated.quotas.iter();
    let quotas = quotas.filter_map(|path| Some(stage_quota(all, path, all.migrated.quota(path, at)?)));
    let cost = &stage.plan.cost;
    let json::SideCost { monthly_usd, priced_monthly_usd } = side_cost(&cost.total);
    json::Stage {
        percent: stage.percent,
        date: date(stage.date),
        quotas: quotas.collect(),
        account_daily: all.daily(stage).map(|daily| daily_report(all.input, daily)).collect(),
        cost: json::StageCost {
            currency: "USD".into(),
            period: cost.period.map(|period| all.input.workloads.text(period).to_owned()),
            monthly_usd,
            priced_monthly_usd,
            old: side_cost(&stage.old_cost),
            new: side_cost(&stage.new_cost),
        },
    }
}

fn path(all: &MigrateReport<'_>, path: &QuotaPath) -> json::QuotaPath {
    let percent = |stage: usize| all.migrated.stages.get(stage).map(|stage| stage.percent);
    let peak = all.migrated.quota(path, path.peak);
    let by = |by: Option<AskBy>| date(by.map(|by| by.date));
    // Without demand there is nothing to state; what is stated and null is unknown.
    let others = all.migrated.others(path).filter_map(|other| {
        let then = all.migrated.quota(other, path.peak)?;
        Some(json::OtherQuota {
            side: other.side.as_str().into(),
            quota: key(all, other),
            required: amount(then.figures.required),
        })
    });
    json::QuotaPath {
        side: path.side.as_str().into(),
        quota: key(all, path),
        overlap_peak: json::OverlapPeak {
            percent: percent(path.peak),
            required: peak.and_then(|quota| amount(quota.figures.required)),
            other_model: others.collect(),
        },
        exceeds_from_percent: path.exceeds_from.and_then(percent),
        action: peak.map(|quota| quota.action.as_str().into()),
        ask: peak.and_then(|quota| amount(quota.ask)),
        lean_ask: peak.and_then(|quota| amount(quota.lean_ask)),
        restore_to: peak.and_then(|quota| quota.restore_to).map(Into::into),
        ask_by: by(path.ask_by),
        ask_by_is_late: path.ask_by.is_some_and(|by| by.late),
        takes_no_increases: path.takes_no_increases,
        look_up_from_percent: path.look_up_from.and_then(percent),
        look_up_by: by(path.look_up_by),
    }
}

fn life(all: &MigrateReport<'_>, life: &ModelLife) -> json::Life {
    let schedule = life.schedule.as_ref();
    json::Life {
        side: life.side.as_str().into(),
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

fn rollback(all: &MigrateReport<'_>, back: &Rollback) -> Option<json::Rollback> {
    let path = all.migrated.quotas.get(back.quota)?;
    let quota = all.migrated.quota(path, 0)?;
    Some(json::Rollback {
        side: path.side.as_str().into(),
        quota: key(all, path),
        required: amount(back.required),
        limit: back.limit.map(Into::into),
        capacity_source: quota.capacity_source.map(capacity_word).map(Into::into),
        holds: back.holds,
        headroom: back.headroom.and_then(|headroom| i64::try_from(headroom).ok()),
    })
}

/// The JSON form of a migration.
pub(in crate::report) fn document(all: &MigrateReport<'_>) -> json::MigrateDocument {
    let migrated = all.migrated;
    let model = |model| all.input.catalog.model(model);
    let rows = |indices: &[usize]| {
        let rows = indices.iter().filter_map(|index| all.input.workloads.rows().get(*index));
        let place = |row| all.input.workloads.row_line(all.sources, row);
        rows.map(|row| Row {
            workload: row.name().to_owned(),
            file: place(row).boxed_file(),
            line: place(row).line,
        })
        .collect()
    };
    let elements = checklist(all).into_iter().map(|one| json::Element {
        element: one.name.into(),
        guidance: one.guidance.into(),
        served_by: one.served_by,
    });
    json::MigrateDocument {
        schema_version: SCHEMA_VERSION,
        region: REGION.into(),
        assumptions: assumptions(all.input.assumptions),
        from: model(migrated.from).id.clone(),
        to: model(migrated.to).id.clone(),
        token_ratio: migrated.token_ratio.to_f64(),
        start: date(migrated.calendar.start),
        every: migrated.calendar.every.plain(),
        lead_days: migrated.calendar.lead_days,
        assume_defaults: migrated.assume_defaults,
        rows: json::Rows {
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
        checklist_source: GUIDANCE.into(),
        findings: standing_out(all)
            .iter()
            .map(|one| finding_report(all.sources, &one.input, one.plan, one.finding))
            .collect(),
    }
}
