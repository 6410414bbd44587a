"""CP-SAT on the 0-1 programme: a literal for each column."""

from __future__ import annotations

import time

import numpy as np

from instance import Instance
from solvers import Result, Settings, greedy
from solvers.cpsat import CpSat
from stages import Choices, lexicographic


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    linear = instance.linear
    model = CpSat(settings)
    for job in linear.jobs.tolist():
        model.choice(job)
    for row, rhs in enumerate(linear.rhs.tolist()):
        columns, amounts = linear.rows.list(row)
        model.at_most([model.literals[at] for at in columns], amounts.tolist(), rhs)
    built = time.perf_counter()
    choices = Choices(
        linear.jobs, linear.saves, len(instance.members), len(instance.entries), greedy.columns(instance)
    )
    run = lexicographic(choices, model, settings.seconds)
    solved = time.perf_counter()
    answer = {"columns": np.flatnonzero(run.taken).tolist()}
    return Result(run.status, built - began, solved - built, answer, {"stages": run.stages})
