//! Who is where, with the very start of each: what every question of the repair is put to.
//!
//! Some jobs may be *loose*: to be displaced, if need be, for the sake of the entry that is being lowered. Questions
//! are asked beside everybody or beside those who are firm.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::solve::pack::{Packing, pack_within};
use crate::solve::problem::{Assignment, Cost, JobOption, Place, Pool, Problem, Span, add};
use crate::solve::ties::Ties;
use crate::units::SlotIdx;

/// Steps of a search for other starts: far more than most need, and soon made.
const PACKING: u64 = 10_000;

/// One way to place a job: an option, and which of the equally good starts (those of a visit as one number).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::solve) struct Way {
    pub option: usize,
    pub pick: usize,
}

/// Who counts as being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::solve) enum Beside {
    /// Everybody who is placed.
    All,
    /// Only those who may not be displaced.
    Firm,
}

/// A job at an atom of a pool, with the group slot that it shares there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holder {
    job: usize,
    group: Option<SlotIdx>,
}

pub(in crate::solve) struct Board<'p> {
    pub problem: &'p Problem,
    pub ties: &'p Ties,
    /// The vector of the plan.
    pub value: Vec<i64>,
    ways: Vec<Option<Way>>,
    used: Vec<i64>,
    /// What those use who are not loose.
    firm: Vec<i64>,
    loose: Vec<bool>,
    /// By row.
    users: Vec<BTreeSet<usize>>,
    /// By pool and atom.
    holders: Vec<Vec<Vec<Holder>>>,
    /// Pools whose packing was once too hard to decide: not asked again.
    hard: BTreeSet<u32>,
}

impl<'p> Board<'p> {
    pub fn new(problem: &'p Problem, ties: &'p Ties, plan: &Assignment) -> Self {
        let mut board = Self {
            problem,
            ties,
            value: problem.value(std::iter::repeat_n(None, problem.jobs.len())),
            ways: vec![None; problem.jobs.len()],
            used: vec![0; problem.rows.len()],
            firm: vec![0; problem.rows.len()],
            loose: vec![false; problem.jobs.len()],
            users: vec![BTreeSet::new(); problem.rows.len()],
            holders: problem.pools.iter().map(|pool| vec![Vec::new(); pool.capacity.len()]).collect(),
            hard: BTreeSet::new(),
        };
        for (job, choice) in plan.chosen.iter().enumerate() {
            if let Some((option, spans)) = choice {
                let pick = problem.jobs[job].options[*option].pick_of(spans.iter().copied());
                board.put(job, Way { option: *option, pick });
            }
        }
        board
    }

    /// The plan as it stands.
    pub fn assignment(&self) -> Assignment {
        let choice = |(job, way): (usize, &Option<Way>)| {
            let way = (*way)?;
            Some((way.option, self.option(job, way).picked(way.pick).collect()))
        };
        Assignment { chosen: self.ways.iter().enumerate().map(choice).collect(), value: self.value.clone() }
    }

    pub fn way(&self, job: usize) -> Option<Way> {
        self.ways[job]
    }

    pub fn is_loose(&self, job: usize) -> bool {
        self.loose[job]
    }

    fn option(&self, job: usize, way: Way) -> &'p JobOption {
        &self.problem.jobs[job].options[way.option]
    }

    /// What a job adds to the vector now.
    pub fn cost(&self, job: usize) -> &'p [i64] {
        match self.ways[job] {
            Some(way) => &self.option(job, way).cost,
            None => &self.problem.jobs[job].unplaced,
        }
    }

    /// Options that cost less than this, in their order.
    pub fn cheaper(&self, job: usize, cost: &[i64]) -> Range<usize> {
        0..self.problem.jobs[job].options.partition_point(|option| option.cost.as_slice() < cost)
    }

    /// The ways to take an option.
    pub fn ways_of(&self, job: usize, option: usize) -> impl Iterator<Item = Way> + use<> {
        (0..self.problem.jobs[job].options[option].picks()).map(move |pick| Way { option, pick })
    }

    /// The pool and the span of each place.
    fn spans(&self, job: usize, way: Way) -> impl Iterator<Item = (usize, &'p Span)> + use<'p> {
        let option = self.option(job, way);
        let spans = option.places.iter().zip(option.picked(way.pick));
        spans.map(|(place, at)| (place.pool as usize, &place.spans[at]))
    }

    /// Places an unplaced job, whether or not it fits.
    pub fn put(&mut self, job: usize, way: Way) {
        let option = self.option(job, way);
        for &(row, amount) in &option.uses {
            self.used[row as usize] += amount;
            if !self.loose[job] {
                self.firm[row as usize] += amount;
            }
            self.users[row as usize].insert(job);
        }
        for (value, (cost, unplaced)) in
            self.value.iter_mut().zip(option.cost.iter().zip(&self.problem.jobs[job].unplaced))
        {
            *value += cost - unplaced;
        }
        for (pool, span) in self.spans(job, way) {
            for atom in span.from..span.to {
                self.holders[pool][atom as usize].push(Holder { job, group: span.group });
            }
        }
        self.ways[job] = Some(way);
    }

    /// Takes a job out of its place; says where it was.
    pub fn lift(&mut self, job: usize) -> Option<Way> {
        let way = self.ways[job].take()?;
        let option = self.option(job, way);
        for &(row, amount) in &option.uses {
            self.used[row as usize] -= amount;
            if !self.loose[job] {
                self.firm[row as usize] -= amount;
            }
            self.users[row as usize].remove(&job);
        }
        for (value, (cost, unplaced)) in
            self.value.iter_mut().zip(option.cost.iter().zip(&self.problem.jobs[job].unplaced))
        {
            *value -= cost - unplaced;
        }
        for (pool, span) in self.spans(job, way) {
            for atom in span.from..span.to {
                self.holders[pool][atom as usize].retain(|holder| holder.job != job);
            }
        }
        Some(way)
    }

    /// Says whether a job may be displaced from now on.
    pub fn set_loose(&mut self, job: usize, loose: bool) {
        if self.loose[job] == loose {
            return;
        }
        self.loose[job] = loose;
        if let Some(way) = self.ways[job] {
            for &(row, amount) in &self.option(job, way).uses {
                self.firm[row as usize] += if loose { -amount } else { amount };
            }
        }
    }

    /// Whether the limits have room for an option of an unplaced job, and its ties allow it.
    pub fn allows(&self, job: usize, option: usize, beside: Beside) -> bool {
        self.within_limits(job, option, beside)
            && self.ties.allow(self.problem, job, option, |end| self.chosen(end, beside))
    }

    /// Whether the limits have room for an option of an unplaced job.
    pub fn within_limits(&self, job: usize, option: usize, beside: Beside) -> bool {
        let used = if beside == Beside::All { &self.used } else { &self.firm };
        let uses = &self.problem.jobs[job].options[option].uses;
        uses.iter().all(|&(row, amount)| used[row as usize] + amount <= self.problem.rows[row as usize].rhs)
    }

    fn chosen(&self, job: usize, beside: Beside) -> Option<usize> {
        let there = beside == Beside::All || !self.loose[job];
        self.ways[job].filter(|_| there).map(|way| way.option)
    }

    /// How much of a row is used.
    pub fn used(&self, row: usize) -> i64 {
        self.used[row]
    }

    /// A pool with what is left of it beside everybody who is there.
    pub fn pool_left(&self, pool: usize) -> Pool {
        let mut left = self.problem.pools[pool].clone();
        for (capacity, holders) in left.capacity.iter_mut().zip(&self.holders[pool]) {
            if let Some(holder) = holders.first() {
                *capacity = self.places(pool, holder.group).saturating_sub(holders.len()) as u32;
            }
        }
        for (slot, places) in &mut left.groups {
            let there = |atom: &Vec<Holder>| atom.iter().filter(|holder| holder.group == Some(*slot)).count();
            *places -= (*places).min(self.holders[pool].iter().map(there).max().unwrap_or(0) as u32);
        }
        left
    }

    /// Whether the very starts of a way are free for an unplaced job.
    pub fn has_room(&self, job: usize, way: Way, beside: Beside) -> bool {
        !self.is_twice(job, way)
            && self.spans(job, way).all(|(pool, span)| {
                let own = self.sharers_in(job, way, span.group);
                (span.from..span.to).all(|atom| {
                    let mut there = own;
                    for holder in &self.holders[pool][atom as usize] {
                        if beside == Beside::Firm && self.loose[holder.job] {
                            continue;
                        }
                        if span.group.is_none() || holder.group != span.group {
                            return false;
                        }
                        there += 1;
                    }
                    there <= self.places(pool, span.group)
                })
            })
    }

    /// Whether a way puts two members of a visit into the same time of the same sitting.
    fn is_twice(&self, job: usize, way: Way) -> bool {
        self.spans(job, way).enumerate().any(|(at, (pool, span))| {
            self.spans(job, way).take(at).any(|(other_pool, other)| {
                let shared = span.group.is_some() && span.group == other.group;
                pool == other_pool && !shared && span.from < other.to && other.from < span.to
            })
        })
    }

    /// How many members a way puts into one group slot.
    fn sharers_in(&self, job: usize, way: Way, group: Option<SlotIdx>) -> usize {
        if group.is_none() { 1 } else { self.spans(job, way).filter(|(_, span)| span.group == group).count() }
    }

    fn places(&self, pool: usize, group: Option<SlotIdx>) -> usize {
        let Some(slot) = group else { return 1 };
        let groups = &self.problem.pools[pool].groups;
        groups.iter().find(|(own, _)| *own == slot).map_or(0, |&(_, places)| places as usize)
    }

    /// A free way among these options of an unplaced job, the cheapest first.
    pub fn free_way(&self, job: usize, options: Range<usize>) -> Option<Way> {
        options
            .filter(|&option| self.allows(job, option, Beside::All))
            .flat_map(|option| self.ways_of(job, option))
            .find(|&way| self.has_room(job, way, Beside::All))
    }

    /// Places an unplaced job in the cheapest of these options that fits, the starts of others moved among equally
    /// good ones where that makes room.
    pub fn seat(&mut self, job: usize, options: Range<usize>) -> bool {
        for option in options {
            if !self.allows(job, option, Beside::All) {
                continue;
            }
            let free = self.ways_of(job, option).find(|&way| self.has_room(job, way, Beside::All));
            let way = free.or_else(|| self.squeeze_in(job, option));
            if let Some(way) = way {
                self.put(job, way);
                return true;
            }
        }
        false
    }

    /// Makes room for an option of a single request by moving starts of others in its pool, where it can.
    fn squeeze_in(&mut self, job: usize, option: usize) -> Option<Way> {
        let [own] = self.problem.jobs[job].options[option].places.as_slice() else { return None };
        if self.hard.contains(&own.pool) {
            return None;
        }
        let there: BTreeSet<usize> =
            self.holders[own.pool as usize].iter().flatten().map(|holder| holder.job).collect();
        // The members of a visit stay where they are.
        let mut items: Vec<(usize, &[Span])> = Vec::new();
        for &other in &there {
            let Some(way) = self.ways[other] else { continue };
            let option = self.option(other, way);
            let single = option.places.len() == 1;
            let spans = option.places.iter().zip(option.picked(way.pick));
            let in_pool = spans.filter(|(place, _)| place.pool == own.pool);
            let free = |(place, at): (&'p Place, usize)| {
                (other, if single { &place.spans[..] } else { &place.spans[at..=at] })
            };
            items.extend(in_pool.map(free));
        }
        items.push((job, &own.spans));
        let spans: Vec<&[Span]> = items.iter().map(|item| item.1).collect();
        let picks = match pack_within(&self.problem.pools[own.pool as usize], &spans, PACKING) {
            Packing::Fits(picks) => picks,
            Packing::Never => return None,
            Packing::Unknown => {
                self.hard.insert(own.pool);
                return None;
            }
        };
        let mut moved = Vec::new();
        for (&(other, _), &pick) in items.iter().zip(&picks) {
            let single = |way: &Way| self.option(other, *way).places.len() == 1;
            if let Some(way) = self.ways[other].filter(|way| way.pick != pick && single(way)) {
                self.lift(other);
                moved.push((other, Way { pick, ..way }));
            }
        }
        for (other, way) in moved {
            self.put(other, way);
        }
        picks.last().map(|&pick| Way { option, pick })
    }

    /// Puts several jobs elsewhere at once, if all of them fit then; else nothing changes.
    pub fn change(&mut self, moves: &[(usize, Way)]) -> bool {
        let before: Vec<(usize, Option<Way>)> = moves.iter().map(|&(job, _)| (job, self.lift(job))).collect();
        let mut fits = true;
        for &(job, way) in moves {
            fits = fits
                && self.within_limits(job, way.option, Beside::All)
                && self.has_room(job, way, Beside::All);
            self.put(job, way);
        }
        // Only now: they may be tied to one another.
        fits = fits
            && moves.iter().all(|&(job, way)| {
                self.ties.allow(self.problem, job, way.option, |end| self.chosen(end, Beside::All))
            });
        if !fits {
            for (job, way) in before {
                self.lift(job);
                if let Some(way) = way {
                    self.put(job, way);
                }
            }
        }
        fits
    }

    /// Everybody to displace so that an unplaced job can have a way that fits beside the firm: who holds its starts,
    /// who is tied to it otherwise, who leaves its limits no room, and those who come after any of these.
    pub fn victims(&self, job: usize, way: Way) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (pool, span) in self.spans(job, way) {
            let room = self.places(pool, span.group).saturating_sub(self.sharers_in(job, way, span.group));
            for atom in span.from..span.to {
                let holders = &self.holders[pool][atom as usize];
                let shares = |holder: &&Holder| span.group.is_some() && holder.group == span.group;
                for holder in holders.iter().filter(|holder| !shares(holder)) {
                    self.add_with_followers(holder.job, &mut found);
                }
                loop {
                    let there = holders.iter().filter(shares).map(|holder| holder.job);
                    let there: Vec<usize> = there.filter(|other| !found.contains(other)).collect();
                    if there.len() <= room {
                        break;
                    }
                    let Some(other) = self.least_harm(there.into_iter()) else { break };
                    self.add_with_followers(other, &mut found);
                }
            }
        }
        let end = |end: usize| self.chosen(end, Beside::All);
        for other in self.ties.refusing(self.problem, job, way.option, end) {
            self.add_with_followers(other, &mut found);
        }
        for &(row, amount) in &self.option(job, way).uses {
            let row = row as usize;
            let leaving: i64 = found.iter().map(|&other| self.use_of(other, row)).sum();
            let mut excess = self.used[row] + amount - self.problem.rows[row].rhs - leaving;
            while excess > 0 {
                let there = self.users[row].iter().copied().filter(|other| !found.contains(other));
                let Some(other) = self.least_harm(there) else { break };
                let before: Vec<usize> = found.iter().copied().collect();
                self.add_with_followers(other, &mut found);
                let new = found.iter().filter(|other| before.binary_search(other).is_err());
                excess -= new.map(|&other| self.use_of(other, row)).sum::<i64>();
            }
        }
        found
    }

    fn use_of(&self, job: usize, row: usize) -> i64 {
        let Some(way) = self.ways[job] else { return 0 };
        let uses = self.option(job, way).uses.iter();
        uses.filter(|(own, _)| *own as usize == row).map(|&(_, amount)| amount).sum()
    }

    fn add_with_followers(&self, job: usize, found: &mut BTreeSet<usize>) {
        if self.ways[job].is_some() && found.insert(job) {
            for after in self.ties.after(job) {
                self.add_with_followers(after, found);
            }
        }
    }

    /// Who of these who are loose adds least to the vector when left out.
    fn least_harm(&self, jobs: impl Iterator<Item = usize>) -> Option<usize> {
        jobs.filter(|&job| self.loose[job]).min_by(|&a, &b| self.harm(a).cmp(self.harm(b)).then(a.cmp(&b)))
    }

    fn harm(&self, job: usize) -> impl Iterator<Item = i64> + use<'p> {
        let (unplaced, cost) = (&self.problem.jobs[job].unplaced, self.cost(job));
        unplaced.iter().zip(cost).map(|(unplaced, cost)| unplaced - cost)
    }

    /// What a way of an unplaced job adds to the vector while these are left out.
    pub fn burden(&self, job: usize, way: Way, victims: &BTreeSet<usize>) -> Cost {
        let mut sum = self.option(job, way).cost.clone();
        for &victim in victims {
            let harm: Vec<i64> = self.harm(victim).collect();
            add(&mut sum, &harm);
        }
        sum
    }
}
