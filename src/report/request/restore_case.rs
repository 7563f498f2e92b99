//! The text of the Support case that asks to restore applied quotas to AWS's defaults: a case of its own, of the type
//! account and billing, since Service Quotas refuses such values.

use super::result::{RequestReport, Restore};
use crate::catalog::REGION;
use crate::report::Block;
use crate::report::words::{RestoreText, language};
use crate::text::FactDate;

/// The text of the case, in English, for pasting; `None` where nothing is to be restored.
#[must_use]
pub fn restore_case(requesting: &RequestReport<'_>) -> Option<Vec<Block>> {
    let restores: Vec<Restore<'_>> = requesting.restores().collect();
    if restores.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Lines(vec![language().restore_request(requesting.account_id)])];
    blocks.extend(restores.iter().flat_map(|restore| one(restore, requesting.needed_by)));
    Some(blocks)
}

fn one(restore: &Restore<'_>, needed_by: Option<FactDate>) -> Vec<Block> {
    let Restore { entry, unit, required, granted, read, default, max_tokens, is_estimate, .. } = *restore;
    let code = entry.known_code().unwrap_or_default();
    // What the commands print is for AWS to see; the lines above say what was read, and when.
    let command = |what: &str| {
        format!(
            "aws service-quotas {what} --region {REGION} --service-code bedrock --quota-code {code} --query Quota.Value\n"
        )
    };
    let commands = command("get-service-quota") + &command("get-aws-default-service-quota");
    let lines = language().restore(&RestoreText {
        code,
        name: entry.name.as_ref().known().map(String::as_str),
        applied: granted,
        read,
        default,
        required: (required, unit),
        is_estimate,
        max_tokens,
        needed_by,
    });
    vec![Block::Lines(lines), Block::Verbatim(commands)]
}
