//! Every figure of a request with its source, one a line, for a reviewer's spreadsheet.

use super::answers::ten;
use super::given::given;
use super::result::RequestReport;
use crate::report::explain::quota::each_explain_record;
use crate::report::words::{Sentence, language};
use crate::report::{ExplainDailyReport, Report};
use crate::units::grouped;

/// Gives the records of a request's trail one after another: what was decided, AWS's answers, then the
/// calculation of every quota of the account as `explain` gives it.
pub fn trail(requesting: &RequestReport<'_>, take: &mut dyn FnMut(Vec<String>)) {
    let RequestReport { sources, input, plan, .. } = *requesting;
    let mut decided = |code: &str, section: &str, figure: &str, value: String, source: String| {
        take(vec![code.to_owned(), section.to_owned(), figure.to_owned(), value, source]);
    };
    for asked in requesting.asked() {
        let code = asked.quota.code().unwrap_or_default();
        let section = format!("Request, {}", asked.quota.id.subject(input.catalog));
        let basis = match asked.ask.max_tokens {
            Some(cap) => format!("required at max_tokens {cap}, rounded up to two digits"),
            None => "required, rounded up to two digits".to_owned(),
        };
        decided(code, &section, "asked for in the end", asked.ask.desired.to_string(), basis);
        for (number, stage) in asked.ask.stages.iter().enumerate() {
            let by = stage.ask_by.map(|date| format!("ask by {date}")).unwrap_or_default();
            let used = stage.after_use_of.map(|used| format!("after a use of {used}; ")).unwrap_or_default();
            let figure = format!("stage {}", number + 1);
            decided(code, &section, &figure, stage.desired.to_string(), format!("{used}{by}"));
        }
        let shape = requesting.traffic(asked.quota);
        if !requesting.follows_tokens(asked.quota) {
            let evidence = requesting.minutes.is_some().then_some(requesting.evidence);
            for answer in ten(requesting, asked.quota, &shape) {
                let question = answer.question;
                let figure = format!("{} {}", question.number(), language().question(question));
                let source = match &answer.answer {
                    Some(_) => language().answer_source(question, evidence),
                    None => format!("missing: {}", language().gap(question, &[]).0),
                };
                decided(code, &section, &figure, answer.words().to_owned(), source);
            }
            for (topic, text) in given(requesting, asked.quota, &shape) {
                decided(code, &section, language().topic(topic), text, language().topic_source(topic));
            }
        }
        if let Some((burn, ranked)) = requesting.ranked(asked.quota) {
            let (files, minutes) = (requesting.evidence, grouped(burn.minutes as u128));
            let source = format!("{files}, {minutes} minutes from {} to {}", burn.first, burn.last);
            for (figure, value) in
                [("p50", ranked.p50), ("p90", ranked.p90), ("busiest minute", ranked.maximum)]
            {
                decided(
                    code,
                    &section,
                    &format!("measured {}, {figure}", asked.quota.id.kind.unit()),
                    value.to_string(),
                    source.clone(),
                );
            }
        }
    }
    for (quota, refusal) in requesting.refused() {
        let Sentence { message: reason, help } = language().refusal(refusal);
        let section = format!("Not asked for, {}", quota.id.subject(input.catalog));
        decided(quota.code().unwrap_or_default(), &section, refusal.as_str(), reason, help);
    }
    for quota in plan.quotas.iter().filter(|quota| quota.id.account.as_deref() == requesting.account) {
        each_explain_record(sources, input, plan, quota, take);
    }
    let accounts: Vec<_> =
        plan.account_daily.iter().filter(|daily| daily.account.as_deref() == requesting.account).collect();
    let daily = ExplainDailyReport { sources, input, plan, accounts: &accounts };
    for row in &daily.records().rows {
        let mut row = row.into_owned();
        row.insert(1, "Tokens per day over all models".to_owned());
        take(row);
    }
}
