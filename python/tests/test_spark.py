"""Plans on Spark: two workers, each a process of its own, and the results of one process."""

import shutil
import subprocess
import sys
from datetime import date

import polars as pl
import pytest
from spark_tables import as_text, assert_same, made, places, reasons, request, session, slot

import rebook

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java, and there is no `java` here")

# --- plans -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Two networks of practices, each with a hub."""
    folder = tmp_path_factory.mktemp("network")
    rebook.generate("pcn", practices=6, seed=3).write(folder)
    return folder


@pytest.fixture(scope="module")
def planned(spark, on_spark, network):
    return on_spark.plan(**as_text(spark, network), policy=network / "policy.toml")


def test_a_network_is_planned_as_in_one_process(planned, network):
    whole = rebook.plan(rebook.Case.read(network))
    assert_same(planned, whole)
    areas = planned.areas.toArrow().to_pylist()
    assert [area["area"] for area in sorted(areas, key=lambda area: area["area"])] == ["N0001-HUB", "N0002-HUB"]
    assert all(area["area"] == min(area["sites"]) for area in areas)
    # Every column of the rest, but for the order of the calls and whom they would have to wait for.
    one = pl.DataFrame(planned.placed.toArrow()).drop("area", "area_call_order").sort("request_id")
    other = whole.placed.to_polars().drop("call_order").sort("request_id")
    assert one.to_dicts() == other.to_dicts()
    one = pl.DataFrame(planned.unplaced.toArrow()).drop("area", "smallest_change").sort("request_id")
    assert one.to_dicts() == whole.unplaced.to_polars().drop("smallest_change").sort("request_id").to_dicts()


def test_the_order_of_all_calls_is_one_sort_away(planned, network):
    from pyspark.sql import functions as F  # noqa: N812

    whole = rebook.plan(rebook.Case.read(network))
    order = planned.placed.orderBy(F.col("call_by").asc_nulls_last(), "rank", "start", "request_id")
    ids = [row["request_id"] for row in order.select("request_id").collect()]
    assert ids == whole.placed.to_pydict()["request_id"]
    first = planned.placed.groupBy("area").agg({"area_call_order": "min"}).collect()
    assert {row[1] for row in first} == {1}


def test_dirty_requests_are_set_aside_as_in_one_process(spark, on_spark, tmp_path):
    rebook.generate("pcn", practices=6, seed=7, dirty=True, requests=60).write(tmp_path)
    plan = on_spark.plan(**as_text(spark, tmp_path), policy=tmp_path / "policy.toml")
    whole = rebook.plan(rebook.Case.read(tmp_path))
    assert_same(plan, whole)
    detail = {row["detail"] for row in plan.excluded.select("detail").collect()}
    assert not any("requests.csv" in text for text in detail)
    assert "line" not in plan.excluded.columns


def test_what_spans_areas_is_judged_as_in_one_process(spark, on_spark):
    """Links, circles, ids and bookings that lead from one site to another."""
    days = [f"2024-07-{day}" for day in range(22, 32) if day not in (27, 28)]
    sessions = [
        {"session_id": f"{site}-{day}", "practitioner_id": f"H-{site}", "site_id": site, **hours(day)}
        for site in "ABCDEFGH"
        for day in days
    ]
    requests = [
        request("A", "first", "P1", reconciliation="not-seen"),
        request("B", "second", "P2", after_request_id="first", after_min_days="2", after_max_days="3"),
        request("C", "c1", after_request_id="c2"),
        request("D", "c2", after_request_id="c1"),
        request("E", "same", "P3"),
        request("F", "same", "P4"),
        request("G", "g1", "P5", reconciliation="not-seen", available="Mon 09:00-09:30", latest_date="2024-07-22"),
        request("G", "g2", "P6", reconciliation="not-seen"),
        request("H", "g3", "P6", reconciliation="not-seen"),
        request(None, "lost", "P7"),
        request("A", "lost", "P7"),
        request(None, "nowhere", "P8"),
    ]
    booked = {"status": "busy", "patient_id": "P5", "start": "2024-07-22T09:00", "duration_minutes": "20"}
    slots = [
        {"slot_id": f"{one['session_id']}/{minute}", "session_id": one["session_id"], "duration_minutes": "10"}
        | {"start": f"{one['start'][:11]}09:{minute}"}
        for one in sessions
        for minute in ("00", "10", "20")
        if one["session_id"] != "A-2024-07-22"
    ]
    slots.append({"slot_id": "A-2024-07-22/busy", "session_id": "A-2024-07-22", **booked})
    rows = {
        "requests": requests,
        "sessions": sessions,
        "slots": slots,
        "clinicians": [{"practitioner_id": f"H-{site}", "role": "hca"} for site in "ABCDEFGH"],
    }
    plan = on_spark.plan(**{name: made(spark, table) for name, table in rows.items()}, start=date(2024, 7, 22))
    frames = {name: pl.DataFrame(table, infer_schema_length=None) for name, table in rows.items()}
    whole = rebook.plan(rebook.Case(**frames, start=date(2024, 7, 22)))
    assert_same(plan, whole)
    # The case says something: what one site would not know is what is told here.
    placed = {row["request_id"]: row for row in plan.placed.collect()}
    assert (placed["second"]["start"] - placed["first"]["start"]).days in (2, 3)
    assert "check-first" in placed["g2"]["flags"]
    assert "check-first" in placed["g3"]["flags"]
    assert "g1" not in placed  # who is expected at another site until 09:20
    left_out = reasons(plan.excluded)
    assert [one for one in left_out if one[0] in ("c1", "c2")] == [
        ("c1", "invalid-row", "after_request_id"),
        ("c2", "invalid-row", "after_request_id"),
    ]
    assert [one[1] for one in left_out if one[0] == "same"] == ["invalid-row", "invalid-row"]
    nowhere = plan.areas.where("area = ''").collect()
    assert [(row["sites"], row["requests"], row["excluded"]) for row in nowhere] == [([], 1, 1)]


def hours(day):
    return {"start": f"{day}T09:00", "end": f"{day}T09:30"}


def test_a_broken_area_is_a_row_and_the_others_are_planned(spark, on_spark, network):
    tables = as_text(spark, network)
    broken = tables["slots"].where("session_id like '0006-%'").first().asDict()
    again = made(spark, [broken | {"slot_id": "again", "patient_id": "secret", "places": "many"}])
    tables["slots"] = tables["slots"].unionByName(again, allowMissingColumns=True)
    plan = on_spark.plan(**tables, policy=network / "policy.toml")

    whole = rebook.plan(rebook.Case.read(network))
    lost = {row["request_id"] for row in tables["requests"].where("site_id like 'P0006%'").collect()}
    summary = plan.summary()
    assert summary["status"] == "failed"
    assert summary["areas"] == {"optimal": 1, "feasible": 0, "failed": 1}
    counts = summary["counts"]
    assert counts["requests"] == whole.counts["requests"]
    assert counts["requests"] == counts["placed"] + counts["unplaced"] + counts["excluded"] + counts["failed"]
    assert counts["failed"] == len(lost)
    assert {row["request_id"] for row in plan.failed.collect()} == lost
    assert places(plan.placed) == {one for one in places(whole.placed) if one[0] not in lost}

    (area,) = plan.areas.where("status = 'failed'").collect()
    assert (area["area"], area["requests"], area["objective"]) == ("N0002-HUB", len(lost), None)
    assert "E212 slots again places" in area["error"]
    assert "many" not in area["error"]
    assert "secret" not in area["error"]
    assert ".csv" not in area["error"]


def test_ids_that_are_there_twice_in_two_sites_fail_both(spark, on_spark):
    rows = [session("A", "s1"), session("B", "s2"), session("C", "s3")]
    plan = on_spark.plan(
        requests=made(spark, [request(site, f"r-{site}") for site in "ABC"]),
        sessions=made(spark, rows),
        slots=made(spark, [slot("s1", "both"), slot("s2", "both"), slot("s3", "own")]),
        clinicians=made(spark, [{"practitioner_id": f"of-s{at}", "role": "hca"} for at in (1, 2, 3)]),
        start=date(2024, 7, 22),
    )
    areas = {row["area"]: row for row in plan.areas.collect()}
    assert {name: row["status"] for name, row in areas.items()} == {"A": "failed", "C": "optimal"}
    assert "E301 slots both slot_id" in areas["A"]["error"]
    assert "another row" in areas["A"]["error"]
    assert plan.summary()["counts"] == {"requests": 3, "placed": 1, "unplaced": 0, "excluded": 0, "failed": 2}


def test_whatever_goes_wrong_in_a_task_is_told_of(spark, on_spark):
    plan = on_spark.plan(
        requests=made(spark, [request("A", "r")]),
        sessions=made(spark, [session("A", "s")]),
        clinicians=made(spark, [{"practitioner_id": "of-s", "role": "hca"}]),
        start=date(2024, 7, 22),
        stop=rebook.TimeLimit(-1),
    )
    (area,) = plan.areas.collect()
    assert area["status"] == "failed"
    assert area["error"] == "ArgumentError: seconds: found -1; expected 0 or more"
    assert plan.summary()["counts"]["failed"] == 1


def test_what_others_say_is_not_repeated_for_it_may_quote_a_cell(on_spark):
    del on_spark
    from rebook.spark._plan import _said

    try:
        int("Jane Doe")
    except ValueError as error:
        said = _said(error, {})
    assert "Jane" not in said
    assert said.startswith("ValueError in test_what_others_say_is_not_repeated_for_it_may_quote_a_cell, line ")


def test_requests_that_are_lost_are_noticed(spark, on_spark, planned):
    more = made(spark, [{"request_id": "more"}])
    with pytest.raises(rebook.InternalError, match=r"^1 requests were given, 1272 reached an area and 1272 are told"):
        on_spark.SparkPlan(planned.results, more).summary()


def test_results_that_were_written_down_make_the_same_plan(spark, on_spark, planned, tmp_path):
    planned.results.write.parquet(str(tmp_path / "results"))
    again = on_spark.SparkPlan(spark.read.parquet(str(tmp_path / "results")))
    assert again.summary() == planned.summary()
    assert places(again.placed) == places(planned.placed)


def test_empty_rows_are_no_requests(spark, on_spark):
    plan = on_spark.plan(
        requests=made(spark, [request("A", "r"), dict.fromkeys(request("A", "r"), " "), {"request_id": None}]),
        sessions=made(spark, [session("A", "s")]),
        clinicians=made(spark, [{"practitioner_id": "of-s", "role": "hca"}]),
        start=date(2024, 7, 22),
        persist=False,
        partitions=1,
    )
    assert plan.summary()["counts"] == {"requests": 1, "placed": 1, "unplaced": 0, "excluded": 0, "failed": 0}
    assert [warning.code for warning in plan.warnings] == []


def test_without_pyspark_the_extra_is_named():
    code = "import sys; sys.modules['pyspark'] = None\nimport rebook\nimport rebook.spark"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "rebook[spark]"' in done.stderr
