//! Rows as exports really leave them: what a reader of `requests.csv` must survive.
//!
//! The kinds are those met in exports of record systems and in spreadsheets that passed through several hands
//! (from memory); how often each occurs is an assumption. Only requests are soiled: an unreadable row of another
//! table makes the whole input unusable.

use super::rows::RequestRow;
use super::sample::Stream;

/// A way in which a row goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stroke {
    // Readable all the same.
    /// Blanks round a code.
    Padded,
    /// Yes and No for true and false.
    YesNo,
    /// A decile that is not a number: unknown, with a warning.
    NoDecile,
    /// Seconds in a date-time, and a blank for the T.
    Seconds,
    /// A site that the table of sites lacks.
    StrangeSite,
    /// A word of the practice's own for the tier.
    WordForTier,
    /// The same row twice, as after merging two exports.
    Twice,
    /// The same appointment under another id.
    OtherId,
    // Unreadable.
    /// A date as 19/07/2024.
    UkDate,
    /// A date as a spreadsheet counts it.
    SerialDate,
    /// `10 mins`.
    Minutes,
    /// Free text for the care type.
    FreeText,
    /// A capital letter in a code, or a word of the practice's own.
    WordForState,
    /// No patient.
    NoPatient,
    /// The latest date before the earliest.
    Swapped,
    /// The same id with other content.
    Changed,
    /// Comes after itself.
    AfterItself,
    /// Unreadable, but excluded before that counts.
    DiedUnreadable,
    /// Unreadable, but urgent beyond planning.
    EscalateUnreadable,
}

/// Strokes for every thousand rows, at least one of each.
const STROKES: [(Stroke, u32); 19] = [
    (Stroke::Padded, 25),
    (Stroke::YesNo, 30),
    (Stroke::NoDecile, 15),
    (Stroke::Seconds, 20),
    (Stroke::StrangeSite, 5),
    (Stroke::WordForTier, 10),
    (Stroke::Twice, 15),
    (Stroke::OtherId, 5),
    (Stroke::UkDate, 15),
    (Stroke::SerialDate, 5),
    (Stroke::Minutes, 5),
    (Stroke::FreeText, 10),
    (Stroke::WordForState, 5),
    (Stroke::NoPatient, 5),
    (Stroke::Swapped, 5),
    (Stroke::Changed, 5),
    (Stroke::AfterItself, 2),
    (Stroke::DiedUnreadable, 2),
    (Stroke::EscalateUnreadable, 2),
];

/// Soils the rows of one part; copies go to the end, as a second export would be pasted.
pub fn soil(seed: u64, part: usize, rows: &mut Vec<RequestRow>) {
    let mut stream = Stream::new(seed, "dirt", part as u64);
    let mut clean: Vec<usize> = (0..rows.len()).collect();
    let mut pasted = Vec::new();
    for (stroke, share) in STROKES {
        let times = stream.round(rows.len() as u64 * u64::from(share), 1_000).max(1);
        for _ in 0..times {
            if clean.is_empty() {
                break;
            }
            let position = clean.swap_remove(stream.below(clean.len() as u32) as usize);
            pasted.extend(strike(stroke, &mut rows[position]));
        }
    }
    rows.extend(pasted);
}

/// Soils a row; returns the copy of it where the stroke makes one.
fn strike(stroke: Stroke, row: &mut RequestRow) -> Option<RequestRow> {
    let uk = |moment: &str| match (moment.get(0..4), moment.get(5..7), moment.get(8..10), moment.get(11..)) {
        (Some(year), Some(month), Some(day), Some(time)) => format!("{day}/{month}/{year} {time}"),
        _ => moment.to_owned(),
    };
    match stroke {
        Stroke::Padded => {
            row.priority = format!(" {} ", row.priority);
            row.patient_id.push(' ');
        }
        Stroke::YesNo => {
            row.sms_permitted = String::from(if row.sms_permitted == "true" { "Yes" } else { "NO" });
            row.safe_to_contact = String::from(if row.safe_to_contact == "false" { "0" } else { "1" });
        }
        Stroke::NoDecile => row.imd_decile = String::from("n/a"),
        Stroke::Seconds => row.original_start = format!("{}:00", row.original_start.replace('T', " ")),
        Stroke::StrangeSite => row.site_id = String::from("TEMP-RESIDENT"),
        Stroke::WordForTier => row.priority = String::from("Urgent?"),
        Stroke::Twice => return Some(row.clone()),
        Stroke::OtherId => {
            let request_id = format!("{}-2", row.request_id);
            return Some(RequestRow { request_id, ..row.clone() });
        }
        Stroke::UkDate => row.original_start = uk(&row.original_start),
        // Serial number 45492 is 19 July 2024.
        Stroke::SerialDate => row.original_start = String::from("45492.395833333336"),
        Stroke::Minutes => row.duration_minutes = String::from("10 mins"),
        Stroke::FreeText => row.care_type = String::from("Review, bloods first (Mr A)"),
        Stroke::WordForState => row.reconciliation = String::from("Not seen"),
        Stroke::NoPatient => row.patient_id.clear(),
        Stroke::Swapped => {
            row.earliest_date = String::from("2024-08-09");
            row.latest_date = String::from("2024-07-26");
        }
        Stroke::Changed => {
            let contact_route = String::from(if row.contact_route == "letter" { "phone" } else { "letter" });
            return Some(RequestRow { contact_route, ..row.clone() });
        }
        Stroke::AfterItself => row.after_request_id.clone_from(&row.request_id),
        Stroke::DiedUnreadable => {
            row.reconciliation = String::from("died");
            row.original_start = uk(&row.original_start);
        }
        Stroke::EscalateUnreadable => {
            row.priority = String::from("GP0");
            row.original_start = uk(&row.original_start);
        }
    }
    None
}

/// The row that a report puts under its table.
pub fn total(requests: usize) -> RequestRow {
    RequestRow { request_id: "Total".to_owned(), patient_id: requests.to_string(), ..RequestRow::default() }
}

/// The name of the column that no schema knows: what the record system calls the slot.
pub const SLOT_TYPE: &str = "slot_type";

/// What the record system calls the slot of a request, in somebody's free text.
pub fn slot_type(row: &RequestRow) -> &'static str {
    match (row.care_type.as_str(), row.contact_route.as_str()) {
        ("gp-consultation", "letter") => "=2+3",
        ("gp-consultation", "app") => "+ double, see notes",
        ("gp-consultation", _) => "GP appt \u{2013} 15 min",
        ("blood-test" | "blood-test-fasting", _) => "Phleb, \"am only\"",
        ("childhood-immunisation", _) => "Baby clinic\n(bring red book)",
        ("", _) => "",
        _ => "Nurse/other",
    }
}
