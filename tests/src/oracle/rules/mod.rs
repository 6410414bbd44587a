//! SPEC section 4: the hard rules between placements.
//!
//! A plan is looked at as a growing list: for the first requests it is decided whether and where they are placed.
//! [`Rules::allow`] asks of one more decision whether it breaks a rule together with those. Rules 4.1 to 4.5 only
//! forbid, so what is not allowed beside some decisions is not allowed beside more (`placements`). A link binds two
//! decisions, and so does a visit each pair of its members; the gaps of a visit are judged with the last of them
//! (`together`). So here, too, what is not allowed now never will be.

mod placements;
mod together;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use rebook::calendar::WorkingDays;
use rebook::model::{Case, SlotStatus};

use crate::oracle::before::Wanted;
use crate::oracle::candidates::{Candidate, date_is_open, session_exists};
use crate::oracle::excluded::booked_place;
use crate::oracle::switches::{Clause, Switches};

/// What `after_request_id` asks of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// There is none, or it is met.
    Met,
    /// It was excluded for a reason that leaves this one waiting: `after-excluded`.
    Never,
    /// The days count from this booked appointment.
    Booked { start: NaiveDateTime, end: NaiveDateTime },
    /// The request at this position.
    After(usize),
}

/// What is needed to judge a plan of a case.
#[derive(Debug)]
pub struct Rules<'a> {
    case: &'a Case,
    switches: Switches,
    calendar: WorkingDays,
    wanted: &'a [Wanted<'a>],
    links: Vec<Link>,
    /// Positions of the members of each visit of two or more.
    visits: Vec<Vec<usize>>,
    /// Contacts in the book, by practitioner and date, and by session.
    booked_on_day: BTreeMap<(usize, NaiveDate), i64>,
    booked_in_session: BTreeMap<usize, i64>,
    /// Minutes of the reserve rule by site, role and date: what may be used at most, and what already is.
    reserve: BTreeMap<(usize, String, NaiveDate), Allowance>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Allowance {
    base: i64,
    used: i64,
}

impl<'a> Rules<'a> {
    /// Reads the book once.
    pub fn new(
        case: &'a Case,
        wanted: &'a [Wanted<'a>],
        excluded: &BTreeMap<u64, &'static str>,
        switches: Switches,
    ) -> Self {
        let mut rules = Self {
            case,
            switches,
            calendar: case.policy.working_days(),
            wanted,
            links: wanted.iter().map(|one| link(case, wanted, excluded, one, switches)).collect(),
            visits: visits(wanted, switches),
            booked_on_day: BTreeMap::new(),
            booked_in_session: BTreeMap::new(),
            reserve: BTreeMap::new(),
        };
        rules.count_contacts();
        rules.count_reserve();
        rules
    }

    /// 4.2, in the book: one per `busy` or `busy-tentative` slot, adjacent ones of one patient in a session
    /// being one; plus `places_taken`. Adjacent: one begins when the other ends.
    fn count_contacts(&mut self) {
        for slot in &self.case.slots {
            let session = slot.session.index();
            let continues = self.case.slots.iter().any(|before| {
                before.session == slot.session
                    && before.status.is_taken()
                    && before.end() == slot.start
                    && before.patient_id.is_some()
                    && before.patient_id == slot.patient_id
            }) && self.switches.on(Clause::AdjacentContacts);
            let mut contacts = i64::from(slot.status.is_taken() && !continues);
            if self.switches.on(Clause::PlacesTaken) {
                contacts += i64::from(slot.places_taken);
            }
            if self.switches.off(Clause::DayCapBook) {
                contacts = 0;
            }
            let clinician = self.case.sessions[session].clinician.index();
            *self.booked_on_day.entry((clinician, slot.start.date())).or_default() += contacts;
            *self.booked_in_session.entry(session).or_default() += contacts;
        }
    }

    /// 4.3: base and use before anything is planned.
    fn count_reserve(&mut self) {
        // Base: open free slots that pass the date tests of 3.4 and 3.7 and start at or after `as_of`.
        for slot in &self.case.slots {
            let session = &self.case.sessions[slot.session.index()];
            let date = slot.start.date();
            let off = |clause| self.switches.off(clause);
            let counts = slot.status == SlotStatus::Free
                && (slot.reserved_for.is_none() || off(Clause::ReserveOpen))
                && (slot.start >= self.case.policy.as_of || off(Clause::ReserveAsOf))
                && (date_is_open(self.case, &self.calendar, session, date, self.switches)
                    || off(Clause::ReserveDates))
                && (session_exists(self.case, session) || off(Clause::ReserveAdditional));
            if counts {
                let places = slot.places.filter(|_| self.switches.on(Clause::ReservePlaces)).unwrap_or(1);
                let minutes = i64::from(slot.duration_minutes) * i64::from(places);
                self.allowance(slot.session.index(), slot.start.date()).base += minutes;
            }
        }
        // A re-run never erodes it: the rows of the previous plan whose slots are busy in the book now count
        // in the base and as used, by whomever. Only open slots are minutes of this rule.
        let case = self.case;
        let re_run = self.switches.on(Clause::ReservePrevious);
        for row in case.previous.iter().filter(|_| re_run).flat_map(|files| &files.plan) {
            let slots: Vec<_> =
                case.slots.iter().filter(|slot| row.slot_ids.iter().any(|id| *id == slot.slot_id)).collect();
            let all_busy = !slots.is_empty()
                && slots.len() == row.slot_ids.len()
                && slots.iter().all(|slot| slot.status.is_taken());
            for slot in slots.into_iter().filter(|slot| all_busy && slot.reserved_for.is_none()) {
                let allowance = self.allowance(slot.session.index(), slot.start.date());
                allowance.base += i64::from(slot.duration_minutes);
                allowance.used += i64::from(slot.duration_minutes);
            }
        }
    }

    fn allowance(&mut self, session: usize, date: NaiveDate) -> &mut Allowance {
        let session = &self.case.sessions[session];
        let role = self.case.clinicians[session.clinician.index()].role.clone();
        self.reserve.entry((session.site.index(), role, date)).or_default()
    }

    /// Whether a decision for the request at `position`, a place or to be left out, keeps all rules together with
    /// those that `plan` makes for the first requests; `position` is not among them.
    ///
    /// # Errors
    /// The first clause found broken.
    pub fn allow(
        &self,
        plan: &[Option<&Candidate>],
        position: usize,
        decision: Option<&Candidate>,
    ) -> Result<(), Clause> {
        if let Some(new) = decision {
            self.slots_once(plan, new)?;
            self.caps(plan, new)?;
            self.reserve(plan, position, new)?;
            self.calls(plan, position, new)?;
            self.patient(plan, position, new)?;
        }
        self.linked(plan, position, decision)?;
        self.visited(plan, position, decision)
    }

    fn check(&self, clause: Clause, holds: bool) -> Result<(), Clause> {
        if holds || self.switches.off(clause) { Ok(()) } else { Err(clause) }
    }
}

/// 4.6: what the link of a request asks.
fn link(
    case: &Case,
    wanted: &[Wanted<'_>],
    excluded: &BTreeMap<u64, &'static str>,
    one: &Wanted<'_>,
    switches: Switches,
) -> Link {
    let Some(after) = one.request.after_request_id.as_deref() else { return Link::Met };
    if let Some(position) = wanted.iter().position(|other| other.request.request_id == after) {
        return Link::After(position);
    }
    // All rows of that id are excluded. The link is met only if all of them were seen or resolved: where rows
    // clash under one id, a person has to look first.
    let rows: Vec<_> = case.requests.iter().filter(|row| row.request_id == after).collect();
    let met = rows.iter().all(|row| {
        matches!(excluded.get(&row.line), Some(&("seen-on-paper" | "seen-elsewhere" | "resolved")))
    });
    if !rows.is_empty() && (!met || switches.off(Clause::LinkMet)) {
        return Link::Never;
    }
    let booked = rows
        .iter()
        .filter(|row| excluded.get(&row.line) == Some(&"resolved"))
        .find_map(|row| booked_place(case, row))
        .filter(|_| switches.on(Clause::LinkBooked));
    booked.map_or(Link::Met, |row| Link::Booked { start: row.start, end: row.end })
}

/// 4.7: rows with one `together_id` that are not excluded; members of an urgent tier are planned on their own.
fn visits(wanted: &[Wanted<'_>], switches: Switches) -> Vec<Vec<usize>> {
    let mut visits: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, one) in wanted.iter().enumerate() {
        let alone = one.tier.urgent && switches.on(Clause::VisitUrgent);
        if let Some(id) = one.request.together_id.as_deref()
            && !alone
        {
            visits.entry(id).or_default().push(position);
        }
    }
    visits.into_values().filter(|members| members.len() > 1).collect()
}
