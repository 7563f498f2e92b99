//! What calls cost at most, before the first one.

use super::calls::{Call, Target};
use crate::aws::Content;
use crate::catalog::Price;
use crate::units::{Fact, MILLIONTHS, Tokens, Usd, UsdPerMillion};

/// Tokens allowed for the frame a model puts around each message and the system prompt (assumed: AWS
/// publishes no figure; a message of a few words was measured at 13 to 14 tokens in all).
pub const FRAME_TOKENS: u64 = 50;

/// The most that calls can use and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Input tokens over all calls: the bytes of the texts, since no token is shorter, and the frames.
    pub input_tokens: u64,
    /// Output tokens over all calls, at max_tokens or the model's maximum; `None` where that is not known.
    pub output_tokens: Option<u64>,
    /// US dollars, rounded up to the sixth decimal; `None` where a price or the output is not known.
    pub usd: Option<Usd>,
}

/// What calls use and cost at most, each sent once; retries that Bedrock throttled cost nothing.
#[must_use]
pub fn bound(target: &Target<'_>, calls: &[Call]) -> Bound {
    let mut input_tokens = 0_u64;
    let mut output_tokens = Some(0_u64);
    // A millionth of a millionth of a dollar is a token at a millionth of a dollar per million.
    let mut cost = Some(0_u128);
    for call in calls {
        let (input, output) = (input_of(call), output_of(target, call));
        input_tokens = input_tokens.saturating_add(input);
        output_tokens = output_tokens.zip(output).map(|(sum, output)| sum.saturating_add(output));
        let counted = matches!(call, Call::Count(_));
        let own = if counted { Some(0) } else { cost_of(target, call, input, output) };
        cost = cost.zip(own).map(|(sum, own)| sum.saturating_add(own));
    }
    let usd = cost.and_then(|cost| {
        let millionths = cost.div_ceil(u128::from(MILLIONTHS));
        u64::try_from(millionths).ok().and_then(Usd::from_millionths)
    });
    Bound { input_tokens, output_tokens, usd }
}

fn input_of(call: &Call) -> u64 {
    let bytes = call.texts().map(str::len).fold(0_usize, usize::saturating_add);
    let frames = match call {
        Call::Converse(conversation) | Call::Count(conversation) => conversation.messages.len() + 1,
        Call::Invoke { .. } => 1,
    };
    let frames = u64::try_from(frames).unwrap_or(u64::MAX).saturating_mul(FRAME_TOKENS);
    u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(frames)
}

fn output_of(target: &Target<'_>, call: &Call) -> Option<u64> {
    match call {
        Call::Converse(conversation) => match (conversation.max_tokens, target.model.max_output_tokens) {
            (Some(max_tokens), _) => Some(u64::from(max_tokens)),
            (None, Fact::Known(maximum)) => Some(maximum.millionths() / MILLIONTHS),
            (None, Fact::Absent | Fact::Unknown) => None,
        },
        Call::Count(_) | Call::Invoke { .. } => Some(0),
    }
}

/// The cost in millionths of a millionth of a dollar.
fn cost_of(target: &Target<'_>, call: &Call, input: u64, output: Option<u64>) -> Option<u128> {
    let price = target.scope.price_at(Tokens::from_whole(input)?)?;
    let at = |tokens: u64, price: Fact<UsdPerMillion>| {
        if tokens == 0 {
            return Some(0);
        }
        price.known().map(|price| u128::from(tokens) * u128::from(price.millionths()))
    };
    Some(at(input, input_price(price, call))? + at(output?, price.output)?)
}

/// The dearest price an input token can have: with a cache point it may be one that is written.
fn input_price(price: &Price, call: &Call) -> Fact<UsdPerMillion> {
    let Call::Converse(conversation) = call else { return price.input };
    let of_messages = conversation.messages.iter().flat_map(|message| &message.content);
    if !conversation.system.iter().chain(of_messages).any(|content| *content == Content::CachePoint) {
        return price.input;
    }
    match (price.input, price.default_cache_write()) {
        (Fact::Known(input), Fact::Known(write)) => Fact::Known(input.max(write)),
        _ => Fact::Unknown,
    }
}
