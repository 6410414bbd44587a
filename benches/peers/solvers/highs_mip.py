"""HiGHS on the 0-1 programme."""

from __future__ import annotations

import time

import highspy
import numpy as np

from instance import Instance, Ints
from solvers import Result, Settings
from solvers.columns import by_columns
from stages import Answered, Mask


class Highs:
    """A HiGHS model with a column for each choice; whole numbers, or their relaxation."""

    def __init__(self, instance: Instance, settings: Settings, whole: bool) -> None:
        linear = instance.linear
        columns = len(linear.jobs)
        self.whole = whole
        self.columns = np.arange(columns, dtype=np.int32)
        self.of_job = _by_job(linear.jobs)
        self.solver = highspy.Highs()
        self.solver.silent()
        for option, value in {
            "threads": settings.threads,
            "random_seed": settings.seed,
            # Every entry is whole in its unit: whoever is less than one away is there.
            "mip_abs_gap": 0.999,
            "mip_rel_gap": 0.0,
        }.items():
            self.solver.setOptionValue(option, value)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = columns, len(linear.rhs)
        programme.col_cost_ = np.zeros(columns)
        programme.col_lower_, programme.col_upper_ = np.zeros(columns), np.ones(columns)
        programme.row_lower_ = np.full(len(linear.rhs), -highspy.kHighsInf)
        programme.row_upper_ = linear.rhs.astype(float)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.concatenate(([0], linear.rows.ends)).astype(np.int32)
        programme.a_matrix_.index_ = linear.rows.of.astype(np.int32)
        programme.a_matrix_.value_ = linear.rows.amounts.astype(float)
        if whole:
            programme.integrality_ = [highspy.HighsVarType.kInteger] * columns
        self.solver.passModel(programme)

    def run(self, saves: Ints, seconds: float) -> tuple[NDArrayFloat | None, bool, float]:
        """The values of the columns, whether they are proven to be best, and the objective."""
        self.solver.changeColsCost(len(self.columns), self.columns, saves.astype(float))
        # HiGHS counts time from the first run on.
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.run()
        proven = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        info = self.solver.getInfo()
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return None, False, 0.0
        return np.array(self.solver.getSolution().col_value), proven, info.objective_function_value

    def minimise(self, saves: Ints, seconds: float, hint: Mask) -> Answered:
        if seconds <= 0:
            return Answered(None, False)
        start = highspy.HighsSolution()
        start.col_value = hint.astype(float).tolist()
        self.solver.setSolution(start)
        values, proven, _ = self.run(saves, seconds)
        return Answered(None if values is None else values > 0.5, proven)

    def bind(self, saves: Ints, value: float) -> None:
        here = np.flatnonzero(saves).astype(np.int32)
        self.solver.addRow(-highspy.kHighsInf, value, len(here), here, saves[here].astype(float))

    def close(self, choices: Ints) -> None:
        zeros = np.zeros(len(choices))
        self.solver.changeColsBounds(len(choices), choices.astype(np.int32), zeros, zeros)

    def require(self, jobs: Ints) -> None:
        for job in jobs.tolist():
            of_job = self.of_job[job]
            self.solver.addRow(1.0, highspy.kHighsInf, len(of_job), of_job, np.ones(len(of_job)))


NDArrayFloat = np.ndarray[tuple[int], np.dtype[np.float64]]


def _by_job(jobs: Ints) -> dict[int, NDArrayFloat]:
    order = np.argsort(jobs, kind="stable")
    numbers, begins = np.unique(jobs[order], return_index=True)
    return dict(zip(numbers.tolist(), np.split(order.astype(np.int32), begins[1:])))


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    model = Highs(instance, settings, whole=True)
    return by_columns(instance, model, settings, began)
