//! Random previous plans: places that still stand, places that are booked by now, places lost to others.

use rebook::model::SlotStatus;

use super::{Dice, Themes};
use crate::build::CaseBuilder;

pub(super) fn add_previous(dice: &mut Dice, themes: Themes, builder: &mut CaseBuilder) {
    let mut ids: Vec<(String, String)> = Vec::new();
    for draft in &builder.requests {
        if !ids.iter().any(|(id, _)| *id == draft.row.request_id) {
            ids.push((draft.row.request_id.clone(), draft.row.patient_id.clone()));
        }
    }
    ids.push(("r99".to_owned(), "p9".to_owned()));
    // Rows that no longer are in the case, but still in the book, count for the reserve.
    if themes.reserve {
        ids.extend(["r96", "r97", "r98"].map(|id| (id.to_owned(), "p8".to_owned())));
    }
    for (request_id, patient_id) in ids {
        if !dice.percent(if themes.reserve { 80 } else { 60 }) {
            continue;
        }
        let at = dice.below(builder.sessions.len());
        let slots = &mut builder.sessions[at].slots;
        let first = dice.below(slots.len());
        let last = (first + dice.pick(&[0, 0, 1])).min(slots.len() - 1);
        let run = &mut slots[first..=last];
        // In a chain the first is booked most often.
        let gone = request_id.len() > 2 || (themes.links && request_id == "r1");
        match dice.below(if gone { 8 } else { 30 }) {
            // Booked as planned by now.
            0..4 => run.iter_mut().for_each(|slot| {
                slot.status = SlotStatus::Busy;
                slot.patient_id = Some(patient_id.as_str().into());
                slot.places = None;
            }),
            // Half booked, or booked for somebody else.
            4 | 5 => {
                run[0].status = SlotStatus::BusyTentative;
                run[0].patient_id = Some(patient_id.as_str().into());
                run[0].places = None;
            }
            6 | 7 => run.iter_mut().for_each(|slot| {
                slot.status = SlotStatus::Busy;
                slot.patient_id = Some("p1".into());
                slot.places = None;
            }),
            _ => {}
        }
        let slot_ids: Vec<String> = run.iter().map(|slot| slot.slot_id.to_string()).collect();
        let slot_ids: Vec<&str> = slot_ids.iter().map(String::as_str).collect();
        *builder = std::mem::replace(builder, CaseBuilder::gp()).previously(&request_id, &slot_ids);
    }
}
