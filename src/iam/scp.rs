//! Service control policies (SCPs): they grant nothing, they bound what an account's own policies can
//! grant. Written to stand beside `FullAWSAccess`, so everything in them denies.

use std::collections::BTreeMap;

use super::arn::{self, Account, UNSPECIFIED};
use super::grant::Request;
use super::policy::{Condition, Effect, OneOrMany, Policy, Statement};
use crate::catalog::{REGION, Scope};

/// Everything that invokes a model, whatever AWS adds: in a Deny a wildcard is the safe side.
const INVOCATIONS: &str = "bedrock:InvokeModel*";
const REQUESTED_REGION: &str = "aws:RequestedRegion";
const PROFILE_ARN: &str = "bedrock:InferenceProfileArn";

fn deny(sid: impl Into<String>, action: &str, resource: OneOrMany, condition: Vec<Condition>) -> Statement {
    Statement {
        sid: sid.into(),
        effect: Effect::Deny,
        action: OneOrMany::One(action.to_owned()),
        resource: Some(resource),
        not_resource: None,
        condition,
    }
}

fn everything() -> OneOrMany {
    OneOrMany::One("*".to_owned())
}

/// Model invocation but that of the request is denied: other models, profiles, Regions, and the models
/// of a profile without their profile.
///
/// `Deny` with `NotResource` is the SCP syntax page's own example for Bedrock models
/// (orgs_manage_policies_scps_syntax, 2026). Batch jobs, agents and the `bedrock-mantle` endpoint have
/// other actions and are not touched.
#[must_use]
pub fn allow_only(request: &Request<'_>) -> Policy {
    let account = request.account.clone().unwrap_or_else(Account::any);
    let mut needed: Vec<String> = Vec::new();
    // Models that may be called without a profile, where they may.
    let mut direct: Vec<String> =
        request.counted().into_iter().map(|(region, id)| arn::model(region, id)).collect();
    let mut through: BTreeMap<&str, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for grant in &request.grants {
        let models = grant.all_model_arns();
        match grant.profile_arn(&account) {
            None => direct.extend(models),
            Some(profile) => {
                needed.push(profile.clone());
                let (arns, profiles) = through.entry(&grant.model.id).or_default();
                arns.extend(models.iter().filter(|arn| !arns.contains(arn)).cloned().collect::<Vec<_>>());
                profiles.push(profile);
                needed.extend(models);
            }
        }
    }
    needed.extend(direct.iter().cloned());
    let mut seen = Vec::new();
    needed.retain(|arn| {
        let new = !seen.contains(arn);
        seen.push(arn.clone());
        new
    });
    let mut statements = vec![Statement {
        resource: None,
        not_resource: Some(OneOrMany::Many(needed)),
        ..deny("DenyOtherModelInvocation", INVOCATIONS, everything(), Vec::new())
    }];
    let several = through.len() > 1;
    for (number, (mut models, profiles)) in through.into_values().enumerate() {
        models.retain(|arn| !direct.contains(arn));
        // Negated operators hold for a key that is absent too: a call without a profile is denied.
        let condition =
            Condition { operator: "ArnNotLike", key: PROFILE_ARN, values: OneOrMany::shortest(profiles) };
        let number = if several { (number + 1).to_string() } else { String::new() };
        let sid = format!("DenyModelWithoutItsProfile{number}");
        if !models.is_empty() {
            statements.push(deny(sid, INVOCATIONS, OneOrMany::Many(models), vec![condition]));
        }
    }
    Policy::new(statements)
}

/// The Region list an SCP must have for the request to pass: the user guide's own SCP
/// (global-cross-region-inference and geographic-cross-region-inference, 2026), for these Regions.
///
/// As published it denies every service elsewhere, those that live in us-east-1 such as IAM included.
#[must_use]
pub fn approved_regions(request: &Request<'_>) -> Policy {
    let mut regions: Vec<&str> = vec![REGION];
    let of_grants = request.grants.iter().flat_map(|grant| grant.regions.iter().copied());
    let mut others: Vec<&str> =
        of_grants.chain(request.count_tokens.as_deref()).filter(|region| *region != REGION).collect();
    others.sort_unstable();
    others.dedup();
    regions.extend(others);
    if request.grants.iter().any(|grant| grant.scope == Scope::Global) {
        regions.push(UNSPECIFIED);
    }
    let values = OneOrMany::Many(regions.into_iter().map(str::to_owned).collect());
    let condition = Condition { operator: "StringNotEquals", key: REQUESTED_REGION, values };
    Policy::new(vec![deny("DenyAllOutsideApprovedRegions", "*", everything(), vec![condition])])
}

/// Global profiles are denied.
///
/// The first statement is that of global-cross-region-inference, the second that of
/// inference-profiles-prereq (both user guide, 2026). The second names no profile, so it also holds
/// where a call goes through an application inference profile, whose ARN does not show `global.`.
#[must_use]
pub fn deny_global() -> Policy {
    let unspecified = || Condition {
        operator: "StringEquals",
        key: REQUESTED_REGION,
        values: OneOrMany::One(UNSPECIFIED.to_owned()),
    };
    let global = Condition {
        operator: "ArnLike",
        key: PROFILE_ARN,
        values: OneOrMany::One("arn:aws:bedrock:*:*:inference-profile/global.*".to_owned()),
    };
    Policy::new(vec![
        deny("DenyGlobalInferenceProfiles", "bedrock:*", everything(), vec![unspecified(), global]),
        deny("DenyGlobalRouting", INVOCATIONS, everything(), vec![unspecified()]),
    ])
}
