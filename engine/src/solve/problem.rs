//! One independent part of a case as the solver sees it: jobs that choose among options, rows that the options
//! share, and pools in which the starts must fit side by side.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::candidates::Run;
use crate::prepare::PlannedIdx;
use crate::units::{SiteIdx, SlotIdx};

/// A request, or the members of one visit: placed together or not at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Job {
    /// Who.
    pub members: Vec<PlannedIdx>,
    /// What leaving them out adds to the vector.
    pub unplaced: Cost,
    /// Coefficients of leaving them out: in branching rows alone.
    pub unplaced_uses: SmallVec<[(u32, i64); 2]>,
    /// Whether leaving them out has been ruled out.
    pub required: bool,
    /// Ascending by cost; ties by session and start.
    pub options: Vec<JobOption>,
    /// Rows in which an option has a coefficient below zero, with the largest of these without sign: prices can make
    /// options cheaper than their cost by that.
    pub gives: Given,
    /// Whether "unplaced" is in the basis to begin with.
    pub basic: bool,
}

/// The rows in which the options of a job have coefficients below zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Given(SmallVec<[(u32, i64); 2]>);

impl Given {
    /// Takes note of what an option has in a row.
    pub fn note(&mut self, row: u32, amount: i64) {
        match self.0.iter_mut().find(|(known, _)| *known == row) {
            Some((_, most)) => *most = (-amount).max(*most),
            None if amount < 0 => self.0.push((row, -amount)),
            None => {}
        }
    }

    /// Each row with the largest amount.
    pub fn iter(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        self.0.iter().copied()
    }
}

impl Job {
    /// How many positions there are: the options, and "unplaced" after the last one unless it is ruled out.
    pub fn positions(&self) -> usize {
        self.options.len() + usize::from(!self.required)
    }
}

/// A vector; in place for policies of up to six ranks, with an entry for moves.
pub(super) type Cost = SmallVec<[i64; 15]>;

/// One way to place a job.
#[derive(Debug, Clone)]
pub(super) struct JobOption {
    /// What it adds to the vector.
    pub cost: Cost,
    /// Coefficients in rows, ascending by row.
    pub uses: SmallVec<[(u32, i64); 8]>,
    /// Where each member goes, in the order of the members.
    pub places: SmallVec<[Place; 1]>,
    /// Whether it is in the basis to begin with.
    pub basic: bool,
}

impl JobOption {
    /// How many ways there are to pick a start of each place.
    pub fn picks(&self) -> usize {
        self.places.iter().map(|place| place.spans.len()).product()
    }

    /// The span of each place in one of these ways, which count up the starts of the first place first.
    pub fn picked(&self, mut pick: usize) -> impl Iterator<Item = usize> + use<'_> {
        self.places.iter().map(move |place| {
            let at = pick % place.spans.len();
            pick /= place.spans.len();
            at
        })
    }

    /// The way that has these spans.
    pub fn pick_of(&self, spans: impl DoubleEndedIterator<Item = usize>) -> usize {
        let last_first = spans.rev().zip(self.places.iter().rev());
        last_first.fold(0, |pick, (at, place)| pick * place.spans.len() + at)
    }
}

/// Where one member goes: one of these spans of a pool.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Who.
    pub member: PlannedIdx,
    /// Position of the offer among the member's offers.
    pub offer: u32,
    /// The pool.
    pub pool: u32,
    /// Equally good starts, ascending.
    pub spans: Arc<[Span]>,
    /// The appointment at the first of them.
    pub appointment: Appointment,
}

/// What ties ask of an appointment. Times count in seconds, so that comparing them costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Appointment {
    /// Local time.
    pub start: i64,
    /// Local time.
    pub end: i64,
    /// Days from the plan's start.
    pub day: i64,
    /// Where.
    pub site: SiteIdx,
    /// Whether the patient comes to the site.
    pub in_person: bool,
}

/// A run of slots as a range of the atoms of its pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Span {
    /// First atom.
    pub from: u16,
    /// After the last atom.
    pub to: u16,
    /// The group slot that it shares with others, if it is one.
    pub group: Option<SlotIdx>,
    /// The slots.
    pub run: Run,
}

/// The slots of one practitioner that compete for the same time: those of a sitting, and of further sittings
/// that overlap it. An atom is the start of a slot; two runs overlap exactly where they share an atom.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// People that fit at each atom: 1, or the places of a group slot.
    pub capacity: Vec<u32>,
    /// Whether each atom starts a new chain, so that no run crosses into it from the one before.
    pub chain_start: Vec<bool>,
    /// Made of sessions that overlap in time, so that an atom may belong to several slots.
    pub merged: bool,
    /// Places of each group slot.
    pub groups: Vec<(SlotIdx, u32)>,
}

/// A limit that options share: the sum of coefficients is at most `rhs`.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The limit, never negative.
    pub rhs: i64,
    /// What it stands for.
    pub kind: RowKind,
    /// Whether its slack is in the basis to begin with.
    pub basic: bool,
}

impl Row {
    /// A limit of which nothing is known.
    pub fn new(rhs: i64, kind: RowKind) -> Self {
        Self { rhs, kind, basic: false }
    }
}

/// What a row stands for, for explanations and for the design notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowKind {
    /// Contacts of a practitioner or a session.
    Cap,
    /// The reserve.
    Reserve,
    /// Calls.
    Calls,
    /// Room in a pool.
    Pool,
    /// Starts that do not fit together.
    Cover,
    /// Two appointments of one patient.
    Patient,
    /// A link.
    Link,
    /// A branching decision: it holds in some nodes only.
    Branch,
    /// A row that has done its work and is left out from now on.
    Idle,
}

impl RowKind {
    /// Whether every plan keeps rows of this kind as they are; others are asked elsewhere.
    pub fn is_limit(self) -> bool {
        !matches!(self, Self::Patient | Self::Link | Self::Branch | Self::Idle)
    }
}

/// Two jobs that are tied by something else than a shared limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// Both are for the same patient: they may not overlap.
    Patient {
        /// One request.
        first: PlannedIdx,
        /// The other.
        second: PlannedIdx,
    },
    /// The second comes after the first.
    Link {
        /// The one before.
        first: PlannedIdx,
        /// The one after.
        second: PlannedIdx,
        /// At least so many days.
        min_days: u32,
        /// At most so many days.
        max_days: u32,
    },
}

impl Tie {
    /// Whom it ties.
    pub fn ends(&self) -> (PlannedIdx, PlannedIdx) {
        match *self {
            Self::Patient { first, second } | Self::Link { first, second, .. } => (first, second),
        }
    }
}

/// One independent part of a case.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem {
    /// Entries of the vector.
    pub entries: usize,
    /// So many of them, from the first on, are proven to be the best possible in the plan at hand.
    pub settled: usize,
    /// Ascending by first member.
    pub jobs: Vec<Job>,
    /// Limits that could bind.
    pub rows: Vec<Row>,
    /// Where starts must fit.
    pub pools: Vec<Pool>,
    /// Ties between jobs.
    pub ties: Vec<Tie>,
    /// Seconds between two appointments of one patient at different sites.
    pub travel: i64,
}

/// By job: the option and a span of each place; none = unplaced.
pub(super) type Chosen = Vec<Option<(usize, Vec<usize>)>>;

/// Which option each job takes, and which span each of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    /// The choices.
    pub chosen: Chosen,
    /// The vector.
    pub value: Vec<i64>,
}

impl Assignment {
    /// The option of each job.
    pub fn options(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        options(&self.chosen)
    }
}

/// The option of each job.
pub(super) fn options(chosen: &Chosen) -> impl Iterator<Item = Option<usize>> + '_ {
    chosen.iter().map(|choice| choice.as_ref().map(|(option, _)| *option))
}

impl Problem {
    /// The least that each entry can be, each on its own: what jobs add at least holds for every plan.
    pub fn least(&self) -> Vec<i64> {
        let mut sum = vec![0; self.entries];
        for job in &self.jobs {
            let mut least = job.unplaced.clone();
            for option in &job.options {
                for (least, &cost) in least.iter_mut().zip(&option.cost) {
                    *least = cost.min(*least);
                }
            }
            add(&mut sum, &least);
        }
        sum
    }

    /// The vector of these choices.
    pub fn value(&self, options: impl Iterator<Item = Option<usize>>) -> Vec<i64> {
        let mut value = vec![0; self.entries];
        for (job, choice) in self.jobs.iter().zip(options) {
            let cost = choice.map_or(&job.unplaced, |option| &job.options[option].cost);
            add(&mut value, cost);
        }
        value
    }
}

/// Adds one vector to another.
pub(super) fn add(sum: &mut [i64], cost: &[i64]) {
    for (sum, cost) in sum.iter_mut().zip(cost) {
        *sum += cost;
    }
}

/// The greatest common divisor; that of 0 and a number is the number.
pub(super) fn gcd(a: i64, b: i64) -> i64 {
    match (a, b) {
        (a, 0) => a.abs(),
        // Mostly one divisor meets many of its multiples.
        (a, b) if a != 0 && b % a == 0 => a.abs(),
        (a, b) => gcd(b, a % b),
    }
}
