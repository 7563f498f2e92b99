//! What a request says to whoever makes it.

use num_rational::BigRational;

use super::caps::cut_share;
use super::numbers::amount;
use super::request_parts as parts;
use super::shared::{amount_or_unknown, limit};
use crate::catalog::REGION;
use crate::engine::Staging;
use crate::report::words::request::{
    Helpful, MeasuredEntry, RequestFigure, RequestSection, RequestTable, RequestVerdict, RequestWarning,
    RequestWords, RestsOn, StatusCounts,
};
use crate::report::words::support_case::{AwsQuestion, CaseTopic};
use crate::text::FactDate;
use crate::text::plain::cell_name;
use crate::units::{BurndownRate, Limit, QuotaAmount, QuotaKind, Tokens, percent_of};

/// `1 answer`, `3 answers`.
pub(super) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// The first of some names: nobody reads hundreds.
pub(super) fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| cell_name(name)).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more, all in trail.csv"),
    }
}

impl RequestWords for super::English {
    fn request_verdict(&self, verdict: &RequestVerdict, dir: &str, files: usize) -> Vec<String> {
        let RequestVerdict { asked, restored, for_support, undecided } = *verdict;
        let parts = [
            (asked, "to ask for"),
            (restored, "to restore"),
            (for_support, "for AWS Support only"),
            (undecided, "not decided and left out"),
        ];
        let mut parts = parts.into_iter().filter(|(count, _)| *count > 0);
        let first = parts.next().map(|(count, what)| format!("{} {what}", counted(count, "quota")));
        let rest = parts.map(|(count, what)| format!("{count} {what}"));
        let all: Vec<String> = first.into_iter().chain(rest).collect();
        vec![format!("{}: the request is in {dir} ({}).", all.join(", "), counted(files, "file"))]
    }

    fn readiness(&self, missing: usize, not_in_it: usize) -> String {
        let others = match not_in_it {
            0 => String::new(),
            1 => " One more quota is not included, because something else must be done first.".to_owned(),
            more => {
                format!(" {more} more quotas are not included, because something else must be done first.")
            }
        };
        match missing {
            0 => format!("Ready to send: no answer that AWS asks for is missing.{others}"),
            missing => format!("Not ready to send: {} missing.{others}", counted(missing, "answer")),
        }
    }

    fn asked_value(&self, subject: &str, now: QuotaAmount, in_the_end: QuotaAmount) -> String {
        let rest = if now == in_the_end {
            String::new()
        } else {
            format!(" now, {} at the last stage", amount(in_the_end))
        };
        format!("{subject}: {}{rest}", amount(now))
    }

    fn all_models(&self) -> String {
        format!("All models, {}", QuotaKind::Tpd.unit())
    }

    fn restored_value(&self, subject: &str, from: Limit, to: Limit) -> String {
        format!("{subject}: from {} to {}", limit(from), limit(to))
    }

    fn look_up(&self, count: usize) -> String {
        match count {
            1 => "the applied value of 1 quota for which AWS's default would be enough:".to_owned(),
            count => {
                format!("the applied values of {count} quotas for which AWS's defaults would be enough:")
            }
        }
    }

    fn restore_reason(&self, required: QuotaAmount, unit: &str, is_legacy: bool) -> Vec<String> {
        let mut reasons = vec![
            format!("{} {unit} are needed, and AWS's default is enough", amount(required)),
            "open an Account and billing case with the text of restore-case.md".to_owned(),
        ];
        let legacy = "the model is Legacy: AWS grants no increases for it and may refuse this request too, so plan \
                      to move to another model";
        reasons.extend(is_legacy.then(|| legacy.to_owned()));
        reasons
    }

    fn case_reason(&self, also_rpm: bool) -> Vec<String> {
        let along = also_rpm.then(|| "--also-rpm asks Service Quotas for it too".to_owned());
        std::iter::once("the request is in support-case.md".to_owned()).chain(along).collect()
    }

    fn needs(&self, subject: &str, required: Option<QuotaAmount>) -> String {
        format!("{subject}: {} needed", amount_or_unknown(required))
    }

    fn needs_of_now(&self, required: Option<QuotaAmount>, now: &str) -> String {
        format!("{} needed, {now}", amount_or_unknown(required))
    }

    fn answer_verb(&self) -> &'static str {
        "ANSWER"
    }

    fn left_out_quotas(&self, count: usize) -> String {
        match count {
            1 => "1 more quota needs no increase (show with --all)".to_owned(),
            count => format!("{count} more quotas need no increase (show with --all)"),
        }
    }

    fn warning_line(&self, title: &str, warning: &str) -> String {
        if title.is_empty() { format!("Warning: {warning}") } else { format!("Warning: {title}: {warning}") }
    }

    fn gap(&self, question: AwsQuestion, rows: &[&str]) -> (&'static str, String) {
        match question {
            AwsQuestion::LongInput => (
                "column share_over_25k",
                format!("the share of requests with more than 25,000 input tokens, for {}", listed(rows)),
            ),
            AwsQuestion::CrossRegion => {
                ("[request] cross_region", "whether cross-Region inference is an option for you".to_owned())
            }
            _ => ("[request] use_case", format!("what the traffic of {} does, and for whom", listed(rows))),
        }
    }

    fn helpful(&self, of: Helpful, codes: &[&str]) -> (String, String) {
        let (place, what) = match of {
            Helpful::AccountId => (
                "--account-id",
                "the account ID, which tells AWS the account and prevents sending from another one",
            ),
            Helpful::NeededBy => ("--needed-by", "the date by which you need the increases"),
            Helpful::Evidence => {
                ("--evidence", "measured usage, because AWS prefers customers who already use their quota")
            }
            Helpful::AppliedValue => {
                return (
                    "--granted".to_owned(),
                    format!("the applied values of {} (`quotaplan quotas`)", codes.join(", ")),
                );
            }
            Helpful::Topic(topic) => {
                let (key, what) = match topic {
                    CaseTopic::Retries => ("retries", "how your clients retry throttled calls"),
                    CaseTopic::Alarms => ("monitoring", "which alarms watch the quota; alarms.yaml has some"),
                    CaseTopic::Growth => ("growth", "how you expect the traffic to grow"),
                    CaseTopic::History => ("history", "what the account has used so far"),
                    CaseTopic::AppliedValue => {
                        ("applied_limits", "why the applied value is not AWS's default")
                    }
                    CaseTopic::AccountManager => ("account_manager", "your account manager at AWS"),
                    CaseTopic::Billing => ("billing", "what the account spends on Amazon Bedrock in a month"),
                    CaseTopic::PreviousProvider => ("previous_provider", "where the traffic runs today"),
                };
                return (format!("[request] {key}"), what.to_owned());
            }
        };
        (place.to_owned(), what.to_owned())
    }

    fn request_title(&self) -> String {
        format!("Request for Amazon Bedrock quotas in {REGION}")
    }

    fn request_made(&self, made_on: FactDate, newest_fact: FactDate, several_files: bool) -> String {
        let workloads = if several_files { "inputs/workloads-*.csv" } else { "inputs/workloads.csv" };
        format!(
            "Made on {made_on} by quotaplan {}; the newest fact of its model table is from {newest_fact}. The \
             figures are projections from {workloads}, unless marked as measured. trail.csv has the source of each \
             figure, and quotaplan request verify recomputes them.",
            env!("CARGO_PKG_VERSION"),
        )
    }

    fn missing_note(&self) -> &'static str {
        "AWS asks for these answers, and your files do not contain them. Write them into quotaplan.toml or the \
         workloads, and make the pack again in a new folder. Do not edit the pack, or it no longer matches its \
         inputs."
    }

    fn asked_note(&self) -> &'static str {
        "Send the values to Service Quotas with submit.sh, with requests.json or in the console. Service Quotas has no \
         field for the answers: paste support-case.md into the Support case that follows. AWS grants no increases for \
         models that are scheduled for retirement (Amazon Bedrock User Guide, quotas for bedrock-runtime, 2026)."
    }

    fn nothing_asked(&self, support_case: bool, restore_case: bool) -> String {
        let support = support_case.then_some("support-case.md lists what only AWS Support can raise");
        let restore = restore_case.then_some(
            "restore-case.md asks AWS to restore its defaults: use it to open an Account and billing case",
        );
        let files: Vec<&str> = support.into_iter().chain(restore).collect();
        format!("Nothing is requested from Service Quotas: {}.", files.join("; "))
    }

    fn section(&self, section: RequestSection<'_>) -> String {
        match section {
            RequestSection::Missing(count) => format!("Missing answers ({count})"),
            RequestSection::Asked => "Asked for".to_owned(),
            RequestSection::Undecided(count) => format!("Undecided, and not in this pack ({count})"),
            RequestSection::NotAsked => "Not requested from Service Quotas".to_owned(),
            RequestSection::Helpful => "What else would help".to_owned(),
            RequestSection::Questions(title) => format!("AWS's questions: {title}"),
            RequestSection::Arithmetic(title) => format!("Arithmetic: {title}"),
            RequestSection::Measured(title) => format!("Measured use: {title}"),
            RequestSection::Stages(title) => format!("Stages: {title}"),
            RequestSection::Margins => "Margins and assumptions".to_owned(),
            RequestSection::Notes => "Notes".to_owned(),
        }
    }

    fn quota_section(&self, title: &str, now: QuotaAmount, kind: QuotaKind) -> String {
        format!("{title}: {} {}", amount(now), kind.unit())
    }

    fn table_titles(&self, table: RequestTable) -> &'static [&'static str] {
        match table {
            RequestTable::Asked => &["Quota", "Now", "Required", "Ask for now", "Last stage", "Based on"],
            RequestTable::Undecided => &["Quota", "Why", "What decides it"],
            RequestTable::NotAsked => &["Quota", "Why not", "What to do instead"],
            RequestTable::TokenRows => &[
                "Row",
                "RPM mean",
                "RPM peak",
                "RPM p50 / p90 measured",
                "Settled cost of a request",
                "max_tokens",
                "TPM mean",
                "TPM peak",
            ],
            RequestTable::RequestRows => &[
                "Row",
                "RPM mean",
                "RPM peak",
                "RPM p50 / p90 measured",
                "Settled cost of a request",
                "max_tokens",
                "Mean",
                "Peak",
            ],
            RequestTable::Stages => &["Stage", "Ask for", "When", "Ask by"],
            RequestTable::Status => &["Quota", "In the pack", "Created, changed", "Requested"],
        }
    }

    fn value_now(&self, applied: Option<Limit>, default: Option<Limit>) -> String {
        match (applied, default) {
            (Some(applied), _) => format!("{} applied", limit(applied)),
            (None, Some(default)) => format!("{} by default, applied value not given", limit(default)),
            (None, None) => "unknown".to_owned(),
        }
    }

    fn rests_on(&self, of: &RestsOn<'_>) -> String {
        match of {
            RestsOn::Lowered(cap) => format!("max_tokens lowered to {cap} before this traffic runs"),
            RestsOn::Kept(reason) => format!("max_tokens as configured, because: {reason}"),
            RestsOn::LowersLittle => {
                "max_tokens as configured: lowering it would change less than a fifth".to_owned()
            }
            RestsOn::Configured => "max_tokens as configured".to_owned(),
        }
    }

    fn case_instead(&self) -> &'static str {
        "support-case.md also asks AWS Support to raise it"
    }

    fn beside_tokens(&self) -> &'static str {
        "The request for tokens per minute covers the same traffic and answers the other questions."
    }

    fn rows_come_to(
        &self,
        slot: (Option<u32>, Option<&str>),
        zone: &str,
        requests: (&BigRational, &BigRational),
        tokens: Option<(&BigRational, &BigRational)>,
    ) -> String {
        parts::rows_come_to(slot, zone, requests, tokens)
    }

    fn settled_cost(&self, rate: BurndownRate, status: &str, source: Option<(&str, FactDate)>) -> String {
        let source = source.map(|(source, date)| format!(": {source}, {date}")).unwrap_or_default();
        format!(
            "Settled cost = input + cache writes + {} x output; cache reads do not count. The burndown rate of {rate} is \
             {status}{source}.",
            rate.quota_tokens_per_output_token()
        )
    }

    fn smaller_rows(&self, count: usize) -> String {
        match count {
            1 => "and 1 smaller row, in trail.csv".to_owned(),
            count => format!("and {count} smaller rows, all in trail.csv"),
        }
    }

    fn unset(&self) -> &'static str {
        "unset"
    }

    fn request_figure(&self, figure: RequestFigure) -> (&'static str, String) {
        match figure {
            RequestFigure::Steady => {
                ("steady", "the largest mean over the hours of the day and the periods".to_owned())
            }
            RequestFigure::Peak(true) => {
                ("peak", "the busiest minute, which EstimatedTPMQuotaUsage can confirm".to_owned())
            }
            RequestFigure::Peak(false) => ("peak", "the busiest minute".to_owned()),
            RequestFigure::Headroom(share) => {
                ("with headroom", format!("peak x (1 + {} %)", percent_of(share)))
            }
            RequestFigure::InFlight => (
                "in flight",
                "at the peak, while each request holds input + max_tokens until it completes (assumed)"
                    .to_owned(),
            ),
            RequestFigure::Burst(above) => (
                "burst",
                format!(
                    "a level that is exceeded {} % of the time, with room for one more request",
                    percent_of(above)
                ),
            ),
            RequestFigure::Required => ("required", "the larger of headroom and burst".to_owned()),
            RequestFigure::Lean(cap, cut) => {
                let cap = cap.map(|cap| cap.to_string()).unwrap_or_default();
                let cut = cut_share(cut);
                let how = format!(
                    "with max_tokens lowered to {cap}, which is expected to cut off {cut} of the answers"
                );
                ("required, lean", how)
            }
            RequestFigure::Asked => ("asked for", "rounded up to two digits".to_owned()),
        }
    }

    fn holds_with_cap(&self, cap: Tokens, required: Option<QuotaAmount>) -> String {
        format!(
            "The value is enough with max_tokens of at most {cap} in every request of these rows. As configured, {} would \
             be required: only reservations make the difference.",
            amount_or_unknown(required)
        )
    }

    fn measured_entries(&self, of: &MeasuredEntry<'_>) -> Vec<(String, String, Vec<String>)> {
        parts::measured_entries(of)
    }

    fn nothing_measured(&self, files: &str, long_context: bool) -> String {
        if long_context {
            format!("{files} does not distinguish long inputs, so it says nothing about this quota.")
        } else {
            format!(
                "{files} has no minute of this model and scope in its last 14 days: AWS may deny an increase of a quota \
                 that is not used."
            )
        }
    }

    fn request_warning(&self, of: &RequestWarning) -> String {
        parts::warning(of)
    }

    fn stage_when(&self, after: Option<QuotaAmount>, kind: QuotaKind, is_measured: bool) -> String {
        match after {
            None => "first".to_owned(),
            Some(used) => {
                let measured = if is_measured { ", which was measured" } else { "" };
                format!("{} {} in use{measured}", amount(used), kind.unit())
            }
        }
    }

    fn stages_rule(&self, staging: &Staging, from_default: Option<(Limit, Limit)>) -> String {
        parts::stages_rule(staging, from_default)
    }

    fn margins(&self, headroom: u64, confidence: u64, reserves_cache_reads: bool) -> String {
        format!(
            "Three margins add up: headroom of {} %, a level that is enough {} % of the time, and rounding up to two \
             digits. \
             AWS does not publish the window of its token quotas or how fast they refill. Assumed: a request holds its \
             reservation until it completes, and cache reads are {}counted in it.",
            percent_of(headroom),
            percent_of(confidence),
            if reserves_cache_reads { "" } else { "not " }
        )
    }

    fn accepted_residency(&self, accepted: &[String]) -> String {
        format!("Accepted with --accept-residency: {}.", accepted.join("; "))
    }

    fn answer_source(&self, question: AwsQuestion, evidence: Option<&str>) -> String {
        parts::answer_source(question, evidence)
    }

    fn topic_source(&self, topic: CaseTopic) -> String {
        let (place, _) = self.helpful(Helpful::Topic(topic), &[]);
        let besides = if topic == CaseTopic::Growth { "; growth_per_month" } else { "" };
        format!("quotaplan.toml {place}{besides}")
    }

    fn status_verdict(&self, counts: &StatusCounts) -> Vec<String> {
        let StatusCounts { total, made, open, other_value } = *counts;
        let open = match open {
            0 => "none is open".to_owned(),
            1 => "1 is open, and AWS accepts no second request for its quota".to_owned(),
            open => format!("{open} are open, and AWS accepts no second request for their quotas"),
        };
        let first = format!("{made} of the pack's {} in the history, {open}.", parts::are(total));
        let other = match other_value {
            0 => None,
            1 => Some("The newest request for 1 quota is for another value than the pack's.".to_owned()),
            count => {
                Some(format!("The newest requests for {count} quotas are for other values than the pack's."))
            }
        };
        std::iter::once(first).chain(other).collect()
    }

    fn status_note(&self) -> &'static str {
        "The history shows the Support case, not AWS's decision: CASE_CLOSED does not say whether the increase was \
         granted. Look the applied value up with `quotaplan quotas`."
    }

    fn pack_matches(&self, dir: &str) -> String {
        format!("{dir}: every file matches its inputs")
    }

    fn pack_differs(&self, dir: &str, differences: usize) -> String {
        format!("{dir}: {}; do not send this pack", counted(differences, "difference"))
    }
}
