//! What the plan was made of, until when it may be used, and how it is checked.

use maud::{Markup, html};

use super::{About, words};
use crate::desk::Desk;

/// The foot of the page.
pub fn foot(desk: &Desk<'_>, about: &About) -> Markup {
    let summary = &desk.plan.summary;
    html! {
        footer {
            div.wrap {
                h2 { "About this plan" }
                p {
                    "This plan expires after 24 hours: use it with a book read at " (about.as_of) ", and not after "
                    (about.until) ". Then export the book again and plan again."
                }
                p {
                    "To check every rule and every number from the files alone, run "
                    code { "rebook verify CASE PLAN" } " with the folder of the case and the folder of the plan. "
                    "The digests below say which files the plan was made from."
                }
                @if !summary.warnings.is_empty() {
                    p {
                        (words::count(summary.warnings.len(), "warning is", "warnings are")) " in "
                        code { "summary.json" } ", and " code { "rebook check CASE" } " tells what to do about them."
                    }
                }
                p { "Made by rebook " (summary.software_version) ". Not a product of the NHS." }
                h3 { "Input files and their SHA-256 digests" }
                dl.digests {
                    @for (name, digest) in &summary.input_sha256 {
                        div { dt { (name) } dd { code { (digest) } } }
                    }
                }
            }
        }
    }
}
