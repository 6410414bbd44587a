//! What the documentation shows is what the program prints.
//!
//! Above a block of output stands its command, as in `<!-- output: check fixtures/practice -->`. The commands of a page
//! are run in their order, in one clean folder; a line `[...]` in a block stands for any number of lines.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Place, fixture};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The commands of a page, each with the block that follows it.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("<!-- output: ").and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        assert!(lines.next().is_some_and(|line| line.starts_with("```")), "{command}: a block follows");
        let block = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
        found.push((command.to_owned(), block));
    }
    found
}

/// Whether the lines are as shown.
fn alike(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "[...]" => {
            (0..=printed.len()).any(|skip| alike(rest, &printed[skip..]))
        }
        Some((first, rest)) => {
            printed.split_first().is_some_and(|(line, more)| line == first && alike(rest, more))
        }
    }
}

fn is_true(page: &str) {
    let text = fs::read_to_string(root().join(page)).expect("a page");
    let place = Place::new();
    let blocks = blocks(&text);
    assert!(!blocks.is_empty(), "{page} shows no output");
    for (command, shown) in blocks {
        let arguments: Vec<String> = command
            .split_whitespace()
            .map(|word| word.strip_prefix("fixtures/").map_or_else(|| word.to_owned(), fixture))
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ended = place.run(&arguments);
        let printed = format!("{}{}", ended.err, ended.out);
        // How long a run takes is no part of what it says.
        let lines: Vec<&str> = printed.lines().filter(|line| !line.starts_with("... ")).collect();
        assert!(alike(&shown, &lines), "{page}: `rebook {command}` prints\n{}", lines.join("\n"));
    }
}

#[test]
fn the_user_guide_shows_what_is_printed() {
    is_true("docs/user-guide.md");
}

#[test]
fn the_readme_shows_what_is_printed() {
    is_true("README.md");
}
