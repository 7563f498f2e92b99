//! An example for each command, which its help begins with.

use clap::Command;

/// The words of a command, and an example of it.
const EXAMPLES: [(&str, &str); 24] = [
    ("init", "quotaplan init my-plan --example chat"),
    ("plan", "quotaplan plan workloads.csv --granted granted.toml"),
    ("check", "quotaplan check workloads.csv --granted granted.toml --baseline plan.json"),
    ("whatif", "quotaplan whatif workloads.csv --set 'rate=*2'"),
    ("compare", "quotaplan compare workloads.csv"),
    ("migrate", "quotaplan migrate workloads.csv --from sonnet-4.5 --to sonnet-5"),
    ("simulate", "quotaplan simulate trace.jsonl --model haiku-4.5 --scope us"),
    ("request", "quotaplan request workloads.csv --granted granted.toml --out increase"),
    ("request verify", "quotaplan request verify increase"),
    ("request status", "quotaplan request status increase"),
    ("request submit", "quotaplan request submit increase"),
    ("explain", "quotaplan explain workloads.csv --quota L-58BE175A"),
    ("quotas", "quotaplan quotas --print-command"),
    ("iam", "quotaplan iam --workloads workloads.csv"),
    ("iam lint", "quotaplan iam lint policy.json --model haiku-4.5 --scope us"),
    ("sample", "quotaplan sample --from answers.jsonl --model haiku-4.5 --scope us"),
    ("models list", "quotaplan models list"),
    ("models show", "quotaplan models show haiku-4.5"),
    ("models check", "quotaplan models check --older-than 90"),
    ("models update", "quotaplan models update --print-command"),
    ("models validate", "quotaplan models validate models.toml"),
    ("guide", "quotaplan guide workloads"),
    ("schema", "quotaplan schema plan"),
    ("man", "quotaplan man plan | man -l -"),
];

/// The command with an example before the help of each of its subcommands.
pub(in crate::cli) fn with_examples(program: Command) -> Command {
    EXAMPLES.iter().fold(program, |program, (words, example)| {
        let words: Vec<&str> = words.split(' ').collect();
        with_example(program, &words, example)
    })
}

fn with_example(command: Command, words: &[&str], example: &'static str) -> Command {
    let Some((first, others)) = words.split_first() else {
        return command.before_help(format!("Example: {example}"));
    };
    command.mut_subcommand(first, |command| with_example(command, others, example))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::EXAMPLES;
    use crate::cli::args::Cli;

    #[test]
    fn examples_can_be_typed() {
        for (words, example) in EXAMPLES {
            // What a shell does with quotes and pipes.
            let typed = example.split(" | ").next().unwrap_or_default().replace('\'', "");
            let parsed = Cli::try_parse_from(typed.split(' '));
            assert!(parsed.is_ok(), "{example}: {:?}", parsed.err().map(|error| error.to_string()));
            assert!(typed.starts_with(&format!("quotaplan {words}")), "{example}");
        }
    }

    #[test]
    fn every_command_has_an_example() {
        fn missing(command: &clap::Command, path: &str, found: &mut Vec<String>) {
            for subcommand in command.get_subcommands() {
                let path = format!("{path} {}", subcommand.get_name()).trim().to_owned();
                let is_group =
                    subcommand.get_subcommands().next().is_some() && subcommand.is_subcommand_required_set();
                if !is_group && !EXAMPLES.iter().any(|(words, _)| *words == path) {
                    found.push(path.clone());
                }
                missing(subcommand, &path, found);
            }
        }
        let mut found = Vec::new();
        missing(&Cli::command(), "", &mut found);
        assert_eq!(found, ["completions"], "their options say it all");
    }
}
