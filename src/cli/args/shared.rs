//! What several commands take: inputs, outputs, and how their values are read.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::config::{HEADROOM_MAXIMUM, MONTHS_MAXIMUM};
use crate::experiment::MINUTES_MAXIMUM;
use crate::iam::Account;
use crate::render::Format;
use crate::report::Detail;
use crate::text::FactDate;
use crate::text::stdin::{input_name, shell_input};
use crate::units::{DecimalMark, MILLIONTHS, Ratio, is_quota_code};

/// The heading of options that name further inputs.
pub(in crate::cli) const INPUTS: &str = "Inputs";

/// The heading of options that change what is planned.
pub(in crate::cli) const PLANNED: &str = "Plan settings";

/// The heading of options that say what is shown, how and where.
pub(in crate::cli) const OUTPUT: &str = "Output";

/// The heading of options that few runs need.
pub(in crate::cli) const RARE: &str = "Rarely needed";

/// Most days from asking to granting.
pub(in crate::cli) const LEAD_DAYS_MAXIMUM: u32 = 3_650;

/// The model table, for every command that looks models up.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct TableArgs {
    /// Overlay for the built-in model table
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub(in crate::cli) models: Option<PathBuf>,
}

/// The configuration, for the commands that plan or replay.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct ConfigArgs {
    /// Configuration file [default: quotaplan.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub(in crate::cli) config: Option<PathBuf>,
}

/// The configuration, for the commands that need its own names of models alone.
#[derive(Debug, Args)]
pub(in crate::cli) struct AliasesArgs {
    /// Configuration file to read [aliases] from [default: quotaplan.toml in the working directory, if there is
    /// one]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
}

/// How cache reads are charged, for the commands that plan or replay.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct CacheReadsArgs {
    /// Count cache reads in the reservation; AWS's own sources disagree on this
    #[arg(long, help_heading = PLANNED)]
    pub(in crate::cli) reserve_cache_reads: bool,
}

/// How much is shown of what is wrong with inputs.
#[derive(Debug, Args)]
pub(in crate::cli) struct DiagnosticsArgs {
    /// Show at most this many diagnostics per file; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true, help_heading = RARE)]
    pub(in crate::cli) max_errors: usize,
}

/// Inputs of everything that plans.
// clap leaves the group of a struct empty where others are flattened into it. `request` takes these inputs only where
// the group is present, so it names the one argument that they always have.
#[derive(Debug, Args)]
#[group(args = ["workloads"])]
pub(in crate::cli) struct InputArgs {
    /// CSV files of workloads, one row for each workload; `-` reads standard input
    #[arg(value_name = "WORKLOADS.csv", required = true)]
    pub(in crate::cli) workloads: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) config: ConfigArgs,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    /// File of applied quotas ([granted] and [accounts.NAME.granted] tables) that override the configuration; may be
    /// given several times
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub(in crate::cli) granted: Vec<PathBuf>,
    /// Headroom above the peak: 0.20 adds 20 % [default: 0.20]
    #[arg(long, value_name = "RATIO", value_parser = headroom, allow_negative_numbers = true, help_heading = PLANNED)]
    pub(in crate::cli) headroom: Option<Ratio>,
    /// Share of the time for which the quota should be enough during bursts, at least 0.5 and below 1 [default:
    /// 0.999]
    #[arg(long, value_name = "RATIO", value_parser = confidence, allow_negative_numbers = true, help_heading = PLANNED)]
    pub(in crate::cli) confidence: Option<Ratio>,
    #[command(flatten)]
    pub(in crate::cli) cache_reads: CacheReadsArgs,
    /// Use the burndown rates that AWS stated on or before this date (YYYY-MM-DD or YYYY-MM)
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = PLANNED)]
    pub(in crate::cli) rates_as_of: Option<FactDate>,
    /// The date of the plan, for retirements and ages [default: the date of the model table's newest fact]
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = PLANNED)]
    pub(in crate::cli) today: Option<FactDate>,
    /// Months of growth (growth_per_month) to add to every rate
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true, value_parser = months(), help_heading = PLANNED)]
    pub(in crate::cli) months: u32,
    /// Delimiter of the workloads [default: taken from the header]
    #[arg(long, value_enum, value_name = "DELIMITER", help_heading = RARE)]
    pub(in crate::cli) delimiter: Option<Delimiter>,
    /// Decimal mark of the workloads; `comma` reads 1,5
    #[arg(long, value_enum, value_name = "MARK", default_value_t = DecimalMark::Point, help_heading = RARE)]
    pub(in crate::cli) decimal: DecimalMark,
    /// Treat unknown columns as errors
    #[arg(long, help_heading = RARE)]
    pub(in crate::cli) strict: bool,
    #[command(flatten)]
    pub(in crate::cli) diagnostics: DiagnosticsArgs,
    /// Whether the configuration of the working directory is left alone.
    #[arg(skip)]
    pub(in crate::cli) named_files_alone: bool,
}

/// The configuration that is read where none is named, where there is one: a link that leads
/// nowhere is one too, and is reported.
pub(in crate::cli) fn default_config<'a>(folder: &Path) -> Option<&'a Path> {
    let path = Path::new("quotaplan.toml");
    folder.join(path).symlink_metadata().is_ok().then_some(path)
}

impl InputArgs {
    /// The configuration that is read: the one named, or that of the working directory.
    pub(in crate::cli) fn config(&self, folder: &Path) -> Option<&Path> {
        let default = || if self.named_files_alone { None } else { default_config(folder) };
        self.config.config.as_deref().or_else(default)
    }

    /// The inputs as words of another command, which plans the same: the files, then each option that was typed.
    pub(in crate::cli) fn as_typed(&self) -> String {
        // Every field stands here, so that a new option cannot be forgotten.
        let Self {
            workloads,
            config,
            table,
            granted,
            headroom,
            confidence,
            cache_reads,
            rates_as_of,
            today,
            months,
            delimiter,
            decimal,
            strict,
            diagnostics: _,
            named_files_alone: _,
        } = self;
        let mut words: Vec<String> = workloads.iter().map(|path| typed_path(path)).collect();
        let mut option = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("--{name} {value}")));
        };
        option("config", config.config.as_deref().map(typed_path));
        option("models", table.models.as_deref().map(typed_path));
        granted.iter().for_each(|path| option("granted", Some(typed_path(path))));
        option("headroom", headroom.map(Ratio::written));
        option("confidence", confidence.map(Ratio::written));
        option("rates-as-of", rates_as_of.map(|date| date.to_string()));
        option("today", today.map(|date| date.to_string()));
        option("months", (*months > 0).then(|| months.to_string()));
        option("delimiter", delimiter.as_ref().and_then(typed_word));
        option("decimal", Some(decimal).filter(|mark| **mark != DecimalMark::Point).and_then(typed_word));
        words.extend(cache_reads.reserve_cache_reads.then(|| "--reserve-cache-reads".to_owned()));
        words.extend(strict.then(|| "--strict".to_owned()));
        words.join(" ")
    }
}

/// A path as a word of a command that somebody pastes.
pub(in crate::cli) fn typed_path(path: &Path) -> String {
    shell_input(&input_name(path))
}

/// The word of a value that is one of a list.
pub(in crate::cli) fn typed_word<T: ValueEnum>(value: &T) -> Option<String> {
    value.to_possible_value().map(|value| value.get_name().to_owned())
}

/// Where a result goes and in which form.
#[derive(Debug, Args)]
pub(in crate::cli) struct OutputArgs {
    /// Output format
    #[arg(long, short, value_enum, default_value_t = FormatArg::Table, help_heading = OUTPUT)]
    pub(in crate::cli) format: FormatArg,
    /// The same as --format json
    #[arg(long, conflicts_with = "format", help_heading = OUTPUT)]
    pub(in crate::cli) json: bool,
    /// Write the result to a file instead of standard output
    #[arg(long, short, value_name = "FILE", help_heading = OUTPUT)]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) detail: DetailArgs,
}

/// How much of a result is shown.
#[derive(Debug, Clone, Copy, Default, Args)]
#[group(multiple = false)]
pub(in crate::cli) struct DetailArgs {
    /// Show only the verdict and what to do
    #[arg(long, short, help_heading = OUTPUT)]
    pub(in crate::cli) quiet: bool,
    /// Show every row of the tables, with every digit
    #[arg(long, help_heading = OUTPUT)]
    pub(in crate::cli) all: bool,
    /// Show everything: every row, the method, the cost and every note
    #[arg(long, help_heading = OUTPUT)]
    pub(in crate::cli) details: bool,
}

impl DetailArgs {
    /// How much was asked for.
    pub(in crate::cli) fn meant(self) -> Detail {
        match self {
            Self { details: true, .. } => Detail::Everything,
            Self { all: true, .. } => Detail::Rows,
            Self { quiet: true, .. } => Detail::Actions,
            Self { .. } => Detail::Screen,
        }
    }
}

impl OutputArgs {
    /// The form that was asked for.
    pub(in crate::cli) fn format(&self) -> FormatArg {
        if self.json { FormatArg::Json } else { self.format }
    }
}

/// Output formats as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FormatArg {
    /// For people, as wide as the terminal (60 to 120 columns)
    Table,
    /// For scripts
    Json,
    /// For spreadsheets
    Csv,
    /// For documents and comments
    Markdown,
}

impl FormatArg {
    pub(in crate::cli) fn meant(self) -> Format {
        match self {
            Self::Table => Format::Table,
            Self::Json => Format::Json,
            Self::Csv => Format::Csv,
            Self::Markdown => Format::Markdown,
        }
    }
}

/// Delimiters as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Delimiter {
    /// `,`
    #[value(alias = ",")]
    Comma,
    /// `;`
    #[value(alias = ";")]
    Semicolon,
    /// A tab
    #[value(alias = "\t")]
    Tab,
}

impl Delimiter {
    pub(in crate::cli) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The delimiter of a character; `None` where it is none.
    pub(in crate::cli) fn of(character: char) -> Option<Self> {
        match character {
            ',' => Some(Self::Comma),
            ';' => Some(Self::Semicolon),
            '\t' => Some(Self::Tab),
            _ => None,
        }
    }
}

/// Months of growth.
pub(in crate::cli) fn months() -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync {
    whole_number(0..=MONTHS_MAXIMUM)
}

/// A whole number of a range.
fn whole_number(range: RangeInclusive<u32>) -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync {
    move |text: &str| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("write a whole number from {} to {}", range.start(), range.end()))
    }
}

/// Minutes that requests are drawn for.
pub(in crate::cli) fn minutes() -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync {
    whole_number(1..=MINUTES_MAXIMUM)
}

/// Days from asking for an increase to having it.
pub(in crate::cli) fn lead_days() -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync {
    whole_number(0..=LEAD_DAYS_MAXIMUM)
}

/// The twelve digits of an account.
pub(in crate::cli) fn account_id(text: &str) -> Result<Account, String> {
    Account::parse(text).ok_or_else(|| "an account id has twelve digits".to_owned())
}

pub(in crate::cli) fn ratio(text: &str) -> Result<Ratio, String> {
    Ratio::parse(text).map_err(|fault| format!("it {}: {}", fault.reason(), fault.remedy()))
}

pub(in crate::cli) fn headroom(text: &str) -> Result<Ratio, String> {
    let ratio = ratio(text)?;
    if ratio.millionths() <= HEADROOM_MAXIMUM * MILLIONTHS {
        Ok(ratio)
    } else {
        Err(format!("it must be at most {HEADROOM_MAXIMUM}; 0.20 is 20 %"))
    }
}

pub(in crate::cli) fn confidence(text: &str) -> Result<Ratio, String> {
    let ratio = ratio(text)?;
    if (MILLIONTHS / 2..MILLIONTHS).contains(&ratio.millionths()) {
        Ok(ratio)
    } else {
        let percent = MILLIONTHS..=100 * MILLIONTHS;
        let as_share = Some(ratio.millionths()).filter(|given| percent.contains(given));
        let as_share = as_share.and_then(|given| Ratio::from_millionths(given / 100));
        let meant = as_share.map(|share| format!(": {text} % is {}", share.written())).unwrap_or_default();
        Err(format!("it must be at least 0.5 and below 1{meant}"))
    }
}

pub(in crate::cli) fn date(text: &str) -> Result<FactDate, String> {
    let has_form = matches!(text.len(), 7 | 10)
        && text.char_indices().all(|(at, c)| if matches!(at, 4 | 7) { c == '-' } else { c.is_ascii_digit() });
    let fault =
        if has_form { "there is no such day" } else { "write YYYY-MM-DD, or YYYY-MM for its first day" };
    FactDate::parse(text).ok_or_else(|| fault.to_owned())
}

pub(in crate::cli) fn quota_code(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    if is_quota_code(&code) {
        Ok(code)
    } else {
        Err("a quota code is `L-` and eight hexadecimal digits, such as L-27C57EE8".to_owned())
    }
}
