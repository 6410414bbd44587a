//! The first sheet: what this is, whether it adds up, and what to do first.

use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::Desk;
use crate::explain::words;
use crate::model::Site;

const ABOUT: &str = "A PROPOSAL, made from the book as it was at the time below. A person approves it before anybody is called.";

/// What is said before everything else, with the sheets to which it points.
pub fn sheet<'d>(desk: &'d Desk<'_>, escalate: &Sheet<'_>, calls: &Sheet<'_>, fix: &Sheet<'_>) -> Sheet<'d> {
    let columns = vec![
        Column::new("What", Kind::Text, 34),
        Column::new("Number", Kind::Whole, 10),
        Column::new("More", Kind::Text, 90),
    ];
    let mut sheet = Sheet::new("Start here", ABOUT, columns);
    first_of_all(desk, escalate, calls, fix, &mut sheet);
    counts(desk, &mut sheet);
    about_plan(desk, &mut sheet);
    provenance(desk, &mut sheet);
    sheet
}

fn say(sheet: &mut Sheet<'_>, what: &'static str, number: Option<usize>, more: impl Into<String>) {
    let number = number.map_or(Cell::Empty, Cell::count);
    sheet.push(vec![Cell::text(what), number, Cell::text(more.into())]);
}

fn first_of_all(
    desk: &Desk<'_>,
    escalate: &Sheet<'_>,
    calls: &Sheet<'_>,
    fix: &Sheet<'_>,
    sheet: &mut Sheet<'_>,
) {
    say(
        sheet,
        "1. A clinician looks at",
        Some(escalate.rows.len()),
        "Sheet Escalate: escalate now, windows that have passed, upper tiers late or without a place.",
    );
    let first = desk.entries.iter().filter_map(|entry| entry.row.call_by).min();
    let today = desk.entries.iter().filter(|entry| first.is_some() && entry.row.call_by == first).count();
    let day = first.map_or(String::from("nobody is to be called"), words::date);
    say(
        sheet,
        "2. Calls on the first day",
        Some(today),
        format!(
            "{day}: sheet Call list, from the top. {} in all.",
            words::count(calls.rows.len(), "call", "calls")
        ),
    );
    say(
        sheet,
        "3. Still without a place",
        Some(desk.waiting.len()),
        "Sheet Unplaced: why, and the smallest change that would give each a place.",
    );
    say(sheet, "4. Rows to put right", Some(fix.rows.len()), "Sheet Fix list; then plan again.");
}

fn counts(desk: &Desk<'_>, sheet: &mut Sheet<'_>) {
    let counts = &desk.plan.summary.counts;
    let (placed, waiting, excluded) = (desk.entries.len(), desk.waiting.len(), desk.excluded().len());
    let adds_up = placed + waiting + excluded == desk.case.requests.len()
        && counts.requests == desk.case.requests.len();
    let sum = format!(
        "{} = {placed} placed + {waiting} without a place + {excluded} excluded: {}",
        desk.case.requests.len(),
        if adds_up { "nobody is lost" } else { "THIS DOES NOT ADD UP; do not use the plan" }
    );
    say(sheet, "Requests", Some(desk.case.requests.len()), sum);
    say(sheet, "Placed", Some(placed), "Sheets Call list and Plan by clinician");
    say(sheet, "Without a place", Some(waiting), "Sheet Unplaced");
    say(sheet, "Excluded", Some(excluded), "Sheet Excluded: do not contact them");
    for tier in &desk.case.policy.tiers {
        let Some(own) = counts.by_tier.get(&tier.code) else { continue };
        let late = desk.entries.iter().filter(|entry| entry.row.tier == tier.code && entry.row.days_late > 0);
        let more = format!(
            "{} placed, {} of them later than their target; {} without a place",
            own.placed,
            late.count(),
            own.unplaced
        );
        sheet.push(vec![
            Cell::text(format!("Tier {}", tier.code)),
            Cell::count(own.requests),
            Cell::text(more),
        ]);
    }
}

fn about_plan(desk: &Desk<'_>, sheet: &mut Sheet<'_>) {
    let summary = &desk.plan.summary;
    let sites: Vec<&str> = desk.case.sites.iter().filter(|site| site.listed).map(Site::called).collect();
    let sites = match sites.len() {
        0..=4 => sites.join(", "),
        many => format!("{many} sites"),
    };
    say(sheet, "For", None, sites);
    let expires = words::moment(desk.use_until());
    let as_of = summary.run.as_of.replace('T', " ");
    let more = format!("{as_of}. Do not use it after {expires}: make a new plan from a new book.");
    say(sheet, "Book as of", None, more);
    say(sheet, "Plan from", None, summary.run.start.to_string());
    let approved = &summary.policy.approved_by;
    let approved =
        if approved.is_empty() { "NOT APPROVED".to_owned() } else { format!("approved by {approved}") };
    let policy = &summary.policy;
    say(sheet, "Policy", None, format!("{}, version {}, {approved}", policy.name, policy.version));
    let proven = if summary.run.interrupted {
        "The run was interrupted: this is the best plan found so far, and every rule is kept"
    } else if summary.status == "optimal" {
        "Proven best: no other plan does better by the policy, entry by entry"
    } else {
        "Not proven to be the best; every rule is kept (summary.json says how far it may be from the best)"
    };
    say(sheet, "Proof", None, proven);
}

fn provenance(desk: &Desk<'_>, sheet: &mut Sheet<'_>) {
    if !desk.changed_files.is_empty() {
        let files = desk.changed_files.join(", ");
        say(
            sheet,
            "FILES HAVE CHANGED",
            None,
            format!("{files}: changed since the plan was made; plan again."),
        );
    }
    for warning in &desk.plan.summary.warnings {
        say(sheet, "Worth a look", None, warning.as_str());
    }
    say(sheet, "Made by", None, format!("rebook {}", desk.plan.summary.software_version));
    for (file, sha256) in &desk.plan.summary.input_sha256 {
        say(sheet, "Made from", None, format!("{file}, sha256 {sha256}"));
    }
}
