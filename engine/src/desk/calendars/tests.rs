use std::collections::BTreeMap;

use icalendar::parser::{Component, read_calendar, unfold};

use super::*;
use crate::candidates::Context;
use crate::error::Error;
use crate::model::{Case, PlanFiles};
use crate::prepare::prepare;
use crate::report::{RunNote, files};
use crate::solve::{Effort, solve};
use crate::tables::{ReadOptions, read_case_files};

mod accepted;

/// A case of which each request has but one place to go.
#[derive(Clone)]
struct Small {
    as_of: &'static str,
    requests: Vec<String>,
    slots: Vec<String>,
    sites: String,
    approved_by: String,
    /// What data frames may hold and no table in CSV does.
    edit: fn(&mut Case),
}

impl Small {
    fn new(as_of: &'static str) -> Self {
        let (requests, slots, sites) = (Vec::new(), Vec::new(), "A,Elm Street\nB,\n".to_owned());
        Self { as_of, requests, slots, sites, approved_by: String::new(), edit: |_| () }
    }

    /// A request that can be seen on one day only.
    fn request(mut self, id: &str, day: &str) -> Self {
        self.requests.push(format!("{id},patient-of-{id},A,review,T,2024-01-02T09:00,{day},{day}\n"));
        self
    }

    fn slot(self, id: &str, clinician: &str, site: &str, start: &str) -> Self {
        self.slot_with(id, clinician, site, start, "")
    }

    fn slot_with(mut self, id: &str, clinician: &str, site: &str, start: &str, places: &str) -> Self {
        let session = format!("{clinician} {}", &start[..10]);
        self.slots.push(format!("{id},{session},{start},30,free,{places},{clinician},{site}\n"));
        self
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let (start, as_of, approved) = (&self.as_of[..10], self.as_of, &self.approved_by);
        let policy = format!(
            "start = \"{start}\"\nas_of = \"{as_of}\"\nhorizon_days = 400\napproved_by = {approved:?}\n\
             [[tier]]\ncode = \"T\"\ntarget_days = 0\n\
             [care_types.review]\nroles = [\"gp\"]\nduration_minutes = 20\ndelivery_channels = [\"telephone\"]\n"
        );
        let table = |head: &str, rows: &str| format!("{head}\n{rows}").into_bytes();
        let requests =
            "request_id,patient_id,site_id,care_type,priority,original_start,earliest_date,latest_date";
        let slots = "slot_id,session_id,start,duration_minutes,status,places,practitioner_id,site_id";
        BTreeMap::from([
            ("requests.csv".to_owned(), table(requests, &self.requests.concat())),
            ("slots.csv".to_owned(), table(slots, &self.slots.concat())),
            ("clinicians.csv".to_owned(), table("practitioner_id,role", "D1,gp\nD2,gp\n")),
            ("sites.csv".to_owned(), table("site_id,name,practice", &self.sites.replace('\n', ",X\n"))),
            ("policy.toml".to_owned(), policy.into_bytes()),
        ])
    }

    fn case(&self) -> Case {
        let mut case = read_case_files(&self.files(), &ReadOptions::default()).unwrap();
        (self.edit)(&mut case);
        case
    }

    fn after(&self, earlier: &Earlier) -> Result<Written> {
        let (plan, written) = planned(&self.case(), earlier)?;
        assert_eq!(plan.plan.len(), self.requests.len(), "{:?}", plan.unplaced);
        Ok(written)
    }

    fn first(&self) -> Written {
        self.after(&Earlier::default()).unwrap()
    }
}

/// The plan of a case, and what is written of it.
fn planned(case: &Case, earlier: &Earlier) -> Result<(PlanFiles, Written)> {
    let prepared = prepare(case);
    let context = Context::new(case);
    let solution = solve(&context, &prepared, Effort { pivots: 100_000, stop: &|| false });
    let plan = files(&context, &prepared, &solution, &RunNote::default(), &|| true);
    let written = calendars(&Desk::new(case, &prepared, &plan)?, earlier)?;
    Ok((plan, Written(written.into_iter().map(|file| (file.name, file.bytes)).collect())))
}

/// What a run wrote.
#[derive(Debug, Clone, PartialEq)]
struct Written(BTreeMap<String, Vec<u8>>);

impl Written {
    fn earlier(&self) -> Earlier {
        Earlier::of(self.0.clone())
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    fn text(&self, file: &str) -> String {
        String::from_utf8(self.0[&format!("calendars/{file}.ics")].clone()).unwrap()
    }

    /// A property of every entry, with its parameters.
    fn each(&self, file: &str, name: &str) -> Vec<String> {
        let text = unfold(&self.text(file));
        let events = read_calendar(&text).unwrap().components;
        let value = |event: &Component<'_>| {
            let property = event.find_prop(name).unwrap();
            let params = property.params.iter().map(|one| format!("{}=", one.key));
            params.chain([property.val.to_string()]).collect::<String>()
        };
        events.iter().filter(|event| event.name == "VEVENT").map(value).collect()
    }

    fn sequences(&self, file: &str) -> Vec<String> {
        self.each(file, "SEQUENCE")
    }
}

fn simple() -> Small {
    Small::new("2024-07-22T07:00").request("R1", "2024-07-23").slot("S1", "D1", "A", "2024-07-23T09:00")
}

#[test]
fn a_calendar_byte_for_byte() {
    let written = simple().first();
    assert_eq!(written.names(), ["calendars/clinician-D1.ics", "calendars/site-A.ics"]);
    let expected = "\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//rebook//Proposed appointments//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:Proposed appointments\\, D1
X-WR-CALDESC:Proposals only: nothing is booked. Policy: general practice\\,\u{20}
 version 1\\, not approved.
X-WR-TIMEZONE:Europe/London
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:d624b5cc4763ff40d100bc986e63246e@rebook.invalid
DTSTAMP:20240722T060000Z
SEQUENCE:0
DTSTART;TZID=Europe/London:20240723T090000
DTEND;TZID=Europe/London:20240723T092000
SUMMARY:Proposed appointment\\, telephone\\, 20 min
LOCATION:Elm Street
STATUS:TENTATIVE
CLASS:PRIVATE
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
";
    assert_eq!(written.text("clinician-D1"), expected.replace('\n', "\r\n"));
    assert_eq!(written.each("site-A", "SUMMARY"), ["Proposed appointment, D1, telephone, 20 min"]);
    assert_ne!(written.each("site-A", "UID"), written.each("clinician-D1", "UID"));
    let approved = Small { approved_by: "Dr\tA; B".to_owned(), ..simple() }.first();
    assert!(approved.text("site-A").replace("\r\n ", "").contains("\\, approved by Dr A\\; B."));
    assert!(approved.text("site-A").contains("X-WR-CALNAME:Proposed appointments\\, Elm Street\r\n"));
}

#[test]
fn the_clock_on_the_wall_stays_through_both_clock_changes() {
    let days = [
        ("2024-03-30T09:00", "20240330T092000"),
        ("2024-03-31T00:50", "20240331T011000"),
        ("2024-04-02T09:00", "20240402T092000"),
        ("2024-10-26T09:00", "20241026T092000"),
        ("2024-10-27T01:30", "20241027T015000"),
        ("2024-10-28T09:00", "20241028T092000"),
    ];
    let mut small = Small::new("2024-03-25T07:00");
    for (number, (start, _)) in days.into_iter().enumerate() {
        small =
            small.request(&format!("R{number}"), &start[..10]).slot(&format!("S{number}"), "D1", "A", start);
    }
    let written = small.first();
    let local = |start: &str| format!("TZID={}00", start.replace(['-', ':'], ""));
    assert_eq!(written.each("clinician-D1", "DTSTART"), days.map(|(start, _)| local(start)));
    assert_eq!(written.each("clinician-D1", "DTEND"), days.map(|(_, end)| format!("TZID={end}")));
    assert_eq!(written.each("clinician-D1", "DTSTAMP"), ["20240325T070000Z"; 6]);
    // No clock shows 01:50 that night; the appointment begins when it shows 02:50.
    let skipped =
        Small::new("2024-03-25T07:00").request("R1", "2024-03-31").slot("S1", "D1", "A", "2024-03-31T01:50");
    assert_eq!(skipped.first().each("clinician-D1", "DTSTART"), ["TZID=20240331T015000"]);
    assert_eq!(skipped.first().each("clinician-D1", "DTEND"), ["TZID=20240331T031000"]);
}

#[test]
fn people_who_share_a_group_slot_share_an_entry() {
    let group = |people: u32| {
        let small = Small::new("2024-07-22T07:00").slot_with("G", "D1", "B", "2024-07-23T09:00", "9");
        (0..people).fold(small, |small, number| small.request(&format!("R{number}"), "2024-07-23"))
    };
    let three = group(3).first();
    assert_eq!(
        three.each("site-B", "SUMMARY"),
        ["Proposed group appointment, D1, telephone, 30 min, 3 people"]
    );
    assert_eq!(
        three.each("clinician-D1", "SUMMARY"),
        ["Proposed group appointment, telephone, 30 min, 3 people"]
    );
    assert_eq!(three.each("clinician-D1", "DTEND"), ["TZID=20240723T093000"]);
    assert_eq!(three.each("clinician-D1", "LOCATION"), ["B"]);
    let one = group(1).after(&three.earlier()).unwrap();
    assert_eq!(one.each("clinician-D1", "UID"), three.each("clinician-D1", "UID"));
    assert_eq!(one.sequences("clinician-D1"), ["1"]);
    assert_eq!(
        one.each("clinician-D1", "SUMMARY"),
        ["Proposed group appointment, telephone, 30 min, 1 person"]
    );
}

#[test]
fn what_did_not_change_keeps_its_number_and_its_bytes() {
    let first = simple().first();
    assert_eq!(simple().after(&first.earlier()).unwrap(), first);
    let later = Small { as_of: "2024-07-22T07:30", ..simple() }.after(&first.earlier()).unwrap();
    let restamped = first.text("site-A").replace("20240722T060000Z", "20240722T063000Z");
    assert_eq!(later.text("site-A"), restamped);
}

#[test]
fn what_changed_has_a_higher_number() {
    let first = simple().first();
    let mut at_ten = simple();
    at_ten.slots = Small::new("").slot("S9", "D1", "A", "2024-07-23T10:00").slots;
    let second = at_ten.after(&first.earlier()).unwrap();
    assert_eq!(second.each("site-A", "UID"), first.each("site-A", "UID"));
    assert_eq!(second.sequences("site-A"), ["1"]);
    let renamed = Small { sites: "A,Elm House\n".to_owned(), ..at_ten.clone() };
    let third = renamed.after(&second.earlier()).unwrap();
    assert_eq!(third.sequences("site-A"), ["2"]);
    assert_eq!(third.sequences("clinician-D1"), ["2"]);
    assert_eq!(renamed.after(&third.earlier()).unwrap(), third);
}

#[test]
fn what_is_proposed_no_more_stays_as_cancelled_until_it_is_proposed_again() {
    let both = simple().request("R2", "2024-07-24").slot("S2", "D1", "A", "2024-07-24T09:00");
    let first = both.first();
    let second = simple().after(&first.earlier()).unwrap();
    assert_eq!(second.each("clinician-D1", "UID"), first.each("clinician-D1", "UID"));
    assert_eq!(second.sequences("clinician-D1"), ["0", "1"]);
    assert_eq!(second.each("clinician-D1", "STATUS"), ["TENTATIVE", "CANCELLED"]);
    assert_eq!(second.each("clinician-D1", "TRANSP"), ["OPAQUE", "TRANSPARENT"]);
    assert_eq!(second.each("clinician-D1", "SUMMARY")[1], "No longer proposed");
    assert_eq!(second.each("clinician-D1", "DTSTART"), first.each("clinician-D1", "DTSTART"));
    assert_eq!(simple().after(&second.earlier()).unwrap(), second);
    let back = both.after(&second.earlier()).unwrap();
    assert_eq!(back.sequences("clinician-D1"), ["0", "2"]);
    assert_eq!(back.each("clinician-D1", "STATUS"), ["TENTATIVE", "TENTATIVE"]);
}

#[test]
fn what_moves_to_another_practitioner_is_cancelled_in_one_file_and_new_in_the_other() {
    let first = simple().first();
    let mut moved = simple();
    moved.slots = Small::new("").slot("S9", "D2", "A", "2024-07-23T09:00").slots;
    let second = moved.after(&first.earlier()).unwrap();
    assert_eq!(second.each("clinician-D1", "STATUS"), ["CANCELLED"]);
    assert_eq!(second.sequences("clinician-D1"), ["1"]);
    assert_eq!(second.each("clinician-D2", "STATUS"), ["TENTATIVE"]);
    assert_eq!(second.sequences("clinician-D2"), ["0"]);
    assert_ne!(second.each("clinician-D1", "UID"), second.each("clinician-D2", "UID"));
    assert_eq!(second.each("site-A", "UID"), first.each("site-A", "UID"));
    assert_eq!(second.sequences("site-A"), ["1"]);
    assert_eq!(second.text("clinician-D1").matches("Proposed appointments\\, D1").count(), 1);
}

#[test]
fn an_entry_goes_on_where_its_file_has_another_name_since() {
    let first = simple().first();
    let old = |name: &str| {
        let mut files = first.0.clone();
        let bytes = files.remove("calendars/clinician-D1.ics").unwrap();
        files.insert(format!("calendars/{name}"), bytes);
        Earlier::of(files)
    };
    // Another file: it is written without the entry, which is no longer there.
    let second = simple().after(&old("clinician-d1-0123abcd.ics")).unwrap();
    assert_eq!(second.text("clinician-D1"), first.text("clinician-D1"));
    assert!(!second.text("clinician-d1-0123abcd").contains("VEVENT"));
    // The same file where capitals are one with small letters.
    assert_eq!(simple().after(&old("clinician-d1.ics")).unwrap(), first);
}

#[test]
fn of_two_files_with_one_entry_the_later_one_counts() {
    let first = simple().first();
    for (name, number) in [("clinician-C", "7"), ("clinician-E", "7"), ("clinician-E", "0")] {
        let mut files = first.0.clone();
        let other = first.text("clinician-D1").replace("SEQUENCE:0", &format!("SEQUENCE:{number}"));
        files.insert(format!("calendars/{name}.ics"), other.into_bytes());
        let second = simple().after(&Earlier::of(files)).unwrap();
        assert_eq!(second.sequences("clinician-D1"), [number], "{name}");
    }
}

#[test]
fn a_file_that_is_not_as_it_was_written_is_named_and_nothing_is_guessed() {
    let first = simple().first();
    let text = first.text("clinician-D1");
    let event = text[text.find("BEGIN:VEVENT").unwrap()..text.find("END:VCALENDAR").unwrap()].to_owned();
    let edits = [
        ("END:VCALENDAR\r\n", "", "not a whole"),
        ("END:VCALENDAR\r\n", "END:VCALENDAR\r\nmore", "not a whole"),
        ("BEGIN:VCALENDAR\r\n", "", "not a whole"),
        (text.as_str(), event.as_str(), "a X-WR-CALNAME is missing"),
        ("BEGIN:VEVENT", &format!("{event}BEGIN:VEVENT"), "two entries"),
        ("BEGIN:VEVENT", "BEGIN:VTODO\r\nEND:VTODO\r\nBEGIN:VEVENT", "a VTODO"),
        ("@rebook.invalid", "@example.com", "somebody else"),
        ("UID:", "X-UID:", "a UID is missing"),
        ("X-WR-CALNAME", "X-NAME", "a X-WR-CALNAME is missing"),
        ("SEQUENCE:0\r\n", "", "a SEQUENCE is missing"),
        ("SEQUENCE:0", "SEQUENCE:-1", "the SEQUENCE"),
        ("SEQUENCE:0", "SEQUENCE:2147483647", "the SEQUENCE"),
        ("SEQUENCE:0", "SEQUENCE:0\r\nSEQUENCE:1", "a SEQUENCE is there twice"),
        ("STATUS:TENTATIVE", "STATUS:CONFIRMED", "the STATUS"),
        ("DTSTART;TZID=Europe/London:20240723T090000", "DTSTART:20240723T080000Z", "the DTSTART"),
        ("DTSTART;TZID=Europe/London", "DTSTART;TZID=Europe/Paris", "the DTSTART"),
        ("DTSTART;TZID=Europe/London", "DTSTART;X=Europe/London", "the DTSTART"),
        ("DTEND;TZID=Europe/London:20240723T092000", "DTEND;TZID=Europe/London:20240732T092000", "the DTEND"),
        ("DTEND;TZID=Europe/London:20240723T092000", "DTEND;TZID=Europe/London:20240723T09200", "the DTEND"),
        ("LOCATION:Elm Street\r\n", "", "a LOCATION is missing"),
    ];
    let refused = |bytes: Vec<u8>| {
        let mut files = first.0.clone();
        files.insert("calendars/clinician-D1.ics".to_owned(), bytes);
        let Err(Error::Argument(words)) = simple().after(&Earlier::of(files)) else { panic!("it is taken") };
        assert!(words.starts_with("calendars/clinician-D1.ics is not as"), "{words}");
        assert!(words.contains("move it out of the folder"), "{words}");
        words
    };
    for (from, to, why) in edits {
        assert!(text.contains(from), "{from}");
        let words = refused(text.replacen(from, to, 1).into_bytes());
        assert!(words.contains(why), "{from} -> {to}: {words}");
    }
    assert!(refused(b"\xff".to_vec()).contains("UTF-8"));
    assert!(refused(Vec::new()).contains("not a whole"));
    let deep = "BEGIN:VCALENDAR\r\n".to_owned() + &"begin:X\r\n".repeat(200_000);
    assert!(refused(deep.into_bytes()).contains("too deep"));
}

#[test]
fn other_files_beside_the_calendars_are_nobodys_business() {
    let first = simple().first();
    let mut files = first.0.clone();
    for name in ["holidays.ics", "site-A.ics.bak", "desktop.ini", "site-x/y.ics"] {
        files.insert(format!("calendars/{name}"), b"anything".to_vec());
    }
    files.insert("transactions.csv".to_owned(), b"anything".to_vec());
    assert_eq!(simple().after(&Earlier::of(files)).unwrap(), first);
}

#[test]
fn nothing_is_said_about_a_patient() {
    let text =
        simple().first().0.into_values().map(|bytes| String::from_utf8(bytes).unwrap()).collect::<String>();
    for word in ["R1", "patient-of", "review", "SUMMARY:T"] {
        assert!(!text.contains(word), "{word}");
    }
}

/// A text that tries to end its line, its value, its property and its entry.
const HOSTILE: &str =
    "\"x\"\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:1\rA;B,C:D\\N\\\\n\u{85}\u{2028}ATTENDEE:mailto:a@b\0";

#[test]
fn no_text_of_the_case_becomes_more_than_a_text() {
    let edits: [fn(&mut Case); 2] = [
        |case| {
            case.sites[0].name = None;
            case.sites[0].site_id = HOSTILE.to_owned();
            case.clinicians[0].practitioner_id = format!("{HOSTILE}\r\n{HOSTILE}");
        },
        |case| {
            case.sites[0].name = Some(HOSTILE.to_owned() + &"\u{8001}".repeat(2000));
            case.policy.approved_by = HOSTILE.to_owned();
            case.policy.name = HOSTILE.to_owned();
            case.policy.version = HOSTILE.to_owned();
        },
    ];
    let names = |text: &str| -> Vec<String> {
        unfold(text).lines().map(|line| line.split([':', ';']).next().unwrap().to_owned()).collect()
    };
    let as_ever = names(&simple().first().text("site-A"));
    for edit in edits {
        let hostile = Small { edit, ..simple() };
        let written = hostile.first();
        assert_eq!(written.names().len(), 2);
        for (name, bytes) in &written.0 {
            let file = name.strip_prefix("calendars/").unwrap().strip_suffix(".ics").unwrap();
            assert!(file.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_. ".contains(&b)), "{file}");
            let text = std::str::from_utf8(bytes).unwrap();
            for line in text.split_terminator("\r\n") {
                assert!(line.len() <= 75 && !line.contains(char::is_control), "{line:?}");
            }
            assert_eq!(names(text), as_ever);
            let place = &written.each(file, "LOCATION")[0];
            let meant = "\"x\" END:VEVENT BEGIN:VEVENT UID:1 A;B,C:D\\N\\\\n ATTENDEE:mailto:a@b";
            assert!(place.starts_with(meant), "{place}");
        }
        // What comes back from the file is what was written, so that nothing seems to have changed.
        assert_eq!(hostile.after(&written.earlier()).unwrap(), written);
    }
}
