//! SPEC section 4: the hard rules between placements.
//!
//! A plan is looked at as a growing list: for the first requests it is decided whether and where they are placed.
//! [`Rules::hold`] asks of the last decision alone whether it breaks a rule together with those before. Rules
//! 4.1 to 4.5 only forbid, so a list that breaks one cannot be mended by deciding more; a link is judged once
//! both its ends are decided; so is what each pair of a visit must share, and the gaps when all are decided.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use rebook::calendar::WorkingDays;
use rebook::model::{Case, ContactRoute, DeliveryChannel, SlotStatus};
use rust_decimal::Decimal;

use super::before::Wanted;
use super::candidates::{Candidate, date_is_open, session_exists};
use super::excluded::booked_place;
use super::switches::{Clause, Switches};

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
            let counts = slot.status == SlotStatus::Free
                && slot.reserved_for.is_none()
                && slot.start >= self.case.policy.as_of
                && date_is_open(self.case, &self.calendar, session, slot.start.date(), self.switches)
                && session_exists(self.case, session);
            if counts {
                let minutes = i64::from(slot.duration_minutes) * i64::from(slot.places.unwrap_or(1));
                self.allowance(slot.session.index(), slot.start.date()).base += minutes;
            }
        }
        // A re-run never erodes it: the rows of the previous plan whose slots are busy in the book now count
        // in the base and as used, by whomever. Only open slots are minutes of this rule.
        let case = self.case;
        let re_run = self.switches.on(Clause::ReservePrevious);
        for row in case.previous.iter().filter(|_| re_run).flat_map(|files| &files.plan) {
            let slots: Vec<_> =
                case.slots.iter().filter(|slot| row.slot_ids.contains(&slot.slot_id)).collect();
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

    /// Whether the last decision of `plan` keeps all rules together with those before it; else the clause.
    ///
    /// # Errors
    /// The first clause found broken.
    pub fn hold(&self, plan: &[Option<&Candidate>]) -> Result<(), Clause> {
        let Some(last) = plan.len().checked_sub(1) else { return Ok(()) };
        if let Some(new) = plan[last] {
            self.slots_once(plan, last, new)?;
            self.caps(plan, new)?;
            self.reserve(plan, last, new)?;
            self.calls(plan, last, new)?;
            self.patient(plan, last, new)?;
        }
        self.linked(plan, last)?;
        self.visited(plan, last)
    }

    fn check(&self, clause: Clause, holds: bool) -> Result<(), Clause> {
        if holds || self.switches.off(clause) { Ok(()) } else { Err(clause) }
    }

    /// 4.1: an ordinary slot takes one, a group slot its places; slots of a practitioner never overlap in time.
    fn slots_once(&self, plan: &[Option<&Candidate>], last: usize, new: &Candidate) -> Result<(), Clause> {
        for other in plan[..last].iter().flatten() {
            let shared = other.slots.iter().any(|slot| new.slots.contains(slot));
            let group = shared && new.group && other.group;
            self.check(Clause::SlotOnce, !shared || group)?;
            let apart = other.slots_end <= new.start || new.slots_end <= other.start;
            let same_practitioner = other.clinician == new.clinician;
            self.check(Clause::PractitionerOverlap, apart || !same_practitioner || shared)?;
        }
        if new.group {
            let slot = new.slots[0];
            let places = self.case.slots[slot].places.unwrap_or(1) as usize;
            let taken = plan.iter().flatten().filter(|other| other.slots.contains(&slot)).count();
            self.check(Clause::GroupCapacity, taken <= places)?;
        }
        Ok(())
    }

    /// 4.2: contacts of a practitioner on a day, and of a session.
    fn caps(&self, plan: &[Option<&Candidate>], new: &Candidate) -> Result<(), Clause> {
        let clinician = &self.case.clinicians[new.clinician];
        let day_cap =
            clinician.max_contacts_day.or(self.case.policy.max_contacts_day.get(&clinician.role).copied());
        if let Some(cap) = day_cap {
            let booked = self.booked_on_day.get(&(new.clinician, new.date())).copied().unwrap_or(0);
            let planned = plan
                .iter()
                .flatten()
                .filter(|other| other.clinician == new.clinician && other.date() == new.date())
                .count() as i64;
            self.check(Clause::DayCap, booked + planned <= i64::from(cap))?;
        }
        if let Some(cap) = self.case.sessions[new.session].max_contacts {
            let booked = self.booked_in_session.get(&new.session).copied().unwrap_or(0);
            let planned = plan.iter().flatten().filter(|other| other.session == new.session).count() as i64;
            self.check(Clause::SessionCap, booked + planned <= i64::from(cap))?;
        }
        Ok(())
    }

    /// 4.3: open minutes of requests that are not urgent, by site, role and date.
    fn reserve(&self, plan: &[Option<&Candidate>], last: usize, new: &Candidate) -> Result<(), Clause> {
        let role = &self.case.clinicians[new.clinician].role;
        let Some(reserve) = self.case.policy.reserves.iter().find(|reserve| reserve.role == *role) else {
            return Ok(());
        };
        let bound =
            |position: usize| !self.wanted[position].tier.urgent || self.switches.off(Clause::ReserveUrgent);
        if !bound(last) || new.open_minutes == 0 {
            return Ok(());
        }
        let key = (new.site, role.clone(), new.date());
        let allowance = self.reserve.get(&key).copied().unwrap_or_default();
        let limit = ((Decimal::ONE - reserve.fraction) * Decimal::from(allowance.base)).floor();
        let planned: i64 = plan
            .iter()
            .enumerate()
            .filter_map(|(position, place)| place.filter(|_| bound(position)))
            .filter(|other| {
                other.site == new.site
                    && self.case.clinicians[other.clinician].role == *role
                    && other.date() == new.date()
            })
            .map(|other| other.open_minutes)
            .sum();
        self.check(Clause::Reserve, Decimal::from(allowance.used + planned) <= limit)
    }

    /// 4.4: calls of the patient's own site, up to each date.
    fn calls(&self, plan: &[Option<&Candidate>], last: usize, new: &Candidate) -> Result<(), Clause> {
        let own = self.wanted[last].request.site;
        let per_day = own.and_then(|site| self.case.sites[site.index()].calls_per_day);
        let (Some(per_day), ContactRoute::Phone) = (per_day, self.wanted[last].route) else { return Ok(()) };
        let start = self.case.policy.start;
        let mut allowed = 0;
        let mut date = start;
        while date <= self.case.policy.last_date() {
            let always = date == start && self.switches.on(Clause::CallsStart);
            if self.calendar.is_working_day(date) || always {
                allowed += i64::from(per_day);
            }
            let calls = plan
                .iter()
                .enumerate()
                .filter(|(position, place)| {
                    let one = &self.wanted[*position];
                    one.request.site == own
                        && one.route == ContactRoute::Phone
                        && place.is_some_and(|place| place.date() <= date)
                })
                .count() as i64;
            // Dates before the new appointment were judged before.
            self.check(Clause::Calls, date < new.date() || calls <= allowed)?;
            date = date + Days::new(1);
        }
        Ok(())
    }

    /// 4.5: two appointments of one patient.
    fn patient(&self, plan: &[Option<&Candidate>], last: usize, new: &Candidate) -> Result<(), Clause> {
        for (position, other) in plan[..last].iter().enumerate() {
            let Some(other) = other else { continue };
            if self.wanted[position].request.patient_id != self.wanted[last].request.patient_id {
                continue;
            }
            let apart = |gap: TimeDelta| new.end + gap <= other.start || other.end + gap <= new.start;
            let in_person = |place: &Candidate| place.channel == DeliveryChannel::InPerson;
            let travels = other.site != new.site && in_person(new) && in_person(other);
            let travel = TimeDelta::minutes(i64::from(self.case.policy.travel_minutes));
            self.check(Clause::PatientOverlap, apart(TimeDelta::zero()))?;
            self.check(Clause::PatientApart, !travels || apart(travel))?;
        }
        Ok(())
    }

    /// 4.6: the links whose second end was just decided.
    fn linked(&self, plan: &[Option<&Candidate>], last: usize) -> Result<(), Clause> {
        for (position, link) in self.links.iter().enumerate().take(plan.len()) {
            let Some(place) = plan[position] else { continue };
            let (start, end) = match *link {
                Link::Never if position == last => {
                    self.check(Clause::LinkExcluded, false)?;
                    continue;
                }
                Link::Booked { start, end } if position == last => (start, end),
                Link::After(first) if first.max(position) == last => {
                    let Some(before) = plan[first] else {
                        self.check(Clause::LinkPlaced, false)?;
                        continue;
                    };
                    (before.start, before.end)
                }
                // Met, or judged before, or not decided at both ends yet.
                _ => continue,
            };
            let days = (place.date() - start.date()).num_days();
            let request = self.wanted[position].request;
            self.check(Clause::LinkMin, days >= i64::from(request.after_min_days))?;
            self.check(Clause::LinkMax, days <= i64::from(request.after_max_days))?;
            // On one date not before the other has ended, be that planned or booked.
            self.check(Clause::LinkSameDate, days != 0 || place.start >= end)?;
        }
        Ok(())
    }

    /// 4.7: the visits one of whose members was just decided.
    fn visited(&self, plan: &[Option<&Candidate>], last: usize) -> Result<(), Clause> {
        for visit in self.visits.iter().filter(|visit| visit.contains(&last)) {
            let decided: Vec<Option<&Candidate>> =
                visit.iter().filter(|&&member| member <= last).map(|&member| plan[member]).collect();
            let mut placed: Vec<&Candidate> = decided.iter().copied().flatten().collect();
            self.check(Clause::VisitAll, placed.is_empty() || placed.len() == decided.len())?;
            // Members in the order of their starts; of those who share a group slot, the longest ends last.
            placed.sort_by_key(|place| (place.start, place.end));
            let share = |a: &Candidate, b: &Candidate| {
                a.group && a.slots == b.slots && self.switches.on(Clause::VisitSharing)
            };
            for (index, place) in placed.iter().enumerate() {
                for before in &placed[..index] {
                    self.check(Clause::VisitSite, before.site == place.site)?;
                    self.check(Clause::VisitDate, before.date() == place.date())?;
                    self.check(Clause::VisitOverlap, before.end <= place.start || share(before, place))?;
                }
            }
            if decided.len() == visit.len() {
                let gap = TimeDelta::minutes(i64::from(self.case.policy.together_gap_minutes));
                for pair in placed.windows(2) {
                    let close = pair[1].start <= pair[0].end + gap || share(pair[0], pair[1]);
                    self.check(Clause::VisitGap, close)?;
                }
            }
        }
        Ok(())
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
