//! Applied quotas as they were looked up, and what changed since.

mod changes;
pub(super) mod listing;
mod table;
mod toml;

pub use changes::{GrantedChanges, granted_changes};
pub use listing::{Asked, Holding, Known, ListingFault, LookUp, LookedUp, Shown};
pub use table::ListingReport;
pub use toml::{granted_remarks, granted_toml};
