//! A practice: its sites and the people who work there.

use chrono::NaiveDate;

use super::figures::{
    APPOINTMENTS_PER_1000_WEEK, CALLS_PER_1000_DAY, GP_CONTACTS_PER_SESSION, GP_SAME_DAY, GP_SHARE,
    OTHER_ROLES, OTHER_SAME_DAY, SESSIONS_PER_PERSON,
};
use super::frame::Frame;
use super::rows::{ClinicianRow, SiteRow};
use super::sample::{Stream, WHOLE};
use crate::calendar::format_date;

/// Names of one practice's things, unique in the whole case.
#[derive(Debug, Clone)]
pub struct Ids {
    prefix: String,
}

impl Ids {
    /// Names of practice number `index`; bare where it is the only one.
    pub fn new(index: usize, alone: bool) -> Self {
        Self { prefix: if alone { String::new() } else { format!("{:04}-", index + 1) } }
    }

    /// `name`, made unique.
    pub fn of(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The pseudonym of patient number `number`.
    pub fn patient(&self, number: u32) -> String {
        format!("PT-{}{number:06}", self.prefix)
    }
}

/// Somebody who holds sessions.
#[derive(Debug, Clone)]
pub struct Person {
    /// Unique in the case.
    pub id: String,
    /// Role code of the policy.
    pub role: &'static str,
    /// Away from .. to, both ends in.
    pub leave: Option<(NaiveDate, NaiveDate)>,
    /// Whether video appointments are offered.
    pub video: bool,
}

impl Person {
    /// Whether this is a day of leave.
    pub fn is_away(&self, date: NaiveDate) -> bool {
        self.leave.is_some_and(|(from, to)| from <= date && date <= to)
    }
}

/// What a role's sessions look like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Length of a slot.
    pub minutes: u32,
    /// Slots of a session that can be booked ahead.
    pub slots: u32,
    /// Only in the morning (the courier leaves at one).
    pub morning_only: bool,
}

/// A role of the practice and the work it has in a week.
#[derive(Debug, Clone)]
pub struct Team {
    /// Role code.
    pub role: &'static str,
    /// Positions in the practice's list of people.
    pub people: Vec<usize>,
    /// Sessions a week that are booked ahead.
    pub sessions: u32,
    /// Shape of these.
    pub shape: Shape,
}

/// A practice as it is before anything is booked.
pub struct Practice {
    /// Position in the case.
    pub index: usize,
    /// Names.
    pub ids: Ids,
    /// Patients registered.
    pub list: u32,
    /// Decile of deprivation that most patients live in.
    pub imd: u32,
    /// Share of the outage day's booked work that was lost; 0 = not hit.
    pub lost: u32,
    /// The main site first.
    pub sites: Vec<SiteRow>,
    /// As the tables show them.
    pub clinicians: Vec<ClinicianRow>,
    /// The same people, in the same order.
    pub people: Vec<Person>,
    /// By role; GPs first.
    pub teams: Vec<Team>,
    /// Whether a GP is on duty in the afternoon too; in the morning one always is.
    pub duty_all_day: bool,
}

/// Length and number of the slots in a session of about three hours (BMA: 3 h of consulting in a session).
fn shape(role: &str) -> Shape {
    let (minutes, slots, morning_only) = match role {
        "anp" => (15, 7, false),
        "phlebotomist" => (10, 16, true),
        "practice-nurse" | "pharmacist" | "fcp-physio" => (20, 8, false),
        _ => (15, 11, false),
    };
    Shape { minutes, slots, morning_only }
}

fn code(role: &str) -> &'static str {
    match role {
        "gp" => "GP",
        "anp" => "ANP",
        "practice-nurse" => "PN",
        "hca" => "HCA",
        "phlebotomist" => "PHL",
        "pharmacist" => "PHA",
        _ => "PHY",
    }
}

/// Share of women, by role: assumptions.
fn women(role: &str) -> u32 {
    match role {
        "gp" => 5_700,
        "practice-nurse" => 9_500,
        "hca" | "phlebotomist" => 9_000,
        "anp" => 8_000,
        "pharmacist" => 6_000,
        _ => 5_000,
    }
}

/// Skills by role: those that everybody has, and those that some have.
fn skills(role: &str, first: bool, stream: &mut Stream) -> String {
    let (all, some): (&[&str], &[(&str, u32)]) = match role {
        "gp" => (
            &["prescriber"],
            &[
                ("baby-check", 8_000),
                ("coil", 3_000),
                ("implant", 3_500),
                ("minor-surgery", 3_000),
                ("cervical-sampling", 4_000),
                ("language:ur", 800),
                ("language:pl", 500),
            ],
        ),
        "anp" => (
            &["prescriber"],
            &[("cervical-sampling", 6_000), ("ltc-diabetes", 4_000), ("ltc-respiratory", 4_000)],
        ),
        "practice-nurse" => (
            &["childhood-imms", "dressings", "injections"],
            &[
                ("cervical-sampling", 8_000),
                ("ltc-diabetes", 7_000),
                ("ltc-respiratory", 7_000),
                ("spirometry", 5_000),
                ("inr", 5_000),
                ("compression", 5_000),
                ("ear-care", 4_000),
            ],
        ),
        "hca" => (
            &["phlebotomy"],
            &[("inr", 7_000), ("psd-vaccines", 6_000), ("dressings", 6_000), ("ecg", 9_000)],
        ),
        "phlebotomist" => (&["phlebotomy"], &[]),
        "pharmacist" => (&["prescriber"], &[("inr", 3_000), ("ltc-diabetes", 4_000)]),
        _ => (&["msk"], &[("joint-injection", 4_000)]),
    };
    let mut tags: Vec<&str> = all.to_vec();
    // Somebody in every practice has each skill, or the care would not have been booked there.
    tags.extend(
        some.iter().filter(|(_, share)| stream.chance(*share) || first && *share >= 3_000).map(|s| s.0),
    );
    tags.join(";")
}

fn leave(frame: &Frame, stream: &mut Stream) -> Option<(NaiveDate, NaiveDate)> {
    // Three in ten are away in some week of these four, a third of them for two weeks (assumption: it is summer).
    let away = stream.chance(3_000);
    let (week, weeks) = (stream.below(4), 1 + u32::from(stream.chance(3_300)));
    away.then(|| (frame.ahead(week * 7), frame.ahead(week * 7 + weeks * 7 - 3)))
}

impl Practice {
    /// Practice number `index` with so many patients.
    pub fn new(seed: u64, index: usize, alone: bool, frame: &Frame, profile: &PracticeProfile) -> Self {
        let mut stream = Stream::new(seed, "staff", index as u64);
        let ids = Ids::new(index, alone);
        let list = u64::from(profile.list);
        let mut practice = Self {
            index,
            ids,
            list: profile.list,
            imd: profile.imd,
            lost: profile.lost,
            sites: sites(index, profile, &mut Stream::new(seed, "sites", index as u64)),
            clinicians: Vec::new(),
            people: Vec::new(),
            teams: Vec::new(),
            duty_all_day: true,
        };
        // Tenths of contacts a week, then sessions.
        let week = list * APPOINTMENTS_PER_1000_WEEK;
        let by_gps = week * GP_SHARE / 1_000;
        let gp_sessions = stream.round(by_gps * 10, GP_CONTACTS_PER_SESSION * u64::from(WHOLE)).max(8);
        let whole = u64::from(WHOLE);
        practice.duty_all_day = gp_sessions >= 20;
        let routine = gp_sessions - if practice.duty_all_day { 10 } else { 5 };
        let ahead = by_gps * (whole - GP_SAME_DAY) / whole;
        let slots = stream.round(ahead, whole * u64::from(routine)).clamp(2, 12);
        practice.hire("gp", routine, gp_sessions, Shape { slots, ..shape("gp") }, frame, &mut stream);
        let by_others = week * (whole - GP_SHARE) / 1_000 * (whole - OTHER_SAME_DAY) / whole;
        for (role, share) in OTHER_ROLES {
            let shape = shape(role);
            let sessions = stream.round(by_others * share / whole, whole * u64::from(shape.slots));
            if sessions > 0 {
                practice.hire(role, sessions, sessions, shape, frame, &mut stream);
            }
        }
        practice
    }

    fn hire(
        &mut self,
        role: &'static str,
        sessions: u32,
        staffed: u32,
        shape: Shape,
        frame: &Frame,
        stream: &mut Stream,
    ) {
        // On no weekday more sessions than people can hold.
        let least = if role == "gp" { 2 } else { 1 };
        let by_day = sessions.div_ceil(if shape.morning_only { 4 } else { 8 }) + u32::from(role == "gp");
        let count = staffed.div_ceil(SESSIONS_PER_PERSON).max(least).max(by_day);
        let first = self.people.len();
        for number in 0..count {
            let id = self.ids.of(&format!("{}{}", code(role), number + 1));
            let leave = if count > 1 { leave(frame, stream) } else { None };
            // One GP in ten is a registrar who sees patients at half the pace (assumption).
            let registrar = role == "gp" && number > 0 && number + 1 == count && stream.chance(6_000);
            let cap = match role {
                "gp" if registrar => "12",
                "practice-nurse" => "18",
                "hca" => "20",
                _ => "",
            };
            self.clinicians.push(ClinicianRow {
                practitioner_id: id.clone(),
                role: role.to_owned(),
                gender: if stream.chance(300) {
                    String::new()
                } else if stream.chance(women(role)) {
                    "female".to_owned()
                } else {
                    "male".to_owned()
                },
                skills: skills(role, number == 0, stream),
                max_contacts_day: cap.to_owned(),
                duration_multiplier: if registrar { "2".to_owned() } else { String::new() },
                leave: leave.map_or_else(String::new, |(from, to)| {
                    format!("{}..{}", format_date(from), format_date(to))
                }),
            });
            self.people.push(Person { id, role, leave, video: role == "gp" && stream.chance(3_300) });
        }
        self.teams.push(Team { role, people: (first..self.people.len()).collect(), sessions, shape });
    }
}

/// What is drawn for a practice before its staff.
#[derive(Debug, Clone, Copy)]
pub struct PracticeProfile {
    /// Patients registered.
    pub list: u32,
    /// Decile of deprivation.
    pub imd: u32,
    /// Share of the outage day lost.
    pub lost: u32,
    /// Position of its network.
    pub network: usize,
}

/// Networks in an integrated care board, and boards in a region: 6,300 practices, about 1,260 networks, 42
/// boards, 7 regions (from memory).
const NETWORKS_PER_ICB: usize = 30;
const ICBS_PER_REGION: usize = 6;

/// Code of a network.
pub fn network_code(network: usize) -> String {
    format!("N{:04}", network + 1)
}

/// The site row of a network's member or hub, with what both have in common.
pub fn site_in_network(network: usize) -> SiteRow {
    let icb = network / NETWORKS_PER_ICB;
    SiteRow {
        pcn: network_code(network),
        icb: format!("I{:02}", icb + 1),
        region: format!("R{}", icb / ICBS_PER_REGION + 1),
        ..SiteRow::default()
    }
}

/// A made-up place: networks stand on a grid, members within about three miles.
pub fn place(network: usize, stream: &mut Stream) -> (String, String) {
    let (row, column) = ((network / 36) as u32 % 36, (network % 36) as u32);
    let latitude = 51_500 + row * 80 + stream.below(60);
    let longitude = 2_400 - column * 60 + stream.below(50);
    let sign = if longitude == 0 { "" } else { "-" };
    (
        format!("{}.{:03}", latitude / 1000, latitude % 1000),
        format!("{sign}{}.{:03}", longitude / 1000, longitude % 1000),
    )
}

fn sites(index: usize, profile: &PracticeProfile, stream: &mut Stream) -> Vec<SiteRow> {
    let practice = format!("P{:04}", index + 1);
    let calls = u64::from(profile.list) * CALLS_PER_1000_DAY / 1_000;
    let row = |branch: bool, stream: &mut Stream| {
        let (latitude, longitude) = place(profile.network, stream);
        let mut features = Vec::new();
        // A line of telephone interpreters serves the languages asked for most; the others are booked for a session.
        let tags = ["step-free", "hoist", "hearing-loop", "language:pl", "language:ur"];
        let shares =
            if branch { [6_000, 500, 3_000, 6_000, 6_000] } else { [9_700, 4_000, 8_000, 9_500, 9_500] };
        for (tag, share) in tags.iter().zip(shares) {
            if stream.chance(share) {
                features.push(*tag);
            }
        }
        SiteRow {
            site_id: if branch { format!("{practice}-B") } else { practice.clone() },
            name: format!("Practice {}{}", index + 1, if branch { ", branch" } else { "" }),
            practice: practice.clone(),
            features: features.join(";"),
            calls_per_day: (calls / if branch { 3 } else { 1 }).max(4).to_string(),
            latitude,
            longitude,
            ..site_in_network(profile.network)
        }
    };
    let mut sites = vec![row(false, stream)];
    // A branch where the list is long: an assumption.
    if profile.list >= 8_500 {
        sites.push(row(true, stream));
    }
    sites
}
