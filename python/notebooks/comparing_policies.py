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
# # Which policy, when there is not enough for all?
#
# While there is room for everybody, most policies do well. They differ when there is not. This page takes one
# overloaded practice and plans the same requests in four ways. It is for whoever signs the policy: a clinical lead with
# a practice manager.

# %%
from dataclasses import replace
from datetime import timedelta

import polars as pl

import rebook
from rebook import pictures

case = rebook.generate("practice", seed=7, requests=400, patients=4000)
case

# %% [markdown]
# ## The four policies
#
# **Strict tiers** is the built-in policy: no convenience for many buys a day's lateness for one who is more urgent.
#
# **No reserve** is the same, but plans the GP minutes too that the built-in policy keeps for today's new patients.
#
# **Weighted** lets all tiers share one rank and tells them apart by weight alone: GP1 counts four times as much as
# GP6. A day for one urgent patient can be bought with a day each for several routine ones.
#
# **First come, first served** is strict about the date on which the wait began, and about nothing else. Everybody has
# the tier of that date; within a date all are equal. Who may use which slots, and who is called, stays as it was, so
# that the order is the only difference.

# %%
strict = rebook.plan(case, progress=False)

no_reserve = case.policy
no_reserve.name = "no reserve"
no_reserve.reserves = []

weighted = case.policy
weighted.name = "weighted"
planned_tiers = [tier for tier in weighted.tiers if tier.schedule]
for tier, weight in zip(planned_tiers, [200, 175, 150, 100, 75, 50], strict=True):
    tier.weight = weight
    tier.shares_rank = tier is not planned_tiers[0]


# %%
def first_come(case, plan):
    """Give the case with a tier for each date on which a wait began, the earliest first."""
    ids = pl.concat([plan.placed.to_polars()["request_id"], plan.unplaced.to_polars()["request_id"]])
    requests = case.requests.to_polars()
    queue = (
        requests.filter(pl.col("request_id").is_in(ids.to_list()))
        .with_columns(since=pl.coalesce("waiting_since", pl.col("original_start").dt.date()))
        .with_columns(code=pl.format("{} since {}", "priority", "since"))
    )
    policy = case.policy
    known = {tier.code: tier for tier in policy.tiers}
    tiers = [tier for tier in policy.tiers if not tier.schedule]
    for _, waiting in queue.sort("since").group_by("since", maintain_order=True):
        for at, (code, given) in enumerate(waiting.select("code", "priority").unique().sort("code").iter_rows()):
            as_before = {"urgent": given == "GP1", "shares_rank": at > 0}
            tiers.append(replace(known[given], code=code, target_working_days=None, target_days=0, **as_before))
    policy.name, policy.tiers = "first come, first served", tiers
    return rebook.Case(
        requests=requests.join(queue.select("request_id", "code"), on="request_id", how="left")
        .with_columns(priority=pl.coalesce("code", "priority"))
        .drop("code"),
        slots=case.slots,
        sessions=case.sessions,
        clinicians=case.clinicians,
        sites=case.sites,
        policy=policy,
    )


plans = {
    "strict tiers": strict,
    "no reserve": rebook.plan(case.replace(policy=no_reserve), progress=False),
    "weighted": rebook.plan(case.replace(policy=weighted), progress=False),
    "first come, first served": rebook.plan(first_come(case, strict), progress=False),
}
for name, plan in plans.items():
    assert plan.verify() == [], name
    print(f"{name}: {plan.counts['placed']} placed, {plan.counts['unplaced']} without a place, {plan.status}")

# %% [markdown]
# ## One measure for all
#
# A policy cannot be judged by its own targets: one with no targets would never be late. So all four are measured by the
# tiers and targets of the built-in policy.

# %%
measure = pl.concat(
    [table.to_polars().select("request_id", "tier", "target_date") for table in (strict.placed, strict.unplaced)]
)
end = case.policy.start + timedelta(days=case.policy.horizon_days - 1)


def measured(plan):
    """Give each request with its clinical tier, and how late it is; without a place, until the end of the plan."""
    seen = plan.placed.to_polars().select("request_id", seen=pl.col("start").dt.date())
    late = (pl.col("seen").fill_null(end) - pl.col("target_date")).dt.total_days()
    return measure.join(seen, on="request_id", how="left").with_columns(days_late=late.clip(lower_bound=0))


has_place = pl.col("seen").is_not_null()
table = pl.concat(
    [
        measured(plan)
        .group_by("tier")
        .agg(
            in_time=(has_place & (pl.col("days_late") == 0)).sum(),
            late=(has_place & (pl.col("days_late") > 0)).sum(),
            no_place=(~has_place).sum(),
            days_late=pl.col("days_late").sum(),
        )
        .sort("tier")
        .select(pl.lit(name).alias("policy"), pl.all())
        for name, plan in plans.items()
    ]
)
pl.Config.set_tbl_rows(-1)
table

# %% [markdown]
# In the table somebody without a place is late until the end of the plan, which is the least that they will be. In the
# picture they are counted beside the bars.

# %%
pictures.side_by_side(plans)

# %% [markdown]
# ## Is one of them unsafe?
#
# In an overload somebody is late under every policy. A policy is called unsafe here where an urgent tier (one that is
# called whatever the route: GP1 to GP3) has more days late than under strict tiers, while routine patients are seen
# in time. A second warning is about those who are in no table yet: who falls ill today needs the minutes that are
# kept free. Both are worked out from the plans.

# %%
urgent_tiers = [tier.code for tier in case.policy.tiers if tier.schedule and tier.call]


def days_by_tier(name):
    """Give the days late of each urgent tier."""
    of = table.filter(pl.col("policy") == name, pl.col("tier").is_in(urgent_tiers))
    return dict(of.select("tier", "days_late").iter_rows())


def warnings(name):
    """Say what is unsafe about a policy."""
    before = days_by_tier("strict tiers")
    worse = [
        f"{tier} {days} instead of {before[tier]}" for tier, days in days_by_tier(name).items() if days > before[tier]
    ]
    routine = table.filter(pl.col("policy") == name, ~pl.col("tier").is_in(urgent_tiers))["in_time"].sum()
    found = []
    if worse and routine:
        found.append(f"UNSAFE IN OVERLOAD: days late {', '.join(worse)}, while {routine} routine are seen in time")
    if sum(one.fraction for one in plans[name].case.policy.reserves) < sum(
        one.fraction for one in case.policy.reserves
    ):
        found.append("LESS IS KEPT FREE for those who fall ill today")
    return found


for name in plans:
    found = warnings(name)
    print(f"{name}: {'no warning' if not found else ''}")
    for warning in found:
        print(f"   *** {warning} ***")

# %% [markdown]
# ## How to read this
#
# - **First come, first served** looks fair and is the usual way of a waiting list. It pays for the routine request of
#   last month with the urgent one of last week.
# - **Weighted** does well in sum, but no patient is a sum. Look at the most urgent tier: it pays for the others.
# - **No reserve** looks best of all here, because the table does not have those who ring tomorrow.
# - **Strict tiers** leaves most routine requests without a place. That is a true shortage, shown where it is. The way
#   out is more capacity, not another order.

# %%
unsafe = [name for name in plans if any("UNSAFE" in one for one in warnings(name))]
assert "strict tiers" not in unsafe
print("Unsafe on this case:", ", ".join(unsafe) or "none")

# %% [markdown]
# ## What to do next
#
# 1. Run this page on your own case: `rebook.Case.read("folder")` in the first cell.
# 2. Write the policy you choose with `policy.write("policy.toml")`, and let your clinical lead put a name into
#    `approved_by`.
# 3. If routine requests have no place, see how many extra sessions would help: `forty_practices` shows how to try it.
