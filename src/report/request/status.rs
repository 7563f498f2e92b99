//! What became of a pack's requests, by the history of Service Quotas.

use std::cmp::Reverse;
use std::io::Write;

use jiff::Timestamp;

use super::parts::columns;
use crate::answers::QuotaRequest;
use crate::catalog::{Catalog, REGION};
use crate::contract::request as json;
use crate::report::actions::LOOK_UP;
use crate::report::columns::{columns_of_parts, or_unknown};
use crate::report::quotas::label::label;
use crate::report::quotas::listing::{TableQuota, known_quotas, whole_name};
use crate::report::words::{RequestTable, StatusCounts, language};
use crate::report::{Block, Detail, Items, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::plain::write_json;
use crate::units::QuotaAmount;

/// What a pack asks for one quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRequest {
    /// The quota code.
    pub code: String,
    /// The value asked for, in the quota's own unit.
    pub desired: QuotaAmount,
}

/// Each request of a pack, with what became of it.
pub struct StatusReport {
    requests: Vec<(json::RequestStatus, Option<TableQuota>)>,
}

/// Each request of a pack with every request for its quota, the newest first; requests for other quotas
/// are left out. Times are UTC, to the second.
#[must_use]
pub fn requested(pack: &[PackRequest], history: &[QuotaRequest], catalog: &Catalog) -> StatusReport {
    let known = known_quotas(catalog);
    let requests = pack.iter().map(|asked| {
        let known = known.get(&asked.code);
        (request_report(asked, known, history), known.cloned())
    });
    StatusReport { requests: requests.collect() }
}

impl Report for StatusReport {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        let mut blocks = vec![self.verdict()];
        if detail.has_evidence() {
            let requests = self.requests.iter();
            let rows = requests.flat_map(|(request, known)| table_rows(request, known.as_ref())).collect();
            blocks.push(Block::Table { columns: columns(RequestTable::Status), rows });
            blocks.push(Block::Lines(vec![language().status_note().to_owned()]));
        }
        blocks.push(Block::Commands(vec![LOOK_UP.to_owned()]));
        blocks
    }

    fn records(&self) -> Records {
        let rows = self.requests.iter().flat_map(|(request, _)| records(request)).collect();
        Records { columns: REQUEST_STATUS.iter().map(|(name, _)| *name).collect(), rows }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let requests = || self.requests.iter().map(|(request, _)| request);
        let document = json::StatusDocument {
            schema_version: SCHEMA_VERSION,
            region: REGION.into(),
            requests: Items(requests),
            note: language().status_note().into(),
        };
        write_json(out, &document)
    }
}

columns_of_parts!(
    /// The columns of a request, each past one under its own.
    REQUEST_STATUS, request_record(request: &json::RequestStatus, entry: Option<&json::PastRequest>, status: &str) {
    request.code;
    request.name;
    request.model;
    request.scope;
    request.kind;
    request.desired => "pack_desired";
    status;
    entry?.open;
    entry?.id;
    entry?.desired, or_unknown;
    entry?.as_in_pack;
    entry?.created;
    entry?.updated;
    entry?.case_id;
});

fn request_report(
    asked: &PackRequest,
    known: Option<&TableQuota>,
    history: &[QuotaRequest],
) -> json::RequestStatus {
    let mut own: Vec<&QuotaRequest> = history.iter().filter(|request| request.code == asked.code).collect();
    own.sort_by_key(|request| (Reverse((request.created, request.updated)), &request.id));
    let entry = |request: &&QuotaRequest| json::PastRequest {
        id: request.id.clone(),
        status: request.status.as_str().to_owned(),
        open: request.status.is_open(),
        desired: request.desired.map(QuotaAmount::get),
        as_in_pack: request.desired.map(|desired| desired == asked.desired),
        created: request.created.map(time),
        updated: request.updated.map(time),
        case_id: request.case_id.clone(),
    };
    json::RequestStatus {
        code: asked.code.clone(),
        name: own
            .iter()
            .find_map(|request| request.name.clone())
            .or_else(|| known.and_then(TableQuota::name)),
        model: known.and_then(|known| known.model.as_ref()).map(|(id, _)| id.clone()),
        scope: known.and_then(|known| known.scope).map(|scope| scope.as_str().into()),
        kind: known.map(|known| known.kind.as_str().into()),
        desired: asked.desired.get(),
        requested: !own.is_empty(),
        open: own.iter().any(|request| request.status.is_open()),
        history: own.iter().map(entry).collect(),
    }
}

fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl StatusReport {
    fn verdict(&self) -> Block {
        let requests = || self.requests.iter().map(|(request, _)| request);
        let is_other = |request: &json::RequestStatus| {
            request.history.first().is_some_and(|newest| newest.as_in_pack == Some(false))
        };
        let counts = StatusCounts {
            total: requests().count(),
            made: requests().filter(|request| request.requested).count(),
            open: requests().filter(|request| request.open).count(),
            other_value: requests().filter(|request| is_other(request)).count(),
        };
        let tone =
            if counts.made == counts.total && counts.other_value == 0 { Tone::Plain } else { Tone::Unsure };
        Block::Verdict { tone, sentences: language().status_verdict(&counts) }
    }
}

fn table_rows(request: &json::RequestStatus, known: Option<&TableQuota>) -> Vec<Vec<String>> {
    let amount =
        |value: u64| QuotaAmount::new(value).map_or_else(|| value.to_string(), |amount| amount.to_string());
    let head = || vec![label(&request.code, known), amount(request.desired)];
    if request.history.is_empty() {
        let mut row = head();
        row.extend(["-", "not requested"].map(str::to_owned));
        return vec![row];
    }
    let minute = |time: Option<&String>| {
        time.and_then(|time| time.get(..16)).map_or_else(|| "-".to_owned(), |time| time.replace('T', " "))
    };
    let row = |entry: &json::PastRequest| {
        let desired = entry.desired.map_or_else(|| "an unknown value".to_owned(), amount);
        let mark = if entry.as_in_pack == Some(false) { ", not the pack's" } else { "" };
        let case = entry.case_id.as_deref().map(|case| format!("\ncase {}", whole_name(case)));
        let mut row = head();
        row.extend([
            format!("{}\n{}", minute(entry.created.as_ref()), minute(entry.updated.as_ref())),
            format!(
                "{} for {desired}{mark}{}\n{}",
                whole_name(&entry.status),
                case.unwrap_or_default(),
                whole_name(&entry.id)
            ),
        ]);
        row
    };
    request.history.iter().map(row).collect()
}

fn records(request: &json::RequestStatus) -> Vec<Vec<String>> {
    if request.history.is_empty() {
        return vec![request_record(request, None, "not requested")];
    }
    let row = |entry: &json::PastRequest| request_record(request, Some(entry), &entry.status);
    request.history.iter().map(row).collect()
}
