"""Whatever types a library chose for a column, the case is the same; or the column is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_tables import minimal

import rebook

# Values of a column by what it holds, as the text of a cell; `None` is an empty cell.
IDS = st.none() | st.sampled_from(["007", "x", "1e3", "=1", "Ünï"])
WORDS = st.none() | st.sampled_from(["GP3", "GP4"])
WHOLE = st.none() | st.integers(1, 100)
DATES = st.none() | st.dates(dt.date(2024, 7, 1), dt.date(2024, 12, 31))
FLAGS = st.none() | st.booleans()
LISTS = st.none() | st.lists(st.sampled_from(["bsl", "step-free"]), max_size=2, unique=True)

# Types that can hold the values, by library.
POLARS = {
    "text": [pl.String, pl.Categorical],
    "whole": [pl.Int8, pl.Int64, pl.UInt8, pl.UInt32, pl.Float32, pl.Float64, pl.String, pl.Decimal(10, 2)],
    "date": [pl.Date, pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("ns"), pl.String],
    "flag": [pl.Boolean, pl.String, pl.Int8],
    "list": [pl.List(pl.String), pl.String],
}
PANDAS = {
    "text": ["str", "object", "category", "string"],
    "whole": ["Int64", "float64", "object", "UInt8", "str"],
    "date": ["datetime64[ns]", "datetime64[us]", "object", "str"],
    "flag": ["boolean", "object", "str"],
    "list": ["object", "str"],
}
ARROW = {
    "text": [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    "whole": [pa.int16(), pa.uint64(), pa.float64(), pa.decimal128(6, 1), pa.string()],
    "date": [pa.date32(), pa.date64(), pa.timestamp("s"), pa.string()],
    "flag": [pa.bool_(), pa.int32(), pa.string()],
    "list": [pa.list_(pa.string()), pa.large_list(pa.string()), pa.string()],
}
COLUMNS = {
    "preferred_practitioner_id": ("text", IDS),
    "priority": ("text", WORDS),
    "duration_minutes": ("whole", WHOLE),
    "due_date": ("date", DATES),
    "sms_permitted": ("flag", FLAGS),
    "needs": ("list", LISTS),
}


def text(value: object) -> str | None:
    """Write a value as a cell of a file has it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(value)
    return str(value)


def series(kind: str, values: list, made: object) -> object:
    """Hold the values as a column of this type."""
    if isinstance(made, pl.DataType) or (isinstance(made, type) and issubclass(made, pl.DataType)):
        if made in (pl.String, pl.Categorical):
            return pl.Series([text(value) for value in values], dtype=pl.String).cast(made)
        if kind == "date":
            return pl.Series(values, dtype=pl.Date).cast(made)
        if kind == "flag":
            return pl.Series(values, dtype=pl.Boolean).cast(made)
        if kind == "whole":
            return pl.Series(values, dtype=pl.Int64).cast(made)
        return pl.Series(values, dtype=made)
    if isinstance(made, pa.DataType):
        if pa.types.is_string(made) or pa.types.is_dictionary(made) or "string" in str(made)[:12]:
            cells = pa.array([text(value) for value in values], pa.string())
            return cells.dictionary_encode() if pa.types.is_dictionary(made) else cells.cast(made)
        if kind == "flag" and made != pa.bool_():
            return pa.array(values, pa.bool_()).cast(made)
        if kind == "whole" and pa.types.is_decimal(made):
            return pa.array([None if value is None else Decimal(value) for value in values], made)
        if kind == "date":
            return pa.array(values, pa.date32()).cast(made)
        return pa.array(values, made)
    if made in ("str", "string", "category") or kind == "text":
        return pd.Series([text(value) for value in values], dtype=made)
    if kind == "date" and made != "object":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object")), dtype=made)
    return pd.Series(values, dtype=made)


def case(requests: object) -> rebook.Case:
    return rebook.Case(**minimal() | {"requests": requests})


def required(rows: int) -> dict[str, list[str]]:
    return {
        "request_id": [f"R{at}" for at in range(rows)],
        "patient_id": [f"P{at}" for at in range(rows)],
        "site_id": ["A"] * rows,
        "care_type": ["blood-test"] * rows,
        "original_start": ["2024-07-19T09:00"] * rows,
    }


rows = pl.DataFrame(required(1))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_case_does_not_depend_on_the_types(data):
    rows = data.draw(st.integers(1, 5))
    values = {
        name: data.draw(st.lists(strategy, min_size=rows, max_size=rows)) for name, (_, strategy) in COLUMNS.items()
    }
    texts = {name: [text(value) for value in column] for name, column in values.items()}
    wanted = case(pl.DataFrame(required(rows) | texts, schema_overrides=dict.fromkeys(texts, pl.String)))
    library = data.draw(st.sampled_from(["polars", "pandas", "pyarrow"]))
    types = {"polars": POLARS, "pandas": PANDAS, "pyarrow": ARROW}[library]
    columns = {
        name: series(kind, values[name], data.draw(st.sampled_from(types[kind]))) for name, (kind, _) in COLUMNS.items()
    }
    make = {"polars": pl.DataFrame, "pandas": pd.DataFrame, "pyarrow": pa.table}[library]
    found = case(make(required(rows) | columns))
    assert found.requests.to_pydict() == wanted.requests.to_pydict()
    assert [(one.code, one.line, one.field) for one in found.check()] == [
        (one.code, one.line, one.field) for one in wanted.check()
    ]


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(required(1)).with_columns(priority=pl.lit(None)),
        pa.table(required(1) | {"priority": pa.nulls(1)}),
        pd.DataFrame(required(1) | {"priority": [None]}),
        pd.DataFrame(required(1) | {"priority": [float("nan")]}),
        duckdb.sql("select *, null as priority from rows"),
    ],
    ids=["polars", "pyarrow", "pandas", "pandas-float", "duckdb"],
)
def test_a_column_in_which_nothing_was_found_is_empty(frame):
    assert case(frame).requests.to_pydict()["priority"] == [None]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            pl.Series([dt.timedelta(minutes=5)]),
            pl.Series([dt.time(9)]),
            pl.Series([b"x"]),
            pl.Series([{"a": 1}]),
            pl.Series([[1, 2]]),
            pl.Series([1.5]),
        ]
    ),
    st.sampled_from(["patient_id", "original_start", "care_type"]),
)
def test_what_a_column_cannot_be_is_refused_and_nothing_breaks(column, name):
    frame = pl.DataFrame(required(1)).with_columns(column.alias(name))
    try:
        case(frame)
    except rebook.InputError as error:
        assert [problem.code for problem in error.problems] == ["E117"]
        assert error.problems[0].field == name
        assert error.problems[0].help
    else:
        raise AssertionError(column.dtype)
