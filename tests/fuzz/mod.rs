//! The program on changed cases: a short run of what `cargo bench --bench fuzz` does at length.

mod driver;
mod folder;
mod judge;
mod mutate;
mod random;
mod seeds;

/// Executions of the everyday run.
const EXECUTIONS: u64 = 400;

#[test]
fn changed_cases_break_no_rule() {
    let save = tempfile::tempdir().expect("a folder");
    let plan =
        driver::Plan { executions: EXECUTIONS, save: save.path().to_owned(), ..driver::Plan::default() };
    let report = driver::run(&plan);
    assert_eq!(report.executions(), EXECUTIONS);
    assert!(report.panics == 0 && report.faults.is_empty(), "{report}");
}
