//! Answers written as the AWS CLI writes them, by this file alone: pages of JSON with four blanks of
//! indent, doubles for values, either form of a time.

use proptest::prelude::*;
use quotaplan::answers::{QuotaRequest, RequestStatus, ServiceQuota};
use quotaplan::text::{Diagnostics, FileId, SourceFile, Sources};
use quotaplan::units::QuotaAmount;

/// How a number may be written: AWS writes doubles, and a fraction counts for nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Written {
    Whole,
    Double,
    Exponent,
    Fraction,
}

pub(super) fn number(value: u64, written: Written) -> String {
    match written {
        Written::Whole => value.to_string(),
        Written::Double => format!("{value}.0"),
        // One digit before the point, as Python writes 1.152e+10.
        Written::Exponent => {
            let digits = value.to_string();
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            format!("{first}.{rest}e+{:02}", digits.len() - 1)
        }
        Written::Fraction => format!("{value}.9999"),
    }
}

fn text(value: &str) -> String {
    serde_json::to_string(value).expect("a string has a JSON form")
}

/// A quota with how it is written: an account makes it an applied one.
pub(super) fn quota(quota: &ServiceQuota, written: Written) -> String {
    let account = quota.account.as_deref().unwrap_or_default();
    let mut fields = vec![
        "\"ServiceCode\": \"bedrock\"".to_owned(),
        "\"ServiceName\": \"Amazon Bedrock\"".to_owned(),
        format!("\"QuotaArn\": \"arn:aws:servicequotas:ca-central-1:{account}:bedrock/{}\"", quota.code),
        format!("\"QuotaCode\": \"{}\"", quota.code),
    ];
    fields.extend(quota.name.as_deref().map(|name| format!("\"QuotaName\": {}", text(name))));
    fields.push(match quota.value {
        Some(value) => format!("\"Value\": {}", number(value.get(), written)),
        None => "\"ErrorReason\": {\"ErrorCode\": \"DEPENDENCY_SERVICE_ERROR\"}, \"Value\": 7.0".to_owned(),
    });
    fields.push("\"Unit\": \"None\"".to_owned());
    fields.extend(quota.adjustable.map(|adjustable| format!("\"Adjustable\": {adjustable}")));
    fields.push("\"GlobalQuota\": false".to_owned());
    object(&fields, 8)
}

fn object(fields: &[String], indent: usize) -> String {
    let blank = " ".repeat(indent + 4);
    format!("{{\n{blank}{}\n{}}}", fields.join(&format!(",\n{blank}")), " ".repeat(indent))
}

/// A page of an answer; one that is not the last carries a token.
pub(super) fn page(key: &str, entries: &[String], is_last: bool) -> String {
    let token = if is_last { String::new() } else { ",\n    \"NextToken\": \"eyJ0IjogMX0=\"".to_owned() };
    format!("{{\n    \"{key}\": [\n        {}\n    ]{token}\n}}\n", entries.join(",\n        "))
}

pub(super) fn request(request: &QuotaRequest, in_seconds: bool, offset: i8) -> String {
    let time = |time: jiff::Timestamp| {
        if in_seconds {
            format!("{}.{:03}", time.as_second(), time.subsec_millisecond())
        } else {
            let offset = jiff::tz::Offset::from_hours(offset).expect("an offset");
            text(&time.display_with_offset(offset).to_string())
        }
    };
    let mut fields = vec![format!("\"Id\": {}", text(&request.id))];
    fields.extend(request.case_id.as_deref().map(|case| format!("\"CaseId\": {}", text(case))));
    fields.push("\"ServiceCode\": \"bedrock\"".to_owned());
    fields.push(format!("\"QuotaCode\": \"{}\"", request.code));
    fields.extend(request.name.as_deref().map(|name| format!("\"QuotaName\": {}", text(name))));
    fields.extend(request.desired.map(|value| format!("\"DesiredValue\": {}.0", value.get())));
    fields.push(format!("\"Status\": {}", text(request.status.as_str())));
    fields.extend(request.created.map(|created| format!("\"Created\": {}", time(created))));
    fields.extend(request.updated.map(|updated| format!("\"LastUpdated\": {}", time(updated))));
    object(&fields, 8)
}

/// Entries cut into pages at these places.
pub(super) fn pages(key: &str, entries: &[String], cuts: &[prop::sample::Index]) -> Vec<String> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(entries.len() + 1)).collect();
    at.sort_unstable();
    at.push(entries.len());
    let mut from = 0;
    let count = at.len();
    at.into_iter()
        .enumerate()
        .map(|(index, to)| {
            let page = page(key, &entries[from..to], index + 1 == count);
            from = to;
            page
        })
        .collect()
}

/// How pages are laid out: one behind the other in a file, in a JSON array, or a file each.
#[derive(Debug, Clone, Copy)]
pub(super) enum Layout {
    Behind,
    Array,
    Files,
}

pub(super) fn layout() -> impl Strategy<Value = Layout> {
    prop::sample::select(vec![Layout::Behind, Layout::Array, Layout::Files])
}

pub(super) fn laid_out(pages: Vec<String>, layout: Layout) -> Vec<String> {
    match layout {
        Layout::Behind => vec![pages.concat()],
        Layout::Array => vec![format!("[{}]", pages.join(","))],
        Layout::Files => pages,
    }
}

/// Puts texts into sources.
pub(super) fn files(texts: Vec<String>) -> (Sources, Vec<FileId>, Diagnostics) {
    let mut sources = Sources::new();
    let add = |(index, text)| sources.add(SourceFile::new(format!("{index}.json"), text));
    let files = texts.into_iter().enumerate().map(add).collect();
    (sources, files, Diagnostics::new())
}

pub(super) fn amount() -> impl Strategy<Value = QuotaAmount> {
    let value = prop_oneof![0..=20_u64, 0..=10_000_000_000_u64, 0..=1_000_000_000_000_000_000_u64];
    value.prop_map(|value| QuotaAmount::new(value).expect("at most 10^18"))
}

pub(super) fn written() -> impl Strategy<Value = Written> {
    let all = vec![Written::Whole, Written::Double, Written::Exponent, Written::Fraction];
    prop::sample::select(all)
}

/// A text of anything at all: `any` alone has no control characters.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\\u{0}-\\u{20}\"'\\\\#=a\\u{7f}\\u{85}\\u{202e}\\u{2028}\\[\\]]{0,12}"]
}

/// Quotas of distinct codes, some of them the model table's, in a list of one account or of none.
pub(super) fn quotas(account: Option<&'static str>) -> impl Strategy<Value = Vec<(ServiceQuota, Written)>> {
    let code = prop_oneof![
        prop::sample::select(vec!["L-58BE175A", "L-27C57EE8", "L-E3F10727"]).prop_map(str::to_owned),
        "L-[0-9A-F]{8}",
    ];
    let rest = (
        prop::option::of(anything()),
        prop::option::weighted(0.8, amount()),
        any::<Option<bool>>(),
        written(),
    );
    prop::collection::btree_map(code, rest, 1..12).prop_map(move |quotas| {
        let quota = |(code, (name, value, adjustable, written))| {
            let account = account.map(str::to_owned);
            (ServiceQuota { code, name, value, adjustable, account }, written)
        };
        quotas.into_iter().map(quota).collect::<Vec<_>>()
    })
}

/// Requests of distinct ids; times to the millisecond, as Service Quotas has them.
pub(super) fn requests() -> impl Strategy<Value = Vec<QuotaRequest>> {
    let status = prop_oneof![
        prop::sample::select(vec!["PENDING", "CASE_OPENED", "APPROVED", "DENIED", "CASE_CLOSED"])
            .prop_map(str::to_owned),
        "[A-Z_]{3,12}",
    ];
    let time = || {
        prop::option::of(0..4_000_000_000_000_i64)
            .prop_map(|time| time.map(|time| jiff::Timestamp::from_millisecond(time).expect("in range")))
    };
    let text = || prop::option::of(anything());
    let one = ("L-[0-9A-F]{8}", text(), prop::option::of(amount()), status, text(), time(), time());
    prop::collection::btree_map("[a-z0-9]{4,40}", one, 0..8).prop_map(|requests| {
        let request = |(id, (code, name, desired, status, case_id, created, updated))| QuotaRequest {
            id,
            code,
            name,
            desired,
            status: RequestStatus::parse(String::as_str(&status)),
            case_id,
            created,
            updated,
        };
        requests.into_iter().map(request).collect()
    })
}
