//! Which models and scopes a policy is held against: those that the user names, else those that it allows.

use super::calls::{self, Target};
use super::fact::{PolicyFact, PolicyFindings};
use super::space::INVOCATIONS;
use super::{Linter, PolicyKind};
use crate::catalog::{REGION, Scope};
use crate::iam::arn::{self, BedrockArn, is_account_id};
use crate::iam::grant::{Grant, GrantFault};

impl<'c> Linter<'_, 'c> {
    /// The models and scopes that the policy is held against.
    pub(super) fn targets(
        &self,
        kind: PolicyKind,
        listed: &[calls::Listed],
        not_judged: &mut Vec<(String, Scope)>,
        findings: &mut PolicyFindings,
    ) -> Vec<Target<'c>> {
        let mut targets: Vec<Target<'c>> = Vec::new();
        let catalog = self.catalog;
        for (index, scope) in &self.options.models {
            let model = catalog.model(*index);
            match Grant::new(model, *scope, None) {
                Ok(grant) => self.add(grant, listed, true, &mut targets),
                Err(fault) => {
                    let (model, scope) = (model.name.clone(), *scope);
                    findings.add(self.start, PolicyFact::Grant { model, scope, fault, is_asked: true });
                }
            }
        }
        let named_models = !self.options.models.is_empty();
        let scopes: &[Scope] = match (kind, named_models, self.options.scopes.as_slice()) {
            (_, true, _) => &[],
            (PolicyKind::Scp, false, []) => &Scope::ALL,
            (_, false, scopes) => scopes,
        };
        for scope in scopes {
            for grant in calls::grants_of(catalog, *scope) {
                if kind == PolicyKind::Scp || self.is_about(&grant) {
                    self.add(grant, listed, kind == PolicyKind::Identity, &mut targets);
                }
            }
            for model in catalog.models().iter().filter(|model| model.offered) {
                if matches!(Grant::new(model, *scope, None), Err(GrantFault::DestinationsUnknown { .. })) {
                    not_judged.push((model.name.clone(), *scope));
                }
            }
        }
        if kind == PolicyKind::Identity {
            self.add_allowed(listed, &mut targets, findings);
        }
        targets
    }

    /// What the document itself allows to call.
    fn add_allowed(
        &self,
        listed: &[calls::Listed],
        targets: &mut Vec<Target<'c>>,
        findings: &mut PolicyFindings,
    ) {
        // Whoever names what must be callable narrows the question to it.
        if !self.options.models.is_empty() || !self.options.scopes.is_empty() {
            return;
        }
        let known = !targets.is_empty();
        for profile in listed {
            if profile.application {
                if !known {
                    findings.add(profile.span, PolicyFact::ApplicationProfile(profile.id.clone()));
                }
                continue;
            }
            if targets.iter().any(|target| target.profile.as_ref() == Some(&profile.arn)) {
                continue;
            }
            if let Some(grant) = calls::grant_of(profile, self.catalog, findings) {
                let (arn, span) = (Some(profile.arn.clone()), Some(profile.span));
                targets.push(Target { grant, profile: arn, span });
            }
        }
        if known {
            return;
        }
        for text in calls::invoked(self.statements, self.policy) {
            if text.text.starts_with("${") && text.text.ends_with('}') {
                findings.add(text.span, PolicyFact::UnknownVariable(text.text.clone()));
            }
        }
        // Profiles under a wildcard: those whose models are allowed somewhere, else all.
        let mut wild: Vec<(Grant<'c>, bool)> = Vec::new();
        for grant in [Scope::Us, Scope::Global, Scope::Ca]
            .into_iter()
            .flat_map(|scope| calls::grants_of(self.catalog, scope))
        {
            let Some(arn) = self.profile_of(&grant) else { continue };
            let allowed = |resource: &str| {
                INVOCATIONS.iter().any(|action| self.policy.allows_for_certain(action, resource))
            };
            if targets
                .iter()
                .any(|target| target.grant.model.id == grant.model.id && target.grant.scope == grant.scope)
                || !allowed(&arn)
            {
                continue;
            }
            let models = grant.all_model_arns().iter().any(|arn| allowed(arn));
            wild.push((grant, models));
        }
        let any = wild.iter().any(|(_, models)| *models);
        for (grant, _) in wild.into_iter().filter(|(_, models)| *models || !any) {
            let profile = self.profile_of(&grant);
            targets.push(Target { grant, profile, span: None });
        }
        // Models without a profile: a Deny may stand against them.
        for grant in calls::grants_of(self.catalog, Scope::InRegion) {
            let target = Target { grant, profile: None, span: None };
            let calls = calls::calls(&target, INVOCATIONS[0]);
            let meant = calls.iter().all(|(_, call)| self.policy.is_allowed_somewhere(call));
            if meant
                && self.policy.allows_for_certain(INVOCATIONS[0], &arn::model(REGION, &target.grant.model.id))
            {
                targets.push(target);
            }
        }
    }

    fn profile_of(&self, grant: &Grant<'_>) -> Option<String> {
        let id = grant.model.scope(grant.scope)?.profile.as_deref()?;
        Some(format!("arn:aws:bedrock:{}:{}:inference-profile/{id}", REGION, self.account))
    }

    /// Whether the document allows the model or a profile of it.
    fn is_about(&self, grant: &Grant<'_>) -> bool {
        let profiles = grant.model.scopes.iter().filter_map(|entry| {
            let id = entry.profile.as_deref()?;
            Some(format!("arn:aws:bedrock:{}:{}:inference-profile/{id}", REGION, self.account))
        });
        let mut arns: Vec<String> = profiles.collect();
        arns.extend(grant.all_model_arns());
        arns.iter().any(|arn| INVOCATIONS.iter().any(|action| self.policy.allows_for_certain(action, arn)))
    }

    /// Adds a model and scope, called by the ARNs that the document lists, where it lists any.
    fn add(&self, grant: Grant<'c>, listed: &[calls::Listed], named: bool, targets: &mut Vec<Target<'c>>) {
        let id = grant.model.scope(grant.scope).and_then(|entry| entry.profile.as_deref());
        // Only what is called from here, under an account that there can be.
        let real = |one: &calls::Listed| {
            let arn = BedrockArn::parse(&one.arn);
            arn.is_some_and(|arn| arn.region == REGION && is_account_id(arn.account))
        };
        let own: Vec<&calls::Listed> = listed
            .iter()
            .filter(|one| !one.application && Some(one.id.as_str()) == id && real(one))
            .collect();
        let applications = || listed.iter().filter(|one| one.application).collect::<Vec<_>>();
        let used = match (own.is_empty(), named, id) {
            (false, _, Some(_)) => own,
            // One model and scope is what the application profiles were made from.
            (true, true, Some(_)) if self.options.models.len() == 1 => applications(),
            _ => Vec::new(),
        };
        if used.is_empty() {
            let profile = self.profile_of(&grant);
            targets.push(Target { grant, profile, span: None });
            return;
        }
        for profile in used {
            let (arn, span) = (Some(profile.arn.clone()), Some(profile.span));
            targets.push(Target { grant: grant.clone(), profile: arn, span });
        }
    }
}
