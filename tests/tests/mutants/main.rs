//! `verify` accepts every plan made and rejects every plan that breaks a rule, with the right rule named.
//!
//! - `tables`, `plans`, `certificate`: files changed on purpose, at least one way for each rule that the verifier knows.
//! - `cells`: whatever cell is changed, it is found.
//! - `planners`: plans of a planner that lacks one clause of the SPEC, on random cases, clause by clause.

#![allow(clippy::print_stdout, reason = "how many and which")]

mod cells;
mod certificate;
mod folder;
mod planners;
mod plans;
mod tables;

use std::collections::BTreeMap;

use rebook::verify::Rule;

use folder::{Folder, Originals};

/// A rule, what is done to the files, and how.
type Mutant = (Rule, &'static str, fn(&mut Folder));

#[test]
fn the_plan_itself_is_accepted() {
    let folder = Originals::new().copy();
    let broken = folder.verify().expect("it can be read");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_rule_that_is_broken_on_purpose_is_named() {
    let originals = Originals::new();
    let mutants: Vec<&Mutant> =
        tables::MUTANTS.iter().chain(plans::MUTANTS).chain(certificate::MUTANTS).collect();
    let mut killed: BTreeMap<Rule, usize> = BTreeMap::new();
    for (rule, what, spoil) in &mutants {
        let mut folder = originals.copy();
        spoil(&mut folder);
        let broken = folder.verify().unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let named: Vec<&str> = broken.iter().map(|one| one.rule.as_str()).collect();
        assert!(named.contains(&rule.as_str()), "{what}: {rule} is not among {named:?}");
        *killed.entry(*rule).or_default() += 1;
    }
    for (rule, number) in &killed {
        println!("{rule}: {number}");
    }
    println!("{} mutants killed", mutants.len());
    let without: Vec<&str> =
        Rule::ALL.iter().filter(|rule| !killed.contains_key(rule)).map(|rule| rule.as_str()).collect();
    assert!(without.is_empty(), "rules without a mutant: {without:?}");
}
