//! From what the SDK reports to a [`CallFault`]: what kind it is, and what of it may be shown.
//!
//! An error's text can hold more than a person should see: a refused signature is answered with the
//! session token, a refused prompt with the prompt, and a credential process says what it likes. So
//! nothing is shown but AWS's error code, its message for the kinds that are known to be harmless, and
//! our own words.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_servicequotas::config::http::HttpResponse;
use aws_sdk_servicequotas::error::{ProvideErrorMetadata, SdkError};
use hyper_util::client::legacy::Error as ClientError;

use crate::aws::{CallFault, Fault};
use crate::text::plain::shortened;

/// Most characters of AWS's message that are shown.
const LONGEST: usize = 400;

/// What is called, to tell of its failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'r> {
    pub(super) operation: &'static str,
    pub(super) action: &'static str,
    pub(super) region: &'r str,
    pub(super) detail: Detail,
}

/// What of AWS's message may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// The message, for kinds of failure whose messages are about quotas and permissions.
    Message,
    /// Nothing but what is recognised, in our own words: the message may hold a prompt.
    Recognised,
}

impl Call<'_> {
    /// What the SDK reports.
    pub(super) fn fault<E>(&self, error: &SdkError<E, HttpResponse>) -> CallFault
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ServiceError(service) => {
                let status = service.raw().status().as_u16();
                self.answered(status, service.err().code(), service.err().message())
            }
            SdkError::ResponseError(response) => {
                let status = response.raw().status().as_u16();
                self.failed(Fault::Unknown, format!("HTTP {status}, the answer cannot be read"))
            }
            SdkError::TimeoutError(_) => self.failed(Fault::Unknown, "time-out".to_owned()),
            SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => self.unsent(error),
            _ => self.failed(Fault::Unknown, String::new()),
        }
    }

    /// An answer that arrived and cannot be used.
    pub(super) fn unusable(&self, why: &str) -> CallFault {
        self.failed(Fault::Unknown, why.to_owned())
    }

    /// Something that AWS would not take.
    pub(super) fn refused(&self, why: &str) -> CallFault {
        self.failed(Fault::Refused, why.to_owned())
    }

    fn failed(&self, fault: Fault, said: String) -> CallFault {
        let Self { operation, action, region, .. } = *self;
        CallFault { fault, operation, region: region.to_owned(), action, said }
    }

    /// An answer with an error in it.
    fn answered(&self, status: u16, code: Option<&str>, message: Option<&str>) -> CallFault {
        let fault = kind(status, code);
        // A code is a word; anything else is not AWS's.
        let code =
            code.filter(|code| code.len() <= 80 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let message = message.unwrap_or_default();
        let shown = match (self.detail, fault) {
            (_, Fault::Credentials) => credentials_words(code.unwrap_or_default()).to_owned(),
            (_, Fault::Unknown) => String::new(),
            (Detail::Recognised, _) => recognised(message).to_owned(),
            (Detail::Message, _) => bounded(message),
        };
        let said = match (code, shown.as_str()) {
            (None, "") => format!("HTTP {status}"),
            (None, shown) => format!("HTTP {status}: {shown}"),
            (Some(code), "") => code.to_owned(),
            (Some(code), shown) => format!("{code}: {shown}"),
        };
        self.failed(fault, said)
    }

    /// A call that did not get through to an answer.
    fn unsent(&self, error: &(dyn Error + 'static)) -> CallFault {
        if let Some(fault) = self.unloaded(error) {
            return fault;
        }
        // The SDK has no type of its own for it; its words hold the whole request.
        let no_address =
            |cause: &(dyn Error + 'static)| cause.to_string().starts_with("failed to apply endpoint");
        if causes(error).any(no_address) {
            return self.failed(Fault::NotReached, "AWS_ENDPOINT_URL is not a URL".to_owned());
        }
        if cause::<ClientError>(error).is_some_and(ClientError::is_connect) {
            return self.failed(Fault::NotReached, "no connection".to_owned());
        }
        self.failed(Fault::Unknown, "the connection broke".to_owned())
    }

    /// A call that had no credentials to be signed with.
    fn unloaded(&self, error: &(dyn Error + 'static)) -> Option<CallFault> {
        let words = match cause::<CredentialsError>(error) {
            Some(error) => unloaded(error),
            // The SDK has no type for it.
            None if causes(error).any(|cause| cause.to_string().contains("identity resolver timed out")) => {
                TOO_LONG
            }
            None => return None,
        };
        Some(self.failed(Fault::Credentials, with_profile(words)))
    }
}

/// Credentials that did not come in time.
const TOO_LONG: &str = "loading the credentials took too long";

/// What kind of failure an answer is.
fn kind(status: u16, code: Option<&str>) -> Fault {
    // Whatever a server error is called, the server may have acted before.
    if !(300..500).contains(&status) {
        return Fault::Unknown;
    }
    match code.unwrap_or_default() {
        "ExpiredToken"
        | "ExpiredTokenException"
        | "RequestExpired"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidToken"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => Fault::Credentials,
        "AccessDenied"
        | "AccessDeniedException"
        | "NotAuthorized"
        | "OptInRequired"
        | "SubscriptionRequiredException" => Fault::AccessDenied,
        "TooManyRequestsException"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestLimitExceeded"
        | "RequestThrottledException"
        | "ModelNotReadyException"
        | "ServiceQuotaExceededException" => Fault::Throttled,
        "NoSuchResourceException" | "ResourceNotFoundException" => Fault::NotFound,
        "ResourceAlreadyExistsException" => Fault::AlreadyOpen,
        "IllegalArgumentException"
        | "InvalidResourceStateException"
        | "QuotaExceededException"
        | "DependencyAccessDeniedException"
        | "InvalidPaginationTokenException"
        | "ValidationException"
        | "ValidationError"
        | "SerializationException"
        | "UnknownOperationException" => Fault::Refused,
        _ if status == 429 => Fault::Throttled,
        _ => Fault::Unknown,
    }
}

/// What to do about credentials that AWS does not take.
fn credentials_words(code: &str) -> &'static str {
    match code {
        "ExpiredToken" | "ExpiredTokenException" => "the credentials have expired",
        "RequestExpired" => "the request is too old, or this machine's clock is wrong",
        "InvalidSignatureException" | "SignatureDoesNotMatch" => {
            "the secret key does not belong to the key id, or this machine's clock is wrong"
        }
        _ => "",
    }
}

/// Why no credentials could be loaded. Providers say what they like, so their words are left out.
fn unloaded(error: &CredentialsError) -> &'static str {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => "no source of AWS's default chain provides credentials",
        CredentialsError::ProviderTimedOut(_) => TOO_LONG,
        CredentialsError::InvalidConfiguration(_) => "the configuration of the profile is not valid",
        _ => "the source of credentials that the profile names has failed",
    }
}

/// Words about credentials, with the profile they should come from.
fn with_profile(words: &str) -> String {
    match std::env::var("AWS_PROFILE") {
        Ok(profile) if !profile.is_empty() => format!("{words}; AWS_PROFILE is `{}`", bounded(&profile)),
        _ => words.to_owned(),
    }
}

/// What a message of Bedrock's runtime is known to say.
fn recognised(message: &str) -> &'static str {
    const KNOWN: &[(&str, &str)] = &[
        ("too many tokens per day", "too many tokens per day"),
        ("too many tokens", "too many tokens per minute"),
        ("too many requests", "too many requests per minute"),
        ("on-demand throughput isn", "the model is called through an inference profile only"),
        ("model identifier is invalid", "the model id is not valid here"),
        ("doesn't support counting tokens", "the model has no CountTokens here"),
        ("does not support counting tokens", "the model has no CountTokens here"),
        ("you don't have access to the model", "the account has no access to the model"),
    ];
    let message = message.to_lowercase().replace('\u{2019}', "'");
    KNOWN.iter().find(|(phrase, _)| message.contains(phrase)).map_or("", |(_, words)| words)
}

/// A message as one line of bounded length.
fn bounded(message: &str) -> String {
    shortened(message.trim(), LONGEST)
}

/// An error and its causes, the outermost first.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (**error).source())
}

/// The outermost cause of a kind, the error itself included.
pub(super) fn cause<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    causes(error).find_map(|error| error.downcast_ref())
}
