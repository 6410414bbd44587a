//! The order on random instances, carried out step by step, stopped anywhere, and taken up again.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::*;

/// Somebody's bookings, and the places left of each slot.
#[derive(Clone)]
struct World {
    held: Vec<Vec<Vec<u32>>>,
    free: Vec<i64>,
}

impl World {
    fn of(movers: &[Mover], free: &[u32]) -> Self {
        Self {
            held: movers.iter().map(|mover| mover.held.clone()).collect(),
            free: free.iter().map(|&free| i64::from(free)).collect(),
        }
    }

    /// Carries out a move; false where a slot has more people than places then.
    fn carry_out(&mut self, own: &Move) -> bool {
        let held = &mut self.held[own.mover];
        let change = match own.action {
            Action::Book => {
                held.push(own.slots.clone());
                -1
            }
            Action::Cancel => {
                let at =
                    held.iter().position(|held| *held == own.slots).expect("only what is held is cancelled");
                held.remove(at);
                1
            }
        };
        for &slot in &own.slots {
            self.free[slot as usize] += change;
        }
        self.free.iter().all(|&free| free >= 0)
    }
}

struct Instance {
    movers: Vec<Mover>,
    free: Vec<u32>,
    /// Slots that may be a spare place of somebody.
    suits: Vec<Vec<u32>>,
}

impl Instance {
    fn order(&self) -> Ordered {
        order(&self.movers, &self.free, &mut |mover, usable| {
            self.suits[mover].iter().find(|&&slot| usable(slot)).map(|&slot| vec![slot])
        })
    }

    /// Whether several are to have one slot.
    fn is_shared(&self) -> bool {
        let mut wanted: Vec<u32> = self.movers.iter().flat_map(|mover| mover.target.clone()).collect();
        let all = wanted.len();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.len() < all
    }

    /// The same when some of the moves have been done.
    fn after(&self, moves: &[Move]) -> Self {
        let mut world = World::of(&self.movers, &self.free);
        for own in moves {
            assert!(world.carry_out(own));
        }
        let movers = self.movers.iter().zip(world.held);
        Self {
            movers: movers.map(|(mover, held)| Mover { held, target: mover.target.clone() }).collect(),
            free: world.free.iter().map(|&free| free as u32).collect(),
            suits: self.suits.clone(),
        }
    }
}

fn below(random: &mut Pcg64, end: usize) -> usize {
    (random.next_u64() % end as u64) as usize
}

/// Takes so many places at random; nothing where there is no room left.
fn take(random: &mut Pcg64, room: &mut [u32], many: usize) -> Option<Vec<u32>> {
    let first = below(random, room.len());
    let slots: Vec<usize> = (0..many).map(|step| (first + step) % room.len()).collect();
    if slots.iter().any(|&slot| room[slot] == 0) {
        return None;
    }
    for &slot in &slots {
        room[slot] -= 1;
    }
    let mut slots: Vec<u32> = slots.into_iter().map(|slot| slot as u32).collect();
    slots.sort_unstable();
    Some(slots)
}

/// People who hold places and are to have others, in a few slots, so that many stand in each other's way.
fn instance(seed: u64) -> Instance {
    let mut random = Pcg64::seed_from_u64(seed);
    let count = 3 + below(&mut random, 6);
    let places: Vec<u32> = (0..count).map(|_| if random.next_u64() % 4 == 0 { 2 } else { 1 }).collect();
    let (mut now, mut then) = (places.clone(), places);
    // Somebody who is none of ours keeps a place, and the plan may not know.
    if random.next_u64() % 3 == 0 {
        let kept = below(&mut random, count);
        now[kept] -= 1;
        if random.next_u64() % 2 == 0 {
            then[kept] -= 1;
        }
    }
    let mut movers = Vec::new();
    for _ in 0..8 {
        let (long, many) = (1 + below(&mut random, 2), below(&mut random, 3));
        // Some are to hold nothing any more.
        let long = if random.next_u64() % 6 == 0 { 0 } else { long };
        let Some(target) = take(&mut random, &mut then, long) else { continue };
        let mut held: Vec<Vec<u32>> = Vec::new();
        for _ in 0..many {
            let long = 1 + below(&mut random, 2);
            let Some(slots) = take(&mut random, &mut now, long) else { continue };
            if held.contains(&slots) {
                for &slot in &slots {
                    now[slot as usize] += 1;
                }
            } else {
                held.push(slots);
            }
        }
        held.sort();
        movers.push(Mover { held, target });
    }
    let free = now;
    let suits =
        movers.iter().map(|_| (0..count as u32).filter(|_| random.next_u64() % 3 == 0).collect()).collect();
    Instance { movers, free, suits }
}

/// Whether somebody must have a place at any moment.
fn had(mover: &Mover) -> bool {
    !mover.held.is_empty() && !mover.target.is_empty()
}

#[test]
fn after_every_step_everybody_has_a_place_and_no_slot_has_too_many() {
    let (mut bookings, mut halts, mut spares, mut emptied) = (0, [0, 0], 0, 0);
    for seed in 0..20_000 {
        let instance = instance(seed);
        let ordered = instance.order();
        let mut world = World::of(&instance.movers, &instance.free);
        for own in &ordered.moves {
            assert!(world.carry_out(own), "seed {seed}: a slot is taken twice");
            for (mover, held) in instance.movers.iter().zip(&world.held) {
                assert!(!had(mover) || !held.is_empty(), "seed {seed}: somebody is left with nothing");
            }
            let target = &instance.movers[own.mover].target;
            bookings += usize::from(own.action == Action::Book);
            spares += usize::from(own.action == Action::Book && own.slots != *target);
        }
        for (at, (mover, held)) in instance.movers.iter().zip(&world.held).enumerate() {
            let mut held = held.clone();
            held.sort();
            if let Some((_, why)) = ordered.halted.iter().find(|(halted, _)| *halted == at) {
                assert_eq!(held, mover.held, "seed {seed}: who cannot move keeps what they have");
                halts[usize::from(*why == Halt::Circle)] += 1;
            } else {
                let wanted: Vec<_> =
                    Some(mover.target.clone()).into_iter().filter(|own| !own.is_empty()).collect();
                assert_eq!(held, wanted, "seed {seed}: everybody else arrives");
                emptied += usize::from(wanted.is_empty() && !mover.held.is_empty());
            }
        }
    }
    assert!(
        bookings > 5000 && spares > 50 && halts[0] > 50 && halts[1] > 50 && emptied > 500,
        "{bookings} {spares} {halts:?} {emptied}"
    );
}

#[test]
fn any_order_that_keeps_what_comes_after_what_is_as_safe() {
    for seed in 0..8_000 {
        let instance = instance(seed);
        let moves = instance.order().moves;
        let mut random = Pcg64::seed_from_u64(seed);
        let mut world = World::of(&instance.movers, &instance.free);
        let mut done = vec![false; moves.len()];
        for _ in 0..moves.len() {
            let ready: Vec<usize> = (0..moves.len())
                .filter(|&at| !done[at] && moves[at].after.iter().all(|&before| done[before]))
                .collect();
            let at = ready[below(&mut random, ready.len())];
            done[at] = true;
            assert!(world.carry_out(&moves[at]), "seed {seed}: a slot is taken twice");
            for (mover, held) in instance.movers.iter().zip(&world.held) {
                assert!(!had(mover) || !held.is_empty(), "seed {seed}: somebody is left with nothing");
            }
        }
    }
}

#[test]
fn what_is_left_after_any_step_is_what_a_new_order_says() {
    let deeds = |moves: &[Move]| {
        let mut deeds: Vec<_> = moves.iter().map(|own| (own.mover, own.action, own.slots.clone())).collect();
        deeds.sort();
        deeds
    };
    for seed in 0..8_000 {
        let instance = instance(seed);
        let ordered = instance.order();
        for done in 0..=ordered.moves.len() {
            let again = instance.after(&ordered.moves[..done]).order();
            assert!(again.halted.len() <= ordered.halted.len(), "seed {seed} after {done}");
            // Where several wait for one group slot, it may be another of them who goes first.
            if !instance.is_shared() {
                assert_eq!(deeds(&again.moves), deeds(&ordered.moves[done..]), "seed {seed} after {done}");
                assert_eq!(again.halted, ordered.halted, "seed {seed} after {done}");
            }
        }
    }
}

fn mover(held: &[u32], target: u32) -> Mover {
    Mover { held: held.iter().map(|&slot| vec![slot]).collect(), target: vec![target] }
}

fn texts(ordered: &Ordered) -> Vec<String> {
    let text =
        |own: &Move| format!("{} {} {:?} after {:?}", own.mover, own.action.as_str(), own.slots, own.after);
    ordered.moves.iter().map(text).collect()
}

#[test]
fn a_chain_is_taken_from_its_free_end_and_the_most_urgent_goes_first_where_it_can() {
    // 0 waits for 1, 1 waits for 2, 2 goes to a free slot; 3 waits for nobody.
    let movers = [mover(&[0], 1), mover(&[1], 2), mover(&[2], 3), mover(&[], 4)];
    let ordered = order(&movers, &[0, 0, 0, 1, 1], &mut |_, _| None);
    assert_eq!(
        texts(&ordered),
        [
            "2 book [3] after []",
            "2 cancel [2] after [0]",
            "1 book [2] after [1]",
            "1 cancel [1] after [2]",
            "0 book [1] after [3]",
            "0 cancel [0] after [4]",
            "3 book [4] after []",
        ]
    );
}

#[test]
fn who_is_to_hold_nothing_gives_up_all_and_who_waits_for_it_comes_after() {
    let nothing = Mover { held: vec![vec![1], vec![2, 3]], target: Vec::new() };
    let movers = [mover(&[0], 1), nothing, mover(&[], 3), Mover::default()];
    let ordered = order(&movers, &[0, 0, 0, 0], &mut |_, _| None);
    assert_eq!(
        texts(&ordered),
        [
            "1 cancel [1] after []",
            "1 cancel [2, 3] after []",
            "0 book [1] after [0]",
            "0 cancel [0] after [2]",
            "2 book [3] after [1]",
        ]
    );
    assert_eq!(ordered.halted, []);
}

#[test]
fn two_who_swap_do_it_by_a_spare_place() {
    let movers = [mover(&[0], 1), mover(&[1], 0)];
    let ordered = order(&movers, &[0, 0, 1], &mut |mover, usable| {
        assert!(usable(2) && !usable(0) && !usable(1));
        (mover == 1).then(|| vec![2])
    });
    assert_eq!(
        texts(&ordered),
        [
            "1 book [2] after []",
            "1 cancel [1] after [0]",
            "0 book [1] after [1]",
            "0 cancel [0] after [2]",
            "1 book [0] after [3]",
            "1 cancel [2] after [4]",
        ]
    );
    assert_eq!(ordered.halted, []);
}

#[test]
fn without_a_spare_place_they_keep_what_they_have_and_so_does_who_waits_for_them() {
    // Slot 3 is held by somebody who is none of ours; slot 4 is a group slot whose one place 0 holds and 2 is to have.
    let mut movers = [mover(&[0], 1), mover(&[1], 0), mover(&[], 4), mover(&[2], 3), mover(&[], 2)];
    movers[0].held.push(vec![4]);
    let ordered = order(&movers, &[0, 0, 0, 0, 0], &mut |_, _| None);
    assert_eq!(texts(&ordered), Vec::<String>::new());
    let (circle, behind) = (Halt::Circle, Halt::Behind);
    assert_eq!(ordered.halted, [(0, circle), (1, circle), (2, behind), (3, behind), (4, behind)]);
}

#[test]
fn a_spare_place_serves_one_circle_after_the_other() {
    let movers = [mover(&[0], 1), mover(&[1], 0), mover(&[2], 3), mover(&[3], 2)];
    let ordered = order(&movers, &[0, 0, 0, 0, 1], &mut |_, usable| usable(4).then(|| vec![4]));
    assert_eq!(ordered.halted, []);
    assert_eq!(ordered.moves.len(), 12);
}

#[test]
fn what_overlaps_ones_own_place_takes_a_spare_one() {
    let movers = [Mover { held: vec![vec![0, 1]], target: vec![1, 2] }];
    let free = [0, 0, 1, 1, 1];
    assert_eq!(order(&movers, &free, &mut |_, _| None).halted, [(0, Halt::Circle)]);
    let ordered = order(&movers, &free, &mut |_, usable| (usable(3) && !usable(2)).then(|| vec![3, 4]));
    assert_eq!(
        texts(&ordered),
        [
            "0 book [3, 4] after []",
            "0 cancel [0, 1] after [0]",
            "0 book [1, 2] after [1]",
            "0 cancel [3, 4] after [2]",
        ]
    );
}

#[test]
fn long_chains_and_many_circles_take_no_time_to_speak_of() {
    let many = 20_000_u32;
    let chain: Vec<Mover> = (0..many).map(|at| mover(&[at], at + 1)).collect();
    let ordered = order(&chain, &vec![0; many as usize + 1], &mut |_, _| None);
    assert_eq!(ordered.halted.len(), many as usize);
    let circles: Vec<Mover> = (0..many).map(|at| mover(&[at], at ^ 1)).collect();
    let mut free = vec![0; many as usize + 1];
    free[many as usize] = 1;
    let ordered = order(&circles, &free, &mut |_, usable| usable(many).then(|| vec![many]));
    assert_eq!((ordered.moves.len(), ordered.halted.len()), (3 * many as usize, 0));
}
