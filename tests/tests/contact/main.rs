//! What tells patients, and what is done in the booking system.

mod fixtures;
mod invitations;
mod letters;
mod outcomes;
mod pools;
mod transactions;

use std::collections::BTreeMap;

use rebook::desk::{Desk, Earlier, MessageOptions, Messages, messages, tied};
use rebook::model::{Case, PlanFiles};
use rebook::prepare::prepare;
use rebook::tables::OutputFile;
use rebook_tests::planner::by_engine;

/// A row of a file, by column.
type Row = BTreeMap<String, String>;

/// The rows of a file.
fn rows(bytes: &[u8]) -> Vec<Row> {
    csv::Reader::from_reader(bytes).deserialize().map(|row| row.expect("a row")).collect()
}

/// The columns of a file.
fn columns(bytes: &[u8]) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.headers().expect("a header").iter().map(str::to_owned).collect()
}

/// Looks at the desk of a plan.
fn at_desk<T>(case: &Case, plan: &PlanFiles, look: impl FnOnce(&Desk<'_>) -> T) -> T {
    let prepared = prepare(case);
    look(&Desk::new(case, &prepared, plan).expect("a plan that fits"))
}

/// What tells patients where nothing has been done yet.
fn at_first(desk: &Desk<'_>, options: MessageOptions) -> Messages {
    let tied = tied(desk, &Earlier::default()).expect("no list of an earlier run");
    messages(desk, &options, &tied, &Earlier::default()).expect("files")
}

/// The files that tell patients, by name.
struct Told(BTreeMap<String, Vec<u8>>);

impl Told {
    fn of(case: &Case, options: MessageOptions) -> Self {
        let plan = by_engine(case);
        at_desk(case, &plan, |desk| Self::at(desk, options))
    }

    fn at(desk: &Desk<'_>, options: MessageOptions) -> Self {
        Self::from(at_first(desk, options).files)
    }

    fn rows(&self, name: &str) -> Vec<Row> {
        rows(&self.0[name])
    }

    /// The requests of a file.
    fn requests(&self, name: &str) -> Vec<String> {
        self.rows(name).into_iter().map(|row| row["request_id"].clone()).collect()
    }

    /// The names of the files with links.
    fn waves(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).filter(|name| name.starts_with("messages/wave-")).collect()
    }

    /// Everybody who is sent a link, ascending.
    fn invited(&self) -> Vec<String> {
        let mut invited: Vec<String> =
            self.waves().into_iter().flat_map(|name| self.requests(name)).collect();
        invited.sort();
        invited
    }

    /// Everybody whose place is held, ascending.
    fn held(&self) -> Vec<String> {
        let mut held = self.requests("messages/held.csv");
        held.sort();
        held
    }
}

impl From<Vec<OutputFile>> for Told {
    fn from(files: Vec<OutputFile>) -> Self {
        let count = files.len();
        let files: BTreeMap<_, _> = files.into_iter().map(|file| (file.name, file.bytes)).collect();
        assert_eq!(files.len(), count, "no two files have one name");
        Self(files)
    }
}
