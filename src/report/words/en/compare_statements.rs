//! What AWS says about storage and about choosing a profile, in our own words, each statement with its source and
//! date; what newer text contradicts is shown and marked.
//!
//! Nothing here depends on the workloads. A statement changes only with its source.

use crate::report::words::compare::{Standing, Statement, Statements};

/// All of them.
pub(super) const STATEMENTS: Statements =
    Statements { destinations: &DESTINATIONS, storage: &STORAGE, criteria: &CRITERIA, conflict: CONFLICT };

const fn said(
    about: &'static str,
    text: &'static str,
    (source, as_of): (&'static str, &'static str),
) -> Statement {
    Statement { about, text, source, as_of, standing: Standing::Current }
}

const fn contradicted(statement: Statement) -> Statement {
    Statement { standing: Standing::Contradicted, ..statement }
}

/// The two pages of Canada's and of global cross-Region inference, and the newer ones.
const BLOG: (&str, &str) = ("AWS ML blog, Canada cross-Region inference", "2025-11-24");
const SAMPLE: (&str, &str) = ("AWS sample, global cross-Region inference (README)", "2025-10");
const GEOGRAPHIC: (&str, &str) = (
    "Amazon Bedrock User Guide, geographic cross-Region inference (undated copy of June to October)",
    "2026",
);
const GUIDE: (&str, &str) = ("Amazon Bedrock User Guide (undated copy of June to October)", "2026");
const PROFILES: (&str, &str) =
    ("Amazon Bedrock User Guide, Regions of inference profiles (undated copy of June to October)", "2026");
const CARDS: (&str, &str) = ("AWS model cards", "2026-10");

/// What is stored where.
const STORAGE: [Statement; 4] = [
    said(
        "abuse detection",
        "if AWS stores prompts and answers to detect abuse, it does so in the destination Region",
        GEOGRAPHIC,
    ),
    said(
        "Responses API",
        "answers are kept for 30 days in the Region that processed the request, unless it says store=false",
        GUIDE,
    ),
    said(
        "logs and metrics",
        "CloudWatch and CloudTrail record a global cross-Region call in the source Region",
        SAMPLE,
    ),
    contradicted(said(
        "all data at rest",
        "it stays only in Canada (Central), including logs, knowledge bases and stored configuration",
        BLOG,
    )),
];

/// Where requests may be processed.
const DESTINATIONS: [Statement; 3] = [
    said(
        "US profiles",
        "called from ca-central-1, they send requests to ca-central-1, us-east-1, us-east-2 and us-west-2, according \
         to every model card that was read",
        CARDS,
    ),
    said(
        "changes",
        "the destinations of a geographic profile never change; those of a global one can",
        PROFILES,
    ),
    contradicted(said("US profiles", "they send requests to supported Regions of the United States", BLOG)),
];

/// When to choose which profile.
const CRITERIA: [Statement; 5] = [
    said("US", "if you have data-processing agreements for the United States", BLOG),
    said(
        "US",
        "for high throughput and resilience; for development and test; for low latency to US Regions",
        BLOG,
    ),
    said("Global", "for the most capacity", BLOG),
    said("Global", "for peaks, which are routed to whichever commercial Region has capacity", SAMPLE),
    contradicted(said("Global", "for a price about 10 % below a geographic profile's", SAMPLE)),
];

/// What to make of the statements that do not agree.
const CONFLICT: &str = "AWS's own pages disagree on storage. Rely on the newer one: what leaves Canada to be \
                        processed may also be stored where it is processed. Scopes whose only destinations are ca-* \
                        Regions are not affected. If it matters, ask AWS to confirm it in writing.";
