//! Increases handed to Service Quotas: what is sent, and that nothing is sent twice.

mod account;
mod laws;
mod steps;
