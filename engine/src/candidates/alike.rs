//! Sittings that nothing tells apart but whose they are, taken as one: a large pool of clinicians has hundreds of them on a
//! date, and to nearly everybody it is all the same whom they see.

use chrono::NaiveDate;

use super::context::Sitting;
use crate::lookup::Lookup;
use crate::units::SessionIdx;

/// What a sitting is among those that are alike.
pub(crate) enum Place<'a> {
    /// There is no other like it.
    Single,
    /// It stands for all of these, and is the first of them.
    Head(&'a [Sitting]),
    /// Another one stands for it.
    Follower,
}

/// Sets of sittings that are alike to all who do not ask for one of them by name.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    /// At least two each, ascending.
    sets: Vec<Vec<Sitting>>,
    /// By sitting: its set, and whether it is the first.
    of: Lookup<(SessionIdx, NaiveDate), (u32, bool)>,
}

impl Alike {
    /// From sets of at least two sittings, ascending by session.
    pub fn new(sets: Vec<Vec<Sitting>>) -> Self {
        let mut of = Lookup::default();
        for (number, set) in sets.iter().enumerate() {
            for (at, sitting) in set.iter().enumerate() {
                of.insert((sitting.session, sitting.date), (number as u32, at == 0));
            }
        }
        Self { sets, of }
    }

    /// The set of a session on a date.
    pub fn set(&self, session: SessionIdx, date: NaiveDate) -> Option<usize> {
        self.of.get(&(session, date)).map(|(set, _)| *set as usize)
    }

    pub(super) fn place(&self, sitting: &Sitting) -> Place<'_> {
        match self.of.get(&(sitting.session, sitting.date)) {
            None => Place::Single,
            Some(&(set, true)) => Place::Head(&self.sets[set as usize]),
            Some((_, false)) => Place::Follower,
        }
    }
}
