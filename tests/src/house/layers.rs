//! Which room of the engine may look into which: layers never look up.

use super::Source;
use super::scan::{Token, tokens};

/// The rooms under all others.
const GROUND: &[&str] = &["units", "lookup", "calendar", "issue", "error"];

/// Each room with those that it may look into beside itself, from the ground up.
///
/// The road of the data is tables, prepare, candidates, objective, solve, explain, report, desk. `verify` stands beside
/// it and must be able to contradict everything on it, so it sees the tables and what is under them, and no more;
/// so does `generate`, which must not know how its cases will be planned.
pub const LAYERS: &[(&str, &[&[&str]])] = &[
    ("units", &[]),
    ("lookup", &[]),
    ("calendar", &[]),
    ("issue", &[]),
    ("error", &[&["issue"]]),
    ("model", &[GROUND]),
    ("tables", &[GROUND, &["model"]]),
    ("verify", &[GROUND, &["model", "tables"]]),
    ("generate", &[GROUND, &["model", "tables"]]),
    ("prepare", &[GROUND, &["model"]]),
    ("candidates", &[GROUND, &["model", "prepare"]]),
    ("objective", &[GROUND, &["model", "prepare", "candidates"]]),
    ("solve", &[GROUND, &["model", "prepare", "candidates", "objective"]]),
    ("explain", &[GROUND, &["model", "prepare", "candidates", "objective", "solve"]]),
    ("report", &[GROUND, &["model", "tables", "prepare", "candidates", "objective", "solve", "explain"]]),
    (
        "plan",
        &[GROUND, &["model", "tables", "prepare", "candidates", "objective", "solve", "explain", "report"]],
    ),
    ("resume", &[GROUND, &["model", "prepare", "candidates", "objective", "solve", "explain", "report"]]),
    (
        "desk",
        &[GROUND, &["model", "tables", "prepare", "candidates", "objective", "solve", "explain", "report"]],
    ),
    (
        "cli",
        &[
            GROUND,
            &["model", "tables", "verify", "generate", "prepare", "candidates", "objective", "solve"],
            &["explain", "report", "plan", "resume", "desk"],
        ],
    ),
];

/// A room that a line of the engine looks into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// From the root of the workspace.
    pub path: String,
    /// First line = 1.
    pub line: usize,
    /// The room of the file.
    pub from: String,
    /// The room it looks into.
    pub to: String,
}

/// Every edge of a file to another room: `crate::room`, `crate::{room, ...}` and `super::` chains that leave the
/// file's own room. Code for tests counts like any other.
pub fn edges(source: &Source) -> Vec<Edge> {
    let Some(from) = source.module.first() else { return Vec::new() };
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // Where a path from the root of the crate goes on.
        let beyond = match tokens[at].text {
            "crate" => Some(at + 1),
            "super" => leaves_crate(&tokens, at),
            _ => None,
        };
        at += 1;
        let Some(beyond) = beyond.filter(|&beyond| text(&tokens, beyond) == "::") else { continue };
        for token in heads(&tokens, beyond + 1) {
            found.push(Edge {
                path: source.path.clone(),
                line: token.line,
                from: from.clone(),
                to: token.text.to_owned(),
            });
        }
        at = beyond;
    }
    found.retain(|edge| edge.to != edge.from);
    found
}

fn text<'s>(tokens: &[Token<'s>], at: usize) -> &'s str {
    tokens.get(at).map_or("", |token| token.text)
}

/// The position after a chain of `super::super` that begins here and reaches the root of the crate.
fn leaves_crate(tokens: &[Token<'_>], from: usize) -> Option<usize> {
    // The second and later links of a chain were seen with its first.
    if from >= 2 && text(tokens, from - 1) == "::" && text(tokens, from - 2) == "super" {
        return None;
    }
    let mut links = 1;
    let mut at = from + 1;
    while text(tokens, at) == "::" && text(tokens, at + 1) == "super" {
        links += 1;
        at += 2;
    }
    (links >= tokens[from].depth).then_some(at)
}

/// The first words of a path or of each path in braces.
fn heads<'t, 's>(tokens: &'t [Token<'s>], from: usize) -> Vec<&'t Token<'s>> {
    if text(tokens, from) != "{" {
        return tokens.get(from).into_iter().collect();
    }
    let mut found = Vec::new();
    let mut depth = 0;
    for at in from..tokens.len() {
        let before = text(tokens, at.wrapping_sub(1));
        match tokens[at].text {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && (at == from + 1 || before == ",") => found.push(&tokens[at]),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Whether a room may look into another; `None` where the first has no place in [`LAYERS`].
pub fn allowed(from: &str, to: &str) -> Option<bool> {
    let (_, rooms) = LAYERS.iter().find(|(room, _)| *room == from)?;
    Some(rooms.iter().any(|group| group.contains(&to)))
}

/// What is wrong with these edges, in words that name the offender.
pub fn offenders(edges: &[Edge]) -> Vec<String> {
    let mut found = Vec::new();
    for Edge { path, line, from, to } in edges {
        match allowed(from, to) {
            Some(true) => {}
            Some(false) => {
                let rooms: Vec<&str> = LAYERS
                    .iter()
                    .filter(|(room, _)| room == from)
                    .flat_map(|(_, groups)| groups.iter().flat_map(|group| group.iter().copied()))
                    .collect();
                found.push(format!(
                    "{path}:{line}: `{from}` looks into `{to}`; it may look into {}",
                    if rooms.is_empty() { "nothing".to_owned() } else { rooms.join(", ") }
                ));
            }
            None => found.push(format!("{path}:{line}: `{from}` has no place in LAYERS yet")),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(below: &str, text: &str) -> Vec<(usize, String)> {
        let source = Source::new("engine/src", below, text);
        edges(&source).into_iter().map(|edge| (edge.line, edge.to)).collect()
    }

    fn to(rooms: &[(usize, &str)]) -> Vec<(usize, String)> {
        rooms.iter().map(|&(line, room)| (line, room.to_owned())).collect()
    }

    #[test]
    fn every_way_of_naming_another_room_is_seen() {
        assert_eq!(
            seen("solve/build.rs", "use crate::cli::Run;\nfn f(x: crate::report::Page) {}"),
            to(&[(1, "cli"), (2, "report")])
        );
        assert_eq!(
            seen("solve/mod.rs", "use crate::{\n  cli::{Run, Exit},\n  solve::x,\n  report,\n};"),
            to(&[(2, "cli"), (4, "report")])
        );
        assert_eq!(seen("solve/mod.rs", "use super::cli::Run;"), to(&[(1, "cli")]));
        assert_eq!(
            seen("solve/lp/basis.rs", "use super::super::super::cli;\nuse super::super::x;"),
            to(&[(1, "cli")])
        );
        assert_eq!(
            seen("solve/build.rs", "mod tests { use super::super::super::cli; use super::super::x; }"),
            to(&[(1, "cli")])
        );
        assert_eq!(
            seen("solve/build.rs", "pub(crate) fn f() {} pub(in crate::cli) fn g() {}"),
            to(&[(1, "cli")])
        );
        assert_eq!(seen("solve/build.rs", "use crate::Error;"), to(&[(1, "Error")]));
        assert_eq!(
            seen("solve/build.rs", "// crate::cli\n/// [`x`](crate::cli)\nconst X: &str = \"crate::cli\";"),
            to(&[])
        );
    }

    #[test]
    fn the_offender_is_named() {
        let edge =
            Edge { path: "engine/src/error.rs".into(), line: 7, from: "error".into(), to: "cli".into() };
        let words = offenders(&[edge]);
        assert_eq!(words, ["engine/src/error.rs:7: `error` looks into `cli`; it may look into issue"]);
    }

    #[test]
    fn layers_have_no_circles() {
        // Each room is listed after all that it may look into.
        for (position, (room, groups)) in LAYERS.iter().enumerate() {
            for other in groups.iter().flat_map(|group| group.iter()) {
                let place = LAYERS.iter().position(|(name, _)| name == other);
                assert!(place.is_some_and(|place| place < position), "{room} before {other}");
            }
        }
    }
}
