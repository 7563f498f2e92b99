//! `quotaplan simulate`: a trace replayed against quotas.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use super::args::{Delimiter, SimulateArgs};
use super::inputs::{aliases, load_catalog, load_config, named_model};
use super::progress::Progress;
use super::{CliError, output};
use crate::catalog::{Catalog, ModelIndex, ModelKind, Scope};
use crate::config::Config;
use crate::engine::Assumptions;
use crate::experiment::{
    self, ChargeFault, Charging, MaxTokens, Origin, Profile, Scale, Setup, by_target, closed_form, scaled,
    traffic, without_target,
};
use crate::report::{self, Asking, MaxTokensAnswer, Simulated, Simulating, Source};
use crate::simulate::{Retries, Traffic, largest_safe_max_tokens};
use crate::text::{Diagnostics, Sources};
use crate::trace::{self, Format, ReadOptions, Target, Trace};
use crate::units::{INPUT_MAXIMUM, QuotaAmount};

/// What is simulated, and with what.
struct Inputs {
    catalog: Catalog,
    assumptions: Assumptions,
    trace: Trace,
    /// What every request is sent to, where the command line says so.
    target: Option<(ModelIndex, Scope)>,
}

pub(super) fn run(args: &SimulateArgs) -> Result<(), CliError> {
    let config = args.config.as_deref().or_else(super::args::default_config);
    let read: [Option<&Path>; 3] = [Some(&args.trace), config, args.models.as_deref()];
    output::refuse_inputs(&args.output, &read)?;
    let progress = Progress::start("reading");
    let Inputs { catalog, assumptions, trace, target } = load(args)?;
    let source = Source { format: trace.format(), counts: *trace.counts() };
    let parts = match target {
        Some((model, scope)) => vec![(model, scope, trace)],
        None => {
            let unresolved = unresolved(&trace);
            by_target(trace, &catalog).ok_or(CliError::Messages(unresolved))?
        }
    };
    let asking = asking(args, &assumptions, source.format);
    let mut simulated = Vec::new();
    let count = parts.len() as u64;
    for (index, (model, scope, trace)) in (0..).zip(parts) {
        let subject = Subject { model, scope, catalog: &catalog, assumptions: &assumptions };
        progress.doing(format!("replaying {} {scope}", catalog.model(model).name));
        let done = |percent: u64| progress.at((100 * index + percent) / count);
        simulated.push(subject.simulate(args, &asking, trace, &done)?);
    }
    drop(progress);
    output::write(&report::simulate(&Simulating { asking, source, simulated }), &args.output)
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

fn load(args: &SimulateArgs) -> Result<Inputs, CliError> {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let loaded = load_all(args, &mut sources, &mut diagnostics);
    let failed = diagnostics.has_errors();
    output::diagnostics(diagnostics, &sources, args.max_errors);
    loaded?.filter(|_| !failed).ok_or(CliError::Inputs)
}

fn load_all(
    args: &SimulateArgs,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Inputs>, CliError> {
    let catalog = load_catalog(args.models.as_ref(), sources, diagnostics);
    let config = load_config(args.config.as_ref(), sources, diagnostics);
    let (Some(catalog), Some(mut config)) = (catalog, config) else { return Ok(None) };
    config.reserve_cache_reads |= args.reserve_cache_reads;
    config.headroom = args.headroom.unwrap_or(config.headroom);
    config.confidence = args.confidence.unwrap_or(config.confidence);
    let assumptions = assumptions(args, &config, &catalog, diagnostics);
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
    let trace = trace::load(&args.trace, &catalog, &options, sources, diagnostics);
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

fn assumptions(
    args: &SimulateArgs,
    config: &Config,
    catalog: &Catalog,
    diagnostics: &mut Diagnostics,
) -> Assumptions {
    let mut assumptions = Assumptions::new(config, catalog, diagnostics);
    assumptions.rates_as_of = args.rates_as_of;
    // What is typed holds for all models.
    for speed in std::iter::once(&mut assumptions.speed).chain(assumptions.speeds.values_mut()) {
        speed.seconds_to_first_token = args.seconds_to_first_token.unwrap_or(speed.seconds_to_first_token);
        speed.output_tokens_per_second =
            args.output_tokens_per_second.unwrap_or(speed.output_tokens_per_second);
    }
    assumptions
}

fn asking(args: &SimulateArgs, assumptions: &Assumptions, format: Format) -> Asking {
    Asking {
        target: args.target,
        retries: (args.retries > 0).then_some(Retries { most: args.retries, seed: args.seed }),
        seed: args.seed,
        scale: args.scale.map(|factor| Scale { factor, replicate: args.replicate, seed: args.seed }),
        rates_as_of: args.rates_as_of,
        headroom: assumptions.headroom,
        confidence: assumptions.confidence,
        cache_life_minutes: (format == Format::Mooncake).then_some(args.cache_life),
    }
}

/// A model and scope of which requests are simulated.
struct Subject<'a> {
    model: ModelIndex,
    scope: Scope,
    catalog: &'a Catalog,
    assumptions: &'a Assumptions,
}

impl<'a> Subject<'a> {
    fn simulate(
        &self,
        args: &SimulateArgs,
        asking: &Asking,
        trace: Trace,
        done: &dyn Fn(u64),
    ) -> Result<Simulated<'a>, CliError> {
        let model = self.catalog.model(self.model);
        if model.kind == ModelKind::Rerank {
            let message = format!("{} has no quota of tokens a minute to replay against", model.name);
            return Err(CliError::Message(message));
        }
        let trace = match asking.scale.filter(|scale| !scale.is_one()) {
            Some(scale) => scaled(&trace, scale),
            None => trace,
        };
        let charging = self.charging(args)?;
        let profile = Profile::of(&trace, &charging);
        let closed_form = match &profile {
            None => Err("there are no requests, or a figure passes 10^18".to_owned()),
            Some(profile) => {
                let target = (self.model, self.scope);
                closed_form(profile, &charging, target, self.catalog, self.assumptions)
            }
        };
        let traffic = traffic(&trace, &charging, false).map_err(|fault| self.refused(fault))?;
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads = args.threads.unwrap_or(cores);
        let setup = Setup {
            measures: args.measures(),
            target: asking.target,
            quotas: quotas(args, profile.as_ref()),
            retries: asking.retries,
            threads,
        };
        let simulation = experiment::run(&traffic, &setup, done)
            .map_err(|error| CliError::Message(format!("{} {}: {error}", model.name, self.scope)))?;
        let solutions = args.solve.map(|_| self.solutions(args, &setup, (&traffic, &trace), &charging));
        Ok(Simulated {
            model,
            scope: self.scope,
            rate: model.rate_as_of(args.rates_as_of),
            charging,
            duration_microseconds: trace.duration_microseconds(),
            simulation,
            profile,
            closed_form,
            solutions,
        })
    }

    fn charging(&self, args: &SimulateArgs) -> Result<Charging, CliError> {
        let model = self.catalog.model(self.model);
        let speed = self.assumptions.speed_of(self.model);
        let mut charging = Charging::new(model, args.rates_as_of, args.max_tokens, speed);
        charging.reserve_cache_reads = self.assumptions.reserve_cache_reads;
        match (args.max_tokens, charging.maximum) {
            (MaxTokens::AtLeast(most), Some(maximum)) if most > maximum => {
                let message = format!(
                    "--max-tokens {most} is above the {maximum} that {} can write: AWS refuses such requests",
                    model.name
                );
                Err(CliError::Message(message))
            }
            _ => Ok(charging),
        }
    }

    fn refused(&self, fault: ChargeFault) -> CliError {
        let help = match fault {
            ChargeFault::MaximumUnknown => ": give --max-tokens a number, or the maximum with --models",
            ChargeFault::TooLarge | ChargeFault::Traffic(_) => "",
        };
        let model = &self.catalog.model(self.model).name;
        CliError::Message(format!("{model} {}: {fault}{help}", self.scope))
    }

    /// The largest safe max_tokens of every quota and window.
    fn solutions(
        &self,
        args: &SimulateArgs,
        setup: &Setup,
        (traffic, trace): (&Traffic, &Trace),
        charging: &Charging,
    ) -> Vec<MaxTokensAnswer> {
        let most = QuotaAmount::new(charging.maximum.unwrap_or(INPUT_MAXIMUM)).unwrap_or_default();
        let mut answers = Vec::new();
        for &quota in &args.quota {
            for &measure in &setup.measures {
                let reservation = |index, max_tokens| charging.reservation_at(trace, index, max_tokens);
                let (window, target, threads) = (measure.window(), setup.target, setup.threads);
                let max_tokens =
                    largest_safe_max_tokens(traffic, window, quota, target, most, threads, reservation);
                answers.push(MaxTokensAnswer { measure, quota, max_tokens });
            }
        }
        answers
    }
}

/// The quotas to look at: those named, each once, else what AWS's formula gives.
fn quotas(args: &SimulateArgs, profile: Option<&Profile>) -> Vec<(QuotaAmount, Origin)> {
    if args.quota.is_empty() {
        let of_formula =
            |profile: &Profile| [(profile.mean, Origin::MeanRate), (profile.peak_minute, Origin::PeakMinute)];
        let mut quotas: Vec<_> = profile.map(of_formula).into_iter().flatten().collect();
        // Of a trace shorter than a minute both are the same.
        quotas.dedup_by_key(|(quota, _)| *quota);
        quotas.retain(|(quota, _)| quota.get() > 0);
        return quotas;
    }
    let mut quotas = args.quota.clone();
    quotas.sort_unstable();
    quotas.dedup();
    quotas.into_iter().map(|quota| (quota, Origin::Asked)).collect()
}
