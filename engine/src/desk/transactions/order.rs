//! The order of bookings and cancellations in which nobody is without an appointment and no slot is taken twice.
//!
//! Everybody books before they cancel, and books only where there is room at that moment. Where people wait for each
//! other in a circle, one of them first moves to a spare free place; where none suits, those of the circle keep what they
//! have, and so do those who wait for them.

use std::collections::{BTreeMap, BTreeSet};

use super::Action;

/// Somebody who is to have a place: its position says how urgent, the first the most.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mover {
    /// What they hold now: each the slots of one booking.
    pub held: Vec<Vec<u32>>,
    /// What they are to hold in the end; empty for whoever is to hold nothing any more.
    pub target: Vec<u32>,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Move {
    /// Whose.
    pub mover: usize,
    /// What is done.
    pub action: Action,
    /// With which slots.
    pub slots: Vec<u32>,
    /// The moves that must be done before, by position, ascending.
    pub after: Vec<usize>,
}

/// Why somebody keeps what they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// They wait for each other in a circle, and no spare place suits any of them.
    Circle,
    /// They wait for somebody who keeps what they have.
    Behind,
}

/// The moves in an order that is safe, and who cannot move.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ordered {
    pub moves: Vec<Move>,
    /// Ascending by mover.
    pub halted: Vec<(usize, Halt)>,
}

/// Gives a spare place for a mover, all of whose slots pass the test; nothing where none suits.
pub(super) type Spare<'s> = dyn FnMut(usize, &dyn Fn(u32) -> bool) -> Option<Vec<u32>> + 's;

/// Puts the moves in order. `free` says how many places each slot has left now, what is held taken off.
pub(super) fn order(movers: &[Mover], free: &[u32], spare: &mut Spare<'_>) -> Ordered {
    let mut state = State::new(movers, free);
    let mut halted = state.go_on(spare);
    // Somebody may have made room since for those who had none before, or left the spare place that they would take.
    let mut before = 0;
    while !halted.is_empty() && state.moves.len() > before {
        before = state.moves.len();
        state.pending = halted.keys().copied().collect();
        halted = state.go_on(spare);
    }
    Ordered { moves: state.moves, halted: halted.into_iter().collect() }
}

/// Where one comes by going from somebody to the one they wait for.
enum Way {
    /// Round in a circle.
    Circle(Vec<usize>),
    /// To somebody whose place nobody will clear.
    End(usize),
}

/// People each of whom waits for the next.
#[derive(Default)]
struct Path {
    movers: Vec<usize>,
    at: BTreeMap<usize, usize>,
}

impl Path {
    fn push(&mut self, mover: usize) {
        self.at.insert(mover, self.movers.len());
        self.movers.push(mover);
    }

    fn pop(&mut self) {
        if let Some(mover) = self.movers.pop() {
            self.at.remove(&mover);
        }
    }
}

struct State<'m> {
    movers: &'m [Mover],
    /// Places left from the beginning.
    free: Vec<u32>,
    /// The cancellations whose places nobody has taken yet, by slot.
    cleared: BTreeMap<u32, Vec<usize>>,
    /// Who waits for a slot.
    wanted: BTreeMap<u32, Vec<usize>>,
    /// Who holds a slot.
    holders: BTreeMap<u32, BTreeSet<usize>>,
    held: Vec<Vec<Vec<u32>>>,
    /// Who has not got the target yet.
    pending: BTreeSet<usize>,
    /// Who has moved to a spare place.
    spared: BTreeSet<usize>,
    /// Who has got it, in that order.
    arrived: Vec<usize>,
    moves: Vec<Move>,
    /// For each move, the cancellation whose place a booking took, slot by slot.
    took: Vec<Vec<Option<usize>>>,
}

impl<'m> State<'m> {
    fn new(movers: &'m [Mover], free: &[u32]) -> Self {
        let mut wanted: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut holders: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for (at, mover) in movers.iter().enumerate() {
            for &slot in &mover.target {
                wanted.entry(slot).or_default().push(at);
            }
            for &slot in mover.held.iter().flatten() {
                holders.entry(slot).or_default().insert(at);
            }
        }
        Self {
            movers,
            free: free.to_vec(),
            cleared: BTreeMap::new(),
            wanted,
            holders,
            held: movers.iter().map(|mover| mover.held.clone()).collect(),
            pending: (0..movers.len()).collect(),
            spared: BTreeSet::new(),
            arrived: Vec::new(),
            moves: Vec::new(),
            took: Vec::new(),
        }
    }

    fn has_room(&self, slot: u32) -> bool {
        self.free.get(slot as usize).is_some_and(|&free| free > 0)
            || self.cleared.get(&slot).is_some_and(|cleared| !cleared.is_empty())
    }

    fn book(&mut self, mover: usize, slots: &[u32]) -> usize {
        let took: Vec<Option<usize>> = slots.iter().map(|&slot| self.take(slot)).collect();
        for &slot in slots {
            self.holders.entry(slot).or_default().insert(mover);
        }
        self.held[mover].push(slots.to_vec());
        let mut after: Vec<usize> = took.iter().copied().flatten().collect();
        after.sort_unstable();
        after.dedup();
        self.moves.push(Move { mover, action: Action::Book, slots: slots.to_vec(), after });
        self.took.push(took);
        self.moves.len() - 1
    }

    /// Takes a place: one that has been free all along before one that had to be cleared.
    fn take(&mut self, slot: u32) -> Option<usize> {
        match self.free.get_mut(slot as usize) {
            Some(free) if *free > 0 => {
                *free -= 1;
                None
            }
            _ => self.cleared.get_mut(&slot).and_then(Vec::pop),
        }
    }

    fn cancel(&mut self, mover: usize, slots: &[u32], before: Option<usize>) -> usize {
        self.held[mover].retain(|held| held != slots);
        self.let_go(mover, slots);
        let number = self.moves.len();
        for &slot in slots {
            self.cleared.entry(slot).or_default().push(number);
        }
        let after = before.into_iter().collect();
        self.moves.push(Move { mover, action: Action::Cancel, slots: slots.to_vec(), after });
        self.took.push(Vec::new());
        number
    }

    /// Somebody is no holder of these slots, as far as no other booking of theirs has them.
    fn let_go(&mut self, mover: usize, slots: &[u32]) {
        for slot in slots {
            if !self.held[mover].iter().flatten().any(|held| held == slot)
                && let Some(holders) = self.holders.get_mut(slot)
            {
                holders.remove(&mover);
            }
        }
    }

    /// Takes back the last moves, so that so many are left.
    fn back_to(&mut self, count: usize) {
        while self.moves.len() > count {
            let (Some(last), Some(took)) = (self.moves.pop(), self.took.pop()) else { return };
            match last.action {
                Action::Book => {
                    self.held[last.mover].retain(|held| *held != last.slots);
                    self.let_go(last.mover, &last.slots);
                    for (&slot, took) in last.slots.iter().zip(took).rev() {
                        match (took, self.free.get_mut(slot as usize)) {
                            (Some(cancel), _) => self.cleared.entry(slot).or_default().push(cancel),
                            (None, Some(free)) => *free += 1,
                            (None, None) => {}
                        }
                    }
                }
                Action::Cancel => {
                    for slot in &last.slots {
                        if let Some(cleared) = self.cleared.get_mut(slot) {
                            cleared.pop();
                        }
                        self.holders.entry(*slot).or_default().insert(last.mover);
                    }
                    self.held[last.mover].push(last.slots);
                }
            }
        }
    }

    /// Carries out all that can be, the most urgent first, beginning with these.
    fn run(&mut self, mut ready: BTreeSet<usize>) {
        while let Some(mover) = ready.pop_first() {
            let target = &self.movers[mover].target;
            let has = target.is_empty() || self.held[mover].contains(target);
            let can = has || target.iter().all(|&slot| self.has_room(slot));
            if !self.pending.contains(&mover) || !can {
                continue;
            }
            let booked = (!has).then(|| self.book(mover, target));
            self.pending.remove(&mover);
            self.arrived.push(mover);
            ready.extend(self.leave(mover, booked, target));
        }
    }

    /// Cancels all that somebody holds but this, and says who waits for it.
    fn leave(&mut self, mover: usize, after: Option<usize>, kept: &[u32]) -> Vec<usize> {
        let mut waiting = Vec::new();
        let others: Vec<Vec<u32>> =
            self.held[mover].iter().filter(|held| held.as_slice() != kept).cloned().collect();
        for slots in others {
            self.cancel(mover, &slots, after);
            waiting.extend(slots.iter().filter_map(|slot| self.wanted.get(slot)).flatten().copied());
        }
        waiting
    }

    /// Carries out all that can be for those who have not arrived, and says who cannot.
    fn go_on(&mut self, spare: &mut Spare<'_>) -> BTreeMap<usize, Halt> {
        self.run(self.pending.clone());
        let mut halted: BTreeMap<usize, Halt> = BTreeMap::new();
        let mut path = Path::default();
        while let Some(&first) = self.pending.first() {
            if path.movers.is_empty() {
                path.push(first);
            }
            let stopped = match self.follow(&mut path) {
                Way::Circle(circle) => {
                    path = Path::default();
                    self.resolve(&circle, spare)
                }
                Way::End(mover) => {
                    path.pop();
                    vec![(mover, Halt::Behind)]
                }
            };
            for (mover, why) in stopped {
                self.pending.remove(&mover);
                halted.insert(mover, why);
            }
        }
        halted
    }

    /// Goes on from the last of the path to the one they wait for, until it closes or ends.
    fn follow(&self, path: &mut Path) -> Way {
        while let Some(&mover) = path.movers.last() {
            let Some(next) = self.waits_for(mover) else { return Way::End(mover) };
            if let Some(&from) = path.at.get(&next) {
                return Way::Circle(path.movers[from..].to_vec());
            }
            path.push(next);
        }
        Way::Circle(Vec::new())
    }

    /// Whose leaving somebody waits for; nobody where one of the places will never be cleared.
    fn waits_for(&self, mover: usize) -> Option<usize> {
        let mut first = None;
        for &slot in self.movers[mover].target.iter().filter(|&&slot| !self.has_room(slot)) {
            let holders = self.holders.get(&slot)?;
            let holder = holders.iter().copied().find(|holder| self.pending.contains(holder))?;
            first.get_or_insert(holder);
        }
        first
    }

    /// Breaks a circle with spare places so that all of it get where they are to be; where that cannot be, nothing is
    /// done, and those who are in the way are named.
    fn resolve(&mut self, circle: &[usize], spare: &mut Spare<'_>) -> Vec<(usize, Halt)> {
        let mark = (self.moves.len(), self.arrived.len());
        let mut now = circle.to_vec();
        let halted = loop {
            now.sort_unstable();
            if !now.iter().any(|&mover| self.step_aside(mover, spare)) {
                break now.into_iter().map(|mover| (mover, Halt::Circle)).collect();
            }
            let left = circle.iter().chain(&self.spared).find(|mover| self.pending.contains(mover));
            let Some(&left) = left else {
                self.spared.clear();
                return Vec::new();
            };
            let mut path = Path::default();
            path.push(left);
            match self.follow(&mut path) {
                Way::Circle(next) => now = next,
                Way::End(mover) => break vec![(mover, Halt::Behind)],
            }
        };
        self.back_to(mark.0);
        self.pending.extend(self.arrived.drain(mark.1..));
        self.spared.clear();
        halted
    }

    /// Somebody moves to a spare place, and all who can then move do. Nobody waits for a spare place, so whoever is in one
    /// is on no further circle.
    fn step_aside(&mut self, mover: usize, spare: &mut Spare<'_>) -> bool {
        let unwanted = |slots: &[u32]| slots.iter().all(|slot| !self.wanted.contains_key(slot));
        // What nobody wants and somebody has already is as good as a spare place: so it is after half of a circle.
        let own = self.held[mover].iter().find(|held| unwanted(held)).cloned();
        let slots = own.or_else(|| {
            let usable = |slot: u32| self.has_room(slot) && unwanted(&[slot]);
            spare(mover, &usable)
        });
        let Some(slots) = slots else { return false };
        let booked = (!self.held[mover].contains(&slots)).then(|| self.book(mover, &slots));
        self.spared.insert(mover);
        let waiting = self.leave(mover, booked, &slots);
        self.run(waiting.into_iter().collect());
        true
    }
}

#[cfg(test)]
mod tests;
