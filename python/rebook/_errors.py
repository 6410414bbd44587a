"""What can go wrong, by class, and what is wrong with the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from rebook._html import table

Severity = Literal["unusable", "cell", "row", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a table or a policy, with its place and what to do.

    Attributes
    ----------
    code : str
        A stable code; `rebook rule CODE` explains it.
    severity : {"unusable", "cell", "row", "warning"}
        Whether the case cannot be used, a request row is set aside, or it is only worth a look.
    title : str
        The problem in a few words.
    file : str
        The table, under the name of its file.
    line : int or None
        Line of the file, header = 1. A data frame is told of as the file it stands for: see `row`.
    field : str or None
        The column, or the key of the policy.
    value : str or None
        What was found, shortened.
    expected : str
        What was expected.
    help : str
        What to do.
    """

    code: str
    severity: Severity
    title: str
    file: str
    line: int | None
    field: str | None
    value: str | None
    expected: str
    help: str

    @property
    def row(self) -> int | None:
        """The row of a data frame by position, the first being 0; ``None`` where no single row is meant."""
        return None if self.line is None or self.line < _FIRST else self.line - _FIRST

    def __str__(self) -> str:
        """Say it in one line."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = "" if self.field is None else f" {self.field}"
        found = "" if self.value is None else f", found {self.value!r}"
        return f"{self.code} {place}{field}: {self.title}{found}; expected {self.expected}. {self.help}"


class Problems(tuple[Problem, ...]):
    """Problems in the order of their files and lines; prints as a table in a notebook."""

    __slots__ = ()

    def __str__(self) -> str:
        """Say each in one line."""
        return "\n".join(str(problem) for problem in self) or "no problems"

    def _repr_html_(self) -> str:
        if not self:
            return "<p>No problems.</p>"
        rows = []
        for one in self:
            place = one.file if one.line is None else f"{one.file} line {one.line}"
            where = place if one.field is None else f"{place}, {one.field}"
            rows.append((one.code, where, one.title, one.value or "", one.expected, one.help))
        return table(("code", "where", "problem", "found", "expected", "what to do"), rows)

    @classmethod
    def _of(cls, found: Iterable[dict[str, Any]]) -> Problems:
        return cls(Problem(**one) for one in found)


class RebookError(Exception):
    """Anything that rebook raises of its own."""


class InputError(RebookError, ValueError):
    """The tables or the policy cannot be used.

    Attributes
    ----------
    problems : Problems
        Every problem that was found, not only the first.

    Examples
    --------
    >>> import rebook
    >>> try:
    ...     rebook.Policy.from_toml("horizon_dayz = 3")
    ... except rebook.InputError as error:
    ...     print(error.problems[0].code, error.problems[0].field)
    E402 horizon_dayz
    """

    def __init__(self, problems: Problems) -> None:
        """Of these problems."""
        self.problems = problems
        few = "\n".join(f"- {problem}" for problem in problems[:_SHOWN])
        more = f"\n- and {len(problems) - _SHOWN} more: see `.problems`" if len(problems) > _SHOWN else ""
        super().__init__(f"the input cannot be used: {len(problems)} problem(s)\n{few}{more}")

    def __reduce__(self) -> tuple[type[InputError], tuple[Problems]]:
        """Pickle by the problems, not by the message."""
        return (type(self), (self.problems,))

    @classmethod
    def _of(cls, found: Iterable[dict[str, Any]]) -> InputError:
        return cls(Problems._of(found))


_SHOWN = 5

# Line of the first row: the header is line 1.
_FIRST = 2


class ArgumentError(RebookError, ValueError):
    """An argument that makes no sense; the message says what was expected."""


def refuse_negative(**given: int | None) -> None:
    """Refuse numbers below 0 by the name of their argument."""
    for name, value in given.items():
        if value is not None and value < 0:
            msg = f"{name}: found {value}; expected a whole number that is not negative"
            raise ArgumentError(msg)


class FileError(RebookError, OSError):
    """A file or folder that cannot be read or written."""


class InternalError(RebookError, RuntimeError):
    """The engine contradicted itself: a defect, never the data's fault. Please report it."""
