"""SciPy's dense assignment algorithm, where every request takes exactly one slot.

It minimises one double for each pair. Fourteen entries do not fit a double exactly, so they go in groups: as many entries as
can be packed into whole numbers below 2^53 without the sums of later ones ever reaching one of an earlier one. Between groups,
the dual prices tell which pairs any best assignment may use, which slots it must fill and whom it must place; nothing else is
open to the next group. All of it is whole numbers, so the vector is exact.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from instance import Instance, Ints
from solvers import Result, Settings

EXACT = 2**53


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    why = _not_an_assignment(instance)
    if why:
        return Result("not-applicable", 0.0, 0.0, None, {"why": why})
    atoms, begins = _atoms(instance)
    jobs = instance.job_of_option()
    pairs = _pairs(instance, begins)
    shape = (len(instance.members), atoms)
    allowed = np.zeros(shape, dtype=bool)
    for options, columns in pairs:
        allowed[np.ix_(jobs[options], columns)] = True
    may_be_left = np.ones(shape[0], dtype=bool)
    must = np.zeros(atoms, dtype=bool)
    keys = _entries(instance, jobs)
    build, solving = time.perf_counter() - began, 0.0
    groups: list[int] = []
    status = "optimal"
    match = np.full(shape[0], -1)
    while keys:
        clock = time.perf_counter()
        taken, packed, filling = _pack(keys, shape[0])
        costs = _matrix(shape, jobs, pairs, packed, allowed)
        costs[:, must] -= filling
        build += time.perf_counter() - clock
        if build + solving > settings.seconds:
            status = "limit"
            break
        clock = time.perf_counter()
        groups.append(taken)
        del keys[:taken]
        match = _match(costs, may_be_left)
        if keys:
            prices, gains = _prices(costs, match)
            allowed &= costs - prices == gains[:, None]
            may_be_left &= gains == 0
            must |= prices < 0
        solving += time.perf_counter() - clock
    answer = {"chosen": _chosen(instance, match, begins)}
    return Result(status, build, solving, answer, {"groups": groups})


def _not_an_assignment(instance: Instance) -> str | None:
    if any(len(members) > 1 for members in instance.members):
        return "visits"
    if instance.ties:
        return "ties between requests"
    if any(row["kind"] != "room" for row in instance.rows):
        return "limits beside the slots"
    if any(span["to"] - span["from"] > 1 or span["group"] is not None for place in instance.places for span in place["spans"]):
        return "appointments of several slots, or group slots"
    return None


def _atoms(instance: Instance) -> tuple[int, list[int]]:
    """How many slots there are, and the number of the first of each pool."""
    begins, total = [], 0
    for pool in instance.pools:
        begins.append(total)
        total += len(pool["capacity"])
    return total, begins


def _pairs(instance: Instance, begins: list[int]) -> list[tuple[Ints, Ints]]:
    """For each place the options that take it and its slots."""
    place_of = np.array([spots[0] for spots in instance.spots], dtype=np.int64)
    order = np.argsort(place_of, kind="stable")
    numbers, first = np.unique(place_of[order], return_index=True)
    slots = [
        np.array([begins[instance.places[at]["pool"]] + span["from"] for span in instance.places[at]["spans"]])
        for at in numbers.tolist()
    ]
    return list(zip(np.split(order, first[1:]), slots))


def _entries(instance: Instance, jobs: Ints) -> list[tuple[Ints, int]]:
    """By entry: what each option saves, in its unit, and by how much the sums over all jobs can differ."""
    found = []
    for entry in range(len(instance.entries)):
        saves = instance.costs.column(entry) - instance.unplaced[jobs, entry]
        saves //= int(np.gcd.reduce(saves)) or 1
        low, high = np.zeros(len(instance.members), dtype=np.int64), np.zeros(len(instance.members), dtype=np.int64)
        np.minimum.at(low, jobs, saves)
        np.maximum.at(high, jobs, saves)
        found.append((saves, int((high - low).sum())))
    return found


def _pack(keys: list[tuple[Ints, int]], jobs: int) -> tuple[int, Ints, int]:
    """How many of the first entries go into one whole number, that number by option, and what one filled slot is worth,
    which comes before them all."""
    taken, size = 0, 1
    for _, spread in keys:
        # What must be filled counts too: once for each job, twice on the way.
        if taken and 2 * size * (spread + 1) * (jobs + 1) >= EXACT:
            break
        size *= spread + 1
        taken += 1
    if 2 * size * (jobs + 1) >= EXACT:
        raise OverflowError("one entry alone does not fit a double exactly")
    packed = np.zeros(len(keys[0][0]), dtype=np.int64)
    for saves, spread in keys[:taken]:
        packed = packed * (spread + 1) + saves
    return taken, packed, size


def _matrix(
    shape: tuple[int, int], jobs: Ints, pairs: list[tuple[Ints, Ints]], packed: Ints, allowed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    costs = np.full(shape, np.inf)
    for options, columns in pairs:
        block = np.ix_(jobs[options], columns)
        costs[block] = np.minimum(costs[block], packed[options].astype(float)[:, None])
    costs[~allowed] = np.inf
    return costs


def _match(costs: NDArray[np.float64], may_be_left: NDArray[np.bool_]) -> Ints:
    """The slot of each job; -1 = left out, for which there are columns of their own."""
    left_out = np.where(may_be_left, 0.0, np.inf)
    jobs, slots = costs.shape
    whole = np.empty((jobs, slots + jobs))
    whole[:, :slots] = costs
    whole[:, slots:] = left_out[:, None]
    _, columns = linear_sum_assignment(whole)
    return np.where(columns < slots, columns, -1)


def _prices(costs: NDArray[np.float64], match: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Prices of the slots (none above 0, those that stay empty 0) and gains of the jobs that prove the matching best: the
    greatest there are, by shortest paths as in Bellman and Ford. To be left out costs nothing and gains nothing."""
    placed = np.flatnonzero(match >= 0)
    prices, gains = np.zeros(costs.shape[1]), np.zeros(costs.shape[0])
    while True:
        gains[placed] = costs[placed, match[placed]] - prices[match[placed]]
        lower = np.minimum(prices, (costs - gains[:, None]).min(axis=0))
        if np.array_equal(lower, prices):
            return prices, gains
        prices = lower


def _chosen(instance: Instance, match: Ints, begins: list[int]) -> list[dict[str, Any] | None]:
    chosen: list[dict[str, Any] | None] = []
    for job, slot in enumerate(match.tolist()):
        found = None
        for option in instance.options(job) if slot >= 0 else ():
            place = instance.places[instance.spots[option][0]]
            own = [begins[place["pool"]] + span["from"] for span in place["spans"]]
            if slot in own:
                # Options ascend by cost: the first is the best.
                found = {"option": option, "spans": [own.index(slot)]}
                break
        chosen.append(found)
    return chosen
