//! What stands in the way of a migration, in words: the ends of the models, and where the traffic goes.

use super::parts::standing_out;
use super::result::MigrateReport;
use crate::engine::{ModelLife, Schedule, Side};
use crate::report::words::{FindingIn, Sentence, language};
use crate::text::{Code, FactDate};

/// A sentence or two for each thing that stands in the way.
pub(super) fn in_the_way(all: &MigrateReport<'_>) -> Vec<String> {
    let mut words: Vec<String> = all.migrated.lives.iter().map(|life| life_words(all, life)).collect();
    let broken = standing_out(all).into_iter().filter(|one| {
        matches!(one.finding.code, Code::Residency | Code::ResidencyUnknown)
            && one.finding.quota.is_some_and(|quota| {
                one.plan.quotas.get(quota).is_some_and(|quota| quota.id.model == all.migrated.to)
            })
    });
    words.extend(broken.map(|one| {
        let of = FindingIn { input: &one.input, plan: one.plan, finding: one.finding };
        let Sentence { message, help } = language().finding(&of);
        format!("{message}: {help}.")
    }));
    words
}

fn days(count: i32) -> String {
    if count.abs() == 1 { "1 day".to_owned() } else { format!("{} days", count.abs()) }
}

fn life_words(all: &MigrateReport<'_>, life: &ModelLife) -> String {
    let today = all.input.assumptions.today;
    let name = &all.input.catalog.model(life.model).name;
    let which = match life.side {
        Side::Old => name.clone(),
        Side::New => format!("The new model, {name},"),
    };
    let hand = if life.retirement_second_hand { " (a second-hand date)" } else { "" };
    let mut words = Vec::new();
    match (life.retirement, life.days_left) {
        (Some(date), Some(left)) if left <= 0 => {
            words.push(format!("{which} was retired on {date}{hand}: no stage can put traffic on it."));
            return words.join(" ");
        }
        (end, left) => {
            let closed = "is Legacy: AWS grants no increases for it, so its quotas must hold as they are";
            let price = match life.price_rises {
                Some(date) if date.day() > today.day() => {
                    format!("; its price rises on {date} (extended access)")
                }
                Some(date) => format!(
                    "; its price rose on {date} (extended access), and prices read before that day count as unknown"
                ),
                None => String::new(),
            };
            if life.takes_no_increases {
                words.push(format!("{which} {closed}{price}."));
            }
            let subject = if life.takes_no_increases { "It" } else { which.as_str() };
            match end.zip(left) {
                Some((date, left)) => {
                    words.push(format!("{subject} ends on {date}{hand}, {} after {today}.", days(left)));
                }
                None => words.push("The date of its end is not known.".to_owned()),
            }
        }
    }
    if let (Side::Old, Some(schedule), Some(end)) = (life.side, &life.schedule, life.retirement) {
        words.push(schedule_words(schedule, end, today));
        let left = all.migrated.stages.last().map_or(0, |stage| 100_u32.saturating_sub(stage.percent));
        if left > 0 {
            words.push(format!("The stages leave {left} % of the traffic on it."));
        }
    }
    words.join(" ")
}

/// The stages against the end of the old model.
fn schedule_words(schedule: &Schedule, end: FactDate, today: FactDate) -> String {
    let late = schedule.days_late(end);
    let when = if schedule.starts_today {
        format!("If the first stage began on {today}, the last would begin on {}", schedule.last_stage)
    } else {
        format!("The last stage begins on {}", schedule.last_stage)
    };
    let begin_by = schedule.begin_by.filter(|date| date.day() >= today.day());
    match late {
        ..0 => {
            let begin_by = begin_by.filter(|_| schedule.starts_today);
            let begin_by = begin_by.map(|date| format!(": begin by {date}")).unwrap_or_default();
            format!("{when}, {} before that{begin_by}.", days(late))
        }
        _ => {
            let after = if late == 0 { "on that day".to_owned() } else { format!("{} after it", days(late)) };
            let remedy = match begin_by {
                Some(date) => {
                    format!("To move all of it in time, begin by {date}, or take fewer stages or less time between them")
                }
                None => "It is too late for this schedule: to move all of it in time, take fewer stages or less time between \
                         them"
                    .to_owned(),
            };
            format!(
                "{when}, {after}: by the time the model ends, the stages have moved {} % of the traffic. {remedy}.",
                schedule.moved_percent
            )
        }
    }
}
