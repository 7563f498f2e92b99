//! The comparison of scopes for people and spreadsheets.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use super::help::{help_here, offers};
use super::json::document;
use super::optimum;
use super::records::{columns, of_row};
use super::result::{CompareReport, global_saving, hundredths, landing, saving_cell};
use super::texts::{CONFLICT, CRITERIA, DESTINATIONS, STORAGE, Standing, Statement};
use crate::catalog::{Destinations, ModelIndex, Outside, Residency, ResidencyVerdict, Scope, code_words};
use crate::engine::{CompliantModel, Finding, Headroom, InScope, RowScopes, ScopeQuota, long_context_words};
use crate::report::blocks::cells;
use crate::report::cost::usd;
use crate::report::notes::{capacity_word, edition_words, entry, finding_note};
use crate::report::words::language;
use crate::report::{Block, BlockOf, Cell, Column, Entry, MakeRows, Mark, Note, RecordsOf, Report, Rows};
use crate::text::plain::write_json;
use crate::units::{Limit, grouped};
use crate::workload::Workload;

/// The rows of a large file take many times its memory in every form: they are made while they are written.
impl Report for CompareReport<'_> {
    fn blocks(&self) -> Vec<BlockOf<'_>> {
        blocks(self)
    }

    fn records(&self) -> RecordsOf<'_> {
        RecordsOf { columns: columns(self), rows: made(self, of_row) }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write_json(out, &document(*self))
    }
}

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

fn made<'a, C: 'a>(
    all: &CompareReport<'a>,
    make: fn(&CompareReport<'_>, &RowScopes<'_>) -> Vec<Vec<C>>,
) -> Rows<'a, C> {
    Rows::Made(Box::new(OfEachRow { all: *all, make }))
}

fn blocks<'a>(all: &CompareReport<'a>) -> Vec<BlockOf<'a>> {
    let mut blocks = Vec::new();
    if let Some(found) = all.optimum {
        blocks.extend(optimum::blocks(all, found));
        blocks.push(Block::Heading("Every scope, one workload moved at a time".to_owned()));
    }
    blocks.push(scope_table(all));
    blocks.extend(sentences(all).into_iter().map(Block::Paragraph));
    let findings = all.findings();
    if !findings.is_empty() {
        blocks.push(Block::Heading("What stands out".to_owned()));
        let note = |finding: &Finding| Note {
            help: help_here(all, finding),
            ..finding_note(all.sources, all.input, all.base, finding)
        };
        let notes = findings.into_iter().map(note);
        blocks.push(Block::Notes(notes.collect()));
    }
    blocks.extend(edition_words(&all.input.assumptions.config.policy).map(Block::Paragraph));
    blocks.push(Block::Heading("Where requests may be processed".to_owned()));
    blocks.push(destination_table(all));
    blocks.push(Block::Entries(DESTINATIONS.iter().map(statement).collect()));
    blocks.push(Block::Heading("What is stored where".to_owned()));
    blocks.push(Block::Entries(STORAGE.iter().map(statement).collect()));
    blocks.push(Block::Paragraph(CONFLICT.to_owned()));
    blocks.push(Block::Heading("Choosing between US and Global".to_owned()));
    blocks.push(Block::Entries(CRITERIA.iter().map(statement).collect()));
    blocks.push(Block::Paragraph(price_sentence(all)));
    blocks
}

fn statement(statement: &Statement) -> Entry {
    let mark = match statement.standing {
        Standing::Current => "",
        Standing::Contradicted => "; newer facts do not agree",
    };
    let note = format!("{}, {}{mark}", statement.source, statement.as_of);
    entry(statement.about, statement.text, vec![note])
}

/// An amount with its sign for a narrow cell; what is left is never shown larger than it is.
fn short_left(left: i128) -> String {
    const MILLION: i128 = 1_000_000;
    if left.unsigned_abs() < 100_000_000 {
        let sign = if left < 0 { "-" } else { "" };
        return format!("{sign}{}", grouped(left.unsigned_abs()));
    }
    let tenths = left.div_euclid(MILLION / 10);
    let (sign, tenths) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    format!("{sign}{}.{} M", grouped(tenths / 10), tenths % 10)
}

fn headroom_cell(quota: &ScopeQuota<'_>) -> String {
    let of = match (quota.limit, quota.limit_source) {
        (Some(Limit::Amount(amount)), Some(source)) => {
            format!("\nof {}\n{}", language().short_capacity(amount), capacity_word(source))
        }
        _ => String::new(),
    };
    match quota.headroom() {
        Headroom::Unknown => format!("unknown{of}"),
        Headroom::Unlimited => "unlimited".to_owned(),
        Headroom::Left(left) => format!("{}{of}", short_left(left)),
    }
}

fn residency_cell(row: &Workload, verdict: &ResidencyVerdict) -> String {
    let stated = row.residency().map(Residency::as_str);
    match (verdict, stated) {
        (ResidencyVerdict::Met, None) => "none stated".to_owned(),
        (ResidencyVerdict::Met, Some(stated)) => format!("{stated}: met"),
        (ResidencyVerdict::Outside(outside), stated) => {
            let outside = match outside {
                Outside::Regions(regions) => regions.join(" "),
                Outside::AllCommercial => "all commercial".to_owned(),
            };
            format!("{}: not met\n{outside}", stated.unwrap_or("any"))
        }
        (ResidencyVerdict::Unknown, stated) => {
            format!("{}: cannot be told", stated.unwrap_or("any"))
        }
    }
}

fn scope_table<'a>(all: &CompareReport<'a>) -> BlockOf<'a> {
    let columns = vec![
        Column::words("Workload, scope and quota"),
        Column::numbers("Required"),
        Column::numbers("Headroom\nleft"),
        Column::numbers("US dollars\na month"),
        Column::numbers("Saving"),
        Column::words("Residency"),
    ];
    BlockOf::Table { columns, rows: made(all, scope_rows) }
}

/// The lines of the table for a row of the file.
fn scope_rows(all: &CompareReport<'_>, compared: &RowScopes<'_>) -> Vec<Vec<Cell>> {
    let Some(row) = all.row(compared.row) else { return Vec::new() };
    let model = &all.input.catalog.model(row.model()).name;
    let of_scope = |scope: &InScope<'_>| {
        let now = if scope.present { " (now)" } else { "" };
        let quota = landing(scope);
        let code = quota.map_or_else(
            || "no quota listed".to_owned(),
            |quota| {
                if quota.entry.is_none() {
                    return "no quota: not offered".to_owned();
                }
                let long = long_context_words(quota.long_context);
                format!("{}{long} {}", quota.kind, code_words(quota.code()))
            },
        );
        let account = row.account().map(|account| all.input.workloads.text(account));
        let account = account.map(|account| format!("\naccount {account}")).unwrap_or_default();
        cells![
            format!("{}\n{model} {}{now}\n{code}{account}", all.name(row), scope.scope),
            quota.map_or(Cell::Mark(Mark::NotApplicable), |quota| Cell::demand_or_unknown(quota.required)),
            quota.map_or_else(|| "-".to_owned(), headroom_cell),
            usd(scope.cost),
            if scope.present { "-".to_owned() } else { saving_cell(scope.saving.as_ref()) },
            residency_cell(row, &scope.residency),
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

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names.join(", "))?;
        match self.count.saturating_sub(OTHERS_NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
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
        format!("No scope of the model is known to keep to `{residency}`: {names}. {}", offers(all, models))
    };
    groups.into_iter().map(sentence).collect()
}

fn sentences(all: &CompareReport<'_>) -> Vec<String> {
    let mut lines = vec![
        "Each line moves one row alone and leaves the rest of the file where it is. Required is what the quota must \
         hold then, with everything that shares it; headroom left is its limit less that. A saving is against the \
         present scope, from the prices of the model table."
            .to_owned(),
    ];
    lines.extend(compliant_sentences(all));
    let mut others = Named::default();
    let mut unlimited = false;
    for compared in all.rows {
        let Some(row) = all.row(compared.row) else { continue };
        for scope in &compared.scopes {
            unlimited |= scope.quotas.iter().any(|quota| quota.limit.is_none());
            for quota in scope.quotas.iter().skip(1).filter(|quota| quota.exceeds()) {
                let (kind, code) = (quota.kind, code_words(quota.code()));
                others.add(|| format!("{kind} {code} with {} in {}", all.name(row), scope.scope));
            }
        }
    }
    if others.count > 0 {
        lines.push(format!("Quotas beside these that would not hold: {others}."));
    }
    if unlimited && !all.asked.assume_defaults {
        lines.push(
            "Headroom is unknown where no applied value is given: put it into [granted], or take AWS's defaults with \
             --assume-defaults."
                .to_owned(),
        );
    }
    lines
}

/// The destinations of a scope, in words.
fn regions(all: &CompareReport<'_>, model: ModelIndex, scope: Scope) -> String {
    let entry = all.input.catalog.model(model).scope(scope);
    match entry.map(|entry| &entry.destinations) {
        Some(Destinations::Regions(regions)) => regions.join(", "),
        Some(Destinations::AllCommercial) => "all commercial Regions; AWS may add some".to_owned(),
        _ if scope == Scope::Global => {
            "unknown; any commercial Region, and AWS may change the list".to_owned()
        }
        _ => "unknown: not read for this model".to_owned(),
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
    let columns = vec![Column::words("Scope"), Column::words("Destination Regions"), Column::words("Models")];
    let row = |((scope, regions), names): ((&str, String), Vec<&str>)| {
        vec![scope.to_owned(), regions, names.join(", ")]
    };
    Block::Table { columns, rows: models.into_iter().map(row).collect() }
}

fn price_sentence(all: &CompareReport<'_>) -> String {
    let computed = match global_saving(all) {
        Some((least, most)) if least == most => {
            format!("For the rows above that call US profiles, Global costs {} % less", hundredths(least))
        }
        Some((least, most)) => format!(
            "For the rows above that call US profiles, Global costs {} to {} % less",
            hundredths(least),
            hundredths(most)
        ),
        None => "Here no price of both a US and a Global profile is known".to_owned(),
    };
    format!(
        "{computed}, computed from the model table's prices: where US costs 10 % more than Global, Global is 9.09 % \
         below US."
    )
}
