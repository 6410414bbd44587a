//! What is to be done in the booking system, step by step: no system of general practice can move a booking, only
//! make one and cancel one.
//!
//! Everybody of the plan is booked before what they had is cancelled, and nobody is booked into a slot before it has been
//! cleared, so that the list may stop after any step: nobody who had an appointment is without one, and no slot has two
//! people. Cancelled is what the book still holds of the very appointment that was cancelled, and what an earlier list
//! says was booked and the plan no longer has.
//!
//! Whoever is sent a link books for themselves: their steps are the last, nothing waits for them, and they say until when
//! the patient may book, so that nobody is booked twice.
//!
//! Of those who are excluded, whoever has accepted a place is booked into it, before everybody else; and what an earlier
//! list booked is cancelled for whoever has a place now, or has said that they want none. There is no step for anybody
//! else who is excluded: what a list booked for them is told of, for people to look at. What is still in the book for
//! somebody who has died or left is not cancelled here either, and there is no word of it: that is for people to do, in
//! the booking system, with everything else that then is to be done. Nor is anything cancelled of a request without a
//! place in the plan.

mod book;
mod gather;
mod key;
mod order;
mod past;
mod settled;
mod spare;
mod tied;
mod when;
mod write;

use chrono::{NaiveDate, NaiveDateTime};

pub use gather::transactions;
use key::Deed;
pub use tied::tied;
pub use write::{stuck_csv, transactions_csv};

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Books slots for a patient.
    Book,
    /// Cancels what a patient has.
    Cancel,
}

impl Action {
    /// As the list spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Cancel => "cancel",
        }
    }

    /// The action that the list spells so.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Book, Self::Cancel].into_iter().find(|action| action.as_str() == text)
    }
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
    /// The last day on which the patient may book by a link; it is a step for staff after that day, and only if the patient
    /// has not booked.
    pub self_book_until: Option<NaiveDate>,
    /// What must be so before staff do it, in words; nothing where it need only come after others.
    pub when: &'static str,
    /// Whether it has been done, as the list or the book says.
    pub done: bool,
}

impl Step {
    fn deed(&self) -> Deed {
        Deed {
            action: self.action,
            request_id: self.request_id.clone(),
            slot_ids: self.slot_ids.clone(),
            start: self.start,
        }
    }
}

/// Why somebody keeps what they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// They wait for each other in a circle, and no spare place suits any of them.
    Circle,
    /// They wait for a place that somebody else keeps.
    Behind,
    /// They have something and no place in the plan.
    NoPlace,
    /// Another request of the same patient says that they have died or left.
    Gone,
    /// Several requests of the patient are for the very time of the booking.
    Shared,
    /// They are not planned any more, and something is booked for them.
    Excluded,
    /// They had accepted a place that nothing says was booked, and its time is over.
    Passed,
}

impl Why {
    /// As the list of those who are stuck spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Behind => "behind",
            Self::NoPlace => "no-place",
            Self::Gone => "gone",
            Self::Shared => "shared",
            Self::Excluded => "excluded",
            Self::Passed => "passed",
        }
    }

    /// What it means, and what to do.
    pub fn words(self) -> &'static str {
        match self {
            Self::Circle => {
                "These people have each other's places and no free one suits for the moment between. They keep what \
                 they have; free a place and run again."
            }
            Self::Behind => {
                "The place is still held by somebody who keeps it. Look at the booking system, export the book and \
                 run again."
            }
            Self::NoPlace => "The plan has no place, so the booking stays until it has one.",
            Self::Gone => {
                "Another request of this patient says that they have died or left. Check before anything is booked."
            }
            Self::Shared => {
                "Several requests of this patient are for the time of this booking. Check which one it is, and cancel \
                 it by hand."
            }
            Self::Passed => {
                "This place was accepted, nothing says that it was booked, and its time is over. Look whether the patient \
                 was seen; if not, empty the outcome in the call list and plan again."
            }
            Self::Excluded => {
                "The request is not planned any more and still has a booking. Look whether it is to be cancelled."
            }
        }
    }
}

/// Somebody who keeps a booking, or does not get the one of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// The request.
    pub request_id: String,
    /// Whose.
    pub patient_id: String,
    /// Why.
    pub why: Why,
    /// The slots that are kept.
    pub keeps: Vec<String>,
}

/// What is to be done in the booking system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transactions {
    /// What an earlier list or the book says is done, and then what is to do, in an order that is safe.
    pub steps: Vec<Step>,
    /// Those for whom the list does not do what the plan says, ascending by request.
    pub stuck: Vec<Stuck>,
}
