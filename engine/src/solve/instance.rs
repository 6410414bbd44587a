//! A case as a problem of numbers that other solvers can be given: an exact model of what is chosen, what it costs and
//! what must not happen, without a word about how it is solved; and the check of an answer to it.
//!
//! `benches/peers/` hands it to general solvers and compares them with this one. Options, offers and dates have become
//! numbers by then, so that everybody begins at the same line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::branch::Budget;
use super::build::{Built, build};
use super::limits::Limits;
use super::problem::{Place, RowKind, Tie as ProblemTie};
use super::watch::{AreaWatch, Watch};
use super::{Effort, Entry, strategy};
use crate::candidates::Context;
use crate::objective::Layout;
use crate::prepare::{Planned, PlannedIdx, Prepared};
use crate::units::Rank;

/// What is to be solved. Each job takes one of its options or none; every number counts from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Names of the entries of the vector, in the order in which they are minimised.
    pub entries: Vec<String>,
    /// Who is to be placed, as a spreadsheet would show them.
    pub requests: Vec<Request>,
    /// Who is placed together or not at all.
    pub jobs: Vec<Job>,
    /// By option: what it adds to each entry; entries to which it adds nothing are left out.
    pub costs: Lists,
    /// By option: how much it uses of each row.
    pub uses: Lists,
    /// By option: where its spots end in `spots`; they begin where those of the option before end.
    pub spot_ends: Vec<u32>,
    /// A place for each member of the job, in their order, option after option: positions in `places`.
    pub spots: Vec<u32>,
    /// The places, each as often used as wanted.
    pub places: Vec<Spot>,
    /// Where starts must fit side by side.
    pub pools: Vec<Pool>,
    /// Limits: the uses of the chosen options sum to at most `rhs`.
    pub rows: Vec<Row>,
    /// What else ties two requests; they may be of one job.
    pub ties: Vec<Tie>,
    /// Seconds between two appointments of one patient, both in person, at different sites.
    pub travel: i64,
    /// Days from the plan's start on which whoever is unplaced counts as seen.
    pub unplaced_day: i64,
}

/// A request. Nothing but its number is needed to solve the instance; a greedy pass sorts by the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: String,
    /// Code of its tier.
    pub tier: String,
    /// From 1.
    pub rank: u32,
    /// Days from the plan's start to its target.
    pub target: i64,
    /// Days from the plan's start to the day since which it has waited, mostly below zero.
    pub waiting_since: i64,
}

/// Who is placed together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Requests.
    pub members: Vec<u32>,
    /// What leaving them out adds to each entry.
    pub unplaced: Vec<i64>,
    /// After its last option; the first one follows the last of the job before.
    pub options_end: u32,
}

/// Many short lists of pairs of a number and an amount, laid end to end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lists {
    /// Where each list ends; it begins where the one before ends.
    pub ends: Vec<u32>,
    /// The numbers.
    pub of: Vec<u32>,
    /// The amounts, never 0.
    pub amounts: Vec<i64>,
}

/// Where one member goes: one of the spans of a pool, all equally good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// The pool.
    pub pool: u32,
    /// The starts, ascending.
    pub spans: Vec<Span>,
    /// Seconds at which the appointment begins at the first span. Only ties ask; where the hour matters, there is no
    /// other span.
    pub begin: i64,
    /// Seconds at which it ends then.
    pub end: i64,
    /// Days from the plan's start.
    pub day: i64,
    /// Site.
    pub site: u32,
    /// Whether the patient comes to the site.
    pub in_person: bool,
}

/// A range of the atoms of a pool. No two appointments may cover the same atom, but in the same group slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First atom.
    pub from: u16,
    /// After the last atom.
    pub to: u16,
    /// Position of the group slot among those of the pool, if it is one.
    pub group: Option<u32>,
    /// Seconds at which it begins.
    pub begin: i64,
}

/// The slots of one practitioner that compete for the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// People that fit at each atom: 1, or the places of a group slot.
    pub capacity: Vec<u32>,
    /// Places of each group slot.
    pub groups: Vec<u32>,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The most that may be used.
    pub rhs: i64,
    /// `cap`, `reserve`, `calls`; `room` follows from the spans and only strengthens a relaxation.
    pub kind: String,
}

/// What ties two requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tie", rename_all = "lowercase")]
pub enum Tie {
    /// One patient: if both are placed, they do not overlap, with time to travel between.
    Patient {
        /// One request.
        first: u32,
        /// The other.
        second: u32,
    },
    /// The second is placed only if the first is, so many days after it, and not before it has ended.
    Link {
        /// The one before.
        first: u32,
        /// The one after.
        second: u32,
        /// At least so many days.
        min_days: u32,
        /// At most so many days.
        max_days: u32,
    },
}

/// A solver's answer: the choice of each job; none = unplaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// By job.
    pub chosen: Vec<Option<Choice>>,
}

/// What a job takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Number of the option among all of the instance.
    pub option: u32,
    /// Position of the span of each member among those of its spot.
    pub spans: Vec<u32>,
}

/// What this solver finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Values and bounds of the vector.
    pub entries: Vec<Entry>,
    /// The choices.
    pub answer: Answer,
    /// Branch-and-bound nodes looked at.
    pub nodes: u64,
    /// Simplex pivots made.
    pub pivots: u64,
}

/// A case whose problem is in memory: the line from which solvers are timed.
pub struct Ready<'a> {
    context: &'a Context<'a>,
    prepared: &'a Prepared,
    layout: Layout,
    built: Built,
}

impl<'a> Ready<'a> {
    /// Builds the problem of a case.
    pub fn new(context: &'a Context<'a>, prepared: &'a Prepared) -> Self {
        let layout = Layout::new(prepared);
        let built = build(context, prepared, layout, &Limits::new(context));
        Self { context, prepared, layout, built }
    }

    /// The problem for others.
    pub fn instance(&self) -> Instance {
        let (problem, policy) = (&self.built.problem, &self.context.case.policy);
        let mut places: BTreeMap<Spot, u32> = BTreeMap::new();
        let mut found = Instance {
            entries: names(self.layout),
            requests: self.prepared.requests.iter().map(|planned| self.request(planned)).collect(),
            jobs: Vec::with_capacity(problem.jobs.len()),
            costs: Lists::default(),
            uses: Lists::default(),
            spot_ends: Vec::new(),
            spots: Vec::new(),
            places: Vec::new(),
            pools: Vec::with_capacity(problem.pools.len()),
            rows: problem
                .rows
                .iter()
                .map(|row| Row { rhs: row.rhs, kind: kind(row.kind).to_owned() })
                .collect(),
            ties: problem.ties.iter().map(Tie::from).collect(),
            travel: problem.travel,
            unplaced_day: policy.unplaced_day(),
        };
        for job in &problem.jobs {
            for option in &job.options {
                let costs = option.cost.iter().enumerate();
                found.costs.push(costs.map(|(entry, &cost)| (entry as u32, cost)));
                found.uses.push(option.uses.iter().copied());
                for place in &option.places {
                    let next = places.len() as u32;
                    found.spots.push(*places.entry(self.spot(place)).or_insert(next));
                }
                found.spot_ends.push(found.spots.len() as u32);
            }
            let members = job.members.iter().map(|member| member.0).collect();
            let options_end = found.spot_ends.len() as u32;
            found.jobs.push(Job { members, unplaced: job.unplaced.to_vec(), options_end });
        }
        for pool in &problem.pools {
            let groups = pool.groups.iter().map(|group| group.1).collect();
            found.pools.push(Pool { capacity: pool.capacity.clone(), groups });
        }
        let mut in_order: Vec<(Spot, u32)> = places.into_iter().collect();
        in_order.sort_unstable_by_key(|(_, number)| *number);
        found.places = in_order.into_iter().map(|(spot, _)| spot).collect();
        found
    }

    fn request(&self, planned: &Planned) -> Request {
        let policy = &self.context.case.policy;
        let request = self.context.request(planned);
        let days = |date: NaiveDate| (date - policy.start).num_days();
        let cancelled = request.original_start.map(|start| start.date());
        let since = request.waiting_since.or(cancelled);
        Request {
            id: request.request_id.clone(),
            tier: policy.tiers[planned.tier.index()].code.clone(),
            rank: planned.rank.0,
            target: days(planned.target),
            waiting_since: since.map_or(0, days),
        }
    }

    fn spot(&self, place: &Place) -> Spot {
        let groups = &self.built.problem.pools[place.pool as usize].groups;
        let spans = place.spans.iter().map(|span| Span {
            from: span.from,
            to: span.to,
            group: span.group.and_then(|slot| groups.iter().position(|of| of.0 == slot)).map(|at| at as u32),
            begin: self.context.case.slots[span.run.first.index()].start.and_utc().timestamp(),
        });
        let at = &place.appointment;
        Spot {
            pool: place.pool,
            spans: spans.collect(),
            begin: at.start,
            end: at.end,
            day: at.day,
            site: at.site.0,
            in_person: at.in_person,
        }
    }

    /// Solves it. What is not proven when the effort is spent is handed out as it is: no repair, as from other solvers.
    pub fn solve(self, effort: Effort<'_>) -> Found {
        let Self { context, prepared, built: Built { problem, .. }, .. } = self;
        let mut first_options = vec![0];
        first_options.extend(problem.jobs.iter().scan(0, |sum, job| {
            *sum += job.options.len();
            Some(*sum)
        }));
        let watch = Watch::new(prepared.requests.len(), 1, &|_| ());
        let requests: Vec<PlannedIdx> = prepared.iter().map(|(index, _)| index).collect();
        let watch = AreaWatch { watch: &watch, context, prepared, requests: &requests };
        let budget = Budget { pivots: effort.pivots, stop: effort.stop, watch };
        let solved = strategy::solve(&problem, budget, None);
        let choice = |((option, spans), first): (&(usize, Vec<usize>), &usize)| Choice {
            option: (first + option) as u32,
            spans: spans.iter().map(|&span| span as u32).collect(),
        };
        let chosen = solved.best.chosen.iter().zip(&first_options);
        let chosen =
            chosen.map(|(of_job, first)| of_job.as_ref().map(|of_job| choice((of_job, first)))).collect();
        let pair = |(value, bound)| Entry { value, bound };
        Found {
            entries: solved.best.value.into_iter().zip(solved.bounds).map(pair).collect(),
            answer: Answer { chosen },
            nodes: solved.nodes,
            pivots: solved.pivots,
        }
    }
}

fn names(layout: Layout) -> Vec<String> {
    let mut names = vec![String::new(); layout.len()];
    for rank in (1..=layout.ranks() as u32).map(Rank) {
        names[layout.late(rank)] = format!("late_{}", rank.0);
        names[layout.wait(rank)] = format!("wait_{}", rank.0);
    }
    names[layout.window()].push_str("window");
    names[layout.order()].push_str("order");
    names
}

fn kind(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Cap => "cap",
        RowKind::Reserve => "reserve",
        RowKind::Calls => "calls",
        // The others come up while a problem is being solved.
        RowKind::Pool
        | RowKind::Cover
        | RowKind::Patient
        | RowKind::Link
        | RowKind::Branch
        | RowKind::Idle => "room",
    }
}

impl From<&ProblemTie> for Tie {
    fn from(tie: &ProblemTie) -> Self {
        let (PlannedIdx(first), PlannedIdx(second)) = tie.ends();
        match *tie {
            ProblemTie::Patient { .. } => Self::Patient { first, second },
            ProblemTie::Link { min_days, max_days, .. } => Self::Link { first, second, min_days, max_days },
        }
    }
}

impl Lists {
    /// Adds a list; what is 0 is left out.
    pub fn push(&mut self, list: impl Iterator<Item = (u32, i64)>) {
        for (of, amount) in list.filter(|(_, amount)| *amount != 0) {
            self.of.push(of);
            self.amounts.push(amount);
        }
        self.ends.push(self.of.len() as u32);
    }

    /// One of the lists.
    pub fn list(&self, number: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let range = range(&self.ends, number);
        self.of[range.clone()].iter().map(|&of| of as usize).zip(self.amounts[range].iter().copied())
    }
}

fn range(ends: &[u32], number: usize) -> std::ops::Range<usize> {
    let from = if number == 0 { 0 } else { ends[number - 1] };
    from as usize..ends[number] as usize
}

impl Instance {
    /// The options of a job among all options.
    pub fn options(&self, job: usize) -> std::ops::Range<usize> {
        let from = if job == 0 { 0 } else { self.jobs[job - 1].options_end };
        from as usize..self.jobs[job].options_end as usize
    }

    /// Where each member of its job goes under an option.
    pub fn spots(&self, option: usize) -> impl Iterator<Item = &Spot> {
        self.places_of(option).map(|place| &self.places[place as usize])
    }

    /// The same as positions in `places`.
    pub fn places_of(&self, option: usize) -> impl Iterator<Item = u32> {
        self.spots[range(&self.spot_ends, option)].iter().copied()
    }

    /// The vector of an answer.
    ///
    /// # Errors
    /// Everything that no plan may do, in words.
    pub fn check(&self, answer: &Answer) -> Result<Vec<i64>, Vec<String>> {
        let shape = self.misshapen(answer);
        if !shape.is_empty() {
            return Err(shape);
        }
        let mut value = vec![0; self.entries.len()];
        let mut used = vec![0; self.rows.len()];
        let mut held: BTreeMap<(u32, u16), Vec<Option<u32>>> = BTreeMap::new();
        let mut seats: BTreeMap<u32, &Spot> = BTreeMap::new();
        for (job, choice) in self.jobs.iter().zip(&answer.chosen) {
            let Some(Choice { option, spans }) = choice else {
                value.iter_mut().zip(&job.unplaced).for_each(|(value, cost)| *value += cost);
                continue;
            };
            let option = *option as usize;
            self.costs.list(option).for_each(|(entry, cost)| value[entry] += cost);
            self.uses.list(option).for_each(|(row, amount)| used[row] += amount);
            for ((spot, &span), &member) in self.spots(option).zip(spans).zip(&job.members) {
                seats.insert(member, spot);
                let span = &spot.spans[span as usize];
                for atom in span.from..span.to {
                    held.entry((spot.pool, atom)).or_default().push(span.group);
                }
            }
        }
        let mut broken = Vec::new();
        for (number, (row, used)) in
            self.rows.iter().zip(used).enumerate().filter(|(_, (row, used))| *used > row.rhs)
        {
            broken.push(format!("row {number} ({}): {used} of {} used", row.kind, row.rhs));
        }
        for ((pool, atom), holders) in held {
            let places = match holders[0] {
                Some(group) if holders.iter().all(|of| *of == Some(group)) => {
                    self.pools[pool as usize].groups[group as usize] as usize
                }
                _ => 1,
            };
            if holders.len() > places {
                broken.push(format!("pool {pool}, atom {atom}: {} for {places}", holders.len()));
            }
        }
        for tie in &self.ties {
            let (first, second) = tie.ends();
            if !self.keeps(tie, seats.get(&first).copied(), seats.get(&second).copied()) {
                broken.push(format!("{tie:?}"));
            }
        }
        if broken.is_empty() { Ok(value) } else { Err(broken) }
    }

    fn misshapen(&self, answer: &Answer) -> Vec<String> {
        if answer.chosen.len() != self.jobs.len() {
            return vec![format!("{} choices for {} jobs", answer.chosen.len(), self.jobs.len())];
        }
        let fits = |job: usize, choice: &Choice| {
            let option = choice.option as usize;
            self.options(job).contains(&option)
                && self.spots(option).count() == choice.spans.len()
                && self
                    .spots(option)
                    .zip(&choice.spans)
                    .all(|(spot, &span)| (span as usize) < spot.spans.len())
        };
        let choices =
            answer.chosen.iter().enumerate().filter_map(|(job, choice)| Some((job, choice.as_ref()?)));
        let wrong = choices.filter(|(job, choice)| !fits(*job, choice));
        wrong.map(|(job, choice)| format!("job {job} has no {choice:?}")).collect()
    }

    /// Whether these places of the two keep a tie; none = unplaced.
    pub fn keeps(&self, tie: &Tie, first: Option<&Spot>, second: Option<&Spot>) -> bool {
        let Some(after) = second else { return true };
        match tie {
            Tie::Patient { .. } => first.is_none_or(|before| {
                let apart = before.in_person && after.in_person && before.site != after.site;
                let gap = if apart { self.travel } else { 0 };
                before.begin >= after.end + gap || after.begin >= before.end + gap
            }),
            Tie::Link { min_days, max_days, .. } => first.is_some_and(|before| {
                let days = after.day - before.day;
                (i64::from(*min_days)..=i64::from(*max_days)).contains(&days)
                    && (days > 0 || before.end <= after.begin)
            }),
        }
    }
}

impl Tie {
    /// Whom it ties: the first and the second.
    pub fn ends(&self) -> (u32, u32) {
        let (Self::Patient { first, second } | Self::Link { first, second, .. }) = *self;
        (first, second)
    }
}
