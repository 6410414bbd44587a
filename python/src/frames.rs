//! Data frames on their way in: anything with the Arrow PyCapsule interface.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use rebook::tables::{Frame, Frames};

use crate::errors::raised;

/// What pandas calls the column of an index that was not dropped.
const INDEX: &str = "__index_level_";

/// The frames of a case by table; nothing is copied.
pub fn frames(py: Python<'_>, tables: BTreeMap<String, Bound<'_, PyAny>>) -> PyResult<Frames> {
    let mut frames = Frames::default();
    for (name, table) in tables {
        let frame = frame(&name, &table)?;
        frames.insert(&name, frame).map_err(|error| raised(py, &error))?;
    }
    Ok(frames)
}

/// The frame of one table; nothing is copied.
pub fn frame(name: &str, table: &Bound<'_, PyAny>) -> PyResult<Frame> {
    if !table.hasattr("__arrow_c_stream__")? && !table.hasattr("__arrow_c_array__")? {
        return Err(PyTypeError::new_err(format!(
            "{name}: found {}; expected a data frame of polars, pandas, pyarrow, duckdb or any other library that \
             speaks Arrow (an object with __arrow_c_stream__)",
            table.get_type().name()?
        )));
    }
    let reader = table.extract::<AnyRecordBatch>()?.into_reader()?;
    let told = |error: ArrowError| PyValueError::new_err(format!("{name}: {error}"));
    let schema = reader.schema();
    let wanted: Vec<usize> =
        (0..schema.fields().len()).filter(|&at| !schema.field(at).name().starts_with(INDEX)).collect();
    let batches = reader.map(|batch| batch?.project(&wanted)).collect::<Result<Vec<RecordBatch>, _>>();
    Ok(Frame { schema: schema.project(&wanted).map_err(told)?.into(), batches: batches.map_err(told)? })
}
