//! The test binary: one link, one summary line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod architecture;
mod cases;
mod command_line;
mod data_lint;
mod readme;
mod support;
