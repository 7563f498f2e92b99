//! What `quotas` says of a look-up: its values, what changed, and what is not known.

use super::numbers::amount;
use super::shared::{as_sentence, counted};
use crate::catalog::REGION;
use crate::report::words::quotas::{GrantedLine, LookUpRemark, LookUpTitles, LookUpWords};
use crate::report::{AccountLimit, AccountQuotas, QuotaChange, TableQuota};
use crate::text::FactDate;
use crate::units::{Fact, QuotaAmount};

impl LookUpWords for super::English {
    fn table_quota_name(&self, quota: &TableQuota) -> String {
        let long = if quota.long_context { ", long context" } else { "" };
        match (&quota.model, quota.scope) {
            (Some((_, name)), Some(scope)) => format!("{name} {scope}{long}"),
            _ => "All models".to_owned(),
        }
    }

    fn look_up_summary(&self, look_up: &AccountQuotas, today: Option<FactDate>) -> String {
        let when = today.map(|date| format!(", looked up on {date}")).unwrap_or_default();
        let (mut applied, mut defaults, mut unknown) = (0, 0, 0);
        for quota in &look_up.quotas {
            match quota.holding() {
                AccountLimit::Applied(_) => applied += 1,
                AccountLimit::Default(_) => defaults += 1,
                AccountLimit::Unknown | AccountLimit::NotAsked => unknown += 1,
            }
        }
        let more = match look_up.left_out {
            0 => String::new(),
            1 => " AWS lists 1 more quota, which is not in the model table (show with --all).".to_owned(),
            count => {
                format!(" AWS lists {count} more quotas, which are not in the model table (show with --all).")
            }
        };
        format!(
            "{}{} in {REGION}{when}: {applied} with an applied value, {defaults} at AWS's default, {unknown} without a \
             known value.{more}",
            counted(look_up.quotas.len(), "quota"),
            of_account(look_up.account.as_deref()),
        )
    }

    fn look_up_titles(&self) -> LookUpTitles {
        LookUpTitles {
            quota: "Quota",
            applied: "Applied",
            default: "Default",
            raised_by: "Raised by",
            name: "AWS's name",
            in_file: "In the file",
            now: "Now",
            change: "Change",
        }
    }

    fn listed_value(&self, value: Fact<QuotaAmount>, answered: bool) -> String {
        match value {
            Fact::Absent => "not listed".to_owned(),
            Fact::Unknown if !answered => "not given".to_owned(),
            Fact::Unknown => "unknown".to_owned(),
            Fact::Known(value) => amount(value),
        }
    }

    fn raised_by(&self, adjustable: Option<bool>) -> &'static str {
        match adjustable {
            Some(true) => "Service\nQuotas",
            Some(false) => "AWS\nSupport",
            None => "unknown",
        }
    }

    fn quotas_not_listed(&self, names: &[String], more: usize) -> String {
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        format!("Not in AWS's list: {}{more}.", names.join("; "))
    }

    fn changes_summary(&self, account: Option<&str>, counts: &[(QuotaChange, usize)]) -> String {
        let counts: Vec<String> =
            counts.iter().map(|(change, count)| format!("{count} {}", self.quota_change(*change))).collect();
        let counts =
            if counts.is_empty() { "there is no quota in either".to_owned() } else { counts.join(", ") };
        format!("Quotas{} compared with the file: {counts}.", of_account(account))
    }

    fn quota_change(&self, change: QuotaChange) -> &'static str {
        match change {
            QuotaChange::Raised => "raised",
            QuotaChange::Lowered => "lowered",
            QuotaChange::New => "new",
            QuotaChange::Gone => "gone",
            QuotaChange::Known => "now known",
            QuotaChange::Unknown => "now unknown",
            QuotaChange::Unchanged => "unchanged",
        }
    }

    fn looked_up_value(&self, value: String, is_default: bool) -> String {
        if is_default { value + "\ndefault" } else { value }
    }

    fn granted_title(&self, account: Option<&str>, today: Option<FactDate>) -> String {
        let when = today.map_or_else(
            || "the date of the look-up is not stated".to_owned(),
            |date| format!("looked up on {date}"),
        );
        format!("Applied Bedrock quotas{} in {REGION}, {when} (quotaplan quotas).", of_account(account))
    }

    fn granted_comment(&self, name: &str, line: GrantedLine, too_large: Option<QuotaAmount>) -> String {
        let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
        let origin = match line {
            GrantedLine::Applied => None,
            GrantedLine::Default => Some("not in the applied list; AWS's default".to_owned()),
            GrantedLine::Unknown => Some("AWS returned no value".to_owned()),
        };
        let stated = too_large.map(|value| format!("AWS states {}", amount(value)));
        name.into_iter().chain(origin).chain(stated).collect::<Vec<_>>().join("; ")
    }

    fn look_up_remark(&self, remark: &LookUpRemark) -> String {
        let are =
            |count: usize| format!("{} {}", counted(count, "quota"), if count == 1 { "is" } else { "are" });
        let left_out = |count: usize| format!("{} left out", are(count));
        match remark {
            LookUpRemark::Defaults { count, all } => format!(
                "{count} of {} {} not in the applied list: AWS's default is written and marked",
                counted(*all, "quota"),
                if *count == 1 { "is" } else { "are" }
            ),
            LookUpRemark::Unknown(count) => {
                format!("AWS returned no value for {}, so \"unknown\" is written", counted(*count, "quota"))
            }
            LookUpRemark::NotAsked(count) => format!(
                "{} because the list with {} is not given",
                left_out(*count),
                if *count == 1 { "its value" } else { "their values" }
            ),
            LookUpRemark::NotInTable(count) => format!(
                "{} because the model table does not have {} (--all)",
                left_out(*count),
                if *count == 1 { "it" } else { "them" }
            ),
            LookUpRemark::BadCodes(count) => format!(
                "{} because granted.toml cannot contain {}",
                left_out(*count),
                if *count == 1 { "its code" } else { "their codes" }
            ),
            LookUpRemark::NotListed { count, codes, defaults_given } => {
                let more = count - codes.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let fill_in =
                    if *defaults_given { "" } else { " (give AWS's defaults too to fill in their values)" };
                format!(
                    "AWS's list does not contain {} of the model table: {}{more}{fill_in}",
                    counted(*count, "quota"),
                    codes.join(", ")
                )
            }
            LookUpRemark::NoDate => {
                "no date is written: add --today DATE with the date of the look-up, so that `check` knows how old \
                 the values are"
                    .to_owned()
            }
            LookUpRemark::Continued(place) => format!(
                "{place}: NextToken: the applied list continues, and no other file is known to contain the next \
                 page: give all pages, or save the list without --max-items and --no-paginate"
            ),
            LookUpRemark::Filtered(place) => format!(
                "{place}: this list was written with --query: quotas that its filter left out are written with AWS's \
                 default"
            ),
        }
    }

    fn look_up_note(&self, remark: &LookUpRemark) -> String {
        as_sentence(&self.look_up_remark(remark))
    }
}

/// ` of account 111122223333`, where it is known.
fn of_account(account: Option<&str>) -> String {
    account.map(|id| format!(" of account {id}")).unwrap_or_default()
}
