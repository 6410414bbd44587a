//! What options use: the rows of a sitting and the spans of its pool, made once for all who could be placed there.

use std::sync::Arc;

use smallvec::SmallVec;

use super::limits::{Limit, Limits};
use super::pools::Pools;
use super::problem::{Pool, Row, RowKind, Span};
use crate::candidates::{Context, Offer, Run};
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
}

/// Every seat of a problem, and the rows that they use.
pub(super) struct Seats<'a, 'c> {
    context: &'a Context<'c>,
    limits: &'a Limits,
    pools: &'a Pools,
    /// By pool and stride: how many atoms count before each.
    counted: Vec<[Vec<i64>; LONGEST_STRIDE]>,
    of_sitting: Lookup<(SessionIdx, u32), Seat>,
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
    pub fn new(context: &'a Context<'c>, prepared: &Prepared, limits: &'a Limits, pools: &'a Pools) -> Self {
        let mut called = Lookup::default();
        for planned in prepared.requests.iter().filter(|planned| planned.route == ContactRoute::Phone) {
            *called.get_or_insert_with(planned.site, || 0) += 1;
        }
        Self {
            context,
            limits,
            pools,
            counted: pools.list.iter().map(counted).collect(),
            of_sitting: Lookup::default(),
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
            Some(run) => Arc::from(&offer.runs[run..=run]),
            None => Arc::clone(&offer.runs),
        };
        let same = |room: &Room| Arc::ptr_eq(&room.runs, &runs) || room.runs == runs;
        let at = seat.rooms.iter().position(same).unwrap_or_else(|| {
            let room = self.room(runs);
            seat.rooms.push(room);
            seat.rooms.len() - 1
        });
        let room = &seat.rooms[at];
        uses.extend_from_slice(&room.uses);
        let found = (room.pool, Arc::clone(&room.spans));
        self.of_sitting.insert(key, seat);
        found
    }

    fn make(&mut self, session: SessionIdx, day: u32) -> Seat {
        let limits: SmallVec<[Limit; 3]> = self.limits.of_sitting(self.context, session, day).collect();
        let limits = limits.into_iter().map(|limit| (limit, self.limit_row(limit))).collect();
        Seat { limits, rooms: Vec::new() }
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
