//! Names of files out of ids.

use std::collections::BTreeSet;

/// Longest part of a name that comes from an id.
const LONGEST: usize = 40;

/// The id as part of a name that every system takes: letters, digits and hyphens.
pub(super) fn safe(id: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = id.chars().take(LONGEST).map(plain).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

/// The name with the ending `.csv`; with a number before it where it is taken, in whatever case.
pub(super) fn unique(taken: &mut BTreeSet<String>, name: &str) -> String {
    let mut own = name.to_owned();
    let mut number = 1;
    while !taken.insert(own.to_lowercase()) {
        number += 1;
        own = format!("{name}-{number}");
    }
    format!("{own}.csv")
}
