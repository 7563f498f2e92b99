//! The AWS SDK behind the traits: synchronous outside, a small runtime inside.
//!
//! Credentials come from AWS's own chain alone (environment, profiles, SSO, roles, credential
//! processes, containers, instances); nothing here reads, keeps or shows them. The Region is the
//! caller's, whatever the environment says.

mod answers;
mod fault;
mod http;
mod limits;
mod model_runtime;
mod retry;
mod service_quotas;

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use tokio::runtime::Runtime;

pub use limits::Limits;
pub use model_runtime::BedrockRuntime;
pub use service_quotas::ServiceQuotas;

/// Until credentials are there: a role may be behind a sign-in or a process. Below the time-out of an
/// attempt, so that it is told apart.
const CREDENTIALS: Duration = Duration::from_secs(25);

/// AWS in one Region.
#[derive(Debug)]
struct Connection {
    runtime: Runtime,
    config: SdkConfig,
    region: String,
}

impl Connection {
    /// Reads the settings; nothing is sent to the service that is called.
    ///
    /// # Errors
    /// A thread cannot be started, or `HTTPS_PROXY` is no address.
    fn open(settings: ConfigLoader, region: &str, limits: &Limits) -> std::io::Result<Self> {
        // One thread besides the callers', so that a connection that AWS closes while nobody calls is
        // dropped and not used once more.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let settings = settings
            .http_client(http::client()?)
            .region(Region::new(region.to_owned()))
            .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS).build())
            .timeout_config(limits.timeouts())
            .retry_config(limits.retries());
        let config = runtime.block_on(settings.load());
        Ok(Self { runtime, config, region: region.to_owned() })
    }
}

/// The settings AWS's own tools read: environment and shared configuration files.
fn own_chain() -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
}
