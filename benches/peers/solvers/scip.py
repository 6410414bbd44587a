"""SCIP on the 0-1 programme. Its own threads are not in the wheel: it runs on one."""

from __future__ import annotations

import time

import numpy as np
from pyscipopt import Model, quicksum

from instance import Instance, Ints
from solvers import Result, Settings
from solvers.columns import by_columns
from stages import Answered, Mask


class Scip:
    """A SCIP model with a variable for each column."""

    def __init__(self, instance: Instance, settings: Settings) -> None:
        linear = instance.linear
        self.model = Model()
        self.model.hideOutput()
        self.model.setParam("randomization/randomseedshift", settings.seed)
        # Every entry is whole in its unit: whoever is less than one away is there.
        self.model.setParam("limits/absgap", 0.999)
        self.variables = [self.model.addVar(vtype="B") for _ in range(len(linear.jobs))]
        self.of_job: dict[int, list[int]] = {}
        for column, job in enumerate(linear.jobs.tolist()):
            self.of_job.setdefault(job, []).append(column)
        for row, rhs in enumerate(linear.rhs.tolist()):
            columns, amounts = linear.rows.list(row)
            self.model.addCons(self._sum(columns, amounts) <= rhs)

    def _sum(self, columns: Ints, amounts: Ints) -> object:
        return quicksum(amount * self.variables[at] for at, amount in zip(columns.tolist(), amounts.tolist()))

    def minimise(self, saves: Ints, seconds: float, hint: Mask) -> Answered:
        if seconds <= 0:
            return Answered(None, False)
        here = np.flatnonzero(saves)
        self.model.setObjective(self._sum(here, saves[here]), "minimize")
        self.model.setParam("limits/time", seconds)
        start = self.model.createSol()
        for variable, value in zip(self.variables, hint.tolist()):
            self.model.setSolVal(start, variable, float(value))
        self.model.addSol(start)
        self.model.optimize()
        proven = self.model.getStatus() in ("optimal", "gaplimit")
        taken = None
        if self.model.getNSols() > 0:
            best = self.model.getBestSol()
            taken = np.array([self.model.getSolVal(best, variable) > 0.5 for variable in self.variables], dtype=bool)
        self.model.freeTransform()
        return Answered(taken, proven and taken is not None)

    def bind(self, saves: Ints, value: int) -> None:
        here = np.flatnonzero(saves)
        self.model.addCons(self._sum(here, saves[here]) <= value)

    def close(self, choices: Ints) -> None:
        for at in choices.tolist():
            self.model.chgVarUb(self.variables[at], 0.0)

    def require(self, jobs: Ints) -> None:
        for job in jobs.tolist():
            self.model.addCons(quicksum(self.variables[at] for at in self.of_job[job]) >= 1)


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    model = Scip(instance, settings)
    return by_columns(instance, model, settings, began)
