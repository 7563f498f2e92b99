//! What a policy does to Bedrock calls from ca-central-1: each call that a model and scope need is judged,
//! and what is denied, what depends on keys, and wildcards that let through more than they need are found.
//!
//! It judges what stands in the file; other policies, which may allow or deny more, are not known to it.

mod calls;
mod classes;
mod condition;
mod document;
mod evaluate;
mod fact;
mod findings;
mod options;
mod pattern;
mod space;
mod statements;
mod targets;
mod unreached;
mod wrapper;

use std::collections::BTreeSet;

use self::calls::{Part, Target};
use self::document::{Statement, first_line};
use self::evaluate::Policy;
pub use self::evaluate::Verdict;
use self::fact::PolicyFindings;
pub use self::fact::{
    CalledNames, DeniedCalls, DeniedModels, DeniedPart, Narrowing, NeededCondition, PolicyFact,
    PolicyFinding, WideAllow,
};
use self::findings::{Judged, Subject};
pub use self::options::{LintOptions, PolicyKind, Streaming};
use self::pattern::{Pattern, Reading};
use self::space::{INVOCATIONS, ProfileKey};
use super::arn::is_account_id;
use crate::catalog::{Catalog, Scope};
use crate::text::{Code, Diagnostics, FileId, Sources, Span, json};

/// A call and what the policy does to it.
#[derive(Debug, Clone)]
pub struct JudgedCall {
    /// The model's id.
    pub model: String,
    /// How it is called.
    pub scope: Scope,
    /// The action.
    pub action: &'static str,
    /// The ARN it is authorised on.
    pub resource: String,
    /// `aws:RequestedRegion`.
    pub region: String,
    /// The profile that is called; `None` where none is.
    pub profile: Option<String>,
    /// What the policy does.
    pub verdict: Verdict,
    /// The statement that decides.
    pub statement: Option<Span>,
}

/// What was judged.
#[derive(Debug)]
pub struct LintResult {
    /// The kind of policy it was taken for.
    pub kind: PolicyKind,
    /// Whether the kind was detected.
    pub detected: bool,
    /// Every call, in the order of models and scopes.
    pub calls: Vec<JudgedCall>,
    /// Models that could not be judged: nobody knows where their profiles go.
    pub not_judged: Vec<(String, Scope)>,
    /// What was found, in the order in which it was found.
    pub findings: Vec<PolicyFinding>,
}

/// Judges a policy; `None` where the file is none, which is reported.
pub fn lint(
    sources: &mut Sources,
    file: FileId,
    catalog: &Catalog,
    options: &LintOptions,
    diagnostics: &mut Diagnostics,
) -> Option<LintResult> {
    let mut findings = PolicyFindings::default();
    let (mut statements, start) = read(sources, file, &mut findings, diagnostics)?;
    let account = calls::account(&statements);
    resolve(&mut statements, &account, &mut findings);
    let mut policy = Policy::new(&statements, true);
    let allows = allows_bedrock(&statements, &policy);
    let detected = options.kind.is_none();
    let kind = options.kind.unwrap_or(if allows { PolicyKind::Identity } else { PolicyKind::Scp });
    // Beside FullAWSAccess, which is attached to everything, an SCP that only denies allows the rest.
    policy.needs_allow = kind == PolicyKind::Identity || statements.iter().any(|statement| statement.allows);
    for (index, statement) in statements.iter().enumerate() {
        statements::judge(statement, index, &policy, &mut findings);
    }
    let linter = Linter { statements: &statements, policy: &policy, catalog, options, account, start };
    let mut not_judged = Vec::new();
    let listed = calls::listed(&statements, &policy);
    let targets = linter.targets(kind, &listed, &mut not_judged, &mut findings);
    let judged = linter.judge(&targets);
    let subject = Subject {
        statements: &statements,
        policy: &policy,
        targets: &targets,
        judged: &judged,
        document: start,
        kind,
        narrowed: !options.models.is_empty() || !options.scopes.is_empty(),
    };
    if policy.needs_allow && !allows {
        findings.add(start, PolicyFact::NothingAllowed);
    } else {
        subject.report_silence(&mut findings);
    }
    subject.report_denials(&mut findings);
    subject.report_dependence(&mut findings);
    if kind == PolicyKind::Identity {
        unreached::judge(&statements, &policy, catalog, (&listed, &targets), &mut findings);
    }
    if judged.is_empty() && !findings.has_faults() {
        findings.add(start, PolicyFact::NothingJudged);
    }
    let calls = judged.into_iter().filter_map(|one| linter.shown(one, &targets)).collect();
    Some(LintResult { kind, detected, calls, not_judged, findings: findings.into_list() })
}

/// The statements of a file, and where its document starts.
fn read(
    sources: &mut Sources,
    file: FileId,
    findings: &mut PolicyFindings,
    diagnostics: &mut Diagnostics,
) -> Option<(Vec<Statement>, Span)> {
    let root = wrapper::root(file, sources, diagnostics)?;
    let documents = wrapper::documents(root, sources);
    let start = documents.first().map(|document| first_line(document.span))?;
    let mut repeats = false;
    for (name, span) in documents.iter().flat_map(json::Node::repeated) {
        let message = format!(
            "the key `{name}` appears twice in one object, and programs differ on which one they read"
        );
        diagnostics.at(Code::NotAPolicy, span, message, "keep one of the two");
        repeats = true;
    }
    if repeats {
        return None;
    }
    let read: Vec<Option<Vec<Statement>>> =
        documents.iter().map(|document| document::read(document, findings, diagnostics)).collect();
    let statements: Vec<Statement> =
        read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    if documents.len() > 1 {
        findings.add(start, PolicyFact::SeveralDocuments { count: documents.len() });
    }
    Some((statements, start))
}

/// Replaces what templates fill in and is known, and reports it.
fn resolve(statements: &mut [Statement], account: &str, findings: &mut PolicyFindings) {
    let mut assumed: BTreeSet<pattern::Taken> = BTreeSet::new();
    let mut first: Option<Span> = None;
    for statement in statements {
        let values = statement.tests.iter_mut().flat_map(|test| &mut test.values);
        for text in statement.resources.items.iter_mut().chain(values) {
            let mut taken = BTreeSet::new();
            text.text = pattern::resolve(&text.text, account, &mut taken);
            if !taken.is_empty() {
                first = first.or(Some(text.span));
                assumed.extend(taken);
            }
        }
    }
    if let Some(span) = first {
        findings.add(span, PolicyFact::Assumed(assumed.into_iter().collect()));
    }
}

/// Whether an Allow is about Bedrock calls, whatever its conditions.
fn allows_bedrock(statements: &[Statement], policy: &Policy<'_>) -> bool {
    let bedrock = Pattern::read("arn:*:bedrock:*", Reading { wildcards: true, variables: false });
    statements.iter().enumerate().any(|(index, statement)| {
        let reading = Reading { wildcards: true, variables: statement.variables };
        statement.allows
            && INVOCATIONS.iter().any(|action| policy.names_action(index, action))
            && (statement.resources.negated
                || statement.resources.items.iter().any(|text| {
                    let pattern = Pattern::read(&text.text, reading);
                    !pattern.variables().is_empty() || !pattern.is_apart(&bedrock, false)
                }))
    })
}

struct Linter<'l, 'c> {
    statements: &'l [Statement],
    policy: &'l Policy<'l>,
    catalog: &'c Catalog,
    options: &'l LintOptions,
    account: String,
    start: Span,
}

impl Linter<'_, '_> {
    fn judge(&self, targets: &[Target<'_>]) -> Vec<Judged> {
        let mut judged = Vec::new();
        let mut counted: Vec<&str> = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            let model = target.grant.model;
            let mut calls: Vec<_> = calls::actions(model, self.options.streaming)
                .iter()
                .flat_map(|action| calls::calls(target, action))
                .collect();
            if let Some(region) = self.options.count_tokens.as_deref()
                && !counted.contains(&model.id.as_str())
            {
                counted.push(&model.id);
                calls.extend(calls::counting(model, region).into_iter().map(|call| (Part::Count, call)));
            }
            for (part, call) in calls {
                let judgement = self.policy.judge(&call);
                let meant = part == Part::Count || self.policy.may_allow(call.action, &call.resource);
                judged.push(Judged { target: index, part, call, judgement, meant });
            }
        }
        judged
    }

    /// The call as it is shown.
    fn shown(&self, judged: Judged, targets: &[Target<'_>]) -> Option<JudgedCall> {
        let target = targets.get(judged.target)?;
        let profile = match judged.call.profile {
            ProfileKey::Absent => None,
            ProfileKey::Present(arn) | ProfileKey::AbsentOr(arn) => Some(arn),
        };
        // A profile under an ARN that none has is denied, whatever stands in the document.
        let real = profile.as_ref().is_none_or(|arn| arn.split(':').nth(4).is_some_and(is_account_id));
        let verdict = if real { judged.judgement.verdict } else { Verdict::Denied { exempt: Vec::new() } };
        let statement = judged.judgement.statement.filter(|_| real);
        let statement =
            statement.and_then(|index| self.statements.get(index)).map(|statement| statement.start);
        Some(JudgedCall {
            model: target.grant.model.id.clone(),
            scope: target.grant.scope,
            action: judged.call.action,
            resource: judged.call.resource,
            region: judged.call.region,
            profile,
            verdict,
            statement,
        })
    }
}
