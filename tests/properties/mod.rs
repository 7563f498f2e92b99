//! Laws of the product over random inputs.

mod actions;
pub(crate) mod bills;
mod bytes;
mod caps;
mod charge;
mod compare;
mod demand;
pub(crate) mod facts;
mod forms;
mod gate;
mod grants;
mod lines;
mod lives;
mod migrate;
mod money;
mod one_row;
mod residency;
pub(crate) mod rows;
mod sampling;
pub(crate) mod settings;
mod several;
mod sheets;
pub(crate) mod summary;
mod tables;
mod whatif;

use proptest::test_runner::{Config, FileFailurePersistence};

/// A number of random cases; a failing one is kept beside its source file and run first from then on.
pub(crate) fn cases(cases: u32) -> Config {
    let persistence = FileFailurePersistence::WithSource("regressions");
    Config { cases, failure_persistence: Some(Box::new(persistence)), ..Config::default() }
}
