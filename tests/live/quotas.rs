//! Service Quotas by the SDK, well and badly answered.

use std::time::Duration;

use quotaplan::answers::RequestStatus;
use quotaplan::aws::sdk::ServiceQuotas;
use quotaplan::aws::{CallFault, Fault, QuotaService};
use quotaplan::submission::{SubmissionResult, send};

use super::server::{Reply, Server};
use super::{KEY_ID, REGION, SECRET, SHORT, TOKEN, increase, settings};

const ONE: &str = "L-58BE175A";
const TWO: &str = "L-15B8E632";

const REQUEST: &str = "RequestServiceQuotaIncrease";

fn service(server: &Server) -> ServiceQuotas {
    ServiceQuotas::with(settings(server), REGION, &SHORT).expect("it starts")
}

/// The fault of a read that is answered so each time, and how often it was tried.
fn read_fault(reply: &Reply) -> (CallFault, usize) {
    let server = Server::new(&[("ListServiceQuotas", vec![reply.clone(); 9])]);
    let fault = service(&server).applied().expect_err("it fails");
    let calls = server.state().calls("ListServiceQuotas");
    (fault, calls)
}

/// The fault of a request that is answered so, and how often it was made and taken.
fn request_fault(reply: &Reply) -> (CallFault, usize, usize) {
    let server = Server::new(&[(REQUEST, vec![reply.clone(); 9])]);
    let fault = service(&server).request(&increase(ONE, 6_300_000)).expect_err("it fails");
    let state = server.state();
    (fault, state.calls(REQUEST), state.taken(ONE))
}

#[test]
fn every_page_is_read() {
    let server = Server::new(&[]);
    for index in 0..5 {
        server.state().applied.insert(format!("L-0000000{index}"), f64::from(index) + 0.9);
    }
    let quotas = service(&server).applied().expect("it answers");
    let values: Vec<_> = quotas.iter().filter_map(|quota| quota.value).map(|value| value.get()).collect();
    assert_eq!(values, [0, 1, 2, 3, 4], "rounded down");
    assert_eq!(quotas[0].account.as_deref(), Some("111122223333"));
    assert_eq!(service(&server).defaults().expect("it answers").len(), 2);
}

#[test]
fn a_page_that_repeats_its_token_ends_in_an_error() {
    let server = Server::new(&[]);
    server.state().repeats = Some("1");
    for fault in [service(&server).applied(), service(&server).defaults()] {
        let fault = fault.expect_err("no end");
        assert_eq!(fault.fault, Fault::Unknown);
        assert!(fault.said.contains("repeats the token"), "{fault}");
    }
    assert_eq!(server.state().calls("ListServiceQuotas"), 2);
}

#[test]
fn a_quota_without_an_applied_value_is_none() {
    let server = Server::new(&[]);
    let service = service(&server);
    assert_eq!(service.applied_of(ONE), Ok(None));
    let default = service.default_of(ONE).expect("it answers").expect("there is one");
    assert_eq!(default.value.map(|value| value.get()), Some(5_000_000));
    assert_eq!(service.default_of("L-00000000"), Ok(None));
    assert_eq!(service.requests_of(ONE), Ok(Vec::new()));
}

#[test]
fn a_request_comes_back_with_its_id() {
    let server = Server::new(&[]);
    let request = service(&server).request(&increase(ONE, 10_000_000_000)).expect("it is taken");
    assert_eq!((request.id.as_str(), request.status), ("request-0", RequestStatus::Pending));
    assert_eq!(request.desired.map(|value| value.get()), Some(10_000_000_000));
    let created = request.created.expect("a time").to_string();
    assert!(created.ends_with(".5Z"), "{created}");
    let state = server.state();
    let seen = state.seen.iter().find(|seen| seen.operation == REQUEST).expect("the call");
    assert_eq!(seen.body["SupportCaseAllowed"], true);
    assert!(seen.headers["authorization"].contains("/ca-central-1/servicequotas/aws4_request"));
}

#[test]
fn reads_are_tried_again_and_requests_never() {
    let passing = || vec![Reply::Error(400, "TooManyRequestsException", ""), Reply::Raw(500, "oh")];
    let server = Server::new(&[("ListServiceQuotas", passing()), (REQUEST, passing())]);
    let service = service(&server);
    assert_eq!(service.applied(), Ok(Vec::new()));
    assert_eq!(server.state().calls("ListServiceQuotas"), 3);
    let increase = increase(ONE, 6_300_000);
    assert_eq!(service.request(&increase).map_err(|fault| fault.fault), Err(Fault::Throttled));
    assert_eq!(service.request(&increase).map_err(|fault| fault.fault), Err(Fault::Unknown));
    assert!(service.request(&increase).is_ok());
    assert_eq!(server.state().calls(REQUEST), 3);
}

#[test]
fn each_failure_is_told_by_its_kind() {
    let error = |code| Reply::Error(400, code, "some words");
    let long = Duration::from_secs(3);
    let cases = [
        (error("AccessDeniedException"), Fault::AccessDenied, 1),
        (error("ExpiredTokenException"), Fault::Credentials, 1),
        (error("UnrecognizedClientException"), Fault::Credentials, 1),
        (Reply::Error(403, "InvalidSignatureException", "some words"), Fault::Credentials, 1),
        (error("TooManyRequestsException"), Fault::Throttled, 3),
        (error("IllegalArgumentException"), Fault::Refused, 1),
        (error("NoSuchResourceException"), Fault::NotFound, 1),
        (error("SomethingNewException"), Fault::Unknown, 1),
        (Reply::Error(500, "ServiceException", "some words"), Fault::Unknown, 3),
        (Reply::Error(503, "AccessDeniedException", "some words"), Fault::Unknown, 3),
        (Reply::Raw(200, "<html>"), Fault::Unknown, 1),
        (Reply::Raw(403, "<html>"), Fault::Unknown, 1),
        (Reply::Truncated, Fault::Unknown, 3),
        (Reply::Closed, Fault::Unknown, 3),
        (Reply::Slow(long), Fault::Unknown, 3),
        (Reply::Never, Fault::Unknown, 3),
    ];
    for (reply, expected, tries) in cases {
        let (fault, calls) = read_fault(&reply);
        assert_eq!(fault.fault, expected, "{reply:?}: {fault}");
        assert_eq!(calls, tries, "{reply:?}: {fault}");
        assert_eq!(fault.operation, "ListServiceQuotas");
        assert_eq!(fault.region, REGION);
        assert_eq!(fault.action, "servicequotas:ListServiceQuotas");
    }
}

#[test]
fn a_request_is_made_once_whatever_comes_back() {
    let error = |code| Reply::Error(400, code, "some words");
    let done = |reply| Reply::DoneThen(Box::new(reply));
    let cases = [
        (error("ResourceAlreadyExistsException"), Fault::AlreadyOpen, 0),
        (error("QuotaExceededException"), Fault::Refused, 0),
        (error("InvalidResourceStateException"), Fault::Refused, 0),
        (error("DependencyAccessDeniedException"), Fault::Refused, 0),
        (error("TooManyRequestsException"), Fault::Throttled, 0),
        (done(Reply::Raw(500, "oh")), Fault::Unknown, 1),
        (done(Reply::Error(500, "ServiceException", "some words")), Fault::Unknown, 1),
        (done(Reply::Truncated), Fault::Unknown, 1),
        (done(Reply::Raw(200, "{}")), Fault::Unknown, 1),
        (done(Reply::Raw(200, "garbage")), Fault::Unknown, 1),
        (done(Reply::Closed), Fault::Unknown, 1),
        (done(Reply::Never), Fault::Unknown, 1),
        (Reply::Closed, Fault::Unknown, 0),
        (Reply::Never, Fault::Unknown, 0),
    ];
    for (reply, expected, taken) in cases {
        let (fault, calls, times) = request_fault(&reply);
        assert_eq!(fault.fault, expected, "{reply:?}: {fault}");
        assert_eq!((calls, times), (1, taken), "{reply:?}: {fault}");
    }
}

#[test]
fn a_connection_that_was_never_made_is_told_from_one_that_broke() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let server = Server::new(&[]);
    let settings = settings(&server).endpoint_url(format!("http://{address}"));
    let service = ServiceQuotas::with(settings, REGION, &SHORT).expect("it starts");
    assert_eq!(
        service.request(&increase(ONE, 6_300_000)).map_err(|fault| fault.fault),
        Err(Fault::NotReached)
    );
    assert_eq!(service.applied().map_err(|fault| fault.fault), Err(Fault::NotReached));
}

#[test]
fn an_answer_that_was_lost_is_found_in_the_history_and_nothing_is_sent_twice() {
    for reply in [Reply::Raw(500, "oh"), Reply::Truncated, Reply::Closed, Reply::Never] {
        let server = Server::new(&[(REQUEST, vec![Reply::DoneThen(Box::new(reply.clone()))])]);
        let service = service(&server);
        let increases = [increase(ONE, 6_300_000), increase(TWO, 7_000_000)];
        let run = || send(&service, &increases, false, &|_| {}, &mut |_| {}).expect("valid");
        let first: Vec<_> = run().into_iter().map(|sent| sent.outcome).collect();
        assert!(
            matches!(first.as_slice(), [SubmissionResult::Found(_), SubmissionResult::Requested(_)]),
            "{reply:?}: {first:?}"
        );
        let second = run();
        assert!(second.iter().all(|sent| matches!(sent.outcome, SubmissionResult::Skipped(_))), "{second:?}");
        let state = server.state();
        assert_eq!((state.taken(ONE), state.taken(TWO)), (1, 1), "{reply:?}");
    }
}

#[test]
fn what_is_said_is_short_and_harmless_and_holds_no_credentials() {
    const LONG: &str = "line one\n::error::line two \u{1b}[31m";
    let (fault, _) = read_fault(&Reply::Error(400, "AccessDeniedException", LONG));
    assert!(!fault.said.contains(['\n', '\u{1b}']), "{fault}");
    // What AWS answers to a wrong signature holds the request, with its token.
    const SIGNED: &str =
        "The Canonical String should have been x-amz-security-token:marked-session-token-0123456789";
    let (fault, _) = read_fault(&Reply::Error(403, "InvalidSignatureException", SIGNED));
    for mark in [KEY_ID, SECRET, TOKEN] {
        assert!(!format!("{fault} {fault:?}").contains(mark), "{fault:?}");
    }
    let server = Server::new(&[]);
    assert!(!format!("{:?}", service(&server)).contains(SECRET));
}
