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
# # Monday morning at the practice
#
# On Friday the system failed. More than two hundred appointments are gone. It is Monday, seven o'clock, and the phones
# open at eight. This page goes from the list as it was exported to a call list that a person can approve.
#
# All patients here are made up. With your own export, the next cell is `rebook.Case.read("folder of your export")`.

# %%
import tempfile
from datetime import date, datetime
from pathlib import Path

import polars as pl

import rebook
from rebook import pictures

monday_case = rebook.generate("practice", seed=7, dirty=True)
monday_case

# %% [markdown]
# ## 1. Is the list fit to be used?
#
# Exports are never clean. Rows that cannot be read do not stop the plan, but they are patients all the same: they are
# set aside, listed, and somebody must see to them. Each line says what was found, what was expected and what to do.

# %%
monday_case.check()

# %% [markdown]
# ## 2. The plan
#
# Safe, then soon, then fair: nobody is late who need not be, the most urgent first; then everybody as soon and as
# conveniently as possible; then those who have waited longest.

# %%
monday = rebook.plan(monday_case, progress=False)
monday

# %%
counts = monday.counts
assert counts["requests"] == counts["placed"] + counts["unplaced"] + counts["excluded"]
print(
    "{requests} rows = {placed} with a place + {unplaced} without + {excluded} set aside. Nobody is lost.".format(
        **counts
    )
)

# %% [markdown]
# ## 3. Who needs a clinician now?
#
# These are not for a call list. A clinician decides, before anybody else is rung. Rows that cannot be read go back to
# whoever made the export: until they are readable, nobody knows how urgent they are.

# %%
set_aside = monday.excluded.to_polars()
set_aside.filter(pl.col("reason_code").is_in(["escalate-now", "needs-clinical-review"])).select(
    "request_id", "reason_code", "detail"
)

# %%
set_aside.group_by("reason_code").len("rows").sort("rows", descending=True)

# %% [markdown]
# ## 4. Who is called first?
#
# The call list is in order. Everybody whose `call_by` is today is called today, because their appointment is near or
# their need is pressing. `check-first` in `flags`: look before you call, they may have been seen already.

# %%
calls = monday.calls.to_polars()
today = calls.filter(pl.col("call_by") == date(2024, 7, 22))
print(f"{len(today)} calls today, {len(calls)} in all. The first ten:")
today.select("call_order", "request_id", "tier", "start", "practitioner_id", "site_id", "flags").head(10)

# %%
pictures.waiting(monday)

# %% [markdown]
# ## 5. Who has no place, and what would help?
#
# Each has a reason, and a change that was tried and would give them a place. It is a possibility, not a permission: a
# clinician or the patient has to agree.

# %%
with pl.Config(fmt_str_lengths=200, tbl_width_chars=200):
    print(monday.unplaced.to_polars().select("request_id", "tier", "reason", "smallest_change"))

# %% [markdown]
# Where is room left in the book? Dotted minutes are kept free for today's new patients; the plan does not touch them.

# %%
pictures.capacity(monday)

# %% [markdown]
# ## 6. "Why not sooner?"
#
# Somebody will ring and ask. This is the whole answer for the one who is latest.

# %%
latest = monday.placed.to_polars().sort("days_late", "request_id", descending=[True, False])["request_id"][0]
monday.explain(latest)

# %% [markdown]
# ## 7. Check, then write
#
# `verify` works every rule out again, with other code than the planner's. No violation means that the plan can be put
# before the person who approves it.

# %%
violations = monday.verify()
assert violations == [], violations
desk = Path(tempfile.mkdtemp())
monday.write(desk / "monday")
sorted(path.name for path in (desk / "monday").iterdir())

# %% [markdown]
# ## 8. Tuesday: plan the rest
#
# On Monday everybody due a call was rung. All but the last three said yes and were booked in the record system. On
# Tuesday the book is exported again. Here that export is made by hand: their slots are busy now.

# %%
monday_case.write(desk / "export")
reached = today.head(len(today) - 3).select("patient_id", pl.col("slot_ids").alias("slot_id")).explode("slot_id")
book = pl.read_csv(desk / "export" / "slots.csv", infer_schema=False)
booked = book.join(reached.unique("slot_id"), on="slot_id", how="left").with_columns(
    status=pl.when(pl.col("patient_id_right").is_not_null()).then(pl.lit("busy")).otherwise("status"),
    patient_id=pl.coalesce("patient_id_right", "patient_id"),
)
booked.drop("patient_id_right").write_csv(desk / "export" / "slots.csv")

tuesday_case = rebook.Case.read(
    desk / "export", start=date(2024, 7, 23), as_of=datetime.fromisoformat("2024-07-23T07:00")
)
tuesday = rebook.plan(tuesday_case, previous=monday, progress=False)
assert tuesday.verify() == []
tuesday

# %% [markdown]
# Who was booked is done and needs no place any more. Who was promised a place keeps it, unless moving them is worth
# more than the policy asks. These are all who stand elsewhere than on Monday.

# %%
changed = monday.diff(tuesday).to_polars()
changed.group_by("before_status", "after_status").len("requests")

# %%
done = tuesday.excluded.to_polars().filter(pl.col("detail") == "booked")
assert set(done["request_id"]) == set(changed["request_id"]), "somebody moved who was not booked"
print(f"{len(done)} were booked on Monday. Nobody else moves; {len(tuesday.calls)} are still to be called.")

# %% [markdown]
# ## What to do next
#
# 1. A clinician sees the list of step 3, now.
# 2. The person named in the policy reads the plan and approves it. Until then every page says "proposed, not approved".
# 3. Call in the order of step 4. Book in your record system; nothing here books or messages anybody.
# 4. Take the list of step 5 to the partners' meeting: each line says what would help.
# 5. Send the unreadable rows of step 1 back, and plan again tomorrow with `previous=`.
