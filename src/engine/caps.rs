//! Caps on max_tokens: the tight one, and the largest that fits.

use super::TooLarge;
use super::estimate::Estimate;
use super::evaluation::Evaluation;
use super::pool::Prepared;
use super::sums::Variant;
use super::tight_cap::{CutShare, LongestAnswer, TightBasis};
use crate::catalog::Model;
use crate::units::Fact;
use crate::units::{MILLIONTHS, QuotaAmount, Tokens};

/// The tight cap on max_tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tight {
    pub(super) tokens: Tokens,
    pub(super) basis: TightBasis,
    pub(super) cut: CutShare,
}

/// `tight_max_tokens`: the longest answer to expect of the rows with a busiest minute above 0, rounded up to
/// two significant digits, at least 1 and at most the model's maximum, with what it rests on and the share of
/// answers it cuts; `None` where the model generates nothing, or no row has such a minute.
pub(super) fn tight(prepared: &Prepared, model: &Model) -> Option<Tight> {
    if !model.kind.generates() || prepared.rows.iter().all(|row| row.peak == 0) {
        return None;
    }
    let LongestAnswer { hundredths, basis, cut } = prepared.longest_answer;
    let whole = hundredths.div_ceil(100 * u128::from(MILLIONTHS)).max(1);
    let rounded =
        u64::try_from(whole).ok().and_then(QuotaAmount::new).map(QuotaAmount::rounded_up_to_two_digits);
    // Above what an input may hold, only a maximum can be stated.
    let tight = rounded.and_then(|rounded| Tokens::from_whole(rounded.get()));
    match (tight, model.max_output_tokens) {
        (Some(tokens), Fact::Known(maximum)) if tokens < maximum => Some(Tight { tokens, basis, cut }),
        (_, Fact::Known(maximum)) => {
            Some(Tight { tokens: maximum, basis: TightBasis::Maximum, cut: CutShare::NONE })
        }
        (tight, Fact::Absent | Fact::Unknown) => tight.map(|tokens| Tight { tokens, basis, cut }),
    }
}

impl Evaluation<'_> {
    /// Whether `required` is at most `capacity` with max_tokens capped at `cap` whole tokens.
    fn fits(&self, base: &Variant, cap: u64, capacity: QuotaAmount) -> Result<bool, TooLarge> {
        let variant = Variant { cap: Tokens::from_whole(cap), ..*base };
        Ok(self.figures(&variant)?.required.is_some_and(|required| required <= capacity))
    }

    /// `fitting_max_tokens`: the largest whole cap of at least 1 at which `required` is at most
    /// `capacity`, given that the rows as they are need more; `None` where none fits.
    ///
    /// `required` never falls as the cap grows, so the answer is next to a cap that does not fit.
    /// An estimate tells where to look; only exact figures decide.
    pub(super) fn fitting(&self, base: &Variant, capacity: QuotaAmount) -> Result<Option<u64>, TooLarge> {
        let largest = self.prepared.rows.iter().filter_map(|row| row.max_tokens).max().unwrap_or(0);
        let beyond = largest.div_ceil(MILLIONTHS).max(2);
        let guess = Estimate::new(self, base).largest_fitting(capacity, beyond).max(1);
        largest_fitting_near(guess, beyond, |cap| self.fits(base, cap, capacity))
    }
}

/// The largest number from 1 on for which `fits` holds, given that it holds for no number from
/// `beyond` on and for all below any for which it holds; `None` where it holds for none.
///
/// From `guess` ever longer steps find a number that fits below one that does not, and halving finds
/// the boundary: a good guess costs two questions, a bad one some more.
fn largest_fitting_near<E>(
    guess: u64,
    beyond: u64,
    mut fits: impl FnMut(u64) -> Result<bool, E>,
) -> Result<Option<u64>, E> {
    let (mut low, mut high);
    let mut step = 1;
    if fits(guess)? {
        (low, high) = (guess, beyond);
        while low + step < high {
            if !fits(low + step)? {
                high = low + step;
                break;
            }
            low += step;
            step *= 2;
        }
    } else {
        (low, high) = (0, guess);
        while low == 0 && high > 1 {
            let cap = high.saturating_sub(step).max(1);
            if fits(cap)? {
                low = cap;
            } else {
                high = cap;
                step *= 2;
            }
        }
        if low == 0 {
            return Ok(None);
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(Some(low))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::largest_fitting_near;

    /// Every boundary is found from every guess, and a right guess takes two questions.
    #[test]
    fn the_boundary_is_found_from_any_guess() {
        for beyond in 2..70 {
            for (boundary, guess) in (0..beyond).flat_map(|b| (1..beyond).map(move |g| (b, g))) {
                let mut asked = 0;
                let found = largest_fitting_near(guess, beyond, |cap| {
                    assert!((1..beyond).contains(&cap), "{cap} was asked");
                    asked += 1;
                    Ok::<_, Infallible>(cap <= boundary)
                });
                assert_eq!(found, Ok((boundary > 0).then_some(boundary)), "from {guess} below {beyond}");
                assert!(guess != boundary || asked <= 2, "{asked} questions from a right guess");
            }
        }
    }
}
