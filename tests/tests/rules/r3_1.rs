//! SPEC 3.1: role, gender, continuity.

use rebook::model::{Continuity, Gender, GenderWish};
use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

#[test]
fn only_the_roles_of_the_care_type() {
    plan(one_slot().request("R1", |r| r.care("bloods"))).unplaced(&[("R1", "no-candidate")]);
    let nurse = CaseBuilder::gp().session("S", "n1", "A", "2024-07-22 10:00", &[15]);
    plan(nurse.request("R1", |r| r.care("bloods"))).placed(&[("R1", "S/1")]);
}

#[test]
fn an_unknown_gender_fits_only_any() {
    let case = |gender: Option<Gender>, wish: GenderWish| {
        one_slot()
            .clinician("g1", "gp", |one| one.gender = gender)
            .request("R1", move |r| r.set(|row| row.practitioner_gender = wish))
    };
    let placed = [("R1", "S/1")];
    let (female, male) = (Some(Gender::Female), Some(Gender::Male));
    for gender in [None, female, male] {
        plan(case(gender, GenderWish::Any)).placed(&placed);
    }
    plan(case(female, GenderWish::Female)).placed(&placed);
    plan(case(male, GenderWish::Male)).placed(&placed);
    plan(case(male, GenderWish::Female)).placed(&[]);
    plan(case(None, GenderWish::Female)).placed(&[]);
    plan(case(None, GenderWish::Male)).placed(&[]);
}

#[test]
fn continuity_required_is_the_preferred_practitioner() {
    let case = |id: &'static str, continuity| one_slot().request("R1", move |r| r.prefers(id, continuity));
    plan(case("g1", Continuity::Required)).placed(&[("R1", "S/1")]);
    plan(case("g2", Continuity::Required)).unplaced(&[("R1", "no-candidate")]);
    plan(case("g2", Continuity::Preferred)).placed(&[("R1", "S/1")]);
    plan(case("g2", Continuity::None)).placed(&[("R1", "S/1")]);
}
