//! Appointments: whose slots are taken, and by whom; and who is taken without a slot that says so.

use compact_str::{CompactString, ToCompactString, format_compact};

use super::super::log::Log;
use super::super::schema::ENTERED_IN_ERROR;
use super::file::{Found, Place, Resources};
use super::notes::Notes;
use super::refer::References;
use super::resources::{Appointment, Participant, Reference};
use super::schedules::Holding;
use super::slots::{NOWHERE, Span, Spot, instant, later};
use crate::issue::Code;
use crate::lookup::Lookup;
use crate::model::SlotStatus;

/// Who holds what nobody is known to hold.
const NOBODY: &str = "Practitioner/unknown";

/// What an appointment says of its slots: nothing where it takes none.
const STATUS: [(&str, Option<SlotStatus>); 10] = [
    ("proposed", Some(SlotStatus::BusyTentative)),
    ("pending", Some(SlotStatus::BusyTentative)),
    ("booked", Some(SlotStatus::Busy)),
    ("arrived", Some(SlotStatus::Busy)),
    ("checked-in", Some(SlotStatus::Busy)),
    ("fulfilled", Some(SlotStatus::Busy)),
    ("waitlist", None),
    ("cancelled", None),
    ("noshow", None),
    (ENTERED_IN_ERROR, None),
];

/// Time of a patient and a practitioner that no slot of a schedule stands for: a session of its own with one slot.
pub struct Visit<'a> {
    pub place: &'a Place,
    pub session: CompactString,
    pub practitioner: String,
    pub site: String,
    pub span: Span,
    pub status: SlotStatus,
    pub patient: CompactString,
}

/// Books all appointments into the slots; what has no slot is given back.
pub fn book<'a>(
    resources: &'a Resources,
    references: &References<'a>,
    holdings: &[Holding<'a>],
    spots: &mut [Spot<'a>],
    log: &mut Log,
    notes: &mut Notes,
) -> Vec<Visit<'a>> {
    let mut known: Lookup<&str, Option<usize>> = Lookup::with_capacity(resources.slots.len());
    for slot in &resources.slots {
        known.insert(&slot.place.id, None);
    }
    let mut held: Lookup<String, Vec<usize>> = Lookup::default();
    let mut in_time: Vec<usize> = (0..spots.len()).collect();
    in_time.sort_by_key(|at| (spots[*at].span.start, *at));
    for at in in_time {
        let spot = &spots[at];
        known.insert(&spot.place.id, Some(at));
        held.get_or_insert_with(holdings[spot.schedule].holder.clone(), Vec::new).push(at);
    }
    let files = &resources.files;
    let mut booking =
        Booking { files, references, holdings, spots, known, held, visits: Vec::new(), log, notes };
    for appointment in &resources.appointments {
        booking.take(appointment);
    }
    booking.visits
}

struct Booking<'r, 'a> {
    files: &'r [String],
    references: &'r References<'a>,
    holdings: &'r [Holding<'a>],
    spots: &'r mut [Spot<'a>],
    /// The slots by their id; nothing for those that are none.
    known: Lookup<&'a str, Option<usize>>,
    /// The slots of each practitioner, in the order of time.
    held: Lookup<String, Vec<usize>>,
    visits: Vec<Visit<'a>>,
    log: &'r mut Log,
    notes: &'r mut Notes,
}

/// An appointment that takes time.
struct Taking<'a> {
    place: &'a Place,
    status: SlotStatus,
    span: Span,
    site: Option<&'a str>,
    /// How many visits it has made.
    visits: usize,
}

impl<'a> Booking<'_, 'a> {
    fn take(&mut self, found: &'a Found<Appointment>) {
        let Found { place, value: appointment } = found;
        let Some(status) = self.status(found) else { return };
        let slots = self.slots(found);
        let Some(span) = self.span(found, &slots) else { return };
        let patients = self.participants(appointment, |references, actor| references.id_of(actor, "Patient"));
        let mut practitioners = self.participants(appointment, References::practitioner);
        let sites = self.participants(appointment, |references, actor| references.id_of(actor, "Location"));
        let mut taking = Taking { place, status, span, site: sites.first().copied(), visits: 0 };

        let (patient, others) =
            patients.split_first().map_or(("", &[][..]), |(first, others)| (*first, others));
        let holders: Vec<String> = slots.iter().map(|at| self.holder(*at).to_owned()).collect();
        if self.cover(&slots, &taking.span) {
            self.mark(&slots, status, patient);
            practitioners.retain(|id| !holders.iter().any(|holder| holder == id));
        } else {
            let free: Vec<usize> = slots.iter().copied().filter(|at| !self.spots[*at].taken).collect();
            self.mark(&free, status, patient);
            let more = holders.iter().filter(|holder| !practitioners.contains(&holder.as_str()));
            let more: Vec<&str> = more.map(String::as_str).take(1).collect();
            for holder in more {
                self.visit(&mut taking, holder, patient);
            }
        }
        for practitioner in &practitioners {
            match self.tiling(practitioner, &taking.span) {
                Some(slots) => self.mark(&slots, status, patient),
                None => self.visit(&mut taking, practitioner, patient),
            }
        }
        let first = practitioners.first().copied().or(holders.first().map(String::as_str)).unwrap_or(NOBODY);
        if practitioners.is_empty() && slots.is_empty() {
            self.visit(&mut taking, first, patient);
        }
        for patient in others {
            self.visit(&mut taking, first, patient);
        }
    }

    /// What becomes of its slots; nothing where it takes none, or cannot be read.
    fn status(&mut self, found: &Found<Appointment>) -> Option<SlotStatus> {
        let status = found.value.status.as_deref().unwrap_or_default();
        if let Some((_, taken)) = STATUS.iter().find(|(known, _)| *known == status) {
            return *taken;
        }
        let code = if status.is_empty() { Code::CellEmpty } else { Code::UnknownWord };
        let expected = format!("one of {}", STATUS.map(|(known, _)| known).join(", "));
        self.log.problems.push(found.place.issue(code, self.files, "status", expected).value(status));
        None
    }

    /// The slots that it names, as far as they are there.
    fn slots(&mut self, found: &'a Found<Appointment>) -> Vec<usize> {
        let mut slots = Vec::new();
        for reference in &found.value.slot {
            let Some(target) = self.references.target(reference) else { continue };
            if let Some(at) = self.known.get(target.id) {
                slots.extend(*at);
            } else {
                let expected = "a Slot that is among the resources read";
                let value = format!("Slot/{}", target.id);
                self.notes.add(Code::FhirOutside, &found.place, "slot", &value, expected);
            }
        }
        slots.sort_by_key(|at| (self.spots[*at].span.start, *at));
        slots.dedup();
        slots
    }

    /// When it is: by its own times, else by its slots; nothing where it is not in the book yet.
    fn span(&mut self, found: &Found<Appointment>, slots: &[usize]) -> Option<Span> {
        let Found { place, value } = found;
        let Some(start) = value.start.as_deref() else {
            let (first, last) = slots.first().zip(slots.last())?;
            let (first, last) = (&self.spots[*first].span, &self.spots[*last].span);
            let minutes = (last.end - first.start).num_minutes();
            return Some(Span { start: first.start, end: last.end, minutes: format_compact!("{minutes}") });
        };
        let end = match (&value.end, value.minutes_duration, instant(start)) {
            (None, Some(minutes), Some(start)) => {
                let end = later(start, minutes);
                return Some(Span::new(start, end));
            }
            (end, ..) => end.as_deref(),
        };
        Span::read(place, (Some(start), end), self.files, self.log, self.notes)
    }

    /// The participants of a kind that have not declined, each once.
    fn participants(
        &self,
        appointment: &'a Appointment,
        id: impl Fn(&References<'a>, &'a Reference) -> Option<&'a str>,
    ) -> Vec<&'a str> {
        let comes = |participant: &&Participant| participant.status.as_deref() != Some("declined");
        let actors = appointment.participant.iter().filter(comes).filter_map(|one| one.actor.as_ref());
        let mut found: Vec<&str> = Vec::new();
        for id in actors.filter_map(|actor| id(self.references, actor)) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    fn holder(&self, slot: usize) -> &str {
        &self.holdings[self.spots[slot].schedule].holder
    }

    /// Whether slots that nobody has cover the time.
    fn cover(&self, slots: &[usize], span: &Span) -> bool {
        let spots = || slots.iter().map(|at| &self.spots[*at]);
        spots().all(|spot| !spot.taken)
            && spots().map(|spot| spot.span.start).min().is_some_and(|start| start <= span.start)
            && spots().map(|spot| spot.span.end).max().is_some_and(|end| end >= span.end)
    }

    /// The slots of a practitioner that are exactly this time, if nobody has them: an appointment that does not name its
    /// slots is in them.
    fn tiling(&self, practitioner: &str, span: &Span) -> Option<Vec<usize>> {
        let all = self.held.get(practitioner)?;
        let before = |time| all.partition_point(|at| self.spots[*at].span.start < time);
        let slots = all.get(before(span.start)..before(span.end))?.to_vec();
        let mut at = span.start;
        for slot in &slots {
            let spot = &self.spots[*slot];
            if spot.taken || spot.span.start != at || spot.schedule != self.spots[slots[0]].schedule {
                return None;
            }
            at = spot.span.end;
        }
        (at == span.end).then_some(slots)
    }

    fn mark(&mut self, slots: &[usize], status: SlotStatus, patient: &str) {
        for at in slots {
            let spot = &mut self.spots[*at];
            // A slot that is busy is so, whatever the appointment still waits for.
            if spot.status != SlotStatus::Busy.as_str() {
                spot.status = status.as_str().into();
            }
            spot.patient = patient.to_compact_string();
            spot.taken = true;
        }
    }

    fn visit(&mut self, taking: &mut Taking<'a>, practitioner: &str, patient: &str) {
        taking.visits += 1;
        let id = &taking.place.id;
        let session = match taking.visits {
            1 => format_compact!("Appointment/{id}"),
            many => format_compact!("Appointment/{id}/{many}"),
        };
        let own = self.held.get(practitioner).and_then(|slots| slots.first());
        let site = taking.site.or_else(|| own.map(|at| self.holdings[self.spots[*at].schedule].site));
        let site = site.filter(|site| !site.is_empty()).unwrap_or(NOWHERE);
        self.visits.push(Visit {
            place: taking.place,
            session,
            practitioner: practitioner.to_owned(),
            site: site.to_owned(),
            span: taking.span.clone(),
            status: taking.status,
            patient: patient.to_compact_string(),
        });
    }
}
