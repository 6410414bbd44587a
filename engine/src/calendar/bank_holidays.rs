//! England's bank holidays, bundled.

use std::sync::OnceLock;

use chrono::NaiveDate;

/// GOV.UK bank holidays for England and Wales, 2012 to 2028 (Open Government Licence v3.0), as carried by the
/// PyPI package govuk-bank-holidays 0.19 (MIT).
const TABLE: &str = include_str!("../../data/bank-holidays-england.csv");

/// England's bank holidays 2012 to 2028, ascending.
pub fn england_bank_holidays() -> &'static [NaiveDate] {
    static DAYS: OnceLock<Vec<NaiveDate>> = OnceLock::new();
    DAYS.get_or_init(|| {
        TABLE
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next())
            .filter_map(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_is_whole_and_ascending() {
        let days = england_bank_holidays();
        assert_eq!(days.len(), 140);
        assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        // Boxing Day 2026 is a Saturday: the holiday moves to Monday the 28th.
        assert!(days.contains(&NaiveDate::from_ymd_opt(2026, 12, 28).unwrap()));
    }
}
