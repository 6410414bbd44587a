//! Sheets as tables: on the screen each scrolls in a region of its own, on paper it repeats its header on every page.

use std::ops::Range;

use maud::{Markup, html};

use super::{About, words};
use crate::desk::{Cell, Column, Kind, Sheet};

/// More rows of a table than these are left to its CSV file: a browser stays quick with so many.
pub const MOST_ROWS: usize = 2_000;

/// More characters than these to a row are printed on paper turned sideways.
const UPRIGHT: u32 = 115;

/// The widest that a column asks to be, in characters: longer texts wrap.
const WIDEST: u16 = 60;

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
pub fn width(column: &Column) -> u16 {
    column.width.min(WIDEST)
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
    let chars: u32 = view.columns.iter().map(|&at| u32::from(sheet.columns[at].width)).sum();
    html! {
        section.sheet.wide[chars > UPRIGHT].inner[level == Level::Inner] {
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
                        " are in " code { (sheet.file()) } ", which has all of them."
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

/// The rows of each table: all in one, or one for each page of paper that the sheet asks for. No page is cut in two
/// where the rows end that are shown, unless it is the only one.
fn pages(sheet: &Sheet<'_>) -> Vec<Range<usize>> {
    let same = |a: usize, b: usize| sheet.pages_by.iter().all(|&at| sheet.rows[a][at] == sheet.rows[b][at]);
    let mut pages: Vec<Range<usize>> = Vec::new();
    for row in 0..sheet.rows.len() {
        match pages.last_mut() {
            Some(page) if same(page.start, row) => page.end = row + 1,
            _ if row >= MOST_ROWS => break,
            _ => pages.push(row..row + 1),
        }
    }
    if let [earlier @ .., last] = &mut pages[..]
        && last.end > MOST_ROWS
    {
        if earlier.is_empty() {
            last.end = MOST_ROWS;
        } else {
            pages.pop();
        }
    }
    pages
}

/// How a sheet is shown.
struct View<'s, 'a> {
    sheet: &'s Sheet<'a>,
    about: &'s About,
    /// Those in the rows: what is the same on a whole page is said above it.
    columns: Vec<usize>,
    /// The one that says what the row is about: the first that is a text.
    head: Option<usize>,
}

impl<'s, 'a> View<'s, 'a> {
    fn new(sheet: &'s Sheet<'a>, about: &'s About) -> Self {
        let columns: Vec<usize> =
            (0..sheet.columns.len()).filter(|at| !sheet.pages_by.contains(at)).collect();
        let head = columns.iter().copied().find(|&at| sheet.columns[at].kind == Kind::Text);
        Self { sheet, about, columns, head }
    }

    /// What may be written into the boxes, on paper alone.
    fn choices(&self) -> Markup {
        html! {
            @for column in &self.sheet.columns {
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
        let whole = sheet.pages_by.is_empty();
        html! {
            table.page[!whole].sorts[whole] {
                caption { (name) }
                thead {
                    tr.paper {
                        td colspan=(self.columns.len()) {
                            b { (name) } " \u{b7} " (about.standing) " \u{b7} book as of " (about.as_of) " \u{b7} "
                            (about.places)
                        }
                    }
                    tr {
                        @for &at in &self.columns {
                            @let column = &sheet.columns[at];
                            th.n[is_number(column.kind)].paper[by_hand(column)] class={ "w" (width(column)) } scope="col" {
                                (column.title)
                            }
                        }
                    }
                }
                tbody { @for row in &sheet.rows[rows.clone()] { tr { @for &at in &self.columns { (self.cell(row, at)) } } } }
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

    fn cell(&self, row: &[Cell<'_>], at: usize) -> Markup {
        let column = &self.sheet.columns[at];
        if by_hand(column) {
            return html! { td.paper.box {} };
        }
        let inside = html! {
            @match &row[at] {
                Cell::Empty => {}
                Cell::Text(text) => (text),
                Cell::Whole(number) if column.kind == Kind::Percent => { (words::number(*number)) "%" }
                Cell::Whole(number) => (words::number(*number)),
                Cell::Date(date) => time datetime=(date.format("%Y-%m-%d")) { (words::short_date(*date)) },
                Cell::Moment(moment) => {
                    time datetime=(moment.format("%Y-%m-%dT%H:%M")) { (words::short_moment(*moment)) }
                }
            }
        };
        html! {
            @if self.head == Some(at) { th class=[wrap(&row[at])] scope="row" { (inside) } }
            @else if is_number(column.kind) { td.n { (inside) } }
            @else { td class=[wrap(&row[at])] { (inside) } }
        }
    }
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Whole | Kind::Percent)
}

/// How a text wraps: an id not at all, where it is short; a word that is too long for a column anywhere.
fn wrap(cell: &Cell<'_>) -> Option<&'static str> {
    let Cell::Text(text) = cell else { return None };
    let longest = text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
    match longest {
        0..=SHORT if !text.contains(char::is_whitespace) => Some("k"),
        LONG.. => Some("x"),
        _ => None,
    }
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
