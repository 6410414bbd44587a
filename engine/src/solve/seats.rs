//! What options use: the rows of a sitting and the spans of its pool, made once for all who could be placed there.

use std::sync::Arc;

use smallvec::SmallVec;

use super::limits::{Limit, Limits};
use super::pools::Pools;
use super::problem::{Pool, Row, RowKind, Span};
use super::visits::{self, ByTime};
use crate::candidates::{Alike, Context, Offer, Run};
use crate::lookup::Lookup;
use crate::model::ContactRoute;
use crate::prepare::{Planned, Prepared};
use crate::units::{SessionIdx, SiteIdx};

/// Longest run, in slots, for which rounded room rows are made.
pub(super) const LONGEST_STRIDE: usize = 4;

/// Rows with how much of each is used.
type Uses = SmallVec<[(u32, i64); 8]>;

/// Equally good runs as spans of a pool, with the room that they take at least.
struct Room {
    runs: Arc<[Run]>,
    spans: Arc<[Span]>,
    pool: u32,
    uses: SmallVec<[(u32, i64); LONGEST_STRIDE]>,
}

/// What can be used in a session on a day.
#[derive(Default)]
struct Seat {
    limits: SmallVec<[(Limit, u32); 3]>,
    rooms: Vec<Room>,
    /// By where the runs of a room are in memory.
    known: Lookup<*const Run, usize>,
}

/// Every seat of a problem, and the rows that they use.
pub(super) struct Seats<'a, 'c> {
    context: &'a Context<'c>,
    limits: &'a Limits,
    pools: &'a Pools,
    alike: &'a Alike,
    /// By pool and stride: how many atoms count before each.
    counted: Vec<[Vec<i64>; LONGEST_STRIDE]>,
    of_sitting: Lookup<(SessionIdx, u32), Seat>,
    /// By where the runs of an offer are in memory: these, and by time. Only where sittings are alike.
    times: Lookup<*const Run, (Arc<[Run]>, ByTime)>,
    /// By site and day: the rows of its calls.
    calls: Lookup<(SiteIdx, u32), Vec<u32>>,
    /// By site: requests whose patients are called.
    called: Lookup<SiteIdx, i64>,
    of_limit: Lookup<Limit, u32>,
    /// By pool and stride.
    of_room: Vec<[Option<u32>; LONGEST_STRIDE]>,
    rows: Vec<Row>,
}

impl<'a, 'c> Seats<'a, 'c> {
    pub fn new(
        context: &'a Context<'c>,
        prepared: &Prepared,
        limits: &'a Limits,
        (pools, alike): (&'a Pools, &'a Alike),
    ) -> Self {
        let mut called = Lookup::default();
        for planned in prepared.requests.iter().filter(|planned| planned.route == ContactRoute::Phone) {
            *called.get_or_insert_with(planned.site, || 0) += 1;
        }
        Self {
            context,
            limits,
            pools,
            alike,
            counted: pools.list.iter().map(counted).collect(),
            of_sitting: Lookup::default(),
            times: Lookup::default(),
            calls: Lookup::default(),
            called,
            of_limit: Lookup::default(),
            of_room: vec![[None; LONGEST_STRIDE]; pools.list.len()],
            rows: Vec::new(),
        }
    }

    /// The rows made.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// Where a request goes when it takes an offer, or one run of it: the pool and the spans. What it uses is added
    /// to `uses`.
    pub fn seat(
        &mut self,
        planned: &Planned,
        offer: &Offer,
        run: Option<usize>,
        uses: &mut Uses,
    ) -> (u32, Arc<[Span]>) {
        let key = (offer.session, offer.day);
        let mut seat = self.of_sitting.remove(&key).unwrap_or_else(|| self.make(offer.session, offer.day));
        for &(limit, row) in &seat.limits {
            let amount = Limits::amount(self.context, planned, offer, limit);
            if amount > 0 {
                uses.push((row, amount));
            }
        }
        if planned.route == ContactRoute::Phone {
            let rows = self.calls.remove(&(planned.site, offer.day));
            let rows = rows.unwrap_or_else(|| self.make_calls(planned, offer.day));
            uses.extend(rows.iter().map(|&row| (row, 1)));
            self.calls.insert((planned.site, offer.day), rows);
        }
        let runs = match run {
            Some(run) => self.at_the_time(offer, run),
            None => Arc::clone(&offer.runs),
        };
        let at = seat.known.get(&runs.as_ptr()).copied();
        let at = at.filter(|&at| Arc::ptr_eq(&seat.rooms[at].runs, &runs)).unwrap_or_else(|| {
            let at = seat.rooms.iter().position(|room| room.runs == runs).unwrap_or_else(|| {
                let room = self.room(Arc::clone(&runs));
                seat.rooms.push(room);
                seat.rooms.len() - 1
            });
            seat.known.insert(seat.rooms[at].runs.as_ptr(), at);
            at
        });
        let room = &seat.rooms[at];
        uses.extend_from_slice(&room.uses);
        let found = (room.pool, Arc::clone(&room.spans));
        self.of_sitting.insert(key, seat);
        found
    }

    /// The first run of each time of an offer.
    pub fn first_of_times(&mut self, offer: &Offer) -> Vec<usize> {
        if self.is_one_of_many(offer) {
            self.by_time(offer).iter().map(|(first, _)| *first).collect()
        } else {
            (0..offer.runs.len()).collect()
        }
    }

    /// The runs of an offer that are at the time of this one, the first of them.
    fn at_the_time(&mut self, offer: &Offer, run: usize) -> Arc<[Run]> {
        if !self.is_one_of_many(offer) {
            return offer.runs[run..=run].into();
        }
        let times = self.by_time(offer);
        let at = times.partition_point(|(first, _)| *first < run);
        Arc::clone(&times[at].1)
    }

    /// Whether there are sittings that are alike to where the offer is.
    fn is_one_of_many(&self, offer: &Offer) -> bool {
        self.alike.set(offer.session, self.context.case.policy.date_of(offer.day)).is_some()
    }

    fn by_time(&mut self, offer: &Offer) -> &ByTime {
        let context = self.context;
        let find = || (Arc::clone(&offer.runs), visits::by_time(context, offer));
        &self.times.get_or_insert_with(offer.runs.as_ptr(), find).1
    }

    fn make(&mut self, session: SessionIdx, day: u32) -> Seat {
        let date = self.context.case.policy.date_of(day);
        let alike = self.alike.set(session, date).is_some();
        // Contacts could not bind where sittings are alike, and those of the first are not those of all.
        let counts = |limit: &Limit| !alike || matches!(limit, Limit::Reserve(..));
        let of_sitting = self.limits.of_sitting(self.context, session, day);
        let limits: SmallVec<[Limit; 3]> = of_sitting.filter(counts).collect();
        let limits = limits.into_iter().map(|limit| (limit, self.limit_row(limit))).collect();
        Seat { limits, ..Seat::default() }
    }

    /// Rows of dates by which everybody could be called are left out.
    fn make_calls(&mut self, planned: &Planned, day: u32) -> Vec<u32> {
        let called = self.called.get(&planned.site).copied().unwrap_or(0);
        let limits: Vec<Limit> = self.limits.of_calls(self.context, planned, day).collect();
        let could_bind = |limit: &Limit| self.limits.left(*limit).is_some_and(|left| called > left);
        let binding: Vec<Limit> = limits.into_iter().filter(could_bind).collect();
        binding.into_iter().map(|limit| self.limit_row(limit)).collect()
    }

    fn limit_row(&mut self, limit: Limit) -> u32 {
        let rows = &mut self.rows;
        *self.of_limit.get_or_insert_with(limit, || {
            let kind = match limit {
                Limit::Day(..) | Limit::Session(..) => RowKind::Cap,
                Limit::Reserve(..) => RowKind::Reserve,
                Limit::Calls(..) => RowKind::Calls,
            };
            rows.push(Row::new(self.limits.left(limit).unwrap_or(i64::MAX), kind));
            rows.len() as u32 - 1
        })
    }

    fn room(&mut self, runs: Arc<[Run]>) -> Room {
        let spans: Vec<(u32, Span)> = runs.iter().map(|&run| self.pools.span(self.context, run)).collect();
        let pool = spans[0].0;
        let spans: Arc<[Span]> = spans.into_iter().map(|(_, span)| span).collect();
        let mut uses = SmallVec::new();
        for stride in 1..=LONGEST_STRIDE {
            let hits = least_hits(&spans, stride, &self.counted[pool as usize][stride - 1]);
            if hits > 0 {
                let rows = &mut self.rows;
                let row = *self.of_room[pool as usize][stride - 1].get_or_insert_with(|| {
                    let rhs = self.pools.list[pool as usize].stride_capacity(stride);
                    rows.push(Row::new(rhs, RowKind::Pool));
                    rows.len() as u32 - 1
                });
                uses.push((row, hits));
            }
        }
        Room { runs, spans, pool, uses }
    }
}

fn counted(pool: &Pool) -> [Vec<i64>; LONGEST_STRIDE] {
    let before = |stride: usize| {
        let sums = pool.counts(stride).scan(0, |sum, counts| {
            *sum += i64::from(counts);
            Some(*sum)
        });
        std::iter::once(0).chain(sums).collect()
    };
    std::array::from_fn(|at| before(at + 1))
}

/// The fewest counted atoms that any of these spans covers.
fn least_hits(spans: &[Span], stride: usize, counted: &[i64]) -> i64 {
    if spans.iter().any(|span| usize::from(span.to - span.from) < stride) {
        return 0;
    }
    let hits = spans.iter().map(|span| counted[usize::from(span.to)] - counted[usize::from(span.from)]);
    hits.min().unwrap_or(0)
}
