//! Who is sent a link, who is told a place, and who is neither.

use rebook::desk::{Desk, MessageOptions};
use rebook::model::{Case, ContactRoute, DeliveryChannel, Reconciliation, Request};
use rebook::prepare::prepare;
use rebook_tests::build::{CaseBuilder, RequestDraft, moment};
use rebook_tests::planner::by_engine;

use super::Told;

/// What makes a request another one.
pub type Change = fn(&mut RequestDraft) -> &mut RequestDraft;

/// A clinic in the second week with room for everybody.
pub fn clinic() -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-08-01 09:00", &[15; 12])
}

/// Somebody who can have a link.
pub fn by_text(request: &mut RequestDraft) -> &mut RequestDraft {
    request.tier("GP5").route(ContactRoute::Sms).set(|row| row.sms_permitted = true)
}

/// R1 to R3 can have a link, and R4 could if it were not for this.
fn with_fourth(change: impl FnOnce(&mut RequestDraft) -> &mut RequestDraft) -> Case {
    clinic()
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", by_text)
        .request("R4", |request| change(by_text(request)))
        .build()
}

fn told(case: &Case) -> Told {
    Told::of(case, MessageOptions::default())
}

#[test]
fn whoever_can_have_a_link_gets_one() {
    let told = told(&with_fourth(|request| request.route(ContactRoute::App)));
    assert_eq!(told.invited(), ["R1", "R2", "R3", "R4"]);
    assert_eq!(told.held(), [""; 0]);
    assert_eq!(told.waves(), ["messages/wave-1-A-15min-in-person.csv"]);
}

#[test]
fn who_must_not_be_sent_a_link_is_told_the_place() {
    let none: [(&str, Change); 7] = [
        ("an interpreter", |request| request.needs(&["language:pl"])),
        ("a signer", |request| request.needs(&["bsl"])),
        ("the target is near", |request| request.due("2024-07-29")),
        ("a window, passed", |request| request.latest("2024-07-20")),
        ("to be checked first", |request| request.became(Reconciliation::Unknown)),
        ("alone in a visit", |request| request.together("V")),
        ("at home", |request| request.by(&[DeliveryChannel::HomeVisit])),
    ];
    for (what, change) in none {
        let mut case = with_fourth(change);
        let session = &mut case.sessions[0];
        session.features = vec!["language:pl".to_owned(), "bsl".to_owned()];
        session.delivery_channels.push(DeliveryChannel::HomeVisit);
        let told = told(&case);
        assert_eq!(told.invited(), ["R1", "R2", "R3"], "{what}");
        assert_eq!(told.held(), ["R4"], "{what}");
    }
    // One day later is far enough.
    // Two of them would be a pool; nobody chooses when somebody drives to their home.
    let at_home = clinic()
        .edit_session("S", |session| session.delivery_channels = vec![DeliveryChannel::HomeVisit])
        .request("R1", |request| by_text(request).by(&[DeliveryChannel::HomeVisit]))
        .request("R2", |request| by_text(request).by(&[DeliveryChannel::HomeVisit]));
    assert_eq!(told(&at_home.build()).held(), ["R1", "R2"]);
    let early = clinic().session("E", "g1", "A", "2024-07-30 09:00", &[15; 2]);
    let soon = |due: &'static str| {
        let case = early.clone().request("R1", |request| by_text(request).due(due));
        let told = told(&case.request("R2", |request| by_text(request).due(due)).build());
        told.invited()
    };
    assert_eq!(soon("2024-07-30"), ["R1", "R2"]);
    assert_eq!(soon("2024-07-29"), [""; 0]);
}

#[test]
fn appointments_that_hang_together_are_held() {
    let visit = |request: &mut RequestDraft| {
        by_text(request).together("V");
    };
    let case = clinic()
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", |request| {
            visit(request);
            request
        })
        .request("R4", |request| {
            visit(request);
            request
        });
    let visit = told(&case.build());
    assert_eq!((visit.invited(), visit.held()), (tags(&["R1", "R2"]), tags(&["R3", "R4"])));

    let later = clinic().session("L", "g1", "A", "2024-08-08 09:00", &[15; 4]);
    let linked = later
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", by_text)
        .request("R4", |request| by_text(request).after("R3", 5, 21));
    let linked = told(&linked.build());
    assert_eq!((linked.invited(), linked.held()), (tags(&["R1", "R2"]), tags(&["R3", "R4"])));

    let other_time = |row: &mut Request| row.original_start = Some(moment("2024-07-18 10:00"));
    let same = told(&with_fourth(|request| request.patient("p-R3").set(other_time)));
    assert_eq!(
        (same.invited(), same.held()),
        (tags(&["R1", "R2"]), tags(&["R3", "R4"])),
        "one patient, two places"
    );
}

fn tags(list: &[&str]) -> Vec<String> {
    rebook_tests::build::tags(list)
}

#[test]
fn those_who_are_called_or_written_to_are_on_no_message() {
    for route in [ContactRoute::Phone, ContactRoute::Letter, ContactRoute::Clinician] {
        let told = told(&with_fourth(|request| request.route(route)));
        assert_eq!((told.invited().len(), told.held().len()), (3, 0), "{route}");
    }
    let unpermitted = told(&with_fourth(|request| request.set(|row| row.sms_permitted = false)));
    assert_eq!((unpermitted.invited().len(), unpermitted.held().len()), (3, 0), "is called");
    let unsafe_ = told(&with_fourth(|request| request.set(|row| row.safe_to_contact = false)));
    assert_eq!((unsafe_.invited().len(), unsafe_.held().len()), (3, 0));
    assert_eq!(unsafe_.requests("clinician-contact.csv"), ["R4"]);
}

#[test]
fn one_row_that_says_contact_is_not_safe_holds_for_every_row_of_the_patient() {
    fn at_risk(request: &mut RequestDraft) -> &mut RequestDraft {
        request.patient("p-R1").set(|row| row.safe_to_contact = false)
    }
    let case = clinic()
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", by_text)
        .request("R4", |request| at_risk(by_text(request)).minutes(10))
        .request("R5", |request| at_risk(by_text(request)).became(Reconciliation::SeenOnPaper))
        .request("R6", |request| by_text(request).patient("p-R6"))
        .request("R7", |request| by_text(request).patient("p-R6").became(Reconciliation::Declined))
        .build();
    let told = told(&case);
    assert_eq!(told.requests("clinician-contact.csv"), ["R1", "R4"]);
    assert_eq!(told.invited(), ["R2", "R3"]);
    assert_eq!(told.held(), ["R6"], "to be checked first, and no more than that");
}

#[test]
fn permission_is_looked_at_again_whatever_the_route_says() {
    let case = with_fourth(|request| request);
    let plan = by_engine(&case);
    let mut changed = case.clone();
    changed.requests[2].safe_to_contact = false;
    changed.requests[3].sms_permitted = false;
    // As if the route had been told wrongly.
    let prepared = prepare(&case);
    let desk = Desk::new(&changed, &prepared, &plan).expect("a desk");
    let told = Told::at(&desk, MessageOptions::default());
    assert_eq!(told.invited(), ["R1", "R2"]);
    assert_eq!(told.held(), [""; 0]);
    assert_eq!(told.requests("clinician-contact.csv"), ["R3", "R4"]);

    let mut urgent = case.clone();
    urgent.policy.tiers[5].call = true;
    let desk = Desk::new(&urgent, &prepared, &plan).expect("a desk");
    let told = Told::at(&desk, MessageOptions::default());
    assert_eq!((told.invited().len(), told.held().len()), (0, 4), "no link to a tier that is called");
}

#[test]
fn nobody_excluded_is_told_anything_and_nobody_else_of_that_patient_who_died() {
    let case = clinic()
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", |request| by_text(request).became(Reconciliation::Died))
        .request("R4", |request| by_text(request).became(Reconciliation::Declined))
        .request("R5", |request| by_text(request).patient("p-R3").minutes(10))
        .request("R6", |request| by_text(request).patient("p-R4").minutes(10))
        .build();
    let told = told(&case);
    assert_eq!(told.invited(), ["R1", "R2"]);
    assert_eq!(told.held(), ["R6"]);
    assert_eq!(
        told.requests("clinician-contact.csv"),
        [""; 0],
        "somebody looks before anybody makes contact"
    );
    for name in told.0.keys().filter(|name| *name != "messages/pool.csv") {
        let excluded = |id: &String| ["R3", "R4", "R5"].contains(&id.as_str());
        assert!(!told.requests(name).iter().any(excluded), "{name}");
    }
}

#[test]
fn a_message_says_when_and_how_and_nothing_else() {
    let case = clinic()
        .care_type("consult", |care| care.delivery_channels = vec![DeliveryChannel::Telephone])
        .site("A", |site| site.name = Some("=Clinic for warts".to_owned()))
        .request("R1", by_text)
        .request("R2", by_text)
        .request("R3", |request| by_text(request).became(Reconciliation::Unknown))
        .build();
    let told = told(&case);
    let invitation = &told.rows(told.waves()[0])[0];
    assert_eq!(
        invitation["message"],
        "Please rebook your cancelled appointment (by telephone) by Sun 28 Jul: {link} The link works once. If it does \
         not suit you, ring us."
    );
    let held = &told.rows("messages/held.csv")[0];
    assert_eq!(
        held["message"],
        "For your cancelled appointment we hold Thu 1 Aug 2024 at 09:30, by telephone. To change it, reply or ring us."
    );
    assert_eq!((held["kind"].as_str(), held["send_on"].as_str()), ("held", "2024-07-22"));
    assert_eq!(held["before_sending"], "check first whether it is still needed");
    for (name, bytes) in told.0.iter().filter(|(name, _)| name.starts_with("messages/")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("warts") && !text.contains("g1") && !text.contains("consult"), "{name}");
    }
}

#[test]
fn a_message_goes_into_one_text_with_a_link_in_it() {
    for channel in ["in person", "by telephone", "by video"] {
        let text = format!(
            "Please rebook your cancelled appointment ({channel}) by Wed 24 Jul: {{link}} The link works once. If it does \
             not suit you, ring us."
        );
        assert!(text.len() + 25 <= 160 && text.is_ascii());
    }
    let case = clinic()
        .site("B", |_| {})
        .site("A", |site| site.practice = Some("X".to_owned()))
        .site("B", |site| site.practice = Some("X".to_owned()))
        .request("R1", |request| by_text(request).of_site("B").became(Reconciliation::Unknown))
        .build();
    let message = told(&case).rows("messages/held.csv")[0]["message"].clone();
    assert_eq!(
        message,
        "For your cancelled appointment we hold Thu 1 Aug 2024 at 09:00, in person, at another site (ring us for \
         where). To change it, reply or ring us."
    );
    assert!(message.len() <= 160);
}
