"""Areas: the parts of a book that have nothing to do with each other.

They are those of the engine (`engine/src/solve/areas.rs`), and coarser where rows of one part are needed to read those
of another: the engine sees the whole book, a task sees its area alone. Rows are of one area where they share

- a practice, or a hub and a site that it serves;
- a practitioner or session: caps, leave, and who is busy elsewhere;
- a patient who asks for something, with all that the book has for them: rules 3.6 and 4.5, and ``check-first``;
- a request, by its own id or as the one to come after: links, circles, and ids that are there twice;
- a visit;
- a slot id: to be there twice makes the book unusable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from rebook._case import _how
from rebook._errors import InputError, Problems
from rebook.spark._tables import Tables, cell, checked, without_lines

# The area of rows for which there is no site at all.
NO_SITE = ""

# What the stand-in for a site begins with where a row names none: no id that can be read does.
_STAND_IN = "\0"

_TIE_COLUMNS = ("site_id", "practice", "pcn", "hub", "serves")


def areas(
    *,
    requests: DataFrame,
    slots: DataFrame | None = None,
    sessions: DataFrame | None = None,
    clinicians: DataFrame,
    sites: DataFrame | None = None,
) -> DataFrame:
    """Find the areas of a book: planned apart, they have the results that they have together.

    Parameters
    ----------
    requests, clinicians : DataFrame
        Tables with the columns that they have as files.
    slots, sessions : DataFrame, optional
        At least one of them, as for `rebook.Case`.
    sites : DataFrame, optional
        Without it, a site for each id that is named.

    Returns
    -------
    DataFrame
        ``site_id`` and ``area``, which is the smallest id of its sites.

    Raises
    ------
    InputError
        Where columns cannot be taken, or the table of sites cannot be read.

    Examples
    --------
    >>> import rebook.spark
    >>> from pyspark.sql import SparkSession
    >>> spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    >>> moment = "timestamp_ntz'2024-07-22 09:00' as start, timestamp_ntz'2024-07-22 12:00' as end"
    >>> found = rebook.spark.areas(
    ...     requests=spark.sql(
    ...         "select 'R1' as request_id, 'P1' as patient_id, 'C' as site_id, 'blood-test' as care_type, "
    ...         "'2024-07-19T09:00' as original_start"
    ...     ),
    ...     sessions=spark.sql(
    ...         f"select id as session_id, 'H1' as practitioner_id, site as site_id, {moment}, 10 as slot_minutes "
    ...         "from values ('S1', 'A'), ('S2', 'B') as t(id, site)"
    ...     ),
    ...     clinicians=spark.sql("select 'H1' as practitioner_id, 'hca' as role"),
    ... )
    >>> sorted(tuple(row) for row in found.collect())
    [('A', 'A'), ('B', 'A'), ('C', 'C')]
    """
    given = {"requests": requests, "slots": slots, "sessions": sessions, "clinicians": clinicians, "sites": sites}
    tables = checked(given, _how(None, None, None, (), additional=False))
    located = locate(tables)
    nodes = (part.select("node") for part in located.rows.values())
    named = reduce(DataFrame.union, nodes).distinct().where(~F.col("node").startswith(_STAND_IN))
    return located.with_area(named).select(F.col("node").alias("site_id"), "area")


@dataclass(frozen=True)
class Located:
    """The rows of each table as a struct, and the area of each."""

    rows: dict[str, DataFrame]
    """``row`` and ``node``, its site or what stands for it; of clinicians ``id`` instead of a node."""
    people: DataFrame
    """``id`` of a practitioner, ``node`` where somebody has to know who they are."""
    clinicians: DataFrame
    areas: DataFrame
    """``node`` and ``area`` of those that are tied to another."""

    def with_area(self, frame: DataFrame) -> DataFrame:
        """Add the area of each node."""
        alone = F.when(F.col("node").startswith(_STAND_IN), F.lit(NO_SITE)).otherwise(F.col("node"))
        joined = frame.join(F.broadcast(self.areas), "node", "left")
        return joined.withColumn("area", F.coalesce("area", alone))

    def clinicians_with_area(self) -> DataFrame:
        """Put a practitioner in every area that names them; one whom nobody names is in that of no site."""
        known = self.with_area(self.people).select("id", "area").distinct()
        joined = self.clinicians.join(known, "id", "left")
        return joined.withColumn("area", F.coalesce("area", F.lit(NO_SITE)))


def site_of(node: Column) -> Column:
    """Give the site that a node is; null where it stands for one that is not named."""
    return F.when(~node.startswith(_STAND_IN), node)


def locate(tables: Tables) -> Located:
    """Find the area of every row. What is collected is one row for each set of sites that something ties together."""
    frames = tables.frames
    parts = {"requests": _requests(frames["requests"])}
    if "sessions" in frames:
        parts["sessions"] = _sessions(frames["sessions"])
    if "slots" in frames:
        parts["slots"] = _slots(frames["slots"], parts.get("sessions"))
    if "sites" in frames:
        site = cell(frames["sites"], "site_id")
        node = F.coalesce(site, F.lit(_STAND_IN))
        parts["sites"] = frames["sites"].select(F.struct("*").alias("row"), node.alias("node"))
    ties = (part.select("node", F.explode("ties").alias("tie")) for part in parts.values() if "ties" in part.columns)
    shared = (
        reduce(DataFrame.union, ties)
        .where("tie.id is not null")
        .groupBy("tie.kind", "tie.id")
        .agg(F.sort_array(F.collect_set("node")).alias("nodes"), F.max("tie.binds").alias("binds"))
        .where("binds and size(nodes) > 1")
        .select("nodes")
        .distinct()
    )
    found = _joined([*(list(row["nodes"]) for row in shared.collect()), *_of_sites(tables)])
    spark = frames["requests"].sparkSession
    holders = parts.get("sessions", parts.get("slots"))
    asked = parts["requests"].select(F.col("preferred").alias("id"), "node")
    people = asked if holders is None else asked.union(holders.select(F.col("practitioner").alias("id"), "node"))
    clinicians = frames["clinicians"].select(
        F.struct("*").alias("row"), cell(frames["clinicians"], "practitioner_id").alias("id")
    )
    mapped = spark.createDataFrame(list(found.items()), "node string, area string")
    return Located(parts, people.where("id is not null").distinct(), clinicians, mapped)


def _ties(*ties: tuple[str, Column, bool]) -> Column:
    """Give the ids by which a row is tied to others: of what kind, which, and whether one such row is enough to tie."""
    structs = [
        F.struct(F.lit(kind).alias("kind"), id_.alias("id"), F.lit(binds).alias("binds")) for kind, id_, binds in ties
    ]
    return F.array(*structs).alias("ties")


def _stand_in(*ids: Column) -> Column:
    return F.concat(F.lit(_STAND_IN), F.concat_ws(_STAND_IN, *(F.coalesce(one, F.lit("")) for one in ids)))


def _requests(frame: DataFrame) -> DataFrame:
    request, patient = cell(frame, "request_id"), cell(frame, "patient_id")
    node = F.coalesce(cell(frame, "site_id"), _stand_in(request, patient))
    ties = _ties(
        ("request", request, True),
        ("request", cell(frame, "after_request_id"), True),
        ("patient", patient, True),
        ("visit", cell(frame, "together_id"), True),
    )
    preferred = cell(frame, "preferred_practitioner_id").alias("preferred")
    return frame.select(F.struct("*").alias("row"), node.alias("node"), preferred, ties)


def _sessions(frame: DataFrame) -> DataFrame:
    session, practitioner = cell(frame, "session_id"), cell(frame, "practitioner_id")
    node = F.coalesce(cell(frame, "site_id"), _stand_in(session))
    ties = _ties(("session", session, True), ("practitioner", practitioner, True))
    row = F.struct("*").alias("row")
    return frame.select(row, node.alias("node"), session.alias("session"), practitioner.alias("practitioner"), ties)


def _slots(frame: DataFrame, sessions: DataFrame | None) -> DataFrame:
    session, practitioner = cell(frame, "session_id"), cell(frame, "practitioner_id")
    status = F.coalesce(cell(frame, "status"), F.lit("free"))
    there = status != "entered-in-error"
    taken = status.isin("busy", "busy-tentative")
    slots = frame.select(
        F.struct("*").alias("row"),
        session.alias("session"),
        practitioner.alias("practitioner"),
        cell(frame, "site_id").alias("site"),
        F.when(there, cell(frame, "slot_id")).alias("slot"),
        F.when(taken, cell(frame, "patient_id")).alias("patient"),
    )
    if sessions is None:
        slots = slots.withColumn("held", F.lit(None).cast("string"))
    else:
        # Where a session is there twice, its sites are tied by its id, so any of them will do.
        held = sessions.groupBy("session").agg(F.min("node").alias("held"))
        slots = slots.join(held, "session", "left")
    node = F.coalesce("held", "site", _stand_in(F.col("session")))
    # What a slot says of a session that is known is read against that session, and ties nothing.
    own = F.col("held").isNull()
    ties = _ties(
        ("slot", F.col("slot"), True),
        # A patient of the book alone ties nothing: only who asks for something does.
        ("patient", F.col("patient"), False),
        ("session", F.when(own, F.col("session")), True),
        ("practitioner", F.when(own, F.col("practitioner")), True),
    )
    return slots.select("row", node.alias("node"), "practitioner", ties)


def _of_sites(tables: Tables) -> Iterator[list[str]]:
    """Give the sites of each practice, and each hub with those that it serves.

    The table of sites decides what belongs together, so it is read as a whole, by the engine, and nothing is planned
    where one of these columns cannot be read.
    """
    if "sites" not in tables.frames:
        return
    frame = tables.frames["sites"]
    rows = frame.select(*(name for name in frame.columns if name in _TIE_COLUMNS)).toArrow()
    try:
        sites = tables.read({"sites": rows}).sites.to_pydict()
    except InputError as error:
        raise InputError(Problems(without_lines(one, {"sites": rows}) for one in error.problems)) from None
    by_practice: dict[str, list[str]] = {}
    by_pcn: dict[str, list[str]] = {}
    for site, practice, pcn in zip(sites["site_id"], sites["practice"], sites["pcn"], strict=True):
        by_practice.setdefault(practice or "", []).append(site)
        by_pcn.setdefault(pcn or "", []).append(site)
    yield from (members for practice, members in by_practice.items() if practice)
    for site, hub, serves, pcn in zip(sites["site_id"], sites["hub"], sites["serves"], sites["pcn"], strict=True):
        if hub:
            yield [site, *(serves or (by_pcn[pcn] if pcn else []))]


def _joined(groups: Iterable[list[str]]) -> dict[str, str]:
    """Give each member of a group the smallest of all that it is joined with, directly or through others."""
    root: dict[str, str] = {}

    def find(node: str) -> str:
        above = root.setdefault(node, node)
        while above != root[above]:
            root[node] = above = root[above]
        return above

    def first(node: str) -> tuple[bool, str]:
        # A site comes before what stands for one.
        return (node.startswith(_STAND_IN), node)

    for group in groups:
        roots = sorted({find(node) for node in group}, key=first)
        for other in roots[1:]:
            root[other] = roots[0]
    return {node: NO_SITE if find(node).startswith(_STAND_IN) else find(node) for node in root}
