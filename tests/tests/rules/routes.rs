//! SPEC section 1: the effective contact route.

use rebook::model::ContactRoute::{self, App, Clinician, Letter, Phone, Sms};

use super::{one_slot, plan};

fn effective(asked: ContactRoute, sms_permitted: bool, safe: bool, call: bool, expected: &str) {
    let case = one_slot().tier("GP4", |tier| tier.call = call).request("R1", |r| {
        r.route(asked).set(|row| {
            row.sms_permitted = sms_permitted;
            row.safe_to_contact = safe;
        })
    });
    plan(case).says("R1", &expected.to_owned(), |row| row.contact_route.clone());
}

#[test]
fn as_asked_for() {
    for asked in [Phone, Letter, Clinician] {
        effective(asked, false, true, false, asked.as_str());
    }
    effective(Sms, true, true, false, "sms");
    effective(App, true, true, false, "app");
}

#[test]
fn text_without_permission_is_a_call() {
    effective(Sms, false, true, false, "phone");
    effective(App, false, true, false, "phone");
}

#[test]
fn a_tier_that_is_called_is_called() {
    for asked in ContactRoute::ALL {
        effective(*asked, true, true, true, "phone");
    }
}

#[test]
fn who_is_not_safe_to_contact_is_left_to_a_clinician() {
    effective(Sms, true, false, true, "clinician");
    effective(Phone, true, false, false, "clinician");
}
