"""Minimising a vector entry by entry with a solver that knows one number at a time.

Every solver is helped in the same ways: an entry that nothing can change any more is not solved for; an entry is counted
in the largest unit in which it is whole; and what an entry's value rules out is closed before the next. With `least` the
sum over the jobs of the least that each can add, no choice that adds more than its job's least by more than the value
exceeds `least` is in any plan of that value. All of them begin with the plan of the spreadsheet.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from instance import Ints, Lists

Mask = NDArray[np.bool_]


@dataclass
class Choices:
    """Choices, each of a job (or of none, -1), and what each adds to the vector beyond leaving its job out."""

    jobs: Ints
    saves: Lists
    job_count: int
    entries: int
    start: Mask
    """A plan to begin with."""


@dataclass
class Answered:
    """What a solver says about one entry: the choices taken, if it found any, and whether none is better."""

    taken: Mask | None
    proven: bool
    detail: Any = None
    """What the solver wants to know again of these choices, should they be the last."""


class Backend(Protocol):
    """A solver with the rules of the instance in it."""

    def minimise(self, saves: Ints, seconds: float, hint: Mask) -> Answered:
        """Minimises the sum of what the taken choices save."""

    def bind(self, saves: Ints, value: int) -> None:
        """From now on the sum is at most this."""

    def close(self, choices: Ints) -> None:
        """From now on these are not taken."""

    def require(self, jobs: Ints) -> None:
        """From now on these jobs are not left out."""


@dataclass
class Run:
    """What came of it."""

    status: str
    taken: Mask
    detail: Any = None
    """None where it is the plan that it began with."""
    stages: list[dict[str, float | int | bool]] = field(default_factory=list)


def lexicographic(choices: Choices, backend: Backend, seconds: float) -> Run:
    """Minimises entry by entry until all are proven or time runs out."""
    began = time.perf_counter()
    run = Run("optimal", choices.start)
    open_choices = np.ones(len(choices.jobs), dtype=bool)
    may_be_left = np.ones(choices.job_count, dtype=bool)
    for entry in range(choices.entries):
        saves = choices.saves.column(entry)
        unit = int(np.gcd.reduce(saves)) or 1
        saves //= unit
        least = _least(choices, saves, open_choices, may_be_left)
        lowest = int(least.sum())
        value = int(saves[run.taken].sum())
        if value > lowest:
            clock = time.perf_counter()
            answered = backend.minimise(saves, seconds - (clock - began), run.taken)
            run.stages.append({"entry": entry, "seconds": time.perf_counter() - clock, "proven": answered.proven})
            # A plan that is no better in this entry may be worse in those after it.
            if answered.taken is not None and int(saves[answered.taken].sum()) < value:
                run.taken, run.detail = answered.taken, answered.detail
            if not answered.proven:
                run.status = "limit"
                return run
            value = int(saves[run.taken].sum())
        slack = value - lowest
        excess = np.where(choices.jobs >= 0, saves - least[choices.jobs], 0)
        closing = open_choices & (excess > slack)
        requiring = may_be_left & (-least > slack)
        if slack > 0:
            backend.bind(saves, value)
        if closing.any():
            backend.close(np.flatnonzero(closing))
        if requiring.any():
            backend.require(np.flatnonzero(requiring))
        open_choices &= ~closing
        may_be_left &= ~requiring
    return run


def _least(choices: Choices, saves: Ints, open_choices: Mask, may_be_left: Mask) -> Ints:
    """The least that each job can add by what is still open to it; to leave it out adds 0."""
    least = np.where(may_be_left, 0, np.iinfo(np.int64).max)
    usable = open_choices & (choices.jobs >= 0)
    np.minimum.at(least, choices.jobs[usable], saves[usable])
    return least
