//! What the table has instead of a model that AWS grants no increases for.

use std::cmp::Reverse;

use crate::catalog::{Catalog, Lifestage, Model, Residency, Scope};
use crate::text::FactDate;
use crate::units::Fact;

/// A model to move to, and where.
#[derive(Debug, Clone, Copy)]
pub struct Successor<'a> {
    /// The model.
    pub model: &'a Model,
    /// The scope asked for where it is offered there, else its first that keeps to the residency.
    pub scope: Scope,
}

/// The models to move to, and those of which that cannot be told.
#[derive(Debug, Clone, Default)]
pub struct Successors<'a> {
    /// Known to be active, the newest first.
    pub active: Vec<Successor<'a>>,
    /// Fit but for their status, which is not known, the newest first; none where a newer version of the
    /// same model is known to be active.
    pub status_unknown: Vec<Successor<'a>>,
}

/// The models to move to from a scope of a model: of the same provider and kind, offered, and in a scope that
/// keeps to the residency.
///
/// A successor is not older: a number above that of the same model (by its name without the number), or one
/// that is not below it in another family of the provider, since providers count across families (3, 3.5,
/// 4.5, 5). One that ends no later than the model is none. A model whose number cannot be told from its name
/// is none, and has none.
///
/// Active is what the table says is active; a model it says nothing about is of unknown status. Those in the
/// same scope come alone where there are any; then newer versions of the same model do. Of one number, the
/// order is the table's.
#[must_use]
pub fn successors<'a>(
    catalog: &'a Catalog,
    model: &Model,
    scope: Scope,
    residency: Option<Residency>,
    today: FactDate,
) -> Successors<'a> {
    let own = Version::read(&model.name);
    let is_own_family = |other: &Model| Version::read(&other.name).family == own.family;
    let is_newer = |other: &Model| {
        let number = Version::read(&other.name).number;
        let is_told = !own.number.is_empty() && !number.is_empty();
        is_told && if is_own_family(other) { number > own.number } else { number >= own.number }
    };
    let place = |other: &'a Model| {
        let mut scopes = other.scopes_that_keep_to(residency.unwrap_or(Residency::Any));
        let first = scopes.clone().next()?;
        let scope = if scopes.any(|one| one == scope) { scope } else { first };
        Some(Successor { model: other, scope })
    };
    let fits = catalog.models().iter().filter(|other| {
        other.id != model.id
            && other.provider == model.provider
            && other.kind == model.kind
            && !other.takes_no_increases(today)
            && !ends_no_later(other, model)
            && is_newer(other)
    });
    let (mut active, mut status_unknown): (Vec<_>, Vec<_>) =
        fits.filter_map(place).partition(|found| is_known_active(found.model));
    for found in [&mut active, &mut status_unknown] {
        keep_only(found, |one| one.scope == scope);
        keep_only(found, |one| is_own_family(one.model));
        found.sort_by_key(|one| Reverse(Version::read(&one.model.name).number));
    }
    if active.iter().any(|one| is_own_family(one.model)) {
        status_unknown.clear();
    }
    Successors { active, status_unknown }
}

/// Whether a model's name tells which generation it is of, so that newer ones can be told.
#[must_use]
pub(super) fn tells_its_generation(model: &Model) -> bool {
    !Version::read(&model.name).number.is_empty()
}

/// Whether a model ends by the day another one does, where both dates are known.
fn ends_no_later(other: &Model, than: &Model) -> bool {
    let end = |model: &Model| model.lifecycle.as_ref()?.retirement.map(FactDate::day);
    end(other).zip(end(than)).is_some_and(|(other, than)| other <= than)
}

fn is_known_active(model: &Model) -> bool {
    model.lifecycle.as_ref().is_some_and(|life| life.status == Fact::Known(Lifestage::Active))
}

/// Drops what does not hold, unless nothing does.
fn keep_only<'a>(found: &mut Vec<Successor<'a>>, holds: impl Fn(&Successor<'a>) -> bool) {
    if found.iter().any(&holds) {
        found.retain(holds);
    }
}

/// A model's name, with its version apart: `Claude Sonnet 4.5` is 4.5 of `Claude Sonnet`.
struct Version<'a> {
    family: Vec<&'a str>,
    number: Vec<u32>,
}

impl<'a> Version<'a> {
    /// The number is the first word of digits and full stops, with at most one letter before it (`K3`, `v4`);
    /// a size such as `70B` is none.
    fn read(name: &'a str) -> Self {
        let (mut family, mut number) = (Vec::new(), Vec::new());
        for word in name.split([' ', '-']) {
            let digits = word.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(word);
            let parts: Option<Vec<u32>> = digits.split('.').map(|part| part.parse().ok()).collect();
            match parts {
                Some(parts) if number.is_empty() => {
                    number = parts;
                    family.extend((digits.len() < word.len()).then(|| &word[..word.len() - digits.len()]));
                }
                _ => family.push(word),
            }
        }
        Self { family, number }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn a_name_is_a_family_and_a_version() {
        for (name, family, number) in [
            ("Claude Sonnet 4.5", "Claude Sonnet", vec![4, 5]),
            ("Claude 3 Haiku", "Claude Haiku", vec![3]),
            ("GPT-5.6 Sol", "GPT Sol", vec![5, 6]),
            ("Llama 3 70B Instruct", "Llama 70B Instruct", vec![3]),
            ("Kimi K3.1", "Kimi K", vec![3, 1]),
            ("Cohere Embed English v3", "Cohere Embed English v", vec![3]),
            ("Mistral 7B Instruct", "Mistral 7B Instruct", vec![]),
            ("Mixtral 8x7B Instruct", "Mixtral 8x7B Instruct", vec![]),
            ("Mistral Large (24.02)", "Mistral Large (24.02)", vec![]),
        ] {
            let version = Version::read(name);
            assert_eq!((version.family.join(" ").as_str(), version.number), (family, number));
        }
    }
}
