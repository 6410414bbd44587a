//! A rule of the SPEC without a file of tests here is a failure.

use std::collections::BTreeSet;
use std::path::Path;

use rebook_tests::oracle::Clause;

/// Files for what the SPEC does not number: sections 1, 2, 5 and 6.
const UNNUMBERED: [&str; 11] = [
    "contact",
    "exclusions",
    "late",
    "order",
    "ranks",
    "routes",
    "targets",
    "wait",
    "weights",
    "window",
    "windows",
];

#[test]
fn every_rule_has_a_file_and_every_file_has_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    // The numbers of the rules of sections 3 and 4, from the clauses that the oracle knows by name.
    let numbered: BTreeSet<String> = Clause::ALL
        .iter()
        .filter_map(|clause| clause.code().split(' ').next())
        .filter(|number| number.contains('.'))
        .map(|number| format!("r{}", number.replace('.', "_")))
        .collect();
    assert_eq!(
        numbered.len(),
        8 + 7,
        "SPEC section 3 has the run and seven rules, section 4 has seven rules"
    );
    let main = std::fs::read_to_string(folder.join("main.rs")).expect("main.rs");
    for name in numbered.iter().map(String::as_str).chain(UNNUMBERED) {
        let text = std::fs::read_to_string(folder.join(format!("{name}.rs")))
            .unwrap_or_else(|error| panic!("no tests for {name}: {error}"));
        assert!(text.contains("#[test]"), "{name}.rs has no test");
        assert!(main.contains(&format!("mod {name};")), "main.rs leaves {name} out");
    }
}
