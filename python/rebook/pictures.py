"""Pictures of plans, for a page that is printed in black and white.

Each says in its title what it shows and in a line below what it says. None has the id of a patient or request. They
need matplotlib: ``pip install "rebook[pictures]"``.

Examples
--------
>>> import rebook
>>> from rebook import pictures
>>> picture = pictures.waiting(rebook.plan(rebook.generate("practice", seed=7)))
>>> picture.alt.startswith("How long patients will have waited, by tier. ")
True
"""

from __future__ import annotations

from collections.abc import Mapping

from rebook import _marks as marks
from rebook import _measures as measures
from rebook._errors import ArgumentError
from rebook._picture import GREY, INK, PALE, Picture, begin, many, plain
from rebook._plan import Plan

__all__ = ["Picture", "capacity", "equity", "late_days", "side_by_side", "waiting"]

_PANELS = 3  # beside each other


def waiting(plan: Plan) -> Picture:
    """Draw how long patients have waited when the plan starts and at their new appointment, by tier.

    Days count from ``waiting_since``, or from the cancelled appointment without it. A circle is as large as the number
    of requests that it stands for. Median and 85th percentile are waits of somebody (nearest rank); a request without a
    place counts as longer than all others and is told of as well as a number.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    Picture
        Days by tier, the most urgent at the top.

    Examples
    --------
    >>> import rebook
    >>> from rebook import pictures
    >>> picture = pictures.waiting(rebook.plan(rebook.generate("practice", seed=7)))
    >>> picture.savefig("waiting.png")  # doctest: +SKIP
    """
    tiers = measures.by_tier(plan)
    people = [one for tier in tiers.values() for one in tier]
    before, after = measures.spread(one.waited for one in people), measures.spread(one.wait for one in people)
    no_place = sum(one.wait is None for one in people)
    counted = f"{many(len(people), 'request')} planned, {no_place:,} of them without a place."
    says = f"{counted} {marks.waited(before, after)}"
    note = (
        "A larger circle is more requests; the tall line is the median. "
        "Somebody without a place counts as waiting longer than all others (-); the longest is of those with a place."
    )
    title = "How long patients will have waited, by tier"
    picture = begin(title, says, {"": plan}, height=1.1 + 0.75 * max(1, len(tiers)), notes=[note])
    axes, beside = picture.subplots(1, 2, sharey=True, width_ratios=(2.6, 1))
    plain(axes, grid="x")
    figures = {}
    for row, tier in enumerate(tiers.values()):
        now, then = measures.spread(one.waited for one in tier), measures.spread(one.wait for one in tier)
        marks.strip(axes, row - 0.19, [one.waited for one in tier], now.median, fill="white")
        marks.strip(axes, row + 0.19, [one.wait for one in tier if one.wait is not None], then.median, fill=GREY)
        figures[row - 0.19] = (*marks.cells(now), "")
        figures[row + 0.19] = (*marks.cells(then), str(sum(one.wait is None for one in tier)))
    marks.figures(beside, ("median", "85 in\n100", "longest", "no\nplace"), figures)
    axes.set_yticks(
        [row + side for row in range(len(tiers)) for side in (-0.19, 0.19)],
        [label for tier, of in tiers.items() for label in (f"{tier} (n = {len(of)})  now", "then")],
    )
    axes.set_ylim(max(1, len(tiers)) - 0.5, -0.5)
    axes.set_xlim(left=-1)
    axes.set_ylabel("Tier")
    axes.set_xlabel("Days since the wait began: until the plan starts (now), until the new appointment (then)")
    return picture


def capacity(plan: Plan) -> Picture:
    """Draw what becomes of the minutes of the book, by role and day.

    Busy is what was booked already; kept free is what the policy's reserve keeps for new demand together with free
    slots under a label (as ``urgent``) that nobody takes; the rest is still free. A group slot counts once for each
    place. Blocked slots, slots that had begun when the book was read, and free slots on leave or where a site is closed
    are no capacity, and neither are bank holidays. Each role has a scale of its own.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    Picture
        Minutes by day, a panel for each role, the one with most minutes planned first.

    Examples
    --------
    >>> import rebook
    >>> from rebook import pictures
    >>> picture = pictures.capacity(rebook.plan(rebook.generate("practice", seed=7)))
    >>> picture.axes[0].get_ylabel()
    'Minutes'
    """
    roles = measures.capacity_minutes(plan)
    order = sorted(roles, key=lambda role: (-sum(of.planned for of in roles[role].values()), role))
    total = measures.total(of for days in roles.values() for of in days.values())
    were_free = total.planned + total.kept + total.free
    says = (
        f"Of {were_free:,} minutes that were free, the plan takes {total.planned:,}, {total.kept:,} are kept free and "
        f"{total.free:,} are still free; {total.busy:,} were busy already. {marks.tightest(roles)}"
    )
    if not roles:
        says = "The book has no minutes, busy or free, from when it was read to the end of the plan."
    rows = -(-len(order) // _PANELS)
    note = "Each role has a scale of its own. Days without a bar have no session in the book."
    title = "What becomes of the minutes of the book, by role and day"
    picture = begin(title, says, {"": plan}, height=2.2 * rows + 0.3, notes=[note])
    grid = picture.add_gridspec(rows + 1, _PANELS, height_ratios=(0.12, *[1] * rows))
    mondays = marks.few(sorted({day for days in roles.values() for day in days if day.weekday() == 0}))
    panels = [picture.add_subplot(grid[1 + at // _PANELS, at % _PANELS]) for at in range(len(order))]
    for panel, role in zip(panels, order, strict=True):
        marks.bars(panel, roles[role])
        panel.set_title(role, fontsize=10, loc="left", weight="bold")
        panel.set_xticks([day.toordinal() for day in mondays], [marks.short(day) for day in mondays])
        panel.set_ylabel("Minutes", fontsize=9)
        panel.set_xlabel("Day", fontsize=9)
        panel.sharex(panels[0])
    if panels:
        marks.key(picture.add_subplot(grid[0, :]), panels[0])
    return picture


def late_days(plans: Mapping[float, Plan], *, unit: str) -> Picture:
    """Draw how late patients are against the size of extra capacity.

    Days late are added up over those with a place, by tier; those without a place are counted below, because somebody
    who gains a place may add days late. A line marks the size from which no larger one that was tried gives fewer days
    late or more places.

    Parameters
    ----------
    plans : mapping of number to Plan
        A plan for each size of extra capacity, at least two.
    unit : str
        What the sizes count, as ``"extra sessions"``.

    Returns
    -------
    Picture
        Days late by tier above, requests without a place below.

    Raises
    ------
    ArgumentError
        For fewer than two plans, or where they are not of the same requests.

    Examples
    --------
    >>> import rebook
    >>> from rebook import pictures
    >>> case = rebook.generate("practice", seed=7)
    >>> plans = {0: rebook.plan(case), 1: rebook.plan(case.replace(additional=True))}
    >>> pictures.late_days(plans, unit="Saturday clinics").axes[1].get_xlabel()
    'Saturday clinics'
    """
    if len(plans) < 2:  # noqa: PLR2004 - a line has two ends
        msg = f"plans: found {len(plans)}; expected two or more, each with its size of extra capacity as key"
        raise ArgumentError(msg)
    sizes = sorted(plans)
    found = measures.lateness_of({size: plans[size] for size in sizes})
    late = {tier: [found[size][tier].days for size in sizes] for tier in found[sizes[0]]}
    no_place = [sum(of.no_place for of in found[size].values()) for size in sizes]
    enough = measures.nothing_more({size: [(of.days, of.no_place) for of in found[size].values()] for size in sizes})
    in_all = [sum(of.days for of in found[size].values()) for size in sizes]
    says = (
        f"From {sizes[0]:g} to {sizes[-1]:g} {unit}, days late go from {in_all[0]:,} to {in_all[-1]:,} and requests "
        f"without a place from {no_place[0]:,} to {no_place[-1]:,}. "
    ) + (
        f"The largest size that was tried, {sizes[-1]:g}, still gives more."
        if enough is None
        else f"Of the sizes that were tried, none above {enough:g} gives more."
    )
    never = [tier for tier, days in late.items() if not any(days)]
    notes = [f"Never late: {', '.join(never)}."] if never else []
    picture = begin("Days late against extra capacity, by tier", says, plans, height=5.0, notes=notes)
    above, below = picture.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    marks.late_lines(above, sizes, {tier: days for tier, days in late.items() if any(days)})
    below.plot(sizes, no_place, color=INK, marker="s")
    below.set_ylim(0, 1.25 * max(1, *no_place))
    below.yaxis.get_major_locator().set_params(integer=True)
    below.set_ylabel("Requests\nwithout a place")
    above.set_ylabel("Days late, added up")
    below.set_xlabel(unit)
    for panel in (above, below):
        plain(panel, grid="y")
        if enough is not None:
            panel.axvline(enough, color=GREY, linestyle=(0, (2, 2)), linewidth=1.3)
    if enough is not None:
        where = {"xy": (enough, 1), "xycoords": ("data", "axes fraction")}
        side = "right" if 2 * enough > sizes[0] + sizes[-1] else "left"
        above.annotate("  no larger size gives more  ", **where, ha=side, va="top", color=INK, fontsize=9.5)
    return picture


def side_by_side(plans: Mapping[str, Plan]) -> Picture:
    """Draw how late each tier is under several plans for the same requests, as under several policies.

    Days late are added up over those with a place; those late and those without a place are counted beside the bar. All
    are measured by the tiers and targets of the first plan: a policy with later targets would be late for nobody by its
    own.

    Parameters
    ----------
    plans : mapping of str to Plan
        Each under the name that it is told by.

    Returns
    -------
    Picture
        A panel for each plan, with a bar for each tier, all on one scale.

    Raises
    ------
    ArgumentError
        Without a plan, or where the plans are not of the same requests.

    Examples
    --------
    >>> import rebook
    >>> from rebook import pictures
    >>> case = rebook.generate("practice", seed=7)
    >>> policy = case.policy
    >>> policy.reserves = []
    >>> both = {"as it is": rebook.plan(case), "no reserve": rebook.plan(case.replace(policy=policy))}
    >>> len(pictures.side_by_side(both).axes)
    2
    """
    if not plans:
        msg = "plans: found none; expected a mapping of names to plans"
        raise ArgumentError(msg)
    found = measures.lateness_of(plans)
    in_all = [
        f"{name}: {many(sum(of.days for of in tiers.values()), 'day')} late, "
        f"{sum(of.no_place for of in tiers.values()):,} without a place"
        for name, tiers in found.items()
    ]
    says = "; ".join(in_all) + "."
    tiers = list(next(iter(found.values())))
    rows = -(-len(found) // 2)
    title = "Days late by tier, plan by plan"
    note = "Somebody without a place adds no days late: read both, and bars by tier rather than in all."
    picture = begin(title, says, plans, height=rows * (0.9 + 0.33 * len(tiers)), notes=[note])
    panels = picture.subplots(rows, 2 if len(found) > 1 else 1, sharex=True, sharey=True, squeeze=False)
    widest = max((of.days for of_plan in found.values() for of in of_plan.values()), default=0) or 1
    for panel, (name, of_plan) in zip(panels.flat, found.items(), strict=False):
        plain(panel, grid="x")
        panel.barh(tiers, [of_plan[tier].days for tier in tiers], color=PALE, edgecolor=INK, hatch="///", height=0.65)
        for row, of in enumerate(of_plan.values()):
            label, weight = marks.beside(of.late, of.no_place), "bold" if of.no_place else "normal"
            panel.text(of.days + widest * 0.015, row, label, va="center", fontsize=9, weight=weight)
        panel.set_title(name, fontsize=10.5, loc="left", weight="bold")
        panel.set_xlim(0, widest * 1.75)
        panel.set_xlabel("Days late, added up", fontsize=9.5)
        panel.xaxis.set_tick_params(labelbottom=True)
    panels[0][0].invert_yaxis()
    for row_of_panels in panels:
        row_of_panels[0].set_ylabel("Tier")
    for panel in panels.flat[len(found) :]:
        panel.remove()
    return picture


def equity(plan: Plan, by: measures.By) -> Picture:
    """Draw what the plan means for groups of patients: places, waits and lateness.

    Groups differ in how urgent their needs are, and the more urgent are seen sooner. A difference between groups is
    therefore not yet unfair; the panel at the right shows how much of each group each tier makes up. Waits are those of
    `waiting`. Groups of fewer than five patients are not shown, only counted. Shares within a shown group may still go
    back to one or two patients: share the picture as you would share such a table.

    Parameters
    ----------
    plan : Plan
        Any plan.
    by : str or mapping of str to str
        A column of requests, as ``"imd_decile"`` (drawn as fifths), ``"contact_route"`` or ``"site_id"``, or the
        group of each request by its id. What is not known is a group of its own.

    Returns
    -------
    Picture
        Share without a place, days until the new appointment, share late and tiers, by group.

    Raises
    ------
    ArgumentError
        Where there is no such column, it names persons, or the mapping is about other requests.

    Examples
    --------
    >>> import rebook
    >>> from rebook import pictures
    >>> plan = rebook.plan(rebook.generate("practice", seed=7))
    >>> pictures.equity(plan, "contact_route").title
    'What the plan means for groups, by contact route'
    """
    shown, hidden = measures.groups(plan, by)
    found = {name: measures.spread(one.wait for one in people) for name, people in shown.items()}
    name_of = "group" if not isinstance(by, str) else "deprivation" if by == "imd_decile" else by.replace("_", " ")
    says = marks.widest(found)
    notes = [
        "Dot: median; bar: 85th percentile (-: without a place).",
        "Groups differ in urgency, and the more urgent are seen sooner: compare the tiers at the right first.",
    ]
    if hidden:
        notes.append(f"{many(hidden, 'group')} of fewer than 5 patients not shown.")
    title = f"What the plan means for groups{f', by {name_of}' if isinstance(by, str) else ''}"
    picture = begin(title, says, {"": plan}, height=1.2 + 0.42 * max(2, len(shown)), notes=notes)
    panels = picture.subplots(1, 4, sharey=True, width_ratios=(1, 1.8, 1, 1.8))
    names = list(shown)
    without = [measures.share(shown[name], late=False) for name in names]
    late = [measures.share(shown[name], late=True) for name in names]
    marks.shares(panels[0], without, "No place\n(% of requests)")
    marks.waits(panels[1], [found[name] for name in names])
    marks.shares(panels[2], late, "Late\n(% of requests)")
    marks.mix(panels[3], [shown[name] for name in names], [tier.code for tier in plan.case.policy.tiers])
    panels[0].set_yticks(range(len(names)), [f"{name} (n = {len(shown[name])})" for name in names])
    panels[0].set_ylim(max(1, len(names)) - 0.5, -0.5)
    panels[0].set_ylabel(name_of)
    return picture
