//! `quotaplan quotas`: applied quotas and AWS's defaults, live or from what the AWS CLI saved.

use super::args::{DetailArgs, FormatArg, OutputArgs, QuotasArgs, QuotasFormat};
use super::errors::{LiveError, QuotasError};
use super::inputs::load_catalog;
use super::{CliError, Session, live, output};
use crate::answers::QuotaListing;
use crate::config;
use crate::report::words::{LookUpRemark, language};
use crate::report::{self, AccountLimit, AccountQuotas, ListingFilter, ListingReport, ListsRead, Report};
use crate::saved::{self, SavedQuotas, commands};
use crate::stream::load_file;
use crate::text::plain::{self, shell_word};
use crate::text::{Code, Diagnostics, Sources, Span};

pub(super) fn run(args: &QuotasArgs, session: &Session<'_>) -> Result<(), CliError> {
    let format = args.format().unwrap_or(if args.diff.is_some() {
        QuotasFormat::Report(FormatArg::Table)
    } else {
        QuotasFormat::Toml
    });
    if args.diff.is_some() && format == QuotasFormat::Toml {
        return Err(QuotasError::DiffAsToml.into());
    }
    let mut sources = session.sources();
    if args.print_command {
        return output::write_text(session, &printed(args), args.output.as_deref(), &sources);
    }
    let mut diagnostics = Diagnostics::new();
    let loaded = load(args, &mut sources, &mut diagnostics);
    let failed = diagnostics.has_errors();
    output::diagnostics(session, diagnostics, &sources, args.diagnostics.max_errors);
    let Some(Loaded { catalog, granted, saved }) = loaded.filter(|_| !failed) else {
        return Err(CliError::Inputs);
    };
    output::refuse_inputs(args.output.as_deref(), &sources)?;
    let today = match &saved {
        Some(_) => args.today,
        None => Some(args.today.or_else(|| session.day()).ok_or(QuotasError::NoClock)?),
    };
    let saved = match saved {
        Some(saved) => saved,
        None => SavedQuotas {
            listing: listed()?,
            applied_given: true,
            defaults_given: true,
            ..SavedQuotas::default()
        },
    };
    let asked = ListsRead { applied: saved.applied_given, defaults: saved.defaults_given };
    let listing = &saved.listing;
    let is_listing = format.of_a_report().is_some() && granted.is_none();
    if listing.applied.is_empty() && !asked.applied && !is_listing {
        return Err(QuotasError::DefaultsAlone.into());
    }
    // What a file holds is compared whatever the model table lists.
    let shown = if args.all || granted.is_some() { ListingFilter::All } else { ListingFilter::OfTheTable };
    let look_up = AccountQuotas::new(listing, asked, &catalog, shown).map_err(QuotasError::from)?;
    for gap in gaps(&saved, &look_up, &sources) {
        output::remark(session, &format!("note: {gap}"));
    }
    let account = args.account.as_deref();
    let report: Box<dyn Report> = match (&granted, format.of_a_report()) {
        (Some(granted), _) => {
            Box::new(report::granted_changes(&look_up, granted, account, &catalog, args.all))
        }
        (None, Some(_)) => Box::new(ListingReport { look_up: &look_up, today }),
        (None, None) => {
            let text = report::granted_toml(&look_up, account, today);
            output::write_text(session, &text, args.output.as_deref(), &sources)?;
            let is_shown = args.output.as_deref().is_none_or(output::is_stdout);
            for remark in report::granted_remarks(&look_up, today, is_shown) {
                output::remark(session, &format!("note: {remark}"));
            }
            return Ok(());
        }
    };
    let format = format.of_a_report().unwrap_or(FormatArg::Table);
    output::write(
        session,
        &*report,
        &OutputArgs { format, json: false, output: args.output.clone(), detail: DetailArgs::default() },
        &sources,
    )
}

struct Loaded {
    catalog: crate::catalog::Catalog,
    granted: Option<config::Granted>,
    /// The saved answers, where there are any.
    saved: Option<SavedQuotas>,
}

/// Why quotas that are taken at AWS's default may have an applied value all the same.
fn gaps(saved: &SavedQuotas, look_up: &AccountQuotas, sources: &Sources) -> Vec<String> {
    let defaults =
        look_up.quotas.iter().filter(|quota| matches!(quota.holding(), AccountLimit::Default(_))).count();
    if defaults == 0 {
        return Vec::new();
    }
    let place = |span: &Span| {
        let (name, at) = sources.locate(*span)?;
        Some(format!("{}:{}:{}", plain::one_line(name), at.line, at.column))
    };
    let continued = saved.continued.iter().filter_map(place).map(LookUpRemark::Continued);
    let filtered = saved.queried.iter().filter_map(place).map(LookUpRemark::Filtered);
    continued.chain(filtered).map(|remark| language().look_up_remark(&remark)).collect()
}

fn load(args: &QuotasArgs, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Loaded> {
    let mut of_answers = Diagnostics::new();
    let files: Vec<_> = args
        .from
        .iter()
        .filter_map(|saved| load_file(&saved.path, sources, &mut of_answers).map(|file| (file, saved.named)))
        .collect();
    let all_there = !of_answers.has_errors();
    let mut of_contents = Diagnostics::new();
    let saved = if args.from.is_empty() { None } else { saved::quotas(sources, &files, &mut of_contents) };
    if !all_there {
        // What is missing in one file may stand in the one that could not be read.
        let rests_on_all = [Code::IncompleteAnswer, Code::UnnamedAnswer];
        of_contents.retain(|diagnostic| !rests_on_all.contains(&diagnostic.code));
    }
    diagnostics.append(of_answers);
    diagnostics.append(of_contents);
    let granted = args.diff.as_ref().map(|path| {
        let file = load_file(path, sources, diagnostics)?;
        config::parse_granted(sources, file, diagnostics)
    });
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(&args.table, sources, &mut of_table);
    diagnostics.append(of_table);
    Some(Loaded { catalog: catalog?, granted: granted.flatten(), saved })
}

/// What AWS lists now.
fn listed() -> Result<QuotaListing, LiveError> {
    let service = live::quota_service("quotaplan quotas")?;
    Ok(QuotaListing { applied: service.applied()?, defaults: service.defaults()? })
}

/// The commands to paste, and the one that reads their output.
fn printed(args: &QuotasArgs) -> String {
    let today = args.today.map_or_else(|| "\"$(date -u +%F)\"".to_owned(), |date| date.to_string());
    let account = args.account.as_deref().map(|name| format!(" --account {}", shell_word(name)));
    format!(
        "{} > applied.json\n{} > defaults.json\nquotaplan quotas --from applied=applied.json --from defaults=defaults.json \
         --today {today}{} --output granted.toml\n",
        commands::list_applied(),
        commands::list_defaults(),
        account.unwrap_or_default()
    )
}
