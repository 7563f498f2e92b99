//! The same files give the same bytes, in every format, wherever and whenever the program runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::support;

const FORMATS: [&str; 8] = ["table", "json", "csv", "markdown", "github", "sarif", "junit", "gitlab"];

const CONFIG: &str = "account = \"production\"\n[granted]\n\"L-58BE175A\" = 5_000_000\n\"L-27C57EE8\" = 3_000_000\n\
                      [budget]\nmonthly_usd = 100_000\n[budget.team]\nclaims = 1\nnobody = 1\n[policy]\nmax_utilisation = 0.5\n";

/// A folder with a workloads file, a configuration and a baseline.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inner = folder.path().join("capacity");
    std::fs::create_dir(&inner).expect("it can be made");
    let csv =
        std::fs::read_to_string(support::root().join("data/workloads.csv")).expect("the example is there");
    std::fs::write(inner.join("workloads.csv"), &csv).expect("it can be written");
    std::fs::write(inner.join("quotaplan.toml"), CONFIG).expect("it can be written");
    let fewer: Vec<&str> = csv.lines().take(csv.lines().count() - 3).collect();
    std::fs::write(folder.path().join("fewer.csv"), fewer.join("\n")).expect("it can be written");
    let plan = support::quotaplan(
        folder.path(),
        &["plan", "fewer.csv", "--format", "json", "--output", "baseline.json"],
    );
    assert_eq!(plan.status.code(), Some(0), "{}", String::from_utf8_lossy(&plan.stderr));
    folder
}

const ARGUMENTS: [&str; 6] =
    ["check", "capacity/workloads.csv", "--config", "capacity/quotaplan.toml", "--baseline", "baseline.json"];

/// What a check writes in a folder with the surroundings changed: each format to a file.
fn written(folder: &Path, surroundings: &[(&str, &str)]) -> BTreeMap<&'static str, Vec<u8>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
    command.args(ARGUMENTS).current_dir(folder).env_remove("NO_COLOR");
    command.args(FORMATS.map(|format| format!("--format={format}={format}.out")));
    command.envs(surroundings.iter().copied());
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |format| {
        let file = folder.join(format!("{format}.out"));
        let bytes = std::fs::read(&file).expect("it is written");
        std::fs::remove_file(file).expect("it can be removed");
        (format, bytes)
    };
    FORMATS.into_iter().map(read).collect()
}

#[test]
fn the_same_files_give_the_same_bytes_wherever_the_program_runs() {
    let (first, second) = (folder(), folder());
    let expected = written(first.path(), &[]);
    for format in FORMATS {
        let mut arguments = ARGUMENTS.to_vec();
        arguments.extend(["--format", format]);
        let output = support::quotaplan(first.path(), &arguments);
        assert_eq!(output.stdout, expected[format], "{format} on standard output");
        assert_eq!(output.status.code(), Some(1));
    }
    for surroundings in [
        &[][..],
        &[("NO_COLOR", "1")],
        &[("NO_COLOR", "")],
        &[("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8")],
        &[("TZ", "America/Toronto"), ("LC_ALL", "de_DE.UTF-8"), ("LANG", "ar_EG.UTF-8"), ("COLUMNS", "40")],
        &[("CLICOLOR_FORCE", "1"), ("FORCE_COLOR", "1"), ("GITHUB_ACTIONS", "true"), ("CI", "true")],
    ] {
        for folder in [&first, &second] {
            assert_eq!(written(folder.path(), surroundings), expected, "{surroundings:?}");
        }
    }
}
