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
# # Forty practices and their hubs
#
# You plan for an integrated care board. Forty practices, in networks with a hub each, lost appointments on the same
# day. Who is behind, and where would extra sessions help most? The practices and patients are made up.

# %%
from datetime import datetime, timedelta

import polars as pl

import rebook
from rebook import pictures

case = rebook.generate("icb", practices=40, requests=80, patients=4000, seed=7)
plan = rebook.plan(case, progress=False)
assert plan.verify() == []
plan

# %% [markdown]
# ## 1. Who is behind?
#
# A request counts for the practice of its patient, wherever it is seen. Days late are added up over those with a place;
# those without one are beside them, because a practice that gives nobody a late place is not ahead.

# %%
home = case.requests.to_polars().unique("request_id").select("request_id", home="site_id")
sites = case.sites.to_polars().select(
    home="site_id", practice=pl.coalesce("practice", "site_id"), network="pcn", hub="hub"
)
everybody = (
    pl.concat([plan.placed.to_polars(), plan.unplaced.to_polars()], how="diagonal")
    .join(home, on="request_id")
    .join(sites, on="home")
)


def behind(by):
    """Add up lateness by practice or network, the furthest behind first."""
    return (
        everybody.group_by(by)
        .agg(
            requests=pl.len(),
            late=(pl.col("days_late") > 0).sum(),
            days_late=pl.col("days_late").sum(),
            longest=pl.col("days_late").max(),
            no_place=pl.col("start").is_null().sum(),
        )
        .sort("days_late", "no_place", by, descending=[True, True, False])
    )


behind("practice").head(10)

# %% [markdown]
# ## 2. Late days by network
#
# The practices of a network share a hub. A network that is behind has no room left to share.

# %%
networks = behind("network")
networks

# %%
network_of = dict(everybody.select("request_id", "network").iter_rows())
pictures.equity(plan, network_of)

# %% [markdown]
# The panel at the right matters: a network with more urgent requests has more that can be late.

# %%
pictures.waiting(plan)

# %% [markdown]
# ## 3. Where do extra sessions help most? Try it
#
# A guess is not needed: add the session and plan again. A session here is three hours on Monday, Tuesday or Wednesday
# morning, by a locum who may do what the practice's own people of that role may do. It is tried for the five practices
# that are furthest behind, and for the roles that see most of those who are late.

# %%
sessions, clinicians = case.sessions.to_polars(), case.clinicians.to_polars()
start = case.policy.start


def extra(site, role, count):
    """Give a scenario with so many further sessions of a role at a site."""
    own = (
        sessions.filter(pl.col("site_id") == site).join(clinicians, on="practitioner_id").filter(pl.col("role") == role)
    )
    skills = sorted({skill for listed in own["skills"].drop_nulls() for skill in listed})
    people, held = [], []
    for at in range(count):
        who = f"LOCUM-{site}-{role}-{at // 3}"
        begin = datetime(start.year, start.month, start.day + at % 3, 9)
        end = begin + timedelta(hours=3)
        people.append({"practitioner_id": who, "role": role, "skills": skills})
        held.append({"session_id": f"{who}-{at}", "practitioner_id": who, "site_id": site, "start": begin, "end": end})
    if not held:
        return {}
    return {
        "sessions": pl.DataFrame(held).with_columns(slot_minutes=pl.lit(15)),
        "clinicians": pl.DataFrame(people).unique("practitioner_id"),
    }


def standing(of):
    """Give days late in all, and requests without a place."""
    return sum(of.placed.to_pydict()["days_late"]), len(of.unplaced)


# %%
late = everybody.filter(pl.col("days_late") > 0).join(
    clinicians.select("practitioner_id", "role"), on="practitioner_id"
)
roles = late["role"].value_counts(sort=True)["role"].head(2).to_list()
worst = behind("home").head(5)["home"].to_list()
days_before, no_place_before = standing(plan)

two_more = {(site, role): extra(site, role, 2) for site in worst for role in roles}
tried = []
for (site, role), one in rebook.sweep(case, two_more).items():
    days, no_place = standing(one)
    tried.append(
        {
            "practice": site,
            "two sessions of": role,
            "days late fewer": days_before - days,
            "places gained": no_place_before - no_place,
        }
    )
gains = pl.DataFrame(tried).sort("days late fewer", "places gained", "practice", descending=[True, True, False])
gains

# %% [markdown]
# Two sessions in the right place help; the same two elsewhere do nothing, because it was not the minutes that were
# missing but a skill or a date. How many are enough at the best place?

# %%
best = gains.row(0, named=True)
where = (best["practice"], best["two sessions of"])
plans = rebook.sweep(case, {count: extra(*where, count) for count in (0, 1, 2, 3, 4, 6)})
pictures.late_days(plans, unit=f"extra sessions of 3 hours by {where[1]} at {where[0]}")

# %%
nothing = gains.filter(pl.col("days late fewer") <= 0, pl.col("places gained") <= 0)
print(f"Best of {len(gains)} tried: {where[1]} at {where[0]}, {best['days late fewer']} days late fewer.")
print(f"{len(nothing)} of {len(gains)} would have bought nothing.")

# %% [markdown]
# ## What to do next
#
# 1. Offer the sessions at the top of the last table first; do not buy those that give nothing.
# 2. For those without a place, read `smallest_change` in `plan.unplaced`: often it is a date or a skill, not a session.
# 3. Send each practice its own rows only. Run the page again tomorrow, with `previous=plan`.
