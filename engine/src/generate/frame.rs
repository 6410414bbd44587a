//! The calendar of a generated case: the days behind, and the days ahead.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use crate::calendar::{WorkingDays, england_bank_holidays};

/// Working days before the outage whose ordinary cancellations still wait.
const ORDINARY_DAYS: usize = 5;

/// The dates that matter.
pub struct Frame {
    /// First plannable date.
    pub start: NaiveDate,
    /// The working days behind, latest first: those of the outage, then an ordinary week.
    pub behind: Vec<NaiveDate>,
    /// How many of them the outage took.
    pub outage_days: usize,
    days: u32,
    working: WorkingDays,
}

impl Frame {
    /// The frame of a case that starts on `start` after an outage of so many working days, with a book of `days` days.
    pub fn new(start: NaiveDate, outage_days: usize, days: u32) -> Self {
        let working = WorkingDays::new(england_bank_holidays().to_vec());
        let mut behind = Vec::new();
        let mut day = start;
        while behind.len() < outage_days + ORDINARY_DAYS {
            day = day - Days::new(1);
            if working.is_working_day(day) {
                behind.push(day);
            }
        }
        Self { start, behind, outage_days, days, working }
    }

    /// The days of the outage, latest first.
    pub fn outage(&self) -> &[NaiveDate] {
        &self.behind[..self.outage_days]
    }

    /// The date so many days after the start.
    pub fn ahead(&self, days: u32) -> NaiveDate {
        self.start + Days::new(u64::from(days))
    }

    /// Days from the start; 0 for the days before it.
    pub fn days_ahead(&self, date: NaiveDate) -> u32 {
        (date - self.start).num_days().max(0) as u32
    }

    /// The working days ahead, ascending.
    pub fn working_days(&self) -> Vec<NaiveDate> {
        (0..self.days).map(|day| self.ahead(day)).filter(|date| self.working.is_working_day(*date)).collect()
    }

    /// Every date ahead on this weekday (0 = Monday) that is no bank holiday.
    pub fn weekdays(&self, weekday: u8) -> Vec<NaiveDate> {
        use chrono::Datelike;
        (0..self.days)
            .map(|day| self.ahead(day))
            .filter(|date| date.weekday().num_days_from_monday() == u32::from(weekday))
            .filter(|date| !self.working.is_bank_holiday(*date))
            .collect()
    }
}

/// A minute of a date.
pub fn moment(date: NaiveDate, minute: u32) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + chrono::TimeDelta::minutes(i64::from(minute))
}
