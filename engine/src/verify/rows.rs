//! SPEC sections 2, 3 and 6: each row of `plan.csv` says what the tables say, and its place is a candidate.

use std::fmt::Display;

use super::asks::{Ask, Asks};
use super::candidate::{PLACE_CLAUSES, SESSION_CLAUSES, channel};
use super::findings::Findings;
use super::objective::days_late;
use super::place::Place;
use super::rule::Rule;
use super::run;
use super::view::View;
use crate::calendar::format_moment;
use crate::model::{Outcome, PlanRow};

/// Notes where a cell is not as expected.
struct Cells<'o> {
    id: String,
    out: &'o mut Findings,
}

impl Cells<'_> {
    fn expect<T: PartialEq + Display>(&mut self, rule: Rule, name: &str, found: &T, expected: &T) {
        if found != expected {
            let message = format!("{}: {name} is {found}, expected {expected}", self.id);
            self.out.add(rule, message, [&self.id]);
        }
    }

    fn expect_text(&mut self, rule: Rule, name: &str, found: &str, expected: &str) {
        self.expect(rule, name, &found, &expected);
    }

    fn expect_date(
        &mut self,
        name: &str,
        found: Option<chrono::NaiveDate>,
        expected: Option<chrono::NaiveDate>,
    ) {
        let say = |date: Option<chrono::NaiveDate>| date.map_or("empty".to_owned(), |date| date.to_string());
        self.expect(Rule::Row, name, &say(found), &say(expected));
    }
}

/// Checks every row that names a planned request.
pub(super) fn check(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
    rows: &[PlanRow],
    out: &mut Findings,
) {
    for row in rows {
        let Some(index) = asks.by_id(&row.request_id) else { continue };
        let ask = &asks.all[index];
        check_request(ask, row, out);
        check_flags(ask, row, out);
        if let Some(place) = &places[index] {
            check_candidate(view, ask, place, out);
            check_place(view, ask, place, row, out);
        }
    }
}

/// What a row says of a request, whether placed or not.
pub(super) struct Stated<'r> {
    pub patient_id: &'r str,
    pub tier: &'r str,
    pub rank: u32,
    pub target_date: chrono::NaiveDate,
    pub latest_date: Option<chrono::NaiveDate>,
}

/// Compares what a row says of a request with what is so.
pub(super) fn check_stated(ask: &Ask, stated: &Stated, out: &mut Findings) {
    let mut cells = Cells { id: ask.id().to_owned(), out };
    cells.expect_text(Rule::Row, "patient_id", stated.patient_id, &ask.request.patient_id);
    cells.expect_text(Rule::Row, "tier", stated.tier, &ask.tier.code);
    cells.expect(Rule::Rank, "rank", &stated.rank, &ask.rank);
    cells.expect(Rule::Target, "target_date", &stated.target_date, &ask.target);
    cells.expect_date("latest_date", stated.latest_date, ask.request.latest_date);
}

fn check_request(ask: &Ask, row: &PlanRow, out: &mut Findings) {
    let stated = Stated {
        patient_id: &row.patient_id,
        tier: &row.tier,
        rank: row.rank,
        target_date: row.target_date,
        latest_date: row.latest_date,
    };
    check_stated(ask, &stated, out);
    let mut cells = Cells { id: ask.id().to_owned(), out };
    cells.expect_text(Rule::Row, "contact_route", &row.contact_route, ask.route.as_str());
    cells.expect_text(Rule::Row, "status", &row.status, "proposed");
    if ask.never() {
        let message = format!("{}: its window has passed, and the policy leaves it unplaced", ask.id());
        out.add(Rule::WindowPassed, message, [ask.id()]);
    }
}

fn check_flags(ask: &Ask, row: &PlanRow, out: &mut Findings) {
    let outcome = ask.request.outcome;
    for (flag, due) in [
        ("check-first", ask.check_first),
        ("window-passed", ask.window_passed),
        ("no-answer", outcome == Some(Outcome::NoAnswer)),
        // Whoever accepted a place and is planned all the same has lost it.
        ("place-taken", outcome.is_some_and(Outcome::is_accepted)),
    ] {
        let stated = row.flags.iter().any(|stated| stated == flag);
        if stated != due {
            let what = if due { "must be flagged" } else { "is wrongly flagged" };
            out.add(Rule::Flags, format!("{}: {what} {flag}", ask.id()), [ask.id()]);
        }
    }
}

/// Every clause of section 3.
fn check_candidate(view: &View, ask: &Ask, place: &Place, out: &mut Findings) {
    let mut broken = |rule: Rule, what: &str| {
        out.add_with_slots(rule, format!("{}: {what}", ask.id()), [ask.id()], place.slot_ids(view));
    };
    match ask.needed_minutes(view.clinician_of(place.session)) {
        None => broken(Rule::Run, "the minutes needed are beyond any slot"),
        Some(needed) => {
            if let Some(problem) = run::problem(view, ask, &place.slots, needed) {
                broken(Rule::Run, &problem);
            }
        }
    }
    for clause in SESSION_CLAUSES.iter().filter(|clause| !(clause.holds)(view, ask, place.session)) {
        broken(clause.rule, clause.broken);
    }
    for clause in PLACE_CLAUSES.iter().filter(|clause| !(clause.holds)(view, ask, place)) {
        broken(clause.rule, clause.broken);
    }
}

/// What a row says of its place.
fn check_place(view: &View, ask: &Ask, place: &Place, row: &PlanRow, out: &mut Findings) {
    let mut cells = Cells { id: ask.id().to_owned(), out };
    let practitioner = &view.clinician_of(place.session).practitioner_id;
    cells.expect(Rule::Row, "practitioner_id", &row.practitioner_id, practitioner);
    cells.expect(Rule::Row, "site_id", &row.site_id, &view.site_of(place.session).site_id);
    cells.expect(Rule::Row, "start", &format_moment(row.start), &format_moment(place.start));
    cells.expect(Rule::Row, "end", &format_moment(row.end), &format_moment(place.end));
    cells.expect(Rule::Row, "days_late", &i64::from(row.days_late), &days_late(view, ask, Some(place)));
    // Without any channel that works the clause of the session says so.
    if let Some(channel) = channel(view, ask, place.session) {
        cells.expect_text(Rule::Channel, "delivery_channel", &row.delivery_channel, channel.as_str());
    }
}
