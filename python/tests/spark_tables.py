"""Tables for Spark, made by hand or read as text, and what of a plan is compared."""

import pyarrow as pa

NAMES = ("requests", "slots", "sessions", "clinicians", "sites")


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


REQUEST = {"care_type": "blood-test", "priority": "GP4", "original_start": "2024-07-19T09:00"}
SESSION = {"start": "2024-07-22T09:00", "end": "2024-07-22T10:00", "slot_minutes": "10"}


def request(site, name, patient=None, **more):
    return {"request_id": name, "patient_id": patient or f"patient-{name}", "site_id": site, **REQUEST, **more}


def session(site, name, practitioner=None):
    return {"session_id": name, "practitioner_id": practitioner or f"of-{name}", "site_id": site, **SESSION}


def slot(session_id, name, **more):
    return {"slot_id": name, "session_id": session_id, "start": SESSION["start"], "duration_minutes": "10", **more}
