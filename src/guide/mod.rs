//! The user's manual, one Markdown file a topic: `quotaplan guide TOPIC` prints a topic, and the modules below show it
//! here. This room holds text; it computes nothing and imports nothing.

/// A topic of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    name: &'static str,
    text: &'static str,
}

impl Topic {
    /// The name by which it is asked for, such as `what-if`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What the reader wants to do: the heading of the text.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// The text as Markdown.
    #[must_use]
    pub fn text(&self) -> &'static str {
        self.text
    }
}

/// A module for each topic, and the list of all topics in the order in which they are read.
macro_rules! topics {
    ($($module:ident = $name:literal,)*) => {
        $(
            #[doc = include_str!(concat!($name, ".md"))]
            pub mod $module {}
        )*

        /// Every topic, in the order in which they are read.
        pub const TOPICS: &[Topic] = &[$(Topic { name: $name, text: include_str!(concat!($name, ".md")) },)*];
    };
}

topics! {
    start = "start",
    workloads = "workloads",
    configuration = "configuration",
    plan = "plan",
    check = "check",
    what_if = "what-if",
    compare = "compare",
    migrate = "migrate",
    request = "request",
    simulate = "simulate",
    sample = "sample",
    quotas = "quotas",
    aws = "aws",
    iam = "iam",
    model_table = "model-table",
    sizing = "sizing",
    codes = "codes",
    security = "security",
}

/// The topic of a name, spelled exactly.
#[must_use]
pub fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}
