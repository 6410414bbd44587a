//! What is to be done in the booking system, step by step: no system of general practice can move a booking, only
//! make one and cancel one.

use chrono::NaiveDateTime;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Books slots for a patient.
    Book,
    /// Cancels what a patient has.
    Cancel,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// From 1, in the order in which the steps are safe.
    pub number: u32,
    /// The same for the same deed in every run: whoever carries it out twice under one key has done it once.
    pub key: String,
    /// What it does.
    pub action: Action,
    /// For which request.
    pub request_id: String,
    /// For whom.
    pub patient_id: String,
    /// Of which session.
    pub session_id: String,
    /// Which slots.
    pub slot_ids: Vec<String>,
    /// Local time.
    pub start: NaiveDateTime,
    /// Local time.
    pub end: NaiveDateTime,
    /// The keys of the steps that must be done before.
    pub after: Vec<String>,
    /// Whether it has been done, as the list or the book says.
    pub done: bool,
}
