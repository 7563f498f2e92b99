//! How a call to AWS fails, in words that say what to do.

use std::fmt;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No credentials, or they have expired.
    Credentials,
    /// The caller may not do this.
    AccessDenied,
    /// Too many calls; AWS did nothing.
    Throttled,
    /// AWS has no such thing.
    NotFound,
    /// A request for the quota is open already.
    AlreadyOpen,
    /// AWS refuses the request as it stands.
    Refused,
    /// AWS was not reached: nothing was sent.
    NotReached,
    /// The end is not known: a time-out, a server error or a broken answer. AWS may have acted.
    Unknown,
}

/// A failed call: which, where, why, and the IAM action it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFault {
    /// What kind of failure it is.
    pub fault: Fault,
    /// The API operation, such as `ListServiceQuotas`.
    pub operation: &'static str,
    /// The Region that was called.
    pub region: String,
    /// The IAM action the call needs, such as `servicequotas:ListServiceQuotas`.
    pub action: &'static str,
    /// AWS's error code and message, never more: no request, no credentials, no prompt.
    pub said: String,
}

impl CallFault {
    /// Whether the call changes nothing and costs nothing.
    fn only_reads(&self) -> bool {
        ["List", "Get", "Count"].iter().any(|verb| self.operation.starts_with(verb))
    }
}

impl fmt::Display for CallFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, operation, region, action, said } = self;
        write!(f, "{operation} in {region}: ")?;
        match fault {
            Fault::Credentials => {
                write!(f, "no valid credentials; sign in again or choose another profile (AWS_PROFILE)")?;
            }
            Fault::AccessDenied => write!(f, "access denied; the caller needs the IAM action {action}")?,
            Fault::Throttled => write!(f, "AWS is throttling these calls; try again later")?,
            Fault::NotFound => write!(f, "AWS cannot find what was asked for")?,
            Fault::AlreadyOpen => write!(f, "a request for this quota is already open")?,
            Fault::Refused => write!(f, "AWS refuses it")?,
            Fault::NotReached => write!(f, "AWS cannot be reached")?,
            Fault::Unknown if self.only_reads() => write!(f, "AWS's response cannot be used")?,
            Fault::Unknown => {
                write!(f, "the response cannot be used; AWS may still have carried out the request")?;
            }
        }
        if said.is_empty() { Ok(()) } else { write!(f, " ({said})") }
    }
}

impl std::error::Error for CallFault {}
