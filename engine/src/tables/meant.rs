//! What somebody seems to have meant by dates and times that cannot be read. It is told and never taken: only who wrote
//! it can tell.

use chrono::NaiveDate;

use crate::calendar::{Availability, DateProblem, DateSet, format_date, parse_date, serial_date};

/// What people write between the ends of a range, beside `..`.
const BETWEEN: [&str; 8] = ["..", " to ", " until ", " till ", " - ", "–", "—", " and "];

/// Days and parts of the day by the words that people use for them.
const DAYS: [(&str, &str); 12] = [
    ("mon", "Mon"),
    ("tue", "Tue"),
    ("wed", "Wed"),
    ("thu", "Thu"),
    ("fri", "Fri"),
    ("sat", "Sat"),
    ("sun", "Sun"),
    ("weekday", "Mon-Fri"),
    ("weekend", "Sat-Sun"),
    ("daily", "Mon-Sun"),
    ("everyday", "Mon-Sun"),
    ("anyday", "Mon-Sun"),
];
const PARTS: [(&str, &str); 6] = [
    ("morning", "08:00-12:00"),
    ("am", "08:00-12:00"),
    ("afternoon", "12:00-18:00"),
    ("pm", "12:00-18:00"),
    ("evening", "18:00-20:00"),
    ("allday", "00:00-24:00"),
];

/// `03/07/2024` in words, where both readings are dates.
pub fn both_readings(text: &str) -> Option<String> {
    match readings(text)? {
        (Some(british), Some(american)) if british != american => {
            Some(format!("It could be {} or {}.", british.format("%-d %B %Y"), american.format("%-d %B %Y")))
        }
        (Some(date), _) | (None, Some(date)) => Some(format!("It seems to mean {}.", format_date(date))),
        (None, None) => None,
    }
}

/// The dates that it is with the day first and with the month first.
fn readings(text: &str) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
    let day = text.split([' ', 'T']).next()?;
    let mut parts = day.split(['/', '.', '-']).map(|part| part.parse::<u32>().ok());
    let (first, second, year) = (parts.next()??, parts.next()??, parts.next()??);
    let year = i32::try_from(if year < 100 { year + 2000 } else { year }).ok()?;
    Some((NaiveDate::from_ymd_opt(year, second, first), NaiveDate::from_ymd_opt(year, first, second)))
}

/// What an item of a list of dates seems to mean, as a sentence.
pub fn dates(item: &str) -> Option<String> {
    if let Some((from, to)) = item.split_once("..").and_then(|(from, to)| date(from).zip(date(to)))
        && from > to
    {
        return Some("The range ends before it begins.".to_owned());
    }
    let found = || {
        let days: Option<Vec<String>> = item.split([',', '&']).map(range).collect();
        let text = days?.join(";");
        DateSet::parse(&text).is_ok().then(|| format!("It seems to mean {text}."))
    };
    found().or_else(|| both_readings(item).filter(|_| parse_date(item) == Err(DateProblem::UkOrder)))
}

/// A date or a range as it is to be written.
fn range(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(date) = date(text) {
        return Some(format_date(date));
    }
    // A hyphen or a slash may stand inside a date as well: then it is the one in the middle.
    let middle = |mark: char| {
        let at: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
        let at = *at.get(at.len() / 2).filter(|_| at.len() % 2 == 1)?;
        Some((&text[..at], &text[at + mark.len_utf8()..]))
    };
    let words = BETWEEN.iter().filter_map(|word| text.split_once(word));
    let mut ends = words.chain(middle('/')).chain(middle('-'));
    let (from, to) = ends.find_map(|(from, to)| date(from).zip(date(to)))?;
    Some(format!("{}..{}", format_date(from), format_date(to)))
}

/// A date in a way that can be told from others.
fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    match parse_date(text) {
        Ok(date) => Some(date),
        Err(DateProblem::UkOrder) => match readings(text)? {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        },
        Err(DateProblem::SerialNumber) => serial_date(text),
        Err(DateProblem::NoSuchDay | DateProblem::Unreadable) => None,
    }
}

/// What an item of an availability seems to mean, as a sentence.
pub fn windows(item: &str) -> Option<String> {
    let text = windows_of(item)?;
    Availability::parse(&text).is_ok().then(|| format!("It seems to mean {text}."))
}

fn windows_of(item: &str) -> Option<String> {
    let mut text = item.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-").replace(" - ", "-");
    for (words, word) in [("all day", "allday"), ("any day", "anyday"), ("every day", "everyday")] {
        text = text.replace(words, word);
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '&'))
        .filter(|word| {
            !word.is_empty() && !matches!(*word, "and" | "or" | "on" | "from" | "between" | "only")
        })
        .collect();
    let mut days: Vec<String> = Vec::new();
    let mut times: Vec<String> = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if let Some(found) = day_or_days(word) {
            // What comes after its times would be another item.
            if !times.is_empty() {
                return None;
            }
            days.push(found);
        } else if let Some(part) = named(&PARTS, word, |rest| matches!(rest, "" | "s")) {
            times.push(part.to_owned());
        } else if word == "after" || word == "before" {
            let (hour, minute, half) = clock(words.next()?)?;
            let at = told(hour, minute, half.or(Some(hour >= 12)).filter(|_| half.is_some() || hour > 7)?)?;
            times.push(if word == "after" { format!("{at}-24:00") } else { format!("00:00-{at}") });
        } else {
            // `3 pm` is one time.
            let mut whole = word.to_owned();
            if let Some(half) = words.next_if(|next| next.starts_with("am-") || next.starts_with("pm-")) {
                whole += half;
                whole += words.next_if(|next| matches!(*next, "am" | "pm")).unwrap_or_default();
            } else if whole.ends_with(|c: char| c.is_ascii_digit()) {
                whole += words.next_if(|next| matches!(*next, "am" | "pm")).unwrap_or_default();
            }
            times.push(span(&whole)?);
        }
    }
    if days.is_empty() {
        // Whoever names no day means any.
        times.first()?;
        days.push("Mon-Sun".to_owned());
    }
    let items = days.iter().flat_map(|day| {
        let alone = times.is_empty().then(|| day.clone());
        times.iter().map(move |time| format!("{day} {time}")).chain(alone)
    });
    Some(items.collect::<Vec<_>>().join(";"))
}

/// A weekday, or from one to another.
fn day_or_days(word: &str) -> Option<String> {
    let one = |word: &str| {
        let endings = |rest: &str| {
            matches!(
                rest,
                "" | "s"
                    | "day"
                    | "days"
                    | "sday"
                    | "sdays"
                    | "nesday"
                    | "nesdays"
                    | "rsday"
                    | "rsdays"
                    | "r"
                    | "rs"
                    | "urday"
                    | "urdays"
                    | "nes"
                    | "."
            )
        };
        named(&DAYS, word, endings)
    };
    match word.split_once('-') {
        Some((from, to)) => {
            let (from, to) = (one(from)?, one(to)?);
            (from.len() == 3 && to.len() == 3).then(|| format!("{from}-{to}"))
        }
        None => one(word).map(str::to_owned),
    }
}

/// What a word stands for that begins with one of these, with what may come after.
fn named(known: &[(&str, &'static str)], word: &str, ends: impl Fn(&str) -> bool) -> Option<&'static str> {
    known.iter().find(|(name, _)| word.strip_prefix(name).is_some_and(&ends)).map(|(_, meant)| *meant)
}

/// From one time to another, as the 24-hour clock tells them.
fn span(word: &str) -> Option<String> {
    let (from, to) = word.split_once('-')?;
    let (from, to) = (clock(from)?, clock(to)?);
    // `3-6pm` begins in the afternoon, `9-1pm` in the morning.
    let begins = from.2.or_else(|| to.2.map(|pm| pm && from.0 % 12 < to.0 % 12));
    let bare = begins.is_none() && to.2.is_none();
    // `2-5` is in the afternoon or at night: nobody can tell.
    if bare && from.0 < 7 {
        return None;
    }
    let from = told(from.0, from.1, begins.unwrap_or(from.0 >= 12))?;
    let to = told(to.0, to.1, to.2.unwrap_or(to.0 >= 12))?;
    (from < to).then(|| format!("{from}-{to}"))
}

/// A time of the day as it is written: the hour, the minute, and whether it is said to be in the afternoon.
fn clock(word: &str) -> Option<(u32, u32, Option<bool>)> {
    if matches!(word, "noon" | "midday") {
        return Some((12, 0, Some(true)));
    }
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (word, None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some(parts) => parts,
        None if digits.len() > 2 && digits.is_ascii() => digits.split_at(digits.len() - 2),
        None => (digits, "00"),
    };
    let number = |text: &str| {
        (matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())?
    };
    let hour: u32 = number(hour)?;
    let minute: u32 = number(minute).filter(|_| minute.len() == 2)?;
    let sound = minute < 60 && if half.is_some() { (1..=12).contains(&hour) } else { hour <= 24 };
    sound.then_some((hour, minute, half))
}

/// By the 24-hour clock.
fn told(hour: u32, minute: u32, afternoon: bool) -> Option<String> {
    let hour = match (hour, afternoon) {
        (12, false) => 0,
        (1..12, true) => hour + 12,
        _ => hour,
    };
    (hour * 60 + minute <= 24 * 60).then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ambiguous_date_is_named_both_ways() {
        assert_eq!(both_readings("03/07/2024").unwrap(), "It could be 3 July 2024 or 7 March 2024.");
        assert_eq!(both_readings("22/07/2024 09:00").unwrap(), "It seems to mean 2024-07-22.");
    }

    #[test]
    fn dates_are_told_where_there_is_one_reading() {
        for (text, meant) in [
            ("25/07/2024", "2024-07-25"),
            ("25.7.24", "2024-07-25"),
            ("45498", "2024-07-25"),
            ("25/07/2024..28/07/2024", "2024-07-25..2024-07-28"),
            ("2024-07-25/2024-07-28", "2024-07-25..2024-07-28"),
            ("25/07/2024-28/07/2024", "2024-07-25..2024-07-28"),
            ("2024-07-25 - 2024-07-28", "2024-07-25..2024-07-28"),
            ("2024-07-25 to 28/07/2024", "2024-07-25..2024-07-28"),
            ("2024-07-25, 26/07/2024", "2024-07-25;2024-07-26"),
        ] {
            assert_eq!(dates(text), Some(format!("It seems to mean {meant}.")), "{text}");
        }
        assert_eq!(dates("03/07/2024").unwrap(), "It could be 3 July 2024 or 7 March 2024.");
        assert_eq!(dates("2024-08-09..2024-08-01").unwrap(), "The range ends before it begins.");
        for text in ["soon", "next week", "2024-02-30", "03/07/2024..05/07/2024", "/", "-", "..", ",", "é/é"]
        {
            assert_eq!(dates(text), None, "{text}");
        }
    }

    #[test]
    fn windows_are_told_by_the_24_hour_clock() {
        for (text, meant) in [
            ("mornings", "Mon-Sun 08:00-12:00"),
            ("Tuesday morning", "Tue 08:00-12:00"),
            ("Mon-Fri 3pm-6pm", "Mon-Fri 15:00-18:00"),
            ("Monday to Friday 3 pm - 6 pm", "Mon-Fri 15:00-18:00"),
            ("Mon 9-12", "Mon 09:00-12:00"),
            ("Mon 9.30-12", "Mon 09:30-12:00"),
            ("weekdays 3-6pm", "Mon-Fri 15:00-18:00"),
            ("Thurs 9-1pm", "Thu 09:00-13:00"),
            ("Wed 0900-1230", "Wed 09:00-12:30"),
            ("Mon, Wed and Fri", "Mon;Wed;Fri"),
            ("Tue & Thu 10am-noon", "Tue 10:00-12:00;Thu 10:00-12:00"),
            ("Mon-Fri after 15:00", "Mon-Fri 15:00-24:00"),
            ("Saturday before 11am", "Sat 00:00-11:00"),
            ("Mon 12am-12pm", "Mon 00:00-12:00"),
        ] {
            assert_eq!(windows(text), Some(format!("It seems to mean {meant}.")), "{text}");
        }
        for text in [
            "",
            "Mon 2-5",
            "whenever",
            "Mon 10:00-09:00",
            "Mon 9-10 Tue",
            "Mon after 3",
            "Mon 25:00-26:00",
            "moon",
            "-",
            "3pm",
            "Mon 13pm-2pm",
            "after",
            "Mon 9-é0",
        ] {
            assert_eq!(windows(text), None, "{text}");
        }
    }
}
