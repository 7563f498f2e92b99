//! Measured use against its definition, and worked by hand.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quotaplan::catalog::{self, Catalog, Scope};
use quotaplan::minutes::{self, Burn, Evidence};
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use quotaplan::units::QuotaAmount;

const HEADER: &str = "minute,model,scope,requests,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,settled_tokens,throttled_requests\n";

fn burn(rows: &str) -> Option<Burn> {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let catalog: Catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the table");
    let file = sources.add(SourceFile::new("minutes.csv", format!("{HEADER}{rows}")));
    let minutes = minutes::parse(
        &sources,
        &[Evidence { file, of: None }],
        &catalog,
        &BTreeMap::new(),
        &mut diagnostics,
    );
    let minutes = minutes.unwrap_or_else(|| panic!("{:?}\n{rows}", diagnostics.into_sorted()));
    minutes.burn(catalog.find("haiku-4.5").expect("it is there").model, Scope::Us)
}

/// A row of haiku-4.5 in the scope us, so many minutes after 1 November.
fn row(minute: u32, settled: u64) -> String {
    let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
    format!("2026-11-{day:02}T{hour:02}:{minute:02}Z,haiku-4.5,us,1,{settled},0,0,0,{settled},0\n")
}

#[test]
fn nearest_ranks_by_hand() {
    // Ten values: the 5th is the median, the 9th the 90th percentile.
    let rows: String = (1..=10).map(|n| row(n, u64::from(n) * 100)).collect();
    let burn = burn(&rows).expect("there are minutes");
    let settled = [burn.settled.p50, burn.settled.p90, burn.settled.maximum].map(QuotaAmount::get);
    assert_eq!(settled, [500, 900, 1_000]);
    assert_eq!(burn.requests.maximum.get(), 1);
    assert_eq!(burn.throttled_minutes, Some(0));
    // 1,000 of 4,000 are 25 %, below half; of 2,000 they are half, which is not below it.
    let amount = |value| QuotaAmount::new(value).expect("small");
    assert_eq!(burn.settled.share_of(amount(4_000)).map(|share| share.ten_thousandths()), Some(2_500));
    assert!(burn.shows_little_use(burn.settled, amount(4_000)));
    assert!(!burn.shows_little_use(burn.settled, amount(2_000)));
    assert_eq!(burn.settled.share_of(amount(0)), None);
}

#[test]
fn fourteen_days_end_with_the_newest_minute_of_the_whole_table() {
    let last = 20 * 1440;
    // Exactly fourteen days before the newest minute is out, a minute later is in.
    let rows = row(last - 14 * 1440, 7) + &row(last - 14 * 1440 + 1, 5) + &row(last, 3);
    assert_eq!(burn(&rows).expect("two minutes").minutes, 2);
    // Another model's newest minute counts: this one has been quiet since.
    let other = row(last, 3).replace("haiku-4.5", "sonnet-4.5");
    assert!(burn(&(row(1, 5) + &other)).is_none());
}

#[test]
fn throttling_is_known_only_where_every_minute_says() {
    let silent = row(2, 5).replace(",0\n", ",\n");
    let burn_of = |rows: &str| burn(rows).expect("minutes");
    assert_eq!(burn_of(&(row(1, 5) + &silent)).throttled_minutes, None);
    let throttled = row(2, 5).replace(",0\n", ",4\n");
    let seen = burn_of(&(row(1, 5) + &throttled));
    assert_eq!((seen.throttled_minutes, seen.throttled_requests), (Some(1), Some(4)));
    let large = QuotaAmount::new(1_000_000).expect("small");
    assert!(!seen.shows_little_use(seen.settled, large), "a throttled minute is use enough");
}

proptest! {
    /// At least the stated share of the minutes is at or below a percentile, and it is one of them; below
    /// it there are fewer.
    #[test]
    fn percentiles_are_nearest_ranks(values in proptest::collection::vec(0_u64..1_000, 1..60)) {
        let rows: String = values.iter().zip(1..).map(|(value, minute)| row(minute, *value)).collect();
        let burn = burn(&rows).expect("there are minutes");
        for (percent, found) in [(50, burn.settled.p50), (90, burn.settled.p90), (100, burn.settled.maximum)] {
            let found = found.get();
            prop_assert!(values.contains(&found));
            let at_or_below = values.iter().filter(|value| **value <= found).count();
            let below = values.iter().filter(|value| **value < found).count();
            prop_assert!(at_or_below * 100 >= percent * values.len());
            prop_assert!(below * 100 < percent * values.len());
        }
    }

    /// The order of the rows does not matter.
    #[test]
    fn rows_in_any_order_say_the_same(
        values in proptest::collection::vec(0_u64..1_000, 2..30).prop_shuffle(),
        order in any::<proptest::sample::Index>(),
    ) {
        let mut rows: Vec<String> = values.iter().zip(1..).map(|(value, minute)| row(minute, *value)).collect();
        let said = |rows: &[String]| {
            let burn = burn(&rows.concat()).expect("there are minutes");
            (burn.first, burn.last, burn.minutes, burn.settled, burn.requests, burn.throttled_requests)
        };
        let sorted = said(&rows);
        let at = order.index(rows.len());
        rows.rotate_left(at);
        prop_assert_eq!(said(&rows), sorted);
    }
}
