//! Patients of whom some request says that they have died or left.

use std::collections::BTreeSet;

use super::Desk;
use crate::prepare::ExcludeReason;

/// Patients whose other requests may still be in the plan: nobody books or writes to them before somebody has checked.
pub(super) fn gone<'a>(desk: &Desk<'a>) -> BTreeSet<&'a str> {
    let left = [ExcludeReason::Died, ExcludeReason::Deregistered].map(ExcludeReason::as_str);
    let rows = desk.excluded().iter().filter(|row| left.contains(&row.reason_code.as_str()));
    rows.map(|row| row.patient_id.as_str()).filter(|patient| !patient.is_empty()).collect()
}
