//! `quotaplan models`.

use super::args::{CheckFactsArgs, ListArgs, ShowArgs, UpdateArgs, ValidateArgs};
use super::errors::NamingError;
use super::inputs::{load_catalog, load_config};
use super::{CliError, Session, output};
use crate::catalog::{self, Catalog};
use crate::refresh::{self, aged_facts, commands};
use crate::render::{View, render};
use crate::report::words::language;
use crate::report::{FactsReport, ModelReport, ModelsReport};
use crate::stream::load_file;
use crate::text::plain;
use crate::text::stdin::input_name;
use crate::text::{Diagnostics, Sources};

/// Diagnostics shown where there is no flag for it.
const MAX_ERRORS: usize = 20;

pub(super) fn list(args: &ListArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let catalog = load_catalog(&args.table, &mut sources, &mut diagnostics);
    output::diagnostics(session, diagnostics, &sources, MAX_ERRORS);
    output::write(
        session,
        &ModelsReport { catalog: &catalog.ok_or(CliError::Inputs)? },
        &args.output,
        &sources,
    )
}

pub(super) fn show(args: &ShowArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let config = load_config(args.aliases.config.as_deref(), &mut sources, &mut diagnostics);
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(&args.table, &mut sources, &mut of_table);
    diagnostics.append(of_table);
    let failed = diagnostics.has_errors();
    output::diagnostics(session, diagnostics, &sources, MAX_ERRORS);
    let (Some(catalog), Some(config), false) = (catalog, config, failed) else {
        return Err(CliError::Inputs);
    };
    let target = config.aliases.get(&args.model).map_or(args.model.as_str(), |alias| alias.value.as_str());
    let named = catalog.find(target);
    let named = named.map_err(|fault| NamingError::no_model(&args.model, &fault, &catalog))?;
    output::write(
        session,
        &ModelReport { sources: &sources, catalog: &catalog, model: named.model },
        &args.output,
        &sources,
    )
}

pub(super) fn check(args: &CheckFactsArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let catalog = load_catalog(&args.table, &mut sources, &mut diagnostics);
    output::diagnostics(session, diagnostics, &sources, MAX_ERRORS);
    let catalog = catalog.ok_or(CliError::Inputs)?;
    let today = args.today.unwrap_or_else(|| catalog.newest());
    let facts = aged_facts(&catalog);
    let report = FactsReport { facts: &facts, today, older_than: args.older_than };
    output::write(session, &report, &args.output, &sources)
}

pub(super) fn update(args: &UpdateArgs, session: &Session<'_>) -> Result<(), CliError> {
    let Some(as_of) = args.as_of.filter(|_| !args.print_command) else {
        let prices = commands::price_lists().map(|(file, command)| format!("{command} > {file}\n")).concat();
        let text = format!(
            "{} > quotas.json\n{} > profiles.json\n{} > models.json\n{prices}quotaplan models update --from \
             quotas.json profiles.json models.json {} --as-of \"$(date -u +%F)\" --output overlay.toml\n",
            commands::list_defaults(),
            commands::list_inference_profiles(),
            commands::list_foundation_models(),
            commands::price_lists().map(|(file, _)| file).join(" ")
        );
        return output::stdout(session, text.as_bytes());
    };
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let catalog = load_catalog(&args.table, &mut sources, &mut diagnostics);
    let files: Vec<_> =
        args.from.iter().filter_map(|path| load_file(path, &mut sources, &mut diagnostics)).collect();
    let update = match &catalog {
        Some(catalog) => refresh::update(&sources, &files, catalog, &mut diagnostics),
        None => None,
    };
    let failed = diagnostics.has_errors();
    output::diagnostics(session, diagnostics, &sources, MAX_ERRORS);
    let update = update.filter(|_| !failed).ok_or(CliError::Inputs)?;
    let differences = render(&update, args.format.meant(), View::default())?;
    let overlay = update.overlay(language().overlay_title(), as_of);
    output::write_text(session, &overlay, args.output.as_deref(), &sources)?;
    if args.output.is_some() {
        return output::stdout(session, differences.as_bytes());
    }
    output::message(session, &differences);
    Ok(())
}

pub(super) fn validate(args: &ValidateArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let catalog = validated(args, &mut sources, &mut diagnostics);
    output::diagnostics(session, diagnostics, &sources, args.max_errors);
    let catalog = catalog.ok_or(CliError::Inputs)?;
    let name = input_name(&args.file);
    let words = language().valid_table(&plain::one_line(&name), catalog.models().len());
    let text = plain::message(&(words + "\n"));
    output::stdout(session, text.as_bytes())
}

/// A table that states the account-wide quota stands alone; anything else is an overlay.
fn validated(args: &ValidateArgs, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Catalog> {
    let file = load_file(&args.file, sources, diagnostics)?;
    if diagnostics.has_errors() {
        return None;
    }
    let mut alone = Diagnostics::new();
    let is_whole = sources.file(file)?.text().lines().any(|line| line.trim() == "[account_daily]");
    if is_whole && let Some(catalog) = catalog::parse(sources, file, &mut alone) {
        diagnostics.append(alone);
        return Some(catalog);
    }
    catalog::load(sources, Some(file), diagnostics)
}
