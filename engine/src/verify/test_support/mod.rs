//! A small practice for tests, changed by each test in one or two things, and the honest files of a plan for it.
//!
//! The plan's rows state what the verifier itself computes, so that a test of a rule breaks that rule alone; the
//! numbers are tested by hand in the tests of the modules that compute them.

mod dice;
mod honest;

pub(super) use dice::Dice;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::rule::Rule;
use super::verify;
use crate::calendar::{Availability, DateSet};
use crate::model::*;

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn moment(text: &str) -> NaiveDateTime {
    crate::calendar::parse_moment(text).unwrap()
}

pub(super) fn days(text: &str) -> DateSet {
    DateSet::parse(text).unwrap()
}

/// A case, and where its requests are put.
///
/// Start is Monday 2024-07-22, for 14 days; tiers U (urgent, rank 1, same day, by phone), A (rank 2, 2 days), B
/// (rank 3, 5 days), C (rank 4, 14 days), and X, never scheduled; no notice; care type `gp` of 15 minutes for roles
/// `gp` and `anp`. Sites `S1` and `S2` of practice `P1`, `S3` of practice `P3`. Practitioners `dr` and `dr2` (gp),
/// `an` (anp).
pub(super) struct Scene {
    pub case: Case,
    placed: Vec<Placed>,
    /// Reason codes of unplaced requests, `held` unless given.
    pub reasons: BTreeMap<String, String>,
}

/// Request, session and slots.
type Placed = (String, String, Vec<String>);

fn tier(code: &str, days: u32) -> Tier {
    Tier {
        code: code.to_owned(),
        target: Target::Days(days),
        target_from: TargetFrom::Start,
        may_use: vec![],
        schedule: true,
        call: false,
        urgent: false,
        shares_rank: false,
        weight: 100,
        escalate_after_days: 0,
        min_notice_hours: None,
    }
}

fn policy() -> Policy {
    let mut tiers = vec![tier("X", 0), tier("U", 0), tier("A", 2), tier("B", 5), tier("C", 14)];
    tiers[0].schedule = false;
    tiers[1].urgent = true;
    tiers[1].may_use = vec!["urgent".to_owned()];
    Policy {
        name: "test".to_owned(),
        version: "1".to_owned(),
        approved_by: "Dr Test".to_owned(),
        start: date("2024-07-22"),
        as_of: moment("2024-07-22T00:00"),
        horizon_days: 14,
        unplaced_days: 365,
        wait_per_day: 10,
        travel_minutes: 30,
        together_gap_minutes: 30,
        slot_minutes: 15,
        window_rank: 2,
        place_after_window: true,
        place_needs: vec!["step-free".to_owned()],
        bank_holidays: BankHolidays::Listed(vec![]),
        max_weight: 200,
        min_notice_hours: NoticeHours { default: 0, by_route: BTreeMap::new() },
        tiers,
        care_types: vec![CareType {
            code: "gp".to_owned(),
            roles: vec!["gp".to_owned(), "anp".to_owned()],
            duration_minutes: 15,
            delivery_channels: vec![DeliveryChannel::InPerson, DeliveryChannel::Telephone],
            priority: None,
            needs: vec![],
            start_after: None,
            finish_by: None,
        }],
        max_contacts_day: BTreeMap::new(),
        reserves: vec![],
        inconvenience: Inconvenience {
            other_practitioner: 30,
            other_site: 20,
            role_step: 10,
            wasted_minute: 1,
            moved: 140,
        },
        weights: vec![],
    }
}

impl Scene {
    pub fn new() -> Self {
        let clinician = |id: &str, role: &str| Clinician {
            practitioner_id: id.to_owned(),
            role: role.to_owned(),
            gender: None,
            skills: vec![],
            max_contacts_day: None,
            duration_multiplier: Decimal::ONE,
            leave: DateSet::default(),
        };
        let site = |id: &str, practice: &str| Site {
            site_id: id.to_owned(),
            listed: true,
            practice: Some(practice.to_owned()),
            ..Site::default()
        };
        let case = Case {
            policy: policy(),
            requests: vec![],
            sessions: vec![],
            slots: vec![],
            clinicians: vec![clinician("an", "anp"), clinician("dr", "gp"), clinician("dr2", "gp")],
            sites: vec![site("S1", "P1"), site("S2", "P1"), site("S3", "P3")],
            previous: None,
            accepted: vec![],
            use_additional: false,
            kept_columns: vec![],
            warnings: vec![],
            files: vec![],
        };
        Self { case, placed: vec![], reasons: BTreeMap::new() }
    }

    /// A session of so many free slots of 15 minutes, named `ID/1`, `ID/2`, ...
    pub fn session(
        &mut self,
        id: &str,
        clinician: &str,
        site: &str,
        start: &str,
        slots: u32,
    ) -> &mut Session {
        let start = moment(start);
        let at = |position: u32| start + chrono::TimeDelta::minutes(i64::from(position) * 15);
        let session = self.case.sessions.len();
        for number in 0..slots {
            self.case.slots.push(Slot {
                slot_id: format!("{id}/{}", number + 1).into(),
                session: session.into(),
                start: at(number),
                duration_minutes: 15,
                status: SlotStatus::Free,
                reserved_for: None,
                patient_id: None,
                places: None,
                places_taken: 0,
            });
        }
        let clinician = self.case.clinicians.iter().position(|c| c.practitioner_id == clinician).unwrap();
        let site = self.case.sites.iter().position(|s| s.site_id == site).unwrap();
        self.case.sessions.push(Session {
            session_id: id.to_owned(),
            clinician: clinician.into(),
            site: site.into(),
            start,
            end: at(slots),
            delivery_channels: vec![DeliveryChannel::InPerson, DeliveryChannel::Telephone],
            care_types: vec![],
            features: vec![],
            reserved_for: None,
            max_contacts: None,
            additional: false,
            cost: None,
        });
        &mut self.case.sessions[session]
    }

    /// A request of patient `pat-ID` at S1, waiting since the day before the start.
    pub fn request(&mut self, id: &str, tier: &str) -> &mut Request {
        let line = self.case.requests.len() as u64 + 2;
        self.case.requests.push(Request {
            line,
            request_id: id.to_owned(),
            patient_id: format!("pat-{id}"),
            site: Some(0usize.into()),
            care_type: Some(0usize.into()),
            priority: (!tier.is_empty()).then(|| tier.to_owned()),
            duration_minutes: None,
            original_start: Some(moment("2024-07-21T09:00")),
            waiting_since: None,
            earliest_date: None,
            due_date: None,
            latest_date: None,
            delivery_channels: vec![],
            preferred_practitioner_id: None,
            continuity: Continuity::None,
            practitioner_gender: GenderWish::Any,
            needs: vec![],
            available: Availability::default(),
            unavailable_dates: DateSet::default(),
            after_request_id: None,
            after_min_days: 5,
            after_max_days: 21,
            together_id: None,
            contact_route: ContactRoute::Letter,
            sms_permitted: false,
            safe_to_contact: true,
            reconciliation: Reconciliation::NotSeen,
            cancelled_by: CancelledBy::Provider,
            outcome: None,
            times_cancelled: 1,
            imd_decile: None,
            flags: vec![],
            defects: vec![],
            content: format!("content of {id}"),
            kept: vec![],
        });
        self.case.requests.last_mut().unwrap()
    }

    pub fn slot(&mut self, id: &str) -> &mut Slot {
        self.case.slots.iter_mut().find(|slot| slot.slot_id == id).unwrap()
    }

    pub fn clinician(&mut self, id: &str) -> &mut Clinician {
        self.case.clinicians.iter_mut().find(|clinician| clinician.practitioner_id == id).unwrap()
    }

    pub fn site(&mut self, id: &str) -> &mut Site {
        self.case.sites.iter_mut().find(|site| site.site_id == id).unwrap()
    }

    pub fn tier(&mut self, code: &str) -> &mut Tier {
        self.case.policy.tiers.iter_mut().find(|tier| tier.code == code).unwrap()
    }

    pub fn care_type(&mut self) -> &mut CareType {
        &mut self.case.policy.care_types[0]
    }

    /// Books a slot for a patient.
    pub fn busy(&mut self, slot: &str, patient: &str) {
        let slot = self.slot(slot);
        slot.status = SlotStatus::Busy;
        slot.patient_id = (!patient.is_empty()).then(|| patient.into());
    }

    /// Makes a slot a group slot with so many places still free.
    pub fn group(&mut self, slot: &str, places: u32) {
        self.slot(slot).places = Some(places);
    }

    /// Puts a request into slots, named like `s/1`; the session is that of the first.
    pub fn place(&mut self, request: &str, slots: &[&str]) {
        let session = slots[0].split('/').next().unwrap().to_owned();
        self.placed.retain(|(id, ..)| id != request);
        self.placed.push((
            request.to_owned(),
            session,
            slots.iter().map(|slot| (*slot).to_owned()).collect(),
        ));
    }

    /// Takes a request out of its place.
    pub fn leave_out(&mut self, request: &str) {
        self.placed.retain(|(id, ..)| id != request);
    }

    /// Makes the plan as it stands the one before, and begins another without any place.
    pub fn replan(&mut self) {
        self.case.previous = Some(self.plan());
        self.placed.clear();
    }

    /// The same, with the same places.
    pub fn replan_in_place(&mut self) {
        self.case.previous = Some(self.plan());
    }

    /// The files of the plan, every cell as it should be.
    pub fn plan(&self) -> PlanFiles {
        honest::plan(&self.case, &self.placed, &self.reasons)
    }

    /// The codes of the rules that the honest plan breaks, each once.
    pub fn codes(&self) -> Vec<&'static str> {
        codes(&self.case, &self.plan())
    }

    pub fn accepts(&self) {
        assert_eq!(verify(&self.case, &self.plan()), []);
    }

    /// The rule is among those that the honest plan breaks.
    pub fn rejects(&self, rule: Rule) {
        let found = verify(&self.case, &self.plan());
        assert!(found.iter().any(|violation| violation.rule == rule), "{rule} is not among {found:#?}");
    }

    /// The rule is broken once the plan's files are changed so, and no other.
    pub fn rejects_tampered(&self, rule: Rule, tamper: impl FnOnce(&mut PlanFiles)) {
        let mut plan = self.plan();
        assert_eq!(verify(&self.case, &plan), [], "the plan must be sound before it is tampered with");
        tamper(&mut plan);
        assert_eq!(codes(&self.case, &plan), [rule.as_str()]);
    }
}

/// The codes of the rules broken, each once.
pub(super) fn codes(case: &Case, plan: &PlanFiles) -> Vec<&'static str> {
    let mut codes: Vec<_> = verify(case, plan).iter().map(|violation| violation.rule.as_str()).collect();
    codes.dedup();
    codes
}
