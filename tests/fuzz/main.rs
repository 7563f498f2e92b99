//! Runs the program on changed cases, in this process: `cargo bench --bench fuzz -- --executions 1000000`.
//!
//! It prints executions, how many a second, what broke a rule and what took longest, and saves the inputs of both.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::panic)]

#[allow(dead_code, reason = "the tests read more of a case")]
#[path = "../support/case.rs"]
mod case;
mod driver;
mod folder;
mod judge;
mod mutate;
#[allow(dead_code, reason = "the tests read more of a case")]
#[path = "../support/part.rs"]
mod part;
mod random;
mod seeds;

use std::path::PathBuf;

use driver::Plan;

const USAGE: &str = "\
fuzz: runs the program on changed cases, in this process. Give one of --executions, --seconds and --replay.
  --executions N   end after N executions
  --seconds N      end after N seconds
  --seed N         seed of the changes [default: 0]; execution number I of a seed is always the same
  --first I        number of the first execution [default: 0]
  --threads N      threads [default: the cores]
  --save DIR       where inputs that break a rule are written [default: target/fuzz]
  --replay DIR     run a saved input once and show what it writes
  --draws          only commands that draw or replay requests (left out otherwise in 9 of 10 cases)";

fn main() {
    let mut plan = Plan::default();
    let mut arguments = std::env::args().skip(1);
    let (mut asked, mut replayed) = (false, None);
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments.next().unwrap_or_default();
            value.replace('_', "").parse::<u64>().unwrap_or_else(|_| panic!("{argument} takes a number"))
        };
        match argument.as_str() {
            // `cargo bench` passes it to every target.
            "--bench" => {}
            "--executions" => (plan.executions, asked) = (number(), true),
            "--seconds" => (plan.seconds, asked) = (Some(number()), true),
            "--seed" => plan.seed = number(),
            "--first" => plan.first = number(),
            "--threads" => plan.threads = usize::try_from(number()).expect("a small number").max(1),
            "--draws" => plan.only_draws = true,
            "--save" => plan.save = PathBuf::from(arguments.next().expect("--save takes a folder")),
            "--replay" => {
                replayed = Some(PathBuf::from(arguments.next().expect("--replay takes a folder")));
            }
            // A filter for another target.
            _ => break,
        }
    }
    match replayed {
        Some(folder) => println!("{}", driver::replay(&folder)),
        None if asked => println!("{}", driver::run(&plan)),
        None => println!("{USAGE}"),
    }
}
