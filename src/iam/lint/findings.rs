//! From the verdicts on calls to findings: what is denied, and what depends on keys.
//!
//! Calls that fail alike are one finding.

use std::collections::BTreeMap;

use super::calls::{Part, Target, is_open};
use super::document::{Statement, first_line};
use super::evaluate::{Judgement, Policy, Verdict};
use super::fact::{
    CalledNames, DeniedCalls, DeniedModels, DeniedPart, Narrowing, NeededCondition, PolicyFact,
    PolicyFindings,
};
use super::options::PolicyKind;
use super::space::{COUNT, Call, INVOCATIONS, PROFILE_KEY, REGION_KEY};
use crate::catalog::Scope;
use crate::iam::arn::{self, BedrockArn, Kind};
use crate::text::Span;

/// A call that was judged.
#[derive(Debug)]
pub(super) struct Judged {
    /// Its target, by number.
    pub(super) target: usize,
    pub(super) part: Part,
    pub(super) call: Call,
    pub(super) judgement: Judgement,
    /// Whether an Allow of the document is about it, whatever the conditions.
    pub(super) meant: bool,
}

impl Judged {
    /// Denied without a Deny: no Allow holds.
    fn is_silent(&self, statements: &[Statement]) -> bool {
        let denies = self.judgement.statement.and_then(|index| statements.get(index));
        matches!(self.judgement.verdict, Verdict::Denied { .. }) && denies.is_none_or(|one| one.allows)
    }

    fn deny(&self) -> Option<(usize, &[String])> {
        match &self.judgement.verdict {
            Verdict::Denied { exempt } => self.judgement.statement.map(|index| (index, exempt.as_slice())),
            Verdict::Allowed | Verdict::Depends { .. } => None,
        }
    }
}

/// What the findings are about.
pub(super) struct Subject<'s, 'c> {
    pub(super) statements: &'s [Statement],
    pub(super) policy: &'s Policy<'s>,
    pub(super) targets: &'s [Target<'c>],
    pub(super) judged: &'s [Judged],
    /// Where a finding stands that no statement is about.
    pub(super) document: Span,
    pub(super) kind: PolicyKind,
    /// Whether the user named what must be callable.
    pub(super) narrowed: bool,
}

impl Subject<'_, '_> {
    /// Reports what no Allow lets through.
    pub(super) fn report_silence(&self, findings: &mut PolicyFindings) {
        // Of several profiles that lack the same, in one place.
        let mut groups: BTreeMap<(Span, Part, &'static str, Vec<&str>), Vec<usize>> = BTreeMap::new();
        let mut lacking_actions: BTreeMap<(Span, &'static str, &'static str), Vec<usize>> = BTreeMap::new();
        for (index, target) in self.targets.iter().enumerate() {
            let mut said: Vec<(Part, Vec<&str>)> = Vec::new();
            for action in INVOCATIONS.into_iter().chain([COUNT]) {
                let own =
                    || self.judged.iter().filter(|one| one.target == index && one.call.action == action);
                let other = |one: &&Judged| {
                    one.target == index
                        && one.part != Part::Count
                        && one.meant
                        && one.call.action != action
                        && own().next().is_some()
                };
                let silent = own().all(|one| !one.meant && one.is_silent(self.statements));
                if let Some(other) = self.judged.iter().find(other).filter(|_| silent) {
                    let span = self.place_of_action(action, other.call.action);
                    lacking_actions.entry((span, action, other.call.action)).or_default().push(index);
                    continue;
                }
                for part in [Part::Profile, Part::Model, Part::Anywhere, Part::Count] {
                    let lacking: Vec<&str> = own()
                        .filter(|one| one.part == part && one.is_silent(self.statements))
                        .map(|one| one.call.region.as_str())
                        .collect();
                    let one = (part, lacking);
                    // The same would be said again for streaming.
                    if one.1.is_empty() || said.contains(&one) {
                        continue;
                    }
                    said.push(one.clone());
                    let span = self.place_of_silence(target, part);
                    groups.entry((span, part, action, one.1)).or_default().push(index);
                }
            }
        }
        for ((span, part, action, regions), targets) in groups {
            if let Some(fact) = self.silence(part, action, &regions, &targets) {
                findings.add(span, fact);
            }
        }
        for ((span, action, other), targets) in lacking_actions {
            let streams = action == INVOCATIONS[1];
            if let Some(called) = self.names(&targets) {
                findings.add(span, PolicyFact::MissingAction { called, action, other, streams });
            }
        }
    }

    /// The actions of the first Allow of the other action that leaves this one out.
    fn place_of_action(&self, action: &str, other: &str) -> Span {
        let lacks = |index: &usize| {
            let names = |action| self.policy.names_action(*index, action);
            self.statements[*index].allows && names(other) && !names(action)
        };
        let statement = (0..self.statements.len()).find(lacks).and_then(|index| self.statements.get(index));
        let list = statement.map(|statement| &statement.actions);
        list.map_or(self.document, |list| list.items.first().map_or(list.key, |text| text.span))
    }

    /// The first of several targets, and how many others there are; `None` where there is none.
    fn names(&self, targets: &[usize]) -> Option<CalledNames> {
        let target = targets.first().and_then(|index| self.targets.get(*index))?;
        let profile = target.profile.as_deref().map(|arn| arn.rsplit('/').next().unwrap_or_default());
        let first = profile.unwrap_or(&target.grant.model.id).to_owned();
        Some(CalledNames { first, others: targets.len() - 1 })
    }

    /// Where the model is named at all, that list is what lacks a Region.
    fn place_of_silence(&self, target: &Target<'_>, part: Part) -> Span {
        let id = &target.grant.model.id;
        let mut listing = super::calls::invoked(self.statements, self.policy);
        let list = listing.find(|resource| {
            BedrockArn::parse(&resource.text).is_some_and(|arn| arn.kind == Kind::Model && arn.id == *id)
        });
        let list = list.map(|resource| resource.span);
        match part {
            Part::Profile => target.span.or(list),
            _ => list.or(target.span),
        }
        .unwrap_or(self.document)
    }

    fn silence(
        &self,
        part: Part,
        action: &'static str,
        regions: &[&str],
        targets: &[usize],
    ) -> Option<PolicyFact> {
        let target = targets.first().and_then(|index| self.targets.get(*index))?;
        let id = &target.grant.model.id;
        let called = self.names(targets)?;
        Some(match part {
            Part::Profile => {
                let arn = target.profile.clone().unwrap_or_default();
                PolicyFact::MissingProfile { called, action, arn }
            }
            Part::Model | Part::Count => PolicyFact::MissingRegions {
                called,
                action,
                regions: regions.iter().map(|region| (*region).to_owned()).collect(),
                arns: regions.iter().map(|region| arn::model(region, id)).collect(),
                condition: match part {
                    Part::Count => NeededCondition::NoProfile,
                    _ if self.has_profile_condition(id) => NeededCondition::Same,
                    _ => NeededCondition::Any,
                },
                written: self.written(part, targets),
            },
            Part::Anywhere => PolicyFact::MissingUnspecified { called, action, arn: arn::global_model(id) },
        })
    }

    /// Whether the model is allowed under a condition on the profile.
    fn has_profile_condition(&self, id: &str) -> bool {
        let is_the_model = |resource: &str| {
            BedrockArn::parse(resource)
                .is_some_and(|arn| arn.kind == Kind::Model && (arn.id == id || is_open(arn.id)))
        };
        self.statements.iter().any(|statement| {
            statement.allows
                && statement.tests.iter().any(|test| test.key == PROFILE_KEY)
                && statement.resources.items.iter().any(|resource| is_the_model(&resource.text))
        })
    }

    /// The model and scope whose identity policy `quotaplan iam` writes; of an application profile it would be one
    /// for another profile.
    fn written(&self, part: Part, targets: &[usize]) -> Option<(String, Scope)> {
        let [only] = targets else { return None };
        let is_of_the_model = |target: &&Target<'_>| {
            part == Part::Model && self.kind == PolicyKind::Identity && !target.is_application()
        };
        let grant = &self.targets.get(*only).filter(is_of_the_model)?.grant;
        Some((grant.model.id.clone(), grant.scope))
    }

    /// Reports what a Deny denies: one finding a statement, scope and part.
    pub(super) fn report_denials(&self, findings: &mut PolicyFindings) {
        type Key<'k> = (usize, &'k [String], Scope, Part);
        let mut groups: BTreeMap<Key<'_>, Vec<&Judged>> = BTreeMap::new();
        for one in self.judged {
            let Some((statement, exempt)) = one.deny().filter(|_| !one.is_silent(self.statements)) else {
                continue;
            };
            let Some(target) = self.targets.get(one.target) else { continue };
            groups.entry((statement, exempt, target.grant.scope, one.part)).or_default().push(one);
        }
        for ((statement, exempt, scope, part), calls) in groups {
            let mut regions: Vec<&str> = Vec::new();
            for one in &calls {
                if !regions.contains(&one.call.region.as_str()) {
                    regions.push(&one.call.region);
                }
            }
            let regions = || regions.iter().map(|region| (*region).to_owned()).collect();
            let (models, action) = self.among(scope, part, &calls);
            let narrowing = self.narrowing(models.is_some(), action, &calls);
            let denied = DeniedCalls {
                scope,
                part: match part {
                    Part::Profile => DeniedPart::Profiles,
                    Part::Model => DeniedPart::Regions(regions()),
                    Part::Count => DeniedPart::Counting(regions()),
                    Part::Anywhere => DeniedPart::Unspecified,
                },
                exempt: exempt.to_vec(),
                models,
                action,
                narrowing,
            };
            findings.add(self.place(statement, part), PolicyFact::Denied(denied));
        }
    }

    /// How to leave denied calls out that nobody makes.
    fn narrowing(&self, is_some: bool, action: Option<&str>, calls: &[&Judged]) -> Narrowing {
        if action == Some(INVOCATIONS[1]) && calls.iter().all(|one| one.call.action == INVOCATIONS[1]) {
            return Narrowing::Streaming;
        }
        if self.narrowed {
            return Narrowing::Nothing;
        }
        if is_some || action.is_some() {
            return Narrowing::Models;
        }
        let is_denied = |one: &&Judged| matches!(one.judgement.verdict, Verdict::Denied { .. });
        let scope_of = |one: &Judged| self.targets.get(one.target).map(|target| target.grant.scope);
        let denied: Vec<Scope> = self.judged.iter().filter(is_denied).filter_map(scope_of).collect();
        let judged: Vec<Scope> = self.judged.iter().filter_map(scope_of).collect();
        let others = Scope::ALL.iter().filter(|scope| judged.contains(scope) && !denied.contains(scope));
        Narrowing::Scopes(others.copied().collect())
    }

    /// Which of the judged calls of a scope and part these are, where they are not all: some models, or one action.
    fn among(
        &self,
        scope: Scope,
        part: Part,
        calls: &[&Judged],
    ) -> (Option<DeniedModels>, Option<&'static str>) {
        let of_scope = |one: &&Judged| {
            one.part == part && self.targets.get(one.target).is_some_and(|target| target.grant.scope == scope)
        };
        let all: Vec<&Judged> = self.judged.iter().filter(of_scope).collect();
        let targets = |calls: &[&Judged]| {
            let mut targets: Vec<usize> = calls.iter().map(|one| one.target).collect();
            targets.sort_unstable();
            targets.dedup();
            targets
        };
        let (own, every) = (targets(calls), targets(&all));
        let first = own.first().filter(|_| own.len() < every.len());
        let models = first.and_then(|index| self.targets.get(*index)).map(|target| DeniedModels {
            first: target.grant.model.name.clone(),
            others: own.len() - 1,
            all: every.len(),
        });
        let invokes = |calls: &[&Judged], action: &str| calls.iter().any(|one| one.call.action == action);
        let missing = INVOCATIONS.into_iter().any(|action| invokes(&all, action) && !invokes(calls, action));
        let action = calls.first().map(|one| one.call.action).filter(|_| missing);
        (models, action)
    }

    /// Reports what depends on keys: one finding a statement and set of keys.
    pub(super) fn report_dependence(&self, findings: &mut PolicyFindings) {
        let mut groups: BTreeMap<(Option<usize>, &[String]), usize> = BTreeMap::new();
        for one in self.judged {
            if let Verdict::Depends { keys } = &one.judgement.verdict {
                *groups.entry((one.judgement.statement, keys)).or_default() += 1;
            }
        }
        let all = self.judged.len();
        for ((statement, keys), count) in groups {
            let span = statement.map_or(self.document, |index| self.place_of_keys(index, keys));
            let of_profile = keys.iter().all(|key| key.eq_ignore_ascii_case(PROFILE_KEY));
            findings.add(span, PolicyFact::Depends { calls: count, all, keys: keys.to_vec(), of_profile });
        }
    }

    /// The start of the statement's list of Regions, else of its resources.
    fn place(&self, statement: usize, part: Part) -> Span {
        let Some(statement) = self.statements.get(statement) else { return self.document };
        let regions = statement.tests.iter().find(|test| test.key == REGION_KEY && part != Part::Profile);
        match regions {
            Some(test) => first_line(test.span),
            None => statement.resources.items.first().map_or(statement.start, |text| text.span),
        }
    }

    fn place_of_keys(&self, statement: usize, keys: &[String]) -> Span {
        let Some(statement) = self.statements.get(statement) else { return self.document };
        let test =
            statement.tests.iter().find(|test| keys.iter().any(|key| key.eq_ignore_ascii_case(&test.key)));
        let named = |text: &str| keys.iter().any(|key| text.contains(key.trim_matches(['$', '{', '}'])));
        match test {
            Some(test) => first_line(test.span),
            None => {
                let texts = statement
                    .resources
                    .items
                    .iter()
                    .chain(statement.tests.iter().flat_map(|test| &test.values));
                texts.into_iter().find(|text| named(&text.text)).map_or(statement.start, |text| text.span)
            }
        }
    }
}
