//! Nothing that a file may hold makes the verifier fall over, and no lie about a place goes unnoticed.

use chrono::{Days, NaiveDate};

use super::random::random_case;
use crate::model::{Case, PlanFiles, PlanRow};
use crate::verify::asks::Asks;
use crate::verify::exclusions::judge;
use crate::verify::place::candidates;
use crate::verify::test_support::{Dice, Scene, date, moment};
use crate::verify::verify;
use crate::verify::view::View;

/// A plan that puts requests into candidates at random, whatever the rules between them say.
fn random_files(case: &Case, dice: &mut Dice) -> PlanFiles {
    let mut scene = Scene::new();
    scene.case = case.clone();
    let view = View::new(case);
    for ask in &Asks::new(&view, &judge(&view)).all {
        let found: Vec<_> = candidates(&view, ask).collect();
        if !found.is_empty() && dice.below(4) > 0 {
            let place = &found[dice.below(found.len())];
            scene.place(ask.id(), &place.slot_ids(&view));
        }
    }
    scene.plan()
}

fn spoil(row: &mut PlanRow, case: &Case, dice: &mut Dice) {
    let dates = [NaiveDate::MIN, date("2024-07-21"), date("2026-01-01"), NaiveDate::MAX];
    match dice.below(10) {
        0 => row.slot_ids = vec![case.slots[dice.below(case.slots.len())].slot_id.to_string()],
        1 => row.slot_ids.push(case.slots[dice.below(case.slots.len())].slot_id.to_string()),
        2 => row.slot_ids.clear(),
        3 => row.session_id.clone_from(&case.sessions[dice.below(case.sessions.len())].session_id),
        4 => row.request_id = format!("r{}", dice.below(9)),
        5 => row.start = dice.pick(&dates).and_hms_opt(9, 0, 0).unwrap(),
        6 => row.call_by = Some(dice.pick(&dates)),
        7 => (row.rank, row.call_order, row.days_late) = (u32::MAX, u32::MAX, u32::MAX),
        8 => row.target_date = dice.pick(&dates),
        _ => row.delivery_channel = "pigeon".to_owned(),
    }
}

#[test]
fn no_file_makes_it_fall_over() {
    let mut dice = Dice::new(11);
    for _ in 0..300 {
        let mut case = random_case(&mut dice);
        match dice.below(8) {
            0 => case.policy.horizon_days = 1,
            1 => case.slots[0].duration_minutes = 0,
            2 => case.slots[0].duration_minutes = 100_000,
            3 => case.clinicians[1].duration_multiplier = "-1".parse().unwrap(),
            4 => case.policy.as_of = moment("2030-01-01T00:00"),
            5 => case.policy.unplaced_days = u32::MAX,
            6 => case.policy.wait_per_day = u32::MAX,
            _ => case.policy.tiers.iter_mut().for_each(|tier| tier.min_notice_hours = Some(u32::MAX)),
        }
        let mut plan = random_files(&case, &mut dice);
        for row in &mut plan.plan {
            if dice.one_in(2) {
                spoil(row, &case, &mut dice);
            }
        }
        if dice.one_in(4) {
            plan.summary.objective.late.clear();
        }
        for violation in verify(&case, &plan) {
            assert!(!violation.message.is_empty());
        }
    }
}

/// Every cell of a row that follows from the tables, made wrong.
const LIES: [fn(&mut PlanRow); 13] = [
    |row| row.patient_id.push('!'),
    |row| row.tier.push('!'),
    |row| row.rank += 1,
    |row| row.target_date = row.target_date + Days::new(1),
    |row| row.latest_date = Some(date("2024-07-29")),
    |row| row.practitioner_id.push('!'),
    |row| row.site_id.push('!'),
    |row| row.start = row.start + Days::new(1),
    |row| row.end = row.end + Days::new(1),
    |row| row.delivery_channel.push('!'),
    |row| row.contact_route.push('!'),
    |row| row.days_late += 1,
    |row| row.call_order += 1,
];

#[test]
fn no_lie_in_a_row_goes_unnoticed() {
    let mut dice = Dice::new(5);
    for _ in 0..50 {
        let case = random_case(&mut dice);
        let plan = random_files(&case, &mut dice);
        let before = verify(&case, &plan);
        for (lie, position) in LIES.iter().flat_map(|lie| (0..plan.plan.len()).map(move |row| (lie, row))) {
            let mut told = plan.clone();
            lie(&mut told.plan[position]);
            assert_ne!(verify(&case, &told), before);
        }
    }
}
