//! Examples of limits and demands that moved: new where it held, worse by the least more, else known.

use super::{Files, Strict, list, run, text};

/// A check that fails on all that is not as before.
const STRICT: Strict = Strict { only_worsened: true, fail_on: 1, ..Strict::USUAL };

const ASSUMING: Strict = Strict { assume_defaults: true, ..STRICT };

const HEADER: &str = "workload,team,account,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,\
                      latency_seconds,active_hours,cache_write_tokens,days_per_month\n";

fn files(row: &str, config: &str) -> Files {
    Files { csv: format!("{HEADER}{row}\n"), config: config.to_owned() }
}

/// How the only finding of a code stands to an earlier plan: nothing where there is none.
fn word(strict: Strict, then: &Files, now: &Files, code: &str) -> String {
    let earlier = run(then, Strict::USUAL, None).plan;
    let check = run(now, strict, Some(&earlier)).check();
    let mut found = list(&check, "findings").iter().filter(|finding| {
        finding["code"] == code && (code != "quota-undetermined" || text(finding, "about").contains(" tpm "))
    });
    let Some(finding) = found.next() else { return String::new() };
    assert!(found.next().is_none(), "{check}");
    let word = text(finding, "change").to_owned();
    let errs = code != "budget-undetermined" && code != "quota-undetermined" && code != "not-adjustable";
    assert_eq!(finding["fails"] == true, word != "known", "{finding}");
    assert!(
        word == "known" || errs == (finding["severity"] == "error") || code == "account-daily",
        "{finding}"
    );
    word
}

/// Required are 3,240 tokens per minute for a request: 120 % of 1,200 and five times 300.
fn haiku(rate: &str, granted: &str, policy: &str) -> Files {
    let granted = if granted.is_empty() { String::new() } else { format!("\"L-58BE175A\" = {granted}\n") };
    let policy =
        if policy.is_empty() { String::new() } else { format!("[policy]\nmax_utilisation = {policy}\n") };
    files(
        &format!("w,,,haiku-4.5,us,{rate},1200,300,900,4,08-18,,"),
        &format!("[granted]\n{granted}{policy}"),
    )
}

#[test]
fn an_excess_is_worse_where_it_is_larger_by_one_token() {
    let code = "exceeds-granted";
    let then = haiku("4000", "5_000_000", "");
    assert_eq!(run(&then, STRICT, None).plan()["quotas"][1]["required"], 12_960_000);
    for (rate, value, change) in [
        ("4000", "5_000_000", "known"),
        ("3999", "5_000_000", "known"),
        ("4000.000001", "5_000_000", "worse"),
        ("4000", "4_999_999", "worse"),
        ("4000", "5_000_001", "known"),
        ("3999", "4_996_760", "known"),
        ("3999", "4_996_759", "worse"),
        // An increase that leaves as much, and one that leaves more.
        ("5000", "8_240_000", "known"),
        ("5000", "8_239_999", "worse"),
        ("4000", "12_960_000", ""),
    ] {
        assert_eq!(word(STRICT, &then, &haiku(rate, value, ""), code), change, "{rate} {value}");
    }
    let now = haiku("4000", "5_000_000", "");
    for (rate, value, change) in [
        ("4000", "", "new"),
        ("4000", "\"unknown\"", "new"),
        ("4000", "\"unlimited\"", "new"),
        ("4000", "12_960_000", "new"),
        ("4000", "12_959_999", "worse"),
        ("1543", "5_000_000", "new"),
        ("4000", "0", "known"),
    ] {
        assert_eq!(word(STRICT, &haiku(rate, value, ""), &now, code), change, "{rate} {value}");
    }
    let other = files("w,,,haiku-4.5,global,4000,1200,300,900,4,08-18,,", "");
    assert_eq!(word(STRICT, &other, &now, code), "new");
}

/// Five million are the default.
#[test]
fn an_excess_over_the_default_is_held_against_the_default_of_then() {
    let now = haiku("4000", "", "");
    for (rate, value, change) in [
        ("4000", "", "known"),
        ("3999", "", "worse"),
        ("4001", "", "known"),
        ("1543", "", "new"),
        ("1544", "", "worse"),
        // What was applied then does not matter where nothing is now.
        ("4000", "50_000_000", "known"),
        ("4000", "\"unlimited\"", "known"),
    ] {
        let then = haiku(rate, value, "");
        assert_eq!(word(ASSUMING, &then, &now, "exceeds-default"), change, "{rate} {value}");
    }
}

/// Two thousand requests per minute are the default of Nova 2 Lite, and it is not adjustable.
#[test]
fn a_quota_that_is_not_adjustable_is_new_where_it_held() {
    let nova = |rate: &str, granted: &str| {
        let granted =
            if granted.is_empty() { String::new() } else { format!("\"L-F06F1187\" = {granted}\n") };
        files(&format!("w,,,nova-2-lite,us,{rate},12,3,9,4,08-18,,"), &format!("[granted]\n{granted}"))
    };
    for ((rate_then, then), (rate, now), change) in [
        (("2000", ""), ("2000", ""), "known"),
        (("2000", ""), ("2001", ""), "worse"),
        (("1666", ""), ("2000", ""), "new"),
        (("2000", "2_300"), ("2000", "2_300"), "known"),
        (("2000", "2_300"), ("2000", "2_299"), "worse"),
        (("2000", "2_300"), ("2100", "2_420"), "known"),
        (("2000", "2_400"), ("2000", "2_399"), "new"),
        (("2000", "2_300"), ("2000", ""), "known"),
        (("2000", ""), ("2000", "2_300"), "new"),
        (("2000", "\"unlimited\""), ("2000", "2_300"), "new"),
    ] {
        let found = word(STRICT, &nova(rate_then, then), &nova(rate, now), "not-adjustable");
        assert_eq!(found, change, "{rate_then} {then}, {rate} {now}");
    }
}

/// 64.8 % of ten million are required where the policy allows half.
#[test]
fn a_utilisation_is_worse_where_it_is_further_above_the_policy() {
    let code = "over-utilisation";
    let then = haiku("2000", "10_000_000", "0.5");
    for (rate, value, most, change) in [
        ("2000", "10_000_000", "0.5", "known"),
        ("2000.000001", "10_000_000", "0.5", "worse"),
        ("1999", "10_000_000", "0.5", "known"),
        ("2000", "9_999_999", "0.5", "worse"),
        ("2000", "10_000_001", "0.5", "known"),
        ("2000", "10_000_000", "0.499999", "worse"),
        ("2000", "10_000_000", "0.500001", "known"),
        ("2500", "12_500_000", "0.5", "known"),
        ("2500", "12_499_999", "0.5", "worse"),
        ("2500", "10_000_000", "0.662", "known"),
        ("2500", "10_000_000", "0.661999", "worse"),
        ("2000", "10_000_000", "", ""),
    ] {
        assert_eq!(word(STRICT, &then, &haiku(rate, value, most), code), change, "{rate} {value} {most}");
    }
    for (rate, value, most, change) in [
        ("1543", "10_000_000", "0.5", "new"),
        ("2000", "", "0.5", "new"),
        ("2000", "\"unknown\"", "0.5", "new"),
        ("2000", "\"unlimited\"", "0.5", "new"),
        ("2000", "10_000_000", "", "new"),
        ("2000", "10_000_000", "0.648", "new"),
        ("2000", "10_000_000", "0.647999", "worse"),
        ("2000", "6_000_000", "0.5", "known"),
    ] {
        assert_eq!(word(STRICT, &haiku(rate, value, most), &then, code), change, "{rate} {value} {most}");
    }
    // The default of five million is held against the default of then.
    let now = haiku("1000", "", "0.5");
    for (rate, value, change) in
        [("1000", "", "known"), ("999", "", "worse"), ("1000", "50_000_000", "known")]
    {
        assert_eq!(word(ASSUMING, &haiku(rate, value, "0.5"), &now, code), change, "{rate} {value}");
    }
}

/// Something was required and nothing granted: the utilisation was above any policy, and an
/// increase is no news.
#[test]
fn a_utilisation_of_a_quota_of_nothing_was_above_the_policy() {
    let then = haiku("2000", "0", "0.5");
    let now = haiku("2000", "10_000_000", "0.5");
    assert_eq!(word(STRICT, &then, &now, "over-utilisation"), "known");
}

#[test]
fn a_quota_that_could_be_judged_is_news() {
    let code = "quota-undetermined";
    for (then, now, change) in [
        (("4000", ""), ("4000", ""), "known"),
        (("4000", ""), ("3999", ""), "known"),
        (("4000", ""), ("4000.000001", ""), "worse"),
        (("4000", "\"unknown\""), ("4000", ""), "known"),
        (("4000", "50_000_000"), ("4000", ""), "new"),
        (("4000", "50_000_000"), ("3999", "\"unknown\""), "new"),
        (("4000", "5"), ("4000", ""), "new"),
        (("4000", "\"unlimited\""), ("4000", ""), "new"),
        (("4000", ""), ("4000", "50_000_000"), ""),
    ] {
        let found = word(STRICT, &haiku(then.0, then.1, ""), &haiku(now.0, now.1, ""), code);
        assert_eq!(found, change, "{then:?} {now:?}");
    }
    let other = files("w,,,haiku-4.5,global,4000,1200,300,900,4,08-18,,", "");
    assert_eq!(word(STRICT, &other, &haiku("4000", "", ""), code), "new");
    // Nobody knows what is reserved where no largest answer is stated.
    let grok = |most: &str, granted: &str| {
        let row = format!("w,,,xai.grok-4.6,us,4,1200,300,{most},,,,");
        let plan = run(&files(&row, ""), Strict::USUAL, None).plan();
        let tokens = list(&plan, "quotas").iter().find(|quota| quota["kind"] == "tpm").expect("a quota");
        files(&row, &format!("[granted]\n\"{}\" = {granted}\n", text(tokens, "code")))
    };
    for (then, now, change) in [
        (("900", "500_000_000"), ("", "500_000_000"), "new"),
        (("900", "\"unknown\""), ("", "500_000_000"), "new"),
        (("", "500_000_000"), ("", "500_000_000"), "known"),
        (("", "\"unknown\""), ("", "500_000_000"), "known"),
        (("", "500_000_000"), ("", "\"unknown\""), "new"),
        (("", "\"unknown\""), ("900", "\"unknown\""), "known"),
    ] {
        let found = word(STRICT, &grok(then.0, then.1), &grok(now.0, now.1), code);
        assert_eq!(found, change, "{then:?} {now:?}");
    }
}

/// Sixty requests a month of a dollar a million tokens: 12 cents for 2,000 tokens each.
#[test]
fn a_budget_is_worse_where_it_is_exceeded_by_more_cents() {
    for key in ["[budget]\nmonthly_usd", "[budget.team]\nclaims", "[budget.model]\n\"haiku-4.5\""] {
        let haiku = |tokens: &str, limit: &str| {
            let budget = if limit.is_empty() { String::new() } else { format!("{key} = \"{limit}\"\n") };
            files(&format!("w,claims,,haiku-4.5,global,1,{tokens},0,9,4,07-08,,1"), &budget)
        };
        for (then, now, change) in [
            (("2000", "0.10"), ("2000", "0.10"), "known"),
            (("2000", "0.10"), ("1900", "0.10"), "known"),
            (("2000", "0.10"), ("2200", "0.10"), "worse"),
            (("2000", "0.10"), ("2000", "0.099999"), "worse"),
            (("2000", "0.10"), ("2000", "0.100001"), "known"),
            (("2000", "0.10"), ("3000", "0.16"), "known"),
            (("2000", "0.10"), ("3000", "0.159999"), "worse"),
            (("2000", "0.10"), ("2000", "0.12"), ""),
            (("2000", "0.12"), ("2000", "0.10"), "new"),
            (("2000", "0.119999"), ("2000", "0.10"), "worse"),
            (("2000", ""), ("2000", "0.10"), "new"),
            (("1000", "0.10"), ("2000", "0.10"), "new"),
            // 1.44 cents are shown as one.
            (("240", "0.01"), ("240", "0.01"), "known"),
            (("240", "0.0142"), ("240", "0.0142"), "known"),
            (("240", "0.01"), ("2000", "0.01"), "new"),
        ] {
            let found = word(STRICT, &haiku(then.0, then.1), &haiku(now.0, now.1), "over-budget");
            assert_eq!(found, change, "{key} {then:?} {now:?}");
        }
    }
    let of = |team: &str, config: &str| {
        files(&format!("w,{team},,haiku-4.5,global,1,2000,0,9,4,07-08,,1"), config)
    };
    let now = of("claims", "[budget.team]\nclaims = 0.1\n");
    for then in [of("tax", "[budget.team]\nclaims = 0.1\n"), of("claims", "[budget.team]\ntax = 0.1\n")] {
        assert_eq!(word(STRICT, &then, &now, "over-budget"), "new", "{}", then.csv);
    }
}

/// The price of what Nova 2 Lite writes into a cache is not known.
#[test]
fn a_budget_that_could_be_judged_is_news() {
    let nova = |rate: &str, written: &str| {
        let row = format!("w,,,nova-2-lite,global,{rate},1000,300,900,4,08-18,{written},");
        files(&row, "[budget]\nmonthly_usd = 900_000\n")
    };
    for (then, now, change) in [
        (("100", ""), ("1", "1"), "new"),
        (("100", "1"), ("100", "1"), "known"),
        (("100", "1"), ("99", "1"), "known"),
        (("100", "1"), ("101", "1"), "worse"),
        (("100", "1"), ("100", ""), ""),
    ] {
        let found = word(STRICT, &nova(then.0, then.1), &nova(now.0, now.1), "budget-undetermined");
        assert_eq!(found, change, "{then:?} {now:?}");
    }
}

/// Ten hours of settled and billed tokens: 2,700 and 1,500 a request; 700 million are the default.
fn day(account: &str, rate: &str, granted: &str) -> Files {
    let row = format!("w,,{account},haiku-4.5,us,{rate},1200,300,900,4,08-18,,");
    let of = if account.is_empty() { String::new() } else { format!("accounts.{account}.") };
    let granted = if granted.is_empty() { String::new() } else { format!("\"L-E3F10727\" = {granted}\n") };
    files(&row, &format!("[{of}granted]\n{granted}"))
}

#[test]
fn a_day_is_held_against_that_of_its_own_account() {
    for account in ["", "big"] {
        let now = day(account, "4000", "");
        for (other, rate, change) in [
            (account, "4000", "known"),
            (account, "3999", "worse"),
            (account, "400", "new"),
            ("other", "4000", "new"),
        ] {
            assert_eq!(word(STRICT, &day(other, rate, ""), &now, "account-daily"), change, "{other} {rate}");
        }
    }
}

/// 6,480 million tokens per day are settled for 4,000 requests per minute.
#[test]
fn a_day_is_new_where_it_was_within_its_limit_then() {
    for (then, now, change) in [
        (("4000", "10_000_000_000"), ("4000", ""), "new"),
        (("4000", "\"unlimited\""), ("4000", ""), "new"),
        (("4000", ""), ("4000", "1_000_000_000"), "known"),
        (("1000", ""), ("4000", "2_000_000_000"), "worse"),
    ] {
        let found = word(STRICT, &day("", then.0, then.1), &day("", now.0, now.1), "account-daily");
        assert_eq!(found, change, "{then:?} {now:?}");
    }
}
