//! Budgets: monthly limits of money, each with the place where it is stated.

use crate::catalog::ModelIndex;
use crate::text::Span;
use crate::units::Usd;

/// Whose money a budget limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BudgetOf {
    /// Everything.
    Total,
    /// A team's rows.
    Team(String),
    /// A model's rows, over all scopes.
    Model(ModelIndex),
}

/// A monthly limit.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Whose money.
    pub of: BudgetOf,
    /// How much a month.
    pub limit: Usd,
    /// Where it is stated.
    pub span: Span,
}
