//! A case: what it was read from, and as it was read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pythonize::pythonize;
use rebook::generate::{Options, Profile, files};
use rebook::model;
use rebook::report::Findings;
use rebook::tables::{
    Frame, Frames, PolicyFrom, ReadOptions, case_batch, policy_to_toml, read_case_files, read_case_frames,
    read_case_watched, write_case,
};

use crate::errors::{detached, raised};
use crate::frames::{frame, frames};
use crate::run::{Shared, aloud};
use crate::table::Table;

/// Where a case comes from: read again where another policy is tried.
#[derive(Clone)]
enum Source {
    Folder(PathBuf),
    Frames(Frames),
    Files(BTreeMap<String, Vec<u8>>),
}

impl Source {
    fn read(&self, options: &ReadOptions, shared: &Shared) -> rebook::Result<model::Case> {
        let progress =
            |file: &str, rows: usize| shared.tell(format!("reading, {rows} rows of {file} so far"), 0, 0);
        match self {
            Self::Folder(folder) => read_case_watched(folder, options, &progress),
            Self::Frames(frames) => read_case_frames(frames, options, &progress),
            Self::Files(files) => read_case_files(files, options),
        }
    }
}

/// How a case is read.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct How {
    policy_file: Option<PathBuf>,
    policy_text: Option<String>,
    start: Option<NaiveDate>,
    as_of: Option<NaiveDateTime>,
    keep_columns: Vec<String>,
    additional: bool,
    progress: Option<Py<PyAny>>,
}

impl How {
    fn options(self) -> ReadOptions {
        let file = self.policy_file.map(PolicyFrom::File);
        ReadOptions {
            start: self.start,
            as_of: self.as_of,
            previous: None,
            outcomes: Vec::new(),
            keep_columns: self.keep_columns,
            use_additional: self.additional,
            policy: file.or(self.policy_text.map(PolicyFrom::Text)),
        }
    }
}

/// A case.
#[pyclass(frozen, module = "rebook._rebook")]
pub struct Case {
    source: Arc<Source>,
    pub case: Arc<model::Case>,
}

impl Case {
    fn of(py: Python<'_>, source: Arc<Source>, how: How) -> PyResult<Self> {
        let (own, progress) = (Arc::clone(&source), how.progress.as_ref().map(|told| told.bind(py).clone()));
        let options = how.options();
        let (case, interrupted) =
            aloud(py, None, progress.as_ref(), move |shared| own.read(&options, shared))?;
        if interrupted {
            return Err(PyKeyboardInterrupt::new_err(()));
        }
        Ok(Self { source, case: Arc::new(case) })
    }
}

#[pymethods]
impl Case {
    #[staticmethod]
    fn read(py: Python<'_>, folder: PathBuf, how: How) -> PyResult<Self> {
        Self::of(py, Arc::new(Source::Folder(folder)), how)
    }

    #[staticmethod]
    fn from_frames(py: Python<'_>, tables: BTreeMap<String, Bound<'_, PyAny>>, how: How) -> PyResult<Self> {
        Self::of(py, Arc::new(Source::Frames(frames(py, tables)?)), how)
    }

    /// The same tables, read in another way.
    fn replace(&self, py: Python<'_>, how: How) -> PyResult<Self> {
        Self::of(py, Arc::clone(&self.source), how)
    }

    /// The same case with further sessions, cut into slots, and who holds them where they are not there already.
    fn with_sessions(
        &self,
        py: Python<'_>,
        sessions: &Bound<'_, PyAny>,
        clinicians: Option<&Bound<'_, PyAny>>,
        how: How,
    ) -> PyResult<Self> {
        let sessions = frame("sessions", sessions)?;
        let clinicians = clinicians.map(|people| frame("clinicians", people)).transpose()?;
        let source = detached(py, || extended(&self.case, sessions, clinicians)).map(Source::Frames)?;
        Self::of(py, Arc::new(source), how)
    }

    fn check(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let found = py.detach(|| Findings::of(&self.case).to_json());
        Ok(pythonize(py, &found)?.unbind())
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        detached(py, || case_batch(&self.case, name)).map(Table::new)
    }

    fn slots(&self) -> usize {
        self.case.slots.len()
    }

    fn policy(&self) -> String {
        policy_to_toml(&self.case.policy)
    }

    fn write(&self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        detached(py, || write_case(&self.case, &folder))
    }

    fn __len__(&self) -> usize {
        self.case.requests.len()
    }
}

/// The tables of a case with further sessions, the slots that they are cut into, and further clinicians.
fn extended(case: &model::Case, sessions: Frame, people: Option<Frame>) -> rebook::Result<Frames> {
    let options = ReadOptions { keep_columns: case.kept_columns.clone(), ..ReadOptions::default() };
    let mut frames = Frames::default();
    frames.policy = Some(policy_to_toml(&case.policy));
    for name in ["requests", "clinicians", "sites"] {
        let batch = case_batch(case, name)?;
        // A case without a table of sites derives them.
        if batch.num_rows() > 0 {
            frames.insert(name, Frame { schema: batch.schema(), batches: vec![batch] })?;
        }
    }
    let with = |name: &str, further: &model::Case| {
        let batches = vec![case_batch(case, name)?, case_batch(further, name)?];
        rebook::Result::Ok(Frame { schema: batches[0].schema(), batches })
    };
    // Both are read as they will be, so that what is wrong with them is told of them alone, and their types are ours.
    if let Some(people) = people {
        let mut alone = frames.clone();
        alone.insert("clinicians", people)?;
        alone.insert(
            "sessions",
            Frame { schema: case_batch(case, "sessions")?.schema(), batches: Vec::new() },
        )?;
        frames.insert("clinicians", with("clinicians", &read_case_frames(&alone, &options, &|_, _| {})?)?)?;
    }
    let mut alone = frames.clone();
    alone.insert("sessions", sessions)?;
    let further = read_case_frames(&alone, &options, &|_, _| {})?;
    frames.insert("sessions", with("sessions", &further)?)?;
    frames.insert("slots", with("slots", &further)?)?;
    Ok(frames)
}

/// Makes a synthetic case in memory.
#[pyfunction]
#[pyo3(signature = (profile, how, *, practices, seed, start, requests, patients, dirty))]
#[allow(clippy::too_many_arguments, reason = "the options of `rebook generate`")]
pub fn generate(
    py: Python<'_>,
    profile: &str,
    how: How,
    practices: Option<usize>,
    seed: u64,
    start: Option<NaiveDate>,
    requests: Option<usize>,
    patients: Option<u32>,
    dirty: bool,
) -> PyResult<Case> {
    let known = Profile::parse(profile).ok_or_else(|| {
        let names = Profile::NAMES.map(|entry| entry.0).join(", ");
        let text = format!("profile: found {profile:?}; expected one of {names}");
        raised(py, &rebook::Error::Argument(text))
    })?;
    let mut options = Options::new(known, seed);
    options.start = start.unwrap_or(options.start);
    options.practices = practices;
    options.requests = requests;
    options.patients = patients;
    options.dirty = dirty;
    let made = detached(py, || files(&options))?;
    Case::of(py, Arc::new(Source::Files(made)), how)
}
