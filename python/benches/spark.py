"""What planning on Spark costs beside planning in one process, on the same tables and with the same result.

    python benches/spark.py --practices 500 --requests 40 --patients 3000

Two workers with a core each, as processes of their own on this machine; the tables are Parquet files.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pyspark
from pyspark.sql import SparkSession

import rebook
import rebook.spark
from rebook import _rebook

T = TypeVar("T")

NAMES = ("requests", "slots", "sessions", "clinicians", "sites")


def cluster(home: Path) -> SparkSession:
    """Start two workers; they write below their home, which is not that of the package."""
    for name in ("bin", "jars"):
        (home / name).symlink_to(Path(pyspark.__file__).parent / name)
    os.environ |= {"SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return (
        SparkSession.builder.master("local-cluster[2,1,2048]")
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "2g")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        .config("spark.log.level", "ERROR")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )


def timed(what: str, work: Callable[[], T]) -> tuple[T, float]:
    """Do some work, and print how long it took."""
    began = time.monotonic()
    done = work()
    seconds = time.monotonic() - began
    print(f"{what:<58}{seconds:>9.2f} s")
    return done, seconds


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--practices", type=int, default=500)
    parser.add_argument("--requests", type=int, default=40, help="of each practice")
    parser.add_argument("--patients", type=int, default=3000, help="of each practice")
    options = parser.parse_args()
    warnings.simplefilter("ignore")

    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch) / "case", Path(scratch) / "spark"
        home.mkdir()
        sizes = [f"--{name}={value}" for name, value in vars(options).items()]
        arguments = ["rebook", "generate", "--profile=regional", "--seed=1", "--format=parquet", f"--out={folder}"]
        if _rebook.main([*arguments, *sizes]):
            sys.exit("the case could not be made")

        case, reading = timed("one process: read", lambda: rebook.Case.read(folder))
        whole, planning = timed("one process: plan, all cores", lambda: rebook.plan(case, progress=False))
        _, alone = timed("one process: plan, one thread", lambda: rebook.plan(case, progress=False, threads=1))

        spark, _ = timed("Spark: start two workers", lambda: cluster(home))
        tables: dict[str, Any] = {name: spark.read.parquet(str(folder / f"{name}.parquet")) for name in NAMES}
        for run in ("first", "second"):
            plan, finding = timed(
                f"Spark, {run} run: find the areas",
                lambda: rebook.spark.plan(**tables, policy=folder / "policy.toml"),
            )
            summary, doing = timed(f"Spark, {run} run: plan them", plan.summary)
            areas = plan.areas.select("elapsed_seconds").collect()
            plan.results.unpersist()
        spark.stop()

        inside = sum(float(row["elapsed_seconds"]) for row in areas)
        count = len(areas)
        print(f"\n{summary['counts']['requests']} requests in {count} areas; status {summary['status']}")
        same = summary["objective"] == whole.objective and summary["counts"] == whole.counts | {"failed": 0}
        print(f"the same objective and counts as one process: {same}")
        print(f"in the tasks' own clock, all areas: {inside:.2f} s, {1000 * inside / count:.1f} ms an area")
        print(f"one process, one thread: {reading + alone:.2f} s; all cores: {reading + planning:.2f} s")
        print(f"Spark beside that, on two cores: {1000 * (finding + doing - inside / 2) / count:.1f} ms an area")
        if not same:
            sys.exit("the results differ")


if __name__ == "__main__":
    main()
