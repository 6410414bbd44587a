"""Cases that many tests use, made once."""

from __future__ import annotations

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
