//! A table for people: what the workbook, the page and the CSV files show alike.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; long text wraps.
    Text,
    /// Whole numbers.
    Whole,
    /// Per cent, whole.
    Percent,
    /// Dates.
    Date,
    /// Local date and time.
    Moment,
    /// One of these, chosen by whoever works with the sheet; empty at first.
    Choice(&'static [&'static str]),
    /// Free text, written by whoever works with the sheet; empty at first.
    Fill,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// As people read it. In lower case with `_` for spaces it is the column's name in the CSV file.
    pub title: Cow<'static, str>,
    /// What its cells are.
    pub kind: Kind,
    /// In characters.
    pub width: u16,
    /// Whether it is printed; those that are not come last.
    pub printed: bool,
    /// The form in which it is to be filled in, where what is written is read back.
    pub form: Option<&'static str>,
}

impl Column {
    /// A column of this title, kind and width in characters.
    pub const fn new(title: &'static str, kind: Kind, width: u16) -> Self {
        Self { title: Cow::Borrowed(title), kind, width, printed: true, form: None }
    }

    /// The same for the screen alone.
    #[must_use]
    pub const fn on_screen(title: &'static str, kind: Kind, width: u16) -> Self {
        Self { title: Cow::Borrowed(title), kind, width, printed: false, form: None }
    }

    /// Its name in the CSV file.
    pub fn name(&self) -> String {
        self.title.to_lowercase().replace(' ', "_")
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: unknown, or still to be filled in.
    Empty,
    /// A text, as it was meant.
    Text(Cow<'a, str>),
    /// A whole number, or per cent.
    Whole(i64),
    /// A date.
    Date(NaiveDate),
    /// Local date and time.
    Moment(NaiveDateTime),
}

impl<'a> Cell<'a> {
    /// A text; empty text is an empty cell.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A date, or an empty cell.
    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }

    /// A number of things.
    pub fn count(number: usize) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A table with what is said above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet<'a> {
    /// Its name, as on the tab of a workbook: at most 31 characters. In lower case with `-` for spaces it is the name of
    /// the CSV file.
    pub name: &'static str,
    /// What it is for, in a sentence or two.
    pub about: Cow<'static, str>,
    /// In order.
    pub columns: Vec<Column>,
    /// Each as long as there are columns.
    pub rows: Vec<Vec<Cell<'a>>>,
    /// The columns whose change begins a new page in print.
    pub pages_by: Vec<usize>,
}

impl<'a> Sheet<'a> {
    /// An empty sheet.
    pub fn new(name: &'static str, about: impl Into<Cow<'static, str>>, columns: Vec<Column>) -> Self {
        Self { name, about: about.into(), columns, rows: Vec::new(), pages_by: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell<'a>>) {
        debug_assert_eq!(row.len(), self.columns.len(), "{}", self.name);
        self.rows.push(row);
    }

    /// The rows with which a new page begins, the first row apart.
    pub fn page_starts(&self) -> impl Iterator<Item = usize> + '_ {
        let differ = |(before, after): (&Vec<Cell<'a>>, &Vec<Cell<'a>>)| {
            self.pages_by.iter().any(|&column| before[column] != after[column])
        };
        let pairs = self.rows.iter().zip(self.rows.iter().skip(1)).map(differ);
        pairs.enumerate().filter(|(_, differ)| *differ).map(|(at, _)| at + 1)
    }

    /// The name of its CSV file.
    pub fn file(&self) -> String {
        format!("{}.csv", self.name.to_lowercase().replace(' ', "-"))
    }
}
