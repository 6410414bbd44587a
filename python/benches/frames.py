"""How long data frames take on their way in and out, beside the plan itself.

    python python/benches/frames.py

Some 100,000 requests and 1.35 million slots, as polars and pandas frames. The plan is given little work, so that the
share of the conversion is larger than anybody will see it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl

import rebook

T = TypeVar("T")
TABLES = ("requests", "slots", "sessions", "clinicians", "sites")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Do work, and say how many seconds it took."""
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def main() -> None:
    """Measure and print."""
    made = rebook.generate("regional", practices=800, requests=200, seed=1)
    frames = {name: getattr(made, name).to_polars() for name in TABLES}
    kinds = {"polars": frames, "pandas": {name: frame.to_pandas() for name, frame in frames.items()}}
    print({name: frame.height for name, frame in frames.items()})
    for library, tables in kinds.items():
        into, case = timed(lambda tables=tables: rebook.Case(**tables, policy=made.policy))
        planning, plan = timed(lambda case=case: rebook.plan(case, stop=rebook.WorkLimit(20_000)))
        out, _ = timed(lambda plan=plan: [pl.DataFrame(one) for one in (plan.placed, plan.unplaced, plan.excluded)])
        print(
            f"{library}: in {into:.2f} s, plan {planning:.1f} s ({plan.status}), out {out:.2f} s: "
            f"conversion is {(into + out) / planning:.1%} of the plan's time"
        )


if __name__ == "__main__":
    main()
