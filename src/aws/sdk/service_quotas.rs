//! Service Quotas by the SDK.

use std::collections::BTreeSet;
use std::future::Future;

use aws_config::ConfigLoader;
use aws_sdk_servicequotas::Client;
use aws_sdk_servicequotas::config::Config;
use aws_sdk_servicequotas::config::retry::RetryConfig;

use super::fault::{Call, Detail};
use super::{Connection, Limits, answers, own_chain};
use crate::answers::{QuotaRequest, ServiceQuota};
use crate::aws::{CallFault, Fault, Increase, QuotaService};

const SERVICE: &str = "bedrock";

/// Most entries of a page that AWS gives (Service Quotas API 2019-06-24).
const PAGE: i32 = 100;

/// Pages after which a list is taken for endless: AWS lists about 1,000 quotas for Bedrock.
const PAGES_MAXIMUM: usize = 500;

/// The quotas of Bedrock in one Region.
#[derive(Debug)]
pub struct ServiceQuotas {
    connection: Connection,
    client: Client,
}

impl ServiceQuotas {
    /// By AWS's own chain of credentials and settings.
    ///
    /// # Errors
    /// A thread cannot be started, or `HTTPS_PROXY` is no address.
    pub fn connect(region: &str) -> std::io::Result<Self> {
        Self::with(own_chain(), region, &Limits::QUOTAS)
    }

    /// With settings and limits of the caller's; the Region and the limits win over those of the
    /// settings.
    ///
    /// # Errors
    /// A thread cannot be started, or `HTTPS_PROXY` is no address.
    pub fn with(settings: ConfigLoader, region: &str, limits: &Limits) -> std::io::Result<Self> {
        let connection = Connection::open(settings, region, limits)?;
        let client = Client::new(&connection.config);
        Ok(Self { connection, client })
    }

    fn call(&self, operation: &'static str, action: &'static str) -> Call<'_> {
        Call { operation, action, region: &self.connection.region, detail: Detail::Message }
    }

    /// Every page of a list: `page` gives what one holds, with the token of the next.
    fn pages<T, F>(&self, call: &Call<'_>, page: impl Fn(Option<String>) -> F) -> Result<Vec<T>, CallFault>
    where
        F: Future<Output = Result<(Vec<Option<T>>, Option<String>), CallFault>>,
    {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut token = None;
        for _ in 0..PAGES_MAXIMUM {
            let (entries, next) = self.connection.runtime.block_on(page(token))?;
            for entry in entries {
                found.push(entry.ok_or_else(|| call.unusable("an entry has no code"))?);
            }
            match next.filter(|next| !next.is_empty()) {
                None => return Ok(found),
                Some(next) if !seen.insert(next.clone()) => {
                    return Err(call.unusable("a page repeats the token of an earlier one"));
                }
                Some(next) => token = Some(next),
            }
        }
        Err(call.unusable("the list does not end"))
    }
}

/// `None` where AWS has no such thing.
fn found<T>(answer: Result<T, CallFault>) -> Result<Option<T>, CallFault> {
    match answer {
        Err(CallFault { fault: Fault::NotFound, .. }) => Ok(None),
        answer => answer.map(Some),
    }
}

impl QuotaService for ServiceQuotas {
    fn applied(&self) -> Result<Vec<ServiceQuota>, CallFault> {
        let call = self.call("ListServiceQuotas", "servicequotas:ListServiceQuotas");
        self.pages(&call, async |token| {
            let list = self.client.list_service_quotas().service_code(SERVICE).max_results(PAGE);
            let answer = list.set_next_token(token).send().await.map_err(|error| call.fault(&error))?;
            let quotas = answer.quotas.unwrap_or_default();
            Ok((quotas.into_iter().map(answers::quota).collect(), answer.next_token))
        })
    }

    fn defaults(&self) -> Result<Vec<ServiceQuota>, CallFault> {
        let call = self.call("ListAWSDefaultServiceQuotas", "servicequotas:ListAWSDefaultServiceQuotas");
        self.pages(&call, async |token| {
            let list = self.client.list_aws_default_service_quotas().service_code(SERVICE).max_results(PAGE);
            let answer = list.set_next_token(token).send().await.map_err(|error| call.fault(&error))?;
            let quotas = answer.quotas.unwrap_or_default();
            Ok((quotas.into_iter().map(answers::quota).collect(), answer.next_token))
        })
    }

    fn applied_of(&self, code: &str) -> Result<Option<ServiceQuota>, CallFault> {
        let call = self.call("GetServiceQuota", "servicequotas:GetServiceQuota");
        let get = self.client.get_service_quota().service_code(SERVICE).quota_code(code);
        let answer = self.connection.runtime.block_on(get.send()).map_err(|error| call.fault(&error));
        found(answer.and_then(|answer| of_code(&call, code, answer.quota.and_then(answers::quota))))
    }

    fn default_of(&self, code: &str) -> Result<Option<ServiceQuota>, CallFault> {
        let call = self.call("GetAWSDefaultServiceQuota", "servicequotas:GetAWSDefaultServiceQuota");
        let get = self.client.get_aws_default_service_quota().service_code(SERVICE).quota_code(code);
        let answer = self.connection.runtime.block_on(get.send()).map_err(|error| call.fault(&error));
        found(answer.and_then(|answer| of_code(&call, code, answer.quota.and_then(answers::quota))))
    }

    fn requests_of(&self, code: &str) -> Result<Vec<QuotaRequest>, CallFault> {
        let call = self.call(
            "ListRequestedServiceQuotaChangeHistoryByQuota",
            "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota",
        );
        let requests = self.pages(&call, async |token| {
            let list = self.client.list_requested_service_quota_change_history_by_quota();
            let list = list.service_code(SERVICE).quota_code(code).max_results(PAGE).set_next_token(token);
            let answer = list.send().await.map_err(|error| call.fault(&error))?;
            let requests = answer.requested_quotas.unwrap_or_default();
            Ok((requests.into_iter().map(answers::request).collect(), answer.next_token))
        });
        // Where nothing was ever requested AWS may say that there is no such thing.
        Ok(found(requests)?.unwrap_or_default())
    }

    fn request(&self, increase: &Increase) -> Result<QuotaRequest, CallFault> {
        let call = self.call("RequestServiceQuotaIncrease", "servicequotas:RequestServiceQuotaIncrease");
        let Some(desired) = exact(increase.desired.get()) else {
            return Err(call.refused("the value has more digits than the API takes"));
        };
        let request = self.client.request_service_quota_increase().service_code(SERVICE);
        let request = request.quota_code(&increase.code).desired_value(desired);
        let request = request.support_case_allowed(increase.support_case_allowed);
        // The call is not idempotent: the SDK would repeat it after a time-out or a server error.
        let once = Config::builder().retry_config(RetryConfig::disabled());
        let sent = request.customize().config_override(once).send();
        let answer = self.connection.runtime.block_on(sent).map_err(|error| call.fault(&error))?;
        let taken = answer.requested_quota.and_then(answers::request);
        match taken {
            Some(taken) if taken.code == increase.code => Ok(taken),
            _ => Err(call.unusable("the answer names no request for the quota")),
        }
    }
}

/// A whole number as a float, where that is exact.
#[allow(clippy::cast_precision_loss)]
fn exact(value: u64) -> Option<f64> {
    (value <= 1 << f64::MANTISSA_DIGITS).then_some(value as f64)
}

/// The quota that was asked for.
fn of_code(call: &Call<'_>, code: &str, quota: Option<ServiceQuota>) -> Result<ServiceQuota, CallFault> {
    match quota {
        Some(quota) if quota.code == code => Ok(quota),
        _ => Err(call.unusable("the answer is about another quota, or about none")),
    }
}
