"""An exported instance in memory, as arrays: the line from which every solver is timed.

The fields are those of `engine/src/solve/instance.rs` and `benches/src/linear.rs`, where they are explained.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Lists:
    """Many short lists of (number, amount), laid end to end."""

    ends: Ints
    of: Ints
    amounts: Ints

    @classmethod
    def read(cls, data: dict[str, list[int]]) -> Lists:
        return cls(*(np.array(data[name], dtype=np.int64) for name in ("ends", "of", "amounts")))

    def begins(self) -> Ints:
        return np.concatenate(([0], self.ends[:-1])).astype(np.int64)

    def owners(self) -> Ints:
        """The list that each pair belongs to."""
        return np.repeat(np.arange(len(self.ends)), self.ends - self.begins())

    def column(self, of: int) -> Ints:
        """The amount of one number in every list; 0 where a list does not have it."""
        found = np.zeros(len(self.ends), dtype=np.int64)
        here = self.of == of
        found[self.owners()[here]] = self.amounts[here]
        return found

    def list(self, number: int) -> tuple[Ints, Ints]:
        begin = self.ends[number - 1] if number else 0
        return self.of[begin : self.ends[number]], self.amounts[begin : self.ends[number]]


@dataclass(frozen=True)
class Linear:
    """The 0-1 programme: minimise entry by entry while every row keeps to its right-hand side."""

    jobs: Ints
    options: Ints
    base: Ints
    saves: Lists
    rows: Lists
    rhs: Ints
    kinds: list[str]
    spans: list[list[int]]

    @classmethod
    def read(cls, data: dict[str, Any]) -> Linear:
        arrays = {name: np.array(data[name], dtype=np.int64) for name in ("jobs", "options", "base", "rhs")}
        lists = {name: Lists.read(data[name]) for name in ("saves", "rows")}
        return cls(**arrays, **lists, kinds=data["kinds"], spans=data["spans"])


@dataclass(frozen=True)
class Instance:
    """What is to be solved."""

    entries: list[str]
    requests: list[dict[str, Any]]
    members: list[list[int]]
    unplaced: Ints
    """By job and entry."""
    options_end: Ints
    costs: Lists
    uses: Lists
    spots: list[list[int]]
    """By option: the place of each member."""
    places: list[dict[str, Any]]
    pools: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    ties: list[dict[str, Any]]
    travel: int
    programme: Linear | None
    """None where it was left out of the export."""

    @property
    def linear(self) -> Linear:
        """The 0-1 programme."""
        if self.programme is None:
            raise ValueError("the instance was exported without its 0-1 programme")
        return self.programme

    @classmethod
    def read(cls, path: Path) -> Instance:
        data = json.loads(path.read_bytes())
        raw, linear = data["instance"], data["linear"]
        ends = [0, *raw["spot_ends"]]
        return cls(
            entries=raw["entries"],
            requests=raw["requests"],
            members=[job["members"] for job in raw["jobs"]],
            unplaced=np.array([job["unplaced"] for job in raw["jobs"]], dtype=np.int64).reshape(-1, len(raw["entries"])),
            options_end=np.array([job["options_end"] for job in raw["jobs"]], dtype=np.int64),
            costs=Lists.read(raw["costs"]),
            uses=Lists.read(raw["uses"]),
            spots=[raw["spots"][begin:end] for begin, end in zip(ends, ends[1:])],
            places=raw["places"],
            pools=raw["pools"],
            rows=raw["rows"],
            ties=raw["ties"],
            travel=raw["travel"],
            programme=Linear.read(linear) if linear else None,
        )

    def options(self, job: int) -> range:
        """The options of a job among all."""
        return range(int(self.options_end[job - 1]) if job else 0, int(self.options_end[job]))

    def job_of_option(self) -> Ints:
        """The job that each option belongs to."""
        counts = np.diff(np.concatenate(([0], self.options_end)))
        return np.repeat(np.arange(len(counts)), counts)
