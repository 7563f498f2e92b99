//! What a migration says first.

use super::numbers::{amount, short_capacity, short_demand};
use super::shared::{amount_or_unknown, counted, limit};
use crate::catalog::Catalog;
use crate::engine::{AskBy, QuotaAction, QuotaPlan};
use crate::report::words::migrate::{DueStage, MigrateTitles, MigrateVerdict, MigrateWords};
use crate::text::plain::cell_name;
use crate::units::{Limit, QuotaAmount, QuotaKind};

/// `by 2027-01-05`, `before the stage of 10 %`.
fn due_words(due: DueStage) -> String {
    match due {
        DueStage::Day(AskBy { date, late: true }) => {
            format!("by {date}, which leaves less time than asking takes")
        }
        DueStage::Day(AskBy { date, late: false }) => format!("by {date}"),
        DueStage::Before(percent) => format!("before the stage of {percent} %"),
        DueStage::Now => "now: it is short already".to_owned(),
    }
}

impl MigrateWords for super::English {
    fn migrate_verdict(&self, verdict: &MigrateVerdict) -> String {
        let MigrateVerdict { rows, from, to, to_do, to_look_up, not_judged, quotas, is_late } = verdict;
        let move_of = if *rows == 1 { "1 row moves" } else { &format!("{rows} rows move") };
        let things = match (to_do, to_look_up) {
            (0, 0) if *not_judged == 0 => format!("all {} of both models hold", counted(*quotas, "quota")),
            (0, look_up) if *not_judged == 0 => format!(
                "nothing to ask for if AWS's defaults apply: look up {}",
                counted(*look_up, "applied value")
            ),
            (0, _) => format!("nothing is known to be short in {}", counted(*quotas, "quota")),
            (to_do, _) => format!(
                "{} to do about {} of both models",
                counted(*to_do, "thing"),
                counted(*quotas, "quota")
            ),
        };
        let late = if *is_late { ", one of them late" } else { "" };
        let not_judged = match not_judged {
            0 => String::new(),
            1 => " 1 quota cannot be judged: what it needs, or AWS's default, is not known.".to_owned(),
            more => {
                format!(" {more} quotas cannot be judged: what they need, or AWS's default, is not known.")
            }
        };
        format!("{move_of} from {from} to {to}: {things}{late}.{not_judged}")
    }

    fn migrate_step(&self, quota: &QuotaPlan, catalog: &Catalog) -> String {
        let account = quota.id.account.as_ref().map(|account| format!(" of account {}", cell_name(account)));
        let name =
            format!("{}{}, {}", quota.id.place(catalog), account.unwrap_or_default(), quota.id.kind.unit());
        let tight = quota.tight_max_tokens.map(|tight| tight.to_string()).unwrap_or_default();
        let rest = match quota.action {
            QuotaAction::Request if quota.rests_on_reservations() && quota.lean_ask.is_some() => {
                format!("max_tokens to {tight}, then {}", amount_or_unknown(quota.lean_ask))
            }
            QuotaAction::Request => amount_or_unknown(quota.ask),
            QuotaAction::LowerMaxTokens => match quota.lean_ask {
                Some(ask) => format!("max_tokens to {tight}, then ask for {}", amount(ask)),
                None => format!("max_tokens to {tight}"),
            },
            QuotaAction::Restore => {
                format!("to AWS's default, {}", quota.restore_to.map(limit).unwrap_or_default())
            }
            QuotaAction::Migrate => "AWS grants no increases: keep it below its limit".to_owned(),
            QuotaAction::VerifyApplied | QuotaAction::None => "look the applied value up".to_owned(),
        };
        format!("{name}: {rest}")
    }

    fn migrate_reasons(&self, quota: &QuotaPlan, stage: &str, due: Option<DueStage>) -> Vec<String> {
        let required = quota.figures.required.map_or_else(|| "an unknown amount".to_owned(), short_demand);
        let there = match quota.capacity() {
            Some(Limit::Amount(there)) => format!(" of {}", short_capacity(there)),
            Some(Limit::Unlimited) => " without a limit".to_owned(),
            None => " of an unknown limit".to_owned(),
        };
        let at = if stage == "now" { "now".to_owned() } else { format!("at {stage}") };
        let needs = format!("needs {required}{there} {at}");
        due.map(due_words).into_iter().chain([needs]).collect()
    }

    fn migrate_look_up(&self, count: usize, due: Option<DueStage>) -> (String, Vec<String>) {
        let what = format!("{}:", counted(count, "applied value"));
        (what, due.map(due_words).into_iter().collect())
    }

    fn migrate_day(
        &self,
        account: Option<&str>,
        most: QuotaAmount,
        limit: Option<Limit>,
    ) -> (String, Vec<String>) {
        let account =
            account.map(|account| format!(" of account {}", cell_name(account))).unwrap_or_default();
        let ask = amount(most.rounded_up_to_two_digits());
        let there = match limit {
            Some(Limit::Amount(there)) => {
                format!("an estimate: {} of {}", short_demand(most), short_capacity(there))
            }
            _ => format!("an estimate: {}", short_demand(most)),
        };
        let what = format!("all models{account}, {}: {ask}", QuotaKind::Tpd.unit());
        (what, vec![there, "AWS Support only".to_owned()])
    }

    fn migrate_titles(&self) -> MigrateTitles {
        MigrateTitles { quota: "Quota", now: "Now", most: "Most", at: "At", limit: "Limit", share: "Use" }
    }

    fn migrate_cost(&self, now: &str, last: &str, percent: u32) -> String {
        format!("Cost of both models a month: {now} USD now, {last} USD at {percent} %.")
    }

    fn migrate_details(&self) -> &'static str {
        "Every stage, the way back, what changes besides, and a checklist: --details"
    }
}
