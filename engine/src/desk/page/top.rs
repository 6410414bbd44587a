//! The first minute: what this is, whether it may be used, whether the numbers add up, and what to do first.

use maud::{Markup, html};

use super::tiers::Tier;
use super::{About, Parts, words};
use crate::desk::Desk;
use crate::desk::caller::Calls;
use crate::report::{NamedEntry, vector};

/// The title and what is known about the plan as a whole.
pub fn title(desk: &Desk<'_>, about: &About) -> Markup {
    let (summary, policy) = (&desk.plan.summary, &desk.case.policy);
    let record = &summary.policy;
    html! {
        h1 {
            span.over { "PROPOSED rebooking plan" }
            (about.places)
        }
        p.lead {
            "Nothing is booked and nobody has been told. A person approves this plan before anybody is called."
        }
        dl.facts {
            div { dt { "Book as of" } dd { (about.as_of) } }
            div { dt { "Use it until" } dd { (about.until) } }
            div {
                dt { "Days planned" }
                dd { (words::date(policy.start)) " to " (words::date(policy.last_date())) }
            }
            div { dt { "Policy" } dd { (record.name) ", version " (record.version) } }
            div {
                dt { "Approved by" }
                dd {
                    @if record.approved_by.is_empty() { strong { "NOT APPROVED" } } @else { (record.approved_by) }
                }
            }
            div {
                dt { "Proven best" }
                dd {
                    @if summary.status == "optimal" {
                        "Yes: no other plan does better by the policy."
                    } @else {
                        strong { "NOT PROVEN" } ": this is the best plan so far. It keeps every rule."
                    }
                }
            }
        }
    }
}

/// What could make the plan unfit for use.
pub fn warnings(desk: &Desk<'_>) -> Markup {
    let (summary, changed) = (&desk.plan.summary, &desk.changed_files);
    let open: Vec<NamedEntry> = vector(&desk.case.policy, &summary.objective);
    let open: Vec<&NamedEntry> = open.iter().filter(|entry| entry.value > entry.bound).collect();
    html! {
        @if !changed.is_empty() {
            (callout("Make a new plan", &html! {
                p {
                    (words::list(changed)) " changed after the plan was made. "
                    "Places on this page may be taken: plan again before anybody is called."
                }
            }))
        }
        @if summary.run.interrupted {
            (callout("The run was interrupted", &html! {
                p { "The plan keeps every rule, but it may not be the best, or some smallest changes are missing." }
            }))
        }
        @if !open.is_empty() {
            (callout("Not proven best", &html! {
                p { "A better plan may exist. Still open, each for plans that are as good in the lines before it:" }
                ul {
                    @for entry in open {
                        li {
                            (entry.kind) @if let Some(tier) = &entry.tier { " " (tier) } ": "
                            (words::number(entry.value)) ", and at least " (words::number(entry.bound))
                            " in any plan"
                        }
                    }
                }
            }))
        }
    }
}

fn callout(label: &str, inside: &Markup) -> Markup {
    html! {
        section.callout {
            h2 { span.hidden { "Important: " } (label) }
            (inside)
        }
    }
}

/// Requests are placed, without a place, or excluded: as a sum, and by tier.
pub fn numbers(desk: &Desk<'_>, tiers: &[Tier<'_>]) -> Markup {
    let counts = &desk.plan.summary.counts;
    let (placed, left, excluded) = (desk.entries.len(), desk.waiting.len(), desk.excluded.len());
    let adds_up = counts.requests == placed + left + excluded;
    let total = |of: fn(&Tier<'_>) -> usize| tiers.iter().map(of).sum::<usize>();
    html! {
        h2 #numbers { "Do the numbers add up?" }
        p.sum {
            span { b { (words::number(counts.requests)) } " requests" } " = "
            span { b { (words::number(placed)) } " placed" } " + "
            span { b { (words::number(left)) } " without a place" } " + "
            span { b { (words::number(excluded)) } " excluded" }
        }
        @if adds_up {
            p { "Yes: every request of the list is accounted for once." }
        } @else {
            (callout("The numbers do not add up", &html! { p { "Do not use this plan. Plan again." } }))
        }
        @if !tiers.is_empty() {
            div.scroll role="region" aria-labelledby="by-tier" tabindex="0" {
                table {
                    caption #by-tier { "Those who are planned, by tier, the most urgent first" }
                    thead {
                        tr {
                            th scope="col" { "Tier" }
                            @for head in ["Requests", "In time", "Late", "Longest late (days)", "Without a place"] {
                                th.n scope="col" { (head) }
                            }
                        }
                    }
                    tbody {
                        @for tier in tiers {
                            tr {
                                th scope="row" { (tier.code) }
                                td.n { (words::number(tier.requests)) }
                                td.n { (words::number(tier.in_time)) }
                                td.n { (words::number(tier.late)) }
                                td.n { (words::number(tier.longest_late)) }
                                td.n { (words::number(tier.no_place)) }
                            }
                        }
                        tr.total {
                            th scope="row" { "All" }
                            td.n { (words::number(total(|tier| tier.requests))) }
                            td.n { (words::number(total(|tier| tier.in_time))) }
                            td.n { (words::number(total(|tier| tier.late))) }
                            td.n { (words::number(tiers.iter().map(|tier| tier.longest_late).max().unwrap_or(0))) }
                            td.n { (words::number(total(|tier| tier.no_place))) }
                        }
                    }
                }
            }
        }
    }
}

/// What to do, in order; the list of those to be escalated comes right after.
pub fn first(desk: &Desk<'_>, about: &About, parts: &Parts<'_, '_>) -> Markup {
    let calls = Calls::of(desk);
    let (escalate, unplaced, fix) = (parts.rows("Escalate"), parts.rows("Unplaced"), parts.rows("Fix list"));
    let written = parts.rows("Written to");
    html! {
        h2 #first { "What to do first" }
        ol.steps {
            @if escalate > 0 {
                li {
                    strong { "Escalate. " } "A clinician looks at " a href="#escalate" { "the list below" }
                    " (" (words::count(escalate, "row", "rows")) ") before anything else is done."
                }
            }
            @if desk.plan.summary.policy.approved_by.is_empty() {
                li {
                    strong { "Approve. " } "The policy is NOT APPROVED. "
                    "Nobody is called and nothing is booked before a person has approved it."
                }
            } @else {
                li { strong { "Approve. " } "A person reads this plan and approves it before anybody is called." }
            }
            @if fix > 0 {
                li {
                    strong { "Put right. " } (words::count(fix, "row", "rows")) " of " a href="#fix-list" { "Fix list" }
                    " say what is wrong in the input. Whoever could not be read is in no plan and still needs you."
                }
            }
            @if calls.check_first > 0 {
                li {
                    strong { "Look before you call. " } (words::count(calls.check_first, "person", "people"))
                    " flagged check-first may have been seen or booked already: look in the booking system first."
                }
            }
            @if let Some((day, due)) = calls.first {
                li {
                    strong { "Call. " } (words::count(due, "call is", "calls are")) " due by "
                    (words::date(day)) ": go down " a href="#call-list" { "Call list" } " in its order."
                }
            }
            @if calls.clinician > 0 {
                li {
                    strong { "A clinician calls. " } (words::count(calls.clinician, "person is", "people are"))
                    " on " a href="#call-list" { "Call list" }
                    " with the caller \"clinician\", each with a day: reception does not call them."
                }
            }
            @if written > 0 {
                li {
                    strong { "Write. " } (words::count(written, "person is", "people are"))
                    " told by text or letter: " a href="#written-to" { "Written to" } " says by when, and in which file."
                }
            }
            @if unplaced > 0 {
                li {
                    strong { "Find more places. " } (words::count(unplaced, "request has", "requests have"))
                    " no place: " a href="#unplaced" { "Unplaced" } " says why and what would change it."
                }
            }
            li { strong { "Plan again " } "with a new export after " (about.until) "." }
        }
    }
}
