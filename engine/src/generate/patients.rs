//! The patient's side of a request: channels, needs, availability, contact, flags, and what became of it.

use super::figures::{
    AVAILABLE, CANCELLED_BY, CONTACT_ROUTES, FLAGS, GP_MODES, Mode, NEEDS, RECONCILIATION, SMS_PERMITTED,
    UNSAFE_TO_CONTACT,
};
use super::rows::RequestRow;
use super::sample::Stream;

/// Fills in what depends on the patient; `ahead` where the lost appointment is still to come.
pub fn describe(row: &mut RequestRow, kind: &str, urgent: bool, ahead: bool, stream: &mut Stream) {
    row.delivery_channels = String::from(channels(kind, stream));
    let mut needs: Vec<&str> = NEEDS.iter().filter(|need| stream.chance(need.1)).map(|need| need.0).collect();
    if !matches!(kind, "consultation" | "mental-health" | "long-term") {
        // These interpreters are booked for sessions with a GP; a nurse's patient brings somebody along.
        needs.retain(|need| !matches!(*need, "bsl" | "language:so"));
    }
    row.needs = needs.join(";");
    let flags = flags(kind, stream);
    let slower = flags.contains(&"learning-disability")
        || needs.iter().any(|need| need.starts_with("language:") || *need == "bsl");
    if slower || stream.chance(200) {
        // A double appointment: for an interpreter, for time to understand, or because it was booked so.
        "30".clone_into(&mut row.duration_minutes);
    }
    row.flags = flags.join(";");
    let available = stream.choose(&AVAILABLE);
    if !urgent && kind != "home-visit" {
        available.clone_into(&mut row.available);
    }
    let route = stream.choose(&CONTACT_ROUTES);
    let permitted = stream.chance(SMS_PERMITTED);
    let unsafe_to_contact = stream.chance(UNSAFE_TO_CONTACT);
    row.contact_route = String::from(if slower { "phone" } else { route });
    row.sms_permitted = permitted.to_string();
    row.safe_to_contact = String::from(if unsafe_to_contact { "false" } else { "" });
    let became = stream.choose(&RECONCILIATION);
    // Nobody has been seen on paper tomorrow.
    let became = if ahead && became.starts_with("seen") { "not-seen" } else { became };
    let by = stream.choose(&CANCELLED_BY);
    row.reconciliation = String::from(became);
    row.cancelled_by = String::from(if became == "died" { "death" } else { by });
}

/// The patient's own channels where they differ from the care type's, from how the appointment was to be held.
fn channels(kind: &str, stream: &mut Stream) -> &'static str {
    let (mode, strict) = (stream.choose(&GP_MODES), stream.chance(4_000));
    if !matches!(kind, "consultation" | "on-the-day" | "mental-health") {
        return "";
    }
    match (mode, strict) {
        (Mode::FaceToFace, true) => "in-person",
        (Mode::FaceToFace | Mode::HomeVisit, _) => "",
        (Mode::Telephone, true) => "telephone",
        (Mode::Telephone, false) => "telephone;in-person",
        (Mode::Video, _) => "video;telephone",
    }
}

fn flags(kind: &str, stream: &mut Stream) -> Vec<&'static str> {
    let mut flags: Vec<&str> = FLAGS.iter().filter(|flag| stream.chance(flag.1)).map(|flag| flag.0).collect();
    let housebound = stream.chance(7_000);
    match kind {
        "baby-jabs" | "baby-check" => flags = vec!["under-5"],
        "pregnancy-jab" => flags = vec!["pregnant"],
        "home-visit" if housebound && !flags.contains(&"housebound") => flags.push("housebound"),
        "home-visit" if !flags.contains(&"care-home") => flags.push("care-home"),
        _ => {}
    }
    flags
}
