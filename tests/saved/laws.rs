//! What the CLI writes is read back as it was, whatever the pages, the files and the form of numbers.

use proptest::prelude::*;
use quotaplan::answers::{QuotaListing, ServiceQuota};
use quotaplan::saved::{self, Listed};
use quotaplan::text::Code;

use super::written::{Layout, Written, files, laid_out, layout, pages, quota, quotas, request, requests};
use crate::properties::cases;

fn list(quotas: &[(ServiceQuota, Written)], cuts: &[prop::sample::Index], how: Layout) -> Vec<String> {
    let entries: Vec<String> = quotas.iter().map(|(own, written)| quota(own, *written)).collect();
    laid_out(pages("Quotas", &entries, cuts), how)
}

fn plain(quotas: &[(ServiceQuota, Written)]) -> Vec<ServiceQuota> {
    quotas.iter().map(|(quota, _)| quota.clone()).collect()
}

fn cuts() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 0..4)
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn a_listing_is_read_back_whatever_its_pages(
        applied in quotas(Some("111122223333")),
        defaults in quotas(None),
        (cuts_applied, cuts_defaults) in (cuts(), cuts()),
        (how_applied, how_defaults) in (layout(), layout()),
        defaults_first in any::<bool>(),
    ) {
        let mut texts = list(&applied, &cuts_applied, how_applied);
        let of_defaults = list(&defaults, &cuts_defaults, how_defaults);
        if defaults_first {
            texts.splice(0..0, of_defaults);
        } else {
            texts.extend(of_defaults);
        }
        let (sources, files, mut diagnostics) = files(texts);
        let files: Vec<_> = files.into_iter().map(|file| (file, None)).collect();
        let saved = saved::quotas(&sources, &files, &mut diagnostics).expect("it is valid");
        let listing = QuotaListing { applied: plain(&applied), defaults: plain(&defaults) };
        prop_assert_eq!(&saved.listing, &listing, "{:?}", diagnostics);
        prop_assert!(saved.applied_given && saved.defaults_given);
        // Every cut leaves a page that goes on; one without entries does not show which list it is of.
        let mut at: Vec<usize> = cuts_applied.iter().map(|cut| cut.index(applied.len() + 1)).collect();
        at.sort_unstable();
        at.dedup();
        prop_assert_eq!(saved.continued.len(), at.iter().filter(|at| **at > 0).count());
        prop_assert_eq!(saved.queried.len(), 0);
        prop_assert!(diagnostics.is_empty());
    }

    /// Answers about one quota each say the same as the list, and nothing of any other; a bare list is a list.
    #[test]
    fn single_answers_and_bare_lists_hold_the_same_quotas(
        applied in quotas(Some("111122223333")),
        defaults in quotas(None),
        wrapped in any::<bool>(),
        by_line in any::<bool>(),
    ) {
        let entries = |quotas: &[(ServiceQuota, Written)]| -> Vec<String> {
            quotas.iter().map(|(own, written)| quota(own, *written)).collect()
        };
        let single = |entry: &String| if wrapped { format!("{{\"Quota\": {entry}}}") } else { entry.clone() };
        let ones: Vec<String> = entries(&applied).iter().map(single).collect();
        let ones = if by_line { ones.join("\n") } else { format!("[{}]", ones.join(",")) };
        let bare = format!("\r\n[{}]\r\n", entries(&defaults).join(", "));
        let (sources, ids, mut diagnostics) = files(vec![ones, bare]);
        let ids: Vec<_> = ids.into_iter().map(|file| (file, None)).collect();
        let saved = saved::quotas(&sources, &ids, &mut diagnostics).expect("it is valid");
        prop_assert!(diagnostics.is_empty());
        prop_assert_eq!(&saved.listing.applied, &plain(&applied));
        prop_assert_eq!(&saved.listing.defaults, &plain(&defaults));
        // Without the wrapper an array of entries is what --query leaves of a list.
        let is_list = !wrapped && !by_line;
        prop_assert_eq!(saved.applied_given, is_list);
        prop_assert_eq!(saved.queried.len(), usize::from(is_list));
        prop_assert!(saved.defaults_given);
    }

    /// A name on the command line decides, and says where the ARNs would have decided otherwise.
    #[test]
    fn a_named_list_is_what_it_is_named(defaults in quotas(None), cuts in cuts(), how in layout()) {
        let (sources, files, mut diagnostics) = files(list(&defaults, &cuts, how));
        let files: Vec<_> = files.into_iter().map(|file| (file, Some(Listed::Applied))).collect();
        let saved = saved::quotas(&sources, &files, &mut diagnostics).expect("it is read as named");
        prop_assert_eq!(saved.listing, QuotaListing { applied: plain(&defaults), defaults: Vec::new() });
        prop_assert!(saved.applied_given && !saved.defaults_given);
        prop_assert!(!diagnostics.is_empty());
        prop_assert!(diagnostics.iter().all(|diagnostic| diagnostic.code == Code::UnnamedAnswer));
    }

    /// Without its last page an answer is not taken for whole.
    #[test]
    fn an_answer_that_goes_on_is_refused(applied in quotas(Some("111122223333")), cut in any::<prop::sample::Index>()) {
        let mut texts = list(&applied, &[cut], Layout::Files);
        texts.pop();
        let entries = cut.index(applied.len() + 1);
        let (sources, files, mut diagnostics) = files(texts);
        let files: Vec<_> = files.into_iter().map(|file| (file, None)).collect();
        prop_assert_eq!(saved::quotas(&sources, &files, &mut diagnostics), None);
        let expected = if entries == 0 { Code::UnnamedAnswer } else { Code::IncompleteAnswer };
        let found: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        prop_assert_eq!(found, vec![expected]);
    }

    /// The same answer given twice says nothing new; with another value it is refused.
    #[test]
    fn an_answer_given_twice_must_say_the_same(applied in quotas(Some("111122223333")), changed in any::<prop::sample::Index>()) {
        let text = list(&applied, &[], Layout::Behind);
        let twice = [text.clone(), text.clone()].concat();
        let (sources, ids, mut diagnostics) = files(twice);
        let ids: Vec<_> = ids.into_iter().map(|file| (file, None)).collect();
        let saved = saved::quotas(&sources, &ids, &mut diagnostics).expect("the same twice");
        prop_assert_eq!(saved.listing.applied, plain(&applied));

        let mut other = applied;
        let at = changed.index(other.len());
        other[at].0.value = match other[at].0.value {
            Some(value) if value.get() == 5 => None,
            _ => quotaplan::units::QuotaAmount::new(5),
        };
        let (sources, ids, mut diagnostics) = files([text, list(&other, &[], Layout::Array)].concat());
        let ids: Vec<_> = ids.into_iter().map(|file| (file, None)).collect();
        prop_assert_eq!(saved::quotas(&sources, &ids, &mut diagnostics), None);
        let found: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        prop_assert_eq!(found, vec![Code::ConflictingAnswers]);
    }

    #[test]
    fn a_history_is_read_back_whatever_its_pages(
        history in requests(),
        in_seconds in any::<bool>(),
        offset in -12..=14_i8,
        cuts in cuts(),
        how in layout(),
    ) {
        let entries: Vec<String> = history.iter().map(|own| request(own, in_seconds, offset)).collect();
        let (sources, files, mut diagnostics) = files(laid_out(pages("RequestedQuotas", &entries, &cuts), how));
        let read = saved::history(&sources, &files, &mut diagnostics);
        prop_assert_eq!(read, Some(history), "{:?}", diagnostics);
    }
}
