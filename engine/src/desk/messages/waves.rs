//! Waves: who is sent a link on which day, and which places they choose among.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use super::MessageOptions;
use super::days::{book_by, earliest, end_of, notice};
use crate::candidates::Finder;
use crate::desk::{Desk, Entry};
use crate::model::DeliveryChannel;
use crate::solve::offers_in;
use crate::units::SiteIdx;

/// How far ahead the usual tools let patients book.
const BOOKABLE_DAYS: u64 = 42;

/// A link to a single place is no choice: that patient is told the place instead.
const FEWEST: usize = 2;

/// Those who are sent a link on one day and choose among the same places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pool {
    /// The sending day: 1 = the first.
    pub wave: u32,
    /// Its date.
    pub send_on: NaiveDate,
    /// The last day on which the link may be used.
    pub book_by: NaiveDate,
    /// Where the places are.
    pub site: SiteIdx,
    /// How long the appointments are.
    pub minutes: i64,
    /// How they are held.
    pub channel: DeliveryChannel,
    /// Positions among the entries of the desk, by start of their place.
    pub invited: Vec<usize>,
    /// How many of their places, the first of them, are opened; the rest is kept for those who find nothing.
    pub open: usize,
}

/// All of them, and who could not be taken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Waves {
    /// By site, day, minutes and channel.
    pub pools: Vec<Pool>,
    /// Positions among the entries of the desk.
    pub left: Vec<usize>,
}

/// Plans the waves of each site for itself.
pub(super) fn plan(desk: &Desk<'_>, invite: &[usize], options: MessageOptions) -> Waves {
    let mut by_site: BTreeMap<SiteIdx, Vec<usize>> = BTreeMap::new();
    for &at in invite {
        by_site.entry(desk.entries[at].session.site).or_default().push(at);
    }
    let sites: Vec<(SiteIdx, Vec<usize>)> = by_site.into_iter().collect();
    let planned: Vec<Waves> =
        sites.into_par_iter().map(|(site, queue)| of_site(desk, site, queue, options)).collect();
    let mut waves = Waves::default();
    for mut own in planned {
        waves.pools.append(&mut own.pools);
        waves.left.append(&mut own.left);
    }
    waves
}

fn of_site(desk: &Desk<'_>, site: SiteIdx, mut queue: Vec<usize>, options: MessageOptions) -> Waves {
    let entry = |at: usize| &desk.entries[at];
    queue.sort_by_key(|&at| (entry(at).row.start, &entry(at).row.request_id));
    let mut waves = Waves::default();
    let mut finder = Finder::new(&desk.context);
    let mut send_on = earliest(desk);
    let days = &desk.prepared.working_days;
    let mut wave = 0;
    while !queue.is_empty() {
        send_on = days.nth_after(send_on, u32::from(wave > 0));
        wave += 1;
        let (rest, late): (Vec<usize>, Vec<usize>) =
            queue.into_iter().partition(|&at| reached(desk, entry(at), entry(at), send_on));
        waves.left.extend(late);
        let last = send_on + Days::new(BOOKABLE_DAYS);
        let bookable = rest.partition_point(|&at| entry(at).row.start.date() <= last);
        let now = bookable.min(options.wave_size as usize);
        queue = rest[now..].to_vec();
        let mut pools: BTreeMap<(i64, DeliveryChannel), Vec<Vec<usize>>> = BTreeMap::new();
        for &at in &rest[..now] {
            let own = pools.entry((minutes(entry(at)), entry(at).placed.offer.channel)).or_default();
            let mut fits = |pool: &Vec<usize>| {
                pool.iter().all(|&other| {
                    suits(desk, &mut finder, entry(at), entry(other), send_on)
                        && suits(desk, &mut finder, entry(other), entry(at), send_on)
                })
            };
            match own.iter().position(&mut fits) {
                Some(found) => own[found].push(at),
                None => own.push(vec![at]),
            }
        }
        for ((minutes, channel), own) in pools {
            for invited in own {
                if invited.len() < FEWEST {
                    waves.left.extend(invited);
                    continue;
                }
                let open = (invited.len() * 100).div_ceil(options.over_invite_percent as usize);
                let book_by = book_by(desk, send_on, entry(invited[0]).row.start.date());
                waves.pools.push(Pool { wave, send_on, book_by, site, minutes, channel, invited, open });
            }
        }
    }
    waves
}

fn minutes(entry: &Entry<'_>) -> i64 {
    (entry.row.end - entry.row.start).num_minutes()
}

/// Whether a message sent on this day reaches somebody in time for a place.
fn reached(desk: &Desk<'_>, who: &Entry<'_>, place: &Entry<'_>, send_on: NaiveDate) -> bool {
    end_of(send_on) + notice(desk, who) <= place.row.start
}

/// Whether somebody could have the place of another one as well as their own: every rule kept, and not late by it.
fn suits<'d>(
    desk: &'d Desk<'_>,
    finder: &mut Finder<'d, '_>,
    who: &Entry<'_>,
    place: &Entry<'_>,
    send_on: NaiveDate,
) -> bool {
    let date = place.row.start.date();
    if !reached(desk, who, place, send_on) || date > who.planned.target.max(who.row.start.date()) {
        return false;
    }
    let Some(sitting) = desk.context.sitting_of(place.placed.run) else { return false };
    let own = &place.placed.offer;
    offers_in(&desk.context, who.planned, sitting, finder).iter().any(|offer| {
        offer.channel == own.channel && offer.needed == own.needed && offer.runs.contains(&place.placed.run)
    })
}
