//! What came of telling a patient the place that a plan proposed.

use super::request::coded;

coded!(
    /// What came of a call, as whoever made it chose from the list.
    Outcome {
        /// The patient takes the place.
        Accepted = "accepted",
        /// The patient takes the first alternative offered.
        AcceptedFirst = "accepted alternative 1",
        /// The patient takes the second alternative offered.
        AcceptedSecond = "accepted alternative 2",
        /// The patient does not want an appointment.
        Declined = "declined",
        /// Nobody answered.
        NoAnswer = "no answer",
        /// The patient wants an appointment, but not then.
        WantsOtherTime = "wants other time",
        /// The patient has been seen, or is well.
        NoLongerNeeded = "no longer needed",
    }
);

impl Outcome {
    /// Those that there can be where a patient was offered one place.
    pub const OF_ONE_PLACE: &'static [&'static str] = &[
        Self::Accepted.as_str(),
        Self::Declined.as_str(),
        Self::NoAnswer.as_str(),
        Self::WantsOtherTime.as_str(),
        Self::NoLongerNeeded.as_str(),
    ];

    /// The outcome that a person wrote so: case, spaces, hyphens and underscores do not matter.
    pub fn read(text: &str) -> Option<Self> {
        let letters = |text: &str| -> String {
            let kept = text.chars().filter(|c| !(c.is_whitespace() || matches!(c, '-' | '_')));
            kept.flat_map(char::to_lowercase).collect()
        };
        let wanted = letters(text);
        Self::ALL.iter().copied().find(|outcome| letters(outcome.as_str()) == wanted)
    }

    /// Whether the patient takes a place that was offered.
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedFirst | Self::AcceptedSecond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_outcomes_in_their_own_way_and_nothing_is_guessed() {
        for &outcome in Outcome::ALL {
            assert_eq!(Outcome::read(outcome.as_str()), Some(outcome));
        }
        for (text, outcome) in [
            ("  Accepted ", Outcome::Accepted),
            ("ACCEPTED_Alternative-2", Outcome::AcceptedSecond),
            ("No-Answer", Outcome::NoAnswer),
            ("no  longer_needed", Outcome::NoLongerNeeded),
        ] {
            assert_eq!(Outcome::read(text), Some(outcome), "{text}");
        }
        for text in ["", "yes", "accept", "accepted?", "accepted alternative 3", "declined accepted"] {
            assert_eq!(Outcome::read(text), None, "{text}");
        }
    }
}
