"""Charts that can be read without colour: every line has a marker and a dash of its own."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt  # noqa: E402

from figures import slope  # noqa: E402

# The same results draw the same bytes.
plt.rcParams.update({"svg.hashsalt": "rebook", "svg.fonttype": "none", "font.size": 9})

MARKERS = "osD^vXP*<>"
DASHES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (7, 2)), "-", "--"]
GREYS = ["0.0", "0.25", "0.4", "0.15", "0.5", "0.3", "0.55", "0.1", "0.45", "0.35"]

Points = list[tuple[float, float, bool]]
"""Size, value, and whether it was proven: hollow where not."""


def _draw(axes: plt.Axes, series: dict[str, Points]) -> None:
    for at, (name, points) in enumerate(series.items()):
        marker, dash, grey = MARKERS[at % 10], DASHES[at % 10], GREYS[at % 10]
        axes.plot([p[0] for p in points], [p[1] for p in points], color=grey, linestyle=dash, linewidth=1)
        for proven in (True, False):
            here = [p for p in points if p[2] == proven]
            axes.plot(
                [p[0] for p in here],
                [p[1] for p in here],
                color=grey,
                linestyle="",
                marker=marker,
                markerfacecolor=grey if proven else "white",
            )
        axes.plot([], [], color=grey, linestyle=dash, marker=marker, markerfacecolor=grey, label=name)


def time_and_gap(times: dict[str, Points], gaps: dict[str, Points], path: Path) -> None:
    """Two panels over the number of requests."""
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(7.5, 7.5), sharex=True, constrained_layout=True)
    _draw(upper, times)
    upper.set_yscale("log")
    upper.set_ylabel("time to solve\n(rebook on the smallest case = 1)")
    upper.set_title("Hollow: stopped by its limit, not proven", fontsize=9, loc="left")
    _draw(lower, gaps)
    lower.set_yscale("symlog", linthresh=1)
    lower.set_ylabel("late days beyond the best known plan\n(weighted, %)")
    lower.set_xlabel("requests")
    highest = max((value for points in gaps.values() for _, value, _ in points), default=0.0)
    lower.set_ylim(-0.1, max(2 * highest, 1.0))
    sizes = sorted({size for points in times.values() for size, _, _ in points})
    for axes in (upper, lower):
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{size:,.0f}" for size in sizes])
        axes.minorticks_off()
        axes.grid(True, which="major", color="0.85", linewidth=0.5)
    upper.legend(fontsize=8, ncols=2)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)


def growth(series: dict[str, list[tuple[float, float]]], path: Path) -> None:
    """Time against size, with the fitted powers."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5), constrained_layout=True)
    for at, (name, points) in enumerate(series.items()):
        exponent, factor = slope(points)
        xs = sorted({x for x, _ in points})
        axes.plot([x for x, _ in points], [y for _, y in points], color=GREYS[at], linestyle="", marker=MARKERS[at])
        label = f"{name}: size to the power {exponent:.2f}"
        fitted = [factor * x**exponent for x in xs]
        axes.plot(xs, fitted, color=GREYS[at], linestyle=DASHES[at], linewidth=1, marker=MARKERS[at], markersize=0, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("requests")
    axes.set_ylabel("time\n(smallest case, solving = 1)")
    axes.grid(True, which="major", color="0.85", linewidth=0.5)
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
