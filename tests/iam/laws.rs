//! Over every model and scope of the table: the call that is meant passes, to every destination, and no
//! other model, profile, Region or account does.

use quotaplan::catalog::{Catalog, Destinations, Scope};
use quotaplan::iam::{Grant, Request, allow_only, approved_regions, deny_global, identity};
use serde_json::Value;

use super::simulator::{Authorisation, administrator, allowed};
use super::{ACCOUNT, catalog, grants, json, request};

const SOURCE: &str = "ca-central-1";
const STREAM: &str = "bedrock:InvokeModelWithResponseStream";

/// A call as Bedrock has it authorised: the profile, the model in the source Region, and the model where
/// the request goes (user guide, geographic- and global-cross-region-inference).
#[derive(Debug, Clone)]
struct Call {
    action: &'static str,
    source: &'static str,
    account: &'static str,
    /// A profile id; `None` calls the model itself.
    profile: Option<String>,
    model: String,
    /// A Region, or `unspecified` behind a global profile.
    destination: String,
}

impl Call {
    /// `keyed`: whether the profile's own authorisation carries its ARN as a key too, which no page tells.
    fn authorisations(&self, keyed: bool) -> Vec<Authorisation> {
        let arn = self
            .profile
            .as_ref()
            .map(|id| format!("arn:aws:bedrock:{}:{}:inference-profile/{id}", self.source, self.account));
        let one = |resource: String, region: &str, with_profile: bool| {
            let mut context = vec![("aws:RequestedRegion", region.to_owned())];
            context
                .extend(arn.clone().filter(|_| with_profile).map(|arn| ("bedrock:InferenceProfileArn", arn)));
            Authorisation { action: self.action.to_owned(), resource, context }
        };
        let model = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/{}", self.model);
        let mut asked = vec![one(model(self.source), self.source, true)];
        if self.destination != self.source {
            let region = if self.destination == "unspecified" { "" } else { &self.destination };
            asked.push(one(model(region), &self.destination, true));
        }
        asked.extend(arn.clone().map(|arn| one(arn, self.source, keyed)));
        asked
    }
}

/// Every way a grant is meant to be used.
fn meant(grant: &Grant<'_>) -> Vec<Call> {
    let entry = grant.model.scope(grant.scope).expect("it is offered");
    let destinations: Vec<String> = match (grant.scope, &entry.destinations) {
        // The model without a Region is authorised wherever the request ends.
        (Scope::Global, _) => vec!["unspecified".to_owned()],
        (_, Destinations::Regions(destinations)) => destinations.clone(),
        other => panic!("no destinations: {other:?}"),
    };
    let mut actions = vec!["bedrock:InvokeModel"];
    if grant.model.kind.generates() {
        actions.push(STREAM);
    }
    let calls = destinations.iter().flat_map(|destination| {
        actions.iter().map(|action| Call {
            action,
            source: SOURCE,
            account: ACCOUNT,
            profile: entry.profile.clone(),
            model: grant.model.id.clone(),
            destination: destination.clone(),
        })
    });
    calls.collect()
}

/// Calls that are none of those: each differs in one thing.
fn others(catalog: &Catalog, grant: &Grant<'_>) -> Vec<Call> {
    let meant = meant(grant);
    let mut others = Vec::new();
    for call in &meant {
        for model in catalog.models().iter().filter(|model| model.id != grant.model.id) {
            others.push(Call { model: model.id.clone(), ..call.clone() });
            // Another model as it is meant to be called.
            for entry in &model.scopes {
                let (profile, destination) = (entry.profile.clone(), SOURCE.to_owned());
                others.push(Call { profile, model: model.id.clone(), destination, ..call.clone() });
            }
        }
        let used: Vec<&str> = meant.iter().map(|call| call.destination.as_str()).collect();
        for region in ["us-east-1", "us-west-1", "ca-west-1", "eu-west-1", "unspecified"] {
            if !used.contains(&region) {
                others.push(Call { destination: region.to_owned(), ..call.clone() });
            }
        }
        for source in ["us-east-1", "us-west-2", "ca-west-1"] {
            others.push(Call { source, ..call.clone() });
        }
        if call.profile.is_some() {
            others.push(Call { account: "999999999999", ..call.clone() });
            others.push(Call { profile: None, ..call.clone() });
            others.push(Call {
                profile: None,
                source: "us-east-1",
                destination: "us-east-1".to_owned(),
                ..call.clone()
            });
            for prefix in ["us", "global", "ca", "eu", "apac"] {
                let id = format!("{prefix}.{}", grant.model.id);
                if Some(&id) != call.profile.as_ref() {
                    others.push(Call { profile: Some(id), ..call.clone() });
                }
            }
        }
    }
    others
}

fn passes(identity: &Value, scps: &[&Value], call: &Call, keyed: bool) -> bool {
    allowed(identity, scps, &call.authorisations(keyed))
}

#[test]
fn an_identity_policy_allows_the_call_and_nothing_else() {
    let catalog = catalog();
    let all = grants(&catalog);
    assert!(all.len() > 30, "{} grants", all.len());
    for grant in &all {
        let policy = json(&identity(&request(vec![grant.clone()])));
        for keyed in [true, false] {
            for call in meant(grant) {
                assert!(passes(&policy, &[], &call, keyed), "denied: {call:?}\n{policy:#}");
            }
            for call in others(&catalog, grant) {
                assert!(!passes(&policy, &[], &call, keyed), "allowed: {call:?}\n{policy:#}");
            }
            // No model of a profile without the profile, each asked alone.
            let profiled = meant(grant).into_iter().filter(|call| call.profile.is_some());
            for mut one in profiled.flat_map(|call| call.authorisations(keyed)) {
                one.context.retain(|(key, _)| *key != "bedrock:InferenceProfileArn");
                let of_model = one.resource.contains("foundation-model");
                assert!(!of_model || !allowed(&policy, &[], &[one]), "{policy:#}");
            }
        }
        let streams =
            meant(grant).into_iter().all(|call| passes(&policy, &[], &Call { action: STREAM, ..call }, true));
        assert_eq!(streams, grant.model.kind.generates(), "{}", grant.model.id);
        for action in [
            "bedrock:CreateModelInvocationJob",
            "bedrock:CountTokens",
            "bedrock:GetInferenceProfile",
            "s3:GetObject",
        ] {
            for call in meant(grant) {
                assert!(!passes(&policy, &[], &Call { action, ..call }, true), "{action}");
            }
        }
    }
}

#[test]
fn an_scp_that_allows_leaves_the_same_and_every_other_service() {
    let catalog = catalog();
    for grant in grants(&catalog) {
        let scp = json(&allow_only(&request(vec![grant.clone()])));
        let own = json(&identity(&request(vec![grant.clone()])));
        for keyed in [true, false] {
            for call in meant(&grant) {
                assert!(passes(&administrator(), &[&scp], &call, keyed), "denied: {call:?}\n{scp:#}");
                assert!(passes(&own, &[&scp], &call, keyed), "denied: {call:?}\n{scp:#}");
            }
            for call in others(&catalog, &grant) {
                assert!(!passes(&administrator(), &[&scp], &call, keyed), "allowed: {call:?}\n{scp:#}");
            }
        }
        let other = Authorisation {
            action: "s3:GetObject".to_owned(),
            resource: "arn:aws:s3:::b/k".to_owned(),
            context: vec![],
        };
        assert!(allowed(&administrator(), &[&scp], &[other]));
        // Without an account id it holds for every account.
        let any = json(&allow_only(&Request { account: None, ..request(vec![grant.clone()]) }));
        for call in meant(&grant) {
            assert!(passes(&administrator(), &[&any], &Call { account: "999999999999", ..call }, true));
        }
    }
}

#[test]
fn an_scp_that_denies_global_denies_global_alone() {
    let catalog = catalog();
    let scp = json(&deny_global());
    let mut scopes = Vec::new();
    for grant in grants(&catalog) {
        scopes.push(grant.scope);
        let own = json(&identity(&request(vec![grant.clone()])));
        for keyed in [true, false] {
            for identity in [&own, &administrator()] {
                for call in meant(&grant) {
                    let passes = passes(identity, &[&scp], &call, keyed);
                    assert_eq!(passes, grant.scope != Scope::Global, "{call:?}");
                }
            }
        }
    }
    scopes.sort();
    scopes.dedup();
    assert_eq!(scopes, Scope::ALL, "each scope is tried");
    // Through an application inference profile, whose ARN does not show it.
    let hidden = Authorisation {
        action: STREAM.to_owned(),
        resource: "arn:aws:bedrock:::foundation-model/m".to_owned(),
        context: vec![
            ("aws:RequestedRegion", "unspecified".to_owned()),
            (
                "bedrock:InferenceProfileArn",
                format!("arn:aws:bedrock:{SOURCE}:{ACCOUNT}:application-inference-profile/x"),
            ),
        ],
    };
    assert!(!allowed(&administrator(), &[&scp], &[hidden]));
}

#[test]
fn an_scp_of_regions_has_every_region_and_no_other() {
    let catalog = catalog();
    for grant in grants(&catalog) {
        let scp = json(&approved_regions(&request(vec![grant.clone()])));
        for call in meant(&grant) {
            assert!(passes(&administrator(), &[&scp], &call, true), "denied: {call:?}\n{scp:#}");
        }
        let used: Vec<String> = meant(&grant).into_iter().map(|call| call.destination).collect();
        for region in
            ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-west-1", "eu-west-1", "unspecified"]
        {
            let call = Call { destination: region.to_owned(), ..meant(&grant).remove(0) };
            assert_eq!(
                passes(&administrator(), &[&scp], &call, true),
                used.contains(&call.destination),
                "{call:?}"
            );
        }
    }
}

/// One document for all of them: still every call that is meant, and none of another account or source.
#[test]
fn a_document_of_many_models_is_the_sum_of_its_parts() {
    let catalog = catalog();
    let all = grants(&catalog);
    let policy = json(&identity(&request(all.clone())));
    let scp = json(&allow_only(&request(all.clone())));
    for grant in &all {
        for call in meant(grant) {
            assert!(passes(&policy, &[&scp], &call, true), "denied: {call:?}");
            assert!(!passes(&policy, &[], &Call { source: "us-east-1", ..call.clone() }, true), "{call:?}");
            if call.profile.is_some() {
                assert!(
                    !passes(&policy, &[], &Call { account: "999999999999", ..call.clone() }, true),
                    "{call:?}"
                );
                assert!(!passes(&administrator(), &[&scp], &Call { account: "999999999999", ..call }, true));
            }
        }
    }
    let mut sids: Vec<&str> = policy["Statement"]
        .as_array()
        .expect("statements")
        .iter()
        .map(|s| s["Sid"].as_str().expect("a name"))
        .collect();
    let count = sids.len();
    assert!(sids.iter().all(|sid| sid.chars().all(|c| c.is_ascii_alphanumeric())), "{sids:?}");
    sids.sort_unstable();
    sids.dedup();
    assert_eq!(sids.len(), count, "names of statements differ");
}

/// Counting is on the model itself, in one Region.
#[test]
fn counting_tokens_is_allowed_where_asked_for() {
    let catalog = catalog();
    for grant in grants(&catalog) {
        let request = Request { count_tokens: Some("us-east-1".to_owned()), ..request(vec![grant.clone()]) };
        let (policy, scp) = (json(&identity(&request)), json(&allow_only(&request)));
        let count = |action: &str, region: &str| Authorisation {
            action: action.to_owned(),
            resource: format!("arn:aws:bedrock:{region}::foundation-model/{}", grant.model.id),
            context: vec![("aws:RequestedRegion", region.to_owned())],
        };
        for action in ["bedrock:CountTokens", "bedrock:InvokeModel"] {
            let counted = allowed(&policy, &[&scp], &[count(action, "us-east-1")]);
            assert_eq!(counted, grant.model.kind.generates(), "{}", grant.model.id);
        }
        assert!(!allowed(&policy, &[], &[count("bedrock:CountTokens", "us-west-2")]));
        for call in meant(&grant) {
            assert!(passes(&policy, &[&scp], &call, true), "denied: {call:?}\n{scp:#}");
        }
    }
}
