//! An instance as a 0-1 programme, once for every solver that takes rows and columns.
//!
//! A column takes an option of a job at one start. Where every appointment of a pool takes one atom, starts need no
//! columns of their own: an option can be seated if, for every union of the sets of atoms that options name, no more
//! of them are confined to it than it has atoms (Hall's theorem); whom to seat where is settled afterwards. That is
//! kind to the solvers: ten equal slots of a session are one column and not ten.

use std::collections::{BTreeMap, BTreeSet};

use rebook::solve::instance::{Answer, Choice, Instance, Lists, Spot, Tie};
use serde::{Deserialize, Serialize};

/// The most different sets of atoms in a pool for which unions are made.
const MOST_SETS: usize = 5;

/// Minimise, entry by entry, `base` plus what the chosen columns save, while every row keeps to its right-hand side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linear {
    /// By column: the job it places; -1 where it opens a group slot.
    pub jobs: Vec<i64>,
    /// By column: the option it takes; -1 where it opens a group slot.
    pub options: Vec<i64>,
    /// By column: the span of each member; empty where that is settled afterwards.
    pub spans: Vec<Vec<u32>>,
    /// The vector of leaving everybody out.
    pub base: Vec<i64>,
    /// By column: what it adds to each entry, mostly less than nothing.
    pub saves: Lists,
    /// By row: the columns with their coefficients.
    pub rows: Lists,
    /// By row: the most that it may sum to.
    pub rhs: Vec<i64>,
    /// By row: what it stands for.
    pub kinds: Vec<Kind>,
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One place for each job.
    Job,
    /// A cap, the reserve, calls.
    Limit,
    /// One appointment at each atom.
    Atom,
    /// As many in a group slot as it has places.
    Group,
    /// No more appointments inside a set of atoms than it has.
    Union,
    /// Two appointments of one patient; a link.
    Tie,
}

/// The atoms of a spot, ascending.
fn atoms(spot: &Spot) -> Vec<u16> {
    spot.spans.iter().map(|span| span.from).collect()
}

/// By pool: the different sets of atoms that spots name, where they are few and every appointment takes one atom.
fn plain_pools(instance: &Instance) -> Vec<Option<Vec<Vec<u16>>>> {
    let mut sets: Vec<Option<BTreeSet<Vec<u16>>>> = vec![Some(BTreeSet::new()); instance.pools.len()];
    // The members of a visit have places that go together, so theirs are columns of their own.
    let mut in_visits = vec![false; instance.places.len()];
    for job in (0..instance.jobs.len()).filter(|&job| instance.jobs[job].members.len() > 1) {
        let places = instance.options(job).flat_map(|option| instance.places_of(option));
        places.for_each(|place| in_visits[place as usize] = true);
    }
    for (spot, in_visit) in instance.places.iter().zip(in_visits) {
        let plain =
            !in_visit && spot.spans.iter().all(|span| span.to == span.from + 1 && span.group.is_none());
        let of_pool = &mut sets[spot.pool as usize];
        if let Some(of_pool) = of_pool.as_mut().filter(|_| plain) {
            of_pool.insert(atoms(spot));
        }
        of_pool.take_if(|of_pool| !plain || of_pool.len() > MOST_SETS);
    }
    sets.into_iter().map(|of_pool| of_pool.map(|of_pool| of_pool.into_iter().collect())).collect()
}

/// Every way to pick one of so many for each.
fn picks(counts: &[usize]) -> Vec<Vec<u32>> {
    counts.iter().fold(vec![Vec::new()], |so_far, &count| {
        let longer = |pick: &Vec<u32>, next: u32| [pick.as_slice(), &[next]].concat();
        so_far.iter().flat_map(|pick| (0..count as u32).map(move |next| longer(pick, next))).collect()
    })
}

struct Maker<'i> {
    instance: &'i Instance,
    plain: Vec<Option<Vec<Vec<u16>>>>,
    made: Linear,
    /// Columns of each option.
    columns: Vec<std::ops::Range<usize>>,
}

impl Linear {
    /// The programme of an instance.
    pub fn new(instance: &Instance) -> Self {
        let mut maker =
            Maker { instance, plain: plain_pools(instance), made: Self::default(), columns: Vec::new() };
        maker.add_columns();
        maker.jobs();
        maker.limits();
        maker.atoms();
        maker.unions();
        maker.ties();
        maker.made
    }

    /// The answer that chosen columns stand for, starts settled.
    ///
    /// # Errors
    /// Columns that are not of the programme, or that cannot be seated together.
    pub fn answer(&self, instance: &Instance, chosen: &[usize]) -> Result<Answer, String> {
        let mut answer = Answer { chosen: vec![None; instance.jobs.len()] };
        let mut to_seat: BTreeMap<u32, Vec<(usize, usize, &Spot)>> = BTreeMap::new();
        for &column in chosen {
            let options = self.options.get(column).ok_or_else(|| format!("there is no column {column}"))?;
            let (Ok(option), Ok(job)) = (usize::try_from(*options), usize::try_from(self.jobs[column]))
            else {
                continue;
            };
            let mut spans = self.spans[column].clone();
            if spans.is_empty() {
                for (member, spot) in instance.spots(option).enumerate() {
                    spans.push(0);
                    to_seat.entry(spot.pool).or_default().push((job, member, spot));
                }
            }
            answer.chosen[job] = Some(Choice { option: option as u32, spans });
        }
        for (pool, seats) in to_seat {
            let sets: Vec<Vec<u16>> = seats.iter().map(|(_, _, spot)| atoms(spot)).collect();
            let found =
                matching(&sets).ok_or_else(|| format!("pool {pool} does not hold all of its columns"))?;
            for ((job, member, _), position) in seats.iter().zip(found) {
                if let Some(choice) = &mut answer.chosen[*job] {
                    choice.spans[*member] = position as u32;
                }
            }
        }
        Ok(answer)
    }
}

/// For each set the position of an atom of its own, if there are such.
fn matching(sets: &[Vec<u16>]) -> Option<Vec<usize>> {
    fn seat(
        item: usize,
        sets: &[Vec<u16>],
        holder: &mut BTreeMap<u16, usize>,
        seen: &mut BTreeSet<u16>,
    ) -> bool {
        sets[item].iter().any(|&atom| {
            seen.insert(atom)
                && holder.get(&atom).copied().is_none_or(|other| seat(other, sets, holder, seen))
                && {
                    holder.insert(atom, item);
                    true
                }
        })
    }
    let mut holder = BTreeMap::new();
    for item in 0..sets.len() {
        if !seat(item, sets, &mut holder, &mut BTreeSet::new()) {
            return None;
        }
    }
    let position = |item: usize| sets[item].iter().position(|atom| holder.get(atom) == Some(&item));
    (0..sets.len()).map(position).collect()
}

impl Maker<'_> {
    fn add_columns(&mut self) {
        let entries = self.instance.entries.len();
        self.made.base = vec![0; entries];
        for (number, job) in self.instance.jobs.iter().enumerate() {
            self.made.base.iter_mut().zip(&job.unplaced).for_each(|(base, unplaced)| *base += unplaced);
            for option in self.instance.options(number) {
                let mut saves: Vec<i64> = job.unplaced.iter().map(|unplaced| -unplaced).collect();
                self.instance.costs.list(option).for_each(|(entry, cost)| saves[entry] += cost);
                let plain = self.instance.spots(option).all(|spot| self.plain[spot.pool as usize].is_some());
                let counts: Vec<usize> = self.instance.spots(option).map(|spot| spot.spans.len()).collect();
                let ways = if plain { vec![Vec::new()] } else { picks(&counts) };
                let first = self.made.options.len();
                for spans in ways {
                    self.made.jobs.push(number as i64);
                    self.made.options.push(option as i64);
                    self.made.spans.push(spans);
                    self.made.saves.push(saves.iter().enumerate().map(|(entry, &by)| (entry as u32, by)));
                }
                self.columns.push(first..self.made.options.len());
            }
        }
    }

    fn row(&mut self, kind: Kind, terms: impl Iterator<Item = (usize, i64)>, rhs: i64) {
        self.made.rows.push(terms.map(|(column, amount)| (column as u32, amount)));
        self.made.rhs.push(rhs);
        self.made.kinds.push(kind);
    }

    fn jobs(&mut self) {
        for job in 0..self.instance.jobs.len() {
            let options = self.instance.options(job);
            if !options.is_empty() {
                let columns = self.columns[options.start].start..self.columns[options.end - 1].end;
                self.row(Kind::Job, columns.map(|column| (column, 1)), 1);
            }
        }
    }

    /// Contacts, the reserve and calls, where all jobs together could exceed them.
    fn limits(&mut self) {
        let mut terms: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.instance.rows.len()];
        let mut most = vec![0; terms.len()];
        for job in 0..self.instance.jobs.len() {
            let mut of_job: BTreeMap<usize, i64> = BTreeMap::new();
            for option in self.instance.options(job) {
                for (row, amount) in self.instance.uses.list(option) {
                    terms[row].extend(self.columns[option].clone().map(|column| (column, amount)));
                    let largest = of_job.entry(row).or_default();
                    *largest = amount.max(*largest);
                }
            }
            for (row, amount) in of_job {
                most[row] += amount;
            }
        }
        for ((row, terms), most) in self.instance.rows.iter().zip(terms).zip(most) {
            if row.kind != "room" && most > row.rhs {
                self.row(Kind::Limit, terms.into_iter(), row.rhs);
            }
        }
    }

    /// One appointment or one open group slot at each atom; as many people in a group slot as it has places.
    fn atoms(&mut self) {
        let mut at_atom: BTreeMap<(u32, u16), BTreeSet<usize>> = BTreeMap::new();
        let mut in_group: BTreeMap<(u32, u32), (BTreeSet<u16>, Vec<usize>)> = BTreeMap::new();
        for column in 0..self.made.options.len() {
            let option = self.made.options[column] as usize;
            for (spot, &span) in self.instance.spots(option).zip(&self.made.spans[column]) {
                let span = &spot.spans[span as usize];
                if let Some(group) = span.group {
                    let (atoms, columns) = in_group.entry((spot.pool, group)).or_default();
                    atoms.extend(span.from..span.to);
                    columns.push(column);
                } else {
                    for atom in span.from..span.to {
                        at_atom.entry((spot.pool, atom)).or_default().insert(column);
                    }
                }
            }
        }
        for ((pool, group), (atoms, columns)) in in_group {
            let open = self.made.options.len();
            self.made.jobs.push(-1);
            self.made.options.push(-1);
            self.made.spans.push(Vec::new());
            self.made.saves.push(std::iter::empty());
            let places = i64::from(self.instance.pools[pool as usize].groups[group as usize]);
            // Two members of one visit may sit in one group slot: their column counts twice.
            let mut counts: BTreeMap<usize, i64> = BTreeMap::from([(open, -places)]);
            for column in columns {
                *counts.entry(column).or_default() += 1;
            }
            self.row(Kind::Group, counts.into_iter(), 0);
            for atom in atoms {
                at_atom.entry((pool, atom)).or_default().insert(open);
            }
        }
        for columns in at_atom.into_values().filter(|columns| columns.len() > 1) {
            self.row(Kind::Atom, columns.into_iter().map(|column| (column, 1)), 1);
        }
    }

    /// No more appointments inside a union of sets of atoms than it has atoms.
    fn unions(&mut self) {
        // By pool: the columns, each with the position of its set.
        let mut users: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.plain.len()];
        for column in 0..self.made.options.len() {
            let Ok(option) = usize::try_from(self.made.options[column]) else { continue };
            for spot in self.instance.spots(option) {
                let sets = self.plain[spot.pool as usize].as_ref();
                if let Some(Ok(set)) = sets.map(|sets| sets.binary_search(&atoms(spot))) {
                    users[spot.pool as usize].push((column, set));
                }
            }
        }
        let plain = std::mem::take(&mut self.plain);
        for (sets, users) in plain.iter().zip(users) {
            let sets = sets.as_deref().unwrap_or_default();
            let mut unions: BTreeSet<BTreeSet<u16>> = BTreeSet::new();
            for set in sets {
                let with = |union: &BTreeSet<u16>| union.iter().chain(set).copied().collect();
                let more: Vec<BTreeSet<u16>> = unions.iter().map(with).collect();
                unions.extend(more);
                unions.insert(set.iter().copied().collect());
            }
            for union in unions {
                let inside: Vec<bool> =
                    sets.iter().map(|set| set.iter().all(|atom| union.contains(atom))).collect();
                let columns = users.iter().filter(|(_, set)| inside[*set]).map(|(column, _)| (*column, 1));
                let columns: Vec<(usize, i64)> = columns.collect();
                if columns.len() > union.len() {
                    self.row(Kind::Union, columns.into_iter(), union.len() as i64);
                }
            }
        }
    }

    /// The columns of a request, each with the place it gives.
    fn places(&self, (job, position): (usize, usize)) -> Vec<(usize, &Spot)> {
        let of_option = |option: usize| {
            let spot = self.instance.spots(option).nth(position);
            spot.into_iter()
                .flat_map(move |spot| self.columns[option].clone().map(move |column| (column, spot)))
        };
        self.instance.options(job).flat_map(of_option).collect()
    }

    fn ties(&mut self) {
        let mut seat_of = vec![(0, 0); self.instance.requests.len()];
        for (number, job) in self.instance.jobs.iter().enumerate() {
            for (position, &member) in job.members.iter().enumerate() {
                seat_of[member as usize] = (number, position);
            }
        }
        for tie in &self.instance.ties {
            let (first, second) = tie.ends();
            let (first, second) = (seat_of[first as usize], seat_of[second as usize]);
            // Links inside a visit are kept by each of its options.
            if first.0 != second.0 {
                self.tie(tie, first, second);
            }
        }
    }

    /// For each appointment that the one can have, all its columns at once: against what clashes with it, or only
    /// with what it may come after.
    fn tie(&mut self, tie: &Tie, first: (usize, usize), second: (usize, usize)) {
        let (before, after) = (self.places(first), self.places(second));
        let link = matches!(tie, Tie::Link { .. });
        let (own, facing) = if link { (&after, &before) } else { (&before, &after) };
        let key = |spot: &Spot| (spot.begin, spot.end, spot.day, spot.site, spot.in_person);
        let mut by_appointment: BTreeMap<_, (&Spot, Vec<usize>)> = BTreeMap::new();
        for (column, spot) in own {
            by_appointment.entry(key(spot)).or_insert((spot, Vec::new())).1.push(*column);
        }
        let mut rows: Vec<Vec<(usize, i64)>> = Vec::new();
        for (spot, columns) in by_appointment.values() {
            let matters = |other: &Spot| {
                if link {
                    self.instance.keeps(tie, Some(other), Some(spot))
                } else {
                    !self.instance.keeps(tie, Some(spot), Some(other))
                }
            };
            let those = facing.iter().filter(|(_, other)| matters(other));
            let those: Vec<usize> = those.map(|(column, _)| *column).collect();
            if link || !those.is_empty() {
                let sign = if link { -1 } else { 1 };
                let columns = columns.iter().map(|&column| (column, 1));
                rows.push(columns.chain(those.into_iter().map(|column| (column, sign))).collect());
            }
        }
        for terms in rows {
            self.row(Kind::Tie, terms.into_iter(), i64::from(!link));
        }
    }
}
