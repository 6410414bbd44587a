//! From rows that name each other to a case that points: references, duplicates, overlaps, what is derived.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHasher;

use super::book::{self, SessionRow, SlotRow};
use super::known::Known;
use super::load::Loaded;
use super::log::Log;
use super::requests::RequestRow;
use super::schema::{CLINICIANS, REQUESTS, SESSIONS, SITES, SLOTS};
use super::{derive, doubts};
use crate::calendar::format_moment;
use crate::issue::{Code, Issue};
use crate::model::{Clinician, Policy, Request, Session, Site, Slot};
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx};

/// The tables as read.
pub struct Tables {
    pub requests: Loaded<RequestRow>,
    pub clinicians: Loaded<(u64, Clinician)>,
    pub sites: Loaded<(u64, Site)>,
    pub sessions: Loaded<SessionRow>,
    pub slots: Loaded<SlotRow>,
}

/// The tables with references resolved.
#[derive(Default)]
pub struct Resolved {
    pub requests: Vec<Request>,
    pub sessions: Vec<Session>,
    pub slots: Vec<Slot>,
    pub clinicians: Vec<Clinician>,
    pub sites: Vec<Site>,
}

const BROKEN: (Code, Code) = (Code::UnknownReference, Code::LeadingZerosLost);

/// Reports ids that appear twice; rows ascend by id and line.
fn twice<'a>(file: &str, field: &str, rows: impl Iterator<Item = (&'a str, u64)>, log: &mut Log) {
    let mut before: Option<(&str, u64)> = None;
    for (id, line) in rows.filter(|(id, _)| !id.is_empty()) {
        match before {
            Some((same, first)) if same == id => {
                let expected = format!("an id that line {first} does not have");
                log.problems
                    .push(Issue::new(Code::DuplicateId, file, expected).at(line).field(field).value(id));
            }
            _ => before = Some((id, line)),
        }
    }
}

/// The ids of slots that may be there twice, ascending by id and line: there are far too many to sort them all.
fn repeated(rows: &[SlotRow]) -> Vec<(&str, u64)> {
    let digest = |row: &SlotRow| {
        let mut hasher = FxHasher::default();
        row.slot.slot_id.as_str().hash(&mut hasher);
        hasher.finish()
    };
    let mut digests: Vec<u64> = rows.par_iter().map(digest).collect();
    digests.par_sort_unstable();
    let mut again: Vec<u64> =
        digests.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    again.dedup();
    if again.is_empty() {
        return Vec::new();
    }
    let rows = rows.iter().filter(|row| again.binary_search(&digest(row)).is_ok());
    let mut ids: Vec<(&str, u64)> = rows.map(|row| (row.slot.slot_id.as_str(), row.line)).collect();
    ids.sort_unstable();
    ids
}

/// Resolves the references of the tables; what is wrong with them goes to the log.
pub fn resolve(tables: Tables, policy: Option<&Policy>, log: &mut Log) -> Resolved {
    let Tables { requests, clinicians, sites, sessions, slots } = tables;
    let default_minutes = policy.map_or(15, |policy| policy.slot_minutes);
    let knows_clinicians = clinicians.rows().is_some();
    let knows_sites = sites.rows().is_some();

    let mut clinicians = clinicians.into_rows();
    clinicians.sort_by(|(a, x), (b, y)| (&x.practitioner_id, a).cmp(&(&y.practitioner_id, b)));
    let ids = clinicians.iter().map(|(line, clinician)| (clinician.practitioner_id.as_str(), *line));
    twice(CLINICIANS.file, "practitioner_id", ids, log);

    let knows_sessions = sessions.rows().is_some();
    let derived = matches!(sessions, Loaded::Absent);
    let slots_given = !matches!(slots, Loaded::Absent);
    let mut slot_rows = derive::slots(slots, &sessions, default_minutes);
    let sessions = if derived { derive::sessions(&slot_rows, log) } else { sessions.into_rows() };
    let ids = sessions.iter().map(|session| (session.session_id.as_str(), session.line));
    twice(SESSIONS.file, "session_id", ids, log);

    let mut site_rows = sites.into_rows();
    site_rows.sort_by(|(a, x), (b, y)| (&x.site_id, a).cmp(&(&y.site_id, b)));
    twice(SITES.file, "site_id", site_rows.iter().map(|(line, site)| (site.site_id.as_str(), *line)), log);
    let requests = requests.into_rows();
    let session_file = if derived { SLOTS.file } else { SESSIONS.file };
    let sites = all_sites(site_rows, knows_sites, (session_file, &sessions), &requests, log);

    let known_sites = Known::new(sites.iter().map(|site| site.site_id.as_str()));
    let known_clinicians =
        Known::new(clinicians.iter().map(|(_, clinician)| clinician.practitioner_id.as_str()));
    let pointers: Vec<(ClinicianIdx, SiteIdx)> = sessions
        .iter()
        .map(|session| {
            let clinician = known_clinicians.position(&session.practitioner_id);
            if clinician.is_none() && knows_clinicians && !session.practitioner_id.is_empty() {
                let (line, id) = (session.line, session.practitioner_id.as_str());
                let issue = known_clinicians.issue(
                    session_file,
                    line,
                    "practitioner_id",
                    id,
                    CLINICIANS.file,
                    BROKEN,
                );
                log.problems.push(issue);
            }
            let site = known_sites.position(&session.site_id);
            (ClinicianIdx::from(clinician.unwrap_or_default()), SiteIdx::from(site.unwrap_or_default()))
        })
        .collect();

    if slots_given {
        twice(SLOTS.file, "slot_id", repeated(&slot_rows).into_iter(), log);
    }
    let open = |row: &SlotRow| row.claims.as_ref().is_some_and(|claims| !claims.known);
    let wanted = if slot_rows.iter().any(open) { sessions.as_slice() } else { &[] };
    let known_sessions = Known::new(wanted.iter().map(|session| session.session_id.as_str()));
    slot_rows.retain_mut(|row| {
        if let Some(claims) = row.claims.as_ref().filter(|claims| !claims.known) {
            let id = claims.session_id.as_str();
            let Some(at) = known_sessions.position(id) else {
                if knows_sessions && !id.is_empty() {
                    let (file, field) = (SLOTS.file, "session_id");
                    let issue = known_sessions.issue(file, row.line, field, id, SESSIONS.file, BROKEN);
                    log.problems.push(issue);
                }
                return false;
            };
            row.slot.session = SessionIdx::from(at);
        }
        let at = row.slot.session.index();
        if row.slot.reserved_for.is_none() && !row.open {
            row.slot.reserved_for.clone_from(&sessions[at].reserved_for);
        }
        if !derived {
            book::against_session(row, &sessions[at], log);
            book::against_hours(row, &sessions[at], log);
        }
        true
    });
    slot_rows.par_sort_unstable_by(|a, b| {
        (a.slot.session, a.slot.start, &a.slot.slot_id, a.line).cmp(&(
            b.slot.session,
            b.slot.start,
            &b.slot.slot_id,
            b.line,
        ))
    });
    if slots_given {
        overlaps(&slot_rows, log);
    }

    let requests = requests
        .into_iter()
        .map(|row| {
            let mut request = row.request;
            request.site = row.site_id.and_then(|id| known_sites.position(&id)).map(SiteIdx::from);
            request
        })
        .collect::<Vec<_>>();
    doubts::patients(&requests, &slot_rows, &mut log.warnings);
    doubts::requests(&requests, knows_clinicians.then_some(&known_clinicians), &mut log.warnings);
    if let Some(policy) = policy {
        doubts::roles(&clinicians, policy, &mut log.warnings);
        doubts::care_types(&sessions, policy, &mut log.warnings);
    }

    Resolved {
        requests,
        slots: slot_rows.into_iter().map(|row| row.slot).collect(),
        clinicians: clinicians.into_iter().map(|(_, clinician)| clinician).collect(),
        sessions: sessions.into_iter().zip(pointers).map(|(row, pointer)| session(row, pointer)).collect(),
        sites,
    }
}

/// Slots of one session that overlap; rows ascend by session, start and id.
fn overlaps(rows: &[SlotRow], log: &mut Log) {
    let mut latest: Option<&SlotRow> = None;
    for row in rows.iter().filter(|row| row.sound) {
        match latest {
            Some(before) if before.slot.session == row.slot.session && before.slot.end() > row.slot.start => {
                let expected = format!(
                    "a start at or after {}, when slot {:?} of line {} ends",
                    format_moment(before.slot.end()),
                    before.slot.slot_id,
                    before.line
                );
                let issue = Issue::new(Code::SlotsOverlap, SLOTS.file, expected);
                log.problems.push(issue.at(row.line).field("start").value(&format_moment(row.slot.start)));
                if row.slot.end() > before.slot.end() {
                    latest = Some(row);
                }
            }
            _ => latest = Some(row),
        }
    }
}

/// The sites listed, and one for each id that is only named.
fn all_sites(
    rows: Vec<(u64, Site)>,
    known: bool,
    sessions: (&str, &[SessionRow]),
    requests: &[RequestRow],
    log: &mut Log,
) -> Vec<Site> {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let listed = Known::new(rows.iter().map(|(_, site)| site.site_id.as_str()));
    let (session_file, sessions) = sessions;
    for session in sessions.iter().filter(|session| !session.site_id.is_empty()) {
        if listed.position(&session.site_id).is_none() {
            if known {
                let (line, id) = (session.line, session.site_id.as_str());
                log.problems.push(listed.issue(session_file, line, "site_id", id, SITES.file, BROKEN));
            }
            named.insert(&session.site_id);
        }
    }
    for row in requests {
        if let Some(id) = &row.site_id
            && listed.position(id).is_none()
        {
            if known {
                let codes = (Code::UnlistedSite, Code::LinkZerosLost);
                log.warnings.push(listed.issue(
                    REQUESTS.file,
                    row.request.line,
                    "site_id",
                    id,
                    SITES.file,
                    codes,
                ));
            }
            named.insert(id);
        }
    }
    let derived = named.iter().map(|id| Site { site_id: (*id).to_owned(), ..Site::default() });
    let mut sites: Vec<Site> = derived.collect();
    sites.extend(rows.into_iter().map(|(_, site)| site));
    sites.sort_by(|a, b| a.site_id.cmp(&b.site_id));
    sites
}

fn session(row: SessionRow, (clinician, site): (ClinicianIdx, SiteIdx)) -> Session {
    Session {
        session_id: row.session_id,
        clinician,
        site,
        start: row.start,
        end: row.end,
        delivery_channels: row.delivery_channels,
        care_types: row.care_types,
        features: row.features,
        reserved_for: row.reserved_for,
        max_contacts: row.max_contacts,
        additional: row.additional,
        cost: row.cost,
    }
}
