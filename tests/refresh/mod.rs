//! Keeping the model table true: ages of facts, and what saved answers change.

mod ages;
mod route;
mod update;
