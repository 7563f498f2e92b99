//! An account at Service Quotas that keeps its own books: what it took, and what should not have been
//! sent to it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use quotaplan::answers::{QuotaRequest, RequestStatus, ServiceQuota};
use quotaplan::aws::{CallFault, Fault, Increase, QuotaService};
use quotaplan::units::QuotaAmount;

/// What AWS does with a request for an increase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Takes it, and says so.
    Takes,
    /// Takes it; the answer is lost.
    TakesAndIsLost,
    /// Does not take it; the answer is lost.
    IsLost,
    /// Fails so, and does nothing.
    Fails(Fault),
    /// Takes it; the caller is killed before it hears of it.
    TakesAndKills,
}

#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) applied: BTreeMap<String, u64>,
    pub(crate) defaults: BTreeMap<String, u64>,
    pub(crate) fixed: Vec<String>,
    pub(crate) history: RefCell<Vec<QuotaRequest>>,
    /// What it does with the next requests; then it takes them.
    pub(crate) script: RefCell<VecDeque<Step>>,
    /// What becomes of a request at once.
    pub(crate) becomes: Option<RequestStatus>,
    /// Looks at the history that do not show what was taken since the run began.
    pub(crate) lag: Cell<usize>,
    /// Calls until the caller is killed: from then on none arrives.
    pub(crate) calls_left: Cell<Option<usize>>,
    pub(crate) taken: RefCell<Vec<(String, u64)>>,
    pub(crate) wrong: RefCell<Vec<String>>,
    pub(crate) requests: Cell<usize>,
    /// Entries of the history at the start of the run.
    pub(crate) seen_at_start: Cell<usize>,
}

impl Account {
    /// A new run of the caller, later than the one before.
    pub(crate) fn new_run(&self, script: Vec<Step>, calls: Option<usize>, lag: usize) {
        *self.script.borrow_mut() = script.into();
        self.calls_left.set(calls);
        self.lag.set(lag);
        self.seen_at_start.set(self.history.borrow().len());
    }

    fn arrives(&self, operation: &'static str) -> Result<(), CallFault> {
        match self.calls_left.get() {
            Some(0) => Err(fault(Fault::NotReached, operation)),
            left => {
                self.calls_left.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }

    fn quota(&self, code: &str, value: Option<&u64>) -> Option<ServiceQuota> {
        value.map(|value| ServiceQuota {
            code: code.to_owned(),
            name: None,
            value: QuotaAmount::new(*value),
            adjustable: Some(!self.fixed.iter().any(|fixed| fixed == code)),
            account: None,
        })
    }

    fn take(&self, increase: &Increase) -> QuotaRequest {
        let mut history = self.history.borrow_mut();
        let request = QuotaRequest {
            id: format!("id-{}", history.len()),
            status: self.becomes.clone().unwrap_or(RequestStatus::Pending),
            ..asked(&increase.code, increase.desired.get(), RequestStatus::Pending)
        };
        history.push(request.clone());
        self.taken.borrow_mut().push((increase.code.clone(), increase.desired.get()));
        request
    }
}

pub(crate) fn fault(fault: Fault, operation: &'static str) -> CallFault {
    CallFault {
        fault,
        operation,
        region: "ca-central-1".to_owned(),
        action: "servicequotas:Any",
        said: String::new(),
    }
}

/// An entry of the history.
pub(crate) fn asked(code: &str, desired: u64, status: RequestStatus) -> QuotaRequest {
    QuotaRequest {
        id: format!("before-{code}-{desired}"),
        code: code.to_owned(),
        name: None,
        desired: QuotaAmount::new(desired),
        status,
        case_id: None,
        created: None,
        updated: None,
    }
}

pub(crate) fn increase(code: &str, desired: u64) -> Increase {
    let desired = QuotaAmount::new(desired).expect("an amount");
    Increase { code: code.to_owned(), desired, support_case_allowed: true }
}

impl QuotaService for Account {
    fn applied(&self) -> Result<Vec<ServiceQuota>, CallFault> {
        unreachable!("single quotas are asked for")
    }

    fn defaults(&self) -> Result<Vec<ServiceQuota>, CallFault> {
        unreachable!("single quotas are asked for")
    }

    fn applied_of(&self, code: &str) -> Result<Option<ServiceQuota>, CallFault> {
        self.arrives("GetServiceQuota")?;
        Ok(self.quota(code, self.applied.get(code)))
    }

    fn default_of(&self, code: &str) -> Result<Option<ServiceQuota>, CallFault> {
        self.arrives("GetAWSDefaultServiceQuota")?;
        Ok(self.quota(code, self.defaults.get(code)))
    }

    fn requests_of(&self, code: &str) -> Result<Vec<QuotaRequest>, CallFault> {
        self.arrives("ListRequestedServiceQuotaChangeHistoryByQuota")?;
        let history = self.history.borrow();
        let shown = if self.lag.get() > 0 { self.seen_at_start.get() } else { history.len() };
        if history.len() > shown {
            self.lag.set(self.lag.get() - 1);
        }
        Ok(history[..shown].iter().filter(|request| request.code == code).cloned().collect())
    }

    fn request(&self, increase: &Increase) -> Result<QuotaRequest, CallFault> {
        const OPERATION: &str = "RequestServiceQuotaIncrease";
        self.arrives(OPERATION)?;
        self.requests.set(self.requests.get() + 1);
        let Increase { code, desired, .. } = increase;
        // AWS refuses what is not above the applied value, and what is not above its default.
        let holds = self.applied.get(code).max(self.defaults.get(code));
        if holds.is_none_or(|holds| desired.get() <= *holds) {
            self.wrong.borrow_mut().push(format!("{code}: {desired} is not above {holds:?}"));
        }
        if self.history.borrow().iter().any(|request| request.code == *code && request.status.is_open()) {
            self.wrong.borrow_mut().push(format!("{code}: one is open"));
            return Err(fault(Fault::AlreadyOpen, OPERATION));
        }
        let step = self.script.borrow_mut().pop_front().unwrap_or(Step::Takes);
        match step {
            Step::Takes => Ok(self.take(increase)),
            Step::TakesAndIsLost => {
                self.take(increase);
                Err(fault(Fault::Unknown, OPERATION))
            }
            Step::IsLost => Err(fault(Fault::Unknown, OPERATION)),
            Step::Fails(kind) => Err(fault(kind, OPERATION)),
            Step::TakesAndKills => {
                self.take(increase);
                self.calls_left.set(Some(0));
                Err(fault(Fault::Unknown, OPERATION))
            }
        }
    }
}
