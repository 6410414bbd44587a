"""One file for each solver; `PEERS` names them all.

To add one: write a file with a function `solve(instance, Settings) -> Result` and name it here. It gets an instance in
memory, says how long it took to build its model and to solve it, and hands back the columns it takes or the choice of each
job. It need not prove that its answer keeps the rules: `peer check` looks at every one.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any

PEERS: dict[str, str] = {
    "cpsat-boolean": "CP-SAT, a Boolean for each option and start",
    "cpsat-interval": "CP-SAT, optional intervals that do not overlap",
    "highs-mip": "HiGHS, mixed-integer programme",
    "highs-lp": "HiGHS, the linear relaxation alone",
    "scip": "SCIP, mixed-integer programme (one thread)",
    "scipy-assignment": "SciPy, linear_sum_assignment in exact groups of entries",
    "greedy": "what a spreadsheet does: sort, first fit",
}
EXACT = ("cpsat-boolean", "cpsat-interval", "highs-mip", "scip")


@dataclass(frozen=True)
class Settings:
    """What a solver may spend, and its random seed."""

    seconds: float
    threads: int
    seed: int


@dataclass
class Result:
    """What a solver found."""

    status: str
    """`optimal` (proven), `limit`, `heuristic`, `relaxation`, or `not-applicable`."""
    build_seconds: float
    solve_seconds: float
    answer: dict[str, Any] | None
    """{"columns": [...]} of the 0-1 programme or {"chosen": [...]} by job."""
    more: dict[str, Any] = field(default_factory=dict)


def solver(name: str) -> Any:
    """The module of a solver."""
    return importlib.import_module(f"solvers.{name.replace('-', '_')}")
