//! `quotaplan iam` and `quotaplan iam lint`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::args::{Document, FormatArg, IamArgs, IamCommand, LintArgs, WriteArgs};
use super::errors::{IamError, NamingError};
use super::inputs::{load_catalog, load_config, load_each, named_model, read_options};
use super::{CliError, Exit, Session, output};
use crate::catalog::{Catalog, ModelIndex, REGION, Residency, Scope};
use crate::config::Config;
use crate::engine::residency_fault;
use crate::iam::{self, Grant, Policy, Request, application_profile};
use crate::render::diagnostic;
use crate::report::words::{PolicyRemark, Sentence, TooLong, language};
use crate::report::{self, PolicyReport};
use crate::stream::load_file;
use crate::text::plain;
use crate::text::stdin::input_name;
use crate::text::{Diagnostic, Diagnostics, InputKind, Place, Severity, Sources, Span};
use crate::units::DecimalMark;
use crate::workload::{self, Column, ReadOptions, Workload};

/// Diagnostics shown of a workloads file.
const MAX_ERRORS: usize = 20;

pub(super) fn run(args: &IamArgs, session: &Session<'_>) -> Result<Exit, CliError> {
    match &args.lint {
        Some(IamCommand::Lint(args)) => lint(args, session),
        None => write(&args.write, session).map(|()| Exit::Success),
    }
}

fn write(args: &WriteArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut sources = session.sources();
    let asked = !args.models_asked.is_empty() || !args.workloads.is_empty();
    let policy = match (args.document, asked) {
        (Document::ScpDenyGlobal, false) => iam::deny_global(),
        (Document::ScpDenyGlobal, true) => {
            return Err(IamError::NoModelTaken.into());
        }
        (_, false) => {
            return Err(IamError::NoModel.into());
        }
        (document, true) => requested(args, document, &mut sources, session)?,
    };
    let text = policy.to_json().map_err(crate::render::RenderError::from)?;
    if let Some(document) = too_long(args.document, &policy, &text)? {
        output::remark(session, &format!("warning: {}", language().too_long(document)));
    }
    output::write_text(session, &text, args.output.as_deref(), &sources)
}

/// The document for the models asked for.
fn requested(
    args: &WriteArgs,
    document: Document,
    sources: &mut Sources,
    session: &Session<'_>,
) -> Result<Policy, CliError> {
    let mut diagnostics = Diagnostics::new();
    let config = load_config(args.aliases.config.as_deref(), sources, &mut diagnostics);
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(&args.table, sources, &mut of_table);
    diagnostics.append(of_table);
    let mut wrong: Vec<CliError> = Vec::new();
    let grants = match (&catalog, &config) {
        (Some(catalog), Some(config)) => match args.workloads.as_slice() {
            [] => of_names(args, catalog, config, &mut wrong, session),
            paths => of_workloads((paths, args.decimal), catalog, config, sources, &mut diagnostics),
        },
        _ => Vec::new(),
    };
    let failed = diagnostics.has_errors();
    output::diagnostics(session, diagnostics, sources, MAX_ERRORS);
    if !wrong.is_empty() {
        return Err(CliError::Several(wrong));
    }
    if failed {
        return Err(CliError::Inputs);
    }
    let request = Request {
        grants,
        account: args.account.clone(),
        streaming: !args.no_streaming,
        count_tokens: args.count_tokens.clone(),
        get_profile: args.get_inference_profile,
    };
    remarks(args, &request, session);
    Ok(match document {
        Document::ScpAllow => iam::allow_only(&request),
        Document::ScpRegions => iam::approved_regions(&request),
        Document::Identity | Document::ScpDenyGlobal => iam::identity(&request),
    })
}

/// The models of the command line, each by its name and scope.
fn of_names<'c>(
    args: &WriteArgs,
    catalog: &'c Catalog,
    config: &Config,
    wrong: &mut Vec<CliError>,
    session: &Session<'_>,
) -> Vec<Grant<'c>> {
    let mut grants = BTreeMap::new();
    for name in &args.models_asked {
        let (index, scope) = match named_model(name, args.scope, catalog, config) {
            Ok(named) => named,
            Err(fault) => {
                wrong.push(fault.into());
                continue;
            }
        };
        let model = catalog.model(index);
        if let Some(fault) = residency_fault(model, scope, config.policy.residency) {
            let severity = config.policy.severity_of(fault.code());
            let error = IamError::Residency { name: name.clone(), rule: config.policy.residency, fault };
            match severity {
                Some(Severity::Error) => {
                    wrong.push(error.into());
                    continue;
                }
                Some(severity) => output::remark(session, &format!("{}: {error}", severity.as_str())),
                None => {}
            }
        }
        match Grant::new(model, scope, application_profile(name)) {
            Ok(grant) => {
                grants.insert((index, scope, application_profile(name)), grant);
            }
            Err(fault) => {
                wrong.push(IamError::Grant { model: model.name.clone(), scope, fault }.into());
            }
        }
    }
    grants.into_values().collect()
}

/// The models and scopes of workloads; a fault is reported at the first row that has it.
fn of_workloads<'c>(
    (paths, decimal): (&[PathBuf], DecimalMark),
    catalog: &'c Catalog,
    config: &Config,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Grant<'c>> {
    let options = ReadOptions { decimal, ..read_options(config) };
    let files = load_each(InputKind::Rows, paths, sources, diagnostics);
    let rows = workload::parse_all(sources, &files, catalog, &options, diagnostics);
    let Some(rows) = rows else { return Vec::new() };
    let mut first: BTreeMap<(ModelIndex, Scope, Option<String>), Span> = BTreeMap::new();
    let mut judged = BTreeSet::new();
    for row in rows.rows().iter() {
        if judged.insert((row.model(), row.scope(), row.residency())) {
            let cell = rows.cell(sources, row, Column::Residency).unwrap_or_else(|| rows.start(row));
            if let Some(fault) = of_residency(catalog, config, row, cell) {
                diagnostics.push(fault);
            }
        }
        let cell = rows.cell(sources, row, Column::Model).unwrap_or_else(|| rows.start(row));
        let application = application_profile(sources.text(cell)).map(str::to_owned);
        first.entry((row.model(), row.scope(), application)).or_insert(cell);
    }
    let mut grants = Vec::new();
    for ((index, scope, application), span) in first {
        let model = catalog.model(index);
        match Grant::new(model, scope, application.as_deref()) {
            Ok(grant) => grants.push(grant),
            Err(fault) => {
                let Sentence { message, help } = language().grant_fault(&fault, &model.name, scope);
                let code = fault.code();
                let (severity, place) = (Severity::Error, Place::Span(span));
                diagnostics.push(Diagnostic { code, severity, message, help, place });
            }
        }
    }
    grants
}

/// What is wrong with the residency of a row, at the configured severity.
fn of_residency(catalog: &Catalog, config: &Config, row: &Workload, cell: Span) -> Option<Diagnostic> {
    let model = catalog.model(row.model());
    let fault = residency_fault(model, row.scope(), row.residency())?;
    let severity = config.policy.severity_of(fault.code())?;
    let Sentence { message: reason, help } = language().residency_fault(&fault);
    let rule = row.residency().map_or("any", Residency::as_str);
    let message = format!("{} {} must stay in `{rule}`, and {reason}", model.name, row.scope());
    Some(Diagnostic { code: fault.code(), severity, message, help, place: Place::Span(cell) })
}

/// What the reader of the document has to know and JSON has no place for.
fn remarks(args: &WriteArgs, request: &Request<'_>, session: &Session<'_>) {
    let is_identity = args.document == Document::Identity;
    let through_profiles = request.grants.iter().any(|grant| grant.scope != Scope::InRegion);
    let application = request.grants.iter().any(Grant::is_application_profile);
    let counting = args.count_tokens.as_deref().filter(|_| is_identity);
    let remarks = [
        (is_identity && args.account.is_none() && through_profiles)
            .then_some(PolicyRemark::Placeholder("--account")),
        application.then_some(PolicyRemark::ApplicationProfile),
        counting.map(PolicyRemark::Counting),
        counting.filter(|region| *region == REGION).map(PolicyRemark::NoCounting),
        (args.document == Document::ScpRegions).then_some(PolicyRemark::ApprovedRegions),
    ];
    for remark in remarks.into_iter().flatten() {
        output::remark(session, &format!("note: {}", language().policy_remark(remark)));
    }
}

/// Whether the document is longer than AWS takes.
fn too_long(document: Document, policy: &Policy, text: &str) -> Result<Option<TooLong>, CliError> {
    let compact = policy.compact_length().map_err(crate::render::RenderError::from)?;
    Ok(match document {
        Document::Identity => {
            (compact > iam::MANAGED_POLICY_MAXIMUM).then_some(TooLong::ManagedPolicy(compact))
        }
        _ if compact > iam::SCP_MAXIMUM => Some(TooLong::Scp(compact)),
        _ => {
            (text.len() > iam::SCP_MAXIMUM).then_some(TooLong::ScpWithSpace { written: text.len(), compact })
        }
    })
}

fn lint(args: &LintArgs, session: &Session<'_>) -> Result<Exit, CliError> {
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let catalog = load_catalog(&args.table, &mut sources, &mut diagnostics);
    let mut found = Diagnostics::new();
    let judged = match (load_file(&args.file, &mut sources, &mut diagnostics), &catalog) {
        (Some(file), Some(catalog)) if !diagnostics.has_errors() => {
            let options = iam::LintOptions {
                kind: args.kind,
                models: lint_models(args, catalog)?,
                scopes: args.scope.clone(),
                streaming: match (args.no_streaming, args.only_streaming) {
                    (true, _) => iam::Streaming::Never,
                    (_, true) => iam::Streaming::Always,
                    _ => iam::Streaming::Sometimes,
                },
                count_tokens: args.count_tokens.clone(),
            };
            iam::lint(&mut sources, file, catalog, &options, &mut found)
        }
        _ => None,
    };
    let Some(result) = judged else {
        diagnostics.append(found);
        output::diagnostics(session, diagnostics, &sources, 0);
        return Err(CliError::Inputs);
    };
    output::diagnostics(session, diagnostics, &sources, 0);
    report::add_policy_findings(&result.findings, &mut found);
    let found = found.into_sorted();
    let name = input_name(&args.file);
    if args.output.format() == FormatArg::Table {
        let colour = if args.output.output.is_none() {
            output::stdout_view(session).colour
        } else {
            crate::render::Colour::Off
        };
        let found_words = diagnostic::render(&found, &sources, args.max_errors, colour);
        let between = if found_words.is_empty() { "" } else { "\n" };
        let summary = plain::message(&report::policy_summary(&name, &found, Some(&result)));
        let text = format!("{summary}\n{between}{found_words}");
        output::write_text(session, &text, args.output.output.as_deref(), &sources)?;
    } else {
        let report =
            PolicyReport { sources: &sources, file: &name, diagnostics: &found, result: Some(&result) };
        output::write(session, &report, &args.output, &sources)?;
    }
    let fails = found.iter().any(|one| one.severity > Severity::Note);
    Ok(if fails { Exit::Findings } else { Exit::Success })
}

/// The models that must be callable: each in its own scope, or in those of `--scope`.
fn lint_models(args: &LintArgs, catalog: &Catalog) -> Result<Vec<(ModelIndex, Scope)>, CliError> {
    let mut models = Vec::new();
    let mut wrong: Vec<CliError> = Vec::new();
    for name in &args.models_asked {
        match (catalog.find(name), args.scope.as_slice()) {
            (Err(fault), _) => {
                wrong.push(NamingError::no_model(name, &fault, catalog).into());
            }
            (Ok(named), scopes) => match (named.scope, scopes) {
                (Some(own), []) => models.push((named.model, own)),
                (Some(own), scopes) if scopes.contains(&own) => models.push((named.model, own)),
                (Some(own), _) => {
                    wrong.push(IamError::ScopeLeftOut { name: name.clone(), own }.into());
                }
                (None, []) => {
                    wrong.push(NamingError::NoScope { name: name.clone() }.into());
                }
                (None, scopes) => models.extend(scopes.iter().map(|scope| (named.model, *scope))),
            },
        }
    }
    if wrong.is_empty() { Ok(models) } else { Err(CliError::Several(wrong)) }
}
