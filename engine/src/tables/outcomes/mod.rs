//! What came of the calls of earlier plans: call lists that people have filled in, workbooks or CSV.
//!
//! A call list is input like any table but `requests.csv`: what cannot be read in it makes the whole input unusable,
//! because an acceptance overlooked is a place given away twice.

mod apply;
mod place;
mod read;
#[cfg(feature = "desk")]
mod workbook;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::digest::hexadecimal;
use super::log::Log;
use super::{shape, source};
use crate::calendar::{Availability, DateSet};
use crate::error::{Error, Result};
use crate::issue::{Code, Issue};
use crate::model::{CancelledBy, Case, InputFile, Outcome, PlanFiles, Reconciliation};

/// What the names of call lists begin with, where the files of a case are listed.
const OUTCOMES: &str = "outcomes/";

/// A row of a call list in which something was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    /// What issues call the list, with its sheet.
    list: String,
    line: u64,
    request_id: String,
    patient_id: Option<String>,
    outcome: Option<Outcome>,
    /// The place proposed; empty where the list does not say.
    slot_ids: Vec<String>,
    alternatives: [Vec<String>; 2],
    can_come: Availability,
    cannot_come: DateSet,
}

/// A call list that somebody has filled in.
#[derive(Debug)]
pub struct CallList {
    /// The file as typed.
    typed: String,
    sha256: String,
    calls: Vec<Call>,
}

/// Reads call lists, the oldest first; their problems are told with those of the case.
pub fn load(paths: &[PathBuf], log: &mut Log, files: &mut Vec<InputFile>) -> Vec<CallList> {
    let mut lists = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let typed = path.display().to_string();
        if let Some(bytes) = bytes(path, log) {
            lists.extend(list(at, (name_of(path), typed), &bytes, log, files));
        }
    }
    lists
}

/// The case with what came of calls, of files, as if it had been read with them.
///
/// # Errors
/// [`Error::Unusable`] with every problem of every list; [`Error::Argument`] where the case has no plan before it.
pub fn with_outcomes_in(case: Case, paths: &[PathBuf]) -> Result<Case> {
    needs_previous(!paths.is_empty(), case.previous.is_some())?;
    let (mut log, mut files) = (Log::default(), Vec::new());
    let lists = load(paths, &mut log, &mut files);
    attached(case, &lists, log, files)
}

/// The case with what came of calls, of files in memory with their names, as if it had been read with them.
///
/// # Errors
/// As [`with_outcomes_in`].
pub fn with_outcomes(case: Case, lists: &[(String, Vec<u8>)]) -> Result<Case> {
    needs_previous(!lists.is_empty(), case.previous.is_some())?;
    let (mut log, mut files) = (Log::default(), Vec::new());
    let mut read = Vec::new();
    for (at, (name, bytes)) in lists.iter().enumerate() {
        read.extend(list(at, (name.clone(), name.clone()), bytes, &mut log, &mut files));
    }
    attached(case, &read, log, files)
}

/// Refuses call lists without the plan whose calls they are about.
pub fn needs_previous(lists: bool, previous: bool) -> Result<()> {
    if !lists || previous {
        return Ok(());
    }
    Err(Error::Argument(
        "--outcomes needs --previous: the outcomes are of calls that a plan proposed; name the folder of that plan"
            .to_owned(),
    ))
}

/// Changes a case by what came of calls.
///
/// # Errors
/// [`Error::Unusable`] where a list does not fit the case.
pub fn apply(case: &mut Case, lists: &[CallList]) -> Result<()> {
    in_order(case, lists)?;
    let mut problems = apply::apply(case, lists);
    if problems.is_empty() {
        let (missing, code) = forgotten(case, lists);
        if code == Code::ListMissing { &mut problems } else { &mut case.warnings }.extend(missing);
    }
    case.warnings.sort();
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort();
    Err(Error::Unusable(problems))
}

/// The lists that a plan was made with, as typed and with their digests, the oldest first.
fn recorded(plan: &PlanFiles) -> impl Iterator<Item = (&String, Option<&String>)> {
    let digest = |at: usize| plan.summary.input_sha256.get(&format!("{OUTCOMES}{}", at + 1));
    plan.summary.run.outcomes.iter().enumerate().map(move |(at, typed)| (typed, digest(at)))
}

/// Which of the lists that the plan before was made with this one is, the first = 0.
fn read_before(case: &Case, list: &CallList) -> Option<usize> {
    recorded(case.previous.as_ref()?).position(|(_, sha256)| sha256 == Some(&list.sha256))
}

/// Of each request the last outcome counts: lists in another order would plan people again who have answered.
fn in_order(case: &Case, lists: &[CallList]) -> Result<()> {
    let places: Vec<usize> = lists.iter().map(|list| read_before(case, list).unwrap_or(usize::MAX)).collect();
    match places.windows(2).position(|pair| pair[0] > pair[1]) {
        None => Ok(()),
        Some(at) => Err(Error::Argument(format!(
            "--outcomes: {} was read by the plan before this one and is older than {}; name the oldest list first",
            lists[at + 1].typed,
            lists[at].typed
        ))),
    }
}

/// Call lists that the plan before was made with and that are not read now. Where somebody who was left out for what they
/// say would be planned again, the input cannot be used; else their wishes alone are lost.
fn forgotten(case: &Case, lists: &[CallList]) -> (Vec<Issue>, Code) {
    let Some(plan) = case.previous.as_ref() else { return (Vec::new(), Code::ListForgotten) };
    let missing = recorded(plan).filter(|(typed, sha256)| {
        !lists.iter().any(|list| list.typed == **typed || Some(&list.sha256) == *sha256)
    });
    let missing: Vec<&String> = missing.map(|(typed, _)| typed).collect();
    let again = if missing.is_empty() { BTreeSet::new() } else { planned_again(case, plan) };
    let code = if again.is_empty() { Code::ListForgotten } else { Code::ListMissing };
    let told = missing.into_iter().map(|typed| {
        let expected = "each call list that the plan before was made with, given again with --outcomes";
        let issue = Issue::new(code, typed, expected).field("outcomes").value("not read");
        let Some(first) = again.first() else { return issue };
        let many = match again.len() {
            1 => format!("Request {first:?} would be planned again."),
            many => format!("{many} requests would be planned again, {first:?} the first."),
        };
        let help = format!("{many} {}", issue.help);
        issue.help(help)
    });
    (told.collect(), code)
}

/// The requests that the plan before left out, as the book or a call list said, and of which nothing says so now.
fn planned_again<'c>(case: &'c Case, plan: &'c PlanFiles) -> BTreeSet<&'c str> {
    // What `reconciliation` said is in the requests still, or was changed there.
    let left_out = plan.excluded.iter().filter(|row| {
        matches!(row.reason_code.as_str(), "resolved" | "declined") && row.field != "reconciliation"
    });
    let left_out: BTreeSet<&str> = left_out.map(|row| row.request_id.as_str()).collect();
    let accepted: BTreeSet<&str> = case.accepted.iter().map(|one| one.request_id.as_str()).collect();
    let open = case.requests.iter().filter(|request| {
        matches!(request.reconciliation, Reconciliation::NotSeen | Reconciliation::Unknown)
            && !matches!(request.cancelled_by, CancelledBy::Death | CancelledBy::Patient)
    });
    let ids = open.map(|request| request.request_id.as_str());
    ids.filter(|id| left_out.contains(id) && !accepted.contains(id)).collect()
}

fn attached(mut case: Case, lists: &[CallList], mut log: Log, mut files: Vec<InputFile>) -> Result<Case> {
    if !log.problems.is_empty() {
        log.problems.sort();
        return Err(Error::Unusable(log.problems));
    }
    case.warnings.append(&mut log.warnings);
    case.files.append(&mut files);
    case.files.sort_by(|a, b| a.name.cmp(&b.name));
    apply(&mut case, lists)?;
    Ok(case)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn bytes(path: &Path, log: &mut Log) -> Option<Vec<u8>> {
    let name = name_of(path);
    let Some(input) = source::open(path, &name, log) else {
        let issue = Issue::new(Code::FileMissing, &name, "the file that --outcomes names");
        log.problems.push(issue.value(&path.display().to_string()));
        return None;
    };
    let mut bytes = Vec::new();
    match input.ok()?.read_to_end(&mut bytes) {
        Ok(_) => Some(bytes),
        Err(error) => {
            log.problems.push(shape::unreadable(&name, &error));
            None
        }
    }
}

fn list(
    at: usize,
    (name, typed): (String, String),
    bytes: &[u8],
    log: &mut Log,
    files: &mut Vec<InputFile>,
) -> Option<CallList> {
    let (calls, rows) = read::calls(&name, bytes, log)?;
    let sha256 = hexadecimal(&Sha256::digest(bytes));
    files.push(InputFile { name: format!("{OUTCOMES}{}", at + 1), sha256: sha256.clone(), rows });
    Some(CallList { typed, sha256, calls })
}

#[cfg(test)]
mod tests;
