//! What fuzzing does, on a stable compiler and in a minute: the corpus, and some thousands of accidents to it.

#![allow(clippy::print_stdout, reason = "how far the inputs came")]

use std::collections::BTreeMap;
use std::fs;

use rebook_tests::cases::Dice;
use rebook_tests::conservation::{Files, check};
use rebook_tests::fuzz::mutate::mutate;
use rebook_tests::fuzz::{Came, bundle, case_tables, plan_bundle, plan_of, unbundle};
use rebook_tests::house::root;

/// The inputs kept for a target, ascending by name.
fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    let dir = root().join("tests/fuzz/corpus").join(target);
    let entries = fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("an input"))
        })
        .collect()
}

/// How many accidents; more of them by `REBOOK_ACCIDENTS`.
fn accidents(usual: u64) -> u64 {
    std::env::var("REBOOK_ACCIDENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn plain() -> Files {
    unbundle(&corpus("case_tables")["plain"])
}

#[test]
fn a_bundle_reads_back() {
    for (name, data) in corpus("case_tables") {
        let files = unbundle(&data);
        assert_eq!(unbundle(&bundle(&files)), files, "{name}");
    }
}

#[test]
fn the_corpus_of_cases() {
    let came: BTreeMap<String, Came> =
        corpus("case_tables").into_iter().map(|(name, data)| (name, case_tables(&data))).collect();
    assert_eq!(came["plain"], Came::Planned);
    assert_eq!(came["derived"], Came::Planned);
    assert_eq!(came["damaged"], Came::Unusable);
}

#[test]
fn accidents_to_cases() {
    let originals: Vec<Files> = corpus("case_tables").values().map(|data| unbundle(data)).collect();
    let mut came: BTreeMap<Came, usize> = BTreeMap::new();
    for seed in 0..accidents(8_000) {
        let mut dice = Dice::new(seed);
        // The plain one has the most to be hurt.
        let mut files = if dice.percent(70) { plain() } else { dice.one(&originals).clone() };
        mutate(&mut dice, &mut files);
        let data = bundle(&files);
        let result = std::panic::catch_unwind(|| case_tables(&data));
        let Ok(result) = result else {
            panic!("seed {seed} falls over on this input:\n{}", String::from_utf8_lossy(&data))
        };
        *came.entry(result).or_default() += 1;
    }
    println!("{came:?}");
    assert!(came.get(&Came::Planned).is_some_and(|planned| *planned > 500), "{came:?}");
}

#[test]
fn accidents_to_plans() {
    let case = check(&plain()).expect("the case is sound");
    let sound: Files = rebook::tables::plan_files(&plan_of(&case), &case.kept_columns)
        .expect("a plan can be written")
        .into_iter()
        .map(|file| (file.name, file.bytes))
        .collect();
    assert_eq!(plan_bundle(&case, &bundle(&sound)), Some(Vec::new()));
    for (name, data) in corpus("plan_files") {
        assert_ne!(plan_bundle(&case, &data), Some(Vec::new()), "{name}");
    }
    let (mut unreadable, mut refused, mut same) = (0, 0, 0);
    for seed in 0..accidents(3_000) {
        let mut dice = Dice::new(seed);
        let mut files = sound.clone();
        mutate(&mut dice, &mut files);
        let data = bundle(&files);
        let result = std::panic::catch_unwind(|| plan_bundle(&case, &data));
        let Ok(result) = result else {
            panic!("seed {seed} falls over on this input:\n{}", String::from_utf8_lossy(&data))
        };
        match result {
            None => unreadable += 1,
            Some(broken) if broken.is_empty() => same += 1,
            Some(_) => refused += 1,
        }
    }
    println!("{unreadable} cannot be read, {refused} break a rule, {same} do not");
    assert!(refused > 300, "{unreadable} cannot be read, {refused} break a rule, {same} do not");
}
