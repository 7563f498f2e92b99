//! The statistics of the burst estimate: the normal quantile and the spread of a log-normal.
//!
//! The only floats of the engine. They come from functions with the same bits on every machine,
//! and leave as exact fixed-point numbers.

/// The 95 % quantile of the standard normal distribution, as `guide/sizing.md` states it.
const K95: f64 = 1.644_854;

/// Largest variance carried, in units of 10^-12.
const VARIANCE_MAXIMUM: f64 = 1e37;

/// The spread `σ` of a log-normal.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// Standard deviation of the logarithm, at least 0.
    pub sigma: f64,
    /// Whether the p95 lies too far above the mean for a log-normal, so that the widest spread
    /// was taken.
    pub capped: bool,
}

/// `σ` of the log-normal with mean `mean` and 95th percentile `p95`, both in millionths.
///
/// `σ = k − √(k² − 2·ln(q/m))`; 0 where `q ≤ m`; where the root does not exist, `σ = k` and the
/// result says so (guide/sizing.md, section 2).
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn log_normal_spread(mean: u64, p95: u64) -> Spread {
    if mean == 0 || p95 <= mean {
        return Spread::default();
    }
    let under_root = K95 * K95 - 2.0 * libm::log(p95 as f64 / mean as f64);
    let capped = under_root < 0.0;
    let sigma = if capped { K95 } else { K95 - libm::sqrt(under_root) };
    Spread { sigma, capped }
}

impl Spread {
    /// Variance of the same log-normal, `m²·(e^(σ²) − 1)`, in millionths of a token squared, that is in units
    /// of 10^-12, rounded up (guide/sizing.md, section 2).
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn variance(self, mean: u64) -> u128 {
        let m = mean as f64;
        let variance = m * m * libm::expm1(self.sigma * self.sigma);
        // Non-negative and bounded, so the conversion is exact up to the float itself.
        libm::ceil(variance.min(VARIANCE_MAXIMUM)) as u128
    }
}

/// The standard normal quantile of `1 − tail`, for a tail above 0 and at most 0.5.
///
/// Algorithm AS 241 (Wichura, Applied Statistics 37, 1988), accurate to about 1e-16; rounded to
/// 15 decimals.
#[must_use]
pub fn normal_quantile(tail: f64) -> f64 {
    let q = 0.5 - tail;
    let z = if q <= 0.425 {
        let r = 0.180_625 - q * q;
        q * ratio(r, &CENTRAL)
    } else {
        let r = libm::sqrt(-libm::log(tail));
        if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) }
    };
    libm::round(z * 1e15) / 1e15
}

/// A quotient of two polynomials of degree seven, coefficients from the constant up.
fn ratio(r: f64, coefficients: &[[f64; 8]; 2]) -> f64 {
    let [above, below] = coefficients.map(|row| row.iter().rev().fold(0.0, |sum, c| sum * r + c));
    above / below
}

const CENTRAL: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ],
];

const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::normal_quantile;

    /// Values of the standard normal quantile from printed tables (Wichura 1988, and `guide/sizing.md`).
    #[test]
    #[allow(clippy::float_cmp)]
    fn quantiles_of_the_published_tables() {
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.001), 3.090_232_306_167_813);
        assert!((normal_quantile(0.25) - 0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(0.05) - 1.644_853_626_951_472_7).abs() < 3e-15);
        assert!((normal_quantile(0.025) - 1.959_963_984_540_054).abs() < 3e-15);
        assert!((normal_quantile(1e-6) - 4.753_424_308_822_899).abs() < 3e-15);
    }
}
