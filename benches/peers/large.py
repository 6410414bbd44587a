"""The whole program on large cases: tables read, planned, proven as far as that goes, explained and written."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import cases
import process
from environment import program

PATIENCE = 3600.0

CASES = [
    (cases.network("region-50", "regional", 50), 60),
    (cases.network("region-200", "regional", 200), 60),
    (cases.network("icb-150", "icb", 150), 30),
    (cases.pool(5_000, 50_000), 60),
]
"""Each with the seconds after which `rebook plan` is to stop."""
LARGEST = [(cases.network("england", "regional", 6_300), 900), (cases.pool(20_000, 200_000), 600)]


def measure(case: cases.Case, limit: int, threads: int, seed: int = 1) -> dict[str, Any]:
    """Reading alone, and everything; in seconds, with the memory at its peak."""
    with tempfile.TemporaryDirectory() as folder:
        tables, plan = case.where(seed, Path(folder)), Path(folder) / "plan"
        read = _timed([program("rebook"), "check", tables])
        words = [program("rebook"), "plan", tables, "--threads", threads, "--out", plan, "--time-limit", limit]
        record = {"kind": "large", "case": case.name, "seed": seed, "limit": limit, "threads": threads, "read": read}
        record["plan"] = _timed(words)
        summary = plan / "summary.json"
        if not summary.exists():
            return record | {"status": "failed", "why": "no plan"}
        found = json.loads(summary.read_text(encoding="utf-8"))
        return record | {name: found[name] for name in ("status", "counts", "objective")}


def _timed(words: list[Any]) -> dict[str, Any]:
    began = time.monotonic()
    done = process.run(words, PATIENCE)
    return {"seconds": time.monotonic() - began, "peak_memory_mb": done.peak_memory_mb, "code": done.code}
