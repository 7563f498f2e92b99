//! `submit.sh`: the requests as commands of the AWS CLI, for places where only that may run.
//!
//! Dry unless told otherwise; even then it sends nothing at or below the applied value or AWS's default,
//! which Service Quotas refuses, and nothing while a request is open, so that it can be run again after a break.

use crate::report::{IncreaseRequest, RequestReport, missing_answers};
use crate::text::plain::comment;

const HEAD: &str = r#"#!/bin/sh
# Requests the increases of this pack with the AWS CLI.
#
#   sh submit.sh                         prints the commands and sends nothing
#   sh submit.sh --submit                sends what is not yet applied and not yet requested
#   sh submit.sh --submit --with-gaps    the same, even if answers that AWS asks for are missing
#
# You can run it again after an interruption. IAM actions: servicequotas:GetServiceQuota, servicequotas:GetAWSDefaultServiceQuota,
# servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota, servicequotas:RequestServiceQuotaIncrease, and once in an
# account iam:CreateServiceLinkedRole.
set -eu
export AWS_PAGER=

region=ca-central-1
submit=no
with_gaps=no
for option in "$@"; do
  case $option in
    --submit) submit=yes ;;
    --with-gaps) with_gaps=yes ;;
    *) echo "usage: sh submit.sh [--submit [--with-gaps]]" >&2; exit 2 ;;
  esac
done

# Answers that AWS asks for and that are missing in this pack.
missing=MISSING_ANSWERS
if [ "$submit" = yes ] && [ "$missing" -gt 0 ] && [ "$with_gaps" = no ]; then
  echo "answers that AWS asks for are missing: $missing; request.md lists them. Fill them in and make the pack again," \
    "or add --with-gaps; nothing was sent" >&2
  exit 1
fi

# The pack's account, if it was given; the credentials must belong to it.
account=ACCOUNT_ID
if [ "$submit" = yes ]; then
  caller=$(aws sts get-caller-identity --query Account --output text)
  echo "account $caller, Region $region" >&2
  if [ -n "$account" ] && [ "$caller" != "$account" ]; then
    echo "the pack is for the account $account: choose another profile (AWS_PROFILE); nothing was sent" >&2
    exit 1
  fi
fi

# The default that AWS has for the quota.
default() {
  aws service-quotas get-aws-default-service-quota --region "$region" --service-code bedrock --quota-code "$1" \
    --query Quota.Value --output text
}

# The current value: the applied one, or AWS's default if none was ever applied.
current() {
  if answer=$(aws service-quotas get-service-quota --region "$region" --service-code bedrock --quota-code "$1" \
    --query Quota.Value --output text 2>&1); then
    printf '%s\n' "$answer"
    return
  fi
  case $answer in
    *NoSuchResourceException*) ;;
    *) printf '%s\n' "$answer" >&2; return 1 ;;
  esac
  default "$1"
}

# request CODE VALUE FLAG: one increase.
request() {
  if [ "$submit" = no ]; then
    echo aws service-quotas request-service-quota-increase --region "$region" --service-code bedrock \
      --quota-code "$1" --desired-value "$2" "$3"
    return
  fi
  open=$(aws service-quotas list-requested-service-quota-change-history-by-quota --region "$region" \
    --service-code bedrock --quota-code "$1" \
    --query "length(RequestedQuotas[?Status=='PENDING' || Status=='CASE_OPENED'])" --output json)
  if [ "$open" != 0 ]; then
    echo "$1: a request is already open; nothing was sent"
    return
  fi
  earlier=$(aws service-quotas list-requested-service-quota-change-history-by-quota --region "$region" \
    --service-code bedrock --quota-code "$1" \
    --query "length(RequestedQuotas[?DesiredValue==\`$2\`])" --output json)
  if [ "$earlier" != 0 ]; then
    echo "$1: $2 was requested before, and that request is closed; nothing was sent. Look at its case"
    return
  fi
  now=$(current "$1")
  if awk -v now="$now" -v wanted="$2" 'BEGIN { exit !(now + 0 >= wanted + 0) }'; then
    echo "$1: $now is already applied; nothing was sent"
    return
  fi
  default=$(default "$1")
  if awk -v least="$default" -v wanted="$2" 'BEGIN { exit !(least !~ /^[0-9]/ || least + 0 >= wanted + 0) }'; then
    echo "$1: Service Quotas refuses $2, which is not above AWS's default of $default; nothing was sent. Ask AWS Support to restore the default"
    return
  fi
  aws service-quotas request-service-quota-increase --region "$region" --service-code bedrock \
    --quota-code "$1" --desired-value "$2" "$3" \
    --query 'RequestedQuota.[QuotaCode, DesiredValue, Status, Id]' --output text
}

"#;

/// The script for the increases asked for now.
pub(super) fn submit(requesting: &RequestReport<'_>, support_case: bool, account_id: Option<&str>) -> String {
    let flag = if support_case { "--support-case-allowed" } else { "--no-support-case-allowed" };
    let missing = missing_answers(requesting).to_string();
    let mut out =
        HEAD.replace("ACCOUNT_ID", account_id.unwrap_or_default()).replace("MISSING_ANSWERS", &missing);
    let line = |requested: IncreaseRequest<'_>| {
        format!(
            "# {}\nrequest {} {} {flag}\n",
            comment(&requested.subject),
            requested.code,
            requested.now.get()
        )
    };
    out.extend(requesting.requested().map(line));
    out
}
