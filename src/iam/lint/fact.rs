//! What a lint finds: facts with their figures, which a language words.

use crate::catalog::Scope;
use crate::iam::grant::GrantFault;
use crate::text::{Code, Severity, Span};

/// What was found at a place of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFinding {
    /// What it is.
    pub fact: PolicyFact,
    /// Where it stands.
    pub span: Span,
}

/// Findings in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct PolicyFindings(Vec<PolicyFinding>);

impl PolicyFindings {
    pub(super) fn add(&mut self, span: Span, fact: PolicyFact) {
        self.0.push(PolicyFinding { fact, span });
    }

    /// Whether any is an error or a warning.
    pub(super) fn has_faults(&self) -> bool {
        self.0.iter().any(|finding| finding.fact.severity() > Severity::Note)
    }

    pub(super) fn into_list(self) -> Vec<PolicyFinding> {
        self.0
    }
}

/// Something that a policy does or lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyFact {
    /// The file has several documents, which are judged together.
    SeveralDocuments {
        /// How many.
        count: usize,
    },
    /// Statements without a document, judged as in a document of Version 2012-10-17.
    NoDocument,
    /// Names that a template fills in, each with the value that it is assumed to have.
    Assumed(Vec<(String, String)>),
    /// An action that IAM does not have: that of an operation.
    NoSuchAction {
        /// As the document writes it.
        action: String,
        /// The operation.
        operation: &'static str,
        /// The action that the operation needs.
        needs: &'static str,
    },
    /// A condition operator that IAM does not have.
    NoSuchOperator(String),
    /// `global` as `aws:RequestedRegion`.
    GlobalAsRegion,
    /// A wildcard behind an operator that compares letter by letter: the operator.
    LiteralWildcard(String),
    /// An account in the ARN of a foundation model.
    ModelAccount {
        /// The ARN's Region.
        region: String,
        /// The model.
        id: String,
    },
    /// What stands for the account in the ARN of a profile is no account id; empty where nothing does.
    ProfileAccount(String),
    /// The ARN of a profile is in this Region, from which no call comes.
    ProfileRegion(String),
    /// More is allowed than calls need.
    Wide(WideAllow),
    /// No statement allows a Bedrock call.
    NothingAllowed,
    /// Nothing is allowed that a model of the model table is called with.
    NothingJudged,
    /// The document does not show what this variable stands for.
    UnknownVariable(String),
    /// The ARN of this application inference profile does not show where its calls go.
    ApplicationProfile(String),
    /// The model table does not know this profile.
    UnknownProfile(String),
    /// A model that the policy names cannot be judged, or not be called, in the scope.
    Grant {
        /// The model's name.
        model: String,
        /// The scope.
        scope: Scope,
        /// Why.
        fault: GrantFault,
        /// Whether the user asked for it, and the policy does not merely allow it.
        is_asked: bool,
    },
    /// A condition on a profile that no statement allows to call.
    UncallableProfile,
    /// The model may be called without its profile.
    NoCondition,
    /// The model is allowed, and no profile that it is called through.
    NoProfileAllowed {
        /// The model's name.
        model: String,
        /// The ARNs of its profiles.
        profiles: Vec<String>,
    },
    /// Of two actions only the other is allowed.
    MissingAction {
        /// What is called.
        called: CalledNames,
        /// The action that is missing.
        action: &'static str,
        /// The action that is allowed.
        other: &'static str,
        /// Whether the missing action is the one that streams answers.
        streams: bool,
    },
    /// The profile itself is not allowed.
    MissingProfile {
        /// What is called.
        called: CalledNames,
        /// The action.
        action: &'static str,
        /// The profile's ARN.
        arn: String,
    },
    /// The model is not allowed in Regions.
    MissingRegions {
        /// What is called.
        called: CalledNames,
        /// The action.
        action: &'static str,
        /// The Regions.
        regions: Vec<String>,
        /// The ARNs of the model there.
        arns: Vec<String>,
        /// Under which condition it has to be allowed.
        condition: NeededCondition,
        /// The model and scope whose policy `quotaplan iam` can write instead.
        written: Option<(String, Scope)>,
    },
    /// The model is not allowed without a Region, as a global profile needs it.
    MissingUnspecified {
        /// What is called.
        called: CalledNames,
        /// The action.
        action: &'static str,
        /// The ARN of the model without a Region.
        arn: String,
    },
    /// A Deny is about calls.
    Denied(DeniedCalls),
    /// Keys whose values the document does not hold decide on calls.
    Depends {
        /// How many calls.
        calls: usize,
        /// Of how many.
        all: usize,
        /// The keys.
        keys: Vec<String>,
        /// Whether all of them are the key of the profile.
        of_profile: bool,
    },
}

/// A wildcard or a negation that allows more than calls need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WideAllow {
    /// `NotAction`.
    NotAction,
    /// `NotResource`.
    NotResource,
    /// A wildcard in this action.
    Action(String),
    /// `*` as the resource.
    Everything,
    /// A wildcard over more than models and profiles.
    Service,
    /// A wildcard in this id.
    Id(String),
    /// A wildcard in this Region.
    Region(String),
    /// A wildcard in this account.
    Account(String),
}

/// What is called: the first by its name, and how many others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalledNames {
    /// The profile's id, or the model's where it is called without one.
    pub first: String,
    /// How many others.
    pub others: usize,
}

/// Under which condition a model has to be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeededCondition {
    /// Any.
    Any,
    /// The one on the profile under which it is allowed elsewhere.
    Same,
    /// None on the profile.
    NoProfile,
}

/// Calls that one Deny denies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeniedCalls {
    /// The scope of the calls.
    pub scope: Scope,
    /// What is denied of them.
    pub part: DeniedPart,
    /// Whom the Deny leaves out.
    pub exempt: Vec<String>,
    /// Which models, where not all of the scope are denied.
    pub models: Option<DeniedModels>,
    /// The only action that is denied, where another is judged too.
    pub action: Option<&'static str>,
    /// What to add where nobody makes these calls.
    pub narrowing: Narrowing,
}

/// What a Deny denies of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeniedPart {
    /// The profiles.
    Profiles,
    /// The models in these Regions.
    Regions(Vec<String>),
    /// Counting tokens on the models in these Regions.
    Counting(Vec<String>),
    /// The models without a Region.
    Unspecified,
}

/// Some models of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeniedModels {
    /// The first one's name.
    pub first: String,
    /// How many more.
    pub others: usize,
    /// How many models are judged.
    pub all: usize,
}

/// How to leave calls out of the question that nobody makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Narrowing {
    /// Nothing more can be left out.
    Nothing,
    /// Say that answers are not streamed.
    Streaming,
    /// Name the models that are called.
    Models,
    /// Name the scopes that are called: those of which nothing is denied, where there are any.
    Scopes(Vec<Scope>),
}

impl PolicyFact {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::SeveralDocuments { .. } | Self::NoDocument | Self::Assumed(_) => Code::TakenForGranted,
            Self::NoSuchAction { .. } => Code::NoSuchAction,
            Self::NoSuchOperator(_) => Code::NoSuchOperator,
            Self::GlobalAsRegion | Self::MissingUnspecified { .. } => Code::MissingUnspecified,
            Self::LiteralWildcard(_) => Code::LiteralWildcard,
            Self::ModelAccount { .. } => Code::ModelAccount,
            Self::ProfileAccount(_) => Code::ProfileAccount,
            Self::ProfileRegion(_) => Code::OtherRegion,
            Self::Wide(_) => Code::WideWildcard,
            Self::NothingAllowed | Self::NothingJudged => Code::NothingAllowed,
            Self::UnknownVariable(_) | Self::Depends { .. } => Code::DependsOnKey,
            Self::ApplicationProfile(_) => Code::DestinationsUnknown,
            Self::UnknownProfile(_) => Code::UnknownModel,
            Self::Grant { fault, .. } => fault.code(),
            Self::UncallableProfile | Self::NoProfileAllowed { .. } | Self::MissingProfile { .. } => {
                Code::MissingProfile
            }
            Self::NoCondition => Code::UnconditionalModel,
            Self::MissingAction { .. } => Code::MissingAction,
            Self::MissingRegions { .. } => Code::MissingDestination,
            Self::Denied(denied) => match denied.part {
                DeniedPart::Profiles => Code::MissingProfile,
                DeniedPart::Regions(_) | DeniedPart::Counting(_) => Code::MissingDestination,
                DeniedPart::Unspecified => Code::MissingUnspecified,
            },
        }
    }

    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::SeveralDocuments { .. } | Self::NoDocument | Self::Assumed(_) => Severity::Note,
            // Right for another source Region or another purpose, and of no use for these calls.
            Self::ProfileRegion(_)
            | Self::ApplicationProfile(_)
            | Self::UnknownProfile(_)
            | Self::Grant { is_asked: false, .. } => Severity::Warning,
            _ => self.code().severity(),
        }
    }
}
