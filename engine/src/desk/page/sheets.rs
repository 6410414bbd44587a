//! Sheets as tables: on the screen each scrolls in a region of its own, on paper it repeats its header on every page.

use std::borrow::Cow;
use std::ops::Range;

use maud::{Markup, html};

use super::{About, words};
use crate::desk::{Cell, Column, Kind, Sheet};

/// More rows of a table than these are left to its CSV file: a browser stays quick with so many.
pub const MOST_ROWS: usize = 2_000;

/// More characters than these to a row are printed on paper turned sideways.
const UPRIGHT: usize = 115;

/// A row that needs more characters than these, were no word broken, is printed small, and words are broken.
const SIDEWAYS: usize = 170;

/// What is between two columns on paper, in characters.
const GAP: usize = 3;

/// The least that can be written into, in characters.
const BOX: usize = 8;

/// The widest that a column asks to be, in characters: longer texts wrap.
const WIDEST: u16 = 60;

/// The width of a time without a date.
const CLOCK: u16 = 8;

/// A word of so many letters or fewer is not broken, and one of so many or more may be broken anywhere.
const SHORT: usize = 16;
const LONG: usize = 30;

/// Where the heading of a sheet stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A part of the page of its own.
    Outer,
    /// Under the heading before it.
    Inner,
}

/// What links to a sheet.
pub fn anchor(sheet: &Sheet<'_>) -> String {
    sheet.name.to_lowercase().replace(' ', "-")
}

/// The width of a column that is asked for, in characters.
pub fn width(sheet: &Sheet<'_>, column: &Column) -> u16 {
    // The date stands above.
    if column.kind == Kind::Moment && !sheet.pages_by.is_empty() { CLOCK } else { column.width.min(WIDEST) }
}

/// A column is filled in by hand: on the screen it is left out, on paper it is a box to write in.
fn by_hand(column: &Column) -> bool {
    matches!(column.kind, Kind::Choice(_) | Kind::Fill)
}

/// The sheet with its heading.
pub fn table(sheet: &Sheet<'_>, about: &About, level: Level) -> Markup {
    let anchor = anchor(sheet);
    let pages = pages(sheet);
    let shown = pages.last().map_or(0, |page| page.end);
    let view = View::new(sheet, about);
    let asked: usize = view.printed().map(|column| usize::from(width(sheet, column))).sum();
    let least = view.least(&sheet.rows[..shown]);
    html! {
        section.sheet.wide[asked.max(least) > UPRIGHT].dense[least > SIDEWAYS].inner[level == Level::Inner] {
            @match level {
                Level::Outer => h2 id=(anchor) { (sheet.name) },
                Level::Inner => h3 id=(anchor) { (sheet.name) },
            }
            p { (sheet.about) }
            @if sheet.rows.is_empty() {
                p { "There are no rows." }
            } @else {
                @if shown < sheet.rows.len() {
                    p.more {
                        "The first " (words::number(shown)) " of " (words::number(sheet.rows.len()))
                        " rows are on this page. The other " (words::number(sheet.rows.len() - shown))
                        " are in " code { "sheets/" (sheet.file()) } ", which has all of them."
                    }
                }
                (view.choices())
                div.scroll.tall role="region" aria-label={ (sheet.name) ": table" } tabindex="0" data-name=(sheet.name) {
                    @for page in &pages { (view.page(page)) }
                }
            }
        }
    }
}

/// The rows of each table: all in one, or one for each page of paper that the sheet asks for. Where the rows end that
/// are shown no page is cut in two, unless it is the only one.
fn pages(sheet: &Sheet<'_>) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = std::iter::once(0).chain(sheet.page_starts()).collect();
    starts.push(sheet.rows.len());
    let pages = starts.windows(2).map(|pair| pair[0]..pair[1]);
    let whole: Vec<Range<usize>> = pages.take_while(|page| page.end <= MOST_ROWS).collect();
    let start = 0..sheet.rows.len().min(MOST_ROWS);
    if whole.is_empty() { Vec::from([start]) } else { whole }
}

/// How a sheet is shown.
struct View<'s, 'a> {
    sheet: &'s Sheet<'a>,
    about: &'s About,
    /// Those in the rows: what is the same on a whole page is said above it.
    columns: Vec<usize>,
    /// The one that says what the row is about: the request, else the first that is a text.
    head: Option<usize>,
}

impl<'s, 'a> View<'s, 'a> {
    fn new(sheet: &'s Sheet<'a>, about: &'s About) -> Self {
        let shown = |at: &usize| {
            let column = &sheet.columns[*at];
            !sheet.pages_by.contains(at) && (column.printed || !by_hand(column))
        };
        let columns: Vec<usize> = (0..sheet.columns.len()).filter(shown).collect();
        let find = |is: &dyn Fn(&Column) -> bool| columns.iter().copied().find(|&at| is(&sheet.columns[at]));
        let request = find(&|column| column.name() == "request_id");
        let head = request.or_else(|| find(&|column| column.kind == Kind::Text));
        Self { sheet, about, columns, head }
    }

    /// The columns in the rows on paper.
    fn printed(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().map(|&at| &self.sheet.columns[at]).filter(|column| column.printed)
    }

    /// The characters that a row needs on paper if no word is broken.
    fn least(&self, rows: &[Vec<Cell<'_>>]) -> usize {
        let of_column = |&at: &usize| {
            let column = &self.sheet.columns[at];
            let title = longest(&column.title).max(if by_hand(column) { BOX } else { 0 });
            let cells = rows.iter().map(|row| match &row[at] {
                Cell::Text(text) => Some(longest(text)).filter(|longest| *longest < LONG).unwrap_or(1),
                _ if by_hand(column) => 0,
                cell => self.shown(row, cell).chars().count(),
            });
            title.max(cells.max().unwrap_or(0)) + GAP
        };
        self.columns.iter().filter(|&&at| self.sheet.columns[at].printed).map(of_column).sum()
    }

    /// What may be written into the boxes, on paper alone.
    fn choices(&self) -> Markup {
        html! {
            @for column in self.printed() {
                @if let Kind::Choice(choices) = column.kind {
                    p.paper { (column.title) ": " (choices.join(", ")) "." }
                }
            }
        }
    }

    /// A table.
    fn page(&self, rows: &Range<usize>) -> Markup {
        let Self { sheet, about, .. } = self;
        let name = self.name(rows.start);
        html! {
            table class=(if self.sheet.pages_by.is_empty() { "sorts" } else { "page" }) {
                caption { (name) }
                thead {
                    tr.paper {
                        td colspan=(self.printed().count()) {
                            b { (name) } " \u{b7} " (about.standing) " \u{b7} book as of " (about.as_of) " \u{b7} "
                            (about.places)
                        }
                    }
                    tr {
                        @for &at in &self.columns {
                            @let column = &sheet.columns[at];
                            th class=(self.head_class(column)) scope="col" { (column.title) }
                        }
                    }
                }
                tbody {
                    @for row in &sheet.rows[rows.clone()] {
                        tr { @for &at in &self.columns { (self.cell(row, at)) } }
                    }
                }
            }
        }
    }

    /// What a table is called: its sheet, and what all of its rows have in common.
    fn name(&self, row: usize) -> String {
        let common = self.sheet.pages_by.iter().map(|&at| said(&self.sheet.rows[row][at]));
        let common: Vec<String> = common.filter(|text| !text.is_empty()).collect();
        match &common[..] {
            [] => self.sheet.name.to_owned(),
            _ => format!("{}: {}", self.sheet.name, common.join(", ")),
        }
    }

    /// How the title of a column stands: as its cells do, and as wide as it asks to be.
    fn head_class(&self, column: &Column) -> String {
        let number = if is_number(column.kind) { " n" } else { "" };
        let paper = if by_hand(column) { " paper" } else { "" };
        let screen = if column.printed { "" } else { " screen" };
        format!("w{}{number}{paper}{screen}", width(self.sheet, column))
    }

    /// A cell in words. A moment is a time of day where its date stands above.
    fn shown<'c>(&self, row: &[Cell<'_>], cell: &'c Cell<'_>) -> Cow<'c, str> {
        match cell {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Whole(number) => words::number(*number).into(),
            Cell::Date(date) => words::short_date(*date).into(),
            Cell::Moment(moment) => {
                let is_above = |&above: &usize| row[above] == Cell::Date(moment.date());
                let above = self.sheet.pages_by.iter().any(is_above);
                if above { moment.format("%H:%M").to_string() } else { words::short_moment(*moment) }.into()
            }
        }
    }

    fn cell(&self, row: &[Cell<'_>], at: usize) -> Markup {
        let column = &self.sheet.columns[at];
        if by_hand(column) {
            return html! { td.paper.box {} };
        }
        let text = self.shown(row, &row[at]);
        let inside = html! {
            @match &row[at] {
                Cell::Date(date) => time datetime=(date.format("%Y-%m-%d")) { (text) },
                Cell::Moment(moment) => time datetime=(moment.format("%Y-%m-%dT%H:%M")) { (text) },
                Cell::Whole(_) if column.kind == Kind::Percent => { (text) "%" }
                _ => (text),
            }
        };
        let class = class(column, &row[at]);
        html! {
            @if self.head == Some(at) {
                th class=[class] scope="row" { (inside) }
            } @else {
                td class=[class] { (inside) }
            }
        }
    }
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Whole | Kind::Percent)
}

/// The letters of the longest word.
fn longest(text: &str) -> usize {
    text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0)
}

/// How a cell stands: a number at the right, an id in one piece where it is short, a word that is too long for a column
/// broken anywhere; and whether it is for the screen alone.
fn class(column: &Column, cell: &Cell<'_>) -> Option<&'static str> {
    let [paper, screen] = match cell {
        _ if is_number(column.kind) => ["n", "n screen"],
        Cell::Text(text) => match longest(text) {
            0..=SHORT if !text.contains(char::is_whitespace) => ["k", "k screen"],
            LONG.. => ["x", "x screen"],
            _ => ["", "screen"],
        },
        _ => ["", "screen"],
    };
    let class = if column.printed { paper } else { screen };
    (!class.is_empty()).then_some(class)
}

/// A cell as part of a name.
fn said(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone().into_owned(),
        Cell::Whole(number) => words::number(*number),
        Cell::Date(date) => words::date(*date),
        Cell::Moment(moment) => words::moment(*moment),
    }
}
