"""One case in several ways, in one process."""

from datetime import date, datetime

import polars as pl
import pytest

import rebook


@pytest.fixture(scope="module")
def case():
    return rebook.generate("practice", seed=7, requests=60)


def test_each_scenario_is_the_case_with_what_it_says(case):
    policy = case.policy
    policy.horizon_days = 14
    saturday = pl.DataFrame(
        {
            "session_id": ["SAT"],
            "practitioner_id": ["LOCUM"],
            "site_id": case.sites.to_pydict()["site_id"][:1],
            "start": ["2024-07-27T09:00"],
            "end": ["2024-07-27T13:00"],
            "slot_minutes": [15],
        }
    )
    locum = pl.DataFrame({"practitioner_id": ["LOCUM"], "role": ["gp"]})
    later: rebook.Scenario = {"start": date(2024, 7, 24), "as_of": datetime(2024, 7, 23, 18)}
    plans = rebook.sweep(
        case,
        {
            "as it is": {},
            "two weeks": {"policy": policy},
            "later": later,
            "more": {"additional": True},
            "Saturday": {"sessions": saturday, "clinicians": locum},
        },
        threads=1,
    )
    assert list(plans) == ["as it is", "two weeks", "later", "more", "Saturday"]
    assert plans["Saturday"].objective == rebook.plan(case.with_sessions(saturday, locum)).objective
    assert len(plans["Saturday"].case.slots) == len(case.slots) + 16
    assert plans["as it is"].objective == rebook.plan(case).objective
    assert plans["two weeks"].objective == rebook.plan(case.replace(policy=policy)).objective
    assert plans["later"].summary["run"]["start"] == "2024-07-24"
    assert plans["more"].case.policy == case.policy


def test_a_key_that_is_none_is_refused_before_anything_is_planned(case):
    with pytest.raises(rebook.ArgumentError, match=r"scenario 'B': found 'polcy'; expected one of policy, start"):
        rebook.sweep(case, {"A": {"policy": {"horizon_days": "x"}}, "B": {"polcy": {}}})


def test_what_is_wrong_with_a_policy_is_told_with_its_scenario(case):
    with pytest.raises(rebook.InputError) as raised:
        rebook.sweep(case, {"A": {}, "B": {"policy": {"horizon_days": 0}}})
    assert raised.value.__notes__ == ["in scenario 'B'"]


def test_a_search_ends_where_it_is_told_to(case):
    plans = rebook.sweep(case, {"A": {}}, stop=rebook.WorkLimit(1), seed=3)
    assert plans["A"].summary["seed"] == 3
    assert plans["A"].verify() == []
