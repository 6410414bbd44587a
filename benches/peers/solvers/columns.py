"""What is the same for all solvers whose choices are the columns of the 0-1 programme."""

from __future__ import annotations

import time

import numpy as np

from instance import Instance
from solvers import Result, Settings, greedy
from stages import Backend, Choices, lexicographic


def by_columns(instance: Instance, backend: Backend, settings: Settings, began: float) -> Result:
    """What a solver finds whose building began at this moment and has ended now."""
    built = time.perf_counter()
    linear = instance.linear
    choices = Choices(
        linear.jobs, linear.saves, len(instance.members), len(instance.entries), greedy.columns(instance)
    )
    run = lexicographic(choices, backend, settings.seconds)
    ended = time.perf_counter()
    answer = {"columns": np.flatnonzero(run.taken).tolist()}
    return Result(run.status, built - began, ended - built, answer, {"stages": run.stages})
