//! `alarms.yaml`: CloudWatch alarms for the quotas that are asked for, as a CloudFormation template.
//!
//! AWS reports what calls have consumed once they are complete, and throttles on what they reserve before:
//! so the alarm on use goes off when use reaches the level at which 80 % of the quota is reserved.

use crate::iam::application_profile;
use crate::render::RenderError;
use crate::report::{IncreaseRequest, RequestReport};
use crate::units::{QuotaKind, grouped};

/// An alarm goes off at this share of the quota in use with reservations, in percent (ours).
const USED: u64 = 80;

/// An alarm goes off above this share of calls throttled, in percent (ours).
const THROTTLED: u64 = 1;

const HEAD: &str = r#"# Alarms for the quotas of this pack. EstimatedTPMQuotaUsage is what requests have consumed once they are complete; it
# does not show reservations, on which AWS throttles (Amazon Bedrock User Guide, runtime metrics, 2026). So the alarm on use
# goes off at 80 % of the applied value times peak / in flight, the smallest over the hours and periods and with the
# max_tokens that the request rests on: the use at which reservations take 80 % of the quota. The second alarm goes off where
# more than 1 % of calls are throttled in 3 of 5 minutes; Invocations counts answered requests.
# ModelId is what is called: calls through an application inference profile carry its ARN, and are added up here where
# [aliases] names it.
AWSTemplateFormatVersion: "2010-09-09"
Description: Use and throttling of the Amazon Bedrock quotas of a quotaplan request pack, ca-central-1
"#;

/// The template.
pub(super) fn template(
    requesting: &RequestReport<'_>,
    account_id: Option<&str>,
) -> Result<String, RenderError> {
    let mut parameters =
        "Parameters:\n  AlarmTopicArn:\n    Type: String\n    Default: \"\"\n    Description: SNS \
        topic to notify; leave empty for none\n"
            .to_owned();
    let mut resources = String::new();
    let mut names: Vec<String> = Vec::new();
    let mut throttles: Vec<&str> = Vec::new();
    for requested in requesting.requested() {
        let called = requested.called;
        let mut name = logical(&format!("{} {}", requested.name, requested.kind));
        if names.contains(&name) {
            name.push_str(&logical(requested.code));
        }
        let series = series(requesting, &requested, account_id);
        parameters.push_str(&parameter(&name, &requested)?);
        let metric = match requested.kind {
            QuotaKind::Tpm => "EstimatedTPMQuotaUsage",
            // No metric of AWS counts a day's tokens as its quota does.
            QuotaKind::Rpm | QuotaKind::Tpd => "Invocations",
        };
        let of = format!("{}, {}", requested.code, requested.subject);
        resources.push_str(&alarm(&Alarm {
            name: format!("{name}Used"),
            description: format!("{of}: usage at which {USED} % of the quota is reserved"),
            metrics: &[("m", metric)],
            expression: filled("m", series.len()),
            series: &series,
            minutes: (1, 1),
            threshold: format!("!Ref {name}Threshold"),
            comparison: "GreaterThanOrEqualToThreshold",
        })?);
        // Throttling is of the model, whichever quota it is: one alarm for both.
        if !throttles.contains(&called) {
            throttles.push(called);
            let (throttled, answered) = (filled("t", series.len()), filled("i", series.len()));
            resources.push_str(&alarm(&Alarm {
                name: format!("{name}Throttled"),
                description: format!(
                    "More than {THROTTLED} % of the requests to {called} are throttled in 3 of 5 minutes"
                ),
                metrics: &[("t", "InvocationThrottles"), ("i", "Invocations")],
                expression: format!("IF({throttled} > 0, 100 * {throttled} / ({answered} + {throttled}), 0)"),
                series: &series,
                minutes: (5, 3),
                threshold: THROTTLED.to_string(),
                comparison: "GreaterThanThreshold",
            })?);
        }
        names.push(name);
    }
    if resources.is_empty() {
        return Ok(format!("{HEAD}Resources: {{}}\n"));
    }
    let conditions = "Conditions:\n  HasTopic: !Not [!Equals [!Ref AlarmTopicArn, \"\"]]\n";
    Ok(format!("{HEAD}{parameters}{conditions}Resources:\n{resources}"))
}

/// The parameter with the level of the alarm on use. It has a default only where the applied value and the
/// reservations are known: a level for a higher value than applies would never be reached.
fn parameter(name: &str, requested: &IncreaseRequest<'_>) -> Result<String, RenderError> {
    let IncreaseRequest { now, kind, share, .. } = requested;
    let unit = kind.unit();
    let with =
        requested.max_tokens.map(|cap| format!(", with max_tokens of at most {cap}")).unwrap_or_default();
    let (granted, current) = match share {
        None => (None, None),
        Some(share) => {
            let level = |amount| share.level(amount, USED);
            (Some(level(*now)), requested.applied.map(|applied| (applied, level(applied))))
        }
    };
    let then = granted.map_or_else(String::new, |level| {
        format!("; {} once {} is granted", grouped(level), grouped(u128::from(now.get())))
    });
    let (default, description) = match (current, share) {
        (Some((applied, level)), _) => (
            format!("    Default: {level}\n"),
            format!(
                "{unit} in use at which {USED} % of today's applied value of {applied} is reserved{then}{with}"
            ),
        ),
        (None, Some(share)) => (
            String::new(),
            format!(
                "{unit} in use at which {USED} % of the applied value is reserved. That value is not known here: \
                 look it up and enter 0.{:03} times the value{then}{with}",
                share.thousandths(USED)
            ),
        ),
        (None, None) => (
            String::new(),
            format!(
                "{unit} in use at which {USED} % of the quota is reserved: not known here, because max_tokens is not \
                 set and the model's maximum is not known"
            ),
        ),
    };
    Ok(format!("  {name}Threshold:\n    Type: Number\n{default}    Description: {}\n", quoted(&description)?))
}

/// What is called: the inference profile or the model, then the application inference profiles of the
/// configuration's aliases that lead to it, of the pack's account where that is given.
fn series(
    requesting: &RequestReport<'_>,
    requested: &IncreaseRequest<'_>,
    account_id: Option<&str>,
) -> Vec<String> {
    let is_called = |arn: &str, target: &str| {
        let named = requesting.input.catalog.find(target).ok();
        let same = named.is_some_and(|named| {
            named.model == requested.model && named.scope.is_none_or(|scope| scope == requested.scope)
        });
        same && account_id.is_none_or(|account| arn.split(':').nth(4) == Some(account))
    };
    let aliases = requesting.aliases.iter().filter_map(|(name, target)| {
        application_profile(name).filter(|arn| is_called(arn, &target.value)).map(str::to_owned)
    });
    std::iter::once(requested.called.to_owned()).chain(aliases).collect()
}

/// The sum of a metric over series, each 0 in minutes without data.
fn filled(prefix: &str, count: usize) -> String {
    let terms: Vec<String> = (0..count).map(|index| format!("FILL({prefix}{index}, 0)")).collect();
    if count > 1 { format!("({})", terms.join(" + ")) } else { terms.concat() }
}

struct Alarm<'a> {
    name: String,
    description: String,
    /// Prefix of the ids, and the metric.
    metrics: &'a [(&'a str, &'a str)],
    expression: String,
    /// The values of ModelId.
    series: &'a [String],
    /// Minutes that are looked at, and how many of them must be above.
    minutes: (u32, u32),
    threshold: String,
    comparison: &'a str,
}

fn alarm(alarm: &Alarm<'_>) -> Result<String, RenderError> {
    let Alarm { name, description, metrics, expression, series, minutes, threshold, comparison } = alarm;
    let mut out = format!(
        "  {name}:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      AlarmDescription: {}\n      Metrics:\n        - Id: \
         level\n          Expression: {}\n          ReturnData: true\n",
        quoted(description)?,
        quoted(expression)?
    );
    for (prefix, metric) in *metrics {
        for (index, model_id) in series.iter().enumerate() {
            out.push_str(&format!(
                "        - Id: {prefix}{index}\n          MetricStat:\n            Metric:\n              Namespace: AWS/Bedrock\n              \
                 MetricName: {metric}\n              Dimensions:\n                - Name: ModelId\n                  Value: {}\n            \
                 Period: 60\n            Stat: Sum\n          ReturnData: false\n",
                quoted(model_id)?
            ));
        }
    }
    let (periods, above) = minutes;
    out.push_str(&format!(
        "      EvaluationPeriods: {periods}\n      DatapointsToAlarm: {above}\n      Threshold: {threshold}\n      \
         ComparisonOperator: {comparison}\n      TreatMissingData: notBreaching\n      AlarmActions: !If [HasTopic, [!Ref \
         AlarmTopicArn], !Ref \"AWS::NoValue\"]\n"
    ));
    Ok(out)
}

/// A text as a YAML string: JSON's are. `{{` would be a reference that CloudFormation looks up.
fn quoted(text: &str) -> Result<String, RenderError> {
    Ok(crate::text::plain::json_compact(&text.replace("{{", "{\\u{7b}"))?)
}

/// Letters and digits alone, as logical ids have them.
fn logical(text: &str) -> String {
    let mut out: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.insert_str(0, "Quota");
    }
    out
}
