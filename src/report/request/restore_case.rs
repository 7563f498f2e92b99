//! The text of the Support case that asks to restore applied quotas to AWS's defaults: a case of its
//! own, of the type account and billing, since Service Quotas refuses such values.

use super::result::{RequestReport, Restore};
use crate::catalog::REGION;
use crate::report::{Block, Entry};
use crate::text::plain::cell_name;
use crate::units::Limit;

/// The text of the case, in English, for pasting; `None` where nothing is to be restored.
#[must_use]
pub fn restore_case(requesting: &RequestReport<'_>) -> Option<Vec<Block>> {
    let restores: Vec<Restore<'_>> = requesting.restores().collect();
    if restores.is_empty() {
        return None;
    }
    let account = requesting.account.map(|name| format!(", account {}", cell_name(name))).unwrap_or_default();
    let mut blocks = vec![
        Block::Heading(format!(
            "Account and billing: restore the applied Amazon Bedrock quotas to AWS's defaults, {REGION}{account}"
        )),
        Block::Paragraph(
            "Hello, in our account the applied values of the quotas below are lower than AWS's defaults. We cannot raise \
             them ourselves: RequestServiceQuotaIncrease refuses any value that is not greater than the default. Please set \
             the applied value of each to AWS's default."
                .to_owned(),
        ),
    ];
    blocks.extend(restores.iter().flat_map(one));
    Some(blocks)
}

fn one(restore: &Restore<'_>) -> Vec<Block> {
    let Restore { entry, unit, required, granted, default, max_tokens, .. } = *restore;
    let code = entry.known_code().unwrap_or_default();
    let name = entry.name.clone().known().unwrap_or_default();
    let line = |label: &str, value: String| Entry { label: label.to_owned(), value, notes: Vec::new() };
    let with = max_tokens.map(|cap| format!(", with max_tokens of at most {cap} in every request"));
    let command = |what: &str, value: Limit| {
        format!(
            "aws service-quotas {what} --region {REGION} --service-code bedrock --quota-code {code} --query Quota.Value\n{}\n",
            as_aws_prints(value)
        )
    };
    let mut commands = command("get-service-quota", granted);
    commands.push_str(&command("get-aws-default-service-quota", default));
    vec![
        Block::Heading(restore.title.clone()),
        Block::Entries(vec![
            line("Quota", format!("{code}, \"{name}\"")),
            line("Applied value", format!("{granted} {unit}")),
            line("AWS's default, which we ask for", format!("{default} {unit}")),
            line("What we need", format!("{required} {unit}{}", with.unwrap_or_default())),
        ]),
        Block::Verbatim(commands),
    ]
}

/// A value as the AWS CLI prints it: with a decimal.
fn as_aws_prints(value: Limit) -> String {
    value.amount().map_or_else(|| value.to_string(), |amount| format!("{}.0", amount.get()))
}
