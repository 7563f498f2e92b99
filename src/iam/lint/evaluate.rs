//! What a policy does to one call, whatever the keys are that the call does not tell.
//!
//! After the IAM user guide, reference_policies_evaluation-logic, copy of 2026: a Deny that holds denies;
//! else an Allow that holds allows; else the call is denied. Every test of a statement must hold. Keys of
//! unknown value are tried in every class that the document tells apart (`classes.rs`); beyond
//! [`MOST_TRIED`] combinations the answer is `Depends`, which is never wrong.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::classes::{Class, Predicate, classes};
use super::condition::{Comparison, Operator, Set};
use super::document::{Statement, Text};
use super::pattern::{Holds, Pattern, Reading};
use super::space::{
    ACTIONS, Call, Dimension, Live, Ready, ReadyTest, Settled, Space, any, fits, negate, settle,
};

/// Most combinations of classes that are tried for one call.
const MOST_TRIED: usize = 10_000;

/// What a policy does to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is allowed.
    Allowed,
    /// It is denied; but for those named here, of whom the policy exempts some.
    Denied {
        /// Whom the Deny leaves out, in words; empty where it leaves out nobody.
        exempt: Vec<String>,
    },
    /// It is allowed or denied by what these keys and variables are.
    Depends {
        /// Their names, sorted.
        keys: Vec<String>,
    },
}

/// A verdict and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// The statement that decides, by its number; `None` where no statement is about the call.
    pub(super) statement: Option<usize>,
}

/// By the numbers of the predicates, and whether the key may have several values.
type KnownClasses = BTreeMap<(Vec<usize>, bool), Option<Rc<Vec<Class>>>>;

/// The statements that hold for a call or may, each with what the call settles of it.
type Settlement = Vec<(usize, Vec<Settled>)>;

/// Most settlements whose judgement is kept. Most calls are alike to a policy, as all models of a scope are.
const MOST_KEPT: usize = 256;

/// A policy, ready to be asked.
#[derive(Debug)]
pub(super) struct Policy<'d> {
    statements: Vec<Ready<'d>>,
    /// The lists of resources, each once.
    lists: Vec<Rc<[Pattern]>>,
    /// Judgements by what led to them, since many calls are alike.
    judged: RefCell<BTreeMap<Settlement, Judgement>>,
    /// What the tests compare with, each once.
    predicates: Vec<Predicate>,
    /// The classes of keys, which are the same for many calls.
    classes: RefCell<KnownClasses>,
    /// Whether a call that no statement is about is denied.
    pub(super) needs_allow: bool,
}

impl<'d> Policy<'d> {
    pub(super) fn new(statements: &'d [Statement], needs_allow: bool) -> Self {
        let mut numbers: BTreeMap<Predicate, usize> = BTreeMap::new();
        let mut ready = Vec::new();
        let mut lists: BTreeMap<Rc<[Pattern]>, usize> = BTreeMap::new();
        for source in statements {
            let reading = Reading { wildcards: true, variables: source.variables };
            let lower = |text: &Text| Pattern::read(&text.text.to_ascii_lowercase(), reading);
            let plain = |text: &Text| Pattern::read(&text.text, reading);
            let tests = source.tests.iter().map(|test| {
                let operator = Operator::parse(&test.operator);
                let wildcards = operator.is_some_and(Operator::has_wildcards);
                let reading = Reading { wildcards, variables: source.variables };
                let mut stated: Vec<Pattern> =
                    test.values.iter().map(|value| Pattern::read(&value.text, reading)).collect();
                stated.sort();
                stated.dedup();
                let comparison = match operator {
                    Some(Operator::Compare { comparison, .. }) => Some(comparison),
                    Some(Operator::Null) | None => None,
                };
                let arn = comparison == Some(Comparison::Arn);
                let predicate = comparison.map(|comparison| {
                    let next = numbers.len();
                    *numbers.entry(Predicate::new(comparison, &stated)).or_insert(next)
                });
                let doubts = stated.iter().flat_map(|one| one.doubts(arn)).collect();
                let set = match operator {
                    Some(Operator::Compare { set, .. }) => set,
                    Some(Operator::Null) | None => Set::One,
                };
                let id = format!("{comparison:?} {} {stated:?} {set:?}", test.key);
                ReadyTest { source: test, operator, stated, id, doubts, predicate }
            });
            let tests = tests.collect();
            let actions: Vec<Pattern> = source.actions.items.iter().map(lower).collect();
            let names = ACTIONS.map(|action| {
                let action = action.to_ascii_lowercase();
                let named = actions.iter().any(|pattern| pattern.matches(&action) != Holds::No);
                named != source.actions.negated
            });
            let resources: Rc<[Pattern]> = source.resources.items.iter().map(plain).collect();
            let next = lists.len();
            let list = *lists.entry(Rc::clone(&resources)).or_insert(next);
            ready.push(Ready { source, names, resources, list, tests });
        }
        let mut lists: Vec<(Rc<[Pattern]>, usize)> = lists.into_iter().collect();
        lists.sort_by_key(|(_, number)| *number);
        let lists = lists.into_iter().map(|(list, _)| list).collect();
        let mut predicates: Vec<(Predicate, usize)> = numbers.into_iter().collect();
        predicates.sort_by_key(|(_, number)| *number);
        let predicates = predicates.into_iter().map(|(predicate, _)| predicate).collect();
        Self {
            statements: ready,
            lists,
            judged: RefCell::default(),
            predicates,
            classes: RefCell::default(),
            needs_allow,
        }
    }

    fn classes_of(&self, numbers: &[usize], sets: bool) -> Option<Rc<Vec<Class>>> {
        let key = (numbers.to_vec(), sets);
        if let Some(known) = self.classes.borrow().get(&key) {
            return known.clone();
        }
        let predicates: Vec<&Predicate> =
            numbers.iter().filter_map(|number| self.predicates.get(*number)).collect();
        let found = classes(&predicates, sets).map(Rc::new);
        self.classes.borrow_mut().insert(key, found.clone());
        found
    }

    /// Whether the statement is about the action, one of those that calls need.
    pub(super) fn names_action(&self, statement: usize, action: &str) -> bool {
        let number = ACTIONS.iter().position(|known| *known == action);
        let ready = self.statements.get(statement);
        ready.zip(number).is_some_and(|(ready, number)| ready.names[number])
    }

    /// Whether an Allow is about the action on the resource, whatever its conditions.
    pub(super) fn may_allow(&self, action: &str, resource: &str) -> bool {
        self.allows(action, resource, |holds| holds != Holds::No)
    }

    /// Whether an Allow is certainly about the action on the resource, whatever its conditions.
    pub(super) fn allows_for_certain(&self, action: &str, resource: &str) -> bool {
        self.allows(action, resource, |holds| holds == Holds::Yes)
    }

    fn allows(&self, action: &str, resource: &str, enough: impl Fn(Holds) -> bool) -> bool {
        let mut fit: Vec<Option<Holds>> = vec![None; self.lists.len()];
        (0..self.statements.len()).any(|index| {
            let ready = &self.statements[index];
            if !ready.source.allows || !self.names_action(index, action) {
                return false;
            }
            let fits = || any(&ready.resources, |pattern| pattern.matches(resource));
            let fits = fit[ready.list].get_or_insert_with(fits).clone();
            enough(negate(fits, ready.source.resources.negated))
        })
    }

    /// The verdict where nothing is denied by a Deny.
    pub(super) fn is_allowed_somewhere(&self, call: &Call) -> bool {
        self.judge_with(call, false).verdict != Verdict::Denied { exempt: Vec::new() }
    }

    /// What the policy does to a call.
    pub(super) fn judge(&self, call: &Call) -> Judgement {
        self.judge_with(call, true)
    }

    fn judge_with(&self, call: &Call, with_denies: bool) -> Judgement {
        let mut fit: Vec<Option<Holds>> = vec![None; self.lists.len()];
        let mut settlement: Settlement = Vec::new();
        for (index, ready) in self.statements.iter().enumerate() {
            if !(ready.source.allows || with_denies) || !self.names_action(index, call.action) {
                continue;
            }
            let fits = fit[ready.list].get_or_insert_with(|| fits(&ready.resources, call));
            settlement.extend(settle(ready, fits, call).map(|settled| (index, settled)));
        }
        if let Some(known) = self.judged.borrow().get(&settlement) {
            return known.clone();
        }
        let mut space = Space::default();
        let mut live: Vec<Live> = Vec::new();
        for (index, settled) in &settlement {
            let Some(ready) = self.statements.get(*index) else { continue };
            space.enter(*index, ready, settled);
            live.push(Live { statement: *index, allows: ready.source.allows, parts: Vec::new() });
        }
        let dimensions = space.finish(&mut live, &|numbers, sets| self.classes_of(numbers, sets));
        let judgement = decide(&live, &dimensions, self.needs_allow);
        let mut judged = self.judged.borrow_mut();
        if judged.len() < MOST_KEPT {
            judged.insert(settlement, judgement.clone());
        }
        judgement
    }
}

fn decide(live: &[Live], dimensions: &[Dimension], needs_allow: bool) -> Judgement {
    let first = |allows: bool| live.iter().find(|one| one.allows == allows).map(|one| one.statement);
    let unconditional = |allows: bool| live.iter().find(|one| one.allows == allows && one.parts.is_empty());
    if let Some(deny) = unconditional(false) {
        return Judgement {
            verdict: Verdict::Denied { exempt: Vec::new() },
            statement: Some(deny.statement),
        };
    }
    let allowed = !needs_allow || unconditional(true).is_some();
    if allowed && first(false).is_none() {
        let statement = unconditional(true).map(|one| one.statement);
        return Judgement { verdict: Verdict::Allowed, statement };
    }
    // Only what a live statement rests on is tried.
    let used: BTreeSet<usize> =
        live.iter().flat_map(|one| one.parts.iter().map(|part| part.dimension)).collect();
    let used: Vec<usize> = used.into_iter().collect();
    let sizes: Vec<usize> =
        used.iter().filter_map(|index| dimensions.get(*index)).map(|one| one.size).collect();
    let names = |which: &mut dyn Iterator<Item = usize>| -> Vec<String> {
        let all: BTreeSet<String> =
            which.filter_map(|index| dimensions.get(index)).flat_map(|one| one.names.clone()).collect();
        all.into_iter().collect()
    };
    let count = sizes
        .iter()
        .try_fold(1_usize, |count, size| count.checked_mul(*size).filter(|count| *count <= MOST_TRIED));
    let keys = match count {
        None => names(&mut used.iter().copied()),
        Some(count) => {
            let outcomes = outcomes(count, live, &used, &sizes, needs_allow);
            if outcomes.iter().all(|allowed| *allowed) {
                return Judgement { verdict: Verdict::Allowed, statement: first(true) };
            }
            if !outcomes.contains(&true) {
                // Where no Allow is about it, no Deny is to blame.
                let statement = first(false).filter(|_| !needs_allow || first(true).is_some());
                return Judgement { verdict: Verdict::Denied { exempt: Vec::new() }, statement };
            }
            let mut stride = 1;
            let mut matter = Vec::new();
            for (dimension, size) in used.iter().zip(&sizes) {
                let turns = (0..count).any(|number| {
                    number / stride % size > 0 && outcomes[number] != outcomes[number - stride]
                });
                if turns {
                    matter.push(*dimension);
                }
                stride *= size;
            }
            names(&mut matter.into_iter())
        }
    };
    let exempting = live.iter().find(|one| !one.allows && one.parts.iter().all(|part| part.exempt.is_some()));
    if let Some(deny) = exempting {
        let exempt = deny.parts.iter().filter_map(|part| part.exempt.clone()).collect();
        return Judgement { verdict: Verdict::Denied { exempt }, statement: Some(deny.statement) };
    }
    Judgement { verdict: Verdict::Depends { keys }, statement: first(false).or(first(true)) }
}

/// Whether the call is allowed, for each combination of classes; the first dimension turns fastest.
fn outcomes(count: usize, live: &[Live], used: &[usize], sizes: &[usize], needs_allow: bool) -> Vec<bool> {
    let position = |dimension: usize| used.binary_search(&dimension).unwrap_or_default();
    type Tables<'t> = Vec<(usize, &'t [bool])>;
    let statements: Vec<(bool, Tables<'_>)> = live
        .iter()
        .map(|one| {
            let parts = one.parts.iter().map(|part| (position(part.dimension), part.table.as_slice()));
            (one.allows, parts.collect())
        })
        .collect();
    let mut class = vec![0; sizes.len()];
    let mut found = Vec::with_capacity(count);
    for _ in 0..count {
        let holds = |parts: &[(usize, &[bool])]| {
            parts.iter().all(|(at, table)| table.get(class[*at]).copied().unwrap_or(false))
        };
        let denied = statements.iter().any(|(allows, parts)| !allows && holds(parts));
        found.push(
            !denied && (!needs_allow || statements.iter().any(|(allows, parts)| *allows && holds(parts))),
        );
        for (class, size) in class.iter_mut().zip(sizes) {
            *class += 1;
            if *class < *size {
                break;
            }
            *class = 0;
        }
    }
    found
}
