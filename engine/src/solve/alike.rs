//! Which sittings are alike in an area: whatever a request asks but whose they are, the answer is the same for all of them,
//! and no limit of one of them alone could bind. Their slots make one pool.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::limits::{Limit, Limits};
use crate::candidates::{Alike, Context, Sitting};
use crate::model::{DeliveryChannel, Gender, Slot, SlotStatus};
use crate::prepare::Prepared;
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx};

/// Slots of a set at most: a pool counts its atoms in sixteen bits.
const MOST_SLOTS: usize = 50_000;

/// What the rules of SPEC section 3 and the objective ask of a sitting, beside its slots.
type Looks<'a> = (
    NaiveDate,
    SiteIdx,
    (&'a str, Option<Gender>, &'a [String], Decimal),
    (&'a [DeliveryChannel], &'a [String], &'a [String], bool),
);

/// The sittings of an area that are alike.
pub(super) fn alike(context: &Context<'_>, prepared: &Prepared, limits: &Limits) -> Alike {
    let book = Book::new(context, prepared);
    let mut sets: BTreeMap<Looks<'_>, Vec<Sitting>> = BTreeMap::new();
    for sitting in &book.sittings {
        if book.is_plain(context, limits, sitting) {
            sets.entry(looks(context, sitting)).or_default().push(*sitting);
        }
    }
    let mut found: Vec<Vec<Sitting>> = Vec::new();
    for set in sets.into_values() {
        let mut room = 0;
        for sitting in set {
            let slots = sitting.slots().len();
            if room < slots {
                found.push(Vec::new());
                room = MOST_SLOTS.max(slots);
            }
            room -= slots;
            found.last_mut().into_iter().for_each(|set| set.push(sitting));
        }
    }
    found.retain(|set| set.len() > 1);
    Alike::new(found)
}

fn looks<'a>(context: &Context<'a>, sitting: &Sitting) -> Looks<'a> {
    let (session, clinician) = (context.session(sitting), context.clinician(sitting));
    let who =
        (clinician.role.as_str(), clinician.gender, &clinician.skills[..], clinician.duration_multiplier);
    let what =
        (&session.delivery_channels[..], &session.care_types[..], &session.features[..], session.additional);
    (sitting.date, session.site, who, what)
}

/// A practitioner's date: people who could be placed, and the sittings from when to when.
type Day = (i64, Vec<(NaiveDateTime, NaiveDateTime)>);

/// What tells sittings of an area apart beside their looks.
struct Book {
    /// Where somebody could have a place, ascending.
    sittings: Vec<Sitting>,
    days: BTreeMap<(ClinicianIdx, NaiveDate), Day>,
    /// By session: people who could be placed.
    sessions: BTreeMap<SessionIdx, i64>,
}

impl Book {
    fn new(context: &Context<'_>, prepared: &Prepared) -> Self {
        let mut homes = BTreeSet::new();
        let mut book = Self { sittings: Vec::new(), days: BTreeMap::new(), sessions: BTreeMap::new() };
        for planned in &prepared.requests {
            if homes.insert(planned.site) {
                book.sittings.extend(context.open_sittings_for(planned));
            }
        }
        book.sittings.sort_unstable_by_key(|sitting| (sitting.session, sitting.date));
        book.sittings.dedup();
        for sitting in &book.sittings {
            let slots = &context.case.slots[sitting.slots()];
            let free = slots.iter().filter(|slot| slot.status == SlotStatus::Free);
            let people: i64 = free.map(|slot| i64::from(slot.places.unwrap_or(1))).sum();
            let day = book.days.entry((context.session(sitting).clinician, sitting.date)).or_default();
            day.0 += people;
            let (start, end) = (slots.iter().map(|slot| slot.start), slots.iter().map(Slot::end));
            day.1.extend(start.min().zip(end.max()));
            *book.sessions.entry(sitting.session).or_default() += people;
        }
        book
    }

    /// Whether nothing but its looks tells a sitting apart.
    fn is_plain(&self, context: &Context<'_>, limits: &Limits, sitting: &Sitting) -> bool {
        let session = context.session(sitting);
        let slots = &context.case.slots[sitting.slots()];
        let Some((people, sittings)) = self.days.get(&(session.clinician, sitting.date)) else {
            return false;
        };
        let could_bind = |limit: Limit, people: i64| limits.left(limit).is_some_and(|left| left < people);
        // A practitioner's sittings that overlap compete for the same time, and a group slot is shared by name.
        !overlap(sittings)
            && slots.iter().all(|slot| slot.places.is_none())
            && !could_bind(Limit::Day(session.clinician, sitting.date), *people)
            && !could_bind(
                Limit::Session(sitting.session),
                self.sessions.get(&sitting.session).copied().unwrap_or(0),
            )
    }
}

/// Whether two of these times overlap.
fn overlap(times: &[(NaiveDateTime, NaiveDateTime)]) -> bool {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.windows(2).any(|pair| pair[1].0 < pair[0].1)
}
