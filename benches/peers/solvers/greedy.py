"""What a careful person with a spreadsheet does: sort by rank, target and how long people have waited, and give each the
earliest start that is allowed beside what has been given so far. Nothing is ever moved again."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from instance import Instance
from solvers import Result, Settings
from stages import Mask


class Sheet:
    """What has been given so far."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.used = [0] * len(instance.rows)
        self.holders: dict[tuple[int, int], tuple[int, int | None]] = {}
        """By pool and atom: how many people, and the group slot they share."""
        self.seats: dict[int, dict[str, Any]] = {}
        self.chosen: list[dict[str, Any] | None] = [None] * len(instance.members)
        self.ties: dict[int, list[dict[str, Any]]] = {}
        for tie in instance.ties:
            for end in (tie["first"], tie["second"]):
                self.ties.setdefault(end, []).append(tie)
        self.full: set[int] = set()
        """Places at which nothing is free any more."""

    def give(self, job: int) -> bool:
        """Gives a job the earliest start that is allowed."""
        instance = self.instance
        by_day: dict[int, list[int]] = {}
        for option in instance.options(job):
            places = instance.spots[option]
            if not any(at in self.full for at in places):
                by_day.setdefault(instance.places[places[0]]["day"], []).append(option)
        for day in sorted(by_day):
            starts = sorted(
                (span["begin"], option, at)
                for option in by_day[day]
                for at, span in enumerate(instance.places[instance.spots[option][0]]["spans"])
            )
            for _, option, at in starts:
                # The others of a visit have one start each beside it.
                if self._take(job, option, [at] + [0] * (len(instance.members[job]) - 1)):
                    return True
            self.full.update(
                instance.spots[option][0]
                for option in by_day[day]
                if len(instance.members[job]) == 1 and self._is_full(instance.spots[option][0])
            )
        return False

    def _is_full(self, at: int) -> bool:
        place = self.instance.places[at]
        return not any(self._room(place["pool"], span) for span in place["spans"])

    def _room(self, pool: int, span: dict[str, Any]) -> bool:
        for atom in range(span["from"], span["to"]):
            count, group = self.holders.get((pool, atom), (0, None))
            if count and (span["group"] is None or group != span["group"]):
                return False
            if count and count >= self.instance.pools[pool]["groups"][span["group"]]:
                return False
        return True

    def _take(self, job: int, option: int, spans: list[int]) -> bool:
        instance = self.instance
        rows, amounts = instance.uses.list(option)
        uses = list(zip(rows.tolist(), amounts.tolist()))
        if any(self.used[row] + amount > instance.rows[row]["rhs"] for row, amount in uses):
            return False
        places = [instance.places[at] for at in instance.spots[option]]
        given = dict(zip(instance.members[job], places))
        if not all(self._keeps(tie, given) for member in given for tie in self.ties.get(member, ())):
            return False
        before: list[tuple[tuple[int, int], tuple[int, int | None]]] = []
        for place, at in zip(places, spans):
            span = place["spans"][at]
            if not self._room(place["pool"], span):
                for key, holder in reversed(before):
                    self.holders[key] = holder
                return False
            for atom in range(span["from"], span["to"]):
                key = (place["pool"], atom)
                holder = self.holders.get(key, (0, None))
                before.append((key, holder))
                self.holders[key] = (holder[0] + 1, span["group"])
        for row, amount in uses:
            self.used[row] += amount
        self.seats.update(given)
        self.chosen[job] = {"option": option, "spans": spans}
        return True

    def _keeps(self, tie: dict[str, Any], given: dict[int, dict[str, Any]]) -> bool:
        before, after = (given.get(tie[end], self.seats.get(tie[end])) for end in ("first", "second"))
        if after is None:
            return True
        if tie["tie"] == "link":
            if before is None:
                return False
            days = after["day"] - before["day"]
            return tie["min_days"] <= days <= tie["max_days"] and (days > 0 or before["end"] <= after["begin"])
        if before is None:
            return True
        apart = before["in_person"] and after["in_person"] and before["site"] != after["site"]
        gap = self.instance.travel if apart else 0
        return bool(before["begin"] >= after["end"] + gap or after["begin"] >= before["end"] + gap)


def plan(instance: Instance) -> list[dict[str, Any] | None]:
    """The choice of each job."""
    sheet = Sheet(instance)

    def standing(job: int) -> tuple[int, int, int, str]:
        requests = [instance.requests[member] for member in instance.members[job]]
        return min((one["rank"], one["target"], one["waiting_since"], one["id"]) for one in requests)

    waiting = sorted(range(len(instance.members)), key=standing)
    while waiting:
        left = [job for job in waiting if not sheet.give(job)]
        # Again only for those who come after somebody who has a place only now.
        if len(left) == len(waiting):
            break
        waiting = [job for job in left if any(member in sheet.ties for member in instance.members[job])]
    return sheet.chosen


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    chosen = plan(instance)
    return Result("heuristic", 0.0, time.perf_counter() - began, {"chosen": chosen})


def columns(instance: Instance) -> Mask:
    """The same plan as columns of the 0-1 programme: where the solvers of that begin."""
    linear = instance.linear
    of_choice = {(option, tuple(spans)): at for at, (option, spans) in enumerate(zip(linear.options.tolist(), linear.spans))}
    taken = np.zeros(len(linear.jobs), dtype=bool)
    for choice in plan(instance):
        if choice is not None:
            option = choice["option"]
            # Where starts are settled afterwards there is one column for all of them.
            taken[of_choice.get((option, tuple(choice["spans"])), of_choice.get((option, ()), -1))] = True
    for row in (at for at, kind in enumerate(linear.kinds) if kind == "group"):
        inside, _ = linear.rows.list(row)
        taken[inside[linear.jobs[inside] < 0]] = taken[inside].any()
    return taken
