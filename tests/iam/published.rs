//! The policies that AWS published, kept as they stand in `published/`, and ours beside them: equal up to
//! the corrections named at each.

use quotaplan::iam::{Account, Request, approved_regions, deny_global, identity};
use serde_json::Value;

use super::{catalog, grant, json, request};
use crate::support::root;

const SONNET: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";

/// A published policy with the texts replaced that AWS leaves to the reader.
fn published(name: &str, replaced: &[(&str, &str)]) -> Value {
    let path = root().join("tests/iam/published").join(name);
    let mut text = std::fs::read_to_string(path).expect("a published policy");
    for (from, to) in replaced {
        assert!(text.contains(from), "{name} does not have {from}");
        text = text.replace(from, to);
    }
    serde_json::from_str(&text).expect("it is JSON")
}

/// As the pages show calls: without streaming, for the account of AWS's examples.
fn as_published(request: Request<'_>) -> Request<'_> {
    Request { streaming: false, account: Account::parse(Account::PLACEHOLDER), ..request }
}

/// `global.json`: Bedrock user guide, global-cross-region-inference, the page that the sample "Global
/// cross-Region inference" (2025-10) refers to; copy of 2026. No correction.
#[test]
fn the_global_policy_is_the_published_one() {
    let catalog = catalog();
    let ours = json(&identity(&as_published(request(vec![grant(&catalog, "sonnet-4.5/global")]))));
    let theirs = published(
        "global.json",
        &[
            ("<REQUESTING REGION>", "ca-central-1"),
            ("<ACCOUNT>", Account::PLACEHOLDER),
            ("<MODEL NAME>", SONNET),
        ],
    );
    assert_eq!(ours, theirs);
}

/// `geographic.json`: Bedrock user guide, geographic-cross-region-inference, copy of 2026, whose example
/// calls from us-east-1. Correction: from ca-central-1 that Region is source and destination too.
#[test]
fn the_geographic_policy_is_the_published_one_for_this_source_region() {
    let catalog = catalog();
    let ours = json(&identity(&as_published(request(vec![grant(&catalog, "sonnet-4.5/us")]))));
    let mut theirs = published(
        "geographic.json",
        &[("us-east-1:<ACCOUNT_ID>", &format!("ca-central-1:{}", Account::PLACEHOLDER))],
    );
    let models = theirs["Statement"][1]["Resource"].as_array_mut().expect("a list");
    models.insert(0, Value::String(format!("arn:aws:bedrock:ca-central-1::foundation-model/{SONNET}")));
    assert_eq!(ours, theirs);
}

/// `canada-us.json`: AWS Machine Learning Blog, "Accelerate generative AI innovation in Canada with Amazon
/// Bedrock cross-Region inference", 2025-11-24. Corrections, each by the user guide of 2026:
/// 1. the profile's ARN has the account id, which the post leaves empty;
/// 2. the source Region and the destination Regions instead of `*`;
/// 3. the two actions that calls need instead of `bedrock:InvokeModel*`;
/// 4. StringEquals instead of StringLike, since nothing in the value is a pattern;
/// 5. the statements have the names of the user guide.
#[test]
fn the_policy_of_the_canada_post_is_ours_once_corrected() {
    let catalog = catalog();
    let ours = Request {
        account: Account::parse(Account::PLACEHOLDER),
        ..request(vec![grant(&catalog, "sonnet-4.5/us")])
    };
    let mut theirs = published(
        "canada-us.json",
        &[
            (
                "ca-central-1::inference-profile",
                &format!("ca-central-1:{}:inference-profile", Account::PLACEHOLDER),
            ),
            ("StringLike", "StringEquals"),
        ],
    );
    let regions = ["ca-central-1", "us-east-1", "us-east-2", "us-west-2"];
    assert_eq!(
        theirs["Statement"][1]["Resource"][0],
        format!("arn:aws:bedrock:*::foundation-model/{SONNET}")
    );
    theirs["Statement"][1]["Resource"] =
        regions.map(|region| format!("arn:aws:bedrock:{region}::foundation-model/{SONNET}")).to_vec().into();
    for (index, sid) in
        ["GrantGeoCrisInferenceProfileAccess", "GrantGeoCrisModelAccess"].into_iter().enumerate()
    {
        let statement = &mut theirs["Statement"][index];
        assert_eq!(statement["Action"][0], "bedrock:InvokeModel*");
        statement["Action"] = vec!["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"].into();
        statement["Sid"] = sid.into();
    }
    assert_eq!(json(&identity(&ours)), theirs);
}

/// `scp-regions.json`: Bedrock user guide, global-cross-region-inference, copy of 2026. Correction: the
/// source Region of this product is in the list.
#[test]
fn the_scp_of_regions_is_the_published_one() {
    let catalog = catalog();
    let grants = vec![grant(&catalog, "sonnet-4.5/us"), grant(&catalog, "sonnet-4.5/global")];
    let mut theirs = published("scp-regions.json", &[]);
    let regions = &mut theirs["Statement"][0]["Condition"]["StringNotEquals"]["aws:RequestedRegion"];
    regions.as_array_mut().expect("a list").insert(0, "ca-central-1".into());
    assert_eq!(json(&approved_regions(&request(grants))), theirs);
}

/// `scp-deny-global.json`: Bedrock user guide, global-cross-region-inference, a bare statement;
/// `deny-unspecified.json`: inference-profiles-prereq, another; both copies of 2026. Ours are both in one
/// document, with names. A list of one action is written as a string.
#[test]
fn the_scp_against_global_is_the_published_ones() {
    let mut ours = json(&deny_global());
    let statements = ours["Statement"].as_array_mut().expect("statements");
    for statement in statements.iter_mut() {
        statement.as_object_mut().expect("a statement").remove("Sid");
    }
    let mut second = published("deny-unspecified.json", &[]);
    second["Action"] = second["Action"][0].take();
    assert_eq!(*statements, [published("scp-deny-global.json", &[]), second]);
}
