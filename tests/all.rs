//! The test binary: one link, one summary line.

mod support;
