"""Cases: from folders, from frames of every library, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pytest
from small_tables import minimal

import rebook
from conftest import command

TABLES = ("requests", "slots", "sessions", "clinicians", "sites")


def frames_of(folder: Path) -> dict[str, pl.DataFrame]:
    """Read every table as text, as a library does that knows nothing of it."""
    return {name: pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in TABLES}


def test_frames_of_every_library_are_the_folder_they_were_read_from(practice_folder, practice_plan):
    """The same plan to the byte, digests of the input among it, whatever library holds the tables."""
    texts = frames_of(practice_folder)
    policy = practice_folder / "policy.toml"
    libraries = {
        "polars": texts,
        "pandas": {name: pd.read_csv(practice_folder / f"{name}.csv", dtype="str") for name in TABLES},
        "pyarrow": {name: frame.to_arrow() for name, frame in texts.items()},
        "duckdb": {name: duckdb.read_csv(str(practice_folder / f"{name}.csv"), all_varchar=True) for name in TABLES},
    }
    wanted = practice_plan.summary | {"elapsed_seconds": 0}
    for library, frames in libraries.items():
        plan = rebook.plan(rebook.Case(**frames, policy=policy))
        assert plan.summary | {"elapsed_seconds": 0} == wanted, library
        assert plan.placed.to_pydict() == practice_plan.placed.to_pydict(), library


def test_tables_come_out_as_they_went_in(practice):
    frames = {name: getattr(practice, name).to_polars() for name in TABLES}
    again = rebook.Case(**frames, policy=practice.policy)
    for name in TABLES:
        assert getattr(again, name).to_pydict() == getattr(practice, name).to_pydict(), name


def test_a_table_goes_into_every_library(practice, monkeypatch):
    table: rebook.Frame = practice.requests
    assert table.to_polars().height == len(table) == table.to_pandas().shape[0] == pa.table(table).num_rows
    assert table.to_polars().columns == table.columns == list(table.to_pandas().columns)
    assert pa.schema(table).names == table.columns
    rows = table
    assert duckdb.sql("select count(*) from rows").fetchall() == [(len(rows),)]
    columns = table.to_pydict()
    assert columns == table.to_polars().to_dict(as_series=False)
    assert isinstance(columns["original_start"][0], dt.datetime)
    with monkeypatch.context() as patch:
        patch.delattr(pd.DataFrame, "from_arrow")
        assert table.to_pandas()["request_id"].to_list() == columns["request_id"]
    assert "<table>" in table._repr_html_()
    assert repr(table).startswith(f"<rebook.Table: {len(table)} rows")


def test_an_index_of_pandas_is_no_column(practice):
    """A filtered frame keeps its index, which Arrow hands over as a column."""
    frames = {name: getattr(practice, name).to_pandas() for name in TABLES}
    frames["requests"] = frames["requests"][frames["requests"]["priority"] != "GP6"]
    case = rebook.Case(**frames, policy=practice.policy)
    assert not [problem for problem in case.check() if problem.code == "W101"]


def test_a_row_that_cannot_be_read_is_told_by_its_place():
    frames = minimal()
    frames["requests"] = frames["requests"].with_columns(original_start=pl.Series(["2024-07-19T09:00", "19/07/2024"]))
    case = rebook.Case(**frames)
    problem = next(one for one in case.check() if one.severity == "row")
    assert (problem.code, problem.row, problem.line) == ("E208", 1, 3)
    assert (problem.file, problem.field, problem.value) == ("requests.csv", "original_start", "19/07/2024")
    assert isinstance(problem, rebook.Problem)
    assert isinstance(case.check(), rebook.Problems)
    assert problem.title in str(problem)
    assert problem.expected in str(case.check())
    assert problem.help in case.check()._repr_html_()
    plan = rebook.plan(case)
    assert plan.counts == {"requests": 2, "placed": 1, "unplaced": 0, "excluded": 1}


def test_a_case_that_cannot_be_used_tells_every_problem():
    frames = minimal()
    frames["sessions"] = frames["sessions"].with_columns(
        practitioner_id=pl.lit("H2"), end=pl.lit("2024-07-22T12:00+01:00")
    )
    with pytest.raises(rebook.InputError, match=r"clinicians\.csv") as caught:
        rebook.Case(**frames)
    assert {problem.field for problem in caught.value.problems} == {"practitioner_id", "end"}
    assert isinstance(caught.value, rebook.RebookError)
    assert isinstance(caught.value, ValueError)
    # Workers of other processes send them.
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)


def test_only_few_problems_are_in_the_message_and_all_in_the_exception():
    frames = minimal()
    many = [f"H{at}" for at in range(2, 20)]
    frames["clinicians"] = pl.DataFrame({"practitioner_id": many, "role": [""] * len(many)})
    with pytest.raises(rebook.InputError, match=r"more: see `\.problems`") as caught:
        rebook.Case(**frames)
    assert len(caught.value.problems) == len(many) + 1


def test_what_is_no_frame_is_refused():
    with pytest.raises(TypeError, match="requests: found list; expected a data frame"):
        rebook.Case(requests=[], clinicians=minimal()["clinicians"])
    without = minimal()
    del without["sessions"]
    with pytest.raises(rebook.InputError, match=r"sessions\.csv"):
        rebook.Case(**without)


def test_times_with_a_zone_are_refused_with_the_remedy_that_works():
    frames = minimal()
    zoned = frames["requests"].with_columns(
        original_start=pl.Series([dt.datetime(2024, 7, 19, 8, 0)] * 2).dt.replace_time_zone("UTC")
    )
    with pytest.raises(rebook.InputError, match="Europe/London") as caught:
        rebook.Case(**frames | {"requests": zoned})
    assert caught.value.problems[0].code == "E117"
    mended = zoned.with_columns(
        pl.col("original_start").dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
    )
    case = rebook.Case(**frames | {"requests": mended})
    assert case.requests.to_pydict()["original_start"][0] == dt.datetime(2024, 7, 19, 9, 0)
    other = zoned.to_pandas()
    with pytest.raises(rebook.InputError, match="tz_localize"):
        rebook.Case(**frames | {"requests": other})
    other["original_start"] = other["original_start"].dt.tz_convert("Europe/London").dt.tz_localize(None)
    case = rebook.Case(**frames | {"requests": other})
    assert case.requests.to_pydict()["original_start"][0] == dt.datetime(2024, 7, 19, 9, 0)


def test_ids_that_were_numbers_are_refused():
    frames = minimal()
    frames["requests"] = frames["requests"].with_columns(patient_id=pl.Series([1, 2]))
    with pytest.raises(rebook.InputError, match="leading zeros"):
        rebook.Case(**frames)


def test_replace_reads_the_same_tables_in_another_way(practice):
    policy = practice.policy
    policy.horizon_days = 7
    short = practice.replace(policy=policy)
    assert short.policy.horizon_days == 7
    assert practice.policy.horizon_days == 28
    later = short.replace(start=dt.date(2024, 7, 24), as_of=dt.datetime(2024, 7, 24, 8))
    assert (later.policy.start, later.policy.horizon_days) == (dt.date(2024, 7, 24), 7)
    assert later.policy.as_of == dt.datetime(2024, 7, 24, 8)
    assert later.requests.to_pydict() == practice.requests.to_pydict()
    assert practice.replace(additional=True) is not practice
    assert len(practice) == len(short) > 200


def test_columns_that_are_kept_come_out_again():
    frames = minimal()
    frames["requests"] = frames["requests"].with_columns(phone_list=pl.Series(["a", None]))
    plan = rebook.plan(rebook.Case(**frames, keep_columns=["phone_list"]))
    kept = dict(zip(plan.placed.to_pydict()["request_id"], plan.placed.to_pydict()["phone_list"], strict=True))
    assert kept == {"R1": "a", "R2": None}
    case = rebook.Case(**frames)
    assert [problem.code for problem in case.check() if problem.field == "phone_list"] == ["W101"]
    with pytest.raises(rebook.ArgumentError, match="request_id"):
        rebook.Case(**frames, keep_columns=["request_id"])


def test_further_sessions_are_capacity():
    case = rebook.Case(**minimal())
    frames = minimal()["sessions"].with_columns(session_id=pl.lit("S2"), start=pl.lit("2024-07-23T09:00"))
    frames = frames.with_columns(end=pl.lit("2024-07-23T10:00"))
    more = case.with_sessions(frames)
    assert more.sessions.to_pydict()["session_id"] == ["S1", "S2"]
    assert len(more.slots) == len(case.slots) + 6
    assert more.requests.to_pydict() == case.requests.to_pydict()
    assert more.policy == case.policy
    # Somebody who is not there yet has to be made known.
    locum = frames.with_columns(practitioner_id=pl.lit("L1"), session_id=pl.lit("S3"))
    with pytest.raises(rebook.InputError, match="L1"):
        case.with_sessions(locum)
    people = pl.DataFrame({"practitioner_id": ["L1"], "role": ["hca"], "max_contacts_day": [3]})
    with_locum = case.with_sessions(locum, people)
    assert with_locum.clinicians.to_pydict()["max_contacts_day"] == [None, 3]
    assert len(with_locum.slots) == len(case.slots) + 6
    # Twice the same session is a double booking.
    with pytest.raises(rebook.InputError, match="S2"):
        more.with_sessions(frames)
    # What could not be read stays so.
    dirty = rebook.generate("practice", seed=7, dirty=True)
    clinician = dirty.clinicians.to_pydict()["practitioner_id"][0]
    site = dirty.sessions.to_pydict()["site_id"][0]
    added = dirty.with_sessions(frames.with_columns(practitioner_id=pl.lit(clinician), site_id=pl.lit(site)))
    rows = [[problem for problem in case.check() if problem.severity == "row"] for case in (dirty, added)]
    assert [problem.value for problem in rows[0]] == [problem.value for problem in rows[1]]


def test_a_case_is_written_and_read_back(practice, tmp_path):
    practice.write(tmp_path / "case")
    again = rebook.Case.read(tmp_path / "case")
    for name in TABLES:
        assert getattr(again, name).to_pydict() == getattr(practice, name).to_pydict(), name
    with pytest.raises(rebook.InputError, match="nothing there"):
        rebook.Case.read(tmp_path / "cases")
    (tmp_path / "file").write_text("x")
    with pytest.raises(rebook.FileError):
        practice.write(tmp_path / "file")


def test_what_is_generated_is_what_the_command_line_generates(tmp_path):
    case = rebook.generate("pcn", practices=2, seed=3, requests=30, patients=4000, start=dt.date(2024, 8, 5))
    arguments = "generate --profile pcn --practices 2 --seed 3 --requests 30 --patients 4000 --start 2024-08-05"
    command(*arguments.split(), "--out", tmp_path / "case")
    read = rebook.Case.read(tmp_path / "case")
    assert rebook.plan(case).summary["input_sha256"] == rebook.plan(read).summary["input_sha256"]
    with pytest.raises(rebook.ArgumentError, match="practice, pcn"):
        rebook.generate("village")
    with pytest.raises(rebook.ArgumentError, match="practices: found 0"):
        rebook.generate(practices=0)


def test_a_case_shows_itself(practice, dirty):
    assert repr(practice) == (
        f"<rebook.Case: {len(practice)} requests, {len(practice.slots)} slots; "
        "policy 'general practice' from 2024-07-22>"
    )
    assert "requests.csv" in practice._repr_html_()
    assert "see .check()" in dirty._repr_html_()
    assert "see .check()" not in practice._repr_html_()


def test_errors_are_of_the_kinds_that_python_knows():
    kinds = {rebook.InputError, rebook.ArgumentError, rebook.FileError, rebook.InternalError}
    assert all(issubclass(kind, rebook.RebookError) for kind in kinds)
    assert issubclass(rebook.FileError, OSError)
    assert issubclass(rebook.InternalError, RuntimeError)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"start": "2024-07-22"}, "start: found '2024-07-22'; expected a datetime.date"),
        ({"start": dt.datetime(2024, 7, 22)}, "start: found datetime"),
        ({"as_of": dt.date(2024, 7, 22)}, "as_of: found datetime.date"),
        ({"as_of": dt.datetime(2024, 7, 22, tzinfo=dt.UTC)}, "without a zone: local time"),
        ({"keep_columns": "note"}, "keep_columns: found the text 'note'; expected a list of names"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(practice, arguments, said):
    with pytest.raises(rebook.ArgumentError, match=said):
        practice.replace(**arguments)
    for name in ("practices", "seed", "requests", "patients"):
        with pytest.raises(rebook.ArgumentError, match=f"{name}: found -1"):
            rebook.generate(**{name: -1})
