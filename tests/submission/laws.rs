//! Laws over random accounts, histories, faults and kills: nothing is asked for twice, nothing at or
//! below what holds or AWS's default, nothing while a request is open; and a run without faults brings all to its end.

use std::collections::BTreeMap;

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};
use quotaplan::answers::RequestStatus;
use quotaplan::aws::Fault;
use quotaplan::submission::{SkipReason, SubmissionResult, send};

use super::account::{Account, Step, asked, increase};
use crate::properties::cases;

const CODES: [&str; 4] = ["L-00000001", "L-00000002", "L-00000003", "L-00000004"];

fn status() -> impl Strategy<Value = RequestStatus> {
    use RequestStatus::{
        Approved, CaseClosed, CaseOpened, Denied, InvalidRequest, NotApproved, Other, Pending,
    };
    prop_oneof![
        Just(Pending),
        Just(CaseOpened),
        Just(Approved),
        Just(Denied),
        Just(CaseClosed),
        Just(NotApproved),
        Just(InvalidRequest),
        Just(Other("ON_ITS_WAY".to_owned())),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Takes),
        3 => Just(Step::TakesAndIsLost),
        2 => Just(Step::IsLost),
        2 => Just(Step::TakesAndKills),
        3 => Just(Step::Fails(Fault::Throttled)),
        1 => Just(Step::Fails(Fault::Refused)),
        1 => Just(Step::Fails(Fault::NotReached)),
        1 => Just(Step::Fails(Fault::Credentials)),
        1 => Just(Step::Fails(Fault::AccessDenied)),
    ]
}

/// A run: what AWS does, after how many calls it is killed, how long its history lags, and what has
/// become of each open request when it is over.
type Run = (Vec<Step>, Option<usize>, usize, Vec<RequestStatus>);

fn run() -> impl Strategy<Value = Run> {
    (
        prop::collection::vec(step(), 0..8),
        prop::option::of(0..20_usize),
        0..8_usize,
        prop::collection::vec(status(), 8),
    )
}

/// Small values, so that equal ones are common.
fn account() -> impl Strategy<Value = Account> {
    let values = || prop::collection::btree_map(prop::sample::select(CODES.to_vec()), 1..6_u64, 0..4);
    let history = prop::collection::vec((prop::sample::select(CODES.to_vec()), 1..6_u64, status()), 0..4);
    let owned =
        |map: BTreeMap<&str, u64>| map.into_iter().map(|(code, value)| (code.to_owned(), value)).collect();
    (values(), values(), history, prop::option::of(status())).prop_map(
        move |(applied, defaults, history, becomes)| {
            let history =
                history.into_iter().map(|(code, desired, status)| asked(code, desired, status)).collect();
            Account {
                applied: owned(applied),
                defaults: owned(defaults),
                history: std::cell::RefCell::new(history),
                becomes,
                ..Account::default()
            }
        },
    )
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn nothing_is_asked_for_twice(
        account in account(),
        desired in prop::collection::vec(1..8_u64, CODES.len()),
        runs in prop::collection::vec(run(), 1..5),
    ) {
        let increases: Vec<_> =
            CODES.iter().zip(desired).map(|(code, desired)| increase(code, desired)).collect();
        let before = account.history.borrow().clone();
        for (script, calls, lag, becomes) in runs {
            account.new_run(script, calls, lag);
            let _ = send(&account, &increases, false, &|_| {}, &mut |_| {});
            // Time passes, and AWS decides; what it grants is applied later or never.
            for (request, status) in account.history.borrow_mut().iter_mut().zip(becomes) {
                if request.status.is_open() {
                    request.status = status;
                }
            }
        }
        account.new_run(Vec::new(), None, 0);
        let last = send(&account, &increases, false, &|_| {}, &mut |_| {}).expect("valid increases");

        prop_assert_eq!(account.wrong.borrow().join("; "), "");
        let taken = account.taken.borrow();
        for increase in &increases {
            let times = taken.iter().filter(|(code, _)| *code == increase.code).count();
            prop_assert!(times <= 1, "{} was taken {times} times", increase.code);
            let closed = before.iter().any(|request| {
                request.code == increase.code && request.desired == Some(increase.desired)
            });
            prop_assert!(!closed || times == 0, "{} was asked for before", increase.code);
        }
        // A run without faults leaves nothing to do.
        for sent in &last {
            let settled = match &sent.outcome {
                SubmissionResult::Skipped(SkipReason::NoSuchQuota | SkipReason::NotAboveDefault(_)) => true,
                SubmissionResult::Skipped(skip) => skip.is_settled(),
                outcome => outcome.is_settled(),
            };
            prop_assert!(settled, "{:?}", sent);
        }
    }

    #[test]
    fn asked_again_nothing_is_sent_while_one_is_open_and_once_a_run(
        account in account(),
        desired in prop::collection::vec(1..8_u64, CODES.len()),
        (script, calls, lag, _) in run(),
        twice in any::<bool>(),
    ) {
        let increases: Vec<_> =
            CODES.iter().zip(desired).map(|(code, desired)| increase(code, desired)).collect();
        account.new_run(script, calls, lag);
        let _ = send(&account, &increases, true, &|_| {}, &mut |_| {});
        let once = account.taken.borrow().clone();
        for code in CODES {
            prop_assert!(once.iter().filter(|(taken, _)| taken == code).count() <= 1);
        }
        if twice {
            account.new_run(Vec::new(), None, 0);
            let _ = send(&account, &increases, true, &|_| {}, &mut |_| {});
        }
        prop_assert_eq!(account.wrong.borrow().join("; "), "");
    }
}
