//! Identity policies: what a role needs to call the models, and nothing more.

use super::arn::{self, Account, UNSPECIFIED};
use super::grant::{Grant, Request};
use super::policy::{Condition, Effect, OneOrMany, Policy, Statement};
use crate::catalog::{REGION, Scope};

const INVOKE: &str = "bedrock:InvokeModel";
const STREAM: &str = "bedrock:InvokeModelWithResponseStream";
const REQUESTED_REGION: &str = "aws:RequestedRegion";
const PROFILE_ARN: &str = "bedrock:InferenceProfileArn";

/// The identity policy for a request.
///
/// Geographic profiles: the two statements of the user guide's geographic-cross-region-inference, global
/// ones: the three of global-cross-region-inference (both 2026), names included. Converse needs
/// InvokeModel and ConverseStream InvokeModelWithResponseStream (inference-prereq, 2026).
#[must_use]
pub fn identity(request: &Request<'_>) -> Policy {
    let account = request.account.clone().unwrap_or_else(Account::placeholder);
    let mut statements = Vec::new();
    for (grant, name) in request.grants.iter().zip(request.names()) {
        let writer = Writer { request, grant, name, account: &account };
        match grant.profile_arn(&account) {
            None => statements.push(writer.in_region()),
            Some(profile) if grant.scope == Scope::Global => statements.extend(writer.global(&profile)),
            Some(profile) => statements.extend(writer.geographic(&profile)),
        }
        statements.extend(writer.lookup());
    }
    statements.extend(counting(request));
    Policy::new(statements)
}

struct Writer<'r, 'c> {
    request: &'r Request<'c>,
    grant: &'r Grant<'c>,
    name: String,
    account: &'r Account,
}

impl Writer<'_, '_> {
    fn statement(&self, sid: &str, resources: Vec<String>, condition: Vec<Condition>) -> Statement {
        let mut actions = vec![INVOKE.to_owned()];
        // Embedding and rerank models have nothing to stream.
        if self.request.streaming && self.grant.model.kind.generates() {
            actions.push(STREAM.to_owned());
        }
        Statement {
            sid: format!("{sid}{}", self.name),
            effect: Effect::Allow,
            action: OneOrMany::shortest(actions),
            resource: Some(OneOrMany::Many(resources)),
            not_resource: None,
            condition,
        }
    }

    fn in_region(&self) -> Statement {
        self.statement("GrantInRegionModelAccess", self.grant.model_arns(), Vec::new())
    }

    fn geographic(&self, profile: &str) -> [Statement; 2] {
        [
            self.statement("GrantGeoCrisInferenceProfileAccess", vec![profile.to_owned()], Vec::new()),
            self.statement(
                "GrantGeoCrisModelAccess",
                self.grant.model_arns(),
                vec![equals(PROFILE_ARN, profile)],
            ),
        ]
    }

    fn global(&self, profile: &str) -> [Statement; 3] {
        [
            self.statement(
                "GrantGlobalCrisInferenceProfileRegionAccess",
                vec![profile.to_owned()],
                vec![equals(REQUESTED_REGION, REGION)],
            ),
            self.statement(
                "GrantGlobalCrisInferenceProfileInRegionModelAccess",
                self.grant.model_arns(),
                vec![equals(REQUESTED_REGION, REGION), equals(PROFILE_ARN, profile)],
            ),
            self.statement(
                "GrantGlobalCrisInferenceProfileGlobalModelAccess",
                vec![arn::global_model(&self.grant.model.id)],
                vec![equals(REQUESTED_REGION, UNSPECIFIED), equals(PROFILE_ARN, profile)],
            ),
        ]
    }

    /// Inference-prereq, 2026, calls GetInferenceProfile "required to run inference with an inference
    /// profile"; the policies of the other two pages do without, so it is written where asked for.
    fn lookup(&self) -> Option<Statement> {
        let profile = self.grant.profile_arn(self.account).filter(|_| self.request.get_profile)?;
        let statement = self.statement("GetInferenceProfile", vec![profile], Vec::new());
        Some(Statement { action: OneOrMany::One("bedrock:GetInferenceProfile".to_owned()), ..statement })
    }
}

/// Counting needs CountTokens and InvokeModel on the foundation model (count-tokens, 2026); no profile
/// takes part.
fn counting(request: &Request<'_>) -> Option<Statement> {
    let models: Vec<String> =
        request.counted().into_iter().map(|(region, id)| arn::model(region, id)).collect();
    (!models.is_empty()).then(|| Statement {
        sid: "CountTokens".to_owned(),
        effect: Effect::Allow,
        action: OneOrMany::Many(vec!["bedrock:CountTokens".to_owned(), INVOKE.to_owned()]),
        resource: Some(OneOrMany::Many(models)),
        not_resource: None,
        condition: Vec::new(),
    })
}

fn equals(key: &'static str, value: &str) -> Condition {
    Condition { operator: "StringEquals", key, values: OneOrMany::One(value.to_owned()) }
}
