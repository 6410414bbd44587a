//! Ids as file names that every system takes, Windows too.

use std::collections::{BTreeMap, BTreeSet};

use super::fingerprint::fingerprint;

/// Letters of an id that stay: with the prefix and the ending of a file a name is far from any system's limit.
const LONGEST: usize = 60;

/// Hexadecimal digits that tell apart ids of which the same letters stay.
const MARK: usize = 8;

/// Names that Windows keeps for devices, whatever follows after a point.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// A name for the file of each id, without the ending; no two are the same on any system.
///
/// An id stays as it is where every system takes it. Where something had to be changed, or another id differs from it in
/// capitals alone (which Windows does not tell apart), a mark derived from the id follows. The name of an id depends
/// on nothing but the ids given, and in practice on nothing but the id.
pub fn file_names<'i>(ids: impl IntoIterator<Item = &'i str>) -> BTreeMap<&'i str, String> {
    let ids: BTreeSet<&str> = ids.into_iter().collect();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        *alike.entry(id.to_lowercase()).or_insert(0) += 1;
    }
    let (plain, other): (Vec<&str>, Vec<&str>) =
        ids.iter().partition(|id| allowed(id) == **id && alike.get(&id.to_lowercase()) == Some(&1));
    let mut taken: BTreeSet<String> = plain.iter().map(|id| id.to_lowercase()).collect();
    let mut names: BTreeMap<&str, String> = plain.into_iter().map(|id| (id, id.to_owned())).collect();
    for id in other {
        let mut turn = 0u32;
        // More than once only where an id happens to look like the name of another.
        let name = loop {
            let mark = fingerprint(&["file name", id, &turn.to_string()]);
            let name = format!("{}-{}", allowed(id), &mark[..MARK]);
            if taken.insert(name.to_lowercase()) {
                break name;
            }
            turn += 1;
        };
        names.insert(id, name);
    }
    names
}

/// What may stay of an id; it says nothing about others that become the same.
fn allowed(id: &str) -> String {
    let letter =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '_' };
    let letters: String = id.chars().take(LONGEST).map(letter).collect();
    // A point first hides a file, a hyphen first is taken for an option; Windows cuts points and blanks at the end.
    let kept = letters.trim_start_matches(['.', ' ', '-']).trim_end_matches(['.', ' ']);
    if kept.is_empty() || is_device(kept) { format!("_{kept}") } else { kept.to_owned() }
}

/// Whether Windows takes a name for that of a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let digit = |rest: &str| matches!(rest.as_bytes(), [b'0'..=b'9']);
    let port = |kind| stem.strip_prefix(kind).is_some_and(digit);
    DEVICES.contains(&stem.as_str()) || port("com") || port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(id: &str) -> String {
        file_names([id])[id].clone()
    }

    /// The name without its mark, where it has one.
    fn unmarked(id: &str) -> String {
        let name = name(id);
        let (rest, mark) = name.rsplit_once('-').unwrap();
        assert!(mark.len() == MARK && mark.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
        rest.to_owned()
    }

    #[test]
    fn an_id_that_every_system_takes_stays_as_it_is() {
        for id in
            ["GP1", "P0001-B", "a.b_c d", "com", "coma", "com12", "console", "nul-1", &"x".repeat(LONGEST)]
        {
            assert_eq!(name(id), id);
        }
    }

    #[test]
    fn whatever_some_system_refuses_is_changed_and_marked() {
        assert_eq!(unmarked(r#"a<b>c:d"e/f\g|h?i*j"#), "a_b_c_d_e_f_g_h_i_j");
        assert_eq!(unmarked("a\nb\0c\u{7f}"), "a_b_c_");
        assert_eq!(unmarked("Dr Zo\u{eb}"), "Dr Zo_");
        assert_eq!(unmarked("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(unmarked("a. ."), "a");
        assert_eq!(unmarked("-rf"), "rf");
        for id in ["", ".", "..", " "] {
            assert_eq!(unmarked(id), "_");
        }
        for id in ["CON", "con", "Nul.txt", "AUX .x", "COM1", "lpt9.a.b", "com0"] {
            assert_eq!(unmarked(id), format!("_{id}"), "{id}");
        }
        assert_eq!(unmarked(&"y".repeat(5000)), "y".repeat(LONGEST));
    }

    #[test]
    fn no_two_ids_share_a_file_on_a_system_that_does_not_tell_capitals_apart() {
        // The fourth looks like the name that the third is given.
        let third = name("a?");
        let ids = ["gp1", "GP1", "a?", &third, "a*", "a:", "A:", "other"];
        let names = file_names(ids);
        let different: BTreeSet<String> = names.values().map(|name| name.to_lowercase()).collect();
        assert_eq!(different.len(), ids.len(), "{names:?}");
        assert_eq!(names["other"], "other");
        assert_eq!(names[third.as_str()], third);
        assert_ne!(names["gp1"], "gp1");
        let ends = ["z".repeat(99) + "1", "z".repeat(99) + "2"];
        let names = file_names(ends.iter().map(String::as_str));
        assert_ne!(names[ends[0].as_str()], names[ends[1].as_str()]);
    }

    #[test]
    fn the_name_of_an_id_is_the_same_in_every_order_and_every_run() {
        let (there, back) = (file_names(["b:", "a", "B:"]), file_names(["B:", "b:", "a"]));
        assert_eq!(there, back);
        // Of files that people have already: it may never change.
        assert_eq!(name("Dr A/B"), "Dr A_B-a810f16c");
    }
}
