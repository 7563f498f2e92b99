//! Draws for the backoff that depend on nothing but the seed, the request and the attempt.

/// The odd constant of the generator: 2^64 divided by the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A whole number from 1 to `most`, each as likely as 64 random bits can make it.
///
/// `SplitMix64` (Steele, Lea and Flood, 2014) keyed by its place instead of a running state, so that
/// the draw is the same on every machine and in whatever order draws are made.
pub(super) fn draw(seed: u64, index: u32, attempt: u8, most: u64) -> u64 {
    let request = mix(seed.wrapping_add(GAMMA.wrapping_mul(u64::from(index) + 1)));
    let bits = mix(request.wrapping_add(GAMMA.wrapping_mul(u64::from(attempt) + 1)));
    let below = u128::from(bits) * u128::from(most);
    // The upper half of the product is below `most`.
    (below >> 64) as u64 + 1
}

/// 64 random bits that depend on a seed and a place alone, by the same generator.
///
/// Of bits drawn in this way others may be drawn, the first being their seed.
#[must_use]
pub const fn random_bits(seed: u64, place: u64) -> u64 {
    mix(seed.wrapping_add(GAMMA.wrapping_mul(place.wrapping_add(1))))
}

const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::{GAMMA, draw, mix};

    #[test]
    fn the_generator_is_the_published_one() {
        // The first outputs of SplitMix64 from the seed 1234567, as its author's C code prints them.
        let first = |n: u64| mix(1_234_567_u64.wrapping_add(GAMMA.wrapping_mul(n)));
        assert_eq!([first(1), first(2)], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn draws_fill_their_range_evenly() {
        let draws: Vec<u64> = (0..60_000).map(|index| draw(7, index, 0, 6)).collect();
        assert!(draws.iter().all(|drawn| (1..=6).contains(drawn)));
        for number in 1..=6 {
            let count = draws.iter().filter(|&&drawn| drawn == number).count();
            assert!((9_600..10_400).contains(&count), "{number} is drawn {count} times");
        }
    }

    #[test]
    fn seed_request_and_attempt_each_matter() {
        let one = draw(1, 1, 1, 1 << 40);
        assert!(
            [draw(2, 1, 1, 1 << 40), draw(1, 2, 1, 1 << 40), draw(1, 1, 2, 1 << 40)]
                .iter()
                .all(|&other| other != one)
        );
    }
}
