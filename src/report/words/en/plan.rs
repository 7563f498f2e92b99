//! What a plan's findings say of quotas and rows.

use super::caps::{cut_share, tight_basis};
use super::numbers::amount;
use super::shared::{amount_or_unknown, limit, rows_have, sentence, subject};
use crate::catalog::{LimitField, Model, RateStatus, Scope};
use crate::engine::{Alternative, CapAdvice, DailyExceeded, FittingCap, TightBasis, TokenKind};
use crate::report::words::sentence::Sentence;
use crate::report::words::traits::FindingIn;
use crate::units::Fact;
use crate::units::QuotaAmount;
use crate::workload::CacheTtl;

/// Codes listed in one finding.
pub(super) const LISTED: usize = 20;

/// What an applied value of 0 means.
pub(super) const APPLIED_IS_0: &str = "the applied value is 0, so AWS throttles every call or answers \"Too many \
                                       tokens per day\"";

/// ` of account A`, or nothing.
fn of_account(account: Option<&str>) -> String {
    account.map(|account| format!(" of account {account}")).unwrap_or_default()
}

pub(super) fn account_daily(of: &FindingIn<'_>, passed: &DailyExceeded) -> Sentence {
    let Some(daily) = of.plan.account_daily.get(passed.index) else {
        return sentence("", "");
    };
    let given = if passed.is_applied { "applied" } else { "default" };
    let at = |minute: Option<u32>, word: &str| {
        minute.map(|minute| format!("at {:02}:{:02} by {word} tokens", minute / 60, minute % 60))
    };
    let hours = at(daily.minute_settled, "settled").into_iter().chain(at(daily.minute_billed, "billed"));
    let hours: Vec<String> = hours.collect();
    let message = format!(
        "the daily quota over all models{} ({}, {given} {}) would be exceeded {}: the traffic takes {} settled \
         tokens per day (output at the burndown rate), or {} billed tokens (each token once). This is an estimate, \
         since AWS publishes no formula; times are in {}",
        of_account(daily.account.as_deref()),
        daily.entry.known_code().unwrap_or("unknown"),
        amount(passed.limit),
        hours.join(" and "),
        amount(daily.settled),
        amount(daily.billed),
        of.input.assumptions.config.timezone
    );
    let help = match passed.restored_to {
        Some(default) => format!(
            "ask AWS Support, in an Account and billing case, to restore AWS's default of {}, which would be enough \
             for both",
            limit(default)
        ),
        None => {
            let first = if passed.is_applied { "" } else { "look up the applied value first; " };
            format!(
                "{first}Service Quotas cannot raise it: ask AWS Support for at least {} per day, in the same case as \
                 any tokens-per-minute request",
                amount(passed.least)
            )
        }
    };
    sentence(message, help)
}

pub(super) fn account_not_provisioned(of: &FindingIn<'_>, account: Option<&str>) -> Sentence {
    let code = of.catalog().account_daily().code_words();
    sentence(
        format!("the daily quota over all models{}, {code}: {APPLIED_IS_0}", of_account(account)),
        "ask AWS Support, in an Account and billing case, to restore AWS's default",
    )
}

pub(super) fn applied_not_given(codes: &[String], of: usize) -> Sentence {
    let listed = codes.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if codes.len() > LISTED { ", ..." } else { "" };
    sentence(
        format!(
            "no applied quota is given for {} of {of} quotas: AWS's defaults are shown, and your account's quotas \
             may be lower",
            codes.len()
        ),
        format!(
            "look them up and add them to [granted]: aws service-quotas get-service-quota --region ca-central-1 \
             --service-code bedrock --quota-code CODE, for {listed}{more}"
        ),
    )
}

/// The words for kinds of token.
const fn token_words(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Input => "input",
        TokenKind::CacheRead => "cache reads",
        TokenKind::CacheWrite => "cache writes",
        TokenKind::Output => "output",
        TokenKind::Query => "queries",
    }
}

pub(super) fn unknown_price(
    model: &Model,
    scope: Scope,
    rows: usize,
    kinds: &[TokenKind],
    without_life: &[CacheTtl],
) -> Sentence {
    let words: Vec<&str> = kinds.iter().copied().map(token_words).collect();
    let message = format!(
        "{} {scope}: {} {} whose price is not known ({}), so the monthly cost is not known either",
        model.name,
        rows_have(rows),
        if kinds == [TokenKind::Query] { "requests" } else { "tokens" },
        words.join(", ")
    );
    if without_life.is_empty() {
        let help = "add the price with --models once you know it: the tables model.scope.SCOPE.price";
        return sentence(message, help);
    }
    let lives: Vec<&str> = without_life.iter().map(|life| life.as_str()).collect();
    sentence(
        format!("{message}; the model offers no cache writes with a lifetime of {}", lives.join(" or ")),
        format!(
            "leave cache_ttl empty, or use a lifetime that the model offers: `quotaplan models show {}` lists their \
             prices",
            model.id
        ),
    )
}

pub(super) fn no_demand(of: &FindingIn<'_>, rows: usize, all: usize) -> Sentence {
    let subject = subject(of);
    let message = if rows == all {
        format!("{subject}: no demand: every row has a request rate of 0, so 0 is required")
    } else {
        let verb = if rows == 1 { "has" } else { "have" };
        format!("{subject}: {rows} of {all} rows {verb} a request rate of 0 and no demand")
    };
    sentence(message, "write the rate, or delete the row")
}

pub(super) fn assumed_peak(of: &FindingIn<'_>, rows: usize, all: usize, quotas: &[usize]) -> Sentence {
    let quotas = quotas.iter().filter_map(|index| of.plan.quotas.get(*index));
    let figures = quotas.map(|quota| {
        let unit = if quota.id.kind.counts_tokens() { "tokens" } else { "requests" };
        let then = quota.assumed_peak.iter().map(|peak| {
            format!("{} at {} times the mean", amount_or_unknown(peak.required), peak.times_mean)
        });
        let then: Vec<String> = then.collect();
        let required = amount_or_unknown(quota.figures.required);
        format!("{required} {unit} per minute required ({})", then.join(", "))
    });
    let figures: Vec<String> = figures.collect();
    let rows = if rows == all && all == 1 {
        "the row states no busiest minute".to_owned()
    } else {
        let verb = if rows == 1 { "states" } else { "state" };
        format!("{rows} of {all} rows {verb} no busiest minute")
    };
    sentence(
        format!("{}: {rows}, so the mean is used instead: {}", subject(of), figures.join(" and ")),
        "fill in peak_requests_per_minute or peak_factor, or set peak_factor in the configuration",
    )
}

pub(super) fn disputed_limit(of: &FindingIn<'_>, field: LimitField, rows: usize) -> Sentence {
    let Some((model, limit)) = of.model().and_then(|model| Some((model, model.smallest_disputed(field)?)))
    else {
        return sentence("", "");
    };
    let (own, what, which) = match field {
        LimitField::MaxOutputTokens => (model.max_output_tokens, "a max_tokens", "largest output"),
        LimitField::ContextWindow => (model.context_window, "a mean input", "context window"),
    };
    let own = own.known().map(|own| own.to_string()).unwrap_or_default();
    sentence(
        format!(
            "{}: {} {what} above {}, the {which} that one source gives ({}, {}); another gives {own}",
            subject(of),
            rows_have(rows),
            limit.value,
            limit.provenance.source,
            limit.provenance.as_of
        ),
        format!(
            "stay at {} or below, or try one call: it is not certain what the model accepts",
            limit.value
        ),
    )
}

/// What to set max_tokens to, and what that would cut.
pub(super) fn cap_advice(of: &FindingIn<'_>, cap: &CapAdvice) -> String {
    let fits = match cap.fitting {
        Some(FittingCap { max_tokens, capacity, is_applied }) => format!(
            "; any cap up to {} fits the {} of {}",
            amount(max_tokens),
            if is_applied { "applied quota" } else { "default" },
            amount(capacity)
        ),
        None => String::new(),
    };
    match cap.basis {
        TightBasis::Maximum => format!(
            "answers of these rows may be as long as the model's maximum: fill in output_tokens_p99 to see whether a \
             lower cap is enough{fits}"
        ),
        basis => format!(
            "set max_tokens to about {}, which is expected to cut off {} of the answers: {}, rounded up to two digits{fits}",
            cap.tokens,
            cut_share(cap.cut),
            tight_basis(basis, of.input.assumptions.config.confidence)
        ),
    }
}

pub(super) fn max_tokens_unset(
    of: &FindingIn<'_>,
    (rows, all): (usize, usize),
    (required, lean, is_saving): (Option<QuotaAmount>, QuotaAmount, bool),
    cap: &CapAdvice,
) -> Sentence {
    let maximum = match of.model().map(|model| model.max_output_tokens) {
        Some(Fact::Known(maximum)) => format!("the model's maximum of {maximum} tokens"),
        Some(Fact::Absent | Fact::Unknown) | None => "the model's maximum, which is not known".to_owned(),
    };
    let (tight, lean) = (cap.tokens, amount(lean));
    let effect = match required {
        Some(required) if is_saving => {
            format!(": at {tight} the required quota falls from {} to {lean}", amount(required))
        }
        Some(_) => String::new(),
        None => format!(": the required quota is unknown; at {tight} it is {lean}"),
    };
    sentence(
        format!(
            "{}: {rows} of {all} rows set no max_tokens, so each request reserves {maximum}{effect}",
            subject(of)
        ),
        cap_advice(of, cap),
    )
}

pub(super) fn burndown_rate(of: &FindingIn<'_>, status: RateStatus, others: &[Alternative]) -> Sentence {
    let Some(quota) = of.quota() else {
        return sentence("", "");
    };
    let others = others.iter().map(|Alternative { rate, provenance, required, .. }| {
        format!(
            "at {rate} the required quota is {} ({}, {})",
            amount_or_unknown(*required),
            provenance.source,
            provenance.as_of
        )
    });
    let others: Vec<String> = others.collect();
    let behind = if others.is_empty() { String::new() } else { format!("; {}", others.join("; ")) };
    let (subject, rate) = (subject(of), quota.rate.rate);
    match status {
        RateStatus::Unknown => {
            let date = of.input.assumptions.rates_as_of.map(|date| format!(" at or before {date}"));
            let date = date.unwrap_or_default();
            sentence(
                format!(
                    "{subject}: AWS states no burndown rate{date}, so the plan uses the worst case of {rate}{behind}"
                ),
                "measure it with one call of known tokens: \
                 (EstimatedTPMQuotaUsage - input - cache writes) / output",
            )
        }
        RateStatus::Disputed => sentence(
            format!("{subject}: AWS's pages disagree on the burndown rate; the plan uses {rate}{behind}"),
            "measure it, or ask AWS Support",
        ),
        RateStatus::DefaultClause => sentence(
            format!(
                "{subject}: the burndown rate of {rate} comes from AWS's clause for all other models{behind}"
            ),
            "",
        ),
        RateStatus::Known | RateStatus::Superseded => {
            sentence(format!("{subject}: planned at {rate}{behind}"), "")
        }
    }
}

pub(super) fn cache_reads_reserved(
    of: &FindingIn<'_>,
    left_out: QuotaAmount,
    counted: QuotaAmount,
    are_counted: bool,
) -> Sentence {
    let planned = amount(if are_counted { counted } else { left_out });
    sentence(
        format!(
            "{}: AWS's pages disagree on whether reservations count cache reads: {} is required if they do not, {} \
             if they do; the plan uses {planned}",
            subject(of),
            amount(left_out),
            amount(counted)
        ),
        if are_counted {
            "the plan uses the larger value, since reserve_cache_reads is true; a measurement may show that the \
             smaller one is enough"
        } else {
            "set reserve_cache_reads to true to plan for the larger value, or measure it: if cache reads count, \
             throttling begins earlier"
        },
    )
}
