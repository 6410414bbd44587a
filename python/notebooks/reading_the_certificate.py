# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Reading the certificate
#
# Every plan comes with a proof of how good it is. This page says what its numbers mean, what may be said of a plan that
# was stopped early, and checks one proof by hand. It is for whoever has to answer: "could it not be better?"

# %%
from datetime import date
from itertools import permutations

import polars as pl

import rebook
from rebook import pictures

pl.Config.set_tbl_rows(-1)


def certificate(plan):
    """Show every entry with value, bound and gap."""
    rows = [(entry.name, entry.tier, entry.value, entry.bound, entry.gap) for entry in plan.certificate]
    return pl.DataFrame(rows, schema=["entry", "tier", "value", "bound", "gap"], orient="row")


# %% [markdown]
# ## 1. Three requests, by hand
#
# One nurse has two free slots on Monday and one on Tuesday. Three patients need one slot each: Ann's is urgent, Bob's
# and Cat's are routine, and Bob has waited longest. Any order keeps every rule, so there are six plans. We can write
# down all of them.

# %%
start = date(2024, 7, 22)
policy = rebook.Policy(
    name="three requests",
    start=start,
    tiers=[rebook.Tier("urgent", target_working_days=0), rebook.Tier("routine", target_working_days=0)],
    care_types={"dressing": rebook.CareType(roles=["nurse"], duration_minutes=15)},
    reserves=[],
)
three = rebook.Case(
    requests=pl.DataFrame(
        {
            "request_id": ["Ann", "Bob", "Cat"],
            "patient_id": ["P1", "P2", "P3"],
            "site_id": ["A", "A", "A"],
            "care_type": ["dressing", "dressing", "dressing"],
            "priority": ["urgent", "routine", "routine"],
            "original_start": ["2024-07-19T09:00", "2024-07-19T09:15", "2024-07-19T09:30"],
            "waiting_since": [date(2024, 7, 19), date(2024, 7, 2), date(2024, 7, 19)],
            "reconciliation": ["not-seen", "not-seen", "not-seen"],
        }
    ),
    sessions=pl.DataFrame(
        {
            "session_id": ["Monday", "Tuesday"],
            "practitioner_id": ["N1", "N1"],
            "site_id": ["A", "A"],
            "start": ["2024-07-22T09:00", "2024-07-23T09:00"],
            "end": ["2024-07-22T09:30", "2024-07-23T09:15"],
            "slot_minutes": [15, 15],
        }
    ),
    clinicians=pl.DataFrame({"practitioner_id": ["N1"], "role": ["nurse"]}),
    policy=policy,
)
plan = rebook.plan(three, progress=False)
plan.placed.to_polars().select("request_id", "tier", "start", "days_late", "reason")

# %%
certificate(plan)

# %% [markdown]
# Entry by entry, the most important first:
#
# | entry | what it adds up | here |
# |---|---|---|
# | `late_1` | days late of the most urgent rank, times 100; no place: a year late | Ann is seen on Monday: 0 |
# | `late_2` | the same for routine requests | one of two is seen on Tuesday, a day late: 100 |
# | `window` | requests with a latest date that have no place | nobody has one: 0 |
# | `wait_1`, `wait_2` | days of waiting times 10, with points for inconvenience, times 100 | one day for one: 1,000 |
# | `order` | days already waited times days still to wait | see below |
#
# (`window` stands after the third rank; with two ranks it is the last of the late ones.) A later entry decides only
# where all before it are equal. **value** is what this plan has. **bound** is what no plan with the same earlier
# entries can get below. Where both are equal there is nothing left to gain.
#
# Now all six plans by hand. Each patient is seen `0` or `1` days after the start.

# %%
waited = {"Ann": 3, "Bob": 20, "Cat": 3}
by_hand = []
for first, second, third in permutations(["Ann", "Bob", "Cat"]):
    day = {first: 0, second: 0, third: 1}
    late_1, late_2 = 100 * day["Ann"], 100 * (day["Bob"] + day["Cat"])
    wait_1, wait_2 = 10 * late_1, 10 * late_2  # the targets are all on the first day: each day of wait is a day late
    order = sum(waited[who] * day[who] for who in day)
    by_hand.append(((late_1, late_2, 0, wait_1, wait_2, order), f"{third} on Tuesday"))
for vector, what in sorted(set(by_hand)):
    print(vector, what)

# %%
best = min(by_hand)[0]
assert best == tuple(entry.value for entry in plan.certificate)
assert best == tuple(entry.bound for entry in plan.certificate)
print("By hand the best is", best, "and so the certificate says: value and bound.")

# %% [markdown]
# Somebody routine has to wait for Tuesday, and the last entry says who: Cat, because Bob has waited for longer.
#
# ## 2. A plan that is proven
#
# With hundreds of requests nobody writes down all plans. The certificate is the same.

# %%
case = rebook.generate("practice", seed=7, requests=500, patients=5000)
proven = rebook.plan(case, progress=False)
print(proven.status)
certificate(proven)

# %% [markdown]
# All gaps are 0. Of this plan may be said: **by this policy, no other plan does better.** Not more: another policy
# may find another one better, and the best there is can still leave people late.
#
# ## 3. A plan that was stopped early
#
# `WorkLimit` stops after so much work, the same on every machine. `TimeLimit` stops after so many seconds, and Ctrl-C
# or the stop button of the notebook stop at once. In every case the best plan so far is handed out.

# %%
stopped = rebook.plan(case, stop=rebook.WorkLimit(0), progress=False)
print(stopped.status)
gaps = certificate(stopped)
gaps

# %% [markdown]
# **What may be said:** it keeps every rule, and nobody in it waits for somebody less urgent who could give way. That
# holds for every plan that is handed out, and can be checked:

# %%
assert stopped.verify() == []
print(f"Rules broken: {len(stopped.verify())}")

# %% [markdown]
# **What may also be said:** of the first entry with a gap, by how much a better plan could still be better, at most.
# It is an upper limit of what is left, not what is left.
#
# **What may not be said:** that it is the best, or that a gap in a later entry is real. Bounds of later entries hold
# for plans that are equal in all entries before; if an earlier entry gets better, they no longer mean anything.

# %%
open_entry = next(entry for entry in stopped.certificate if entry.gap)
truth = proven.objective[open_entry.name]
at_most, truly = open_entry.gap / 100, (open_entry.value - truth) / 100
print(f"{open_entry.name} ({open_entry.tier}): at most {at_most:g} days late could be saved; {truly:g} could be.")
assert open_entry.bound <= truth <= open_entry.value

# %% [markdown]
# A limit by time works in the same way. How far it gets depends on the machine, so the status is printed and not
# promised.

# %%
soon = rebook.plan(case, stop=rebook.TimeLimit(0.2), progress=False)
assert soon.verify() == []
print(soon.status, "with", sum(1 for entry in soon.certificate if entry.gap), "entries that are not proven")

# %% [markdown]
# What did stopping cost? The line at the foot says which of the two is not proven.

# %%
pictures.side_by_side({"stopped early": stopped, "proven": proven})

# %% [markdown]
# ## What to do next
#
# 1. Before a plan is approved, read `plan.status`. `optimal`: there is nothing better by this policy.
# 2. `feasible`: read the first gap. If it is in an urgent tier, let it run for longer.
# 3. Whatever the status, `plan.verify()` must give an empty list.
