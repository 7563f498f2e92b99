//! Random assumptions, and plans made under them from one shared model table.

use std::fmt::Write as _;
use std::sync::OnceLock;

use proptest::prelude::*;
use quotaplan::catalog::{self, Catalog};
use quotaplan::config::{self, Config, Speed};
use quotaplan::engine::{self, Assumptions, PlanInput};
use quotaplan::text::{Diagnostics, SourceFile, Sources, decode};
use quotaplan::units::{Ratio, Seconds, TokensPerSecond};
use quotaplan::workload::{self, ReadOptions};

use super::facts::{ACCOUNT_DAILY, MODELS};
use super::rows::{Decimal, ONE};
use crate::support::{Planned, Refused};

/// A value of an applied quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    Amount(u64),
    Unlimited,
    Unknown,
}

/// One applied quota; without an account it is in `[granted]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Granted {
    pub(crate) account: Option<&'static str>,
    pub(crate) code: &'static str,
    pub(crate) value: Grant,
}

/// The assumptions of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) headroom: Decimal,
    pub(crate) confidence: Decimal,
    pub(crate) peak_factor: Decimal,
    pub(crate) first_token: Decimal,
    pub(crate) per_second: Decimal,
    pub(crate) reserve_cache_reads: bool,
    pub(crate) months: u32,
    pub(crate) account: Option<&'static str>,
    pub(crate) granted: Vec<Granted>,
}

impl Default for Settings {
    /// The values `guide/sizing.md` and the configuration's documentation state.
    fn default() -> Self {
        Self {
            headroom: Decimal(200_000),
            confidence: Decimal(999_000),
            peak_factor: Decimal(ONE),
            first_token: Decimal(ONE),
            per_second: Decimal(60 * ONE),
            reserve_cache_reads: false,
            months: 0,
            account: None,
            granted: Vec::new(),
        }
    }
}

impl Settings {
    /// The applied quotas as a file.
    pub(crate) fn granted_toml(&self) -> String {
        let mut text = String::new();
        for account in [None, Some("production"), Some("sandbox")] {
            match account {
                None => text += "[granted]\n",
                Some(name) => writeln!(text, "[accounts.{name}.granted]").unwrap(),
            }
            for granted in self.granted.iter().filter(|g| g.account == account) {
                let value = match granted.value {
                    Grant::Amount(amount) => amount.to_string(),
                    Grant::Unlimited => "\"unlimited\"".to_owned(),
                    Grant::Unknown => "\"unknown\"".to_owned(),
                };
                writeln!(text, "{} = {value}", granted.code).unwrap();
            }
        }
        text
    }

    fn apply(&self, assumptions: &mut Assumptions, sources: &mut Sources) {
        let ratio = |value: Decimal| Ratio::from_millionths(value.0).unwrap();
        assumptions.config_mut().headroom = ratio(self.headroom);
        assumptions.config_mut().confidence = ratio(self.confidence);
        // A factor of 1 is what holds where none is stated.
        assumptions.config_mut().peak_factor = (self.peak_factor.0 != ONE).then(|| ratio(self.peak_factor));
        assumptions.config_mut().speed = Speed {
            seconds_to_first_token: Seconds::from_millionths(self.first_token.0).unwrap(),
            output_tokens_per_second: TokensPerSecond::from_millionths(self.per_second.0).unwrap(),
        };
        assumptions.config_mut().reserve_cache_reads = self.reserve_cache_reads;
        assumptions.months = self.months;
        assumptions.config_mut().account = self.account.map(str::to_owned);
        let file = sources.add(SourceFile::new("granted.toml", self.granted_toml()));
        let mut diagnostics = Diagnostics::new();
        let granted = config::parse_granted(sources, file, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assumptions.config_mut().granted = granted.unwrap();
    }
}

/// The embedded model table, read once.
pub(crate) fn table() -> &'static Catalog {
    static TABLE: OnceLock<Catalog> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut diagnostics = Diagnostics::new();
        let table = catalog::load(&mut Sources::new(), None, &mut diagnostics);
        table.expect("the embedded table is valid")
    })
}

/// Plans a CSV under settings; reading the table anew each time would be most of the work.
pub(crate) fn try_plan(csv: &[u8], settings: &Settings) -> Result<Planned, Refused> {
    let mut sources = Sources::new();
    // Takes the place that the table has in a run of the program.
    sources.add(SourceFile::new(catalog::EMBEDDED_NAME, catalog::EMBEDDED));
    let mut diagnostics = Diagnostics::new();
    let catalog = table();
    let file = decode(&mut sources, "workloads.csv", csv.to_vec(), &mut diagnostics);
    let options = ReadOptions::default();
    let workloads =
        file.and_then(|file| workload::parse(&sources, file, catalog, &options, &mut diagnostics));
    let failed = diagnostics.has_errors();
    assert!(failed || workloads.is_some(), "refused without an error");
    let Some(workloads) = workloads.filter(|_| !failed) else {
        return Err(Refused::Inputs(diagnostics.into_sorted()));
    };
    let mut assumptions = Assumptions::new(&Config::default(), catalog, &mut diagnostics);
    settings.apply(&mut assumptions, &mut sources);
    let input = PlanInput { catalog, workloads: &workloads, assumptions: &assumptions };
    let plan = engine::plan(&input).map_err(Refused::TooLarge)?;
    Ok(Planned { sources, catalog: catalog.clone(), assumptions, workloads, plan })
}

/// Plans a CSV that is valid.
pub(crate) fn plan(csv: &str, settings: &Settings) -> Planned {
    match try_plan(csv.as_bytes(), settings) {
        Ok(planned) => planned,
        Err(Refused::Inputs(diagnostics)) => panic!("not planned: {diagnostics:?}\n{csv}"),
        Err(Refused::TooLarge(error)) => panic!("not planned: {error}\n{csv}"),
    }
}

/// Every code that rows of [`MODELS`] can count against.
pub(crate) fn codes() -> Vec<&'static str> {
    let of_model = MODELS.iter().flat_map(|m| {
        let long = m.long.map(|(tpm, rpm)| [tpm, rpm]);
        [m.tpm, m.rpm, m.tpd].into_iter().flatten().chain(long.into_iter().flatten())
    });
    of_model.chain([ACCOUNT_DAILY]).map(|(code, _)| code).collect()
}

fn grants() -> impl Strategy<Value = Vec<Granted>> {
    let value = prop_oneof![
        1 => Just(Grant::Unlimited),
        1 => Just(Grant::Unknown),
        1 => Just(Grant::Amount(0)),
        12 => (0_u32..=10, 1_u64..1_000).prop_map(|(power, digits)| Grant::Amount(digits * 10_u64.pow(power) / 100)),
    ];
    let codes = codes();
    let one = (0..3 * codes.len(), value).prop_map(move |(at, value)| Granted {
        account: [None, Some("production"), Some("sandbox")][at % 3],
        code: codes[at / 3],
        value,
    });
    prop::collection::vec(one, 0..30).prop_map(|mut all| {
        all.sort_by_key(|g| (g.account, g.code));
        all.dedup_by_key(|g| (g.account, g.code));
        all
    })
}

/// Any settings.
pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let ratios = (
        prop::sample::select(vec![0, 200_000, 200_000, 333_333, 1_500_000]),
        prop::sample::select(vec![500_000, 900_000, 999_000, 999_000, 999_999]),
        prop::sample::select(vec![ONE, ONE, 1_500_000, 2_333_333]),
    );
    let speed = (
        prop::sample::select(vec![0, 600_000, ONE, 90 * ONE]),
        prop::sample::select(vec![7_000_000, 60 * ONE, 33_300_001]),
    );
    let account = prop::option::of(Just("production"));
    (ratios, speed, any::<bool>(), 0_u32..=14, account, grants()).prop_map(
        |(ratios, speed, reserve_cache_reads, months, account, granted)| Settings {
            headroom: Decimal(ratios.0),
            confidence: Decimal(ratios.1),
            peak_factor: Decimal(ratios.2),
            first_token: Decimal(speed.0),
            per_second: Decimal(speed.1),
            reserve_cache_reads,
            months,
            account,
            granted,
        },
    )
}
