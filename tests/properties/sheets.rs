//! What people and spreadsheets write: hours, numbers and names of columns in many forms, each read as
//! meant or named with what is meant.

use proptest::prelude::*;
use quotaplan::text::{Code, Diagnostic, Diagnostics, Severity, Sources, decode};
use quotaplan::units::{DecimalMark, NumberFault, parse_millionths_up};
use quotaplan::workload::{self, Column, Hours, ReadOptions, WorkloadSet};

use super::cases;
use super::settings::table;

/// Reads a file as bytes; everything there is to say comes along.
fn read(bytes: &[u8], options: &ReadOptions) -> (Option<WorkloadSet>, Vec<(usize, usize)>, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let file = decode(&mut sources, "w.csv", bytes.to_vec(), &mut diagnostics);
    let set = file.and_then(|file| workload::parse(&sources, file, table(), options, &mut diagnostics));
    let said = diagnostics.into_sorted();
    let places = said.iter().map(|diagnostic| match diagnostic.place {
        quotaplan::text::Place::Span(span) => {
            let (_, position) = sources.locate(span).expect("it is in the file");
            (position.line, position.column)
        }
        _ => (0, 0),
    });
    let places = places.collect();
    (set, places, said)
}

/// Ways to write a whole hour.
fn hour(hour: u32, form: usize) -> String {
    let half = if hour % 24 < 12 { "am" } else { "pm" };
    let twelve = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    match form {
        0 => hour.to_string(),
        1 => format!("{hour:02}"),
        2 => format!("{hour:02}:00"),
        3 => format!("{hour}:00"),
        4 => format!("{hour:02}:00:00"),
        5 => format!("{hour}h"),
        6 => format!("{hour:02}h00"),
        7 => format!("{hour:02}00"),
        // 24 o'clock has no half of a day.
        8 if hour < 24 => format!("{twelve}{half}"),
        9 if hour < 24 => format!("{twelve} {}", half.to_uppercase()),
        10 if hour < 24 => format!("{twelve}:00 {half}"),
        _ => format!("{hour:02}.00"),
    }
}

/// A day with a break is two ranges, and the second may be written as on the face of a clock.
#[test]
fn a_day_with_a_break_is_recognised() {
    for (written, meant) in [
        ("9-12,13-5", Some("09-12,13-17")),
        ("8-12,14-6", Some("08-12,14-18")),
        ("13-5,9-12", Some("13-17,09-12")),
        ("9-5", Some("09-17")),
        ("17-9", Some("09-17")),
        ("17-9,9-12", Some("17-21,09-12")),
        ("9-5,20-22", Some("09-17,20-22")),
        // Both 09-17 and 05-09 have an hour of 08-10.
        ("9-5,8-10", None),
        // 23 o'clock and twelve hours is no hour of that day.
        ("23-13,14-15", None),
    ] {
        let read = Hours::read(written).expect("hours");
        assert_eq!((read.doubtful, read.probably.as_deref()), (true, meant), "{written}");
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn whole_hours_are_read_in_every_form(
        from in 0_u32..24, to in 0_u32..=24, forms in (0_usize..12, 0_usize..12),
        dash in prop::sample::select(vec!["-", "–", "—", " - ", " – "]),
    ) {
        prop_assume!(from != to % 24 || to == 24);
        let text = format!("{}{dash}{}", hour(from, forms.0), hour(to, forms.1));
        // One o'clock at the end of a day is midnight.
        let (read, plain) = (Hours::read(&text), Hours::parse(&format!("{from:02}-{to:02}")));
        let Ok(read) = read else {
            return Err(TestCaseError::fail(format!("{text}: {read:?}")));
        };
        prop_assert_eq!(Ok(read.hours), plain, "{}", text);
        let length = (to + 24 - from) % 24;
        let doubtful = from > to && to > 0 && length > 12;
        prop_assert_eq!(read.probably.is_some(), doubtful, "{}", text);
        if let Some(probably) = read.probably {
            // A working day ends on the day it begins, and what is meant is no longer in doubt.
            let meant = Hours::read(&probably).expect("hours");
            prop_assert!(meant.probably.is_none() && meant.hours.count() < length, "{} {}", text, probably);
        }
    }

    #[test]
    fn hours_suggested_never_overlap(ranges in prop::collection::vec((0_u32..24, 1_u32..=24), 1..4)) {
        prop_assume!(ranges.iter().all(|(from, to)| *from != to % 24));
        let text = |ranges: &[(u32, u32)]| {
            let words: Vec<String> = ranges.iter().map(|(from, to)| format!("{from}-{to}")).collect();
            words.join(",")
        };
        let count = |text: &str| Hours::read(text).expect("hours").hours.count();
        let is_doubtful = |(from, to): (u32, u32)| to < from && 24 - from + to > 12;
        let read = Hours::read(&text(&ranges)).expect("hours");
        prop_assert_eq!(read.doubtful, ranges.iter().any(|range| is_doubtful(*range)));
        let Some(probably) = read.probably else { return Ok(()) };
        // One after the other: what is meant adds all of its hours to those that are certain.
        let meant: Vec<&str> = probably.split(',').collect();
        prop_assert_eq!(meant.len(), ranges.len());
        let certain: Vec<(u32, u32)> = ranges.iter().copied().filter(|range| !is_doubtful(*range)).collect();
        let replaced = meant.iter().zip(&ranges).filter(|(_, range)| is_doubtful(**range));
        let added: u32 = replaced.map(|(meant, _)| count(meant)).sum();
        let before = if certain.is_empty() { 0 } else { count(&text(&certain)) };
        prop_assert_eq!(count(&probably), before + added, "{:?} {}", ranges, probably);
    }

    #[test]
    fn no_part_of_an_hour_is_dropped(
        hour in 0_u32..24, minutes in 1_u32..60,
        form in prop::sample::select(vec![":", "h", ".", ""]), first in any::<bool>(),
    ) {
        let part = format!("{hour:02}{form}{minutes:02}");
        let text = if first { format!("{part}-23") } else { format!("0-{part}") };
        let wrong = Hours::read(&text).expect_err("no whole hour").to_string();
        prop_assert!(wrong.contains("whole hour") && wrong.contains(&part), "{}", wrong);
    }

    #[test]
    fn divisions_are_rounded_up_at_the_sixth_decimal(whole in 0_u64..1_000_000, digits in "[0-9]{1,20}") {
        let text = format!("{whole}.{digits}");
        let padded = format!("{digits:0<20}");
        let exact: u128 = format!("{whole}{padded}").parse().expect("digits");
        let up = u64::try_from(exact.div_ceil(100_000_000_000_000)).expect("small");
        prop_assert_eq!(parse_millionths_up(&text, DecimalMark::Point), Ok(up));
        prop_assert_eq!(parse_millionths_up(&text.replace('.', ","), DecimalMark::Comma), Ok(up));
        // With the mark that the file does not have, it is never taken for another number.
        prop_assert!(parse_millionths_up(&text, DecimalMark::Comma).is_err());
        prop_assert!(parse_millionths_up(&text.replace('.', ","), DecimalMark::Point).is_err());
    }

    #[test]
    fn thousands_are_never_read_as_decimals(groups in prop::collection::vec(0_u32..1000, 1..4), first in 1_u32..1000) {
        let grouped = |mark: &str| {
            let rest: String = groups.iter().map(|group| format!("{mark}{group:03}")).collect();
            format!("{first}{rest}")
        };
        let fault = parse_millionths_up(&grouped("."), DecimalMark::Comma);
        let wanted = if groups.len() == 1 { NumberFault::PointOfThousands } else { NumberFault::ThousandsSeparator };
        prop_assert_eq!(fault, Err(wanted));
        prop_assert_eq!(
            parse_millionths_up(&format!("{},5", grouped(".")), DecimalMark::Comma),
            Err(NumberFault::ThousandsSeparator)
        );
        prop_assert_eq!(
            parse_millionths_up(&grouped(","), DecimalMark::Point),
            Err(NumberFault::ThousandsSeparator)
        );
    }
}

/// Other people's names, and the column each stands for.
const NAMES: [(&str, &str); 60] = [
    ("RPM", "requests_per_minute"),
    ("Requests/min", "requests_per_minute"),
    ("Avg RPM", "requests_per_minute"),
    ("Average requests per minute", "requests_per_minute"),
    ("Req / min", "requests_per_minute"),
    ("Requests (per minute)", "requests_per_minute"),
    ("Requests per minute [1/min]", "requests_per_minute"),
    ("Invocations per minute", "requests_per_minute"),
    ("RequestsPerMinute", "requests_per_minute"),
    ("RPS", "requests_per_second"),
    ("QPS", "requests_per_second"),
    ("Requests/s", "requests_per_second"),
    ("Requests per hour", "requests_per_hour"),
    ("Hourly requests", "requests_per_hour"),
    ("Requests per day", "requests_per_day"),
    ("Daily requests", "requests_per_day"),
    ("Number of requests per day", "requests_per_day"),
    ("Requêtes par minute", "requests_per_minute"),
    ("Peak RPM", "peak_requests_per_minute"),
    ("Max RPM", "peak_requests_per_minute"),
    ("Peak requests per minute", "peak_requests_per_minute"),
    ("Busiest minute", "peak_requests_per_minute"),
    ("Peak factor", "peak_factor"),
    ("Peak ratio", "peak_factor"),
    ("Number of users", "users"),
    ("Daily active users", "users"),
    ("Requests/user/day", "requests_per_user_per_day"),
    ("Requests per user per hour", "requests_per_user_per_hour"),
    ("Calls per request", "calls_per_request"),
    ("Avg input tokens", "input_tokens"),
    ("Input Tokens (avg)", "input_tokens"),
    ("Prompt tokens", "input_tokens"),
    ("inputTokens", "input_tokens"),
    ("Mean input-tokens", "input_tokens"),
    ("Tokens in", "input_tokens"),
    ("Avg output tokens", "output_tokens"),
    ("Completion tokens", "output_tokens"),
    ("output.tokens", "output_tokens"),
    ("P95 output tokens", "output_tokens_p95"),
    ("Input tokens (95th percentile)", "input_tokens_p95"),
    ("Max tokens", "max_tokens"),
    ("maxTokens", "max_tokens"),
    ("Max output tokens", "max_tokens"),
    ("Cache read tokens", "cache_read_tokens"),
    ("Cached input tokens", "cache_read_tokens"),
    ("Cache writes", "cache_write_tokens"),
    ("Latency (ms)", "latency_seconds"),
    ("Response time (s)", "latency_seconds"),
    ("Model ID", "model"),
    ("modelId", "model"),
    ("Model name", "model"),
    ("Foundation model", "model"),
    ("Application", "workload"),
    ("Use case", "workload"),
    ("Workload name", "workload"),
    ("Account ID", "account"),
    ("Department", "team"),
    ("Season", "period"),
    ("Business hours", "active_hours"),
    ("Monthly growth", "growth_per_month"),
];

/// Whether a name is a column's but for capitals, spaces, hyphens and underscores.
fn is_ours(name: &str, column: &str) -> bool {
    let letters = |text: &str| text.replace([' ', '-', '_'], "").to_lowercase();
    letters(name) == letters(column)
}

/// The one thing said about a header, and its help.
fn of_header(header: &[String], cells: usize) -> String {
    let row = vec!["1"; cells].join(";");
    let (set, _, said) = read(format!("{}\n{row}\n", header.join(";")).as_bytes(), &ReadOptions::default());
    assert!(set.is_none());
    let of_columns: Vec<&Diagnostic> = said
        .iter()
        .filter(|d| [Code::MissingColumn, Code::UnknownColumn, Code::DuplicateColumn].contains(&d.code))
        .collect();
    assert_eq!(of_columns.len(), 1, "{header:?}: {said:?}");
    assert_eq!((of_columns[0].code, of_columns[0].severity), (Code::MissingColumn, Severity::Error));
    format!("{}; {}", of_columns[0].message, of_columns[0].help)
}

#[test]
fn well_known_names_lead_to_their_columns() {
    for (name, column) in NAMES {
        let said = of_header(&[name.to_owned(), "Notes".to_owned()], 2);
        // Ours with other capitals, spaces or hyphens is read as it stands.
        let is_foreign = !is_ours(name, column);
        assert_eq!(said.contains(&format!("`{name}` to `{column}`")), is_foreign, "{name}: {said}");
        assert!(said.contains("not read: `Notes`"), "{said}");
        let is_rate = column.starts_with("requests_per_");
        assert_eq!(said.contains("add the rate"), !is_rate && column != "users", "{said}");
        assert_eq!(said.contains("add requests_per_user_per_hour"), column == "users", "{said}");
        assert_eq!(said.contains("add `users`"), column.contains("per_user"), "{said}");
    }
}

/// A rate of tokens or a month's count has no column, and must not be taken for one that there is.
#[test]
fn names_without_a_column_are_not_renamed() {
    for name in ["TPM", "Tokens per minute", "Requests per month", "Requests", "Cost", "Region", "Comment"] {
        let said = of_header(&[name.to_owned(), "Notes".to_owned()], 2);
        assert!(!said.contains(&format!("`{name}` to")), "{name}: {said}");
    }
}

#[test]
fn another_unit_is_named() {
    for (name, caution) in
        [("Latency (ms)", "divide milliseconds by 1000"), ("Input tokens (k)", "not thousands")]
    {
        let said = of_header(&[name.to_owned(), "Notes".to_owned()], 2);
        assert!(said.contains(caution), "{said}");
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// Our own names in other capitals, or with spaces or hyphens, are ours: the same rows, and one note
    /// that names what was read.
    #[test]
    fn our_names_in_other_capitals_spaces_and_hyphens_are_ours(spelling in 0_usize..6, optional in any::<bool>()) {
        let mut columns = vec!["workload", "model", "scope", "requests_per_day", "input_tokens", "output_tokens"];
        let mut row = vec!["chat", "haiku-4.5", "us", "1200", "6000", "100"];
        if optional {
            columns.extend(["active_hours", "max_tokens", "team"]);
            row.extend(["08-18", "400", "claims"]);
        }
        let spelt = |name: &&str| -> String {
            let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
            let words: Vec<&str> = name.split('_').collect();
            match spelling {
                0 => words.join(" "),
                1 => words.join("-"),
                2 => words.iter().map(|word| capital(word)).collect::<Vec<_>>().join(" "),
                3 => words.iter().map(|word| capital(word)).collect(),
                4 => words.join("_").to_uppercase(),
                _ => format!("  {} ", words.join("  ")),
            }
        };
        let header: Vec<String> = columns.iter().map(spelt).collect();
        let text = |header: &str| format!("{header}\n{}\n", row.join(","));
        let (plain, _, said) = read(text(&columns.join(",")).as_bytes(), &ReadOptions::default());
        prop_assert!(said.is_empty(), "{:?}", said);
        let (set, places, said) = read(text(&header.join(",")).as_bytes(), &ReadOptions::default());
        let (plain, set) = (plain.expect("rows"), set.expect("rows"));
        let (own, other) = (&plain.rows()[0], &set.rows()[0]);
        prop_assert_eq!((own.mean_rate(), own.input(), own.output()), (other.mean_rate(), other.input(), other.output()));
        prop_assert_eq!((own.hours(), own.max_tokens(), own.scope()), (other.hours(), other.max_tokens(), other.scope()));
        let is_respelt = |index: usize| header[index].trim() != columns[index];
        prop_assert_eq!(said.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::ColumnSpelling]);
        for (index, column) in columns.iter().enumerate() {
            let named = said[0].message.contains(&format!("`{}` as `{column}`", header[index].trim()));
            prop_assert_eq!(named, is_respelt(index), "{}", &said[0].message);
        }
        let first = (0..columns.len()).find(|index| is_respelt(*index)).expect("one is");
        let before: usize = header[..first].iter().map(|name| name.chars().count() + 1).sum();
        let blanks = header[first].len() - header[first].trim_start().len();
        prop_assert_eq!(places[0], (1, before + blanks + 1));
    }

    /// Below a header of other people's names the rows are judged as below the corrected one.
    #[test]
    fn rows_below_foreign_names_are_judged_as_below_ours(
        names in prop::collection::vec(any::<prop::sample::Index>(), 7),
        bad in prop::collection::vec((0_usize..7, prop::sample::select(vec!["", "ten", "-1", "us", "haiku-4.5"])), 0..6),
        rate in prop::sample::select(vec!["requests_per_minute", "requests_per_day", "requests_per_second"]),
    ) {
        let ours = ["workload", "model", "scope", rate, "input_tokens", "output_tokens", "active_hours"];
        let scopes = [("Geography", "scope"), ("Routing", "scope")];
        let foreign: Vec<&str> = ours.iter().zip(&names).map(|(own, index)| {
            let some: Vec<&str> = NAMES.iter().chain(&scopes)
                .filter(|(name, column)| column == own && !is_ours(name, own)).map(|(name, _)| *name).collect();
            some[index.index(some.len())]
        }).collect();
        let mut rows = vec![["a", "haiku-4.5", "us", "12", "6000", "100", "08-18"]; 3];
        for (at, (cell, value)) in bad.iter().enumerate() {
            rows[at % 3][*cell] = value;
        }
        rows[1][0] = "b";
        rows[2][0] = "c";
        let text = |header: &[&str]| {
            let rows: Vec<String> = rows.iter().map(|row| row.join(";")).collect();
            format!("{}\n{}\n", header.join(";"), rows.join("\n"))
        };
        let of_rows = |header: &[&str]| {
            let (set, places, said) = read(text(header).as_bytes(), &ReadOptions::default());
            let found = said.into_iter().zip(places).filter(|(_, (line, _))| *line > 1);
            (set.is_some(), found.map(|(d, place)| (d.code, d.message, d.help, place)).collect::<Vec<_>>())
        };
        let (planned, judged) = of_rows(&foreign);
        prop_assert!(!planned, "nothing is planned before the columns are renamed");
        prop_assert_eq!(judged, of_rows(&ours).1);
    }

    /// Our own names as other people spell them: all in one error, each with its column.
    #[test]
    fn our_names_in_any_spelling_lead_to_their_columns(
        columns in prop::sample::subsequence(Column::ALL.to_vec(), 2..8), dots in any::<bool>(),
    ) {
        let spelt = |name: &str| -> String {
            if dots { name.replace('_', ".").to_uppercase() } else { format!("{} (avg)", name.replace('_', " ")) }
        };
        let header: Vec<String> = columns.iter().map(|column| spelt(column.name())).collect();
        // One word in other capitals is the same name.
        let foreign = |index: usize| !is_ours(header[index].trim(), columns[index].name());
        let said = of_header(&header, columns.len());
        for (index, column) in columns.iter().enumerate() {
            if foreign(index) {
                let rename = format!("`{}` to `{}`", header[index].trim(), column.name());
                prop_assert!(said.contains(&rename), "{}: {}", rename, said);
            }
        }
    }

    /// Excel's first line and titles move nothing: faults keep their places.
    #[test]
    fn places_stay_right_below_other_lines(
        delimiter in prop::sample::select(vec![',', ';', '\t']), sep in 0_usize..4, titles in 0_usize..4,
        bom in any::<bool>(), end in prop::sample::select(vec!["\n", "\r\n"]), blank in any::<bool>(),
    ) {
        let mut lines: Vec<String> = Vec::new();
        match sep {
            1 => lines.push(format!("sep={delimiter}")),
            2 => lines.push(format!("SEP={delimiter}")),
            3 => lines.push(format!("\"sep={delimiter}\"")),
            _ => {}
        }
        for title in 0..titles {
            lines.push(match title {
                0 => format!("Capacity 2027{delimiter}{delimiter}"),
                1 => "Prepared by the platform team".to_owned(),
                _ => delimiter.to_string(),
            });
        }
        if blank {
            lines.push(String::new());
        }
        let names = ["workload", "model", "scope", "requests_per_minute", "input_tokens", "output_tokens", "max_tokens"];
        let header = lines.len() + 1;
        lines.push(names.join(&delimiter.to_string()));
        let row = ["chat", "haiku-4.5", "us", "x1", "6000", "100", "400"];
        lines.push(row.join(&delimiter.to_string()));
        let text = lines.join(end) + end;
        let bytes = if bom { format!("\u{feff}{text}") } else { text };
        let (set, places, said) = read(bytes.as_bytes(), &ReadOptions::default());
        prop_assert!(set.is_none());
        let number = said.iter().position(|d| d.code == Code::BadNumber).expect("the bad number is seen");
        prop_assert_eq!(places[number], (header + 1, 19));
        prop_assert_eq!(said.len(), if titles > 0 { 2 } else { 1 }, "{:?}", said);
        if titles > 0 {
            let title = said.iter().position(|d| d.code == Code::MissingColumn).expect("the title is seen");
            prop_assert!(said[title].message.ends_with(&format!("on line {header}")), "{}", said[title].message);
            prop_assert_eq!(places[title].0, if sep > 0 { 2 } else { 1 });
        }
    }

    /// The same file with decimal commas is the same plan.
    #[test]
    fn a_decimal_comma_is_read_like_a_point(
        rate in 1_u64..100_000_000, tokens in 10_000_000_u64..10_000_000_000, delimiter in prop::sample::select(vec![',', ';']),
    ) {
        let decimal = |value: u64| format!("{}.{:06}", value / 1_000_000, value % 1_000_000);
        let text = |mark: char| {
            let cell = |value: u64| format!("\"{}\"", decimal(value).replace('.', &mark.to_string()));
            let header = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens";
            let row = ["chat".to_owned(), "haiku-4.5".to_owned(), "us".to_owned(), cell(rate), cell(tokens), "1".to_owned(), "400".to_owned()];
            format!("{}\n{}\n", header.replace(',', &delimiter.to_string()), row.join(&delimiter.to_string()))
        };
        let comma = ReadOptions { decimal: DecimalMark::Comma, ..ReadOptions::default() };
        let (point, _, said) = read(text('.').as_bytes(), &ReadOptions::default());
        prop_assert!(said.is_empty(), "{:?}", said);
        let (set, _, said) = read(text(',').as_bytes(), &comma);
        prop_assert!(said.is_empty(), "{:?}", said);
        let (point, set) = (point.expect("rows"), set.expect("rows"));
        prop_assert_eq!(set.rows()[0].mean_rate(), point.rows()[0].mean_rate());
        prop_assert_eq!(set.rows()[0].input(), point.rows()[0].input());
        // Read as it is not meant, it is refused.
        prop_assert!(read(text(',').as_bytes(), &ReadOptions::default()).0.is_none());
        prop_assert!(read(text('.').as_bytes(), &comma).0.is_none());
    }
}
