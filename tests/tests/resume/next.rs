//! Who is next, against every single move tried with the oracle.

use std::collections::BTreeMap;

use rebook::model::{Case, PlanFiles, Reconciliation, SlotStatus};
use rebook::resume::{Kept, Next};
use rebook_tests::cases::random_case;
use rebook_tests::halves::in_halves;
use rebook_tests::oracle::{Candidate, Prepared, Switches, prepare};
use rebook_tests::planner::engine_plan;

use super::{ids, places};

/// Cases looked at.
const CASES: u64 = 3_000;

#[derive(Default)]
struct Found {
    questions: usize,
    takers: usize,
    visits: usize,
    lost: usize,
    /// Where the plan at hand is over a limit without the booking.
    over: usize,
    wrong: Vec<String>,
}

/// The ids of those who go together, and what their best way into the slots adds to the vector.
type Moves = Vec<(Vec<String>, Vec<i64>)>;

/// Members of each visit by position, and everybody else alone.
fn groups(prepared: &Prepared<'_>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of_visit: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, wanted) in prepared.wanted.iter().enumerate() {
        match wanted.request.together_id.as_deref().filter(|_| !wanted.tier.urgent) {
            Some(id) if of_visit.contains_key(id) => groups[of_visit[id]].push(at),
            together => {
                of_visit.extend(together.map(|id| (id, groups.len())));
                groups.push(vec![at]);
            }
        }
    }
    groups
}

/// Every single move into these slots, tried.
fn by_trying(prepared: &Prepared<'_>, places: &BTreeMap<u64, &Candidate>, slots: &[String]) -> Moves {
    let now = prepared.judge(places).expect("the plan at hand keeps the rules");
    let mut found: Moves = Vec::new();
    for group in groups(prepared) {
        let mut ways: Vec<Vec<&Candidate>> = vec![Vec::new()];
        for &at in &group {
            let longer = |way: &Vec<_>| {
                let extended = |place| way.iter().copied().chain([place]).collect::<Vec<_>>();
                prepared.candidates[at].iter().map(extended).collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(longer).collect();
        }
        let takes = |place: &&Candidate| ids(prepared, place).iter().any(|id| slots.contains(id));
        let changes = ways.iter().filter(|way| way.iter().any(takes)).filter_map(|way| {
            let mut then = places.clone();
            then.extend(group.iter().zip(way).map(|(&at, &place)| (prepared.wanted[at].request.line, place)));
            let vector = prepared.judge(&then).ok()?;
            let change: Vec<i64> = vector.iter().zip(&now).map(|(then, now)| then - now).collect();
            (change < vec![0; change.len()]).then_some(change)
        });
        if let Some(best) = changes.min() {
            let mut who: Vec<String> =
                group.iter().map(|&at| prepared.wanted[at].request.request_id.clone()).collect();
            who.sort();
            found.push((who, best));
        }
    }
    found.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    found
}

/// Leaves out whoever cannot keep a place, with companions and those who come after; says who.
fn leave_out(prepared: &Prepared<'_>, places: &mut BTreeMap<u64, &Candidate>) -> Vec<String> {
    let mut lost = Vec::new();
    while let Err((_, line)) = prepared.judge(places) {
        let at = prepared.wanted.iter().position(|one| one.request.line == line).expect("a line of the case");
        let id = &prepared.wanted[at].request.request_id;
        let blamed: Vec<usize> = if places.contains_key(&line) {
            groups(prepared).into_iter().find(|group| group.contains(&at)).expect("everybody is in a group")
        } else {
            let after = |one: &usize| prepared.wanted[*one].request.after_request_id.as_ref() == Some(id);
            (0..prepared.wanted.len()).filter(after).collect()
        };
        let before = places.len();
        for one in blamed {
            let request = prepared.wanted[one].request;
            if places.remove(&request.line).is_some() {
                lost.push(request.request_id.clone());
            }
        }
        assert!(places.len() < before, "somebody must be to blame");
    }
    lost.sort();
    lost
}

fn check(found: &mut Found, name: &str, changed: &Case, files: &PlanFiles, next: &Next) {
    let prepared = prepare(changed, Switches::ALL_ON);
    let mut places = places(&prepared, files);
    let had: Vec<String> = prepared
        .wanted
        .iter()
        .map(|wanted| &wanted.request.request_id)
        .filter(|id| files.plan.iter().any(|row| row.request_id == **id))
        .cloned()
        .collect();
    if let Err((clause, _)) = prepared.judge(&places)
        && next.withdrawn.is_none()
        && ["4.2", "4.3"].iter().any(|rule| clause.code().starts_with(rule))
    {
        // A booking that goes may make one contact of the book two, or take from a reserve: nobody loses a place for it.
        found.over += 1;
        return;
    }
    let mut lost = leave_out(&prepared, &mut places);
    // A place that is no candidate any more was not read at all.
    let placed = |id: &String| {
        let line =
            prepared.wanted.iter().find(|one| one.request.request_id == *id).map(|one| one.request.line);
        line.is_some_and(|line| places.contains_key(&line))
    };
    lost.extend(had.into_iter().filter(|id| !placed(id)));
    lost.sort();
    lost.dedup();
    let expected = by_trying(&prepared, &places, &next.slot_ids);
    let answer: Moves = next
        .takers
        .iter()
        .map(|taker| (taker.who.iter().map(|one| one.request_id.clone()).collect(), taker.change.clone()))
        .collect();
    found.questions += 1;
    found.takers += answer.len();
    found.visits += answer.iter().filter(|(who, _)| who.len() > 1).count();
    found.lost += lost.len();
    if answer != expected {
        found.wrong.push(format!("{name}: {answer:?}, by trying {expected:?}"));
    }
    if next.lost != lost {
        found.wrong.push(format!("{name}: lost {:?}, by the oracle {lost:?}", next.lost));
    }
}

fn look_at(seed: u64, found: &mut Found) {
    let case = random_case(seed);
    let files = engine_plan(&case).expect("a plan");
    let kept = Kept::new(&case, files.clone()).expect("it fits");
    for slot in 0..case.slots.len() {
        let id = case.slots[slot].slot_id.to_string();
        let holders: Vec<String> = files
            .plan
            .iter()
            .filter(|row| row.slot_ids.contains(&id))
            .map(|row| row.request_id.clone())
            .collect();
        let name = format!("seed {seed}, slot {id}");
        match (case.slots[slot].status, kept.next_for(&id)) {
            (SlotStatus::Free, Ok(next)) => {
                let changed =
                    next.withdrawn.as_deref().map_or_else(|| case.clone(), |id| declined(&case, id));
                let full = holders.len() >= case.slots[slot].places.unwrap_or(1) as usize;
                assert_eq!(next.withdrawn.is_some(), full, "{name}");
                check(found, &name, &changed, &files, &next);
            }
            (SlotStatus::Free, Err(_)) => {
                let full = case.slots[slot].places == Some(0);
                assert!(holders.len() > 1 || (holders.is_empty() && full), "{name}");
            }
            (_, next) => {
                let changed = cancelled(&case, slot);
                check(found, &name, &changed, &files, &next.expect("a slot of the book"));
            }
        }
        for one in holders {
            let next = kept.next_after(&one).expect("it has a place");
            assert_eq!(next.withdrawn.as_ref(), Some(&one));
            check(found, &format!("{name} after {one}"), &declined(&case, &one), &files, &next);
        }
    }
}

fn declined(case: &Case, id: &str) -> Case {
    let mut case = case.clone();
    let excluded = prepare(&case, Switches::ALL_ON).excluded;
    let own = case.requests.iter_mut().find(|one| one.request_id == id && !excluded.contains_key(&one.line));
    own.expect("it was planned").reconciliation = Reconciliation::Declined;
    case
}

/// The case with a slot of the book free again, and whose place it was not wanting it.
fn cancelled(case: &Case, slot: usize) -> Case {
    let mut changed = case.clone();
    let id = case.slots[slot].slot_id.to_string();
    (changed.slots[slot].status, changed.slots[slot].patient_id) = (SlotStatus::Free, None);
    let excluded = prepare(case, Switches::ALL_ON).excluded;
    let rows = case.previous.iter().flat_map(|files| &files.plan);
    for row in rows.filter(|row| row.slot_ids.contains(&id)) {
        for request in changed.requests.iter_mut().filter(|one| one.request_id == row.request_id) {
            if excluded.get(&request.line) == Some(&"resolved") {
                request.reconciliation = Reconciliation::Declined;
            }
        }
    }
    changed
}

#[test]
fn every_single_move_is_found_and_nothing_else() {
    let mut all = Found::default();
    for half in in_halves(&(0..CASES), look_at) {
        all.questions += half.questions;
        all.takers += half.takers;
        all.visits += half.visits;
        all.lost += half.lost;
        all.over += half.over;
        all.wrong.extend(half.wrong);
    }
    println!(
        "{} questions, {} takers, {} of them visits, {} lost places; {} wrong",
        all.questions,
        all.takers,
        all.visits,
        all.lost,
        all.wrong.len()
    );
    let few: Vec<&str> = all.wrong.iter().take(10).map(String::as_str).collect();
    assert!(few.is_empty(), "{}", few.join("\n"));
    assert!(all.over * 100 < all.questions, "too much is passed over");
    assert!(all.takers > 4_000 && all.visits > 20 && all.lost > 300, "too little is asked");
}
