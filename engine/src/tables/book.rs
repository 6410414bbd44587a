//! Rows of `sessions.csv`, `slots.csv`, `clinicians.csv` and `sites.csv`, references not yet looked up.

use std::borrow::Cow;

use chrono::{Days, NaiveDateTime, NaiveTime};
use compact_str::CompactString;
use rust_decimal::Decimal;

use super::cells::Cells;
use super::known::Known;
use super::load::Loaded;
use super::log::Log;
use super::schema::{ENTERED_IN_ERROR, GENDERS, OPEN, SLOTS};
use super::sheet::Row;
use crate::calendar::format_moment;
use crate::issue::{Code, Issue};
use crate::model::{Clinician, DeliveryChannel, Gender, Site, Slot, SlotStatus};
use crate::units::SessionIdx;

/// A session as its row says.
#[derive(Debug)]
pub struct SessionRow {
    /// Line of the file.
    pub line: u64,
    /// Unique.
    pub session_id: String,
    /// Whose.
    pub practitioner_id: CompactString,
    /// Where.
    pub site_id: CompactString,
    /// Local time.
    pub start: NaiveDateTime,
    /// Local time.
    pub end: NaiveDateTime,
    /// Length of its slots where `slots.csv` is absent.
    pub slot_minutes: Option<u32>,
    /// Ways it is held.
    pub delivery_channels: Vec<DeliveryChannel>,
    /// Codes.
    pub care_types: Vec<String>,
    /// Tags.
    pub features: Vec<String>,
    /// `None` = open.
    pub reserved_for: Option<String>,
    /// Most contacts.
    pub max_contacts: Option<u32>,
    /// Exists only if bought.
    pub additional: bool,
    /// Pounds.
    pub cost: Option<Decimal>,
    /// Whether every cell could be read; if not, its times are stand-ins.
    pub sound: bool,
}

impl SessionRow {
    /// A session of which only its slots are known.
    pub fn derived(
        line: u64,
        session_id: String,
        practitioner_id: String,
        site_id: String,
        slot: &Slot,
    ) -> Self {
        Self {
            line,
            session_id,
            practitioner_id: practitioner_id.into(),
            site_id: site_id.into(),
            start: slot.start,
            end: slot.end(),
            slot_minutes: None,
            delivery_channels: default_channels(),
            care_types: Vec::new(),
            features: Vec::new(),
            reserved_for: None,
            max_contacts: None,
            additional: false,
            cost: None,
            sound: true,
        }
    }
}

/// A slot as its row says.
pub struct SlotRow {
    /// Line of the file.
    pub line: u64,
    /// The slot; an empty `reserved_for` still means the session's.
    pub slot: Slot,
    /// What the row says of its session, where that is more than which of the known ones it is. Almost no row of a
    /// large book has any, which is why it stands apart.
    pub claims: Option<Box<Claims>>,
    /// Whether the slot is open whatever its session says.
    pub open: bool,
    /// Whether every cell could be read; if not, its times are stand-ins.
    pub sound: bool,
}

/// What a row of `slots.csv` says of its session.
pub struct Claims {
    /// Of which session.
    pub session_id: String,
    /// Whose, where the table says.
    pub practitioner_id: Option<String>,
    /// Where, where the table says.
    pub site_id: Option<String>,
    /// Whether the slot points to its session already.
    pub known: bool,
}

/// The sessions that slots can point to.
pub struct KnownSessions<'a> {
    rows: &'a [SessionRow],
    known: Known<'a>,
    /// Whether names that lead nowhere are wanted: not where the sessions themselves could not be read.
    names: bool,
}

impl<'a> KnownSessions<'a> {
    /// The sessions of a table, ascending by id and line.
    pub fn new(sessions: &'a Loaded<SessionRow>) -> Self {
        let rows = sessions.rows().unwrap_or_default();
        let known = Known::new(rows.iter().map(|row| row.session_id.as_str()));
        Self { rows, known, names: !matches!(sessions, Loaded::Broken) }
    }

    /// Which session a row means, and what else it says of it.
    fn resolve(&self, cells: &mut Cells<'_>) -> (SessionIdx, Option<Box<Claims>>) {
        let session_id: Cow<'_, str> = cells.id("session_id").unwrap_or_default();
        let practitioner_id: Option<Cow<'_, str>> = cells.id("practitioner_id");
        let site_id: Option<Cow<'_, str>> = cells.id("site_id");
        let at = self.known.position(&session_id);
        if let Some(at) = at {
            let truth = &self.rows[at];
            let agrees = practitioner_id.as_ref().is_none_or(|id| *id == truth.practitioner_id)
                && site_id.as_ref().is_none_or(|id| *id == truth.site_id);
            if agrees {
                return (SessionIdx::from(at), None);
            }
        }
        let name = if self.names { session_id.into_owned() } else { String::new() };
        let claims = Claims {
            session_id: name,
            practitioner_id: practitioner_id.map(Cow::into_owned),
            site_id: site_id.map(Cow::into_owned),
            known: at.is_some(),
        };
        (SessionIdx::from(at.unwrap_or_default()), Some(Box::new(claims)))
    }
}

fn default_channels() -> Vec<DeliveryChannel> {
    vec![DeliveryChannel::InPerson, DeliveryChannel::Telephone]
}

/// Whether `end` is on the date of `start`, the following midnight included.
pub fn within_one_day(start: NaiveDateTime, end: NaiveDateTime) -> bool {
    end.date() == start.date()
        || (end.time() == NaiveTime::MIN && start.date().checked_add_days(Days::new(1)) == Some(end.date()))
}

/// Reports what is wrong with a row; whether nothing is.
///
/// A row with a problem is handed on with stand-ins for what could not be read, so that its id is known to the
/// rows that name it. It never gets further: one problem in the book makes the whole case unusable.
fn report(row: &Row<'_>, cells: Cells<'_>, log: &mut Log) -> bool {
    let before = log.problems.len();
    match &row.fault {
        Some(fault) => log.problems.push(fault.clone()),
        None => log.problems.extend(cells.problems),
    }
    log.problems.len() == before
}

/// An id that is written in lists.
fn listed_id<'a, T: From<Cow<'a, str>>>(cells: &mut Cells<'a>, name: &str) -> T {
    let id: Cow<'a, str> = cells.id(name).unwrap_or_default();
    if id.contains(';') {
        cells.problem(name, Code::IdWithSemicolon, &id, "an id without a semicolon");
    }
    id.into()
}

/// What the status of a row says.
enum Status {
    /// There is a slot in this state.
    Slot(SlotStatus),
    /// There is none.
    EnteredInError,
}

impl Status {
    fn parse(text: &str) -> Option<Self> {
        if text == ENTERED_IN_ERROR {
            Some(Self::EnteredInError)
        } else {
            SlotStatus::parse(text).map(Self::Slot)
        }
    }
}

/// Reads a row of `sessions.csv`.
pub fn session(row: &Row<'_>, log: &mut Log) -> SessionRow {
    let mut cells = Cells::new(row);
    let mut session = SessionRow {
        line: row.line(),
        session_id: listed_id(&mut cells, "session_id"),
        practitioner_id: cells.id("practitioner_id").unwrap_or_default(),
        site_id: listed_id(&mut cells, "site_id"),
        start: NaiveDateTime::default(),
        end: NaiveDateTime::default(),
        slot_minutes: cells.whole("slot_minutes"),
        delivery_channels: cells.words("delivery_channels", DeliveryChannel::parse),
        care_types: cells.tags("care_types"),
        features: cells.tags("features"),
        reserved_for: cells.text("reserved_for").filter(|label| label != OPEN),
        max_contacts: cells.whole("max_contacts"),
        additional: cells.boolean("additional").unwrap_or(false),
        cost: cells.decimal("cost"),
        sound: true,
    };
    if session.delivery_channels.is_empty() {
        session.delivery_channels = default_channels();
    }
    if let (Some(start), Some(end)) = (cells.moment("start"), cells.moment("end")) {
        if end <= start {
            let expected = format!("a time after {}", format_moment(start));
            cells.problem("end", Code::EndNotAfterStart, &format_moment(end), expected);
        } else if !within_one_day(start, end) {
            let expected = format!("a time on {}", start.date());
            cells.problem("end", Code::NotOneDay, &format_moment(end), expected);
        }
        (session.start, session.end) = (start, end);
    }
    session.sound = report(row, cells, log);
    session
}

/// Reads a row of `slots.csv`; nothing where the slot was entered in error, whatever else its cells hold.
pub fn slot(row: &Row<'_>, sessions: &KnownSessions<'_>, log: &mut Log) -> Option<SlotRow> {
    let mut cells = Cells::new(row);
    let status = match cells.word("status", Status::parse) {
        Some(Status::EnteredInError) if row.fault.is_none() => return None,
        Some(Status::EnteredInError) | None => SlotStatus::Free,
        Some(Status::Slot(status)) => status,
    };
    let mut slot = Slot {
        slot_id: listed_id(&mut cells, "slot_id"),
        session: SessionIdx(0),
        start: cells.moment("start").unwrap_or_default(),
        duration_minutes: cells.whole("duration_minutes").unwrap_or_default(),
        status,
        reserved_for: cells.text("reserved_for"),
        patient_id: cells.id("patient_id"),
        places: cells.whole("places"),
        places_taken: cells.whole("places_taken").unwrap_or(0),
    };
    if !within_one_day(slot.start, slot.end()) {
        let expected = format!("a slot that ends on {}", slot.start.date());
        cells.problem("duration_minutes", Code::NotOneDay, &slot.duration_minutes.to_string(), expected);
    }
    let claims;
    (slot.session, claims) = sessions.resolve(&mut cells);
    let mut found = SlotRow { line: row.line(), slot, claims, open: false, sound: true };
    if found.slot.reserved_for.as_deref() == Some(OPEN) {
        found.slot.reserved_for = None;
        found.open = true;
    }
    found.sound = report(row, cells, log);
    if found.sound {
        doubts(&mut found, row, log);
    }
    Some(found)
}

/// Warns of slots that may not be what they seem.
fn doubts(row: &mut SlotRow, source: &Row<'_>, log: &mut Log) {
    let slot = &mut row.slot;
    let warn = |code, field: &str, value: &str, expected: &str| {
        Issue::new(code, source.file, expected).at(row.line).field(field).value(value)
    };
    if slot.status == SlotStatus::Free
        && slot.places.is_none()
        && let Some(patient) = &slot.patient_id
    {
        let expected = "a status of busy beside a patient";
        log.warnings.push(warn(Code::FreeSlotWithPatient, "patient_id", patient, expected));
    }
    if slot.places.is_none() && slot.places_taken > 0 {
        let taken = slot.places_taken.to_string();
        let expected = "a number in places beside it";
        log.warnings.push(warn(Code::PlacesTakenWithoutPlaces, "places_taken", &taken, expected));
    }
    if !slot.status.is_taken() {
        slot.patient_id = None;
    }
}

/// What a slot says of its session must be so; and it should be within its hours.
pub fn against_session(row: &SlotRow, session: &SessionRow, log: &mut Log) {
    let Some(claims) = &row.claims else { return };
    let claims = [
        ("practitioner_id", &claims.practitioner_id, &session.practitioner_id),
        ("site_id", &claims.site_id, &session.site_id),
    ];
    for (field, claim, truth) in claims {
        if let Some(claim) = claim
            && claim != truth
        {
            let expected =
                format!("{truth:?}, as session {:?} has (line {})", session.session_id, session.line);
            let issue = Issue::new(Code::SessionContradiction, SLOTS.file, expected);
            log.problems.push(issue.at(row.line).field(field).value(claim));
        }
    }
}

/// A slot's own times count, but a contradiction is worth a look.
pub fn against_hours(row: &SlotRow, session: &SessionRow, log: &mut Log) {
    if row.slot.start < session.start || row.slot.end() > session.end {
        let (start, end) = (format_moment(session.start), format_moment(session.end));
        let issue =
            Issue::new(Code::SlotOutsideSession, SLOTS.file, format!("a slot between {start} and {end}"));
        log.warnings.push(issue.at(row.line).field("start").value(&format_moment(row.slot.start)));
    }
}

/// Reads a row of `clinicians.csv`.
pub fn clinician(row: &Row<'_>, log: &mut Log) -> (u64, Clinician) {
    let mut cells = Cells::new(row);
    let clinician = Clinician {
        practitioner_id: cells.id("practitioner_id").unwrap_or_default(),
        role: cells.text("role").unwrap_or_default(),
        gender: cells.word("gender", |text| GENDERS.contains(&text).then(|| Gender::parse(text))).flatten(),
        skills: cells.tags("skills"),
        max_contacts_day: cells.whole("max_contacts_day"),
        duration_multiplier: cells.decimal("duration_multiplier").unwrap_or(Decimal::ONE),
        leave: cells.dates("leave"),
    };
    report(row, cells, log);
    (row.line(), clinician)
}

/// Reads a row of `sites.csv`.
pub fn site(row: &Row<'_>, log: &mut Log) -> (u64, Site) {
    let mut cells = Cells::new(row);
    let site = Site {
        site_id: listed_id(&mut cells, "site_id"),
        listed: true,
        name: cells.text("name"),
        practice: cells.text("practice"),
        pcn: cells.text("pcn"),
        icb: cells.text("icb"),
        region: cells.text("region"),
        hub: cells.boolean("hub").unwrap_or(false),
        serves: cells.tags("serves"),
        features: cells.tags("features"),
        closed_dates: cells.dates("closed_dates"),
        calls_per_day: cells.whole("calls_per_day"),
        latitude: cells.decimal("latitude"),
        longitude: cells.decimal("longitude"),
    };
    report(row, cells, log);
    (row.line(), site)
}
