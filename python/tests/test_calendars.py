"""Calendars as another library reads them: times, numbers from run to run, and what they do not say."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from conftest import command

LONDON = ZoneInfo("Europe/London")

# What the clock on the wall shows on both sides of the clock changes of 2024, and the same in UTC.
MOMENTS = {
    "2024-03-30T09:00": "2024-03-30T09:00",
    "2024-03-31T00:30": "2024-03-31T00:30",
    "2024-03-31T02:15": "2024-03-31T01:15",
    "2024-04-02T09:00": "2024-04-02T08:00",
    "2024-10-26T09:00": "2024-10-26T08:00",
    # The clock shows this twice; the first counts.
    "2024-10-27T01:30": "2024-10-27T00:30",
    "2024-10-27T02:15": "2024-10-27T02:15",
    "2024-10-28T09:00": "2024-10-28T09:00",
}

SITE = 'Elm; Street, "north" BEGIN:VEVENT SUMMARY:x' + "\u8001" * 60

POLICY = """
start = "2024-03-25"
as_of = "2024-03-25T07:00"
horizon_days = 300
[[tier]]
code = "tier-of-all"
target_days = 0
[care_types.review-of-feet]
roles = ["gp"]
duration_minutes = 15
"""


def write_case(folder: Path, moments: list[str]) -> Path:
    """Write a case in which each request has one place, at one of the moments."""
    folder.mkdir(exist_ok=True)
    requests = ["request_id,patient_id,site_id,care_type,priority,original_start,earliest_date,latest_date"]
    slots = ["slot_id,session_id,start,duration_minutes,practitioner_id,site_id"]
    for number, moment in enumerate(moments):
        day = moment[:10]
        requests.append(f"req-{number},pat-{number},A,review-of-feet,tier-of-all,2024-03-01T09:00,{day},{day}")
        slots.append(f"slot-{number},S{moment},{moment},15,D1,A")
    name = SITE.replace('"', '""')
    tables = {
        "requests.csv": "\n".join(requests),
        "slots.csv": "\n".join(slots),
        "clinicians.csv": "practitioner_id,role\nD1,gp",
        "sites.csv": f'site_id,name\nA,"{name}"',
        "policy.toml": POLICY,
    }
    for file, text in tables.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return folder


def at_desk(case: Path, desk: Path) -> dict[str, Calendar]:
    """Plan the case, lay everything on the desk, and read the calendars there."""
    plan = desk.with_name("plan")
    shutil.rmtree(plan, ignore_errors=True)
    command("plan", case, "--out", plan)
    command("desk", case, plan, "--out", desk)
    return read(desk)


def read(desk: Path) -> dict[str, Calendar]:
    calendars = {}
    for file in sorted((desk / "calendars").glob("*.ics")):
        data = file.read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        assert all(line.decode("utf-8") == line.decode("utf-8", "ignore") for line in data.split(b"\r\n"))
        found = Calendar.from_ical(data)
        assert isinstance(found, Calendar)
        calendars[file.stem] = found
    return calendars


def events(calendar: Calendar) -> Iterator[Event]:
    for event in calendar.events:
        assert not event.errors, event.errors
        yield event


def text(component: Calendar | Event, name: str) -> str:
    return str(component[name])


def time(event: Event, name: str) -> dt.datetime:
    found = event.decoded(name)
    assert isinstance(found, dt.datetime)
    return found


def utc(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


@pytest.fixture
def small(tmp_path: Path) -> dict[str, Calendar]:
    return at_desk(write_case(tmp_path / "case", list(MOMENTS)), tmp_path / "desk")


def test_times_are_right_on_both_sides_of_the_clock_changes(small: dict[str, Calendar]) -> None:
    assert list(small) == ["clinician-D1", "site-A"]
    for calendar in small.values():
        starts = [time(event, "DTSTART") for event in events(calendar)]
        assert [start.replace(tzinfo=None).isoformat()[:16] for start in starts] == list(MOMENTS)
        assert [start.astimezone(dt.UTC) for start in starts] == [utc(moment) for moment in MOMENTS.values()]
        ends = [time(event, "DTEND").astimezone(dt.UTC) for event in events(calendar)]
        assert ends == [utc(moment) + dt.timedelta(minutes=15) for moment in MOMENTS.values()]


def test_the_zone_in_the_file_is_that_of_london(small: dict[str, Calendar]) -> None:
    """By its own rules, for a program that does not know the zone's name."""
    (zone,) = small["site-A"].timezones
    by_rules = zone.to_tz(lookup_tzid=False)
    for year in (2024, 2025, 2030):
        for day in range(366):
            noon = dt.datetime(year, 1, 1, 12) + dt.timedelta(days=day)
            assert noon.replace(tzinfo=by_rules).utcoffset() == noon.replace(tzinfo=LONDON).utcoffset(), noon
    for local, moment in MOMENTS.items():
        found = dt.datetime.fromisoformat(local).replace(tzinfo=by_rules).astimezone(dt.UTC)
        assert found == utc(moment), local


def test_every_entry_has_what_it_needs_and_says_nothing_about_a_patient(small: dict[str, Calendar]) -> None:
    uids: Counter[str] = Counter()
    for name, calendar in small.items():
        assert (text(calendar, "VERSION"), text(calendar, "PRODID")[:10]) == ("2.0", "-//rebook/")
        assert "METHOD" not in calendar
        for event in events(calendar):
            uids[text(event, "UID")] += 1
            assert time(event, "DTSTAMP") == utc("2024-03-25T07:00")
            assert [text(event, name) for name in ("STATUS", "CLASS", "TRANSP")] == ["TENTATIVE", "PRIVATE", "OPAQUE"]
            assert text(event, "SEQUENCE") == "0"
            who = "" if name == "clinician-D1" else ", D1"
            assert text(event, "SUMMARY") == f"Proposed appointment{who}, in person, 15 min"
            assert text(event, "LOCATION").startswith('Elm; Street, "north" BEGIN:VEVENT SUMMARY:x')
            assert text(event, "LOCATION").endswith("\u8001" * 60)
        whole = calendar.to_ical().decode()
        assert not any(word in whole for word in ("req-", "pat-", "feet", "tier-of-all", "slot-"))
    assert len(uids) == sum(uids.values()) == 2 * len(MOMENTS)


def test_a_later_run_takes_away_moves_and_leaves_alone(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    first = at_desk(write_case(tmp_path / "case", ["2024-07-01T09:00", "2024-07-02T09:00", "2024-07-03T09:00"]), desk)
    bytes_before = {file.name: file.read_bytes() for file in (desk / "calendars").iterdir()}
    case = tmp_path / "case"
    assert at_desk(case, desk).keys() == first.keys()
    assert {file.name: file.read_bytes() for file in (desk / "calendars").iterdir()} == bytes_before
    second = at_desk(write_case(case, ["2024-07-01T09:00", "2024-07-02T10:00"]), desk)
    for name, calendar in second.items():
        assert [event.uid for event in events(calendar)] == [event.uid for event in events(first[name])]
        said = [(text(event, "SEQUENCE"), text(event, "STATUS"), text(event, "TRANSP")) for event in events(calendar)]
        assert said == [
            ("0", "TENTATIVE", "OPAQUE"),
            ("1", "TENTATIVE", "OPAQUE"),
            ("1", "CANCELLED", "TRANSPARENT"),
        ]
        assert [time(event, "DTSTART").hour for event in events(calendar)] == [9, 10, 9]


def test_the_calendars_of_a_practice_hold_its_plan(practice_folder: Path, tmp_path: Path) -> None:
    calendars = at_desk(practice_folder, tmp_path / "desk")
    rows = (tmp_path / "plan" / "plan.csv").read_text(encoding="utf-8").splitlines()[1:]
    for kind in ("clinician-", "site-"):
        listed = sum(1 for name, calendar in calendars.items() if name.startswith(kind) for _ in events(calendar))
        assert 0 < listed <= len(rows)


def test_a_file_that_was_changed_is_refused_by_name(tmp_path: Path) -> None:
    case, desk = write_case(tmp_path / "case", ["2024-07-01T09:00"]), tmp_path / "desk"
    at_desk(case, desk)
    file = desk / "calendars" / "site-A.ics"
    file.write_bytes(file.read_bytes().replace(b"SEQUENCE:0", b"SEQUENCE:many"))
    refused = command("desk", case, tmp_path / "plan", "--out", desk, code=2)
    assert "site-A.ics" in refused.stderr
