//! What a case may leave out: slots from sessions, or sessions from slots.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use compact_str::format_compact;

use super::book::{SessionRow, SlotRow, against_session, within_one_day};
use super::load::Loaded;
use super::log::Log;
use super::schema::SLOTS;
use crate::issue::{Code, Issue};
use crate::model::{Slot, SlotStatus};
use crate::units::SessionIdx;

/// The slots of the table; without one, those that the sessions are cut into.
pub fn slots(slots: Loaded<SlotRow>, sessions: &Loaded<SessionRow>, default_minutes: u32) -> Vec<SlotRow> {
    match (slots, sessions) {
        (Loaded::Absent, Loaded::Rows(sessions, _)) => sessions
            .iter()
            .enumerate()
            .filter(|(_, session)| session.sound)
            .flat_map(|(at, session)| cut(SessionIdx::from(at), session, default_minutes))
            .collect(),
        (slots, _) => slots.into_rows(),
    }
}

/// A session's free slots where there is no table of them; a remainder is not bookable.
fn cut(at: SessionIdx, session: &SessionRow, default_minutes: u32) -> impl Iterator<Item = SlotRow> + '_ {
    let minutes = session.slot_minutes.unwrap_or(default_minutes).max(1);
    let count = (session.end - session.start).num_minutes() / i64::from(minutes);
    (0..count).map(move |index| SlotRow {
        line: session.line,
        slot: Slot {
            slot_id: format_compact!("{}/{}", session.session_id, index + 1),
            session: at,
            start: session.start + TimeDelta::minutes(index * i64::from(minutes)),
            duration_minutes: minutes,
            status: SlotStatus::Free,
            reserved_for: None,
            patient_id: None,
            places: None,
            places_taken: 0,
        },
        claims: None,
        open: false,
        sound: true,
    })
}

/// Sessions from slots that name practitioner and site.
pub fn sessions(slots: &[SlotRow], log: &mut Log) -> Vec<SessionRow> {
    let mut found: BTreeMap<&str, SessionRow> = BTreeMap::new();
    for row in slots.iter().filter(|row| row.sound) {
        // Without a table of sessions every row names its own.
        let Some(claims) = &row.claims else { continue };
        let mut named = |field: &str, id: &Option<String>| {
            if id.is_none() {
                let issue = Issue::new(Code::CellEmpty, SLOTS.file, "an id, since sessions.csv is absent");
                log.problems.push(issue.at(row.line).field(field).value(""));
            }
            id.clone()
        };
        let practitioner = named("practitioner_id", &claims.practitioner_id);
        let site = named("site_id", &claims.site_id);
        let (Some(practitioner), Some(site)) = (practitioner, site) else { continue };
        match found.get_mut(claims.session_id.as_str()) {
            None => {
                let id = claims.session_id.clone();
                let session = SessionRow::derived(row.line, id, practitioner, site, &row.slot);
                found.insert(&claims.session_id, session);
            }
            Some(session) => {
                against_session(row, session, log);
                session.start = session.start.min(row.slot.start);
                session.end = session.end.max(row.slot.end());
                if !within_one_day(session.start, session.end) {
                    let expected = format!("slots of one date, as line {} has another", session.line);
                    let issue = Issue::new(Code::NotOneDay, SLOTS.file, expected);
                    let value = format!("{} on {}", claims.session_id, row.slot.start.date());
                    log.problems.push(issue.at(row.line).field("session_id").value(&value));
                    // Each row is judged against the first, not against what went wrong before.
                    (session.start, session.end) = (row.slot.start, row.slot.end());
                }
            }
        }
    }
    found.into_values().collect()
}
