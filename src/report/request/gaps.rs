//! All questions of a quota that is asked for, and the answers that are missing.

use super::besides::{applied, besides, history};
use super::questionnaire::{Gap, Question, ten};
use super::result::{QuotaIncrease, RequestReport};
use crate::engine::QuotaTraffic;

/// Every question, answered. Requests a minute beside tokens a minute repeat nothing of what stands
/// there.
pub(super) fn questions(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> (Vec<Question>, Vec<Question>) {
    let mut first = ten(requesting, asked, shape);
    if !requesting.follows_tokens(asked.quota) {
        return (first, besides(requesting, asked, shape));
    }
    first.retain(|question| {
        let own = ["2.", "4.", "6.", "Value"];
        own.iter().any(|start| question.question.starts_with(start))
    });
    (first, vec![history(requesting, asked.quota), applied(requesting, asked.quota)])
}

/// Every answer that is missing for the quotas asked for, each once.
pub(super) fn gaps(requesting: &RequestReport<'_>) -> Vec<Gap> {
    let mut found = Vec::new();
    for asked in requesting.asked() {
        let shape = requesting.traffic(asked.quota);
        let (first, rest) = questions(requesting, &asked, &shape);
        for gap in first.into_iter().chain(rest).filter_map(|question| question.answer.err()) {
            if !found.contains(&gap) {
                found.push(gap);
            }
        }
    }
    found
}
