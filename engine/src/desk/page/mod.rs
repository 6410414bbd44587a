//! One page for people: `report.html`, a single file that asks the network for nothing and is whole without its script.
//!
//! Everything on it that is data goes through the escaping of the template; what is not escaped is the style and the
//! script, which are files beside this one and hold no data but the moment at which the book was read.

mod charts;
mod foot;
mod head;
mod sheets;
mod tiers;
mod top;
mod words;

use maud::{DOCTYPE, Markup, html};

use super::{Desk, Sheet};
use crate::tables::OutputFile;

#[cfg(test)]
mod tests;

/// Its name in the folder.
const NAME: &str = "report.html";

/// The page of a plan with these sheets: what to do first, whether the numbers add up, charts, and every table.
pub fn page(desk: &Desk<'_>, sheets: &[Sheet<'_>]) -> OutputFile {
    let about = About::new(desk);
    let tiers = tiers::of(desk);
    let parts = Parts::new(sheets);
    let body = html! {
        body {
            a.skip href="#main" { "Skip to main content" }
            header.banner {
                div.wrap {
                    p { "Rebooking plan" }
                    strong.tag { "Proposed" }
                }
            }
            div.wrap {
                (contents(&parts))
                main #main tabindex="-1" {
                    (top::title(desk, &about))
                    (top::warnings(desk))
                    (top::numbers(desk, &tiers))
                    (top::first(desk, &about, &parts))
                    @if let Some(sheet) = parts.escalate { (sheets::table(sheet, &about, sheets::Level::Inner)) }
                    (charts::charts(desk, &tiers))
                    @for sheet in &parts.rest { (sheets::table(sheet, &about, sheets::Level::Outer)) }
                }
            }
            (foot::foot(desk, &about))
            (head::script())
        }
    };
    let whole = html! { (DOCTYPE) html lang="en-GB" { (head::head(&about, sheets)) (body) } };
    OutputFile { name: NAME.to_owned(), bytes: whole.into_string().into_bytes() }
}

/// What is said of the plan in several places, in words.
struct About {
    /// The practice and its sites.
    places: String,
    /// The moment at which the book was read.
    as_of: String,
    /// The moment after which nobody should use the plan.
    until: String,
    /// `PROPOSED, NOT APPROVED` or `PROPOSED`.
    standing: &'static str,
}

impl About {
    fn new(desk: &Desk<'_>) -> Self {
        let as_of = desk.case.policy.as_of;
        let approved = !desk.plan.summary.policy.approved_by.is_empty();
        Self {
            places: words::places(desk.case),
            as_of: words::moment(as_of),
            until: words::moment(desk.use_until()),
            standing: if approved { "PROPOSED" } else { "PROPOSED, NOT APPROVED" },
        }
    }
}

/// The sheets by where they stand on the page.
struct Parts<'s, 'a> {
    /// Comes right after what to do first.
    escalate: Option<&'s Sheet<'a>>,
    /// In order, without the one that says what the top of the page says.
    rest: Vec<&'s Sheet<'a>>,
}

impl<'s, 'a> Parts<'s, 'a> {
    fn new(sheets: &'s [Sheet<'a>]) -> Self {
        let named = |name: &str| sheets.iter().find(|sheet| sheet.name == name);
        let elsewhere = ["Start here", "Escalate"];
        Self {
            escalate: named("Escalate"),
            rest: sheets.iter().filter(|sheet| !elsewhere.contains(&sheet.name)).collect(),
        }
    }

    /// The rows of a sheet; 0 where there is no such sheet.
    fn rows(&self, name: &str) -> usize {
        let mut all = self.escalate.iter().chain(&self.rest);
        all.find(|sheet| sheet.name == name).map_or(0, |sheet| sheet.rows.len())
    }
}

fn contents(parts: &Parts<'_, '_>) -> Markup {
    html! {
        nav.contents aria-label="Contents" {
            ol {
                li { a href="#numbers" { "Do the numbers add up?" } }
                li { a href="#first" { "What to do first" } }
                li { a href="#charts" { "Charts" } }
                @for sheet in &parts.rest { li { a href={ "#" (sheets::anchor(sheet)) } { (sheet.name) } } }
            }
        }
    }
}
