"""One case under many policies, each in a task of its own."""

from __future__ import annotations

import io
import os
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from rebook import _rebook
from rebook._case import Case
from rebook._errors import InputError
from rebook._plan import Plan
from rebook._plan import plan as plan_here
from rebook._policy import Policy
from rebook._stop import TimeLimit, WorkLimit
from rebook._sweep import Scenario, changed, check
from rebook.spark._results import OBJECTIVE, objective_of, spark_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BY_TIER = pa.list_(pa.struct([("tier", pa.string()), ("late_days", pa.int64()), ("no_place", pa.int64())]))

_SCHEMA = pa.schema(
    [
        ("scenario", pa.string()),
        ("status", pa.string()),
        ("requests", pa.int64()),
        ("placed", pa.int64()),
        ("unplaced", pa.int64()),
        ("excluded", pa.int64()),
        ("by_tier", _BY_TIER),
        ("objective", OBJECTIVE),
        ("elapsed_seconds", pa.float64()),
        ("error", pa.string()),
    ]
)


def sweep(
    case: Case,
    scenarios: Mapping[str, Scenario],
    *,
    spark: SparkSession,
    stop: TimeLimit | WorkLimit | None = None,
    seed: int = 0,
) -> DataFrame:
    """Plan one case in several ways, each in a task of its own and by one thread.

    `rebook.sweep` takes the same scenarios, and its plans have the same objectives.

    Parameters
    ----------
    case : Case
        What is to be planned; it is sent to every worker.
    scenarios : mapping of str to Scenario
        By name, what is otherwise. Policy files are read here.
    spark : SparkSession
        Where.
    stop : TimeLimit or WorkLimit, optional
        Ends each search early.
    seed : int
        As in `rebook.plan`.

    Returns
    -------
    DataFrame
        For each scenario ``status`` (``failed`` with its ``error`` where it could not be planned), counts, ``by_tier``
        with the days late of those with a place and the number of those without, ``objective``, ``elapsed_seconds``.

    Raises
    ------
    ArgumentError
        Where a scenario has a key that is none.

    Examples
    --------
    >>> import rebook, rebook.spark
    >>> from pyspark.sql import SparkSession
    >>> spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    >>> case = rebook.generate("practice", seed=7)
    >>> policy = case.policy
    >>> policy.horizon_days = 14
    >>> rows = rebook.spark.sweep(case, {"four weeks": {}, "two weeks": {"policy": policy}}, spark=spark).collect()
    >>> sorted((row["scenario"], row["status"]) for row in rows)
    [('four weeks', 'optimal'), ('two weeks', 'optimal')]
    """
    check(scenarios)
    work = _Work(_packed(case), case._how, {name: _sent(case, one) for name, one in scenarios.items()}, stop, seed)

    def planned(batches: Iterator[Any]) -> Iterator[Any]:
        names = [name for batch in batches for name in batch.column(0).to_pylist()]
        yield from work.done(names)

    names = spark.createDataFrame([(name,) for name in scenarios], "scenario string")
    spread = names.repartition(max(1, len(scenarios)))
    return spread.mapInArrow(planned, spark_schema(_SCHEMA))


@dataclass(frozen=True)
class _Work:
    """What a task needs to know besides the name of its scenario."""

    files: bytes
    how: _rebook.How
    scenarios: dict[str, Scenario]
    stop: TimeLimit | WorkLimit | None
    seed: int

    def done(self, names: list[str]) -> Iterator[Any]:
        """Plan scenarios."""
        if not names:
            return
        os.environ.setdefault("RAYON_NUM_THREADS", "1")
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(io.BytesIO(self.files)).extractall(folder)
            # The policy was written with the tables.
            how: _rebook.How = {**self.how, "policy_file": None, "policy_text": None}
            case = Case._of(_rebook.Case.read(folder, how), how)
            for name in names:
                row = {"scenario": name, **self._row(case, self.scenarios[name])}
                yield pa.RecordBatch.from_pylist([row], _SCHEMA)

    def _row(self, case: Case, scenario: Scenario) -> dict[str, object]:
        began = time.monotonic()
        try:
            plan = plan_here(changed(case, scenario), stop=self.stop, seed=self.seed, threads=1, progress=False)
            row: dict[str, object] = {**plan.counts, "status": plan.status, "by_tier": _by_tier(plan)}
            row["objective"] = objective_of(plan.certificate)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this scenario's own
            said = str(error.problems) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            row = {"status": "failed", "error": said}
        return row | {"elapsed_seconds": round(time.monotonic() - began, 3)}


def _by_tier(plan: Plan) -> list[dict[str, object]]:
    placed = plan.placed.to_pydict()
    late: dict[str, int] = {}
    for tier, days in zip(placed["tier"], placed["days_late"], strict=True):
        late[tier] = late.get(tier, 0) + days
    tiers = plan.summary["counts"]["by_tier"]
    return [
        {"tier": tier, "late_days": late.get(tier, 0), "no_place": counts["unplaced"]} for tier, counts in tiers.items()
    ]


def _packed(case: Case) -> bytes:
    """Give the files of a case as bytes: as they are written, even what cannot be read comes back as it was."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        case.write(folder)
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    return packed.getvalue()


def _sent(case: Case, scenario: Scenario) -> Scenario:
    """Give a scenario that means the same on a worker, which has nothing but the files of the case."""
    # Whatever library holds them, tables of Arrow can be sent.
    if "sessions" in scenario:
        scenario = {**scenario, "sessions": pa.table(scenario["sessions"])}
    if "clinicians" in scenario:
        scenario = {**scenario, "clinicians": pa.table(scenario["clinicians"])}
    policy = scenario.get("policy")
    if policy is None and "start" in scenario and "as_of" not in scenario:
        # The policy is sent written out, and only here is it known whether its moment goes with its start.
        moment = changed(case, scenario).policy.as_of
        return scenario if moment is None else {**scenario, "as_of": moment}
    if policy is None or isinstance(policy, Policy | Mapping):
        return scenario
    return {**scenario, "policy": tomllib.loads(Path(policy).read_text(encoding="utf-8-sig"))}
