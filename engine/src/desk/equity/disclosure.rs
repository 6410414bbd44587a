//! What must not be told, because it would be about a few people.

/// A group of fewer patients is not told of: its numbers could be somebody's.
pub const FEWEST: usize = 5;

/// Which groups are told of, by dimension.
///
/// `of` says for each dimension the group of each request, `sizes` how many groups a dimension has, and `patients` numbers
/// the patient of each request. What is known of a dimension in the end is each group that is told of and, as the rest of
/// all, those that are not told of taken together. Of none of these, nor of what is left of one of them without those of
/// another dimension that lie wholly in it, may there be fewer than [`FEWEST`] patients; and a group that is not told of is
/// never the only one. Where it is not so, the smallest group that helps is not told of either.
pub(super) fn told(of: &[Vec<usize>], sizes: &[usize], patients: &[u32]) -> Vec<Vec<bool>> {
    let mut told: Vec<Vec<bool>> = of
        .iter()
        .zip(sizes)
        .map(|(labels, &groups)| {
            count_patients(labels, groups, patients).iter().map(|&count| count >= FEWEST).collect()
        })
        .collect();
    let counts: Vec<Vec<usize>> =
        of.iter().zip(sizes).map(|(labels, &groups)| count_patients(labels, groups, patients)).collect();
    while let Some((dimension, group)) = next_to_hide(of, &told, &counts, patients) {
        told[dimension][group] = false;
    }
    told
}

/// How many patients each group has.
fn count_patients(labels: &[usize], groups: usize, patients: &[u32]) -> Vec<usize> {
    let mut pairs: Vec<(usize, u32)> = labels.iter().copied().zip(patients.iter().copied()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut counts = vec![0; groups];
    for (group, _) in pairs {
        counts[group] += 1;
    }
    counts
}

/// A group that must not be told of either.
fn next_to_hide(
    of: &[Vec<usize>],
    told: &[Vec<bool>],
    counts: &[Vec<usize>],
    patients: &[u32],
) -> Option<(usize, usize)> {
    let known: Vec<Vec<usize>> = of.iter().zip(told).map(|(labels, told)| known(labels, told)).collect();
    let smallest = |dimension: usize, may: &dyn Fn(usize) -> bool| {
        let groups = (0..told[dimension].len()).filter(|&group| told[dimension][group] && may(group));
        groups.min_by_key(|&group| (counts[dimension][group], group)).map(|group| (dimension, group))
    };
    for dimension in 0..of.len() {
        let hidden = told[dimension].iter().filter(|told| !**told).count();
        let groups = told[dimension].len();
        let few = few_in(&known[dimension], groups + 1, patients, |_| true);
        if hidden == 1 || (hidden > 0 && few[groups]) {
            // None left: all of them together are no more than is told of all.
            if let Some(found) = smallest(dimension, &|_| true) {
                return Some(found);
            }
        }
    }
    for outer in 0..of.len() {
        for inner in (0..of.len()).filter(|&inner| inner != outer) {
            let home = homes(&known[outer], &known[inner], told[inner].len() + 1);
            let groups = told[outer].len() + 1;
            let lies_in = |at: usize| home[known[inner][at]] == Home::In(known[outer][at]);
            let few = few_in(&known[outer], groups, patients, |at| !lies_in(at));
            let has_inner = |group: usize| home.contains(&Home::In(group));
            let Some(group) = (0..groups).find(|&group| few[group] && has_inner(group)) else { continue };
            let inside = smallest(inner, &|one| home[one] == Home::In(group));
            if let Some(found) = inside.or_else(|| smallest(inner, &|_| true)) {
                return Some(found);
            }
        }
    }
    None
}

/// The group of each request as far as it is known: those that are not told of are one, after all others.
fn known(labels: &[usize], told: &[bool]) -> Vec<usize> {
    labels.iter().map(|&group| if told[group] { group } else { told.len() }).collect()
}

/// Where a group lies in another dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    Empty,
    In(usize),
    InSeveral,
}

/// Where each inner group lies.
fn homes(outer: &[usize], inner: &[usize], groups: usize) -> Vec<Home> {
    let mut homes = vec![Home::Empty; groups];
    for (&outer, &inner) in outer.iter().zip(inner) {
        homes[inner] = match homes[inner] {
            Home::Empty => Home::In(outer),
            Home::In(other) if other == outer => Home::In(outer),
            Home::In(_) | Home::InSeveral => Home::InSeveral,
        };
    }
    homes
}

/// Whether somebody, but fewer than [`FEWEST`] patients, are left of each group among the requests that count.
fn few_in(labels: &[usize], groups: usize, patients: &[u32], counts: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut seen: Vec<Vec<u32>> = vec![Vec::new(); groups];
    for (at, (&group, &patient)) in labels.iter().zip(patients).enumerate() {
        let seen = &mut seen[group];
        if seen.len() < FEWEST && counts(at) && !seen.contains(&patient) {
            seen.push(patient);
        }
    }
    seen.iter().map(|seen| !seen.is_empty() && seen.len() < FEWEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many requests of each group, each of another patient.
    fn one(sizes: &[usize]) -> Vec<bool> {
        let labels: Vec<usize> =
            sizes.iter().enumerate().flat_map(|(group, &size)| std::iter::repeat_n(group, size)).collect();
        let patients: Vec<u32> = (0..labels.len() as u32).collect();
        told(&[labels], &[sizes.len()], &patients).remove(0)
    }

    #[test]
    fn groups_of_fewer_than_five_are_not_told_of() {
        assert_eq!(one(&[5, 9, 6]), [true, true, true]);
        assert_eq!(one(&[4, 9, 2]), [false, true, false]);
        assert_eq!(one(&[4]), [false]);
    }

    #[test]
    fn one_that_is_not_told_of_never_stands_alone() {
        // 30 less 9 and 17 would tell of the 4.
        assert_eq!(one(&[9, 4, 17]), [false, false, true]);
        assert_eq!(one(&[9, 3]), [false, false]);
    }

    #[test]
    fn those_that_are_not_told_of_are_five_patients_together() {
        // The two of 1 and 2 are known together: 3 patients.
        assert_eq!(one(&[1, 2, 8, 20]), [false, false, false, true]);
        assert_eq!(one(&[2, 3, 8, 20]), [false, false, true, true]);
    }

    #[test]
    fn patients_count_once() {
        // Six requests of four patients beside eight of eight.
        let labels = vec![0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2];
        let patients = vec![1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 21, 22, 23, 24, 25, 26, 27, 28, 29];
        assert_eq!(told(&[labels], &[3], &patients), [[false, false, true]]);
    }

    #[test]
    fn nothing_can_be_worked_out_from_two_dimensions() {
        // Who is called is all of the first tier and three of the second: 9 less 6 would tell of the three.
        let tier = [vec![0; 6], vec![1; 20], vec![2; 20]].concat();
        let route = [vec![0; 9], vec![1; 37]].concat();
        let patients: Vec<u32> = (0..46).collect();
        assert_eq!(
            told(&[tier.clone(), route], &[3, 2], &patients),
            [vec![false, false, true], vec![true, true]]
        );
        // With five of the second, there is nothing to hide.
        let route = [vec![0; 11], vec![1; 35]].concat();
        assert_eq!(told(&[tier, route], &[3, 2], &patients), [vec![true; 3], vec![true; 2]]);
    }

    #[test]
    fn what_is_not_told_of_counts_as_one_group_in_another_dimension_too() {
        // Of the second dimension 3 and 4 are not told of; together they lie in the first group, which has two more.
        let outer = [vec![0; 9], vec![1; 20]].concat();
        let inner = [vec![0; 3], vec![1; 4], vec![2; 22]].concat();
        let patients: Vec<u32> = (0..29).collect();
        let found = told(&[outer, inner], &[2, 3], &patients);
        assert_eq!(found[1], [false, false, false]);
        assert_eq!(found[0], [true, true]);
    }
}
