//! Errors of the engine as exceptions of `rebook._errors`, one class for each kind.

use pyo3::prelude::*;
use pythonize::pythonize;
use rebook::Error;
use rebook::report::issue_json;
use serde_json::Value;

/// The exception that stands for an error.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).unwrap_or_else(|failed| failed)
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let class = match error {
        Error::Unusable(_) => "InputError",
        Error::Argument(_) => "ArgumentError",
        Error::Io { .. } => "FileError",
        _ => "InternalError",
    };
    let class = py.import("rebook._errors")?.getattr(class)?;
    let made = match error {
        Error::Unusable(issues) => {
            let problems: Vec<Value> = issues.iter().map(issue_json).collect();
            class.call_method1("_of", (pythonize(py, &problems)?,))?
        }
        _ => class.call1((error.to_string(),))?,
    };
    Ok(PyErr::from_value(made))
}

/// Does work of the engine without holding the interpreter, and raises what goes wrong.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> rebook::Result<T> + Send) -> PyResult<T> {
    py.detach(work).map_err(|error| raised(py, &error))
}
