//! The weight of a request: an exact product of percentages.

use std::collections::BTreeSet;

use crate::model::{Policy, Request};
use crate::units::TierIdx;

/// The exact product of the tier's weight and of all flag weights that apply, floored to whole percent and
/// capped by `max_weight`.
pub(super) fn weight(policy: &Policy, tier: TierIdx, request: &Request) -> u32 {
    let flags: BTreeSet<&str> = request.flags.iter().map(String::as_str).collect();
    let factors: Vec<u32> = policy
        .weights
        .iter()
        .filter(|weight| flags.contains(weight.flag.as_str()))
        .map(|weight| weight.percent)
        .collect();
    percent_product(policy.tiers[tier.index()].weight, &factors).min(policy.max_weight)
}

/// floor(first x product of (factor / 100)), exact at any length, saturating at `u32::MAX`.
///
/// The number is kept as digits to base 100, lowest first, so that dividing by 100 drops a digit.
fn percent_product(first: u32, factors: &[u32]) -> u32 {
    let mut digits: Vec<u8> = Vec::new();
    let mut rest = first;
    while rest > 0 {
        digits.push((rest % 100) as u8);
        rest /= 100;
    }
    for &factor in factors {
        let mut carry: u64 = 0;
        for digit in &mut digits {
            let value = u64::from(*digit) * u64::from(factor) + carry;
            *digit = (value % 100) as u8;
            carry = value / 100;
        }
        while carry > 0 {
            digits.push((carry % 100) as u8);
            carry /= 100;
        }
    }
    let whole = digits.get(factors.len()..).unwrap_or(&[]);
    let value = whole.iter().rev().fold(0_u64, |value, &digit| {
        value.saturating_mul(100).saturating_add(u64::from(digit)).min(u64::from(u32::MAX))
    });
    value as u32
}

#[cfg(test)]
mod tests {
    use super::percent_product;

    #[test]
    fn the_product_is_exact_and_floored_once() {
        assert_eq!(percent_product(100, &[120]), 120);
        // 100 % x 1.15 x 1.15 x 1.15 = 152.0875 %; rounding at every step would give 151.
        assert_eq!(percent_product(100, &[115, 115, 115]), 152);
        assert_eq!(percent_product(50, &[1]), 0);
        assert_eq!(percent_product(100, &[10_000; 12]), u32::MAX);
        let mut mixed = vec![10_000; 12];
        mixed.extend([1; 12]);
        assert_eq!(percent_product(100, &mixed), 100);
    }
}
