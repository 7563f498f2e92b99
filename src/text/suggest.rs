//! Did-you-mean: the known name nearest to what was written.

/// Longest text that is compared.
const LONGEST: usize = 100;

/// The candidate nearest to `written`, where one is near enough to be meant.
///
/// Case, `_`, `-`, `.` and spaces count as alike, since those are the usual slips.
#[must_use]
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).flat_map(char::to_lowercase).collect()
    };
    // Nobody means a name of that length, and comparing it takes long.
    if written.len() > LONGEST {
        return None;
    }
    let target = plain(written);
    let allowed = (target.chars().count() / 3).clamp(1, 6);
    candidates
        .into_iter()
        .map(|candidate| {
            let name = plain(candidate);
            // A name cut short, or with more behind it, is near whatever the length.
            let alike = name.len() <= 2 * target.len() && target.len() <= 2 * name.len();
            let cut = target.len() >= 5 && alike && (name.starts_with(&target) || target.starts_with(&name));
            (if cut { 1 } else { strsim::damerau_levenshtein(&target, &name) }, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| (*distance, candidate.len(), *candidate))
        .map(|(_, candidate)| candidate)
}

/// ` Did you mean X?` for a help line, or nothing.
#[must_use]
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, candidates).map(|name| format!("did you mean `{name}`?")).unwrap_or_default()
}
