//! The program itself against the loopback: its Region, its credentials, its result, and a run that is
//! killed and started again.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::server::{Reply, Server};
use super::{KEY_ID, SECRET, TOKEN};
use crate::support::quotaplan;

const ONE: &str = "L-58BE175A";
const TWO: &str = "L-15B8E632";

const REQUEST: &str = "RequestServiceQuotaIncrease";

/// Traffic that needs 8,400,000 tokens per minute of each of two quotas.
const WORKLOADS: &str = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,\
    max_tokens,latency_seconds,share_over_25k\n\
    chat,haiku-4.5,us,1000,2000,2000,300,400,4.1,0\n\
    search,sonnet-4.6,us,1000,2000,2000,300,400,4.1,0\n";

/// A folder with workloads, and empty files in the place of AWS's settings.
fn workloads() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("workloads.csv"), WORKLOADS).expect("writing");
    std::fs::write(folder.path().join("quotaplan.toml"), "[request]\nuse_case = \"Chats\"\n")
        .expect("writing");
    std::fs::write(folder.path().join("empty"), "").expect("writing");
    folder
}

/// The same with a pack, `pack`, made of them.
fn pack() -> tempfile::TempDir {
    let folder = workloads();
    let made =
        quotaplan(folder.path(), &["request", "workloads.csv", "--today", "2026-11-25", "--out", "pack"]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

/// The program with nothing of the surroundings that could lead to AWS, and marked credentials.
fn program(server: &Server, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("AWS_CONFIG_FILE", folder.join("empty"))
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.join("empty"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", server.url())
        // Another Region than the one that is planned for.
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_SESSION_TOKEN", TOKEN)
        .env("RUST_LOG", "trace")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it to its end; nothing secret may come out.
fn run(command: &mut Command) -> (Option<i32>, String, String) {
    told(command.output().expect("the program runs"))
}

fn told(output: Output) -> (Option<i32>, String, String) {
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    for mark in [KEY_ID, SECRET, TOKEN] {
        assert!(!stdout.contains(mark) && !stderr.contains(mark), "{mark} comes out:\n{stdout}{stderr}");
    }
    (output.status.code(), stdout, stderr)
}

const SUBMIT: [&str; 4] = ["request", "submit", "pack", "--yes"];

#[test]
fn increases_are_sent_and_their_ids_told() {
    let (server, folder) = (Server::new(&[]), pack());
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(stdout, format!("{ONE} 8400000 PENDING request-0\n{TWO} 8400000 PENDING request-1\n"));
    assert!(stderr.contains("5,000,000 (default) -> 8,400,000  to send"), "{stderr}");
    for seen in &server.state().seen {
        let scope = &seen.headers["authorization"];
        assert!(scope.contains("/ca-central-1/servicequotas/aws4_request"), "{scope}");
        assert_eq!(seen.headers["x-amz-security-token"], TOKEN);
    }
    // Once more: both are open, and the same lines tell of them.
    let (status, again, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!((status, again), (Some(0), stdout), "{stderr}");
    assert!(stderr.contains("Nothing is left to send."), "{stderr}");
    assert_eq!(server.state().calls(REQUEST), 2);
}

#[test]
fn nothing_is_sent_to_another_account_than_the_packs() {
    let (server, folder) = (Server::new(&[]), workloads());
    let make = [
        "request",
        "workloads.csv",
        "--today",
        "2026-11-25",
        "--account-id",
        "444455556666",
        "--out",
        "pack",
    ];
    assert_eq!(quotaplan(folder.path(), &make).status.code(), Some(0));
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("111122223333") && stderr.contains("444455556666"), "{stderr}");
    assert_eq!(server.state().calls(REQUEST), 0);
    // Its own account is asked.
    std::fs::remove_dir_all(folder.path().join("pack")).expect("it is there");
    let make = [
        "request",
        "workloads.csv",
        "--today",
        "2026-11-25",
        "--account-id",
        "111122223333",
        "--out",
        "pack",
    ];
    assert_eq!(quotaplan(folder.path(), &make).status.code(), Some(0));
    let (status, _, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(server.state().calls(REQUEST), 2);
}

#[test]
fn nothing_is_called_without_a_confirmation() {
    let (server, folder) = (Server::new(&[]), pack());
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT[..3]));
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("--yes") && stderr.contains("nothing was sent"), "{stderr}");
    assert!(server.state().seen.is_empty());
}

#[test]
fn a_pack_can_be_made_and_sent_at_once() {
    let (server, folder) = (Server::new(&[]), workloads());
    let make = [
        "request",
        "workloads.csv",
        "--today",
        "2026-11-25",
        "--out",
        "pack",
        "--no-support-case",
        "--submit",
        "--yes",
    ];
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &make));
    assert_eq!(status, Some(0), "{stderr}");
    let (_, sent) = stdout.split_once("missing.\n").expect("the pack is told of");
    assert_eq!(sent, format!("{ONE} 8400000 PENDING request-0\n{TWO} 8400000 PENDING request-1\n"));
    {
        let state = server.state();
        let requests: Vec<_> = state.seen.iter().filter(|seen| seen.operation == REQUEST).collect();
        assert!(requests.iter().all(|seen| seen.body["SupportCaseAllowed"] == false), "{requests:?}");
    }
    // The pack is what its inputs give, whether it was sent or not, and is gone on with by its folder.
    let verified = quotaplan(folder.path(), &["request", "verify", "pack"]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    let (status, again, _) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!((status, again.as_str()), (Some(0), sent));
    // Without a terminal and without --yes nothing is written either.
    let (status, _, stderr) = run(&mut program(
        &server,
        folder.path(),
        &["request", "workloads.csv", "--today", "2026-11-25", "--out", "other", "--submit"],
    ));
    assert_eq!(status, Some(2), "{stderr}");
    assert!(!folder.path().join("other").exists());
    assert_eq!(server.state().calls(REQUEST), 2);
}

#[test]
fn a_pack_with_gaps_is_sent_only_when_told() {
    let (server, folder) = (Server::new(&[]), workloads());
    std::fs::write(folder.path().join("quotaplan.toml"), "").expect("writing");
    let make = ["request", "workloads.csv", "--today", "2026-11-25", "--out", "pack", "--submit", "--yes"];
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &make));
    assert_eq!(status, Some(2));
    assert!(stdout.ends_with("Not ready to send: 1 answer missing.\n"), "{stdout}");
    assert!(stderr.contains("--with-gaps; nothing was sent"), "{stderr}");
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("--with-gaps; nothing was sent"), "{stderr}");
    assert_eq!(server.state().calls(REQUEST), 0);
    let mut command = program(&server, folder.path(), &SUBMIT);
    let (status, _, stderr) = run(command.arg("--with-gaps"));
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(server.state().calls(REQUEST), 2);
}

#[test]
fn a_pack_that_was_changed_is_not_sent() {
    let (server, folder) = (Server::new(&[]), pack());
    let requests = folder.path().join("pack/requests.json");
    let text = std::fs::read_to_string(&requests).expect("it is there");
    std::fs::write(&requests, text.replace("8400000", "9400000")).expect("writing");
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("requests.json:5:") && stderr.contains("nothing was sent"), "{stderr}");
    assert!(server.state().seen.is_empty());
}

#[test]
fn what_was_refused_before_is_asked_for_again_only_when_told() {
    let (server, folder) = (Server::new(&[]), pack());
    run(&mut program(&server, folder.path(), &SUBMIT));
    server.state().history.iter_mut().for_each(|request| request["Status"] = "DENIED".into());
    let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(stdout, format!("{ONE} 8400000 DENIED request-0\n{TWO} 8400000 DENIED request-1\n"));
    assert_eq!(server.state().calls(REQUEST), 2);
    let mut command = program(&server, folder.path(), &SUBMIT);
    let (_, stdout, _) = run(command.arg("--again"));
    assert_eq!(stdout, format!("{ONE} 8400000 PENDING request-2\n{TWO} 8400000 PENDING request-3\n"));
}

/// Waits until the server has seen so many requests for an increase.
fn wait_for(server: &Server, requests: usize) {
    let start = Instant::now();
    while server.state().calls(REQUEST) < requests {
        assert!(start.elapsed() < Duration::from_secs(30), "no request comes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_that_is_killed_can_be_started_again() {
    // Killed while AWS has not taken the second, and while it has and its answer is under way.
    let blocked = [Reply::Never, Reply::DoneThen(Box::new(Reply::Never))];
    for (reply, second) in blocked.into_iter().zip([1, 1]) {
        let server = Server::new(&[(REQUEST, vec![Reply::Well, reply])]);
        let folder = pack();
        let mut child: Child = program(&server, folder.path(), &SUBMIT).spawn().expect("the program runs");
        wait_for(&server, 2);
        // The server keeps what it is told before it answers.
        std::thread::sleep(Duration::from_millis(50));
        child.kill().expect("it can be killed");
        let (status, stdout, _) = told(child.wait_with_output().expect("its output"));
        assert_eq!(status, None, "killed");
        assert_eq!(stdout, format!("{ONE} 8400000 PENDING request-0\n"), "what was done is told at once");
        let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
        assert_eq!(status, Some(0), "{stderr}");
        assert_eq!(stdout, format!("{ONE} 8400000 PENDING request-0\n{TWO} 8400000 PENDING request-1\n"));
        let state = server.state();
        assert_eq!((state.taken(ONE), state.taken(TWO)), (1, second));
    }
}

#[test]
fn faults_end_in_one_line_that_names_call_region_and_action() {
    let cases = [
        (
            Reply::Error(
                400,
                "AccessDeniedException",
                "User: arn:aws:sts::111122223333:assumed-role/x is not authorized",
            ),
            "error: GetServiceQuota in ca-central-1: access denied; the caller needs the IAM action \
             servicequotas:GetServiceQuota (AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/x is \
             not authorized); nothing was sent\n",
        ),
        (
            Reply::Error(
                400,
                "ExpiredTokenException",
                "The security token included in the request is expired",
            ),
            "error: GetServiceQuota in ca-central-1: no valid credentials; sign in again or choose another profile \
             (AWS_PROFILE) (ExpiredTokenException: the credentials have expired); nothing was sent\n",
        ),
    ];
    for (reply, expected) in cases {
        let (server, folder) = (Server::new(&[("GetServiceQuota", vec![reply; 9])]), pack());
        let (status, stdout, stderr) = run(&mut program(&server, folder.path(), &SUBMIT));
        assert_eq!((status, stdout.as_str(), stderr.as_str()), (Some(2), "", expected));
        assert_eq!(server.state().calls(REQUEST), 0);
    }
}

#[test]
fn an_endpoint_that_is_none_is_told() {
    let (server, folder) = (Server::new(&[]), pack());
    let (status, _, stderr) =
        run(program(&server, folder.path(), &SUBMIT).env("AWS_ENDPOINT_URL", "nonsense"));
    assert_eq!(status, Some(2));
    assert!(stderr.contains("cannot be reached (AWS_ENDPOINT_URL is not a URL)"), "{stderr}");
    let (status, _, stderr) = run(program(&server, folder.path(), &SUBMIT).env("HTTPS_PROXY", "://"));
    assert_eq!(status, Some(2));
    assert!(stderr.contains("HTTPS_PROXY is not a URL"), "{stderr}");
}

#[test]
fn without_credentials_nothing_leaves_the_machine() {
    let (server, folder) = (Server::new(&[]), pack());
    let mut command = program(&server, folder.path(), &SUBMIT);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        command.env_remove(name);
    }
    let (status, _, stderr) = run(&mut command);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("no valid credentials") && stderr.contains("no source of AWS's default chain"),
        "{stderr}"
    );
    let (status, _, stderr) = run(command.env("AWS_PROFILE", "absent"));
    assert_eq!(status, Some(2));
    assert!(stderr.contains("provides credentials; AWS_PROFILE is `absent`"), "{stderr}");
    let profile = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = other\n";
    std::fs::write(folder.path().join("profiles"), profile).expect("writing");
    command.env("AWS_CONFIG_FILE", folder.path().join("profiles")).env("AWS_PROFILE", "p");
    let (status, _, stderr) = run(&mut command);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("the profile is not valid; AWS_PROFILE is `p`"), "{stderr}");
    // A process that gives credentials says what it likes: none of it is shown.
    let profile =
        format!("[profile p]\ncredential_process = sh -c \"echo {SECRET} >&2; echo {TOKEN}; exit 1\"\n");
    std::fs::write(folder.path().join("profiles"), profile).expect("writing");
    let (status, _, stderr) = run(&mut command);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("no valid credentials"), "{stderr}");
    assert!(server.state().seen.is_empty());
    // One that gives them is taken.
    let given = format!(r#"{{"Version":1,"AccessKeyId":"{KEY_ID}","SecretAccessKey":"{SECRET}"}}"#);
    std::fs::write(folder.path().join("given.json"), given).expect("writing");
    let profile = format!("[profile p]\ncredential_process = cat {}/given.json\n", folder.path().display());
    std::fs::write(folder.path().join("profiles"), profile).expect("writing");
    let (status, stdout, stderr) = run(&mut command);
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(stdout.lines().count(), 2);
}
