//! One policy in every form in which people have it gives one answer; a template gives what its document does.

use std::fmt::Write as _;

use quotaplan::iam::Verdict;
use serde_json::{Value, json};

use super::lint::judged_as;
use crate::support::quotaplan;

const PROFILE: &str = "arn:aws:bedrock:ca-central-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0";

/// It lacks three of the four Regions.
fn document(profile: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        "Resource": [profile, "arn:aws:bedrock:ca-central-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"],
    }]})
}

fn url_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").expect("a string takes it");
        out
    })
}

#[test]
fn a_document_is_found_in_what_the_aws_cli_prints() {
    let plain = document(&json!(PROFILE));
    let text = plain.to_string();
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
    let role = json!({"AssumeRolePolicyDocument": trust,
        "Policies": [{"PolicyName": "p", "PolicyDocument": plain}]});
    let mut single = plain.clone();
    single["Statement"] = single["Statement"][0].take();
    let forms = [
        plain.clone(),
        // A statement, and a list of statements, without the document around them.
        single["Statement"].clone(),
        json!([single["Statement"]]),
        json!([plain]),
        single,
        // What `--query PolicyDocument` and `--query Policy.Content` print, and the IAM API's own text.
        json!(text),
        json!(url_encoded(&text)),
        json!([{"PolicyName": "p", "PolicyDocument": plain}]),
        json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": plain}),
        json!({"UserName": "u", "PolicyName": "p", "PolicyDocument": plain}),
        json!({"GroupName": "g", "PolicyName": "p", "PolicyDocument": url_encoded(&text)}),
        json!({"PolicyVersion": {"Document": plain, "VersionId": "v1", "IsDefaultVersion": true}}),
        json!({"PolicyVersion": {"Document": text}}),
        json!({"Policy": {"PolicySummary": {"Name": "p"}, "Content": text}}),
        json!({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}),
    ];
    let encoded = [url_encoded(&text), format!("{}\n", text.replace('{', "%7b").replace('"', "%22"))];
    let statements = url_encoded(&json!([plain["Statement"][0]]).to_string());
    for form in forms.iter().map(Value::to_string).chain(encoded).chain([statements]) {
        let (result, found) = judged_as(&form);
        assert_eq!(found, ["missing-destination"], "{form}");
        let allowed = result.calls.iter().filter(|call| call.verdict == Verdict::Allowed).count();
        assert_eq!((allowed, result.calls.len()), (4, 10), "{form}");
    }
}

#[test]
fn variables_of_templates_stand_for_what_they_name() {
    let tail = ":inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let profiles = [
        json!(format!("arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}:${{AWS::AccountId}}{tail}")),
        json!({"Fn::Sub": format!("arn:aws:bedrock:${{AWS::Region}}:${{AWS::AccountId}}{tail}")}),
        json!({"Fn::Sub": [format!("arn:aws:bedrock:${{AWS::Region}}:${{Account}}{tail}"), {"Account": "1"}]}),
        json!({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":bedrock:", {"Ref": "AWS::Region"}, ":",
            {"Ref": "AWS::AccountId"}, tail]]}),
        json!(format!(
            "arn:aws:bedrock:${{data.aws_region.current.name}}:${{data.aws_caller_identity.current.account_id}}{tail}"
        )),
        json!(format!("arn:aws:bedrock:${{var.region}}:${{local.account}}{tail}")),
        json!(format!("arn:aws:bedrock:ca-central-1:${{aws:PrincipalAccount}}{tail}")),
    ];
    for profile in profiles {
        let (result, found) = judged_as(&document(&profile).to_string());
        assert_eq!(found, ["missing-destination"], "{profile}");
        assert_eq!(result.calls.len(), 10, "{profile}");
    }
    // The whole of a resource may be anything.
    let (result, found) = judged_as(&document(&json!({"Fn::GetAtt": ["Profile", "Arn"]})).to_string());
    assert_eq!((result.calls.len(), found.as_slice()), (0, &["depends-on-key".to_owned()][..]));
}

#[test]
fn bytes_as_programs_write_them_are_read() {
    let text = serde_json::to_string_pretty(&document(&json!(PROFILE))).expect("JSON");
    let units: Vec<u16> = text.encode_utf16().collect();
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("plain", text.clone().into_bytes()),
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("BOM", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16LE", units.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16BE", units.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        ("UTF-16LE with a BOM", [0xfeff].iter().chain(&units).flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16BE with a BOM", [0xfeff].iter().chain(&units).flat_map(|unit| unit.to_be_bytes()).collect()),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let mut said: Option<Vec<u8>> = None;
    for (name, bytes) in forms {
        std::fs::write(folder.path().join("p.json"), bytes).expect("writing");
        let run = quotaplan(folder.path(), &["iam", "lint", "p.json"]);
        assert_eq!(run.status.code(), Some(1), "{name}");
        assert_eq!(*said.get_or_insert_with(|| run.stdout.clone()), run.stdout, "{name}");
    }
}

/// Policies that are far larger than AWS takes; patterns that are costly for a matcher that goes back.
#[test]
fn large_policies_take_no_longer_than_their_size() {
    let statement = |condition: &Value| json!({"Effect": "Deny", "Action": "bedrock:*", "Resource": "*", "Condition": condition});
    let stars = "*a".repeat(2_000);
    let deny = |condition: Value| json!({"Statement": [statement(&condition)]}).to_string();
    let tags: serde_json::Map<String, Value> =
        (0..200).map(|n| (format!("aws:PrincipalTag/{n}"), json!(format!("v{n}*")))).collect();
    let patterns: Vec<Value> = (0..200)
        .map(|n| statement(&json!({"StringLike": {"aws:PrincipalTag/x": format!("*{n}*")}})))
        .collect();
    let started = std::time::Instant::now();
    for (text, expected) in [
        (
            deny(json!({"StringLike": {"aws:RequestedRegion": stars, "aws:PrincipalTag/x": [stars, "b*"]}})),
            Vec::new(),
        ),
        (deny(json!({"StringLike": tags})), vec!["depends-on-key"]),
        (json!({"Statement": patterns}).to_string(), vec!["depends-on-key"]),
    ] {
        assert_eq!(judged_as(&text).1, expected);
    }
    // Each of 2,000 statements on a key of its own, against every model: less than a second in this build, and 14
    // where each call was judged from the start.
    let statements: Vec<Value> = (0..2_000)
        .map(|n| statement(&json!({"StringEquals": {format!("aws:PrincipalTag/{n}"): "v"}})))
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("p.json"), json!({"Statement": statements}).to_string())
        .expect("writing");
    let alone = std::time::Instant::now();
    let run = quotaplan(folder.path(), &["iam", "lint", "p.json"]);
    assert!(alone.elapsed().as_secs() < 7, "{:?}", alone.elapsed());
    assert!(String::from_utf8_lossy(&run.stdout).contains("and 1988 more keys"));
    // A second in this build; going back through the stars would take years.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
