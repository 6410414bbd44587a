//! Working days: Monday to Friday outside bank holidays.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The working-day calendar of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkingDays {
    holidays: Vec<NaiveDate>,
}

impl WorkingDays {
    /// A calendar with these bank holidays, in any order.
    pub fn new(mut holidays: Vec<NaiveDate>) -> Self {
        holidays.sort_unstable();
        holidays.dedup();
        Self { holidays }
    }

    /// Whether `date` is a bank holiday.
    pub fn is_bank_holiday(&self, date: NaiveDate) -> bool {
        self.holidays.binary_search(&date).is_ok()
    }

    /// Whether `date` is a working day: Monday to Friday and not a bank holiday.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !self.is_bank_holiday(date)
    }

    /// The `n`-th working day after `date`; for `n` = 0 `date` itself if it is a working day, else the next one.
    ///
    /// Saturates at the last date that can be represented.
    pub fn nth_after(&self, date: NaiveDate, n: u32) -> NaiveDate {
        let mut day = date;
        let mut left = n;
        if n == 0 {
            while !self.is_working_day(day) {
                let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
                day = next;
            }
            return day;
        }
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn zero_is_the_day_itself_or_the_next_working_day() {
        let calendar = WorkingDays::new(vec![date("2024-08-26")]);
        assert_eq!(calendar.nth_after(date("2024-08-23"), 0), date("2024-08-23"));
        assert_eq!(calendar.nth_after(date("2024-08-24"), 0), date("2024-08-27"));
    }

    #[test]
    fn counting_skips_weekends_and_holidays() {
        let calendar = WorkingDays::new(vec![date("2024-08-26")]);
        assert_eq!(calendar.nth_after(date("2024-08-23"), 1), date("2024-08-27"));
        assert_eq!(calendar.nth_after(date("2024-08-24"), 2), date("2024-08-28"));
    }
}
