//! A request in the making.

use std::ops::{Deref, DerefMut};

use rebook::calendar::{Availability, DateSet};
use rebook::issue::{Code, Issue};
use rebook::model::{
    CancelledBy, CareType, ContactRoute, Continuity, DeliveryChannel, GenderWish, Reconciliation, Request,
};
use rebook::units::SiteIdx;

use super::{dates, day, moment, tags};

/// A request with its site and care type by name. All fields of the row can be set; the methods are shorthand.
///
/// Unless changed: patient `p-ID` of site `A`, care type `consult`, tier GP4, cancelled at
/// 2024-07-19 10:00, not seen, reached by phone.
#[derive(Debug, Clone)]
pub struct RequestDraft {
    /// The row; site and care type are filled in at the end.
    pub row: Request,
    /// The patient's own site; `None` = unreadable.
    pub site: Option<String>,
    /// A care type code; `None` = unreadable.
    pub care_type: Option<String>,
}

impl Deref for RequestDraft {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.row
    }
}

impl DerefMut for RequestDraft {
    fn deref_mut(&mut self) -> &mut Request {
        &mut self.row
    }
}

impl RequestDraft {
    /// A request of that id on that line.
    pub fn new(request_id: &str, line: u64) -> Self {
        let row = Request {
            line,
            request_id: request_id.to_owned(),
            patient_id: format!("p-{request_id}"),
            site: None,
            care_type: None,
            priority: Some("GP4".to_owned()),
            duration_minutes: None,
            original_start: Some(moment("2024-07-19 10:00")),
            waiting_since: None,
            earliest_date: None,
            due_date: None,
            latest_date: None,
            delivery_channels: Vec::new(),
            preferred_practitioner_id: None,
            continuity: Continuity::None,
            practitioner_gender: GenderWish::Any,
            needs: Vec::new(),
            available: Availability::default(),
            unavailable_dates: DateSet::default(),
            after_request_id: None,
            after_min_days: 5,
            after_max_days: 21,
            together_id: None,
            contact_route: ContactRoute::Phone,
            sms_permitted: false,
            safe_to_contact: true,
            reconciliation: Reconciliation::NotSeen,
            cancelled_by: CancelledBy::Provider,
            times_cancelled: 1,
            outcome: None,
            imd_decile: None,
            flags: Vec::new(),
            defects: Vec::new(),
            content: String::new(),
            kept: Vec::new(),
        };
        Self { row, site: Some("A".to_owned()), care_type: Some("consult".to_owned()) }
    }

    /// Sets any fields of the row.
    pub fn set(&mut self, change: impl FnOnce(&mut Request)) -> &mut Self {
        change(&mut self.row);
        self
    }

    /// Of this tier.
    pub fn tier(&mut self, code: &str) -> &mut Self {
        self.row.priority = Some(code.to_owned());
        self
    }

    /// Of this patient.
    pub fn patient(&mut self, patient_id: &str) -> &mut Self {
        patient_id.clone_into(&mut self.row.patient_id);
        self
    }

    /// Whose own site this is.
    pub fn of_site(&mut self, site_id: &str) -> &mut Self {
        self.site = Some(site_id.to_owned());
        self
    }

    /// For this kind of care.
    pub fn care(&mut self, code: &str) -> &mut Self {
        self.care_type = Some(code.to_owned());
        self
    }

    /// So long.
    pub fn minutes(&mut self, minutes: u32) -> &mut Self {
        self.row.duration_minutes = Some(minutes);
        self
    }

    /// Waiting since.
    pub fn since(&mut self, date: &str) -> &mut Self {
        self.row.waiting_since = Some(day(date));
        self
    }

    /// Not before.
    pub fn earliest(&mut self, date: &str) -> &mut Self {
        self.row.earliest_date = Some(day(date));
        self
    }

    /// Due by.
    pub fn due(&mut self, date: &str) -> &mut Self {
        self.row.due_date = Some(day(date));
        self
    }

    /// Not after.
    pub fn latest(&mut self, date: &str) -> &mut Self {
        self.row.latest_date = Some(day(date));
        self
    }

    /// By these channels, best first.
    pub fn by(&mut self, channels: &[DeliveryChannel]) -> &mut Self {
        self.row.delivery_channels = channels.to_vec();
        self
    }

    /// Continuity with this practitioner.
    pub fn prefers(&mut self, practitioner_id: &str, continuity: Continuity) -> &mut Self {
        self.row.preferred_practitioner_id = Some(practitioner_id.to_owned());
        self.row.continuity = continuity;
        self
    }

    /// With these needs.
    pub fn needs(&mut self, needs: &[&str]) -> &mut Self {
        self.row.needs = tags(needs);
        self
    }

    /// With these flags.
    pub fn flags(&mut self, flags: &[&str]) -> &mut Self {
        self.row.flags = tags(flags);
        self
    }

    /// Who can come then.
    pub fn available(&mut self, list: &str) -> &mut Self {
        self.row.available = Availability::parse(list).expect("a list of windows");
        self
    }

    /// Who cannot come then.
    pub fn unavailable(&mut self, list: &str) -> &mut Self {
        self.row.unavailable_dates = dates(list);
        self
    }

    /// Linked after that one.
    pub fn after(&mut self, request_id: &str, min_days: u32, max_days: u32) -> &mut Self {
        self.row.after_request_id = Some(request_id.to_owned());
        self.row.after_min_days = min_days;
        self.row.after_max_days = max_days;
        self
    }

    /// Member of this visit.
    pub fn together(&mut self, together_id: &str) -> &mut Self {
        self.row.together_id = Some(together_id.to_owned());
        self
    }

    /// Reached by.
    pub fn route(&mut self, route: ContactRoute) -> &mut Self {
        self.row.contact_route = route;
        self
    }

    /// What became of it.
    pub fn became(&mut self, reconciliation: Reconciliation) -> &mut Self {
        self.row.reconciliation = reconciliation;
        self
    }

    /// With a cell of that column that cannot be read.
    pub fn unreadable(&mut self, field: &str) -> &mut Self {
        self.row.defects.push(Issue {
            file: "requests.csv".to_owned(),
            line: Some(self.row.line),
            field: Some(field.to_owned()),
            code: Code::ALL[0],
            value: Some("?".to_owned()),
            expected: "something readable".to_owned(),
            help: "Mend the cell.".to_owned(),
        });
        self
    }

    /// The row with its references resolved and its content told.
    pub(super) fn resolve(&self, care_types: &[CareType], site: impl Fn(&str) -> SiteIdx) -> Request {
        let mut row = self.row.clone();
        row.site = self.site.as_deref().map(site);
        row.care_type = self.care_type.as_deref().map(|code| {
            let found = care_types.iter().position(|care_type| care_type.code == code);
            found.expect("a care type of that code").into()
        });
        row.content = content_of(&row);
        row
    }
}

/// A text that two rows share exactly if all their cells do, the line apart.
pub fn content_of(row: &Request) -> String {
    let mut row = row.clone();
    row.line = 0;
    row.content.clear();
    row.kept.clear();
    for defect in &mut row.defects {
        defect.line = None;
    }
    format!("{row:?}")
}
