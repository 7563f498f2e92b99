//! `quotaplan man`: man pages made from the definition of the command line, so that they say what `--help` says.

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::{Cli, ManArgs, with_examples};
use super::errors::ManError;
use super::staged::StagedFiles;
use super::{CliError, Session, output};
use crate::text::plain::{message, one_line};
use crate::text::suggest::nearest;

pub(super) fn run(args: &ManArgs, session: &Session<'_>) -> Result<(), CliError> {
    let mut program = with_examples(Cli::command()).disable_help_subcommand(true);
    // Gives subcommands the name of the program in front, as they are called.
    program.build();
    match &args.out {
        Some(folder) => write_all(&program, folder, session),
        None => output::stdout(session, &page(subcommand(&program, &args.command)?)?),
    }
}

/// The command that words such as `iam lint` name; the program where there are none.
fn subcommand<'a>(program: &'a clap::Command, words: &[String]) -> Result<&'a clap::Command, CliError> {
    words.iter().try_fold(program, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let names = command.get_subcommands().map(clap::Command::get_name);
            ManError::NoCommand {
                command: command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned(),
                word: word.clone(),
                meant: nearest(word, names).map(str::to_owned),
            }
            .into()
        })
    })
}

/// A man page in roff.
fn page(command: &clap::Command) -> Result<Vec<u8>, CliError> {
    let mut page = Vec::new();
    // Nothing is written but memory, so this cannot fail.
    let written = Man::new(command.clone()).source("quotaplan").render(&mut page);
    written.map_err(|source| CliError::Write { target: "the man page".to_owned(), source })?;
    Ok(page)
}

/// Writes the page of every command, each by its own name: all of them, or none.
fn write_all(program: &clap::Command, folder: &Path, session: &Session<'_>) -> Result<(), CliError> {
    output::make_folder(session, folder)?;
    let sources = session.sources();
    let mut staged = StagedFiles::new();
    let mut commands = vec![program];
    let mut pages = 0;
    while let Some(command) = commands.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        staged.add(&folder.join(format!("{name}.1")), &page(command)?, &sources)?;
        pages += 1;
        commands.extend(command.get_subcommands());
    }
    staged.commit()?;
    let said = format!("wrote {pages} man pages to {}\n", one_line(&folder.display().to_string()));
    output::stdout(session, message(&said).as_bytes())
}
