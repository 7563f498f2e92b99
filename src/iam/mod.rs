//! IAM text for Bedrock calls from ca-central-1: identity policies, service control policies (SCPs),
//! and what is wrong with a policy that somebody wrote.
//!
//! Model table in, documents and findings out; it reads no file and calls nobody. What AWS states is
//! taken from the pages named at each item, in the copies of mid to late 2026 that the model table rests
//! on too.

mod arn;
mod grant;
mod identity;
mod lint;
mod policy;
mod scp;

pub use arn::{Account, UNSPECIFIED, application_profile};
pub use grant::{Grant, GrantFault, Request};
pub use identity::identity;
pub use lint::{
    CalledNames, DeniedCalls, DeniedModels, DeniedPart, JudgedCall, LintOptions, LintResult, Narrowing,
    NeededCondition, PolicyFact, PolicyFinding, PolicyKind, Streaming, Verdict, WideAllow, lint,
};
pub use policy::{Condition, Effect, OneOrMany, Policy, Statement};
pub use scp::{allow_only, approved_regions, deny_global};

/// Largest managed policy, in characters without white space (IAM user guide, reference_iam-quotas, 2026).
pub const MANAGED_POLICY_MAXIMUM: usize = 6_144;

/// Largest SCP, in characters; saved by CLI or SDK white space counts (Organizations user guide,
/// orgs_reference_limits, 2026; older copies say 5,120).
pub const SCP_MAXIMUM: usize = 10_240;
