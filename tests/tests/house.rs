//! The rules of the house that no compiler checks.

use rebook::verify;
use rebook_tests::house::scan::{Token, tokens};
use rebook_tests::house::{Source, root, sources};

/// A file longer than this has more than one reason to change; 400 is the aim.
const LONGEST_FILE: usize = 500;

/// Where each folder of sources is.
const FOLDERS: [&str; 5] = ["engine/src", "tests/src", "tests/tests", "tests/cli", "benches"];

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = FOLDERS
        .iter()
        .flat_map(|folder| sources(folder))
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// Finds a sequence of tokens outside code for tests.
fn uses<'f>(files: &'f [Source], wanted: impl Fn(&Source, &[Token<'f>]) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let tokens = tokens(file);
        for at in 0..tokens.len() {
            if !tokens[at].in_tests && wanted(file, &tokens[at..]) {
                found.push(format!("{}:{}: {}", file.path, tokens[at].line, tokens[at].text));
            }
        }
    }
    found
}

fn begins(tokens: &[Token<'_>], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.text == *word)
}

#[test]
fn the_library_neither_prints_nor_panics() {
    const MACROS: [&str; 10] = [
        "print",
        "println",
        "eprint",
        "eprintln",
        "dbg",
        "todo",
        "unimplemented",
        "panic",
        "unreachable",
        "assert",
    ];
    let files = sources("engine/src");
    let found = uses(&files, |_, tokens| {
        MACROS.iter().any(|name| begins(tokens, &[name, "!"]))
            || begins(tokens, &[".", "unwrap", "(", ")"])
            || begins(tokens, &["unsafe"])
            || begins(tokens, &["process", "::", "exit"])
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_is_expected_has_its_reason() {
    let files = sources("engine/src");
    let found = uses(&files, |file, tokens| {
        let reason = |line: usize| {
            let from = line.saturating_sub(5);
            file.text.lines().skip(from).take(line - from).any(|line| line.contains("// invariant:"))
        };
        begins(tokens, &[".", "expect", "(", "\""]) && !reason(tokens[0].line)
    });
    assert!(found.is_empty(), "`expect` without `// invariant:` above it: {found:#?}");
}

/// Results may depend neither on the order of a hash map, nor on a clock, nor on one kind of machine.
#[test]
fn nothing_depends_on_chance_clock_or_system() {
    // Looked up by key alone, never walked through: in `lookup` the type sees to it.
    const HASHES: [&str; 2] = ["lookup", "tables"];
    // Progress, time limits and `elapsed_seconds`.
    const CLOCKS: [&str; 2] = ["cli", "plan"];
    let files = sources("engine/src");
    let room = |file: &Source| file.module.first().cloned().unwrap_or_default();
    let found = uses(&files, |file, tokens| {
        let word = tokens[0].text;
        (matches!(word, "HashMap" | "HashSet" | "FxHashMap" | "FxHashSet")
            && !HASHES.contains(&room(file).as_str()))
            || (matches!(word, "Instant" | "SystemTime" | "Utc") && !CLOCKS.contains(&room(file).as_str()))
            || begins(tokens, &["os", "::", "unix"])
            || begins(tokens, &["os", "::", "windows"])
    });
    assert!(found.is_empty(), "{found:#?}");
}

/// Floating point finds the basis inside `solve`; no number of a plan is made of it.
#[test]
fn floats_stay_inside_the_solver() {
    let files = sources("engine/src");
    let elsewhere: Vec<Source> =
        files.into_iter().filter(|file| file.module.first().is_none_or(|room| room != "solve")).collect();
    let found = uses(&elsewhere, |file, tokens| {
        // The one number of a plan's files that is a measurement.
        let elapsed = file.module == ["model", "plan"] || file.module == ["cli", "plan"];
        matches!(tokens[0].text, "f64" | "f32" | "as_secs_f64") && !elapsed
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_test_is_switched_off() {
    let mut files = sources("engine/src");
    files.extend(sources("tests"));
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let tokens = tokens(file);
            let hits: Vec<String> = (0..tokens.len())
                .filter(|&at| begins(&tokens[at..], &["#", "[", "ignore"]))
                .map(|at| format!("{}:{}", file.path, tokens[at].line))
                .collect();
            hits
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

fn page(name: &str) -> String {
    let path = root().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A manager who meets a code in an output finds it in the documentation.
#[test]
fn every_rule_code_is_documented() {
    let rules = page("docs/rules.md");
    for rule in verify::Rule::ALL {
        let line = format!("| `{rule}` |");
        assert!(rules.contains(&line), "docs/rules.md lacks a line for {rule}: {}", rule.title());
    }
    for rule in rebook::candidates::Rule::ALL {
        let code = format!("`{}`", rule.code());
        assert!(rules.contains(&code), "docs/rules.md lacks {code}: {}", rule.words());
    }
}

const PAGES: [&str; 11] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/SPEC.md",
    "docs/rules.md",
    "docs/method.md",
    "docs/decisions.md",
    "docs/clinical-safety.md",
    "docs/user-guide.md",
    "docs/benchmarks.md",
];

/// Files that a page points to, as links or as `paths` from the root, are there.
#[test]
fn what_the_documentation_names_is_there() {
    const TOPS: [&str; 6] = ["engine/", "tests/", "benches/", "fixtures/", "docs/", ".ci/"];
    let mut missing = Vec::new();
    for name in PAGES {
        let text = page(name);
        let dir = root().join(name).parent().map(std::path::Path::to_path_buf).unwrap_or_default();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|pair| pair.0);
        for target in links.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
            if !dir.join(target.split('#').next().unwrap_or_default()).exists() {
                missing.push(format!("{name} points to {target}"));
            }
        }
        for target in
            text.split('`').skip(1).step_by(2).filter(|word| TOPS.iter().any(|top| word.starts_with(top)))
        {
            let pattern = |c: char| !c.is_ascii_alphanumeric() && !"/._-".contains(c);
            if !target.contains(pattern) && !root().join(target).exists() {
                missing.push(format!("{name} names {target}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
