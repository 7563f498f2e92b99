//! The JSON Schema (2020-12) of each document: the files of `data/schema`, which the program carries. The feature
//! `schema` makes them from the types that write the documents; the tests hold the two equal.

#[cfg(feature = "schema")]
use super::{check, compare, explain, iam, migrate, models, plan, quotas, request, sample, simulate, whatif};

/// A document that the program writes, with its schema.
#[derive(Debug)]
pub struct DocumentSchema {
    name: &'static str,
    written_by: &'static str,
    text: &'static str,
    #[cfg(feature = "schema")]
    make: fn() -> schemars::Schema,
}

impl DocumentSchema {
    /// The name by which it is asked for, such as `models-list`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What writes the document, such as `plan --format json`.
    #[must_use]
    pub fn written_by(&self) -> &'static str {
        self.written_by
    }

    /// The schema as JSON, with a line end.
    #[must_use]
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// The schema made from the type, as [`Self::text`] must be.
    ///
    /// # Errors
    /// None that is known: a schema is made of text and numbers.
    #[cfg(feature = "schema")]
    pub fn made(&self) -> Result<String, serde_json::Error> {
        let mut schema = (self.make)();
        // Generators of types name the type after the title.
        schema.insert("title".to_owned(), serde_json::Value::String(format!("quotaplan {}", self.name)));
        Ok(serde_json::to_string_pretty(&schema)? + "\n")
    }
}

/// The schema of what `T` writes. What is read may lack keys, so it would have another.
#[cfg(feature = "schema")]
fn schema<T: schemars::JsonSchema>() -> schemars::Schema {
    use schemars::transform::{RecursiveTransform, Transform};
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(without_formats).transform(&mut schema);
    schema
}

/// Removes the names of Rust's numbers, which some validators refuse as unknown formats.
#[cfg(feature = "schema")]
fn without_formats(schema: &mut schemars::Schema) {
    schema.remove("format");
}

/// The document of a name.
#[must_use]
pub fn document(name: &str) -> Option<&'static DocumentSchema> {
    DOCUMENTS.iter().find(|document| document.name == name)
}

macro_rules! documents {
    ($($name:literal, $written_by:literal, $of:ty;)*) => {
        /// Every document, in the order of the commands.
        pub const DOCUMENTS: &[DocumentSchema] =
            &[$(DocumentSchema {
                name: $name,
                written_by: $written_by,
                text: include_str!(concat!("../../data/schema/", $name, ".json")),
                #[cfg(feature = "schema")]
                make: schema::<$of>,
            },)*];
    };
}

documents! {
    "plan", "plan --format json", plan::PlanDocument;
    "check", "check --format json", check::CheckDocument;
    "whatif", "whatif --format json", whatif::WhatifDocument;
    "compare", "compare --format json", compare::CompareDocument;
    "migrate", "migrate --format json", migrate::MigrateDocument;
    "simulate", "simulate --format json", simulate::SimulateDocument;
    "request", "request, as manifest.json of the pack", request::Manifest;
    "request-verify", "request verify --format json", iam::PolicyDocument;
    "request-status", "request status --format json", request::StatusDocument;
    "explain", "explain --format json", explain::ExplainDocument;
    "explain-daily", "explain --quota L-E3F10727 --format json", explain::ExplainDailyDocument;
    "quotas", "quotas --format json", quotas::ListingDocument;
    "quotas-diff", "quotas --diff FILE --format json", quotas::ChangesDocument;
    "iam-lint", "iam lint --format json", iam::PolicyDocument;
    "sample", "sample --format json", sample::SampleDocument;
    "sample-rate", "sample --measure-rate --format json", sample::RateDocument;
    "models-list", "models list --format json", models::ListDocument;
    "models-show", "models show --format json", models::ShowDocument;
    "models-check", "models check --format json", models::CheckDocument;
    "models-update", "models update --format json", models::UpdateDocument;
}
