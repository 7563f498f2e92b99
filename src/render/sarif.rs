//! SARIF 2.1.0, with what GitHub's code scanning reads of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::fingerprint::fingerprints;
use super::{RenderError, place};
use crate::report::{FindingChange, Gate, GateFinding, Region};
use crate::text::Severity;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Subjects whose findings are about inputs: their severity cannot be set.
const INPUTS: &str = "inputs";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 1],
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprint,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
}

/// The map of one entry that `partialFingerprints` is.
struct Fingerprint(String);

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("quotaplan/v1", &self.0)?;
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<SarifRegion>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct SarifRegion {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

pub(super) fn render(gate: &Gate) -> Result<String, RenderError> {
    // The first finding of a code speaks for its rule.
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rules = Vec::new();
    for finding in &gate.findings {
        codes.entry(finding.code).or_insert_with(|| {
            rules.push(rule(gate, finding));
            rules.len() - 1
        });
    }
    let numbered = gate.findings.iter().zip(fingerprints(&gate.findings));
    let results = numbered.map(|(finding, print)| {
        let rule_index = codes.get(finding.code).copied().unwrap_or_default();
        result(gate, finding, rule_index, print)
    });
    let results = results.collect();
    let version = env!("CARGO_PKG_VERSION");
    let driver = Driver { name: "quotaplan", version, semantic_version: version, rules };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    Ok(crate::text::plain::json(&log)? + "\n")
}

fn rule(gate: &Gate, finding: &GateFinding) -> Rule {
    let code = finding.code;
    let meaning = sentence(finding.meaning);
    let subject = finding.subject.and_then(|index| gate.subjects.get(index));
    let (text, markdown) = if finding.usual_severity == Severity::Error
        && subject.is_some_and(|subject| subject.suite == INPUTS)
    {
        let rest = "It is about an input, so no setting turns it off: correct the input.";
        (format!("{meaning} {rest}"), format!("{meaning}\n\n{rest}"))
    } else {
        let rest = "To change how much it matters, set its severity in quotaplan.toml to \"error\", \
                    \"warning\", \"note\" or \"off\":";
        let setting = format!("[policy.severity]\n{code} = \"off\"");
        let in_markdown = rest.replace("quotaplan.toml", "`quotaplan.toml`");
        (
            format!("{meaning} {rest}\n\n{setting}"),
            format!("{meaning}\n\n{in_markdown}\n\n```toml\n{setting}\n```"),
        )
    };
    Rule {
        id: code,
        name: name(code),
        short_description: Text { text: meaning.clone() },
        full_description: Text { text: meaning },
        help: Help { text, markdown },
        default_configuration: Configuration { level: finding.usual_severity.as_str() },
        properties: Properties {
            tags: ["capacity"],
            precision: "high",
            problem_severity: match finding.usual_severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    }
}

fn result(gate: &Gate, finding: &GateFinding, rule_index: usize, print: String) -> SarifResult {
    // Code scanning drops what has no location: it stands at the head of the workloads.
    let head = || Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&gate.file) },
            region: Some(SarifRegion { start_line: 1, ..SarifRegion::default() }),
        },
    };
    SarifResult {
        rule_id: finding.code,
        rule_index,
        level: finding.severity.as_str(),
        message: Text { text: place::text(finding) },
        locations: [finding.place.as_ref().map_or_else(head, location)],
        related_locations: finding.related.iter().map(location).collect(),
        partial_fingerprints: Fingerprint(print),
        baseline_state: finding.change.map(|change| match change {
            FindingChange::New => "new",
            FindingChange::Worse => "updated",
            FindingChange::Known => "unchanged",
        }),
    }
}

fn location(place: &Region) -> Location {
    // A file as a whole is its first line: code scanning wants a region everywhere.
    let whole = SarifRegion { start_line: 1, ..SarifRegion::default() };
    let region = place.start.map_or(whole, |(line, column)| SarifRegion {
        start_line: line,
        start_column: Some(column),
        end_line: place.end.map(|(line, _)| line),
        end_column: place.end.map(|(_, column)| column),
    });
    let artifact_location = ArtifactLocation { uri: uri(&place.file) };
    Location { physical_location: PhysicalLocation { artifact_location, region: Some(region) } }
}

/// A path as a URI reference: relative ones stay relative.
fn uri(file: &str) -> String {
    let path = place::path(file);
    let absolute = Path::new(file).is_absolute();
    let mut out = String::new();
    if absolute {
        // `C:/x` has no slash of its own before the drive.
        out.push_str(if path.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
            | b',' | b';' | b'=' | b'@' => out.push(char::from(byte)),
            // A drive's colon stays; in a relative path one would make a scheme of what is before it.
            b':' if absolute && cfg!(windows) => out.push(':'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A meaning as a sentence.
fn sentence(meaning: &str) -> String {
    capital(meaning) + "."
}

/// `unknown-rate` as `UnknownRate`; none for one word, since a name may not be the id in other letters
/// (SARIF's rule SARIF1001).
fn name(code: &str) -> Option<String> {
    code.contains('-').then(|| code.split('-').map(capital).collect())
}

fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + rest.as_str())
}
