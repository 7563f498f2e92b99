//! The model table: what AWS states about each model callable from ca-central-1, each fact
//! with its source and date.
//!
//! The table is data (`data/models.toml`); this module gives it types. It plans nothing.

mod facts;
mod lint;
mod names;
mod naming;
mod overlay;
mod parts;
mod read;
mod read_scope;
mod residency;
mod scope;

pub use facts::{
    AccessCondition, AccessKind, Destinations, Disorder, DisputedLimit, Lifecycle, Lifestage, LimitField,
    Promotion, Statement, UnlistedModel, disorders,
};
pub use names::Named;
use names::Names;
pub use naming::NamingFault;
pub(crate) use naming::naming_fault;
pub use read::{EMBEDDED, EMBEDDED_NAME, load, parse};
pub use residency::{Outside, Residency, ResidencyVerdict};
pub use scope::{ModelIndex, Provenance, Scope};

use crate::text::{FactDate, Span};
use crate::units::{
    BurndownRate, ByKind, Fact, Limit, QuotaAmount, QuotaKind, Tokens, UsdPerMillion, UsdPerQuery, words,
};

/// The one source Region of this version.
pub const REGION: &str = "ca-central-1";

words! {
    /// What a model does with tokens.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ModelKind {
        /// Generates text (from text or video).
        Text = "text",
        /// Returns vectors; generates no tokens.
        Embedding = "embedding",
        /// Orders documents; generates no tokens, and AWS lists no token quota.
        Rerank = "rerank",
    }
}

impl ModelKind {
    /// Whether it generates tokens, so that max_tokens means something.
    #[must_use]
    pub const fn generates(self) -> bool {
        matches!(self, Self::Text)
    }
}

words! {
    /// How sure a burndown rate is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum RateStatus {
        /// A rate named for this model.
        Known = "known",
        /// AWS's "for all other models 1:1".
        DefaultClause = "default-clause",
        /// No statement, and siblings differ.
        Unknown = "unknown",
        /// A statement that a newer one replaced.
        Superseded = "superseded",
        /// Statements of one time contradict each other.
        Disputed = "disputed",
    }
}

/// One statement about a model's output burndown rate.
#[derive(Debug, Clone)]
pub struct RateStatement {
    /// The rate; for an unknown one the worst case to plan with.
    pub rate: BurndownRate,
    /// Its status today.
    pub status: RateStatus,
    /// Its status when it was the newest, for a superseded one.
    pub status_then: RateStatus,
    /// Source and date.
    pub provenance: Provenance,
}

/// The rate chosen for a date.
#[derive(Debug, Clone)]
pub struct ChosenRate {
    /// The rate to plan with.
    pub rate: BurndownRate,
    /// Its status at that date: never [`RateStatus::Superseded`].
    pub status: RateStatus,
    /// The deciding statement; `None` where none is old enough.
    pub statement: Option<usize>,
}

/// One Service Quotas quota.
#[derive(Debug, Clone)]
pub struct QuotaEntry {
    /// The quota code, such as `L-27C57EE8`.
    pub code: Fact<String>,
    code_span: Span,
    /// AWS's exact name.
    pub name: Fact<String>,
    /// The default value, in the quota's own unit.
    pub default: Fact<Limit>,
    /// Whether Service Quotas takes an increase.
    pub adjustable: Fact<bool>,
    /// Source and date of the default.
    pub provenance: Provenance,
}

/// A quota code in a text for people, or that it is not known.
#[must_use]
pub fn code_words(code: Option<&str>) -> &str {
    code.unwrap_or("code unknown")
}

impl QuotaEntry {
    /// The quota code, or that it is not known.
    #[must_use]
    pub fn code_words(&self) -> &str {
        code_words(self.known_code())
    }

    /// The quota code, where it is known.
    #[must_use]
    pub fn known_code(&self) -> Option<&str> {
        match &self.code {
            Fact::Known(code) => Some(code),
            Fact::Absent | Fact::Unknown => None,
        }
    }
}

/// Quotas that count instead of the usual ones above an input length.
#[derive(Debug, Clone)]
pub struct LongContext {
    /// Input (uncached, cache reads and cache writes) above which they count.
    pub above_input: Tokens,
    quotas: ByKind<Option<QuotaEntry>>,
}

/// A quota of a scope.
#[derive(Debug, Clone, Copy)]
pub struct ListedQuota<'a> {
    /// What it counts.
    pub kind: QuotaKind,
    /// Whether it counts above an input length alone.
    pub long_context: bool,
    /// Its entry.
    pub entry: &'a QuotaEntry,
}

/// Prices in US dollars per million tokens, up to an input length.
#[derive(Debug, Clone)]
pub struct Price {
    /// Largest input the tier covers; `None` for the last.
    pub up_to_input: Option<Tokens>,
    /// Input neither read from nor written to the cache.
    pub input: Fact<UsdPerMillion>,
    /// Output.
    pub output: Fact<UsdPerMillion>,
    /// US dollars per query, for models that are billed by the query.
    pub per_query: Fact<UsdPerQuery>,
    /// Cache writes that live five minutes.
    pub cache_write_5m: Fact<UsdPerMillion>,
    /// Cache writes that live half an hour.
    pub cache_write_30m: Fact<UsdPerMillion>,
    /// Cache writes that live an hour.
    pub cache_write_1h: Fact<UsdPerMillion>,
    /// Cache reads.
    pub cache_read: Fact<UsdPerMillion>,
    /// Batch, flex, priority and ultrafast prices by key, in the order of the table.
    pub service_tiers: Vec<(&'static str, Fact<UsdPerMillion>)>,
    /// That AWS announced the price for a time.
    pub promotion: Option<Promotion>,
    /// The Region the price was read for, or `unknown`.
    pub priced_in: String,
    /// Source and date.
    pub provenance: Provenance,
}

impl Price {
    /// The price of cache writes of which no life is stated: that of the shortest life the model has.
    #[must_use]
    pub fn default_cache_write(&self) -> Fact<UsdPerMillion> {
        let lives = [self.cache_write_5m, self.cache_write_30m, self.cache_write_1h];
        lives.into_iter().find(|price| *price != Fact::Absent).unwrap_or(Fact::Absent)
    }
}

/// A model in one scope.
#[derive(Debug, Clone)]
pub struct ScopeEntry {
    /// The scope.
    pub scope: Scope,
    /// The inference profile id; absent in-Region.
    pub profile: Option<String>,
    profile_span: Span,
    /// Where a request may be processed.
    pub destinations: Destinations,
    /// Source and date of profile and destinations.
    pub provenance: Provenance,
    quotas: ByKind<Option<QuotaEntry>>,
    /// Quotas that count above an input length.
    pub long_context: Option<LongContext>,
    /// Price tiers, ascending; empty where no price is known.
    pub prices: Vec<Price>,
}

impl ScopeEntry {
    /// The price tier of a mean input length.
    #[must_use]
    pub fn price_at(&self, input: Tokens) -> Option<&Price> {
        self.prices.iter().find(|price| price.up_to_input.is_none_or(|limit| input <= limit))
    }

    /// The quota of a kind that counts for inputs of the usual length.
    #[must_use]
    pub fn quota(&self, kind: QuotaKind) -> Option<&QuotaEntry> {
        self.quotas.get(kind).as_ref()
    }

    /// The quota of a kind that counts for long or for usual inputs; without quotas of their own, long inputs count
    /// against the usual ones.
    #[must_use]
    pub fn quota_for(&self, kind: QuotaKind, long_context: bool) -> Option<&QuotaEntry> {
        match &self.long_context {
            Some(long) if long_context => long.quotas.get(kind).as_ref(),
            _ => self.quota(kind),
        }
    }

    /// Every quota of the scope, the long-context ones last.
    pub fn quotas(&self) -> impl Iterator<Item = ListedQuota<'_>> {
        let long = self.long_context.iter().map(|long| (&long.quotas, true));
        std::iter::once((&self.quotas, false)).chain(long).flat_map(|(quotas, long_context)| {
            QuotaKind::ALL.into_iter().filter_map(move |kind| {
                quotas.get(kind).as_ref().map(|entry| ListedQuota { kind, long_context, entry })
            })
        })
    }
}

/// One base model.
#[derive(Debug, Clone)]
pub struct Model {
    /// The base model id.
    pub id: String,
    /// The name people use.
    pub name: String,
    /// Who makes it.
    pub provider: String,
    /// What it does with tokens.
    pub kind: ModelKind,
    /// Whether it is callable from ca-central-1.
    pub offered: bool,
    /// Short names.
    pub aliases: Vec<String>,
    alias_spans: Vec<Span>,
    /// Largest output; absent where the model generates nothing.
    pub max_output_tokens: Fact<Tokens>,
    /// Largest input of the largest variant.
    pub context_window: Fact<Tokens>,
    /// Where both limits were read.
    pub limits: Option<Provenance>,
    /// Other values that sources give for these limits.
    pub disputed: Vec<DisputedLimit>,
    /// What AWS asks for before the first call.
    pub access: Vec<AccessCondition>,
    /// Whether batch inference is offered from ca-central-1.
    pub batch: Fact<bool>,
    /// Where that was read.
    pub batch_provenance: Option<Provenance>,
    /// Whether the endpoint bedrock-runtime counts its tokens (CountTokens), in whatever Region.
    pub count_tokens: Fact<bool>,
    /// Where that was read.
    pub count_tokens_provenance: Option<Provenance>,
    /// The rate to plan with where no statement decides.
    pub worst_case: BurndownRate,
    /// Statements, newest first.
    pub burndown: Vec<RateStatement>,
    /// Retirement, where anything is known of it.
    pub lifecycle: Option<Lifecycle>,
    /// Scopes, in the order of their words.
    pub scopes: Vec<ScopeEntry>,
    /// Its place in the model table.
    pub span: Span,
}

impl Model {
    /// Whether AWS grants no increases for it on a day: it is Legacy or has been retired (user guide,
    /// quotas-runtime, 2026). Where its status is not known, nothing is taken for granted.
    #[must_use]
    pub fn takes_no_increases(&self, today: FactDate) -> bool {
        self.lifecycle.as_ref().is_some_and(|life| life.is_legacy(today) || life.is_retired(today))
    }

    /// AWS's default of the quota of tokens per minute in a scope, where it is known and there is a limit.
    #[must_use]
    pub fn default_tokens_per_minute(&self, scope: Scope) -> Option<QuotaAmount> {
        match self.scope(scope)?.quota(QuotaKind::Tpm)?.default.known()? {
            Limit::Amount(amount) => Some(amount),
            Limit::Unlimited => None,
        }
    }

    /// The entry of a scope.
    #[must_use]
    pub fn scope(&self, scope: Scope) -> Option<&ScopeEntry> {
        self.scopes.iter().find(|entry| entry.scope == scope)
    }

    /// Whether rows may name it in this scope: its own scopes, or US and Global where it is
    /// no longer callable and only migrated from.
    #[must_use]
    pub fn accepts(&self, scope: Scope) -> bool {
        if self.offered { self.scope(scope).is_some() } else { matches!(scope, Scope::Us | Scope::Global) }
    }

    /// The smallest value that a source gives for a limit, where one disputes the model's own.
    #[must_use]
    pub fn smallest_disputed(&self, field: LimitField) -> Option<&DisputedLimit> {
        self.disputed.iter().filter(|limit| limit.field == field).min_by_key(|limit| limit.value)
    }

    /// The newest statement at or before `date` (today's where `None`); where none is that old
    /// the rate is unknown and the table's worst case is planned.
    #[must_use]
    pub fn rate_as_of(&self, date: Option<FactDate>) -> ChosenRate {
        let index = match date {
            None => (!self.burndown.is_empty()).then_some(0),
            Some(date) => self.burndown.iter().position(|s| s.provenance.as_of.day() <= date.day()),
        };
        match index.and_then(|i| self.burndown.get(i)) {
            Some(statement) => {
                let status = match statement.status {
                    RateStatus::Superseded => statement.status_then,
                    status => status,
                };
                ChosenRate { rate: statement.rate, status, statement: index }
            }
            None => ChosenRate { rate: self.worst_case, status: RateStatus::Unknown, statement: None },
        }
    }
}

/// The whole table, valid.
#[derive(Debug, Clone)]
pub struct Catalog {
    models: Vec<Model>,
    account_daily: QuotaEntry,
    statements: Vec<Statement>,
    unlisted: Vec<UnlistedModel>,
    names: Names,
}

impl Catalog {
    /// All models, by id.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The index of every model, in the order of the ids.
    pub fn indices(&self) -> impl Iterator<Item = ModelIndex> {
        (0..self.models.len()).filter_map(|index| u16::try_from(index).ok().map(ModelIndex))
    }

    /// The model of an index.
    #[must_use]
    #[allow(clippy::missing_panics_doc)]
    pub fn model(&self, index: ModelIndex) -> &Model {
        &self.models[usize::from(index.0)]
    }

    /// The account-wide daily quota over all models.
    #[must_use]
    pub fn account_daily(&self) -> &QuotaEntry {
        &self.account_daily
    }

    /// What AWS says about many models, in the order of the table.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Models that are known to exist without enough being known for an entry.
    #[must_use]
    pub fn unlisted(&self) -> &[UnlistedModel] {
        &self.unlisted
    }

    /// The newest date of any fact: the product's "today" unless one is given.
    #[must_use]
    pub fn newest(&self) -> FactDate {
        let mut newest = self.account_daily.provenance.as_of;
        let statements = self.statements.iter().map(|statement| &statement.provenance);
        let besides = statements.chain(self.unlisted.iter().map(|model| &model.provenance));
        for provenance in self.models.iter().flat_map(Model::provenances).chain(besides) {
            if provenance.as_of.day() > newest.day() {
                newest = provenance.as_of;
            }
        }
        newest
    }

    /// Every quota code the table lists.
    pub fn quota_codes(&self) -> impl Iterator<Item = &str> {
        let of_models =
            self.models.iter().flat_map(|m| &m.scopes).flat_map(ScopeEntry::quotas).map(|quota| quota.entry);
        of_models.chain(std::iter::once(&self.account_daily)).filter_map(|quota| match &quota.code {
            Fact::Known(code) => Some(code.as_str()),
            Fact::Absent | Fact::Unknown => None,
        })
    }
}

impl Model {
    /// Every provenance of the model's facts.
    pub fn provenances(&self) -> impl Iterator<Item = &Provenance> {
        let scopes = self.scopes.iter().flat_map(|scope| {
            let quotas = scope.quotas().map(|quota| &quota.entry.provenance);
            let promotions = scope.prices.iter().filter_map(|price| price.promotion.as_ref());
            std::iter::once(&scope.provenance)
                .chain(quotas)
                .chain(scope.prices.iter().map(|price| &price.provenance))
                .chain(promotions.map(|promotion| &promotion.provenance))
        });
        self.limits
            .iter()
            .chain(&self.batch_provenance)
            .chain(&self.count_tokens_provenance)
            .chain(self.burndown.iter().map(|s| &s.provenance))
            .chain(self.lifecycle.iter().map(|l| &l.provenance))
            .chain(self.disputed.iter().map(|limit| &limit.provenance))
            .chain(self.access.iter().map(|condition| &condition.provenance))
            .chain(scopes)
    }
}

impl Statement {
    /// Whether it is about a model.
    #[must_use]
    pub fn is_about(&self, model: &Model) -> bool {
        (self.models.is_empty() || self.models.iter().any(|(id, _)| *id == model.id))
            && (self.scopes.is_empty() || self.scopes.iter().any(|scope| model.scope(*scope).is_some()))
    }
}
