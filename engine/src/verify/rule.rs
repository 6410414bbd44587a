//! The rules of the SPEC under stable codes: what a violation names.

use std::fmt;

use serde::Serialize;

/// Declares the rules: one line for each.
macro_rules! rules {
    ($($variant:ident = $code:literal, $title:literal;)+) => {
        /// A rule of the SPEC. The number before the point is the section; rules are in the order of the SPEC.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $(#[doc = $title] $variant),+ }

        impl Rule {
            /// Every rule, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, such as `4.2`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// In a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The rule with this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.as_str() == code)
            }
        }
    };
}

rules! {
    Excluded = "1.excluded", "Whoever must not be planned is excluded, with the first reason that holds, and nobody else";
    ExcludedRow = "1.excluded-row", "A row of excluded.csv says what requests.csv says";
    ExcludedOrder = "1.order", "escalate-now is listed first of all";
    Rank = "2.rank", "The rank is that of the tier, shared and escalated as the policy says";
    Windowed = "2.windowed", "A latest date inside the plannable range makes a request windowed";
    WindowPassed = "2.window-passed", "A passed window is handled as the policy says";
    Target = "2.target", "The target date is as due, as the tier says, and inside the request's dates";
    Run = "3.run", "The slots are the shortest run of free consecutive slots that the tier may use";
    Practitioner = "3.1", "Role, gender and continuity fit";
    Channel = "3.2", "The channel is the first of the list that the session has and that meets every need";
    Site = "3.3", "The site is the patient's own, of the same practice or a hub that serves it, and the session does the care type";
    Date = "3.4", "The date is plannable for patient, practitioner, site and calendar";
    Time = "3.5", "Notice, availability and the care type's hours are kept";
    Clash = "3.6", "Neither the patient nor the practitioner is busy elsewhere";
    Additional = "3.7", "Additional sessions only where the run asks for them";
    Capacity = "4.1", "One place for each request, one request for each place, no practitioner twice at once";
    Contacts = "4.2", "Contacts of a practitioner's day and of a session stay within their caps";
    Reserve = "4.3", "The reserve for new demand is kept";
    Calls = "4.4", "Everybody can be called before the appointment";
    Patient = "4.5", "Two appointments of one patient do not overlap and leave time to travel";
    Links = "4.6", "A linked request comes after the other, by the days asked for";
    Visits = "4.7", "A visit is one site, one date, one after the other, all or none";
    Value = "5.value", "Each entry of the objective has the value stated";
    Bound = "5.bound", "No bound is above its value";
    Status = "5.status", "The plan is called optimal where every bound meets its value, else feasible";
    GuaranteeA = "5.guarantee-a", "Nobody is late or misses a window for requests of later standing";
    GuaranteeB = "5.guarantee-b", "No two requests of different rank should have each other's slots";
    Conservation = "6.conservation", "Every request is in exactly one of the files";
    Row = "6.row", "A row of the plan says what the tables say";
    Flags = "6.flags", "The flags are set where they must be, and only there";
    CallBy = "6.call-by", "Each call has its day";
    CallOrder = "6.call-order", "Calls are in order of day, rank, start and id";
    UnplacedOrder = "6.unplaced-order", "Passed windows are listed first";
    UnplacedReason = "6.unplaced-reason", "The reason for leaving a request out is one that holds";
    Counts = "6.counts", "The counts are those of the rows";
    PolicyRecord = "6.policy", "The summary names the policy of the case";
    RunRecord = "6.run", "The summary states the start, the moment and the options of the run";
    Input = "6.input", "The plan was made from these very files";
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_found_again() {
        let codes: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        assert!(Rule::ALL.iter().all(|&rule| Rule::parse(rule.as_str()) == Some(rule)));
        assert!(Rule::ALL.iter().all(|rule| !rule.title().is_empty()));
    }
}
