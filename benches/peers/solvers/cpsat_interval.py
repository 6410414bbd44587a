"""CP-SAT as a scheduler would write it: an optional interval for each place that an option takes, its start a variable
over the free atoms, and no two overlap in a pool. A group slot is one interval that is there if somebody is in it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from instance import Instance, Ints, Lists
from solvers import Result, Settings, greedy
from solvers.cpsat import CpSat
from stages import Answered, Choices, Mask, lexicographic

Kind = tuple[int, int | None]
"""Length in atoms, and the group slot."""


class Intervals:
    """The intervals of every pool."""

    def __init__(self, instance: Instance, model: CpSat) -> None:
        self.instance = instance
        self.model = model
        self.in_pool: dict[int, list[cp_model.IntervalVar]] = {}
        self.groups: dict[tuple[int, int], tuple[tuple[int, int], list[cp_model.IntVar]]] = {}
        self.ways: dict[int, list[list[tuple[cp_model.IntVar, cp_model.IntVar | int, Kind]]]] = {}
        """By option and member: literal, start, kind."""

    def add(self, option: int, literal: cp_model.IntVar) -> None:
        self.ways[option] = [self._member(self.instance.places[at], literal) for at in self.instance.spots[option]]

    def _member(
        self, place: dict[str, Any], literal: cp_model.IntVar
    ) -> list[tuple[cp_model.IntVar, cp_model.IntVar | int, Kind]]:
        model = self.model.model
        starts: dict[Kind, list[int]] = {}
        for span in place["spans"]:
            starts.setdefault((span["to"] - span["from"], span["group"]), []).append(span["from"])
        ways = []
        for (length, group), begins in starts.items():
            # A way of its own for each length, and for each group slot.
            own = literal if len(starts) == 1 else model.new_bool_var("")
            if group is None:
                begin: cp_model.IntVar | int = begins[0]
                if len(begins) > 1:
                    begin = model.new_int_var_from_domain(cp_model.Domain.from_values(begins), "")
                interval = model.new_optional_fixed_size_interval_var(begin, length, own, "")
                self.in_pool.setdefault(place["pool"], []).append(interval)
            else:
                begin = begins[0]
                range_and_users = self.groups.setdefault((place["pool"], group), ((begin, length), []))
                range_and_users[1].append(own)
            ways.append((own, begin, (length, group)))
        if len(starts) > 1:
            model.add(sum(way[0] for way in ways) == literal)
        return ways

    def finish(self) -> None:
        model = self.model.model
        for (pool, group), ((begin, length), users) in self.groups.items():
            is_open = model.new_bool_var("")
            places = self.instance.pools[pool]["groups"][group]
            model.add(sum(users) <= places * is_open)
            interval = model.new_optional_fixed_size_interval_var(begin, length, is_open, "")
            self.in_pool.setdefault(pool, []).append(interval)
        for intervals in self.in_pool.values():
            if len(intervals) > 1:
                model.add_no_overlap(intervals)

    def choice(self, option: int, solver: cp_model.CpSolver) -> dict[str, Any]:
        """The starts that a run gave an option."""
        spans = []
        for at, ways in zip(self.instance.spots[option], self.ways[option]):
            begin, kind = next((begin, kind) for literal, begin, kind in ways if solver.boolean_value(literal))
            found = (solver.value(begin), *kind)
            of_place = [(span["from"], span["to"] - span["from"], span["group"]) for span in self.instance.places[at]["spans"]]
            spans.append(of_place.index(found))
        return {"option": option, "spans": spans}


class Scheduled(CpSat):
    """Its choices are options; their starts are read where they are found."""

    def __init__(self, instance: Instance, settings: Settings) -> None:
        super().__init__(settings)
        self.owners = instance.job_of_option().tolist()
        self.intervals = Intervals(instance, self)
        for option, job in enumerate(self.owners):
            self.intervals.add(option, self.choice(job))
        self.intervals.finish()
        _rules(instance, self)

    def minimise(self, saves: Ints, seconds: float, hint: Mask) -> Answered:
        answered = super().minimise(saves, seconds, hint)
        if answered.taken is not None and self.last is not None:
            options = np.flatnonzero(answered.taken).tolist()
            answered.detail = {self.owners[option]: self.intervals.choice(option, self.last[0]) for option in options}
        return answered


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    model = Scheduled(instance, settings)
    saves = _saves(instance)
    built = time.perf_counter()
    chosen = greedy.plan(instance)
    start = np.zeros(len(model.literals), dtype=bool)
    for choice in chosen:
        if choice is not None:
            start[choice["option"]] = True
    choices = Choices(np.array(model.owners, dtype=np.int64), saves, len(instance.members), len(instance.entries), start)
    run = lexicographic(choices, model, settings.seconds)
    solved = time.perf_counter()
    if run.detail is not None:
        chosen = [run.detail.get(job) for job in range(len(chosen))]
    return Result(run.status, built - began, solved - built, {"chosen": chosen}, {"stages": run.stages})


def _rules(instance: Instance, model: CpSat) -> None:
    """One option for each job, limits and ties, as in the 0-1 programme: columns of one option count alike there."""
    linear = instance.linear
    for row, (kind, rhs) in enumerate(zip(linear.kinds, linear.rhs.tolist())):
        if kind in ("job", "limit", "tie"):
            columns, amounts = linear.rows.list(row)
            by_option = dict(zip(linear.options[columns].tolist(), amounts.tolist()))
            model.at_most([model.literals[at] for at in by_option], list(by_option.values()), rhs)


def _saves(instance: Instance) -> Lists:
    """What each option adds beyond leaving its job out."""
    dense = -instance.unplaced[instance.job_of_option()]
    np.add.at(dense, (instance.costs.owners(), instance.costs.of), instance.costs.amounts)
    options, entries = np.nonzero(dense)
    ends = np.cumsum(np.bincount(options, minlength=len(dense)))
    return Lists(ends, entries, dense[options, entries])
