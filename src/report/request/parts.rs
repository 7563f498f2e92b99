//! Parts of a request's document: measured use, and the stages of an increase.

use jiff::tz::TimeZone;

use super::result::{QuotaIncrease, RequestReport};
use crate::engine::QuotaPlan;
use crate::minutes::EVIDENCE_DAYS;
use crate::report::notes::entry;
use crate::report::words::{MeasuredEntry, RequestSection, RequestTable, RequestWarning, language};
use crate::report::{Block, Column};
use crate::units::Limit;

/// The columns of a table.
pub(super) fn columns(table: RequestTable) -> Vec<Column> {
    let holds_numbers = |column: usize| match table {
        RequestTable::Asked => (1..=4).contains(&column),
        RequestTable::TokenRows | RequestTable::RequestRows => column > 0,
        RequestTable::Stages => column < 2,
        RequestTable::Status => column == 1,
        RequestTable::Undecided | RequestTable::NotAsked => false,
    };
    let titles = language().table_titles(table).iter().enumerate();
    let column = |(at, title): (usize, &&'static str)| {
        if holds_numbers(at) { Column::numbers(title) } else { Column::words(title) }
    };
    titles.map(column).collect()
}

/// What the per-minute table says of a quota.
pub(super) fn evidence(requesting: &RequestReport<'_>, quota: &QuotaPlan, title: &str) -> Vec<Block> {
    if requesting.minutes.is_none() {
        return Vec::new();
    }
    let heading = Block::Heading(language().section(RequestSection::Measured(title)));
    let Some((burn, ranked)) = requesting.ranked(quota) else {
        let words = language().nothing_measured(requesting.evidence, quota.id.long_context);
        return vec![heading, Block::Paragraph(words)];
    };
    let applied = quota.granted_limit().and_then(Limit::amount);
    let entries = language().measured_entries(&MeasuredEntry {
        files: requesting.evidence,
        span: (burn.first, burn.last),
        days: EVIDENCE_DAYS,
        minutes: burn.minutes,
        unit: quota.id.kind.unit(),
        ranks: [ranked.p50, ranked.p90, ranked.maximum],
        throttled: burn.throttled_requests.zip(burn.throttled_minutes),
        share: applied.and_then(|applied| ranked.share_of(applied)),
        is_period_known: burn.is_period_known,
    });
    let entries = entries.into_iter().map(|(label, value, notes)| entry(&label, value, notes));
    vec![heading, Block::Entries(entries.collect())]
}

/// The stages of an increase, where there are several, under a heading.
pub(super) fn stages(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>, title: &str) -> Vec<Block> {
    let (Some(staging), [_, _, ..]) = (requesting.terms.staging, asked.ask.stages.as_slice()) else {
        return Vec::new();
    };
    let quota = asked.quota;
    let measured = requesting.ranked(quota).map(|(_, ranked)| ranked.maximum);
    let rows = asked.ask.stages.iter().enumerate().map(|(index, stage)| {
        let is_measured = stage.after_use_of.zip(measured).is_some_and(|(used, measured)| measured >= used);
        vec![
            (index + 1).to_string(),
            stage.desired.to_string(),
            language().stage_when(stage.after_use_of, quota.id.kind, is_measured),
            stage.ask_by.map_or_else(|| "-".to_owned(), |date| date.to_string()),
        ]
    });
    let from_default = quota.granted_limit().zip(quota.default_limit());
    let from_default = from_default.filter(|(applied, default)| applied.is_below(*default));
    vec![
        Block::Heading(language().section(RequestSection::Stages(title))),
        Block::Table { columns: columns(RequestTable::Stages), rows: rows.collect() },
        Block::Paragraph(language().stages_rule(&staging, from_default)),
    ]
}

/// What may have AWS deny an increase, or is odd about what it rests on.
pub(super) fn warnings(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<RequestWarning> {
    const MANY: usize = 5;
    /// Minutes with traffic below which evidence is short: an hour (assumed; AWS names no figure).
    const SHORT: usize = 60;
    let QuotaIncrease { quota, ask } = asked;
    let today = requesting.input.assumptions.today.day();
    let mut found = Vec::new();
    let applied = quota.granted_limit().and_then(Limit::amount);
    let little = requesting.ranked(quota).zip(applied);
    found.extend(
        little
            .is_some_and(|((burn, ranked), applied)| burn.shows_little_use(ranked, applied))
            .then_some(RequestWarning::LittleUse),
    );
    let measured = requesting.ranked(quota).map(|(_, ranked)| ranked.maximum);
    let above = measured.filter(|measured| *measured > ask.desired);
    found.extend(above.map(|measured| RequestWarning::MeasuredAbove(measured, ask.desired)));
    let ask_by = ask.stages.first().and_then(|stage| stage.ask_by);
    found.extend(ask_by.is_some_and(|day| day < today).then_some(RequestWarning::Late));
    found.extend((ask.stages.len() > MANY).then_some(RequestWarning::ManyStages(ask.stages.len())));
    if requesting.minutes.is_none() || quota.id.long_context {
        return found;
    }
    let Some(burn) = requesting.burn(quota) else {
        found.push(RequestWarning::NoMinutes);
        return found;
    };
    if burn.minutes < SHORT {
        found.push(RequestWarning::ShortEvidence(burn.minutes));
    }
    let differing = burn.minutes_of_another_rate(quota.rate.rate);
    if quota.id.kind.reserves_tokens() && differing > 0 {
        found.push(RequestWarning::OtherRate(differing, burn.minutes, quota.rate.rate));
    }
    let last = burn.last.to_zoned(TimeZone::UTC).date();
    let days = i64::from(today.since(last).map_or(0, |span| span.get_days()));
    if days > EVIDENCE_DAYS {
        found.push(RequestWarning::OldEvidence(last, days, today));
    } else if last > today {
        found.push(RequestWarning::LaterEvidence(last, today));
    }
    found
}
