//! What-if results for people and spreadsheets: scenarios beside the base, answers, and what matters most.

use std::io::Write;

use super::columns::{self, QUOTA, quota_record};
use super::cost::{usd, usd_change};
use super::imagining::{BASE, Imagining, Pair, answer_words, ranked, side_by_side, thousandths};
use super::plan::{bears_on_the_choice, edition_words, finding_note, short_or_unknown};
use super::plan_view::to_do;
use super::runway::{self, name, of_quota};
use super::whatif_json::write;
use super::{Block, Note, Records, Report};
use crate::engine::{Answer, Finding, Plan, PlanInput, Question, QuotaPlan, ScenarioPlan, Solution};
use crate::text::plain::cell_name;
use crate::units::{UsdCents, grouped};

fn signed(change: Option<i128>) -> String {
    match change {
        None => "unknown".to_owned(),
        Some(0) => "0".to_owned(),
        Some(change) => {
            let sign = if change > 0 { "+" } else { "-" };
            format!("{sign}{}", grouped(change.unsigned_abs()))
        }
    }
}

impl Report for Imagining<'_> {
    fn blocks(&self) -> Vec<Block> {
        blocks(self)
    }

    fn records(&self) -> Records {
        records(self)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write(self, out)
    }
}

fn blocks(all: &Imagining<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !all.scenarios.is_empty() {
        blocks.extend(scenario_blocks(all));
    }
    blocks.extend(solution_blocks(all));
    if let Some(runways) = all.runways {
        blocks.extend(runway::blocks(all, runways));
    }
    if !all.sensitivity.is_empty() {
        blocks.extend(sensitivity_blocks(all));
    }
    blocks
}

/// Whether a scenario leaves a quota as it is.
fn same(before: &QuotaPlan, now: &QuotaPlan) -> bool {
    let of = |quota: &QuotaPlan| {
        let figures = quota.figures;
        (figures.steady, figures.peak, figures.required, quota.action, quota.ask, quota.lean_ask)
    };
    of(before) == of(now)
}

fn scenario_blocks(all: &Imagining<'_>) -> Vec<Block> {
    let columns = vec![
        ("Quota", false),
        ("Scenario", false),
        ("Mean", true),
        ("Peak", true),
        ("Required", true),
        ("Change", true),
        ("What to do", false),
    ];
    let line = |scenario: &str, quota: &QuotaPlan, change: Option<i128>, first: bool| {
        vec![
            if first { name(all, quota) } else { String::new() },
            cell_name(scenario),
            quota.figures.steady.to_string(),
            // A whole day at the busiest minute's rate means nothing to a reader.
            if quota.id.kind.is_daily() { "-".to_owned() } else { quota.figures.peak.to_string() },
            short_or_unknown(quota.figures.required),
            if scenario == BASE { "-".to_owned() } else { signed(change) },
            to_do(quota),
        ]
    };
    let pairs: Vec<_> =
        all.scenarios.iter().map(|scenario| (scenario, side_by_side(all, &scenario.plan))).collect();
    let mut rows = Vec::new();
    let mut unchanged = 0;
    for (index, quota) in all.base.quotas.iter().enumerate() {
        let changes = |(_, now): &Pair<'_>| now.is_none_or(|now| !same(quota, now));
        if !pairs.iter().any(|(_, pairs)| pairs.get(index).is_some_and(changes)) {
            unchanged += 1;
            continue;
        }
        rows.push(line(BASE, quota, None, true));
        for (scenario, pairs) in &pairs {
            match pairs.get(index) {
                Some((before, Some(now))) if !same(quota, now) => {
                    rows.push(line(
                        &scenario.name,
                        now,
                        QuotaPlan::required_change(*before, Some(now)),
                        false,
                    ));
                }
                Some((_, None)) => {
                    let mut gone = vec![String::new(), cell_name(&scenario.name)];
                    gone.extend(["-", "-", "-"].map(str::to_owned));
                    gone.extend([
                        signed(QuotaPlan::required_change(Some(quota), None)),
                        "no demand left".to_owned(),
                    ]);
                    rows.push(gone);
                }
                _ => {}
            }
        }
    }
    for (scenario, pairs) in &pairs {
        for (before, now) in pairs.iter().skip(all.base.quotas.len()) {
            if let (None, Some(now)) = (before, now) {
                rows.push(line(&scenario.name, now, QuotaPlan::required_change(None, Some(now)), true));
            }
        }
    }
    let mut money = vec![vec![BASE.to_owned(), usd(&all.base.cost.total), "-".to_owned()]];
    for scenario in all.scenarios {
        let (before, now) = (&all.base.cost.total, &scenario.plan.cost.total);
        money.push(vec![cell_name(&scenario.name), usd(now), usd_change(before, now)]);
    }
    let mut blocks = vec![
        Block::Table { columns, rows: rows.into() },
        Block::Paragraph(match unchanged {
            0 => "Where a scenario has no line, it changes nothing of the quota.".to_owned(),
            1 => "One quota is the same in all scenarios; a scenario without a line changes nothing of a quota.".to_owned(),
            more => format!(
                "{more} quotas are the same in all scenarios; a scenario without a line changes nothing of a quota."
            ),
        }),
        Block::Table {
            columns: vec![("Scenario", false), ("US dollars a month", true), ("Change", true)],
            rows: money.into(),
        },
    ];
    let brought: Vec<Note> = all.scenarios.iter().flat_map(|scenario| brought(all, scenario)).collect();
    if !brought.is_empty() {
        blocks.push(Block::Heading("Findings by scenario".to_owned()));
        blocks.push(Block::Notes(brought));
    }
    blocks.extend(edition_words(&all.input.assumptions.config.policy).map(Block::Paragraph));
    blocks
}

/// What a scenario brings that bears on the choice of a model or scope: findings that the plan as it is
/// has not.
fn brought(all: &Imagining<'_>, scenario: &ScenarioPlan) -> Vec<Note> {
    let catalog = all.input.catalog;
    let input = scenario.input(all.input);
    let has = |finding: &Finding, plan: &Plan, now: &Finding| {
        finding.code == now.code
            && plan.about(finding, catalog) == scenario.plan.about(now, catalog)
            && finding.rows >= now.rows
    };
    let new = scenario.plan.findings.iter().filter(|now| {
        bears_on_the_choice(now) && !all.base.findings.iter().any(|before| has(before, all.base, now))
    });
    let note = |finding| {
        let mut note = finding_note(all.sources, &input, &scenario.plan, finding);
        note.text = format!("{}: {}", cell_name(&scenario.name), note.text);
        note
    };
    new.map(note).collect()
}

fn solution_blocks(all: &Imagining<'_>) -> Vec<Block> {
    if all.solutions.is_empty() {
        return Vec::new();
    }
    let sentence = |solution: &Solution| {
        let stands = solution.binding.as_ref().map_or_else(String::new, |quota| {
            let required =
                quota.figures.required.map_or_else(|| "unknown".to_owned(), |amount| amount.to_string());
            format!(
                "; one step further {} ({}) would need {required}",
                quota.id.subject(all.input.catalog),
                quota.id.code_words()
            )
        });
        match (solution.question, solution.answer) {
            (question, Answer::Untold) => {
                let name = solution
                    .binding
                    .as_ref()
                    .map(|quota| quota.id.title(all.input.catalog))
                    .unwrap_or_default();
                format!(
                    "{}: it cannot be told, since what {name} must hold is not known: set max_tokens in its rows.",
                    question.as_str()
                )
            }
            (Question::Requests, Answer::Last(steps)) => {
                format!(
                    "Largest request rate that fits: {} times the stated rates{stands}.",
                    thousandths(steps)
                )
            }
            (Question::Requests, Answer::Unbounded(steps)) => {
                format!("Rates up to {} times the stated ones fit.", thousandths(steps))
            }
            (Question::Requests, Answer::Never) => format!("No request rate fits{stands}."),
            (Question::MaxTokens, Answer::Last(cap)) => {
                format!(
                    "Largest max_tokens that fits: {}, or a model's maximum where that is less{stands}.",
                    grouped(u128::from(cap))
                )
            }
            (Question::MaxTokens, Answer::Unbounded(_)) => "max_tokens as it is fits.".to_owned(),
            (Question::MaxTokens, Answer::Never) => {
                format!(
                    "No max_tokens fits that holds the mean answers{}.",
                    stands.replace("one step further", "at the mean")
                )
            }
            (Question::CacheShare, Answer::Last(steps)) => {
                format!(
                    "Lowest share of input read from the cache that fits: {}{stands}.",
                    thousandths(steps)
                )
            }
            (Question::CacheShare, Answer::Unbounded(_)) => "It fits without any cache reads.".to_owned(),
            (Question::CacheShare, Answer::Never) => {
                format!(
                    "No share of cache reads makes it fit{}.",
                    stands.replace("one step further", "with all input read from it")
                )
            }
        }
    };
    let mut blocks = vec![Block::Heading("What still fits".to_owned())];
    blocks.extend(all.solutions.iter().map(|solution| Block::Paragraph(sentence(solution))));
    blocks
}

fn sensitivity_blocks(all: &Imagining<'_>) -> Vec<Block> {
    let rows = all.base.quotas.iter().enumerate().map(|(index, quota)| {
        let effects =
            ranked(all, index).into_iter().map(|(input, change)| format!("{input} {}", signed(Some(change))));
        let effects: Vec<String> = effects.collect();
        let effects = if effects.is_empty() { "nothing".to_owned() } else { effects.join("\n") };
        vec![name(all, quota), short_or_unknown(quota.figures.required), effects]
    });
    vec![
        Block::Heading("What a tenth more of each input does".to_owned()),
        Block::Table {
            columns: vec![("Quota", false), ("Required", true), ("A tenth more of", false)],
            rows: rows.collect(),
        },
        Block::Paragraph("Measure first what stands first.".to_owned()),
    ]
}

/// What was asked decides what the lines are: quotas by scenario, else answers, months or effects.
fn records(all: &Imagining<'_>) -> Records {
    match all.runways {
        _ if !all.scenarios.is_empty() => {}
        _ if !all.solutions.is_empty() => return solution_records(all),
        Some(runways) => return runway::records(all, runways),
        None if !all.sensitivity.is_empty() => return sensitivity_records(all),
        None => {}
    }
    let mut columns = vec!["scenario", "required_change", "monthly_usd"];
    columns.extend(columns::names(QUOTA));
    let row =
        |scenario: &str, input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan, change: Option<i128>| {
            let total = plan.cost.total.usd().map(UsdCents::plain).unwrap_or_default();
            let change = change.map(|change| change.to_string()).unwrap_or_default();
            let mut row = vec![scenario.to_owned(), change, total];
            row.extend(quota_record(input, quota));
            row
        };
    let mut rows = Vec::new();
    for quota in &all.base.quotas {
        rows.push(row(BASE, all.input, all.base, quota, None));
    }
    for scenario in all.scenarios {
        let input = scenario.input(all.input);
        for (before, now) in side_by_side(all, &scenario.plan) {
            if let Some(now) = now {
                rows.push(row(
                    &scenario.name,
                    &input,
                    &scenario.plan,
                    now,
                    QuotaPlan::required_change(before, Some(now)),
                ));
            }
        }
    }
    Records { columns, rows: rows.into() }
}

fn solution_records(all: &Imagining<'_>) -> Records {
    let columns = vec!["question", "value", "bounded", "binding", "code", "required_one_step_further"];
    let rows = all.solutions.iter().map(|solution| {
        let (value, bounded) = answer_words(solution);
        let mut row =
            vec![solution.question.as_str().to_owned(), value.unwrap_or_default(), bounded.to_string()];
        let required = solution.binding.as_ref().and_then(|quota| quota.figures.required);
        row.extend(
            solution.binding.as_ref().map_or_else(|| vec![String::new(); 2], |quota| of_quota(all, quota)),
        );
        row.push(required.map(|required| required.get().to_string()).unwrap_or_default());
        row
    });
    Records { columns, rows: rows.collect() }
}

fn sensitivity_records(all: &Imagining<'_>) -> Records {
    let columns = vec!["quota", "code", "required", "a_tenth_more_of", "required_change"];
    let rows = all.base.quotas.iter().enumerate().flat_map(|(index, quota)| {
        let effects = ranked(all, index).into_iter();
        effects.map(move |(input, change)| {
            let mut row = of_quota(all, quota);
            row.push(quota.figures.required.map(|required| required.get().to_string()).unwrap_or_default());
            row.extend([input.to_owned(), change.to_string()]);
            row
        })
    });
    Records { columns, rows: rows.collect() }
}
