"""CP-SAT on the 0-1 programme: a literal for each column."""

from __future__ import annotations

import time

from instance import Instance
from solvers import Result, Settings
from solvers.columns import by_columns
from solvers.cpsat import CpSat


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    linear = instance.linear
    model = CpSat(settings)
    for job in linear.jobs.tolist():
        model.choice(job)
    for row, rhs in enumerate(linear.rhs.tolist()):
        columns, amounts = linear.rows.list(row)
        model.at_most([model.literals[at] for at in columns], amounts.tolist(), rhs)
    return by_columns(instance, model, settings, began)
