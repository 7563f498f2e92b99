//! `--print-command` and `--write-inputs`: the same calls by the AWS CLI, where no other program may run.
//!
//! No prompt stands in a command: the AWS CLI reads each from a file.

use std::path::Path;

use crate::catalog::REGION;
use crate::cli::args::SampleArgs;
use crate::cli::sample::error::SampleError;
use crate::cli::sample::send::cost as cost_in_words;
use crate::cli::staged::StagedFolder;
use crate::cli::{CliError, Session, output};
use crate::report::words::{SampleRemark, ScriptComments, language};
use crate::sampling::{self, Call, Target};
use crate::text::Sources;
use crate::text::plain::shell_word;

/// The folders of the printed commands.
const INPUTS: &str = "sample-inputs";
const ANSWERS: &str = "sample-answers";

/// Prints the commands that save what `--from` reads.
pub(super) fn print(
    args: &SampleArgs,
    target: &Target<'_>,
    calls: &[Call],
    sources: &Sources,
    session: &Session<'_>,
) -> Result<(), CliError> {
    let Some(first) = calls.first() else { return Ok(()) };
    let region = region(args)?;
    let call = match first {
        // The answer is left out of what is saved: only what it used is needed.
        Call::Converse(_) => format!(
            "aws bedrock-runtime converse --region {REGION} --cli-input-json \"file://$input\" --output json \\\n    \
             --query '{{usage:usage,stopReason:stopReason,metrics:metrics}}' > \"$answer\" || rm -f \"$answer\""
        ),
        Call::Count(_) => format!(
            "aws bedrock-runtime count-tokens --region {region} --cli-input-json \"file://$input\" --output json \\\n    \
             > \"$answer\" || rm -f \"$answer\""
        ),
        Call::Invoke { model_id, .. } if model_id.contains("titan") => format!(
            "aws bedrock-runtime invoke-model --region {REGION} --model-id {} \\\n    \
             --content-type application/json --accept application/json --body \"fileb://$input\" \"$answer\" \\\n    \
             > /dev/null || rm -f \"$answer\"",
            shell_word(model_id)
        ),
        Call::Invoke { .. } => {
            return Err(SampleError::NotSaved { model: target.model.name.clone() }.into());
        }
    };
    let sample = asked(args);
    let prompts = args.prompts.as_ref().map(|path| format!(" {}", shell_word(&path.display().to_string())));
    let mut writing = format!("quotaplan sample{}{sample}", prompts.unwrap_or_default());
    if let Some(max_tokens) = args.max_tokens {
        writing.push_str(&format!(" --max-tokens {max_tokens}"));
    }
    let in_region = if args.count_only { region } else { REGION };
    let comments = language().script_comments(calls.len(), first.operation(), in_region, args.count_only);
    let ScriptComments { title, inputs, calls: making, answers } = comments;
    let cost = if args.count_only {
        String::new()
    } else {
        format!("# {}\n", cost_in_words(target, calls, &sampling::bound(target, calls)))
    };
    // A saved answer does not say when it was given, which the metric is read by.
    let (clock, at) =
        if args.measure_rate { ("at=$(date -u +%Y-%m-%dT%H:%M:%SZ)\n", " --at \"$at\"") } else { ("", "") };
    let script = format!(
        "# {title}\n\
         {cost}\
         # {inputs}\n\
         {writing} --write-inputs {INPUTS}\n\
         # {making}\n\
         mkdir {ANSWERS}\n\
         {clock}\
         for input in {INPUTS}/*.json; do\n  \
         answer=\"{ANSWERS}/${{input##*/}}\"\n  \
         {call}\n\
         done\n\
         # {answers}\n\
         quotaplan sample{sample}{at} --from {ANSWERS}/*.json\n"
    );
    output::write_text(session, &script, args.output.output.as_deref(), sources)
}

/// What of the command line each step repeats.
fn asked(args: &SampleArgs) -> String {
    let mut words = format!(" --model {}", shell_word(&args.model));
    if let Some(scope) = args.scope {
        words.push_str(&format!(" --scope {scope}"));
    }
    for (flag, given) in [("--count-only", args.count_only), ("--measure-rate", args.measure_rate)] {
        if given {
            words.push_str(&format!(" {flag}"));
        }
    }
    for (flag, path) in [("--config", &args.aliases.config), ("--models", &args.table.models)] {
        if let Some(path) = path {
            words.push_str(&format!(" {flag} {}", shell_word(&path.display().to_string())));
        }
    }
    words
}

/// Writes each call's input into a new folder, which comes whole or not at all and is its owner's alone.
pub(super) fn write_inputs(folder: &Path, calls: &[Call], session: &Session<'_>) -> Result<(), CliError> {
    let wrong = |source| CliError::Write { target: folder.display().to_string(), source };
    let new = StagedFolder::new(&session.at(folder), 0o700).map_err(wrong)?;
    let digits = calls.len().to_string().len().max(3);
    for (number, call) in calls.iter().enumerate() {
        let input = call.cli_input().map_err(crate::render::RenderError::from)?;
        let name = format!("{:0digits$}.json", number + 1);
        new.write(&name, (input + "\n").as_bytes(), 0o600).map_err(wrong)?;
    }
    new.commit().map_err(wrong)?;
    let inputs = language().sample_remark(SampleRemark::Inputs(calls.len()));
    output::remark(session, &format!("{}: {inputs}", folder.display()));
    Ok(())
}

/// The Region that is called: that of the plan, or the one named to count tokens in.
pub(super) fn region(args: &SampleArgs) -> Result<&str, SampleError> {
    match (&args.count_region, args.count_only) {
        (Some(region), _) => Ok(region),
        (None, true) => Err(SampleError::NoCountRegion),
        (None, false) => Ok(REGION),
    }
}
