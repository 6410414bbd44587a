//! SPEC 3.2: the first channel that the session has and for which every need is met.

use rebook::model::DeliveryChannel::{self, HomeVisit, InPerson, Telephone, Video};
use rebook_tests::build::{CaseBuilder, tags};

use super::{one_slot, plan};

fn held_by(case: CaseBuilder, expected: Option<DeliveryChannel>) {
    let outcomes = plan(case);
    match expected {
        Some(channel) => {
            outcomes.says("R1", &channel.as_str().to_owned(), |row| row.delivery_channel.clone());
        }
        None => {
            outcomes.unplaced(&[("R1", "no-candidate")]);
        }
    }
}

fn session_by(channels: &[DeliveryChannel]) -> CaseBuilder {
    one_slot().edit_session("S", |session| session.delivery_channels = channels.to_vec())
}

#[test]
fn the_requests_order_counts_not_the_sessions() {
    held_by(session_by(&[InPerson, Video]).request("R1", |r| r.by(&[Video, InPerson])), Some(Video));
    held_by(session_by(&[InPerson]).request("R1", |r| r.by(&[Video, InPerson])), Some(InPerson));
    held_by(session_by(&[Telephone]).request("R1", |r| r.by(&[Video, InPerson])), None);
}

#[test]
fn the_requests_list_replaces_the_care_types() {
    let case = || session_by(&[InPerson, Telephone, Video]);
    held_by(case().request("R1", |r| r), Some(InPerson));
    held_by(case().request("R1", |r| r.by(&[Video])), Some(Video));
}

#[test]
fn a_need_is_met_by_the_practitioner_the_site_or_the_session() {
    let case = || one_slot().request("R1", |r| r.needs(&["bsl"]));
    held_by(case(), None);
    held_by(case().clinician("g1", "gp", |one| one.skills = tags(&["bsl"])), Some(InPerson));
    held_by(case().site("A", |site| site.features = tags(&["bsl"])), Some(InPerson));
    held_by(case().edit_session("S", |session| session.features = tags(&["bsl"])), Some(InPerson));
}

#[test]
fn every_need_of_request_and_care_type() {
    let case = |skills: &'static [&'static str]| {
        one_slot()
            .care_type("consult", |care| care.needs = tags(&["spirometry"]))
            .clinician("g1", "gp", |one| one.skills = tags(skills))
            .request("R1", |r| r.needs(&["bsl"]))
    };
    held_by(case(&["bsl", "spirometry"]), Some(InPerson));
    held_by(case(&["bsl"]), None);
    held_by(case(&["spirometry"]), None);
}

#[test]
fn a_call_has_no_steps() {
    let case = || session_by(&[InPerson, Telephone, Video, HomeVisit]);
    let by =
        |channels: &'static [DeliveryChannel]| case().request("R1", |r| r.by(channels).needs(&["step-free"]));
    held_by(by(&[InPerson, Telephone]), Some(Telephone));
    held_by(by(&[InPerson, Video]), Some(Video));
    // A need of the place stands for a home visit.
    held_by(by(&[InPerson, HomeVisit]), None);
    // Any other need stands for a call too.
    held_by(case().request("R1", |r| r.by(&[InPerson, Telephone]).needs(&["bsl"])), None);
}

#[test]
fn which_needs_are_of_the_place_is_the_policys() {
    let case = one_slot()
        .policy(|policy| policy.place_needs = tags(&["quiet"]))
        .request("R1", |r| r.by(&[InPerson, Telephone]).needs(&["step-free"]));
    held_by(case, None);
}
