//! Everything that a comparison shows: every scope of every row, and what AWS says about choosing one.

use std::collections::BTreeMap;

use super::help::{help_here, offers};
use super::result::{CompareReport, global_saving, landing, percent_cell, saving_cell};
use crate::catalog::{Destinations, ModelIndex, Residency, ResidencyVerdict, Scope};
use crate::engine::{CompliantModel, Finding, InScope, RowScopes};
use crate::report::cost::usd;
use crate::report::notes::{entry, finding_note};
use crate::report::words::{CompareHeading, Statement, language};
use crate::report::{Block, BlockOf, Cell, Column, Entry, Flag, MakeRows, Mark, Note, Rows};

/// Rows of cells, from each row of the file as many as it has scopes.
struct OfEachRow<'a, C> {
    all: CompareReport<'a>,
    make: fn(&CompareReport<'_>, &RowScopes<'_>) -> Vec<Vec<C>>,
}

impl<C> MakeRows<C> for OfEachRow<'_, C> {
    fn rows(&self) -> Box<dyn Iterator<Item = Vec<C>> + '_> {
        Box::new(self.all.rows.iter().flat_map(|compared| (self.make)(&self.all, compared)))
    }
}

pub(super) fn made<'a, C: 'a>(
    all: &CompareReport<'a>,
    make: fn(&CompareReport<'_>, &RowScopes<'_>) -> Vec<Vec<C>>,
) -> Rows<'a, C> {
    Rows::Made(Box::new(OfEachRow { all: *all, make }))
}

/// Everything behind the table of scopes.
pub(super) fn blocks(all: &CompareReport<'_>) -> Vec<Block> {
    let heading = |heading| Block::Heading(language().compare_heading(heading).to_owned());
    let statements = language().statements();
    let mut blocks: Vec<Block> = sentences(all).into_iter().map(Block::Paragraph).collect();
    let findings = all.findings();
    if !findings.is_empty() {
        blocks.push(heading(CompareHeading::Findings));
        let note = |finding: &Finding| Note {
            help: help_here(all, finding),
            ..finding_note(all.sources, all.input, all.base, finding)
        };
        let notes = findings.into_iter().map(note);
        blocks.push(Block::Notes(notes.collect()));
    }
    blocks.push(heading(CompareHeading::Destinations));
    blocks.push(destination_table(all));
    blocks.push(Block::Entries(statements.destinations.iter().map(statement).collect()));
    blocks.push(heading(CompareHeading::Storage));
    blocks.push(Block::Entries(statements.storage.iter().map(statement).collect()));
    blocks.push(Block::Paragraph(statements.conflict.to_owned()));
    blocks.push(heading(CompareHeading::Criteria));
    blocks.push(Block::Entries(statements.criteria.iter().map(statement).collect()));
    blocks.push(Block::Paragraph(language().global_saving(global_saving(all))));
    blocks
}

fn statement(statement: &Statement) -> Entry {
    let mark = language().standing(statement.standing);
    let note = format!("{}, {}{mark}", statement.source, statement.as_of);
    entry(statement.about, statement.text, vec![note])
}

/// Every row in every scope.
pub(super) fn scope_table<'a>(all: &CompareReport<'a>) -> BlockOf<'a> {
    let titles = language().compare_titles();
    let columns = vec![
        Column::flags(),
        Column::words(titles.workload),
        Column::codes(titles.model).dropped(4),
        Column::codes(titles.scope),
        Column::codes(titles.quota).dropped(3),
        Column::numbers(titles.needs),
        Column::numbers(titles.limit).dropped(5),
        Column::numbers(titles.left),
        Column::numbers(titles.cost).dropped(2),
        Column::numbers(titles.saves),
        Column::numbers(titles.percent).dropped(6),
        Column::codes(titles.residency),
    ];
    BlockOf::Table { columns, rows: made(all, scope_rows) }
}

/// The lines of the table for a row of the file.
fn scope_rows(all: &CompareReport<'_>, compared: &RowScopes<'_>) -> Vec<Vec<Cell>> {
    let Some(row) = all.row(compared.row) else { return Vec::new() };
    let model = &all.input.catalog.model(row.model()).name;
    let account = row.account().map(|account| all.input.workloads.text(account));
    let name = language().row_of_account(&all.name(row), account);
    let none = || Cell::Mark(Mark::NotApplicable);
    let of_scope = |scope: &InScope<'_>| -> Vec<Cell> {
        let quota = landing(scope);
        let flag = match &scope.residency {
            ResidencyVerdict::Outside(_) if scope.present => Flag::Bad,
            _ if scope.present && scope.quotas.iter().any(|quota| quota.exceeds()) => Flag::Bad,
            _ => Flag::Fine,
        };
        vec![
            flag.into(),
            name.as_str().into(),
            model.as_str().into(),
            language().scope_of_row(scope.scope, scope.present).into(),
            language().scope_quota(quota).into(),
            quota.map_or_else(none, |quota| Cell::demand_or_unknown(quota.required)),
            quota.map_or_else(none, |quota| quota.limit.map_or(Cell::Mark(Mark::Unknown), Cell::limit)),
            quota.map_or_else(none, |quota| language().headroom(quota.headroom()).into()),
            usd(scope.cost).into(),
            if scope.present { none() } else { saving_cell(scope.saving.as_ref()) },
            if scope.present { none() } else { percent_cell(scope.saving.as_ref()) },
            language().residency_in_scope(row.residency(), &scope.residency).into(),
        ]
    };
    compared.scopes.iter().map(of_scope).collect()
}

/// Quotas beside the one shown that would not hold, named one by one up to so many.
const OTHERS_NAMED: usize = 12;

/// Names up to [`OTHERS_NAMED`], and how many there are.
#[derive(Default)]
struct Named {
    names: Vec<String>,
    count: usize,
}

impl Named {
    fn add(&mut self, name: impl FnOnce() -> String) {
        self.count += 1;
        if self.count <= OTHERS_NAMED {
            self.names.push(name());
        }
    }
}

impl Named {
    /// The names in a row, and how many there are more.
    fn words(&self) -> String {
        language().names_and_more(&self.names, self.count.saturating_sub(OTHERS_NAMED))
    }
}

/// Rows of which no scope of their model is known to keep to the residency, and the models that have
/// one: those with the same choice together.
fn compliant_sentences(all: &CompareReport<'_>) -> Vec<String> {
    let mut groups: Vec<(Residency, &[CompliantModel], Named)> = Vec::new();
    for compared in all.rows {
        let Some(row) = all.row(compared.row) else { continue };
        let Some(residency) = row.residency() else { continue };
        if compared.scopes.iter().any(|scope| scope.residency == ResidencyVerdict::Met) {
            continue;
        }
        let models = &*compared.compliant;
        let known = groups.iter().position(|(of, other, _)| *of == residency && *other == models);
        let at = known.unwrap_or_else(|| {
            groups.push((residency, models, Named::default()));
            groups.len() - 1
        });
        if let Some((_, _, names)) = groups.get_mut(at) {
            let model = &all.input.catalog.model(row.model()).name;
            names.add(|| format!("{} ({model})", all.name(row)));
        }
    }
    let sentence = |(residency, models, names): (Residency, &[CompliantModel], Named)| {
        language().no_scope_keeps(residency, &names.words(), &offers(all, models))
    };
    groups.into_iter().map(sentence).collect()
}

/// What the table of scopes shows, and what it does not.
fn sentences(all: &CompareReport<'_>) -> Vec<String> {
    let mut lines = vec![language().scope_table_method().to_owned()];
    lines.extend(compliant_sentences(all));
    let mut others = Named::default();
    let mut unlimited = false;
    for compared in all.rows {
        let Some(row) = all.row(compared.row) else { continue };
        for scope in &compared.scopes {
            unlimited |= scope.quotas.iter().any(|quota| quota.limit.is_none());
            for quota in scope.quotas.iter().skip(1).filter(|quota| quota.exceeds()) {
                others
                    .add(|| language().quota_in_scope(quota.kind, quota.code(), &all.name(row), scope.scope));
            }
        }
    }
    if others.count > 0 {
        lines.push(language().others_would_not_hold(&others.words()));
    }
    if unlimited && !all.asked.assume_defaults {
        lines.push(language().unknown_headroom().to_owned());
    }
    lines
}

/// The destinations of a scope, in words.
fn regions(all: &CompareReport<'_>, model: ModelIndex, scope: Scope) -> String {
    let entry = all.input.catalog.model(model).scope(scope);
    match entry.map(|entry| &entry.destinations) {
        Some(Destinations::Regions(regions)) => regions.join(", "),
        Some(Destinations::AllCommercial) => language().destinations_unlisted(true, scope).to_owned(),
        _ => language().destinations_unlisted(false, scope).to_owned(),
    }
}

/// Each scope's destinations once, with the models that have them.
fn destination_table(all: &CompareReport<'_>) -> Block {
    let mut models: BTreeMap<(&'static str, String), Vec<&str>> = BTreeMap::new();
    for compared in all.rows {
        let Some(row) = all.row(compared.row) else { continue };
        for scope in &compared.scopes {
            let key = (scope.scope.as_str(), regions(all, row.model(), scope.scope));
            let names = models.entry(key).or_default();
            let name = all.input.catalog.model(row.model()).name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let titles = language().compare_titles();
    let columns =
        vec![Column::words(titles.scope), Column::words(titles.destinations), Column::words(titles.models)];
    let row = |((scope, regions), names): ((&str, String), Vec<&str>)| {
        vec![scope.to_owned(), regions, names.join(", ")]
    };
    Block::Table { columns, rows: models.into_iter().map(row).collect() }
}
