//! Applied and default quotas as `aws service-quotas list-service-quotas` and
//! `list-aws-default-service-quotas` list them, and as `get-service-quota` and
//! `get-aws-default-service-quota` answer about one (`{"Quota": {...}}`; the AWS CLI's pages of the four
//! commands, read 2026-11-26).
//!
//! Both write the same form. What tells them apart is the ARN: that of an applied quota carries the
//! account, that of a default none (the AWS CLI's examples of both commands, read 2026-11-25).

use std::collections::BTreeMap;

use super::answer::{self, Extent, Form, Page};
use super::item::{Item, OneAccount, complete, other_service};
use crate::answers::{QuotaListing, ServiceQuota};
use crate::text::{Code, Diagnostic, Diagnostics, FileId, Place, Severity, Sources, Span};
use crate::units::words;

words! {
    /// Which quotas a command lists.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Listed {
        /// `list-service-quotas`.
        Applied = "applied",
        /// `list-aws-default-service-quotas`.
        Defaults = "defaults",
    }
}

impl Listed {
    const fn command(self) -> &'static str {
        match self {
            Self::Applied => "list-service-quotas",
            Self::Defaults => "list-aws-default-service-quotas",
        }
    }

    /// What stands in the list.
    const fn values(self) -> &'static str {
        match self {
            Self::Applied => "applied values",
            Self::Defaults => "AWS's defaults",
        }
    }
}

/// What the files hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedQuotas {
    /// The quotas, each once, in the order of the files.
    pub listing: QuotaListing,
    /// Whether a list of the applied quotas was given, be it an empty one; else nothing is known of those that do
    /// not stand in `listing`.
    pub applied_given: bool,
    /// Whether a list of the defaults was given.
    pub defaults_given: bool,
    /// The tokens of applied pages that lead to a further page. Which page follows does not show in a file, so a
    /// page may be missing.
    pub continued: Vec<Span>,
    /// Lists of applied quotas without the answer around them, as `--query` leaves them: some may be filtered out.
    pub queried: Vec<Span>,
}

/// Reads files, each with what it was named as, where it was; `None`, reported, where anything is wrong.
///
/// A quota of a resource instead of the account is left out.
pub fn quotas(
    sources: &Sources,
    files: &[(FileId, Option<Listed>)],
    diagnostics: &mut Diagnostics,
) -> Option<SavedQuotas> {
    let help = "save the complete output of the AWS CLI as JSON: `quotaplan quotas --print-command` prints the commands";
    let form = Form { key: "Quotas", one: "Quota", id: "QuotaCode", entry: "quota", help };
    let mut found = Diagnostics::new();
    let mut reader = Reader::new(sources, form.help);
    for (file, named) in files {
        for page in answer::pages(sources, *file, &form, &mut found) {
            reader.page(page, *named, &mut found);
        }
    }
    if !found.has_errors() {
        reader.judge(&mut found);
    }
    let failed = found.has_errors();
    diagnostics.append(found);
    if failed { None } else { Some(reader.saved()) }
}

struct Reader<'s> {
    sources: &'s Sources,
    help: &'s str,
    account: OneAccount,
    pages: Vec<(Option<Listed>, Page)>,
    quotas: BTreeMap<Listed, Vec<ServiceQuota>>,
    seen: BTreeMap<(Listed, String), (usize, Span)>,
}

impl<'s> Reader<'s> {
    fn new(sources: &'s Sources, help: &'s str) -> Self {
        Self {
            sources,
            help,
            account: OneAccount::default(),
            pages: Vec::new(),
            quotas: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    fn page(&mut self, page: Page, named: Option<Listed>, diagnostics: &mut Diagnostics) {
        let mut read = Vec::new();
        let before = diagnostics.len();
        for node in &page.entries {
            let item = Item { node, help: self.help };
            if let Some(entry) = entry(&item, &mut self.account, diagnostics) {
                read.push(entry);
            }
        }
        // Where entries are wrong, their ARNs may be missing for that.
        let is_sound = diagnostics.len() == before;
        let listed = listed(&page, &read, named, is_sound, diagnostics);
        if let Some(listed) = listed {
            for entry in read.into_iter().filter(|entry| !entry.of_a_resource) {
                self.add(listed, entry, diagnostics);
            }
        }
        self.pages.push((listed, page));
    }

    /// Takes a quota in; the same one again must say the same.
    fn add(&mut self, listed: Listed, entry: Entry, diagnostics: &mut Diagnostics) {
        let Entry { quota, span, .. } = entry;
        let quotas = self.quotas.entry(listed).or_default();
        let Some((at, first)) = self.seen.get(&(listed, quota.code.clone())) else {
            self.seen.insert((listed, quota.code.clone()), (quotas.len(), span));
            quotas.push(quota);
            return;
        };
        let same = quotas
            .get(*at)
            .is_some_and(|first| (first.value, first.adjustable) == (quota.value, quota.adjustable));
        if !same {
            let place = self.sources.locate(*first);
            let place = place.map(|(file, at)| format!("{file}:{}", at.line)).unwrap_or_default();
            let message = format!("`{}` has another value at {place}", quota.code);
            let help =
                "the outputs were saved at different times: save both again and give only the new ones";
            diagnostics.at(Code::ConflictingAnswers, span, message, help);
        }
    }

    /// What only all pages together tell.
    fn judge(&self, diagnostics: &mut Diagnostics) {
        for listed in Listed::ALL {
            // A page without entries may be the last of either.
            let pages = self.pages.iter().filter(|(own, _)| own.is_none_or(|own| own == listed));
            if self.pages.iter().any(|(own, _)| *own == Some(listed)) {
                complete(pages.map(|(_, page)| page), diagnostics);
            }
        }
        let empty = self.pages.iter().find(|(listed, _)| listed.is_none());
        if let Some((_, page)) = empty.filter(|_| !self.given(Listed::Applied)) {
            diagnostics.at(
                Code::UnnamedAnswer,
                page.start,
                "an empty list does not show which command wrote it",
                "if list-service-quotas wrote it, the account has no applied values: write --from applied=FILE",
            );
        }
    }

    fn given(&self, listed: Listed) -> bool {
        self.pages.iter().any(|(own, page)| *own == Some(listed) && page.extent != Extent::One)
    }

    /// The pages of the applied quotas.
    fn applied(&self) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(|(own, _)| *own == Some(Listed::Applied)).map(|(_, page)| page)
    }

    fn saved(mut self) -> SavedQuotas {
        let (applied_given, defaults_given) = (self.given(Listed::Applied), self.given(Listed::Defaults));
        let continued = self.applied().filter_map(|page| page.continues).collect();
        let queried = self.applied().filter(|page| page.extent == Extent::Bare).map(|page| page.start);
        let queried = queried.collect();
        let mut take = |listed| self.quotas.remove(&listed).unwrap_or_default();
        let listing = QuotaListing { applied: take(Listed::Applied), defaults: take(Listed::Defaults) };
        SavedQuotas { listing, applied_given, defaults_given, continued, queried }
    }
}

/// A quota and what else matters of it.
struct Entry {
    quota: ServiceQuota,
    span: Span,
    /// The place of its ARN.
    arn: Option<Span>,
    of_a_resource: bool,
}

fn entry(item: &Item<'_>, account: &mut OneAccount, diagnostics: &mut Diagnostics) -> Option<Entry> {
    let code = item.required("QuotaCode", diagnostics);
    let arn = item.arn(code.map(|(code, _)| code), diagnostics);
    if let Some(arn) = &arn {
        account.hold(arn, diagnostics);
    } else if !item.is_of_service(diagnostics)
        && let Some((service, span)) = item.text("ServiceCode", diagnostics)
    {
        other_service(service, span, diagnostics);
    }
    let value = item.amount("Value", diagnostics);
    let name = item.text("QuotaName", diagnostics);
    let adjustable = item.boolean("Adjustable", diagnostics);
    let level = item.text("QuotaAppliedAtLevel", diagnostics);
    let (code, span) = code?;
    Some(Entry {
        quota: ServiceQuota {
            code: code.to_owned(),
            name: name.map(|(name, _)| name.to_owned()),
            // AWS could not look it up: what stands beside the reason is no value.
            value: value.filter(|_| !item.has("ErrorReason")),
            adjustable,
            account: arn.as_ref().and_then(|arn| arn.account.clone()),
        },
        span,
        arn: arn.map(|arn| arn.span),
        of_a_resource: level.is_some_and(|(level, _)| level == "RESOURCE"),
    })
}

/// Which command wrote a page: as named, else by the ARNs; `None` for a page without entries.
fn listed(
    page: &Page,
    entries: &[Entry],
    named: Option<Listed>,
    is_sound: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Listed> {
    let kinds = entries.iter().filter_map(|entry| {
        let kind = if entry.quota.account.is_some() { Listed::Applied } else { Listed::Defaults };
        entry.arn.map(|span| (kind, span))
    });
    let first = kinds.clone().next();
    let other = kinds.clone().find(|(kind, _)| first.is_some_and(|(first, _)| first != *kind));
    let name = "write --from applied=FILE if list-service-quotas wrote it, or --from defaults=FILE if \
                list-aws-default-service-quotas did";
    match (named, first, other) {
        (Some(named), _, _) => {
            if let Some((kind, span)) = kinds.clone().find(|(kind, _)| *kind != named) {
                diagnostics.push(Diagnostic {
                    code: Code::UnnamedAnswer,
                    severity: Severity::Warning,
                    message: format!(
                        "the file was given as {}, but this ARN is from {}, which lists {}",
                        named.as_str(),
                        kind.command(),
                        kind.values()
                    ),
                    help: "the file is read as you named it: check that the two files are not swapped"
                        .to_owned(),
                    place: Place::Span(span),
                });
            }
            Some(named)
        }
        (None, Some(_), Some((_, span))) => {
            let message = "the list contains ARNs both with and without an account";
            diagnostics.at(Code::UnnamedAnswer, span, message, name);
            None
        }
        (None, Some((kind, _)), None) => Some(kind),
        (None, None, _) => {
            if is_sound && !page.entries.is_empty() {
                let message = "without `QuotaArn`, the list does not show which command wrote it";
                diagnostics.at(Code::UnnamedAnswer, page.start, message, name);
            }
            None
        }
    }
}
