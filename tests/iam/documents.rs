//! `quotaplan iam` as a program: where models come from, what is refused, and what it says beside the
//! document.

use std::fs;
use std::process::Output;

use crate::support::quotaplan;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn sids(run: &Output) -> Vec<String> {
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let statements = json["Statement"].as_array().expect("statements").clone();
    statements.iter().map(|statement| statement["Sid"].as_str().expect("a name").to_owned()).collect()
}

const HEADER: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens\n";

#[test]
fn models_come_from_names_profiles_and_workloads_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("w.csv"),
        format!("{HEADER}b,sonnet-4.5,us,1,1,1\na,haiku-4.5,global,1,1,1\nc,sonnet-4.5,us,1,1,1\n"),
    )
    .expect("writing");
    let of_workloads = quotaplan(folder.path(), &["iam", "--workloads", "w.csv"]);
    assert_eq!(sids(&of_workloads).len(), 5, "each model and scope once");
    for arguments in [
        &["iam", "--model", "sonnet-4.5/us,haiku-4.5/global"][..],
        &["iam", "--model", "haiku-4.5/global", "--model", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ] {
        let run = quotaplan(folder.path(), arguments);
        assert_eq!(text(&run.stdout), text(&of_workloads.stdout), "{arguments:?}");
        assert!(text(&run.stderr).contains("--account"), "the placeholder is named");
    }
    let known = ["iam", "--model", "haiku-4.5/global", "--account", "123456789012", "--output", "p.json"];
    let run = quotaplan(folder.path(), &known);
    assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{}", text(&run.stderr));
    assert!(fs::read_to_string(folder.path().join("p.json")).expect("written").contains(":123456789012:"));
}

#[test]
fn an_application_profile_stands_where_its_system_profile_would() {
    let folder = tempfile::tempdir().expect("a folder");
    let arn = "arn:aws:bedrock:ca-central-1:123456789012:application-inference-profile/abc";
    fs::write(folder.path().join("quotaplan.toml"), format!("[aliases]\n\"{arn}\" = \"sonnet-4.5/us\"\n"))
        .expect("writing");
    fs::write(folder.path().join("w.csv"), format!("{HEADER}a,{arn},,1,1,1\n")).expect("writing");
    let run = quotaplan(folder.path(), &["iam", "--model", arn]);
    assert_eq!(sids(&run).len(), 2);
    assert_eq!(text(&run.stdout).matches(arn).count(), 2);
    assert!(!text(&run.stdout).contains(":inference-profile/us."));
    let of_workloads = quotaplan(folder.path(), &["iam", "--workloads", "w.csv"]);
    assert_eq!(of_workloads.stdout, run.stdout);
}

#[test]
fn what_cannot_be_written_is_refused_in_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |arguments: &[&str], expected: &[&str]| {
        let run = quotaplan(folder.path(), arguments);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        assert!(run.stdout.is_empty(), "{arguments:?}");
        for words in expected {
            assert!(text(&run.stderr).contains(words), "{arguments:?}: {}", text(&run.stderr));
        }
    };
    refused(&["iam"], &["no model"]);
    refused(
        &["iam", "--model", "gpt-5.4/us,haiku-3/us,sonnet-4/us,nothing,nova-2-lite"],
        &[
            "destination Regions of GPT-5.4",
            "its scopes are in-region",
            "cannot be called",
            "unknown model",
            "no scope for",
        ],
    );
    refused(&["iam", "--model", "sonnet-4.5/us", "--scope", "global"], &["contradicts"]);
    refused(&["iam", "--model", "sonnet-4.5/us", "--account", "12"], &["twelve digits"]);
    refused(&["iam", "--document", "scp-deny-global", "--model", "sonnet-4.5/us"], &["every model"]);
    refused(&["iam", "--model", "sonnet-4.5/us", "--count-tokens=Virginia"], &["a Region"]);
    fs::write(folder.path().join("w.csv"), format!("{HEADER}a,gpt-5.4,us,1,1,1\n")).expect("writing");
    refused(&["iam", "--workloads", "w.csv"], &["w.csv:2:3: error[destinations-unknown]"]);
    refused(&["iam", "--model", "sonnet-4.5/us", "--models", "none.toml"], &["unreadable-file"]);
    refused(&["iam", "lint", "none.json"], &["unreadable-file"]);
}

/// With the Regions stated in an overlay there is nothing unknown left.
#[test]
fn an_overlay_states_destinations() {
    let folder = tempfile::tempdir().expect("a folder");
    let overlay = "[[model]]\nid = \"openai.gpt-5.4\"\n[model.scope.us]\nprofile = \"us.openai.gpt-5.4\"\n\
                   destinations = [\"us-east-1\"]\nsource = \"its card\"\nas_of = \"2026-11\"\n";
    fs::write(folder.path().join("o.toml"), overlay).expect("writing");
    let run = quotaplan(folder.path(), &["iam", "--model", "gpt-5.4", "--scope", "us", "--models", "o.toml"]);
    assert_eq!(sids(&run).len(), 2);
    // The source Region takes part even where the card does not name it.
    assert!(text(&run.stdout).contains("arn:aws:bedrock:ca-central-1::foundation-model/"));
    assert!(text(&run.stdout).contains("arn:aws:bedrock:us-east-1::foundation-model/"));
}

#[test]
fn a_document_longer_than_aws_takes_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let listed = quotaplan(folder.path(), &["models", "list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let models = listed["models"].as_array().expect("models");
    let global = models.iter().filter(|model| model["offered"] == true).filter(|model| {
        model["scopes"].as_array().expect("scopes").iter().any(|scope| scope["scope"] == "global")
    });
    let names: Vec<String> =
        global.map(|model| format!("{}/global", model["id"].as_str().expect("an id"))).collect();
    let names = names.join(",");
    for (document, words) in [("identity", "at most 6,144"), ("scp-allow", "at most 10,240")] {
        let run = quotaplan(folder.path(), &["iam", "--model", &names, "--document", document]);
        assert_eq!(run.status.code(), Some(0));
        assert!(text(&run.stderr).contains(words), "{document}: {}", text(&run.stderr));
        let run = quotaplan(folder.path(), &["iam", "--model", "sonnet-4.5/us", "--document", document]);
        assert!(!text(&run.stderr).contains("at most"), "{document}");
    }
}
