//! SPEC section 1, `[[weight]]`: the exact product of percentages, capped and floored to whole percent.

use crate::model::{FlagWeight, Request, Tier};

/// The weight of a request of this tier in whole percent.
pub(super) fn weight(tier: &Tier, request: &Request, weights: &[FlagWeight], max_weight: u32) -> i64 {
    let factors = weights.iter().filter(|weight| request.flags.contains(&weight.flag)).map(|w| w.percent);
    floored_product(tier.weight, factors, max_weight)
}

/// `floor(min(first x factors / 100^n, cap))`, exact however many factors there are.
///
/// The product is kept whole, as digits to the base 2^32, and divided only at the end: to floor n divisions by
/// 100 one after the other is to floor the division by 100^n once. The cap is whole, so it may come last.
fn floored_product(first: u32, factors: impl Iterator<Item = u32>, cap: u32) -> i64 {
    let mut digits = vec![first];
    let mut hundreds = 0;
    for factor in factors {
        multiply(&mut digits, factor);
        hundreds += 1;
    }
    for _ in 0..hundreds {
        divide(&mut digits, 100);
    }
    match digits.as_slice() {
        [] => 0,
        [only] => i64::from((*only).min(cap)),
        _ => i64::from(cap),
    }
}

fn multiply(digits: &mut Vec<u32>, factor: u32) {
    let mut carry = 0;
    for digit in digits.iter_mut() {
        let product = u64::from(*digit) * u64::from(factor) + carry;
        *digit = product as u32;
        carry = product >> 32;
    }
    if carry > 0 {
        digits.push(carry as u32);
    }
}

fn divide(digits: &mut Vec<u32>, divisor: u32) {
    let mut rest = 0;
    for digit in digits.iter_mut().rev() {
        let value = (rest << 32) | u64::from(*digit);
        *digit = (value / u64::from(divisor)) as u32;
        rest = value % u64::from(divisor);
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::floored_product;

    #[test]
    fn the_product_is_exact_and_floored_once() {
        assert_eq!(floored_product(100, [].into_iter(), 200), 100);
        assert_eq!(floored_product(100, [120, 110].into_iter(), 200), 132);
        // 115 x 1.15 x 1.15 = 152.0875; flooring at each step would give 151.
        assert_eq!(floored_product(115, [115, 115].into_iter(), 200), 152);
        assert_eq!(floored_product(50, [1].into_iter(), 200), 0);
    }

    #[test]
    fn it_is_capped_after_all_factors() {
        assert_eq!(floored_product(100, [150, 150].into_iter(), 200), 200);
        // Capped only at the end: 300 % and then 50 % is 150 %.
        assert_eq!(floored_product(100, [300, 50].into_iter(), 200), 150);
    }

    #[test]
    fn many_large_factors_do_not_overflow() {
        let large = [u32::MAX; 9].into_iter();
        assert_eq!(floored_product(u32::MAX, large, 1000), 1000);
        let up_and_down = [u32::MAX; 6].into_iter().chain([1; 60]);
        assert_eq!(floored_product(u32::MAX, up_and_down, 1000), 0);
    }
}
