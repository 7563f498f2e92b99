//! Simulations of a trace: read, divided by model and scope, and each part replayed.

use std::path::Path;
use std::time::Duration;

use crate::catalog::{Catalog, Model, ModelIndex, ModelKind, Scope};
use crate::cli::args::{Delimiter, SimulateArgs};
use crate::cli::inputs::{aliases, load_catalog, load_config, named_model};
use crate::cli::progress::Progress;
use crate::cli::simulate::replayed::{Subject, checked};
use crate::cli::simulate::{asking, set_speed};
use crate::cli::{CliError, output};
use crate::config::Config;
use crate::engine::Assumptions;
use crate::experiment::{Charging, Origin, Profile, by_target, closed_form, scaled, without_target};
use crate::report::{self, Asking, Formula, Simulated, Simulating, Source};
use crate::text::{Diagnostics, Sources};
use crate::trace::{self, Format, ReadOptions, Request, Target, Trace};
use crate::units::{MILLIONTHS, grouped};

/// What is simulated, and with what.
struct Inputs {
    catalog: Catalog,
    assumptions: Assumptions,
    trace: Trace,
    /// What every request is sent to, where the command line says so.
    target: Option<(ModelIndex, Scope)>,
}

pub(super) fn run(args: &SimulateArgs, path: &Path) -> Result<(), CliError> {
    let mut sources = Sources::new();
    let Inputs { catalog, assumptions, trace, target } = load(args, path, &mut sources)?;
    output::refuse_inputs(args.output.output.as_deref(), &sources)?;
    let (format, counts) = (trace.format(), *trace.counts());
    let parts = match target {
        Some((model, scope)) => vec![(model, scope, trace)],
        None => {
            let unresolved = unresolved(&trace);
            by_target(trace, &catalog).ok_or(CliError::Messages(unresolved))?
        }
    };
    let cache_life_minutes = (format == Format::Mooncake).then_some(args.cache_life);
    let asking = Asking { cache_life_minutes, ..asking(args, &assumptions) };
    let progress = Progress::start("replaying");
    let mut simulated = Vec::new();
    let count = parts.len() as u64;
    let mut left_out = Vec::new();
    for (index, (model, scope, trace)) in (0..).zip(parts) {
        if catalog.model(model).kind == ModelKind::Rerank {
            left_out.push(format!(
                "{} has no quota of tokens a minute to replay against: {} request{} left out.",
                catalog.model(model).name,
                grouped(trace.len() as u128),
                if trace.len() == 1 { " is" } else { "s are" }
            ));
            continue;
        }
        progress.doing(format!("replaying {} {scope}", catalog.model(model).name));
        let done = |percent: u64| progress.at((100 * index + percent) / count);
        simulated.push(simulate(args, &asking, (model, scope, trace), (&catalog, &assumptions), &done)?);
    }
    drop(progress);
    if simulated.is_empty() {
        return Err(CliError::Messages(left_out));
    }
    let source = Source::Trace { format, counts };
    output::write(
        &report::simulate(&Simulating { asking, source, left_out, simulated }),
        &args.output,
        &sources,
    )
}

/// Every name of a trace that leads to no model, in words.
fn unresolved(trace: &Trace) -> Vec<String> {
    let words = |target: &&Target| {
        let name = target.name.as_deref().unwrap_or_default();
        let scope = target.scope.map(|scope| format!(" in the scope `{scope}`")).unwrap_or_default();
        format!(
            "the model `{name}`{scope} of the trace is not known: name it in [aliases], or send all requests \
             elsewhere with --model and --scope"
        )
    };
    without_target(trace).iter().map(words).collect()
}

fn load(args: &SimulateArgs, path: &Path, sources: &mut Sources) -> Result<Inputs, CliError> {
    let mut diagnostics = Diagnostics::new();
    let progress = Progress::start("reading");
    let loaded = load_all(args, path, sources, &mut diagnostics);
    // Nothing is said beside a bar.
    drop(progress);
    let failed = diagnostics.has_errors();
    output::diagnostics(diagnostics, sources, args.max_errors);
    loaded?.filter(|_| !failed).ok_or(CliError::Inputs)
}

fn load_all(
    args: &SimulateArgs,
    path: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Inputs>, CliError> {
    let catalog = load_catalog(args.models.as_ref(), sources, diagnostics);
    let config = load_config(args.config.as_ref(), sources, diagnostics);
    let (Some(catalog), Some(mut config)) = (catalog, config) else { return Ok(None) };
    config.reserve_cache_reads |= args.reserve_cache_reads;
    config.headroom = args.headroom.unwrap_or(config.headroom);
    config.confidence = args.confidence.unwrap_or(config.confidence);
    let mut assumptions = Assumptions::new(&config, &catalog, diagnostics);
    assumptions.rates_as_of = args.rates_as_of;
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
    let trace = trace::load(path, &catalog, &options, sources, diagnostics);
    Ok(trace.map(|trace| Inputs { catalog, assumptions, trace, target }))
}

fn named(
    name: &str,
    scope: Option<Scope>,
    catalog: &Catalog,
    config: &Config,
) -> Result<(ModelIndex, Scope), CliError> {
    let (model, scope) = named_model(name, scope, catalog, config).map_err(CliError::Message)?;
    let entry = catalog.model(model);
    if !entry.accepts(scope) {
        let message = format!(
            "{} is not offered in the scope `{scope}` from ca-central-1: `quotaplan models show {}` lists its scopes",
            entry.name, entry.id
        );
        return Err(CliError::Message(message));
    }
    Ok((model, scope))
}

fn simulate<'a>(
    args: &SimulateArgs,
    asking: &Asking,
    (index, scope, trace): (ModelIndex, Scope, Trace),
    (catalog, assumptions): (&'a Catalog, &Assumptions),
    done: &dyn Fn(u64),
) -> Result<Simulated<'a>, CliError> {
    let model = catalog.model(index);
    let trace = match asking.scale.filter(|scale| !scale.is_one()) {
        Some(scale) => scaled(&trace, scale),
        None => trace,
    };
    let speed = assumptions.speed_of(index);
    let charging = Charging {
        reserve_cache_reads: assumptions.reserve_cache_reads,
        ..Charging::new(model, args.rates_as_of, args.max_tokens, speed)
    };
    let charging = checked(model, charging)?;
    let profile = Profile::of(&trace, &charging);
    let formula = profile.as_ref().map(|profile| Formula {
        mean_rate: profile.mean,
        peak_minute: profile.peak_minute,
        ask: profile.formula(asking.headroom),
    });
    let closed_form = match &profile {
        None => Err("there are no requests, or a figure passes 10^18".to_owned()),
        Some(profile) => closed_form(profile, &charging, (index, scope), catalog, assumptions),
    };
    let of_formula =
        |formula: Formula| [(formula.mean_rate, Origin::MeanRate), (formula.peak_minute, Origin::PeakMinute)];
    let subject = Subject {
        model,
        scope,
        rate: model.rate_as_of(args.rates_as_of),
        charging,
        planned: None,
        profile,
        formula,
        closed_form,
        notes: long_inputs(model, scope, &trace).into_iter().collect(),
        trace,
        quotas: formula.map(of_formula).into_iter().flatten().collect(),
    };
    subject.replayed(args, asking, done)
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
            "{} of the requests have inputs above {} tokens, which count against a quota of their own ({} 1M); here they \
             are replayed with the others.",
            grouped(count as u128),
            grouped(above.into()),
            model.name
        )
    })
}
