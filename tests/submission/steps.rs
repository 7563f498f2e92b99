//! What each answer of AWS leads to, step by step.

use std::cell::RefCell;
use std::time::Duration;

use quotaplan::answers::RequestStatus;
use quotaplan::aws::{Fault, Increase};
use quotaplan::submission::{
    Basis, CurrentValue, Decision, Refusal, Sent, SkipReason, SubmissionResult, prepare, send,
};
use quotaplan::units::QuotaAmount;

use super::account::{Account, Step, asked, increase};

const ONE: &str = "L-58BE175A";
const TWO: &str = "L-27C57EE8";

/// An account with two quotas at their default of 5,000,000.
fn fresh() -> Account {
    let defaults = [(ONE.to_owned(), 5_000_000), (TWO.to_owned(), 5_000_000)].into();
    Account { defaults, ..Account::default() }
}

fn both() -> Vec<Increase> {
    vec![increase(ONE, 6_300_000), increase(TWO, 7_000_000)]
}

/// What came of each, and the seconds that were waited.
fn sent(account: &Account, script: Vec<Step>) -> (Vec<SubmissionResult>, Vec<u64>) {
    account.new_run(script, None, account.lag.get());
    let pauses = RefCell::new(Vec::new());
    let pause = |length: Duration| pauses.borrow_mut().push(length.as_secs());
    let mut told = Vec::new();
    let all =
        send(account, &both(), false, &pause, &mut |sent: &Sent| told.push(sent.clone())).expect("valid");
    assert_eq!(all, told, "each is told of");
    (all.into_iter().map(|sent| sent.outcome).collect(), pauses.into_inner())
}

fn skip(account: &Account, increase: Increase, again: bool) -> Option<SkipReason> {
    let [standing] = prepare(account, &[increase], again).expect("valid").try_into().expect("one");
    match standing.decision {
        Decision::Send => None,
        Decision::Skip(skip) => Some(skip),
    }
}

#[test]
fn preparing_sends_nothing() {
    let account = fresh();
    let standings = prepare(&account, &both(), false).expect("valid");
    assert!(standings.iter().all(|standing| standing.decision == Decision::Send));
    let current =
        CurrentValue { value: QuotaAmount::new(5_000_000).expect("an amount"), basis: Basis::Default };
    assert_eq!(standings[0].current, Some(current));
    assert_eq!(account.requests.get(), 0);
}

#[test]
fn what_holds_is_not_asked_for() {
    let mut account = fresh();
    assert!(matches!(skip(&account, increase(ONE, 5_000_000), false), Some(SkipReason::Held(_))));
    assert_eq!(skip(&account, increase(ONE, 5_000_001), false), None);
    account.applied.insert(ONE.to_owned(), 8_000_000);
    let Some(SkipReason::Held(current)) = skip(&account, increase(ONE, 6_300_000), false) else {
        panic!("it holds")
    };
    assert_eq!(current.basis, Basis::Applied);
    // Service Quotas refuses what is not above AWS's default, however low the applied value is.
    for applied in [0, 1_000] {
        account.applied.insert(ONE.to_owned(), applied);
        let default = QuotaAmount::new(5_000_000).expect("an amount");
        for desired in [5_000, 5_000_000] {
            let found = skip(&account, increase(ONE, desired), true);
            assert_eq!(
                found,
                Some(SkipReason::NotAboveDefault(default)),
                "{desired} where {applied} is applied"
            );
        }
        assert_eq!(skip(&account, increase(ONE, 5_000_001), false), None);
    }
}

#[test]
fn what_cannot_be_asked_for_is_not() {
    let mut account = fresh();
    assert_eq!(skip(&account, increase("L-00000000", 5), true), Some(SkipReason::NoSuchQuota));
    account.fixed.push(ONE.to_owned());
    assert_eq!(skip(&account, increase(ONE, 6_300_000), true), Some(SkipReason::NotAdjustable));
}

#[test]
fn an_open_request_keeps_another_from_being_sent_even_again() {
    let open = [RequestStatus::Pending, RequestStatus::CaseOpened, RequestStatus::Other("NEW".to_owned())];
    for status in open {
        let account = fresh();
        account.history.borrow_mut().push(asked(ONE, 9_000_000, status));
        for again in [false, true] {
            assert!(matches!(skip(&account, increase(ONE, 6_300_000), again), Some(SkipReason::Open(_))));
        }
    }
}

#[test]
fn a_request_that_came_to_its_end_counts_for_the_same_value_unless_again() {
    use RequestStatus::{Approved, CaseClosed, Denied, InvalidRequest, NotApproved};
    for status in [CaseClosed, Denied, InvalidRequest, NotApproved, Approved] {
        let account = fresh();
        account.history.borrow_mut().push(asked(ONE, 6_300_000, status));
        assert!(matches!(skip(&account, increase(ONE, 6_300_000), false), Some(SkipReason::AskedBefore(_))));
        assert_eq!(skip(&account, increase(ONE, 6_300_000), true), None);
        assert_eq!(skip(&account, increase(ONE, 6_400_000), false), None, "another value");
    }
    // What AWS grants holds soon, and a lower value with it; what it refused says nothing of a lower one.
    for (status, sent) in [(Approved, false), (Denied, true)] {
        let account = fresh();
        account.history.borrow_mut().push(asked(ONE, 9_000_000, status));
        assert_eq!(skip(&account, increase(ONE, 6_300_000), false).is_none(), sent);
    }
}

#[test]
fn all_goes_well() {
    let account = fresh();
    let (outcomes, pauses) = sent(&account, Vec::new());
    assert!(
        matches!(outcomes.as_slice(), [SubmissionResult::Requested(_), SubmissionResult::Requested(_)]),
        "{outcomes:?}"
    );
    assert_eq!(pauses, [0; 0]);
    let (outcomes, _) = sent(&account, Vec::new());
    assert!(
        outcomes.iter().all(|outcome| matches!(outcome, SubmissionResult::Skipped(SkipReason::Open(_)))),
        "{outcomes:?}"
    );
    assert_eq!(account.taken.borrow().len(), 2);
}

#[test]
fn throttled_it_waits_longer_each_time_and_gives_up() {
    let throttled = || Step::Fails(Fault::Throttled);
    let (outcomes, pauses) = sent(&fresh(), vec![throttled(), throttled()]);
    assert!(
        matches!(outcomes.as_slice(), [SubmissionResult::Requested(_), SubmissionResult::Requested(_)]),
        "{outcomes:?}"
    );
    assert_eq!(pauses, [1, 2]);
    let account = fresh();
    let (outcomes, pauses) = sent(&account, vec![throttled(); 20]);
    assert!(
        matches!(outcomes.as_slice(), [SubmissionResult::Stopped(_), SubmissionResult::NotTried]),
        "{outcomes:?}"
    );
    assert_eq!(pauses, [1, 2, 4, 8]);
    assert_eq!(account.requests.get(), 5);
}

#[test]
fn a_lost_answer_is_looked_for_in_the_history() {
    let account = fresh();
    account.lag.set(3);
    let (outcomes, pauses) = sent(&account, vec![Step::TakesAndIsLost]);
    assert!(
        matches!(outcomes.as_slice(), [SubmissionResult::Found(_), SubmissionResult::Requested(_)]),
        "{outcomes:?}"
    );
    assert_eq!(pauses, [1, 2, 4, 8], "three looks show nothing");
    // One that was there before is not taken for it.
    let account = fresh();
    account.history.borrow_mut().push(asked(ONE, 6_400_000, RequestStatus::Denied));
    let (outcomes, pauses) = sent(&account, vec![Step::IsLost]);
    assert!(
        matches!(outcomes.as_slice(), [SubmissionResult::Unknown(_), SubmissionResult::NotTried]),
        "{outcomes:?}"
    );
    assert_eq!(pauses, [1, 2, 4, 8, 15]);
    assert_eq!(account.requests.get(), 1, "it is not sent again");
    let (outcomes, _) = sent(&account, Vec::new());
    assert!(
        matches!(outcomes.as_slice(), [SubmissionResult::Requested(_), SubmissionResult::Requested(_)]),
        "{outcomes:?}"
    );
}

#[test]
fn what_would_stop_all_stops_the_run_and_what_is_refused_does_not() {
    for fault in [Fault::Credentials, Fault::AccessDenied, Fault::NotReached] {
        let (outcomes, _) = sent(&fresh(), vec![Step::Fails(fault)]);
        assert!(
            matches!(outcomes.as_slice(), [SubmissionResult::Stopped(_), SubmissionResult::NotTried]),
            "{fault:?}: {outcomes:?}"
        );
    }
    for fault in [Fault::Refused, Fault::NotFound, Fault::AlreadyOpen] {
        let (outcomes, _) = sent(&fresh(), vec![Step::Fails(fault)]);
        assert!(
            matches!(outcomes.as_slice(), [SubmissionResult::Refused(_), SubmissionResult::Requested(_)]),
            "{fault:?}: {outcomes:?}"
        );
    }
}

#[test]
fn what_the_api_does_not_take_is_refused_before_any_call() {
    let refused = [
        vec![increase(ONE, 10_000_000_001)],
        vec![increase(ONE, 0)],
        vec![increase("l-58be175a", 6_300_000)],
        vec![increase(ONE, 6_300_000), increase(ONE, 6_400_000)],
    ];
    for increases in refused {
        let account = Account { calls_left: Some(0).into(), ..Account::default() };
        assert!(matches!(prepare(&account, &increases, true), Err(Refusal::Increase(_))), "{increases:?}");
        let sent = send(&account, &increases, true, &|_| {}, &mut |_| {});
        assert!(matches!(sent, Err(Refusal::Increase(_))), "{increases:?}");
    }
    assert_eq!(skip(&fresh(), increase(ONE, 10_000_000_000), false), None);
}
