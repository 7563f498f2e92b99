//! One simulation: requests charged, replayed against quotas, and what the formulas say of them.

use crate::catalog::{ChosenRate, Model, Scope};
use crate::cli::args::SimulateArgs;
use crate::cli::simulate::error::SimulateError;
use crate::config::Speed;
use crate::engine::Assumptions;
use crate::experiment::{
    self, ChargeFault, Charging, ClosedForm, ClosedFormFault, MaxTokens, Measure, Origin, Profile, Requested,
    Scale, Setup, arrivals, names, traffic as traffic_of,
};
use crate::report::{
    AtMaximum, Formula, MaxTokensAnswer, PlannedQuota, RequestLimits, RequestQuota, ScopeSimulation,
    ShortTrace, SimulateOptions,
};
use crate::simulate::{Arrival, Retries, Traffic, largest_safe_max_tokens, replay};
use crate::threads::Workers;
use crate::trace::{Builder, LimitCounts, Trace};
use crate::units::{INPUT_MAXIMUM, Limit, QuotaAmount, QuotaKind};

/// Requests of a model and scope, and what is known of them besides.
pub(super) struct Subject<'a> {
    pub(super) model: &'a Model,
    pub(super) scope: Scope,
    pub(super) rate: ChosenRate,
    pub(super) charging: Charging,
    /// The same with the model's maximum for what is not known, and what the formulas say then; where that is
    /// to stand beside.
    pub(super) at_maximum: Option<(Charging, Result<ClosedForm, ClosedFormFault>)>,
    pub(super) limits: LimitCounts,
    pub(super) above_maximum: u64,
    /// What is known of the quota of requests per minute, where the model has one.
    pub(super) requests: Option<RequestLimits>,
    pub(super) short: Option<ShortTrace>,
    pub(super) trace: Trace,
    /// The planned quota, where the requests were drawn for one.
    pub(super) planned: Option<PlannedQuota>,
    pub(super) profile: Option<Profile>,
    pub(super) formula: Option<Formula>,
    pub(super) closed_form: Result<ClosedForm, ClosedFormFault>,
    pub(super) notes: Vec<String>,
    /// The quotas that are looked at where none is named.
    pub(super) quotas: Vec<(QuotaAmount, Origin)>,
    /// The threads to replay on.
    pub(super) workers: Workers,
}

impl<'a> Subject<'a> {
    /// Replays everything that is asked; `done` hears the share that is done, in percent.
    pub(super) fn replayed(
        mut self,
        args: &SimulateArgs,
        asking: &SimulateOptions,
        done: &dyn Fn(u64),
    ) -> Result<ScopeSimulation<'a>, SimulateError> {
        let workloads = names(&self.trace);
        // Of a trace with one name nothing is said twice; drawn requests are those of rows.
        let workloads = if self.planned.is_some() || workloads.len() > 1 { workloads } else { Vec::new() };
        let duration_microseconds = self.trace.duration_microseconds();
        let arrivals = arrivals(&self.trace, &self.charging, true).map_err(|fault| self.refused(fault))?;
        if args.solve.is_none() && self.at_maximum.is_none() {
            // Nothing asks for the trace again, and a large one takes its room twice.
            self.trace = Builder::new(self.trace.format()).finish();
        }
        let traffic = Traffic::new(arrivals).map_err(|fault| self.refused(fault.into()))?;
        let setup = self.setup(args, asking);
        // Solving takes longer than all the rest.
        let shares = [
            1,
            3 * u64::from(args.solve.is_some()),
            u64::from(self.requests.is_some()),
            u64::from(self.at_maximum.is_some()),
        ];
        let part = |index: usize, percent: u64| {
            let before: u64 = shares.iter().take(index).sum();
            done((100 * before + shares.get(index).unwrap_or(&1) * percent) / shares.iter().sum::<u64>());
        };
        let simulation = experiment::run(&traffic, &setup, &|percent| part(0, percent))
            .map_err(|error| SimulateError::Peak { subject: self.subject(), error })?;
        let besides = self.besides(args, &setup);
        let try_besides = |traffic: &Traffic| -> Vec<Requested> {
            besides.iter().flat_map(|quota| tried(traffic, &setup, *quota)).collect()
        };
        let at_ask = try_besides(&traffic);
        let solutions = args.solve.map(|_| self.solutions(&setup, &traffic, &|percent| part(1, percent)));
        let counted = self.requests.is_some().then(|| experiment::counted(traffic.requests()));
        // A large trace has no room for both.
        drop(traffic);
        let requests_per_minute = match (self.requests.take(), counted) {
            (Some(limits), Some(counted)) => {
                let done = |percent| part(2, percent);
                Some(self.requests_per_minute(limits, counted, &setup, &done)?)
            }
            _ => None,
        };
        let at_maximum = self.at_maximum.take().map(|(charging, closed_form)| {
            let traffic = traffic_of(&self.trace, &charging, true)?;
            let simulation = experiment::run(&traffic, &setup, &|percent| part(3, percent))?;
            let at_ask = try_besides(&traffic);
            Ok(AtMaximum { simulation, at_ask, closed_form })
        });
        Ok(ScopeSimulation {
            model: self.model,
            scope: self.scope,
            planned: self.planned,
            workloads,
            rate: self.rate,
            charging: self.charging,
            duration_microseconds,
            limits: self.limits,
            above_maximum: self.above_maximum,
            short: self.short,
            notes: self.notes,
            simulation,
            at_ask,
            at_maximum,
            cache_open: None,
            requests_per_minute,
            profile: self.profile,
            formula: self.formula,
            closed_form: self.closed_form,
            solutions,
        })
    }

    /// Where no quota is named and none is applied, the quotas that are tried besides: what the formula asks for, and
    /// AWS's default.
    fn besides(&self, args: &SimulateArgs, setup: &Setup) -> Vec<(QuotaAmount, Origin)> {
        let has = |wanted: Origin| setup.quotas.iter().any(|(_, origin)| *origin == wanted);
        if !args.quota.is_empty() || has(Origin::Granted) {
            return Vec::new();
        }
        let ask = self.formula.and_then(|formula| formula.ask).filter(|ask| ask.get() > 0);
        let default = self.model.default_tokens_per_minute(self.scope);
        let both = [(ask, Origin::Formula), (default, Origin::Default)];
        let open = both.into_iter().filter(|(_, origin)| !has(*origin));
        open.filter_map(|(quota, origin)| Some((quota?, origin))).collect()
    }

    /// The same requests against the quota of requests per minute.
    fn requests_per_minute(
        &self,
        limits: RequestLimits,
        counted: Vec<Arrival>,
        setup: &Setup,
        done: &dyn Fn(u64),
    ) -> Result<RequestQuota, SimulateError> {
        let traffic = Traffic::new(counted).map_err(|fault| self.refused(fault.into()))?;
        let amount = |(limit, origin)| match limit {
            Limit::Amount(amount) => Some((amount, origin)),
            Limit::Unlimited => None,
        };
        let quotas = limits.capacity().and_then(amount).into_iter().collect();
        // What is sent again would count against both quotas, which are replayed each on its own.
        let setup = Setup { kind: QuotaKind::Rpm, quotas, retries: None, ..setup.clone() };
        let simulation = experiment::run(&traffic, &setup, done)
            .map_err(|error| SimulateError::Peak { subject: self.subject(), error })?;
        let planned = self.planned.as_ref();
        Ok(RequestQuota {
            limits,
            period: planned.and_then(|planned| planned.period.clone()),
            hour: planned.and_then(|planned| planned.hour),
            simulation,
        })
    }

    fn setup(&self, args: &SimulateArgs, asking: &SimulateOptions) -> Setup {
        Setup {
            kind: QuotaKind::Tpm,
            measures: args.measures(),
            target: asking.target,
            quotas: self.quotas(args),
            retries: asking.retries,
            workers: self.workers,
        }
    }

    fn refused(&self, fault: ChargeFault) -> SimulateError {
        SimulateError::Charge { subject: self.subject(), fault }
    }

    fn subject(&self) -> String {
        format!("{} {}", self.model.name, self.scope)
    }

    /// The quotas to look at: those named, each once, else those of the subject.
    fn quotas(&self, args: &SimulateArgs) -> Vec<(QuotaAmount, Origin)> {
        let mut quotas = match args.quota.as_slice() {
            [] => self.quotas.clone(),
            named => named.iter().map(|&quota| (quota, Origin::Asked)).collect(),
        };
        // A formula may come to nothing; an applied quota of nothing throttles everything.
        let is_applied = |origin: &Origin| matches!(origin, Origin::Granted | Origin::Default);
        quotas.retain(|(quota, origin)| quota.get() > 0 || is_applied(origin));
        quotas.sort_by_key(|(quota, _)| *quota);
        quotas.dedup_by_key(|(quota, _)| *quota);
        quotas
    }

    /// The largest safe max_tokens of every quota and window; nothing where none is taken.
    fn solutions(&self, setup: &Setup, traffic: &Traffic, done: &dyn Fn(u64)) -> Vec<MaxTokensAnswer> {
        let most = QuotaAmount::new(self.charging.maximum.unwrap_or(INPUT_MAXIMUM)).unwrap_or_default();
        let questions = (setup.quotas.len() * setup.measures.len()) as u64;
        let mut answers = Vec::new();
        if !self.charging.generates {
            return answers;
        }
        for &(quota, _) in &setup.quotas {
            for &measure in &setup.measures {
                let reservation =
                    |index, max_tokens| self.charging.reservation_at(&self.trace, index, max_tokens);
                let (window, target, workers) = (measure.window(), setup.target, setup.workers);
                let max_tokens =
                    largest_safe_max_tokens(traffic, window, quota, target, most, workers, reservation);
                answers.push(MaxTokensAnswer { measure, quota, max_tokens });
                done(100 * answers.len() as u64 / questions);
            }
        }
        answers
    }
}

/// What one quota would have done in each window, with throttled requests dropped.
fn tried(traffic: &Traffic, setup: &Setup, (quota, origin): (QuotaAmount, Origin)) -> Vec<Requested> {
    let of_window = |measure: &Measure| Requested {
        measure: *measure,
        quota,
        origin,
        dropped: replay(traffic, measure.window(), quota),
        retried: None,
    };
    setup.measures.iter().map(of_window).collect()
}

/// The threads of a run, as many as are asked for.
pub(super) fn workers(args: &SimulateArgs, assumptions: &Assumptions) -> Workers {
    args.threads.map_or(assumptions.workers, |count| assumptions.workers.with_count(count))
}

/// A max_tokens that a model takes.
pub(super) fn checked(model: &Model, charging: Charging) -> Result<Charging, SimulateError> {
    match (charging.max_tokens, charging.maximum) {
        (MaxTokens::AtLeast(most), Some(maximum)) if most > maximum => {
            Err(SimulateError::MaxTokens { model: model.name.clone(), max_tokens: most, maximum })
        }
        _ => Ok(charging),
    }
}

/// What is typed about a model's speed holds for all models.
pub(super) fn set_speed(args: &SimulateArgs, assumptions: &mut Assumptions) {
    let changed = |speed: &mut Speed| {
        speed.seconds_to_first_token = args.seconds_to_first_token.unwrap_or(speed.seconds_to_first_token);
        speed.output_tokens_per_second =
            args.output_tokens_per_second.unwrap_or(speed.output_tokens_per_second);
    };
    changed(&mut assumptions.config_mut().speed);
    assumptions.speeds.values_mut().for_each(changed);
}

pub(super) fn asking(args: &SimulateArgs, assumptions: &Assumptions) -> SimulateOptions {
    SimulateOptions {
        target: args.target,
        retries: (args.retries > 0).then_some(Retries { most: args.retries, seed: args.seed }),
        seed: args.seed,
        scale: args.scale.map(|factor| Scale { factor, replicate: args.replicate, seed: args.seed }),
        rates_as_of: args.rates_as_of,
        headroom: assumptions.config.headroom,
        confidence: assumptions.config.confidence,
        today: assumptions.today,
        policy: assumptions.config.policy.clone(),
        cache_life_minutes: None,
    }
}
