"""Plans on Spark: two workers, each a process of its own, and the results of one process."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

import rebook

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java, and there is no `java` here")

NAMES = ("requests", "slots", "sessions", "clinicians", "sites")


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    import pyspark
    from pyspark.sql import SparkSession

    # local-cluster starts real executors, which write below SPARK_HOME: a copy of it, so that nothing is left behind.
    home = tmp_path_factory.mktemp("spark")
    for name in ("bin", "jars"):
        (home / name).symlink_to(Path(pyspark.__file__).parent / name)
    os.environ |= {"SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        # Neither London's nor UTC: nothing may depend on it.
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def on_spark():
    """Not imported where these tests are skipped: there may be no pyspark either."""
    import rebook.spark

    return rebook.spark


def as_text(spark, folder):
    """The tables of a folder, every cell a text."""
    paths = {name: folder / f"{name}.csv" for name in NAMES}
    return {name: spark.read.csv(str(path), header=True, escape='"') for name, path in paths.items() if path.exists()}


def made(spark, rows):
    """A table of rows, every cell a text."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return spark.createDataFrame(
        pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns})
    )


def places(placed):
    rows = placed.toArrow().to_pylist() if hasattr(placed, "toArrow") else placed.to_polars().to_dicts()
    return {(row["request_id"], row["session_id"], row["start"]) for row in rows}


def reasons(excluded):
    rows = excluded.toArrow().to_pylist() if hasattr(excluded, "toArrow") else excluded.to_polars().to_dicts()
    return sorted((row["request_id"] or "", row["reason_code"], row["field"] or "") for row in rows)


def assert_same(plan, whole):
    """That a plan on Spark is the plan of one process."""
    summary = plan.summary()
    assert summary["status"] == whole.status == "optimal"
    assert summary["objective"] == whole.objective
    assert summary["counts"] == whole.counts | {"failed": 0}
    assert places(plan.placed) == places(whole.placed)
    assert reasons(plan.excluded) == reasons(whole.excluded)


# --- areas -----------------------------------------------------------------------------------------------------------

REQUEST = {"care_type": "blood-test", "priority": "GP4", "original_start": "2024-07-19T09:00"}
SESSION = {"start": "2024-07-22T09:00", "end": "2024-07-22T10:00", "slot_minutes": "10"}


def request(site, name, patient=None, **more):
    return {"request_id": name, "patient_id": patient or f"patient-{name}", "site_id": site, **REQUEST, **more}


def session(site, name, practitioner=None):
    return {"session_id": name, "practitioner_id": practitioner or f"of-{name}", "site_id": site, **SESSION}


def slot(session_id, name, **more):
    return {"slot_id": name, "session_id": session_id, "start": SESSION["start"], "duration_minutes": "10", **more}


# Each kind of tie has two sites of its own, A and B, and nothing else that ties them.
REQUESTS = [
    request("patient-A", "p1", "P"),
    request("patient-B", "p2", "P"),
    request("spaces-A", "w1", "W"),
    request("spaces-B", "w2", "\u00a0W "),
    request("apostrophe-A", "x1", "=X"),
    request("apostrophe-B", "x2", " '=X"),
    request("twice-A", "same"),
    request("twice-B", "same", "another"),
    request("after-A", "first"),
    request("after-B", "second", after_request_id="first"),
    request("circle-A", "c1", after_request_id="c2"),
    request("circle-B", "c2", after_request_id="c1"),
    request("visit-A", "v1", together_id="V"),
    request("visit-B", "v2", together_id="V"),
    request("booked-A", "b1", "B"),
    request("no-site-A", "n1", "N"),
    request(None, "n2", "N", together_id="N"),
    request("no-site-B", "n3", together_id="N"),
    request("hub-A", "h1"),
    request("alone-A", "a1"),
    request("alone-B", "a2"),
    request(None, "nowhere"),
]
SESSIONS = [
    session("practitioner-A", "s1", "H"),
    session("practitioner-B", "s2", "H"),
    session("session-A", "there-twice", "T1"),
    session("session-B", "there-twice", "T2"),
    session("booked-B", "s3"),
    session("slot-A", "s4"),
    session("slot-B", "s5"),
    session("free-A", "s6"),
    session("free-B", "s7"),
    session("error-A", "s8"),
    session("error-B", "s9"),
    session("claim-A", "s10", "C1"),
    session("claim-B", "s11", "C2"),
    session("lost-A", "s12", "L"),
]
SLOTS = [
    slot("s3", "k1", status="busy", patient_id="B"),
    slot("s4", "both"),
    slot("s5", "both"),
    # Patients who ask for nothing, a slot without a status that counts, slots that are none, and what is wrongly said
    # of a session that is known: none of them ties anything.
    slot("s6", "k2", status="busy", patient_id="stranger"),
    slot("s7", "k3", status="busy", patient_id="stranger"),
    slot("s6", "k4", status="free", patient_id="B"),
    slot("s8", "never", status="entered-in-error"),
    slot("s9", "never", status="entered-in-error"),
    slot("s10", "k5", practitioner_id="C2"),
    # Its session is not known, but whose it is.
    slot("unknown", "k6", practitioner_id="L", site_id="lost-B"),
]
SITES = [
    {"site_id": "practice-A", "practice": "PR"},
    {"site_id": "practice-B", "practice": "PR"},
    {"site_id": "hub-A", "pcn": "N1"},
    {"site_id": "hub-B", "hub": "yes", "pcn": "N2", "serves": "hub-A; hub-C"},
    {"site_id": "pcn-A", "pcn": "N3"},
    {"site_id": "pcn-B", "pcn": "N3", "hub": "true"},
    {"site_id": "no-hub-A", "pcn": "N4"},
    {"site_id": "no-hub-B", "pcn": "N4", "serves": "no-hub-A", "hub": "no"},
]


@pytest.fixture(scope="module")
def found(spark, on_spark):
    practitioners = [{"practitioner_id": "H", "role": "hca"}]
    frame = on_spark.areas(
        requests=made(spark, REQUESTS),
        slots=made(spark, SLOTS),
        sessions=made(spark, SESSIONS),
        clinicians=made(spark, practitioners),
        sites=made(spark, SITES),
    )
    return {row["site_id"]: row["area"] for row in frame.collect()}


@pytest.mark.parametrize(
    "kind",
    [
        "patient",
        "spaces",
        "apostrophe",
        "twice",
        "after",
        "circle",
        "visit",
        "booked",
        "no-site",
        "practitioner",
        "session",
        "slot",
        "lost",
        "practice",
        "hub",
        "pcn",
    ],
)
def test_what_ties_two_sites_makes_them_one_area(found, kind):
    assert found[f"{kind}-A"] == found[f"{kind}-B"] == f"{kind}-A"


@pytest.mark.parametrize("kind", ["alone", "free", "error", "claim", "no-hub"])
def test_what_ties_nothing_leaves_two_areas(found, kind):
    assert found[f"{kind}-A"] == f"{kind}-A"
    assert found[f"{kind}-B"] == f"{kind}-B"


def test_every_site_that_is_named_has_an_area_and_no_other(found):
    named = {row.get("site_id") for row in [*REQUESTS, *SESSIONS, *SLOTS, *SITES]} - {None}
    assert set(found) == named


def test_slots_alone_name_sites_and_whose_they_are(spark, on_spark):
    own = [
        slot("s1", "k1", practitioner_id="H", site_id="practitioner-A"),
        slot("s2", "k2", practitioner_id="H", site_id="practitioner-B"),
        slot("s3", "k3", practitioner_id="I", site_id="session-A"),
        slot("s3", "k4", practitioner_id="J", site_id="session-B"),
        slot("s4", "k5", practitioner_id="K", site_id="alone"),
    ]
    frame = on_spark.areas(
        requests=made(spark, [request("alone", "r")]),
        slots=made(spark, own),
        clinicians=made(spark, [{"practitioner_id": "H", "role": "hca"}]),
    )
    assert {row["site_id"]: row["area"] for row in frame.collect()} == {
        "practitioner-A": "practitioner-A",
        "practitioner-B": "practitioner-A",
        "session-A": "session-A",
        "session-B": "session-A",
        "alone": "alone",
    }


def test_a_table_of_sites_that_cannot_be_read_is_told_by_id(spark, on_spark):
    with pytest.raises(rebook.InputError) as raised:
        on_spark.areas(
            requests=made(spark, [request("A", "r")]),
            sessions=made(spark, [session("A", "s")]),
            clinicians=made(spark, [{"practitioner_id": "of-s", "role": "hca"}]),
            sites=made(spark, [{"site_id": "A", "hub": "perhaps"}]),
        )
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.field, problem.value) == ("sites A", None, "hub", "perhaps")


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


# --- types -----------------------------------------------------------------------------------------------------------


def signed(table):
    """Spark has no numbers without a sign."""
    fields = [
        field.with_type(pa.int64()) if pa.types.is_unsigned_integer(field.type) else field for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def typed(spark, case):
    """The tables of a case with the types that they have, times without a zone."""
    own = spark.newSession()
    own.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")

    return {name: own.createDataFrame(signed(pa.table(getattr(case, name)))) for name in NAMES}


@pytest.fixture(scope="module")
def small():
    return rebook.generate("practice", practices=2, seed=5, requests=50)


def test_types_mean_what_they_mean_in_one_process(spark, on_spark, small):
    from pyspark.sql import functions as F  # noqa: N812

    tables = typed(spark, small)
    kinds = {name: {type(field.dataType).__name__ for field in table.schema} for name, table in tables.items()}
    assert "TimestampNTZType" in kinds["slots"]
    assert {"ArrayType", "DateType", "BooleanType", "LongType", "TimestampNTZType"} <= kinds["requests"]
    tables["slots"] = tables["slots"].withColumn("duration_minutes", F.col("duration_minutes").cast("double"))
    tables["clinicians"] = tables["clinicians"].withColumn(
        "max_contacts_day", F.col("max_contacts_day").cast("decimal(6,1)")
    )
    tables["requests"] = (
        tables["requests"].withColumn("imd_decile", F.lit(None)).withColumn("note", F.col("sms_permitted"))
    )
    plan = on_spark.plan(**tables, policy=small.policy, keep_columns=["note"])
    whole = rebook.plan(small)
    assert_same(plan, whole)
    assert {row["note"] for row in plan.placed.select("note").collect()} == {"true", "false"}


def test_moments_are_local_time_in_london_and_nowhere_else(spark, on_spark, small):
    from pyspark.sql import functions as F  # noqa: N812

    tables = typed(spark, small)
    london = tables["slots"].sparkSession
    london.conf.set("spark.sql.session.timeZone", "Europe/London")
    moments = {
        name: tables[name].withColumns({column: F.col(column).cast("timestamp_ltz") for column in columns})
        for name, columns in (("requests", ["original_start"]), ("slots", ["start"]), ("sessions", ["start", "end"]))
    }
    # Nine in the morning in London is eight in the universal time of summer.
    whole = rebook.plan(small)
    assert_same(on_spark.plan(**tables | moments, policy=small.policy), whole)

    london.conf.set("spark.sql.session.timeZone", "UTC")
    with pytest.raises(rebook.InputError) as raised:
        on_spark.plan(**tables | moments, policy=small.policy)
    problems = raised.value.problems
    assert {(one.file, one.field) for one in problems} == {
        ("requests.csv", "original_start"),
        ("slots.csv", "start"),
        ("sessions.csv", "start"),
        ("sessions.csv", "end"),
    }
    assert 'F.col("start").cast("timestamp_ntz")' in str(problems[-1])
    assert "shows it in UTC" in str(problems[-1])


def test_columns_and_policy_are_checked_before_anything_runs(spark, on_spark, small):
    from pyspark.sql import functions as F  # noqa: N812

    tables = typed(spark, small)
    tables["requests"] = tables["requests"].withColumn("patient_id", F.lit(7)).drop("care_type")
    with pytest.raises(rebook.InputError) as raised:
        on_spark.plan(**tables, policy=small.policy)
    told = {(one.code, one.field) for one in raised.value.problems}
    assert told == {("E109", "care_type")}
    tables["requests"] = tables["requests"].withColumn("care_type", F.lit("blood-test"))
    with pytest.raises(rebook.InputError, match="leading zeros"):
        on_spark.plan(**tables, policy=small.policy)
    with pytest.raises(rebook.InputError, match="horizon_days"):
        on_spark.plan(**tables, policy={"horizon_days": "x"})
    with pytest.raises(rebook.ArgumentError, match="keep_columns: found 'area'"):
        on_spark.plan(**tables, keep_columns=["area"])
    with pytest.raises(rebook.ArgumentError, match="slots: found Table; expected a data frame of Spark"):
        on_spark.plan(**tables | {"slots": small.slots})
    unknown = on_spark.plan(**typed(spark, small) | {"sites": made(spark, [{"site_id": "P0001", "Practice ": "x"}])})
    assert [(one.code, one.line) for one in unknown.warnings if one.file == "sites.csv"] == [("W102", None)]
    assert "W401" in {one.code for one in unknown.warnings}


# --- sweeps ----------------------------------------------------------------------------------------------------------


def test_a_sweep_has_the_objectives_of_one_process(spark, on_spark, tmp_path):
    rebook.generate("practice", seed=7, dirty=True, requests=80).write(tmp_path)
    case = rebook.Case.read(tmp_path)
    policy = case.policy
    policy.horizon_days = 14
    (tmp_path / "open.toml").write_text('start = "2024-07-22"\nwait_per_day = 5\n')
    scenarios = {
        "as it is": {},
        "two weeks": {"policy": policy, "additional": True},
        "from a file": {"policy": tmp_path / "open.toml"},
        "later": {"start": date(2024, 7, 24)},
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


def test_without_pyspark_the_extra_is_named():
    code = "import sys; sys.modules['pyspark'] = None\nimport rebook\nimport rebook.spark"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "rebook[spark]"' in done.stderr
