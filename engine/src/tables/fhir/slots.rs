//! Slots, and the sessions that they make: one for each schedule and date.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use compact_str::{CompactString, ToCompactString, format_compact};

use super::super::book::within_one_day;
use super::super::log::Log;
use super::super::schema::{ENTERED_IN_ERROR, SESSIONS, SLOTS};
use super::appointments::Visit;
use super::file::{Found, Place, Resources};
use super::notes::Notes;
use super::refer::References;
use super::resources::Slot;
use super::rows::Rows;
use super::schedules::Holding;
use super::terms;
use crate::calendar::{format_moment, is_twice_in_london, london_of_utc};
use crate::issue::{Code, Issue};
use crate::lookup::Lookup;
use crate::model::SlotStatus;

/// The site of what is held nobody knows where.
pub const NOWHERE: &str = "Location/unknown";

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub utc: NaiveDateTime,
    /// What the clock in London shows.
    pub local: NaiveDateTime,
}

/// The moment that a text means; nothing where it does not say so to the second.
pub fn instant(text: &str) -> Option<Moment> {
    let utc = DateTime::parse_from_rfc3339(text.trim()).ok()?.naive_utc();
    (utc.nanosecond() == 0).then(|| Moment { utc, local: london_of_utc(utc) })
}

/// A stretch of time.
#[derive(Debug, Clone)]
pub struct Span {
    /// Local time.
    pub start: NaiveDateTime,
    /// Local time, so many minutes later.
    pub end: NaiveDateTime,
    /// As a cell has it.
    pub minutes: CompactString,
}

impl Span {
    /// From one moment to another. The minutes are those that pass, also where the clock is changed meanwhile.
    pub fn new(start: Moment, end: Moment) -> Self {
        let length = end.utc - start.utc;
        let seconds = length.num_seconds();
        let minutes = match seconds % 60 {
            0 => format_compact!("{}", seconds / 60),
            rest => format_compact!("{} min {} s", seconds / 60, rest),
        };
        Self { start: start.local, end: start.local + length, minutes }
    }

    /// Between two elements of a resource; nothing where they cannot be read, and then the log says why.
    pub fn read(
        place: &Place,
        (start, end): (Option<&str>, Option<&str>),
        files: &[String],
        log: &mut Log,
        notes: &mut Notes,
    ) -> Option<Self> {
        let mut time = |element: &'static str, text: Option<&str>| {
            let text = text.unwrap_or_default();
            let code = if text.is_empty() { Code::CellEmpty } else { Code::FhirInstant };
            let found = instant(text);
            match found {
                None => log.problems.push(
                    place
                        .issue(code, files, element, "an instant such as 2024-07-22T09:00:00+01:00")
                        .value(text),
                ),
                Some(at) if is_twice_in_london(at.local) => {
                    let expected = "no time in the hour that the clock shows twice";
                    notes.add(Code::FhirHour, place, element, text, expected);
                }
                Some(_) => {}
            }
            found
        };
        let (from, to) = (time("start", start), time("end", end));
        let (from, to) = (from?, to?);
        if to.utc <= from.utc {
            let expected = format!("a time after {}", start.unwrap_or_default());
            let issue = place.issue(Code::NumberOutOfRange, files, "end", expected);
            log.problems.push(issue.value(end.unwrap_or_default()));
            return None;
        }
        Some(Self::new(from, to))
    }
}

/// A slot.
pub struct Spot<'a> {
    pub place: &'a Place,
    /// The schedule, by its position.
    pub schedule: usize,
    pub span: Span,
    pub status: CompactString,
    /// For whom it is kept.
    label: CompactString,
    channels: CompactString,
    pub patient: CompactString,
    /// Whether an appointment has it.
    pub taken: bool,
}

/// The slots of a book; those entered in error are none.
pub fn spots<'a>(
    resources: &'a Resources,
    references: &References<'a>,
    holdings: &[Holding<'a>],
    log: &mut Log,
    notes: &mut Notes,
) -> Vec<Spot<'a>> {
    let mut schedules: Lookup<&str, usize> = Lookup::with_capacity(holdings.len());
    for (at, holding) in holdings.iter().enumerate() {
        schedules.insert(&holding.place.id, at);
    }
    let mut reader = Reader { files: &resources.files, references, holdings, schedules, log, notes };
    resources.slots.iter().filter_map(|slot| reader.spot(slot)).collect()
}

struct Reader<'r, 'a> {
    files: &'r [String],
    references: &'r References<'a>,
    holdings: &'r [Holding<'a>],
    schedules: Lookup<&'r str, usize>,
    log: &'r mut Log,
    notes: &'r mut Notes,
}

impl<'a> Reader<'_, 'a> {
    fn spot(&mut self, found: &'a Found<Slot>) -> Option<Spot<'a>> {
        let Found { place, value: slot } = found;
        let refuse = |code, element: &str, expected: &str, value: &str| -> Issue {
            place.issue(code, self.files, element, expected).value(value)
        };
        let Some(status) = slot.status.as_deref().filter(|status| !status.trim().is_empty()) else {
            // An empty cell would mean free.
            self.log.problems.push(refuse(Code::CellEmpty, "status", "the state of the slot", ""));
            return None;
        };
        if status == ENTERED_IN_ERROR {
            return None;
        }
        let target = slot.schedule.as_ref().and_then(|schedule| self.references.target(schedule));
        let Some(target) = target else {
            self.log.problems.push(refuse(Code::CellEmpty, "schedule", "a reference to a Schedule", ""));
            return None;
        };
        let Some(&schedule) = self.schedules.get(target.id) else {
            let expected = "a Schedule that is among the resources read";
            let value = format!("Schedule/{}", target.id);
            self.log.problems.push(refuse(Code::UnknownReference, "schedule", expected, &value));
            return None;
        };
        let times = (slot.start.as_deref(), slot.end.as_deref());
        let span = Span::read(place, times, self.files, self.log, self.notes)?;
        let holding = &self.holdings[schedule];
        let free = status == SlotStatus::Free.as_str();
        let status = if free && (holding.shut || slot.overbooked == Some(true)) {
            SlotStatus::BusyUnavailable.as_str()
        } else {
            status
        };
        let label = slot.appointment_type.as_ref().and_then(terms::label);
        if let Some(label) = label.as_ref().filter(|label| !label.listed) {
            let expected =
                format!("an appointment type of HL7 table 0276; {:?} was taken as it is", label.text);
            self.notes.add(Code::FhirCode, place, "appointmentType", &label.text, &expected);
        }
        let own = terms::channels(&slot.extension);
        Some(Spot {
            place,
            schedule,
            span,
            status: status.into(),
            label: label.map(|label| label.text.into()).unwrap_or_default(),
            channels: if own.is_empty() { holding.channels.as_str().into() } else { own.into() },
            patient: CompactString::default(),
            taken: false,
        })
    }
}

/// What makes a session: the schedule, the date and the ways in which it is held.
type Key<'s> = (usize, NaiveDate, &'s str);

/// A session.
struct Session {
    name: CompactString,
    start: NaiveDateTime,
    end: NaiveDateTime,
}

/// The sessions, and who and where they name.
pub struct Places<'s> {
    holdings: &'s [Holding<'s>],
    visits: &'s [Visit<'s>],
    sessions: BTreeMap<Key<'s>, Session>,
}

fn key<'s>(spot: &'s Spot<'_>) -> Key<'s> {
    (spot.schedule, spot.span.start.date(), &spot.channels)
}

impl<'s> Places<'s> {
    /// The sessions of these slots and of the appointments that have none.
    pub fn new(holdings: &'s [Holding<'s>], spots: &'s [Spot<'s>], visits: &'s [Visit<'s>]) -> Self {
        let mut sessions: BTreeMap<Key<'s>, Session> = BTreeMap::new();
        for spot in spots {
            let (start, end) = (spot.span.start, spot.span.end);
            let session = sessions.entry(key(spot)).or_insert_with(|| Session {
                name: CompactString::default(),
                start,
                end,
            });
            session.start = session.start.min(start);
            session.end = session.end.max(end);
        }
        let mut dates: BTreeMap<usize, BTreeMap<NaiveDate, usize>> = BTreeMap::new();
        for (schedule, date, _) in sessions.keys() {
            *dates.entry(*schedule).or_default().entry(*date).or_default() += 1;
        }
        for ((schedule, date, channels), session) in &mut sessions {
            let holding = &holdings[*schedule];
            let dates = &dates[schedule];
            session.name = holding.place.id.to_compact_string();
            if dates.len() > 1 {
                session.name.push_str(&format!("@{date}"));
            }
            if dates[date] > 1 {
                for channel in channels.split(';').filter(|channel| !channel.is_empty()) {
                    session.name.push('+');
                    session.name.push_str(channel);
                }
            }
            // The hours of the schedule count where they are those of this one session.
            if let Some((start, end)) = holding.horizon
                && dates.len() == 1
                && within_one_day(start, end)
                && start <= session.start
                && session.end <= end
            {
                (session.start, session.end) = (start, end);
            }
        }
        Self { holdings, visits, sessions }
    }

    /// Who holds something, and where that is said first.
    pub fn holders(&self) -> impl Iterator<Item = (&'s str, &'s Place)> {
        let schedules = self.holdings.iter().map(|holding| (holding.holder.as_str(), holding.place));
        let visits = self.visits.iter().map(|visit| (visit.practitioner.as_str(), visit.place));
        first(schedules.chain(visits))
    }

    /// Where something is held, and where that is said first.
    pub fn sites(&self) -> impl Iterator<Item = (&'s str, &'s Place)> {
        let schedules = self.holdings.iter().map(|holding| (holding.site, holding.place));
        let visits = self.visits.iter().map(|visit| (visit.site.as_str(), visit.place));
        first(schedules.chain(visits).filter(|(site, _)| !site.is_empty()))
    }
}

/// Each name with the first place where it stands.
fn first<'s>(
    named: impl Iterator<Item = (&'s str, &'s Place)>,
) -> impl Iterator<Item = (&'s str, &'s Place)> {
    let mut places = BTreeMap::new();
    for (name, place) in named {
        places.entry(name).or_insert(place);
    }
    places.into_iter()
}

/// The rows of `slots`.
pub fn rows(spots: &[Spot<'_>], visits: &[Visit<'_>], places: &Places<'_>) -> Rows {
    let columns =
        &["slot_id", "session_id", "start", "duration_minutes", "status", "reserved_for", "patient_id"];
    let mut rows = Rows::new(&SLOTS, columns);
    for spot in spots {
        let session = places.sessions.get(&key(spot)).map(|session| session.name.clone()).unwrap_or_default();
        rows.push(
            spot.place,
            [
                spot.place.id.to_compact_string(),
                session,
                format_moment(spot.span.start).into(),
                spot.span.minutes.clone(),
                spot.status.clone(),
                spot.label.clone(),
                spot.patient.clone(),
            ],
        );
    }
    for visit in visits {
        rows.push(
            visit.place,
            [
                visit.session.clone(),
                visit.session.clone(),
                format_moment(visit.span.start).into(),
                visit.span.minutes.clone(),
                visit.status.as_str().into(),
                CompactString::default(),
                visit.patient.clone(),
            ],
        );
    }
    rows
}

/// The rows of `sessions`.
pub fn sessions(places: &Places<'_>) -> Rows {
    let columns = &["session_id", "practitioner_id", "site_id", "start", "end", "delivery_channels"];
    let mut rows = Rows::new(&SESSIONS, columns);
    for ((schedule, _, channels), session) in &places.sessions {
        let holding = &places.holdings[*schedule];
        rows.push(
            holding.place,
            [
                session.name.clone(),
                holding.holder.to_compact_string(),
                holding.site.into(),
                format_moment(session.start).into(),
                format_moment(session.end).into(),
                (*channels).into(),
            ],
        );
    }
    for visit in places.visits {
        rows.push(
            visit.place,
            [
                visit.session.clone(),
                visit.practitioner.to_compact_string(),
                visit.site.to_compact_string(),
                format_moment(visit.span.start).into(),
                format_moment(visit.span.end).into(),
                CompactString::default(),
            ],
        );
    }
    rows
}

/// So many minutes after a moment.
pub fn later(at: Moment, minutes: u32) -> Moment {
    let delta = TimeDelta::minutes(i64::from(minutes));
    Moment { utc: at.utc + delta, local: london_of_utc(at.utc + delta) }
}
