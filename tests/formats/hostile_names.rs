//! One list of hostile names against every command and every format: at each place where a name of the user's may
//! stand, nothing that comes out is acted on by a terminal, a runner, a spreadsheet or a code host, and JSON gives
//! the very name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use quotaplan::cli::{Exit, Session, main_from};
use serde_json::Value;

use crate::support::hostile::{NAMES, faults_in_csv, faults_in_log, read_markdown, seen};

struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let session = Session::new(folder, std::io::empty(), &mut out, &mut err);
    let exit = main_from(std::iter::once("quotaplan").chain(arguments.iter().copied()), &session);
    drop(session);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { exit, out: text(out), err: text(err) }
}

/// Runs a command and holds both outputs to the rules of their format.
fn held(folder: &Path, arguments: &[&str], faults: &mut Vec<String>) -> Ran {
    let ran = run(folder, arguments);
    let format =
        arguments.iter().position(|word| *word == "--format").map_or("table", |at| arguments[at + 1]);
    let mut found: Vec<String> = Vec::new();
    if format == "github" {
        let commands: Vec<&str> = ran.out.lines().collect();
        for line in commands {
            let is_ours = ["::error title=", "::warning title=", "::notice title="]
                .iter()
                .any(|head| line.starts_with(head));
            if !is_ours {
                found.push(format!("no annotation of ours: {line:?}"));
            }
            found.extend(faults_in_log(line.trim_start_matches(':')));
        }
    } else {
        found.extend(faults_in_log(&ran.out));
    }
    match format {
        "csv" => found.extend(faults_in_csv(&ran.out)),
        "markdown" => found.extend(read_markdown(&ran.out).1),
        "junit" => {
            if let Err(error) = roxmltree::Document::parse(&ran.out) {
                found.push(format!("no XML: {error}"));
            }
        }
        "json" | "sarif" | "gitlab" if !ran.out.is_empty() => {
            if let Err(error) = serde_json::from_str::<Value>(&ran.out) {
                found.push(format!("no JSON: {error}"));
            }
        }
        _ => {}
    }
    found.extend(faults_in_log(&ran.err));
    found.truncate(6);
    faults.extend(found.into_iter().map(|fault| format!("{arguments:?}: {fault}")));
    ran
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..faults.len().min(60)].join("\n"));
}

/// A cell of CSV in quotes.
fn cell(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A TOML or JSON string with every character outside ASCII letters and digits escaped.
fn string(name: &str, astral: fn(char) -> String) -> String {
    let escaped = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == ' ' => c.to_string(),
        c if u32::from(c) < 0x1_0000 => format!("\\u{:04X}", u32::from(c)),
        c => astral(c),
    };
    format!("\"{}\"", name.chars().map(escaped).collect::<String>())
}

fn toml(name: &str) -> String {
    string(name, |c| format!("\\U{:08X}", u32::from(c)))
}

fn json(name: &str) -> String {
    string(name, |c| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect())
}

const HEADER: &str = "workload,team,account,period,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds\n";

/// A name without blanks around it, as cells are read.
fn trimmed() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|name| name.trim())
}

/// Valid inputs in which each name stands wherever a name may.
fn inputs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |file: &str, text: String| fs::write(folder.path().join(file), text).expect("writing");
    let row = |workload: &str, team: &str, account: &str, period: &str, model: &str| {
        let cells = [workload, team, account, period, model].map(cell).join(",");
        format!("{cells},us,600,1200,300,900,4\n")
    };
    let rows = |place: usize| {
        // A line end in a quoted cell is read as LF, so a name with CR is no alias.
        let usable = trimmed().filter(|name| place != 4 || !name.contains('\r'));
        usable.enumerate().fold(HEADER.to_owned(), |text, (index, name)| {
            let at = |own: usize, plain: &str| if own == place { name.to_owned() } else { plain.to_owned() };
            let workload = if place == 0 { name.to_owned() } else { format!("w{index}") };
            text + &row(&workload, &at(1, "desk"), &at(2, "main"), &at(3, "all"), &at(4, "haiku-4.5"))
        })
    };
    for (place, file) in
        ["workloads.csv", "teams.csv", "accounts.csv", "periods.csv", "aliases.csv"].iter().enumerate()
    {
        let rows = rows(place);
        // Few requests, which are soon drawn and replayed.
        write(&format!("seldom-{file}"), rows.replace(",us,600,", ",us,6,"));
        write(file, rows);
    }
    write(
        "one.csv",
        HEADER.to_owned() + &row("w", "desk", "main", "all", "haiku-4.5").replace(",600,", ",60000,"),
    );
    let mut config = "account = \"main\"\n[aliases]\n".to_owned();
    trimmed().for_each(|name| config += &format!("{} = \"haiku-4.5\"\n", toml(name)));
    config += "[budget]\nmonthly_usd = 1\n[budget.team]\n";
    trimmed().for_each(|name| config += &format!("{} = 1\n", toml(name)));
    let words: Vec<&str> = trimmed().collect();
    config += &format!(
        "[request]\nuse_case = {}\ngrowth = {}\nhistory = {}\n",
        toml(&words.join(" . ")),
        toml(NAMES[18]),
        toml(NAMES[17])
    );
    trimmed().for_each(|name| {
        config += &format!(
            "[[scenario]]\nname = {}\n[[scenario.change]]\nset = {{ rate = \"*1.5\" }}\n",
            toml(&name.replace('+', "p"))
        );
    });
    let request = config
        [config.find("[request]").expect("it is there")..config.find("[[scenario]]").expect("it is there")]
        .to_owned();
    write("quotaplan.toml", config);
    write("request.toml", format!("account = \"main\"\n{request}"));
    let mut accounts = "[granted]\n\"L-58BE175A\" = 5_000_000\n".to_owned();
    trimmed().for_each(|name| {
        accounts += &format!("[accounts.{}.granted]\n\"L-58BE175A\" = 4_000_000\n", toml(name));
    });
    write("granted.toml", accounts);
    let all = trimmed().collect::<Vec<_>>().join(" . ");
    write(
        "overlay.toml",
        format!("[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\nname = {}\n", toml(&all)),
    );
    for (index, name) in trimmed().enumerate() {
        write(
            &format!("overlay-{index}.toml"),
            format!("[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\nname = {}\n", toml(name)),
        );
    }
    let quotas: Vec<String> = trimmed().enumerate().map(|(index, name)| {
        format!("{{\"ServiceCode\":\"bedrock\",\"QuotaCode\":\"L-{index:08X}\",\"QuotaName\":{},\"Value\":{index}.0,\"Unit\":{},\"Adjustable\":true}}", json(name), json(name))
    }).chain(std::iter::once(format!("{{\"ServiceCode\":\"bedrock\",\"QuotaCode\":\"L-58BE175A\",\"QuotaName\":{},\"Value\":5000000.0,\"Adjustable\":true}}", json(&all)))).collect();
    write("applied.json", format!("{{\"Quotas\":[{}]}}", quotas.join(",")));
    write("defaults.json", format!("{{\"Quotas\":[{}]}}", quotas.join(",")));
    let requests: Vec<String> = trimmed().enumerate().map(|(index, name)| {
        format!("{{\"Id\":{0},\"CaseId\":{0},\"ServiceCode\":\"bedrock\",\"QuotaCode\":\"L-58BE175A\",\"QuotaName\":{0},\"DesiredValue\":{index}.0,\"Status\":{0},\"Created\":\"2026-11-20T15:15:31Z\",\"Requester\":{0}}}", json(name))
    }).collect();
    write("history.json", format!("{{\"RequestedQuotas\":[{}]}}", requests.join(",")));
    let statements: Vec<String> = trimmed().map(|name| {
        format!("{{\"Sid\":{0},\"Effect\":\"Deny\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{{\"StringNotEquals\":{{{0}:{0}}}}}}}", json(name))
    }).collect();
    write("policy.json", format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.join(",")));
    let trace = trimmed()
        .fold("timestamp,model,scope,input_tokens,output_tokens\n".to_owned(), |text, name| {
            text + &format!("2026-11-20T10:00:00Z,{},us,900,40\n", cell(name))
        });
    write("trace.csv", trace);
    let log: String = trimmed().map(|name| {
        format!("{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-11-20T10:00:00Z\",\"modelId\":{0},\"operation\":\"Converse\",\"errorCode\":{0},\"input\":{{\"inputTokenCount\":9}},\"output\":{{\"outputTokenCount\":9}},\"requestMetadata\":{{{0}:{0}}}}}\n", json(name))
    }).collect();
    write("log.jsonl", log);
    write(
        "answer.json",
        format!(
            "{{\"usage\":{{\"inputTokens\":9,\"outputTokens\":9,{0}:9}},\"stopReason\":{0},{0}:{0}}}",
            json(&all)
        ),
    );
    let minutes = trimmed().fold("minute,model,scope,requests,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,settled_tokens\n".to_owned(), |text, name| {
        text + &format!("2026-11-08T14:10Z,{},us,1,1,0,0,1,6\n", cell(name))
    });
    write("minutes.csv", minutes);
    folder
}

const FORMATS: [&str; 4] = ["table", "json", "csv", "markdown"];

/// Every string of a JSON text.
fn strings(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            into.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(entries) => entries.iter().for_each(|(key, item)| {
            into.insert(key.clone());
            strings(item, into);
        }),
        _ => {}
    }
}

#[test]
fn names_in_rows_and_in_the_configuration_are_harmless_in_every_format() {
    let folder = inputs();
    let folder = folder.path();
    let mut faults = Vec::new();
    for file in ["workloads.csv", "teams.csv", "accounts.csv", "periods.csv", "aliases.csv"] {
        let granted: &[&str] = &["--granted", "granted.toml"];
        let mut commands: Vec<Vec<&str>> = vec![
            [&["plan", file][..], granted].concat(),
            vec!["plan", file, "--models", "overlay.toml"],
            vec!["compare", file, "--optimise"],
            vec!["whatif", file, "--scenario", "runway", "--months", "6", "--assume-defaults"],
            vec!["migrate", file, "--from", "haiku-4.5/us", "--to", "sonnet-5", "--start", "2027-01-31"],
            vec!["explain", file, "--quota", "L-58BE175A"],
        ];
        if file == "workloads.csv" {
            commands.push(vec!["whatif", file, "--sensitivity"]);
        }
        for command in &commands {
            for format in FORMATS {
                let ran = held(folder, &[command, &["--format", format][..]].concat(), &mut faults);
                if ran.exit != Exit::Success {
                    faults.push(format!(
                        "{command:?} {format}: {}",
                        ran.err.lines().next().unwrap_or_default()
                    ));
                }
            }
        }
        for format in ["table", "json", "csv", "markdown", "github", "sarif", "junit", "gitlab"] {
            held(folder, &[&["check", file, "--format", format][..], granted].concat(), &mut faults);
        }
    }
    none(&faults);
}

#[test]
fn json_gives_the_very_names_and_other_formats_what_a_person_must_see() {
    let folder = inputs();
    let folder = folder.path();
    let value: Value =
        serde_json::from_str(&run(folder, &["plan", "workloads.csv", "--format", "json"]).out).expect("JSON");
    let mut all = BTreeSet::new();
    strings(&value, &mut all);
    let table = run(folder, &["check", "teams.csv", "--format", "csv"]).out;
    let mut cells = BTreeSet::new();
    for record in csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes()).records() {
        cells.extend(
            record
                .expect("CSV")
                .iter()
                .map(|cell| cell.replace('\'', "").replace("\\[", "[").replace("\\::", "::")),
        );
    }
    let (read, _) = read_markdown(&run(folder, &["check", "teams.csv", "--format", "markdown"]).out);
    for name in trimmed() {
        assert!(all.contains(name), "{name:?} is not in the JSON");
        assert!(read.contains(&seen(name)), "{:?} is not in the Markdown:\n{read}", seen(name));
        let seen = seen(name).replace('\'', "");
        assert!(cells.iter().any(|cell| cell.contains(&seen)), "{seen:?} is not in the CSV: {cells:?}");
    }
}

#[test]
fn names_of_scenarios_are_harmless_in_every_format() {
    let folder = inputs();
    let folder = folder.path();
    let mut faults = Vec::new();
    for name in trimmed() {
        let name = name.replace('+', "p");
        for format in FORMATS {
            let scenario = format!("--scenario={name}");
            let ran = held(folder, &["whatif", "one.csv", &scenario, "--format", format], &mut faults);
            assert_eq!(ran.exit, Exit::Success, "{name:?}: {}", ran.err);
        }
    }
    none(&faults);
}

#[test]
fn names_in_saved_answers_overlays_policies_and_logs_are_harmless() {
    let folder = inputs();
    let folder = folder.path();
    let mut faults = Vec::new();
    for format in ["toml", "table", "json", "csv", "markdown"] {
        for more in
            [&["--all"][..], &["--account", NAMES[0]], &["--account", NAMES[18]], &["--account", NAMES[5]]]
        {
            held(
                folder,
                &[
                    &[
                        "quotas",
                        "--from",
                        "applied=applied.json",
                        "--from",
                        "defaults=defaults.json",
                        "--format",
                        format,
                    ][..],
                    more,
                ]
                .concat(),
                &mut faults,
            );
        }
        if format != "toml" {
            let ran = held(
                folder,
                &[
                    "quotas",
                    "--from",
                    "applied=applied.json",
                    "--from",
                    "defaults=defaults.json",
                    "--diff",
                    "granted.toml",
                    "--format",
                    format,
                ],
                &mut faults,
            );
            assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
        }
    }
    for format in FORMATS {
        held(folder, &["iam", "lint", "policy.json", "--scope", "us", "--format", format], &mut faults);
        held(folder, &["models", "list", "--models", "overlay.toml", "--format", format], &mut faults);
        held(
            folder,
            &["models", "show", "haiku-4.5", "--models", "overlay.toml", "--format", format],
            &mut faults,
        );
        held(folder, &["models", "check", "--models", "overlay.toml", "--format", format], &mut faults);
        for input in ["trace.csv", "log.jsonl"] {
            held(folder, &["simulate", input, "--format", format], &mut faults);
        }
        for file in ["seldom-workloads.csv", "seldom-periods.csv"] {
            let drawn = ["--minutes", "1", "--seed", "1", "--format", format];
            let commands = [&["plan", file, "--simulate"][..], &["simulate", "--workloads", file]];
            for command in commands {
                let ran = held(folder, &[command, &drawn].concat(), &mut faults);
                assert_eq!(ran.exit, Exit::Success, "{command:?}: {}", ran.err);
            }
        }
        let answers =
            ["models", "update", "--from", "defaults.json", "--as-of", "2026-11-25", "--output", "new.toml"];
        held(folder, &[&answers[..], &["--format", format]].concat(), &mut faults);
        let overlay = fs::read_to_string(folder.join("new.toml")).expect("an overlay");
        assert!(overlay.contains("name = "), "{overlay}");
        faults.extend(faults_in_log(&overlay));
        held(
            folder,
            &["sample", "--model", "haiku-4.5", "--scope", "us", "--from", "answer.json", "--format", format],
            &mut faults,
        );
    }
    // Each name in one format; all of them in each are in `overlay.toml`.
    for (index, format) in (0..NAMES.len()).zip(FORMATS.into_iter().cycle()) {
        let overlay = format!("overlay-{index}.toml");
        held(
            folder,
            &["plan", "one.csv", "--config", "request.toml", "--models", &overlay, "--format", format],
            &mut faults,
        );
    }
    held(folder, &["plan", "one.csv", "--models", "quotaplan.toml"], &mut faults);
    held(folder, &["plan", "one.csv", "--granted", "overlay.toml", "--max-errors", "0"], &mut faults);
    held(folder, &["plan", "trace.csv", "--max-errors", "0"], &mut faults);
    held(
        folder,
        &["request", "one.csv", "--today", "2026-11-25", "--evidence", "minutes.csv", "--out", "pack"],
        &mut faults,
    );
    held(folder, &["iam", "--workloads", "aliases.csv"], &mut faults);
    none(&faults);
}

#[test]
fn names_in_a_pack_are_harmless_in_each_of_its_files() {
    let folder = inputs();
    let folder = folder.path();
    let mut packs_that_ask = 0;
    let mut faults = Vec::new();
    for (index, name) in NAMES.iter().enumerate() {
        let pack = format!("pack-{index}");
        let overlay = format!("overlay-{index}.toml");
        let ran = held(
            folder,
            &[
                "request",
                "one.csv",
                "--config",
                "request.toml",
                "--models",
                &overlay,
                "--also-rpm",
                "--account",
                "main",
                "--out",
                &pack,
                "--today",
                "2026-11-25",
                "--accept-max-tokens",
            ],
            &mut faults,
        );
        assert_eq!(ran.exit, Exit::Success, "{name:?}: {}", ran.err);
        for entry in fs::read_dir(folder.join(&pack)).expect("a pack") {
            let path = entry.expect("an entry").path();
            packs_that_ask += usize::from(path.ends_with("alarms.yaml"));
            if !path.is_file() {
                continue;
            }
            let text = fs::read_to_string(&path).expect("UTF-8");
            let mut found = faults_in_log(&text);
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("csv") => found.extend(faults_in_csv(&text)),
                Some("json") => {
                    serde_json::from_str::<Value>(&text).expect("JSON");
                }
                Some("md") if path.ends_with("request.md") => found.extend(read_markdown(&text).1),
                Some("yaml") if text.contains("{{") => found.push("a dynamic reference".to_owned()),
                _ => {}
            }
            faults.extend(found.into_iter().take(3).map(|fault| format!("{}: {fault}", path.display())));
        }
        if index == 0 {
            for format in FORMATS {
                held(
                    folder,
                    &["request", "status", &pack, "--from", "history.json", "--format", format],
                    &mut faults,
                );
                held(folder, &["request", "verify", &pack, "--format", format], &mut faults);
            }
            // Files that somebody else put there.
            for (number, name) in NAMES.iter().enumerate() {
                let name: String = name.chars().filter(|c| *c != '/' && *c != '\0').collect();
                fs::write(folder.join(&pack).join(format!("{number} {name}")), "x").expect("writing");
                fs::write(folder.join(&pack).join(name.trim()), "x").expect("writing");
            }
            for format in FORMATS {
                held(folder, &["request", "verify", &pack, "--format", format], &mut faults);
            }
        }
    }
    assert_eq!(packs_that_ask, NAMES.len(), "every pack asks for something");
    // The folder itself, which each summary names.
    for (index, name) in NAMES.iter().enumerate() {
        let name: String = name.chars().filter(|c| *c != '/').collect();
        let pack = folder.join(format!("pack-{index}"));
        let renamed = format!("p{index}{name}");
        fs::rename(pack, folder.join(&renamed)).expect("renaming");
        let ran = held(folder, &["request", "verify", &renamed], &mut faults);
        let first = ran.out.lines().next().unwrap_or_default();
        if !first.replace('\\', "").starts_with(&format!("p{index}{}: ", seen(&name)).replace('\\', "")) {
            faults.push(format!("no verdict on one line: {first:?}"));
        }
    }
    none(&faults);
}

#[test]
fn what_is_typed_is_harmless_in_errors() {
    let folder = inputs();
    let folder = folder.path();
    let mut faults = Vec::new();
    // Several names in one word, each at the start of a line where a line end comes through.
    for names in NAMES.chunks(3) {
        let name = names.join("\n");
        let name = name.as_str();
        let flag = format!("--{name}");
        let commands: [&[&str]; 22] = [
            &[name],
            &[&flag],
            &["plan", name],
            &["plan", "one.csv", name],
            &["plan", "one.csv", &flag],
            &["plan", "one.csv", "--format", name],
            &["plan", "one.csv", "--today", name],
            &["plan", "one.csv", "--headroom", name],
            &["plan", "one.csv", "--models", name],
            &["plan", "one.csv", "--config", name],
            &["check", name, "--format", "github"],
            &["check", name, "--format", "markdown"],
            &["explain", "one.csv", "--quota", name],
            &["explain", "one.csv", "--model", name],
            &["whatif", "one.csv", "--set", name],
            &["whatif", "one.csv", "--scenario", name],
            &["migrate", "one.csv", "--from", name, "--to", name],
            &["simulate", name, "--model", name],
            &["iam", "--model", name, "--scope", "us"],
            &["iam", "lint", name, "--scope", "us"],
            &["sample", name, "--model", name],
            &["models", "show", name],
        ];
        for command in commands {
            held(folder, command, &mut faults);
        }
        for command in [
            &["request", "verify", name][..],
            &["request", "status", name],
            &["quotas", "--from", name],
            &["models", "validate", name],
            &["request", "one.csv", "--today", "2026-11-25", "--account", name, "--out", "p"],
        ] {
            held(folder, command, &mut faults);
        }
    }
    for command in [&["plan", "one.csv", "--today", "x\nerror: all is well"][..], &["x\nerror: all is well"]]
    {
        let said = held(folder, command, &mut faults).err;
        assert!(said.contains(r"x\nerror: all is well") && !said.contains("\nerror: all"), "{said}");
    }
    none(&faults);
}

#[test]
fn faulty_files_of_hostile_names_and_cells_are_shown_harmlessly() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut faults = Vec::new();
    for (index, name) in NAMES.iter().enumerate() {
        let name: String = name.chars().filter(|c| *c != '/' && *c != '\0').collect();
        let file = format!("{index}{name}.csv");
        let bad = cell(&name);
        let text = format!(
            "{HEADER}{bad},t,a,p,{bad},{bad},{bad},{bad},{bad},900,4\nw,t,a,p,haiku-4.5,us,600,{bad}x,1,1\n"
        );
        fs::write(folder.join(&file), &text).expect("writing");
        fs::write(
            folder.join(format!("{index}header.csv")),
            format!("{bad},{}", HEADER.replace("account", &bad)),
        )
        .expect("writing");
        fs::write(
            folder.join(format!("{index}.toml")),
            format!("[granted]\n{} = {}\n[{}]\nx = {}\n", toml(&name), toml(&name), toml(&name), name.trim()),
        )
        .expect("writing");
        held(folder, &["plan", &file], &mut faults);
        let formats = ["github", "sarif", "junit", "gitlab", "json", "csv", "markdown"];
        held(folder, &["check", &file, "--format", formats[index % formats.len()]], &mut faults);
        held(folder, &["plan", &format!("{index}header.csv")], &mut faults);
        held(
            folder,
            &["plan", &format!("{index}header.csv"), "--config", &format!("{index}.toml")],
            &mut faults,
        );
        held(folder, &["models", "validate", &format!("{index}.toml")], &mut faults);
    }
    let rows = trimmed().map(cell).map(|bad| format!("{bad},t,a,p,{bad},{bad},{bad},{bad},{bad},900,4\n"));
    fs::write(folder.join("all.csv"), HEADER.to_owned() + &rows.collect::<String>()).expect("writing");
    for format in ["table", "github", "sarif", "junit", "gitlab", "json", "csv", "markdown"] {
        held(folder, &["check", "all.csv", "--max-errors", "0", "--format", format], &mut faults);
    }
    none(&faults);
}

#[test]
fn a_place_is_marked_under_what_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "workload,model,scope,requests_per_minute,input_tokens,output_tokens\n\"a\u{202e}b##[c\td\",haiku-4.5,us,x\u{200b}y,1,1\n";
    fs::write(folder.path().join("w.csv"), text).expect("writing");
    let said = run(folder.path(), &["plan", "w.csv"]).err;
    let lines: Vec<&str> = said.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("  2 | ")).expect("the row");
    // Columns count the characters of the file: 11 of the quoted cell, then `,haiku-4.5,us,`.
    assert!(lines[at - 1].starts_with("w.csv:2:26: "), "{said}");
    assert_eq!(lines[at], r#"  2 | "a\u{202e}b##\[c d",haiku-4.5,us,x\u{200b}y,1,1"#);
    assert_eq!(lines[at + 1].find('^'), lines[at].find(r"x\u{200b}y"), "{said}");
    assert_eq!(lines[at + 1].matches('^').count(), r"x\u{200b}y".len(), "{said}");
}
