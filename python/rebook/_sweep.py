"""One case planned in several ways: what another policy, start or extra sessions would change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict, TypeVar

from rebook._case import AnyPolicy, Case, Frame
from rebook._errors import ArgumentError
from rebook._plan import Plan, plan
from rebook._stop import TimeLimit, WorkLimit

K = TypeVar("K")


class Scenario(TypedDict, total=False):
    """What is otherwise than in the case; what is not given stays as it is. An empty one is the case itself.

    Parameters
    ----------
    policy : Policy, mapping or path-like
        Another policy.
    start : date
        First plannable date.
    as_of : datetime
        The moment the book was read.
    additional : bool
        Whether sessions marked ``additional`` may be used.
    sessions : data frame
        Further sessions, as `Case.with_sessions` takes them.
    clinicians : data frame
        Who holds further sessions, where they are not of the case yet.

    Examples
    --------
    >>> import rebook
    >>> scenario: rebook.Scenario = {"additional": True}
    """

    policy: AnyPolicy
    start: date
    as_of: datetime
    additional: bool
    sessions: Frame
    clinicians: Frame


def sweep(
    case: Case,
    scenarios: Mapping[K, Scenario],
    *,
    stop: TimeLimit | WorkLimit | None = None,
    seed: int = 0,
    threads: int | None = None,
) -> dict[K, Plan]:
    """Plan one case in several ways, one after the other.

    `rebook.spark.sweep` takes the same scenarios and makes a task of each.

    Parameters
    ----------
    case : Case
        What is to be planned.
    scenarios : mapping to Scenario
        By name (a text, a number of sessions, ...), what is otherwise.
    stop : TimeLimit or WorkLimit, optional
        Ends each search early.
    seed, threads
        As in `plan`.

    Returns
    -------
    dict to Plan
        The plan of each scenario, in their order.

    Raises
    ------
    ArgumentError
        Where a scenario has a key that is none, before anything is planned.
    InputError
        Where a policy cannot be used; a note says of which scenario.

    Examples
    --------
    >>> import rebook
    >>> case = rebook.generate("practice", seed=7)
    >>> policy = case.policy
    >>> policy.reserves = []
    >>> plans = rebook.sweep(case, {"as it is": {}, "nothing kept free": {"policy": policy}})
    >>> len(plans["nothing kept free"].unplaced) <= len(plans["as it is"].unplaced)
    True
    """
    check(scenarios)
    plans = {}
    for name, scenario in scenarios.items():
        try:
            plans[name] = plan(changed(case, scenario), stop=stop, seed=seed, threads=threads, progress=False)
        except Exception as error:
            error.add_note(f"in scenario {name!r}")
            raise
    return plans


def check(scenarios: Mapping[K, Scenario]) -> None:
    """Refuse scenarios with keys that are none: what was meant would be left out in silence."""
    known = Scenario.__annotations__
    for name, scenario in scenarios.items():
        for key in scenario:
            if key not in known:
                msg = f"scenario {name!r}: found {key!r}; expected one of {', '.join(known)}"
                raise ArgumentError(msg)


def changed(case: Case, scenario: Scenario) -> Case:
    """Give the case as a scenario has it."""
    sessions = scenario.get("sessions")
    more = case if sessions is None else case.with_sessions(sessions, scenario.get("clinicians"))
    return more.replace(
        policy=scenario.get("policy"),
        start=scenario.get("start"),
        as_of=scenario.get("as_of"),
        additional=scenario.get("additional"),
    )
