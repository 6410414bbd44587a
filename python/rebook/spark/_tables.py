"""The tables of a case as data frames of Spark: which columns are read, and as what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import ArrayType, TimestampType

from rebook import _rebook
from rebook._case import Case
from rebook._errors import ArgumentError, InputError, Problem, Problems

# The id of each table: what a row is told of by, where rows have no lines.
IDS = {
    "requests": "request_id",
    "slots": "slot_id",
    "sessions": "session_id",
    "clinicians": "practitioner_id",
    "sites": "site_id",
}

# White space around a cell, and the apostrophe that keeps a spreadsheet from running it: the engine reads neither.
_AROUND = r"(?U)^\s*(?:'(?='*[=+\-@\t\r]))?\s*|\s+$"

_LONDON = ("Europe/London", "GB")

_NO_ROWS = "W103"


@dataclass(frozen=True)
class Tables:
    """Tables with the columns that are read, whose names and types have been checked, as has the policy."""

    frames: dict[str, DataFrame]
    empty: dict[str, Any]
    """The same tables without a row, as Arrow."""
    how: _rebook.How
    """With the policy written out, so that no worker needs its file, and none another start."""
    warnings: Problems

    @cached_property
    def case(self) -> Case:
        """The case without a row."""
        return self.read({})

    def read(self, rows: Mapping[str, Any]) -> Case:
        """Make a case of tables as Arrow; those that are not given have no rows."""
        return Case._of(_rebook.Case.from_frames({**self.empty, **rows}, self.how), self.how)


def checked(given: Mapping[str, DataFrame | None], how: _rebook.How) -> Tables:
    """Check columns and policy before anything runs, as the engine does it for any other frames."""
    frames = {name: _local(_frame(name, frame)) for name, frame in given.items() if frame is not None}
    empty = {name: frame.limit(0).toArrow() for name, frame in frames.items()}
    try:
        case = Case._of(_rebook.Case.from_frames(empty, how), how)
    except InputError as error:
        raise InputError(Problems(map(_for_spark, error.problems))) from None
    warnings = Problems(replace(one, line=None) for one in case.check() if one.code != _NO_ROWS)
    # In their own order: a line of totals is told by its first cell.
    read = {
        name: {own: own.strip() for own in frame.columns if own.strip() in getattr(case, name).columns}
        for name, frame in frames.items()
    }
    for name, columns in read.items():
        frames[name] = _filled(frames[name].select(*(F.col(_quoted(own)).alias(new) for own, new in columns.items())))
        empty[name] = empty[name].select(list(columns)).rename_columns(list(columns.values()))
    how = how | {"policy_file": None, "policy_text": case._native.policy(), "start": None, "as_of": None}
    return Tables(frames, empty, how, warnings)


def cell(frame: DataFrame, name: str) -> Column:
    """Read a column as the engine reads text: trimmed, and null where it is empty or not there."""
    if name not in frame.columns:
        return F.lit(None).cast("string")
    text = F.regexp_replace(F.col(name).cast("string"), _AROUND, "")
    return F.when(text != "", text)


def without_lines(problem: Problem, rows: Mapping[str, Any]) -> Problem:
    """Tell of a row by its id, and of what it holds only where that is not about a patient."""
    name = problem.file.removesuffix(".csv")
    if name not in rows:
        return replace(problem, line=None)
    place = name
    if problem.row is not None and IDS[name] in rows[name].column_names:
        place = f"{name} {rows[name].column(IDS[name])[problem.row].as_py() or '(no id)'}"
    value = None if name in ("requests", "slots") else problem.value
    expected = re.sub(r"\bline \d+", "another row", problem.expected)
    return replace(problem, file=place, line=None, value=value, expected=expected)


def _frame(name: str, frame: object) -> DataFrame:
    if not isinstance(frame, DataFrame):
        msg = f"{name}: found {type(frame).__name__}; expected a data frame of Spark: spark.createDataFrame makes one"
        raise ArgumentError(msg)
    return frame


def _local(frame: DataFrame) -> DataFrame:
    # What Spark calls a timestamp is a moment, shown in the session's time zone. Its local time is certain where that
    # zone is London's; anywhere else it may be meant as shown or not, so it stays as it is, and is refused.
    if frame.sparkSession.conf.get("spark.sql.session.timeZone") not in _LONDON:
        return frame
    moments = [field.name for field in frame.schema if isinstance(field.dataType, TimestampType)]
    return frame.withColumns({name: F.col(_quoted(name)).cast("timestamp_ntz") for name in moments})


def _for_spark(problem: Problem) -> Problem:
    problem = replace(problem, line=None)
    zone = re.match(r"timestamps with a zone \((.+)\)", problem.value or "")
    if not zone:
        return problem
    advice = (
        f"A timestamp of Spark is a moment, and this session shows it in {zone[1]}. If what is shown is local time, "
        f'keep that: .withColumn("{problem.field}", F.col("{problem.field}").cast("timestamp_ntz")). If it is the '
        'moment that is right: spark.conf.set("spark.sql.session.timeZone", "Europe/London") before this call.'
    )
    return replace(problem, help=advice)


def _filled(frame: DataFrame) -> DataFrame:
    # Rows of empty cells are no rows, for the engine too: they are not counted.
    lists = {field.name for field in frame.schema if isinstance(field.dataType, ArrayType)}
    cells = (F.col(_quoted(name)) for name in frame.columns)
    texts = (one if name in lists else one.cast("string") for name, one in zip(frame.columns, cells, strict=True))
    return frame.where(F.regexp_replace(F.concat_ws("", *texts), _AROUND, "") != "")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
