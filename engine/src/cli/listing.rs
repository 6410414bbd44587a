//! Problems in print: grouped by code, a few places each, and what to do.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::issue::{Code, Issue};

/// How many places of a problem are shown unless all are asked for.
pub const FEW: usize = 3;

/// Prints problems grouped by code, in order of the registry, with at most so many places each.
pub fn issues<'a>(
    out: &mut dyn Write,
    issues: impl IntoIterator<Item = &'a Issue>,
    most: usize,
) -> io::Result<()> {
    let mut groups: BTreeMap<Code, Vec<&Issue>> = BTreeMap::new();
    for issue in issues {
        groups.entry(issue.code).or_default().push(issue);
    }
    for (code, group) in groups {
        let places = if group.len() == 1 { "place" } else { "places" };
        writeln!(out, "{code} {} ({} {places})", code.title(), group.len())?;
        for issue in group.iter().take(most) {
            writeln!(out, "  {}", place(issue))?;
        }
        if group.len() > most {
            writeln!(out, "  and {} more (--all lists them)", group.len() - most)?;
        }
        let mut advice: Vec<&str> = group.iter().take(most).map(|issue| issue.help.as_str()).collect();
        advice.dedup();
        for help in advice {
            writeln!(out, "  What to do: {help}")?;
        }
    }
    Ok(())
}

/// Where, what was found, and what was expected.
fn place(issue: &Issue) -> String {
    let line = issue.line.map_or(String::new(), |line| format!(" line {line}"));
    let field = issue.field.as_ref().map_or(String::new(), |field| format!(", {field}"));
    let found = match issue.value.as_deref() {
        Some("") => ": empty".to_owned(),
        Some(value) => format!(": {value:?}"),
        None => String::new(),
    };
    format!("{}{line}{field}{found}; expected {}", issue.file, issue.expected)
}
