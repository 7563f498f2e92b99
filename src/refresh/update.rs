//! The values in which saved answers differ from the table, and the overlay that holds them; prices are compared in `prices`.
//!
//! It never writes a quota code, a burndown rate or a limit: no answer states the latter two, and which model an
//! unknown code belongs to is for a person to decide.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::answers::{self, Answers};
use super::change::{Change, OpenQuota, Update, UpdateRemark, fact};
use super::{lives, prices};
use crate::catalog::{Catalog, Destinations, QuotaEntry, ScopeEntry};
use crate::saved::{self, Listed};
use crate::text::plain::toml_string;
use crate::text::{Code, Diagnostics, FactDate, FileId, Place, Sources};
use crate::units::Limit;

const QUOTAS: &str = "aws service-quotas list-aws-default-service-quotas, saved answer";
const PROFILES: &str = "aws bedrock list-inference-profiles, saved answer";

/// Compares the files with the table; `None`, reported, where anything in them is wrong.
pub fn update(
    sources: &Sources,
    files: &[FileId],
    catalog: &Catalog,
    diagnostics: &mut Diagnostics,
) -> Option<Update> {
    let mut d = Diagnostics::new();
    let answers = answers::read(sources, files, &mut d);
    let named: Vec<(FileId, Option<Listed>)> =
        answers.quota_files.iter().map(|file| (*file, Some(Listed::Defaults))).collect();
    let mut defaults = None;
    if !named.is_empty() && !d.has_errors() {
        let saved = saved::quotas(sources, &named, &mut d);
        if let Some(saved) = saved {
            if saved.listing.defaults.iter().any(|quota| quota.account.is_some()) {
                // Said as an error instead of the warning that the file was named wrongly.
                d.retain(|warning| warning.code != Code::UnnamedAnswer);
                let help = "give the output of list-aws-default-service-quotas: applied values belong to one account";
                let place = Place::File(named.first().map(|(file, _)| *file)?);
                d.add(Code::UnnamedAnswer, place, "applied quotas of an account, not AWS's defaults", help);
            }
            defaults = Some(saved.listing.defaults);
        }
    }
    let failed = d.has_errors();
    diagnostics.append(d);
    if failed {
        return None;
    }
    let mut update = Update::default();
    if let Some(defaults) = defaults {
        let by_code = defaults.iter().map(|quota| (quota.code.as_str(), quota)).collect();
        quotas(catalog, &by_code, &mut update);
    }
    profiles(catalog, &answers, &mut update);
    let mut of_lives = Diagnostics::new();
    lives::compare(catalog, &answers, &mut update, &mut of_lives);
    let failed = of_lives.has_errors();
    diagnostics.append(of_lives);
    if failed {
        return None;
    }
    if !answers.prices.is_empty() {
        prices::compare(catalog, &answers.prices, &mut update);
    }
    // Stable, so that the keys of a table stay together: an overlay states each table once.
    update.changes.sort_by(|a, b| (&a.model, &a.table).cmp(&(&b.model, &b.table)));
    Some(update)
}

type ByCode<'q> = BTreeMap<&'q str, &'q crate::answers::ServiceQuota>;

fn table_quotas(catalog: &Catalog) -> Vec<(&str, String, &QuotaEntry)> {
    let mut all = vec![("", "account_daily".to_owned(), catalog.account_daily())];
    for model in catalog.models() {
        for scope in &model.scopes {
            let word = scope.scope.as_str();
            all.extend(scope.quotas().map(|quota| {
                let long = if quota.long_context { "long_context." } else { "" };
                (model.id.as_str(), format!("scope.{word}.{long}{}", quota.kind), quota.entry)
            }));
        }
    }
    all
}

fn quotas(catalog: &Catalog, answer: &ByCode<'_>, update: &mut Update) {
    let known = table_quotas(catalog);
    let mut missing = Vec::new();
    for (model, table, quota) in &known {
        let Some(code) = quota.known_code() else { continue };
        let Some(stated) = answer.get(code) else {
            missing.push(code.to_owned());
            continue;
        };
        let mut change = |key, before: String, after: Option<String>| {
            if let Some(after) = after.filter(|after| *after != before) {
                let (model, table) = ((*model).to_owned(), table.clone());
                update.changes.push(Change { model, table, key, before, after, source: QUOTAS });
            }
        };
        let limit = |limit: &Limit| match limit {
            Limit::Amount(amount) => amount.get().to_string(),
            Limit::Unlimited => "\"unlimited\"".to_owned(),
        };
        change("name", fact(&quota.name, |name| toml_string(name)), stated.name.as_deref().map(toml_string));
        change("default", fact(&quota.default, limit), stated.value.map(|value| value.get().to_string()));
        change(
            "adjustable",
            fact(&quota.adjustable, bool::to_string),
            stated.adjustable.map(|yes| yes.to_string()),
        );
    }
    update.list(UpdateRemark::MissingQuotas, missing);
    let codes: Vec<&str> = catalog.quota_codes().collect();
    let mut candidates = Vec::new();
    let mut others = 0_usize;
    for (code, quota) in answer.iter().filter(|(code, _)| !codes.contains(code)) {
        let name = quota.name.as_deref().unwrap_or_default();
        // The longest name that the quota's ends with or contains: Claude Opus 4.5 is not Claude Opus 4.
        let of = catalog.models().iter().filter(|model| name.contains(&model.name));
        let model = of.max_by_key(|model| model.name.len());
        match model.filter(|_| name.contains("per minute") || name.contains("per day")) {
            Some(model) => candidates.push(OpenQuota {
                code: (*code).to_owned(),
                name: name.to_owned(),
                model: model.id.clone(),
            }),
            None => others += 1,
        }
    }
    update.list(UpdateRemark::OpenQuotas, candidates);
    update.count(UpdateRemark::OtherQuotas, others);
}

fn destinations(scope: &ScopeEntry) -> (Option<Vec<String>>, String) {
    match &scope.destinations {
        Destinations::Regions(regions) => {
            let mut sorted = regions.clone();
            sorted.sort();
            sorted.dedup();
            (Some(sorted.clone()), region_list(&sorted))
        }
        Destinations::AllCommercial => (None, toml_string(Destinations::ALL_COMMERCIAL)),
        Destinations::Unknown => (None, "\"unknown\"".to_owned()),
    }
}

fn region_list(regions: &[String]) -> String {
    format!("[{}]", regions.iter().map(|region| toml_string(region)).collect::<Vec<_>>().join(", "))
}

fn profiles(catalog: &Catalog, answers: &Answers, update: &mut Update) {
    let Some(stated) = &answers.profiles else { return };
    let mut known = Vec::new();
    let (mut gone, mut inactive) = (Vec::new(), Vec::new());
    for model in catalog.models() {
        for scope in &model.scopes {
            let Some(id) = scope.profile.as_deref() else { continue };
            known.push(id);
            match stated.get(id) {
                None => {
                    if model.offered {
                        gone.push(id.to_owned());
                    }
                }
                Some(profile) => {
                    if !profile.active {
                        inactive.push(id.to_owned());
                    }
                    let (_, before) = destinations(scope);
                    let after = profile
                        .regions
                        .as_deref()
                        .map_or_else(|| toml_string(Destinations::ALL_COMMERCIAL), region_list);
                    if before != after {
                        let (model, table) = (model.id.clone(), format!("scope.{}", scope.scope));
                        update.changes.push(Change {
                            model,
                            table,
                            key: "destinations",
                            before,
                            after,
                            source: PROFILES,
                        });
                    }
                }
            }
        }
    }
    let new: Vec<String> = stated.keys().filter(|id| !known.contains(&id.as_str())).cloned().collect();
    update.list(UpdateRemark::MissingProfiles, gone);
    update.list(UpdateRemark::InactiveProfiles, inactive);
    update.list(UpdateRemark::NewProfiles, new);
    update.count(UpdateRemark::ApplicationProfiles, answers.application_profiles);
}

impl Update {
    /// The overlay for `--models` below a comment: each table that has a change, with its source and date.
    #[must_use]
    pub fn overlay(&self, comment: &str, as_of: FactDate) -> String {
        let mut text = format!("# {comment}\n");
        let (mut model, mut table) = ("", "");
        let mut open: Option<&Change> = None;
        let close = |text: &mut String, open: Option<&Change>| {
            if let Some(change) = open {
                let _ = write!(text, "source = {}\nas_of = \"{as_of}\"\n", toml_string(change.source));
            }
        };
        for change in &self.changes {
            // A tier of a list of prices stands in the table of the list.
            let own = change.table.split_once(" (").map_or(change.table.as_str(), |(table, _)| table);
            let list = self.price_lists.get(&(change.model.clone(), own.to_owned()));
            let is_new = (change.model.as_str(), own) != (model, table);
            if is_new {
                close(&mut text, open);
                if change.model.is_empty() {
                    let _ = write!(text, "\n[{own}]\n");
                } else {
                    if change.model != model {
                        let _ = write!(text, "\n[[model]]\nid = {}\n", toml_string(&change.model));
                    }
                    match list {
                        Some(list) => text.push_str(&prices::dated(list, as_of)),
                        None => {
                            let _ = write!(text, "\n[model.{own}]\n");
                        }
                    }
                }
                (model, table) = (&change.model, own);
            }
            open = None;
            if list.is_none() {
                let _ = writeln!(text, "{} = {}", change.key, change.after);
                open = Some(change);
            }
        }
        close(&mut text, open);
        text
    }
}
