//! SPEC sections 2, 4 and 6: the rows of `unplaced.csv`, and whether their reasons can be true.

use super::asks::{Ask, Asks, Link};
use super::calls::caller;
use super::findings::Findings;
use super::ledger::{Ledger, Limits};
use super::links;
use super::place::{Place, candidates};
use super::rows::{Stated, check_stated};
use super::rule::Rule;
use super::view::View;
use crate::model::UnplacedRow;

/// Checks every row that names a planned request, and their order.
pub(super) fn check(
    view: &View,
    asks: &Asks,
    limits: &Limits,
    places: &[Option<Place>],
    rows: &[UnplacedRow],
    out: &mut Findings,
) {
    let mut others_before = false;
    for row in rows {
        let Some(index) = asks.by_id(&row.request_id) else { continue };
        let ask = &asks.all[index];
        if ask.window_passed && others_before {
            let message = format!("{}: its window has passed, but it is not among the first rows", ask.id());
            out.add(Rule::UnplacedOrder, message, [ask.id()]);
        }
        others_before |= !ask.window_passed;
        check_row(ask, row, out);
        if let Some(problem) = reason_problem(view, asks, limits, places, index, code_of(row)) {
            let message = format!("{}: reason_code is {:?}, but {problem}", ask.id(), row.reason_code);
            out.add(Rule::UnplacedReason, message, [ask.id()]);
        }
    }
}

/// The code alone: rules may be named behind it.
fn code_of(row: &UnplacedRow) -> &str {
    row.reason_code.split([' ', ':', '(']).next().unwrap_or_default()
}

fn check_row(ask: &Ask, row: &UnplacedRow, out: &mut Findings) {
    let stated = Stated {
        patient_id: &row.patient_id,
        tier: &row.tier,
        rank: row.rank,
        target_date: row.target_date,
        latest_date: row.latest_date,
    };
    check_stated(ask, &stated, out);
    if row.windowed != ask.windowed {
        let message = format!("{}: windowed is {}, expected {}", ask.id(), row.windowed, ask.windowed);
        out.add(Rule::Windowed, message, [ask.id()]);
    }
}

/// Why a reason cannot be the true one.
fn reason_problem(
    view: &View,
    asks: &Asks,
    limits: &Limits,
    places: &[Option<Place>],
    index: usize,
    code: &str,
) -> Option<&'static str> {
    let ask = &asks.all[index];
    // These three follow from the tables alone, in this order.
    if ask.never() {
        return (code != "window-passed").then_some("its window has passed");
    }
    if ask.link == Link::Excluded {
        return (code != "after-excluded").then_some("the request it comes after is excluded");
    }
    let follows_unplaced = matches!(ask.link, Link::After(other) if places[other].is_none());
    let in_visit = ask.visit.is_some();
    match code {
        "window-passed" => Some("its window has not passed"),
        "after-excluded" => Some("it comes after none that is excluded"),
        "after-unplaced" => (!follows_unplaced).then_some("it comes after none that is unplaced"),
        "together-impossible" => match ask.visit {
            None => Some("it has no companions to be booked with"),
            Some(visit) => visit_possible(view, asks, limits, &asks.visits[visit])
                .then_some("there is a place for the visit in the empty book"),
        },
        "no-candidate" => {
            let none = |index: usize| !has_candidate(view, &asks.all[index]);
            let visit = ask.visit.map_or(&[][..], |visit| &asks.visits[visit]);
            (!none(index) && !visit.iter().copied().any(none)).then_some("it has candidates")
        }
        _ if follows_unplaced && !in_visit => Some("the request it comes after is unplaced"),
        "held" | "cap" | "reserve" | "calls" => {
            if !has_candidate(view, ask) {
                return Some("it has no candidate at all");
            }
            limit_problem(view, ask, code).filter(|_| !in_visit)
        }
        _ => Some("there is no such reason"),
    }
}

/// Whether there is a candidate that keeps the link to an appointment that is already booked, where there is one:
/// nothing in the plan could change that, so what it rules out is no candidate.
fn has_candidate(view: &View, ask: &Ask) -> bool {
    let booked = matches!(ask.link, Link::Booked(_));
    candidates(view, ask).any(|place| !booked || links::kept(ask, &place, |_| None))
}

/// Why a limit cannot be what keeps a request without a place: it does not apply to it.
fn limit_problem(view: &View, ask: &Ask, code: &str) -> Option<&'static str> {
    match code {
        "reserve" if ask.tier.urgent => Some("the reserve does not bind its tier"),
        "reserve" if view.policy.reserves.is_empty() => Some("the policy has no reserve"),
        "calls" if caller(view, ask).is_none() => Some("no limit of calls applies to it"),
        "cap" if !any_cap(view) => Some("there is no cap of contacts"),
        _ => None,
    }
}

fn any_cap(view: &View) -> bool {
    !view.policy.max_contacts_day.is_empty()
        || view.case.clinicians.iter().any(|clinician| clinician.max_contacts_day.is_some())
        || view.case.sessions.iter().any(|session| session.max_contacts.is_some())
}

/// How many arrangements of a visit are tried before the claim that there is none is let pass.
const ARRANGEMENTS: u32 = 200_000;

/// Whether the visit could be booked if nobody else were.
fn visit_possible(view: &View, asks: &Asks, limits: &Limits, members: &[usize]) -> bool {
    let choices: Vec<(usize, Vec<Place>)> =
        members.iter().map(|&member| (member, candidates(view, &asks.all[member]).collect())).collect();
    let mut ledger = Ledger::new(view, asks, limits);
    arrange(view, &choices, None, &mut ledger, &mut ARRANGEMENTS.clone())
}

/// Tries to add a place of each member left, on the date and at the site of the first.
fn arrange(
    view: &View,
    choices: &[(usize, Vec<Place>)],
    first: Option<&Place>,
    ledger: &mut Ledger,
    left: &mut u32,
) -> bool {
    let Some(((member, places), rest)) = choices.split_first() else { return ledger.all_cohere() };
    let site = |place: &Place| view.session(place.session).site;
    for place in places {
        if first.is_some_and(|first| first.date() != place.date() || site(first) != site(place)) {
            continue;
        }
        if *left == 0 {
            return false;
        }
        *left -= 1;
        // Links and the visit's own rule are asked when all are there.
        if ledger.fits(*member, place) {
            ledger.add(*member, place);
            if arrange(view, rest, first.or(Some(place)), ledger, left) {
                return true;
            }
            ledger.remove(*member);
        }
    }
    false
}
