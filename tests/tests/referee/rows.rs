//! A case as variables (a candidate is taken or not) and rows (sums that must not be exceeded).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rebook::model::{Case, ContactRoute, DeliveryChannel, SlotStatus};
use rebook_tests::oracle::{Candidate, Clause, Prepared};
use rust_decimal::Decimal;

/// A candidate of a request.
pub struct Variable {
    /// Position in `wanted`.
    pub request: usize,
    /// Position in `candidates`.
    pub candidate: usize,
    /// What it adds to the vector.
    pub adds: Vec<i64>,
}

/// A sum of multiples of variables that is at most a number.
pub struct Row {
    /// Variable and multiple.
    pub terms: Vec<(usize, i64)>,
    /// The number.
    pub most: i64,
}

/// What is to be solved.
pub struct Problem {
    /// Every candidate that keeps the rules on its own.
    pub variables: Vec<Variable>,
    /// What each request adds when left out.
    pub left_out: Vec<Vec<i64>>,
    /// The rules between placements.
    pub rows: Vec<Row>,
}

/// `None` where there is a visit of three or more.
pub fn problem(case: &Case, prepared: &Prepared<'_>) -> Option<Problem> {
    let mut variables = Vec::new();
    for (request, candidates) in prepared.candidates.iter().enumerate() {
        for (candidate, place) in candidates.iter().enumerate() {
            if possible_alone(prepared, request, place) {
                let adds = prepared.adds(request, Some(place));
                variables.push(Variable { request, candidate, adds });
            }
        }
    }
    let left_out = (0..prepared.wanted.len()).map(|request| prepared.adds(request, None)).collect();
    let mut rows = Rows { case, prepared, variables: &variables, so_far: Vec::new() };
    rows.slots();
    rows.overlaps();
    rows.contacts();
    rows.reserve();
    rows.calls();
    rows.patients();
    rows.links();
    rows.visits()?;
    let rows = rows.so_far;
    Some(Problem { variables, left_out, rows })
}

/// A link to a booked or an excluded request, say, concerns a candidate alone; that somebody else must be placed
/// too is the business of the rows.
fn possible_alone(prepared: &Prepared<'_>, request: usize, place: &Candidate) -> bool {
    let alone = BTreeMap::from([(prepared.wanted[request].request.line, place)]);
    match prepared.judge(&alone) {
        Ok(_) => true,
        Err((clause, _)) => matches!(clause, Clause::LinkPlaced | Clause::VisitAll),
    }
}

struct Rows<'a> {
    case: &'a Case,
    prepared: &'a Prepared<'a>,
    variables: &'a [Variable],
    so_far: Vec<Row>,
}

impl<'a> Rows<'a> {
    fn place(&self, variable: usize) -> &'a Candidate {
        let of = &self.variables[variable];
        &self.prepared.candidates[of.request][of.candidate]
    }

    /// The variables that fulfil a condition.
    fn those(&self, condition: impl Fn(&Variable, &Candidate) -> bool) -> Vec<usize> {
        (0..self.variables.len())
            .filter(|&variable| condition(&self.variables[variable], self.place(variable)))
            .collect()
    }

    /// At most so many of these.
    fn at_most(&mut self, those: Vec<usize>, most: i64) {
        self.sum_at_most(those.into_iter().map(|variable| (variable, 1)).collect(), most);
    }

    /// Rows that nothing can break are left out.
    fn sum_at_most(&mut self, terms: Vec<(usize, i64)>, most: i64) {
        if terms.iter().map(|(_, times)| (*times).max(0)).sum::<i64>() > most {
            self.so_far.push(Row { terms, most });
        }
    }

    /// 4.1: one place per request, one request per slot or as many as it has places.
    fn slots(&mut self) {
        for request in 0..self.prepared.wanted.len() {
            let of_request = self.those(|variable, _| variable.request == request);
            self.at_most(of_request, 1);
        }
        for (index, slot) in self.case.slots.iter().enumerate() {
            let using = self.those(|_, place| place.slots.contains(&index));
            self.at_most(using, i64::from(slot.places.unwrap_or(1)));
        }
    }

    /// 4.1: slots of one practitioner in two sessions at one time.
    fn overlaps(&mut self) {
        let clinician =
            |slot: usize| self.case.sessions[self.case.slots[slot].session.index()].clinician.index();
        let slots = &self.case.slots;
        let mut pairs = Vec::new();
        for first in 0..slots.len() {
            for second in first + 1..slots.len() {
                let overlap =
                    slots[first].start < slots[second].end() && slots[second].start < slots[first].end();
                if overlap && clinician(first) == clinician(second) {
                    pairs.push((first, second));
                }
            }
        }
        for (first, second) in pairs {
            let mine = self.those(|_, place| place.slots.contains(&first));
            let other = self.those(|_, place| place.slots.contains(&second));
            if slots[first].places.is_none() && slots[second].places.is_none() {
                self.at_most([mine, other].concat(), 1);
                continue;
            }
            for &a in &mine {
                for &b in &other {
                    self.at_most(vec![a, b], 1);
                }
            }
        }
    }

    /// 4.2: what a cap leaves beside the contacts in the book.
    fn contacts(&mut self) {
        let mut days: Vec<_> = self.case.slots.iter().map(|slot| slot.start.date()).collect();
        days.sort_unstable();
        days.dedup();
        for (index, clinician) in self.case.clinicians.iter().enumerate() {
            let by_role = self.case.policy.max_contacts_day.get(&clinician.role).copied();
            let Some(cap) = clinician.max_contacts_day.or(by_role) else { continue };
            for &day in &days {
                let booked: i64 = (0..self.case.sessions.len())
                    .filter(|&session| self.case.sessions[session].clinician.index() == index)
                    .map(|session| self.booked(session, Some(day)))
                    .sum();
                let planned = self.those(|_, place| place.clinician == index && place.date() == day);
                self.at_most(planned, (i64::from(cap) - booked).max(0));
            }
        }
        for (index, session) in self.case.sessions.iter().enumerate() {
            let Some(cap) = session.max_contacts else { continue };
            let planned = self.those(|_, place| place.session == index);
            self.at_most(planned, (i64::from(cap) - self.booked(index, None)).max(0));
        }
    }

    /// Contacts of a session in the book: slots in order of time, each that does not go on with the same patient.
    fn booked(&self, session: usize, day: Option<chrono::NaiveDate>) -> i64 {
        let mut contacts = 0;
        let mut before: Option<&rebook::model::Slot> = None;
        for slot in self.case.slots.iter().filter(|slot| slot.session.index() == session) {
            let goes_on = before.is_some_and(|before| {
                before.end() == slot.start
                    && before.status.is_taken()
                    && before.patient_id.is_some()
                    && before.patient_id == slot.patient_id
            });
            if day.is_none_or(|day| slot.start.date() == day) {
                contacts += i64::from(slot.status.is_taken() && !goes_on) + i64::from(slot.places_taken);
            }
            before = Some(slot);
        }
        contacts
    }

    /// 4.3: for each site, reserve and date, the minutes that the reserve leaves.
    fn reserve(&mut self) {
        let case = self.case;
        let calendar = case.policy.working_days();
        let mut days: Vec<_> = case.slots.iter().map(|slot| slot.start.date()).collect();
        days.sort_unstable();
        days.dedup();
        for reserve in &case.policy.reserves {
            for site in 0..case.sites.len() {
                for &day in &days {
                    let mut base = 0;
                    let mut used = 0;
                    for slot in case.slots.iter().filter(|slot| slot.reserved_for.is_none()) {
                        let session = &case.sessions[slot.session.index()];
                        let clinician = &case.clinicians[session.clinician.index()];
                        let here = session.site.index() == site
                            && clinician.role == reserve.role
                            && slot.start.date() == day;
                        if !here {
                            continue;
                        }
                        let open = !clinician.leave.contains(day)
                            && !case.sites[site].closed_dates.contains(day)
                            && (session.additional || !calendar.is_bank_holiday(day))
                            && (!session.additional || case.use_additional);
                        if slot.status == SlotStatus::Free && open && slot.start >= case.policy.as_of {
                            base += i64::from(slot.duration_minutes) * i64::from(slot.places.unwrap_or(1));
                        }
                        let times = i64::from(slot.duration_minutes) * self.booked_rows_with(&slot.slot_id);
                        base += times;
                        used += times;
                    }
                    let limit = ((Decimal::ONE - reserve.fraction) * Decimal::from(base)).floor();
                    let limit = i64::try_from(limit).expect("minutes") - used;
                    let terms = self
                        .those(|variable, place| {
                            place.site == site
                                && case.clinicians[place.clinician].role == reserve.role
                                && place.date() == day
                                && !self.prepared.wanted[variable.request].tier.urgent
                                && place.open_minutes > 0
                        })
                        .into_iter()
                        .map(|variable| (variable, self.place(variable).open_minutes))
                        .collect();
                    self.sum_at_most(terms, limit.max(0));
                }
            }
        }
    }

    /// Rows of the previous plan with this slot, all of whose slots are taken in the book now.
    fn booked_rows_with(&self, slot_id: &str) -> i64 {
        let taken =
            |id: &String| self.case.slots.iter().any(|slot| slot.slot_id == *id && slot.status.is_taken());
        let rows = self.case.previous.iter().flat_map(|files| &files.plan);
        rows.filter(|row| row.slot_ids.iter().any(|id| id == slot_id) && row.slot_ids.iter().all(taken))
            .count() as i64
    }

    /// 4.4: for each site and date, the calls until then.
    fn calls(&mut self) {
        let policy = &self.case.policy;
        let calendar = policy.working_days();
        for (site, facts) in self.case.sites.iter().enumerate() {
            let Some(per_day) = facts.calls_per_day else { continue };
            let mut allowed = 0;
            for date in policy.start.iter_days().take(policy.horizon_days as usize) {
                if date == policy.start || calendar.is_working_day(date) {
                    allowed += i64::from(per_day);
                }
                let called = self.those(|variable, place| {
                    let wanted = &self.prepared.wanted[variable.request];
                    wanted.route == ContactRoute::Phone
                        && wanted.request.site.is_some_and(|own| own.index() == site)
                        && place.date() <= date
                });
                self.at_most(called, allowed);
            }
        }
    }

    /// 4.5: for each candidate and each other request of the patient: not that one and one that it clashes with.
    fn patients(&mut self) {
        let travel = TimeDelta::minutes(i64::from(self.case.policy.travel_minutes));
        for variable in 0..self.variables.len() {
            let mine = self.place(variable);
            let own = self.variables[variable].request;
            for other in own + 1..self.prepared.wanted.len() {
                if self.prepared.wanted[own].request.patient_id
                    != self.prepared.wanted[other].request.patient_id
                {
                    continue;
                }
                let mut clashing = self.those(|its, place| {
                    let both = [mine, place].iter().all(|one| one.channel == DeliveryChannel::InPerson);
                    let gap = if both && mine.site != place.site { travel } else { TimeDelta::zero() };
                    its.request == other && mine.start < place.end + gap && place.start < mine.end + gap
                });
                clashing.push(variable);
                self.at_most(clashing, 1);
            }
        }
    }

    /// 4.6: a candidate of the later one only with one of the earlier one at the right distance.
    fn links(&mut self) {
        for variable in 0..self.variables.len() {
            let own = self.variables[variable].request;
            let request = self.prepared.wanted[own].request;
            let first = self.prepared.wanted.iter().position(|other| {
                request.after_request_id.as_deref() == Some(other.request.request_id.as_str())
            });
            let Some(first) = first else { continue };
            let mine = self.place(variable);
            let right = self.those(|its, place| {
                let days = (mine.date() - place.date()).num_days();
                its.request == first
                    && days >= i64::from(request.after_min_days)
                    && days <= i64::from(request.after_max_days)
                    && (days > 0 || mine.start >= place.end)
            });
            self.only_with(variable, &right);
        }
    }

    /// 4.7: a candidate of a member only with one of the other that makes a visit with it.
    fn visits(&mut self) -> Option<()> {
        let gap = TimeDelta::minutes(i64::from(self.case.policy.together_gap_minutes));
        for variable in 0..self.variables.len() {
            let own = self.variables[variable].request;
            let member = |position: usize| {
                let wanted = &self.prepared.wanted[position];
                let id = self.prepared.wanted[own].request.together_id.as_ref();
                !wanted.tier.urgent && id.is_some() && wanted.request.together_id.as_ref() == id
            };
            let members: Vec<usize> = (0..self.prepared.wanted.len()).filter(|&at| member(at)).collect();
            if !members.contains(&own) || members.len() < 2 {
                continue;
            }
            let [a, b] = members[..] else { return None };
            let other = if a == own { b } else { a };
            let mine = self.place(variable);
            let fitting = self.those(|its, place| {
                let follows = |first: &Candidate, then: &Candidate| {
                    first.end <= then.start && then.start <= first.end + gap
                };
                let shared = mine.group && mine.slots == place.slots;
                its.request == other
                    && place.site == mine.site
                    && place.date() == mine.date()
                    && (shared || follows(mine, place) || follows(place, mine))
            });
            self.only_with(variable, &fitting);
        }
        Some(())
    }

    /// This one only if one of those is taken.
    fn only_with(&mut self, variable: usize, those: &[usize]) {
        let mut terms: Vec<(usize, i64)> = those.iter().map(|&one| (one, -1)).collect();
        terms.push((variable, 1));
        self.so_far.push(Row { terms, most: 0 });
    }
}
