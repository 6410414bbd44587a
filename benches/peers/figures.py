"""From results to figures: ratios within one run, and counts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from best_known import BestKnown

Record = dict[str, Any]


def read(paths: Iterable[Path]) -> list[Record]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def of_kind(records: list[Record], kind: str) -> list[Record]:
    return [record for record in records if record["kind"] == kind]


def each_once(records: list[Record]) -> list[Record]:
    """Where several files have the same run, the first one counts."""
    runs: dict[tuple[str, int, str], Record] = {}
    for record in records:
        runs.setdefault((record["case"], record["seed"], record["peer"]), record)
    return list(runs.values())


def in_order(records: list[Record], key: str) -> list[Any]:
    """The different values of a key, as they come."""
    return list(dict.fromkeys(record[key] for record in records))


def mean(values: list[float]) -> float:
    """The geometric mean, as ratios ask for."""
    return math.exp(sum(map(math.log, values)) / len(values))


def own_seconds(records: list[Record], key: str = "solve_seconds") -> dict[tuple[str, int], float]:
    """What rebook took on each instance."""
    return {(record["case"], record["seed"]): record[key] for record in records if record.get("peer") == "rebook"}


def ratios(records: list[Record], own: dict[tuple[str, int], float], key: str) -> list[float]:
    """A time of each record in multiples of rebook's on the same instance."""
    found = []
    for record in records:
        base = own.get((record["case"], record["seed"]))
        if base and record.get(key):
            found.append(record[key] / base)
    return found


def first_worse(vector: list[int], best: list[int]) -> int | None:
    """The first entry in which a vector is not the best one; none where it is."""
    return next((at for at, (own, other) in enumerate(zip(vector, best)) if own != other), None)


def excess_late(record: Record, best: list[int]) -> float:
    """By how much the sum of all lateness exceeds that of the best known plan, in percent of it."""
    late = [at for at, name in enumerate(record["entries"]) if name.startswith("late")]
    own, other = sum(record["vector"][at] for at in late), sum(best[at] for at in late)
    return 100 * (own - other) / max(other, 100)


def slope(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Exponent and factor of y = factor x^exponent, by least squares on logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    exponent = sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)
    return exponent, math.exp(y - exponent * x)


def best_of(record: Record, known: BestKnown) -> list[int] | None:
    """The best known vector of a record's instance, if it is still the same instance."""
    found = known.values.get(record["label"])
    return found["vector"] if found and found["case"] == record["fingerprint"] else None
