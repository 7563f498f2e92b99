//! Looked-up quotas as the text of a `granted.toml`, and what there is to say beside it.

use super::listing::{AccountLimit, AccountQuotas, ListedQuota, whole_name};
use crate::report::words::{GrantedLine, LookUpRemark, language};
use crate::text::{FactDate, plain};
use crate::units::{INPUT_MAXIMUM, QuotaAmount, is_quota_code};

/// Codes that a remark names.
pub(super) const MENTIONED: usize = 8;

/// The file: `[granted]`, or the table of a named account. Sorted by code; the date where there is one.
///
/// A value above what a granted quota may be, 10^12, is rounded down to that and marked.
#[must_use]
pub fn granted_toml(look_up: &AccountQuotas, account: Option<&str>, today: Option<FactDate>) -> String {
    let language = language();
    let id = look_up.account.as_deref().map(plain::comment);
    let mut out = format!("# {}\n", language.granted_title(id.as_deref(), today));
    out.push_str(&match account {
        None => "[granted]\n".to_owned(),
        Some(name) => format!("[accounts.{}.granted]\n", key(name)),
    });
    for quota in &look_up.quotas {
        if let Some(line) = line(quota, today) {
            out.push_str(&line);
        }
    }
    if let Some(remark) = not_listed(look_up) {
        out.push_str(&format!("\n# {}\n", language.look_up_note(&remark)));
    }
    out
}

fn line(quota: &ListedQuota, today: Option<FactDate>) -> Option<String> {
    if !is_quota_code(&quota.code) {
        return None;
    }
    let (amount, line) = match quota.holding() {
        AccountLimit::Applied(amount) => (Some(amount), GrantedLine::Applied),
        AccountLimit::Default(amount) => (Some(amount), GrantedLine::Default),
        AccountLimit::Unknown => (None, GrantedLine::Unknown),
        AccountLimit::NotAsked => return None,
    };
    let value = amount.map_or_else(|| "\"unknown\"".to_owned(), number);
    let value = match today {
        Some(date) => format!("{{ value = {value}, as_of = \"{date}\" }}"),
        None => value,
    };
    let name = quota.name.as_deref().map(whole_name).map(|name| plain::comment(&name)).unwrap_or_default();
    // The largest number that a granted quota may be is smaller than the largest of an answer.
    let too_large = amount.filter(|amount| amount.get() > INPUT_MAXIMUM);
    let comment = language().granted_comment(&name, line, too_large);
    let comment = if comment.is_empty() { String::new() } else { format!("  # {comment}") };
    Some(format!("\"{}\" = {value}{comment}\n", quota.code))
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

/// Quotas of the model table that AWS did not list, where there are any.
fn not_listed(look_up: &AccountQuotas) -> Option<LookUpRemark> {
    let codes = look_up.not_listed.iter().take(MENTIONED).map(|(code, _)| code.clone()).collect();
    let (count, defaults_given) = (look_up.not_listed.len(), look_up.asked.defaults);
    (count > 0).then_some(LookUpRemark::NotListed { count, codes, defaults_given })
}

/// What the reader of the file has to know; what the file itself says, only where it is not shown.
#[must_use]
pub fn granted_remarks(look_up: &AccountQuotas, today: Option<FactDate>, is_shown: bool) -> Vec<String> {
    let count =
        |is: fn(&AccountLimit) -> bool| look_up.quotas.iter().filter(|quota| is(&quota.holding())).count();
    let all = look_up.quotas.len();
    let defaults = count(|holding| matches!(holding, AccountLimit::Default(_)));
    let unknown = count(|holding| matches!(holding, AccountLimit::Unknown));
    let not_asked = count(|holding| matches!(holding, AccountLimit::NotAsked));
    let bad_codes = look_up.quotas.iter().filter(|quota| !is_quota_code(&quota.code)).count();
    let left_out = look_up.left_out;
    let remarks = [
        (defaults > 0).then_some(LookUpRemark::Defaults { count: defaults, all }),
        (unknown > 0).then_some(LookUpRemark::Unknown(unknown)),
        (not_asked > 0).then_some(LookUpRemark::NotAsked(not_asked)),
        (left_out > 0).then_some(LookUpRemark::NotInTable(left_out)),
        (bad_codes > 0).then_some(LookUpRemark::BadCodes(bad_codes)),
        not_listed(look_up).filter(|_| !is_shown),
        today.is_none().then_some(LookUpRemark::NoDate),
    ];
    remarks.iter().flatten().map(|remark| language().look_up_remark(remark)).collect()
}
