"""Planning area by area, each in a task of its own."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from rebook import _rebook
from rebook._case import AnyPolicy, Case, _how
from rebook._errors import ArgumentError, InputError, InternalError, Problems, RebookError
from rebook._plan import plan as plan_here
from rebook._stop import TimeLimit, WorkLimit
from rebook.spark._areas import Located, locate, site_of
from rebook.spark._results import SparkPlan, objective_of, rows_of, schema_of, spark_schema, tables_of
from rebook.spark._tables import checked, without_lines

# More tasks than this cost more than they spread.
_MOST_PARTITIONS = 4_000


def plan(
    *,
    requests: DataFrame,
    clinicians: DataFrame,
    slots: DataFrame | None = None,
    sessions: DataFrame | None = None,
    sites: DataFrame | None = None,
    policy: AnyPolicy | None = None,
    start: date | None = None,
    as_of: datetime | None = None,
    additional: bool = False,
    keep_columns: Sequence[str] = (),
    stop: TimeLimit | WorkLimit | None = None,
    seed: int = 0,
    partitions: int | None = None,
    persist: bool = True,
) -> SparkPlan:
    """Plan a book of any size on Spark, with the results that one process would have.

    The areas are found at once; they are planned where a table of the result is first asked for. An area that cannot
    be planned is a row that says why, and the others are planned all the same. Each is planned by one thread: Spark
    runs as many side by side as it has cores.

    Parameters
    ----------
    requests, clinicians, slots, sessions, sites : DataFrame
        As for `rebook.Case`: the same columns, the same types. What Spark calls a timestamp is taken where the time
        zone of the session is Europe/London, and refused elsewhere; ``timestamp_ntz`` is local time anywhere.
    policy, start, as_of, additional, keep_columns
        As for `rebook.Case`. A policy file is read here, once.
    stop : TimeLimit or WorkLimit, optional
        Ends the search of each area early, each by its own clock.
    seed : int
        As in `rebook.plan`.
    partitions : int, optional
        Tasks that the areas are spread over; without it as many as there are areas with requests, up to 4,000.
    persist : bool
        Keeps the results in the cluster until ``results.unpersist()``, for otherwise every table that is asked for
        would be planned anew. Where nothing can be kept (serverless clusters), write ``results`` to a table first
        and go on from there: see `SparkPlan`.

    Returns
    -------
    SparkPlan
        Its tables.

    Raises
    ------
    InputError
        Where columns or the policy cannot be taken, or the table of sites cannot be read.
    ArgumentError
        Where a table is no data frame of Spark, or a column to keep has the name of one of the results.

    Examples
    --------
    >>> import rebook, rebook.spark, tempfile
    >>> from pyspark.sql import SparkSession
    >>> spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    >>> case = rebook.generate("practice", seed=7)
    >>> folder = tempfile.mkdtemp()
    >>> case.write(folder)
    >>> names = ("requests", "slots", "sessions", "clinicians", "sites")
    >>> tables = {name: spark.read.csv(f"{folder}/{name}.csv", header=True) for name in names}
    >>> plan = rebook.spark.plan(**tables, policy=case.policy)
    >>> summary = plan.summary()
    >>> summary["status"], summary["counts"]["failed"]
    ('optimal', 0)
    >>> summary["objective"] == rebook.plan(case).objective
    True
    """
    if "area" in keep_columns:
        msg = "keep_columns: found 'area'; expected another name: that column of the results says where a row belongs"
        raise ArgumentError(msg)
    how = _how(policy, start, as_of, keep_columns, additional)
    given = {"requests": requests, "slots": slots, "sessions": sessions, "clinicians": clinicians, "sites": sites}
    tables = checked(given, how)
    schema = schema_of(tables.case)
    work = _Work(tables.how, tuple(tables.frames), schema, stop, seed)
    located = locate(tables)

    def planned(key: tuple[Any, ...], rows: Any) -> Any:
        return work.done(key[0].as_py(), rows)

    count = _count(located) if partitions is None else partitions
    # The number is given, or few rows would all become one task: it is not the rows that take long, but the search.
    spread = _together(located).repartition(count, "area")
    results = spread.groupBy("area").applyInArrow(planned, spark_schema(schema))
    return SparkPlan(results.persist() if persist else results, tables.frames["requests"], tables.warnings)


def _count(located: Located) -> int:
    areas = located.with_area(located.rows["requests"]).select("area").distinct().count()
    return max(1, min(areas, _MOST_PARTITIONS))


def _together(located: Located) -> DataFrame:
    """Put all rows of all tables into one: each as a struct in the column of its table, and nothing in the others.

    One union is shuffled once, where five tables would be grouped together two by two and shuffled again and again. As
    structs, values keep their types all the way to the engine, which is the only one to say what they mean.
    """
    parts = {
        name: located.with_area(part).select("area", site_of(F.col("node")).alias("site"), F.col("row").alias(name))
        for name, part in located.rows.items()
    }
    clinicians = located.clinicians_with_area()
    parts["clinicians"] = clinicians.select(
        "area", F.lit(None).cast("string").alias("site"), F.col("row").alias("clinicians")
    )
    # Of rows with one id the engine keeps the first, and here no row comes first: the order is that of a digest.
    parts["requests"] = parts["requests"].withColumn("digest", F.xxhash64("requests"))
    return reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), parts.values())


@dataclass(frozen=True)
class _Work:
    """What a task needs to know besides the rows."""

    how: _rebook.How
    names: tuple[str, ...]
    schema: Any
    stop: TimeLimit | WorkLimit | None
    seed: int

    def done(self, area: str, rows: Any) -> Any:
        """Plan an area."""
        # The engine reads tables by as many threads as there are cores, and here each core has its own task.
        os.environ.setdefault("RAYON_NUM_THREADS", "1")
        began = time.monotonic()
        tables = {name: _table(rows, name) for name in self.names}
        requests = tables["requests"].num_rows
        report: dict[str, object] = {"sites": sorted(site for site in pc.unique(rows["site"]).to_pylist() if site)}
        report |= {"requests": requests, "placed": 0, "unplaced": 0, "excluded": 0}
        try:
            found, told = self._planned(tables)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this area's own
            found = {"failed": _failed(tables["requests"])}
            told = {"status": "failed", "error": _said(error, tables)}
        report |= told | {"elapsed_seconds": round(time.monotonic() - began, 3)}
        return rows_of(self.schema, area, found, report)

    def _planned(self, tables: dict[str, Any]) -> tuple[dict[str, Any], dict[str, object]]:
        case = Case._of(_rebook.Case.from_frames(tables, self.how), self.how)
        plan = plan_here(case, stop=self.stop, seed=self.seed, threads=1, progress=False)
        counts = plan.counts
        told = counts["placed"] + counts["unplaced"] + counts["excluded"]
        if told != tables["requests"].num_rows:
            msg = f"{tables['requests'].num_rows} requests were given and {told} are told of"
            raise InternalError(msg)
        warnings = [re.sub(r"(\w+)\.csv:\d+", r"\1", warning) for warning in plan.summary["warnings"]]
        report: dict[str, object] = {
            **counts,
            "status": plan.status,
            "objective": objective_of(plan.certificate),
            "warnings": warnings,
        }
        return tables_of(plan), report


def _table(rows: Any, name: str) -> Any:
    """Give the rows of one table, in the order of their digests where they have any."""
    own = rows.select([name, "digest"]).filter(pc.is_valid(rows[name])).sort_by("digest")[name]
    if not own.length():
        return pa.schema(list(own.type)).empty_table()
    return pa.Table.from_struct_array(own)


def _failed(requests: Any) -> Any:
    names = ("request_id", "patient_id")
    return pa.table({name: requests[name].cast(pa.string()) for name in names})


def _said(error: Exception, tables: dict[str, Any]) -> str:
    """Say what went wrong, of the data no more than ids."""
    if isinstance(error, InputError):
        return str(Problems(without_lines(problem, tables) for problem in error.problems))
    if isinstance(error, RebookError):
        return f"{type(error).__name__}: {error}"
    # What others say may quote a cell; where it happened does not.
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.name}, line {place.lineno} of {place.filename}: please report it"
