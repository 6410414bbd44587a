//! The four files of a plan.

use std::io::Read;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::cells::Cells;
use super::cut::PIECE;
use super::delimited::Delimited;
use super::digest::hexadecimal;
use super::folder::{MARKER, OutputFile, recover, write_folder};
use super::header::Keep;
use super::log::Log;
use super::schema::{EXCLUDED, PLAN, PLAN_TABLES, Table, UNPLACED};
use super::sheet::Row;
use super::source;
use super::text::{guard, unguard};
use super::write::{Line, joined, table_bytes};
use crate::calendar::format_moment;
use crate::error::{Error, Result};
use crate::issue::{Code, Issue};
#[cfg(feature = "arrow")]
use crate::model::DiffRow;
use crate::model::{Case, ExcludedRow, InputFile, PlanFiles, PlanRow, Summary, UnplacedRow};

/// The names of the files of a plan.
pub const PLAN_FILES: [&str; 4] = ["plan.csv", "unplaced.csv", "excluded.csv", MARKER];

/// What the names of the files of the previous plan begin with, where those of a case are listed.
const PREVIOUS: &str = "previous/";

/// Writes the files of a plan into `dir`: all of them or none (see [`write_folder`]).
///
/// # Errors
/// [`Error::Io`] if the disk refuses; [`Error::Argument`] if `dir` holds files of these names that are not ours.
pub fn write_plan(dir: &Path, plan: &PlanFiles, kept_columns: &[String]) -> Result<()> {
    write_folder(dir, &plan_files(plan, kept_columns)?)
}

/// The files of a plan as bytes, `summary.json` last.
///
/// # Errors
/// [`Error::Internal`] if the summary cannot be written as JSON.
pub fn plan_files(plan: &PlanFiles, kept_columns: &[String]) -> Result<Vec<OutputFile>> {
    let summary = serde_json::to_value(&plan.summary)
        .and_then(|value| serde_json::to_vec_pretty(&texts(value, &|text| guard(text).into_owned())))
        .map_err(|error| Error::Internal(format!("the summary cannot be written: {error}")))?;
    let mut files = Vec::with_capacity(PLAN_FILES.len());
    for table in PLAN_TABLES {
        let further = if table.file == PLAN.file { kept_columns } else { &[] };
        let bytes = table_bytes(table, further, plan_lines(plan, table))?;
        files.push(OutputFile { name: table.file.to_owned(), bytes });
    }
    files.push(OutputFile { name: MARKER.to_owned(), bytes: [summary, b"\n".to_vec()].concat() });
    Ok(files)
}

/// The lines of a table of a plan.
pub fn plan_lines<'p>(plan: &'p PlanFiles, table: &Table) -> Box<dyn Iterator<Item = Line> + 'p> {
    match table.file {
        file if file == PLAN.file => Box::new(plan.plan.iter().map(plan_line)),
        file if file == UNPLACED.file => Box::new(plan.unplaced.iter().map(unplaced_line)),
        file if file == EXCLUDED.file => Box::new(plan.excluded.iter().map(excluded_line)),
        _ => Box::new(std::iter::empty()),
    }
}

/// Changes every text of a JSON value, keys too.
fn texts(value: Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(&text)),
        Value::Array(items) => items.into_iter().map(|item| texts(item, change)).collect(),
        Value::Object(entries) => {
            entries.into_iter().map(|(key, value)| (change(&key), texts(value, change))).collect()
        }
        other => other,
    }
}

/// The line of a row with a place.
pub fn plan_line(row: &PlanRow) -> Line {
    let mut line = Line::default();
    line.plain(row.call_order);
    line.maybe(row.call_by);
    line.text(&row.request_id);
    line.text(&row.patient_id);
    line.text(&row.tier);
    line.plain(row.rank);
    line.plain(row.target_date);
    line.maybe(row.latest_date);
    line.text(&row.session_id);
    line.text(&joined(&row.slot_ids));
    line.text(&row.practitioner_id);
    line.text(&row.site_id);
    line.plain(format_moment(row.start));
    line.plain(format_moment(row.end));
    line.text(&row.delivery_channel);
    line.text(&row.contact_route);
    line.plain(row.days_late);
    line.text(&row.status);
    line.text(&joined(&row.flags));
    line.text(&row.reason);
    for cell in &row.kept {
        line.text(cell);
    }
    line
}

fn unplaced_line(row: &UnplacedRow) -> Line {
    let mut line = Line::default();
    line.text(&row.request_id);
    line.text(&row.patient_id);
    line.text(&row.tier);
    line.plain(row.rank);
    line.plain(row.windowed);
    line.plain(row.target_date);
    line.maybe(row.latest_date);
    line.text(&row.reason_code);
    line.text(&row.reason);
    line.text(&row.smallest_change);
    line
}

fn excluded_line(row: &ExcludedRow) -> Line {
    let mut line = Line::default();
    line.text(&row.request_id);
    line.text(&row.patient_id);
    line.text(&row.reason_code);
    line.text(&row.field);
    line.text(&row.detail);
    line.plain(row.line);
    line
}

/// The lines of what differs between two plans.
#[cfg(feature = "arrow")]
pub fn diff_line(row: &DiffRow) -> Line {
    let (before, after) = (&row.before, &row.after);
    let mut line = Line::default();
    line.text(&row.request_id);
    line.text(&row.patient_id);
    line.maybe_text(row.tier.as_ref());
    line.plain(row.change);
    line.plain(before.status);
    line.plain(after.status);
    line.maybe(before.start.map(format_moment));
    line.maybe(after.start.map(format_moment));
    for id in [&before.session_id, &after.session_id, &before.practitioner_id, &after.practitioner_id] {
        line.maybe_text(id.as_ref());
    }
    line.maybe_text(before.site_id.as_ref());
    line.maybe_text(after.site_id.as_ref());
    line.maybe(before.days_late);
    line.maybe(after.days_late);
    line
}

/// Reads the files of a plan, completing an interrupted write first.
///
/// # Errors
/// [`Error::Unusable`] with every problem of every file; [`Error::Io`] if an interrupted write cannot be
/// completed.
pub fn read_plan(dir: &Path) -> Result<PlanFiles> {
    if !dir.is_dir() {
        let issue = Issue::new(Code::FolderMissing, &dir.display().to_string(), "the folder of a plan");
        return Err(Error::Unusable(vec![issue.value("nothing there")]));
    }
    recover(dir)?;
    let mut log = Log::default();
    match load(dir, "", &mut log, &mut Vec::new()) {
        Some(plan) if log.problems.is_empty() => Ok(plan),
        _ => {
            log.problems.sort();
            Err(Error::Unusable(log.problems))
        }
    }
}

/// Reads the previous plan of a case; its problems are told with those of the case.
pub fn load_previous(
    dir: Option<&Path>,
    log: &mut Log,
    files: &mut Vec<InputFile>,
) -> Result<Option<PlanFiles>> {
    let Some(dir) = dir else { return Ok(None) };
    if !dir.is_dir() {
        let issue =
            Issue::new(Code::FolderMissing, &dir.display().to_string(), "the folder that --previous names");
        log.problems.push(issue.value("nothing there"));
        return Ok(None);
    }
    recover(dir)?;
    Ok(load(dir, PREVIOUS, log, files))
}

/// The case with the plan before it, of a folder, as if it had been read with it.
///
/// # Errors
/// As [`read_plan`].
pub fn with_previous_in(case: Case, dir: &Path) -> Result<Case> {
    let (mut log, mut files) = (Log::default(), Vec::new());
    let previous = load_previous(Some(dir), &mut log, &mut files)?;
    if !log.problems.is_empty() {
        log.problems.sort();
        return Err(Error::Unusable(log.problems));
    }
    Ok(replaced(case, previous, files))
}

/// The case with the plan before it, as if that had been written and the case read with it.
///
/// # Errors
/// As [`plan_files`].
pub fn with_previous(case: Case, plan: &PlanFiles, kept_columns: &[String]) -> Result<Case> {
    // In the order of the tables; the summary, which comes last, is no table and is not listed.
    let rows = [plan.plan.len(), plan.unplaced.len(), plan.excluded.len()];
    let file = |(file, rows): (OutputFile, usize)| InputFile {
        name: format!("{PREVIOUS}{}", file.name),
        sha256: hexadecimal(&Sha256::digest(&file.bytes)),
        rows,
    };
    let files = plan_files(plan, kept_columns)?.into_iter().zip(rows).map(file).collect();
    Ok(replaced(case, Some(plan.clone()), files))
}

fn replaced(mut case: Case, previous: Option<PlanFiles>, mut files: Vec<InputFile>) -> Case {
    case.previous = previous;
    case.files.retain(|file| !file.name.starts_with(PREVIOUS));
    case.files.append(&mut files);
    case.files.sort_by(|a, b| a.name.cmp(&b.name));
    case
}

fn load(dir: &Path, prefix: &str, log: &mut Log, files: &mut Vec<InputFile>) -> Option<PlanFiles> {
    // What may be worth a look in a table that we wrote ourselves is none of the user's business.
    let mut own = Log::default();
    let plan = rows(dir, prefix, &PLAN, &mut own, files, plan_row);
    let unplaced = rows(dir, prefix, &UNPLACED, &mut own, files, unplaced_row);
    let excluded = rows(dir, prefix, &EXCLUDED, &mut own, files, excluded_row);
    let summary = summary(dir, prefix, &mut own);
    let sound = own.problems.is_empty();
    log.problems.append(&mut own.problems);
    let plan = PlanFiles { plan: plan?, unplaced: unplaced?, excluded: excluded?, summary: summary? };
    sound.then_some(plan)
}

fn rows<T: Send>(
    dir: &Path,
    prefix: &str,
    table: &'static Table,
    log: &mut Log,
    files: &mut Vec<InputFile>,
    read: impl Fn(&mut Cells<'_>, &Row<'_>) -> T + Sync,
) -> Option<Vec<T>> {
    let name = format!("{prefix}{}", table.file);
    let Some(input) = source::open(&dir.join(table.file), &name, log) else {
        log.problems.push(Issue::new(Code::FileMissing, &name, "a file of the plan"));
        return None;
    };
    let file = Delimited { table, name: &name, input: input.ok()?, piece: PIECE };
    let read = file.read(Keep::Rest, log, &|_, _| {}, |row, log| {
        let mut cells = Cells::new(row);
        let value = read(&mut cells, row);
        let before = log.problems.len();
        match &row.fault {
            Some(fault) => log.problems.push(fault.clone()),
            None => log.problems.append(&mut cells.problems),
        }
        (log.problems.len() == before).then_some(value)
    });
    let (file, _, rows) = log.read(read)?;
    files.push(file);
    Some(rows)
}

fn plan_row(cells: &mut Cells<'_>, row: &Row<'_>) -> PlanRow {
    PlanRow {
        call_order: cells.whole("call_order").unwrap_or_default(),
        call_by: cells.date("call_by"),
        request_id: cells.id("request_id").unwrap_or_default(),
        patient_id: cells.id("patient_id").unwrap_or_default(),
        tier: cells.text("tier").unwrap_or_default(),
        rank: cells.whole("rank").unwrap_or_default(),
        target_date: cells.date("target_date").unwrap_or_default(),
        latest_date: cells.date("latest_date"),
        session_id: cells.id("session_id").unwrap_or_default(),
        slot_ids: cells.tags("slot_ids"),
        practitioner_id: cells.id("practitioner_id").unwrap_or_default(),
        site_id: cells.id("site_id").unwrap_or_default(),
        start: cells.moment("start").unwrap_or_default(),
        end: cells.moment("end").unwrap_or_default(),
        delivery_channel: cells.text("delivery_channel").unwrap_or_default(),
        contact_route: cells.text("contact_route").unwrap_or_default(),
        days_late: cells.whole("days_late").unwrap_or_default(),
        status: cells.text("status").unwrap_or_default(),
        flags: cells.tags("flags"),
        reason: cells.text("reason").unwrap_or_default(),
        kept: row.kept().collect(),
    }
}

fn unplaced_row(cells: &mut Cells<'_>, _: &Row<'_>) -> UnplacedRow {
    UnplacedRow {
        request_id: cells.id("request_id").unwrap_or_default(),
        patient_id: cells.id("patient_id").unwrap_or_default(),
        tier: cells.text("tier").unwrap_or_default(),
        rank: cells.whole("rank").unwrap_or_default(),
        windowed: cells.boolean("windowed").unwrap_or_default(),
        target_date: cells.date("target_date").unwrap_or_default(),
        latest_date: cells.date("latest_date"),
        reason_code: cells.text("reason_code").unwrap_or_default(),
        reason: cells.text("reason").unwrap_or_default(),
        smallest_change: cells.text("smallest_change").unwrap_or_default(),
    }
}

fn excluded_row(cells: &mut Cells<'_>, _: &Row<'_>) -> ExcludedRow {
    ExcludedRow {
        request_id: cells.text("request_id").unwrap_or_default(),
        patient_id: cells.text("patient_id").unwrap_or_default(),
        reason_code: cells.text("reason_code").unwrap_or_default(),
        field: cells.text("field").unwrap_or_default(),
        detail: cells.text("detail").unwrap_or_default(),
        line: u64::from(cells.whole("line").unwrap_or_default()),
    }
}

fn summary(dir: &Path, prefix: &str, log: &mut Log) -> Option<Summary> {
    let name = format!("{prefix}{MARKER}");
    let Some(input) = source::open(&dir.join(MARKER), &name, log) else {
        log.problems.push(Issue::new(Code::FileMissing, &name, "a file of the plan"));
        return None;
    };
    let mut bytes = Vec::new();
    if let Err(error) = input.ok()?.read_to_end(&mut bytes) {
        let issue = Issue::new(Code::NotReadable, &name, "a file that can be read to its end");
        log.problems.push(issue.value(&error.to_string()));
        return None;
    }
    let read = serde_json::from_slice::<Value>(&bytes)
        .and_then(|value| serde_json::from_value(texts(value, &|text| unguard(text).to_owned())));
    match read {
        Ok(summary) => Some(summary),
        Err(error) => {
            let issue = Issue::new(Code::SummaryUnreadable, &name, "the summary that `rebook plan` writes");
            let line = u64::try_from(error.line()).ok().filter(|line| *line > 0);
            log.problems.push(Issue { line, ..issue.field("summary.json").value(&error.to_string()) });
            None
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
