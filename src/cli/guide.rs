//! `quotaplan guide`: a topic of the manual as it is written, or the list of topics.

use super::args::GuideArgs;
use super::{CliError, Session, output};
use crate::guide::TOPICS;

pub(super) fn run(args: &GuideArgs, session: &Session<'_>) -> Result<(), CliError> {
    match args.topic {
        Some(topic) => output::stdout(session, topic.text().as_bytes()),
        None => output::stdout(session, topics().as_bytes()),
    }
}

/// Every topic with its title, and how to go on.
fn topics() -> String {
    let width = TOPICS.iter().map(|topic| topic.name().len()).max().unwrap_or_default();
    let lines = TOPICS.iter().map(|topic| format!("  {:width$}  {}\n", topic.name(), topic.title()));
    format!(
        "Topics of the guide:\n\n{}\n`quotaplan guide TOPIC` prints a topic as Markdown.\nBegin with `quotaplan guide start`.\n",
        lines.collect::<String>()
    )
}
