//! Reading a case: every file is read, every problem of every file is told at once.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rayon::prelude::*;

#[cfg(feature = "arrow")]
use super::arrow::Frames;
use super::cut::PIECE;
use super::fhir;
use super::load::{Loaded, Reading};
use super::log::Log;
use super::options::ReadOptions;
use super::requests;
use super::resolve::{self, Tables};
use super::schema::{CASE, CLINICIANS, PLAN, REQUESTS, SESSIONS, SITES, SLOTS, Table};
use super::sheet::Progress;
use super::source::Source;
use super::{book, outcomes, plan, policy};
use crate::error::{Error, Result};
use crate::issue::{Code, Issue};
use crate::model::Case;
use crate::units::CareTypeIdx;

/// Reads the case in a folder.
///
/// # Errors
/// [`Error::Unusable`] with every problem of every file, sorted by file, line and field; [`Error::Argument`] if
/// a column to keep has the name of one that `plan.csv` has anyway.
pub fn read_case(dir: &Path, options: &ReadOptions) -> Result<Case> {
    read_case_watched(dir, options, &|_, _| {})
}

/// As [`read_case`], telling how far reading is: the file, and its rows so far.
///
/// # Errors
/// As [`read_case`].
pub fn read_case_watched(dir: &Path, options: &ReadOptions, progress: Progress<'_>) -> Result<Case> {
    if !dir.is_dir() {
        let found = if dir.exists() { "a file" } else { "nothing there" };
        let issue =
            Issue::new(Code::FolderMissing, &dir.display().to_string(), "a folder of tables").value(found);
        return Err(Error::Unusable(vec![issue]));
    }
    read(&Reading { source: &Source::Folder(dir), book: None, piece: PIECE, progress }, options)
}

/// Reads a case whose files are bytes in memory, by file name.
///
/// # Errors
/// As [`read_case`].
pub fn read_case_files(files: &BTreeMap<String, Vec<u8>>, options: &ReadOptions) -> Result<Case> {
    read(&Reading { source: &Source::Memory(files), book: None, piece: PIECE, progress: &|_, _| {} }, options)
}

/// Reads a case whose tables are data frames.
///
/// # Errors
/// As [`read_case`].
#[cfg(feature = "arrow")]
pub fn read_case_frames(frames: &Frames, options: &ReadOptions, progress: Progress<'_>) -> Result<Case> {
    read(&Reading { source: &Source::Frames(frames), book: None, piece: PIECE, progress }, options)
}

fn missing(table: &Table, source: &Source<'_>, log: &mut Log, unless: &str) {
    let issue = Issue::new(Code::FileMissing, table.file, format!("a file {}{unless}", table.file));
    log.problems.push(match source.similar(table.file) {
        Some(other) => issue
            .help(format!("Save {other:?} as {:?} (CSV UTF-8), if that is it.", table.file))
            .value(&other),
        None => issue.value("no such file"),
    });
}

/// Problems between tables are told of the files that were read: those in Parquet have another name.
fn name_as_read(log: &mut Log, source: &Source<'_>) {
    let parquet = CASE.into_iter().map(|table| (table.file, table.parquet_file()));
    let read: Vec<(&str, String)> =
        parquet.filter(|(text, parquet)| source.has(parquet) && !source.has(text)).collect();
    for issue in log.problems.iter_mut().chain(&mut log.warnings) {
        for (text, parquet) in &read {
            if issue.file == *text {
                issue.file.clone_from(parquet);
            }
            issue.expected = issue.expected.replace(text, parquet);
        }
    }
}

/// Whether the columns can stand beside those of `plan.csv`.
fn keepable(columns: &[String]) -> Result<()> {
    for (at, name) in columns.iter().enumerate() {
        let reason = if name.is_empty() {
            "a column without a name cannot be kept"
        } else if PLAN.position(name).is_some() {
            "plan.csv has a column of that name anyway"
        } else if columns[..at].contains(name) {
            "it is named twice"
        } else {
            continue;
        };
        return Err(Error::Argument(format!("--keep-columns {name:?}: {reason}")));
    }
    Ok(())
}

fn read(reading: &Reading<'_>, options: &ReadOptions) -> Result<Case> {
    keepable(&options.keep_columns)?;
    outcomes::needs_previous(!options.outcomes.is_empty(), options.previous.is_some())?;
    let source = reading.source;
    let mut log = Log::default();
    let mut files = Vec::new();
    let fhir = fhir::Book::read(source, &mut log, &mut files);
    let reading = &Reading { book: fhir.as_ref(), ..*reading };
    let policy = policy::load(source, options, &mut log, &mut files);
    let care_types: Option<HashMap<&str, CareTypeIdx>> = policy.as_ref().map(|policy| {
        policy
            .care_types
            .iter()
            .enumerate()
            .map(|(at, kind)| (kind.code.as_str(), CareTypeIdx::from(at)))
            .collect()
    });

    let requests = reading.load(&REQUESTS, &options.keep_columns, &mut log, &mut files, |row, log| {
        Some(requests::read(row, care_types.as_ref(), log))
    });
    if matches!(requests, Loaded::Absent) {
        missing(&REQUESTS, source, &mut log, "");
    }
    let clinicians =
        reading.load(&CLINICIANS, &[], &mut log, &mut files, |row, log| Some(book::clinician(row, log)));
    if matches!(clinicians, Loaded::Absent) {
        missing(&CLINICIANS, source, &mut log, "");
    }
    let sites = reading.load(&SITES, &[], &mut log, &mut files, |row, log| Some(book::site(row, log)));
    let mut sessions =
        reading.load(&SESSIONS, &[], &mut log, &mut files, |row, log| Some(book::session(row, log)));
    if let Loaded::Rows(rows, _) = &mut sessions {
        rows.par_sort_unstable_by(|a, b| (&a.session_id, a.line).cmp(&(&b.session_id, b.line)));
    }
    // Slots point to their sessions from the start: there are far too many to carry each name along.
    let known = book::KnownSessions::new(&sessions);
    let slots = reading.load(&SLOTS, &[], &mut log, &mut files, |row, log| book::slot(row, &known, log));
    drop(known);
    match (&sessions, &slots) {
        (Loaded::Absent, Loaded::Absent) => {
            missing(&SESSIONS, source, &mut log, ", or slots.csv with practitioner_id and site_id");
            missing(&SLOTS, source, &mut log, ", or sessions.csv with slot_minutes");
        }
        (Loaded::Absent, Loaded::Rows(_, header))
            if !header.has(&SLOTS, "practitioner_id") || !header.has(&SLOTS, "site_id") =>
        {
            missing(&SESSIONS, source, &mut log, ", or the columns practitioner_id and site_id in slots.csv");
            sessions = Loaded::Broken;
        }
        (Loaded::Rows(_, header), Loaded::Absent) if !header.has(&SESSIONS, "slot_minutes") => {
            missing(&SLOTS, source, &mut log, ", or the column slot_minutes in sessions.csv");
        }
        _ => {}
    }
    let previous = plan::load_previous(options.previous.as_deref(), &mut log, &mut files)?;
    let lists = outcomes::load(&options.outcomes, &mut log, &mut files);

    let fallback = policy.is_none().then(policy::builtin_policy);
    let known = policy.as_ref().or(fallback.as_ref());
    let tables = Tables { requests, clinicians, sites, sessions, slots };
    let resolved = resolve::resolve(tables, known, &mut log);

    name_as_read(&mut log, source);
    if let Some(book) = &fhir {
        book.tell(&mut log);
    }
    log.warnings.sort();
    match policy {
        Some(policy) if log.problems.is_empty() => {
            files.sort_by(|a, b| a.name.cmp(&b.name));
            let mut case = Case {
                policy,
                requests: resolved.requests,
                sessions: resolved.sessions,
                slots: resolved.slots,
                clinicians: resolved.clinicians,
                sites: resolved.sites,
                previous,
                accepted: Vec::new(),
                use_additional: options.use_additional,
                kept_columns: options.keep_columns.clone(),
                warnings: log.warnings,
                files,
            };
            outcomes::apply(&mut case, &lists)?;
            Ok(case)
        }
        _ => {
            // Rows of requests alone would not stop the run, but they want mending all the same.
            log.problems.extend(resolved.requests.into_iter().flat_map(|request| request.defects));
            log.problems.sort();
            log.problems.dedup();
            Err(Error::Unusable(log.problems))
        }
    }
}

#[cfg(test)]
mod tests;
