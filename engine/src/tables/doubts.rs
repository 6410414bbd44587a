//! What can be used but is worth a look.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::book::{SessionRow, SlotRow};
use super::known::Known;
use super::schema::{CLINICIANS, REQUESTS, SESSIONS, SLOTS};
use crate::issue::{Code, Issue};
use crate::model::{Clinician, Policy, Request};

/// References of requests that lead nowhere, and patients named by NHS number.
pub fn requests(requests: &[Request], clinicians: Option<&Known<'_>>, warnings: &mut Vec<Issue>) {
    let ids = Known::new(requests.iter().map(|request| request.request_id.as_str()));
    for request in requests {
        if let (Some(id), Some(known)) = (&request.preferred_practitioner_id, clinicians)
            && known.position(id).is_none()
        {
            let codes = (Code::UnknownPractitioner, Code::LinkZerosLost);
            let field = "preferred_practitioner_id";
            warnings.push(known.issue(REQUESTS.file, request.line, field, id, CLINICIANS.file, codes));
        }
        if let Some(id) = &request.after_request_id
            && ids.position(id).is_none()
            && let Some(padded) = ids.padded(id)
        {
            let expected = format!("an id of {}, where {padded:?} is one", REQUESTS.file);
            let issue = Issue::new(Code::LinkZerosLost, REQUESTS.file, expected);
            warnings.push(issue.at(request.line).field("after_request_id").value(id));
        }
    }
    let mut patients =
        requests.iter().map(|request| &request.patient_id).filter(|id| !id.is_empty()).peekable();
    if patients.peek().is_some() && patients.all(|id| is_nhs_number(id)) {
        // The number itself is never repeated.
        let issue = Issue::new(Code::PatientNumber, REQUESTS.file, "pseudonyms");
        warnings.push(issue.field("patient_id").value("valid NHS numbers throughout (not shown)"));
    }
}

/// Patients of the book who would be those of requests but for leading zeros: their bookings would be overlooked.
pub fn patients(requests: &[Request], slots: &[SlotRow], warnings: &mut Vec<Issue>) {
    let known =
        Known::new(requests.iter().map(|request| request.patient_id.as_str()).filter(|id| !id.is_empty()));
    let doubtful = |row: &SlotRow| {
        let id = row.slot.patient_id.as_ref().filter(|id| known.position(id).is_none())?;
        let padded = known.padded(id)?;
        let expected = format!("the id of {}, where {padded:?} is one", REQUESTS.file);
        let issue = Issue::new(Code::LinkZerosLost, SLOTS.file, expected);
        Some(issue.at(row.line).field("patient_id").value(id))
    };
    warnings.par_extend(slots.par_iter().filter_map(doubtful));
}

/// Care types that sessions name and the policy does not know: one warning for each.
pub fn care_types(sessions: &[SessionRow], policy: &Policy, warnings: &mut Vec<Issue>) {
    let known: BTreeSet<&str> = policy.care_types.iter().map(|kind| kind.code.as_str()).collect();
    let mut unknown: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    for session in sessions {
        for code in session.care_types.iter().filter(|code| !known.contains(code.as_str())) {
            count(&mut unknown, code, session.line);
        }
    }
    for (code, (line, sessions)) in unknown {
        let expected = format!("a care type of the policy ({sessions} session(s) name this one)");
        let issue = Issue::new(Code::SessionCareType, SESSIONS.file, expected);
        warnings.push(issue.at(line).field("care_types").value(code));
    }
}

/// Counts a name and keeps the first line it stands on.
fn count<'a>(names: &mut BTreeMap<&'a str, (u64, usize)>, name: &'a str, line: u64) {
    let entry = names.entry(name).or_insert((line, 0));
    *entry = (entry.0.min(line), entry.1 + 1);
}

/// Whether the text is a valid NHS number outside the range kept for tests (999...).
fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> =
        text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_digit(10).unwrap_or(10)).collect();
    if digits.len() != 10 || digits.contains(&10) || digits.starts_with(&[9, 9, 9]) {
        return false;
    }
    let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == digits[9]
}

/// Roles of practitioners that no care type names: one warning for each role.
pub fn roles(clinicians: &[(u64, Clinician)], policy: &Policy, warnings: &mut Vec<Issue>) {
    let known = |role: &str| policy.care_types.iter().any(|kind| kind.roles.iter().any(|one| one == role));
    let mut unused: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    for (line, clinician) in clinicians.iter().filter(|(_, clinician)| !known(&clinician.role)) {
        count(&mut unused, &clinician.role, *line);
    }
    for (role, (line, count)) in unused {
        let expected = format!("a role of the policy's care types ({count} practitioner(s) have this one)");
        let issue = Issue::new(Code::RoleUnused, CLINICIANS.file, expected);
        warnings.push(issue.at(line).field("role").value(role));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nhs_numbers_are_told_by_their_check_digit() {
        assert!(is_nhs_number("9434765919") && is_nhs_number("943 476 5919"));
        // Wrong check digit, the range for tests, and no number at all.
        for id in ["9434765918", "9990000018", "P000000001", "12345"] {
            assert!(!is_nhs_number(id), "{id}");
        }
    }
}
