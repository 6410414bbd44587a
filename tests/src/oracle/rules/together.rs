//! SPEC 4.6 and 4.7: links and visits.

use chrono::TimeDelta;

use super::{Link, Rules};
use crate::oracle::candidates::Candidate;
use crate::oracle::switches::Clause;

impl Rules<'_> {
    /// 4.6: the links of which this decision is one end and the other is decided, booked or excluded.
    pub(super) fn linked(
        &self,
        plan: &[Option<&Candidate>],
        position: usize,
        decision: Option<&Candidate>,
    ) -> Result<(), Clause> {
        // The decision at that end of a link; `None` where there is none yet.
        let decided = |end: usize| if end == position { Some(decision) } else { plan.get(end).copied() };
        for (of, link) in self.links.iter().enumerate() {
            let Some(Some(place)) = decided(of) else { continue };
            let (start, end) = match *link {
                Link::Never if of == position => {
                    self.check(Clause::LinkExcluded, false)?;
                    continue;
                }
                Link::Booked { start, end } if of == position => (start, end),
                Link::After(first) if of == position || first == position => match decided(first) {
                    Some(Some(before)) => (before.start, before.end),
                    Some(None) => {
                        self.check(Clause::LinkPlaced, false)?;
                        continue;
                    }
                    None => continue,
                },
                _ => continue,
            };
            let days = (place.date() - start.date()).num_days();
            let request = self.wanted[of].request;
            self.check(Clause::LinkMin, days >= i64::from(request.after_min_days))?;
            self.check(Clause::LinkMax, days <= i64::from(request.after_max_days))?;
            // On one date not before the other has ended, be that planned or booked.
            self.check(Clause::LinkSameDate, days != 0 || place.start >= end)?;
        }
        Ok(())
    }

    /// 4.7: the visit of which this request is a member, with those members that are decided.
    pub(super) fn visited(
        &self,
        plan: &[Option<&Candidate>],
        position: usize,
        decision: Option<&Candidate>,
    ) -> Result<(), Clause> {
        for visit in self.visits.iter().filter(|visit| visit.contains(&position)) {
            let others = visit.iter().filter_map(|&member| plan.get(member).copied());
            let decided: Vec<Option<&Candidate>> = others.chain([decision]).collect();
            let mut placed: Vec<&Candidate> = decided.iter().copied().flatten().collect();
            self.check(Clause::VisitAll, placed.is_empty() || placed.len() == decided.len())?;
            // Members in the order of their starts; of those who share a group slot, the longest ends last.
            placed.sort_by_key(|place| (place.start, place.end));
            let share = |a: &Candidate, b: &Candidate| {
                a.group && a.slots == b.slots && self.switches.on(Clause::VisitSharing)
            };
            for (index, place) in placed.iter().enumerate() {
                for before in &placed[..index] {
                    let same = before.site == place.site && before.date() == place.date();
                    self.check(Clause::VisitPlace, same)?;
                    self.check(Clause::VisitOverlap, before.end <= place.start || share(before, place))?;
                }
            }
            if decided.len() == visit.len() {
                let gap = TimeDelta::minutes(i64::from(self.case.policy.together_gap_minutes));
                for pair in placed.windows(2) {
                    let close = pair[1].start <= pair[0].end + gap || share(pair[0], pair[1]);
                    self.check(Clause::VisitGap, close)?;
                }
            }
        }
        Ok(())
    }
}
