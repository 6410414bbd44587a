//! The elements of FHIR R4 resources that a book is read from, under their names there; all others are passed over.

use serde::Deserialize;
use serde_json::Number;

/// A period of time that a resource is for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Period {
    pub start: Option<String>,
    pub end: Option<String>,
}

/// A code of a system.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
    pub display: Option<String>,
}

/// A notion, as codes of several systems or as text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CodeableConcept {
    #[serde(default)]
    pub coding: Vec<Coding>,
    pub text: Option<String>,
}

/// A name given by somebody's system.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Identifier {
    pub value: Option<String>,
}

/// A pointer to another resource.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Reference {
    #[serde(rename = "reference")]
    pub to: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub identifier: Option<Identifier>,
}

/// An extension; only those with a code are of use here.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Extension {
    pub url: String,
    #[serde(rename = "valueCodeableConcept")]
    pub concept: Option<CodeableConcept>,
}

/// A time that may be booked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    #[serde(default)]
    pub extension: Vec<Extension>,
    pub appointment_type: Option<CodeableConcept>,
    pub schedule: Option<Reference>,
    pub status: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub overbooked: Option<bool>,
}

/// Whose slots they are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    #[serde(default)]
    pub extension: Vec<Extension>,
    pub active: Option<bool>,
    #[serde(default)]
    pub actor: Vec<Reference>,
    pub planning_horizon: Option<Period>,
}

/// What somebody does somewhere.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PractitionerRole {
    pub active: Option<bool>,
    pub practitioner: Option<Reference>,
    #[serde(default)]
    pub code: Vec<CodeableConcept>,
    #[serde(default)]
    pub location: Vec<Reference>,
}

/// Somebody who gives care.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Practitioner {
    pub active: Option<bool>,
    pub gender: Option<String>,
}

/// Where a place is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Position {
    pub longitude: Option<Number>,
    pub latitude: Option<Number>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    pub status: Option<String>,
    pub name: Option<String>,
    pub position: Option<Position>,
    pub managing_organization: Option<Reference>,
}

/// Who or what is needed for an appointment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Participant {
    pub actor: Option<Reference>,
    pub status: Option<String>,
}

/// Somebody is booked, or is about to be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    pub status: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub minutes_duration: Option<u32>,
    #[serde(default)]
    pub slot: Vec<Reference>,
    #[serde(default)]
    pub participant: Vec<Participant>,
}
