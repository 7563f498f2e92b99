//! What happens between the attempts of a call: what is never tried again, and how often AWS throttled.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_bedrockruntime::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_bedrockruntime::config::interceptors::InterceptorContext;
use aws_sdk_bedrockruntime::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_bedrockruntime::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_bedrockruntime::error::BoxError;
use hyper_util::client::legacy::Error as ClientError;

use super::fault::cause;

/// Forbids to repeat a call to a model that broke off once it was sent: it would be paid for twice.
#[derive(Debug)]
pub(super) struct PaidOnce;

impl ClassifyRetry for PaidOnce {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        // AWS charges nothing for an answer that is an error.
        if context.response().is_some_and(|response| !response.status().is_success()) {
            return RetryAction::NoActionIndicated;
        }
        match context.output_or_error() {
            Some(Err(error)) => {
                let connector = error.as_connector_error();
                let unsent = connector.and_then(|error| cause::<ClientError>(error));
                if unsent.is_some_and(ClientError::is_connect) {
                    RetryAction::NoActionIndicated
                } else {
                    RetryAction::RetryForbidden
                }
            }
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "paid once"
    }

    fn priority(&self) -> aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority {
        // After all others, so that its word holds.
        use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority as Priority;
        Priority::run_after(Priority::transient_error_classifier())
    }
}

/// Counts answers that say: too many calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Throttles(Arc<AtomicU64>);

impl Throttles {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Intercept for Throttles {
    fn name(&self) -> &'static str {
        "throttles"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().status().as_u16() == 429 {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
