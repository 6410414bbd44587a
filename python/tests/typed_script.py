"""A user's script: what mypy --strict sees of the package."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import polars as pl

import rebook


def late_days(plan: rebook.Plan) -> dict[str, int]:
    days: dict[str, int] = {}
    columns = plan.placed.to_pydict()
    for tier, late in zip(columns["tier"], columns["days_late"], strict=True):
        days[tier] = days.get(tier, 0) + late
    return days


def told(what: str, groups: int, proven: int) -> None:
    print(f"{what}: {proven} of {groups}")


policy = rebook.Policy(approved_by="Dr A. Lead", reserves=[rebook.Reserve("gp", 0.3)])
policy.tiers.append(rebook.Tier("GP7", target_days=100))
policy.care_types["x"] = rebook.CareType(["gp"], delivery_channels=["telephone"])
case: rebook.Case = rebook.generate("practice", seed=1)
tables: dict[str, pl.DataFrame] = {"requests": case.requests.to_polars(), "slots": case.slots.to_polars()}
again = rebook.Case(
    requests=tables["requests"],
    slots=case.slots.to_pandas(),
    sessions=case.sessions,
    clinicians=case.clinicians,
    sites=case.sites,
    policy=policy,
    start=date(2024, 7, 22),
    as_of=datetime(2024, 7, 22, 7),
)
problems: list[str] = [f"{problem.file} {problem.row}: {problem.help}" for problem in again.check()]
plan = rebook.plan(again, stop=rebook.TimeLimit(30), progress=told)
replan = rebook.plan(again.replace(additional=True), stop=rebook.WorkLimit(100_000), previous=plan, threads=1)
frame: pd.DataFrame = replan.placed.to_pandas()
gaps: dict[str, int] = {entry.name: entry.gap for entry in plan.certificate}
value: int = plan.objective["late_1"] - plan.bounds["late_1"]
changes: list[str] = plan.explain("R0001").changes
broken: list[str] = [one.message for one in plan.verify()]
moved: list[str] = plan.diff(replan).to_pydict()["change"]
