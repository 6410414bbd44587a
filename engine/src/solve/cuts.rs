//! Rows for starts that do not fit side by side in a pool.

use std::collections::BTreeSet;

use super::pack::{Packing, pack};
use super::problem::{Problem, Row, RowKind, Span};
use super::ties::TieRow;

/// Every window of a pool of so many atoms is looked at.
const LARGEST_WINDOWED: usize = 256;
/// In larger ones, what so many kinds of members can use.
const MOST_LISTS: usize = 64;
/// Members of a set that does not fit of which some are left out one by one.
const LARGEST_SHRUNK: usize = 128;

/// A member of a pool: job, position of the place in the job's option, spans.
pub(super) type Member<'p> = (usize, usize, &'p [Span]);

/// Rows that forbid these members of a pool, which do not fit.
///
/// First counting rows: inside a set of atoms, everybody takes at least the fewest atoms that any of their spans
/// covers. Where no such row is broken, the smallest set that does not fit is forbidden as such, but only if it is
/// `certain` that it does not.
pub(super) fn crowded(problem: &Problem, pool: usize, members: &[Member<'_>], certain: bool) -> Vec<TieRow> {
    let items: Vec<&[Span]> = members.iter().map(|member| member.2).collect();
    if let Some(atoms) = broken_count(problem, pool, &items) {
        return vec![counting_row(problem, pool, &atoms)];
    }
    if certain { vec![cover_row(problem, pool, members)] } else { Vec::new() }
}

/// The fewest of these atoms that any of the spans covers.
fn least(spans: &[Span], before: &[i64]) -> i64 {
    spans.iter().map(|span| before[span.to as usize] - before[span.from as usize]).min().unwrap_or(0)
}

fn prefix(atoms: &[bool]) -> Vec<i64> {
    let mut before = vec![0_i64];
    for &counts in atoms {
        before.push(before[before.len() - 1] + i64::from(counts));
    }
    before
}

/// A set of atoms inside which these items need more room than there is: every k-th atom of each chain inside a
/// window of time.
fn broken_count(problem: &Problem, pool: usize, items: &[&[Span]]) -> Option<Vec<bool>> {
    let pool = &problem.pools[pool];
    let atoms = pool.capacity.len();
    let longest = items.iter().flat_map(|spans| spans.iter()).map(|span| span.to - span.from).max()?;
    let broken = |chosen: Vec<bool>| {
        let before = prefix(&chosen);
        let counted = chosen.iter().zip(&pool.capacity).filter(|(counts, _)| **counts);
        let room: i64 = counted.map(|(_, &room)| i64::from(room)).sum();
        let needed: i64 = items.iter().map(|spans| least(spans, &before)).sum();
        (needed > room).then_some(chosen)
    };
    for stride in 1..=usize::from(longest) {
        let counts: Vec<bool> = pool.counts(stride).collect();
        let found = if atoms <= LARGEST_WINDOWED {
            let windows = (0..atoms).flat_map(|from| (from + 1..=atoms).map(move |to| from..to));
            windows
                .map(|window| (0..atoms).map(|atom| window.contains(&atom) && counts[atom]).collect())
                .find_map(broken)
        } else {
            // Sittings that are alike: a window of time is what those can use who come at that time only.
            let mut seen = BTreeSet::new();
            let first = |spans: &&&[Span]| seen.insert((spans.as_ptr(), spans.len()));
            let lists: Vec<&[Span]> = items.iter().filter(first).take(MOST_LISTS).copied().collect();
            let within = |spans: &[Span]| {
                let mut chosen = vec![false; atoms];
                for span in spans {
                    let range = usize::from(span.from)..usize::from(span.to);
                    chosen[range.clone()].copy_from_slice(&counts[range]);
                }
                chosen
            };
            lists.into_iter().map(within).find_map(broken)
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The counting row of a set of atoms, over every option that uses the pool.
fn counting_row(problem: &Problem, pool: usize, atoms: &[bool]) -> TieRow {
    let before = prefix(atoms);
    let capacity = &problem.pools[pool].capacity;
    let rhs = atoms.iter().zip(capacity).filter(|(c, _)| **c).map(|(_, &room)| i64::from(room)).sum();
    let mut terms = Vec::new();
    for (job, choices) in problem.jobs.iter().enumerate() {
        for (at, option) in choices.options.iter().enumerate() {
            let own = option.places.iter().filter(|place| place.pool as usize == pool);
            let needed: i64 = own.map(|place| least(&place.spans, &before)).sum();
            if needed > 0 {
                terms.push((job, at, needed));
            }
        }
    }
    TieRow { row: Row::new(rhs, RowKind::Pool), terms }
}

/// Forbids the smallest crowded set: not all of these at once, nor of options that leave no more choice.
fn cover_row(problem: &Problem, pool: usize, members: &[Member<'_>]) -> TieRow {
    let mut kept: Vec<Member<'_>> = members.to_vec();
    let large = kept.len() > LARGEST_SHRUNK;
    let mut at = if large { kept.len() } else { 0 };
    while at < kept.len() {
        let mut fewer = kept.clone();
        fewer.remove(at);
        let items: Vec<&[Span]> = fewer.iter().map(|member| member.2).collect();
        if pack(&problem.pools[pool], &items) == Packing::Never {
            kept = fewer;
        } else {
            at += 1;
        }
    }
    // A large set is forbidden as it is.
    let confined = |spans: &[Span], wide: &[Span]| {
        std::ptr::eq(spans, wide) || (!large && spans.iter().all(|span| wide.contains(span)))
    };
    let alike = kept.iter().all(|member| std::ptr::eq(member.2, kept[0].2) || member.2 == kept[0].2);
    let mut terms = Vec::new();
    for (job, choices) in problem.jobs.iter().enumerate() {
        let own: Vec<&Member<'_>> = kept.iter().filter(|member| member.0 == job).collect();
        if own.is_empty() && !alike {
            continue;
        }
        for (at, option) in choices.options.iter().enumerate() {
            let places: Vec<&[Span]> = option
                .places
                .iter()
                .filter(|place| place.pool as usize == pool)
                .map(|place| &place.spans[..])
                .collect();
            let covers = |wide: &[Span]| places.iter().filter(|spans| confined(spans, wide)).count() as i64;
            let coefficient = if alike {
                covers(kept[0].2)
            } else {
                // A job with several members in the set counts for all of them only where each is as confined.
                let mut open = places.clone();
                own.iter()
                    .filter(|member| {
                        let found = open.iter().position(|spans| confined(spans, member.2));
                        found.map(|found| open.remove(found)).is_some()
                    })
                    .count() as i64
            };
            if coefficient > 0 {
                terms.push((job, at, coefficient));
            }
        }
    }
    TieRow { row: Row::new(kept.len() as i64 - 1, RowKind::Cover), terms }
}
