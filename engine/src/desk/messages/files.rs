//! The files that batch tools, mail merges and staff take.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::days::{earliest, first_day, last_day};
use super::memory::{CLOSE, KEEP, Memory, OPEN, POOL};
use super::speak_by;
use super::told::Means;
use super::waves::{Pool, Waves};
use super::words::{before, fixed, how, invitation, letter, place};
use crate::calendar::{format_date, format_moment};
use crate::desk::csv_file::csv_file;
use crate::desk::file_names;
use crate::desk::{Desk, Entry};
use crate::error::Result;
use crate::tables::{OutputFile, guard};

/// Messages that name a place.
pub(super) const HELD: &str = "messages/held.csv";
/// The mail merge.
pub(super) const LETTERS: &str = "letters.csv";

/// The cells of a row, each made harmless.
fn guarded(cells: impl IntoIterator<Item = String>) -> Vec<String> {
    cells.into_iter().map(|cell| guard(&cell).into_owned()).collect()
}

/// Who it is, with the columns that the user chose to keep.
fn person(desk: &Desk<'_>, entry: &Entry<'_>) -> Vec<String> {
    let row = entry.row;
    let kept = (0..desk.case.kept_columns.len()).map(|at| row.kept.get(at).cloned().unwrap_or_default());
    [row.patient_id.clone(), row.request_id.clone()].into_iter().chain(kept).collect()
}

fn columns(desk: &Desk<'_>, own: &[&str]) -> Vec<String> {
    let person =
        ["patient_id", "request_id"].into_iter().chain(desk.case.kept_columns.iter().map(String::as_str));
    guarded(person.chain(own.iter().copied()).map(str::to_owned))
}

/// The name of the file of each pool, in order.
pub(super) fn names(desk: &Desk<'_>, waves: &Waves) -> Vec<String> {
    let id = |pool: &Pool| desk.case.sites[pool.site.index()].site_id.as_str();
    let sites = file_names(waves.pools.iter().map(id));
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let name = |pool: &Pool| {
        let (wave, site, minutes) = (pool.wave, &sites[id(pool)], pool.minutes);
        let base = format!("messages/wave-{wave}-{site}-{minutes}min-{}", pool.channel.as_str());
        let number = alike.entry(base.clone()).or_default();
        *number += 1;
        if *number == 1 { format!("{base}.csv") } else { format!("{base}-{number}.csv") }
    };
    waves.pools.iter().map(name).collect()
}

/// The starts of the places that are opened: the first and the last.
fn range(desk: &Desk<'_>, pool: &Pool) -> [String; 2] {
    let start = |at: &usize| format_moment(desk.entries[*at].row.start);
    let open = &pool.invited[..pool.open];
    [open.first().map(start).unwrap_or_default(), open.last().map(start).unwrap_or_default()]
}

/// A file for each pool.
pub(super) fn wave_files(desk: &Desk<'_>, waves: &Waves, memory: &Memory) -> Result<Vec<OutputFile>> {
    let own = [
        "send_on",
        "book_by",
        "message",
        "bookable_from",
        "bookable_until",
        "invitations",
        "bookable_places",
        "told_before",
    ];
    let file = |(pool, name): (&Pool, String)| {
        let [from, until] = range(desk, pool);
        let rows = pool.invited.iter().map(|&at| {
            let further = [
                format_date(pool.send_on),
                format_date(pool.book_by),
                invitation(pool.channel, pool.book_by),
                from.clone(),
                until.clone(),
                pool.invited.len().to_string(),
                pool.open.to_string(),
                memory.told_before(&desk.entries[at], Means::Link),
            ];
            guarded(person(desk, &desk.entries[at]).into_iter().chain(further))
        });
        csv_file(&name, &columns(desk, &own), rows)
    };
    waves.pools.iter().zip(names(desk, waves)).map(file).collect()
}

/// Those who are told their place.
pub(super) fn held_file(desk: &Desk<'_>, held: &[usize], memory: &Memory) -> Result<OutputFile> {
    let own =
        ["kind", "send_on", "message", "date", "time", "how", "site_id", "before_sending", "told_before"];
    let rows = sorted(desk, held, first_day).into_iter().map(|(send_on, entry)| {
        let [date, time] = when(entry);
        let further = [
            "held".to_owned(),
            format_date(send_on),
            fixed(entry),
            date,
            time,
            how(entry.placed.offer.channel).to_owned(),
            entry.row.site_id.clone(),
            before(entry),
            memory.told_before(entry, Means::Text),
        ];
        guarded(person(desk, entry).into_iter().chain(further))
    });
    csv_file(HELD, &columns(desk, &own), rows)
}

/// The places that staff close again, those that they open for booking, and those that they keep for whoever finds nothing.
pub(super) fn pool_file(desk: &Desk<'_>, waves: &Waves, memory: &Memory) -> Result<OutputFile> {
    let columns = [
        "wave",
        "file",
        "open_on",
        "book_by",
        "site_id",
        "minutes",
        "how",
        "session_id",
        "slot_ids",
        "start",
        "end",
        "places",
        "use",
    ];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (pool, name) in waves.pools.iter().zip(names(desk, waves)) {
        // People of one pool may share a group slot.
        let mut places: BTreeMap<_, (&Entry<'_>, usize)> = BTreeMap::new();
        for (number, &at) in pool.invited.iter().enumerate() {
            let entry = &desk.entries[at];
            let key = (number >= pool.open, entry.row.start, &entry.row.session_id, &entry.row.slot_ids);
            places.entry(key).or_insert((entry, 0)).1 += 1;
        }
        for ((kept, ..), (entry, count)) in places {
            let row = entry.row;
            rows.push(guarded([
                pool.wave.to_string(),
                name.clone(),
                format_date(pool.send_on),
                format_date(pool.book_by),
                row.site_id.clone(),
                pool.minutes.to_string(),
                how(pool.channel).to_owned(),
                row.session_id.clone(),
                row.slot_ids.join(";"),
                format_moment(row.start),
                format_moment(row.end),
                count.to_string(),
                if kept { KEEP } else { OPEN }.to_owned(),
            ]));
        }
    }
    let open = waves.pools.iter().flat_map(|pool| &pool.invited[..pool.open]).map(|&at| desk.entries[at].row);
    let open = open.map(|row| (row.slot_ids.join(";"), format_moment(row.start))).collect();
    let to_close = memory.to_close(&open, desk.case.policy.as_of).into_iter().map(|place| {
        let cell = |name: &str| match name {
            "wave" | "file" | "open_on" => String::new(),
            "use" => CLOSE.to_owned(),
            _ => place.get(name).cloned().unwrap_or_default(),
        };
        guarded(columns.map(cell))
    });
    csv_file(POOL, &columns, to_close.chain(rows))
}

/// Letters, for a mail merge.
pub(super) fn letter_file(desk: &Desk<'_>, letters: &[usize], memory: &Memory) -> Result<OutputFile> {
    let own = [
        "letter_date",
        "post_by",
        "date",
        "time",
        "how",
        "where",
        "text_1",
        "text_2",
        "text_3",
        "before_posting",
        "told_before",
    ];
    let rows = sorted(desk, letters, last_day).into_iter().map(|(post_by, entry)| {
        let [date, time] = when(entry);
        let whereabouts = place(entry).map(|site| site.called().to_owned()).unwrap_or_default();
        let further = [
            format_date(earliest(desk)),
            format_date(post_by),
            date,
            time,
            how(entry.placed.offer.channel).to_owned(),
            whereabouts,
        ];
        let further = further.into_iter().chain(letter(entry));
        let last = [before(entry), memory.told_before(entry, Means::Letter)];
        guarded(person(desk, entry).into_iter().chain(further).chain(last))
    });
    csv_file(LETTERS, &columns(desk, &own), rows)
}

/// Those to whom a clinician speaks; without the columns kept, because no number or address may be tried here.
pub(super) fn clinician_file(desk: &Desk<'_>, clinician: &[usize]) -> Result<OutputFile> {
    let columns = ["patient_id", "request_id", "speak_by", "date", "time", "how", "site_id", "before"];
    let rows = sorted(desk, clinician, speak_by).into_iter().map(|(speak_by, entry)| {
        let [date, time] = when(entry);
        guarded([
            entry.row.patient_id.clone(),
            entry.row.request_id.clone(),
            format_date(speak_by),
            date,
            time,
            how(entry.placed.offer.channel).to_owned(),
            entry.row.site_id.clone(),
            before(entry),
        ])
    });
    csv_file("clinician-contact.csv", &columns, rows)
}

fn when(entry: &Entry<'_>) -> [String; 2] {
    [format_date(entry.row.start.date()), entry.row.start.format("%H:%M").to_string()]
}

/// By the day on which it is to be done, then by appointment and request.
fn sorted<'d, 'a>(
    desk: &'d Desk<'a>,
    entries: &[usize],
    day: impl Fn(&Desk<'_>, &Entry<'_>) -> NaiveDate,
) -> Vec<(NaiveDate, &'d Entry<'a>)> {
    let mut rows: Vec<_> =
        entries.iter().map(|&at| &desk.entries[at]).map(|entry| (day(desk, entry), entry)).collect();
    rows.sort_by_key(|(day, entry)| (*day, entry.row.start, &entry.row.request_id));
    rows
}
