//! What `models` says; what an update leaves out is in `models_update`.

use super::models_update;
use super::shared::counted;
use crate::catalog::{
    Catalog, Destinations, Lifecycle, Model, Price, Promotion, Provenance, QuotaEntry, REGION, RateStatement,
    RateStatus,
};
use crate::refresh::UpdateRemark;
use crate::report::words::models::{FactsSummary, ModelLabels, ModelsWords};
use crate::units::{Fact, Tokens, UsdPerMillion};

impl ModelsWords for super::English {
    fn models_verdict(&self, catalog: &Catalog) -> String {
        let offered = catalog.models().iter().filter(|model| model.offered).count();
        let unlisted = catalog.unlisted().iter().map(|model| {
            format!(" {} has no entry: {} ({}).", model.name, model.known, model.provenance.source)
        });
        format!(
            "{}, {offered} of which can be called from {REGION}; the newest fact is from {}. `quotaplan models show \
             MODEL` shows everything that is known about a model.{}",
            counted(catalog.models().len(), "model"),
            catalog.newest(),
            unlisted.collect::<String>()
        )
    }

    fn models_titles(&self) -> [&'static str; 6] {
        ["Model", "Scopes", "Burndown", "Max output", "Context", "Alias"]
    }

    fn no_scopes(&self) -> &'static str {
        "migrate from"
    }

    fn planned_rate(&self, model: &Model) -> String {
        let rate = model.rate_as_of(None);
        match rate.status {
            RateStatus::Known => rate.rate.to_string(),
            RateStatus::Unknown => format!("unknown ({} planned)", rate.rate),
            status => format!("{} {}", rate.rate, status.as_str()),
        }
    }

    fn tokens_fact(&self, tokens: Fact<Tokens>) -> String {
        tokens_fact(tokens)
    }

    fn model_labels(&self) -> ModelLabels {
        ModelLabels {
            provider: "provider",
            kind: "kind",
            aliases: "aliases",
            offered: "from ca-central-1",
            max_output: "max output",
            context_window: "context window",
            batch: "batch",
            count_tokens: "CountTokens",
            lifecycle: "lifecycle",
            access: "access",
            rate: "today",
            other_rate: "also stated",
            profile: "profile",
            destinations: "destinations",
            quotas: "quotas",
        }
    }

    fn is_offered(&self, model: &Model) -> &'static str {
        if model.offered { "yes" } else { "no: you can only migrate from it" }
    }

    fn yes_or_no(&self, fact: Fact<bool>) -> &'static str {
        match fact {
            Fact::Known(true) => "yes",
            Fact::Known(false) => "no",
            Fact::Absent | Fact::Unknown => "unknown",
        }
    }

    fn disputed_limit(&self, planned: Fact<Tokens>, others: &[Tokens]) -> String {
        let planned = tokens_fact(planned);
        if others.is_empty() {
            return planned;
        }
        let others: Vec<String> = others.iter().map(Tokens::to_string).collect();
        format!("plans use {planned}; other sources say {}", others.join(", "))
    }

    fn lifecycle(&self, lifecycle: &Lifecycle) -> String {
        let stage = lifecycle.status.known().map_or("status unknown", |stage| stage.as_str());
        let since = lifecycle.legacy_since.map(|date| format!(" since {date}")).unwrap_or_default();
        let retirement = lifecycle.retirement.map(|date| {
            let hand = if lifecycle.retirement_second_hand { " (a second-hand date)" } else { "" };
            format!("retires on {date}{hand}")
        });
        [
            Some(format!("{stage}{since}")),
            lifecycle
                .extended_access_from
                .map(|date| format!("extended access at a higher price from {date}")),
            lifecycle.no_sooner_than.map(|date| format!("end of life no sooner than {date}")),
            lifecycle.notice_days.map(|days| format!("at least {days} days of notice")),
            lifecycle.notice_months.map(|months| format!("at least {months} months of notice")),
            lifecycle.legacy_period_months.map(|months| format!("Legacy for {months} months")),
            retirement,
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
    }

    fn rates_heading(&self) -> &'static str {
        "Burndown: quota tokens per output token"
    }

    fn rate_statement(&self, statement: &RateStatement) -> String {
        match statement.status {
            RateStatus::Unknown => format!("unknown; plans use the worst case of {}", statement.rate),
            status => format!("{} ({})", statement.rate, status.as_str()),
        }
    }

    fn scope_heading(&self, scope: &str) -> String {
        format!("Scope {scope}")
    }

    fn destinations(&self, destinations: &Destinations) -> String {
        match destinations {
            Destinations::Regions(regions) => regions.join(", "),
            Destinations::AllCommercial => "all commercial Regions".to_owned(),
            Destinations::Unknown => "unknown".to_owned(),
        }
    }

    fn table_quota(&self, quota: &QuotaEntry) -> String {
        let default = quota.default.known().map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
        let adjustable = match quota.adjustable {
            Fact::Known(true) => "adjustable",
            Fact::Known(false) => "not adjustable",
            Fact::Absent | Fact::Unknown => "adjustability unknown",
        };
        format!("{}, default {default}, {adjustable}", quota.code_words())
    }

    fn aws_name(&self, quota: &QuotaEntry) -> String {
        quota.name.clone().known().unwrap_or_else(|| "exact name unknown".to_owned())
    }

    fn no_quotas(&self) -> &'static str {
        "none: the model cannot be called from ca-central-1"
    }

    fn price_label(&self, price: Option<&Price>) -> String {
        let tier = price.and_then(|price| price.up_to_input);
        format!("price{}", tier.map(|limit| format!(" up to {limit} input")).unwrap_or_default())
    }

    fn prices(&self, price: Option<&Price>) -> String {
        price.map_or_else(|| "unknown".to_owned(), prices)
    }

    fn price_basis(&self, price: &Price) -> String {
        let unit = if price.per_query == Fact::Absent { "USD per million tokens" } else { "USD" };
        format!("{unit}, priced in {}", price.priced_in)
    }

    fn promotion(&self, promotion: &Promotion) -> String {
        let before = |price: Option<UsdPerMillion>| {
            price.map_or_else(|| "unknown".to_owned(), |price| price.to_string())
        };
        format!(
            "promotional price through {}; before it: input {}, output {}",
            promotion.until,
            before(promotion.input_before),
            before(promotion.output_before)
        )
    }

    fn statements_heading(&self) -> &'static str {
        "What AWS says, and what is no longer true"
    }

    fn replaced_statement(&self, statement: &str, source: &Provenance) -> String {
        format!("no longer true: \"{statement}\" ({}, {})", source.source, source.as_of)
    }

    fn facts_summary(&self, summary: &FactsSummary) -> Vec<String> {
        let FactsSummary { shown, all, older_than, today, later } = summary;
        let mut sentences = vec![match older_than {
            Some(days) => format!(
                "{shown} of {} {} older than {days} days on {today}.",
                counted(*all, "fact"),
                if *shown == 1 { "is" } else { "are" }
            ),
            None => format!("{}, with their ages on {today}.", counted(*all, "fact")),
        }];
        match later {
            0 => {}
            1 => sentences.push(format!("1 of them is dated after {today}, so its age is negative.")),
            later => {
                sentences
                    .push(format!("{later} of them are dated after {today}, so their ages are negative."));
            }
        }
        sentences
    }

    fn facts_titles(&self) -> [&'static str; 5] {
        ["Age (days)", "As of", "Facts", "Kind", "Source"]
    }

    fn facts_of_command(&self, count: usize) -> String {
        format!("The output of this command states {count} of these facts:")
    }

    fn facts_of_sources(&self, count: usize) -> String {
        match count {
            1 => "Check 1 of these facts in its source.".to_owned(),
            count => format!("Check {count} of these facts in their sources."),
        }
    }

    fn update_verdict(&self, changes: usize) -> String {
        match changes {
            0 => "The saved AWS output agrees with the table.".to_owned(),
            1 => "1 value differs from the table.".to_owned(),
            changes => format!("{changes} values differ from the table."),
        }
    }

    fn update_titles(&self) -> [&'static str; 5] {
        ["Model", "Table", "Key", "Before", "After"]
    }

    fn update_remark(&self, remark: &UpdateRemark) -> String {
        models_update::remark(remark)
    }

    fn overlay_title(&self) -> &'static str {
        "Overlay for --models: the values that differ between saved AWS output and the model table."
    }

    fn valid_table(&self, file: &str, models: usize) -> String {
        format!("{file} is valid; with it, the model table has {}", counted(models, "model"))
    }
}

/// A number of tokens, or the word that stands where there is none.
fn tokens_fact(tokens: Fact<Tokens>) -> String {
    match tokens {
        Fact::Known(tokens) => tokens.to_string(),
        Fact::Unknown => "unknown".to_owned(),
        Fact::Absent => "-".to_owned(),
    }
}

/// The prices of a list, each with what it is for.
fn prices(price: &Price) -> String {
    let kinds = [
        ("input", price.input),
        ("output", price.output),
        ("cache write 5m", price.cache_write_5m),
        ("cache write 30m", price.cache_write_30m),
        ("cache write 1h", price.cache_write_1h),
        ("cache read", price.cache_read),
    ];
    let stated = |(kind, value): &(&str, Fact<UsdPerMillion>)| match value {
        Fact::Known(usd) => Some(format!("{kind} {usd}")),
        Fact::Unknown => Some(format!("{kind} unknown")),
        Fact::Absent => None,
    };
    let per_query = match price.per_query {
        Fact::Known(usd) => Some(format!("{usd} per query")),
        Fact::Unknown => Some("per query unknown".to_owned()),
        Fact::Absent => None,
    };
    let prices = kinds.iter().chain(&price.service_tiers).filter_map(stated);
    prices.chain(per_query).collect::<Vec<_>>().join(", ")
}
