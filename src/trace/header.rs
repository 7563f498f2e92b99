//! The header of a trace in CSV: its format, and where its columns stand.

use super::faults::Faults;
use super::format::Format;
use crate::stream::blocks::Block;
use crate::text::Code;
use crate::text::suggest::{did_you_mean, nearest};
use crate::text::table as cell;
use crate::text::table::head::sniff_delimiter;

/// What a column holds, whatever its name in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Time,
    Model,
    Scope,
    Input,
    Output,
    CacheRead,
    CacheWrite,
    MaxTokens,
    Latency,
}

const ROLES: usize = 9;

/// A format's columns: name, what it holds (`None`: it is known and not read), whether it must be there.
type Known = &'static [(&'static str, Option<Role>, bool)];

const OWN: Known = &[
    ("timestamp", Some(Role::Time), true),
    ("model", Some(Role::Model), true),
    ("scope", Some(Role::Scope), false),
    ("input_tokens", Some(Role::Input), true),
    ("output_tokens", Some(Role::Output), true),
    ("cache_read_tokens", Some(Role::CacheRead), false),
    ("cache_write_tokens", Some(Role::CacheWrite), false),
    ("max_tokens", Some(Role::MaxTokens), false),
    ("latency_seconds", Some(Role::Latency), false),
];

/// Azure public dataset, AzureLLMInferenceDataset2023.md and 2024.md.
const AZURE: Known = &[
    ("TIMESTAMP", Some(Role::Time), true),
    ("ContextTokens", Some(Role::Input), true),
    ("GeneratedTokens", Some(Role::Output), true),
];

/// BurstGPT's releases 1.1 and 2.0; session and elapsed time are in the third file alone.
const BURST_GPT: Known = &[
    ("Timestamp", Some(Role::Time), true),
    ("Session ID", None, false),
    ("Elapsed time", Some(Role::Latency), false),
    ("Model", Some(Role::Model), true),
    ("Request tokens", Some(Role::Input), true),
    ("Response tokens", Some(Role::Output), true),
    ("Total tokens", None, false),
    ("Log Type", None, false),
];

/// Unknown columns for which the meant one is looked for: more is another kind of file.
const SUGGESTED: usize = 50;

/// The head of a CSV.
pub(super) struct Header {
    pub(super) format: Format,
    pub(super) delimiter: u8,
    /// Fields in a record.
    pub(super) width: usize,
    /// Offset in the first block at which the rows start.
    pub(super) body: usize,
    index: [Option<usize>; ROLES],
    names: [&'static str; ROLES],
}

impl Header {
    /// The field that holds something.
    pub(super) fn index(&self, role: Role) -> Option<usize> {
        self.index.get(role as usize).copied().flatten()
    }

    /// The column's name in the format.
    pub(super) fn name(&self, role: Role) -> &'static str {
        self.names.get(role as usize).copied().unwrap_or_default()
    }

    /// Reads the record that starts at `start`; `None`, reported, where it is the header of no trace.
    pub(super) fn read(
        block: &Block<'_>,
        start: usize,
        (delimiter, model_given): (Option<u8>, bool),
        faults: &mut Faults,
    ) -> Option<Self> {
        let text = block.text;
        let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[start..]));
        let fields = cell::fields(text, start, delimiter);
        let (width, body) = (fields.len(), fields.last().map_or(text.len(), |field| field.end));
        let places: Vec<_> = fields.into_iter().map(|field| cell::trimmed_range(text, field)).collect();
        let names: Vec<&str> = places.iter().map(|place| text[place.clone()].trim()).collect();
        // The slip that is nearest: it has many of a trace's columns, but no times.
        if names.iter().any(|name| name.eq_ignore_ascii_case("requests_per_minute")) {
            let first = places.first().cloned().unwrap_or(start..start);
            faults.at(block, first, Code::MissingColumn, || {
                let help =
                    "draw requests for its rows with --workloads FILE, in the place of the trace".to_owned();
                ("this is the header of workloads, which have no times".to_owned(), help)
            });
            return None;
        }
        let Some((format, known)) = recognised(&names) else {
            // A damaged line of a log may hold anybody's text.
            faults.shows_text &= memchr::memchr(b'{', text.as_bytes()).is_none();
            let first = places.first().cloned().unwrap_or(start..start);
            faults.at(block, first, Code::MissingColumn, || {
                let help = format!("the columns of a trace are {}", list(OWN));
                ("this is not the header of a known trace format".to_owned(), help)
            });
            return None;
        };
        let mut header = Self { format, delimiter, width, body, index: [None; ROLES], names: [""; ROLES] };
        let mut unknown = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (at, (name, place)) in names.iter().zip(&places).enumerate() {
            let column = known.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
            match column {
                Some((name, ..)) if seen.contains(name) => {
                    let message = format!("the column `{name}` appears twice");
                    let help = "keep one of the two columns".to_owned();
                    faults.at(block, place.clone(), Code::DuplicateColumn, || (message, help));
                }
                Some((name, role, _)) => {
                    seen.push(name);
                    if let Some(slot) = role.and_then(|role| header.index.get_mut(role as usize)) {
                        *slot = Some(at);
                    }
                }
                None if name.is_empty() => {}
                None => unknown.push((*name, place.clone())),
            }
        }
        for (name, role, required) in known {
            let Some(role) = role else { continue };
            if let Some(slot) = header.names.get_mut(*role as usize) {
                *slot = name;
            }
            let may_miss = !required || (model_given && *role == Role::Model);
            if may_miss || header.index(*role).is_some() {
                continue;
            }
            let near = nearest(name, unknown.iter().take(SUGGESTED).map(|(name, _)| *name));
            let near = near.and_then(|near| unknown.iter().position(|(name, _)| *name == near));
            let (at, help) = match near.map(|near| unknown.remove(near)) {
                Some((other, place)) => (place, format!("is `{other}` meant? rename it to `{name}`")),
                None if *role == Role::Model => {
                    let first = places.first().map_or(start, |place| place.start);
                    (
                        first..first,
                        "add it, or name model and scope of all requests with --model and --scope".to_owned(),
                    )
                }
                None => {
                    let first = places.first().map_or(start, |place| place.start);
                    (first..first, format!("the columns are {}", list(known)))
                }
            };
            let message = format!("the required column `{name}` is missing ({})", format.as_str());
            faults.at(block, at, Code::MissingColumn, || (message, help));
        }
        for (index, (name, place)) in unknown.into_iter().enumerate() {
            faults.at(block, place, Code::UnknownColumn, || {
                let meant = known.iter().map(|(known, ..)| *known).filter(|_| index < SUGGESTED);
                let meant = did_you_mean(name, meant);
                let help = if meant.is_empty() { "the column is not read".to_owned() } else { meant };
                (format!("unknown column `{name}`"), help)
            });
        }
        Some(header)
    }
}

/// The format most of whose columns are there; those that all formats share tell nothing.
fn recognised(names: &[&str]) -> Option<(Format, Known)> {
    let own = |known: Known| {
        let tells =
            |name: &str| !["timestamp", "model"].iter().any(|shared| shared.eq_ignore_ascii_case(name));
        let has = |name: &str| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        known.iter().filter(|(name, ..)| tells(name) && has(name)).count()
    };
    let formats = [(Format::BurstGpt, BURST_GPT), (Format::AzureLlmInference, AZURE), (Format::Own, OWN)];
    // The last of equals is taken, and of those the product's own.
    let best = formats.into_iter().max_by_key(|(_, known)| own(known));
    best.filter(|(_, known)| own(known) > 0)
}

fn list(known: Known) -> String {
    let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
    names.join(",")
}
