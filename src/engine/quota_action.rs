//! What to do with a quota: the first rule that matches decides (guide/sizing.md, section 3).

use crate::units::{Limit, QuotaAmount, words};

/// Which value the capacity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapacitySource {
    /// The applied quota.
    Granted,
    /// The default of the model table, because no applied quota is known.
    Default,
}

words! {
    /// Whether the required amount fits the applied quota; a default is never taken for it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Verdict {
        /// It fits.
        Fits = "fits",
        /// It does not.
        Exceeds = "exceeds",
        /// The applied quota or the required amount is not known.
        Undetermined = "undetermined",
    }
}

impl Verdict {
    /// The verdict of a required amount under an applied quota.
    #[must_use]
    pub fn judge(required: Option<QuotaAmount>, granted: Option<Limit>) -> Self {
        match (required, granted) {
            (Some(required), Some(granted)) if granted.holds(required) => Self::Fits,
            (Some(_), Some(_)) => Self::Exceeds,
            _ => Self::Undetermined,
        }
    }
}

words! {
    /// What a person does next.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum QuotaAction {
        /// Nothing.
        None = "none",
        /// Look the applied value up before asking.
        VerifyApplied = "verify_applied",
        /// Lower max_tokens: then no increase is needed, or the demand becomes known.
        LowerMaxTokens = "lower_max_tokens",
        /// Have the applied value, which is below AWS's default, set to that default: Service Quotas
        /// refuses any value at or below the default, so AWS Support does it.
        Restore = "restore",
        /// Move to another model: AWS grants no increases for this one.
        Migrate = "migrate",
        /// Ask for an increase.
        Request = "request",
    }
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) required: Option<QuotaAmount>,
    /// `None` also where the quota knows no cap: its lean demand is what is required.
    pub(super) lean_required: Option<QuotaAmount>,
    pub(super) granted: Option<Limit>,
    pub(super) default: Option<Limit>,
    /// Whether AWS grants no increases for the model, because it is Legacy or retired.
    pub(super) no_increases: bool,
}

/// The action, and the amounts that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) action: QuotaAction,
    pub(super) ask: Option<QuotaAmount>,
    pub(super) lean_ask: Option<QuotaAmount>,
    /// AWS's default, with [`QuotaAction::Restore`] alone.
    pub(super) restore_to: Option<Limit>,
}

/// AWS's default, where an applied value below it does not hold a demand and the default does: the
/// applied value is then restored, since Service Quotas takes no value at or below the default.
pub(super) fn restored_for(
    demand: QuotaAmount,
    granted: Option<Limit>,
    default: Option<Limit>,
) -> Option<Limit> {
    let (granted, default) = (granted?, default?);
    (granted.is_below(default) && !granted.holds(demand) && default.holds(demand)).then_some(default)
}

/// Decides.
pub(super) fn decide(case: &Case) -> Decision {
    let Case { required, lean_required, granted, default, no_increases } = *case;
    let capacity = granted.or(default);
    let holds = |limit: Option<Limit>, demand: Option<QuotaAmount>| matches!((limit, demand), (Some(limit), Some(demand)) if limit.holds(demand));
    // What Service Quotas takes: a value above the applied one and above AWS's default.
    let grantable = |demand: QuotaAmount| {
        let is_needed = [granted, default].into_iter().flatten().all(|limit| !limit.holds(demand));
        is_needed.then(|| demand.rounded_up_to_two_digits())
    };
    let lean = lean_required.or(required);
    let restore_to = lean.and_then(|lean| restored_for(lean, granted, default));
    let action = match required {
        None => QuotaAction::LowerMaxTokens,
        Some(_) if capacity.is_none() => QuotaAction::VerifyApplied,
        Some(_) if holds(granted, required) => QuotaAction::None,
        Some(_) if granted.is_none() && holds(default, required) => QuotaAction::VerifyApplied,
        Some(_) if holds(capacity, lean_required) => QuotaAction::LowerMaxTokens,
        Some(_) if restore_to.is_some() => QuotaAction::Restore,
        Some(_) if no_increases => QuotaAction::Migrate,
        Some(_) => QuotaAction::Request,
    };
    let (ask, lean_ask) = match action {
        QuotaAction::None | QuotaAction::LowerMaxTokens | QuotaAction::Request => {
            let ask = required.filter(|_| action != QuotaAction::None).and_then(grantable);
            (ask, lean_required.and_then(grantable))
        }
        QuotaAction::VerifyApplied | QuotaAction::Restore | QuotaAction::Migrate => (None, None),
    };
    Decision { action, ask, lean_ask, restore_to: restore_to.filter(|_| action == QuotaAction::Restore) }
}

#[cfg(test)]
mod tests {
    use super::{Case, Decision, QuotaAction, decide};
    use crate::units::{Limit, QuotaAmount};

    /// `required lean granted default legacy -> action ask lean_ask restore_to`, one a line; `-` is an
    /// unknown amount or none, `inf` no limit. Each line follows from "First match decides" by hand.
    const TABLE: &str = "
        -       -       -       -       no  -> lower_max_tokens -       -       -
        -       900     -       -       no  -> lower_max_tokens -       900     -
        -       900     1000    500     no  -> lower_max_tokens -       -       -
        -       901     500     800     no  -> lower_max_tokens -       910     -
        -       700     500     800     no  -> lower_max_tokens -       -       -
        900     800     -       -       no  -> verify_applied   -       -       -
        900     800     -       -       yes -> verify_applied   -       -       -
        900     800     900     -       no  -> none             -       -       -
        900     800     inf     500     no  -> none             -       -       -
        900     800     900     500     yes -> none             -       -       -
        900     800     1000    5000    no  -> none             -       -       -
        0       0       0       500     no  -> none             -       -       -
        900     800     -       900     no  -> verify_applied   -       -       -
        900     800     -       inf     yes -> verify_applied   -       -       -
        900     800     -       850     no  -> lower_max_tokens 900     -       -
        900     800     850     -       no  -> lower_max_tokens 900     -       -
        901     800     850     500     yes -> lower_max_tokens 910     -       -
        900     800     850     5000    no  -> lower_max_tokens -       -       -
        900     800     850     899     no  -> lower_max_tokens 900     -       -
        900     800     850     900     no  -> lower_max_tokens -       -       -
        900     800     0       5000    no  -> restore          -       -       5000
        900     800     10      5000    yes -> restore          -       -       5000
        900     800     700     900     no  -> restore          -       -       900
        900     800     700     800     no  -> restore          -       -       800
        900     800     700     799     no  -> request          900     800     -
        900     800     10      inf     no  -> restore          -       -       inf
        900     -       10      5000    no  -> restore          -       -       5000
        900     -       10      899     no  -> request          900     -       -
        900     -       10      899     yes -> migrate          -       -       -
        900     -       -       899     no  -> request          900     -       -
        900     800     500     500     no  -> request          900     800     -
        1801    1701    900     500     no  -> request          1900    1800    -
        900     800     500     500     yes -> migrate          -       -       -
        900     800     500     -       no  -> request          900     800     -
        900     800     0       0       no  -> request          900     800     -
        900     800     -       500     yes -> migrate          -       -       -
        900     800     -       500     no  -> request          900     800     -
    ";

    fn limit(word: &str) -> Option<Limit> {
        match word {
            "-" => None,
            "inf" => Some(Limit::Unlimited),
            _ => amount(word).map(Limit::Amount),
        }
    }

    fn amount(word: &str) -> Option<QuotaAmount> {
        word.parse().ok().and_then(QuotaAmount::new)
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(words.len(), 10, "{line}");
            let case = Case {
                required: amount(words[0]),
                lean_required: amount(words[1]),
                granted: limit(words[2]),
                default: limit(words[3]),
                no_increases: words[4] == "yes",
            };
            let found: Decision = decide(&case);
            assert_eq!(found.action.as_str(), words[6], "{line}");
            assert_eq!(found.ask, amount(words[7]), "{line}");
            assert_eq!(found.lean_ask, amount(words[8]), "{line}");
            assert_eq!(found.restore_to, limit(words[9]), "{line}");
            assert_eq!(found.restore_to.is_some(), found.action == QuotaAction::Restore, "{line}");
        }
    }
}
