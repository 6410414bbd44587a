//! The engine in Python: nothing but bindings. What people see and read is in `rebook/*.py`.

mod case;
mod errors;
mod frames;
mod plan;
mod policy;
mod run;
mod table;

/// The native part of `rebook`.
#[pyo3::pymodule]
mod _rebook {
    #[pymodule_export]
    use crate::case::{Case, generate};
    #[pymodule_export]
    use crate::plan::Plan;
    #[pymodule_export]
    use crate::policy::{builtin_policy, england_bank_holidays, policy_from_json, policy_from_toml};
    #[pymodule_export]
    use crate::run::{main, plan};
    #[pymodule_export]
    use crate::table::Table;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
