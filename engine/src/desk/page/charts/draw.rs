//! What all charts are made of.

use maud::{Markup, html};

/// The width of every drawing, in tenths of a pixel of the smallest screen: positions are whole numbers.
pub const WIDTH: i64 = 3_200;

/// A cell of the table of a chart.
pub enum Cell {
    /// A text.
    Text(String),
    /// A number, or words in its place.
    Number(String),
}

/// A chart with everything that belongs to it.
pub struct Chart<'c> {
    /// Unique on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: &'c str,
    /// What it says, in a sentence or two.
    pub says: &'c str,
    /// The drawings, or words in their place.
    pub drawing: Markup,
    /// The table: column titles.
    pub heads: &'c [&'c str],
    /// The table: rows, the first cell of each says what it is about.
    pub rows: Vec<Vec<Cell>>,
    /// Whether it needs the whole width of the page.
    pub wide: bool,
}

impl Chart<'_> {
    /// The chart, and right after it its numbers.
    pub fn markup(&self) -> Markup {
        let (table, number) =
            (format!("{}-table", self.id), |cell: Option<&Cell>| matches!(cell, Some(Cell::Number(_))));
        html! {
            figure id=(self.id) class=[self.wide.then_some("wide")] {
                figcaption {
                    h3 { (self.title) }
                    p { (self.says) }
                }
                (self.drawing)
                @if let Some(first) = self.rows.first() {
                    details.numbers {
                        summary { "Numbers" span.hidden { ": " (self.title) } }
                        div.scroll role="region" aria-labelledby=(table) tabindex="0" {
                            table {
                                caption #(table) { (self.title) ", in numbers" }
                                thead {
                                    tr {
                                        @for (at, head) in self.heads.iter().enumerate() {
                                            th class=[number(first.get(at)).then_some("n")] scope="col" { (head) }
                                        }
                                    }
                                }
                                tbody {
                                    @for row in &self.rows {
                                        tr {
                                            @for (at, cell) in row.iter().enumerate() {
                                                @match cell {
                                                    Cell::Text(text) if at == 0 => th scope="row" { (text) },
                                                    Cell::Text(text) => td { (text) },
                                                    Cell::Number(text) => td.n { (text) },
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A drawing with its name and what it says, for those who do not see it.
pub fn drawing(id: &str, height: i64, title: &str, says: &str, inside: &Markup) -> Markup {
    html! {
        svg role="img" aria-labelledby={ (id) "-title " (id) "-says" } viewBox={ "0 0 " (WIDTH) " " (height) } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-says" } { (says) }
            (inside)
        }
    }
}

/// The patterns that bars are filled with: dark, pale, striped and empty are told apart without colour.
pub fn patterns() -> Markup {
    html! {
        svg.patterns aria-hidden="true" focusable="false" width="0" height="0" {
            defs {
                pattern #stripes width="50" height="50" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="50" height="50" fill="#fff" {}
                    rect width="18" height="50" fill="#212b32" {}
                }
            }
        }
    }
}

/// How a bar is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Dark.
    Dark,
    /// Pale.
    Pale,
    /// Striped.
    Striped,
    /// Empty, with an outline.
    Empty,
}

impl Fill {
    fn paint(self) -> &'static str {
        match self {
            Self::Dark => "#005eb8",
            Self::Pale => "#aeb7bd",
            Self::Striped => "url(#stripes)",
            Self::Empty => "#fff",
        }
    }
}

/// A bar; nothing where it has no size.
pub fn bar(x: i64, y: i64, width: i64, height: i64, fill: Fill) -> Markup {
    html! {
        @if width > 0 && height > 0 {
            rect x=(x) y=(y) width=(width) height=(height) fill=(fill.paint()) stroke="#212b32" stroke-width="8" {}
        }
    }
}

/// A line.
pub fn line(from: (i64, i64), to: (i64, i64), width: i64) -> Markup {
    html! {
        line x1=(from.0) y1=(from.1) x2=(to.0) y2=(to.1) stroke="#212b32" stroke-width=(width) {}
    }
}

/// A text that begins here.
pub fn text(x: i64, y: i64, text: &str) -> Markup {
    html! { text x=(x) y=(y) { (text) } }
}

/// A text that ends here.
pub fn text_to(x: i64, y: i64, text: &str) -> Markup {
    html! { text x=(x) y=(y) text-anchor="end" { (text) } }
}

/// A part of `room`, as `value` is one of `most`; what is there at all can be seen.
pub fn part(value: i64, most: i64, room: i64) -> i64 {
    if value <= 0 { 0 } else { (value.min(most) * room / most.max(1)).max(6) }
}

/// The least of 1, 2, 5, 10, 20, 50, ... that is not less.
pub fn round_up(value: i64) -> i64 {
    let mut power = 1;
    while power < i64::MAX / 20 {
        for step in [1, 2, 5] {
            if step * power >= value {
                return step * power;
            }
        }
        power *= 10;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_parts_are_whole() {
        assert_eq!([0, 1, 3, 5, 6, 99, 2001].map(round_up), [1, 1, 5, 5, 10, 100, 5000]);
        assert_eq!(part(0, 10, 1000), 0);
        assert_eq!(part(1, 100_000, 1000), 6);
        assert_eq!(part(10, 10, 1000), 1000);
    }

    #[test]
    fn what_has_no_size_is_not_drawn() {
        assert_eq!(bar(0, 0, 0, 10, Fill::Dark).into_string(), "");
        assert!(bar(0, 0, 1, 10, Fill::Striped).into_string().contains("url(#stripes)"));
    }
}
