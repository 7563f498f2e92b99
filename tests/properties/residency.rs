//! Residency against an evaluation of its own: over random tables, rows and policies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;
use quotaplan::catalog::{self, Catalog, Residency, ResidencyVerdict};
use quotaplan::config;
use quotaplan::engine::{self, Assumptions, CompareOptions, PlanInput, compare, optimise};
use quotaplan::text::{Code, Diagnostics, Edition, Severity, SourceFile, Sources};
use quotaplan::workload::{self, ReadOptions, WorkloadSet};

use super::cases;

const SCOPES: [&str; 4] = ["ca", "global", "in-region", "us"];

/// Regions, and the strictest rule that admits each: 2 for Canada, 1 for the US, 0 for none.
const REGIONS: [(&str, u8); 7] = [
    ("ca-central-1", 2),
    ("ca-west-1", 2),
    ("us-east-1", 1),
    ("us-west-2", 1),
    ("eu-central-1", 0),
    ("cax-east-1", 0),
    ("sa-east-1", 0),
];

/// What a cell or the policy may say, with its strictness.
const WORDS: [(&str, u8); 4] = [("", 0), ("any", 0), ("us", 1), ("canada", 2)];

/// Destinations of each scope of a model: `None` where it has no such scope, `Some(None)` where they
/// are not known.
type Model = [Option<Option<BTreeSet<usize>>>; 4];

/// A row: its model, its scope and what its cell says.
type Row = (usize, usize, usize);

fn model() -> impl Strategy<Value = Model> {
    let regions = prop::collection::btree_set(0..REGIONS.len(), 1..4);
    let destinations = prop::option::weighted(0.7, regions);
    let scope = prop::option::weighted(0.6, destinations);
    [scope.clone(), scope.clone(), scope.clone(), scope]
        .prop_filter("it has a scope", |scopes| scopes.iter().any(Option::is_some))
}

fn table(models: &[Model]) -> String {
    let mut text = String::new();
    for (number, scopes) in models.iter().enumerate() {
        let (source, kind) =
            ("source = \"test\"\nas_of = \"2026-11-20\"\n", ["text", "embedding"][number % 2]);
        write!(
            text,
            "[[model]]\nid = \"acme.m{number}\"\nname = \"M{number}\"\nprovider = \"Acme\"\nkind = \"{kind}\"\n\
             max_output_tokens = 4_000\ncontext_window = 200_000\nlimits_source = \"test\"\n\
             limits_as_of = \"2026-11-20\"\nworst_case_burndown = 5\n[[model.burndown]]\noutput = 1\n\
             status = \"known\"\n{source}"
        )
        .unwrap();
        for (at, destinations) in scopes.iter().enumerate() {
            let Some(destinations) = destinations else { continue };
            let scope = SCOPES[at];
            let regions = match destinations {
                None => "\"unknown\"".to_owned(),
                Some(regions) => {
                    let names: Vec<&str> = regions.iter().map(|region| REGIONS[*region].0).collect();
                    format!("{names:?}")
                }
            };
            write!(text, "[model.scope.{scope}]\ndestinations = {regions}\n{source}").unwrap();
            if scope != "in-region" {
                let at = text.rfind("destinations").unwrap();
                text.insert_str(at, &format!("profile = \"{scope}.acme.m{number}\"\n"));
            }
            write!(
                text,
                "[model.scope.{scope}.tpm]\ncode = \"L-{:08X}\"\nname = \"Test\"\ndefault = 1_000_000\n\
                 adjustable = true\n{source}",
                number * 16 + at
            )
            .unwrap();
        }
    }
    text
}

/// A table and rows that name models and scopes of it.
fn setting() -> impl Strategy<Value = (Vec<Model>, Vec<Row>, usize)> {
    (prop::collection::vec(model(), 1..5), 0..WORDS.len()).prop_flat_map(|(models, policy)| {
        let places: Vec<(usize, usize)> = models
            .iter()
            .enumerate()
            .flat_map(|(model, scopes)| {
                (0..4).filter(|at| scopes[*at].is_some()).map(move |at| (model, at)).collect::<Vec<_>>()
            })
            .collect();
        let row = (prop::sample::select(places), 0..WORDS.len()).prop_map(|((m, s), cell)| (m, s, cell));
        (Just(models), prop::collection::vec(row, 1..8), Just(policy))
    })
}

fn csv(rows: &[Row]) -> String {
    let mut text =
        "workload,model,scope,residency,requests_per_minute,input_tokens,output_tokens\n".to_owned();
    for (number, (model, scope, cell)) in rows.iter().enumerate() {
        let (scope, cell) = (SCOPES[*scope], WORDS[*cell].0);
        writeln!(text, "w{number},acme.m{model},{scope},{cell},10,100,0").unwrap();
    }
    text
}

/// `met`, `outside` or `unknown`: whether every destination is admitted at a strictness.
fn verdict(models: &[Model], (model, scope): (usize, usize), strictness: u8) -> &'static str {
    let destinations = models[model][scope].as_ref().expect("it is offered");
    match (strictness, destinations, SCOPES[scope]) {
        (0, ..) => "met",
        (_, Some(regions), _) if regions.iter().all(|region| REGIONS[*region].1 >= strictness) => "met",
        (_, Some(_), _) => "outside",
        // A global profile goes everywhere; a call without a profile stays where it is.
        (_, None, "global") => "outside",
        (_, None, "in-region") => "met",
        (_, None, _) => "unknown",
    }
}

struct Files {
    sources: Sources,
    catalog: Catalog,
    assumptions: Assumptions,
    rows: Option<WorkloadSet>,
    diagnostics: Diagnostics,
}

fn read(models: &[Model], rows: &[Row], policy: usize) -> Files {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let overlay = sources.add(SourceFile::new("models.toml", table(models)));
    let catalog = catalog::load(&mut sources, Some(overlay), &mut diagnostics);
    let catalog = catalog.unwrap_or_else(|| panic!("{diagnostics:?}\n{}", table(models)));
    let stated = match WORDS[policy].0 {
        "" => String::new(),
        word => format!("[policy]\nresidency = \"{word}\"\n"),
    };
    let file = sources.add(SourceFile::new("quotaplan.toml", stated));
    let config = config::parse(&sources, file, &mut diagnostics).expect("it is TOML");
    let assumptions = Assumptions::new(&config, &catalog, &mut diagnostics);
    let file = sources.add(SourceFile::new("workloads.csv", csv(rows)));
    let options = ReadOptions { residency: config.policy.residency, ..ReadOptions::default() };
    let rows = workload::parse(&sources, file, &catalog, &options, &mut diagnostics);
    Files { sources, catalog, assumptions, rows, diagnostics }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_looser_cell_is_an_error_where_it_stands_and_every_other_is_read(
        (models, rows, policy) in setting(),
    ) {
        let files = read(&models, &rows, policy);
        let looser = |(_, (_, _, cell)): &(usize, &Row)| {
            !WORDS[*cell].0.is_empty() && WORDS[*cell].1 < WORDS[policy].1
        };
        // The cell is behind three others, each of a length that is known here.
        let wanted: Vec<(usize, usize)> = rows
            .iter()
            .enumerate()
            .filter(looser)
            .map(|(number, (model, scope, _))| {
                let before = format!("w{number},acme.m{model},{},", SCOPES[*scope]);
                (number + 2, before.len() + 1)
            })
            .collect();
        let found: Vec<(usize, usize)> = files
            .diagnostics
            .sorted()
            .iter()
            .filter(|diagnostic| diagnostic.code == Code::LooserResidency)
            .map(|diagnostic| {
                let quotaplan::text::Place::Span(span) = diagnostic.place else { panic!("a span") };
                let (file, position) = files.sources.locate(span).unwrap();
                assert_eq!(file, "workloads.csv");
                (position.line, position.column)
            })
            .collect();
        prop_assert_eq!(&found, &wanted);
        prop_assert_eq!(files.rows.is_none(), !wanted.is_empty());
        if let Some(read) = &files.rows {
            for ((_, _, cell), row) in rows.iter().zip(read.rows().iter()) {
                let strictness = WORDS[*cell].1.max(WORDS[policy].1);
                prop_assert_eq!(row.residency().map_or(0, |rule| rule as u8), strictness);
            }
        }
    }

    #[test]
    fn findings_and_comparisons_judge_as_the_destinations_say((models, rows, policy) in setting()) {
        // A cell that the policy refuses is left empty: what it says is judged in the other test.
        let rows: Vec<Row> = rows
            .into_iter()
            .map(|(m, s, cell)| (m, s, if WORDS[cell].1 < WORDS[policy].1 { 0 } else { cell }))
            .collect();
        let files = read(&models, &rows, policy);
        let read = files.rows.as_ref().unwrap_or_else(|| panic!("{:?}", files.diagnostics));
        let input = PlanInput { catalog: &files.catalog, workloads: read, assumptions: &files.assumptions };
        let strictness = |cell: usize| WORDS[cell].1.max(WORDS[policy].1);

        let mut wanted: BTreeMap<(usize, usize, u8), (&str, usize)> = BTreeMap::new();
        for (model, scope, cell) in &rows {
            let word = verdict(&models, (*model, *scope), strictness(*cell));
            if word != "met" {
                wanted.entry((*model, *scope, strictness(*cell))).or_insert((word, 0)).1 += 1;
            }
        }
        let plan = engine::plan(&input).unwrap();
        let mut found = BTreeMap::new();
        for finding in &plan.findings {
            let word = match finding.code {
                Code::Residency => "outside",
                Code::ResidencyUnknown => "unknown",
                _ => continue,
            };
            let severity = if word == "outside" { Severity::Error } else { Severity::Warning };
            prop_assert_eq!(finding.severity, severity);
            let quota = &plan.quotas[finding.quota.unwrap()];
            let model = files.catalog.model(quota.id.model).id.strip_prefix("acme.m").unwrap().parse().unwrap();
            let scope = SCOPES.iter().position(|scope| *scope == quota.id.scope.as_str()).unwrap();
            let rule = WORDS.iter().rfind(|(word, _)| Some(*word) == finding.detail.as_deref()).unwrap().1;
            prop_assert!(found.insert((model, scope, rule), (word, finding.rows)).is_none());
        }
        prop_assert_eq!(found, wanted);

        let kind = |model: usize| model % 2;
        for ((model, _, cell), row) in rows.iter().zip(compare(&input, &CompareOptions::default()).unwrap()) {
            let mut met = false;
            for scope in &row.scopes {
                let at = SCOPES.iter().position(|word| *word == scope.scope.as_str()).unwrap();
                let word = verdict(&models, (*model, at), strictness(*cell));
                prop_assert_eq!(scope.residency.as_str(), word);
                met |= word == "met";
            }
            let mut compliant = BTreeMap::new();
            for other in (0..models.len()).filter(|other| !met && kind(*other) == kind(*model)) {
                let keeps = |at: &usize| {
                    models[other][*at].is_some() && verdict(&models, (other, *at), strictness(*cell)) == "met"
                };
                let scopes: Vec<&str> = (0..4).filter(keeps).map(|at| SCOPES[at]).collect();
                if !scopes.is_empty() {
                    compliant.insert(format!("acme.m{other}"), scopes);
                }
            }
            let shown: BTreeMap<String, Vec<&str>> = row
                .compliant
                .iter()
                .map(|one| {
                    let scopes = one.scopes.iter().map(|scope| scope.as_str()).collect();
                    (files.catalog.model(one.model).id.clone(), scopes)
                })
                // The built-in table has others.
                .filter(|(id, _)| id.starts_with("acme."))
                .collect();
            prop_assert_eq!(shown, compliant);
        }

        // No assignment moves a row to where its residency is broken or cannot be told.
        for group in optimise(&input, &plan, &CompareOptions::default()).unwrap().groups {
            for decision in group.decisions {
                let keeps = |index: &usize| {
                    let (model, _, cell) = rows[*index];
                    let at = SCOPES.iter().position(|word| *word == decision.to.as_str()).unwrap();
                    verdict(&models, (model, at), strictness(cell)) == "met"
                };
                prop_assert_eq!(decision.residency_met, decision.rows.iter().all(keeps));
                prop_assert!(decision.residency_met || decision.to == decision.from);
            }
        }
    }

    #[test]
    fn what_a_stricter_rule_admits_a_looser_one_admits(region in "(ca|us|eu|c|cb)-[a-z]{2,5}-[1-9]") {
        let admitting = Residency::ALL.iter().filter(|rule| rule.admits(&region));
        let admitting: Vec<Residency> = admitting.copied().collect();
        // From the loosest on, without a gap.
        prop_assert_eq!(&admitting[..], &Residency::ALL[..admitting.len()]);
        prop_assert!(Residency::ALL.is_sorted());
    }
}

/// The severities of edition 2026-10, copied from the version that had it; every other code that can be
/// configured is a note there.
const OF_2026_10: &str = include_str!("../data/severities-2026-10.txt");

#[test]
fn an_older_edition_fails_for_nothing_that_is_new() {
    let then: BTreeMap<&str, &str> = OF_2026_10.lines().filter_map(|line| line.split_once(' ')).collect();
    // Each was split off a code of that edition.
    let split = [("residency-unknown", "residency"), ("legacy", "near-retirement")];
    for code in Code::ALL {
        let text = code.as_str();
        let severity = code.severity_in(Edition::Of2026M10).as_str();
        let parent = split.iter().find(|(new, _)| *new == text).map(|(_, old)| *old);
        match then.get(text).or_else(|| then.get(parent?)) {
            Some(then) => assert_eq!(severity, *then, "{text}"),
            None if code.is_configurable() => assert_eq!(severity, "note", "{text}"),
            None => assert_eq!(severity, "error", "{text}: a fault of an input stays one"),
        }
        assert_eq!(code.severity_in(Edition::NEWEST), code.severity(), "{text}");
    }
    let known = |text: &&str| text.parse::<Code>().is_ok();
    assert!(then.keys().all(known), "a code of the edition is gone: {then:?}");
}

#[test]
fn a_verdict_without_a_rule_is_met() {
    let mut sources = Sources::new();
    let catalog = catalog::load(&mut sources, None, &mut Diagnostics::new()).unwrap();
    for model in catalog.models() {
        for entry in &model.scopes {
            for rule in [None, Some(Residency::Any)] {
                assert_eq!(model.keeps_to(rule, entry.scope), ResidencyVerdict::Met);
            }
        }
    }
}
