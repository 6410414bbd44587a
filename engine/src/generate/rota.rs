//! The rota: which sessions a practice holds, on the days lost and on the days ahead.

use chrono::{Datelike, NaiveDate};

use super::figures::{CLOSED_AFTERWARDS, RELEASED, WEEKDAY_VOLUME};
use super::frame::Frame;
use super::sample::{Stream, WHOLE};
use super::specials;
use super::staff::{Practice, Shape, Team};

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Booked ahead.
    Routine,
    /// The duty doctor's: for what comes in on the day.
    Duty,
    /// One kind of care only.
    Clinic,
    /// Several people in one slot.
    Group,
    /// Held only if it is paid for.
    Additional,
}

/// Whether it takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Yes.
    Held,
    /// No, and those booked in it need a new place.
    Lost,
    /// No: training; nobody was booked.
    Blocked,
    /// The practitioner is away and nobody has taken it out of the book.
    Away,
}

/// A session on a date.
#[derive(Debug, Clone)]
pub struct Clinic {
    /// Unique in the case.
    pub id: String,
    /// Position in the practice's people.
    pub person: usize,
    /// Position in the practice's sites.
    pub site: usize,
    /// When.
    pub date: NaiveDate,
    /// Minutes of the day.
    pub from: u32,
    /// Minutes of the day.
    pub to: u32,
    /// What for.
    pub kind: Kind,
    /// Whether it takes place.
    pub state: State,
    /// Minutes of the day at which its slots start.
    pub slots: Vec<u32>,
    /// Length of a slot.
    pub minutes: u32,
    /// Cells of the sessions table.
    pub channels: &'static str,
    /// As above.
    pub care_types: &'static str,
    /// As above.
    pub features: &'static str,
    /// As above.
    pub max_contacts: Option<u32>,
    /// As above, in pounds.
    pub cost: Option<u32>,
    /// Places of each slot of a group.
    pub places: Option<u32>,
}

impl Clinic {
    /// A session of that shape, with nothing special about it.
    pub fn new(
        practice: &Practice,
        person: usize,
        site: usize,
        date: NaiveDate,
        half: Half,
        shape: Shape,
    ) -> Self {
        let whom = &practice.people[person];
        let from = half.from;
        // A break of a quarter of an hour in the middle of whatever can be booked.
        let pause = shape.slots.div_ceil(2);
        let slots: Vec<u32> =
            (0..shape.slots).map(|n| from + n * shape.minutes + if n >= pause { 15 } else { 0 }).collect();
        let last = slots.last().map_or(from, |slot| slot + shape.minutes);
        Self {
            id: format!("{}-{}{}", whom.id, date.format("%m%d"), half.letter),
            person,
            site,
            date,
            from,
            to: last.max(from + if half.letter == 'E' { 60 } else { 180 }),
            kind: Kind::Routine,
            state: State::Held,
            slots,
            minutes: shape.minutes,
            channels: "",
            care_types: "",
            features: "",
            max_contacts: None,
            cost: None,
            places: None,
        }
    }
}

/// A half of a day.
#[derive(Debug, Clone, Copy)]
pub struct Half {
    /// `A` morning, `P` afternoon, `E` evening.
    pub letter: char,
    /// First minute.
    pub from: u32,
}

/// The duty doctor's session: what is left of it when the telephone has had its share.
pub const DUTY: Shape = Shape { minutes: 15, slots: 8, morning_only: false };
/// When it starts.
pub const DUTY_HALVES: [Half; 2] =
    [Half { letter: 'A', from: 8 * 60 + 30 }, Half { letter: 'P', from: 14 * 60 }];

/// Sessions of each weekday, so that their mean over practices follows the volume of the weekday.
fn by_weekday(sessions: u32, stream: &mut Stream) -> [u32; 5] {
    let total: u64 = WEEKDAY_VOLUME.iter().sum();
    let offset = u64::from(stream.below(WHOLE));
    let mut counts = [0; 5];
    let (mut sum, mut before) = (0, 0);
    for (count, volume) in counts.iter_mut().zip(WEEKDAY_VOLUME) {
        sum += volume;
        let upto = (u64::from(sessions) * sum * u64::from(WHOLE) / total + offset) / u64::from(WHOLE);
        *count = (upto - before) as u32;
        before = upto;
    }
    counts
}

/// Sessions of a usual week: who, on which weekday, morning or afternoon, on duty or not.
struct Week {
    entries: Vec<(usize, usize, bool, bool, Shape)>,
}

fn week(practice: &Practice, stream: &mut Stream) -> Week {
    let mut entries = Vec::new();
    for team in &practice.teams {
        let counts = by_weekday(team.sessions, stream);
        let offset = stream.below(team.people.len() as u32) as usize;
        for (weekday, count) in counts.into_iter().enumerate() {
            weekday_of(practice, team, weekday, count, offset, &mut entries);
        }
    }
    Week { entries }
}

fn weekday_of(
    practice: &Practice,
    team: &Team,
    weekday: usize,
    count: u32,
    offset: usize,
    entries: &mut Vec<(usize, usize, bool, bool, Shape)>,
) {
    let people = team.people.len();
    let whom = |position: usize| team.people[(offset + weekday + position) % people];
    let gps = team.role == "gp";
    let mornings = if team.shape.morning_only { count } else { count.div_ceil(2) };
    for (morning, wanted) in [(true, mornings), (false, count - mornings)] {
        let on_duty = gps && (morning || practice.duty_all_day);
        if on_duty {
            entries.push((whom(0), weekday, morning, true, DUTY));
        }
        let first = usize::from(on_duty);
        let wanted = (wanted as usize).min(people - first);
        // Mornings from the front of the list, afternoons from its end: not everybody works the whole day.
        let from = if morning { first } else { people - wanted };
        entries.extend((from..from + wanted).map(|n| (whom(n), weekday, morning, false, team.shape)));
    }
}

/// Every session of the practice that the book shows or showed: lost ones first, then by date.
pub fn rota(seed: u64, practice: &Practice, frame: &Frame) -> Vec<Clinic> {
    let mut stream = Stream::new(seed, "rota", practice.index as u64);
    let week = week(practice, &mut stream);
    // Where a person works on a weekday, and from when.
    let sites = practice.sites.len() as u32;
    let habits: Vec<[(usize, u32, u32); 5]> = practice
        .people
        .iter()
        .map(|_| {
            std::array::from_fn(|_| {
                let branch = stream.chance(2_200);
                (usize::from(branch && sites > 1), stream.below(2) * 30, stream.below(4) * 30)
            })
        })
        .collect();
    let training = frame.weekdays(2 + stream.below(2) as u8).get(1).copied();
    let mut clinics = Vec::new();
    let days = frame
        .behind
        .iter()
        .map(|date| (*date, true))
        .chain(frame.working_days().into_iter().map(|d| (d, false)));
    for (working_day, (date, lost)) in days.enumerate() {
        let ahead = working_day.checked_sub(frame.behind.len());
        for &(person, weekday, morning, duty, shape) in &week.entries {
            if date.weekday().num_days_from_monday() as usize != weekday {
                continue;
            }
            let (site, early, late) = habits[person][weekday];
            let half = if morning {
                Half { letter: 'A', from: 8 * 60 + 30 + if duty { 0 } else { early } }
            } else {
                Half { letter: 'P', from: if duty { 14 * 60 } else { 13 * 60 + 30 + late } }
            };
            let mut clinic = Clinic::new(practice, person, if duty { 0 } else { site }, date, half, shape);
            let number = frame.days_ahead(date) / 7;
            let released = stream.chance(RELEASED.get(number as usize).copied().unwrap_or(0));
            let closed = stream.chance(ahead.and_then(|n| CLOSED_AFTERWARDS.get(n)).copied().unwrap_or(0));
            let forgotten = stream.chance(3_500);
            dress(practice, &mut clinic, duty, &mut stream);
            clinic.state = if lost || (practice.lost > 0 && closed && !duty) {
                State::Lost
            } else if training == Some(date) && !morning && !duty {
                State::Blocked
            } else {
                State::Held
            };
            if practice.people[person].is_away(date) && !lost {
                // A duty is always taken over by somebody else; other sessions fall away or are forgotten.
                clinic.state = State::Away;
                if duty || !forgotten {
                    continue;
                }
            }
            if released || lost {
                clinics.push(clinic);
            }
        }
    }
    specials::add(practice, frame, &mut clinics, &mut stream);
    clinics
}

/// Channels and limits of a session.
fn dress(practice: &Practice, clinic: &mut Clinic, duty: bool, stream: &mut Stream) {
    let person = &practice.people[clinic.person];
    let visits = stream.chance(2_000);
    let remote = stream.chance(800);
    let limited = stream.chance(5_000);
    clinic.channels = match person.role {
        "gp" | "anp" if duty => "in-person;telephone",
        "gp" if visits => "in-person;telephone;home-visit",
        "gp" | "anp" if remote => "telephone;video",
        "gp" if person.video => "in-person;telephone;video",
        "gp" | "anp" | "pharmacist" | "fcp-physio" => "in-person;telephone",
        _ => "in-person",
    };
    clinic.max_contacts = match person.role {
        "gp" if !duty && limited => Some(clinic.slots.len().saturating_sub(1).max(1) as u32),
        "phlebotomist" if limited => Some(14),
        _ => None,
    };
    if duty {
        clinic.kind = Kind::Duty;
    }
}
