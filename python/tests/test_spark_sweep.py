"""One case in several ways, each a task."""

import shutil
from datetime import date

import polars as pl
import pytest

import rebook

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java, and there is no `java` here")

# --- sweeps ----------------------------------------------------------------------------------------------------------


def test_a_sweep_has_the_objectives_of_one_process(spark, on_spark, tmp_path):
    rebook.generate("practice", seed=7, dirty=True, requests=80).write(tmp_path)
    case = rebook.Case.read(tmp_path)
    policy = case.policy
    policy.horizon_days = 14
    (tmp_path / "open.toml").write_text('start = "2024-07-22"\nwait_per_day = 5\n')
    saturday = case.sessions.to_polars().head(1)
    saturday = saturday.with_columns(session_id=pl.lit("SAT"), practitioner_id=pl.lit("LOCUM"), slot_minutes=pl.lit(10))
    scenarios = {
        "as it is": {},
        "two weeks": {"policy": policy, "additional": True},
        "from a file": {"policy": tmp_path / "open.toml"},
        "later": {"start": date(2024, 7, 24)},
        "Saturday": {"sessions": saturday, "clinicians": pl.DataFrame({"practitioner_id": ["LOCUM"], "role": ["gp"]})},
    }
    frame = on_spark.sweep(case, scenarios | {"broken": {"policy": {"horizon_days": "x"}}}, spark=spark)
    rows = {row["scenario"]: row for row in frame.collect()}
    assert set(rows) == {*scenarios, "broken"}
    plans = rebook.sweep(case, scenarios)
    for name, plan in plans.items():
        row = rows[name]
        assert {entry["name"]: entry["value"] for entry in row["objective"]} == plan.objective, name
        assert {entry["name"]: entry["bound"] for entry in row["objective"]} == plan.bounds
        assert {key: row[key] for key in plan.counts} == plan.counts
        late = plan.placed.to_polars().group_by("tier").agg(pl.col("days_late").sum())
        by_tier = {one["tier"]: one for one in row["by_tier"]}
        assert {tier: by_tier[tier]["late_days"] for tier, _ in late.rows()} == dict(late.rows())
        no_place = {tier: counts["unplaced"] for tier, counts in plan.summary["counts"]["by_tier"].items()}
        assert {tier: one["no_place"] for tier, one in by_tier.items()} == no_place
        assert (row["status"], row["error"]) == (plan.status, None)
    assert rows["broken"]["status"] == "failed"
    assert rows["broken"]["error"].startswith("E403 policy.toml")
    assert rows["broken"]["objective"] is None


def test_a_sweep_refuses_keys_that_are_none(spark, on_spark, small):
    with pytest.raises(rebook.ArgumentError, match="scenario 'A': found 'stop'"):
        on_spark.sweep(small, {"A": {"stop": None}}, spark=spark)


def test_a_sweep_over_nothing_is_empty(spark, on_spark, small):
    assert on_spark.sweep(small, {}, spark=spark).count() == 0
