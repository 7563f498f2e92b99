//! What a plan is made from, and what it takes as given besides the rows: the configuration, resolved against the
//! model table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::burst::normal_quantile;
use crate::catalog::{Catalog, ModelIndex, Named, Scope, naming_fault};
use crate::config::{Config, Speed, Written};
use crate::text::suggest::did_you_mean;
use crate::text::{Code, Diagnostics, FactDate, Span};
use crate::threads::Workers;
use crate::units::{MILLIONTHS, Ratio, Usd, is_quota_code};
use crate::workload::WorkloadSet;

/// Unknown quota codes for which a known one is looked for: each takes a look at all.
const SUGGESTED: usize = 50;

/// The longest answer to expect is this many hundredths of a measured p95 or p99 of the output (assumed).
pub const TIGHT_MARGIN_HUNDREDTHS: u64 = 125;

/// Where a row has neither, the longest answer to expect is this many means (assumed).
pub const TIGHT_MEANS: u64 = 7;

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The model table.
    pub catalog: &'a Catalog,
    /// The rows.
    pub workloads: &'a WorkloadSet,
    /// Everything else that is taken as given.
    pub assumptions: &'a Assumptions,
}

/// Whose money a budget limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BudgetOf {
    /// Everything.
    Total,
    /// A team's rows.
    Team(String),
    /// A model's rows, over all scopes.
    Model(ModelIndex),
}

/// A monthly limit.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Whose money.
    pub of: BudgetOf,
    /// How much a month.
    pub limit: Usd,
    /// Where it is stated.
    pub span: Span,
}

/// The assumptions of a plan.
#[derive(Debug, Clone)]
pub struct Assumptions {
    /// The configuration, with what the command line changes of it.
    pub config: Arc<Config>,
    /// The configuration's speeds, by model.
    pub speeds: BTreeMap<ModelIndex, Speed>,
    /// The date whose burndown statements decide; today's where `None`.
    pub rates_as_of: Option<FactDate>,
    /// The date of the plan.
    pub today: FactDate,
    /// The date whose prices count, for a stage that begins later; that of the plan where `None`.
    pub priced_on: Option<FactDate>,
    /// Months of growth.
    pub months: u32,
    /// The configuration's money limits: the total, then teams by name, then models by id.
    pub budgets: Vec<Budget>,
    /// The threads to plan on, the calling one alone unless set; no figure depends on them.
    pub workers: Workers,
}

impl Assumptions {
    /// Resolves a configuration; model names the table does not know are reported.
    #[must_use]
    pub fn new(config: &Config, catalog: &Catalog, diagnostics: &mut Diagnostics) -> Self {
        let names = Names { config, catalog };
        let mut speeds = BTreeMap::new();
        for (name, speed) in &config.latency {
            if let Some(named) = names.find(name, speed.span, diagnostics)
                && speeds.insert(named.model, speed.value).is_some()
            {
                let message = format!("`{name}` is a model whose latency is already stated");
                diagnostics.at(Code::DuplicateName, speed.span, message, "keep one of the two");
            }
        }
        let budgets = names.budgets(diagnostics);
        for (alias, target) in &config.aliases {
            names.find(&target.value, target.span, diagnostics);
            if catalog.find(alias).is_ok() {
                let message = format!("the alias `{alias}` is already a name in the model table");
                let help = "choose another name: one name must not mean two models";
                diagnostics.at(Code::DuplicateName, target.span, message, help);
            }
        }
        for (name, span) in config.scenario_models() {
            names.find(name, span, diagnostics);
        }
        for (name, span) in config.scenario_scopes() {
            if name.parse::<Scope>().is_err() {
                let message = format!("`{name}` is not a scope");
                diagnostics.at(Code::UnknownScope, span, message, "write us, global, ca or in-region");
            }
        }
        let answers = config.request.values().flat_map(|answer| &answer.by);
        for (name, answer) in answers.filter(|(name, _)| !is_quota_code(name)) {
            names.find(name, answer.span, diagnostics);
        }
        let known: BTreeSet<&str> = catalog.quota_codes().collect();
        let mut unknown = 0;
        for (code, span) in config.granted.codes() {
            if !known.contains(code) {
                unknown += 1;
                let meant = if unknown > SUGGESTED {
                    String::new()
                } else {
                    did_you_mean(code, catalog.quota_codes())
                };
                let help = if meant.is_empty() {
                    "the value is not used; add the quota with --models if it is new".to_owned()
                } else {
                    meant
                };
                let message = format!("no quota of the model table has the code `{code}`");
                diagnostics.at(Code::UnknownQuotaCode, span, message, help);
            }
        }
        Self {
            workers: Workers::ONE,
            config: Arc::new(config.clone()),
            speeds,
            rates_as_of: None,
            today: catalog.newest(),
            priced_on: None,
            months: 0,
            budgets,
        }
    }

    /// The configuration, to be changed; other plans that share it keep theirs.
    pub fn config_mut(&mut self) -> &mut Config {
        Arc::make_mut(&mut self.config)
    }

    /// Busiest minute over mean where a row states no peak: 1 where the configuration states none either.
    #[must_use]
    pub fn peak_factor(&self) -> Ratio {
        self.config.peak_factor.or(Ratio::from_whole(1)).unwrap_or_default()
    }

    /// `z`: the standard normal quantile of the confidence.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn z(&self) -> f64 {
        // The tail is taken from the exact decimal: 1 − 0.999 would lose digits.
        let tail = MILLIONTHS.saturating_sub(self.config.confidence.millionths());
        normal_quantile(tail as f64 / MILLIONTHS as f64)
    }

    /// The date whose prices count.
    #[must_use]
    pub fn price_date(&self) -> FactDate {
        self.priced_on.unwrap_or(self.today)
    }

    /// The speed of a model.
    #[must_use]
    pub fn speed_of(&self, model: ModelIndex) -> Speed {
        self.speeds.get(&model).copied().unwrap_or(self.config.speed)
    }
}

/// The model of a name as the configuration may write it, own names included; a name that leads to
/// none is reported.
pub(super) fn find_model(
    config: &Config,
    catalog: &Catalog,
    name: &str,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Named> {
    Names { config, catalog }.find(name, span, diagnostics)
}

/// Names of models as the configuration may write them.
struct Names<'a> {
    config: &'a Config,
    catalog: &'a Catalog,
}

impl Names<'_> {
    /// The configuration's budgets, each model named once.
    fn budgets(&self, diagnostics: &mut Diagnostics) -> Vec<Budget> {
        let stated = &self.config.budget;
        let budget = |of, amount: &Written<Usd>| Budget { of, limit: amount.value, span: amount.span };
        let total = stated.monthly_usd.iter().map(|amount| budget(BudgetOf::Total, amount));
        let teams = stated.team.iter().map(|(name, amount)| budget(BudgetOf::Team(name.clone()), amount));
        let mut models = BTreeMap::new();
        for (name, amount) in &stated.model {
            if let Some(named) = self.find(name, amount.span, diagnostics)
                && models.insert(named.model, amount).is_some()
            {
                let message = format!("`{name}` is a model whose budget is already stated");
                diagnostics.at(Code::DuplicateName, amount.span, message, "keep one of the two");
            }
        }
        let models = models.into_iter().map(|(model, amount)| budget(BudgetOf::Model(model), amount));
        total.chain(teams).chain(models).collect()
    }

    /// The model of a name; a name that leads to none is reported.
    fn find(&self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Named> {
        let target = self.config.aliases.get(name).map_or(name, |alias| alias.value.as_str());
        let fault = match self.catalog.find(target) {
            Ok(named) => return Some(named),
            Err(fault) => fault,
        };
        let (code, message, help) = naming_fault(name, &fault, Some(self.catalog));
        diagnostics.at(code, span, message, help);
        None
    }
}
