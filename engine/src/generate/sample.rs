//! Seeded sampling in whole numbers: the same numbers on every machine and in every version of the libraries.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use sha2::{Digest, Sha256};

/// Shares are whole numbers out of this many.
pub const WHOLE: u32 = 10_000;

/// A stream of random numbers of its own: what one part of a case draws cannot shift another part.
pub struct Stream(Pcg64Mcg);

impl Stream {
    /// The stream of `part` number `index` of the case of `seed`.
    pub fn new(seed: u64, part: &str, index: u64) -> Self {
        let digest = Sha256::digest(format!("{seed}/{part}/{index}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(Pcg64Mcg::from_seed(bytes))
    }

    /// Uniform in `0..bound`; 0 where `bound` is 0. Without bias: Lemire's multiplication with rejection.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let wide = (self.0.next_u64() >> 32) * u64::from(bound);
            if wide as u32 >= threshold {
                return (wide >> 32) as u32;
            }
        }
    }

    /// Uniform in `low..=high`; `low` where the ends are swapped.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high + 1).saturating_sub(low))
    }

    /// True in `share` of ten thousand cases.
    pub fn chance(&mut self, share: u32) -> bool {
        self.below(WHOLE) < share
    }

    /// One of the items, each as likely as its weight says. The list is one of the constants: never empty.
    pub fn choose<T: Copy>(&mut self, items: &[(T, u32)]) -> T {
        let total = items.iter().map(|item| item.1).sum();
        let mut left = self.below(total);
        for &(item, weight) in items {
            if left < weight {
                return item;
            }
            left -= weight;
        }
        items[0].0
    }

    /// A value of a distribution given by its quantiles: points of (share of ten thousand, value), ascending.
    pub fn quantile(&mut self, points: &[(u32, u32)]) -> u32 {
        let at = self.below(WHOLE);
        interpolate(points, at)
    }

    /// `value` rounded up or down so that its mean over many draws is `numerator / denominator`.
    pub fn round(&mut self, numerator: u64, denominator: u64) -> u32 {
        let denominator = denominator.max(1);
        let rest = (numerator % denominator * u64::from(WHOLE) / denominator) as u32;
        (numerator / denominator) as u32 + u32::from(self.chance(rest))
    }
}

/// The value at `at` on the line through the points, which ascend by their first number.
pub fn interpolate(points: &[(u32, u32)], at: u32) -> u32 {
    let after = points.partition_point(|point| point.0 <= at);
    match (after.checked_sub(1).map(|index| points[index]), points.get(after)) {
        (Some((x0, y0)), Some(&(x1, y1))) => {
            let (span, step) = (i64::from(x1 - x0), i64::from(at - x0));
            (i64::from(y0) + (i64::from(y1) - i64::from(y0)) * step / span) as u32
        }
        (Some((_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_numbers_everywhere() {
        let mut stream = Stream::new(7, "rota", 3);
        let drawn: Vec<u32> = (0..5).map(|_| stream.below(1000)).collect();
        assert_eq!(drawn, PINNED);
    }

    const PINNED: [u32; 5] = [515, 845, 380, 410, 129];

    #[test]
    fn parts_and_seeds_do_not_share_numbers() {
        let drawn = |seed, part, index| Stream::new(seed, part, index).below(u32::MAX);
        assert_ne!(drawn(1, "rota", 0), drawn(1, "rota", 1));
        assert_ne!(drawn(1, "rota", 0), drawn(1, "staff", 0));
        assert_ne!(drawn(1, "rota", 0), drawn(2, "rota", 0));
    }

    #[test]
    fn between_points_the_line_is_followed() {
        let points = [(0, 100), (10, 0), (20, 50)];
        let at: Vec<u32> = [0, 5, 10, 15, 20, 99].iter().map(|at| interpolate(&points, *at)).collect();
        assert_eq!(at, [100, 50, 0, 25, 50, 50]);
    }

    #[test]
    fn shares_come_out_as_asked() {
        let mut stream = Stream::new(1, "test", 0);
        let hits = (0..100_000).filter(|_| stream.chance(2_500)).count();
        assert!((24_500..25_500).contains(&hits), "{hits}");
    }
}
