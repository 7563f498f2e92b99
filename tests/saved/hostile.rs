//! Files that are no answer, by accident or on purpose: a word about each, and never a panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use quotaplan::render::{Colour, diagnostic};
use quotaplan::saved;
use quotaplan::text::{Code, Diagnostics, Sources, decode};

use super::written::{page, quota, quotas, request, requests};
use crate::properties::cases;
use crate::support::damaged;

/// Reads bytes as both kinds of answer and shows what is said; whether either was taken.
fn read(bytes: &[u8]) -> (bool, bool, Vec<Code>) {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let Some(file) = decode(&mut sources, "saved.json", bytes.to_vec(), &mut diagnostics) else {
        return (false, false, vec![Code::InvalidUtf8]);
    };
    let quotas = saved::quotas(&sources, &[(file, None)], &mut diagnostics).is_some();
    let history = saved::history(&sources, &[file], &mut diagnostics).is_some();
    let said = diagnostics.into_sorted();
    let shown = diagnostic::render(&said, &sources, 20, Colour::Off);
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    (quotas, history, said.iter().map(|diagnostic| diagnostic.code).collect())
}

fn answer(listing: &[(quotaplan::answers::ServiceQuota, super::written::Written)]) -> String {
    let entries: Vec<String> = listing.iter().map(|(own, written)| quota(own, *written)).collect();
    page("Quotas", &entries, true)
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_file_cut_short_is_refused(listing in quotas(Some("111122223333")), at in any::<prop::sample::Index>()) {
        let text = answer(&listing);
        let whole = text.trim_end().len();
        let (quotas, history, said) = read(&text.as_bytes()[..at.index(whole)]);
        prop_assert!(!quotas && !history && !said.is_empty());
    }

    #[test]
    fn bytes_changed_at_random_are_read_or_refused(
        listing in quotas(None),
        history in requests(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        pieces in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(vec!["{", "}", "[", "]", "\"", ",", "null", "1e999", "-", "\u{0}", "NaN", "\\u0000", "\\ud800"])),
            0..4,
        ),
    ) {
        let entries: Vec<String> = history.iter().map(|own| request(own, false, 0)).collect();
        for text in [answer(&listing), page("RequestedQuotas", &entries, true)] {
            let bytes = damaged(text.into_bytes(), &changes, &pieces);
            let (quotas, history, said) = read(&bytes);
            // The other kind of answer is never taken for one's own.
            prop_assert!(!(quotas && history), "{said:?}");
        }
    }
}

#[test]
fn what_is_no_answer_is_named() {
    for (text, code) in [
        ("", Code::EmptyFile),
        (" \n\t\n", Code::EmptyFile),
        ("\u{0}\u{0}\u{0}", Code::NotAnAnswer),
        ("null", Code::NotAnAnswer),
        ("7 8", Code::NotAnAnswer),
        ("{}", Code::NotAnAnswer),
        ("{\"Quotas\": {\"Quotas\": []}}", Code::NotAnAnswer),
        ("{\"Quotas\": null}", Code::NotAnAnswer),
        ("{\"Quotas\": [], \"Quotas\": []}", Code::NotAnAnswer),
        ("{\"Quotas\": []} trailing", Code::NotAnAnswer),
        ("{\"Quotas\": []},{\"Quotas\": []}", Code::NotAnAnswer),
        ("An error occurred (", Code::NotAnAnswer),
        (
            "Unable to locate credentials. You can configure credentials by running \"aws login\".",
            Code::NotAnAnswer,
        ),
        (
            "{\"Quotas\": []}\nAn error occurred (ThrottlingException) when calling the ListServiceQuotas operation (reached max retries: 4): Rate exceeded",
            Code::NotAnAnswer,
        ),
        ("{\"Quotas\": [{\"QuotaCode\": \"L-58BE175A\", \"Value\": -0.5}]}", Code::BadNumber),
        (
            "{\"Quotas\": [{\"QuotaCode\": \"L-58BE175A\", \"Value\": 1e18000000000000000000000}]}",
            Code::FigureTooLarge,
        ),
    ] {
        let (quotas, history, said) = read(text.as_bytes());
        assert!(!quotas && !history, "{text}");
        assert!(said.contains(&code), "{text}: {said:?}");
    }
    // PowerShell 5 saves UTF-16.
    let utf16: Vec<u8> = "{\"Quotas\": []}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&[&b"\xff\xfe"[..], &utf16].concat()), read(b"{\"Quotas\": []}"));
}

#[test]
fn ten_megabytes_of_brackets_are_refused_in_time() {
    let open = vec![b'['; 10_000_000];
    // Each level that is looked into is read once more, which takes long without optimisation.
    let closed = [&open[..500_000], &[b']'; 500_000]].concat();
    let objects = b"{\"Quotas\":".repeat(1_000_000);
    let digits =
        [&b"{\"Quotas\": [{\"QuotaCode\": \"L-58BE175A\", \"Value\": "[..], &[b'9'; 10_000_000], b"}]}"]
            .concat();
    for bytes in [open, closed, objects, digits] {
        let start = Instant::now();
        let (quotas, history, said) = read(&bytes);
        assert!(!quotas && !history && !said.is_empty());
        // Far above what it takes, far below what a quadratic reader would.
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }
}
