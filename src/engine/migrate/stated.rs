//! A migration as it is asked for, judged as far as that goes without the rows.

use super::Calendar;
use crate::catalog::{Catalog, ModelIndex, Named, Scope};
use crate::config::{Config, Written};
use crate::engine::assumptions::find_model;
use crate::text::{Code, Diagnostic, Diagnostics, FactDate, Place, Severity, Span};
use crate::units::Ratio;

/// What is asked for, each part with its place.
#[derive(Debug, Clone)]
pub struct StatedMigration {
    /// The model that is left, by any of its names; a profile names the one scope whose rows move.
    pub from: Written<String>,
    /// The model that takes over, by any of its names; without a scope each row keeps its own.
    pub to: Written<String>,
    /// Percent of the traffic on the new model, stage by stage.
    pub stages: Vec<Written<String>>,
    /// Tokens of the new model for each of the old one.
    pub token_ratio: Written<Ratio>,
    /// Dates and lead.
    pub calendar: Calendar,
}

/// A migration ready to be planned.
#[derive(Debug, Clone)]
pub struct Migration {
    pub(super) from: ModelIndex,
    /// The scope whose rows move; all where there is none.
    pub(super) from_scope: Option<Scope>,
    pub(super) from_span: Span,
    pub(super) to: ModelIndex,
    /// The scope they move to; each row's own where there is none.
    pub(super) to_scope: Option<Scope>,
    pub(super) to_span: Span,
    /// Percents in rising order with their dates; none where they are faulty.
    stages: Vec<(u32, Option<FactDate>)>,
    pub(super) token_ratio: Written<Ratio>,
    pub(super) calendar: Calendar,
}

/// What to write as stages.
const STAGES_HELP: &str =
    "write whole percentages of the traffic, each above the one before, such as 10,25,50,100";

impl Migration {
    /// Finds the models and reads the stages; what cannot be is reported. There is none where the
    /// models do not fit; with faulty stages alone the rows can still be judged.
    pub fn resolve(
        stated: &StatedMigration,
        config: &Config,
        catalog: &Catalog,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let find = |name: &Written<String>, diagnostics: &mut Diagnostics| {
            find_model(config, catalog, &name.value, name.span, diagnostics)
        };
        let from = find(&stated.from, diagnostics);
        let to = find(&stated.to, diagnostics);
        let fits = from.zip(to).is_none_or(|pair| fits(pair, stated, catalog, diagnostics));
        let stages = stages(stated, diagnostics);
        let (from, to) = (from?, to?);
        fits.then_some(Self {
            from: from.model,
            from_scope: from.scope,
            from_span: stated.from.span,
            to: to.model,
            to_scope: to.scope,
            to_span: stated.to.span,
            stages: stages.unwrap_or_default(),
            token_ratio: stated.token_ratio.clone(),
            calendar: stated.calendar,
        })
    }

    /// Whether there are stages to plan.
    pub(super) fn has_stages(&self) -> bool {
        !self.stages.is_empty()
    }

    /// The stages with their dates.
    pub(super) fn dated(&self) -> impl Iterator<Item = (u32, Option<FactDate>)> {
        self.stages.iter().copied()
    }
}

/// Whether traffic can move between two models at all.
fn fits(
    (from, to): (Named, Named),
    stated: &StatedMigration,
    catalog: &Catalog,
    diagnostics: &mut Diagnostics,
) -> bool {
    let (old, new) = (catalog.model(from.model), catalog.model(to.model));
    let span = stated.to.span;
    if !new.offered {
        let message = format!("{} is not callable from ca-central-1", new.name);
        let help = "migrate to a model that is: `quotaplan models list` shows them";
        diagnostics.at(Code::ScopeNotOffered, span, message, help);
        return false;
    }
    if old.kind != new.kind {
        let (one, other) = (old.kind.as_str(), new.kind.as_str());
        let message = format!("{} is a model of kind {one}, but {} is of kind {other}", old.name, new.name);
        diagnostics.at(Code::BadValue, span, message, format!("migrate to a model of kind {one}"));
        return false;
    }
    let stays = to.scope.is_none() || to.scope == from.scope;
    if from.model == to.model && stays {
        let message = format!("the traffic would stay where it is, on {}", old.name);
        let help = "name another model, or another scope after a slash, such as sonnet-4.5/global";
        diagnostics.at(Code::BadValue, span, message, help);
        return false;
    }
    true
}

/// Percents in rising order, dated.
fn stages(stated: &StatedMigration, diagnostics: &mut Diagnostics) -> Option<Vec<(u32, Option<FactDate>)>> {
    let mut stages: Vec<(u32, Option<FactDate>)> = Vec::new();
    let mut valid = true;
    for (written, index) in stated.stages.iter().zip(0_u32..) {
        let digits = written.value.bytes().all(|byte| byte.is_ascii_digit());
        let percent = written.value.parse().ok().filter(|percent| digits && (1..=100).contains(percent));
        let fault = match (percent, stages.last()) {
            (None, _) => Some(format!("`{}` is not a whole percentage from 1 to 100", written.value)),
            (Some(percent), Some((before, _))) if percent <= *before => {
                Some(format!("stage {percent} is not above the one before it, {before}"))
            }
            _ => None,
        };
        let date = stated.calendar.stage(index);
        let fault =
            fault.or_else(|| date.err().map(|()| "the stage would begin after the year 9999".to_owned()));
        if let Some(fault) = fault {
            valid = false;
            diagnostics.at(Code::BadValue, written.span, fault, STAGES_HELP);
        }
        // A stage out of order is still what the next one is held against.
        stages.extend(percent.map(|percent| (percent, date.unwrap_or_default())));
    }
    if let (true, Some((percent, _)), Some(written)) = (valid, stages.last(), stated.stages.last())
        && *percent < 100
    {
        diagnostics.push(Diagnostic {
            code: Code::BadValue,
            severity: Severity::Warning,
            message: format!("the stages end at {percent} %: the rest of the traffic stays on the old model"),
            help: "add 100 to move all of it".to_owned(),
            place: Place::Span(written.span),
        });
    }
    (valid && !stages.is_empty()).then_some(stages)
}
