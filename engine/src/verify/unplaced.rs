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
///
/// A visit is unplaced as a whole: what keeps one member out is a reason of its companions too.
fn reason_problem(
    view: &View,
    asks: &Asks,
    limits: &Limits,
    places: &[Option<Place>],
    index: usize,
    code: &str,
) -> Option<&'static str> {
    let ask = &asks.all[index];
    // These two follow from the tables alone, in this order.
    if ask.never() {
        return (code != "window-passed").then_some("its window has passed");
    }
    if ask.link == Link::Excluded {
        return (code != "after-excluded").then_some("the request it comes after is excluded");
    }
    let companions = ask.visit.map_or(&[][..], |visit| &asks.visits[visit]);
    match code {
        "together-impossible" => match ask.visit {
            None => Some("it has no companions to be booked with"),
            Some(visit) => visit_possible(view, asks, limits, &asks.visits[visit])
                .then_some("there is a place for the visit in the empty book"),
        },
        _ => own_problem(view, asks, places, index, code).filter(|_| {
            companions.iter().all(|&member| own_problem(view, asks, places, member, code).is_some())
        }),
    }
}

/// Why a reason cannot be what keeps this request without a place, whatever its companions.
fn own_problem(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
    index: usize,
    code: &str,
) -> Option<&'static str> {
    let ask = &asks.all[index];
    // A companion of the same visit is unplaced with it: that says nothing about why.
    let own_visit = |other: usize| ask.visit.is_some() && asks.all[other].visit == ask.visit;
    let follows_unplaced =
        matches!(ask.link, Link::After(other) if places[other].is_none() && !own_visit(other));
    let has_candidate = || candidates(view, ask).next().is_some();
    match code {
        "window-passed" => (!ask.never()).then_some("its window has not passed"),
        "after-excluded" => (ask.link != Link::Excluded).then_some("it comes after none that is excluded"),
        "after-unplaced" => (!follows_unplaced).then_some("it comes after none that is unplaced"),
        // A link to somebody booked already leaves dates out for good, as the rules of section 3 do.
        "no-candidate" => candidates(view, ask)
            .any(|place| !matches!(ask.link, Link::Booked(_)) || links::kept(ask, &place, |_| None))
            .then_some("it has candidates"),
        "held" | "cap" | "reserve" | "calls" if follows_unplaced => {
            Some("the request it comes after is unplaced")
        }
        "held" | "cap" | "reserve" | "calls" if !has_candidate() => Some("it has no candidate at all"),
        "held" => None,
        "cap" => (!any_cap(view)).then_some("there is no cap of contacts"),
        "reserve" if ask.tier.urgent => Some("the reserve does not bind its tier"),
        "reserve" => view.policy.reserves.is_empty().then_some("the policy has no reserve"),
        "calls" => caller(view, ask).is_none().then_some("no limit of calls applies to it"),
        _ => Some("there is no such reason"),
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
