//! Sets of dates written as a list of dates and ranges.

use chrono::NaiveDate;

use super::text::parse_date;

/// A set of dates, from a list such as `2024-07-22;2024-08-01..2024-08-09` (both ends are in).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DateSet {
    ranges: Vec<(NaiveDate, NaiveDate)>,
}

impl DateSet {
    /// The set of these ranges, both ends in; a range whose ends are swapped is empty.
    pub fn from_ranges(mut ranges: Vec<(NaiveDate, NaiveDate)>) -> Self {
        ranges.retain(|(from, to)| from <= to);
        ranges.sort_unstable();
        Self { ranges }
    }

    /// Reads a `;`-separated list; empty items are passed over.
    ///
    /// # Errors
    /// The first item that is neither a date nor a range with its ends in order.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut ranges = Vec::new();
        for item in text.split(';').map(str::trim).filter(|item| !item.is_empty()) {
            let range = match item.split_once("..") {
                Some((from, to)) => parse_date(from.trim()).ok().zip(parse_date(to.trim()).ok()),
                None => parse_date(item).ok().map(|date| (date, date)),
            };
            match range {
                Some((from, to)) if from <= to => ranges.push((from, to)),
                _ => return Err(item.to_owned()),
            }
        }
        Ok(Self::from_ranges(ranges))
    }

    /// Whether `date` is in the set.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.ranges.iter().any(|&(from, to)| from <= date && date <= to)
    }

    /// The set without this date.
    #[must_use]
    pub fn without(&self, date: NaiveDate) -> Self {
        let parts = |&(from, to): &(NaiveDate, NaiveDate)| {
            let before = date.pred_opt().map(|end| (from, end.min(to)));
            let after = date.succ_opt().map(|start| (from.max(start), to));
            [before, after]
        };
        Self::from_ranges(self.ranges.iter().flat_map(parts).flatten().collect())
    }

    /// Whether the set holds no date.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The ranges, ascending by first date, both ends in.
    pub fn ranges(&self) -> &[(NaiveDate, NaiveDate)] {
        &self.ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_range_are_in() {
        let set = DateSet::parse("2024-07-22; 2024-08-01..2024-08-03;").unwrap();
        let held = |text: &str| set.contains(text.parse().unwrap());
        assert!(held("2024-07-22") && held("2024-08-01") && held("2024-08-03"));
        assert!(!held("2024-07-31") && !held("2024-08-04"));
    }

    #[test]
    fn a_date_taken_out_leaves_the_rest() {
        let set = DateSet::parse("2024-07-22;2024-08-01..2024-08-03").unwrap();
        let rest = set.without("2024-08-02".parse().unwrap()).without("2024-07-22".parse().unwrap());
        assert_eq!(rest, DateSet::parse("2024-08-01;2024-08-03").unwrap());
    }

    #[test]
    fn swapped_ends_are_an_error() {
        assert_eq!(DateSet::parse("2024-08-03..2024-08-01"), Err("2024-08-03..2024-08-01".to_owned()));
    }
}
