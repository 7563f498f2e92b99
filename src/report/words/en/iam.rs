//! What `iam` writes beside a policy, and the summary of `iam lint`; its findings are in `iam_findings`.

use super::iam_findings::{finding, grant_fault};
use super::shared::{as_sentence, counted};
use crate::catalog::Scope;
use crate::iam::{Account, GrantFault, MANAGED_POLICY_MAXIMUM, PolicyFact, PolicyKind, SCP_MAXIMUM};
use crate::report::words::iam::{CallTally, IamWords, PolicyRemark, PolicySummary, TooLong};
use crate::report::words::sentence::Sentence;
use crate::units::grouped;

impl IamWords for super::English {
    fn policy_finding(&self, fact: &PolicyFact) -> Sentence {
        finding(fact)
    }

    fn grant_fault(&self, fault: &GrantFault, model: &str, scope: Scope) -> Sentence {
        grant_fault(fault, model, scope)
    }

    fn policy_summary(&self, summary: &PolicySummary<'_>) -> String {
        let PolicySummary { file, errors, warnings, notes, is_clean, calls } = summary;
        let mut found = if *is_clean {
            vec!["nothing found".to_owned()]
        } else {
            vec![counted(*errors, "error"), counted(*warnings, "warning")]
        };
        found.extend((*notes > 0).then(|| counted(*notes, "note")));
        let mut parts = vec![format!("{file}: {}", found.join(", "))];
        if let Some(CallTally { allowed, all, kind, detected, not_judged }) = calls {
            let kind = match kind {
                PolicyKind::Identity => "an identity policy",
                PolicyKind::Scp => "an SCP",
            };
            let detected = if *detected { " (detected)" } else { "" };
            parts.push(match all {
                0 => format!("it is {kind}{detected}, and no call was judged"),
                all => format!("as {kind}{detected}, it allows {allowed} of {}", counted(*all, "call")),
            });
            if !not_judged.is_empty() {
                let names: Vec<String> =
                    not_judged.iter().map(|(model, scope)| format!("{model} ({scope})")).collect();
                parts.push(format!(
                    "not judged, because their destination Regions are not known: {}",
                    names.join(", ")
                ));
            }
        }
        parts.join("; ")
    }

    fn policy_remark(&self, remark: PolicyRemark<'_>) -> String {
        match remark {
            PolicyRemark::Placeholder(option) => {
                format!("{} is a placeholder for your account: state its id with {option}", Account::PLACEHOLDER)
            }
            PolicyRemark::ApplicationProfile => "AWS publishes no policy for an application inference profile, so its \
                                                 ARN replaces that of the system-defined profile"
                .to_owned(),
            PolicyRemark::Counting(region) => format!(
                "counting needs InvokeModel on the model itself, so the model may be called in {region} without its \
                 profile; AWS counts models that are only offered through profiles on its bedrock-mantle endpoint"
            ),
            PolicyRemark::NoCounting(region) => format!(
                "AWS's last published list of Regions with CountTokens does not include {region}: name another Region \
                 with --count-tokens=REGION"
            ),
            PolicyRemark::Documents => "identity.json is for a role that calls the models, scp-allow.json denies an \
                                        organisation every other model, and scp-regions.json is AWS's SCP of approved \
                                        Regions; check your own version of them with `quotaplan iam lint`"
                .to_owned(),
            PolicyRemark::ApprovedRegions => "like the SCP that AWS publishes, the SCP of approved Regions denies \
                                              every service outside these Regions, including IAM in us-east-1; if \
                                              you have a list of approved Regions, add these Regions to it instead"
                .to_owned(),
        }
    }

    fn policy_note(&self, remark: PolicyRemark<'_>) -> String {
        match remark {
            // The name of a file stays as it is.
            PolicyRemark::Documents => format!("{}.", self.policy_remark(remark)),
            _ => as_sentence(&self.policy_remark(remark)),
        }
    }

    fn policy_not_written(&self, fault: &GrantFault, model: &str, scope: Scope) -> String {
        let Sentence { message, help } = grant_fault(fault, model, scope);
        format!("Not written: {message}; {help}.")
    }

    fn too_long(&self, document: TooLong) -> String {
        let characters = |count: usize| grouped(count as u128);
        match document {
            TooLong::ManagedPolicy(compact) => format!(
                "the policy has {} characters without white space, but a managed policy can have at most {}: split \
                 the models among several policies",
                characters(compact),
                characters(MANAGED_POLICY_MAXIMUM)
            ),
            TooLong::Scp(compact) => format!(
                "the SCP has {} characters without white space, but AWS accepts at most {}: split the accounts among \
                 several SCPs",
                characters(compact),
                characters(SCP_MAXIMUM)
            ),
            TooLong::ScpWithSpace { written, compact } => format!(
                "the SCP has {} characters, and AWS accepts at most {}: remove the white space, which leaves {}, or \
                 save the SCP in the console, which removes it",
                characters(written),
                characters(SCP_MAXIMUM),
                characters(compact)
            ),
        }
    }
}
