//! Files with names of any kind: a workload, its team, account and period, a model by another name.

use std::fmt::Write as _;
use std::path::Path;

/// The names of a run.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) workload: String,
    pub(super) team: String,
    pub(super) nobody: String,
    pub(super) period: String,
    pub(super) account: String,
    pub(super) alias: String,
}

/// A key of TOML.
fn key(name: &str) -> String {
    let mut key = "\"".to_owned();
    for c in name.chars() {
        match c {
            '"' | '\\' => write!(key, "\\{c}").unwrap(),
            c if c.is_control() => write!(key, "\\u{:04x}", u32::from(c)).unwrap(),
            c => key.push(c),
        }
    }
    key + "\""
}

/// A quoted cell.
pub(super) fn cell(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

const HEADER: &str = "workload,team,account,period,model,scope,requests_per_minute,input_tokens,output_tokens,\
                      max_tokens,latency_seconds,active_hours\n";

/// A quota that is exceeded in the account of the name, and three budgets, two of them exceeded.
pub(super) fn write(folder: &Path, names: &Names) {
    let Names { workload, team, nobody, period, account, alias } = names;
    let [workload, period] = [workload, period].map(|name| cell(name));
    let rest = "4000,1200,300,900,4,08-18\n";
    let csv = format!(
        "{HEADER}{workload},{},{},{period},{},,{rest}plain,,,,nova-2-lite,us,{rest}",
        cell(team),
        cell(account),
        cell(alias)
    );
    let config = format!(
        "[aliases]\n{} = \"haiku-4.5/us\"\n[budget.team]\n{} = 1\n{} = 2\n[budget.model]\n{} = 3\n\
         [accounts.{}.granted]\nL-58BE175A = 5_000_000\n",
        key(alias),
        key(team),
        key(nobody),
        key(alias),
        key(account)
    );
    std::fs::write(folder.join("workloads.csv"), csv).expect("it can be written");
    std::fs::write(folder.join("quotaplan.toml"), config).expect("it can be written");
}
