//! A request for increases: its document for whoever makes it, the texts for AWS Support, and what a screen shows of it.

mod answers;
mod arithmetic;
mod document;
mod for_support;
mod gaps;
mod given;
mod json;
mod parts;
mod restore_case;
mod result;
mod screen;
mod status;
mod support_case;
mod trail;

pub use document::request;
pub use for_support::{asks_aws_for_anything, has_case_text, has_matters_for_support_alone};
pub use gaps::{Gap, missing_answers};
pub use json::request_report;
pub use restore_case::restore_case;
pub use result::{IncreaseRequest, RequestReport, console_link};
pub use screen::{RequestScreen, request_screen, send_command};
pub(super) use status::REQUEST_STATUS;
pub use status::{PackRequest, StatusReport, requested};
pub use support_case::support_case;
pub use trail::trail;
