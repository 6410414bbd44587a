"""The whole program on large cases: tables read, planned, proven as far as that goes, explained and written."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import process
from environment import program

PATIENCE = 3600.0


@dataclass(frozen=True)
class Large:
    """A case by name, the command that makes it, and what `rebook plan` is given to stop."""

    name: str
    maker: str
    words: tuple[str, ...]
    limit: int


def _network(name: str, profile: str, practices: int, limit: int) -> Large:
    return Large(name, "rebook", ("generate", "--profile", profile, "--practices", str(practices)), limit)


def _pool(requests: int, slots: int, limit: int) -> Large:
    words = ("pool", "--requests", str(requests), "--slots", str(slots))
    return Large(f"pool-{requests}", "peer", words, limit)


CASES = [
    _network("region-50", "regional", 50, 60),
    _network("region-200", "regional", 200, 60),
    _network("icb-150", "icb", 150, 30),
    _pool(5_000, 50_000, 60),
]
LARGEST = [_network("england", "regional", 6_300, 900), _pool(20_000, 200_000, 600)]


def measure(case: Large, threads: int, seed: int = 1) -> dict[str, Any]:
    """Reading alone, and everything; in seconds, with the memory at its peak."""
    with tempfile.TemporaryDirectory() as folder:
        tables, plan = Path(folder) / "case", Path(folder) / "plan"
        out = ["--out", tables] if case.maker == "rebook" else [tables]
        made = process.run([program(case.maker), *case.words, "--seed", seed, *out], PATIENCE)
        if made.code != 0:
            return {"kind": "large", "case": case.name, "status": "failed", "why": made.why()}
        read = _timed([program("rebook"), "check", tables])
        words = [program("rebook"), "plan", tables, "--threads", threads, "--out", plan, "--time-limit", case.limit]
        record = {"kind": "large", "case": case.name, "seed": seed, "limit": case.limit, "threads": threads, "read": read}
        record["plan"] = _timed(words)
        summary = plan / "summary.json"
        if not summary.exists():
            return record | {"status": "failed", "why": "no plan"}
        found = json.loads(summary.read_text(encoding="utf-8"))
        counts = {key: found["counts"][key] for key in ("requests", "placed", "unplaced", "excluded")}
        return record | {"status": found["status"], "counts": counts, "entries": _entries(found["objective"])}


def _timed(words: list[Any]) -> dict[str, Any]:
    began = time.monotonic()
    done = process.run(words, PATIENCE)
    return {"seconds": time.monotonic() - began, "peak_memory_mb": done.peak_memory_mb, "code": done.code}


def _entries(objective: dict[str, Any]) -> list[dict[str, Any]]:
    """Name, value and bound of each entry, in the order of the vector."""
    named = lambda of: [{"name": f"{of}_{entry['rank']}", **_pair(entry)} for entry in objective[of]]  # noqa: E731
    single = lambda of: [{"name": of, **_pair(objective[of])}]  # noqa: E731
    late = named("late")
    # `window` stands after the entry of its rank; where it is does not matter for how many are met.
    return late + single("window") + named("wait") + single("order")


def _pair(entry: dict[str, Any]) -> dict[str, Any]:
    return {"value": entry["value"], "bound": entry["bound"]}
