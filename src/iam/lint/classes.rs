//! The values that an unknown key may have, as far as the tests of a document tell them apart.
//!
//! Two values are of one class where every test says the same of both. Classes that no value has may be
//! among them, which makes an answer less sure; none that a value has is missing, so no answer is wrong.

use std::collections::BTreeSet;

use super::condition::{Comparison, Network, Set};
use super::pattern::{Holds, Pattern};

/// What a test compares its key with, without what negates it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Predicate {
    comparison: Comparison,
    stated: Vec<Pattern>,
    /// Those that one text alone fits, which may be thousands.
    literals: BTreeSet<String>,
    /// Those that more texts than one fit.
    wide: Vec<Pattern>,
}

/// What a key may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Absent,
    /// One value, or several of a key that has them; for each value what every predicate says of it.
    Values(Vec<Vec<bool>>),
}

/// Most predicates that are combined freely, and most values of which every set is tried.
const MOST_FREE: usize = 10;
const MOST_SETS: usize = 6;
/// Most letters of a text that is tried in every case.
const MOST_LETTERS: usize = 6;

impl Predicate {
    pub(super) fn new(comparison: Comparison, stated: &[Pattern]) -> Self {
        let (literals, wide): (Vec<&Pattern>, Vec<&Pattern>) =
            stated.iter().partition(|one| one.is_literal());
        Self {
            comparison,
            stated: stated.to_vec(),
            literals: literals.into_iter().filter_map(Pattern::literal).collect(),
            wide: wide.into_iter().cloned().collect(),
        }
    }

    fn holds(&self, value: &str) -> bool {
        let fits = |stated: &Pattern| self.comparison.holds(stated, value) == Holds::Yes;
        match self.comparison {
            Comparison::Equal | Comparison::Like | Comparison::Arn => {
                self.literals.contains(value) || self.wide.iter().any(fits)
            }
            _ => self.stated.iter().any(fits),
        }
    }

    fn is_arn(&self) -> bool {
        self.comparison == Comparison::Arn
    }

    fn wide(&self) -> impl Iterator<Item = &Pattern> {
        self.wide.iter()
    }

    /// Whether a value that stands nowhere in the document may fit.
    fn is_open(&self) -> bool {
        match self.comparison {
            Comparison::Equal | Comparison::Boolean => false,
            Comparison::Like | Comparison::Arn => self.wide().next().is_some(),
            Comparison::EqualIgnoringCase => self.literals.iter().any(|text| in_every_case(text).is_none()),
            Comparison::Number(_) | Comparison::Date(_) | Comparison::Address => true,
        }
    }

    /// Whether every value fits.
    fn is_always(&self) -> bool {
        let everything = |stated: &Pattern| Pattern::everything().is_within(stated, false);
        self.comparison == Comparison::Like && self.stated.iter().any(everything)
    }

    fn is_within(&self, other: &Self) -> bool {
        if self.comparison != other.comparison {
            return false;
        }
        match self.comparison {
            Comparison::Like | Comparison::Arn => {
                self.wide().all(|own| other.wide().any(|other| own.is_within(other, self.is_arn())))
            }
            Comparison::EqualIgnoringCase => self.lowered().is_subset(&other.lowered()),
            Comparison::Address => {
                let others = other.networks();
                self.networks().iter().all(|own| others.iter().any(|other| own.is_within(*other)))
            }
            _ => false,
        }
    }

    fn is_apart(&self, other: &Self) -> bool {
        let any_case = |one: &Self| one.comparison == Comparison::EqualIgnoringCase;
        let wide = |one: &Self| matches!(one.comparison, Comparison::Like | Comparison::Arn);
        match (any_case(self), wide(other), any_case(other), wide(self)) {
            (true, true, _, _) => return other.misses(&self.lowered()),
            (_, _, true, true) => return self.misses(&other.lowered()),
            _ if self.comparison != other.comparison => return false,
            _ => {}
        }
        match self.comparison {
            Comparison::Like | Comparison::Arn => {
                self.wide().all(|own| other.wide().all(|other| own.is_apart(other, self.is_arn())))
            }
            Comparison::EqualIgnoringCase => self.lowered().is_disjoint(&other.lowered()),
            Comparison::Address => {
                let others = other.networks();
                let meet = |own: Network, other: Network| own.is_within(other) || other.is_within(own);
                self.networks().iter().all(|own| !others.iter().any(|other| meet(*own, *other)))
            }
            _ => false,
        }
    }

    /// Whether no pattern fits any of the texts, in whatever case they are.
    fn misses(&self, texts: &BTreeSet<String>) -> bool {
        let fits = |text: &String| self.wide().any(|stated| stated.lowered().matches(text) != Holds::No);
        !texts.iter().any(fits)
    }

    fn lowered(&self) -> BTreeSet<String> {
        self.literals.iter().map(|text| text.to_lowercase()).collect()
    }

    fn networks(&self) -> Vec<Network> {
        self.literals.iter().filter_map(|text| Network::parse(text)).collect()
    }
}

/// Every class of a key, the absent one first; `None` where there are too many to try.
///
/// `sets`: whether a test takes the key for one with several values.
pub(super) fn classes(predicates: &[&Predicate], sets: bool) -> Option<Vec<Class>> {
    let values: Vec<Vec<bool>> = values(predicates)?.into_iter().collect();
    let mut classes = vec![Class::Absent];
    if !sets {
        classes.extend(values.into_iter().map(|value| Class::Values(vec![value])));
        return Some(classes);
    }
    if values.len() > MOST_SETS {
        return None;
    }
    for set in 1..1_usize << values.len() {
        let members = values.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
        classes.push(Class::Values(members.map(|(_, value)| value.clone()).collect()));
    }
    Some(classes)
}

fn values(predicates: &[&Predicate]) -> Option<BTreeSet<Vec<bool>>> {
    let on_a_line = |of: fn(Comparison) -> bool| predicates.iter().all(|predicate| of(predicate.comparison));
    if on_a_line(|comparison| matches!(comparison, Comparison::Number(_)))
        || on_a_line(|comparison| matches!(comparison, Comparison::Date(_)))
    {
        return Some(on_the_line(predicates));
    }
    let mut found = BTreeSet::new();
    let vector = |value: &str| predicates.iter().map(|predicate| predicate.holds(value)).collect();
    let booleans = on_a_line(|comparison| comparison == Comparison::Boolean);
    if booleans {
        return Some(["true", "false"].map(vector).into_iter().collect());
    }
    if on_a_line(|comparison| comparison == Comparison::Address) {
        // Addresses of one class lie between a start and an end of the networks.
        let networks: Vec<Network> = predicates.iter().flat_map(|one| one.networks()).collect();
        let ends = networks.iter().filter_map(|network| network.behind());
        let starts = networks.iter().map(|network| network.first());
        let lowest = ["0.0.0.0", "::"].map(str::to_owned);
        return Some(starts.chain(ends).chain(lowest).map(|address| vector(&address)).collect());
    }
    for predicate in predicates {
        for literal in predicate.literals.iter().cloned() {
            let network = Network::parse(&literal).filter(|_| predicate.comparison == Comparison::Address);
            if predicate.comparison == Comparison::EqualIgnoringCase {
                found.extend(in_every_case(&literal).unwrap_or_default().iter().map(|text| vector(text)));
            }
            found.insert(vector(&network.map_or(literal, Network::first)));
        }
    }
    let open: Vec<usize> = (0..predicates.len()).filter(|index| predicates[*index].is_open()).collect();
    if open.len() > MOST_FREE {
        return None;
    }
    for chosen in 0..1_usize << open.len() {
        let holds = |position: usize| chosen >> position & 1 == 1;
        let possible = open.iter().enumerate().all(|(position, index)| {
            let own = predicates[*index];
            if !holds(position) {
                return !own.is_always();
            }
            open.iter().enumerate().all(|(other, index)| {
                let another = predicates[*index];
                other == position
                    || if holds(other) { !own.is_apart(another) } else { !own.is_within(another) }
            })
        });
        if possible {
            let of = |index: usize| open.iter().position(|one| *one == index).is_some_and(holds);
            found.insert((0..predicates.len()).map(of).collect());
        }
    }
    Some(found)
}

/// A short text in each way to write it in capitals and small letters; `None` of one that has too many.
fn in_every_case(text: &str) -> Option<Vec<String>> {
    if !text.is_ascii() || text.chars().filter(char::is_ascii_alphabetic).count() > MOST_LETTERS {
        return None;
    }
    let mut all = vec![String::new()];
    for c in text.chars() {
        let mut ways = vec![c.to_ascii_lowercase(), c.to_ascii_uppercase()];
        ways.dedup();
        // The sign for kelvin is a capital k too.
        ways.extend((c.eq_ignore_ascii_case(&'k')).then_some('\u{212a}'));
        all = all.iter().flat_map(|head| ways.iter().map(move |way| format!("{head}{way}"))).collect();
    }
    Some(all)
}

/// Of numbers and dates: each that is stated, and one between each two neighbours and beyond the ends.
fn on_the_line(predicates: &[&Predicate]) -> BTreeSet<Vec<bool>> {
    let stated =
        predicates.iter().flat_map(|one| one.stated.iter().map(|stated| one.comparison.point(stated)));
    let mut points: Vec<f64> = stated.flatten().filter(|point| point.is_finite()).collect();
    points.sort_by(f64::total_cmp);
    points.dedup();
    let mut tried: Vec<f64> = points.windows(2).map(|pair| pair[0] / 2.0 + pair[1] / 2.0).collect();
    tried.extend([f64::NEG_INFINITY, f64::INFINITY]);
    tried.extend(points);
    let vector = |at: &f64| {
        let holds = |one: &&Predicate| one.stated.iter().any(|stated| one.comparison.holds_at(stated, *at));
        predicates.iter().map(holds).collect()
    };
    tried.iter().map(vector).collect()
}

/// What a test says of each class.
pub(super) fn table(
    classes: &[Class],
    predicate: usize,
    (set, negated): (Set, bool),
    for_absent: bool,
) -> Vec<bool> {
    let of = |class: &Class| match class {
        Class::Absent => for_absent,
        Class::Values(values) => {
            let holds = |value: &Vec<bool>| value.get(predicate).copied().unwrap_or(false);
            match set {
                Set::All => values.iter().all(|value| holds(value) != negated),
                Set::Any => values.iter().any(|value| holds(value) != negated),
                Set::One => values.iter().any(holds) != negated,
            }
        }
    };
    classes.iter().map(of).collect()
}
