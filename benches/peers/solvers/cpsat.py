"""What both CP-SAT models share: stages, hints, parameters."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from instance import Ints
from solvers import Settings
from stages import Answered, Mask

TWO_WORKERS = ("max_lp", "core")
"""The best of six pairs that were tried on an assignment of 60 requests and on practices of 15 and 30: thirty times as fast as
those that CP-SAT takes by itself on the first, as fast on the others. With more workers it has room for both and more."""


class CpSat:
    """A CP-SAT model whose choices are literals."""

    def __init__(self, settings: Settings) -> None:
        self.model = cp_model.CpModel()
        self.literals: list[cp_model.IntVar] = []
        self.jobs: dict[int, list[cp_model.IntVar]] = {}
        self.settings = settings
        self.last: tuple[cp_model.CpSolver, Mask] | None = None
        """The run before, with what it took."""

    def choice(self, job: int) -> cp_model.IntVar:
        literal = self.model.new_bool_var("")
        self.literals.append(literal)
        if job >= 0:
            self.jobs.setdefault(job, []).append(literal)
        return literal

    def at_most(self, literals: list[cp_model.IntVar], amounts: list[int], rhs: int) -> None:
        if rhs == 1 and all(amount == 1 for amount in amounts):
            self.model.add_at_most_one(literals)
        elif rhs == 0 and amounts[0] == 1 and all(amount == -1 for amount in amounts[1:]):
            self.model.add_bool_or([literals[0].negated(), *literals[1:]])
        else:
            self.model.add(cp_model.LinearExpr.weighted_sum(literals, amounts) <= rhs)

    def _sum(self, saves: Ints) -> cp_model.LinearExprT:
        here = np.flatnonzero(saves)
        return cp_model.LinearExpr.weighted_sum([self.literals[at] for at in here], saves[here].tolist())

    def minimise(self, saves: Ints, seconds: float, hint: Mask) -> Answered:
        if seconds <= 0:
            return Answered(None, False)
        self.model.clear_hints()
        if self.last is not None and np.array_equal(self.last[1], hint):
            # All variables and not the choices alone: a hint that is complete costs no search.
            for at in range(len(self.model.proto.variables)):
                variable = self.model.get_int_var_from_proto_index(at)
                self.model.add_hint(variable, self.last[0].value(variable))
        else:
            for literal, value in zip(self.literals, hint.tolist()):
                self.model.add_hint(literal, value)
        self.model.minimize(self._sum(saves))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self.settings.threads
        if self.settings.threads <= len(TWO_WORKERS):
            solver.parameters.subsolvers.extend(TWO_WORKERS)
        solver.parameters.random_seed = self.settings.seed
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answered(None, False)
        taken = np.array([solver.boolean_value(literal) for literal in self.literals], dtype=bool)
        self.last = (solver, taken)
        return Answered(taken, status == cp_model.OPTIMAL)

    def bind(self, saves: Ints, value: int) -> None:
        self.model.add(self._sum(saves) <= value)

    def close(self, choices: Ints) -> None:
        self.model.add_bool_and([self.literals[at].negated() for at in choices])

    def require(self, jobs: Ints) -> None:
        for job in jobs.tolist():
            self.model.add_bool_or(self.jobs[job])
