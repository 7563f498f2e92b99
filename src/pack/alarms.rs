//! `alarms.yaml`: CloudWatch alarms for the quotas that are asked for, as a CloudFormation template.

use crate::render::RenderError;
use crate::report::Requesting;
use crate::units::{QuotaAmount, grouped};

/// An alarm goes off at this share of the quota, in percent.
const USED: u64 = 80;

const HEAD: &str = r#"# Alarms for the quotas of this pack. EstimatedTPMQuotaUsage is what requests have consumed once they are complete; it
# does not show reservations, so requests can be throttled below it (Amazon Bedrock User Guide, runtime metrics, 2026).
# Hence the alarm on throttles. Invocations counts answered requests. ModelId is the inference profile that is called: calls through an application
# inference profile carry its own.
AWSTemplateFormatVersion: "2010-09-09"
Description: Use and throttling of the Amazon Bedrock quotas of a quotaplan request pack, ca-central-1
"#;

/// The template.
pub(super) fn template(requesting: &Requesting<'_>) -> Result<String, RenderError> {
    let mut parameters = "Parameters:\n  AlarmTopicArn:\n    Type: String\n    Default: \"\"\n    Description: SNS topic that is told; \
                          none where empty\n"
        .to_owned();
    let mut resources = String::new();
    let mut names: Vec<String> = Vec::new();
    let mut throttles: Vec<&str> = Vec::new();
    for requested in requesting.requested() {
        let (Some(metric_id), Some(capacity)) = (requested.called, requested.capacity) else { continue };
        let tokens = requested.kind == "tpm";
        let mut name = logical(&format!("{} {}", requested.name, requested.kind));
        if names.contains(&name) {
            name.push_str(&logical(requested.code));
        }
        let granted = USED * requested.now.get() / 100;
        let description = format!(
            "{USED} % of the {} {} of today; {granted} once {} are granted",
            grouped(u128::from(capacity.get())),
            requested.unit,
            grouped(u128::from(requested.now.get()))
        );
        parameters.push_str(&format!(
            "  {name}Threshold:\n    Type: Number\n    Default: {}\n    Description: {}\n",
            threshold(capacity),
            quoted(&description)?
        ));
        let used = format!("{USED} % of {}, {}, in use", requested.code, requested.subject);
        resources.push_str(&alarm(&Alarm {
            name: format!("{name}Used"),
            description: &used,
            metric: if tokens { "EstimatedTPMQuotaUsage" } else { "Invocations" },
            metric_id,
            threshold: format!("!Ref {name}Threshold"),
            comparison: "GreaterThanOrEqualToThreshold",
        })?);
        // Throttling is of the model, whichever quota it is: one alarm for both.
        if throttles.contains(&metric_id) {
            names.push(name);
            continue;
        }
        throttles.push(metric_id);
        let throttled = format!("Requests to {metric_id} are throttled");
        resources.push_str(&alarm(&Alarm {
            name: format!("{name}Throttled"),
            description: &throttled,
            metric: "InvocationThrottles",
            metric_id,
            threshold: "0".to_owned(),
            comparison: "GreaterThanThreshold",
        })?);
        names.push(name);
    }
    if resources.is_empty() {
        return Ok(format!("{HEAD}Resources: {{}}\n"));
    }
    let conditions = "Conditions:\n  HasTopic: !Not [!Equals [!Ref AlarmTopicArn, \"\"]]\n";
    Ok(format!("{HEAD}{parameters}{conditions}Resources:\n{resources}"))
}

/// The alarm's level, rounded down: it must not go off late.
const fn threshold(capacity: QuotaAmount) -> u64 {
    let (hundreds, rest) = (capacity.get() / 100, capacity.get() % 100);
    hundreds * USED + rest * USED / 100
}

struct Alarm<'a> {
    name: String,
    description: &'a str,
    metric: &'a str,
    metric_id: &'a str,
    threshold: String,
    comparison: &'a str,
}

fn alarm(alarm: &Alarm<'_>) -> Result<String, RenderError> {
    let Alarm { name, description, metric, metric_id, threshold, comparison } = alarm;
    Ok(format!(
        "  {name}:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmDescription: {}\n      Namespace: \
         AWS/Bedrock\n      MetricName: {metric}\n      Dimensions:\n        - Name: ModelId\n          Value: {}\n      \
         Statistic: Sum\n      Period: 60\n      EvaluationPeriods: 1\n      Threshold: {threshold}\n      \
         ComparisonOperator: {comparison}\n      TreatMissingData: notBreaching\n      AlarmActions: !If [HasTopic, [!Ref \
         AlarmTopicArn], !Ref \"AWS::NoValue\"]\n",
        quoted(description)?,
        quoted(metric_id)?
    ))
}

/// A text as a YAML string: JSON's are.
fn quoted(text: &str) -> Result<String, RenderError> {
    Ok(serde_json::to_string(text)?)
}

/// Letters and digits alone, as logical ids have them.
fn logical(text: &str) -> String {
    let mut out: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.insert_str(0, "Quota");
    }
    out
}
