"""Policies as objects."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

import rebook
from rebook import _rebook


def test_without_arguments_it_is_the_built_in_policy():
    """So defaults are shown in Python and cannot drift from the engine's."""
    assert rebook.Policy() == rebook.Policy.from_toml(
        _rebook.builtin_policy().replace("start =", "# ").replace("as_of =", "# ")
    )
    source = Path(__file__).resolve().parents[2] / "engine" / "policies" / "general-practice.toml"
    assert rebook.Policy.read(source) == rebook.Policy()


def test_defaults_of_tiers_and_care_types_are_the_engines():
    text = '[[tier]]\ncode = "A"\ntarget_days = 3\n[care_types.x]\nroles = ["gp"]\n[inconvenience]\n'
    policy = rebook.Policy.from_toml(text)
    # What depends on the rest of the policy is written out.
    assert policy.tiers == [rebook.Tier("A", target_days=3, urgent=True)]
    assert policy.care_types == {"x": rebook.CareType(["gp"], duration_minutes=policy.slot_minutes)}
    assert policy.inconvenience == rebook.Inconvenience()
    assert policy.max_contacts_day == {}
    assert policy.reserves == []


def changed() -> rebook.Policy:
    """Every attribute other than its default."""
    return rebook.Policy(
        name='a "quoted" name',
        version="2",
        approved_by="Dr A. Lead",
        start=dt.date(2024, 8, 5),
        as_of=dt.datetime(2024, 8, 5, 6, 30),
        horizon_days=14,
        unplaced_days=100,
        wait_per_day=9,
        travel_minutes=20,
        together_gap_minutes=15,
        slot_minutes=10,
        window_rank=2,
        place_after_window=False,
        place_needs=["hoist"],
        bank_holidays=[dt.date(2024, 8, 26)],
        max_weight=300,
        min_notice_hours={"phone": 1, "sms": 2, "app": 3, "letter": 4, "clinician": 5, "default": 6},
        tiers=[
            rebook.Tier("A", target_working_days=1, call=True, urgent=True),
            rebook.Tier(
                "B",
                target_days=9,
                target_from="waiting_since",
                may_use=["urgent"],
                urgent=False,
                shares_rank=True,
                weight=50,
                escalate_after_days=30,
                min_notice_hours=3,
            ),
        ],
        care_types={
            "x": rebook.CareType(
                roles=["gp", "anp"],
                duration_minutes=20,
                delivery_channels=["telephone", "in-person"],
                priority="B",
                needs=["bsl"],
                start_after="08:30",
                finish_by="12:00",
            )
        },
        max_contacts_day={"gp": 20},
        reserves=[rebook.Reserve("gp", 0.123)],
        inconvenience=rebook.Inconvenience(1, 2, 3, 4, 5),
        weights=[rebook.Weight("carer", 110)],
    )


def test_every_attribute_is_written_and_read_back(tmp_path):
    policy = changed()
    for one in dataclasses.fields(policy):
        assert getattr(policy, one.name) != getattr(rebook.Policy(), one.name), one.name
    assert rebook.Policy.from_toml(policy.to_toml()) == policy
    assert rebook.Policy.from_dict(policy.to_dict()) == policy
    policy.write(tmp_path / "policy.toml")
    assert rebook.Policy.read(tmp_path / "policy.toml") == policy


def test_a_start_that_is_not_given_is_not_written():
    text = rebook.Policy().to_toml()
    assert "\nstart = " not in text
    assert "\nas_of = " not in text
    assert 'target_from = "start"' in text
    assert 'start = "2024-08-05"' in changed().to_toml()


def test_every_problem_is_told_by_key():
    policy = rebook.Policy(horizon_days=0)
    policy.tiers[3].target_days = 5
    policy.care_types["home-visit"].priority = "GP9"
    with pytest.raises(rebook.InputError) as caught:
        policy.to_toml()
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"horizon_days", "tier[4].target_working_days", "care_types.home-visit.priority"}
    with pytest.raises(rebook.InputError, match="horizon_dayz"):
        rebook.Policy.from_dict({"horizon_dayz": 3})
    with pytest.raises(TypeError, match="found set"):
        rebook.Policy.from_dict({"place_needs": {"hoist"}})
    with pytest.raises(rebook.InputError):
        rebook.generate("practice", policy=policy)


def test_a_policy_goes_in_as_object_mapping_or_file(practice, tmp_path):
    policy = rebook.Policy(name="mine", start=dt.date(2024, 7, 22))
    policy.write(tmp_path / "mine.toml")
    for given in (policy, policy.to_dict(), tmp_path / "mine.toml", str(tmp_path / "mine.toml")):
        case = practice.replace(policy=given)
        assert case.policy.name == "mine"
    assert practice.policy.name == "general practice"


def test_it_shows_itself():
    html = rebook.Policy(name="a <b>").__class__._repr_html_(rebook.Policy(name="a <b>"))
    assert "a &lt;b&gt;" in html
    assert "NOT APPROVED" in html
    assert "approved by Dr A. Lead" in changed()._repr_html_()
    assert "40% of gp" in html


def test_the_bundled_bank_holidays_are_known():
    days = _rebook.england_bank_holidays()
    assert dt.date(2024, 8, 26) in days
    assert days == sorted(set(days))
