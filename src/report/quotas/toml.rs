//! Looked-up quotas as the text of a `granted.toml`, and what there is to say beside it.

use super::listing::{AccountLimit, AccountQuotas, ListedQuota, whole_name};
use crate::catalog::REGION;
use crate::text::{FactDate, plain};
use crate::units::{INPUT_MAXIMUM, QuotaAmount, is_quota_code};

/// Codes that a remark names.
pub(super) const MENTIONED: usize = 8;

/// The file: `[granted]`, or the table of a named account. Sorted by code; the date where there is one.
///
/// A value above what a granted quota may be, 10^12, is rounded down to that and marked.
#[must_use]
pub fn granted_toml(look_up: &AccountQuotas, account: Option<&str>, today: Option<FactDate>) -> String {
    let of_account =
        look_up.account.as_ref().map(|id| format!(" of account {}", plain::comment(id))).unwrap_or_default();
    let when = today.map_or_else(
        || "the day of the look-up is not stated".to_owned(),
        |date| format!("looked up on {date}"),
    );
    let mut out = format!("# Applied Bedrock quotas{of_account} in {REGION}, {when} (quotaplan quotas).\n");
    out.push_str(&match account {
        None => "[granted]\n".to_owned(),
        Some(name) => format!("[accounts.{}.granted]\n", key(name)),
    });
    for quota in &look_up.quotas {
        if let Some(line) = line(quota, today) {
            out.push_str(&line);
        }
    }
    let others = look_up.not_listed.len();
    if others > 0 && !look_up.asked.defaults {
        let (quotas, them) = if others == 1 {
            ("quota of the model table is", "it")
        } else {
            ("quotas of the model table are", "them")
        };
        out.push_str(&format!(
            "\n# {others} more {quotas} not listed here; give AWS's defaults too to fill {them} in.\n"
        ));
    } else if others > 0 {
        let shown = look_up.not_listed.iter().take(MENTIONED);
        let codes: Vec<&str> = shown.map(|(code, _)| code.as_str()).collect();
        let more = others - codes.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push_str(&format!(
            "\n# AWS did not list {others} quotas of the model table: {}{more}.\n",
            codes.join(", ")
        ));
    }
    out
}

fn line(quota: &ListedQuota, today: Option<FactDate>) -> Option<String> {
    if !is_quota_code(&quota.code) {
        return None;
    }
    let (value, mark) = match quota.holding() {
        AccountLimit::Applied(amount) => (number(amount), above(amount)),
        AccountLimit::Default(amount) => {
            let mark = format!("not in the applied list; AWS's default{}", prefixed(&above(amount)));
            (number(amount), mark)
        }
        AccountLimit::Unknown => ("\"unknown\"".to_owned(), "AWS gave no value".to_owned()),
        AccountLimit::NotAsked => return None,
    };
    let value = match today {
        Some(date) => format!("{{ value = {value}, as_of = \"{date}\" }}"),
        None => value,
    };
    let name = quota.name.as_deref().map(whole_name).map(|name| plain::comment(&name)).unwrap_or_default();
    let mark = if name.is_empty() { mark } else { prefixed(&mark) };
    let comment =
        if name.is_empty() && mark.is_empty() { String::new() } else { format!("  # {name}{mark}") };
    Some(format!("\"{}\" = {value}{comment}\n", quota.code))
}

fn prefixed(mark: &str) -> String {
    if mark.is_empty() { String::new() } else { format!("; {mark}") }
}

/// The largest number that a granted quota may be is smaller than the largest of an answer.
fn above(amount: QuotaAmount) -> String {
    if amount.get() > INPUT_MAXIMUM { format!("AWS states {amount}") } else { String::new() }
}

fn number(amount: QuotaAmount) -> String {
    let held = QuotaAmount::new(amount.get().min(INPUT_MAXIMUM)).unwrap_or(amount);
    held.to_string().replace(',', "_")
}

/// A key of TOML; what a bare key may not hold stands in quotes.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) {
        return name.to_owned();
    }
    plain::toml_string(name)
}

/// What the reader of the file has to know.
#[must_use]
pub fn granted_remarks(look_up: &AccountQuotas, today: Option<FactDate>) -> Vec<String> {
    let count =
        |is: fn(&AccountLimit) -> bool| look_up.quotas.iter().filter(|quota| is(&quota.holding())).count();
    let are = |count: usize| if count == 1 { "quota is" } else { "quotas are" };
    let mut remarks = Vec::new();
    let defaults = count(|holding| matches!(holding, AccountLimit::Default(_)));
    if defaults > 0 {
        let total = look_up.quotas.len();
        remarks.push(format!(
            "{defaults} of {total} {} not in the applied list and taken at AWS's default; each is marked",
            are(total)
        ));
    }
    let unknown = count(|holding| matches!(holding, AccountLimit::Unknown));
    if unknown > 0 {
        remarks.push(format!(
            "{unknown} {} without a value in AWS's answer: written as \"unknown\"",
            are(unknown)
        ));
    }
    let not_asked = count(|holding| matches!(holding, AccountLimit::NotAsked));
    if not_asked > 0 {
        remarks.push(format!(
            "{not_asked} {} left out: the list that tells the value is not given",
            are(not_asked)
        ));
    }
    if look_up.left_out > 0 {
        let left_out = look_up.left_out;
        remarks.push(format!("{left_out} {} not in the model table and left out (--all)", are(left_out)));
    }
    let odd = look_up.quotas.iter().filter(|quota| !is_quota_code(&quota.code)).count();
    if odd > 0 {
        remarks.push(format!("{odd} {} left out: their codes are none that granted.toml may hold", are(odd)));
    }
    if !look_up.not_listed.is_empty() {
        let count = look_up.not_listed.len();
        let codes: Vec<&str> =
            look_up.not_listed.iter().take(MENTIONED).map(|(code, _)| code.as_str()).collect();
        let more =
            if count > codes.len() { format!(" and {} more", count - codes.len()) } else { String::new() };
        let unless = if look_up.asked.defaults { "" } else { " (the defaults are not given)" };
        remarks.push(format!(
            "{count} {} in the model table and not in AWS's answer{unless}: {}{more}",
            are(count),
            codes.join(", ")
        ));
    }
    if today.is_none() {
        remarks.push("no date: add --today DATE (the day of the look-up), so that `check` can tell how old the values are".to_owned());
    }
    remarks
}
