//! What a check says: how it ended, and what was judged.

use super::shared::counted;
use crate::engine::{QuotaJudgement, QuotaOutcome, QuotaPlan, Strictness};
use crate::report::words::check::{BudgetTally, CheckTitles, CheckVerdict, CheckWords, Failing, QuotaTally};
use crate::report::{Flag, GateStatus};
use crate::text::plain::cell_name;

/// What fails a check, in words.
fn failing(failing: &Failing<'_>) -> Vec<String> {
    let Failing {
        exceeded,
        above_policy,
        not_judged,
        residencies,
        residencies_unknown,
        budgets,
        budgets_not_judged,
        others,
    } = failing;
    let residency =
        |count: usize| if count == 1 { "1 residency".to_owned() } else { format!("{count} residencies") };
    let mut codes: Vec<&str> = Vec::new();
    for code in others {
        if !codes.contains(code) {
            codes.push(code);
        }
    }
    let is_alone =
        [exceeded, above_policy, not_judged, residencies, residencies_unknown, budgets, budgets_not_judged]
            .into_iter()
            .all(|count| *count == 0);
    let word = if is_alone { "finding" } else { "other finding" };
    let others =
        (!others.is_empty()).then(|| format!("{} ({})", counted(others.len(), word), codes.join(", ")));
    [
        (*exceeded > 0).then(|| format!("{} exceeded", counted(*exceeded, "quota"))),
        (*residencies > 0).then(|| format!("{} broken", residency(*residencies))),
        (*above_policy > 0).then(|| format!("{} above the policy's limit", counted(*above_policy, "quota"))),
        (*budgets > 0).then(|| format!("{} exceeded", counted(*budgets, "budget"))),
        (*not_judged > 0).then(|| format!("{} not judged", counted(*not_judged, "quota"))),
        (*residencies_unknown > 0).then(|| format!("{} not judged", residency(*residencies_unknown))),
        (*budgets_not_judged > 0).then(|| format!("{} not judged", counted(*budgets_not_judged, "budget"))),
        others,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `15 quotas: 2 exceeded, 13 fit`; `None` where there are none.
fn tally(word: &str, parts: &[(usize, &str)]) -> Option<String> {
    let all: usize = parts.iter().map(|(count, _)| count).sum();
    let shown: Vec<(usize, &str)> = parts.iter().copied().filter(|(count, _)| *count > 0).collect();
    match shown.as_slice() {
        [] => None,
        [(1, word_of)] => Some(format!("1 {word} {word_of}")),
        [(_, "not judged")] => Some(format!("none of {all} {word}s can be judged")),
        [(_, word_of)] => Some(format!("all {all} {word}s {word_of}")),
        shown => {
            let each: Vec<String> = shown.iter().map(|(count, word)| format!("{count} {word}")).collect();
            Some(format!("{all} {word}s: {}", each.join(", ")))
        }
    }
}

fn tallies(quotas: QuotaTally, budgets: BudgetTally) -> Vec<String> {
    let QuotaTally { exceeded, above_policy, not_judged, fit } = quotas;
    let of_quotas = tally(
        "quota",
        &[
            (exceeded, "exceeded"),
            (above_policy, "above the policy's limit"),
            (not_judged, "not judged"),
            (fit, "fit"),
        ],
    );
    let BudgetTally { exceeded, not_judged, unused, kept } = budgets;
    let of_budgets = tally(
        "budget",
        &[(exceeded, "exceeded"), (not_judged, "not judged"), (unused, "unused"), (kept, "met")],
    );
    of_quotas.into_iter().chain(of_budgets).collect()
}

impl CheckWords for super::English {
    fn check_verdict(&self, verdict: &CheckVerdict<'_>) -> Vec<String> {
        let CheckVerdict {
            status,
            failing: fails,
            quotas,
            budgets,
            by_default,
            above_default,
            days_exceeded,
            strictness,
        } = verdict;
        let not_judged = quotas.not_judged + budgets.not_judged;
        let is_above = quotas.exceeded + quotas.above_policy + budgets.exceeded > 0;
        let word = match status {
            GateStatus::Fail => "FAIL",
            _ if is_above && strictness.only_worsened => "NO WORSE",
            _ if is_above => "WARN",
            _ if not_judged > 0 && quotas.not_judged == quotas.all() => "NOT JUDGED",
            _ if not_judged > 0 => "NOT ALL JUDGED",
            GateStatus::Warn => "PASS with warnings",
            GateStatus::Pass => "PASS",
        };
        let judged = tallies(*quotas, *budgets);
        let reasons = failing(fails);
        let mut sentences = Vec::new();
        if reasons.is_empty() {
            let ends = if not_judged > 0 { ": the check does not fail" } else { "" };
            sentences.push(format!("{word}  {}{ends}", judged.join("; ")).trim_end().to_owned());
        } else {
            sentences.push(format!("{word}  {}", reasons.join(", ")));
            sentences.push(format!("{}.", judged.join("; ")));
        }
        sentences.extend(days_exceeded.iter().map(|account| {
            let account = account.as_ref().map(|account| format!(" of account {}", cell_name(account)));
            format!(
                "By estimate, the tokens per day over all models{} exceed their quota; only AWS Support can raise \
                 it.",
                account.unwrap_or_default()
            )
        }));
        match above_default {
            0 => {}
            1 => sentences.push("1 quota that is not judged needs more than AWS's default.".to_owned()),
            more => {
                sentences.push(format!("{more} quotas that are not judged need more than AWS's defaults."));
            }
        }
        let all = quotas.all();
        if *by_default > 0 {
            let of =
                if *by_default == all { "all of them".to_owned() } else { format!("{by_default} of them") };
            sentences.push(format!("AWS's defaults are assumed to apply to {of}: yours may be lower."));
        }
        let Strictness { only_worsened, warn_only, .. } = strictness;
        if *only_worsened {
            sentences.push("Only what is new or worse than the baseline fails the check.".to_owned());
        }
        if *warn_only {
            sentences.push("Nothing fails the check: --warn-only makes errors warnings.".to_owned());
        }
        sentences
    }

    fn faulty_inputs(&self, errors: usize, warnings: usize) -> String {
        let warnings =
            if warnings == 0 { String::new() } else { format!(", {}", counted(warnings, "warning")) };
        format!("FAIL  the inputs cannot be planned: {}{warnings}", counted(errors, "error"))
    }

    fn check_titles(&self) -> CheckTitles {
        CheckTitles {
            quota: "Quota",
            code: "Code",
            needs: "Needs",
            limit: "Limit",
            share: "Use",
            result: "Result",
        }
    }

    fn quota_result(&self, quota: &QuotaPlan, judgement: &QuotaJudgement) -> &'static str {
        match judgement.outcome {
            QuotaOutcome::Fits if judgement.assumed_default => "fits the default",
            QuotaOutcome::Fits => "fits",
            QuotaOutcome::AboveUtilisation => "above the policy's limit",
            QuotaOutcome::Exceeds if judgement.assumed_default => "exceeds the default",
            QuotaOutcome::Exceeds => "exceeded",
            QuotaOutcome::Undetermined if quota.figures.required.is_none() => "need unknown",
            QuotaOutcome::Undetermined if quota.entry.is_none() => "not offered: no quota",
            QuotaOutcome::Undetermined if quota.code().is_none() => "no quota code",
            QuotaOutcome::Undetermined if quota.exceeds_default() => "no applied value; above the default",
            QuotaOutcome::Undetermined => "no applied value",
        }
    }

    fn day_result(&self, flag: Flag) -> &'static str {
        match flag {
            Flag::Bad => "exceeds by estimate",
            Flag::Unknown => "not judged",
            Flag::Near | Flag::Fine => "fits by estimate",
        }
    }

    fn more_failing(&self, count: usize, code: &str) -> String {
        format!("{count} more of {code} (show with --all)")
    }

    fn more_changes(&self, count: usize) -> String {
        format!("{count} more (show with --all)")
    }

    fn budgets_heading(&self) -> &'static str {
        "Budgets"
    }

    fn other_findings_heading(&self) -> &'static str {
        "Findings"
    }
}
