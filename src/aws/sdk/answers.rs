//! From AWS's shapes to the answers of this program.

use aws_sdk_servicequotas::primitives::DateTime;
use aws_sdk_servicequotas::types::{RequestedServiceQuotaChange, ServiceQuota as AwsQuota};
use jiff::Timestamp;

use crate::answers::{QuotaRequest, RequestStatus, ServiceQuota};
use crate::units::{FIGURE_MAXIMUM, QuotaAmount};

/// A quota; `None` where AWS states no code.
pub(super) fn quota(quota: AwsQuota) -> Option<ServiceQuota> {
    Some(ServiceQuota {
        code: quota.quota_code?,
        name: quota.quota_name,
        value: quota.value.and_then(rounded_down),
        adjustable: Some(quota.adjustable),
        account: quota.quota_arn.as_deref().and_then(account),
    })
}

/// A requested increase; `None` where AWS states no id or no code.
pub(super) fn request(change: RequestedServiceQuotaChange) -> Option<QuotaRequest> {
    Some(QuotaRequest {
        id: change.id?,
        code: change.quota_code?,
        name: change.quota_name,
        desired: change.desired_value.and_then(rounded_down),
        // A request without a status may still be open.
        status: RequestStatus::parse(change.status.as_ref().map_or("", |status| status.as_str())),
        case_id: change.case_id,
        created: change.created.as_ref().and_then(timestamp),
        updated: change.last_updated.as_ref().and_then(timestamp),
    })
}

/// A value in whole units; `None` where it is no amount.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn rounded_down(value: f64) -> Option<QuotaAmount> {
    let in_range = value >= 0.0 && value <= FIGURE_MAXIMUM as f64;
    in_range.then_some(value as u64).and_then(QuotaAmount::new)
}

/// The account of `arn:aws:servicequotas:ca-central-1:111122223333:bedrock/L-...`.
fn account(arn: &str) -> Option<String> {
    let account = arn.split(':').nth(4)?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    is_account.then(|| account.to_owned())
}

fn timestamp(time: &DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}
