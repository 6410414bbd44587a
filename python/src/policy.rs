//! Policies as text, checked and with every value written out.

use chrono::NaiveDate;
use pyo3::prelude::*;
use rebook::calendar;
use rebook::tables::{self, parse_policy, policy_to_toml};

use crate::errors::raised;

/// The built-in general-practice policy as TOML.
#[pyfunction]
pub fn builtin_policy() -> String {
    policy_to_toml(&tables::builtin_policy())
}

/// The bundled bank holidays.
#[pyfunction]
pub fn england_bank_holidays() -> Vec<NaiveDate> {
    calendar::england_bank_holidays().to_vec()
}

/// A policy file's text with every value written out.
#[pyfunction]
pub fn policy_from_toml(py: Python<'_>, text: &str) -> PyResult<String> {
    parse_policy(text).map(|policy| policy_to_toml(&policy)).map_err(|error| raised(py, &error))
}

/// The same from keys and values as JSON.
#[pyfunction]
pub fn policy_from_json(py: Python<'_>, text: &str) -> PyResult<String> {
    tables::policy_from_json(text).map(|policy| policy_to_toml(&policy)).map_err(|error| raised(py, &error))
}
