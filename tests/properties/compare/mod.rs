//! Scopes side by side, against plans of edited files, prices read apart, and brute force.

mod brute;
mod files;
mod joined;
mod laws;
mod prices;

/// A table laid over the built-in one, so that there are three scopes, limits of every state,
/// destinations nobody knows, and prices that are known in one scope alone.
const OVERLAY: &str = r#"[[model]]
id = "anthropic.claude-haiku-4-5-20251001-v1:0"

[model.scope.ca]
profile = "ca.anthropic.claude-haiku-4-5-20251001-v1:0"
destinations = ["ca-central-1", "ca-west-1"]
source = "test"
as_of = "2026-11-20"

[model.scope.ca.tpm]
code = "L-0000000A"
name = "Test"
default = 200_000
adjustable = true
source = "test"
as_of = "2026-11-20"

[[model.scope.ca.price]]
input = "1.30"
output = "5.20"
cache_write_5m = "unknown"
cache_write_1h = "unknown"
cache_read = "0.13"
priced_in = "ca-central-1"
source = "test"
as_of = "2026-11-20"

[[model]]
id = "amazon.nova-2-lite-v1:0"

[[model.scope.global.price]]
input = "0.30"
output = "2.50"
cache_write_5m = "0.375"
cache_write_1h = "0.60"
cache_read = "0.075"
priced_in = "us-east-1"
source = "test"
as_of = "2026-11-20"

[[model]]
id = "xai.grok-4.6"

[model.scope.us]
destinations = "unknown"
source = "test"
as_of = "2026-11-20"

[[model.scope.us.price]]
input = "2.20"
output = "6.60"
cache_write_5m = "2.75"
cache_write_1h = "unknown"
cache_read = "unknown"
priced_in = "us-east-1"
source = "test"
as_of = "2026-11-20"
"#;
