//! The header of a table: which column is where, which is missing, unknown or there twice.

use super::log::Log;
use super::scan::Record;
use super::schema::Table;
use super::shape;
use super::text::{decode, unguard};
use crate::issue::{Code, Issue};

/// Which columns beside those of the schema are kept.
#[derive(Debug, Clone, Copy)]
pub enum Keep<'a> {
    /// These, in this order; others are ignored with a warning.
    Named(&'a [String]),
    /// All of them, in the order of the file.
    Rest,
}

/// Where a file's columns are.
#[derive(Debug)]
pub struct Header {
    /// For each column of the schema its position in the file.
    pub positions: Vec<Option<usize>>,
    /// Positions of the columns to keep.
    pub kept: Vec<usize>,
    /// Number of cells that each row should have.
    pub width: usize,
}

impl Header {
    /// Reads the header; nothing where it cannot be used, and then the log says why.
    pub fn read(table: &Table, name: &str, record: &Record, keep: Keep<'_>, log: &mut Log) -> Option<Self> {
        let names: Vec<String> = record.cells().map(|cell| unguard(decode(cell).trim()).to_owned()).collect();
        let mut parser = Parser { table, file: name, line: record.line, names: &names, log };
        let before = parser.log.problems.len();
        if parser.other_delimiter() {
            return None;
        }
        let positions = parser.positions();
        let kept = parser.kept(keep, &positions);
        (log.problems.len() == before).then_some(Self { positions, kept, width: names.len() })
    }

    /// Whether the file has this column of the schema.
    pub fn has(&self, table: &Table, name: &str) -> bool {
        table.position(name).is_some_and(|at| self.positions[at].is_some())
    }
}

/// A header being read.
struct Parser<'a> {
    table: &'a Table,
    file: &'a str,
    line: u64,
    names: &'a [String],
    log: &'a mut Log,
}

impl Parser<'_> {
    fn issue(&self, code: Code, expected: impl Into<String>, field: &str, value: &str) -> Issue {
        Issue::new(code, self.file, expected).at(self.line).field(field).value(value)
    }

    /// Whether the columns are separated by something else; then it is reported.
    fn other_delimiter(&mut self) -> bool {
        let known =
            |names: &[&str]| names.iter().filter(|name| self.table.position(name).is_some()).count() >= 2;
        let found = shape::separated_otherwise(self.file, self.line, &self.names.join(","), known);
        let is_other = found.is_some();
        self.log.problems.extend(found);
        is_other
    }

    /// Where the columns of the schema are; those that are missing or there twice are reported.
    fn positions(&mut self) -> Vec<Option<usize>> {
        let mut positions = vec![None; self.table.columns.len()];
        for (at, name) in self.names.iter().enumerate() {
            if let Some(column) = self.table.position(name) {
                if positions[column].is_some() {
                    self.log.problems.push(self.issue(Code::ColumnTwice, "each column once", name, name));
                }
                positions[column] = Some(at);
            }
        }
        for (column, at) in self.table.columns.iter().zip(&positions) {
            if column.required && at.is_none() {
                let expected = format!("a column {:?}: {}", column.name, column.description);
                let issue = self.issue(Code::ColumnMissing, expected, column.name, &self.names.join(","));
                let near = self.names.iter().find(|name| folded(name) == folded(column.name));
                self.log.problems.push(match near {
                    Some(near) => issue.help(format!("Rename the column {near:?} to {:?}.", column.name)),
                    None => issue,
                });
            }
        }
        positions
    }

    /// Where the columns to keep are; unknown ones that are not kept get a warning.
    fn kept(&mut self, keep: Keep<'_>, positions: &[Option<usize>]) -> Vec<usize> {
        let unknown: Vec<usize> =
            (0..self.names.len()).filter(|at| !positions.contains(&Some(*at))).collect();
        let wanted = match keep {
            Keep::Rest => return unknown,
            Keep::Named(wanted) => wanted,
        };
        for at in unknown {
            let name = &self.names[at];
            if self.table.position(name).is_none() && !wanted.contains(name) {
                self.ignored(name);
            }
        }
        let mut kept = Vec::new();
        for name in wanted {
            let mut found = (0..self.names.len()).filter(|at| self.names[*at] == *name);
            match (found.next(), found.next()) {
                (Some(at), None) => kept.push(at),
                (None, _) => {
                    let expected = format!("a column {name:?}, as --keep-columns says");
                    let issue = self.issue(Code::ColumnMissing, expected, name, &self.names.join(","));
                    let help = "Correct the name after --keep-columns, or add the column.";
                    self.log.problems.push(issue.help(help));
                }
                (Some(_), Some(_)) => {
                    let expected = "each column that is kept once";
                    self.log.problems.push(self.issue(Code::ColumnTwice, expected, name, name));
                }
            }
        }
        kept
    }

    fn ignored(&mut self, name: &str) {
        let near = self.table.columns.iter().find(|column| folded(column.name) == folded(name));
        let (code, expected) = match near {
            Some(column) => (Code::NearColumn, format!("the column {:?}, letter by letter", column.name)),
            None => (Code::UnknownColumn, "a column of the schema".to_owned()),
        };
        self.log.warnings.push(self.issue(code, expected, name, name));
    }
}

/// A name without what is easily mistyped.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
