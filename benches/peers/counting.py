"""Figures that do not depend on how fast a machine is, or how busy: instructions carried out, and memory at its peak."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import process
from environment import ROOT, program

PATIENCE = 1800.0


def count(case: str = "practice") -> list[dict[str, Any]]:
    """A case kept with the project, on one thread: its tables read, its problem solved, its plan written."""
    tables = ROOT / "fixtures" / case
    records = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        jobs: dict[str, list[Any]] = {
            "check": [program("rebook"), "check", tables],
            "solve": [program("peer"), "solve", tables, "--threads", 1],
            "plan": [program("rebook"), "plan", tables, "--threads", 1, "--out"],
        }
        for job, command in jobs.items():
            to = [[home / f"{job}-{times}"] if job == "plan" else [] for times in range(2)]
            records.append(
                {
                    "kind": "count",
                    "case": case,
                    "job": job,
                    "instructions": _instructions(command + to[0], home),
                    "peak_memory_mb": process.run(command + to[1], PATIENCE).peak_memory_mb,
                }
            )
    return records


def _instructions(command: list[Any], folder: Path) -> int | None:
    """As callgrind counts them; none where valgrind is not installed."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    words = [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind.out'}"]
    done = process.run(words + command, PATIENCE)
    found = re.search(r"Collected : (\d+)", done.err)
    return int(found.group(1)) if done.code == 0 and found else None
