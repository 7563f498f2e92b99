//! The fields of one entry of an answer, taken one by one; what does not convert is reported.

use jiff::Timestamp;

use super::decimal::{self, Decimal, DecimalFault};
use super::{SERVICE, answer};
use crate::catalog::REGION;
use crate::text::json::{Node, Value};
use crate::text::{Code, Diagnostics, Span};
use crate::units::QuotaAmount;

/// An entry, and what to do where it is none.
pub(super) struct Item<'n> {
    pub(super) node: &'n Node,
    pub(super) help: &'n str,
}

/// The parts of a quota's ARN, `arn:aws:servicequotas:REGION:ACCOUNT:SERVICE/CODE`.
pub(super) struct QuotaArn {
    /// Twelve digits; `None` in a default's ARN, which belongs to nobody.
    pub(super) account: Option<String>,
    pub(super) span: Span,
}

impl<'n> Item<'n> {
    /// A value that is there; `null` is none.
    fn value(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key).filter(|node| !matches!(node.value, Value::Null))
    }

    fn wrong(&self, key: &str, node: &Node, wanted: &str, diagnostics: &mut Diagnostics) {
        let message = format!("`{key}` is not {wanted}");
        diagnostics.at(Code::NotAnAnswer, answer::start(node.span), message, self.help);
    }

    /// A string, where there is one.
    pub(super) fn text(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<(&'n str, Span)> {
        let node = self.value(key)?;
        if let Value::Text(text) = &node.value {
            return Some((text, node.span));
        }
        self.wrong(key, node, "a string", diagnostics);
        None
    }

    /// A string that must be there and not be empty.
    pub(super) fn required(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<(&'n str, Span)> {
        let missing = match self.value(key) {
            None => Some(answer::start(self.node.span)),
            Some(Node { value: Value::Text(text), span }) if text.trim().is_empty() => Some(*span),
            Some(_) => None,
        };
        if let Some(at) = missing {
            diagnostics.at(Code::MissingValue, at, format!("`{key}` is missing"), self.help);
            return None;
        }
        self.text(key, diagnostics)
    }

    /// `true` or `false`, where stated.
    pub(super) fn boolean(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<bool> {
        let node = self.value(key)?;
        if let Value::Boolean(value) = node.value {
            return Some(value);
        }
        self.wrong(key, node, "true or false", diagnostics);
        None
    }

    /// Whether something is stated under a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// A number of at least 0, where stated.
    fn decimal(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<Decimal> {
        let node = self.value(key)?;
        let written = match &node.value {
            Value::Number(written) => written,
            // Some programs that an answer passes through put numbers in quotes.
            Value::Text(written) if decimal::is_number(written) => written,
            _ => {
                self.wrong(key, node, "a number", diagnostics);
                return None;
            }
        };
        match decimal::parse(written) {
            Ok(decimal) => Some(decimal),
            Err(DecimalFault::Negative) => {
                let message = format!("`{written}` is negative");
                diagnostics.at(Code::BadNumber, node.span, message, "AWS states no negative values");
                None
            }
            Err(DecimalFault::TooLarge) => {
                let message = format!("`{written}` is above 10^18");
                diagnostics.at(Code::FigureTooLarge, node.span, message, "AWS states no such values");
                None
            }
        }
    }

    /// An amount in the quota's own unit, a fraction rounded down.
    pub(super) fn amount(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<QuotaAmount> {
        self.decimal(key, diagnostics).map(|decimal| decimal.whole)
    }

    /// A time as the CLI writes it: ISO 8601 with an offset, or seconds since 1970
    /// (`cli_timestamp_format`, iso8601 and wire).
    pub(super) fn time(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<Timestamp> {
        let node = self.value(key)?;
        let time = match &node.value {
            Value::Text(text) => text.parse::<Timestamp>().ok(),
            Value::Number(_) => {
                let Decimal { whole, billionths } = self.decimal(key, diagnostics)?;
                let seconds = i64::try_from(whole.get()).ok();
                let nanoseconds = i32::try_from(billionths).ok();
                seconds.zip(nanoseconds).and_then(|(seconds, nano)| Timestamp::new(seconds, nano).ok())
            }
            _ => None,
        };
        if time.is_none() {
            let help = "the CLI writes times as 2026-11-20T09:30:00-05:00 or as seconds since 1970";
            diagnostics.at(Code::NotAnAnswer, node.span, format!("`{key}` is not a time"), help);
        }
        time
    }

    /// The service of the entry, judged.
    pub(super) fn is_of_service(&self, diagnostics: &mut Diagnostics) -> bool {
        self.text("ServiceCode", diagnostics).is_none_or(|(service, _)| service == SERVICE)
    }

    /// The ARN, where stated: of another service or Region it is reported.
    pub(super) fn arn(&self, code: Option<&str>, diagnostics: &mut Diagnostics) -> Option<QuotaArn> {
        let (text, span) = self.text("QuotaArn", diagnostics)?;
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let parsed = match parts.as_slice() {
            ["arn", _, "servicequotas", region, account, rest] => {
                rest.split_once('/').map(|(service, code)| (*region, *account, service, code))
            }
            _ => None,
        };
        let digits = |account: &str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_arn = |(_, account, _, own): &(&str, &str, &str, &str)| {
            (account.is_empty() || digits(account)) && code.is_none_or(|code| code == *own)
        };
        let Some((region, account, service, _)) = parsed.filter(is_arn) else {
            let help = format!("a quota's ARN is arn:aws:servicequotas:{REGION}:ACCOUNT:{SERVICE}/CODE");
            diagnostics.at(Code::NotAnAnswer, span, "`QuotaArn` is not the ARN of this quota", help);
            return None;
        };
        if service != SERVICE {
            other_service(service, span, diagnostics);
        } else if region != REGION {
            let help = format!("quotas belong to a Region: save the output with --region {REGION}");
            diagnostics.at(Code::OtherRegion, span, format!("a quota for `{region}`"), help);
        }
        Some(QuotaArn { account: (!account.is_empty()).then(|| account.to_owned()), span })
    }
}

/// Reports an answer about another service.
pub(super) fn other_service(service: &str, span: Span, diagnostics: &mut Diagnostics) {
    let help = format!("save the answer with --service-code {SERVICE}");
    diagnostics.at(Code::OtherService, span, format!("a quota of the service `{service}`"), help);
}

/// The one account of all answers.
#[derive(Default)]
pub(super) struct OneAccount {
    first: Option<(String, Span)>,
    reported: bool,
}

impl OneAccount {
    /// Takes an ARN in; the first of another account is reported.
    pub(super) fn hold(&mut self, arn: &QuotaArn, diagnostics: &mut Diagnostics) {
        let Some(account) = &arn.account else { return };
        match &self.first {
            None => self.first = Some((account.clone(), arn.span)),
            Some((first, _)) if first != account && !self.reported => {
                self.reported = true;
                let message = format!("a quota of account {account}, but the earlier ones are of {first}");
                let help = "quotas belong to an account: give the output of one account at a time";
                diagnostics.at(Code::ConflictingAnswers, arn.span, message, help);
            }
            Some(_) => {}
        }
    }
}

/// Reports an answer whose last page is not there.
///
/// Which page follows which the tokens do not tell; that none is the last they do.
pub(super) fn complete<'p>(
    pages: impl Iterator<Item = &'p answer::Page> + Clone,
    diagnostics: &mut Diagnostics,
) {
    let ends = pages.clone().any(|page| page.extent == answer::Extent::Page && page.continues.is_none());
    if let Some(token) = pages.filter_map(|page| page.continues).last().filter(|_| !ends) {
        let help = "give the following pages too, or save the output without --max-items and --no-paginate";
        diagnostics.at(
            Code::IncompleteAnswer,
            token,
            "the next page of this output is missing (it has a NextToken)",
            help,
        );
    }
}
