"""A case: what was cancelled, the book, who may do what, and the policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from os import PathLike, fspath
from typing import Any, Literal, Protocol, TypeAlias

from rebook import _rebook
from rebook._errors import ArgumentError, Problems, refuse_negative
from rebook._html import table
from rebook._policy import Policy
from rebook._progress import Teller
from rebook._table import Table


class Frame(Protocol):
    """A data frame of any library that speaks Arrow: polars, pandas, pyarrow, duckdb, ..."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand over the rows."""


AnyPolicy: TypeAlias = Policy | Mapping[str, Any] | str | PathLike[str]
Profile: TypeAlias = Literal["practice", "pcn", "elective", "icb", "regional"]


class Case:
    """What was cancelled, the book of free slots, who may do what, and a policy.

    Made of data frames here, or read from a folder by `Case.read`. A column has the name and meaning that the tables
    have as files (`rebook schema` lists them). Text is taken for every column, and dates, times without a zone,
    numbers, booleans and lists where a column holds such; categories are taken as what they stand for. What cannot be
    taken is refused with the remedy, and nothing is guessed.

    Parameters
    ----------
    requests, clinicians : data frame
        Any object with the Arrow PyCapsule interface, as of polars, pandas, pyarrow or duckdb.
    slots, sessions : data frame, optional
        At least one of them: sessions alone with ``slot_minutes``, or slots alone with ``practitioner_id`` and
        ``site_id``.
    sites : data frame, optional
        Without it, a site for each id that is named.
    policy : Policy, mapping or path-like, optional
        The built-in policy for general practice without it.
    start : date, optional
        First plannable date, instead of the policy's.
    as_of : datetime, optional
        The moment the book was read, instead of the policy's: nothing starts before it.
    keep_columns : sequence of str
        Further columns of requests to carry over into the plan.
    additional : bool
        Whether sessions marked ``additional`` may be used: those that exist only if they are bought.

    Raises
    ------
    InputError
        With every problem of every table, where they cannot be used.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> import rebook
    >>> case = rebook.Case(
    ...     requests=pl.DataFrame({
    ...         "request_id": ["R1"], "patient_id": ["P1"], "site_id": ["A"], "care_type": ["blood-test"],
    ...         "priority": ["GP4"], "original_start": ["2024-07-19T09:00"], "reconciliation": ["not-seen"],
    ...     }),
    ...     sessions=pl.DataFrame({
    ...         "session_id": ["S1"], "practitioner_id": ["H1"], "site_id": ["A"],
    ...         "start": ["2024-07-22T09:00"], "end": ["2024-07-22T12:00"], "slot_minutes": [10],
    ...     }),
    ...     clinicians=pl.DataFrame({"practitioner_id": ["H1"], "role": ["hca"]}),
    ...     start=date(2024, 7, 22),
    ... )
    >>> case
    <rebook.Case: 1 requests, 18 slots; policy 'general practice' from 2024-07-22>
    """

    __slots__ = ("_how", "_native")

    def __init__(
        self,
        *,
        requests: Frame,
        clinicians: Frame,
        slots: Frame | None = None,
        sessions: Frame | None = None,
        sites: Frame | None = None,
        policy: AnyPolicy | None = None,
        start: date | None = None,
        as_of: datetime | None = None,
        keep_columns: Sequence[str] = (),
        additional: bool = False,
    ) -> None:
        """Take the tables as data frames."""
        given = {"requests": requests, "clinicians": clinicians, "slots": slots, "sessions": sessions, "sites": sites}
        self._how = _how(policy, start, as_of, keep_columns, additional)
        tables = {name: _typed(table) for name, table in given.items() if table is not None}
        self._native = _told(lambda how: _rebook.Case.from_frames(tables, how), self._how)

    @classmethod
    def _of(cls, native: _rebook.Case, how: _rebook.How) -> Case:
        case = cls.__new__(cls)
        case._native = native
        case._how = how
        return case

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        *,
        policy: AnyPolicy | None = None,
        start: date | None = None,
        as_of: datetime | None = None,
        keep_columns: Sequence[str] = (),
        additional: bool = False,
    ) -> Case:
        """Read a case from a folder of tables, as the command line does.

        Parameters
        ----------
        path : path-like
            The folder.
        policy : Policy, mapping or path-like, optional
            Another policy than the folder's own.
        start, as_of, keep_columns, additional
            As in `Case`.

        Returns
        -------
        Case
            The case.

        Raises
        ------
        InputError
            With every problem of every file, where they cannot be used.
        """
        how = _how(policy, start, as_of, keep_columns, additional)
        return cls._of(_told(lambda told: _rebook.Case.read(fspath(path), told), how), how)

    def replace(
        self,
        *,
        policy: AnyPolicy | None = None,
        start: date | None = None,
        as_of: datetime | None = None,
        keep_columns: Sequence[str] | None = None,
        additional: bool | None = None,
    ) -> Case:
        """Read the same tables in another way; what is not given stays as it is.

        Parameters
        ----------
        policy, start, as_of, keep_columns, additional
            As in `Case`.

        Returns
        -------
        Case
            Another case; this one is not changed.

        Examples
        --------
        >>> import rebook
        >>> case = rebook.generate("practice", seed=7)
        >>> policy = case.policy
        >>> policy.reserves = []
        >>> open_book = case.replace(policy=policy)
        >>> len(rebook.plan(open_book).unplaced) <= len(rebook.plan(case).unplaced)
        True
        """
        now = self._how
        how = _how(
            policy,
            now["start"] if start is None else start,
            now["as_of"] if as_of is None else as_of,
            now["keep_columns"] if keep_columns is None else keep_columns,
            now["additional"] if additional is None else additional,
        )
        if policy is None:
            how["policy_file"], how["policy_text"] = now["policy_file"], now["policy_text"]
        return self._of(_told(self._native.replace, how), how)

    def with_sessions(self, sessions: Frame, clinicians: Frame | None = None) -> Case:
        """Add sessions, cut into free slots: what extra capacity would give.

        Parameters
        ----------
        sessions : data frame
            Columns as of sessions; ``slot_minutes`` says how they are cut.
        clinicians : data frame, optional
            Who holds them, where they are not of the case yet, such as locums.

        Returns
        -------
        Case
            Another case; this one is not changed. Its policy and further columns are those of this one.

        Raises
        ------
        InputError
            With every problem of these sessions and clinicians.

        Examples
        --------
        >>> import polars as pl
        >>> import rebook
        >>> case = rebook.generate("practice", seed=7)
        >>> saturday = pl.DataFrame({
        ...     "session_id": ["EXTRA"], "practitioner_id": case.clinicians.to_pydict()["practitioner_id"][:1],
        ...     "site_id": case.sites.to_pydict()["site_id"][:1],
        ...     "start": ["2024-07-27T09:00"], "end": ["2024-07-27T13:00"], "slot_minutes": [15],
        ... })
        >>> len(case.with_sessions(saturday).slots) - len(case.slots)
        16
        """
        people = None if clinicians is None else _typed(clinicians)
        native = _told(lambda how: self._native.with_sessions(_typed(sessions), people, how), self._how)
        return self._of(native, self._how)

    @property
    def requests(self) -> Table:
        """The requests as they were read."""
        return Table(self._native.table("requests"))

    @property
    def slots(self) -> Table:
        """The slots; those that sessions were cut into, where there is no table of them."""
        return Table(self._native.table("slots"))

    @property
    def sessions(self) -> Table:
        """The sessions; those derived from slots, where there is no table of them."""
        return Table(self._native.table("sessions"))

    @property
    def clinicians(self) -> Table:
        """The clinicians."""
        return Table(self._native.table("clinicians"))

    @property
    def sites(self) -> Table:
        """The sites that are listed."""
        return Table(self._native.table("sites"))

    @property
    def policy(self) -> Policy:
        """The policy of this case, a copy: change it and hand it to `replace`."""
        return Policy.from_toml(self._native.policy())

    def check(self) -> Problems:
        """Say what is wrong with the case, and what is worth a look.

        Returns
        -------
        Problems
            Request rows that cannot be read (severity ``row``; a plan sets them aside) and warnings.

        Examples
        --------
        >>> import rebook
        >>> dirty = rebook.generate("practice", seed=7, dirty=True)
        >>> sorted({problem.severity for problem in dirty.check()})
        ['row', 'warning']
        """
        found = self._native.check()
        return Problems._of([*found["problems"], *found["warnings"]])

    def write(self, path: str | PathLike[str]) -> None:
        """Write the case as a folder of files that the command line reads.

        Parameters
        ----------
        path : path-like
            The folder; it is made where it is not there.
        """
        self._native.write(fspath(path))

    def __repr__(self) -> str:
        """Say how large it is."""
        policy, slots = self.policy, self._native.slots()
        return f"<rebook.Case: {len(self)} requests, {slots} slots; policy {policy.name!r} from {policy.start}>"

    def __len__(self) -> int:
        """Count the requests."""
        return len(self._native)

    def _repr_html_(self) -> str:
        found = self._native.check()
        tables = table(("table", "rows"), [(one["name"], one["rows"]) for one in found["files"] if one["rows"]])
        left_out = ", ".join(f"{count} {escape(reason)}" for reason, count in found["excluded"].items()) or "none"
        problems = len(found["problems"])
        told = f"<p><b>{problems} problem(s): see .check()</b></p>" if problems else ""
        return (
            f"<p><b>Case</b> of {found['requests']} requests; not planned: {left_out}</p>{told}"
            f"{tables}{self.policy._repr_html_()}"
        )


def _how(
    policy: AnyPolicy | None,
    start: date | None,
    as_of: datetime | None,
    keep_columns: Sequence[str],
    additional: bool,
) -> _rebook.How:
    _check_start(start)
    if as_of is not None and (not isinstance(as_of, datetime) or as_of.tzinfo is not None):
        msg = f"as_of: found {as_of!r}; expected a datetime.datetime without a zone: local time"
        raise ArgumentError(msg)
    if isinstance(keep_columns, str):
        msg = f"keep_columns: found the text {keep_columns!r}; expected a list of names"
        raise ArgumentError(msg)
    file, text = None, None
    if isinstance(policy, Mapping):
        text = Policy.from_dict(policy).to_toml()
    elif isinstance(policy, Policy):
        text = policy.to_toml()
    elif policy is not None:
        file = fspath(policy)
    return {
        "policy_file": file,
        "policy_text": text,
        "start": start,
        "as_of": as_of,
        "keep_columns": list(keep_columns),
        "additional": additional,
        "progress": None,
    }


def _check_start(start: date | None) -> None:
    # A moment is a date as well, to Python.
    if start is not None and (not isinstance(start, date) or isinstance(start, datetime)):
        msg = f"start: found {start!r}; expected a datetime.date"
        raise ArgumentError(msg)


def _typed(frame: Frame) -> Frame:
    """Give columns without a type one.

    A column of polars in which nothing was found has the type Null, which polars hands over in a way that others do not
    take.
    """
    if type(frame).__module__.partition(".")[0] != "polars":
        return frame
    import polars as pl
    import polars.selectors as cs

    if not isinstance(frame, pl.DataFrame):
        return frame
    typed: Frame = frame.with_columns(cs.by_dtype(pl.Null).cast(pl.String))
    return typed


def _told(read: Callable[[_rebook.How], _rebook.Case], how: _rebook.How) -> _rebook.Case:
    """Read, telling how far that is where it takes long and somebody looks."""
    teller = Teller(None)
    told = how.copy()
    told["progress"] = teller.listener
    try:
        return read(told)
    finally:
        teller.close()


def generate(
    profile: Profile = "practice",
    *,
    practices: int | None = None,
    seed: int = 0,
    start: date | None = None,
    requests: int | None = None,
    patients: int | None = None,
    dirty: bool = False,
    policy: AnyPolicy | None = None,
) -> Case:
    """Make a synthetic case of any size: no real patient, calibrated on published figures.

    Parameters
    ----------
    profile : {"practice", "pcn", "elective", "icb", "regional"}
        What kind of case.
    practices : int, optional
        How many practices; the profile's own number without it.
    seed : int
        The same seed makes the same case on every machine.
    start : date, optional
        First plannable date; the outage is on the last working day before.
    requests : int, optional
        Requests of each practice; one day's without it.
    patients : int, optional
        Patients of each practice, which decides how many slots it has.
    dirty : bool
        Requests as exports really leave them: some rows cannot be read.
    policy : Policy, mapping or path-like, optional
        Another policy than the one that is made with the case.

    Returns
    -------
    Case
        The case, in memory.

    Examples
    --------
    >>> import rebook
    >>> case = rebook.generate("pcn", practices=2, seed=1)
    >>> len(case.sites)
    3
    """
    refuse_negative(practices=practices, seed=seed, requests=requests, patients=patients)
    _check_start(start)
    how = _how(policy, None, None, (), additional=False)
    native = _rebook.generate(
        profile,
        how,
        practices=practices,
        seed=seed,
        start=start,
        requests=requests,
        patients=patients,
        dirty=dirty,
    )
    return Case._of(native, how)
