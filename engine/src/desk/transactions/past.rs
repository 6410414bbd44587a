//! What an earlier list says has been done.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::key::Deed;
use super::write::{COLUMNS, DONE, FILE, FOR_PEOPLE};
use super::{Action, Step};
use crate::calendar::parse_moment;
use crate::desk::Earlier;
use crate::error::{Error, Result};
use crate::tables::unguard;

/// The steps that were carried out by an earlier run's list; none where there is no list.
///
/// # Errors
/// As [`done_steps`].
pub(super) fn past(earlier: &Earlier) -> Result<Vec<Step>> {
    earlier.get(FILE).map_or_else(|| Ok(Vec::new()), done_steps)
}

/// The steps of an earlier list that have been carried out, in their order.
///
/// # Errors
/// [`Error::Argument`] names the line that cannot be read, or that somebody has changed beyond its status: a step that was
/// done and is not known would be done twice.
fn done_steps(bytes: &[u8]) -> Result<Vec<Step>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.byte_headers().map_err(|error| refused(1, &error.to_string()))?.clone();
    let mut at = BTreeMap::new();
    for name in COLUMNS.into_iter().filter(|name| !FOR_PEOPLE.contains(name)) {
        let found = header.iter().position(|cell| cell.trim_ascii() == name.as_bytes());
        at.insert(name, found.ok_or_else(|| refused(1, &format!("there is no column {name}")))?);
    }
    let mut steps: Vec<(u64, Step)> = Vec::new();
    let mut rows: BTreeMap<Deed, usize> = BTreeMap::new();
    for record in reader.byte_records() {
        let record = record.map_err(|error| refused(0, &error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| {
            let bytes = at.get(name).and_then(|&at| record.get(at)).unwrap_or_default();
            unguard(String::from_utf8_lossy(bytes).trim()).to_owned()
        };
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let step = step(&cell).map_err(|what| refused(line, &what))?;
        *rows.entry(step.deed()).or_default() += 1;
        if step.done {
            steps.push((line, step));
        }
    }
    for (line, step) in &steps {
        let deed = step.deed();
        if !(0..=rows[&deed]).any(|times| deed.key(times) == step.key) {
            return Err(refused(*line, "its key does not belong to the rest of the row"));
        }
    }
    // A list that was sorted by something else is still carried out in the order of its steps.
    steps.sort_by_key(|(_, step)| step.number);
    Ok(steps.into_iter().map(|(_, step)| step).collect())
}

fn step(cell: &impl Fn(&str) -> String) -> std::result::Result<Step, String> {
    let unreadable = |name: &str| format!("{name} cannot be read: {:?}", cell(name));
    let list = |name: &str| -> Vec<String> {
        cell(name).split(';').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let moment = |name: &str| -> std::result::Result<NaiveDateTime, String> {
        parse_moment(&cell(name)).map_err(|_| unreadable(name))
    };
    let done = match cell("status").to_lowercase().as_str() {
        DONE => true,
        "to-do" | "" => false,
        _ => return Err(unreadable("status")),
    };
    Ok(Step {
        number: cell("step").parse().map_err(|_| unreadable("step"))?,
        key: cell("key"),
        action: Action::parse(&cell("action")).ok_or_else(|| unreadable("action"))?,
        request_id: cell("request_id"),
        patient_id: cell("patient_id"),
        session_id: cell("session_id"),
        slot_ids: list("slot_ids"),
        start: moment("start")?,
        end: moment("end")?,
        after: list("after"),
        self_book_until: None,
        when: "",
        done,
    })
}

fn refused(line: u64, what: &str) -> Error {
    Error::Argument(format!(
        "{FILE} of the earlier run, line {line}: {what}. Only the status of a step is to be changed; \
         put the row back as it was written."
    ))
}
