//! The granted.toml that is written: what a plan reads from it is what AWS answered, and a live answer
//! gives the same bytes as a saved one.

use proptest::prelude::*;
use quotaplan::answers::{QuotaListing, ServiceQuota};
use quotaplan::catalog::{self, Catalog};
use quotaplan::config;
use quotaplan::render::{Format, View, render};
use quotaplan::report::{
    AccountQuotas, ListingFilter, ListingReport, ListsRead, granted_remarks, granted_toml,
};
use quotaplan::saved;
use quotaplan::text::{Diagnostics, FactDate, SourceFile, Sources};
use quotaplan::units::{Fact, Limit, QuotaAmount};

use super::written::{files, page, quota, quotas};
use crate::properties::cases;
use crate::support::{inputs_of, quotaplan, root};

const BOTH: ListsRead = ListsRead { applied: true, defaults: true };

fn table() -> Catalog {
    let mut diagnostics = Diagnostics::new();
    catalog::load(&mut Sources::new(), None, &mut diagnostics).expect("the embedded table is valid")
}

/// What must stand for a code, told from the two lists alone.
fn expected(applied: &[ServiceQuota], defaults: &[ServiceQuota], code: &str) -> Fact<Limit> {
    let of = |list: &[ServiceQuota]| list.iter().find(|quota| quota.code == code).map(|quota| quota.value);
    match of(applied).or_else(|| of(defaults)) {
        None => Fact::Absent,
        Some(None) => Fact::Unknown,
        // A file holds numbers up to 10^12.
        Some(Some(value)) => {
            let value = QuotaAmount::new(value.get().min(1_000_000_000_000)).expect("small");
            Fact::Known(Limit::Amount(value))
        }
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn what_is_written_is_read_back_without_a_word(
        applied in quotas(Some("111122223333")),
        defaults in quotas(None),
        account in prop::option::of("\\PC{1,12}|[\\u{0}-\\u{20}\"'\\\\#=]{1,6}"),
        dated in any::<bool>(),
    ) {
        let plain = |list: Vec<(ServiceQuota, _)>| list.into_iter().map(|(quota, _)| quota).collect::<Vec<_>>();
        let listing = QuotaListing { applied: plain(applied), defaults: plain(defaults) };
        let date = FactDate::parse("2026-11-20").filter(|_| dated);
        let look_up = AccountQuotas::new(&listing, BOTH, &table(), ListingFilter::All).expect("one account, one value");
        let account = account.as_deref();
        let text = granted_toml(&look_up, account, date);
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::new();
        let file = sources.add(SourceFile::new("granted.toml", text.clone()));
        let granted = config::parse_granted(&sources, file, &mut diagnostics);
        prop_assert!(diagnostics.is_empty(), "{diagnostics:?}\n{text}");
        let granted = granted.expect("it is read");
        let codes = listing.applied.iter().chain(&listing.defaults).map(|quota| quota.code.as_str());
        for code in codes {
            let found = granted.get(account, None, code).expect("every quota of the answer stands there");
            prop_assert_eq!(found.value, expected(&listing.applied, &listing.defaults, code), "{}\n{}", code, text);
            prop_assert_eq!(found.as_of, date);
        }
        prop_assert!(granted.codes().all(|(code, _)| expected(&listing.applied, &listing.defaults, code) != Fact::Absent));
    }

    /// The live side gives a listing, the saved side a file: what comes out is the same.
    #[test]
    fn a_saved_answer_gives_the_bytes_of_a_live_one(
        applied in quotas(Some("111122223333")),
        defaults in quotas(None),
        all in any::<bool>(),
    ) {
        let catalog = table();
        let shown = if all { ListingFilter::All } else { ListingFilter::OfTheTable };
        let date = FactDate::parse("2026-11-20");
        let text = |list: &[(ServiceQuota, _)]| {
            let entries: Vec<String> = list.iter().map(|(own, written)| quota(own, *written)).collect();
            page("Quotas", &entries, true)
        };
        let (sources, ids, mut diagnostics) = files(vec![text(&applied), text(&defaults)]);
        let ids: Vec<_> = ids.into_iter().map(|file| (file, None)).collect();
        let saved = saved::quotas(&sources, &ids, &mut diagnostics).expect("it is valid").listing;
        // Calls give their lists in an order of their own.
        let plain = |list: Vec<(ServiceQuota, _)>| list.into_iter().rev().map(|(quota, _)| quota).collect();
        let live = QuotaListing { applied: plain(applied), defaults: plain(defaults) };
        let bytes = |listing: &QuotaListing| {
            let look_up = AccountQuotas::new(listing, BOTH, &catalog, shown).expect("one account, one value");
            let forms = [Format::Table, Format::Json, Format::Csv, Format::Markdown];
            let report = ListingReport { look_up: &look_up, today: date };
            let mut out: Vec<String> =
                forms.iter().map(|form| render(&report, *form, View::default()).expect("it renders")).collect();
            out.push(granted_toml(&look_up, None, date));
            out.extend(granted_remarks(&look_up, date, false));
            out
        };
        prop_assert_eq!(bytes(&saved), bytes(&live));
    }
}

#[test]
fn a_listing_that_contradicts_itself_is_refused() {
    let quota = |value, account: &str| ServiceQuota {
        code: "L-58BE175A".to_owned(),
        name: None,
        value: QuotaAmount::new(value),
        adjustable: None,
        account: Some(account.to_owned()),
    };
    let refused = |applied| {
        let listing = QuotaListing { applied, defaults: Vec::new() };
        AccountQuotas::new(&listing, BOTH, &table(), ListingFilter::All)
            .expect_err("it is refused")
            .to_string()
    };
    let values = refused(vec![quota(1, "111122223333"), quota(2, "111122223333")]);
    assert_eq!(values, "AWS lists the quota L-58BE175A twice, with different values");
    let accounts = refused(vec![quota(1, "111122223333"), quota(1, "444455556666")]);
    assert_eq!(accounts, "AWS lists quotas of two accounts, 111122223333 and 444455556666");
}

/// The whole way, with a listing of every quota of the table.
#[test]
fn a_plan_takes_the_file_without_a_word() {
    let inputs = inputs_of("quotas-from-saved-answers");
    let folder = tempfile::tempdir().expect("a folder");
    let saved = |name: &str| inputs.path().join(name).to_str().expect("UTF-8").to_owned();
    let (applied, defaults) = (saved("applied.json"), saved("defaults.json"));
    let args =
        ["quotas", "--from", &applied, "--from", &defaults, "--today", "2026-11-20", "-o", "granted.toml"];
    let run = quotaplan(folder.path(), &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stdout.is_empty());
    let workloads = root().join("data/workloads.csv");
    let workloads = workloads.to_str().expect("UTF-8");
    let plan = ["plan", workloads, "--granted", "granted.toml", "--format", "json"];
    let run = quotaplan(folder.path(), &plan);
    assert_eq!(run.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&run.stderr), "");
    let plan: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let granted = |code: &str| {
        let quotas = plan["quotas"].as_array().expect("quotas");
        quotas.iter().find(|quota| quota["code"] == code).expect("it is planned")["granted"].clone()
    };
    // An applied value, an applied zero, and a default where none is applied.
    assert_eq!(granted("L-27C57EE8"), 2_000_000);
    assert_eq!(granted("L-CCA5DF70"), 0);
    assert_eq!(granted("L-15B8E632"), 6_000_000);
    // Against the file it was written from nothing has changed.
    let args =
        ["quotas", "--from", &applied, "--from", &defaults, "--diff", "granted.toml", "--format", "json"];
    let run = quotaplan(folder.path(), &args);
    let diff: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    assert_eq!(diff["changes"].as_array().expect("changes").len(), 0);
    assert_eq!(diff["summary"]["unchanged"], 105);
}
