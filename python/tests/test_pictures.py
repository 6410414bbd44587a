"""The numbers behind the pictures on small cases made by hand, and each picture drawn."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO

import polars as pl
import pytest

import rebook
from rebook import _marks as marks
from rebook import _measures as measures
from rebook import pictures

START = date(2024, 7, 22)


def case(requests, slots, *, session=None, site=None, **policy):
    """Make a case of one nurse: requests as (priority, date the wait began), slots as (start, further columns).

    `session` and `site` are further columns of each session, and of the site.
    """
    rows = [
        {
            "request_id": f"R{at}",
            "patient_id": f"P{at}",
            "site_id": "A",
            "care_type": "dressing",
            "priority": priority,
            "original_start": "2024-07-19T09:00",
            "waiting_since": since,
            "reconciliation": "not-seen",
            "imd_decile": at % 10 + 1,
        }
        for at, (priority, since) in enumerate(requests)
    ]
    book = [
        {"slot_id": f"S{at}", "session_id": start[:10], "start": start, "duration_minutes": 15} | more
        for at, (start, more) in enumerate(slots)
    ]
    days = sorted({start[:10] for start, _ in slots})
    return rebook.Case(
        requests=pl.DataFrame(rows),
        slots=pl.DataFrame(book, infer_schema_length=None),
        sessions=pl.DataFrame(
            {
                "session_id": days,
                "practitioner_id": ["N1"] * len(days),
                "site_id": ["A"] * len(days),
                "start": [f"{day}T09:00" for day in days],
                "end": [f"{day}T12:00" for day in days],
            }
        ).with_columns(**{name: pl.lit(value) for name, value in (session or {}).items()}),
        sites=pl.DataFrame({"site_id": ["A"]} | {name: [value] for name, value in (site or {}).items()}),
        clinicians=pl.DataFrame(
            {"practitioner_id": ["N1"], "role": ["nurse"], "leave": ["2024-07-26..2024-07-27;2024-08-01"]}
        ),
        policy=rebook.Policy(
            start=START,
            horizon_days=14,
            tiers=[rebook.Tier("U", target_working_days=0), rebook.Tier("R", target_days=2)],
            care_types={"dressing": rebook.CareType(roles=["nurse"], duration_minutes=15)},
            **{"reserves": [], "max_contacts_day": {}} | policy,
        ),
    )


def one_late_one_without():
    """Three requests and two slots, the second of them a day late for an urgent request."""
    requests = [("U", date(2024, 7, 12)), ("U", date(2024, 7, 15)), ("R", date(2024, 7, 22))]
    return rebook.plan(case(requests, [("2024-07-22T09:00", {}), ("2024-07-23T09:00", {})]))


def test_waits_count_from_when_they_began():
    found = {one.request_id: one for one in measures.planned(one_late_one_without())}
    assert [found[f"R{at}"].waited for at in range(3)] == [10, 7, 0]
    assert found["R2"].wait is None
    assert found["R2"].day is None
    assert sorted(found[of].wait - found[of].waited for of in ("R0", "R1")) == [0, 1]
    assert sorted(found[of].late for of in ("R0", "R1")) == [0, 1]


def test_a_wait_that_begins_after_the_start_is_none():
    plan = rebook.plan(case([("U", date(2024, 7, 30))], [("2024-07-22T09:00", {})]))
    (one,) = measures.planned(plan)
    assert (one.waited, one.wait) == (0, 0)


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ([], (None, None, None)),
        ([4], (4, 4, 4)),
        (list(range(1, 21)), (10, 17, 20)),
        ([3, 1, 2, None], (2, None, 3)),
        ([None, None, 5], (None, None, 5)),
    ],
)
def test_percentiles_count_those_without_a_place_as_longest(waits, expected):
    found = measures.spread(waits)
    assert (found.median, found.p85, found.longest) == expected


def test_lateness_is_by_tier_and_most_urgent_first():
    plan = one_late_one_without()
    found = measures.lateness_of({"it": plan})["it"]
    assert list(found) == ["U", "R"]
    assert found["U"] == measures.Lateness(requests=2, late=1, days=1, no_place=0)
    assert found["R"] == measures.Lateness(requests=1, late=0, days=0, no_place=1)


def test_lateness_is_measured_by_the_first_plan():
    strict = one_late_one_without()
    policy = strict.case.policy
    policy.tiers[0].target_working_days, policy.tiers[0].target_days = None, 13
    lax = rebook.plan(strict.case.replace(policy=policy))
    assert measures.lateness_of({"lax": lax, "strict": strict})["strict"]["U"].days == 0
    assert measures.lateness_of({"strict": strict, "lax": lax})["lax"]["U"].days >= 1


def test_lateness_of_other_requests_is_refused():
    other = rebook.plan(case([("U", START)], [("2024-07-22T09:00", {})]))
    with pytest.raises(rebook.ArgumentError, match="'other' than in the first; expected the same in all"):
        measures.lateness_of({"it": one_late_one_without(), "other": other})


@pytest.mark.parametrize(
    ("found", "expected"),
    [({0: 5, 1: 3, 2: 3, 4: 3}, 1), ({4: 3, 0: 5, 2: 3}, 2), ({0: 5, 1: 3}, None), ({0: 1, 2: 1}, 0)],
)
def test_where_more_capacity_gives_nothing_more(found, expected):
    assert measures.nothing_more(found) == expected


def test_minutes_of_the_book_by_what_becomes_of_them():
    slots = [
        ("2024-07-22T09:00", {"status": "busy", "patient_id": "X"}),
        ("2024-07-22T09:15", {}),
        ("2024-07-22T09:30", {}),
        ("2024-07-22T09:45", {}),
        ("2024-07-22T10:00", {"status": "busy-unavailable"}),
        ("2024-07-22T10:15", {"reserved_for": "urgent"}),
        ("2024-07-22T10:30", {"places": 2, "places_taken": 1}),
        ("2024-07-26T09:00", {}),  # on leave
        ("2024-08-05T09:00", {}),  # after the last day of the plan
    ]
    plan = rebook.plan(case([("R", START)], slots, reserves=[rebook.Reserve("nurse", 0.4)]))
    # Open and free are three slots and two places: 75 minutes, of which 45 may be taken by those who are not urgent.
    assert measures.capacity_minutes(plan) == {
        "nurse": {
            START: measures.Minutes(busy=30, planned=15, kept=30 + 15, free=30),
            date(2024, 7, 26): measures.Minutes(),
        }
    }


def test_what_had_begun_when_the_book_was_read_is_no_capacity():
    slots = [("2024-07-22T09:00", {}), ("2024-07-22T09:15", {})]
    plan = rebook.plan(case([("R", START)], slots, as_of=datetime.fromisoformat("2024-07-22T09:10")))
    assert measures.total(measures.capacity_minutes(plan)["nurse"].values()).free == 15


@pytest.mark.parametrize(
    ("how", "kept", "free"),
    [
        ({}, 0, 15),
        ({"session": {"reserved_for": "urgent"}}, 15, 0),
        ({"session": {"additional": True}}, 0, 0),
        ({"site": {"closed_dates": "2024-07-23"}}, 0, 0),
        ({"bank_holidays": [date(2024, 7, 23)]}, 0, 0),
    ],
)
def test_what_is_no_capacity_or_kept_for_others(how, kept, free):
    plan = rebook.plan(case([("R", START)], [("2024-07-23T09:00", {"status": "free"})], **how))
    found = measures.total(of for days in measures.capacity_minutes(plan).values() for of in days.values())
    assert (found.kept, found.planned + found.free) == (kept, free)


def test_additional_sessions_count_where_they_may_be_used():
    made = case([("R", START)], [("2024-07-23T09:00", {})], session={"additional": True})
    plan = rebook.plan(made.replace(additional=True))
    assert measures.capacity_minutes(plan)["nurse"][date(2024, 7, 23)].planned == 15


def test_the_fullest_role_is_the_one_with_least_left():
    half, most = measures.Minutes(planned=30, free=30), measures.Minutes(planned=30, kept=90, free=10)
    assert marks.tightest({"gp": {START: half}, "nurse": {START: most}}) == (
        "The fullest is nurse: the plan takes 75% of its minutes that may be planned."
    )
    assert marks.tightest({"gp": {START: measures.Minutes(free=15)}}) == "Nothing is planned."


def test_known_groups_are_compared():
    found = {"a": measures.Spread(4, 9, 9), "b": measures.Spread(6, 7, 7), measures.UNKNOWN: measures.Spread(1, 1, 1)}
    assert marks.widest(found) == "Half are seen within 4 days of when their wait began in a, and within 6 days in b."
    assert marks.widest({"a": measures.Spread(None, None, 2)}).startswith("In no group")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (measures.Spread(5, 8, 9), "At the new appointment it is 5 and 8 days."),
        (measures.Spread(5, None, 9), "it is 5 days; more than 15 in 100 have no place."),
        (measures.Spread(None, None, 9), "Half or more have no place."),
    ],
)
def test_waits_in_words(after, told):
    words_of = marks.waited(measures.Spread(2, 3, 4), after)
    assert words_of.startswith("When the plan starts, half have waited 2 days or less, 85 in 100 3 days or less.")
    assert words_of.endswith(told)


def test_planned_and_free_minutes_make_up_what_was_free():
    made = rebook.generate("practice", seed=7)
    plan = rebook.plan(made)
    found = measures.total(of for days in measures.capacity_minutes(plan).values() for of in days.values())
    length = dict(zip(*(made.slots.to_pydict()[name] for name in ("slot_id", "duration_minutes")), strict=True))
    assert found.planned == sum(length[slot] for ids in plan.placed.to_pydict()["slot_ids"] for slot in ids)


def ten_waiting():
    requests = [("R", START - timedelta(days=at)) for at in range(12)]
    return rebook.plan(case(requests, [(f"2024-07-22T09:{15 * at:02}", {}) for at in range(4)]))


def test_deprivation_is_told_in_fifths():
    found, hidden = measures.groups(ten_waiting(), {f"R{at}": "ab"[at % 2] for at in range(10)})
    assert {name: len(of) for name, of in found.items()} == {"a": 5, "b": 5}
    assert hidden == 1, "the two that are unknown"
    labels = measures._labels(ten_waiting().case, "imd_decile")
    assert labels["R0"] == labels["R1"] == "fifth 1 (most deprived)"
    assert labels["R9"] == "fifth 5 (least deprived)"


def test_unknown_comes_last():
    found, hidden = measures.groups(ten_waiting(), {f"R{at}": "zoo" for at in range(6)})
    assert list(found) == ["zoo", measures.UNKNOWN]
    assert hidden == 0


def test_a_group_is_counted_by_patients():
    made = ten_waiting().case
    alone = rebook.Case(
        requests=made.requests.to_polars().with_columns(patient_id=pl.lit("P1")),
        slots=made.slots,
        sessions=made.sessions,
        clinicians=made.clinicians,
        policy=made.policy,
    )
    assert measures.groups(rebook.plan(alone), "site_id") == ({}, 1)


@pytest.mark.parametrize("by", ["patient_id", "request_id", "no such column"])
def test_groups_that_name_somebody_or_nothing_are_refused(by):
    with pytest.raises(rebook.ArgumentError, match=f"by: found '{by}'; expected .*imd_decile"):
        pictures.equity(one_late_one_without(), by)


def test_a_mapping_of_other_requests_is_refused():
    with pytest.raises(rebook.ArgumentError, match="by: found no request_id of this case"):
        pictures.equity(one_late_one_without(), {"X": "a"})


def test_shares():
    people = measures.planned(one_late_one_without())
    assert measures.share(people, late=True) == pytest.approx(100 / 3)
    assert measures.share(people, late=False) == pytest.approx(100 / 3)


def test_labels_are_moved_apart():
    assert marks.apart([0, 5, 4.5], 1) == [0, 5.5, 4.5]


def test_few_days_are_named():
    days = [START + timedelta(days=7 * at) for at in range(9)]
    assert marks.few(days) == days[::3]
    assert marks.few([]) == []


def words(picture):
    """Every word of a picture."""
    found = [text.get_text() for text in picture.texts]
    for axes in picture.axes:
        found += [axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left")]
        found += [text.get_text() for text in axes.texts]
        found += [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    return " ".join(found)


def nothing_placed():
    requests = [("U", START)] * 6
    return rebook.plan(case(requests, [("2024-07-22T09:00", {"status": "busy-unavailable"})]))


def nobody():
    made = case([("U", START)], [("2024-07-22T09:00", {})])
    return rebook.plan(
        rebook.Case(
            requests=made.requests.to_polars().head(0),
            slots=made.slots,
            sessions=made.sessions,
            clinicians=made.clinicians,
            policy=made.policy,
        )
    )


PLANS = {
    "practice": lambda: rebook.plan(rebook.generate("practice", seed=7)),
    "network": lambda: rebook.plan(rebook.generate("pcn", practices=2, seed=7)),
    "dirty": lambda: rebook.plan(rebook.generate("practice", seed=7, dirty=True)),
    "elective": lambda: rebook.plan(rebook.generate("elective", seed=7)),
    "nothing placed": nothing_placed,
    "one tier": ten_waiting,
    "nobody": nobody,
}
DRAWN = {
    "waiting": (pictures.waiting, ["Days since the wait began", "Tier", "median"]),
    "capacity": (pictures.capacity, ["minutes"]),
    "equity": (lambda plan: pictures.equity(plan, "imd_decile"), ["Days since", "% of requests", "deprivation"]),
    "late days": (
        lambda plan: pictures.late_days({0: plan, 1: plan}, unit="extra sessions"),
        ["Days late, added up", "extra sessions", "no larger size gives more"],
    ),
    "side by side": (lambda plan: pictures.side_by_side({"a": plan, "b": plan}), ["Days late, added up", "Tier"]),
}


@cache
def plan_of(which):
    return PLANS[which]()


@pytest.mark.parametrize("which", PLANS)
@pytest.mark.parametrize("what", DRAWN)
def test_every_picture_says_what_it_shows_and_in_what_units(which, what):
    plan = plan_of(which)
    draw, expected = DRAWN[what]
    picture = draw(plan)
    image = BytesIO()
    picture.savefig(image, format="png")
    assert image.getvalue().startswith(b"\x89PNG")
    told = words(picture)
    for word in [*expected, picture.title, plan.case.policy.name, "proposed, not approved"]:
        assert word in told, word
    assert isinstance(picture, pictures.Picture)
    assert picture.alt.startswith(picture.title)
    assert "None" not in picture.alt
    ids = plan.case.requests.to_pydict()["patient_id"] if which != "dirty" else []
    assert not any(one in told + picture.alt for one in ids if one and len(one) > 3)


def test_every_word_is_inside_the_picture():
    for draw, _ in DRAWN.values():
        picture = draw(plan_of("elective"))
        picture.canvas.draw()
        for text in picture.findobj(lambda one: hasattr(one, "get_text") and one.get_text() and one.get_visible()):
            box = text.get_window_extent()
            # Ticks beyond the limits of their axes have words, too, but are not drawn.
            if text in picture.texts or any(text in axes.texts for axes in picture.axes):
                assert box.x0 >= -1, text
                assert box.x1 <= picture.bbox.x1 + 1, text
                assert box.y0 >= -1, text
                assert box.y1 <= picture.bbox.y1 + 1, text


def test_the_text_tells_the_main_numbers():
    plan = one_late_one_without()
    assert "3 requests planned, 1 of them without a place" in pictures.waiting(plan).alt
    assert "Of 30 minutes that were free, the plan takes 30" in pictures.capacity(plan).alt
    both = pictures.late_days({0: plan, 2: plan}, unit="extra hours").alt
    assert "From 0 to 2 extra hours, days late go from 1 to 1" in both
    assert "a: 1 day late, 1 without a place" in pictures.side_by_side({"a": plan}).alt
    assert "1 group of fewer than 5 patients not shown" in pictures.equity(plan, "site_id").alt


def test_who_approved_and_what_is_not_proven_is_told():
    made = rebook.generate("practice", seed=7)
    policy = made.policy
    policy.approved_by = "Dr A. Lead"
    stopped = rebook.plan(made.replace(policy=policy), stop=rebook.WorkLimit(0))
    assert stopped.status == "feasible"
    told = words(pictures.waiting(stopped))
    assert "approved by Dr A. Lead" in told
    assert "not approved" not in told
    assert "not proven to be the best" in told


@pytest.mark.parametrize(("plans", "found"), [({}, 0), ({0: None}, 1)])
def test_too_few_plans_are_refused(plans, found):
    with pytest.raises(rebook.ArgumentError, match=f"plans: found {found}; expected two or more"):
        pictures.late_days(plans, unit="hours")


def test_no_plans_side_by_side_are_refused():
    with pytest.raises(rebook.ArgumentError, match="plans: found none; expected a mapping of names to plans"):
        pictures.side_by_side({})


def test_a_notebook_gets_an_image_with_its_words():
    picture = pictures.waiting(one_late_one_without())
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    assert metadata["image/png"]["alt"] == picture.alt


def test_without_matplotlib_it_says_what_to_install():
    script = (
        "import sys; sys.modules['matplotlib'] = None; sys.modules['matplotlib.figure'] = None\n"
        "import rebook\n"
        "try:\n    import rebook.pictures\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert 'pip install "rebook[pictures]"' in done.stdout


def test_rebook_alone_loads_no_matplotlib():
    script = "import rebook, sys; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
