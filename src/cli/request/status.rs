//! `quotaplan request status`: what became of a pack's requests, live or from what the AWS CLI saved.

use std::path::Path;

use crate::answers::QuotaRequest;
use crate::catalog::Catalog;
use crate::cli::args::RequestStatusArgs;
use crate::cli::errors::LiveError;
use crate::cli::inputs::load_catalog;
use crate::cli::request::folder;
use crate::cli::{CliError, Session, live, output};
use crate::pack::{self, DesiredIncrease};
use crate::report::{self, PackRequest};
use crate::saved::{self, commands};
use crate::stream::{load_file, report_unreadable};
use crate::text::plain::shell_word;
use crate::text::{Code, Diagnostics, FileId, Place, Sources, decode, json};
use crate::units::{QuotaAmount, is_quota_code};

pub(super) fn run(args: &RequestStatusArgs, session: &Session<'_>) -> Result<(), CliError> {
    output::refuse_inside(session, args.output.output.as_deref(), &args.dir)?;
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    let loaded = load(args, &mut sources, &mut diagnostics);
    let failed = diagnostics.has_errors();
    output::diagnostics(session, diagnostics, &sources, args.diagnostics.max_errors);
    let Some((catalog, asked, saved)) = loaded.filter(|_| !failed) else {
        return Err(CliError::Inputs);
    };
    output::refuse_inputs(args.output.output.as_deref(), &sources)?;
    if args.print_command {
        return output::stdout(session, printed(&args.dir, &asked).as_bytes());
    }
    let history = match saved {
        Some(history) => history,
        None => history_of(&asked)?,
    };
    output::write(session, &report::requested(&asked, &history, &catalog), &args.output, &sources)
}

/// The model table, what the pack asks, and the saved history where there is one.
type Loaded = (Catalog, Vec<PackRequest>, Option<Vec<QuotaRequest>>);

fn load(args: &RequestStatusArgs, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Loaded> {
    let asked = requests(&args.dir, sources, diagnostics).and_then(|file| asked(sources, file, diagnostics));
    let mut of_files = Diagnostics::new();
    let mut files = Vec::new();
    for path in &args.from {
        files.extend(load_file(path, sources, &mut of_files));
    }
    let mut of_contents = Diagnostics::new();
    let history = if args.from.is_empty() { None } else { saved::history(sources, &files, &mut of_contents) };
    if of_files.has_errors() {
        // The page that is missing may stand in the file that could not be read.
        of_contents.retain(|diagnostic| diagnostic.code != Code::IncompleteAnswer);
    }
    diagnostics.append(of_files);
    diagnostics.append(of_contents);
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(&args.table, sources, &mut of_table);
    diagnostics.append(of_table);
    Some((catalog?, asked?, history))
}

const HELP: &str = "name the folder that `quotaplan request WORKLOADS.csv --out DIR` wrote";

/// Reads a pack's requests.json, which must be an ordinary file.
fn requests(dir: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    let name = dir.join(pack::REQUESTS).display().to_string();
    match folder::read_file(sources, dir, pack::REQUESTS) {
        Ok(Ok(bytes)) => return decode(sources, &name, bytes, diagnostics),
        Ok(Err(reason)) => diagnostics.add(Code::UnreadableFile, Place::Path(name), reason.words(), HELP),
        Err(error) => report_unreadable(Path::new(&name), &error, sources, diagnostics),
    }
    None
}

/// What a pack asks; what is wrong with its file is added to `diagnostics`.
fn asked(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<Vec<PackRequest>> {
    let text = sources.file(file)?.text();
    let found = match pack::read_requests(text) {
        Ok(found) => found,
        Err(error) => {
            let (words, span) = json::fault(file, text, &error);
            diagnostics.at(
                Code::NotAnAnswer,
                span,
                format!("not the requests.json of a pack: {words}"),
                HELP,
            );
            return None;
        }
    };
    let mut asked: Vec<PackRequest> = Vec::new();
    for DesiredIncrease { service_code, quota_code, desired_value, .. } in found {
        let mut wrong = |message: String| diagnostics.add(Code::BadValue, Place::File(file), message, HELP);
        if service_code != saved::SERVICE {
            wrong(format!("a request for the service `{service_code}`"));
        } else if !is_quota_code(&quota_code) {
            wrong(format!("`{quota_code}` is not a quota code"));
        } else if asked.iter().any(|request| request.code == quota_code) {
            wrong(format!("`{quota_code}` is requested twice"));
        } else if let Some(desired) = QuotaAmount::new(desired_value) {
            asked.push(PackRequest { code: quota_code, desired });
        } else {
            wrong(format!("the value for `{quota_code}` is above 10^18"));
        }
    }
    Some(asked)
}

/// What AWS tells now.
fn history_of(asked: &[PackRequest]) -> Result<Vec<QuotaRequest>, LiveError> {
    let service = live::quota_service("quotaplan request status")?;
    let mut history = Vec::new();
    for request in asked {
        history.extend(service.requests_of(&request.code)?);
    }
    Ok(history)
}

/// The commands to paste, one a quota, and the one that reads their output.
fn printed(dir: &Path, asked: &[PackRequest]) -> String {
    let mut out = String::new();
    let mut read = format!("quotaplan request status {}", shell_word(&dir.display().to_string()));
    for PackRequest { code, .. } in asked {
        out.push_str(&format!("{} > history-{code}.json\n", commands::list_requests_of(code)));
        read.push_str(&format!(" --from history-{code}.json"));
    }
    out + &read + "\n"
}
