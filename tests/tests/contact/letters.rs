//! Letters, and the list of those to whom a clinician speaks.

use rebook::desk::MessageOptions;
use rebook::model::{ContactRoute, DeliveryChannel, Reconciliation};
use rebook_tests::build::{CaseBuilder, tags};

use super::{Told, columns};

fn clinic() -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-08-01 09:00", &[15; 8]).policy(|policy| {
        policy.min_notice_hours.by_route.insert(ContactRoute::Letter, 120);
    })
}

#[test]
fn a_letter_says_when_how_and_where() {
    let mut case = clinic()
        .site("A", |site| site.name = Some("=Market Square".to_owned()))
        .request("R1", |request| request.route(ContactRoute::Letter))
        .request("R2", |request| request.route(ContactRoute::Letter).by(&[DeliveryChannel::Telephone]))
        .request("R3", |request| request)
        .build();
    case.kept_columns = tags(&["address"]);
    case.requests[0].kept = tags(&["=1 Road"]);
    let told = Told::of(&case, MessageOptions::default());
    assert_eq!(
        columns(&told.0["letters.csv"]),
        [
            "patient_id",
            "request_id",
            "address",
            "letter_date",
            "post_by",
            "date",
            "time",
            "how",
            "where",
            "text_1",
            "text_2",
            "text_3",
            "before_posting",
            "told_before"
        ]
    );
    let letters = told.rows("letters.csv");
    assert_eq!(told.requests("letters.csv"), ["R1", "R2"]);
    let texts = ["text_1", "text_2", "text_3"].map(|text| letters[0][text].as_str());
    assert_eq!(
        texts,
        [
            "We are sorry that your appointment was cancelled. We have held a new one for you.",
            "It is on Thursday 1 August 2024 at 09:00, in person, at =Market Square.",
            "If it does not suit you, or if you do not need it any more, please ring us.",
        ]
    );
    assert_eq!(
        (letters[0]["where"].as_str(), letters[0]["address"].as_str()),
        ("'=Market Square", "'=1 Road")
    );
    assert_eq!((letters[0]["date"].as_str(), letters[0]["time"].as_str()), ("2024-08-01", "09:00"));
    assert_eq!(letters[1]["text_2"], "It is on Thursday 1 August 2024 at 09:15, by telephone.");
    assert_eq!(letters[1]["where"], "");
    let text = String::from_utf8_lossy(&told.0["letters.csv"]).into_owned();
    assert!(!text.contains("consult") && !text.contains("g1"), "neither what for nor with whom");
}

#[test]
fn a_letter_is_posted_on_a_working_day_early_enough() {
    let posted = |start: &str, at: &str| {
        let case = CaseBuilder::gp()
            .session("S", "g1", "A", at, &[15])
            .policy(|policy| {
                policy.start = rebook_tests::build::day(start);
                policy.as_of = rebook_tests::build::moment(&format!("{start} 00:00"));
                policy.min_notice_hours.by_route.insert(ContactRoute::Letter, 120);
            })
            .request("R1", |request| request.route(ContactRoute::Letter))
            .build();
        let row = Told::of(&case, MessageOptions::default()).rows("letters.csv").remove(0);
        (row["letter_date"].clone(), row["post_by"].clone())
    };
    let pair = |date: &str, by: &str| (date.to_owned(), by.to_owned());
    // Five days before Thursday 1 August at 09:00 is Saturday: Friday.
    assert_eq!(posted("2024-07-22", "2024-08-01 09:00"), pair("2024-07-22", "2024-07-26"));
    // Five days before Wednesday 7 August is Friday at 09:00: on Thursday it has been posted by then for sure.
    assert_eq!(posted("2024-07-22", "2024-08-07 09:00"), pair("2024-07-22", "2024-08-01"));
    // Five days before Friday 2 August is Sunday; before Sunday 1 September the Tuesday after a bank holiday.
    assert_eq!(posted("2024-07-22", "2024-08-02 09:00"), pair("2024-07-22", "2024-07-26"));
    assert_eq!(posted("2024-08-19", "2024-09-01 09:00"), pair("2024-08-19", "2024-08-23"));
    // Five days before Monday 2 September is the Wednesday after the bank holiday.
    assert_eq!(posted("2024-08-24", "2024-09-02 00:00"), pair("2024-08-24", "2024-08-27"));
    // No day before is left: at once.
    assert_eq!(posted("2024-07-27", "2024-08-01 09:00"), pair("2024-07-27", "2024-07-29"));
}

#[test]
fn to_whom_a_clinician_speaks_is_on_a_list_of_its_own_without_any_number() {
    let mut case = clinic()
        .request("R1", |request| request.set(|row| row.safe_to_contact = false).route(ContactRoute::Letter))
        .request("R2", |request| request.route(ContactRoute::Clinician).became(Reconciliation::Unknown))
        .request("R3", |request| request.route(ContactRoute::Letter))
        .build();
    case.kept_columns = tags(&["mobile"]);
    for request in &mut case.requests {
        request.kept = tags(&["07700 900000"]);
    }
    let told = Told::of(&case, MessageOptions::default());
    assert_eq!(told.requests("clinician-contact.csv"), ["R1", "R2"]);
    assert_eq!(told.requests("letters.csv"), ["R3"]);
    let list = String::from_utf8_lossy(&told.0["clinician-contact.csv"]).into_owned();
    assert!(!list.contains("07700"));
    let rows = told.rows("clinician-contact.csv");
    assert_eq!(rows[0]["speak_by"], "2024-07-31");
    assert_eq!(rows[1]["before"], "check first whether it is still needed");
}
