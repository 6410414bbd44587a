"""When a search ends before it has proven its plan."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class TimeLimit:
    """Stop the search after so many seconds; the plan so far is handed out and says so.

    The plan then depends on the speed of the machine; a `WorkLimit` does not.

    Parameters
    ----------
    seconds : float
        From when the run begins.

    Examples
    --------
    >>> import rebook
    >>> case = rebook.generate("practice", seed=7)
    >>> rebook.plan(case, stop=rebook.TimeLimit(30)).status
    'optimal'
    """

    seconds: float

    def start(self) -> Callable[[], bool]:
        """Begin to count.

        Returns
        -------
        callable
            Says whether the time is up.
        """
        if not self.seconds >= 0:
            from rebook._errors import ArgumentError

            msg = f"seconds: found {self.seconds}; expected 0 or more"
            raise ArgumentError(msg)
        end = time.monotonic() + self.seconds
        return lambda: time.monotonic() >= end


@dataclass(frozen=True)
class WorkLimit:
    """Stop the search after so much work; the same plan on every machine.

    Parameters
    ----------
    pivots : int
        Steps of the simplex method that each independent group of requests may take.

    Examples
    --------
    >>> import rebook
    >>> case = rebook.generate("practice", seed=7)
    >>> plan = rebook.plan(case, stop=rebook.WorkLimit(1))
    >>> plan.verify()
    []
    """

    pivots: int
