//! Laws of `check`: what fails, what changed, and what every format makes of any name.

mod baseline;
mod bytes;
mod changes;
mod files;
mod hosts;
mod limits;
mod named;
mod names;
mod news;
mod once;
mod readers;
mod rules;
mod size;

use quotaplan::catalog;
use quotaplan::config;
use quotaplan::engine::{self, Assumptions, PlanInput, Strictness};
use quotaplan::render::{Format, View, render};
use quotaplan::report::{self, CheckResult, PlanReport};
use quotaplan::text::{Diagnostics, Severity, SourceFile, Sources};
use quotaplan::workload::{self, ReadOptions};
use serde_json::Value;

use super::settings::table;

/// What a check reads.
#[derive(Debug, Clone, Default)]
struct Files {
    csv: String,
    config: String,
}

/// How strict a check is, as the command line says it.
#[derive(Debug, Clone, Copy)]
struct Strict {
    assume_defaults: bool,
    /// Index into [`WORDS`].
    fail_on: usize,
    warn_only: bool,
    only_worsened: bool,
}

/// Severities, the least first.
const WORDS: [&str; 3] = ["note", "warning", "error"];

impl Strict {
    const USUAL: Self = Self { assume_defaults: false, fail_on: 2, warn_only: false, only_worsened: false };

    fn meant(self) -> Strictness {
        Strictness {
            assume_defaults: self.assume_defaults,
            fail_on: [Severity::Note, Severity::Warning, Severity::Error][self.fail_on],
            warn_only: self.warn_only,
            only_worsened: self.only_worsened,
        }
    }

    fn flags(self) -> Vec<&'static str> {
        let mut flags = Vec::new();
        flags.extend(self.assume_defaults.then_some("--assume-defaults"));
        flags.extend(self.warn_only.then_some("--warn-only"));
        flags.extend(self.only_worsened.then_some("--only-worsened"));
        if !self.warn_only {
            flags.extend(["--fail-on", WORDS[self.fail_on]]);
        }
        flags
    }
}

/// The JSON of a plan and of a check of the same files.
struct Ran {
    plan: String,
    check: String,
}

impl Ran {
    fn plan(&self) -> Value {
        serde_json::from_str(&self.plan).expect("JSON")
    }

    fn check(&self) -> Value {
        serde_json::from_str(&self.check).expect("JSON")
    }
}

/// Plans and checks files in this process, as the program does; reading the model table anew each
/// time would be most of the work.
fn run(files: &Files, strict: Strict, earlier: Option<&str>) -> Ran {
    let mut sources = Sources::new();
    sources.add(SourceFile::new(catalog::EMBEDDED_NAME, catalog::EMBEDDED));
    let mut diagnostics = Diagnostics::new();
    let earlier = earlier.map(|text| {
        let file = sources.add(SourceFile::new("baseline.json", text));
        quotaplan::baseline::parse(&sources, file, &mut diagnostics)
            .unwrap_or_else(|| panic!("{diagnostics:?}"))
    });
    let file = sources.add(SourceFile::new("quotaplan.toml", files.config.as_str()));
    let config = config::parse(&sources, file, &mut diagnostics);
    let config = config.unwrap_or_else(|| panic!("{diagnostics:?}\n{}", files.config));
    let file = sources.add(SourceFile::new("workloads.csv", files.csv.as_str()));
    let catalog = table();
    let rows = workload::parse(&sources, file, catalog, &ReadOptions::default(), &mut diagnostics);
    let assumptions = Assumptions::new(&config, catalog, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}\n{}", files.config);
    let workloads = rows.expect("rows without a fault");
    let input = PlanInput { catalog, workloads: &workloads, assumptions: &assumptions };
    let mut plan = engine::plan(&input).expect("no figure above 10^18");
    let remarks = diagnostics.sorted();
    let subjects = report::input_subjects(&sources, &remarks, None);
    let remarks: Vec<_> = remarks
        .iter()
        .zip(subjects)
        .filter_map(|(remark, subject)| engine::remark(&input, remark, subject))
        .collect();
    let strictness = strict.meant();
    let check = engine::check(&input, &plan, strictness, earlier.as_ref(), remarks.clone());
    let checked = CheckResult { sources: &sources, input: &input, plan: &plan, check: &check, strictness };
    let check = render(&report::check(&checked), Format::Json, View::default()).expect("JSON");
    plan.findings.extend(remarks);
    let planned = PlanReport { sources: &sources, input: &input, plan: &plan, simulated: None, typed: None };
    Ran { plan: render(&planned, Format::Json, View::default()).expect("JSON"), check }
}

/// The entries of a list in JSON.
fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is a list in {value}"))
}

/// A text in JSON.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is a text in {value}"))
}

/// Everything that tells a quota from others, in the words of `about`.
fn about(quota: &Value) -> String {
    let account = quota["account"].as_str().map(|account| format!("{account}/")).unwrap_or_default();
    let code = quota["code"].as_str();
    // The two quotas of long inputs that the rows of these tests can count against.
    let long = if matches!(code, Some("L-4B26E44A" | "L-C0D53EFB")) { " 1M" } else { "" };
    let (model, scope, kind) = (text(quota, "model"), text(quota, "scope"), text(quota, "kind"));
    format!("{account}{model} {scope}{long} {kind} {}", code.unwrap_or("code unknown"))
}

/// Cents of a sum such as `1234.50`.
fn cents(value: &Value) -> Option<u128> {
    let (whole, cents) = value.as_str()?.split_once('.').expect("two decimals");
    Some(whole.parse::<u128>().expect("digits") * 100 + cents.parse::<u128>().expect("digits"))
}
