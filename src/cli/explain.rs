//! `quotaplan explain`.

use super::args::{ExplainArgs, KindArg};
use super::inputs::Inputs;
use super::{CliError, Session, inputs, output};
use crate::catalog::{Named, Scope};
use crate::engine::{self, AccountDaily, Plan, QuotaKind, QuotaPlan};
use crate::report::{ExplainDailyReport, ExplainReport};
use crate::text::tree::Fact;

pub(super) fn run(args: &ExplainArgs, session: &Session<'_>) -> Result<(), CliError> {
    let inputs = inputs::load(&args.input, session)?;
    let input = inputs.plan_input();
    let plan =
        engine::plan(&input).map_err(|error| inputs.too_large(session, error, args.input.max_errors))?;
    if let Some(code) = &args.quota
        && inputs.catalog.account_daily().code == Fact::Known(code.clone())
    {
        let of_account = |daily: &&AccountDaily| args.account.is_none() || daily.account == args.account;
        let accounts: Vec<&AccountDaily> = plan.account_daily.iter().filter(of_account).collect();
        return output::write(
            session,
            &ExplainDailyReport { sources: &inputs.sources, input: &input, accounts: &accounts },
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
            let kind = match args.kind {
                Some(KindArg::Tpm) => Some(QuotaKind::Tpm),
                Some(KindArg::Rpm) => Some(QuotaKind::Rpm),
                Some(KindArg::Tpd) => Some(QuotaKind::Tpd),
                None => None,
            };
            // Rerankers have no tokens-per-minute quota, so the kind is chosen among what there is.
            let has_tpm = plan
                .quotas
                .iter()
                .any(|q| q.model == named.model && q.scope == scope && q.kind == QuotaKind::Tpm);
            let kind = kind.unwrap_or(if has_tpm { QuotaKind::Tpm } else { QuotaKind::Rpm });
            Box::new(move |quota| quota.model == named.model && quota.scope == scope && quota.kind == kind)
        }
        (None, None) => Box::new(|_| false),
    };
    let of_account = |quota: &&QuotaPlan| args.account.is_none() || quota.account == args.account;
    let found: Vec<&QuotaPlan> =
        plan.quotas.iter().filter(|quota| wanted(quota)).filter(of_account).collect();
    if found.is_empty() {
        let mut codes: Vec<&str> = plan.quotas.iter().filter_map(|quota| quota.code()).collect();
        codes.dedup();
        return Err(CliError::Message(format!(
            "no row of the workloads counts against that quota; the quotas of this plan are {}",
            codes.join(", ")
        )));
    }
    Ok(found)
}

fn place(inputs: &Inputs, model: &str, scope: Option<&str>) -> Result<(Named, Scope), CliError> {
    let target = inputs.config.aliases.get(model).map_or(model, |alias| alias.value.as_str());
    let named = inputs.catalog.find(target).map_err(|fault| {
        let (_, message, help) = crate::workload::naming_fault(model, &fault, Some(&inputs.catalog));
        CliError::Message(format!("{message}; {help}"))
    })?;
    let written = match scope {
        None => None,
        Some(text) => Some(Scope::parse(&text.to_ascii_lowercase()).ok_or_else(|| {
            CliError::Message(format!("`{text}` is not a scope: write us, global, ca or in-region"))
        })?),
    };
    match (named.scope, written) {
        (Some(own), Some(written)) if own != written => Err(CliError::Message(format!(
            "the scope `{written}` contradicts `{model}`, which names `{own}`"
        ))),
        (Some(scope), _) | (None, Some(scope)) => Ok((named, scope)),
        (None, None) => {
            Err(CliError::Message(format!("no scope for `{model}`: add --scope us, global, ca or in-region")))
        }
    }
}
