//! Problems of the data as values: code, file, line, field, the value seen, what was expected, what to do.

use std::fmt;

use serde::Serialize;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used: exit code 2.
    Unusable,
    /// In `requests.csv` as [`Severity::Row`]; in any other table as [`Severity::Unusable`], because a row left
    /// out of the book would be a double booking.
    Cell,
    /// One request row cannot be planned: it is excluded, the run goes on, exit code 3.
    Row,
    /// Worth a look; the run goes on.
    Warning,
}

impl Severity {
    /// In a few words, for readers.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Unusable => "the input cannot be used",
            Self::Cell => "in requests.csv the row is set aside; in any other table the input cannot be used",
            Self::Row => "the row is set aside",
            Self::Warning => "a warning: the run goes on",
        }
    }
}

/// Declares the registry of codes: code, severity, title, explanation and what to do.
macro_rules! registry {
    ($($variant:ident = $code:literal, $severity:ident, $title:literal, $explanation:literal, $help:literal;)+) => {
        /// A stable code of a data problem; `rebook rule CODE` explains it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $variant),+ }

        impl Code {
            /// Every code, in order of the registry.
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

            /// What it means and why it matters.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation),+ }
            }

            /// What to do, in general; an [`Issue`] may say it more precisely.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),+ }
            }

            /// The code spelt so, in any case.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
            }
        }
    };
}

registry! {
    // E1: files and their structure.
    FileMissing = "E101", Unusable, "A required file is missing",
        "The case folder lacks a table that planning needs. slots.csv may be left out where sessions.csv has a slot_minutes column, and sessions.csv where slots.csv carries practitioner_id and site_id.",
        "Check the folder's name, or export the table again.";
    FolderMissing = "E102", Unusable, "The folder does not exist",
        "The path given is not a folder. A case is a folder of tables; a plan is the folder that `rebook plan --out` wrote.",
        "Check the path for typing errors, and that it names the folder and not a file in it.";
    NotReadable = "E103", Unusable, "A file cannot be opened and read",
        "There is a folder in the place of the file, or the system refuses to read it (permissions, a lock held by a spreadsheet, a broken disk).",
        "Close the file in other programs, check its permissions, or export it again.";
    FileEmpty = "E104", Unusable, "A file is empty",
        "The file holds no bytes or only blank lines, so there is not even a header. An interrupted export or copy leaves such files.",
        "Export the table again; a table without rows still needs its header line.";
    SpreadsheetFile = "E105", Unusable, "A file is a workbook, not CSV",
        "The file begins like an Excel or OpenDocument workbook (or another zip archive) although it is named .csv. Renaming a workbook does not convert it.",
        "Open it in the spreadsheet and save it as `CSV UTF-8 (comma delimited)`.";
    WideText = "E106", Unusable, "A file is UTF-16 text",
        "The file begins with the mark of UTF-16, as spreadsheets write with `Unicode Text` and some shells by default.",
        "Save it as `CSV UTF-8 (comma delimited)`.";
    NulByte = "E107", Unusable, "A file holds NUL bytes",
        "Text never holds NUL bytes: the file was damaged (a crash while it was written), or is not text at all. Where bytes were lost, rows may have been lost too.",
        "Export the table again; do not delete the bytes by hand, rows may be missing.";
    WrongDelimiter = "E108", Unusable, "Columns are not separated by commas",
        "The header has known column names, but separated by tabs, semicolons or bars. Some spreadsheets do so by regional setting.",
        "Export again as `CSV UTF-8 (comma delimited)`; in a spreadsheet set the list separator to a comma first.";
    ColumnMissing = "E109", Unusable, "A required column is missing",
        "The table lacks a column without which no row means anything. The first line of a table must be its header.",
        "Add the column, or rename the column that holds it; `rebook schema` lists all columns.";
    ColumnTwice = "E110", Unusable, "A column appears twice",
        "Two columns have the same name, so there is no telling which one is meant.",
        "Remove or rename one of them.";
    RecordTooLong = "E111", Unusable, "A row is far too long",
        "One row is longer than 256 KiB. That is not a row of this table: a quote was never closed, line ends were lost, or the file is something else. Reading stops there so that memory stays bounded.",
        "Look at the file around that line, and export it again.";
    QuoteUnclosed = "E112", Unusable, "A quote is never closed",
        "A cell begins with a quotation mark that no other one ends, so everything after it up to the end of the file became part of that cell: the rows in it would be lost.",
        "Close the quote, or write it twice where it is part of the text.";
    QuoteMisplaced = "E113", Unusable, "Text follows a closing quote",
        "A quoted cell ends and other text follows before the comma. One quote too many or too few joins cells and rows, so where rows begin and end is no longer certain.",
        "Write a quote inside a quoted cell twice (\"\"), or remove it.";
    LineBreakInCell = "E114", Unusable, "A line break inside a cell",
        "A quoted cell of a known column, or of a row with the wrong number of cells, goes over more than one line. No value of these tables does; most likely two stray quotes have swallowed the rows between them.",
        "Look for stray quotation marks on that line and the lines after it.";
    TableTwice = "E115", Unusable, "A table is there twice, as CSV and as Parquet",
        "The folder holds both files of one table, such as slots.csv and slots.parquet. They may differ, and there is no telling which one is meant.",
        "Remove the file that is out of date from the folder.";
    ParquetUnreadable = "E116", Unusable, "A Parquet file cannot be read",
        "The file does not begin as Parquet does, is cut off or damaged, or uses a compression or encoding that is not supported (supported: none, snappy, gzip, zstd, lz4).",
        "Write the file again, or save the table as `CSV UTF-8`.";
    ColumnType = "E117", Unusable, "A column has a type that cannot be taken",
        "Columns of Parquet files and data frames have types. Text is taken for every column; dates, timestamps without a zone, numbers, booleans and lists of texts where a column holds such. A number as an id has lost leading zeros, a timestamp with a zone would shift across a clock change, and a nested column has more than one value in a cell.",
        "Write the column as text, as it would stand in a CSV cell.";
    BookTwice = "E118", Unusable, "The book is there twice",
        "The folder holds the book as FHIR resources and as tables, or as FHIR in two forms (book.json, book.ndjson, a folder fhir). They may differ, and there is no telling which one is meant.",
        "Keep one of them, and move the others out of the folder.";
    JsonBroken = "E119", Unusable, "A file is not valid JSON",
        "The file breaks the rules of JSON, or is not UTF-8 text: it was cut off, or is something else. In a file .ndjson each line is one resource.",
        "Export the file again.";
    FhirUnreadable = "E120", Unusable, "A FHIR resource cannot be read",
        "The resource is not as FHIR R4 has it: it lacks its type or id, an element has another type, or it carries a modifier extension, which changes what it means in a way that is not known here. A resource left out of the book could be a double booking.",
        "Correct the resource, or export it again as FHIR R4.";
    FhirInstant = "E121", Unusable, "A FHIR time is not an instant",
        "Times of slots and appointments are instants such as 2024-07-22T09:00:00+01:00 or 2024-07-22T08:00:00Z. Without Z or an offset there is no telling which time is meant.",
        "Write the time with its offset, or with Z.";
    FhirTwice = "E122", Unusable, "A FHIR resource is there twice, and differs",
        "Two resources of one type have the same id and do not say the same. They may be two versions of it, as a history has, and there is no telling which one is meant. Copies that say the same are taken as one.",
        "Keep the current version only.";
    UnknownColumn = "W101", Warning, "An unknown column is ignored",
        "The table has a column that is not part of the schema. It is not used and never written out, unless named by --keep-columns.",
        "Nothing, unless it should have been used: then correct its name.";
    NearColumn = "W102", Warning, "A column is ignored though its name is nearly a known one",
        "Column names are taken letter by letter. This one differs from a known column only in case, spaces or hyphens, so it is NOT used.",
        "Rename the column if that one is meant.";
    NoRows = "W103", Warning, "A table has no rows",
        "There is a header and nothing below it.",
        "Check that the export was not filtered to nothing.";
    BlankRows = "W104", Warning, "Rows of empty cells are passed over",
        "Rows that consist of separators and spaces alone hold nothing; spreadsheets leave them behind. They are not counted as rows.",
        "Nothing, or delete the empty rows.";
    Windows1252 = "W105", Warning, "Text is not UTF-8 and was read as Windows-1252",
        "Some bytes are not valid UTF-8, so these cells were read as Windows-1252, the usual encoding of older exports. Names with accents may look wrong if that guess is wrong; ids are compared as read.",
        "Save the file as `CSV UTF-8` to be certain.";
    FhirIgnored = "W106", Warning, "FHIR resources of other types are not used",
        "The book is read from Slot, Schedule, Appointment, PractitionerRole, Practitioner and Location. Resources of other types are passed over.",
        "Nothing; leave them out of the export if they hold personal data.";
    FhirCode = "W107", Warning, "A FHIR code is in no table and was taken as it is",
        "The code of a role or of an appointment type is not one of those that docs/fhir.md translates. It was taken as text, in lower case with hyphens for spaces: as the role of the practitioner, or as the label for which the slot is kept.",
        "Add the word to the policy (roles of a care type, may_use of a tier), or write a code that is translated.";
    FhirHour = "W108", Warning, "A FHIR time is in the hour that the clock shows twice",
        "When summer time ends, the clock in London goes through the hour from 01:00 twice. The plan knows local time only, so the two hours fall on each other.",
        "Look at these slots and appointments by hand.";
    FhirNotOffered = "W109", Warning, "Free slots of a FHIR schedule are not offered",
        "Nobody can be placed there: the schedule has no practitioner or several, the practitioner's role is not known or there are several, or the schedule, the role, the practitioner or the location is not active. Whoever is booked there counts.",
        "Correct the Schedule's actors, or add the missing PractitionerRole, where these slots should be used.";
    FhirOutside = "W110", Warning, "FHIR references lead out of the book",
        "A resource that is referred to is not among those read. A practitioner or location is then known by its id alone; an appointment's slot that is not there is passed over, and the appointment counts by its own times.",
        "Export these resources too.";

    // E2: rows and cells.
    TooFewCells = "E201", Cell, "A row has too few cells",
        "The row has fewer cells than the header, so cells may have moved to the left of where they belong. Nothing is guessed.",
        "Add the missing commas, or export the table again.";
    TooManyCells = "E202", Cell, "A row has too many cells",
        "The row has more cells than the header; most often a comma inside a text that is not quoted. Cells may have moved to the right of where they belong.",
        "Put the text that holds a comma in quotes, or remove the surplus commas.";
    CellTooLong = "E203", Cell, "A cell is far too long",
        "The cell is longer than 64 KiB, which no value of these tables is.",
        "Look for a quote that is closed too late, or shorten the cell.";
    BytesUnreadable = "E204", Cell, "A cell holds unreadable characters",
        "The cell holds bytes that are neither UTF-8 nor Windows-1252, or control characters.",
        "Type the cell again, or export the table again as `CSV UTF-8`.";
    TotalRow = "E205", Cell, "A row looks like a line of totals",
        "The row begins with a word such as `Total` and lacks required cells: reports end so. It is not taken for a request, and it is not dropped silently either, because only a person can tell.",
        "Delete the line of totals from the export.";
    CellEmpty = "E206", Cell, "A required cell is empty",
        "The row lacks a value without which it cannot be used.",
        "Fill in the cell.";
    IdAsNumber = "E207", Cell, "An id was turned into a number",
        "The id looks like 1.23E+12 or 123.0: a spreadsheet or a data frame took it for a number and has lost its last digits or its leading zeros. Two different people may now have the same id.",
        "Export again and import the column as text.";
    DateUkOrder = "E208", Cell, "A date is not in ISO order",
        "A date such as 03/07/2024 is 3 July to one program and 7 March to another, and the mistake cannot be seen afterwards. Only YYYY-MM-DD is accepted.",
        "Format the column as YYYY-MM-DD (times as YYYY-MM-DDTHH:MM) and export again.";
    DateSerial = "E209", Cell, "A date is a spreadsheet's serial number",
        "A spreadsheet has written its internal number of a date, such as 45495 for 2024-07-22.",
        "Format the column as a date, YYYY-MM-DD, and export again.";
    NoSuchDate = "E210", Cell, "There is no such date or time",
        "The cell has the shape of a date or time, but the calendar has no such day, or the day no such time.",
        "Correct the cell.";
    DateUnreadable = "E211", Cell, "A date or time cannot be read",
        "Dates are YYYY-MM-DD, date-times YYYY-MM-DDTHH:MM (seconds are accepted), local time without a zone.",
        "Correct the cell.";
    NumberUnreadable = "E212", Cell, "A number cannot be read",
        "Whole numbers are digits alone: no decimal point, no thousands separator, no 1e3. Decimals are digits with one point.",
        "Correct the cell.";
    NumberOutOfRange = "E213", Cell, "A number is out of range",
        "The number is smaller or larger than any that makes sense here.",
        "Correct the cell.";
    UnknownWord = "E214", Cell, "A word is not one of those allowed",
        "The cell takes one of a fixed list of words, spelt exactly so.",
        "Use one of the words listed.";
    BooleanUnreadable = "E215", Cell, "A yes or no cannot be read",
        "Booleans are true/false, yes/no or 1/0 in any case.",
        "Use one of them, or leave the cell empty for the default.";
    DateListUnreadable = "E216", Cell, "A list of dates cannot be read",
        "The list holds dates or ranges separated by semicolons, such as 2024-07-22;2024-08-01..2024-08-09, both ends in.",
        "Write each day as 2024-07-25 and each range as 2024-08-01..2024-08-09, with semicolons between them.";
    AvailabilityUnreadable = "E217", Cell, "Availability cannot be read",
        "Availability is a list such as `Mon-Fri 15:30-18:30;Sat 09:00-12:00;Tue`.",
        "Write weekdays by three letters and times by the 24-hour clock, with semicolons between: Mon-Fri 15:30-18:30;Sat 09:00-12:00;Tue.";
    DatesOutOfOrder = "E218", Cell, "Dates are not in order",
        "earliest_date must not be after due_date, nor due_date after latest_date.",
        "Correct the dates; look for day and month swapped.";
    UnknownCareType = "E219", Cell, "The care type is not in the policy",
        "Who may do it and how long it takes is the policy's to say; nothing is guessed.",
        "Correct the code, or add the care type to policy.toml.";
    ContinuityWithoutPractitioner = "E220", Cell, "Continuity is required, but nobody is named",
        "continuity = required means that only the preferred practitioner will do, and preferred_practitioner_id is empty.",
        "Name the practitioner, or set continuity to preferred or none.";
    LinkDaysOutOfOrder = "E221", Cell, "after_min_days is more than after_max_days",
        "No date is at least the one and at most the other number of days after the first appointment. An empty after_max_days means 21, an empty after_min_days 5.",
        "Correct the two numbers.";
    EquityUnreadable = "W201", Warning, "A cell for reports and weights cannot be read",
        "imd_decile, flags and times_cancelled do not decide whether a request can be planned; an unreadable one counts as unknown.",
        "Correct the cell if the report matters.";
    UnlistedSite = "W202", Warning, "A request's site is not in sites.csv",
        "The request is kept, at a site without features, practice or network: only that site's own sessions can serve it.",
        "Correct the id, or add the site to sites.csv.";
    UnknownPractitioner = "W203", Warning, "A preferred practitioner is not in clinicians.csv",
        "The request is kept; with continuity = required nobody can serve it.",
        "Correct the id, or name somebody else.";
    LinkZerosLost = "W204", Warning, "An id of a request or patient seems to have lost its leading zeros",
        "The id named is not there, but it is once leading zeros are added: a spreadsheet took it for a number and ate them. A patient's bookings would be overlooked, a link would count as met.",
        "Export again and import the column as text.";
    PatientNumber = "W205", Warning, "Patients seem to be named by NHS number",
        "Every patient_id is a valid NHS number. These files need no identifiable data: any pseudonym that is the same for the same patient will do.",
        "Replace the numbers by pseudonyms before the export leaves the record system.";

    // E3: the book's tables among themselves.
    DuplicateId = "E301", Unusable, "An id appears twice",
        "Two rows of a table have the same id, so references to it are ambiguous.",
        "Remove or rename one of them.";
    UnknownReference = "E302", Unusable, "An id refers to nothing",
        "The row names a session, practitioner or site that its table does not have.",
        "Correct the id, or add the missing row.";
    LeadingZerosLost = "E303", Unusable, "An id seems to have lost its leading zeros",
        "The id named is not there, but it is once leading zeros are added or removed: a spreadsheet took it for a number and ate them.",
        "Export again and import the column as text.";
    EndNotAfterStart = "E304", Unusable, "A session ends before it starts",
        "end must be after start.",
        "Correct the times.";
    NotOneDay = "E305", Unusable, "A session or slot is not within one day",
        "A session, and each slot, begins and ends on one date (the following midnight counts).",
        "Cut it at midnight, give each day's session an id of its own, or correct the times.";
    SlotsOverlap = "E306", Unusable, "Two slots of one session overlap",
        "The practitioner would have two patients at once. Slots entered-in-error do not count.",
        "Correct the times, or mark the wrong one entered-in-error.";
    SessionContradiction = "E307", Unusable, "A slot contradicts its session",
        "The practitioner_id or site_id of a slot differs from that of its session, or from other slots of the same session.",
        "Correct the row, or give the slots sessions of their own.";
    IdWithSemicolon = "E308", Unusable, "An id holds a semicolon",
        "Ids of slots and sites are written in lists separated by semicolons, so they cannot hold one.",
        "Use another character.";
    SlotOutsideSession = "W301", Warning, "A slot is outside its session's hours",
        "The slot's own times count; a contradiction between the two tables is worth a look.",
        "Correct the slot or the session.";
    FreeSlotWithPatient = "W302", Warning, "A free slot has a patient",
        "The slot is free (an empty status means free) but names a patient: if it is in truth booked, planning would double-book it.",
        "Check the status column of the export.";
    RoleUnused = "W303", Warning, "A role is in no care type",
        "No care type of the policy names this role, so nobody with it is ever offered. Roles are case-sensitive.",
        "Correct the role, or add it to the care types it may do.";
    PlacesTakenWithoutPlaces = "W304", Warning, "A slot has people in it but no number of places",
        "places_taken is given and places is empty, so this counts as an ordinary slot for one patient.",
        "Fill in places: the number still free, 0 when the group is full.";
    SessionCareType = "W305", Warning, "A session names a care type that the policy does not know",
        "Where a session lists care types it takes no others, so a misspelt one takes the session out of the plan.",
        "Correct the code, or add the care type to policy.toml.";

    // E4: the policy.
    TomlBroken = "E401", Unusable, "The policy is not valid TOML",
        "The file breaks the rules of TOML, or is not UTF-8 text.",
        "Correct the line; texts stand in straight double quotes.";
    UnknownKey = "E402", Unusable, "The policy has an unknown key",
        "Unknown keys are refused, because a misspelt rule would silently not apply.",
        "Correct the key's name, or remove it.";
    PolicyValue = "E403", Unusable, "A value of the policy is not allowed",
        "The value has the wrong type, or is out of range.",
        "Correct the value.";
    TierTarget = "E404", Unusable, "A tier needs exactly one target",
        "A tier has either target_working_days or target_days.",
        "Give one of the two.";
    SharesRankFirst = "E405", Unusable, "The first scheduled tier cannot share a rank",
        "shares_rank gives a tier the rank of the tier before it, and there is none before the first one that is scheduled.",
        "Remove shares_rank, or put the tier after another.";
    PolicyTwice = "E406", Unusable, "The policy says something twice",
        "Two tiers with one code, two reserves for one role or two weights for one flag.",
        "Remove one of them.";
    UnknownTier = "E407", Unusable, "A care type names an unknown tier",
        "priority must be the code of a tier of this policy.",
        "Correct the code, or leave priority out.";
    KeyMissing = "E408", Unusable, "The policy lacks a required key",
        "This entry means nothing without the key.",
        "Add the key.";
    NoTierScheduled = "E409", Unusable, "No tier is scheduled",
        "Every tier has schedule = false, so nothing could ever be planned.",
        "Set schedule = true on the tiers that are planned.";
    StartDefaulted = "W401", Warning, "The plan's start is the built-in default",
        "Neither the policy nor --start names the first plannable date.",
        "Give --start YYYY-MM-DD, or put start in policy.toml.";
    HolidaysRunOut = "W402", Warning, "The plan goes beyond the bundled bank holidays",
        "The list of England's bank holidays ends before the last plannable date; later days count as ordinary weekdays.",
        "List the bank holidays in policy.toml.";
    PolicyRoleUnused = "W403", Warning, "A reserve or cap is for a role in no care type",
        "No care type names this role, so the reserve or cap never applies. Roles are case-sensitive.",
        "Correct the role.";
    NoRoomInDay = "W404", Warning, "A care type fits into no day",
        "The time between start_after and finish_by is shorter than the appointment, so it can never be placed.",
        "Correct the times or the duration.";

    // E5: the folder of a plan.
    SummaryUnreadable = "E501", Unusable, "summary.json cannot be read",
        "The summary of a plan is not what `rebook plan` writes: it was edited or cut off.",
        "Make the plan again.";

    // E6: what came of calls.
    WorkbookUnreadable = "E601", Unusable, "No call list can be read in a workbook",
        "The file that --outcomes names is a workbook, but it is damaged, is not .xlsx, or has no sheet with the titles `Request id` and `Outcome` in one row.",
        "Save the workbook of the plan again as .xlsx, or its sheet `Call list` as CSV UTF-8.";
    OutcomeOfNobody = "E602", Unusable, "An outcome is of nobody in requests.csv",
        "A row of the call list names a request that requests.csv does not have, or has of another patient. The list may be of another case, or a spreadsheet has eaten leading zeros; nothing is booked for anybody on a guess.",
        "Give the call list that belongs to this case, correct the id, or empty the row's outcome.";
    OutcomesDiffer = "E603", Unusable, "A call list says two things of one request",
        "Two rows of one call list are of the same request and do not say the same. Which one is true, only a person can tell.",
        "Empty what was filled in in one of the two rows.";
    AcceptedNothing = "E604", Unusable, "A place was accepted, and there is none",
        "The outcome says that the patient takes a place, but the row names no slots for it: there was no such alternative, or the column was lost.",
        "Correct the outcome, or the slots.";
    ListMissing = "E605", Unusable, "A call list of an earlier plan is missing",
        "The plan before was made with this call list and left out requests that were accepted, declined or no longer needed in it. This run does not read it, and neither the book nor requests.csv says so: those patients would be called again, and offered another time.",
        "Name every call list since the cancellation with --outcomes, the oldest first; where one is lost, say in requests.csv what became of those requests (reconciliation).";
    NotOneAppointment = "E606", Unusable, "What was accepted is not one appointment",
        "The slots of an accepted place must be slots of one session that follow each other without a gap and are long enough for the appointment. Slots typed into the list by hand are looked at as closely as any other table.",
        "Correct the slots: their ids as in slots.csv, with semicolons between them.";
    PlaceTaken = "W601", Warning, "A place that a patient accepted has been taken meanwhile",
        "The slots are busy for somebody else, full or no longer in the book. The request is planned again and flagged place-taken. For a group session this may be the patient's own booking: the book does not say who is in it.",
        "Look in the book, and call the patient again.";
    NoOutcomes = "W602", Warning, "Nothing is filled in in a call list",
        "No row of the file that --outcomes names has an outcome, so it changes nothing.",
        "Check that it is the list that was filled in, and that it was saved.";
    ListForgotten = "W603", Warning, "A call list of an earlier plan is not read again",
        "The plan before was made with this call list, and this run does not read it. Nobody whom that plan left out is planned again, but what patients said in the list of when they can come counts no more.",
        "Name every call list since the cancellation with --outcomes, the oldest first, unless requests.csv says it all by now.";
    PlaceOfAnother = "W604", Warning, "A place that was accepted had been proposed to somebody else",
        "The plan before proposed it to another patient, who may have been told of it. Of two who chose among the places of one link that is as it should be; otherwise a slot may be mistyped.",
        "Compare with the booking system. If it is right, tell the other patient when the next plan has another place for them.";
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

impl Issue {
    /// A problem of a file, with the general help of its code.
    pub fn new(code: Code, file: &str, expected: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            field: None,
            code,
            value: None,
            expected: expected.into(),
            help: code.help().to_owned(),
        }
    }

    /// At this line.
    #[must_use]
    pub fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// In this column or key.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// With this value, shortened.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        const LONGEST: usize = 60;
        let mut shown: String = value.chars().take(LONGEST).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        self.value = Some(shown);
        self
    }

    /// With advice more precise than the code's own.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// How bad it is, where it is: a cell is worse in the book than in `requests.csv` or `requests.parquet`.
    pub fn severity(&self) -> Severity {
        match self.code.severity() {
            Severity::Cell if matches!(self.file.as_str(), "requests.csv" | "requests.parquet") => {
                Severity::Row
            }
            Severity::Cell => Severity::Unusable,
            other => other,
        }
    }
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
