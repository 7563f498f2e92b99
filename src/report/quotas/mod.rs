//! Applied quotas as they were looked up, and what changed since.

mod changes;
pub(super) mod label;
pub(super) mod listing;
mod quota_change;
mod table;
mod toml;

pub(super) use changes::QUOTA_CHANGE;
pub use changes::{GrantedChanges, granted_changes};
pub use listing::{
    AccountLimit, AccountQuotas, ListedQuota, ListingFault, ListingFilter, ListsRead, TableQuota,
};
pub use quota_change::QuotaChange;
pub use table::ListingReport;
pub use toml::{granted_remarks, granted_toml};
