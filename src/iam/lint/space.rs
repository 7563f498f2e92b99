//! What the statements rest on that are about a call: which tests a call settles, and what is left unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::classes::{Class, table};
use super::condition::{Comparison, Operator, Set};
use super::document::{List, Statement, Test};
use super::pattern::{Holds, Pattern};

/// The actions that invoke a model.
pub(super) const INVOCATIONS: [&str; 2] = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/// The action that counts tokens.
pub(super) const COUNT: &str = "bedrock:CountTokens";

/// The key of the profile of a call, in lower case.
pub(super) const PROFILE_KEY: &str = "bedrock:inferenceprofilearn";
/// The key of the Region of a request, in lower case.
pub(super) const REGION_KEY: &str = "aws:requestedregion";

/// The actions that calls need.
pub(super) const ACTIONS: [&str; 3] = [INVOCATIONS[0], INVOCATIONS[1], COUNT];

/// `bedrock:InferenceProfileArn` in a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ProfileKey {
    Absent,
    Present(String),
    /// No AWS page tells whether the authorisation of the profile itself carries its own ARN.
    AbsentOr(String),
}

/// What Bedrock has authorised once for each resource that takes part in a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) action: &'static str,
    pub(super) resource: String,
    /// `aws:RequestedRegion`.
    pub(super) region: String,
    pub(super) profile: ProfileKey,
}

#[derive(Debug)]
pub(super) struct Ready<'d> {
    pub(super) source: &'d Statement,
    /// Of each action that calls need, whether the statement is about it.
    pub(super) names: [bool; ACTIONS.len()],
    pub(super) resources: Rc<[Pattern]>,
    /// The number of its resources among the lists of the policy, each of which is kept once.
    pub(super) list: usize,
    pub(super) tests: Vec<ReadyTest<'d>>,
}

#[derive(Debug)]
pub(super) struct ReadyTest<'d> {
    pub(super) source: &'d Test,
    /// `None` where IAM has no such operator.
    pub(super) operator: Option<Operator>,
    pub(super) stated: Vec<Pattern>,
    /// What it is: alike for tests that hold alike.
    pub(super) id: String,
    /// What makes the comparison uncertain: variables, and patterns of which AWS does not say what they match.
    pub(super) doubts: BTreeSet<String>,
    /// What it compares with, by its number among those of the policy; `None` of a `Null`.
    pub(super) predicate: Option<usize>,
}

/// A test of a live statement: what it says of each class of one dimension.
pub(super) struct Part {
    pub(super) dimension: usize,
    pub(super) table: Vec<bool>,
    pub(super) exempt: Option<String>,
}

/// What the unknown may be: a key with its classes, or something that holds or does not.
pub(super) struct Dimension {
    pub(super) names: BTreeSet<String>,
    pub(super) size: usize,
}

pub(super) struct Live {
    pub(super) statement: usize,
    pub(super) allows: bool,
    pub(super) parts: Vec<Part>,
}

/// A statement that rests on what holds or does not: its number, whether negated, and whom it exempts.
type Use = (usize, bool, Option<String>);

/// From the numbers of predicates, and whether the key may have several values, to the classes of a key.
pub(super) type ClassesOf<'p> = &'p dyn Fn(&[usize], bool) -> Option<Rc<Vec<Class>>>;

/// What the live statements rest on, collected before the classes of a key are known.
#[derive(Default)]
pub(super) struct Space<'p> {
    /// Of each key the tests on it.
    keys: BTreeMap<&'p str, Vec<(usize, &'p ReadyTest<'p>)>>,
    /// What holds or does not, by what it is: names, and for each statement whether it is negated.
    opaque: BTreeMap<String, (BTreeSet<String>, Vec<Use>)>,
    /// Tests on a profile key that may be absent: for each what it says then and otherwise.
    profile: Vec<(usize, [bool; 2])>,
}

/// What a call settles of a statement that holds for it or may: the rest is the same for every call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Settled {
    /// Something that holds or does not: what it is, its names, and whether it is negated.
    Opaque(String, BTreeSet<String>, bool),
    /// A test on a profile key that may be absent: what it says then and otherwise.
    Profile([bool; 2]),
}

/// What a call settles of a statement, given whether its resources fit; `None` where it does not hold.
pub(super) fn settle(ready: &Ready<'_>, fits: &Holds, call: &Call) -> Option<Vec<Settled>> {
    let mut settled = Vec::new();
    match fits {
        Holds::Depends(names) => {
            let id = format!("resources {} on {}", ready.list, call.resource);
            settled.push(Settled::Opaque(id, names.clone(), ready.source.resources.negated));
        }
        holds if (*holds == Holds::Yes) == ready.source.resources.negated => return None,
        _ => {}
    }
    let everybody = |list: &&List| list.items.iter().any(|text| text.text == "*");
    if ready.source.principals.iter().filter(everybody).any(|list| list.negated) {
        return None;
    }
    for test in &ready.tests {
        let Some(operator) = test.operator else { continue };
        match (test.source.key.as_str(), &call.profile) {
            (REGION_KEY, _) => match test.on(&call.region) {
                Holds::No => return None,
                Holds::Yes => {}
                Holds::Depends(names) => {
                    settled.push(Settled::Opaque(
                        format!("{} {}", test.id, call.region),
                        names,
                        test.negated(),
                    ));
                }
            },
            (PROFILE_KEY, ProfileKey::Absent) if !test.for_absent(operator) => return None,
            (PROFILE_KEY, ProfileKey::Absent) => {}
            (PROFILE_KEY, ProfileKey::Present(arn)) => match test.on(arn) {
                Holds::No => return None,
                Holds::Yes => {}
                Holds::Depends(names) => {
                    settled.push(Settled::Opaque(format!("{} {arn}", test.id), names, test.negated()));
                }
            },
            (PROFILE_KEY, ProfileKey::AbsentOr(arn)) => match test.on(arn) {
                Holds::Depends(mut names) => {
                    names.extend(test.doubts.iter().cloned());
                    names.insert(test.source.key_as_written.clone());
                    settled.push(Settled::Opaque(format!("{} {arn}", test.id), names, test.negated()));
                }
                holds => match [test.for_absent(operator), holds == Holds::Yes] {
                    [false, false] => return None,
                    [true, true] => {}
                    table => settled.push(Settled::Profile(table)),
                },
            },
            _ => {}
        }
    }
    Some(settled)
}

/// Whether the resources fit, each pattern by itself.
pub(super) fn fits(resources: &[Pattern], call: &Call) -> Holds {
    any(resources, |pattern| with_region(pattern.matches(&call.resource), pattern, call))
}

impl<'p> Space<'p> {
    /// Takes in a statement: what the call settled of it, and what no call settles.
    pub(super) fn enter(&mut self, index: usize, ready: &'p Ready<'p>, settled: &[Settled]) {
        for one in settled {
            match one {
                Settled::Opaque(id, names, negated) => {
                    self.add_opaque(id.clone(), names, (index, *negated, None));
                }
                Settled::Profile(table) => self.profile.push((index, *table)),
            }
        }
        for list in &ready.source.principals {
            if list.items.iter().any(|text| text.text == "*") {
                continue;
            }
            let names: Vec<&str> = list.items.iter().map(|text| text.text.as_str()).collect();
            let exempt = list.negated.then(|| names.join(" or "));
            let name = if list.negated { "NotPrincipal" } else { "Principal" };
            let id = format!("Principal {names:?}");
            self.add_opaque(id, &[name.to_owned()].into(), (index, list.negated, exempt));
        }
        for test in &ready.tests {
            let key = test.source.key.as_str();
            let named = || {
                let mut names = test.doubts.clone();
                names.insert(test.source.key_as_written.clone());
                names
            };
            let Some(operator) = test.operator else {
                let id = format!("{} {}", test.source.operator, test.id);
                let names = [test.source.key_as_written.clone()].into();
                self.add_opaque(id, &names, (index, false, None));
                continue;
            };
            match key {
                REGION_KEY | PROFILE_KEY => {}
                _ if !test.doubts.is_empty() => {
                    self.add_opaque(
                        test.id.clone(),
                        &named(),
                        (index, test.negated(), test.exempts(operator)),
                    );
                }
                _ => self.keys.entry(key).or_default().push((index, test)),
            }
        }
    }

    fn add_opaque(&mut self, id: String, names: &BTreeSet<String>, of: Use) {
        self.opaque.entry(id).or_insert_with(|| (names.clone(), Vec::new())).1.push(of);
    }

    /// Gives the live statements their parts.
    ///
    /// `classes_of` gives the classes of a key from the numbers of the predicates on it.
    pub(super) fn finish(self, live: &mut Vec<Live>, classes_of: ClassesOf<'_>) -> Vec<Dimension> {
        let mut dimensions: Vec<Dimension> = Vec::new();
        let mut give = |statement: usize, part: Part| {
            // In the order of the statements.
            if let Ok(at) = live.binary_search_by_key(&statement, |live| live.statement) {
                live[at].parts.push(part);
            }
        };
        for (_, (names, uses)) in self.opaque {
            let dimension = dimensions.len();
            dimensions.push(Dimension { names, size: 2 });
            for (statement, negated, exempt) in uses {
                give(statement, Part { dimension, table: vec![negated, !negated], exempt });
            }
        }
        if !self.profile.is_empty() {
            let dimension = dimensions.len();
            dimensions.push(Dimension { names: ["bedrock:InferenceProfileArn".to_owned()].into(), size: 2 });
            for (statement, table) in self.profile {
                give(statement, Part { dimension, table: table.to_vec(), exempt: None });
            }
        }
        for (_, tests) in self.keys {
            let mut predicates: Vec<usize> = tests.iter().filter_map(|(_, test)| test.predicate).collect();
            predicates.sort_unstable();
            predicates.dedup();
            let sets = tests.iter().any(|(_, test)| test.set() != Set::One);
            let names: BTreeSet<String> =
                tests.first().map(|(_, test)| test.source.key_as_written.clone()).into_iter().collect();
            let Some(classes) = classes_of(&predicates, sets) else {
                // Too many to try: each test by itself.
                for (statement, test) in tests {
                    let Some(operator) = test.operator else { continue };
                    let dimension = dimensions.len();
                    dimensions.push(Dimension { names: names.clone(), size: 2 });
                    give(
                        statement,
                        Part { dimension, table: vec![false, true], exempt: test.exempts(operator) },
                    );
                }
                continue;
            };
            let dimension = dimensions.len();
            dimensions.push(Dimension { names, size: classes.len() });
            for (statement, test) in tests {
                let Some(operator) = test.operator else { continue };
                let table = match test.predicate {
                    Some(predicate) => {
                        let number = predicates.binary_search(&predicate).unwrap_or_default();
                        table(&classes, number, (test.set(), test.negated()), test.for_absent(operator))
                    }
                    None => {
                        let of = |class: &Class| {
                            if *class == Class::Absent { test.null(true) } else { test.null(false) }
                        };
                        classes.iter().map(of).collect()
                    }
                };
                give(statement, Part { dimension, table, exempt: test.exempts(operator) });
            }
        }
        // A test that no class passes, or each, says nothing of the unknown.
        live.retain(|live| live.parts.iter().all(|part| part.table.contains(&true)));
        for one in live.iter_mut() {
            one.parts.retain(|part| part.table.contains(&false));
        }
        dimensions
    }
}

impl ReadyTest<'_> {
    fn set(&self) -> Set {
        match self.operator {
            Some(Operator::Compare { set, .. }) => set,
            Some(Operator::Null) | None => Set::One,
        }
    }

    fn comparison(&self) -> Option<Comparison> {
        match self.operator? {
            Operator::Compare { comparison, .. } => Some(comparison),
            Operator::Null => None,
        }
    }

    fn negated(&self) -> bool {
        matches!(self.operator, Some(Operator::Compare { negated: true, .. }))
    }

    /// Whether a `Null` holds where the key is absent, or where it is there.
    fn null(&self, absent: bool) -> bool {
        let wanted = if absent { "true" } else { "false" };
        self.source.values.iter().any(|value| value.text.eq_ignore_ascii_case(wanted))
    }

    fn for_absent(&self, operator: Operator) -> bool {
        if operator == Operator::Null { self.null(true) } else { operator.holds_for_absent() }
    }

    /// Whether it holds where the key has this one value.
    fn on(&self, value: &str) -> Holds {
        match self.comparison() {
            None => {
                if self.null(false) {
                    Holds::Yes
                } else {
                    Holds::No
                }
            }
            Some(comparison) => {
                negate(any(&self.stated, |stated| comparison.holds(stated, value)), self.negated())
            }
        }
    }

    /// Whom it leaves out of a Deny, where it leaves out some principals.
    fn exempts(&self, operator: Operator) -> Option<String> {
        let key = self.source.key.as_str();
        let of_principals = key.starts_with("aws:principal")
            || [
                "aws:userid",
                "aws:username",
                "aws:sourceidentity",
                "aws:federatedprovider",
                "aws:viaawsservice",
            ]
            .contains(&key)
            || ["sts:", "saml:"].iter().any(|prefix| key.starts_with(prefix));
        if !of_principals {
            return None;
        }
        let written = &self.source.key_as_written;
        let values: Vec<&str> = self.source.values.iter().map(|value| value.text.as_str()).collect();
        match operator {
            Operator::Null => {
                (self.null(true) && !self.null(false)).then(|| format!("{written} that is set"))
            }
            Operator::Compare { negated: true, .. } => Some(format!("{written} {}", values.join(" or "))),
            // `aws:PrincipalIsAWSService` is one of two.
            Operator::Compare { comparison: Comparison::Boolean, .. } => {
                (values == ["false"]).then(|| format!("{written} true"))
            }
            Operator::Compare { .. } => None,
        }
    }
}

/// A pattern whose only variable is the Region of the request is certain.
fn with_region(holds: Holds, pattern: &Pattern, call: &Call) -> Holds {
    match holds {
        Holds::Depends(names) if names.iter().all(|name| name.eq_ignore_ascii_case(REGION_KEY)) => {
            pattern.with_variables(&call.region).matches(&call.resource)
        }
        holds => holds,
    }
}

pub(super) fn any(patterns: &[Pattern], mut holds: impl FnMut(&Pattern) -> Holds) -> Holds {
    let mut names = BTreeSet::new();
    for pattern in patterns {
        match holds(pattern) {
            Holds::Yes => return Holds::Yes,
            Holds::No => {}
            Holds::Depends(more) => names.extend(more),
        }
    }
    if names.is_empty() { Holds::No } else { Holds::Depends(names) }
}

pub(super) fn negate(holds: Holds, negated: bool) -> Holds {
    match (holds, negated) {
        (Holds::Yes, true) => Holds::No,
        (Holds::No, true) => Holds::Yes,
        (holds, _) => holds,
    }
}
