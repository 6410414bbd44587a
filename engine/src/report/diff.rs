//! What differs between two plans of the same requests: who moves, who gains a place and who loses one.

use std::collections::BTreeMap;

use crate::model::{DiffRow, DiffStand, ExcludedRow, PlanFiles, PlanRow, UnplacedRow};

/// Where a request stands, and what both plans may say of it.
struct Known<'p> {
    patient_id: &'p str,
    tier: Option<&'p str>,
    stand: DiffStand,
}

impl<'p> Known<'p> {
    fn placed(row: &'p PlanRow) -> Self {
        let stand = DiffStand {
            status: "placed",
            start: Some(row.start),
            session_id: Some(row.session_id.clone()),
            practitioner_id: Some(row.practitioner_id.clone()),
            site_id: Some(row.site_id.clone()),
            days_late: Some(row.days_late),
        };
        Self { patient_id: &row.patient_id, tier: Some(&row.tier), stand }
    }

    fn unplaced(row: &'p UnplacedRow) -> Self {
        let stand = DiffStand { status: "unplaced", ..DiffStand::default() };
        Self { patient_id: &row.patient_id, tier: Some(&row.tier), stand }
    }

    fn excluded(row: &'p ExcludedRow) -> Self {
        let stand = DiffStand { status: "excluded", ..DiffStand::default() };
        Self { patient_id: &row.patient_id, tier: None, stand }
    }
}

/// By request; of several rows of one id the one that is planned.
fn known(plan: &PlanFiles) -> BTreeMap<&str, Known<'_>> {
    let excluded = plan.excluded.iter().map(|row| (row.request_id.as_str(), Known::excluded(row)));
    let unplaced = plan.unplaced.iter().map(|row| (row.request_id.as_str(), Known::unplaced(row)));
    let placed = plan.plan.iter().map(|row| (row.request_id.as_str(), Known::placed(row)));
    excluded.chain(unplaced).chain(placed).collect()
}

/// The requests that stand elsewhere in the second plan, by id.
pub fn diff(before: &PlanFiles, after: &PlanFiles) -> Vec<DiffRow> {
    let (mut before, after) = (known(before), known(after));
    let absent = || DiffStand { status: "absent", ..DiffStand::default() };
    let mut rows = Vec::new();
    for (id, new) in after {
        let old = before.remove(id);
        let old_tier = old.as_ref().and_then(|old| old.tier);
        let stand = old.map_or_else(absent, |old| old.stand);
        rows.extend(row(id, new.patient_id, new.tier.or(old_tier), stand, new.stand));
    }
    for (id, old) in before {
        rows.extend(row(id, old.patient_id, old.tier, old.stand, absent()));
    }
    rows.sort_by(|a, b| a.request_id.cmp(&b.request_id));
    rows
}

fn row(
    id: &str,
    patient_id: &str,
    tier: Option<&str>,
    before: DiffStand,
    after: DiffStand,
) -> Option<DiffRow> {
    // How late the same place is can differ by the start of the plan alone.
    let place = |stand: &DiffStand| (stand.status, stand.start, stand.session_id.clone());
    if place(&before) == place(&after) {
        return None;
    }
    let change = match (before.start, after.start) {
        (Some(old), Some(new)) if new.date() < old.date() => "earlier",
        (Some(old), Some(new)) if new.date() > old.date() => "later",
        (Some(_), Some(_)) => "moved",
        (None, Some(_)) => "gains-place",
        // Booked since, most often.
        (Some(_), None) if after.status == "excluded" => "set-aside",
        (Some(_), None) => "loses-place",
        (None, None) => "status",
    };
    Some(DiffRow {
        request_id: id.to_owned(),
        patient_id: patient_id.to_owned(),
        tier: tier.map(str::to_owned),
        change,
        before,
        after,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told_and_how() {
        let stand = |start: Option<&str>, session: &str| DiffStand {
            status: if start.is_some() { "placed" } else { "unplaced" },
            start: start.map(|start| start.parse().unwrap()),
            session_id: start.map(|_| session.to_owned()),
            ..DiffStand::default()
        };
        let (early, noon, late) = ("2024-07-22T09:00:00", "2024-07-22T12:00:00", "2024-07-23T09:00:00");
        let change = |before, after| row("R", "P", None, before, after).map(|row| row.change);
        assert_eq!(change(stand(Some(early), "S"), stand(Some(early), "S")), None);
        assert_eq!(change(stand(Some(early), "S"), stand(Some(early), "T")), Some("moved"));
        assert_eq!(change(stand(Some(early), "S"), stand(Some(noon), "S")), Some("moved"));
        assert_eq!(change(stand(Some(early), "S"), stand(Some(late), "S")), Some("later"));
        assert_eq!(change(stand(Some(late), "S"), stand(Some(early), "S")), Some("earlier"));
        assert_eq!(change(stand(None, ""), stand(Some(early), "S")), Some("gains-place"));
        assert_eq!(change(stand(Some(early), "S"), stand(None, "")), Some("loses-place"));
        let later = DiffStand { days_late: Some(1), ..stand(Some(early), "S") };
        assert_eq!(change(stand(Some(early), "S"), later), None);
        let excluded = DiffStand { status: "excluded", ..DiffStand::default() };
        assert_eq!(change(stand(None, ""), excluded.clone()), Some("status"));
        assert_eq!(change(stand(Some(early), "S"), excluded), Some("set-aside"));
    }
}
