//! Free places: whoever fits in somewhere better beside everybody else goes there.

use super::Repair;

impl Repair<'_> {
    /// Looks at everybody once, or at those without a place, who costs most when left out first; says whether anybody moved.
    pub(super) fn improve(&mut self, everybody: bool) -> bool {
        let mut changed = false;
        for at in 0..self.order.len() {
            let job = self.order[at];
            if !everybody && self.board.way(job).is_some() {
                continue;
            }
            let cheaper = self.board.cheaper(job, self.cost(job));
            if cheaper.is_empty() {
                continue;
            }
            let now = self.board.lift(job);
            let moved = match now {
                None => self.can_be_placed(job) && self.board.seat(job, cheaper),
                Some(now) => {
                    let better = self.board.free_way(job, cheaper);
                    self.board.put(job, better.unwrap_or(now));
                    better.is_some()
                }
            };
            changed |= moved;
        }
        changed
    }

    /// Places those who were displaced again where they fit, who costs most when left out first, but nobody before
    /// the one that it comes after.
    pub(super) fn seat_again(&mut self, mut left: Vec<usize>) {
        let jobs = &self.whole.problem.jobs;
        left.sort_by(|&a, &b| jobs[b].unplaced.cmp(&jobs[a].unplaced).then(a.cmp(&b)));
        while !left.is_empty() {
            let waits = |job: &usize| self.board.ties.before(*job).any(|before| left.contains(&before));
            let (later, now): (Vec<usize>, Vec<usize>) = left.iter().partition(|job| waits(job));
            if now.is_empty() {
                // They come after one another: none of them can be first.
                return;
            }
            for job in now {
                let options = 0..self.whole.problem.jobs[job].options.len();
                if self.can_be_placed(job) {
                    self.board.seat(job, options);
                }
            }
            left = later;
        }
    }

    /// Whether all that a job comes after are placed.
    fn can_be_placed(&self, job: usize) -> bool {
        self.board.ties.before(job).all(|before| self.board.way(before).is_some())
    }
}
