//! What-if results: scenarios beside the base, answers, what matters most, and how long the quotas last.

mod json;
mod records;
mod result;
mod table;

use std::io::Write;

pub use result::{BASE, Runways, WhatifReport};

use crate::report::{Block, Detail, Records, Report};

impl Report for WhatifReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        table::blocks(self, detail)
    }

    fn records(&self) -> Records {
        records::records(self)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        json::write(self, out)
    }
}
