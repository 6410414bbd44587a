//! Ways to plan a case, and what a rule test asks of the outcome.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rebook::PlanOptions;
use rebook::model::{
    Case, Counts, ExcludedRow, ObjectiveEntry, ObjectiveRecord, PlanFiles, PlanRow, PolicyRecord, RankEntry,
    RunRecord, Summary, TierCounts, UnplacedRow,
};
use rebook::report::RunNote;

use crate::oracle::{
    Candidate, Layout, Oracle, Prepared, Switches, Wanted, check_first, prepare, ranks_of_tiers,
};

/// A previous plan that was made by hand stands in no folder; it only has to be named.
const BY_HAND: &str = "by hand";

/// Plans a case.
pub type Planner = fn(&Case) -> PlanFiles;

/// The engine's plan, proven, and accepted by the verifier.
///
/// # Panics
/// If there is none, if it is not proven, or if the verifier finds a broken rule.
pub fn by_engine(case: &Case) -> PlanFiles {
    let files = engine_plan(case).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(files.summary.status, "optimal");
    let broken = rebook::verify::verify(case, &files);
    assert!(broken.is_empty(), "{broken:#?}");
    files
}

/// The engine's plan, whatever it is.
///
/// # Errors
/// As the engine says.
pub fn engine_plan(case: &Case) -> rebook::Result<PlanFiles> {
    let previous = case.previous.as_ref().map(|_| BY_HAND.to_owned());
    let note = RunNote { previous, ..RunNote::default() };
    rebook::plan(case, &PlanOptions { note, ..PlanOptions::default() })
}

/// The oracle's best plan as files. What the SPEC leaves to words or to the clock is empty.
pub fn by_oracle(case: &Case) -> PlanFiles {
    by_oracle_with(case, Switches::ALL_ON, u64::MAX).expect("there is always a plan")
}

/// What an oracle plans for which some clauses do not hold; `None` where more than `limit` decisions had to be
/// tried.
pub fn by_oracle_with(case: &Case, switches: Switches, limit: u64) -> Option<PlanFiles> {
    let prepared = prepare(case, switches);
    let oracle = prepared.best_within(limit)?;
    let to_check = check_first(case);
    let turns = prepared.turns(&oracle.plan.iter().map(|(line, place)| (*line, place)).collect());
    let mut plan = Vec::new();
    let mut unplaced = Vec::new();
    for (position, wanted) in prepared.wanted.iter().enumerate() {
        match oracle.plan.get(&wanted.request.line) {
            Some(place) => {
                let check = to_check.contains(&wanted.request.line);
                let row = plan_row(case, wanted, place, check);
                let (call_order, call_by) = turns[&wanted.request.line];
                plan.push(PlanRow { call_order, call_by, ..row });
            }
            None => unplaced.push((wanted, unplaced_row(case, wanted, &prepared.candidates[position]))),
        }
    }
    plan.sort_by_key(|row| row.call_order);
    unplaced.sort_by_key(|(wanted, _)| !wanted.passed);
    let unplaced = unplaced.into_iter().map(|(_, row)| row).collect();
    let excluded = case.requests.iter().filter_map(|request| {
        let reason_code = oracle.excluded.get(&request.line)?;
        Some(ExcludedRow {
            request_id: request.request_id.clone(),
            patient_id: request.patient_id.clone(),
            reason_code: (*reason_code).to_owned(),
            field: String::new(),
            detail: String::new(),
            line: request.line,
        })
    });
    let mut excluded: Vec<ExcludedRow> = excluded.collect();
    excluded.sort_by_key(|row| row.reason_code != "escalate-now");
    let tiers = ranks_of_tiers(case, switches);
    let summary = summary(case, &prepared, &tiers, &oracle, plan.len(), excluded.len());
    Some(PlanFiles { plan, unplaced, excluded, summary })
}

fn plan_row(case: &Case, wanted: &Wanted<'_>, place: &Candidate, check_first: bool) -> PlanRow {
    let flags =
        [("check-first", check_first), ("window-passed", wanted.passed), ("escalated", wanted.escalated)];
    PlanRow {
        call_order: 0,
        call_by: None,
        request_id: wanted.request.request_id.clone(),
        patient_id: wanted.request.patient_id.clone(),
        tier: wanted.tier.code.clone(),
        rank: wanted.rank as u32,
        target_date: wanted.target,
        latest_date: wanted.request.latest_date,
        session_id: case.sessions[place.session].session_id.clone(),
        slot_ids: place.slots.iter().map(|&slot| case.slots[slot].slot_id.to_string()).collect(),
        practitioner_id: case.clinicians[place.clinician].practitioner_id.clone(),
        site_id: case.sites[place.site].site_id.clone(),
        start: place.start,
        end: place.end,
        delivery_channel: place.channel.as_str().to_owned(),
        contact_route: wanted.route.as_str().to_owned(),
        days_late: (place.date() - wanted.target).num_days().max(0) as u32,
        status: "proposed".to_owned(),
        flags: flags.iter().filter(|(_, holds)| *holds).map(|(flag, _)| (*flag).to_owned()).collect(),
        reason: String::new(),
        kept: Vec::new(),
    }
}

fn unplaced_row(case: &Case, wanted: &Wanted<'_>, candidates: &[Candidate]) -> UnplacedRow {
    let reason_code = if wanted.passed && !case.policy.place_after_window {
        "window-passed"
    } else if candidates.is_empty() {
        "no-candidate"
    } else {
        "held"
    };
    UnplacedRow {
        request_id: wanted.request.request_id.clone(),
        patient_id: wanted.request.patient_id.clone(),
        tier: wanted.tier.code.clone(),
        rank: wanted.rank as u32,
        windowed: wanted.windowed,
        target_date: wanted.target,
        latest_date: wanted.request.latest_date,
        reason_code: reason_code.to_owned(),
        reason: String::new(),
        smallest_change: String::new(),
    }
}

fn summary(
    case: &Case,
    prepared: &Prepared<'_>,
    tiers: &[(&str, usize)],
    oracle: &Oracle,
    placed: usize,
    excluded: usize,
) -> Summary {
    let mut by_tier: BTreeMap<String, TierCounts> = BTreeMap::new();
    for wanted in &prepared.wanted {
        let counts = by_tier.entry(wanted.tier.code.clone()).or_default();
        counts.requests += 1;
        if oracle.plan.contains_key(&wanted.request.line) {
            counts.placed += 1;
        } else {
            counts.unplaced += 1;
        }
    }
    Summary {
        status: "optimal".to_owned(),
        objective: record(prepared.layout, tiers, &oracle.vector),
        counts: Counts {
            requests: case.requests.len(),
            placed,
            unplaced: prepared.wanted.len() - placed,
            excluded,
            by_tier,
        },
        policy: PolicyRecord {
            name: case.policy.name.clone(),
            version: case.policy.version.clone(),
            approved_by: case.policy.approved_by.clone(),
        },
        run: RunRecord {
            start: case.policy.start,
            as_of: rebook::calendar::format_moment(case.policy.as_of),
            additional: case.use_additional,
            previous: case.previous.as_ref().map(|_| BY_HAND.to_owned()),
            outcomes: Vec::new(),
            interrupted: false,
        },
        input_sha256: BTreeMap::new(),
        software_version: String::new(),
        seed: 0,
        elapsed_seconds: 0.0,
        warnings: Vec::new(),
    }
}

/// A proven vector as the summary has it.
fn record(layout: Layout, tiers: &[(&str, usize)], vector: &[i64]) -> ObjectiveRecord {
    let mut entries = vector.iter().map(|&value| ObjectiveEntry { value, bound: value });
    let mut next = || entries.next().expect("an entry of the vector");
    let of_rank = |rank: usize, entry: ObjectiveEntry| {
        let codes: Vec<&str> = tiers.iter().filter(|(_, its)| *its == rank).map(|(code, _)| *code).collect();
        RankEntry { rank: rank as u32, tier: codes.join("+"), value: entry.value, bound: entry.bound }
    };
    let mut late: Vec<RankEntry> = (1..=layout.before_window).map(|rank| of_rank(rank, next())).collect();
    let window = next();
    late.extend((layout.before_window + 1..=layout.ranks).map(|rank| of_rank(rank, next())));
    let wait = (1..=layout.ranks).map(|rank| of_rank(rank, next())).collect();
    ObjectiveRecord { late, window, wait, order: next() }
}

/// Asserts on the files of every planner alike; each method hands the same on.
#[derive(Debug)]
pub struct Outcomes {
    outcomes: Vec<(&'static str, PlanFiles)>,
}

impl Outcomes {
    /// Plans the case by each of these.
    ///
    /// # Panics
    /// If one of them does.
    pub fn of(case: &Case, planners: &[(&'static str, Planner)]) -> Self {
        Self { outcomes: planners.iter().map(|(name, plan)| (*name, plan(case))).collect() }
    }

    fn each<T: PartialEq + std::fmt::Debug>(&self, expected: &T, found: impl Fn(&PlanFiles) -> T) -> &Self {
        for (name, files) in &self.outcomes {
            assert_eq!(&found(files), expected, "found by {name} (left), expected (right)");
        }
        self
    }

    /// Exactly these are placed, each in these slots, joined by `;`; in any order.
    pub fn placed(&self, expected: &[(&str, &str)]) -> &Self {
        let expected: BTreeMap<String, String> =
            expected.iter().map(|(id, slots)| ((*id).to_owned(), (*slots).to_owned())).collect();
        self.each(&expected, |files| {
            files.plan.iter().map(|row| (row.request_id.clone(), row.slot_ids.join(";"))).collect()
        })
    }

    /// These lines are excluded, each for this reason.
    pub fn excluded(&self, expected: &[(u64, &str)]) -> &Self {
        let expected: BTreeMap<u64, String> =
            expected.iter().map(|(line, code)| (*line, (*code).to_owned())).collect();
        self.each(&expected, |files| {
            files.excluded.iter().map(|row| (row.line, row.reason_code.clone())).collect()
        })
    }

    /// The lines of the excluded, in the order of the file.
    pub fn excluded_in_order(&self, expected: &[u64]) -> &Self {
        self.each(&expected.to_vec(), |files| files.excluded.iter().map(|row| row.line).collect())
    }

    /// The ids of the unplaced, in the order of the file.
    pub fn unplaced_in_order(&self, expected: &[&str]) -> &Self {
        self.each(&crate::build::tags(expected), |files| {
            files.unplaced.iter().map(|row| row.request_id.clone()).collect()
        })
    }

    /// The rows of the plan in the order of the file: who is called by when, and `-` for no call.
    pub fn calls(&self, expected: &[(&str, &str)]) -> &Self {
        let expected: Vec<(u32, String, String)> =
            (1..).zip(expected).map(|(turn, (id, by))| (turn, (*id).to_owned(), (*by).to_owned())).collect();
        self.each(&expected, |files| {
            let by = |row: &PlanRow| row.call_by.map_or_else(|| "-".to_owned(), |date| date.to_string());
            files.plan.iter().map(|row| (row.call_order, row.request_id.clone(), by(row))).collect()
        })
    }

    /// These are left out, each for this reason; only for reasons that the rule alone decides.
    pub fn unplaced(&self, expected: &[(&str, &str)]) -> &Self {
        let expected: BTreeMap<String, String> =
            expected.iter().map(|(id, code)| ((*id).to_owned(), (*code).to_owned())).collect();
        self.each(&expected, |files| {
            files.unplaced.iter().map(|row| (row.request_id.clone(), row.reason_code.clone())).collect()
        })
    }

    /// The rank of a request, placed or not.
    pub fn rank(&self, request_id: &str, rank: u32) -> &Self {
        self.each(&Some(rank), |files| standing(files, request_id).map(|(rank, _)| rank))
    }

    /// The target of a request, placed or not.
    pub fn target(&self, request_id: &str, date: &str) -> &Self {
        let date: NaiveDate = crate::build::day(date);
        self.each(&Some(date), |files| standing(files, request_id).map(|(_, target)| target))
    }

    /// A row of the plan has these flags, in any order.
    pub fn flags(&self, request_id: &str, expected: &[&str]) -> &Self {
        let mut expected = crate::build::tags(expected);
        expected.sort();
        self.each(&Some(expected), |files| {
            let mut flags = files.plan.iter().find(|row| row.request_id == request_id)?.flags.clone();
            flags.sort();
            Some(flags)
        })
    }

    /// Something that a row of the plan says.
    pub fn says<T: PartialEq + std::fmt::Debug>(
        &self,
        request_id: &str,
        expected: &T,
        what: impl Fn(&PlanRow) -> T,
    ) -> &Self {
        for (name, files) in &self.outcomes {
            let row = files.plan.iter().find(|row| row.request_id == request_id);
            assert_eq!(row.map(&what).as_ref(), Some(expected), "found by {name} (left), expected (right)");
        }
        self
    }

    /// The late entries by rank.
    pub fn late(&self, expected: &[i64]) -> &Self {
        self.each(&expected.to_vec(), |files| {
            files.summary.objective.late.iter().map(|entry| entry.value).collect()
        })
    }

    /// The window entry.
    pub fn window(&self, expected: i64) -> &Self {
        self.each(&expected, |files| files.summary.objective.window.value)
    }

    /// The wait entries by rank.
    pub fn wait(&self, expected: &[i64]) -> &Self {
        self.each(&expected.to_vec(), |files| {
            files.summary.objective.wait.iter().map(|entry| entry.value).collect()
        })
    }

    /// The order entry.
    pub fn order(&self, expected: i64) -> &Self {
        self.each(&expected, |files| files.summary.objective.order.value)
    }

    /// The tier codes of the ranks, as the summary joins them.
    pub fn tiers(&self, expected: &[&str]) -> &Self {
        self.each(&crate::build::tags(expected), |files| {
            files.summary.objective.late.iter().map(|entry| entry.tier.clone()).collect()
        })
    }
}

fn standing(files: &PlanFiles, request_id: &str) -> Option<(u32, NaiveDate)> {
    let placed = files.plan.iter().find(|row| row.request_id == request_id);
    let unplaced = files.unplaced.iter().find(|row| row.request_id == request_id);
    placed.map(|row| (row.rank, row.target_date)).or(unplaced.map(|row| (row.rank, row.target_date)))
}
