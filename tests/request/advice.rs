//! What a request pack and a plan say of caps, alarms, stages and remedies is true: figures by hand.

use std::fs;

use crate::support::quotaplan;

const HEADER: &str = "workload,model,scope,period,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,\
    max_tokens,latency_seconds,active_hours,output_tokens_p95,output_tokens_p99\n";

/// A folder with rows and applied values.
fn folder(rows: &str, granted: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("workloads.csv"), HEADER.to_owned() + rows).expect("writing");
    fs::write(folder.path().join("granted.toml"), format!("[granted]\n{granted}\n")).expect("writing");
    folder
}

/// What the program prints, and `name` of the pack it writes.
fn request(rows: &str, granted: &str, options: &[&str], name: &str) -> String {
    let folder = folder(rows, granted);
    let arguments =
        ["request", "workloads.csv", "--today", "2026-11-25", "--granted", "granted.toml", "--out", "pack"];
    let run = quotaplan(folder.path(), &[&arguments, options].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    fs::read_to_string(folder.path().join("pack").join(name)).expect("the file")
}

/// What the program prints for rows, with and without error.
fn said(command: &[&str], rows: &str, config: &str) -> String {
    let folder = folder(rows, "");
    fs::write(folder.path().join("quotaplan.toml"), config).expect("writing");
    let run = quotaplan(folder.path(), command);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const WIDE: &str = "wide,haiku-4.5,us,,900,2000,2000,300,64000,30,08-18,900,\n";

#[test]
fn an_alarm_counts_reservations_at_the_cap_that_is_accepted() {
    // S = 2,000 + 5 x 300 = 3,500 and p x S = 7,000,000. The cap: sigma of mean 300 and p95 900 is 0.9319, so the
    // 99.9 % quantile is 300 x e^(3.0902 x 0.9319 - 0.9319^2 / 2) = 3,461, or 3,500 in two digits.
    // H = 5,500, D = 2,000, in flight 2,000 x (3,500 + 0.5 x 2,000) = 9,000,000.
    let yaml = request(WIDE, "\"L-58BE175A\" = 5000000", &["--accept-max-tokens"], "alarms.yaml");
    assert!(yaml.contains("with max_tokens of at most 3,500"), "{yaml}");
    // floor(0.8 x 5,000,000 x 7 / 9), and of the 9,700,000 asked for floor(0.8 x 9,700,000 x 7 / 9).
    assert!(yaml.contains("Default: 3111111\n"), "{yaml}");
    assert!(yaml.contains("6,035,555 once"), "{yaml}");
    // As configured: H = 66,000, in flight 2,000 x (3,500 + 0.5 x 62,500) = 69,500,000; 4,000,000 x 7 / 69.5.
    let yaml = request(WIDE, "\"L-58BE175A\" = 5000000", &["--with-reservations", "x"], "alarms.yaml");
    assert!(yaml.contains("Default: 402877\n"), "{yaml}");
    assert!(!yaml.contains("with max_tokens of at most"), "{yaml}");
}

#[test]
fn an_alarm_takes_the_smallest_share_of_one_period_and_hour() {
    // April: p x S = 2,000 x 3,500, H = 3,024 below S: share 1. May: 700 x 3,500 = 2,450,000; H = 34,000,
    // D = 30,500, in flight 700 x (3,500 + 2/3 x 30,500) = 16,683,333.3; 4,000,000 x 2.45 / 16.6833... = 587,412.6.
    let april = "a,haiku-4.5,us,april,1500,2000,2000,300,1024,5,08-12,,\n";
    let may = "b,haiku-4.5,us,may,500,700,2000,300,32000,40,12-18,,\n";
    // A period in which nobody calls has no share.
    let idle = "c,haiku-4.5,us,june,0,0,2000,300,64000,60,12-18,,\n";
    for rows in [format!("{april}{may}"), format!("{idle}{may}{april}")] {
        let yaml = request(&rows, "\"L-58BE175A\" = 5000000", &["--with-reservations", "x"], "alarms.yaml");
        assert!(yaml.contains("Default: 587412\n"), "{yaml}");
    }
    // Hours of one day are told apart as periods are.
    let hours = format!("{april}{may}").replace("april", "").replace("may", "");
    let yaml = request(&hours, "\"L-58BE175A\" = 5000000", &["--with-reservations", "x"], "alarms.yaml");
    assert!(yaml.contains("Default: 587412\n"), "{yaml}");
}

#[test]
fn the_share_that_a_cap_cuts_is_true() {
    let row = |p95: &str, p99: &str| format!("wide,haiku-4.5,us,,900,2000,2000,300,64000,30,,{p95},{p99}\n");
    for (confidence, rows, cut) in [
        // The median of a log-normal is below 1.25 x its p95, above which 5 % lie at most.
        ("0.5", row("900", ""), "less than 5 %"),
        ("0.9", row("900", ""), "less than 5 %"),
        // The quantile, 3,500, is above 1.25 x 900.
        ("0.999", row("900", ""), "about 0.1 %"),
        // sigma of 300 and 310 is 0.020: the quantile is 300 x 1.06, 1.25 x 310 = 387.5 more.
        ("0.999", row("310", ""), "less than 0.1 %"),
        // A p95 at or below the mean, or 4 times it, is no log-normal's: its definition alone is left.
        ("0.999", row("300", ""), "less than 5 %"),
        ("0.999", row("100", ""), "less than 5 %"),
        ("0.999", row("1200", ""), "less than 5 %"),
        // 1.25 x 2,000 is below 3,500, and what is above a p99 is less than 1 %.
        ("0.999", row("900", "2000"), "about 0.1 %"),
        ("0.999", row("900", "8000"), "less than 1 %"),
        ("0.5", row("900", "900"), "less than 1 %"),
        ("0.5", row("", ""), "about 0.1 %"),
        // A share of all answers is that of the row that is cut most.
        ("0.5", format!("{}{}", row("", "2000"), row("1500", "").replace("wide", "b")), "less than 5 %"),
        ("0.999", format!("{}{}", row("900", ""), row("310", "").replace("wide", "b")), "about 0.1 %"),
        // Rows without requests have no answers.
        (
            "0.5",
            format!("{}{}", row("", "2000"), row("1500", "").replace("wide", "b").replace("900,2000", "0,0")),
            "less than 1 %",
        ),
    ] {
        let config = format!("confidence = {confidence}\n");
        for command in [
            &["plan", "workloads.csv", "--details"][..],
            &["explain", "workloads.csv", "--quota", "L-58BE175A"],
        ] {
            let text = said(command, &rows, &config);
            assert!(
                text.contains(&format!("expected to cut off {cut} of the answers")),
                "{confidence} {rows}{command:?}: {text}"
            );
        }
    }
}

/// The remedy of an applied value of 0, or of one that is exceeded, where max_tokens of a model whose maximum is
/// unknown is not set.
#[test]
fn a_cap_is_said_to_fit_only_where_the_applied_value_holds_it() {
    // The tight cap is 7 x 300. S = 2,000 + b x 300; the lean demand of some 1.1 million is below the default.
    let unset = "a,xai.grok-4.7,us,,300,400,2000,300,,5,08-18,,\n";
    let plan = |granted: &str| {
        let folder = folder(unset, granted);
        let run =
            quotaplan(folder.path(), &["plan", "workloads.csv", "--granted", "granted.toml", "--details"]);
        let text = String::from_utf8(run.stdout).expect("UTF-8");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let zero = plan("\"L-5DAEA81C\" = 0");
    assert!(zero.contains("not-provisioned"), "{zero}");
    assert!(!zero.contains("then it fits"), "{zero}");
    assert!(
        zero.contains(
            "lower max_tokens to 2,100 and ask AWS Support to restore the applied value to AWS's default of"
        ),
        "{zero}"
    );
}

#[test]
fn a_cap_that_holds_under_the_default_alone_is_not_said_to_fit() {
    let folder = folder(WIDE.replace("900,2000,2000", "400,500,2000").as_str(), "");
    let run = quotaplan(
        folder.path(),
        &[
            "request",
            "workloads.csv",
            "--today",
            "2026-11-25",
            "--out",
            "pack",
            "--accept-max-tokens",
            "--all",
        ],
    );
    let text = String::from_utf8(run.stdout).expect("UTF-8") + &String::from_utf8_lossy(&run.stderr);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("the applied value is not given, and AWS's default of 5,000,000 would be enough for"),
        "{text}"
    );
    assert!(!text.contains("it fits"), "{text}");
}

#[test]
fn stages_that_begin_at_the_default_say_so() {
    let stages = |applied: u64| {
        let granted = format!("\"L-58BE175A\" = {applied}");
        let text = request(WIDE, &granted, &["--with-reservations", "x", "--stages"], "request.md");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let below = stages(1_000_000);
    assert!(
        below.contains(
            "The first stage is at most 2 times AWS's default of 5,000,000, not the applied 1,000,000, because Service Quotas accepts no value at or below the default; each further stage is at most 2 times the one before it"
        ),
        "{below}"
    );
    for applied in [5_000_000, 6_000_000] {
        let text = stages(applied);
        assert!(text.contains("Each stage is at most 2 times the value before it"), "{text}");
    }
}
