//! `quotaplan explain`.

use super::args::ExplainArgs;
use super::errors::{ExplainError, NamingError};
use super::inputs::Inputs;
use super::{CliError, Session, inputs, output};
use crate::catalog::{Named, Scope};
use crate::engine::{self, AccountDaily, Plan, QuotaPlan};
use crate::report::{ExplainDailyReport, ExplainReport};
use crate::units::{Fact, QuotaKind};

pub(super) fn run(args: &ExplainArgs, session: &Session<'_>) -> Result<(), CliError> {
    let inputs = inputs::load(&args.input, session)?;
    let input = inputs.plan_input();
    let plan = engine::plan(&input)
        .map_err(|error| inputs.too_large(session, error, args.input.diagnostics.max_errors))?;
    if let Some(code) = &args.quota
        && inputs.catalog.account_daily().code == Fact::Known(code.clone())
    {
        let of_account = |daily: &&AccountDaily| args.account.is_none() || daily.account == args.account;
        let accounts: Vec<&AccountDaily> = plan.account_daily.iter().filter(of_account).collect();
        return output::write(
            session,
            &ExplainDailyReport { sources: &inputs.sources, input: &input, plan: &plan, accounts: &accounts },
            &args.output,
            &inputs.sources,
        );
    }
    let quotas = chosen(args, &inputs, &plan)?;
    output::write(
        session,
        &ExplainReport { sources: &inputs.sources, input: &input, plan: &plan, quotas: &quotas },
        &args.output,
        &inputs.sources,
    )
}

/// The quotas that the arguments name.
fn chosen<'p>(args: &ExplainArgs, inputs: &Inputs, plan: &'p Plan) -> Result<Vec<&'p QuotaPlan>, CliError> {
    let wanted: Box<dyn Fn(&QuotaPlan) -> bool> = match (&args.quota, &args.model) {
        (Some(code), _) => {
            let code = code.clone();
            Box::new(move |quota| quota.code() == Some(&code))
        }
        (None, Some(model)) => {
            let (named, scope) = place(inputs, model, args.scope.as_deref())?;
            // Rerankers have no tokens-per-minute quota, so the kind is chosen among what there is.
            let has_tpm = plan
                .quotas
                .iter()
                .any(|q| q.id.model == named.model && q.id.scope == scope && q.id.kind.reserves_tokens());
            let kind = args.kind.unwrap_or(if has_tpm { QuotaKind::Tpm } else { QuotaKind::Rpm });
            Box::new(move |quota| {
                quota.id.model == named.model && quota.id.scope == scope && quota.id.kind == kind
            })
        }
        (None, None) => Box::new(|_| false),
    };
    let of_account = |quota: &&QuotaPlan| args.account.is_none() || quota.id.account == args.account;
    let found: Vec<&QuotaPlan> =
        plan.quotas.iter().filter(|quota| wanted(quota)).filter(of_account).collect();
    if found.is_empty() {
        let mut codes: Vec<&str> = plan.quotas.iter().filter_map(|quota| quota.code()).collect();
        codes.dedup();
        let codes = codes.into_iter().map(str::to_owned).collect();
        return Err(ExplainError::NoQuota { codes }.into());
    }
    Ok(found)
}

fn place(inputs: &Inputs, model: &str, scope: Option<&str>) -> Result<(Named, Scope), CliError> {
    let target = inputs.config.aliases.get(model).map_or(model, |alias| alias.value.as_str());
    let named = inputs.catalog.find(target);
    let named = named.map_err(|fault| NamingError::no_model(model, &fault, &inputs.catalog))?;
    let typed = match scope {
        None => None,
        Some(text) => Some(
            text.to_ascii_lowercase()
                .parse::<Scope>()
                .ok()
                .ok_or_else(|| NamingError::NotAScope { written: text.to_owned() })?,
        ),
    };
    match (named.scope, typed) {
        (Some(own), Some(typed)) if own != typed => {
            Err(NamingError::OtherScope { name: model.to_owned(), typed, own }.into())
        }
        (Some(scope), _) | (None, Some(scope)) => Ok((named, scope)),
        (None, None) => Err(NamingError::NoScope { name: model.to_owned() }.into()),
    }
}
