//! Weekly availability: `Mon-Fri 15:30-18:30`, `Sat 09:00-12:00`, `Tue`.

use chrono::Weekday;

/// Minutes of a day.
pub const MINUTES_PER_DAY: u32 = 24 * 60;

/// A window of one weekday, in minutes of the day, `from` in and `to` out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeekdayWindow {
    /// 0 = Monday.
    pub weekday: u8,
    /// First minute.
    pub from: u32,
    /// The minute after the last one.
    pub to: u32,
}

/// When a patient can come, week by week; without any window: at any time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Availability {
    windows: Vec<WeekdayWindow>,
}

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn weekday(text: &str) -> Option<u8> {
    let lower = text.to_ascii_lowercase();
    NAMES.iter().position(|name| *name == lower).map(|index| index as u8)
}

fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    if hour.is_empty() || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    if !hour.bytes().chain(minute.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= MINUTES_PER_DAY).then_some(hour * 60 + minute)
}

fn item(text: &str) -> Option<Vec<WeekdayWindow>> {
    let mut words = text.split_whitespace();
    let days = words.next()?;
    let (first, last) = match days.split_once('-') {
        Some((first, last)) => (weekday(first)?, weekday(last)?),
        None => (weekday(days)?, weekday(days)?),
    };
    let (from, to) = match words.next() {
        Some(times) => {
            let (from, to) = times.split_once('-')?;
            (clock(from)?, clock(to)?)
        }
        None => (0, MINUTES_PER_DAY),
    };
    if from >= to || words.next().is_some() {
        return None;
    }
    // `Fri-Mon` wraps round the weekend.
    let span = (last + 7 - first) % 7;
    Some((0..=span).map(|step| WeekdayWindow { weekday: (first + step) % 7, from, to }).collect())
}

impl Availability {
    /// Reads a `;`-separated list; empty items are passed over; touching and overlapping windows become one.
    ///
    /// # Errors
    /// The first item that cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut windows = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            windows.extend(item(part).ok_or_else(|| part.to_owned())?);
        }
        Ok(Self::from_windows(windows))
    }

    /// These windows, touching and overlapping ones made one.
    pub fn from_windows(mut windows: Vec<WeekdayWindow>) -> Self {
        windows.sort_unstable();
        let mut merged: Vec<WeekdayWindow> = Vec::with_capacity(windows.len());
        for window in windows {
            match merged.last_mut() {
                Some(last) if last.weekday == window.weekday && window.from <= last.to => {
                    last.to = last.to.max(window.to);
                }
                _ => merged.push(window),
            }
        }
        Self { windows: merged }
    }

    /// Whether there is no restriction.
    pub fn is_any(&self) -> bool {
        self.windows.is_empty()
    }

    /// The windows, ascending, none touching another.
    pub fn windows(&self) -> &[WeekdayWindow] {
        &self.windows
    }

    /// Whether minutes `[from, to)` of that weekday lie inside one window.
    pub fn covers(&self, weekday: Weekday, from: u32, to: u32) -> bool {
        let day = weekday.num_days_from_monday() as u8;
        self.is_any() || self.windows.iter().any(|w| w.weekday == day && w.from <= from && to <= w.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_windows_are_one_and_weekends_wrap() {
        let windows = Availability::parse("Fri-Mon 09:00-12:00; Mon 12:00-13:00").unwrap();
        assert!(windows.covers(Weekday::Mon, 11 * 60, 13 * 60));
        assert!(windows.covers(Weekday::Sun, 9 * 60, 12 * 60));
        assert!(!windows.covers(Weekday::Tue, 9 * 60, 10 * 60));
    }

    #[test]
    fn a_day_alone_is_the_whole_day_and_nothing_is_any_time() {
        assert!(Availability::parse("Tue").unwrap().covers(Weekday::Tue, 0, MINUTES_PER_DAY));
        assert!(Availability::parse("").unwrap().covers(Weekday::Wed, 0, 1));
    }

    #[test]
    fn nonsense_is_named() {
        for bad in ["Mond 09:00-10:00", "Mon 10:00-09:00", "Mon 09:00", "Mon 9-10", "Mon 09:00-25:00"] {
            assert_eq!(Availability::parse(bad), Err(bad.to_owned()));
        }
    }
}
