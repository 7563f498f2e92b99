//! What is said of a quota: its name, and what to do about it.

use super::numbers;
use super::shared::{amount_or_unknown, limit};
use crate::catalog::Catalog;
use crate::engine::{QuotaAction, QuotaId, QuotaPlan};
use crate::report::words::traits::QuotaWords;
use crate::text::plain::cell_name;
use crate::units::QuotaAmount;

impl QuotaWords for super::English {
    fn quota_name(&self, quota: &QuotaId, catalog: &Catalog) -> String {
        format!("{}\n{}", cell_name(&quota.subject(catalog)), quota.code_words())
    }

    fn quota_action(&self, quota: &QuotaPlan) -> String {
        action(quota)
    }
}

/// What to do, in a few words; the lean plan first wherever the larger one rests on reservations.
fn action(quota: &QuotaPlan) -> String {
    let tight = quota.tight_max_tokens.map(|tight| tight.to_string()).unwrap_or_default();
    match quota.action {
        QuotaAction::None => "nothing: it fits".to_owned(),
        QuotaAction::VerifyApplied if quota.entry.is_none() => "no quota: not offered".to_owned(),
        // Without a default there is nothing to restore it to, and nothing is below 0.
        QuotaAction::VerifyApplied => match quota.figures.required {
            Some(required) if quota.default_limit().is_some() && required.get() > 0 => {
                format!("restore if below {}", numbers::short_demand(required))
            }
            _ => "look up the applied value".to_owned(),
        },
        QuotaAction::LowerMaxTokens => match quota.lean_ask {
            None => match quota.lean_required.and_then(|lean| quota.restored_for(lean)) {
                Some(default) => {
                    format!("lower max_tokens to {tight} and restore AWS's default of {}", limit(default))
                }
                None => format!("lower max_tokens to {tight}"),
            },
            Some(ask) => format!("lower max_tokens to {tight} and ask for {ask}"),
        },
        QuotaAction::Restore => restore_words(quota),
        QuotaAction::Migrate => "move to another model: AWS grants no increases".to_owned(),
        QuotaAction::Request => {
            let adjustable = quota.may_be_adjustable();
            let ask = |amount: Option<QuotaAmount>| {
                let amount = amount_or_unknown(amount);
                if adjustable {
                    format!("ask for {amount}")
                } else {
                    format!("open a Support case for {amount}")
                }
            };
            match (quota.figures.required, quota.lean_required, quota.lean_ask) {
                // An ask that rests on reservations is never put first.
                (Some(required), Some(lean), Some(_))
                    if u128::from(required.get()) * 4 > u128::from(lean.get()) * 5 =>
                {
                    format!("lower max_tokens to {tight} and {}", ask(quota.lean_ask))
                }
                _ => ask(quota.ask),
            }
        }
    }
}

/// What an applied value below AWS's default needs, with the cap where the default holds no more.
fn restore_words(quota: &QuotaPlan) -> String {
    let default = quota.restore_to.map(limit).unwrap_or_default();
    match quota.restoring_cap() {
        Some(cap) => format!("lower max_tokens to {cap} and restore AWS's default of {default}"),
        None => format!("restore AWS's default of {default}"),
    }
}
