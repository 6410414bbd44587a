//! A builder of hand-made cases: names in, a valid [`Case`] out, so that a test reads as a few facts and a number.
//!
//! ```
//! use rebook_tests::build::CaseBuilder;
//! use rebook_tests::oracle::best;
//!
//! // One slot, two requests: the more urgent one takes it.
//! let case = CaseBuilder::gp()
//!     .session("S1", "g1", "A", "2024-07-22 10:00", &[15])
//!     .request("R1", |r| r.tier("GP5"))
//!     .request("R2", |r| r.tier("GP2"))
//!     .build();
//! let oracle = best(&case);
//! assert_eq!(oracle.plan.keys().collect::<Vec<_>>(), [&3]);
//! ```

mod policy;
mod previous;
mod request;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rebook::calendar::DateSet;
use rebook::model::{Case, Clinician, DeliveryChannel, Policy, Session, Site, Slot, SlotStatus};
use rebook::units::{ClinicianIdx, SessionIdx, SiteIdx};
use rust_decimal::Decimal;

use previous::{Previous, previous_plan};

pub use policy::{care_type, gp_policy, tier};
pub use request::{RequestDraft, content_of};

/// The date that a text such as `2024-07-22` names.
pub fn day(text: &str) -> NaiveDate {
    rebook::calendar::parse_date(text).expect("a date")
}

/// The moment that a text such as `2024-07-22 09:00` names.
pub fn moment(text: &str) -> NaiveDateTime {
    rebook::calendar::parse_moment(text).expect("a moment")
}

/// The texts as a list of tags.
pub fn tags(list: &[&str]) -> Vec<String> {
    list.iter().map(|&tag| tag.to_owned()).collect()
}

/// The dates that a text such as `2024-07-22;2024-08-01..2024-08-03` names.
pub fn dates(text: &str) -> DateSet {
    DateSet::parse(text).expect("a list of dates")
}

/// A case in the making; references are by name until [`CaseBuilder::build`].
#[derive(Debug, Clone)]
pub struct CaseBuilder {
    /// Tiers, care types, weights and limits.
    pub policy: Policy,
    pub(crate) requests: Vec<RequestDraft>,
    pub(crate) sessions: Vec<SessionDraft>,
    pub(crate) clinicians: Vec<Clinician>,
    pub(crate) sites: Vec<Site>,
    previous: Option<Vec<Previous>>,
    pub(crate) use_additional: bool,
}

/// A session in the making, with its slots.
#[derive(Debug, Clone)]
pub(crate) struct SessionDraft {
    pub(crate) session: Session,
    pub(crate) practitioner_id: String,
    pub(crate) site_id: String,
    pub(crate) slots: Vec<Slot>,
}

impl CaseBuilder {
    /// A case with this policy and nothing else.
    pub fn with(policy: Policy) -> Self {
        Self {
            policy,
            requests: Vec::new(),
            sessions: Vec::new(),
            clinicians: Vec::new(),
            sites: Vec::new(),
            previous: None,
            use_additional: false,
        }
    }

    /// One site `A` with the GP `g1` and the nurse `n1`, from Monday 2024-07-22 00:00 on for 28 days, with the
    /// tiers GP0 to GP6, no reserve, no caps, no notice.
    pub fn gp() -> Self {
        Self::with(gp_policy()).site("A", |_| {}).clinician("g1", "gp", |_| {}).clinician(
            "n1",
            "nurse",
            |_| {},
        )
    }

    /// Changes the policy.
    #[must_use]
    pub fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.policy);
        self
    }

    /// Changes a tier.
    #[must_use]
    pub fn tier(mut self, code: &str, change: impl FnOnce(&mut rebook::model::Tier)) -> Self {
        change(self.policy.tiers.iter_mut().find(|tier| tier.code == code).expect("a tier of that code"));
        self
    }

    /// Changes a care type.
    #[must_use]
    pub fn care_type(mut self, code: &str, change: impl FnOnce(&mut rebook::model::CareType)) -> Self {
        let found = self.policy.care_types.iter_mut().find(|care_type| care_type.code == code);
        change(found.expect("a care type of that code"));
        self
    }

    /// Adds a site, or changes the one of that name.
    #[must_use]
    pub fn site(mut self, site_id: &str, change: impl FnOnce(&mut Site)) -> Self {
        let at = self.sites.iter().position(|site| site.site_id == site_id).unwrap_or_else(|| {
            self.sites.push(Site { site_id: site_id.to_owned(), listed: true, ..Site::default() });
            self.sites.len() - 1
        });
        change(&mut self.sites[at]);
        self
    }

    /// Adds a practitioner, or changes the one of that name.
    #[must_use]
    pub fn clinician(mut self, id: &str, role: &str, change: impl FnOnce(&mut Clinician)) -> Self {
        let at = self.clinicians.iter().position(|one| one.practitioner_id == id).unwrap_or_else(|| {
            self.clinicians.push(Clinician {
                practitioner_id: id.to_owned(),
                role: role.to_owned(),
                gender: None,
                skills: Vec::new(),
                max_contacts_day: None,
                duration_multiplier: Decimal::ONE,
                leave: DateSet::default(),
            });
            self.clinicians.len() - 1
        });
        change(&mut self.clinicians[at]);
        self
    }

    /// Adds a session with free slots of these minutes, one after the other, named `SESSION/1`, `SESSION/2`, ...
    /// A negative number is a gap of so many minutes.
    #[must_use]
    pub fn session(
        mut self,
        id: &str,
        practitioner_id: &str,
        site_id: &str,
        at: &str,
        minutes: &[i64],
    ) -> Self {
        let start = moment(at);
        let mut slots: Vec<Slot> = Vec::new();
        let mut time = start;
        for &minutes in minutes {
            if minutes > 0 {
                slots.push(Slot {
                    slot_id: format!("{id}/{}", slots.len() + 1).into(),
                    session: SessionIdx(0),
                    start: time,
                    duration_minutes: minutes as u32,
                    status: SlotStatus::Free,
                    reserved_for: None,
                    patient_id: None,
                    places: None,
                    places_taken: 0,
                });
            }
            time += TimeDelta::minutes(minutes.abs());
        }
        self.sessions.push(SessionDraft {
            session: Session {
                session_id: id.to_owned(),
                clinician: ClinicianIdx(0),
                site: SiteIdx(0),
                start,
                end: time,
                delivery_channels: vec![DeliveryChannel::InPerson, DeliveryChannel::Telephone],
                care_types: Vec::new(),
                features: Vec::new(),
                reserved_for: None,
                max_contacts: None,
                additional: false,
                cost: None,
            },
            practitioner_id: practitioner_id.to_owned(),
            site_id: site_id.to_owned(),
            slots,
        });
        self
    }

    /// Changes a session.
    #[must_use]
    pub fn edit_session(mut self, id: &str, change: impl FnOnce(&mut Session)) -> Self {
        change(&mut self.draft(id).session);
        self
    }

    /// Changes every slot of a session.
    #[must_use]
    pub fn slots(mut self, session_id: &str, change: impl FnMut(&mut Slot)) -> Self {
        self.draft(session_id).slots.iter_mut().for_each(change);
        self
    }

    /// Changes one slot.
    #[must_use]
    pub fn slot(mut self, slot_id: &str, change: impl FnOnce(&mut Slot)) -> Self {
        let slot =
            self.sessions.iter_mut().flat_map(|draft| &mut draft.slots).find(|slot| slot.slot_id == slot_id);
        change(slot.expect("a slot of that id"));
        self
    }

    /// Books a slot for a patient.
    #[must_use]
    pub fn busy(self, slot_id: &str, patient_id: &str) -> Self {
        self.slot(slot_id, |slot| {
            slot.status = SlotStatus::Busy;
            slot.patient_id = Some(patient_id.into());
        })
    }

    /// Adds a request; see [`RequestDraft`] for what it is unless changed. Lines count from 2.
    #[must_use]
    pub fn request(mut self, id: &str, change: impl FnOnce(&mut RequestDraft) -> &mut RequestDraft) -> Self {
        let line = self.requests.len() as u64 + 2;
        let mut draft = RequestDraft::new(id, line);
        change(&mut draft);
        self.requests.push(draft);
        self
    }

    /// Repeats the last request as another row, changed or not.
    #[must_use]
    pub fn again(mut self, change: impl FnOnce(&mut RequestDraft) -> &mut RequestDraft) -> Self {
        let mut draft = self.requests.last().expect("a request to repeat").clone();
        draft.row.line = self.requests.len() as u64 + 2;
        change(&mut draft);
        self.requests.push(draft);
        self
    }

    /// A row of the previous plan. A run without any such row has no previous plan.
    #[must_use]
    pub fn previously(mut self, request_id: &str, slot_ids: &[&str]) -> Self {
        self.previous
            .get_or_insert_default()
            .push(Previous { request_id: request_id.to_owned(), slot_ids: tags(slot_ids) });
        self
    }

    /// Asks for the additional sessions.
    #[must_use]
    pub fn use_additional(mut self) -> Self {
        self.use_additional = true;
        self
    }

    fn draft(&mut self, session_id: &str) -> &mut SessionDraft {
        let found = self.sessions.iter_mut().find(|draft| draft.session.session_id == session_id);
        found.expect("a session of that id")
    }

    /// Sorts the tables as a reader would and resolves the references.
    ///
    /// # Panics
    /// Where a name is not found.
    pub fn build(mut self) -> Case {
        self.policy.care_types.sort_by(|a, b| a.code.cmp(&b.code));
        self.clinicians.sort_by(|a, b| a.practitioner_id.cmp(&b.practitioner_id));
        self.sites.sort_by(|a, b| a.site_id.cmp(&b.site_id));
        self.sessions.sort_by(|a, b| a.session.session_id.cmp(&b.session.session_id));
        let site = |id: &str| {
            SiteIdx::from(self.sites.iter().position(|site| site.site_id == id).expect("a site of that id"))
        };
        let mut slots = Vec::new();
        let mut sessions = Vec::new();
        for (index, draft) in self.sessions.iter().enumerate() {
            let clinician =
                self.clinicians.iter().position(|one| one.practitioner_id == draft.practitioner_id);
            let mut session = draft.session.clone();
            session.clinician = clinician.expect("a practitioner of that id").into();
            session.site = site(&draft.site_id);
            for slot in &draft.slots {
                let mut slot = slot.clone();
                slot.session = index.into();
                if slot.reserved_for.is_none() {
                    slot.reserved_for.clone_from(&session.reserved_for);
                }
                // `open` overrides the session's label.
                slot.reserved_for = slot.reserved_for.filter(|label| label != "open");
                slots.push(slot);
            }
            sessions.push(session);
        }
        slots.sort_by(|a, b| (a.session, a.start, &a.slot_id).cmp(&(b.session, b.start, &b.slot_id)));
        let requests: Vec<_> =
            self.requests.iter().map(|draft| draft.resolve(&self.policy.care_types, site)).collect();
        let case = Case {
            requests,
            sessions,
            slots,
            previous: None,
            accepted: Vec::new(),
            use_additional: self.use_additional,
            kept_columns: Vec::new(),
            warnings: Vec::new(),
            files: Vec::new(),
            clinicians: self.clinicians,
            sites: self.sites,
            policy: self.policy,
        };
        let previous = self.previous.map(|rows| previous_plan(&case, &rows));
        Case { previous, ..case }
    }
}
