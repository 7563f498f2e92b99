//! The HTTP client: TLS in Rust with the system's certificates, through the proxy of the environment
//! (`HTTPS_PROXY`, `NO_PROXY`), which the SDK's own client leaves out.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};

/// A client with one pool of connections for each pair of time-outs: what gives credentials has others
/// than the service that is called.
///
/// # Errors
/// `HTTPS_PROXY` is no address of a proxy.
pub(super) fn client() -> std::io::Result<SharedHttpClient> {
    let proxy = proxy()?;
    let connectors: Mutex<BTreeMap<_, SharedHttpConnector>> = Mutex::default();
    Ok(http_client_fn(move |settings, components| {
        let mut connectors = connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = connectors.entry((settings.connect_timeout(), settings.read_timeout()));
        let made = connector.or_insert_with(|| {
            let mut builder = Connector::builder()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .connector_settings(settings.clone())
                .proxy_config(proxy.clone());
            builder.set_sleep_impl(components.sleep_impl());
            SharedHttpConnector::new(builder.build())
        });
        made.clone()
    }))
}

/// The proxy for HTTPS. Plain HTTP is what instances and containers give credentials by, to nobody
/// else: it goes through none.
fn proxy() -> std::io::Result<ProxyConfig> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let either = |upper: &str| set(upper).or_else(|| set(&upper.to_lowercase()));
    let Some(address) = either("HTTPS_PROXY") else { return Ok(ProxyConfig::disabled()) };
    // The address may hold a password: it is not shown.
    let proxy = ProxyConfig::https(address).map_err(|_| {
        std::io::Error::other("HTTPS_PROXY is not a URL such as http://proxy.example.com:8080")
    })?;
    Ok(match either("NO_PROXY") {
        Some(rules) => proxy.no_proxy(rules),
        None => proxy,
    })
}
