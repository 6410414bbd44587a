//! Dates, working days, bank holidays and availability windows.
//!
//! All times are local civil time in Europe/London: a date-time is what the clock on the wall shows, and
//! nothing shifts across a clock change. The library never asks the machine for the time.

mod availability;
mod bank_holidays;
mod date_set;
mod london;
mod text;
mod working_days;

pub use availability::{Availability, MINUTES_PER_DAY, WeekdayWindow};
pub use bank_holidays::england_bank_holidays;
pub use date_set::DateSet;
pub use london::{
    format_instant, is_skipped_in_london, is_twice_in_london, london_of_utc, london_offset_hours,
    utc_of_london,
};
pub use text::{
    DateProblem, LAST_WRITABLE, format_date, format_moment, parse_date, parse_moment, serial_date,
};
pub use working_days::WorkingDays;
