//! `quotaplan whatif`.

use std::collections::BTreeSet;

use super::args::WhatifArgs;
use super::errors::WhatifError;
use super::{CliError, Session, inputs, output};
use crate::catalog::Scope;
use crate::config::{self, MONTHS_MAXIMUM};
use crate::engine::{self, QuotasToHold, Scenario, ScenarioPlan};
use crate::report::{BASE, Runways, WhatifReport};
use crate::text::suggest::nearest;
use crate::text::{Diagnostics, SourceFile, Sources, Span};

/// The name of what is typed as `--set`.
const COMMAND_LINE: &str = "command line";

/// The scenarios that need no table in the configuration.
const BUILT_IN: [&str; 3] = ["tight", "failover FROM TO", "runway"];

pub(super) fn run(args: &WhatifArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut inputs = inputs::load(&args.input, session)?;
    let mut diagnostics = Diagnostics::new();
    let typed = typed(args, &mut inputs.sources, &mut diagnostics);
    if diagnostics.has_errors() {
        output::diagnostics(session, diagnostics, &inputs.sources, args.input.diagnostics.max_errors);
        return Err(CliError::Inputs);
    }
    let asked = asked(args, &inputs.config, typed.is_some())?;
    let spans = spans(&asked, &mut inputs.sources);
    let known: Vec<Option<Scenario>> = typed
        .iter()
        .chain(&inputs.config.scenarios)
        .map(|stated| Scenario::resolve(stated, &inputs.config, &inputs.catalog, &mut diagnostics))
        .collect();
    let known: Vec<Scenario> = known.into_iter().flatten().collect();
    let mut scenarios = Vec::new();
    for (name, span) in asked.iter().zip(spans) {
        // Of several that lead to none each is reported above.
        scenarios.extend(named(name, span, &known).filter(|_| !diagnostics.has_errors()));
    }
    let input = inputs.plan_input();
    let too_large = |error| inputs.too_large(session, error, args.input.diagnostics.max_errors);
    let base = engine::plan(&input).map_err(too_large)?;
    let imagined = engine::plan_scenario(&input, &scenarios, &mut diagnostics).map_err(too_large)?;
    let failed = diagnostics.has_errors();
    output::diagnostics(session, diagnostics, &inputs.sources, args.input.diagnostics.max_errors);
    let Some(imagined) = imagined.filter(|_| !failed) else { return Err(CliError::Inputs) };
    let held = QuotasToHold { code: args.quota.as_deref(), assume_defaults: args.assume_defaults };
    let solutions = solutions(args, &input, &base, &held)?;
    let runways = if asked.iter().any(|name| name == "runway") {
        let months = MONTHS_MAXIMUM.saturating_sub(args.input.months);
        let found = engine::runway(&input, &base, &held, months).map_err(too_large)?;
        if found.is_empty() {
            return Err(no_limit(args, &base).into());
        }
        Some(Runways { found, months, lead_days: args.lead_days })
    } else {
        None
    };
    let sensitivity =
        if args.sensitivity { engine::sensitivity(&input, &base).map_err(too_large)? } else { Vec::new() };
    let all = WhatifReport {
        sources: &inputs.sources,
        input: &input,
        base: &base,
        scenarios: &imagined as &[ScenarioPlan],
        solutions: &solutions,
        sensitivity: &sensitivity,
        runways: runways.as_ref(),
    };
    output::write(session, &all, &args.output, &inputs.sources)
}

/// Why nothing can be held against a limit: no row counts against the quota asked about, or its limit is not given.
fn no_limit(args: &WhatifArgs, base: &engine::Plan) -> WhatifError {
    let codes = || base.quotas.iter().filter_map(|quota| quota.code().map(str::to_owned));
    match &args.quota {
        Some(asked) if codes().all(|code| code != *asked) => {
            WhatifError::NoQuota { codes: codes().collect() }
        }
        asked => WhatifError::NoLimit { code: asked.clone() },
    }
}

fn solutions(
    args: &WhatifArgs,
    input: &engine::PlanInput<'_>,
    base: &engine::Plan,
    held: &QuotasToHold<'_>,
) -> Result<Vec<engine::Solution>, WhatifError> {
    let mut solutions = Vec::new();
    for question in &args.solve {
        solutions.push(engine::solve(input, base, *question, held).ok_or_else(|| no_limit(args, base))?);
    }
    Ok(solutions)
}

/// A TOML string: JSON's are, too.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

/// What is typed as `--set` and `--where`, read as the table it would be in a configuration, so that
/// faults are shown in the same way.
fn typed(
    args: &WhatifArgs,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<config::Scenario> {
    if args.set.is_empty() && args.wheres.is_empty() {
        return None;
    }
    let list = |pairs: &[(String, String)]| {
        let pairs = pairs.iter().map(|(key, value)| {
            let plain = crate::units::parse_millionths(value).is_ok();
            format!("{key} = {}", if plain { value.clone() } else { quoted(value) })
        });
        pairs.collect::<Vec<_>>().join(", ")
    };
    let chosen = if args.wheres.is_empty() {
        String::new()
    } else {
        let pairs = args.wheres.iter().map(|(key, value)| format!("{key} = {}", quoted(value)));
        format!("where = {{ {} }}\n", pairs.collect::<Vec<_>>().join(", "))
    };
    let text = format!(
        "[[scenario]]\nname = \"{COMMAND_LINE}\"\n[[scenario.change]]\n{chosen}set = {{ {} }}\n",
        list(&args.set)
    );
    let file = sources.add(SourceFile::new(COMMAND_LINE, text));
    config::parse(sources, file, diagnostics).and_then(|config| config.scenarios.into_iter().next())
}

/// The names asked for: what is typed, what is named, else every scenario of the configuration.
fn asked(args: &WhatifArgs, config: &config::Config, typed: bool) -> Result<Vec<String>, WhatifError> {
    let mut asked = Vec::new();
    asked.extend(typed.then(|| COMMAND_LINE.to_owned()));
    asked.extend(args.scenarios.iter().cloned());
    let nothing_else = args.solve.is_empty() && !args.sensitivity;
    if asked.is_empty() && nothing_else {
        asked.extend(config.scenarios.iter().map(|scenario| scenario.name.clone()));
    }
    if asked.is_empty() && nothing_else {
        return Err(WhatifError::NothingAsked);
    }
    let mut seen = BTreeSet::new();
    asked.retain(|name| seen.insert(name.clone()));
    if let Some(taken) =
        config.scenarios.iter().find(|scenario| [COMMAND_LINE, BASE].contains(&scenario.name.as_str()))
    {
        return Err(WhatifError::NameTaken { name: taken.name.clone() });
    }
    let names: Vec<&str> = config.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let is_known = |part: &str| {
        names.contains(&part) || part == COMMAND_LINE || part == "tight" || failover(part).is_some()
    };
    for name in &asked {
        let runway = name == "runway" && !names.contains(&"runway");
        if runway || is_known(name) {
            continue;
        }
        if name.split('+').any(|part| part.trim() == "runway") && !names.contains(&"runway") {
            return Err(WhatifError::JoinedRunway);
        }
        if let Some(part) = name.split('+').map(str::trim).find(|part| !is_known(part)) {
            let all = names.iter().copied().chain(BUILT_IN);
            return Err(WhatifError::NoScenario {
                name: part.to_owned(),
                meant: nearest(part, all.clone()).map(str::to_owned),
                known: all.map(str::to_owned).collect(),
            });
        }
    }
    Ok(asked)
}

/// A place for each scenario that is asked for by name, to point at where it cannot hold.
fn spans(asked: &[String], sources: &mut Sources) -> Vec<Span> {
    let mut text = String::new();
    let mut ranges = Vec::new();
    for name in asked {
        text.push_str("--scenario ");
        let start = text.len();
        text.push_str(&name.replace(['\n', '\r'], " "));
        ranges.push((start, text.len()));
        text.push('\n');
    }
    let file = sources.add(SourceFile::new(COMMAND_LINE, text));
    ranges.into_iter().map(|(start, end)| Span { file, start, end }).collect()
}

fn failover(name: &str) -> Option<(Scope, Scope)> {
    let mut words = name.split_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("failover"), Some(from), Some(to), None) => {
            Some((from.parse::<Scope>().ok()?, to.parse::<Scope>().ok()?))
        }
        _ => None,
    }
}

/// The scenario of a name: one that is known, one that is built in, or several joined by `+`.
fn named(name: &str, span: Span, known: &[Scenario]) -> Option<Scenario> {
    if let Some(scenario) = known.iter().find(|scenario| scenario.name == name) {
        return Some(scenario.clone());
    }
    if name == "tight" {
        return Some(Scenario::tight(span));
    }
    if let Some((from, to)) = failover(name) {
        return Some(Scenario::failover(from, to, span));
    }
    if !name.contains('+') {
        return None;
    }
    let parts: Option<Vec<Scenario>> = name.split('+').map(|part| named(part.trim(), span, known)).collect();
    let parts = parts?;
    Some(Scenario::composed(&parts.iter().collect::<Vec<_>>()))
}
