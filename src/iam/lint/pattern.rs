//! Texts of a policy that stand for others: wildcards, and variables of which some have a known value.
//!
//! A variable without a known value makes a match possible, never certain; nothing here guesses one.

use std::collections::BTreeSet;

use crate::catalog::REGION;

/// Whether something holds for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    Yes,
    No,
    /// It depends on these variables, whose values the document does not have.
    Depends(BTreeSet<String>),
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// A variable, by the name under which it is reported.
    Variable(String),
}

/// A text with wildcards and variables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
    /// The characters before its first wildcard or variable: most texts are told apart by it.
    head: String,
}

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// Whether `*` and `?` are wildcards.
    pub(super) wildcards: bool,
    /// Whether `${aws:username}` and its like are variables, which they are from version 2012-10-17 on.
    pub(super) variables: bool,
}

impl Pattern {
    fn new(pieces: Vec<Piece>) -> Self {
        let head = pieces.iter().map_while(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None });
        Self { head: head.collect(), pieces }
    }

    /// Reads a text whose template variables are resolved already.
    pub(super) fn read(text: &str, reading: Reading) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some((name, behind)) = variable(rest) {
                let policy = is_policy_variable(name);
                if !policy || reading.variables {
                    match name {
                        "*" | "?" | "$" => pieces.extend(name.chars().map(Piece::Char)),
                        _ if policy => pieces.push(Piece::Variable(policy_name(name).to_owned())),
                        _ => pieces.push(Piece::Variable(format!("${{{name}}}"))),
                    }
                    rest = behind;
                    continue;
                }
            }
            pieces.push(match c {
                '*' if reading.wildcards => Piece::Many,
                '?' if reading.wildcards => Piece::One,
                c => Piece::Char(c),
            });
            rest = &rest[c.len_utf8()..];
        }
        Self::new(pieces)
    }

    /// The pattern `*`.
    pub(super) fn everything() -> Self {
        Self::new(vec![Piece::Many])
    }

    pub(super) fn is_literal(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Char(_)))
    }

    /// The whole text, where it has no wildcard and no variable.
    pub(super) fn literal(&self) -> Option<String> {
        self.is_literal().then(|| self.head.clone())
    }

    /// The same with a text in the place of its variables.
    pub(super) fn with_variables(&self, text: &str) -> Self {
        let mut pieces = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Variable(_) => pieces.extend(text.chars().map(Piece::Char)),
                other => pieces.push(other.clone()),
            }
        }
        Self::new(pieces)
    }

    pub(super) fn variables(&self) -> BTreeSet<String> {
        let names = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.clone()),
            Piece::Char(_) | Piece::One | Piece::Many => None,
        });
        names.collect()
    }

    /// The same in lower case.
    pub(super) fn lowered(&self) -> Self {
        let lower = |piece: &Piece| match piece {
            Piece::Char(c) => c.to_lowercase().map(Piece::Char).collect(),
            other => vec![other.clone()],
        };
        Self::new(self.pieces.iter().flat_map(lower).collect())
    }

    /// Whether the text fits.
    pub(super) fn matches(&self, text: &str) -> Holds {
        if !text.starts_with(&self.head) || !fits(&self.pieces, text) {
            return Holds::No;
        }
        sure(self.variables())
    }

    /// Whether an ARN fits, component by component: a wildcard does not reach over a colon, except in the
    /// last of the six (IAM user guide, reference_policies_elements_condition_operators, 2026).
    pub(super) fn matches_arn(&self, text: &str) -> Holds {
        if !text.starts_with(&self.head) {
            return Holds::No;
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let own = self.components();
        let fit = if own.len() == 6 && parts.len() == 6 {
            own.iter().zip(&parts).all(|(pieces, part)| fits(pieces, part))
        } else {
            own.len() < 6 && fits(&self.pieces, text)
        };
        if fit { sure(self.doubts(true)) } else { Holds::No }
    }

    /// What makes a match uncertain: variables, and in an ARN that a pattern such as `*` has fewer than the
    /// six components of which AWS speaks.
    pub(super) fn doubts(&self, arn: bool) -> BTreeSet<String> {
        let mut names = self.variables();
        if arn && self.components().len() < 6 {
            names.insert("how AWS compares an ARN with a pattern of fewer than six parts".to_owned());
        }
        names
    }

    fn components(&self) -> Vec<&[Piece]> {
        self.pieces.splitn(6, |piece| *piece == Piece::Char(':')).collect()
    }

    /// Whether every text that fits this one fits the other too; `false` where that is not certain.
    pub(super) fn is_within(&self, other: &Self, arn: bool) -> bool {
        let (own, others) = (self.components(), other.components());
        if !self.variables().is_empty() || !other.variables().is_empty() {
            return self == other;
        }
        if arn && (own.len() != 6 || others.len() != 6) {
            return self == other;
        }
        if arn {
            return own.iter().zip(&others).all(|(a, b)| covers(b, a));
        }
        covers(&other.pieces, &self.pieces)
    }

    /// Whether no text fits both; `false` where that is not certain.
    pub(super) fn is_apart(&self, other: &Self, arn: bool) -> bool {
        if !self.variables().is_empty() || !other.variables().is_empty() {
            return false;
        }
        let (own, others) = (self.components(), other.components());
        if arn {
            return own.len() == 6
                && others.len() == 6
                && own.iter().zip(&others).any(|(a, b)| !overlap(a, b));
        }
        !overlap(&self.pieces, &other.pieces)
    }
}

fn sure(doubts: BTreeSet<String>) -> Holds {
    if doubts.is_empty() { Holds::Yes } else { Holds::Depends(doubts) }
}

/// Whether a text may fit, a variable standing for any text. Steps are at most the product of the lengths.
fn fits(pieces: &[Piece], text: &str) -> bool {
    let mut p = 0;
    let mut rest = text;
    // Where to go on behind the last `*`, and the text that it has not covered yet.
    let mut star: Option<(usize, &str)> = None;
    loop {
        let next = rest.chars().next();
        match (pieces.get(p), next) {
            (Some(Piece::Many | Piece::Variable(_)), _) => {
                p += 1;
                star = Some((p, rest));
                continue;
            }
            (Some(Piece::One), Some(c)) => {
                p += 1;
                rest = &rest[c.len_utf8()..];
                continue;
            }
            (Some(Piece::Char(own)), Some(c)) if *own == c => {
                p += 1;
                rest = &rest[c.len_utf8()..];
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((after, uncovered)) = star else { return false };
        let Some(c) = uncovered.chars().next() else { return false };
        let uncovered = &uncovered[c.len_utf8()..];
        star = Some((after, uncovered));
        p = after;
        rest = uncovered;
    }
}

/// Whether the pattern matches whatever the other does, the other read as a text: its `*` is taken for
/// none but a `*`.
fn covers(pattern: &[Piece], other: &[Piece]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(p), other.get(t)) {
            (Some(Piece::Many), _) => {
                p += 1;
                star = Some((p, t));
                continue;
            }
            (Some(Piece::One), Some(Piece::Char(_) | Piece::One)) => {
                p += 1;
                t += 1;
                continue;
            }
            (Some(Piece::Char(own)), Some(Piece::Char(c))) if own == c => {
                p += 1;
                t += 1;
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        match star {
            Some((after, covered)) if covered < other.len() => {
                star = Some((after, covered + 1));
                p = after;
                t = covered + 1;
            }
            _ => return false,
        }
    }
}

/// Whether some text fits both patterns.
fn overlap(a: &[Piece], b: &[Piece]) -> bool {
    let many = |piece: Option<&Piece>| matches!(piece, Some(Piece::Many | Piece::Variable(_)));
    // reach[j]: the first i pieces of `a` and the first j of `b` can stand for one text.
    let mut reach = vec![false; b.len() + 1];
    for i in 0..=a.len() {
        let before = reach.clone();
        for j in 0..=b.len() {
            let (own, other) =
                (i.checked_sub(1).and_then(|i| a.get(i)), j.checked_sub(1).and_then(|j| b.get(j)));
            let above = i > 0 && before[j];
            let left = j > 0 && reach[j - 1];
            let corner = i > 0 && j > 0 && before[j - 1];
            reach[j] = match (own, other) {
                (None, None) => true,
                _ if many(own) && many(other) => above || left || corner,
                _ if many(own) => above || left || corner,
                _ if many(other) => above || left || corner,
                (Some(own), Some(other)) => {
                    corner && (own == other || *own == Piece::One || *other == Piece::One)
                }
                _ => false,
            };
        }
    }
    reach[b.len()]
}

/// The name of a variable at the start of a text, and what stands behind it.
fn variable(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("${").or_else(|| text.strip_prefix("&{"))?;
    let end = inner.find('}')?;
    Some((&inner[..end], &inner[end + 1..]))
}

/// Whether a variable is one that IAM fills in, such as `aws:username`; the others are of a template.
pub(super) fn is_policy_variable(name: &str) -> bool {
    if matches!(name, "*" | "?" | "$") {
        return true;
    }
    let Some((service, key)) = name.split_once(':') else { return false };
    !service.is_empty()
        && !key.is_empty()
        && !key.starts_with(':')
        && service.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The key of a policy variable without its default: `${aws:PrincipalTag/team, 'none'}`.
fn policy_name(name: &str) -> &str {
    name.split(',').next().unwrap_or(name).trim()
}

/// A variable of a template that was taken for what it names, and what it was taken for.
pub(super) type Taken = (String, String);

/// A text with the variables of templates replaced where what they name is known: the partition, the
/// source Region and the account.
///
/// In the place of an ARN's partition or account any variable is taken for it, in that of its Region those
/// whose name says that they are the Region.
pub(super) fn resolve(text: &str, account: &str, taken: &mut BTreeSet<Taken>) -> String {
    if !text.contains("${") && !text.contains("&{") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut colons = 0;
    while let Some(c) = rest.chars().next() {
        // Terraform writes `$${aws:username}` for IAM's own.
        if rest.starts_with("$${") {
            rest = &rest[1..];
        }
        if let Some((name, behind)) = variable(rest) {
            // `Fn::Sub` writes `${!aws:username}`.
            let name = name.strip_prefix('!').unwrap_or(name);
            let whole = out.ends_with(':') && behind.starts_with(':');
            let known = known(name, whole.then_some(colons), account);
            match known {
                Some(value) => {
                    taken.insert((format!("${{{name}}}"), value.to_owned()));
                    out.push_str(value);
                }
                None => out.push_str(&format!("${{{name}}}")),
            }
            rest = behind;
            continue;
        }
        colons += usize::from(c == ':');
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// What a variable stands for, where that is known; `component` counts the colons of the ARN before it.
fn known<'a>(name: &str, component: Option<usize>, account: &'a str) -> Option<&'a str> {
    match name {
        "AWS::Partition" => return Some("aws"),
        "AWS::Region" => return Some(REGION),
        "AWS::AccountId" => return Some(account),
        _ => {}
    }
    // The caller's account owns the profile that it calls.
    let own_account =
        ["aws:principalaccount", "aws:resourceaccount"].contains(&name.to_ascii_lowercase().as_str());
    let of_template = !is_policy_variable(name);
    match component? {
        1 if of_template => Some("aws"),
        3 if of_template && names_the_region(name) => Some(REGION),
        4 if of_template || own_account => Some(account),
        _ => None,
    }
}

/// `region`, `var.aws_region`, `data.aws_region.current.name`, `Token[AWS.Region.4]`.
fn names_the_region(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(['.', ':']).next().unwrap_or_default();
    ["region", "aws_region", "awsregion", "source_region", "sourceregion"].contains(&last)
        || lower.starts_with("data.aws_region.")
        || lower.starts_with("token[aws.region")
}

/// Whether a text has a wildcard.
pub(super) fn is_wild(text: &str) -> bool {
    text.contains(['*', '?'])
}
