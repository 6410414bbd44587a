//! The first sheet: what this is, whether it adds up, and what to do first.

use super::super::caller::Calls;
use super::super::sheet::{Cell, Column, Kind, Sheet};
use super::super::view::Desk;
use crate::explain::words;
use crate::model::Site;

const ABOUT: &str = "A PROPOSAL, made from the book as it was at the time below. A person approves it before anybody is called.";

/// How much there is to do on other sheets.
pub struct First {
    /// Rows of Escalate.
    pub escalate: usize,
    /// Rows of Written to.
    pub written: usize,
    /// Requests that are not planned because of their rows.
    pub to_put_right: usize,
}

/// What is said before everything else, with the sheets to which it points.
pub fn sheet<'d>(desk: &'d Desk<'_>, first: &First) -> Sheet<'d> {
    let columns = vec![
        Column::new("What", Kind::Text, 34),
        Column::new("Number", Kind::Whole, 10),
        Column::new("More", Kind::Text, 90),
    ];
    let mut sheet = Sheet::new("Start here", ABOUT, columns);
    first_of_all(desk, first, &mut sheet);
    counts(desk, &mut sheet);
    about_plan(desk, &mut sheet);
    provenance(desk, &mut sheet);
    sheet
}

fn say(sheet: &mut Sheet<'_>, what: &'static str, number: Option<usize>, more: impl Into<String>) {
    let number = number.map_or(Cell::Empty, Cell::count);
    sheet.push(vec![Cell::text(what), number, Cell::text(more.into())]);
}

/// The steps, in their order; what there is nothing to do for is left out, so that nobody looks for it.
fn first_of_all(desk: &Desk<'_>, first: &First, sheet: &mut Sheet<'_>) {
    let calls = Calls::of(desk);
    let approved = !desk.plan.summary.policy.approved_by.is_empty();
    let mut steps: Vec<(&str, Option<usize>, String)> = vec![(
        "A clinician looks at",
        Some(first.escalate),
        "Sheet Escalate, before anything else.".to_owned(),
    )];
    let approve = if approved {
        "A person reads this plan and approves it before anybody is called."
    } else {
        "The policy is NOT APPROVED: nobody is called and nothing is booked before a person has approved it."
    };
    steps.push(("Approve", None, approve.to_owned()));
    if first.to_put_right > 0 {
        let more = "Sheet Fix list: requests that could not be planned. Put them right, then plan again.";
        steps.push(("Rows to put right", Some(first.to_put_right), more.to_owned()));
    }
    if calls.check_first > 0 {
        let more = "Flagged check-first: they may have been seen or booked already. Look in the booking system first.";
        steps.push(("Look before you call", Some(calls.check_first), more.to_owned()));
    }
    if let Some((day, today)) = calls.first {
        let in_all = words::count(calls.reception, "call", "calls");
        let more =
            format!("{}: sheet Call list, from the top. {in_all} by reception in all.", words::date(day));
        steps.push(("Calls on the first day", Some(today), more));
    }
    if calls.clinician > 0 {
        let more = "On Call list, Caller = clinician, each with its day: reception does not call them.";
        steps.push(("Calls by a clinician", Some(calls.clinician), more.to_owned()));
    }
    if first.written > 0 {
        let more =
            "Sheet Written to: texts and letters, with the files to send and until when a link may be used.";
        steps.push(("Texts and letters", Some(first.written), more.to_owned()));
    }
    if !desk.waiting.is_empty() {
        let more = "Sheet Unplaced: why, and the smallest change that would give each a place.";
        steps.push(("Still without a place", Some(desk.waiting.len()), more.to_owned()));
    }
    for (number, (what, count, more)) in (1..).zip(steps) {
        let count = count.map_or(Cell::Empty, Cell::count);
        sheet.push(vec![Cell::text(format!("{number}. {what}")), count, Cell::text(more)]);
    }
}

fn counts(desk: &Desk<'_>, sheet: &mut Sheet<'_>) {
    let counts = &desk.plan.summary.counts;
    let (placed, waiting, excluded) = (desk.entries.len(), desk.waiting.len(), desk.excluded.len());
    let adds_up = placed + waiting + excluded == desk.case.requests.len()
        && counts.requests == desk.case.requests.len();
    let sum = format!(
        "{} = {placed} placed + {waiting} without a place + {excluded} excluded: {}",
        desk.case.requests.len(),
        if adds_up { "nobody is lost" } else { "THIS DOES NOT ADD UP; do not use the plan" }
    );
    say(sheet, "Requests", Some(desk.case.requests.len()), sum);
    say(
        sheet,
        "Placed",
        Some(placed),
        "Sheet Plan by clinician; each is on Call list, Written to or Escalate",
    );
    say(sheet, "Without a place", Some(waiting), "Sheet Unplaced");
    say(sheet, "Excluded", Some(excluded), "Sheet Excluded: no appointment is proposed, and why");
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
