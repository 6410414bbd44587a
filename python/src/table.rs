//! Tables on their way out.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{date32_to_datetime, timestamp_us_to_datetime};
use arrow_array::types::{Date32Type, TimestampMicrosecondType, UInt32Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};

/// Rows as Arrow holds them.
#[pyclass(frozen, module = "rebook._rebook")]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    pub fn new(batch: RecordBatch) -> Self {
        Self { batch }
    }
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let rows: ArrayRef = Arc::new(StructArray::from(self.batch.clone()));
        let field = Field::new_struct("", self.batch.schema_ref().fields().clone(), false);
        let stream = ArrayIterator::new(vec![Ok(rows)], Arc::new(field));
        to_stream_pycapsule(py, Box::new(stream), requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.batch.schema_ref().as_ref())
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The values of a column as objects of Python.
    fn column<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyList>> {
        objects(py, self.batch.column(at))
    }

    /// The first rows as texts.
    fn head(&self, rows: usize) -> PyResult<Vec<Vec<String>>> {
        let options = FormatOptions::default();
        let columns: Result<Vec<ArrayFormatter<'_>>, _> =
            self.batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options)).collect();
        let columns = columns.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let row = |at: usize| columns.iter().map(|column| column.value(at).to_string()).collect();
        Ok((0..self.batch.num_rows().min(rows)).map(row).collect())
    }
}

fn objects<'py>(py: Python<'py>, array: &ArrayRef) -> PyResult<Bound<'py, PyList>> {
    let rows = 0..array.len();
    let there = |at: usize| array.is_valid(at).then_some(at);
    match array.data_type() {
        DataType::Date32 => {
            let values = array.as_primitive::<Date32Type>();
            let date = |at| date32_to_datetime(values.value(at)).map(|moment| moment.date());
            PyList::new(py, rows.map(|at| there(at).and_then(date)))
        }
        DataType::Timestamp(..) => {
            let values = array.as_primitive::<TimestampMicrosecondType>();
            let moment = |at| timestamp_us_to_datetime(values.value(at));
            PyList::new(py, rows.map(|at| there(at).and_then(moment)))
        }
        DataType::UInt32 => {
            let values = array.as_primitive::<UInt32Type>();
            PyList::new(py, rows.map(|at| there(at).map(|at| values.value(at))))
        }
        DataType::Boolean => {
            let values = array.as_boolean();
            PyList::new(py, rows.map(|at| there(at).map(|at| values.value(at))))
        }
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            let items: PyResult<Vec<Option<Bound<'py, PyList>>>> =
                rows.map(|at| there(at).map(|at| objects(py, &lists.value(at))).transpose()).collect();
            PyList::new(py, items?)
        }
        _ => {
            let values = array.as_string::<i32>();
            PyList::new(py, rows.map(|at| there(at).map(|at| values.value(at))))
        }
    }
}
