//! From saved answers to what they state: inference profiles, models and prices; quotas are read by `saved`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::prices::{self, Prices};
use crate::catalog::REGION;
use crate::saved::{self, start};
use crate::text::json::{Node, Value};
use crate::text::{Code, Diagnostics, FactDate, FileId, Sources, Span};

const HELP: &str = "save the complete output of the AWS CLI as JSON: `quotaplan models update --print-command` prints the commands";

/// A system-defined inference profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Profile {
    /// Sorted; `None` for every commercial Region.
    pub(super) regions: Option<Vec<String>>,
    pub(super) active: bool,
}

/// The life of a model as AWS states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) status: String,
    pub(super) legacy: Option<Stated>,
    pub(super) extended: Option<Stated>,
    pub(super) end: Option<Stated>,
}

/// A day, and where it is stated; two of them are the same where the days are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stated {
    pub(super) day: FactDate,
    pub(super) span: Span,
}

impl PartialEq for Stated {
    fn eq(&self, other: &Self) -> bool {
        self.day == other.day
    }
}

impl Eq for Stated {}

/// What the files state besides quotas.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Files that list quotas.
    pub(super) quota_files: Vec<FileId>,
    /// By id; `None` where no list of profiles was given.
    pub(super) profiles: Option<BTreeMap<String, Profile>>,
    /// By id; `None` where no list of models was given.
    pub(super) models: Option<BTreeMap<String, Life>>,
    /// Application profiles, which are of an account.
    pub(super) application_profiles: usize,
    /// What price lists state.
    pub(super) prices: Prices,
}

#[derive(Default)]
struct Pages {
    ends: bool,
    token: Option<Span>,
    /// Whether any page holds an item.
    holds_any: bool,
    /// The first page without one that no other is said to follow.
    empty: Option<Span>,
}

pub(super) fn read(sources: &Sources, files: &[FileId], d: &mut Diagnostics) -> Answers {
    let mut answers = Answers::default();
    let mut pages: BTreeMap<&str, Pages> = BTreeMap::new();
    for file in files {
        let text = sources.file(*file).map_or("", |file| file.text());
        // Quotas are read again by `saved`, with words of its own for what is wrong in them.
        let documents = saved::documents(*file, text, HELP, d);
        let each = documents.iter().flat_map(|document| match &document.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(document),
        });
        let mut is_blank = !documents.is_empty();
        for page in each {
            is_blank = false;
            if let Some(quotas) = quotas_of(page) {
                note_page("Quotas", page, page.get("Quotas").map_or(1, listed), &mut pages);
                if answers.quota_files.last() != Some(file) {
                    answers.quota_files.push(*file);
                }
                quota_units(quotas, d);
            } else if let Some(list) = page.get("inferenceProfileSummaries") {
                note_page("inferenceProfileSummaries", page, listed(list), &mut pages);
                let seen = answers.profiles.get_or_insert_default();
                for item in items(list, "inferenceProfileSummaries", d) {
                    profile(item, seen, &mut answers.application_profiles, d);
                }
            } else if let Some(list) = page.get("modelSummaries") {
                note_page("modelSummaries", page, listed(list), &mut pages);
                let seen = answers.models.get_or_insert_default();
                for item in items(list, "modelSummaries", d) {
                    model(item, seen, d);
                }
            } else if let (Some(products), Some(terms)) = (page.get("products"), page.get("terms")) {
                // A price list has no pages: each stands for itself.
                if matches!(&products.value, Value::Object(entries) if entries.is_empty()) {
                    lists_nothing("`products`", start(products.span), d);
                }
                prices::read(products, terms, &mut answers.prices, d);
            } else {
                let message = "none of `Quotas`, `inferenceProfileSummaries`, `modelSummaries`, or `products` with `terms`";
                d.at(Code::NotAnAnswer, start(page.span), message, HELP);
            }
        }
        if let Some(document) = documents.first().filter(|_| is_blank) {
            lists_nothing("the file", start(document.span), d);
        }
    }
    for (key, pages) in pages {
        if let Some(empty) = pages.empty.filter(|_| !pages.holds_any) {
            lists_nothing(&format!("`{key}`"), empty, d);
        }
        // Whether all pages of quotas are there is judged where they are read.
        if let (false, Some(token)) = (pages.ends || key == "Quotas", pages.token) {
            let help =
                "give the following pages too, or save the output without --max-items and --no-paginate";
            d.at(
                Code::IncompleteAnswer,
                token,
                "the next page of this output is missing (this is its token)",
                help,
            );
        }
    }
    answers
}

/// Nothing is compared with an empty list, which must not pass for nothing that differs.
fn lists_nothing(what: &str, at: Span, d: &mut Diagnostics) {
    let help = format!(
        "run the command again for {REGION}, or leave the file out: there is nothing in it to compare"
    );
    d.at(Code::NotAnAnswer, at, format!("{what} lists nothing"), help);
}

/// How many items a list holds; what is no list is reported where it is read.
fn listed(list: &Node) -> usize {
    match &list.value {
        Value::Array(items) => items.len(),
        _ => 1,
    }
}

fn note_page<'k>(key: &'k str, page: &Node, items: usize, pages: &mut BTreeMap<&'k str, Pages>) {
    let of_key = pages.entry(key).or_default();
    of_key.holds_any |= items > 0;
    let token = page.get("nextToken").or_else(|| page.get("NextToken"));
    match token.filter(|token| !matches!(token.value, Value::Null)) {
        Some(token) => of_key.token = Some(token.span),
        None => {
            of_key.ends = true;
            if items == 0 {
                of_key.empty.get_or_insert(start(page.span));
            }
        }
    }
}

fn items<'n>(list: &'n Node, key: &str, d: &mut Diagnostics) -> &'n [Node] {
    if let Value::Array(items) = &list.value {
        return items;
    }
    d.at(Code::NotAnAnswer, start(list.span), format!("`{key}` is not a list"), HELP);
    &[]
}

fn text<'n>(node: &'n Node, key: &str, d: &mut Diagnostics) -> Option<(&'n str, Span)> {
    match node.get(key) {
        Some(Node { value: Value::Text(text), span }) if !text.trim().is_empty() => Some((text, *span)),
        Some(other) if !matches!(other.value, Value::Null) => {
            d.at(Code::NotAnAnswer, start(other.span), format!("`{key}` is not a text"), HELP);
            None
        }
        _ => {
            d.at(Code::MissingValue, start(node.span), format!("`{key}` is missing"), HELP);
            None
        }
    }
}

/// The quotas of a page: of a list, of the answer about one, or what `--query` leaves of either.
fn quotas_of(page: &Node) -> Option<&[Node]> {
    if let Some(list) = page.get("Quotas") {
        return Some(match &list.value {
            Value::Array(items) => items,
            // Said where the quotas are read.
            _ => &[],
        });
    }
    match page.get("Quota") {
        Some(quota) => Some(std::slice::from_ref(quota)),
        None => page.get("QuotaCode").map(|_| std::slice::from_ref(page)),
    }
}

/// A quota of tokens or requests has no unit of its own: AWS writes `None`.
fn quota_units(items: &[Node], d: &mut Diagnostics) {
    for item in items {
        if let Some(unit) = item.get("Unit")
            && !matches!(&unit.value, Value::Null)
            && !matches!(&unit.value, Value::Text(unit) if unit == "None" || unit == "Count")
        {
            let help = "quotas of tokens and requests have the unit None: the value cannot be compared with the table";
            // Other quotas of Bedrock, such as sizes of files, have units: only those of models matter.
            let name = item.get("QuotaName").map(|name| &name.value);
            let counted = matches!(name, Some(Value::Text(name)) if name.contains("per minute") || name.contains("per day"));
            if counted {
                d.at(Code::BadValue, unit.span, "an unknown unit", help);
            }
        }
    }
}

fn profile(item: &Node, seen: &mut BTreeMap<String, Profile>, application: &mut usize, d: &mut Diagnostics) {
    if matches!(item.get("type").map(|node| &node.value), Some(Value::Text(kind)) if kind == "APPLICATION") {
        *application += 1;
        return;
    }
    let Some((id, at)) = text(item, "inferenceProfileId", d) else { return };
    if let Some((arn, span)) = text(item, "inferenceProfileArn", d) {
        of_region(arn, span, d);
    }
    let Some(models) = item.get("models") else {
        d.at(Code::MissingValue, start(item.span), "`models` is missing", HELP);
        return;
    };
    let mut regions = BTreeSet::new();
    let mut everywhere = false;
    for model in items(models, "models", d) {
        let Some((arn, span)) = text(model, "modelArn", d) else { continue };
        match arn.split(':').nth(3) {
            Some("") => everywhere = true,
            Some(region) => {
                regions.insert(region.to_owned());
            }
            None => d.at(Code::NotAnAnswer, span, "`modelArn` is not an ARN", HELP),
        }
    }
    if everywhere && !id.starts_with("global.") {
        let help = "only a global profile names a model without a Region: save the answer again";
        d.at(Code::BadValue, at, format!("`{id}` names a model without a Region"), help);
    }
    if !everywhere && regions.is_empty() {
        d.at(Code::BadValue, start(models.span), format!("`{id}` names no destination"), HELP);
    }
    let active =
        matches!(item.get("status").map(|node| &node.value), Some(Value::Text(status)) if status == "ACTIVE");
    let regions = (!everywhere).then(|| regions.into_iter().collect());
    insert(seen, id, Profile { regions, active }, at, d);
}

fn insert<T: PartialEq>(seen: &mut BTreeMap<String, T>, id: &str, value: T, at: Span, d: &mut Diagnostics) {
    match seen.get(id) {
        Some(first) if *first != value => {
            let help =
                "the outputs were saved at different times: save both again and give only the new ones";
            d.at(Code::ConflictingAnswers, at, format!("`{id}` was stated differently before"), help);
        }
        _ => {
            seen.insert(id.to_owned(), value);
        }
    }
}

fn of_region(arn: &str, span: Span, d: &mut Diagnostics) {
    match arn.split(':').nth(3) {
        Some(REGION) => {}
        Some(region) => {
            let help =
                format!("the table is for calls from {REGION}: save the answer with --region {REGION}");
            d.at(Code::OtherRegion, span, format!("output for `{region}`"), help);
        }
        None => d.at(Code::NotAnAnswer, span, "not an ARN", HELP),
    }
}

fn model(item: &Node, seen: &mut BTreeMap<String, Life>, d: &mut Diagnostics) {
    let Some((id, at)) = text(item, "modelId", d) else { return };
    if let Some((arn, span)) = text(item, "modelArn", d) {
        of_region(arn, span, d);
    }
    let Some(life) = item.get("modelLifecycle").filter(|node| !matches!(node.value, Value::Null)) else {
        return;
    };
    let Some((status, _)) = text(life, "status", d) else { return };
    let mut time = |key| life.get(key).and_then(|node| date(node, key, d));
    let (legacy, extended, end) =
        (time("legacyTime"), time("publicExtendedAccessTime"), time("endOfLifeTime"));
    insert(seen, id, Life { status: status.to_owned(), legacy, extended, end }, at, d);
}

/// The day in UTC of a time as the CLI writes it: ISO 8601, or whole seconds since 1970.
fn date(node: &Node, key: &str, d: &mut Diagnostics) -> Option<Stated> {
    let time = match &node.value {
        Value::Null => return None,
        Value::Text(text) => text.parse::<Timestamp>().ok(),
        Value::Number(text) => {
            let whole = text.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
            whole.filter(|_| !text.contains(['e', 'E'])).and_then(|whole| Timestamp::from_second(whole).ok())
        }
        _ => None,
    };
    let day = time.and_then(|time| FactDate::parse(&time.to_zoned(TimeZone::UTC).date().to_string()));
    if day.is_none() {
        let help = "the CLI writes times as 2026-11-20T09:30:00-05:00 or as seconds since 1970";
        d.at(Code::NotAnAnswer, node.span, format!("`{key}` is not a time"), help);
    }
    day.map(|day| Stated { day, span: node.span })
}
