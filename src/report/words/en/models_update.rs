//! What `models update` does not write or did not compare, and what to do about it.

use crate::refresh::{OpenLifecycle, OpenPrice, OpenPriceReason, OpenQuota, UpdateRemark};

/// A remark as a sentence.
pub(super) fn remark(remark: &UpdateRemark) -> String {
    match remark {
        UpdateRemark::MissingQuotas(codes) => listed(
            "quota of the table is not in the list of defaults",
            "quotas of the table are not in the list of defaults",
            codes,
        ),
        UpdateRemark::OpenQuotas(quotas) => {
            let quota =
                |OpenQuota { code, name, model }: &OpenQuota| format!("{code} \"{name}\" (perhaps {model})");
            listed(
                "quota may belong to a model of the table; you have to decide",
                "quotas may belong to models of the table; you have to decide",
                &words(quotas, quota),
            )
        }
        UpdateRemark::OtherQuotas(count) => counted(
            "other quota in the output names no model of the table",
            "other quotas in the output name no model of the table",
            *count,
        ),
        UpdateRemark::MissingProfiles(ids) => listed(
            "profile of the table is not in the list; it stays in the table",
            "profiles of the table are not in the list; they stay in the table",
            ids,
        ),
        UpdateRemark::InactiveProfiles(ids) => {
            listed("profile is listed as not active", "profiles are listed as not active", ids)
        }
        UpdateRemark::NewProfiles(ids) => listed(
            "profile is not in the table; nothing is written for it",
            "profiles are not in the table; nothing is written for them",
            ids,
        ),
        UpdateRemark::ApplicationProfiles(count) => counted(
            "application inference profile of an account was left out",
            "application inference profiles of an account were left out",
            *count,
        ),
        UpdateRemark::MissingLifecycles(ids) => listed(
            "offered model of the table has no lifecycle in the list; it stays as it is",
            "offered models of the table have no lifecycle in the list; they stay as they are",
            ids,
        ),
        UpdateRemark::OpenLifecycles(lifecycles) => {
            let lifecycle = |OpenLifecycle { model, stage }: &OpenLifecycle| match stage {
                Some(stage) => format!("{model} (\"{stage}\")"),
                None => format!("{model} (active)"),
            };
            listed(
                "lifecycle cannot be stated in an overlay, so you have to correct the table",
                "lifecycles cannot be stated in an overlay, so you have to correct the table",
                &words(lifecycles, lifecycle),
            )
        }
        UpdateRemark::NewModels(ids) => listed(
            "model is not in the table; nothing is written for it",
            "models are not in the table; nothing is written for them",
            ids,
        ),
        UpdateRemark::ComparedPrices(count) => format!(
            "{count} {} of the price list {} compared with the table.",
            if *count == 1 { "price" } else { "prices" },
            if *count == 1 { "was" } else { "were" }
        ),
        UpdateRemark::UnknownNames(names) => listed(
            "name in the price list belongs to no model of the table",
            "names in the price list belong to no model of the table",
            names,
        ),
        UpdateRemark::OpenPrices(prices) => listed(
            "price does not show its scope or tier; you have to decide",
            "prices do not show their scopes or tiers; you have to decide",
            &words(prices, open_price),
        ),
        UpdateRemark::PromotedPrices(prices) => listed(
            "price differs from a promotional price of the table; you have to decide which one applies",
            "prices differ from promotional prices of the table; you have to decide which ones apply",
            &words(prices, |(model, scope)| format!("{model} {scope}")),
        ),
        UpdateRemark::OtherProducts(count) => counted(
            "product of the price list does not bill plain on-demand text tokens and was left out",
            "products of the price list do not bill plain on-demand text tokens and were left out",
            *count,
        ),
        UpdateRemark::UnnamedPrices(count) => counted(
            "price of tokens names no model and was left out",
            "prices of tokens name no model and were left out",
            *count,
        ),
        UpdateRemark::UnpricedProducts(count) => counted(
            "product of tokens has no on-demand price and was left out",
            "products of tokens have no on-demand price and were left out",
            *count,
        ),
    }
}

fn open_price(OpenPrice { model, reason }: &OpenPrice) -> String {
    match reason {
        OpenPriceReason::Scopes { is_regional, scopes } => {
            let kind = if *is_regional { "not global" } else { "global" };
            format!("{model} ({kind}; {scopes} scopes)")
        }
        OpenPriceReason::Tiers { scope, tiers } => format!("{model} {scope} ({tiers} tiers in the table)"),
    }
}

fn words<T>(items: &[T], word: impl Fn(&T) -> String) -> Vec<String> {
    items.iter().map(word).collect()
}

/// How many items there are, and which.
fn listed(one: &str, several: &str, items: &[String]) -> String {
    format!("{} {}: {}.", items.len(), if items.len() == 1 { one } else { several }, items.join(", "))
}

/// How many there are.
fn counted(one: &str, several: &str, count: usize) -> String {
    format!("{count} {}.", if count == 1 { one } else { several })
}
