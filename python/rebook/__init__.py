"""Rebook cancelled appointments: a prioritised, proven, explained plan, on data frames.

A case is what was cancelled, the book of free slots, who may do what, and a policy. The plan is the best by the policy,
with a proof for every entry of its objective, and says for everybody why they are where they are. It is a proposal:
nothing is booked, and nothing leaves the machine.

Examples
--------
>>> import rebook
>>> case = rebook.generate("practice", seed=7)
>>> plan = rebook.plan(case)
>>> plan.status
'optimal'
>>> plan.placed.to_polars()["start"].is_null().any()
False
"""

from rebook._case import AnyPolicy, Case, Frame, generate
from rebook._errors import (
    ArgumentError,
    FileError,
    InputError,
    InternalError,
    Problem,
    Problems,
    RebookError,
)
from rebook._explanation import Explanation
from rebook._plan import Entry, Plan, Violation, plan
from rebook._policy import CareType, Inconvenience, Policy, Reserve, Tier, Weight
from rebook._rebook import __version__
from rebook._stop import TimeLimit, WorkLimit
from rebook._sweep import Scenario, sweep
from rebook._table import Table

__all__ = [
    "AnyPolicy",
    "ArgumentError",
    "CareType",
    "Case",
    "Entry",
    "Explanation",
    "FileError",
    "Frame",
    "Inconvenience",
    "InputError",
    "InternalError",
    "Plan",
    "Policy",
    "Problem",
    "Problems",
    "RebookError",
    "Reserve",
    "Scenario",
    "Table",
    "Tier",
    "TimeLimit",
    "Violation",
    "Weight",
    "WorkLimit",
    "__version__",
    "generate",
    "plan",
    "sweep",
]
