//! What a request for an increase is reported from.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Model, ModelIndex, QuotaEntry, Scope};
use crate::config::{Answer, Written};
use crate::engine::{
    AccountDaily, Ask, AskTerms, Finding, Plan, PlanInput, QuotaAsk, QuotaPlan, QuotaTraffic, Refusal,
    SettledShare, residency_refusal,
};
use crate::minutes::{Burn, Minutes, Ranked};
use crate::report::words::{CaseWorkload, QuotaNow, Sentence, language};
use crate::text::{Code, FactDate, Sources};
use crate::units::{Limit, QuotaAmount, QuotaKind, Tokens};

/// Rows that the table of a quota shows.
const ROWS_SHOWN: usize = 50;

/// Everything a request for increases is reported from.
#[derive(Debug, Clone, Copy)]
pub struct RequestReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What was planned from.
    pub input: &'a PlanInput<'a>,
    /// The plan.
    pub plan: &'a Plan,
    /// The account that is asked for.
    pub account: Option<&'a str>,
    /// Its twelve digits.
    pub account_id: Option<&'a str>,
    /// The day by which the increases are needed.
    pub needed_by: Option<FactDate>,
    /// What a person decided.
    pub terms: &'a AskTerms,
    /// What becomes of each quota.
    pub asks: &'a [QuotaAsk],
    /// Measured use, where given.
    pub minutes: Option<&'a Minutes>,
    /// The pack's files with it, in a sentence.
    pub evidence: &'a str,
    /// The configuration's own names of models, application inference profiles among them.
    pub aliases: &'a BTreeMap<String, Written<String>>,
    /// The configuration's answers, by key.
    pub answers: &'a BTreeMap<&'static str, Answer>,
}

/// A quota that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct QuotaIncrease<'a> {
    pub(super) quota: &'a QuotaPlan,
    pub(super) ask: &'a Ask,
}

impl QuotaIncrease<'_> {
    /// What is required, as configured or with the cap that was accepted.
    pub(super) fn required(&self) -> Option<QuotaAmount> {
        if self.ask.max_tokens.is_some() { self.quota.lean_required } else { self.quota.figures.required }
    }
}

/// A quota whose applied value AWS Support restores to AWS's default.
#[derive(Debug, Clone)]
pub(super) struct Restore<'a> {
    /// What a person calls it, with its code.
    pub(super) title: String,
    /// The same with what it counts instead of its code.
    pub(super) subject: String,
    pub(super) entry: &'a QuotaEntry,
    pub(super) unit: &'static str,
    /// Whether what is needed is an estimate, of the account's tokens per day over all models.
    pub(super) is_estimate: bool,
    /// What is needed.
    pub(super) required: QuotaAmount,
    pub(super) granted: Limit,
    /// When that was read.
    pub(super) read: Option<FactDate>,
    pub(super) default: Limit,
    /// The cap on max_tokens that it rests on; `None` where max_tokens stays as configured.
    pub(super) max_tokens: Option<Tokens>,
    /// Whether AWS grants no increases for the model, so that it may refuse this too.
    pub(super) is_legacy: bool,
}

impl Restore<'_> {
    /// Why nothing is asked of Service Quotas, and what to do instead.
    pub(super) fn words(&self) -> Sentence {
        let Self { required, granted, default, max_tokens, .. } = *self;
        language().refusal(&Refusal::Restore { required, granted, default, max_tokens })
    }
}

/// An increase that is asked for now, ready to be written in any form.
#[derive(Debug, Clone)]
pub struct IncreaseRequest<'a> {
    /// The quota code.
    pub code: &'a str,
    /// The value to ask for now.
    pub now: QuotaAmount,
    /// What the quota counts.
    pub kind: QuotaKind,
    /// Model and scope, on one line.
    pub name: String,
    /// Model, scope and kind, on one line.
    pub subject: String,
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// What is called: the inference profile, in-Region the model.
    pub called: &'a str,
    /// The applied value; `None` where it is not known, or no number.
    pub applied: Option<QuotaAmount>,
    /// The cap on max_tokens it rests on; `None` where max_tokens stays as configured.
    pub max_tokens: Option<Tokens>,
    /// What settled use is of use with reservations at that cap; `None` where that is not known.
    pub share: Option<SettledShare>,
    /// Indices of the rows that count against it.
    pub rows: &'a [u32],
}

impl<'a> RequestReport<'a> {
    /// The increases that are asked for now, in the order of the plan.
    pub fn requested(&self) -> impl Iterator<Item = IncreaseRequest<'a>> + use<'a> {
        let Self { plan, input, .. } = *self;
        self.asked().filter_map(move |QuotaIncrease { quota, ask }| {
            let model = input.catalog.model(quota.id.model);
            let profile = model.scope(quota.id.scope).and_then(|entry| entry.profile.as_deref());
            Some(IncreaseRequest {
                code: quota.code()?,
                now: ask.now(),
                kind: quota.id.kind,
                name: quota.id.place(input.catalog),
                subject: quota.id.subject(input.catalog),
                model: quota.id.model,
                scope: quota.id.scope,
                called: profile.unwrap_or(&model.id),
                applied: quota.granted_limit().and_then(Limit::amount),
                max_tokens: ask.max_tokens,
                share: plan.settled_share(input, quota, ask.max_tokens).ok().flatten(),
                rows: plan.rows_of(quota),
            })
        })
    }

    /// The quotas that are asked for, in the order of the plan.
    pub(super) fn asked(&self) -> impl Iterator<Item = QuotaIncrease<'a>> + use<'a> {
        let plan = self.plan;
        self.asks.iter().filter_map(move |ask| {
            let quota = plan.quotas.get(ask.quota)?;
            ask.outcome.as_ref().ok().map(|ask| QuotaIncrease { quota, ask })
        })
    }

    /// The quotas that are not, each with its reason.
    pub(super) fn refused(&self) -> impl Iterator<Item = (&'a QuotaPlan, &'a Refusal)> + use<'a> {
        let plan = self.plan;
        self.asks.iter().filter_map(move |ask| {
            let quota = plan.quotas.get(ask.quota)?;
            ask.outcome.as_ref().err().map(|refusal| (quota, refusal))
        })
    }

    /// The traffic behind a quota, with the rows that its table shows.
    pub(super) fn traffic(&self, quota: &'a QuotaPlan) -> QuotaTraffic<'a> {
        self.plan.traffic(self.input, quota, ROWS_SHOWN)
    }

    /// The model of a quota.
    pub(super) fn model(&self, quota: &QuotaPlan) -> &'a Model {
        self.input.catalog.model(quota.id.model)
    }

    /// The quota of another kind for the same traffic.
    pub(super) fn beside(&self, quota: &QuotaPlan, kind: QuotaKind) -> Option<&'a QuotaPlan> {
        let mut others = self.plan.quotas.iter().filter(|other| other.id.kind == kind);
        others.find(|other| other.id.counts_the_same_rows(&quota.id))
    }

    /// Measured use of a quota's model and scope, where the table has any; it does not tell long inputs
    /// apart, so it says nothing of the quotas of those.
    pub(super) fn burn(&self, quota: &QuotaPlan) -> Option<Burn> {
        self.minutes.filter(|_| !quota.id.long_context)?.burn(quota.id.model, quota.id.scope)
    }

    /// The same in the quota's own unit.
    pub(super) fn ranked(&self, quota: &QuotaPlan) -> Option<(Burn, Ranked)> {
        let burn = self.burn(quota)?;
        let ranked = if quota.id.kind.counts_tokens() { burn.settled } else { burn.requests };
        Some((burn, ranked))
    }

    /// An answer of the configuration that says something: the quota's own, else the model's, else the
    /// one for all.
    pub(super) fn answer(&self, key: &str, quota: &QuotaPlan) -> Option<&'a str> {
        let Answer { all, by } = self.answers.get(key)?;
        let of_model = |name: &str| {
            let named = self.input.catalog.find(name).ok();
            named.is_some_and(|named| {
                named.model == quota.id.model && named.scope.is_none_or(|scope| scope == quota.id.scope)
            })
        };
        let own = quota.code().and_then(|code| by.get(code));
        let own = own.or_else(|| by.iter().find(|(name, _)| of_model(name)).map(|(_, answer)| answer));
        let text = own.map(|answer| answer.value.as_str()).or(all.as_deref())?;
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// Whether a quota is asked for.
    pub(super) fn is_asked(&self, quota: &QuotaPlan) -> bool {
        self.asked().any(|asked| std::ptr::eq(asked.quota, quota))
    }

    /// Whether tokens per minute of the same traffic are asked for too, so that they carry the answers.
    pub(super) fn follows_tokens(&self, quota: &QuotaPlan) -> bool {
        quota.id.kind.counts_requests()
            && self.beside(quota, QuotaKind::Tpm).is_some_and(|tpm| self.is_asked(tpm))
    }

    /// The quotas whose applied value is to be restored: those refused for that reason, then those of the
    /// account that are not decided on here.
    pub(super) fn restores(&self) -> impl Iterator<Item = Restore<'a>> + use<'a> {
        let this = *self;
        let refused = self.refused().filter_map(move |(quota, refusal)| match *refusal {
            Refusal::Restore { required, granted, default, max_tokens } => {
                this.restore(quota, required, granted, default, max_tokens)
            }
            _ => None,
        });
        refused.chain(self.restores_undecided())
    }

    fn restore(
        &self,
        quota: &'a QuotaPlan,
        required: QuotaAmount,
        granted: Limit,
        default: Limit,
        max_tokens: Option<Tokens>,
    ) -> Option<Restore<'a>> {
        let title = quota.id.title(self.input.catalog);
        let (entry, unit) = (quota.entry.as_ref()?, quota.id.kind.unit());
        let read = quota.granted.as_ref().and_then(|granted| granted.as_of);
        let subject = format!("{}, {unit}", quota.id.place(self.input.catalog));
        let is_estimate = false;
        Some(Restore {
            title,
            subject,
            entry,
            unit,
            is_estimate,
            required,
            granted,
            read,
            default,
            max_tokens,
            is_legacy: self.model(quota).takes_no_increases(self.input.assumptions.today),
        })
    }

    /// Those of them that are not decided on here: requests per minute, tokens per day, and the account's
    /// tokens per day over all models.
    pub(super) fn restores_undecided(&self) -> impl Iterator<Item = Restore<'a>> + use<'a> {
        let this = *self;
        let single = self.exceeded().filter_map(move |quota| {
            let (required, granted) = (quota.figures.required?, quota.granted_limit()?);
            let default = quota.restored_for(required)?;
            this.restore(quota, required, granted, default, None)
        });
        let of_account =
            self.plan.account_daily.iter().filter(move |daily| daily.account.as_deref() == this.account);
        single.chain(of_account.filter_map(|daily| {
            let (granted, default) = (daily.granted_limit()?, daily.restored_to()?);
            let title = daily_title(daily);
            let (entry, required) = (&daily.entry, daily.larger());
            Some(Restore {
                title,
                subject: language().all_models(),
                entry,
                unit: QuotaKind::Tpd.unit(),
                is_estimate: true,
                required,
                granted,
                read: daily.granted.as_ref().and_then(|granted| granted.as_of),
                default,
                max_tokens: None,
                is_legacy: false,
            })
        }))
    }

    /// Quotas of the account that are not decided on here, that the traffic exceeds and that are not to
    /// be restored: requests per minute and tokens per day, which go into the text of the Support case.
    pub(super) fn for_the_case(&self) -> impl Iterator<Item = &'a QuotaPlan> + use<'a> {
        let is_restored =
            |quota: &QuotaPlan| quota.figures.required.and_then(|r| quota.restored_for(r)).is_some();
        self.exceeded().filter(move |quota| !is_restored(quota))
    }

    /// Quotas of the account that are not decided on here and that the traffic exceeds, but for those whose
    /// scope breaks the residency of their rows, or may: nothing about them is sent unless that is accepted.
    fn exceeded(&self) -> impl Iterator<Item = &'a QuotaPlan> + use<'a> {
        let Self { input, plan, account, terms, asks, .. } = *self;
        let stays = move |quota: &QuotaPlan| {
            terms.accept_residency || residency_refusal(input, plan, quota).is_none()
        };
        let decided = move |index: usize| asks.iter().any(|ask| ask.quota == index);
        let of_account = plan.quotas.iter().enumerate();
        of_account
            .filter(move |(index, quota)| {
                quota.id.account.as_deref() == account && !decided(*index) && stays(quota)
            })
            .filter_map(|(_, quota)| match (quota.capacity(), quota.figures.required) {
                (Some(capacity), Some(required)) if !capacity.holds(required) => Some(quota),
                _ => None,
            })
    }
}

/// Which workloads run when, in a sentence: the first of them, since nobody reads hundreds.
pub(super) fn listed_workloads(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    shape: &QuotaTraffic<'_>,
) -> String {
    const SHOWN: usize = 8;
    let set = requesting.input.workloads;
    let mut listed: Vec<CaseWorkload<'_>> = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for row in &shape.rows {
        names.insert(row.name());
        let (period, hours) = (row.period().map(|period| set.text(period)), row.hours());
        let workload = CaseWorkload { name: row.name(), period, hours };
        if listed.len() < SHOWN && !listed.contains(&workload) {
            listed.push(workload);
        }
    }
    let shown: BTreeSet<&str> = listed.iter().map(|workload| workload.name).collect();
    let slot = quota.figures.slot;
    // Where no row states hours, every hour is the busiest.
    let hour = slot.hour.filter(|_| shape.rows.iter().any(|row| row.hours().is_some()));
    let busiest = (hour, slot.period.map(|period| set.text(period)));
    let zone = &requesting.input.assumptions.config.timezone;
    language().workloads(&listed, names.len() - shown.len(), zone, busiest)
}

/// The page of a quota in the Service Quotas console of the source Region.
#[must_use]
pub fn console_link(code: &str) -> String {
    format!("https://ca-central-1.console.aws.amazon.com/servicequotas/home/services/bedrock/quotas/{code}")
}

/// AWS's default, where the applied value is below it.
pub(super) fn default_above(quota: &QuotaPlan) -> Option<Limit> {
    let (applied, default) = (quota.granted_limit()?.amount()?, quota.default_limit()?);
    Some(default).filter(|default| match default {
        Limit::Amount(default) => applied < *default,
        Limit::Unlimited => true,
    })
}

/// The value that a quota has now.
pub(super) fn quota_now(quota: &QuotaPlan) -> QuotaNow {
    match (&quota.granted, quota.granted_limit(), quota.default_limit()) {
        (Some(granted), Some(value), _) => QuotaNow::Applied(value, granted.as_of),
        (_, _, Some(default)) => QuotaNow::Default(default),
        _ => QuotaNow::Unknown,
    }
}

/// The same in words.
pub(super) fn now(quota: &QuotaPlan) -> String {
    language().value_now(quota.granted_limit(), quota.default_limit())
}

/// What the plan found about the models and scopes that are asked for.
pub(super) fn about_asked<'r>(requesting: &'r RequestReport<'_>) -> impl Iterator<Item = &'r Finding> {
    requesting.plan.findings.iter().filter(|finding| {
        let Some(about) = finding.quota.and_then(|quota| requesting.plan.quotas.get(quota)) else {
            return false;
        };
        // A model's life is said at the first of its quotas, whichever is asked for.
        let any_scope = matches!(
            finding.code,
            Code::Legacy | Code::NearRetirement | Code::RetirementOpen | Code::AccessCondition
        );
        requesting.asked().any(|asked| {
            asked.quota.id.model == about.id.model
                && (any_scope
                    || (asked.quota.id.scope == about.id.scope && asked.quota.id.account == about.id.account))
        })
    })
}

/// What the estimate over all models is called, with its code.
pub(super) fn daily_title(daily: &AccountDaily) -> String {
    format!("All models {}, {}", QuotaKind::Tpd, daily.entry.code_words())
}
