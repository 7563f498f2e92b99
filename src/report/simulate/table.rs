//! Simulations in the three forms of a report.

use std::io::Write;

use super::json::simulate_report;
use super::records::records;
use super::result::SimulateReport;
use super::screen;
use crate::report::{Block, Detail, Records, Report};
use crate::text::plain::write_json;

impl Report for SimulateReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        screen::blocks(self, detail)
    }

    fn records(&self) -> Records {
        records(self)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write_json(out, &simulate_report(self))
    }
}
