//! The book as FHIR R4 resources: Slot, Schedule, Appointment, PractitionerRole, Practitioner and Location.
//!
//! The resources become the text cells of the very tables that CSV has, and from there on all is one road: the same
//! rules, the same problems, the same plan. What is wrong with a cell is then told of the resource and element that it
//! comes from. `docs/fhir.md` says what becomes of each element.

mod appointments;
mod file;
mod notes;
mod people;
mod refer;
mod resources;
mod rows;
mod schedules;
mod slots;
pub mod terms;
mod told;

use self::appointments::book;
use self::file::Resources;
use self::notes::Notes;
use self::people::{clinicians, people, sites};
use self::refer::References;
use self::rows::Rows;
use self::schedules::{holdings, unknown_roles};
use self::slots::{Places, spots};
use super::header::Keep;
use super::load::Loaded;
use super::log::Log;
use super::schema::{CASE, REQUESTS, Table};
use super::sheet::{Progress, Row};
use super::source::Source;
use crate::issue::{Code, Issue};
use crate::model::InputFile;

/// A book that was read from FHIR.
pub struct Book {
    /// What it is called as a whole: its file, or the folder.
    name: String,
    /// The files read.
    files: Vec<String>,
    /// The tables that it is; none where it could not be read.
    tables: Option<[Rows; 4]>,
}

impl Book {
    /// Reads the book of a case; nothing where it is none of FHIR.
    pub fn read(source: &Source<'_>, log: &mut Log, files: &mut Vec<InputFile>) -> Option<Self> {
        let mut forms = file::forms(source, log);
        let (name, names) = if forms.is_empty() { return None } else { forms.swap_remove(0) };
        let others = forms.into_iter().map(|(name, _)| name.to_owned());
        if let Some(other) = others.chain(tables_beside(source)).next() {
            let issue = Issue::new(Code::BookTwice, name, format!("either {name} or {other}"));
            log.problems.push(issue.value(&format!("both {name} and {other}")));
            return Some(Self { name: name.to_owned(), files: names, tables: None });
        }
        let before = log.problems.len();
        let resources = Resources::read(names, source, log, files);
        let mut book = Self { name: name.to_owned(), files: resources.files.clone(), tables: None };
        // What was not read would be missed by all that refers to it.
        if log.problems.len() == before {
            book.tables = Some(tables(resources, name, log));
        }
        Some(book)
    }

    /// Reads one of its tables.
    pub fn load<T: Send>(
        &self,
        table: &'static Table,
        log: &mut Log,
        progress: Progress<'_>,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> Loaded<T> {
        let Some(rows) = self.rows(table.file) else { return Loaded::Broken };
        let read = rows.read(Keep::Named(&[]), log, progress, each);
        log.read(read).map_or(Loaded::Broken, |(rows, header)| Loaded::Rows(rows, header))
    }

    fn rows(&self, file: &str) -> Option<&Rows> {
        self.tables.as_ref()?.iter().find(|rows| rows.table.file == file)
    }

    /// Whether a table is part of the book.
    pub fn has(table: &Table) -> bool {
        table.file != REQUESTS.file
    }
}

/// The tables that stand beside a book of FHIR.
fn tables_beside(source: &Source<'_>) -> impl Iterator<Item = String> {
    let tables = CASE.into_iter().filter(|table| Book::has(table));
    tables.flat_map(|table| [table.file.to_owned(), table.parquet_file()]).filter(|name| source.has(name))
}

/// The tables of what was read.
fn tables(mut resources: Resources, name: &str, log: &mut Log) -> [Rows; 4] {
    resources.unite(log);
    let mut notes = Notes::default();
    let references = References::new(&resources);
    let mut people = people(&resources, &references, &mut notes);
    let holdings = holdings(&resources, &references, &mut people, &mut notes);
    let mut spots = spots(&resources, &references, &holdings, log, &mut notes);
    let visits = book(&resources, &references, &holdings, &mut spots, log, &mut notes);
    let places = Places::new(&holdings, &spots, &visits);
    let clinicians = clinicians(&people, &places, &mut notes);
    unknown_roles(&holdings, &clinicians, &mut notes);
    let sites = sites(&resources, &references, &places, &mut notes);
    if !resources.others.is_empty() {
        let counts = resources.others.iter().map(|(kind, count)| format!("{kind} {count}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let issue = Issue::new(Code::FhirIgnored, name, "resources that a book is read from");
        log.warnings.push(issue.value(&counts));
    }
    log.warnings.extend(notes.warnings(&resources.files));
    [slots::rows(&spots, &visits, &places), slots::sessions(&places), clinicians, sites]
}

#[cfg(test)]
mod tests;
