"""What a plan of many areas says: four tables, and whether they add up."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DateType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
)

from rebook._case import Case
from rebook._errors import InternalError, Problems
from rebook._plan import Entry, Plan
from rebook._plan import plan as plan_here

# An entry of the objective with its proof; the order of the entries counts.
OBJECTIVE = pa.list_(
    pa.struct([("name", pa.string()), ("tier", pa.string()), ("value", pa.int64()), ("bound", pa.int64())])
)

_REPORT = pa.schema(
    [
        ("sites", pa.list_(pa.string())),
        ("requests", pa.int64()),
        ("placed", pa.int64()),
        ("unplaced", pa.int64()),
        ("excluded", pa.int64()),
        ("status", pa.string()),
        ("error", pa.string()),
        ("elapsed_seconds", pa.float64()),
        ("objective", OBJECTIVE),
        ("warnings", pa.list_(pa.string())),
    ]
)

_FAILED = pa.schema([("request_id", pa.string()), ("patient_id", pa.string())])


class SparkPlan:
    """The plans of all areas, as tables of Spark; `rebook.spark.plan` makes it.

    Everything comes out of one data frame, ``results``, which is worked out where it is first asked for and kept in the
    cluster. Written to a table and read again, it makes the same: ``SparkPlan(spark.table("results"))``.

    Parameters
    ----------
    results : DataFrame
        A row for each row of each of the tables below, as a struct in the column of that name.
    requests : DataFrame, optional
        What was asked for; with it, `summary` counts that nobody was lost.
    warnings : Problems
        What is worth a look in columns and policy.

    Examples
    --------
    See `rebook.spark.plan`.
    """

    def __init__(self, results: DataFrame, requests: DataFrame | None = None, warnings: Problems | None = None) -> None:
        """Of these results."""
        self.results = results
        self.warnings = Problems() if warnings is None else warnings
        self._requests = requests

    def _of(self, kind: str) -> DataFrame:
        return self.results.where(F.col(kind).isNotNull()).select("area", f"{kind}.*")

    @property
    def placed(self) -> DataFrame:
        """Those with a place: ``area`` and the columns of ``plan.csv``.

        ``area_call_order`` is the order of the calls within the area, which is who makes them. Sorted by ``call_by``
        with nulls last, ``rank``, ``start`` and ``request_id``, the rows of all areas are in the order that one plan of
        the whole would have.
        """
        return self._of("placed")

    @property
    def unplaced(self) -> DataFrame:
        """Those without a place, why, and what would give them one: ``area`` and the columns of ``unplaced.csv``."""
        return self._of("unplaced")

    @property
    def excluded(self) -> DataFrame:
        """Those that were set aside: ``area`` and the columns of ``excluded.csv`` but ``line``, which no row has."""
        return self._of("excluded")

    @property
    def failed(self) -> DataFrame:
        """Those of areas that could not be planned: ``area``, ``request_id``, ``patient_id``."""
        return self._of("failed")

    @property
    def areas(self) -> DataFrame:
        """A row for each area: its sites, counts, status, error, seconds, objective and warnings.

        ``status`` is ``optimal``, ``feasible`` or ``failed``, and ``error`` then says why. ``requests`` = ``placed`` +
        ``unplaced`` + ``excluded`` where it did not fail, and nobody of those is in any table but ``failed``. Rows for
        which there is no site at all are in the area with an empty name.
        """
        return self._of("report")

    def summary(self) -> dict[str, Any]:
        """Add up what the areas say, and check that every request is told of.

        Returns
        -------
        dict
            ``status`` (``optimal`` where every area is, ``failed`` where any did), ``areas`` by status, ``counts``, and
            ``objective``: the sum of the areas, entry by entry, without those that failed.

        Raises
        ------
        InternalError
            Where the numbers do not add up.
        """
        areas = self.areas.select("status", "requests", "placed", "unplaced", "excluded", "objective").collect()
        statuses = [row["status"] for row in areas]
        counts = {name: sum(int(row[name]) for row in areas) for name in ("requests", "placed", "unplaced", "excluded")}
        counts["failed"] = sum(int(row["requests"]) for row in areas if row["status"] == "failed")
        told = sum(counts[name] for name in ("placed", "unplaced", "excluded", "failed"))
        asked = counts["requests"] if self._requests is None else self._requests.count()
        if not told == asked == counts["requests"]:
            msg = (
                f"{asked} requests were given, {counts['requests']} reached an area and {told} are told of. Either the "
                "tables changed between two times that they were read: keep them still, or write them down first; or "
                "this is a defect: please report it"
            )
            raise InternalError(msg)
        objective: dict[str, int] = {}
        for row in areas:
            for entry in row["objective"] or ():
                objective[entry["name"]] = objective.get(entry["name"], 0) + int(entry["value"])
        worst = ("failed", "feasible", "optimal")
        return {
            "status": next((status for status in worst if status in statuses), "optimal"),
            "areas": {status: statuses.count(status) for status in reversed(worst)},
            "counts": counts,
            "objective": objective,
        }


def schema_of(case: Case) -> Any:
    """Give the schema of results, as Arrow, for plans of such cases."""
    plan = plan_here(case, threads=1, progress=False)
    tables = {name: table.schema for name, table in tables_of(plan).items()} | {"failed": _FAILED, "report": _REPORT}
    return pa.schema([("area", pa.string()), *((name, pa.struct(list(fields))) for name, fields in tables.items())])


def tables_of(plan: Plan) -> dict[str, Any]:
    """Give the tables of a plan as Arrow, with types that Spark has: it has no numbers without a sign."""
    placed = pa.table(plan.placed)
    own_name = {"call_order": "area_call_order"}
    placed = placed.rename_columns([own_name.get(name, name) for name in placed.column_names])
    excluded = pa.table(plan.excluded)
    excluded = excluded.select([name for name in excluded.column_names if name != "line"])
    # A line of a table that was put together on the way leads nowhere.
    detail = pc.replace_substring_regex(excluded["detail"], r"\brequests\.csv:\d+", "requests")
    excluded = excluded.set_column(excluded.column_names.index("detail"), "detail", detail)
    found = {"placed": placed, "unplaced": pa.table(plan.unplaced), "excluded": excluded}
    signed = {name: [_signed(field) for field in table.schema] for name, table in found.items()}
    return {name: table.cast(pa.schema(signed[name])) for name, table in found.items()}


def objective_of(certificate: tuple[Entry, ...]) -> list[dict[str, object]]:
    """Give the objective as a cell."""
    return [{"name": one.name, "tier": one.tier, "value": one.value, "bound": one.bound} for one in certificate]


def rows_of(schema: Any, area: str, tables: dict[str, Any], report: dict[str, object]) -> Any:
    """Put the tables of an area into one, each row as a struct in the column of its table."""
    tables = tables | {"report": pa.Table.from_pylist([report], _REPORT)}
    pieces = [
        pa.table(
            {
                "area": pa.array([area] * table.num_rows, pa.string()),
                name: pa.chunked_array(table.to_struct_array(), type=schema.field(name).type),
            }
        )
        for name, table in tables.items()
    ]
    return pa.concat_tables([schema.empty_table(), *pieces], promote_options="default")


def spark_schema(arrow: Any) -> StructType:
    """Give the schema of Spark for one of Arrow, of the types that results have."""
    return StructType([StructField(field.name, _spark_type(field.type)) for field in arrow])


def _spark_type(arrow: Any) -> DataType:
    if pa.types.is_struct(arrow):
        return spark_schema(arrow)
    if pa.types.is_list(arrow):
        return ArrayType(_spark_type(arrow.value_type))
    simple: dict[Any, DataType] = {
        pa.string(): StringType(),
        pa.int64(): LongType(),
        pa.float64(): DoubleType(),
        pa.bool_(): BooleanType(),
        pa.date32(): DateType(),
        pa.timestamp("us"): TimestampNTZType(),
    }
    return simple[arrow]


def _signed(field: Any) -> Any:
    return field.with_type(pa.int64()) if pa.types.is_unsigned_integer(field.type) else field
