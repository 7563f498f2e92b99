//! What changed since an earlier plan: quotas and money, new and gone.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::{About, Gate};
use crate::baseline::{Baseline, BaselineDaily, BaselineQuota, MonthlySum};
use crate::engine::assumptions::PlanInput;
use crate::engine::cost::MonthlyCost;
use crate::engine::finding::{AssumptionChange, FindingFact};
use crate::engine::result::{Plan, QuotaPlan};
use crate::text::FactDate;
use crate::units::Fact;
use crate::units::QuotaAmount;

/// A quota whose requirement is not what it was.
#[derive(Debug, Clone)]
pub struct QuotaChange {
    /// The account.
    pub account: Option<String>,
    /// The model's id.
    pub model: String,
    /// The scope's word.
    pub scope: String,
    /// The kind's word.
    pub kind: String,
    /// The quota code, where known.
    pub code: Option<String>,
    /// What was required; absent for a new quota.
    pub before: Fact<QuotaAmount>,
    /// What is required; absent for a quota that is gone.
    pub now: Fact<QuotaAmount>,
}

/// Whose money changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoneyOf {
    /// Everything.
    Total,
    /// A team; `None` for rows without one.
    Team(Option<String>),
    /// A model, by id.
    Model(String),
}

/// A sum that is not what it was.
#[derive(Debug, Clone)]
pub struct MoneyChange {
    /// Whose.
    pub of: MoneyOf,
    /// What it was; `None` where it is new.
    pub before: Option<MonthlySum>,
    /// What it is; `None` where it is gone.
    pub now: Option<MonthlySum>,
}

/// What changed since the baseline.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Quotas that changed, in the plan's order, then those that are gone.
    pub quotas: Vec<QuotaChange>,
    /// How many quotas did not.
    pub quotas_unchanged: usize,
    /// Sums that changed: the total, models, then teams.
    pub money: Vec<MoneyChange>,
}

fn fact<T>(value: Option<T>) -> Fact<T> {
    value.map_or(Fact::Unknown, Fact::Known)
}

/// Everything that tells a quota from others: account, model, scope, kind and code.
type Key<'a> = (Option<&'a str>, &'a str, &'a str, &'a str, Option<&'a str>);

fn key_then(quota: &BaselineQuota) -> Key<'_> {
    (quota.account.as_deref(), &quota.model, &quota.scope, &quota.kind, quota.code.as_deref())
}

fn key_now<'a>(quota: &'a QuotaPlan, input: &PlanInput<'a>) -> Key<'a> {
    let id = &input.catalog.model(quota.id.model).id;
    (quota.id.account.as_deref(), id, quota.id.scope.as_str(), quota.id.kind.as_str(), quota.code())
}

/// What a check says of something for the second time, third and so on, without its number.
fn without_number(about: &str) -> Option<&str> {
    let (text, number) = about.rsplit_once(" #")?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// A baseline, to be looked up.
pub(super) struct Earlier<'a> {
    quotas: BTreeMap<Key<'a>, &'a BaselineQuota>,
    scopes: BTreeSet<(&'a str, &'a str)>,
    /// Most rows of a finding, by code and what it is about.
    rows: BTreeMap<(&'a str, Option<&'a str>), usize>,
    /// Codes of findings whose subject the baseline does not state: an earlier version wrote their message for it.
    without_subject: BTreeSet<&'a str>,
    teams: BTreeMap<Option<&'a str>, MonthlySum>,
    models: BTreeMap<&'a str, MonthlySum>,
    days: BTreeMap<Option<&'a str>, &'a BaselineDaily>,
}

impl<'a> Earlier<'a> {
    pub(super) fn new(baseline: &'a Baseline) -> Self {
        let mut rows: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        for finding in &baseline.findings {
            // The number behind what a check says several times may be a part of a name too.
            let about = finding.about.as_deref();
            for about in [about].into_iter().chain(about.and_then(without_number).map(Some)) {
                let most = rows.entry((&finding.code, about)).or_default();
                *most = finding.rows.max(*most);
            }
        }
        let Baseline { quotas, findings, cost, .. } = baseline;
        Self {
            quotas: quotas.iter().map(|quota| (key_then(quota), quota)).collect(),
            scopes: quotas.iter().map(|quota| (quota.model.as_str(), quota.scope.as_str())).collect(),
            rows,
            without_subject: findings
                .iter()
                .filter(|finding| match &finding.about {
                    None => finding.is_placed,
                    Some(about) => without_number(about).unwrap_or(about) == finding.message,
                })
                .map(|finding| finding.code.as_str())
                .collect(),
            teams: cost.by_team.iter().map(|(team, sum)| (team.as_deref(), *sum)).collect(),
            models: cost.by_model.iter().map(|(model, sum)| (model.as_str(), *sum)).collect(),
            days: baseline.daily.iter().map(|day| (day.account.as_deref(), day)).collect(),
        }
    }

    /// The baseline's quota for one of the plan.
    pub(super) fn before(&self, now: &QuotaPlan, input: &PlanInput<'_>) -> Option<&'a BaselineQuota> {
        self.quotas.get(&key_now(now, input)).copied()
    }

    /// Whether it has a quota of the model in the scope.
    pub(super) fn knows(&self, model: &str, scope: &str) -> bool {
        self.scopes.contains(&(model, scope))
    }

    /// How many rows a finding was about; `None` where there was none.
    pub(super) fn rows(&self, code: &str, about: Option<&str>) -> Option<usize> {
        self.rows.get(&(code, about)).copied()
    }

    /// A team's money in its own largest period.
    pub(super) fn team(&self, name: Option<&str>) -> Option<MonthlySum> {
        self.teams.get(&name).copied()
    }

    /// A model's money in its own largest period.
    pub(super) fn model(&self, id: &str) -> Option<MonthlySum> {
        self.models.get(id).copied()
    }

    /// An account's day.
    pub(super) fn day(&self, account: Option<&str>) -> Option<&'a BaselineDaily> {
        self.days.get(&account).copied()
    }

    /// Whether there was a finding of the same subject, or one of which no subject is stated.
    pub(super) fn has(&self, code: &str, about: Option<&str>) -> bool {
        self.rows(code, about).is_some() || self.without_subject.contains(code)
    }
}

/// Compares a plan with the baseline.
pub(super) fn since(input: &PlanInput<'_>, plan: &Plan, baseline: &Baseline) -> Changes {
    let mut changes = Changes::default();
    let earlier = Earlier::new(baseline);
    for quota in &plan.quotas {
        let now = fact(quota.figures.required);
        let then = earlier.before(quota, input).map_or(Fact::Absent, |before| fact(before.required));
        if then == now {
            changes.quotas_unchanged += 1;
            continue;
        }
        changes.quotas.push(QuotaChange {
            account: quota.id.account.clone(),
            model: input.catalog.model(quota.id.model).id.clone(),
            scope: quota.id.scope.as_str().to_owned(),
            kind: quota.id.kind.as_str().to_owned(),
            code: quota.code().map(str::to_owned),
            before: then,
            now,
        });
    }
    let now: BTreeSet<Key<'_>> = plan.quotas.iter().map(|quota| key_now(quota, input)).collect();
    let gone = baseline.quotas.iter().filter(|before| !now.contains(&key_then(before)));
    changes.quotas.extend(gone.map(|before| QuotaChange {
        account: before.account.clone(),
        model: before.model.clone(),
        scope: before.scope.clone(),
        kind: before.kind.clone(),
        code: before.code.clone(),
        before: fact(before.required),
        now: Fact::Absent,
    }));
    changes.money = money(input, plan, baseline, &earlier);
    changes
}

fn money(input: &PlanInput<'_>, plan: &Plan, baseline: &Baseline, earlier: &Earlier<'_>) -> Vec<MoneyChange> {
    let now = |cost: &MonthlyCost| Some(MonthlySum { usd: cost.usd(), priced: cost.priced_usd() });
    let mut sums = vec![(MoneyOf::Total, Some(baseline.cost.total), now(&plan.cost.total))];
    let id = |model| input.catalog.model(model).id.as_str();
    let mut models = BTreeSet::new();
    for model in &plan.cost.by_model {
        let name = id(model.share.of);
        models.insert(name);
        sums.push((MoneyOf::Model(name.to_owned()), earlier.model(name), now(&model.share.largest)));
    }
    for (name, sum) in baseline.cost.by_model.iter().filter(|(name, _)| !models.contains(name.as_str())) {
        sums.push((MoneyOf::Model(name.clone()), Some(*sum), None));
    }
    let mut teams = BTreeSet::new();
    for share in &plan.cost.by_team {
        let name = share.of.map(|team| input.workloads.text(team));
        teams.insert(name);
        sums.push((MoneyOf::Team(name.map(str::to_owned)), earlier.team(name), now(&share.largest)));
    }
    for (name, sum) in baseline.cost.by_team.iter().filter(|(name, _)| !teams.contains(&name.as_deref())) {
        sums.push((MoneyOf::Team(name.clone()), Some(*sum), None));
    }
    let changed = sums.into_iter().filter(|(_, before, now)| before != now);
    changed.map(|(of, before, now)| MoneyChange { of, before, now }).collect()
}

/// Says which assumptions the baseline was planned with differ, since every figure moves with them.
pub(super) fn note_assumptions(gate: &mut Gate<'_, '_>, baseline: &Baseline) {
    let (now, then) = (gate.input.assumptions, &baseline.assumptions);
    let mut differ = Vec::new();
    let mut compare = |name: &'static str, before: Option<String>, now: String| {
        if let Some(before) = before.filter(|before| *before != now) {
            differ.push(AssumptionChange { name, before, now });
        }
    };
    compare("headroom", then.headroom.map(|ratio| ratio.to_string()), now.config.headroom.to_string());
    compare("confidence", then.confidence.map(|ratio| ratio.to_string()), now.config.confidence.to_string());
    compare("peak_factor", then.peak_factor.map(|ratio| ratio.to_string()), now.peak_factor().to_string());
    compare("months", then.months.map(|months| months.to_string()), now.months.to_string());
    compare(
        "reserve_cache_reads",
        then.reserve_cache_reads.map(|yes| yes.to_string()),
        now.config.reserve_cache_reads.to_string(),
    );
    let speed = now.config.speed;
    compare(
        "seconds_to_first_token",
        then.seconds_to_first_token.map(|seconds| seconds.to_string()),
        speed.seconds_to_first_token.to_string(),
    );
    compare(
        "output_tokens_per_second",
        then.output_tokens_per_second.map(|tokens| tokens.to_string()),
        speed.output_tokens_per_second.to_string(),
    );
    compare("timezone", then.timezone.clone(), now.config.timezone.clone());
    // A month stands for its first day.
    let day =
        |date: Option<FactDate>| date.map_or_else(|| "newest".to_owned(), |date| date.day().to_string());
    let rates_then = then.rates_as_of.as_deref().and_then(FactDate::parse);
    compare("rates_as_of", Some(day(rates_then)), day(now.rates_as_of));
    if !differ.is_empty() {
        gate.add(FindingFact::BaselineDiffers { changes: differ }, About::default());
    }
}
