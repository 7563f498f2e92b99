//! What a plan is: its quotas, the accounts' daily estimates, and what stands out.

use super::alternatives::Alternative;
use super::assumptions::PlanInput;
use super::cost::Cost;
use super::daily::AccountDaily;
use super::figures::{AssumedPeak, Figures};
use super::finding::Finding;
use super::pool::Pool;
use super::quota_action::{CapacitySource, QuotaAction, Verdict};
use super::quota_id::QuotaId;
use super::residency::{UnsettledResidency, residency_fault, strictest_residency};
use super::tight_cap::{CutShare, TightBasis};
use crate::catalog::{Catalog, ChosenRate, QuotaEntry};
use crate::config::GrantedQuota;
use crate::units::Fact;
use crate::units::{Limit, QuotaAmount, Tokens, Utilisation};

/// One quota of the plan.
#[derive(Debug, Clone)]
pub struct QuotaPlan {
    /// Which quota it is.
    pub id: QuotaId,
    /// Its entry in the model table; `None` where the model is not offered.
    pub entry: Option<QuotaEntry>,
    /// Its figures.
    pub figures: Figures,
    /// The applied quota as stated.
    pub granted: Option<GrantedQuota>,
    /// Which value the capacity is; `None` where neither is known.
    pub capacity_source: Option<CapacitySource>,
    /// required / capacity; `None` where it is not known or the capacity is 0.
    pub utilisation: Option<Utilisation>,
    /// Whether it fits the applied quota.
    pub verdict: Verdict,
    /// What to do.
    pub action: QuotaAction,
    /// What to ask for with max_tokens as configured.
    pub ask: Option<QuotaAmount>,
    /// The tight cap on max_tokens.
    pub tight_max_tokens: Option<Tokens>,
    /// What the tight cap rests on.
    pub tight_basis: Option<TightBasis>,
    /// The share of answers that the tight cap is expected to cut.
    pub tight_cut: CutShare,
    /// The required amount at the tight cap.
    pub lean_required: Option<QuotaAmount>,
    /// What to ask for at the tight cap.
    pub lean_ask: Option<QuotaAmount>,
    /// What the applied value is to be restored to, with [`QuotaAction::Restore`]: AWS's default.
    pub restore_to: Option<Limit>,
    /// The required amount where cache reads count in reservations if they do not here, or the other way
    /// round; `None` where it is not known or no row reads from the cache.
    pub required_with_other_reserve: Option<QuotaAmount>,
    /// The largest cap on max_tokens at which the required amount fits.
    pub fitting_max_tokens: Option<u64>,
    /// What is required where the busiest minute, which no row and no configuration states, is
    /// twice and three times the mean; empty where it is stated.
    pub assumed_peak: Vec<AssumedPeak>,
    /// The burndown rate planned with.
    pub rate: ChosenRate,
    /// What other statements on the rate would give.
    pub alternatives: Vec<Alternative>,
    pub(super) pool: usize,
}

impl QuotaPlan {
    /// The quota code, where known.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.id.code.as_deref()
    }

    /// What a person calls it, see [`QuotaId::subject`].
    #[must_use]
    pub fn subject(&self, catalog: &Catalog) -> String {
        self.id.subject(catalog)
    }

    /// The same with its code.
    #[must_use]
    pub fn title(&self, catalog: &Catalog) -> String {
        self.id.title(catalog)
    }

    /// Whether Service Quotas takes an increase, as far as is known.
    #[must_use]
    pub fn may_be_adjustable(&self) -> bool {
        self.entry.as_ref().is_none_or(|entry| entry.adjustable != Fact::Known(false))
    }

    /// The applied quota, where known.
    #[must_use]
    pub fn granted_limit(&self) -> Option<Limit> {
        self.granted.as_ref().and_then(|granted| granted.value.known())
    }

    /// The default, where known.
    #[must_use]
    pub fn default_limit(&self) -> Option<Limit> {
        self.entry.as_ref().and_then(|entry| entry.default.known())
    }

    /// The cap on max_tokens that goes with restoring AWS's default, where the default does not hold
    /// the demand as configured.
    #[must_use]
    pub fn restoring_cap(&self) -> Option<Tokens> {
        let (default, required) = (self.restore_to?, self.figures.required?);
        self.tight_max_tokens.filter(|_| !default.holds(required))
    }

    /// AWS's default, where an applied value below it does not hold a demand and the default does:
    /// then the applied value is restored, and no increase is asked for.
    #[must_use]
    pub fn restored_for(&self, demand: QuotaAmount) -> Option<Limit> {
        super::quota_action::restored_for(demand, self.granted_limit(), self.default_limit())
    }

    /// By how much the requirement changes from one plan to another, a quota that is not there requiring nothing;
    /// `None` where a requirement is not known, or neither plan has the quota.
    #[must_use]
    pub fn required_change(before: Option<&Self>, now: Option<&Self>) -> Option<i128> {
        let required = |quota: &Self| quota.figures.required.map(|required| i128::from(required.get()));
        match (before, now) {
            (Some(before), Some(now)) => Some(required(now)? - required(before)?),
            (None, Some(now)) => required(now),
            (Some(before), None) => Some(-required(before)?),
            (None, None) => None,
        }
    }

    /// Whether what is required is known to be more than AWS's default.
    #[must_use]
    pub fn exceeds_default(&self) -> bool {
        self.default_limit()
            .zip(self.figures.required)
            .is_some_and(|(default, required)| !default.holds(required))
    }

    /// The applied quota, else the default.
    #[must_use]
    pub fn capacity(&self) -> Option<Limit> {
        self.granted_limit().or_else(|| self.default_limit())
    }
}

/// The whole plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Quotas by account, model, scope and kind.
    pub quotas: Vec<QuotaPlan>,
    /// Index of the quota with the highest utilisation.
    pub binding: Option<usize>,
    /// The accounts' cross-model daily quotas.
    pub account_daily: Vec<AccountDaily>,
    /// What the traffic costs a month.
    pub cost: Cost,
    /// What stands out.
    pub findings: Vec<Finding>,
    pub(super) pools: Vec<Pool>,
}

impl Plan {
    /// Indices of the rows that count against a quota, in file order.
    #[must_use]
    pub fn rows_of(&self, quota: &QuotaPlan) -> &[u32] {
        self.pools.get(quota.pool).map_or(&[], |pool| &pool.rows)
    }

    /// What a finding is about, without figures and positions; `None` where that is the plan as a whole.
    #[must_use]
    pub fn about(&self, finding: &Finding, catalog: &Catalog) -> Option<String> {
        let quota =
            finding.quota.and_then(|index| self.quotas.get(index)).map(|quota| quota.id.about(catalog));
        match (quota, &finding.detail) {
            (Some(quota), Some(detail)) => Some(format!("{quota} {detail}")),
            (quota, detail) => quota.or_else(|| detail.clone()),
        }
    }

    /// What to settle first about a quota whose scope breaks, or may break, the residency of its rows: more of it
    /// is not asked for before. `None` where the scope keeps to it.
    pub(super) fn unsettled_residency(
        &self,
        input: &PlanInput<'_>,
        quota: &QuotaPlan,
    ) -> Option<UnsettledResidency> {
        let residency = strictest_residency(input, self.rows_of(quota))?;
        let fault = residency_fault(input.catalog.model(quota.id.model), quota.id.scope, Some(residency))?;
        Some(UnsettledResidency { residency, fault })
    }

    pub(super) fn pool_of(&self, quota: &QuotaPlan) -> Option<&Pool> {
        self.pools.get(quota.pool)
    }
}
