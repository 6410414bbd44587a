//! Requests of a hospital: operations that need a new date, and the pre-assessments that must come first.

use chrono::Days;

use super::Person;
use super::figures::{
    CONTACT_ROUTES, LAPSED_ASSESSMENT, NEEDS, PRIORITY_OTHER, REBOOK_DAYS, RECONCILIATION, WAITS,
};
use super::lists::Lost;
use crate::calendar::{format_date, format_moment};
use crate::generate::Options;
use crate::generate::frame::Frame;
use crate::generate::rows::{RequestRow, Tables};
use crate::generate::sample::Stream;
use crate::generate::staff::Ids;

/// Adds the requests of a hospital.
pub fn add(
    options: &Options,
    index: usize,
    people: &[Person],
    ids: &Ids,
    frame: &Frame,
    mut lost: Vec<Lost>,
    tables: &mut Tables,
) {
    let mut stream = Stream::new(options.seed, "operations", index as u64);
    if let Some(most) = options.requests {
        while lost.len() > most {
            let leaving = stream.below(lost.len() as u32) as usize;
            lost.swap_remove(leaving);
        }
    }
    lost.sort_by_key(|lost| (lost.start, lost.person, lost.patient));
    for lost in lost {
        let number = tables.requests.len() + 1;
        let mut row = operation(&lost, number, people, ids, index, frame, &mut stream);
        if stream.chance(LAPSED_ASSESSMENT) {
            let first = assessment(&row, number + 1, ids, &mut stream);
            row.after_request_id.clone_from(&first.request_id);
            // Results must be back, and an assessment lasts three months.
            "7".clone_into(&mut row.after_min_days);
            "84".clone_into(&mut row.after_max_days);
            tables.requests.push(row);
            tables.requests.push(first);
        } else {
            tables.requests.push(row);
        }
    }
}

fn operation(
    lost: &Lost,
    number: usize,
    people: &[Person],
    ids: &Ids,
    index: usize,
    frame: &Frame,
    stream: &mut Stream,
) -> RequestRow {
    let date = lost.start.date();
    let (care, _, minutes, mix) = *lost.operation;
    let tier = stream.choose(&[(0, mix[0]), (1, mix[1]), (2, mix[2])]);
    let waited = stream.quantile(WAITS[tier]);
    let priority = match stream.choose(&PRIORITY_OTHER) {
        "" => ["P2", "P3", "P4"][tier],
        "review" => "",
        other => other,
    };
    let usual = stream.chance(8_500);
    let insists = stream.chance(400);
    let route = stream.choose(&CONTACT_ROUTES);
    let became = stream.choose(&RECONCILIATION);
    let needs: Vec<&str> = NEEDS.iter().filter(|need| stream.chance(need.1)).map(|need| need.0).collect();
    let longer = stream.chance(1_000);
    let imd = 1 + stream.below(10);
    let hospital = format!("H{:04}", index + 1);
    let mut row = RequestRow {
        request_id: ids.of(&format!("R{number:04}")),
        patient_id: ids.patient(lost.patient),
        site_id: if lost.site == 0 { hospital } else { format!("{hospital}-DAY") },
        care_type: care.to_owned(),
        priority: priority.to_owned(),
        // One in ten needs more time in theatre than is usual.
        duration_minutes: if longer { (minutes + 30).to_string() } else { String::new() },
        original_start: format_moment(lost.start),
        waiting_since: format_date(date - Days::new(u64::from(waited))),
        contact_route: route.to_owned(),
        sms_permitted: stream.chance(8_600).to_string(),
        safe_to_contact: if stream.chance(80) { "false" } else { "" }.to_owned(),
        reconciliation: became.to_owned(),
        cancelled_by: if became == "died" { "death" } else { "provider" }.to_owned(),
        times_cancelled: stream.choose(&[("1", 8_200), ("2", 1_500), ("3", 300)]).to_owned(),
        needs: needs.join(";"),
        imd_decile: imd.to_string(),
        ..RequestRow::default()
    };
    if usual {
        row.preferred_practitioner_id.clone_from(&people[lost.person].id);
    }
    if insists && usual {
        "required".clone_into(&mut row.continuity);
    }
    // Cancelled on the day itself: the new date is due within 28 days. The other days were cancelled ahead.
    if frame.outage().last() == Some(&date) {
        row.latest_date = format_date(date + Days::new(REBOOK_DAYS));
        // Three weeks' notice of a date within four leaves nothing: these are rung.
        "phone".clone_into(&mut row.contact_route);
    }
    if stream.chance(900) {
        let from = frame.ahead(stream.below(42));
        row.unavailable_dates = format!(
            "{}..{}",
            format_date(from),
            format_date(from + Days::new(u64::from(5 + stream.below(12))))
        );
    }
    row
}

/// The pre-assessment that comes before an operation.
fn assessment(operation: &RequestRow, number: usize, ids: &Ids, stream: &mut Stream) -> RequestRow {
    RequestRow {
        request_id: ids.of(&format!("R{number:04}")),
        care_type: "pre-assessment".to_owned(),
        duration_minutes: String::new(),
        delivery_channels: if stream.chance(3_000) { "telephone;in-person" } else { "" }.to_owned(),
        latest_date: String::new(),
        preferred_practitioner_id: String::new(),
        continuity: String::new(),
        ..operation.clone()
    }
}
