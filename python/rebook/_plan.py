"""A plan: who goes where, who has no place, and the proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike, fspath
from typing import Any, Literal, TypeAlias

from rebook import _rebook
from rebook._case import Case
from rebook._errors import ArgumentError, refuse_negative
from rebook._explanation import Explanation
from rebook._html import table
from rebook._progress import Progress, Teller
from rebook._stop import TimeLimit, WorkLimit
from rebook._table import Table

Stop: TypeAlias = TimeLimit | WorkLimit | Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the objective, with its proof.

    Attributes
    ----------
    name : str
        ``late_1``, ..., ``window``, ``wait_1``, ..., ``order``, as in the SPEC.
    tier : str or None
        Codes of the tiers of its rank; ``None`` where it belongs to all.
    value : int
        Of the plan; less is better.
    bound : int
        No plan with the same entries before it has less.
    """

    name: str
    tier: str | None
    value: int
    bound: int

    @property
    def gap(self) -> int:
        """What may be left to gain; 0 where it is proven."""
        return self.value - self.bound


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks.

    Attributes
    ----------
    rule : str
        Its code in the SPEC.
    title : str
        The rule in a few words.
    message : str
        How it is broken.
    requests, slots : tuple of str
        The ids concerned.
    """

    rule: str
    title: str
    message: str
    requests: tuple[str, ...]
    slots: tuple[str, ...]


class Plan:
    """Who goes where and why, who has no place and what would help, who is called first, and the proof.

    `rebook.plan` makes it; `Plan.read` reads back what was written. Every row is a proposal: a person approves it
    before anybody is called.

    Examples
    --------
    >>> import rebook
    >>> plan = rebook.plan(rebook.generate("practice", seed=7))
    >>> plan.counts["requests"] == len(plan.placed) + len(plan.unplaced) + len(plan.excluded)
    True
    >>> all(entry.gap == 0 for entry in plan.certificate)
    True
    """

    def __init__(self, native: _rebook.Plan, case: Case) -> None:
        """Wrap what the engine made."""
        self._native = native
        self.case = case

    @classmethod
    def read(cls, case: Case, path: str | PathLike[str]) -> Plan:
        """Read a plan from its folder.

        Parameters
        ----------
        case : Case
            What it was made for, read as it was then.
        path : path-like
            The folder that `write` or the command line wrote.

        Returns
        -------
        Plan
            The plan.
        """
        return cls(_rebook.Plan.read(case._native, fspath(path)), case)

    @cached_property
    def _tables(self) -> tuple[Table, Table, Table]:
        placed, unplaced, excluded = self._native.tables()
        return Table(placed), Table(unplaced), Table(excluded)

    @property
    def placed(self) -> Table:
        """Those with a place, in the order in which they are told: the columns of ``plan.csv``."""
        return self._tables[0]

    @property
    def unplaced(self) -> Table:
        """Those without a place, why, and what would give them one: the columns of ``unplaced.csv``."""
        return self._tables[1]

    @property
    def excluded(self) -> Table:
        """Those that were set aside before planning: the columns of ``excluded.csv``."""
        return self._tables[2]

    @cached_property
    def calls(self) -> Table:
        """The call list: those with a place who are reached by phone, in the order of the calls."""
        return Table(self._native.calls())

    @cached_property
    def certificate(self) -> tuple[Entry, ...]:
        """Every entry of the objective with its proven bound, the most important first."""
        return tuple(Entry(*entry) for entry in self._native.vector())

    @property
    def objective(self) -> dict[str, int]:
        """Value of each entry of the objective, the most important first; less is better."""
        return {entry.name: entry.value for entry in self.certificate}

    @property
    def bounds(self) -> dict[str, int]:
        """What is proven of each entry: no plan with the same entries before it has less."""
        return {entry.name: entry.bound for entry in self.certificate}

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What ``summary.json`` holds."""
        return self._native.summary()

    @property
    def status(self) -> Literal["optimal", "feasible"]:
        """Whether every entry of the objective is proven."""
        status: Literal["optimal", "feasible"] = self.summary["status"]
        return status

    @property
    def interrupted(self) -> bool:
        """Whether the run was stopped before its end; the plan keeps every rule all the same."""
        return bool(self.summary["run"]["interrupted"])

    @property
    def counts(self) -> dict[str, int]:
        """Requests = placed + unplaced + excluded."""
        names = ("requests", "placed", "unplaced", "excluded")
        return {name: self.summary["counts"][name] for name in names}

    def verify(self) -> list[Violation]:
        """Recompute every rule and every number, with code that shares nothing with the planner.

        Returns
        -------
        list of Violation
            Every broken rule; none for a plan that can be used.
        """
        return [
            Violation(**one | {"requests": tuple(one["requests"]), "slots": tuple(one["slots"])})
            for one in self._native.verify()
        ]

    def explain(self, request_id: str) -> Explanation:
        """Say why a request is where it is or has no place, what holds the better dates, and what would change that.

        Parameters
        ----------
        request_id : str
            Of any request of the case, planned or not.

        Returns
        -------
        Explanation
            Everything there is to say about it; nothing is guessed.

        Raises
        ------
        ArgumentError
            Where there is no such request, with those that may be meant.
        """
        return Explanation(*self._native.explain(request_id))

    def diff(self, other: Plan) -> Table:
        """Say who stands elsewhere in another plan: who moves, who gains a place, who loses one.

        Parameters
        ----------
        other : Plan
            The plan after; this one is the plan before.

        Returns
        -------
        Table
            A row for each request that stands elsewhere.

        Examples
        --------
        >>> import rebook
        >>> case = rebook.generate("practice", seed=7)
        >>> plan = rebook.plan(case)
        >>> len(plan.diff(rebook.plan(case, threads=1)))
        0
        """
        return Table(self._native.diff(other._native))

    def write(self, path: str | PathLike[str]) -> None:
        """Write the four files of the plan, all of them or none: the same bytes as the command line writes.

        Parameters
        ----------
        path : path-like
            The folder; a plan that is there already is replaced.
        """
        self._native.write(fspath(path))

    def write_desk(self, path: str | PathLike[str], *, over_invite: int = 100, wave_size: int = 50) -> int:
        """Write what people work with: workbook, page, call sheets, messages, calendars, FHIR, the equity report.

        The same bytes as ``rebook desk`` writes. Nothing is booked and nobody is told.

        Parameters
        ----------
        path : path-like
            The folder; what an earlier run wrote there is replaced, unless somebody has worked in it since.
        over_invite : int
            Links to book sent for every hundred places opened, at least 100.
        wave_size : int
            Most links that a site sends on one day, at least 1.

        Returns
        -------
        int
            How many files.

        Examples
        --------
        >>> import rebook, tempfile, pathlib
        >>> plan = rebook.plan(rebook.generate("practice", seed=7))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     count = plan.write_desk(folder)
        ...     sorted(path.name for path in pathlib.Path(folder).glob("r*"))
        ['rebooking.xlsx', 'report.html']
        """
        return self._native.write_desk(fspath(path), over_invite=over_invite, wave_size=wave_size)

    def __str__(self) -> str:
        """Say what the command line prints of it."""
        return self._native.text().strip()

    def __repr__(self) -> str:
        """Say how it went."""
        counts = self.counts
        return f"<rebook.Plan: {self.status}; {counts['placed']} placed, {counts['unplaced']} without a place>"

    def _repr_html_(self) -> str:
        proven = "proven best" if self.status == "optimal" else "NOT proven best"
        stopped = ", stopped early" if self.interrupted else ""
        counts = self.counts
        by_tier = self.summary["counts"]["by_tier"]
        tiers = table(
            ("tier", "requests", "placed", "no place"),
            [(tier, of["requests"], of["placed"], of["unplaced"]) for tier, of in by_tier.items()],
        )
        entries = table(
            ("entry", "tier", "value", "bound"),
            [(entry.name, entry.tier or "", entry.value, entry.bound) for entry in self.certificate],
        )
        return (
            f"<p><b>Plan</b>, {proven}{stopped}: {counts['requests']} requests = {counts['placed']} placed + "
            f"{counts['unplaced']} without a place + {counts['excluded']} excluded</p>"
            f"{tiers}<details><summary>Objective and proven bounds</summary>{entries}</details>"
            "<p>Everything is proposed: a person approves it before anybody is called.</p>"
        )


def plan(
    case: Case,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    threads: int | None = None,
    previous: Plan | str | PathLike[str] | None = None,
    outcomes: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
    progress: Progress = None,
) -> Plan:
    """Make the best plan by the policy of a case, prove it and explain it.

    The same case gives the same plan at any number of threads. Ctrl-C, or the stop button of a notebook, ends the
    search: the best plan so far is returned and says that it was interrupted. It keeps every rule.

    Parameters
    ----------
    case : Case
        What is to be planned.
    stop : TimeLimit, WorkLimit or callable, optional
        Ends the search early; a callable says whether it should end, and is asked some fifty times a second.
    seed : int
        Written to the summary; ties are told apart by ids, so it changes nothing today.
    threads : int, optional
        All cores without it.
    previous : Plan or path-like, optional
        The plan before this one: what was proposed there stays where it can.
    outcomes : path-like or sequence of path-like, optional
        The call list of the plan before, filled in (a workbook or CSV): what came of each call. Of several plans, every
        list, the oldest first. They need `previous`.
    progress : bool, class or callable, optional
        ``True`` shows a bar of tqdm where that is installed and lines on standard error where not, after two seconds;
        ``False`` shows nothing; ``None`` (the default) shows it in terminals and notebooks. A class is used as tqdm is;
        any other callable is called with what is being done in words, the number of groups of requests that have
        nothing to do with each other, and how many of them are proven.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    InputError
        Where the previous plan or a call list cannot be read, or a list is not of this case.
    ArgumentError
        For arguments that make no sense.

    Examples
    --------
    >>> import rebook
    >>> case = rebook.generate("practice", seed=7)
    >>> monday = rebook.plan(case)
    >>> tuesday = rebook.plan(case, previous=monday)
    >>> len(monday.diff(tuesday))
    0
    """
    if not (stop is None or isinstance(stop, TimeLimit | WorkLimit) or callable(stop)):
        msg = f"stop: found {stop!r}; expected a TimeLimit, a WorkLimit or a callable that says whether to end"
        raise ArgumentError(msg)
    pivots = stop.pivots if isinstance(stop, WorkLimit) else None
    refuse_negative(seed=seed, threads=threads, pivots=pivots)
    asked = stop.start() if isinstance(stop, TimeLimit) else None if isinstance(stop, WorkLimit) else stop
    before = previous._native if isinstance(previous, Plan) else None if previous is None else fspath(previous)
    lists = [outcomes] if isinstance(outcomes, str | PathLike) else outcomes
    teller = Teller(progress)
    try:
        native = _rebook.plan(
            case._native,
            pivots=pivots,
            seed=seed,
            threads=threads,
            previous=before,
            outcomes=[fspath(path) for path in lists],
            stop=asked,
            progress=teller.listener,
        )
    finally:
        teller.close()
    return Plan(native, case)
