//! `quotaplan migrate`.

use std::ops::Range;

use super::args::{MigrateArgs, STAGES};
use super::{CliError, Session, inputs, output};
use crate::config::Written;
use crate::engine::{self, Calendar, Migration, QuotasToHold, StageInterval, StatedMigration};
use crate::report::MigrateReport;
use crate::text::plain::shell_word;
use crate::text::{Diagnostics, SourceFile, Sources, Span};
use crate::units::MILLIONTHS;

/// The name of what is typed.
const COMMAND_LINE: &str = "command line";

pub(super) fn run(args: &MigrateArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut inputs = inputs::load(&args.input, session)?;
    let mut diagnostics = Diagnostics::new();
    let stated = stated(args, &mut inputs.sources);
    let migration = Migration::resolve(&stated, &inputs.config, &inputs.catalog, &mut diagnostics);
    let input = inputs.plan_input();
    let held = QuotasToHold { code: None, assume_defaults: args.assume_defaults };
    let migrated = match &migration {
        Some(migration) => engine::migrate(&input, migration, &held, &mut diagnostics)
            .map_err(|error| inputs.too_large(session, error, args.input.diagnostics.max_errors))?,
        None => None,
    };
    output::diagnostics(session, diagnostics, &inputs.sources, args.input.diagnostics.max_errors);
    let Some(migrated) = migrated else { return Err(CliError::Inputs) };
    let typed = as_typed(args);
    let all =
        MigrateReport { sources: &inputs.sources, input: &input, migrated: &migrated, typed: Some(&typed) };
    output::write(session, &all, &args.output, &inputs.sources)
}

/// The inputs, both models and the stages as words of another command.
fn as_typed(args: &MigrateArgs) -> String {
    let MigrateArgs { from, to, stages, token_ratio, assume_defaults, .. } = args;
    let mut words = vec![
        args.input.as_typed(),
        format!("--from {}", shell_word(from)),
        format!("--to {}", shell_word(to)),
    ];
    words.extend((stages != STAGES).then(|| format!("--stages {}", shell_word(stages))));
    words.extend(
        (token_ratio.millionths() != MILLIONTHS).then(|| format!("--token-ratio {}", token_ratio.written())),
    );
    words.extend(assume_defaults.then(|| "--assume-defaults".to_owned()));
    words.join(" ")
}

/// Adds a flag to the text and gives the range of its value.
fn typed(text: &mut String, flag: &str, value: &str) -> Range<usize> {
    text.push_str(flag);
    text.push(' ');
    let start = text.len();
    text.push_str(&value.replace(['\n', '\r'], " "));
    let end = text.len();
    text.push('\n');
    start..end
}

/// What is typed, each part with its place in a text of a line a flag.
fn stated(args: &MigrateArgs, sources: &mut Sources) -> StatedMigration {
    let mut text = String::new();
    let from = typed(&mut text, "--from", &args.from);
    let to = typed(&mut text, "--to", &args.to);
    let stages = typed(&mut text, "--stages", &args.stages);
    let ratio = typed(&mut text, "--token-ratio", &args.token_ratio.to_string().replace(',', ""));
    let file = sources.add(SourceFile::new(COMMAND_LINE, text));
    let span = |range: Range<usize>| Span { file, start: range.start, end: range.end };
    let mut next = stages.start;
    let stages = args.stages.split(',').map(|part| {
        let range = next..next + part.len();
        next = range.end + 1;
        Written { value: part.trim().to_owned(), span: span(range) }
    });
    StatedMigration {
        from: Written { value: args.from.clone(), span: span(from) },
        to: Written { value: args.to.clone(), span: span(to) },
        stages: stages.collect(),
        token_ratio: Written { value: args.token_ratio, span: span(ratio) },
        calendar: Calendar {
            start: args.start,
            every: args.every.unwrap_or(StageInterval::DEFAULT),
            lead_days: args.lead_days,
        },
    }
}
