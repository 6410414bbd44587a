//! A plan and the case it was made for.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pythonize::pythonize;
use rebook::desk::MessageOptions;
use rebook::desk::folder::Made;
use rebook::model::{self, PlanFiles};
use rebook::prepare::prepare;
use rebook::report::{Explained, NamedEntry, Readable, diff, print_summary, vector};
use rebook::tables::{call_batch, diff_batch, plan_batches, read_plan, write_plan};
use rebook::verify::{Violation, verify};
use rebook::{Error, Result};
use serde_json::json;

use crate::case::Case;
use crate::errors::{detached, raised};
use crate::table::Table;

/// A plan.
#[pyclass(frozen, module = "rebook._rebook")]
pub struct Plan {
    pub case: Arc<model::Case>,
    pub files: Arc<PlanFiles>,
}

/// What a printer writes, as text.
fn printed(print: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<String> {
    let mut text = Vec::new();
    print(&mut text).map_err(|error| Error::Internal(error.to_string()))?;
    String::from_utf8(text).map_err(|error| Error::Internal(error.to_string()))
}

#[pymethods]
impl Plan {
    /// Reads back what `write` or the command line wrote.
    #[staticmethod]
    fn read(py: Python<'_>, case: &Case, folder: PathBuf) -> PyResult<Self> {
        let files = detached(py, || read_plan(&folder))?;
        Ok(Self { case: Arc::clone(&case.case), files: Arc::new(files) })
    }

    /// Those with a place, those without, and those excluded.
    fn tables(&self, py: Python<'_>) -> PyResult<[Table; 3]> {
        let batches = detached(py, || plan_batches(&self.files, &self.case.kept_columns))?;
        Ok(batches.map(Table::new))
    }

    /// Those with a place who are reached by phone.
    fn calls(&self, py: Python<'_>) -> PyResult<Table> {
        detached(py, || call_batch(&self.files, &self.case.kept_columns)).map(Table::new)
    }

    fn summary(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(pythonize(py, &json!(self.files.summary))?.unbind())
    }

    /// Name, tier, value and bound of each entry of the objective.
    fn vector(&self) -> Vec<(String, Option<String>, i64, i64)> {
        let entries = vector(&self.case.policy, &self.files.summary.objective);
        entries
            .into_iter()
            .map(|NamedEntry { name, tier, value, bound, .. }| (name, tier, value, bound))
            .collect()
    }

    /// What the command line prints of it.
    fn text(&self, py: Python<'_>) -> PyResult<String> {
        let print =
            |out: &mut Vec<u8>| print_summary(Readable { plan: &self.files, folder: None, desk: false }, out);
        printed(print).map_err(|error| raised(py, &error))
    }

    fn verify(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let found = py.detach(|| verify(&self.case, &self.files));
        let found: Vec<_> = found.iter().map(Violation::to_json).collect();
        Ok(pythonize(py, &found)?.unbind())
    }

    /// The answer about a request, and the same in words.
    fn explain(&self, py: Python<'_>, request_id: &str) -> PyResult<(Py<PyAny>, String)> {
        let (answer, text) = detached(py, || {
            let explained = Explained::new(&self.case, &prepare(&self.case), &self.files, request_id)?;
            Ok((explained.to_json(), printed(|out| explained.print(out))?))
        })?;
        Ok((pythonize(py, &answer)?.unbind(), text))
    }

    fn diff(&self, py: Python<'_>, other: &Self) -> PyResult<Table> {
        detached(py, || diff_batch(&diff(&self.files, &other.files))).map(Table::new)
    }

    /// Writes what people work with to a folder; how many files.
    #[pyo3(signature = (folder, *, over_invite, wave_size))]
    fn write_desk(
        &self,
        py: Python<'_>,
        folder: PathBuf,
        over_invite: u32,
        wave_size: u32,
    ) -> PyResult<usize> {
        let options = MessageOptions { over_invite_percent: over_invite, wave_size };
        detached(py, || {
            let previous = self.files.summary.run.previous.as_ref().map(PathBuf::from);
            let prepared = prepare(&self.case);
            let folders = (folder.as_path(), previous.as_deref());
            let made = Made::new(&self.case, &prepared, &self.files, folders, &options)?;
            let count = made.count();
            made.write()?;
            Ok(count)
        })
    }

    fn write(&self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        detached(py, || write_plan(&folder, &self.files, &self.case.kept_columns))
    }
}
