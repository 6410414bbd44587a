"""Why a request is where it is."""

from __future__ import annotations

from html import escape
from typing import Any, Literal


class Explanation:
    """Everything there is to say about one request.

    `Plan.explain` makes it. ``str(...)`` says it in words, as at the desk; `data` has all of it as values.

    Attributes
    ----------
    request_id : str
        The request.
    data : dict
        As ``rebook explain --json`` prints it; the words in it may change, names of keys do not.
    text : str
        The same in words.

    Examples
    --------
    >>> import rebook
    >>> plan = rebook.plan(rebook.generate("practice", seed=7))
    >>> late = plan.unplaced.to_pydict()["request_id"]
    >>> [plan.explain(request).status for request in late[:1]]
    ['unplaced']
    """

    __slots__ = ("data", "request_id", "text")

    def __init__(self, data: dict[str, Any], text: str) -> None:
        """Of what the engine found."""
        self.data = data
        self.text = text
        self.request_id: str = data["request_id"]

    @property
    def status(self) -> Literal["placed", "unplaced", "excluded"]:
        """Whether it has a place."""
        status: Literal["placed", "unplaced", "excluded"] = self.data["status"]
        return status

    @property
    def reason(self) -> str:
        """Why it is where it is, in a sentence."""
        if self.status == "excluded":
            return "; ".join(row["reason_code"] for row in self.data["excluded_rows"])
        reason: str = self.data["reason"]
        return reason

    @property
    def dates(self) -> list[dict[str, Any]]:
        """Every date from the start of the plan on, and who or what holds it."""
        dates: list[dict[str, Any]] = self.data.get("dates", [])
        return dates

    @property
    def changes(self) -> list[str]:
        """Changes with any one of which it would have a place, or be seen earlier; each was tried."""
        return [change["text"] for change in self.data.get("changes", [])]

    def __str__(self) -> str:
        """Say it in words."""
        return self.text.strip()

    def __repr__(self) -> str:
        """Say what it is about."""
        return f"<rebook.Explanation of {self.request_id}: {self.status}; {self.reason}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
