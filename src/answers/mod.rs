//! What AWS answers about an account and its calls, whether it came live or from a file that the AWS
//! CLI saved: types alone, so that both ways end in the same result.
//!
//! Nothing here reads a file or calls anybody.

mod history;
mod quotas;
mod usage;

pub use history::{QuotaRequest, RequestStatus};
pub use quotas::{QuotaListing, ServiceQuota};
pub use usage::CallUsage;
