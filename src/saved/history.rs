//! Requested increases as `aws service-quotas list-requested-service-quota-change-history` and
//! `list-requested-service-quota-change-history-by-quota` list them, and as `get-requested-service-quota-change` and
//! `request-service-quota-increase` answer about one.

use std::collections::BTreeMap;

use super::answer::{self, Form, Page};
use super::item::{Item, OneAccount, complete};
use crate::answers::{QuotaRequest, RequestStatus};
use crate::text::{Code, Diagnostics, FileId, Sources, Span};

/// Reads files in any order; `None`, reported, where anything is wrong.
///
/// Requests for other services are left out. A request that stands twice is taken as last updated.
pub fn history(
    sources: &Sources,
    files: &[FileId],
    diagnostics: &mut Diagnostics,
) -> Option<Vec<QuotaRequest>> {
    let help = "save the complete output of the AWS CLI as JSON: `quotaplan request status DIR --print-command` \
                prints the commands";
    let form = Form { key: "RequestedQuotas", one: "RequestedQuota", id: "Id", entry: "request", help };
    let mut found = Diagnostics::new();
    let mut account = OneAccount::default();
    let mut requests: Vec<QuotaRequest> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let pages: Vec<Page> =
        files.iter().flat_map(|file| answer::pages(sources, *file, &form, &mut found)).collect();
    for node in pages.iter().flat_map(|page| &page.entries) {
        let item = Item { node, help: form.help };
        let Some((request, span)) = request(&item, &mut account, &mut found) else { continue };
        match seen.get(&request.id).and_then(|at| requests.get_mut(*at)) {
            None => {
                seen.insert(request.id.clone(), requests.len());
                requests.push(request);
            }
            Some(first) => newest(first, request, span, &mut found),
        }
    }
    if !found.has_errors() {
        complete(pages.iter(), &mut found);
    }
    let failed = found.has_errors();
    diagnostics.append(found);
    if failed { None } else { Some(requests) }
}

/// Keeps the later state of one request.
fn newest(first: &mut QuotaRequest, again: QuotaRequest, span: Span, diagnostics: &mut Diagnostics) {
    if *first == again {
        return;
    }
    match (first.updated, again.updated) {
        (Some(before), Some(now)) if before != now => {
            if now > before {
                *first = again;
            }
        }
        _ => {
            let message = format!("the request `{}` is stated twice, with differences", again.id);
            let help =
                "the files do not show which is newer: save the output again and give only the new files";
            diagnostics.at(Code::ConflictingAnswers, span, message, help);
        }
    }
}

fn request(
    item: &Item<'_>,
    account: &mut OneAccount,
    diagnostics: &mut Diagnostics,
) -> Option<(QuotaRequest, Span)> {
    if !item.is_of_service(diagnostics) {
        return None;
    }
    let id = item.required("Id", diagnostics);
    let code = item.required("QuotaCode", diagnostics);
    let status = item.required("Status", diagnostics);
    if let Some(arn) = item.arn(code.map(|(code, _)| code), diagnostics) {
        account.hold(&arn, diagnostics);
    }
    let name = item.text("QuotaName", diagnostics);
    let desired = item.amount("DesiredValue", diagnostics);
    let case_id = item.text("CaseId", diagnostics);
    let created = item.time("Created", diagnostics);
    let updated = item.time("LastUpdated", diagnostics);
    let ((id, span), (code, _), (status, _)) = (id?, code?, status?);
    let request = QuotaRequest {
        id: id.to_owned(),
        code: code.to_owned(),
        name: name.map(|(name, _)| name.to_owned()),
        desired,
        status: RequestStatus::parse(status),
        case_id: case_id.map(|(case, _)| case.to_owned()),
        created,
        updated,
    };
    Some((request, span))
}
