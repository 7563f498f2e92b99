//! From the verdicts on calls to findings: what is denied, and what depends on keys.
//!
//! Calls that fail alike are one finding.

use std::collections::BTreeMap;

use super::calls::{Part, Target, is_open};
use super::document::{Statement, first_line};
use super::evaluate::{Judgement, Policy, Verdict};
use super::options::PolicyKind;
use super::space::{COUNT, Call, INVOCATIONS, PROFILE_KEY, REGION_KEY};
use crate::catalog::Scope;
use crate::iam::UNSPECIFIED;
use crate::iam::arn::{self, BedrockArn, Kind};
use crate::text::{Code, Diagnostics, Span};

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
    pub(super) fn report_silence(&self, diagnostics: &mut Diagnostics) {
        // Of several profiles that lack the same, in one place.
        let mut groups: BTreeMap<(Span, Part, &str, Vec<&str>), Vec<usize>> = BTreeMap::new();
        let mut lacking_actions: BTreeMap<(Span, &str, &str), Vec<usize>> = BTreeMap::new();
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
            self.silence(span, part, action, &regions, &targets, diagnostics);
        }
        for ((span, action, other), targets) in lacking_actions {
            let of = self.names(&targets);
            let (message, help) = if action == INVOCATIONS[1] {
                (
                    format!("{action} is not allowed for {of}, so answers cannot be streamed"),
                    format!("allow it beside {other}, or add --no-streaming where answers are not streamed"),
                )
            } else {
                (
                    format!("{action} is not allowed for {of}, so every answer must be streamed"),
                    format!(
                        "allow it beside {other}, or add --only-streaming where every answer is streamed"
                    ),
                )
            };
            diagnostics.at(Code::MissingAction, span, message, help);
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

    /// The first of several targets, and how many others there are.
    fn names(&self, targets: &[usize]) -> String {
        let Some(target) = targets.first().and_then(|index| self.targets.get(*index)) else {
            return String::new();
        };
        let profile = target.profile.as_deref().map(|arn| arn.rsplit('/').next().unwrap_or_default());
        let name = profile.unwrap_or(&target.grant.model.id);
        match targets.len() - 1 {
            0 => format!("`{name}`"),
            1 => format!("`{name}` and 1 other"),
            others => format!("`{name}` and {others} others"),
        }
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
        span: Span,
        part: Part,
        action: &str,
        regions: &[&str],
        targets: &[usize],
        diagnostics: &mut Diagnostics,
    ) {
        let Some(target) = targets.first().and_then(|index| self.targets.get(*index)) else { return };
        let id = &target.grant.model.id;
        let names = self.names(targets);
        let needs = if targets.len() == 1 { "needs" } else { "need" };
        match part {
            Part::Profile => {
                let arn = target.profile.as_deref().unwrap_or_default();
                let message = format!("{names} {needs} {action} on the profile, which is not allowed");
                diagnostics.at(Code::MissingProfile, span, message, format!("allow {action} on {arn}"));
            }
            Part::Model | Part::Count => {
                let arns: Vec<String> = regions.iter().map(|region| arn::model(region, id)).collect();
                let message = format!(
                    "{names} also {needs} {action} on the model in {}, which is not allowed",
                    regions.join(", ")
                );
                let condition = match part {
                    Part::Count => " without a condition on the profile",
                    _ if self.has_profile_condition(id) => " under the same condition",
                    _ => "",
                };
                let command = self.command(part, targets);
                let help = format!("allow it on {}{condition}{command}", arns.join(", "));
                diagnostics.at(Code::MissingDestination, span, message, help);
            }
            Part::Anywhere => {
                let message = format!(
                    "{names} also {needs} {action} on the model without a Region, which is not allowed"
                );
                let help =
                    format!("allow {} where aws:RequestedRegion is `{UNSPECIFIED}`", arn::global_model(id));
                diagnostics.at(Code::MissingUnspecified, span, message, help);
            }
        }
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

    /// The command that writes an identity policy for one model; of an application profile it would be one
    /// for another profile.
    fn command(&self, part: Part, targets: &[usize]) -> String {
        let [only] = targets else { return String::new() };
        let is_of_the_model = |target: &&Target<'_>| {
            part == Part::Model && self.kind == PolicyKind::Identity && !target.is_application()
        };
        let Some(target) = self.targets.get(*only).filter(is_of_the_model) else { return String::new() };
        let grant = &target.grant;
        format!("; `quotaplan iam --model {} --scope {}` writes a policy", grant.model.id, grant.scope)
    }

    /// Reports what a Deny denies: one finding a statement, scope and part.
    pub(super) fn report_denials(&self, diagnostics: &mut Diagnostics) {
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
            let among = self.among(scope, part, &calls);
            let but = if exempt.is_empty() {
                String::new()
            } else {
                format!(" to everybody except {}", exempt.join(", or "))
            };
            let subject = match (scope, part) {
                (Scope::InRegion, _) => "models called without a profile".to_owned(),
                _ => format!("profiles of scope `{scope}`"),
            };
            let (code, message, help) = match part {
                Part::Profile => (
                    Code::MissingProfile,
                    format!("{subject} are denied{but}{among}"),
                    "leave the profiles that are meant out of this Deny",
                ),
                Part::Model | Part::Count => (
                    Code::MissingDestination,
                    format!(
                        "{subject} need {}{}, which {} denied{but}{among}",
                        regions.join(", "),
                        if scope == Scope::InRegion { "" } else { " too" },
                        if regions.len() == 1 { "is" } else { "are" }
                    ),
                    match (scope, part, regions.len()) {
                        (Scope::InRegion, ..) | (_, Part::Count, _) => "exempt these calls from the Deny",
                        (.., 1) => {
                            "exempt this Region from the Deny: a call through a profile fails if any of its Regions is denied"
                        }
                        _ => {
                            "exempt these Regions from the Deny: a call through a profile fails if any of its Regions is denied"
                        }
                    },
                ),
                Part::Anywhere => (
                    Code::MissingUnspecified,
                    format!(
                        "{subject} need the model without a Region, whose Region is `{UNSPECIFIED}`, which is denied{but}{among}"
                    ),
                    "leave it out of this Deny: add `unspecified` to its Regions, and the ARN without a Region to its resources",
                ),
            };
            let help = format!("{help}{}", self.narrowing(scope, &among, &calls));
            diagnostics.at(code, self.place(statement, part), message, help);
        }
    }

    /// Which option leaves denied calls out that nobody makes.
    fn narrowing(&self, scope: Scope, among: &str, calls: &[&Judged]) -> String {
        if among.contains(INVOCATIONS[1]) && calls.iter().all(|one| one.call.action == INVOCATIONS[1]) {
            return "; add --no-streaming where answers are not streamed".to_owned();
        }
        if self.narrowed {
            return String::new();
        }
        let is_denied = |one: &&Judged| matches!(one.judgement.verdict, Verdict::Denied { .. });
        let scope_of = |one: &Judged| self.targets.get(one.target).map(|target| target.grant.scope);
        let denied: Vec<Scope> = self.judged.iter().filter(is_denied).filter_map(scope_of).collect();
        let judged: Vec<Scope> = self.judged.iter().filter_map(scope_of).collect();
        let passes: Vec<String> = Scope::ALL
            .iter()
            .filter(|scope| judged.contains(scope) && !denied.contains(scope))
            .map(|scope| format!("--scope {scope}"))
            .collect();
        if !among.is_empty() {
            "; where these models are not called, name those that are: --model MODEL/SCOPE".to_owned()
        } else if passes.is_empty() {
            format!("; where scope `{scope}` is not called, name with --scope or --model what is")
        } else {
            format!("; where scope `{scope}` is not called, name the scopes that are: {}", passes.join(" "))
        }
    }

    /// Which of the judged calls of a scope and part these are, where they are not all.
    fn among(&self, scope: Scope, part: Part, calls: &[&Judged]) -> String {
        let of_scope = |one: &&Judged| {
            one.part == part && self.targets.get(one.target).is_some_and(|target| target.grant.scope == scope)
        };
        let all: Vec<&Judged> = self.judged.iter().filter(of_scope).collect();
        let models = |calls: &[&Judged]| {
            let mut targets: Vec<usize> = calls.iter().map(|one| one.target).collect();
            targets.sort_unstable();
            targets.dedup();
            targets
        };
        let (own, every) = (models(calls), models(&all));
        let mut words = Vec::new();
        if own.len() < every.len() {
            let first = own
                .first()
                .and_then(|index| self.targets.get(*index))
                .map(|target| target.grant.model.name.as_str());
            words.push(match own.len() {
                1 => format!("only {}", first.unwrap_or_default()),
                some => {
                    format!("{} and {} more of {} models", first.unwrap_or_default(), some - 1, every.len())
                }
            });
        }
        for action in INVOCATIONS {
            let streams = |calls: &[&Judged]| calls.iter().any(|one| one.call.action == action);
            if streams(&all) && !streams(calls) {
                let other = calls.first().map_or("", |one| one.call.action);
                words.push(format!("only {other}"));
            }
        }
        if words.is_empty() { String::new() } else { format!(" ({})", words.join("; ")) }
    }

    /// Reports what depends on keys: one finding a statement and set of keys.
    pub(super) fn report_dependence(&self, diagnostics: &mut Diagnostics) {
        let mut groups: BTreeMap<(Option<usize>, &[String]), usize> = BTreeMap::new();
        for one in self.judged {
            if let Verdict::Depends { keys } = &one.judgement.verdict {
                *groups.entry((one.judgement.statement, keys)).or_default() += 1;
            }
        }
        let all = self.judged.len();
        for ((statement, keys), count) in groups {
            let calls =
                if count == all { "the calls are".to_owned() } else { format!("{count} of {all} calls are") };
            let message = format!("whether {calls} allowed depends on {}", named(keys));
            let help = if keys.iter().all(|key| key.eq_ignore_ascii_case(PROFILE_KEY)) {
                "no AWS page tells whether the call of the profile itself has this key: limit the test to the models' ARNs"
            } else {
                "the document does not hold the value: check that your callers have one that lets the calls through"
            };
            let span = statement.map_or(self.document, |index| self.place_of_keys(index, keys));
            diagnostics.at(Code::DependsOnKey, span, message, help);
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

/// Most keys that a sentence names.
const MOST_NAMED: usize = 12;

fn named(keys: &[String]) -> String {
    match keys.get(..MOST_NAMED) {
        Some(first) if first.len() < keys.len() => {
            format!("{} and {} more keys", first.join(", "), keys.len() - first.len())
        }
        _ => keys.join(", "),
    }
}
