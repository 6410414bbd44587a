"""Running one solver once, and judging what it says."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import process
from cases import Exported
from environment import HERE, program

GRACE = 4.0
"""A solver that does not stop by itself is ended after so many times its limit, reading and building included."""
LEAST_GRACE = 60.0


@dataclass(frozen=True)
class Limits:
    """The same for everybody."""

    seconds: float
    threads: int

    @property
    def patience(self) -> float:
        return max(LEAST_GRACE, GRACE * self.seconds)


def run_peer(python: Path, peer: str, exported: Exported, limits: Limits) -> dict[str, Any]:
    """One solver on one instance; its answer judged."""
    answer = exported.instance.with_suffix(f".{peer}.answer")
    answer.unlink(missing_ok=True)
    command: list[Any]
    if peer == "rebook":
        command = [program("peer"), "solve", exported.tables, "--threads", limits.threads]
    else:
        command = [python, HERE / "worker.py", peer, exported.instance, "--threads", limits.threads]
        command += ["--seed", exported.seed]
    done = process.run(command + ["--limit", limits.seconds, "--answer", answer], limits.patience, HERE)
    record: dict[str, Any] = {"peer": peer, "limit": limits.seconds, "threads": limits.threads}
    if done.code != 0:
        return record | {"status": "failed", "why": done.why()}
    record |= json.loads(done.out.strip().splitlines()[-1])
    record["peak_memory_mb"] = done.peak_memory_mb
    if not answer.exists():
        return record
    judged = judge(exported.instance, answer)
    answer.unlink()
    claimed = record.get("vector", judged.get("vector"))
    if "broken" not in judged and claimed != judged["vector"]:
        judged = {"broken": f"claims {claimed}, but it is {judged['vector']}"}
    if "broken" in judged:
        return record | {"status": "broken", "why": judged["broken"]}
    return record | judged


def judge(instance: Path, answer: Path) -> dict[str, Any]:
    """The vector of an answer, recomputed, or what it breaks."""
    done = subprocess.run([program("peer"), "check", instance, answer], capture_output=True, text=True)
    if done.returncode != 0:
        return {"broken": done.stderr.strip()}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run_linear(exported: Exported, backend: str, whole: bool, seconds: float) -> dict[str, Any]:
    """A linear model over good_lp."""
    command: list[Any] = [program("peer"), "linear", exported.instance, "--backend", backend, "--limit", seconds]
    done = process.run(command + ["--whole"] * whole, GRACE * seconds + LEAST_GRACE)
    record: dict[str, Any] = {"kind": "linear", "backend": backend, "whole": whole, "limit": seconds}
    if done.code != 0:
        return record | {"status": "failed", "why": done.why()}
    return record | json.loads(done.out)
