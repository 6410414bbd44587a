//! What the fuzz targets do with bytes, so that a crash replays on stable (`tests/tests/fuzz_shim.rs`).
//!
//! An input is a bundle: files one after the other, each under a line `=== name`. Nothing may panic, and where the
//! bytes are a case, nobody is lost on the way to the files of a plan.

pub mod mutate;

use std::fs;

use rebook::model::{Case, PlanFiles};
use rebook::tables::{PLAN_FILES, plan_files, read_plan};
use rebook::verify::{Violation, verify};
use rebook::{PlanOptions, plan};

use crate::conservation::{Files, check};

/// What begins the line that names a file.
const MARK: &[u8] = b"=== ";

/// Larger cases are read but not planned: fuzzing is about many inputs, not about long ones.
const MOST_REQUESTS: usize = 40;
const MOST_SLOTS: usize = 400;
/// Work allowed to each plan.
const PIVOTS: u64 = 2_000;

/// The files of a bundle; what stands before the first name is passed over.
pub fn unbundle(data: &[u8]) -> Files {
    let mut files = Files::new();
    let mut name: Option<String> = None;
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        if let Some(rest) = line.strip_prefix(MARK) {
            let text = String::from_utf8_lossy(rest).trim().to_owned();
            files.insert(text.clone(), Vec::new());
            name = Some(text);
        } else if let Some(bytes) = name.as_ref().and_then(|name| files.get_mut(name)) {
            bytes.extend_from_slice(line);
        }
    }
    files
}

/// A bundle of these files.
pub fn bundle(files: &Files) -> Vec<u8> {
    let mut data = Vec::new();
    for (name, bytes) in files {
        data.extend_from_slice(MARK);
        data.extend_from_slice(name.as_bytes());
        data.push(b'\n');
        data.extend_from_slice(bytes);
        if bytes.last().is_some_and(|byte| *byte != b'\n') {
            data.push(b'\n');
        }
    }
    data
}

/// How far a bundle came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Came {
    /// The input cannot be used, and says why.
    Unusable,
    /// It was read.
    Read,
    /// It was planned, and the verifier has nothing to say.
    Planned,
}

/// Reads a bundle as a case; plans it where it is small; verifies the plan.
///
/// # Panics
/// If a row is lost on the way, or the verifier finds a broken rule.
pub fn case_tables(data: &[u8]) -> Came {
    let files = unbundle(data);
    let Some(case) = check(&files) else { return Came::Unusable };
    if case.requests.len() > MOST_REQUESTS || case.slots.len() > MOST_SLOTS {
        return Came::Read;
    }
    let planned = plan_of(&case);
    let accounted = planned.plan.len() + planned.unplaced.len() + planned.excluded.len();
    assert_eq!(accounted, case.requests.len(), "requests in, rows out");
    let broken = verify(&case, &planned);
    assert!(broken.is_empty(), "{broken:#?}");
    // What was written reads back as it was.
    let home = tempfile::tempdir().expect("a folder to write in");
    for file in plan_files(&planned, &case.kept_columns).expect("a plan can be written") {
        fs::write(home.path().join(file.name), file.bytes).expect("written");
    }
    let again = read_plan(home.path()).expect("a plan of ours can be read");
    assert_eq!(
        (again.plan.len(), again.unplaced, again.excluded),
        (planned.plan.len(), planned.unplaced, planned.excluded)
    );
    Came::Planned
}

/// The plan of a case within a small budget.
///
/// # Panics
/// If there is none.
pub fn plan_of(case: &Case) -> PlanFiles {
    plan(case, &PlanOptions { pivots: PIVOTS, ..PlanOptions::default() }).expect("a plan")
}

/// Reads a bundle as the files of a plan for this case and verifies it; none where it cannot be read.
///
/// # Panics
/// Only if the engine does.
pub fn plan_bundle(case: &Case, data: &[u8]) -> Option<Vec<Violation>> {
    let home = tempfile::tempdir().expect("a folder to write in");
    let files = unbundle(data);
    for name in PLAN_FILES {
        if let Some(bytes) = files.get(name) {
            fs::write(home.path().join(name), bytes).expect("written");
        }
    }
    read_plan(home.path()).ok().map(|plan| verify(case, &plan))
}
