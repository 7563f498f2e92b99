//! What can be typed behind `simulate`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::catalog::Scope;
use crate::cli::args::iam::scope;
use crate::cli::args::shared::{typed_path, typed_word};
use crate::cli::args::{
    CacheReadsArgs, ConfigArgs, Delimiter, DiagnosticsArgs, InputArgs, OutputArgs, TableArgs, confidence,
    date, headroom, minutes, months, ratio,
};
use crate::experiment::{MaxTokens, Measure, SCALE_MAXIMUM};
use crate::text::FactDate;
use crate::text::plain::shell_word;
use crate::threads::Workers;
use crate::units::{
    DecimalMark, INPUT_MAXIMUM, MILLIONTHS, NumberFault, QuotaAmount, Ratio, Seconds, TokensPerSecond,
    parse_millionths,
};

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("requests").args(["trace", "workloads"]).required(true)))]
#[command(
    after_help = "A trace is CSV or JSON lines, plain or gzipped. Its format is detected from its content: \
                  quotaplan's own \
                  (timestamp,model,scope,input_tokens,output_tokens[,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds]), \
                  the LLM inference traces of Azure, BurstGPT, Mooncake and Qwen-Bailian, and Bedrock's \
                  model-invocation logs. Several files are read as one trace, in any order; their times must be \
                  dates. In a folder, hidden and empty files, links to folders and what Bedrock saves beside its \
                  logs are skipped. AWS does not publish how it enforces a quota per minute, so three windows are \
                  tried, and the result begins with the range that they span. The same input and seed give the same \
                  result."
)]
pub(in crate::cli) struct SimulateArgs {
    /// The trace: requests with their times and tokens, in one or more files of one format. A folder is read with
    /// all its subfolders; `-` reads standard input
    #[arg(value_name = "TRACE")]
    pub(in crate::cli) trace: Vec<PathBuf>,
    /// Draw random requests for the rows of this file instead of reading a trace: for each planned
    /// tokens-per-minute quota, in the hour it is sized for, at the rate of its rows' busiest minute; may be given
    /// several times
    #[arg(
        long,
        value_name = "WORKLOADS.csv",
        conflicts_with_all = ["model", "scope", "scale", "cache_life"]
    )]
    pub(in crate::cli) workloads: Vec<PathBuf>,
    /// Minutes of traffic to draw
    #[arg(long, value_name = "N", default_value_t = 60, conflicts_with = "trace", allow_negative_numbers = true, value_parser = minutes())]
    pub(in crate::cli) minutes: u32,
    /// File of applied quotas (tokens and requests per minute) that override the configuration; may be given
    /// several times
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) granted: Vec<PathBuf>,
    /// Months of growth (growth_per_month) to add to every rate
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "trace", allow_negative_numbers = true, value_parser = months())]
    pub(in crate::cli) months: u32,
    /// Character that separates decimals in the workloads: with `comma` 1,5 is read
    #[arg(long, value_enum, value_name = "MARK", default_value_t = DecimalMark::Point, conflicts_with = "trace")]
    pub(in crate::cli) decimal: DecimalMark,
    /// Treat unknown columns of the workloads as errors
    #[arg(long, conflicts_with = "trace")]
    pub(in crate::cli) strict: bool,
    /// Send every request to this model (any of its names), whatever the trace says
    #[arg(long, value_name = "MODEL")]
    pub(in crate::cli) model: Option<String>,
    /// Its scope: us, global, ca or in-region; not needed if the model is named by a profile
    #[arg(long, value_name = "SCOPE", value_parser = scope, requires = "model")]
    pub(in crate::cli) scope: Option<Scope>,
    /// A quota to try, in tokens per minute; may be given several times [default: what AWS's formula gives at the
    /// mean rate and in the busiest minute, and the applied quota; with --workloads, what the plan requires, what
    /// the formula asks for, and the current quota]
    #[arg(long, value_name = "TOKENS", value_parser = quota, allow_negative_numbers = true)]
    pub(in crate::cli) quota: Vec<QuotaAmount>,
    /// How the quota is enforced; may be given several times [default: all three]
    #[arg(long, value_enum, value_name = "WINDOW")]
    pub(in crate::cli) window: Vec<Measure>,
    /// The max_tokens of the requests: `actual` (as the trace or the row states it; the model's maximum if it is
    /// unset, the output if it is unknown), a number (or the output, if that is more), or `unset` (the model's
    /// maximum) [default: actual; unknown values are also replayed at the model's maximum]
    #[arg(long, value_name = "actual|N|unset", value_parser = max_tokens, allow_negative_numbers = true)]
    pub(in crate::cli) max_tokens: Option<MaxTokens>,
    /// Seconds until the first token, if the trace states no latency [default: from the configuration, else 1]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub(in crate::cli) seconds_to_first_token: Option<Seconds>,
    /// Output tokens per second after that [default: from the configuration, else 60]
    #[arg(long, value_name = "TOKENS", value_parser = speed, allow_negative_numbers = true)]
    pub(in crate::cli) output_tokens_per_second: Option<TokensPerSecond>,
    /// How many times a throttled request is sent again, after a pause of up to 1 s that doubles. The result
    /// without retries is shown too; 0 shows only that [default: 5, as in AWS's example of six attempts]
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    pub(in crate::cli) retries: u8,
    /// Seed of the random draws (retry pauses, copied and drawn requests)
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub(in crate::cli) seed: u64,
    /// The share of requests that may be throttled at their first attempt: `0.1%` or `0.001`
    #[arg(long, value_name = "SHARE", default_value = "0.1%", value_parser = target, allow_negative_numbers = true)]
    pub(in crate::cli) target: Ratio,
    /// Multiply the request rate by compressing the times
    #[arg(long, value_name = "FACTOR", value_parser = scale, allow_negative_numbers = true)]
    pub(in crate::cli) scale: Option<Ratio>,
    /// With --scale: repeat requests, up to a minute later, instead of compressing the times
    #[arg(long, requires = "scale", conflicts_with = "workloads")]
    pub(in crate::cli) replicate: bool,
    #[command(flatten)]
    pub(in crate::cli) cache_reads: CacheReadsArgs,
    /// Find the largest max_tokens that is safe at each --quota
    #[arg(long, value_enum, value_name = "QUESTION", requires = "quota")]
    pub(in crate::cli) solve: Option<SolveArg>,
    /// Use the burndown rates that AWS stated on or before this date (YYYY-MM-DD or YYYY-MM)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) rates_as_of: Option<FactDate>,
    /// Headroom of the formula that the result is compared with [default: 0.20]
    #[arg(long, value_name = "RATIO", value_parser = headroom, allow_negative_numbers = true)]
    pub(in crate::cli) headroom: Option<Ratio>,
    /// Share of the time for which the compared plan should be enough during bursts, at least 0.5 and below 1
    /// [default: 0.999]
    #[arg(long, value_name = "RATIO", value_parser = confidence, allow_negative_numbers = true)]
    pub(in crate::cli) confidence: Option<Ratio>,
    /// Minutes that a prefix stays in the cache, for traces of blocks (Mooncake, Qwen-Bailian)
    #[arg(long, value_name = "MINUTES", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=525_600))]
    pub(in crate::cli) cache_life: u32,
    #[command(flatten)]
    pub(in crate::cli) config: ConfigArgs,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    /// Delimiter of a trace in CSV, or of the workloads [default: taken from the header]
    #[arg(long, value_enum, value_name = "DELIMITER")]
    pub(in crate::cli) delimiter: Option<Delimiter>,
    /// Number of threads, 1 to 256; does not change the result [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
    /// Show at most this many diagnostics per file, or for all files of a trace together; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    pub(in crate::cli) max_errors: usize,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

/// Questions as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SolveArg {
    /// The largest max_tokens
    MaxTokens,
}

impl SimulateArgs {
    /// The windows asked for, each once, in the order of results.
    pub(in crate::cli) fn measures(&self) -> Vec<Measure> {
        let asked = |measure: &Measure| self.window.iter().any(|window| window == measure);
        Measure::ALL.into_iter().filter(|measure| self.window.is_empty() || asked(measure)).collect()
    }

    /// The max_tokens that requests are sent with; whether nobody settled it is in the flag itself.
    pub(in crate::cli) fn max_tokens(&self) -> MaxTokens {
        self.max_tokens.unwrap_or(MaxTokens::Actual)
    }

    /// The requests and how they are replayed as words of another command, without the quotas that are tried.
    pub(in crate::cli) fn as_typed(&self) -> String {
        // Every field stands here, so that a new option cannot be forgotten.
        let Self {
            trace,
            workloads,
            minutes,
            granted,
            months,
            decimal,
            strict,
            model,
            scope,
            quota: _,
            window,
            max_tokens,
            seconds_to_first_token,
            output_tokens_per_second,
            retries,
            seed,
            target,
            scale,
            replicate,
            cache_reads,
            solve: _,
            rates_as_of,
            headroom,
            confidence,
            cache_life,
            config,
            table,
            delimiter,
            threads: _,
            max_errors: _,
            output: _,
        } = self;
        let mut words: Vec<String> = trace.iter().map(|path| typed_path(path)).collect();
        let mut option = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("--{name} {value}")));
        };
        let path = |path: &PathBuf| Some(typed_path(path));
        workloads.iter().for_each(|file| option("workloads", path(file)));
        option("model", model.as_ref().map(|name| shell_word(name)));
        option("scope", scope.map(|scope| scope.to_string()));
        option("config", config.config.as_ref().and_then(path));
        option("models", table.models.as_ref().and_then(path));
        granted.iter().for_each(|file| option("granted", path(file)));
        option("minutes", (*minutes != 60).then(|| minutes.to_string()));
        option("months", (*months > 0).then(|| months.to_string()));
        window.iter().for_each(|window| option("window", Some(window.as_str().to_owned())));
        option("max-tokens", max_tokens.map(max_tokens_word));
        option("seconds-to-first-token", seconds_to_first_token.map(|seconds| seconds.to_string()));
        option("output-tokens-per-second", output_tokens_per_second.map(|speed| speed.to_string()));
        option("retries", (*retries != 5).then(|| retries.to_string()));
        option("seed", (*seed != 0).then(|| seed.to_string()));
        option("target", (target.millionths() != 1_000).then(|| target.written()));
        option("scale", scale.map(Ratio::written));
        option("rates-as-of", rates_as_of.map(|date| date.to_string()));
        option("headroom", headroom.map(Ratio::written));
        option("confidence", confidence.map(Ratio::written));
        option("cache-life", (*cache_life != 5).then(|| cache_life.to_string()));
        option("delimiter", delimiter.as_ref().and_then(typed_word));
        option("decimal", Some(decimal).filter(|mark| **mark != DecimalMark::Point).and_then(typed_word));
        words.extend(replicate.then(|| "--replicate".to_owned()));
        words.extend(cache_reads.reserve_cache_reads.then(|| "--reserve-cache-reads".to_owned()));
        words.extend(strict.then(|| "--strict".to_owned()));
        words.join(" ")
    }

    /// What is read where requests are drawn: the inputs of a plan.
    pub(in crate::cli) fn workload_inputs(&self) -> Option<InputArgs> {
        if self.workloads.is_empty() {
            return None;
        }
        Some(InputArgs {
            workloads: self.workloads.clone(),
            config: self.config.clone(),
            table: self.table.clone(),
            granted: self.granted.clone(),
            headroom: self.headroom,
            confidence: self.confidence,
            cache_reads: self.cache_reads.clone(),
            rates_as_of: self.rates_as_of,
            today: None,
            months: self.months,
            delimiter: self.delimiter,
            decimal: self.decimal,
            strict: self.strict,
            diagnostics: DiagnosticsArgs { max_errors: self.max_errors },
            named_files_alone: false,
        })
    }
}

/// A max_tokens as it is typed.
fn max_tokens_word(max_tokens: MaxTokens) -> String {
    match max_tokens {
        MaxTokens::Actual => "actual".to_owned(),
        MaxTokens::Unset => "unset".to_owned(),
        MaxTokens::AtLeast(most) => most.to_string(),
    }
}

/// A number of threads.
fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads = text.parse().ok().filter(|threads: &NonZeroUsize| threads.get() <= Workers::MAXIMUM);
    threads.ok_or_else(|| format!("write a whole number from 1 to {}", Workers::MAXIMUM))
}

fn said(fault: NumberFault) -> String {
    format!("it {}: {}", fault.reason(), fault.remedy())
}

/// A whole number from 1 to 10^12.
fn whole(text: &str) -> Result<u64, String> {
    match parse_millionths(text).map_err(said)? {
        value if value % MILLIONTHS != 0 => Err(said(NumberFault::NotWhole)),
        0 => Err("it must be at least 1".to_owned()),
        value => Ok(value / MILLIONTHS),
    }
}

fn quota(text: &str) -> Result<QuotaAmount, String> {
    QuotaAmount::new(whole(text)?).ok_or_else(|| format!("it must be at most {INPUT_MAXIMUM}"))
}

fn max_tokens(text: &str) -> Result<MaxTokens, String> {
    match text {
        "actual" => Ok(MaxTokens::Actual),
        "unset" => Ok(MaxTokens::Unset),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            whole(text).map(MaxTokens::AtLeast)
        }
        _ => Err("write `actual`, a number of tokens or `unset`".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Seconds, String> {
    Seconds::parse(text).map_err(said)
}

fn speed(text: &str) -> Result<TokensPerSecond, String> {
    match TokensPerSecond::parse(text).map_err(said)? {
        TokensPerSecond::ZERO => Err("it must be above 0".to_owned()),
        speed => Ok(speed),
    }
}

/// A share of at most 1, as a ratio or in percent of at most four decimals.
fn target(text: &str) -> Result<Ratio, String> {
    let share = match text.strip_suffix('%') {
        None => ratio(text)?,
        Some(percent) => {
            let percent = parse_millionths(percent.trim_end()).map_err(said)?;
            if percent % 100 != 0 {
                return Err("it has more than 4 decimals".to_owned());
            }
            Ratio::from_millionths(percent / 100).unwrap_or_default()
        }
    };
    match share.millionths() {
        MILLIONTHS if text == "1" => {
            Err("1 is all requests: 1 % is 0.01 or 1%, and all of them 100%".to_owned())
        }
        0..=MILLIONTHS => Ok(share),
        _ => Err("it must be at most 100 %".to_owned()),
    }
}

fn scale(text: &str) -> Result<Ratio, String> {
    let factor = ratio(text)?;
    if (1..=SCALE_MAXIMUM * MILLIONTHS).contains(&factor.millionths()) {
        Ok(factor)
    } else {
        Err(format!("it must be above 0 and at most {SCALE_MAXIMUM}"))
    }
}
