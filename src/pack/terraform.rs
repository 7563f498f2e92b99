//! `quotas.tf`: the increases as Terraform resources, for those who keep their quotas there.

use crate::report::{IncreaseRequest, RequestReport};
use crate::text::plain::comment;
use crate::units::grouped;

const HEAD: &str = r#"# The increases of this pack as Terraform resources; the provider's Region must be ca-central-1.
#
# Beware of drift. The provider (hashicorp/aws, issues 19657, 27797 and 44591 of its repository, 2021 to 2025):
# - sends a request on `apply` even where the applied value is already at or above the one here;
# - fails while a request for the quota is open, since AWS takes one at a time;
# - shows a difference until AWS has granted the value, and sends it again on each `apply` until then.
# AWS grants such increases by hand. Use either this file or submit.sh, apply once, and after AWS has decided set
# `value` to what was granted. Removing a resource lowers nothing.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"#;

/// The resources.
pub(super) fn quotas(requesting: &RequestReport<'_>) -> String {
    let mut out = HEAD.to_owned();
    let mut names: Vec<String> = Vec::new();
    for requested in requesting.requested() {
        let mut name = identifier(&requested);
        if names.contains(&name) {
            name = format!("{name}_{}", slug(requested.code));
        }
        let IncreaseRequest { subject, code, now, kind, .. } = requested;
        let unit = kind.unit();
        let subject = comment(&subject);
        out.push_str(&format!(
            "\n# {subject}: {} {unit}\nresource \"aws_servicequotas_service_quota\" \"{name}\" {{\n  \
             service_code = \"bedrock\"\n  quota_code   = \"{code}\"\n  value        = {}\n}}\n",
            grouped(u128::from(now.get())),
            now.get()
        ));
        names.push(name);
    }
    out
}

/// A name such as `claude_haiku_4_5_us_tpm`.
fn identifier(requested: &IncreaseRequest<'_>) -> String {
    let name = slug(&format!("{} {}", requested.name, requested.kind));
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("quota_{name}") }
}

/// Letters, digits and single underscores.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}
