"""What the linear relaxation alone costs HiGHS, entry by entry. No plan comes of it, and in floating point no bound."""

from __future__ import annotations

import time

import numpy as np

from instance import Instance
from solvers import Result, Settings
from solvers.highs_mip import Highs

ROOM = 1e-6
"""By so much, relatively, an entry may be exceeded in the stages after it; with less, rounding makes a stage infeasible."""


def solve(instance: Instance, settings: Settings) -> Result:
    began = time.perf_counter()
    model = Highs(instance, settings, whole=False)
    built = time.perf_counter()
    linear = instance.linear
    relaxed: list[float] = []
    status = "relaxation"
    for entry in range(len(instance.entries)):
        saves = linear.saves.column(entry)
        unit = int(np.gcd.reduce(saves)) or 1
        saves //= unit
        value = 0.0
        if saves.any():
            _, proven, value = model.run(saves, settings.seconds - (time.perf_counter() - built))
            if not proven:
                status = "limit"
                break
            model.bind(saves, value + ROOM * max(1.0, abs(value)))
        relaxed.append(float(linear.base[entry]) + value * unit)
    return Result(status, built - began, time.perf_counter() - built, None, {"relaxed": relaxed})
