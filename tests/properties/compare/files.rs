//! Random small files whose workloads have a choice of scopes, and limits around what they need.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use proptest::prelude::*;
use quotaplan::catalog::{self, Catalog};
use quotaplan::config::{self, Config};
use quotaplan::engine::{self, Assumptions, Plan, PlanInput};
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use quotaplan::workload::{self, ReadOptions, WorkloadSet};

use super::OVERLAY;
use super::prices::Tokens;

/// A scope of a model and where its requests may go, copied by hand.
type Place = (&'static str, Option<&'static [&'static str]>);

const CANADA: &[&str] = &["ca-central-1", "ca-west-1"];
/// All commercial Regions, of which no group of Regions holds all.
const ALL: &[&str] = &["all-commercial"];
const US: &[&str] = &["ca-central-1", "us-east-1", "us-east-2", "us-west-2"];

/// Models, their scopes in the order of words, and their largest output where it is known.
pub(super) const MODELS: [(&str, &[Place], Option<u64>); 6] = [
    (
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        &[("ca", Some(CANADA)), ("global", Some(ALL)), ("us", Some(US))],
        Some(64_000),
    ),
    ("anthropic.claude-sonnet-4-5-20250929-v1:0", &[("global", Some(ALL)), ("us", Some(US))], Some(64_000)),
    ("amazon.nova-2-lite-v1:0", &[("global", Some(ALL)), ("us", Some(US))], Some(64_000)),
    ("anthropic.claude-sonnet-5", &[("global", Some(ALL)), ("us", Some(US))], Some(128_000)),
    ("xai.grok-4.6", &[("global", Some(ALL)), ("us", None)], None),
    ("cohere.embed-v4:0", &[("global", Some(ALL))], Some(0)),
];

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) model: usize,
    /// Number of its scope among those of its model.
    pub(super) scope: usize,
    /// Whether a profile in the model cell says the scope.
    pub(super) by_profile: bool,
    pub(super) rate: u64,
    pub(super) input: u64,
    pub(super) output: u64,
    pub(super) cache_write: u64,
    pub(super) max_tokens: Option<u64>,
    pub(super) period: Option<&'static str>,
    pub(super) hours: bool,
    pub(super) residency: Option<&'static str>,
    pub(super) account: Option<&'static str>,
}

impl Line {
    pub(super) fn id(&self) -> &'static str {
        MODELS[self.model].0
    }

    pub(super) fn scopes(&self) -> &'static [Place] {
        MODELS[self.model].1
    }

    pub(super) fn tokens(&self) -> Tokens {
        Tokens { input: self.input, output: self.output, cache_read: 0, cache_write: self.cache_write }
    }

    /// Whether a scope is known to keep to the row's residency.
    pub(super) fn admits(&self, scope: usize) -> bool {
        let admits = |region: &&str| match self.residency {
            Some("canada") => region.starts_with("ca-"),
            Some("us") => region.starts_with("ca-") || region.starts_with("us-"),
            _ => true,
        };
        match (self.residency, self.scopes()[scope].1) {
            (None | Some("any"), _) => true,
            (_, None) => false,
            (_, Some(regions)) => regions.iter().all(admits),
        }
    }
}

/// The file of some rows.
pub(super) fn csv(lines: &[Line]) -> String {
    let mut text =
        "workload,scope,requests_per_minute,input_tokens,output_tokens,cache_write_tokens,max_tokens,\
                    period,active_hours,residency,account,model\n"
            .to_owned();
    for line in lines {
        let max = line.max_tokens.map(|max| max.to_string()).unwrap_or_default();
        let scope = line.scopes()[line.scope].0;
        let (model, cell) = match line.by_profile {
            true => (format!("{scope}.{}", line.id()), ""),
            false => (line.id().to_owned(), scope),
        };
        let Line { name, rate, input, output, cache_write, .. } = line;
        // Money is computed for whole days, so the hours are all of them in two ways.
        let hours = if line.hours { "00-24" } else { "" };
        let words = [line.period, Some(hours), line.residency, line.account].map(Option::unwrap_or_default);
        writeln!(
            text,
            "{name},{cell},{rate},{input},{output},{cache_write},{max},{},{model}",
            words.join(",")
        )
        .unwrap();
    }
    text
}

fn line(models: Vec<usize>) -> impl Strategy<Value = Line> {
    let what = (prop::sample::select(models), 0_usize..3, any::<bool>(), 0_usize..3);
    let input = prop_oneof![4 => 0_u64..3_000, 1 => 195_000_u64..205_000, 1 => 200_000_u64..200_002];
    let writes = prop_oneof![2 => Just(0_u64), 1 => 1_u64..500];
    let size = (0_u64..60, input, 0_u64..400, writes, prop::option::weighted(0.8, 400_u64..5_000));
    let period = prop::option::weighted(0.4, prop::sample::select(vec!["april", "november"]));
    let residency = prop::option::weighted(0.5, prop::sample::select(vec!["any", "us", "us", "canada"]));
    let account = prop::option::weighted(0.2, Just("sandbox"));
    (what, size, period, any::<bool>(), residency, account).prop_map(
        |(
            (model, scope, by_profile, name),
            (rate, input, output, cache_write, max),
            period,
            hours,
            residency,
            account,
        )| {
            let (_, scopes, maximum) = MODELS[model];
            let generates = maximum != Some(0);
            Line {
                name: format!("w{name}"),
                model,
                scope: scope % scopes.len(),
                by_profile,
                rate,
                // Only one of the models takes inputs about its boundary of 200,000 tokens.
                input: if model == 1 { input } else { input % 3_000 },
                output: if generates { output } else { 0 },
                cache_write: if generates { cache_write } else { 0 },
                max_tokens: max.filter(|_| generates),
                period,
                hours,
                residency,
                account,
            }
        },
    )
}

/// Two to four rows of one or two models; seasons of one name stay seasons of one workload.
pub(super) fn lines() -> impl Strategy<Value = Vec<Line>> {
    let models = prop_oneof![
        3 => Just(vec![0]),
        2 => Just(vec![1]),
        6 => prop::sample::subsequence((0..MODELS.len()).collect::<Vec<_>>(), 1..=2),
    ];
    models.prop_flat_map(|models| lines_of(models, 2..=4))
}

/// Rows of some models.
fn lines_of(models: Vec<usize>, count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(line(models), count).prop_map(|mut lines| {
        let mut seen: Vec<(String, Option<&str>)> = Vec::new();
        for (index, line) in lines.iter_mut().enumerate() {
            let clash = seen.iter().any(|(name, period)| {
                *name == line.name && (period.is_none() || line.period.is_none() || *period == line.period)
            });
            if clash {
                line.name = format!("x{index}");
            }
            seen.push((line.name.clone(), line.period));
        }
        lines
    })
}

/// Applied values by account and code, as written in a file.
pub(super) type Granted = BTreeMap<(Option<String>, String), String>;

/// The table with the overlay.
pub(super) fn table() -> &'static (Catalog, Sources) {
    static TABLE: OnceLock<(Catalog, Sources)> = OnceLock::new();
    TABLE.get_or_init(|| {
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        let file = sources.add(SourceFile::new("overlay.toml", OVERLAY));
        let table = catalog::load(&mut sources, Some(file), &mut diagnostics);
        (table.unwrap_or_else(|| panic!("{diagnostics:?}")), sources)
    })
}

/// A file, what is taken as given, and its plan.
pub(super) struct Case {
    pub(super) sources: Sources,
    pub(super) assumptions: Assumptions,
    pub(super) workloads: WorkloadSet,
    pub(super) plan: Plan,
}

impl Case {
    pub(super) fn new(csv: &str, granted: &Granted) -> Self {
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        let catalog = &table().0;
        let file = sources.add(SourceFile::new("workloads.csv", csv));
        let options = ReadOptions::default();
        let workloads = workload::parse(&sources, file, catalog, &options, &mut diagnostics);
        let workloads = workloads.unwrap_or_else(|| panic!("{diagnostics:?}\n{csv}"));
        let mut assumptions = Assumptions::new(&Config::default(), catalog, &mut diagnostics);
        let mut toml = String::new();
        for account in [None, Some("sandbox")] {
            toml += account.map_or("[granted]\n", |_| "[accounts.sandbox.granted]\n");
            for ((of, code), value) in granted.iter().filter(|((of, _), _)| of.as_deref() == account) {
                assert_eq!(of.as_deref(), account);
                writeln!(toml, "{code} = {value}").unwrap();
            }
        }
        let file = sources.add(SourceFile::new("granted.toml", toml));
        assumptions.config_mut().granted =
            config::parse_granted(&sources, file, &mut diagnostics).expect("valid grants");
        assert!(!diagnostics.has_errors(), "{diagnostics:?}");
        let input = PlanInput { catalog, workloads: &workloads, assumptions: &assumptions };
        let plan = engine::plan(&input).expect("no figure is too large");
        Self { sources, assumptions, workloads, plan }
    }

    pub(super) fn input(&self) -> PlanInput<'_> {
        PlanInput { catalog: &table().0, workloads: &self.workloads, assumptions: &self.assumptions }
    }
}

/// Every assignment of scopes to the units, as the scope of each row.
pub(super) fn assignments(units: &[Vec<usize>], choices: &[Vec<usize>], rows: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![0; rows]];
    for (unit, choices) in units.iter().zip(choices) {
        all = all
            .into_iter()
            .flat_map(|scopes| {
                choices.iter().map(move |choice| {
                    let mut scopes = scopes.clone();
                    unit.iter().for_each(|row| scopes[*row] = *choice);
                    scopes
                })
            })
            .collect();
    }
    all
}

/// The rows in other scopes.
pub(super) fn moved(lines: &[Line], scopes: &[usize]) -> Vec<Line> {
    let pairs = lines.iter().cloned().zip(scopes);
    pairs.map(|(line, scope)| Line { scope: *scope, ..line }).collect()
}

/// Limits around what some of the assignments need; each pick decides one quota's.
pub(super) fn granted(lines: &[Line], picks: &[(u8, u8)]) -> Granted {
    let mut needs: BTreeMap<(Option<String>, String), Vec<u64>> = BTreeMap::new();
    let mut note = |lines: &[Line]| {
        for quota in &Case::new(&csv(lines), &Granted::new()).plan.quotas {
            if let (Some(code), Some(required)) = (quota.code(), quota.figures.required) {
                needs.entry((quota.id.account.clone(), code.to_owned())).or_default().push(required.get());
            }
        }
    };
    note(lines);
    for scope in 0..3 {
        let all: Vec<usize> = lines.iter().map(|line| scope.min(line.scopes().len() - 1)).collect();
        note(&moved(lines, &all));
    }
    for (index, line) in lines.iter().enumerate() {
        let mut scopes: Vec<usize> = lines.iter().map(|line| line.scope).collect();
        scopes[index] = (line.scope + 1) % line.scopes().len();
        note(&moved(lines, &scopes));
    }
    let mut granted = Granted::new();
    for ((key, required), (how, which)) in needs.into_iter().zip(picks.iter().cycle()) {
        let of = required[usize::from(*which) % required.len()];
        let value = match how % 8 {
            0 => continue,
            1 => "\"unlimited\"".to_owned(),
            2 => "\"unknown\"".to_owned(),
            3 | 4 => of.saturating_sub(1).to_string(),
            5 => (of / 2).to_string(),
            _ => of.to_string(),
        };
        granted.insert(key, value);
    }
    granted
}
