//! What the sheets say: whom to escalate, whom to call, what was written, and what there is to do first.

use std::collections::{BTreeMap, BTreeSet};

use rebook::desk::{Desk, Earlier, MessageOptions, alternatives, csv_files, messages, sheets, tied};
use rebook::model::{Case, ContactRoute, Outcome, PlanFiles, Reconciliation};
use rebook::prepare::prepare;
use rebook_tests::build::{CaseBuilder, RequestDraft, dates, day, moment};
use rebook_tests::planner::by_engine;

type Row = BTreeMap<String, String>;

/// The sheets of a plan as CSV, by file.
struct Sheets(BTreeMap<String, Vec<u8>>);

impl Sheets {
    fn of(case: &Case) -> Self {
        Self::after(case, &by_engine(case), &Earlier::default())
    }

    fn after(case: &Case, plan: &PlanFiles, earlier: &Earlier) -> Self {
        let prepared = prepare(case);
        let desk = Desk::new(case, &prepared, plan).expect("a plan that fits");
        let tied = tied(&desk, earlier).expect("ids");
        let messages = messages(&desk, &MessageOptions::default(), &tied, earlier).expect("files");
        let alternatives = alternatives(&desk);
        let sheets = csv_files(&sheets(&desk, &alternatives, &messages.told)).expect("files");
        let files = sheets.into_iter().chain(messages.files).map(|file| (file.name, file.bytes));
        Self(files.collect())
    }

    fn rows(&self, name: &str) -> Vec<Row> {
        let file = self.0.get(name).unwrap_or_else(|| panic!("{name} among {:?}", self.0.keys()));
        csv::Reader::from_reader(file.as_slice()).deserialize().map(|row| row.expect("a row")).collect()
    }

    /// A column of a sheet.
    fn column(&self, sheet: &str, column: &str) -> Vec<String> {
        self.rows(&format!("sheets/{sheet}.csv")).into_iter().map(|row| row[column].clone()).collect()
    }

    /// The row of a request.
    fn row(&self, sheet: &str, request_id: &str) -> Row {
        let mut rows = self.rows(&format!("sheets/{sheet}.csv")).into_iter();
        rows.find(|row| row["request_id"] == request_id).unwrap_or_else(|| panic!("{request_id} on {sheet}"))
    }

    /// Why each request is on the sheet of those to escalate.
    fn escalated(&self) -> Vec<(String, String)> {
        self.column("escalate", "request_id").into_iter().zip(self.column("escalate", "why")).collect()
    }
}

fn clinic() -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-07-24 09:00", &[15; 8])
}

fn by_text(request: &mut RequestDraft) -> &mut RequestDraft {
    request.tier("GP5").route(ContactRoute::Sms).set(|row| row.sms_permitted = true)
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect()
}

#[test]
fn a_clinician_calls_every_patient_whom_any_row_calls_unsafe_by_a_day_and_the_urgent_are_escalated() {
    let case = clinic()
        .request("R1", |request| request.tier("GP2").patient("p1"))
        .request("R2", |request| request.tier("GP5").patient("p2"))
        .request("R3", |request| request.tier("GP5").patient("p3"))
        .request("R4", |request| {
            request.patient("p1").became(Reconciliation::SeenOnPaper).set(|row| row.safe_to_contact = false)
        })
        .request("R5", |request| {
            request.patient("p2").became(Reconciliation::Declined).set(|row| row.safe_to_contact = false)
        })
        .build();
    let sheets = Sheets::of(&case);
    let caller: Vec<(String, String)> = sheets
        .column("call-list", "request_id")
        .into_iter()
        .zip(sheets.column("call-list", "caller"))
        .collect();
    assert_eq!(caller, pairs(&[("R1", "clinician"), ("R2", "clinician"), ("R3", "reception")]));
    for row in sheets.rows("sheets/call-list.csv") {
        assert!(!row["call_by"].is_empty(), "{row:?}");
    }
    assert_eq!(sheets.escalated(), pairs(&[("R1", "Only a clinician may call")]));
    let first = sheets.column("start-here", "what");
    assert!(first.iter().any(|what| what.ends_with("Calls by a clinician")), "{first:?}");
    // Where the row itself says so there is no day in the plan: the list has one all the same.
    let own = clinic().request("R1", |request| request.set(|row| row.safe_to_contact = false)).build();
    let row = Sheets::of(&own).row("call-list", "R1");
    assert_eq!((row["caller"].as_str(), row["call_by"].as_str()), ("clinician", "2024-07-23"));
}

#[test]
fn what_nobody_can_read_is_no_permission_to_make_contact() {
    let case = clinic()
        .request("R1", |request| request.patient("p1"))
        .request("R2", |request| request.patient("p1").unreadable("safe_to_contact"))
        .request("R3", |request| request.patient("p3"))
        .request("R4", |request| request.patient("p3").unreadable("site_id"))
        .build();
    let sheets = Sheets::of(&case);
    assert_eq!(sheets.row("call-list", "R1")["caller"], "clinician");
    assert_eq!(sheets.row("call-list", "R3")["caller"], "reception");
    let dates = [
        sheets.row("call-list", "R1")["call_by"].clone(),
        sheets.rows("clinician-contact.csv")[0]["speak_by"].clone(),
    ];
    assert_eq!(dates[0], dates[1], "one day on both lists");
}

#[test]
fn who_may_have_died_is_looked_up_before_anybody_acts_on_any_row() {
    let case = clinic()
        .request("R1", |request| request.tier("GP0").patient("p1"))
        .request("R2", |request| request.tier("GP5").patient("p2").unreadable("site_id"))
        .request("R3", |request| request.patient("p3").set(|row| row.priority = None))
        .request("R4", |request| request.patient("p4"))
        .request("R5", |request| request.patient("p1").became(Reconciliation::Died))
        .request("R6", |request| request.patient("p2").became(Reconciliation::Died))
        .request("R7", |request| request.patient("p3").became(Reconciliation::Deregistered))
        .request("R8", |request| request.patient("p4").became(Reconciliation::Died))
        .care_type("consult", |care| care.priority = None)
        .build();
    let sheets = Sheets::of(&case);
    let gone = "May have died or left";
    assert_eq!(sheets.escalated(), pairs(&[("R1", gone), ("R2", gone), ("R3", gone), ("R4", gone)]));
    assert!(sheets.row("fix-list", "R2")["what_to_do"].starts_with("Look at the record first"));
    assert!(sheets.column("call-list", "request_id").is_empty());
    let first = sheets.column("start-here", "what");
    assert!(!first.iter().any(|what| what.contains("Calls")), "{first:?}");
}

#[test]
fn start_here_counts_the_calls_as_the_call_list_has_them() {
    let case = clinic()
        .request("R1", |request| request)
        .request("R2", |request| request.tier("GP2"))
        .request("R3", |request| request.latest("2024-07-20"))
        .request("R4", |request| request.set(|row| row.safe_to_contact = false))
        .request("R5", |request| request.became(Reconciliation::Unknown))
        .request("R6", |request| request.became(Reconciliation::Unknown).patient("p6"))
        .request("R7", |request| request.became(Reconciliation::Died).patient("p6"))
        .build();
    let sheets = Sheets::of(&case);
    let caller = sheets.column("call-list", "caller");
    let by = |who: &str| caller.iter().filter(|caller| *caller == who).count().to_string();
    let first = sheets.rows("sheets/start-here.csv");
    let step = |what: &str| first.iter().find(|row| row["what"].ends_with(what)).expect("a step");
    assert_eq!(step("Calls by a clinician")["number"], by("clinician"));
    assert_eq!(by("clinician"), "2", "whoever is at risk, and whose window has passed");
    assert!(
        step("Calls on the first day")["more"]
            .contains(&format!("{} calls by reception in all", by("reception")))
    );
    let checked = sheets.column("call-list", "before_the_call");
    let checked = checked.iter().filter(|before| before.contains("Check the record first")).count();
    assert_eq!(step("Look before you call")["number"], checked.to_string());
}

#[test]
fn an_urgent_row_that_cannot_be_read_is_escalated_and_first_on_the_fix_list() {
    let case = clinic()
        .request("R1", |request| request.tier("GP5").unreadable("site_id"))
        .request("R2", |request| request.tier("GP1").unreadable("site_id"))
        .request("R3", |request| request.tier("GP0").unreadable("site_id"))
        .request("R4", |request| request.unreadable("imd_decile").became(Reconciliation::Died))
        .request("R5", |request| request)
        .build();
    let sheets = Sheets::of(&case);
    let why: Vec<(String, String)> = sheets.escalated();
    assert!(why.contains(&("R2".to_owned(), "Row cannot be read".to_owned())), "{why:?}");
    assert!(why.iter().any(|(id, _)| id == "R3"), "a tier that is never scheduled: {why:?}");
    assert!(!why.iter().any(|(id, _)| id == "R1" || id == "R4"), "{why:?}");
    let listed: Vec<(String, String)> =
        sheets.column("fix-list", "request_id").into_iter().zip(sheets.column("fix-list", "tier")).collect();
    let listed: Vec<_> = listed.into_iter().filter(|(id, _)| !id.is_empty()).collect();
    assert_eq!(
        listed,
        pairs(&[("R3", "GP0"), ("R2", "GP1"), ("R1", "GP5")]),
        "nobody mends the row of the dead"
    );
    let first = sheets.rows("sheets/start-here.csv");
    let right = first.iter().find(|row| row["what"].ends_with("Rows to put right")).expect("a step");
    assert_eq!(right["number"], "2", "requests, not lines of the list");
}

#[test]
fn an_urgent_refusal_on_the_telephone_is_looked_at_and_one_that_a_clinician_has_settled_is_not() {
    let refused = |outcome: Outcome, became: Reconciliation| {
        move |request: &mut RequestDraft| {
            request.became(became).set(|row| row.outcome = Some(outcome));
        }
    };
    let case = clinic()
        .request("R1", |request| {
            refused(Outcome::Declined, Reconciliation::Declined)(request.tier("GP1"));
            request
        })
        .request("R2", |request| {
            refused(Outcome::NoLongerNeeded, Reconciliation::Resolved)(request.tier("GP2"));
            request
        })
        .request("R3", |request| {
            refused(Outcome::Declined, Reconciliation::Declined)(request.tier("GP5"));
            request
        })
        .request("R4", |request| request.tier("GP1").became(Reconciliation::Declined))
        .build();
    assert_eq!(
        Sheets::of(&case).escalated(),
        pairs(&[("R1", "Does not want it"), ("R2", "Does not want it")])
    );
}

#[test]
fn before_a_call_is_said_what_whoever_calls_must_know() {
    let soon = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 14:00", &[15; 4])
        .session("T", "g1", "A", "2024-08-05 09:00", &[15; 8])
        .request("R1", |request| request.tier("GP1").patient("p1"))
        .request("R2", |request| {
            by_text(request).patient("p1").set(|row| row.original_start = Some(moment("2024-07-18 10:00")))
        })
        .request("R3", |request| {
            request.tier("GP2").due("2024-07-23").set(|row| row.outcome = Some(Outcome::NoAnswer))
        })
        .request("R4", |request| request.set(|row| row.outcome = Some(Outcome::Accepted)))
        .request("R5", |request| request.together("V"))
        .request("R6", |request| request.together("V"));
    let sheets = Sheets::of(&soon.build());
    let before = |id: &str| sheets.row("call-list", id)["before_the_call"].clone();
    assert_eq!(before("R1"), "Same day: ring before 14:00. The same patient: R2 (text).");
    assert!(before("R3").contains("On Escalate (No answer): a clinician looks first."), "{}", before("R3"));
    assert!(before("R3").contains("Did not answer before"), "{}", before("R3"));
    assert!(
        before("R4").contains("Had accepted a place that was given to somebody else"),
        "{}",
        before("R4")
    );
    assert!(before("R5").contains("Goes with R6: one visit."), "{}", before("R5"));
    assert!(before("R6").contains("Goes with R5: one visit."), "{}", before("R6"));
    // A clinician looks at whoever is urgent and late before reception offers the late place.
    // A clinician has as little time as reception.
    let own = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 14:00", &[15; 4])
        .request("R1", |request| request.tier("GP1").set(|row| row.safe_to_contact = false));
    let before = Sheets::of(&own.build()).row("call-list", "R1")["before_the_call"].clone();
    assert!(before.contains("Same day: ring before 14:00."), "{before}");
    let late = clinic().request("R1", |request| request.tier("GP2").due("2024-07-22")).build();
    let sheets = Sheets::of(&late);
    assert_eq!(sheets.escalated(), pairs(&[("R1", "Later than the target")]));
    assert_eq!(
        sheets.row("call-list", "R1")["before_the_call"],
        "On Escalate (Later than the target): a clinician looks first."
    );
}

#[test]
fn interpreters_are_named_as_people_name_them() {
    let case = clinic()
        .request("R1", |request| request.needs(&["language:ur", "bsl", "step-free"]))
        .edit_session("S", |session| {
            session.features = ["language:ur", "bsl", "step-free"].map(str::to_owned).into();
        })
        .build();
    let mut said: Vec<String> =
        Sheets::of(&case).row("call-list", "R1")["interpreter"].split(", ").map(str::to_owned).collect();
    said.sort();
    assert_eq!(said, ["British Sign Language", "language ur"]);
}

#[test]
fn whoever_is_excluded_has_what_to_do_beside_the_reason() {
    let case = clinic()
        .request("R1", |request| request.tier("GP0"))
        .request("R2", |request| request.became(Reconciliation::Died))
        .request("R3", |request| request.unreadable("site_id"))
        .build();
    for row in Sheets::of(&case).rows("sheets/excluded.csv") {
        assert!(!row["what_to_do"].is_empty(), "{row:?}");
    }
    let row = Sheets::of(&case).row("excluded", "R1");
    assert!(row["what_to_do"].starts_with("A clinician must see to this patient now"));
}

#[test]
fn before_a_text_is_sent_is_said_what_came_of_the_last() {
    let told = |outcome: Outcome| {
        let case = written_builder()
            .request("R7", |request| by_text(request).set(|row| row.outcome = Some(outcome)));
        Sheets::of(&case.build()).row("written-to", "R7")
    };
    let (taken, silent) = (told(Outcome::Accepted), told(Outcome::NoAnswer));
    assert_eq!([&taken["how_told"], &silent["how_told"]], ["text", "text"], "no second link");
    assert_eq!(taken["before_sending"], "had accepted a place that is gone: ring instead, and say sorry");
    assert_eq!(silent["before_sending"], "did not answer before: ring instead");
}

/// Three who are sent a link, one who is held a place, and one who is written to.
fn written() -> Case {
    written_builder().build()
}

fn written_builder() -> CaseBuilder {
    CaseBuilder::gp()
        .session("S", "g1", "A", "2024-08-01 09:00", &[15; 8])
        .session("T", "g1", "A", "2024-08-05 09:00", &[15; 8])
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", by_text)
        .request("R4", |request| by_text(request).became(Reconciliation::Unknown))
        .request("R5", |request| request.tier("GP6").route(ContactRoute::Letter))
        .request("R6", |request| request.tier("GP6"))
}

#[test]
fn everybody_written_to_is_on_one_sheet_with_the_file_that_is_sent() {
    let sheets = Sheets::of(&written());
    let rows = sheets.rows("sheets/written-to.csv");
    assert_eq!(rows.len(), 5);
    for row in &rows {
        let file = sheets.rows(&row["file"]);
        let sent =
            file.iter().find(|sent| sent["request_id"] == row["request_id"]).expect("in the file it names");
        let day = ["send_on", "post_by"].iter().find_map(|column| sent.get(*column)).expect("a day");
        assert_eq!(row["send_by"], *day);
        assert_eq!(row["book_by"], sent.get("book_by").cloned().unwrap_or_default());
        assert!(!row["slot_ids"].is_empty(), "it is read back from there");
    }
    let told: BTreeMap<&str, &str> =
        rows.iter().map(|row| (row["request_id"].as_str(), row["how_told"].as_str())).collect();
    let link = "text with a link";
    assert_eq!(told, [("R1", link), ("R2", link), ("R3", link), ("R4", "text"), ("R5", "letter")].into());
    assert_eq!(sheets.row("written-to", "R4")["before_sending"], "check first whether it is still needed");
}

#[test]
fn whoever_sends_sees_what_an_earlier_list_has_said() {
    let case = written();
    let plan = by_engine(&case);
    let first = Sheets::after(&case, &plan, &Earlier::default());
    assert!(first.column("written-to", "told_before").iter().all(String::is_empty));
    let list = first.0["sheets/written-to.csv"].clone();
    let earlier = |list: Vec<u8>| Earlier::of([("sheets/written-to.csv".to_owned(), list)]);
    // R5 is moved, R1 is called now.
    let mut later = case.clone();
    later.requests[0].contact_route = ContactRoute::Phone;
    later.requests[4].unavailable_dates = dates("2024-08-01");
    let plan = by_engine(&later);
    let second = Sheets::after(&later, &plan, &earlier(list.clone()));
    let before = |sheets: &Sheets, id: &str| sheets.row("written-to", id)["told_before"].clone();
    assert_eq!(before(&second, "R2"), "link until 2024-07-28");
    assert_eq!(before(&second, "R4"), "the same");
    let start = first.row("written-to", "R5")["start"].clone();
    assert_eq!(before(&second, "R5"), format!("letter: {start}"));
    assert_eq!(second.rows("letters.csv")[0]["told_before"], format!("letter: {start}"));
    assert_eq!(second.rows("messages/held.csv")[0]["told_before"], "the same");
    let wave = second.0.keys().find(|name| name.starts_with("messages/wave-")).expect("a wave").clone();
    assert_eq!(second.rows(&wave)[0]["told_before"], "link until 2024-07-28");
    // Made again from the same plan, it says what it said.
    let mut again = earlier(second.0["sheets/written-to.csv"].clone());
    again.same_plan = true;
    assert_eq!(Sheets::after(&later, &plan, &again).0, second.0);
    // As a spreadsheet saves it elsewhere; and a list that is none says nothing.
    let text = String::from_utf8(list).expect("text");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    reader.records().for_each(|row| writer.write_record(&row.expect("a row")).expect("written"));
    let semicolons = writer.into_inner().expect("written");
    assert_eq!(before(&Sheets::after(&later, &plan, &earlier(semicolons)), "R4"), "the same");
    assert_eq!(before(&Sheets::after(&later, &plan, &earlier(b"nothing\n".to_vec())), "R4"), "");
}

#[test]
fn places_of_an_earlier_pool_that_are_not_opened_again_are_closed() {
    let case = written();
    let first = Sheets::after(&case, &by_engine(&case), &Earlier::default());
    let places = |sheets: &Sheets, what: &str| -> BTreeSet<(String, String)> {
        let rows = sheets.rows("messages/pool.csv").into_iter().filter(|row| row["use"] == what);
        rows.map(|row| (row["slot_ids"].clone(), row["start"].clone())).collect()
    };
    let left = |sheets: &Sheets| {
        Earlier::of([("messages/pool.csv".to_owned(), sheets.0["messages/pool.csv"].clone())])
    };
    assert_eq!((places(&first, "open").len(), places(&first, "close").len()), (3, 0));
    // R1 is called now, and its place is opened no more.
    let mut later = case.clone();
    later.requests[0].contact_route = ContactRoute::Phone;
    let plan = by_engine(&later);
    let second = Sheets::after(&later, &plan, &left(&first));
    let gone: BTreeSet<_> = places(&first, "open").difference(&places(&second, "open")).cloned().collect();
    assert_eq!((places(&second, "close"), gone.len()), (gone, 1));
    assert_eq!(second.rows("messages/pool.csv")[0]["use"], "close", "before anything is opened");
    // Made again from the same plan it says the same; the plan after that has nothing more to close.
    let mut again = left(&second);
    again.same_plan = true;
    assert_eq!(Sheets::after(&later, &plan, &again).0["messages/pool.csv"], second.0["messages/pool.csv"]);
    assert!(places(&Sheets::after(&later, &plan, &left(&second)), "close").is_empty());
    // What is over needs no closing.
    let mut over = later.clone();
    over.policy.as_of = moment("2024-08-01 23:00");
    over.policy.start = day("2024-08-02");
    let over = Sheets::after(&over, &by_engine(&over), &left(&first));
    assert!(places(&over, "close").is_empty());
}
