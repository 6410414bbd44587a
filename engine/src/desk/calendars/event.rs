//! An entry of a calendar, and its number from run to run.

use chrono::NaiveDateTime;

/// What an entry says. Texts are as [`clean`](super::text::clean) leaves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// London's time.
    pub start: NaiveDateTime,
    /// London's time.
    pub end: NaiveDateTime,
    /// Where.
    pub location: String,
    /// In a few words.
    pub summary: String,
    /// Not proposed any more.
    pub is_cancelled: bool,
}

/// An entry with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it says.
    pub event: Event,
    /// How often it has changed.
    pub sequence: u32,
}

/// What a cancelled entry says, for programs that go on showing it: that the proposal was withdrawn, for a booking may
/// have been made of it.
const WITHDRAWN: &str = "No longer proposed";

impl Listed {
    /// What is said now, after what was said before, if anything.
    pub fn after(before: Option<&Self>, event: Event) -> Self {
        let sequence = match before {
            None => 0,
            Some(before) if before.event == event => before.sequence,
            Some(before) => before.sequence + 1,
        };
        Self { event, sequence }
    }

    /// The same entry, not proposed any more.
    pub fn cancelled(&self) -> Self {
        let event = Event { summary: WITHDRAWN.to_owned(), is_cancelled: true, ..self.event.clone() };
        Self::after(Some(self), event)
    }
}
