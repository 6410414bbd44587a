"""Cases that many tests use, made once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import rebook

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def command(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own: it listens for Ctrl-C in its way."""
    words = [sys.executable, "-m", "rebook", *map(str, arguments)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stderr
    return ended


@pytest.fixture(scope="session")
def practice_folder() -> Path:
    return FIXTURES / "practice"


@pytest.fixture(scope="session")
def practice(practice_folder: Path) -> rebook.Case:
    return rebook.Case.read(practice_folder)


@pytest.fixture(scope="session")
def practice_plan(practice: rebook.Case) -> rebook.Plan:
    return rebook.plan(practice)


@pytest.fixture(scope="session")
def dirty() -> rebook.Case:
    """Some rows cannot be read."""
    return rebook.generate("practice", seed=7, dirty=True)


@pytest.fixture(scope="session")
def hard() -> rebook.Case:
    """More than can be proven while somebody waits."""
    return rebook.generate("pcn", seed=4, requests=400)


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def on_spark():
    """Not imported where these tests are skipped: there may be no pyspark either."""
    import rebook.spark

    return rebook.spark


@pytest.fixture(scope="session")
def small():
    return rebook.generate("practice", practices=2, seed=5, requests=50)
