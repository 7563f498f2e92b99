//! The real SDK client and the program against servers on the loopback, which misbehave on demand.
//!
//! Nothing outside is read or called: settings, credentials and endpoint are the tests' own.

mod models;
mod program;
mod quotas;
mod server;

use std::time::Duration;

use aws_config::{BehaviorVersion, ConfigLoader};
use quotaplan::aws::Increase;
use quotaplan::aws::sdk::Limits;
use quotaplan::units::QuotaAmount;

use server::Server;

const REGION: &str = "ca-central-1";

/// Marks of credentials, which must appear nowhere.
const KEY_ID: &str = "AKIAMARKEDKEYID00001";
const SECRET: &str = "marked-secret-key-0123456789abcdefghijkl";
const TOKEN: &str = "marked-session-token-0123456789";

/// Short, so that what never answers is waited for in no time.
const SHORT: Limits = Limits {
    connect: Duration::from_millis(500),
    attempt: Some(Duration::from_millis(400)),
    call: Duration::from_secs(5),
    attempts: 3,
    first_pause: Duration::from_millis(10),
};

/// Settings that come from nowhere but here.
#[allow(deprecated, reason = "the loader takes these types; their other name is in a crate of its own")]
fn settings(server: &Server) -> ConfigLoader {
    use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};
    let no_files = ProfileFiles::builder().with_contents(ProfileFileKind::Config, "").build();
    aws_config::defaults(BehaviorVersion::latest())
        .profile_files(no_files)
        .endpoint_url(server.url())
        .credentials_provider(aws_sdk_servicequotas::config::Credentials::new(
            KEY_ID,
            SECRET,
            Some(TOKEN.to_owned()),
            None,
            "tests",
        ))
}

fn increase(code: &str, desired: u64) -> Increase {
    let desired = QuotaAmount::new(desired).expect("an amount");
    Increase { code: code.to_owned(), desired, support_case_allowed: true }
}
