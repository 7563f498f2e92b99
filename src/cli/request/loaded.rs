//! What a pack is made from, as typed and as loaded. Writes nothing.

use std::path::{Path, PathBuf};

use crate::cli::args::{InputArgs, MakeArgs};
use crate::cli::inputs::{self, Inputs, load_rows};
use crate::cli::request::error::RequestError;
use crate::cli::request::evidence;
use crate::engine::{self, AskTerms, Plan, Reservations, Staging};
use crate::minutes::Minutes;
use crate::pack::{self, Arguments, EvidenceArgument, StageArguments};
use crate::report::RequestReport;
use crate::text::stdin::input_name;
use crate::text::{Diagnostics, FactDate, FileId, Sources};
use crate::units::{DecimalMark, Ratio};

/// Days from asking to granting (assumed).
const LEAD_DAYS: u32 = 14;

/// What was typed.
pub(super) struct Typed {
    pub(super) input: InputArgs,
    pub(super) make: MakeArgs,
}

/// Everything a pack is made from, loaded.
pub(super) struct Loaded {
    pub(super) inputs: Inputs,
    pub(super) minutes: Option<Minutes>,
    /// Its files, in a sentence.
    pub(super) evidence: String,
    pub(super) plan: Plan,
    pub(super) account: Option<String>,
    pub(super) terms: AskTerms,
    pub(super) needed_by: Option<FactDate>,
    pub(super) arguments: Arguments,
    /// What the files are called in the pack.
    pub(super) named: Vec<(FileId, String)>,
}

impl Loaded {
    /// From here on places name the pack's own copies, so that it reads the same wherever it was made.
    pub(super) fn name_as_in_pack(&mut self) {
        for (file, name) in &self.named {
            self.inputs.sources.rename(*file, name);
        }
    }

    /// Runs a function on what a request is reported from.
    pub(super) fn with<T>(&self, run: impl FnOnce(&RequestReport<'_>) -> T) -> T {
        let input = self.inputs.plan_input();
        let asks = engine::asks(&input, &self.plan, self.account.as_deref(), &self.terms);
        run(&RequestReport {
            sources: &self.inputs.sources,
            input: &input,
            plan: &self.plan,
            account: self.account.as_deref(),
            account_id: self.arguments.account_id.as_deref(),
            needed_by: self.needed_by,
            terms: &self.terms,
            asks: &asks,
            minutes: self.minutes.as_ref(),
            evidence: &self.evidence,
            aliases: &self.inputs.config.aliases,
            answers: &self.inputs.config.request,
        })
    }
}

/// Loads what a pack is made from; faults are added to `diagnostics`, and where there is an error only
/// the files come back.
pub(super) fn load(
    args: &Typed,
    sources: Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Loaded, Box<(Sources, Option<RequestError>)>> {
    let loaded = inputs::read(&args.input, sources, diagnostics);
    let mut inputs = match loaded {
        Ok(inputs) => inputs,
        Err(mut sources) => {
            // The evidence is judged as far as the table allows.
            for evidence in &args.make.evidence {
                load_rows(&evidence.path, &mut sources, diagnostics);
            }
            return Err(Box::new((sources, None)));
        }
    };
    let evidence = evidence::load(&args.make.evidence, &mut inputs, diagnostics);
    let Some(evidence) = evidence.filter(|_| !diagnostics.has_errors()) else {
        return Err(Box::new((inputs.sources, None)));
    };
    let input = inputs.plan_input();
    let plan = match engine::plan(&input) {
        Ok(plan) => plan,
        Err(error) => {
            diagnostics.append(inputs.fault(error));
            return Err(Box::new((inputs.sources, None)));
        }
    };
    let account = match account(&plan, args.make.account.as_deref()) {
        Ok(account) => account,
        Err(error) => return Err(Box::new((inputs.sources, Some(error)))),
    };
    let mut arguments = arguments(args, &inputs, account.clone());
    let terms = terms(args);
    let words = evidence::words(&evidence.files);
    let names: Vec<String> = evidence.files.iter().map(|evidence| evidence.file.clone()).collect();
    // One table needs no word: its name says what it is.
    if !matches!(evidence.files.as_slice(), [EvidenceArgument { file, model: None }] if file == pack::inputs::MINUTES)
    {
        arguments.evidence = evidence.files;
    }
    let named = named(args, &inputs.sources, evidence.ids, names);
    Ok(Loaded {
        inputs,
        minutes: evidence.minutes,
        evidence: words,
        plan,
        account,
        terms,
        needed_by: args.make.needed_by,
        arguments,
        named,
    })
}

/// The files of a pack's inputs, each with its name in the pack.
pub(super) fn roles(args: &Typed, sources: &Sources) -> Vec<(String, PathBuf)> {
    let InputArgs { workloads, granted, table, .. } = &args.input;
    let each = |only: &'static str, paths: &[PathBuf]| {
        let count = paths.len();
        let named = (1..).zip(paths.to_vec());
        named.map(move |(number, path)| (pack::inputs::numbered(only, number, count), path))
    };
    let one = |name: &str, path: Option<&Path>| path.map(|path| (name.to_owned(), path.to_owned()));
    // In the order in which they are loaded.
    each(pack::inputs::WORKLOADS, workloads)
        .chain(one(pack::inputs::CONFIG, args.input.config(sources.folder())))
        .chain(each(pack::inputs::GRANTED, granted))
        .chain(one(pack::inputs::MODELS, table.models.as_deref()))
        .collect()
}

/// The names in the pack of files of one kind; none where there is one file at most, whose name tells enough.
fn several(only: &str, paths: &[PathBuf]) -> Vec<String> {
    let count = paths.len();
    let several = if count > 1 { count } else { 0 };
    (1..=several).map(|number| pack::inputs::numbered(only, number, count)).collect()
}

/// What each file is called in the pack.
fn named(
    args: &Typed,
    sources: &Sources,
    evidence: Vec<FileId>,
    names: Vec<String>,
) -> Vec<(FileId, String)> {
    let mut named: Vec<(FileId, String)> = Vec::new();
    for (name, path) in roles(args, sources) {
        // One file may have two roles, and is read for each.
        let file =
            sources.named(&input_name(&path)).find(|file| named.iter().all(|(taken, _)| taken != file));
        named.extend(file.map(|file| (file, name)));
    }
    named.extend(evidence.into_iter().zip(names));
    named
}

/// The account that is asked for: the one there is, or the one named.
fn account(plan: &Plan, named: Option<&str>) -> Result<Option<String>, RequestError> {
    let mut accounts: Vec<Option<&str>> =
        plan.quotas.iter().map(|quota| quota.id.account.as_deref()).collect();
    accounts.dedup();
    let names = || accounts.iter().flatten().map(|name| (*name).to_owned()).collect();
    let unnamed = accounts.contains(&None);
    match named {
        Some(name) if accounts.contains(&Some(name)) => Ok(Some(name.to_owned())),
        Some(name) => Err(RequestError::NoAccount { name: name.to_owned(), accounts: names(), unnamed }),
        None => match accounts.as_slice() {
            [] => Ok(None),
            [only] => Ok(only.map(str::to_owned)),
            _ => Err(RequestError::SeveralAccounts { accounts: names(), unnamed }),
        },
    }
}

fn terms(args: &Typed) -> AskTerms {
    AskTerms {
        reservations: match (&args.make.with_reservations, args.make.accept_max_tokens) {
            (Some(reason), _) => Reservations::Keep(reason.clone()),
            (None, true) => Reservations::AcceptMaxTokens,
            (None, false) => Reservations::Undecided,
        },
        accept_unknown: args.make.accept_unknown,
        accept_residency: args.make.accept_residency,
        also_rpm: args.make.also_rpm,
        staging: args.make.stages.then(|| Staging {
            factor: args.make.stage_factor.unwrap_or(Ratio::from_whole(2).unwrap_or_default()),
            used: args.make.stage_use.unwrap_or(Ratio::from_millionths(500_000).unwrap_or_default()),
            lead_days: args.make.lead_days.unwrap_or(LEAD_DAYS),
            needed_by: args.make.needed_by,
        }),
        support_case: !args.make.no_support_case,
    }
}

fn arguments(args: &Typed, inputs: &Inputs, account: Option<String>) -> Arguments {
    let number = |ratio: Option<Ratio>| ratio.map(|ratio| ratio.to_string());
    let date = |date: Option<FactDate>| date.map(|date| date.to_string());
    Arguments {
        schema_version: Arguments::SCHEMA_VERSION,
        account,
        account_id: args.make.account_id.as_ref().map(|id| id.as_str().to_owned()),
        accept_max_tokens: args.make.accept_max_tokens,
        with_reservations: args.make.with_reservations.clone(),
        accept_unknown: args.make.accept_unknown,
        accept_residency: args.make.accept_residency,
        also_rpm: args.make.also_rpm,
        support_case: !args.make.no_support_case,
        stages: terms(args).staging.map(|staging| StageArguments {
            factor: staging.factor.to_string(),
            used: staging.used.to_string(),
            lead_days: staging.lead_days,
            needed_by: date(staging.needed_by),
        }),
        headroom: number(args.input.headroom),
        confidence: number(args.input.confidence),
        reserve_cache_reads: args.input.cache_reads.reserve_cache_reads,
        rates_as_of: date(args.input.rates_as_of),
        needed_by: date(args.make.needed_by.filter(|_| !args.make.stages)),
        today: inputs.assumptions.today.to_string(),
        months: args.input.months,
        delimiter: args.input.delimiter.map(|delimiter| char::from(delimiter.byte())),
        decimal: (args.input.decimal != DecimalMark::Point).then(|| args.input.decimal.as_str().to_owned()),
        strict: args.input.strict,
        workloads: several(pack::inputs::WORKLOADS, &args.input.workloads),
        granted: several(pack::inputs::GRANTED, &args.input.granted),
        evidence: Vec::new(),
    }
}
