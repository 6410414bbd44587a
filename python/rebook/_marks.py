"""What is drawn in the pictures: in shades, hatches, markers and labels that a black-and-white printer keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from rebook._measures import UNKNOWN, Minutes, Planned, Spread, total
from rebook._picture import GREY, INK, PALE, many, plain

_BLUE = "#1f5a94"
# As light as the hatch needs to be seen where there is no colour.
_LIGHT_BLUE = "#a9cdec"
_MARKERS = "osD^vPX*"
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
_COLOURS = ("#7a0c23", "#b3541e", _BLUE, "#2c6e49", "#6a4c93", "#4a4a4a")
_DARK, _LIGHT = 0.2, 0.95
_NAMED = 4

_ROOM_FOR_TEXT = 14  # percent of a bar that holds the code of a tier


def waited(before: Spread, after: Spread) -> str:
    """Say how long patients have waited when the plan starts, and at their new appointment."""
    if before.median is None:
        return "Nobody is to be planned."
    start = f"When the plan starts, half have waited {before.median} days or less, 85 in 100 {before.p85} days or less."
    if after.median is None:
        return f"{start} Half or more have no place."
    if after.p85 is None:
        return f"{start} At the new appointment it is {after.median} days; more than 15 in 100 have no place."
    return f"{start} At the new appointment it is {after.median} and {after.p85} days."


def cells(of: Spread) -> tuple[str, str, str]:
    """Write median, 85th percentile and longest; a dash stands for somebody without a place."""
    median, p85, longest = ("-" if days is None else f"{days:,}" for days in (of.median, of.p85, of.longest))
    return median, p85, longest


def few(mondays: Sequence[date]) -> Sequence[date]:
    """Choose the days that are named below a small panel."""
    return mondays[:: -(-len(mondays) // _NAMED) or 1]


def short(day: date) -> str:
    """Say a date without its year."""
    return f"{day.day} {day:%b}"


def strip(axes: Any, row: float, found: Sequence[int], median: int | None, *, fill: str) -> None:
    """Draw a circle for each number of days, as large as the number of requests, and a line at the median."""
    counts = sorted(Counter(found).items())
    most = max((count for _, count in counts), default=1)
    # The largest fills its row; in a small case one request is still a small circle.
    sizes = [max(12, 160 * count / max(most, 12)) for _, count in counts]
    axes.scatter([at for at, _ in counts], [row] * len(counts), s=sizes, c=fill, edgecolors=INK, linewidths=0.8)
    if median is not None:
        axes.plot(median, row, marker="|", color=INK, markersize=23, markeredgewidth=2.2)


def figures(axes: Any, head: Sequence[str], rows: Mapping[float, Sequence[str]]) -> None:
    """Write a table of figures beside rows of marks."""
    axes.set_axis_off()
    axes.set_xlim(-0.5, len(head) - 0.5)
    for at, name in enumerate(head):
        where = axes.get_xaxis_transform()
        axes.text(at, 1.0, name, transform=where, ha="center", va="bottom", fontsize=9, color=GREY)
        for row, found in rows.items():
            axes.text(at, row, found[at], ha="center", va="center", fontsize=9.5)


def bars(axes: Any, found: Mapping[date, Minutes]) -> None:
    """Draw what becomes of the minutes of each day, one above the other."""
    at = [day.toordinal() for day in found]
    bottom = [0] * len(at)
    kinds = (
        ("busy already", [of.busy for of in found.values()], {"color": GREY}),
        ("planned now", [of.planned for of in found.values()], {"color": _LIGHT_BLUE, "hatch": "////"}),
        ("kept free", [of.kept for of in found.values()], {"color": PALE, "hatch": "..."}),
        ("still free", [of.free for of in found.values()], {"color": "white"}),
    )
    for name, heights, look in kinds:
        axes.bar(at, heights, width=0.85, bottom=bottom, label=name, edgecolor=INK, linewidth=0.5, **look)
        bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    axes.set_ylim(0, 1.08 * max(bottom))
    plain(axes, grid="y")


def key(axes: Any, of: Any) -> None:
    """Say in these axes what the looks in the others mean."""
    axes.set_axis_off()
    handles, labels = of.get_legend_handles_labels()
    axes.legend(handles, labels, loc="center left", ncols=len(labels), frameon=False, fontsize=9.5, borderaxespad=0)


def tightest(roles: Mapping[str, Mapping[date, Minutes]]) -> str:
    """Say which role has least left of what was free."""
    taken = {}
    for role, found in roles.items():
        of = total(found.values())
        if of.planned:
            taken[role] = of.planned / (of.planned + of.free)
    if not taken:
        return "Nothing is planned."
    role = max(taken, key=lambda role: (taken[role], role))
    return f"The fullest is {role}: the plan takes {taken[role]:.0%} of its minutes that may be planned."


def late_lines(axes: Any, sizes: Sequence[float], late: Mapping[str, Sequence[int]]) -> None:
    """Draw a line for each tier, with its name where it ends."""
    most = max((count for found in late.values() for count in found), default=0) or 1
    places = apart([found[-1] for found in late.values()], most * 0.07)
    for at, (tier, found) in enumerate(late.items()):
        look = {"color": _COLOURS[at % 6], "marker": _MARKERS[at % 8], "linestyle": _DASHES[at % 4]}
        axes.plot(sizes, found, linewidth=1.8, markersize=6, **look)
        where = {"xy": (sizes[-1], found[-1]), "xytext": (1.01, places[at]), "textcoords": ("axes fraction", "data")}
        axes.annotate(tier, **where, va="center", color=look["color"], weight="bold", fontsize=10)
    axes.set_ylim(0, most * 1.12)


def apart(places: Sequence[float], least: float) -> list[float]:
    """Move places of labels upwards by no more than makes any two at least `least` apart; their order stays."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = list(places)
    for before, at in pairwise(order):
        moved[at] = max(moved[at], moved[before] + least)
    return moved


def shares(axes: Any, percentages: Sequence[float], title: str) -> None:
    """Draw a bar for the share of each group, with its figure."""
    plain(axes, grid="x")
    axes.barh(range(len(percentages)), percentages, height=0.6, color=PALE, edgecolor=INK, hatch="///")
    most = max(percentages, default=0) or 1
    for row, share in enumerate(percentages):
        text = "<1%" if 0 < share < 1 else f"{share:.0f}%"
        axes.text(share + most * 0.04, row, text, va="center", fontsize=9)
    axes.set_xlim(0, most * 1.45)
    axes.set_xlabel(title, fontsize=9)


def waits(axes: Any, found: Sequence[Spread]) -> None:
    """Draw median and 85th percentile of each group; one that has no place is said in words."""
    plain(axes, grid="x")
    most = max((days or 0 for of in found for days in (of.median, of.p85)), default=0) or 1
    for row, of in enumerate(found):
        if of.median is None:
            axes.text(most * 0.02, row, "half or more have no place", va="center", fontsize=9)
            continue
        axes.plot(of.median, row, marker="o", color=INK, markersize=7)
        end = most if of.p85 is None else of.p85
        axes.plot([of.median, end], [row, row], color=INK, linewidth=1.2)
        if of.p85 is not None:
            axes.plot(of.p85, row, marker="|", color=INK, markersize=13, markeredgewidth=2)
        text = f" {of.median} | {'-' if of.p85 is None else of.p85}"
        axes.text(most * 1.05, row, text, va="center", fontsize=9)
    axes.set_xlim(0, most * 1.5)
    axes.set_xlabel("Days since\nthe wait began", fontsize=9)


def mix(axes: Any, found: Sequence[Sequence[Planned]], tiers: Sequence[str]) -> None:
    """Draw how much of each group each tier makes up, the most urgent darkest."""
    there = [tier for tier in tiers if any(one.tier == tier for people in found for one in people)]
    for row, people in enumerate(found):
        counts = Counter(one.tier for one in people)
        left = 0.0
        for at, tier in enumerate(there):
            width, shade = 100 * counts[tier] / len(people), _DARK + (_LIGHT - _DARK) * at / max(1, len(there) - 1)
            axes.barh(row, width, height=0.75, left=left, color=str(shade), edgecolor=INK, linewidth=0.5)
            if width >= _ROOM_FOR_TEXT:
                ink = "white" if shade < 0.6 else INK  # noqa: PLR2004 - about half way from black to white
                axes.text(left + width / 2, row, tier, ha="center", va="center", color=ink, fontsize=8.5)
            left += width
    plain(axes, grid="x")
    axes.set_xlim(0, 100)
    axes.set_xlabel("Tiers, the most urgent\ndarkest (% of requests)", fontsize=9)


def beside(late: int, no_place: int) -> str:
    """Say how many are late and how many have no place, where there are any."""
    told = [f"{late} late"] if late else []
    if no_place:
        told.append(f"{no_place} no place")
    return ", ".join(told) or "all in time"


def widest(found: Mapping[str, Spread]) -> str:
    """Say between which groups waits differ most."""
    if not found:
        return "No group has 5 patients or more."
    known = {name: of.median for name, of in found.items() if of.median is not None and name != UNKNOWN}
    if not known:
        return "In no group that is known have half of the requests a place."
    low, high = min(known, key=lambda name: known[name]), max(known, key=lambda name: known[name])
    return (
        f"Half are seen within {many(known[low], 'day')} of when their wait began in {low}, "
        f"and within {many(known[high], 'day')} in {high}."
    )
