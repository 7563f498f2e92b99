//! Capacity planning for Amazon Bedrock quotas.
//!
//! From projected or measured traffic to the quota to ask for, for workloads that call Bedrock from
//! ca-central-1 (Canada Central) through US, Global or Canadian inference profiles or in-Region.
//!
//! # The pipeline
//!
//! Data flows one way:
//!
//! ```text
//! bytes --text, catalog, workload, config--> domain --engine--> plan --report--> one form --render--> bytes
//! ```
//!
//! - [`text`]: source files, spans, diagnostics; [`units`]: exact decimals with their dimension.
//! - [`catalog`]: the model table, each fact with source and date.
//! - [`workload`]: `workloads.csv`; [`config`]: `quotaplan.toml` and granted quotas.
//! - [`minutes`]: the per-minute table of measured use.
//! - [`stream`]: bytes of files, folders, gzip and standard input, in blocks.
//! - [`trace`]: requests as they arrived, from files of several formats; [`logs`]: records of Bedrock's invocation logs.
//! - [`baseline`]: an earlier plan, to compare with.
//! - [`engine`]: the arithmetic, pure and exact.
//! - [`answers`]: what AWS answers, live or saved; [`aws`]: the calls, as traits;
//!   [`submission`]: increases handed to AWS, each once.
//! - [`saved`]: what the AWS CLI saved, read into such answers; [`refresh`]: the model table held against them.
//! - [`sampling`]: real token counts of prompts.
//! - [`threads`]: work on several threads, with results that do not depend on their number.
//! - [`experiment`]: a trace charged as a quota charges it, or drawn for the rows of a plan, and what
//!   [`simulate`] is asked about it.
//! - [`simulate`]: what a quota would do to a trace of requests, by replay, and the smallest safe one.
//! - [`iam`]: policies that let the calls through, and what is wrong with one.
//! - [`pack`]: a request for increases as a folder of files, and its verification.
//! - [`contract`]: every JSON document, as types that are both written and read.
//! - [`report`]: a result in the one form that is asked for; [`render`]: one file a format.
//! - [`guide`]: the user's manual; [`guide::sizing`] states every formula.
//! - `cli`, behind the default feature of that name: the command line; `cli::main_from` runs a command in a folder and
//!   on streams that are handed in. Without the feature the library compiles to WebAssembly.
//!
//! # Glossary
//!
//! - *Burndown rate*: quota tokens that one output token consumes.
//! - *Reservation*: input + max_tokens, which must fit the quota before a request runs.
//! - *Settled cost*: input + cache writes + rate x output, what a request has consumed once complete.
//! - *Source Region*: where the call is made; *destination Region*: where it may be processed.
//! - *Inference profile*: what is called instead of a model to reach destination Regions.
//! - *Applied quota*: what holds for an account; *default quota*: what AWS lists for everyone.
//!
//! # Example
//!
//! ```
//! use quotaplan::catalog;
//! use quotaplan::config::Config;
//! use quotaplan::engine::{QuotaAction, Assumptions, PlanInput, plan};
//! use quotaplan::text::{Diagnostics, SourceFile, Sources};
//! use quotaplan::workload::{self, ReadOptions};
//!
//! let mut sources = Sources::new();
//! let mut diagnostics = Diagnostics::new();
//! let catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the embedded table is valid");
//! let file = sources.add(SourceFile::new(
//!     "workloads.csv",
//!     "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds\n\
//!      chat,haiku-4.5,us,333,507,1155,211,4096,4.1\n",
//! ));
//! let options = ReadOptions::default();
//! let workloads = workload::parse(&sources, file, &catalog, &options, &mut diagnostics).expect("valid rows");
//! let assumptions = Assumptions::new(&Config::default(), &catalog, &mut diagnostics);
//! let plan = plan(&PlanInput { catalog: &catalog, workloads: &workloads, assumptions: &assumptions })
//!     .expect("no figure above 10^18");
//! let tokens_a_minute = plan.quotas.iter().find(|quota| quota.code() == Some("L-58BE175A")).expect("planned");
//! assert_eq!(tokens_a_minute.figures.peak.get(), 1_120_470);
//! assert_eq!(tokens_a_minute.action, QuotaAction::VerifyApplied);
//! ```

pub mod answers;
pub mod aws;
pub mod baseline;
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod contract;
pub mod engine;
pub mod experiment;
pub mod guide;
pub mod iam;
pub mod logs;
pub mod minutes;
pub mod pack;
pub mod refresh;
pub mod render;
pub mod report;
pub mod sampling;
pub mod saved;
pub mod simulate;
pub mod stream;
pub mod submission;
pub mod text;
pub mod threads;
pub mod trace;
pub mod units;
pub mod workload;
