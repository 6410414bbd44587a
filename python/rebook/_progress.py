"""How far a run is, told where somebody looks."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

Listener: TypeAlias = Callable[[str, int, int], None]

# What takes less than this is not told of.
_PATIENCE = 2.0


class Bar(Protocol):
    """What is used of a progress bar of tqdm."""

    total: float | None
    n: float

    def set_description_str(self, desc: str | None = None, refresh: bool | None = True) -> None:
        """Say what is being done."""

    def refresh(self) -> Any:
        """Show it."""

    def close(self) -> None:
        """End."""


Progress: TypeAlias = bool | Callable[..., Any] | None


class Teller:
    """Tells of a run, until it is closed."""

    def __init__(self, progress: Progress) -> None:
        """Tell in this way: see `rebook.plan`."""
        self.listener: Listener | None = None
        self._bar: Bar | None = None
        if progress is None:
            progress = _somebody_looks()
        if isinstance(progress, type):
            self._bar = progress(total=0, unit="group", leave=False)
            self.listener = self._tell_bar
        elif callable(progress):
            self.listener = progress
        elif progress:
            self._began = time.monotonic()
            self._bars = _tqdm()
            self.listener = self._tell_late if self._bars else _Lines()

    def _tell_late(self, what: str, groups: int, proven: int) -> None:
        if self._bars and self._bar is None and time.monotonic() - self._began >= _PATIENCE:
            self._bar = self._bars(total=0, unit="group", leave=False)
        self._tell_bar(what, groups, proven)

    def _tell_bar(self, what: str, groups: int, proven: int) -> None:
        if self._bar is None:
            return
        if groups:
            self._bar.total = groups
            self._bar.n = proven
        self._bar.set_description_str(what, refresh=False)
        self._bar.refresh()

    def close(self) -> None:
        """Take away what is shown."""
        if self._bar is not None:
            self._bar.close()


class _Lines:
    """Lines on standard error, as the command line prints them."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def __call__(self, what: str, groups: int, proven: int) -> None:
        del groups, proven
        now = time.monotonic()
        if now - self._told >= _PATIENCE:
            self._told = now
            sys.stderr.write(f"... {now - self._began:.0f} s: {what}\n")


def _somebody_looks() -> bool:
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())


def _tqdm() -> Callable[..., Bar] | None:
    try:
        with warnings.catch_warnings():
            # Without widgets it falls back to text, which will do.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return None
    made: Callable[..., Bar] = tqdm
    return made
