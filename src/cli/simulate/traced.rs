//! Simulations of a trace: read, divided by model and scope, and each part replayed.

use std::time::Duration;

use crate::catalog::{Catalog, Model, ModelIndex, ModelKind, QuotaEntry, Scope};
use crate::cli::args::{Delimiter, SimulateArgs};
use crate::cli::inputs::{Overrides, aliases, load_catalog, load_config, load_granted, named_model};
use crate::cli::progress::Progress;
use crate::cli::simulate::error::SimulateError;
use crate::cli::simulate::replayed::{Subject, asking, checked, set_speed, workers};
use crate::cli::{CliError, Session, output};
use crate::config::Config;
use crate::engine::Assumptions;
use crate::experiment::{
    Charging, ClosedFormFault, MaxTokens, Origin, Profile, Scale, UnknownLimit, by_target, closed_form,
    scaled, without_target,
};
use crate::report::{
    CacheOpen, Formula, RequestLimits, ScopeSimulation, ShortTrace, SimulateOptions, SimulateReport,
    SimulationFinding, TrafficSource,
};
use crate::simulate::TIME_MAXIMUM;
use crate::text::{Diagnostics, Sources};
use crate::trace::{self, LimitCounts, LoadedTrace, ReadOptions, Request, Target, Trace};
use crate::units::{Limit, MILLIONTHS, QuotaKind, grouped};

/// What is simulated, and with what.
struct Inputs {
    catalog: Catalog,
    assumptions: Assumptions,
    loaded: LoadedTrace,
    /// What was noticed on reading it.
    findings: Vec<SimulationFinding>,
    /// What every request is sent to, where the command line says so.
    target: Option<(ModelIndex, Scope)>,
}

pub(super) fn run(args: &SimulateArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut sources = session.sources();
    let Inputs { catalog, assumptions, loaded, findings, target } = load(args, &mut sources, session)?;
    let LoadedTrace { trace, files } = loaded;
    output::refuse_inputs(args.output.output.as_deref(), &sources)?;
    let (format, mut counts) = (trace.format(), *trace.counts());
    let records_left_out = trace.left_out().to_vec();
    let observed = trace.duration_microseconds();
    let parts = match target {
        Some((model, scope)) => vec![(model, scope, trace)],
        None => {
            let unresolved = unresolved(&trace);
            by_target(trace, &catalog).ok_or_else(|| CliError::several(unresolved))?
        }
    };
    uncharged(args, &catalog, &parts)?;
    for (model, _, trace) in &parts {
        if !catalog.model(*model).kind.generates() {
            counts.take_no_max_tokens(trace.limits());
        }
    }
    let cache_life_minutes = format.has_blocks().then_some(args.cache_life);
    let asking = SimulateOptions { cache_life_minutes, ..asking(args, &assumptions) };
    let progress = Progress::start(session, "replaying");
    let mut simulated = Vec::new();
    let count = parts.len() as u64;
    let mut left_out = Vec::new();
    for (index, (model, scope, trace)) in (0..).zip(parts) {
        if catalog.model(model).kind == ModelKind::Rerank {
            let model = catalog.model(model).name.clone();
            left_out.push(SimulateError::Reranker { model, requests: trace.len() as u64 });
            continue;
        }
        // Of the trace as it was recorded: repeated requests are no evidence.
        let short = ShortTrace::of(trace.len() as u64, observed);
        let trace = match asking.scale.filter(|scale| !scale.is_one()) {
            None => trace,
            Some(scale) => {
                let name = format!("{} {scope}", catalog.model(model).name);
                match at_scale(&trace, scale, name)? {
                    Ok(trace) => trace,
                    Err(nothing_left) => {
                        left_out.push(nothing_left);
                        continue;
                    }
                }
            }
        };
        progress.doing(format!("replaying {} {scope}", catalog.model(model).name));
        let done = |percent: u64| progress.at((100 * index + percent) / count);
        let included = trace.with_cached_in_input();
        let part = (model, scope, trace, short);
        let mut found = simulate(args, &asking, part, (&catalog, &assumptions), &done)?;
        if let Some((requests, trace)) = included {
            let part = (model, scope, trace, short);
            let beside = simulate(args, &asking, part, (&catalog, &assumptions), &|_| {})?;
            found.cache_open = Some(CacheOpen { requests, band_if_included: beside.simulation.band });
        }
        simulated.push(found);
    }
    drop(progress);
    if simulated.is_empty() {
        return Err(CliError::several(left_out));
    }
    let left_out = left_out.iter().map(ToString::to_string).collect();
    let source = TrafficSource::Trace { format, counts, left_out: records_left_out, files };
    output::write(
        session,
        &SimulateReport { asking, source, findings, left_out, simulated, typed: Some(args.as_typed()) },
        &args.output,
        &sources,
    )
}

/// Refuses models whose requests set no max_tokens while the model's maximum is not known: nobody can tell
/// what they reserve. All of them are named.
fn uncharged(
    args: &SimulateArgs,
    catalog: &Catalog,
    parts: &[(ModelIndex, Scope, Trace)],
) -> Result<(), CliError> {
    let refused = parts.iter().filter_map(|(index, scope, trace)| {
        let model = catalog.model(*index);
        let unset = match args.max_tokens() {
            MaxTokens::Actual => trace.limits().unset,
            MaxTokens::Unset => trace.len() as u64,
            MaxTokens::AtLeast(_) => 0,
        };
        let is_known = !model.kind.generates() || model.max_output_tokens.known().is_some();
        (unset > 0 && !is_known).then(|| SimulateError::MaximumUnknown {
            subject: format!("{} {scope}", model.name),
            unset: (args.max_tokens() == MaxTokens::Actual).then_some(unset),
            requests: trace.len() as u64,
        })
    });
    let refused: Vec<SimulateError> = refused.collect();
    if refused.is_empty() { Ok(()) } else { Err(CliError::several(refused)) }
}

/// Every name of a trace that leads to no model.
fn unresolved(trace: &Trace) -> Vec<SimulateError> {
    let unknown = |target: &&Target| {
        let name = target.name.clone().unwrap_or_default();
        SimulateError::UnknownModel { name, scope: target.scope }
    };
    without_target(trace).iter().map(unknown).collect()
}

fn load(args: &SimulateArgs, sources: &mut Sources, session: &Session<'_>) -> Result<Inputs, CliError> {
    let mut diagnostics = Diagnostics::new();
    let progress = Progress::start(session, "reading");
    let loaded = load_all(args, sources, &mut diagnostics, &|percent| progress.at(percent));
    // Nothing is said beside a bar.
    drop(progress);
    let failed = diagnostics.has_errors();
    let findings = diagnostics.sorted();
    let findings = findings.iter().map(|found| SimulationFinding::of_reading(found, sources)).collect();
    if args.trace.len() > 1 || args.trace.iter().any(|path| session.at(path).is_dir()) {
        output::diagnostics_together(session, diagnostics, sources, args.max_errors);
    } else {
        output::diagnostics(session, diagnostics, sources, args.max_errors);
    }
    let loaded = loaded?.filter(|_| !failed).ok_or(CliError::Inputs)?;
    Ok(Inputs { findings, ..loaded })
}

fn load_all(
    args: &SimulateArgs,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
    progress: &dyn Fn(u64),
) -> Result<Option<Inputs>, CliError> {
    let catalog = load_catalog(&args.table, sources, diagnostics);
    let config = load_config(args.config.config.as_deref(), sources, diagnostics);
    let granted = load_granted(&args.granted, sources, diagnostics);
    let (Some(catalog), Some(mut config), Some(granted)) = (catalog, config, granted) else {
        return Ok(None);
    };
    let typed = Overrides {
        granted: Some(granted),
        headroom: args.headroom,
        confidence: args.confidence,
        reserve_cache_reads: args.cache_reads.reserve_cache_reads,
        rates_as_of: args.rates_as_of,
    };
    let mut assumptions = typed.lay_over(&mut config, &catalog, sources, diagnostics);
    set_speed(args, &mut assumptions);
    let target = match &args.model {
        Some(name) => Some(named(name, args.scope, &catalog, &config)?),
        None => None,
    };
    let options = ReadOptions {
        delimiter: args.delimiter.map(Delimiter::byte),
        aliases: aliases(&config),
        model_given: target.is_some(),
        cache_life: Duration::from_secs(60 * u64::from(args.cache_life)),
        ..ReadOptions::default()
    };
    let loaded = trace::load_all(&args.trace, &catalog, &options, sources, diagnostics, progress);
    Ok(loaded.map(|loaded| Inputs { catalog, assumptions, loaded, findings: Vec::new(), target }))
}

fn named(
    name: &str,
    scope: Option<Scope>,
    catalog: &Catalog,
    config: &Config,
) -> Result<(ModelIndex, Scope), CliError> {
    let (model, scope) = named_model(name, scope, catalog, config)?;
    let entry = catalog.model(model);
    if !entry.accepts(scope) {
        return Err(
            SimulateError::NotOffered { model: entry.name.clone(), id: entry.id.clone(), scope }.into()
        );
    }
    Ok((model, scope))
}

/// The trace at another rate; within, why there is nothing left of it.
fn at_scale(
    trace: &Trace,
    scale: Scale,
    subject: String,
) -> Result<Result<Trace, SimulateError>, SimulateError> {
    let (scaled, factor) = (scaled(trace, scale), scale.factor);
    if scaled.is_empty() {
        return Ok(Err(SimulateError::NothingLeft { subject, factor, requests: trace.len() as u64 }));
    }
    let is_far = |time: &i64| time.unsigned_abs() > TIME_MAXIMUM.unsigned_abs();
    if scaled.arrivals_microseconds().iter().any(is_far) {
        return Err(SimulateError::TooLong { subject, factor });
    }
    Ok(Ok(scaled))
}

fn simulate<'a>(
    args: &SimulateArgs,
    asking: &SimulateOptions,
    (index, scope, trace, short): (ModelIndex, Scope, Trace, Option<ShortTrace>),
    (catalog, assumptions): (&'a Catalog, &Assumptions),
    done: &dyn Fn(u64),
) -> Result<ScopeSimulation<'a>, SimulateError> {
    let model = catalog.model(index);
    let speed = assumptions.speed_of(index);
    let charging = Charging {
        reserve_cache_reads: assumptions.config.reserve_cache_reads,
        ..Charging::new(model, args.rates_as_of, args.max_tokens(), speed)
    };
    let charging = checked(model, charging)?;
    let profile = Profile::new(&trace, &charging);
    let formula = profile.as_ref().map(|profile| Formula {
        mean_rate: profile.mean,
        peak_minute: profile.peak_minute,
        ask: profile.formula(asking.headroom),
    });
    let closed_form = |profile: Option<&Profile>, charging: &Charging| match profile {
        None => Err(ClosedFormFault::NoProfile),
        Some(profile) => closed_form(profile, charging, (index, scope), catalog, assumptions),
    };
    let limits = if charging.generates { trace.limits() } else { LimitCounts::default() };
    let above_maximum = above_maximum(&trace, &charging);
    let is_open = args.max_tokens.is_none() && charging.generates && limits.unknown > 0;
    let at_maximum = is_open.then(|| {
        let charging = Charging { unknown: UnknownLimit::AtMaximum, ..charging.clone() };
        let form = closed_form(Profile::new(&trace, &charging).as_ref(), &charging);
        (charging, form)
    });
    let entry = model.scope(scope);
    let tokens = entry.and_then(|entry| applied(entry.quota(QuotaKind::Tpm)?, assumptions));
    let tokens = tokens.and_then(|limit| match limit {
        Limit::Amount(amount) => Some((amount, Origin::Granted)),
        Limit::Unlimited => None,
    });
    let requests = entry.and_then(|entry| entry.quota(QuotaKind::Rpm)).map(|entry| RequestLimits {
        code: entry.known_code().map(str::to_owned),
        granted: applied(entry, assumptions),
        default: entry.default.known(),
    });
    let of_formula =
        |formula: Formula| [(formula.mean_rate, Origin::MeanRate), (formula.peak_minute, Origin::PeakMinute)];
    let subject = Subject {
        workers: workers(args, assumptions),
        model,
        scope,
        rate: model.rate_as_of(args.rates_as_of),
        closed_form: closed_form(profile.as_ref(), &charging),
        charging,
        at_maximum,
        limits,
        above_maximum,
        requests,
        short,
        planned: None,
        profile,
        formula,
        notes: long_inputs(model, scope, &trace).into_iter().collect(),
        trace,
        // Where two are the same, the one that stands first gives its name.
        quotas: tokens.into_iter().chain(formula.map(of_formula).into_iter().flatten()).collect(),
    };
    subject.replayed(args, asking, done)
}

/// The applied value of a quota in the configured account, where it is stated.
fn applied(entry: &QuotaEntry, assumptions: &Assumptions) -> Option<Limit> {
    let account = assumptions.config.account.as_deref();
    assumptions.config.granted.get(account, account, entry.known_code()?)?.value.known()
}

/// Requests that state a max_tokens above the model's maximum, where they are charged what they state.
fn above_maximum(trace: &Trace, charging: &Charging) -> u64 {
    let (MaxTokens::Actual, true, Some(maximum)) =
        (charging.max_tokens, charging.generates, charging.maximum)
    else {
        return 0;
    };
    let is_above = |request: &Request| request.max_tokens.stated().is_some_and(|stated| stated > maximum);
    trace.requests().filter(is_above).count() as u64
}

/// Requests whose input is that of another quota: each is replayed against the one of its model.
fn long_inputs(model: &Model, scope: Scope, trace: &Trace) -> Option<String> {
    let above = model.scope(scope)?.long_context.as_ref()?.above_input.millionths() / MILLIONTHS;
    let is_above = |request: &Request| {
        let parts = [request.input_tokens, request.cache_read_tokens, request.cache_write_tokens];
        parts.into_iter().fold(0, u64::saturating_add) > above
    };
    let count = trace.requests().filter(is_above).count();
    (count > 0).then(|| {
        format!(
            "{} of the requests have inputs above {} tokens, which count against a separate quota ({} 1M); here they \
             are replayed with the others.",
            grouped(count as u128),
            grouped(above.into()),
            model.name
        )
    })
}
