//! What the table has instead of a model that AWS grants no increases for.

use std::cmp::Reverse;

use crate::catalog::{Catalog, Model, Residency, ResidencyVerdict, Scope};
use crate::text::FactDate;

/// The models to move to from a scope of a model: of the same provider and kind, offered, taking
/// increases on that day, and in a scope that keeps to the residency.
///
/// Those in the same scope come alone where there are any. Newer versions of the same model, by its
/// name without the number, come alone where there are any, the newest first; others are in the order of
/// the table. An older version is no successor.
#[must_use]
pub fn successors<'a>(
    catalog: &'a Catalog,
    model: &Model,
    scope: Scope,
    residency: Option<Residency>,
    today: FactDate,
) -> Vec<&'a Model> {
    let keeps = |other: &Model, scope: Scope| {
        other.scope(scope).is_some() && other.keeps_to(residency, scope) == ResidencyVerdict::Met
    };
    let own = Version::read(&model.name);
    let candidates = catalog.models().iter().filter(|other| {
        let version = Version::read(&other.name);
        let is_newer = version.family != own.family || version.number > own.number;
        other.id != model.id
            && other.offered
            && other.provider == model.provider
            && other.kind == model.kind
            && !other.takes_no_increases(today)
            && is_newer
            && Scope::ALL.into_iter().any(|scope| keeps(other, scope))
    });
    let mut found: Vec<&Model> = candidates.collect();
    keep_only(&mut found, |other| keeps(other, scope));
    keep_only(&mut found, |other| Version::read(&other.name).family == own.family);
    found.sort_by_key(|other| {
        let version = Version::read(&other.name);
        Reverse(if version.family == own.family { version.number } else { Vec::new() })
    });
    found
}

/// Drops what does not hold, unless nothing does.
fn keep_only<'a>(found: &mut Vec<&'a Model>, holds: impl Fn(&'a Model) -> bool) {
    if found.iter().any(|model| holds(model)) {
        found.retain(|model| holds(model));
    }
}

/// A model's name, with its version apart: `Claude Sonnet 4.5` is 4.5 of `Claude Sonnet`.
struct Version<'a> {
    family: Vec<&'a str>,
    number: Vec<u32>,
}

impl<'a> Version<'a> {
    fn read(name: &'a str) -> Self {
        let (mut family, mut number) = (Vec::new(), Vec::new());
        for word in name.split([' ', '-']) {
            let parts: Option<Vec<u32>> = word.split('.').map(|part| part.parse().ok()).collect();
            match parts {
                Some(parts) if number.is_empty() => number = parts,
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
            ("Kimi K3", "Kimi K3", vec![]),
        ] {
            let version = Version::read(name);
            assert_eq!((version.family.join(" ").as_str(), version.number), (family, number));
        }
    }
}
