//! Problems of the data as values: code, file, line, field, the value seen, what was expected, what to do.

use std::fmt;

use serde::Serialize;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used: exit code 2.
    Unusable,
    /// One request row cannot be planned: it is excluded, the run goes on, exit code 3.
    Row,
    /// Worth a look; the run goes on.
    Warning,
}

/// Declares the registry of codes: one line for each.
macro_rules! registry {
    ($($variant:ident = $code:literal, $severity:ident, $title:literal, $explanation:literal;)+) => {
        /// A stable code of a data problem; `rebook rule CODE` explains it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $variant),+ }

        impl Code {
            /// Every code, ascending.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Such as `E101`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// In a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What it means, why it matters and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation),+ }
            }

            /// The code spelt so, in any case.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
            }
        }
    };
}

registry! {
    FileMissing = "E101", Unusable, "A required file is missing",
        "The case folder lacks a table that planning needs. Check the folder's name, or export the table again.";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One problem, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Issue {
    /// Name of the file inside the case folder.
    pub file: String,
    /// Line of the file, header = 1; `None` where the whole file is meant.
    pub line: Option<u64>,
    /// Column or key.
    pub field: Option<String>,
    /// What kind of problem.
    pub code: Code,
    /// The value seen, shortened.
    pub value: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, " {field}")?;
        }
        write!(f, ": {}", self.code.title())?;
        if let Some(value) = &self.value {
            write!(f, ", found {value:?}")?;
        }
        write!(f, "; expected {}. {}", self.expected, self.help)
    }
}
