//! What others have saved, such as answers that the AWS CLI wrote to files, as the product's own types.
//!
//! Nothing here calls anybody; every fault of a file is reported at its place.

mod usage;

pub use usage::{Saved, usages};
