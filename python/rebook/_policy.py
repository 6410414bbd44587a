"""The policy: who comes first, who may do what, and what a practice keeps free."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from rebook import _rebook
from rebook._html import table

Channel = Literal["in-person", "telephone", "video", "home-visit"]


@dataclass(slots=True)
class Tier:
    """A tier of urgency; tiers are listed the most urgent first.

    Parameters
    ----------
    code : str
        As in the column ``priority`` of requests.
    target_working_days, target_days : int, optional
        Days to the target date, working days or calendar days: exactly one of them.
    target_from : {"start", "waiting_since"}
        From the start of the plan, or from when the wait began.
    may_use : list of str
        Labels of reserved slots that it may take besides open ones.
    schedule : bool
        Whether it is planned; if not, its requests are told of as ``escalate-now``.
    call : bool
        Reached by phone whatever the route asked for.
    urgent : bool, optional
        Not bound by the reserve; without it, so is the first scheduled tier and no other.
    shares_rank : bool
        Same rank as the tier before, told apart by weight alone.
    weight : int
        Percent.
    escalate_after_days : int
        Waiting so long lifts it by one rank; 0 = never.
    min_notice_hours : int, optional
        Instead of those of the contact route.

    Examples
    --------
    >>> import rebook
    >>> rebook.Tier("GP3", target_working_days=5, call=True).schedule
    True
    """

    code: str
    target_working_days: int | None = None
    target_days: int | None = None
    target_from: Literal["start", "waiting_since"] = "start"
    may_use: list[str] = field(default_factory=list)
    schedule: bool = True
    call: bool = False
    urgent: bool | None = None
    shares_rank: bool = False
    weight: int = 100
    escalate_after_days: int = 0
    min_notice_hours: int | None = None


@dataclass(slots=True)
class CareType:
    """A kind of appointment.

    Parameters
    ----------
    roles : list of str
        Who may do it, best first; nobody else may.
    duration_minutes : int, optional
        Length; without it that of a slot.
    delivery_channels : list of str
        Ways it can be held, best first.
    priority : str, optional
        Tier of requests that name none.
    needs : list of str
        What the practitioner, site or session must offer.
    start_after, finish_by : str, optional
        ``HH:MM`` before which it may not start, by which it must have ended.

    Examples
    --------
    >>> import rebook
    >>> rebook.CareType(roles=["phlebotomist", "hca"], duration_minutes=10, finish_by="13:00").needs
    []
    """

    roles: list[str]
    duration_minutes: int | None = None
    delivery_channels: list[Channel] = field(default_factory=lambda: list[Channel](["in-person"]))
    priority: str | None = None
    needs: list[str] = field(default_factory=list)
    start_after: str | None = None
    finish_by: str | None = None


@dataclass(slots=True)
class Reserve:
    """The part of each day's open free minutes of a role that is kept for new demand.

    Parameters
    ----------
    role : str
        Whose minutes.
    fraction : float
        From 0 to 1.

    Examples
    --------
    >>> import rebook
    >>> policy = rebook.Policy()
    >>> policy.reserves = [rebook.Reserve("gp", 0.25), rebook.Reserve("anp", 0.25)]
    """

    role: str
    fraction: float


@dataclass(slots=True)
class Weight:
    """A factor of the weight of requests with a flag.

    Parameters
    ----------
    flag : str
        As in the column ``flags`` of requests.
    percent : int
        At least 1.

    Examples
    --------
    >>> import rebook
    >>> policy = rebook.Policy(weights=[rebook.Weight("learning-disability", 120)])
    """

    flag: str
    percent: int


@dataclass(slots=True)
class Inconvenience:
    """What a place may have against it, in points; 10 of them are worth a day of waiting.

    Parameters
    ----------
    other_practitioner : int
        Somebody else than the one preferred.
    other_site : int
        In person at another than the patient's own site.
    role_step : int
        Times the position of the practitioner's role in the care type's list.
    wasted_minute : int
        For each minute taken beyond those needed.
    moved : int
        Another session or start than in the previous plan.

    Examples
    --------
    >>> import rebook
    >>> rebook.Inconvenience(other_site=0).moved
    140
    """

    other_practitioner: int = 30
    other_site: int = 20
    role_step: int = 10
    wasted_minute: int = 1
    moved: int = 140


def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


_BUILTIN = _parsed(_rebook.builtin_policy())


@dataclass(slots=True)
class Policy:
    """Who comes first, who may do what, and what is kept free.

    Without arguments it is the built-in one for general practice. Every attribute can be changed. It is checked when it
    is used or written; what is wrong with it is an `InputError` with every problem by key.

    Parameters
    ----------
    name, version, approved_by : str
        Printed on every output; an empty ``approved_by`` prints as "not approved".
    start : date, optional
        First plannable date.
    as_of : datetime, optional
        The moment the book was read; without it 00:00 of the start.
    horizon_days : int
        Plannable dates from the start on.
    unplaced_days : int
        Somebody without a place counts as seen so many days after the last plannable date.
    wait_per_day : int
        Points.
    travel_minutes : int
        Between two appointments of one patient at different sites.
    together_gap_minutes : int
        Longest gap within a visit.
    slot_minutes : int
        Length of slots where nothing else is said.
    window_rank : int
        A missed window comes right after the lateness of the tiers up to this position.
    place_after_window : bool
        Whether those whose window has passed are planned still.
    place_needs : list of str
        Needs that a telephone or video appointment does not have.
    bank_holidays : "england" or list of date
        The bundled list, or dates.
    max_weight : int
        Percent.
    min_notice_hours : dict of str to int
        By effective contact route.
    tiers : list of Tier
        The most urgent first.
    care_types : dict of str to CareType
        By code.
    max_contacts_day : dict of str to int
        By role.
    reserves : list of Reserve
        At most one for each role.
    inconvenience : Inconvenience
        In points.
    weights : list of Weight
        None by default.

    Examples
    --------
    >>> import rebook
    >>> policy = rebook.Policy(approved_by="Dr A. Lead")
    >>> [tier.code for tier in policy.tiers][:3]
    ['GP0', 'GP1', 'GP2']
    >>> policy.reserves[0].fraction = 0.25
    >>> rebook.Policy.from_toml(policy.to_toml()) == policy
    True
    """

    name: str = "general practice"
    version: str = "1"
    approved_by: str = ""
    start: date | None = None
    as_of: datetime | None = None
    horizon_days: int = 28
    unplaced_days: int = 365
    wait_per_day: int = 10
    travel_minutes: int = 30
    together_gap_minutes: int = 30
    slot_minutes: int = 15
    window_rank: int = 3
    place_after_window: bool = True
    place_needs: list[str] = field(default_factory=lambda: ["step-free", "hoist", "hearing-loop"])
    bank_holidays: Literal["england"] | list[date] = "england"
    max_weight: int = 200
    min_notice_hours: dict[str, int] = field(default_factory=lambda: dict(_BUILTIN["min_notice_hours"]))
    tiers: list[Tier] = field(default_factory=lambda: _tiers(_BUILTIN))
    care_types: dict[str, CareType] = field(default_factory=lambda: _care_types(_BUILTIN))
    max_contacts_day: dict[str, int] = field(default_factory=lambda: dict(_BUILTIN["max_contacts_day"]))
    reserves: list[Reserve] = field(default_factory=lambda: [Reserve(**one) for one in _BUILTIN["reserve"]])
    inconvenience: Inconvenience = field(default_factory=Inconvenience)
    weights: list[Weight] = field(default_factory=list)

    @classmethod
    def from_toml(cls, text: str) -> Policy:
        """Take the text of a policy file; what it does not say has its default.

        Parameters
        ----------
        text : str
            As of ``policy.toml``.

        Raises
        ------
        InputError
            With every problem of the text, by line and key.

        Examples
        --------
        >>> import rebook
        >>> rebook.Policy.from_toml("horizon_days = 14").horizon_days
        14
        """
        written_out = _parsed(_rebook.policy_from_toml(text))
        return cls._of(written_out, given=_parsed(text).keys())

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Policy:
        """Read a policy file.

        Parameters
        ----------
        path : path-like
            The file.

        Raises
        ------
        InputError
            With every problem of the file, by line and key.
        """
        return cls.from_toml(Path(path).read_text(encoding="utf-8-sig"))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Policy:
        """Take keys and values as a policy file has them; what is not there has its default.

        Parameters
        ----------
        values : mapping
            Keys of ``policy.toml``; dates may be dates, ``None`` is as good as nothing.

        Raises
        ------
        InputError
            With every problem, by key.

        Examples
        --------
        >>> import rebook
        >>> rebook.Policy.from_dict({"horizon_days": 14, "max_contacts_day": {"gp": 20}}).max_contacts_day
        {'gp': 20}
        """
        written_out = _parsed(_rebook.policy_from_json(_json(values)))
        return cls._of(written_out, given=[key for key, value in values.items() if value is not None])

    @classmethod
    def _of(cls, values: dict[str, Any], given: Any) -> Policy:
        plain = {one.name for one in fields(cls)} & values.keys() - {"start", "as_of", "care_types", "inconvenience"}
        policy = cls(
            **{name: values[name] for name in plain},
            tiers=_tiers(values),
            care_types=_care_types(values),
            reserves=[Reserve(**one) for one in values.get("reserve", [])],
            inconvenience=Inconvenience(**values["inconvenience"]),
            weights=[Weight(**one) for one in values.get("weight", [])],
        )
        policy.max_contacts_day = dict(values.get("max_contacts_day", {}))
        if isinstance(policy.bank_holidays, list):
            policy.bank_holidays = [_date(one) for one in policy.bank_holidays]
        if "start" in given:
            policy.start = _date(values["start"])
        if "as_of" in given:
            policy.as_of = datetime.fromisoformat(values["as_of"])
        return policy

    def to_dict(self) -> dict[str, Any]:
        """Give keys and values as a policy file has them.

        Returns
        -------
        dict
            What `from_dict` takes.

        Examples
        --------
        >>> import rebook
        >>> rebook.Policy().to_dict()["reserve"]
        [{'role': 'gp', 'fraction': 0.4}]
        """
        values: dict[str, Any] = _without_none(asdict(self))
        for plural, key in _TABLES.items():
            values[key] = values.pop(plural)
        return values

    def to_toml(self) -> str:
        """Write it as the text of a policy file, every value written out.

        Returns
        -------
        str
            What `from_toml` reads back.

        Raises
        ------
        InputError
            With every problem, by key.
        """
        text = _rebook.policy_from_json(_json(self.to_dict()))
        unsaid = [key for key in ("start", "as_of") if getattr(self, key) is None]
        return "".join(line for line in text.splitlines(keepends=True) if line.split(" = ")[0] not in unsaid)

    def write(self, path: str | PathLike[str]) -> None:
        """Write it to a file.

        Parameters
        ----------
        path : path-like
            The file; what is there is replaced.
        """
        Path(path).write_text(self.to_toml(), encoding="utf-8", newline="\n")

    def _repr_html_(self) -> str:
        approved = f"approved by {self.approved_by}" if self.approved_by else "NOT APPROVED"
        rows = []
        for tier in self.tiers:
            days = (
                f"{tier.target_working_days} working days" if tier.target_days is None else f"{tier.target_days} days"
            )
            rows.append((tier.code, days if tier.schedule else "not planned: escalate now", tier.target_from))
        kept = ", ".join(f"{one.fraction:.0%} of {one.role}" for one in self.reserves) or "nothing"
        return (
            f"<p>Policy <b>{escape(self.name)}</b> version {escape(self.version)}, {escape(approved)}; "
            f"{self.horizon_days} days; kept free: {escape(kept)}</p>" + table(("tier", "target", "from"), rows)
        )


_TABLES = {"tiers": "tier", "reserves": "reserve", "weights": "weight"}


def _tiers(values: Mapping[str, Any]) -> list[Tier]:
    return [Tier(**one) for one in values["tier"]]


def _care_types(values: Mapping[str, Any]) -> dict[str, CareType]:
    return {code: CareType(**one) for code, one in values["care_types"].items()}


def _date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_without_none(one) for one in value]
    return value


def _json(values: Mapping[str, Any]) -> str:
    def moment(value: object) -> str:
        if isinstance(value, datetime):
            return value.isoformat(timespec="minutes")
        if isinstance(value, date):
            return value.isoformat()
        msg = f"policy: found {type(value).__name__}; expected text, a number, a boolean, a date, a list or a dict"
        raise TypeError(msg)

    return json.dumps(_without_none(values), default=moment)
