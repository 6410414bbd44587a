//! Problems of a table's cells, told of the resources and elements that they come from.

use super::super::log::Log;
use super::super::schema::{CLINICIANS, SESSIONS, SITES, SLOTS};
use super::Book;
use super::rows::no_rows;
use crate::issue::{Code, Issue};

/// What the rows of each table are in FHIR, and how lists of them are called.
const WORDS: [(&str, &str, &str); 4] = [
    (SLOTS.file, "Slot", "the book's Slots"),
    (SESSIONS.file, "Schedule with Slots", "the book's Schedules"),
    (CLINICIANS.file, "Practitioner", "the book's Practitioners"),
    (SITES.file, "Location", "the book's Locations"),
];

/// What a schedule without a location lacks, and what to do.
const HOMELESS: (&str, &str) = (
    "a Location among the actors, or a single one in the PractitionerRole",
    "Add the Location to the Schedule's actors, and export again.",
);

/// The element from which a cell comes.
fn element(file: &str, column: &str, kind: &str) -> &'static str {
    match (kind, column) {
        ("Appointment", "practitioner_id" | "site_id" | "patient_id" | "role") => "participant",
        ("Slot", "session_id") => "schedule",
        ("Schedule", "practitioner_id" | "site_id" | "role") => "actor",
        ("Schedule", "start" | "end") => "planningHorizon",
        (_, "delivery_channels") => "extension",
        (_, "start") => "start",
        (_, "end" | "duration_minutes") => "end",
        (_, "status") => "status",
        (_, "reserved_for") => "appointmentType",
        (_, "role") => "code",
        (_, "gender") => "gender",
        (_, "name") => "name",
        (_, "practice") => "managingOrganization",
        (_, "latitude") => "position.latitude",
        (_, "longitude") => "position.longitude",
        ("PractitionerRole", "practitioner_id") if file == CLINICIANS.file => "practitioner",
        _ => "id",
    }
}

/// The text without ` of line 12`: lines of tables that are in no file say nothing.
fn without_line(text: &str) -> String {
    let Some((before, after)) = text.split_once(" of line ") else { return text.to_owned() };
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

impl Book {
    /// Tells all that was found of the resources that it comes from.
    pub fn tell(&self, log: &mut Log) {
        for issue in log.problems.iter_mut().chain(&mut log.warnings) {
            self.place(issue);
            for (file, _, words) in WORDS {
                issue.expected = issue.expected.replace(file, words);
                issue.help = issue.help.replace(file, words);
            }
        }
    }

    fn place(&self, issue: &mut Issue) {
        let Some(rows) = self.rows(&issue.file) else { return };
        if issue.code == Code::NoRows {
            let what = WORDS.iter().find(|(file, ..)| *file == issue.file).map_or("row", |(_, what, _)| what);
            *issue = no_rows(issue.clone(), &self.name, what);
            return;
        }
        let place = issue.line.and_then(|line| rows.place(line, issue.field.as_deref()));
        match place {
            Some(place) => {
                let column = issue.field.take().unwrap_or_default();
                let element = element(&issue.file, &column, place.kind);
                issue.field = Some(place.field(element));
                issue.line = Some(place.line);
                issue.file.clone_from(&self.files[place.file]);
                if element == "actor" && column == "site_id" && issue.code == Code::CellEmpty {
                    let (expected, help) = HOMELESS;
                    expected.clone_into(&mut issue.expected);
                    help.clone_into(&mut issue.help);
                }
                issue.expected = without_line(&issue.expected);
            }
            None => issue.file.clone_from(&self.name),
        }
    }
}
