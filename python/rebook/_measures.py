"""The numbers behind the pictures, apart from how they are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any, TypeAlias, TypeVar

from rebook import _rebook
from rebook._case import Case
from rebook._errors import ArgumentError, InternalError
from rebook._plan import Plan

By: TypeAlias = str | Mapping[str, str]
K = TypeVar("K")

# A group of fewer patients is not told of: its numbers could be somebody's.
FEWEST = 5
UNKNOWN = "unknown"

# Slots of any other status are blocked, or none.
_OF_USE = ("free", "busy", "busy-tentative")

# Columns whose values stand for a person or a visit: as names of groups they would tell who is late.
_NAMES_SOMEBODY = ("request_id", "patient_id", "after_request_id", "together_id")


@dataclass(frozen=True, slots=True)
class Planned:
    """A request that was planned, with or without a place; days are calendar days."""

    request_id: str
    patient_id: str
    tier: str
    day: date | None
    waited: int
    wait: int | None
    late: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How long requests wait, in days; ``None`` where the one that is meant has no place."""

    median: int | None
    p85: int | None
    longest: int | None


@dataclass(slots=True)
class Lateness:
    """How late a tier is: requests, those late, their days late added up, those without a place."""

    requests: int = 0
    late: int = 0
    days: int = 0
    no_place: int = 0


@dataclass(slots=True)
class Minutes:
    """Minutes of the book of a role on a day."""

    busy: int = 0
    planned: int = 0
    kept: int = 0
    free: int = 0


def planned(plan: Plan) -> list[Planned]:
    """Give everybody who was planned, those without a place last."""
    start = _start(plan.case)
    since = _waiting_since(plan.case)
    placed, unplaced = plan.placed.to_pydict(), plan.unplaced.to_pydict()
    people = []
    for request, patient, tier, at, late in _rows(placed, "request_id", "patient_id", "tier", "start", "days_late"):
        # Some were cancelled ahead of a day that is still to come: they have waited for 0 days, not for fewer.
        waited, wait = (max(0, (day - since[request]).days) for day in (start, at.date()))
        people.append(Planned(request, patient, tier, at.date(), waited, wait, late))
    for request, patient, tier in _rows(unplaced, "request_id", "patient_id", "tier"):
        people.append(Planned(request, patient, tier, None, max(0, (start - since[request]).days), None, 0))
    return people


def spread(waits: Iterable[int | None]) -> Spread:
    """Give median, 85th percentile and longest by nearest rank: each is the wait of somebody.

    Whoever has no place waits longer than anybody who has one. To leave them out would make a plan look the better the
    more people it leaves without a place.
    """
    waits = list(waits)
    known = sorted(wait for wait in waits if wait is not None)

    def at(percent: int) -> int | None:
        rank = -(-percent * len(waits) // 100)
        return known[rank - 1] if 0 < rank <= len(known) else None

    return Spread(at(50), at(85), known[-1] if known else None)


def by_tier(plan: Plan) -> dict[str, list[Planned]]:
    """Give those planned by tier, the most urgent first, without tiers that nobody is of."""
    tiers: dict[str, list[Planned]] = {tier.code: [] for tier in plan.case.policy.tiers}
    for one in planned(plan):
        tiers[one.tier].append(one)
    return {tier: people for tier, people in tiers.items() if people}


def lateness_of(plans: Mapping[K, Plan]) -> dict[K, dict[str, Lateness]]:
    """Give how late each tier is under each plan, by the tiers and targets of the first plan.

    One measure for all: a policy with later targets would be late for nobody by its own.
    """
    first = next(iter(plans.values()))
    columns = ("request_id", "tier", "target_date")
    tables = (first.placed.to_pydict(), first.unplaced.to_pydict())
    measure = {request: (tier, target) for table in tables for request, tier, target in _rows(table, *columns)}
    order = [tier.code for tier in first.case.policy.tiers if any(tier.code == of for of, _ in measure.values())]
    found = {}
    for key, plan in plans.items():
        people = planned(plan)
        if {one.request_id for one in people} != measure.keys():
            msg = f"plans: found other requests planned in {key!r} than in the first; expected the same in all"
            raise ArgumentError(msg)
        tiers = {tier: Lateness() for tier in order}
        for one in people:
            tier, target = measure[one.request_id]
            of, late = tiers[tier], 0 if one.day is None else max(0, (one.day - target).days)
            of.requests += 1
            of.late += late > 0
            of.days += late
            of.no_place += one.day is None
        found[key] = tiers
    return found


def share(people: Sequence[Planned], *, late: bool) -> float:
    """Give the percentage of requests that are late, or else have no place."""
    meant = sum(one.late > 0 if late else one.wait is None for one in people)
    return 100 * meant / len(people)


def nothing_more(found: Mapping[float, object]) -> float | None:
    """Give the least size from which all larger ones give the same; ``None`` where the largest still gives more."""
    sizes = sorted(found)
    least = sizes[-1]
    for size in reversed(sizes):
        if found[size] != found[sizes[-1]]:
            break
        least = size
    return None if least == sizes[-1] else least


def capacity_minutes(plan: Plan) -> dict[str, dict[date, Minutes]]:
    """Give the minutes of the book by role and date, from the moment on at which the book was read."""
    case, policy = plan.case, plan.case.policy
    first = _start(case)
    last = first + timedelta(days=policy.horizon_days - 1)
    sessions = _held(case, additional=plan.summary["run"]["additional"])
    taken = Counter(slot for ids in plan.placed.to_pydict()["slot_ids"] for slot in ids)
    kept_of = {one.role: Fraction(str(one.fraction)) for one in policy.reserves}
    minutes: dict[tuple[str, str, date], Minutes] = {}
    # Minutes that are open to all who are planned, taken or not: what the reserve is a part of.
    base: Counter[tuple[str, str, date]] = Counter()
    columns = ("slot_id", "session_id", "start", "duration_minutes", "status", "reserved_for", "places", "places_taken")
    for slot, session, start, length, status, label, places, places_taken in _rows(case.slots.to_pydict(), *columns):
        day, held = start.date(), sessions.get(session)
        if status not in _OF_USE or held is None or not first <= day <= last:
            continue
        if policy.as_of is not None and start < policy.as_of:
            continue
        at = (held.role, held.site, day)
        of = minutes.setdefault(at, Minutes())
        of.busy += length * places_taken
        if status != "free":
            of.busy += length if places is None else 0
        elif held.is_on(day):
            whole, now = length * (1 if places is None else places), length * taken[slot]
            of.planned += now
            if (label or held.label or "open") == "open":
                base[at] += whole
                of.free += whole - now
            else:
                of.kept += whole - now
    for at, of in minutes.items():
        reserve = min(of.free, base[at] - floor((1 - kept_of.get(at[0], Fraction(0))) * base[at]))
        of.kept += reserve
        of.free -= reserve
    return _of_roles(minutes)


def total(minutes: Iterable[Minutes]) -> Minutes:
    """Add minutes up."""
    whole = Minutes()
    for of in minutes:
        whole.busy += of.busy
        whole.planned += of.planned
        whole.kept += of.kept
        whole.free += of.free
    return whole


def groups(plan: Plan, by: By) -> tuple[dict[str, list[Planned]], int]:
    """Give those planned by group, the unknown last, and how many groups are too small to be told of."""
    label = _labels(plan.case, by)
    found: dict[str, list[Planned]] = {}
    for one in planned(plan):
        found.setdefault(label.get(one.request_id, UNKNOWN), []).append(one)
    names = sorted(found, key=lambda name: (name == UNKNOWN, name))
    told = [name for name in names if len({one.patient_id for one in found[name]}) >= FEWEST]
    return {name: found[name] for name in told}, len(found) - len(told)


@dataclass(frozen=True, slots=True)
class _Held:
    """A session: whose, where, kept for whom, and on which dates it is not held after all."""

    role: str
    site: str
    label: str | None
    off: frozenset[date]

    def is_on(self, day: date) -> bool:
        return day not in self.off


def _held(case: Case, *, additional: bool) -> dict[str, _Held]:
    clinicians, sites, holidays = case.clinicians.to_pydict(), case.sites.to_pydict(), case.policy.bank_holidays
    role = dict(_rows(clinicians, "practitioner_id", "role"))
    leave = {one: _dates(listed) for one, listed in _rows(clinicians, "practitioner_id", "leave")}
    closed = {site: _dates(listed) for site, listed in _rows(sites, "site_id", "closed_dates")}
    nobody_works = frozenset(_rebook.england_bank_holidays() if isinstance(holidays, str) else holidays)
    columns = ("session_id", "practitioner_id", "site_id", "reserved_for", "additional")
    return {
        session: _Held(
            role[who],
            site,
            label,
            leave[who] | closed.get(site, frozenset()) | (frozenset() if extra else nobody_works),
        )
        for session, who, site, label, extra in _rows(case.sessions.to_pydict(), *columns)
        if additional or not extra
    }


def _of_roles(minutes: Mapping[tuple[str, str, date], Minutes]) -> dict[str, dict[date, Minutes]]:
    sites: dict[str, dict[date, list[Minutes]]] = {}
    for (role, _, day), of in sorted(minutes.items(), key=lambda entry: entry[0]):
        sites.setdefault(role, {}).setdefault(day, []).append(of)
    return {role: {day: total(of) for day, of in sorted(days.items())} for role, days in sites.items()}


def _labels(case: Case, by: By) -> dict[str, str]:
    rows = case.requests.to_pydict()
    if isinstance(by, Mapping):
        if not by.keys() & set(rows["request_id"]):
            msg = "by: found no request_id of this case among its keys; expected a group by request_id"
            raise ArgumentError(msg)
        return {request: str(group) for request, group in by.items()}
    columns = [name for name in rows if name not in _NAMES_SOMEBODY]
    if by not in columns:
        msg = f"by: found {by!r}; expected a mapping of request_id to group, or one of {', '.join(sorted(columns))}"
        raise ArgumentError(msg)
    name = _fifth if by == "imd_decile" else _name
    return {request: name(value) for request, value in _rows(rows, "request_id", by)}


def _fifth(decile: object) -> str:
    text = str(decile)
    if text not in map(str, range(1, 11)):
        return UNKNOWN
    fifth = (int(text) + 1) // 2
    return f"fifth {fifth}" + {1: " (most deprived)", 5: " (least deprived)"}.get(fifth, "")


def _name(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value)) or UNKNOWN
    return UNKNOWN if value is None or value == "" else str(value)


def _start(case: Case) -> date:
    start = case.policy.start
    if start is None:
        msg = "a case has a policy without a start"
        raise InternalError(msg)
    return start


def _waiting_since(case: Case) -> dict[str, date]:
    def day(value: object) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return datetime.fromisoformat(str(value)).date()
        except ValueError:
            # Only rows that are set aside have one that cannot be read.
            return None

    found = {}
    for request, since, original in _rows(case.requests.to_pydict(), "request_id", "waiting_since", "original_start"):
        began = day(since) or day(original)
        if began is not None:
            found[request] = began
    return found


def _dates(listed: str | None) -> frozenset[date]:
    found = set()
    for one in listed.split(";") if listed else ():
        first, _, last = one.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return frozenset(found)


def _rows(columns: Mapping[str, Sequence[Any]], *names: str) -> zip[tuple[Any, ...]]:
    return zip(*(columns[name] for name in names), strict=True)
