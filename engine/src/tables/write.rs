//! Tables as canonical CSV: columns in the order of the schema, texts harmless to spreadsheets.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use super::policy::{FILE, policy_to_toml};
use super::requests::CONTENT_SEPARATOR;
use super::schema::{CASE, CLINICIANS, OPEN, REQUESTS, SESSIONS, SITES, SLOTS, Table};
use super::text::guard;
use crate::calendar::{Availability, DateSet, MINUTES_PER_DAY, format_date, format_moment};
use crate::error::{Error, Result};
use crate::model::{Case, Clinician, DeliveryChannel, Request, Session, Site, Slot};

/// The cells of one line.
#[derive(Debug, Default)]
pub struct Line(Vec<String>);

impl Line {
    /// A number, date or code of ours, which no spreadsheet would run.
    pub fn plain(&mut self, value: impl Display) {
        self.0.push(value.to_string());
    }

    /// A value, or an empty cell.
    pub fn maybe(&mut self, value: Option<impl Display>) {
        self.0.push(value.map(|value| value.to_string()).unwrap_or_default());
    }

    /// A text, made harmless.
    pub fn text(&mut self, text: &str) {
        self.0.push(guard(text).into_owned());
    }

    /// The cells, in order.
    #[cfg(feature = "arrow")]
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// A text, or an empty cell.
    pub fn maybe_text(&mut self, text: Option<&String>) {
        self.text(text.map_or("", String::as_str));
    }
}

/// The items of a list.
pub fn joined(items: &[String]) -> String {
    items.join(";")
}

/// A table as bytes, with further columns after those of the schema.
pub fn table_bytes(table: &Table, further: &[String], lines: impl Iterator<Item = Line>) -> Result<Vec<u8>> {
    let broken = |error: &dyn Display| Error::Internal(format!("{} cannot be written: {error}", table.file));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = table.columns.iter().map(|column| column.name.to_owned());
    let header: Vec<String> = names.chain(further.iter().map(|name| guard(name).into_owned())).collect();
    writer.write_record(&header).map_err(|error| broken(&error))?;
    for line in lines {
        writer.write_record(&line.0).map_err(|error| broken(&error))?;
    }
    writer.into_inner().map_err(|error| broken(&error))
}

/// Writes a case as tables and a policy, so that [`read_case`](super::read_case) gives it back.
///
/// A request with defects is written from the cells it was read from, so that even what could not be read stays;
/// any other from its fields. `sites.csv` is written if any site is listed. What a run adds (the previous plan, the use of
/// additional sessions) is not part of a case's files.
///
/// # Errors
/// [`Error::Io`] if the disk refuses.
pub fn write_case(case: &Case, dir: &Path) -> Result<()> {
    let failed = |path: &Path, error: &std::io::Error| Error::Io {
        action: "cannot write",
        path: path.to_owned(),
        reason: error.to_string(),
    };
    fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let put = |name: &str, bytes: Vec<u8>| {
        let path = dir.join(name);
        fs::write(&path, bytes).map_err(|error| failed(&path, &error))
    };
    for table in CASE {
        if table.file == SITES.file && !case.sites.iter().any(|site| site.listed) {
            continue;
        }
        let further = if table.file == REQUESTS.file { case.kept_columns.as_slice() } else { &[] };
        put(table.file, table_bytes(table, further, case_lines(case, table))?)?;
    }
    put(FILE, policy_to_toml(&case.policy).into_bytes())
}

/// The lines of a table of a case; none of a table that it does not have.
pub fn case_lines<'c>(case: &'c Case, table: &Table) -> Box<dyn Iterator<Item = Line> + 'c> {
    match table.file {
        file if file == REQUESTS.file => Box::new(case.requests.iter().map(|row| request_line(row, case))),
        file if file == SESSIONS.file => Box::new(case.sessions.iter().map(|row| session_line(row, case))),
        file if file == SLOTS.file => Box::new(case.slots.iter().map(|row| slot_line(row, case))),
        file if file == CLINICIANS.file => Box::new(case.clinicians.iter().map(clinician_line)),
        file if file == SITES.file => Box::new(case.sites.iter().filter(|site| site.listed).map(site_line)),
        _ => Box::new(std::iter::empty()),
    }
}

fn channels(channels: &[DeliveryChannel]) -> String {
    channels.iter().map(|channel| channel.as_str()).collect::<Vec<_>>().join(";")
}

fn dates(dates: &DateSet) -> String {
    let range = |&(from, to): &(chrono::NaiveDate, chrono::NaiveDate)| {
        if from == to { format_date(from) } else { format!("{}..{}", format_date(from), format_date(to)) }
    };
    dates.ranges().iter().map(range).collect::<Vec<_>>().join(";")
}

fn windows(available: &Availability) -> String {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let window = |window: &crate::calendar::WeekdayWindow| {
        let day = NAMES[usize::from(window.weekday) % 7];
        if (window.from, window.to) == (0, MINUTES_PER_DAY) {
            day.to_owned()
        } else {
            format!("{day} {}-{}", clock(window.from), clock(window.to))
        }
    };
    available.windows().iter().map(window).collect::<Vec<_>>().join(";")
}

fn request_line(request: &Request, case: &Case) -> Line {
    let mut line = Line::default();
    let cells: Vec<&str> = request.content.split(CONTENT_SEPARATOR).collect();
    if !request.defects.is_empty() && cells.len() == REQUESTS.columns.len() {
        for cell in cells {
            line.text(cell);
        }
    } else {
        request_fields(request, case, &mut line);
    }
    for column in 0..case.kept_columns.len() {
        line.maybe_text(request.kept.get(column));
    }
    line
}

fn request_fields(request: &Request, case: &Case, line: &mut Line) {
    line.text(&request.request_id);
    line.text(&request.patient_id);
    line.text(request.site.map_or("", |site| &case.sites[site.index()].site_id));
    line.text(request.care_type.map_or("", |kind| &case.policy.care_types[kind.index()].code));
    line.maybe_text(request.priority.as_ref());
    line.maybe(request.duration_minutes);
    line.maybe(request.original_start.map(format_moment));
    line.maybe(request.waiting_since.map(format_date));
    line.maybe(request.earliest_date.map(format_date));
    line.maybe(request.due_date.map(format_date));
    line.maybe(request.latest_date.map(format_date));
    line.plain(channels(&request.delivery_channels));
    line.maybe_text(request.preferred_practitioner_id.as_ref());
    line.plain(request.continuity);
    line.plain(request.practitioner_gender);
    line.text(&joined(&request.needs));
    line.plain(windows(&request.available));
    line.plain(dates(&request.unavailable_dates));
    line.maybe_text(request.after_request_id.as_ref());
    line.plain(request.after_min_days);
    line.plain(request.after_max_days);
    line.maybe_text(request.together_id.as_ref());
    line.plain(request.contact_route);
    line.plain(request.sms_permitted);
    line.plain(request.safe_to_contact);
    line.plain(request.reconciliation);
    line.plain(request.cancelled_by);
    line.plain(request.times_cancelled);
    line.maybe(request.imd_decile);
    line.text(&joined(&request.flags));
}

fn session_line(session: &Session, case: &Case) -> Line {
    let mut line = Line::default();
    line.text(&session.session_id);
    line.text(&case.clinicians[session.clinician.index()].practitioner_id);
    line.text(&case.sites[session.site.index()].site_id);
    line.plain(format_moment(session.start));
    line.plain(format_moment(session.end));
    line.plain(""); // slot_minutes: the slots themselves are written
    line.plain(channels(&session.delivery_channels));
    line.text(&joined(&session.care_types));
    line.text(&joined(&session.features));
    line.maybe_text(session.reserved_for.as_ref());
    line.maybe(session.max_contacts);
    line.plain(session.additional);
    line.maybe(session.cost);
    line
}

fn slot_line(slot: &Slot, case: &Case) -> Line {
    let session = &case.sessions[slot.session.index()];
    let mut line = Line::default();
    line.text(&slot.slot_id);
    line.text(&session.session_id);
    line.plain(format_moment(slot.start));
    line.plain(slot.duration_minutes);
    line.plain(slot.status);
    if slot.reserved_for == session.reserved_for {
        line.plain("");
    } else {
        line.text(slot.reserved_for.as_deref().unwrap_or(OPEN));
    }
    line.text(slot.patient_id.as_deref().unwrap_or_default());
    line.maybe(slot.places);
    line.plain(slot.places_taken);
    line.plain(""); // practitioner_id and site_id: the session's
    line.plain("");
    line
}

fn clinician_line(clinician: &Clinician) -> Line {
    let mut line = Line::default();
    line.text(&clinician.practitioner_id);
    line.text(&clinician.role);
    line.maybe(clinician.gender);
    line.text(&joined(&clinician.skills));
    line.maybe(clinician.max_contacts_day);
    line.plain(clinician.duration_multiplier);
    line.plain(dates(&clinician.leave));
    line
}

fn site_line(site: &Site) -> Line {
    let mut line = Line::default();
    line.text(&site.site_id);
    for text in [&site.name, &site.practice, &site.pcn, &site.icb, &site.region] {
        line.maybe_text(text.as_ref());
    }
    line.plain(site.hub);
    line.text(&joined(&site.serves));
    line.text(&joined(&site.features));
    line.plain(dates(&site.closed_dates));
    line.maybe(site.calls_per_day);
    line.maybe(site.latitude);
    line.maybe(site.longitude);
    line
}
