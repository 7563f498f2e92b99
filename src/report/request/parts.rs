//! Parts of a request's document: measured use, and the stages of an increase.

use super::result::{QuotaIncrease, RequestReport};
use crate::engine::QuotaPlan;
use crate::minutes::{EVIDENCE_DAYS, LITTLE_USED};
use crate::report::Block;
use crate::report::Column;
use crate::report::notes::entry;
use crate::units::{Limit, grouped, percent_of};

/// Millionths as a percentage, all digits.
pub(super) fn exact_percent(millionths: u64) -> String {
    format!("{} %", percent_of(millionths))
}

/// A number of minutes in words.
pub(super) fn minutes_words(count: usize) -> String {
    if count == 1 { "1 minute".to_owned() } else { format!("{} minutes", grouped(count as u128)) }
}

/// What the per-minute table says of a quota.
pub(super) fn evidence(requesting: &RequestReport<'_>, quota: &QuotaPlan, title: &str) -> Vec<Block> {
    if requesting.minutes.is_none() {
        return Vec::new();
    }
    let heading = Block::Heading(format!("Measured use: {title}"));
    let Some((burn, ranked)) = requesting.ranked(quota) else {
        let words = if quota.id.long_context {
            "does not tell long inputs apart, so it says nothing of this quota."
        } else {
            "has no minute of this model and scope in its last 14 days: AWS may deny an increase for a quota that is \
             not used."
        };
        return vec![heading, Block::Paragraph(format!("{} {words}", requesting.evidence))];
    };
    let mut entries = vec![
        entry(
            "minutes with traffic",
            grouped(burn.minutes as u128),
            std::iter::once(format!(
                "{} to {}, the last {EVIDENCE_DAYS} days of {}",
                burn.first, burn.last, requesting.evidence
            ))
            .chain((!burn.is_period_known).then(|| {
                "CloudWatch's answer states no period, and these minutes do not show it: the sums may be of more than \
                 a minute"
                    .to_owned()
            }))
            .collect(),
        ),
        entry(&format!("{}, p50", quota.id.kind.unit()), ranked.p50.to_string(), Vec::new()),
        entry(&format!("{}, p90", quota.id.kind.unit()), ranked.p90.to_string(), Vec::new()),
        entry(&format!("{}, busiest", quota.id.kind.unit()), ranked.maximum.to_string(), Vec::new()),
        entry(
            "throttled",
            match (burn.throttled_minutes, burn.throttled_requests) {
                (Some(minutes), Some(requests)) => {
                    format!(
                        "{} requests, in {} of {} minutes",
                        grouped(u128::from(requests)),
                        grouped(minutes as u128),
                        grouped(burn.minutes as u128)
                    )
                }
                _ => "not known: the table does not say".to_owned(),
            },
            Vec::new(),
        ),
    ];
    let applied = match quota.granted_limit() {
        Some(Limit::Amount(applied)) => Some(applied),
        Some(Limit::Unlimited) | None => None,
    };
    let share = applied.and_then(|applied| ranked.share_of(applied)).map(|share| share.to_string());
    entries.push(entry(
        "share of the applied quota used",
        share.unwrap_or_else(|| "not known: the applied value is not given".to_owned()),
        vec!["in the busiest minute".to_owned()],
    ));
    let mut blocks = vec![heading, Block::Entries(entries)];
    blocks.extend(little_use(requesting, quota).map(Block::Paragraph));
    if quota.id.kind.reserves_tokens() {
        let differing = burn.minutes_of_another_rate(quota.rate.rate);
        if differing > 0 {
            blocks.push(Block::Paragraph(format!(
                "In {differing} of {} minutes the settled tokens are not input + cache writes + {} x output: the table was \
                 made with another burndown rate than {} that is planned with.",
                burn.minutes,
                quota.rate.rate.quota_tokens_per_output_token(),
                quota.rate.rate
            )));
        }
    }
    blocks
}

/// A warning where measured use is so little that AWS may deny an increase.
pub(super) fn little_use(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> Option<String> {
    let (burn, ranked) = requesting.ranked(quota)?;
    let Some(Limit::Amount(applied)) = quota.granted_limit() else { return None };
    burn.shows_little_use(ranked, applied).then(|| {
        format!(
            "less than {LITTLE_USED} % of the applied quota was in use in the busiest minute and no throttling is known: AWS \
             may deny the increase, since it gives priority to customers who use what they have (the {LITTLE_USED} % are \
             ours; AWS names no figure); say why the traffic is to come"
        )
    })
}

/// The stages of an increase, where there are several, under a heading.
pub(super) fn stages(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>, title: &str) -> Vec<Block> {
    let blocks = staged(requesting, asked);
    if blocks.is_empty() {
        return blocks;
    }
    std::iter::once(Block::Heading(format!("Stages: {title}"))).chain(blocks).collect()
}

/// The stages of an increase, where there are several.
pub(super) fn staged(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<Block> {
    let (Some(staging), [_, _, ..]) = (requesting.terms.staging, asked.ask.stages.as_slice()) else {
        return Vec::new();
    };
    let measured = requesting.ranked(asked.quota).map(|(_, ranked)| ranked.maximum);
    let rows = asked.ask.stages.iter().enumerate().map(|(index, stage)| {
        let when = match stage.after_use_of {
            None => "first".to_owned(),
            Some(used) => {
                let reached = measured.is_some_and(|measured| measured >= used);
                let reached = if reached { ", which was measured" } else { "" };
                format!("{used} {} in use{reached}", asked.quota.id.kind.unit())
            }
        };
        vec![
            (index + 1).to_string(),
            stage.desired.to_string(),
            when,
            stage.ask_by.map_or_else(|| "-".to_owned(), |date| date.to_string()),
        ]
    });
    let columns = vec![
        Column::numbers("Stage"),
        Column::numbers("Ask for"),
        Column::words("When"),
        Column::words("Ask by"),
    ];
    let table = Block::Table { columns, rows: rows.collect() };
    let used = exact_percent(staging.used.millionths());
    let factor = staging.factor;
    let quota = asked.quota;
    let most = match quota.granted_limit().zip(quota.default_limit()) {
        Some((applied, default)) if applied.is_below(default) => format!(
            "The first stage is at most {factor} times AWS's default of {default}, not the applied {applied}, since Service \
             Quotas takes no value at or below the default; each further stage is at most {factor} times the one before it"
        ),
        _ => format!("Each stage is at most {factor} times the value before it"),
    };
    let words = format!(
        "{most}; the next is asked for when {used} of the last are in use, {} days before it is needed. These thresholds are \
         ours: AWS publishes none. The first stage is asked for now.",
        staging.lead_days
    );
    let mut blocks = vec![table, Block::Paragraph(words)];
    blocks.extend(late(requesting, asked).map(|words| Block::Paragraph(words.to_owned())));
    blocks
}

/// A warning where the day to ask for the first stage by has passed.
pub(super) fn late(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Option<&'static str> {
    let first = asked.ask.stages.first().and_then(|stage| stage.ask_by)?;
    (first < requesting.input.assumptions.today.day()).then_some(
        "The day to ask for the first stage by has passed: ask at once, and expect the last stage later than needed.",
    )
}

/// A warning where the applied value is so far from what is needed that stages are no way to it.
pub(super) fn many(asked: &QuotaIncrease<'_>) -> Option<String> {
    const MANY: usize = 5;
    let count = asked.ask.stages.len();
    (count > MANY).then(|| {
        format!("{count} stages, since the applied value is far below what is needed: one request with the reasons may serve better")
    })
}

/// What is odd about the measured use of a quota, for whoever makes the request.
pub(super) fn oddities(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> Vec<String> {
    if requesting.minutes.is_none() || quota.id.long_context {
        return Vec::new();
    }
    let Some(burn) = requesting.burn(quota) else {
        return vec!["the evidence has no minute of this model and scope in its last 14 days".to_owned()];
    };
    let mut odd = Vec::new();
    let differing = burn.minutes_of_another_rate(quota.rate.rate);
    if quota.id.kind.reserves_tokens() && differing > 0 {
        odd.push(format!(
            "in {} of {} minutes of the evidence the settled tokens are not input + cache writes + {} x output",
            grouped(differing as u128),
            grouped(burn.minutes as u128),
            quota.rate.rate.quota_tokens_per_output_token()
        ));
    }
    let today = requesting.input.assumptions.today.day();
    let last = burn.last.to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = today.since(last).map_or(0, |span| span.get_days());
    if i64::from(days) > EVIDENCE_DAYS {
        odd.push(format!("the evidence ends on {last}, {days} days before {today}"));
    } else if last > today {
        odd.push(format!("the evidence ends on {last}, after the plan's date of {today}: give --today"));
    }
    odd
}
