"""Writes docs/benchmarks.md and its charts from result files. Run by `run.py` inside the virtual environment."""

from __future__ import annotations

import argparse
from pathlib import Path

import charts
from best_known import BestKnown
from figures import (
    Record,
    best_of,
    each_once,
    excess_late,
    first_worse,
    in_order,
    mean,
    of_kind,
    own_seconds,
    ratios,
    read,
    slope,
)
from solvers import PEERS

NAMES = {"rebook": "rebook"} | PEERS


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def about_the_run(records: list[Record]) -> list[str]:
    lines = []
    for run in of_kind(records, "run"):
        machine, settings = run["machine"], run["settings"]
        if settings["quick"]:
            lines += ["**A quick run, to show what the page looks like: small cases, few seeds, a busy machine.**", ""]
        lines += [
            f"Made by `{run['command']}` on {run['began']}: {machine['processor']}, {machine['cores']} cores, "
            f"{machine['system']}, Python {machine['python']}; {settings['threads']} threads and "
            f"{settings['limit']:.0f} seconds for each solver on each instance, {settings['seeds']} seeds. Versions: "
            + ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
            + ".",
            "",
        ]
    return lines


def the_cases(records: list[Record]) -> list[str]:
    rows = []
    for case in in_order(records, "case"):
        first = next(record for record in records if record["case"] == case)
        size, contents = first["size"], first["contents"]
        has = [f"{count} {what.replace('_', ' ')}" for what, count in contents.items() if count]
        sizes = [size[name] for name in ("requests", "slots", "options", "columns", "rows")]
        figures = ["not made" if count is None else f"{count:,}" for count in sizes]
        rows.append([f"`{case}`", *figures, ", ".join(has) or "nothing but slots"])
    header = ["case", "requests", "slots", "options", "0-1 columns", "rows", "beside slots it has"]
    return ["## The cases", "", "Of the first seed.", "", *table(header, rows)]


def comparison(records: list[Record], known: BestKnown) -> list[str]:
    own = own_seconds(records)
    lines = [
        "## Side by side",
        "",
        "*Proven*: runs that ended with a proof for every entry. *Best*: runs whose vector is the best known. *Time* and",
        "*building* are multiples of what rebook took to solve the same instance, the geometric mean over the runs; with >",
        "some run was stopped by its limit, so that the time is at least that. *First entry behind*: the first entry in",
        "which the worst run differs from the best known vector, and by how much; what comes after it does not count.",
        "",
    ]
    for case in in_order(records, "case"):
        of_case = [record for record in records if record["case"] == case]
        rows = [row for peer in in_order(of_case, "peer") if (row := _row(peer, of_case, own, known))]
        header = ["solver", "proven", "best", "time", "building", "first entry behind"]
        lines += [f"### `{case}`", "", *table(header, rows)]
    return lines


def _row(peer: str, of_case: list[Record], own: dict[tuple[str, int], float], known: BestKnown) -> list[str] | None:
    runs = [record for record in of_case if record["peer"] == peer]
    if all(run["status"] == "not-applicable" for run in runs):
        return None
    times, building = ratios(runs, own, "solve_seconds"), ratios(runs, own, "build_seconds")
    failed = [run for run in runs if run["status"] in ("failed", "broken")]
    proven = sum(run["status"] == "optimal" for run in runs)
    cut = any(run["status"] in ("limit", "failed") for run in runs)
    best, worst = 0, (len(of_case), "")
    for run in runs:
        target = best_of(run, known)
        if "vector" not in run or target is None:
            continue
        at = first_worse(run["vector"], target)
        if at is None:
            best += 1
        elif at < worst[0]:
            more = run["vector"][at] - target[at]
            share = f" (+{100 * more / target[at]:.1f}%)" if target[at] else ""
            worst = (at, f"{run['entries'][at]} +{more:,}{share}")
    time = (">" if cut else "") + ratio(mean(times)) if times else "-"
    behind = worst[1] or ("-" if best == len(runs) else "no plan")
    if peer == "highs-lp":
        return [NAMES[peer], "-", "-", time, ratio(mean(building)) if building else "-", "makes no plan"]
    if failed:
        behind += f"; {len(failed)} of {len(runs)} failed: {failed[0]['why'][:80]}"
    count = f"{len(runs)}"
    build = ratio(mean(building)) if building else "-"
    return [NAMES[peer], f"{proven} of {count}", f"{best} of {count}", time, build, behind]


def greedy_loss(records: list[Record]) -> list[str]:
    rows = []
    for case in in_order(records, "case"):
        by_peer = {
            peer: [r["tiers"] for r in records if r["case"] == case and r["peer"] == peer and "tiers" in r]
            for peer in ("rebook", "greedy")
        }
        if not all(by_peer.values()):
            continue
        for tier in by_peer["rebook"][0]:
            total = {
                peer: [sum(tiers.get(tier, {}).get(what, 0) for tiers in runs) for what in ("late_days", "unplaced")]
                for peer, runs in by_peer.items()
            }
            (late, out), (greedy_late, greedy_out) = total["rebook"], total["greedy"]
            if (late, out) != (greedy_late, greedy_out):
                rows.append([f"`{case}`", tier, f"{late:,}", f"{greedy_late:,}", f"{out:,}", f"{greedy_out:,}"])
    header = ["case", "tier", "late days, best plan", "late days, spreadsheet", "no place, best plan", "no place, spreadsheet"]
    return [
        "## What the spreadsheet loses",
        "",
        "Sums over the seeds; whoever has no place counts as late until the day that the SPEC counts for them. Tiers in which",
        "both are the same are left out. A lower tier can fare better in the greedy plan: what it has there, a more urgent",
        "one lacks.",
        "",
        *table(header, rows),
    ]


def size_chart(records: list[Record], known: BestKnown, folder: Path) -> list[str]:
    sized = [record for record in records if record["case"].startswith("practice-")]
    if len(in_order(sized, "case")) < 2:
        return []
    smallest = min(sized, key=lambda record: record["size"]["requests"])["case"]
    unit = mean([r["solve_seconds"] for r in sized if r["case"] == smallest and r["peer"] == "rebook"])
    times: dict[str, charts.Points] = {}
    gaps: dict[str, charts.Points] = {}
    for peer in in_order(sized, "peer"):
        for case in in_order(sized, "case"):
            runs = [r for r in sized if r["peer"] == peer and r["case"] == case and r.get("solve_seconds")]
            if not runs:
                continue
            size = mean([run["size"]["requests"] for run in runs])
            whole = all(run["status"] != "limit" for run in runs)
            times.setdefault(peer, []).append((size, mean([run["solve_seconds"] for run in runs]) / unit, whole))
            with_plan = [(run, best) for run in runs if "vector" in run and (best := best_of(run, known))]
            if with_plan:
                excess = [excess_late(run, best) for run, best in with_plan]
                gaps.setdefault(peer, []).append((size, max(sum(excess) / len(excess), 0.0), whole))
    charts.time_and_gap(times, gaps, folder / "benchmarks-size.svg")
    return [
        "## Time and gap against size",
        "",
        "One practice that lost more and more days.",
        "",
        "![Time to solve and lateness beyond the best known plan, against the number of requests](benchmarks-size.svg)",
        "",
    ]


def scaling(records: list[Record], folder: Path) -> list[str]:
    runs = len(records)
    records = [record for record in records if record["status"] == "optimal"]
    if len(in_order(records, "networks")) < 2:
        return []
    unit = min(record["solve_seconds"] for record in records)
    series = {
        words: [(record["size"]["requests"], record[key] / unit) for record in records]
        for words, key in (("building the problem", "build_seconds"), ("solving", "solve_seconds"))
    }
    charts.growth(series, folder / "benchmarks-scaling.svg")
    rows = []
    for networks in in_order(records, "networks"):
        here = [record for record in records if record["networks"] == networks]
        figures = [mean([record["size"]["requests"] for record in here]), mean([record["pivots"] for record in here])]
        times = [mean([record[key] for record in here]) / unit for key in ("build_seconds", "solve_seconds")]
        rows.append([str(networks), *(f"{figure:,.0f}" for figure in figures), *map(ratio, times)])
    fits = {words: slope(points)[0] for words, points in series.items()}
    pivots = slope([(record["size"]["requests"], record["pivots"]) for record in records])[0]
    return [
        "## Many independent networks",
        "",
        "Networks of five practices and a hub share nothing with one another, so the case falls into parts and the time should",
        "grow as the size does. Fitted over all runs (least squares on logarithms): building grows with the size to the power "
        f"{fits['building the problem']:.2f}, solving to the power {fits['solving']:.2f}, pivots to the power {pivots:.2f}. "
        f"Times are multiples of the shortest. {runs - len(records)} of {runs} runs did not end with a proof and are left out.",
        "",
        *table(["networks", "requests", "pivots", "building", "solving"], rows),
        "![Time against the number of requests, with the fitted powers](benchmarks-scaling.svg)",
        "",
    ]


def linear(records: list[Record]) -> list[str]:
    if not records:
        return []
    rows = []
    for case in in_order(records, "case"):
        for whole in (False, True):
            here = {r["backend"]: r for r in records if r["case"] == case and r["whole"] == whole}
            base, highs = here["microlp"], here.get("highs")
            words, times = [_ended(base), "not built" if highs is None else _ended(highs)], "-"
            if highs is not None and base.get("solve_seconds") and highs.get("solve_seconds"):
                times = (">" if base["status"] == "limit" else "") + ratio(base["solve_seconds"] / highs["solve_seconds"])
                if base["status"] == highs["status"] == "optimal" and not _same(base["vector"], highs["vector"]):
                    words[1] += ", another vector"
            kind = "whole numbers" if whole else "relaxation"
            rows.append([f"`{case}`", kind, f"{base['size']['columns']:,}", *words, times])
    return [
        "## The linear models over good_lp",
        "",
        "The same 0-1 programme, written once over good_lp (`peer linear`), on its default backend here, microlp, and on HiGHS",
        "(feature `highs`). *Time* is microlp's in multiples of HiGHS's.",
        "",
        *table(["case", "model", "columns", "microlp", "HiGHS", "time"], rows),
        "**The choice.** microlp stays the default of the tests' referee: it is Rust alone, so that `cargo test` needs no cmake,",
        "no C++ compiler and no libclang, and its cases are small. Whoever has those runs the same referee on HiGHS with",
        "`cargo test -p rebook-tests --features highs --test referee`. Neither is in the engine: see section 10 of",
        "[the method](method.md).",
        "",
    ]


def _ended(record: Record) -> str:
    done, entries = len(record.get("vector", [])), len(record["entries"])
    return f"{record['status']}, {done} of {entries} entries"


def _same(vector: list[float], other: list[float]) -> bool:
    return all(abs(a - b) <= 1e-3 * max(1.0, abs(b)) for a, b in zip(vector, other))


def counts(records: list[Record]) -> list[str]:
    if not records:
        return []
    words = {
        "check": "`rebook check`: the tables read",
        "solve": "`peer solve`: read, built, solved",
        "plan": "`rebook plan`: read, solved, explained, written",
    }
    missing = "not measured: "
    rows = [
        [
            f"`{record['case']}`",
            words[record["job"]],
            f"{record['instructions']:,}" if record["instructions"] else missing + "valgrind is not installed",
            f"{record['peak_memory_mb']:.1f}" if record["peak_memory_mb"] else missing + "the system does not tell",
        ]
        for record in records
    ]
    return [
        "## Instructions and memory",
        "",
        "As callgrind counts them on one thread, and the peak of resident memory in megabytes: a baseline that does not depend on",
        "how fast a machine is.",
        "",
        *table(["case", "job", "instructions", "peak memory, MB"], rows),
    ]


def large(records: list[Record]) -> list[str]:
    if not records:
        return []
    rows = []
    for record in records:
        if record["status"] == "failed":
            rows.append([f"`{record['case']}`", "-", f"failed: {record['why']}", "-", "-", "-", "-"])
            continue
        read, plan = record["read"], record["plan"]
        entries = [record["objective"][kind] for kind in ("late", "wait")]
        gaps = [max((entry["value"] - entry["bound"]) / max(entry["value"], 1) for entry in of) for of in entries]
        words = [f"{100 * gap:.2f}%" if gap else "proven" for gap in gaps]
        memory = f"{plan['peak_memory_mb']:,.0f}" if plan["peak_memory_mb"] else "not told by the system"
        stopped = "" if record["status"] == "optimal" else f" (stopped after {record['limit']} s)"
        times = f"{plan['seconds'] / read['seconds']:.1f}{stopped}"
        rows.append([f"`{record['case']}`", f"{record['counts']['requests']:,}", record["status"], *words, times, memory])
    return [
        "## The whole program on large cases",
        "",
        "`rebook plan` from tables to files: read, planned, proven, explained, written. *Late* and *wait*: the largest gap between a",
        "value and its bound among these entries. *Time* is a multiple of what `rebook check` takes, which reads and checks the same",
        "tables.",
        "",
        *table(["case", "requests", "ended", "late", "wait", "time", "peak memory, MB"], rows),
    ]


METHOD = """\
# Benchmarks

`python benches/peers/run.py` makes this page: it sets up the other solvers, runs everything, and writes what it measured to
`benches/peers/results/`, a line of JSON for each run. Every figure is a ratio within one run, or a count.

## How it is compared

- Everybody gets the same exported instance (`engine/src/solve/instance.rs`): jobs, options with their cost vectors, limits,
  pools with the spans of each place, ties. The clock starts with it in memory. Building a solver's model is told apart.
- Everybody minimises the same vector in the same lexicographic order. rebook does so in one run; general solvers go entry by
  entry, each bound to its least before the next. They are helped as well as we could: they begin with the spreadsheet's plan,
  entries that nothing can change are skipped, entries are counted in their largest whole unit, what the value of an entry
  rules out is closed, the plan of the stage before is the hint of the next, and a gap below one unit counts as proven
  (`benches/peers/stages.py`).
- The 0-1 programme (`benches/src/linear.rs`) has a column for each option and start; where all appointments of a pool take one
  slot, starts are left out and Hall's theorem says what can be seated, so that equal slots make no equal columns.
- SciPy's assignment algorithm can only play where every request takes one slot and nothing else limits anything. The vector
  does not fit one double exactly, so it goes in groups of entries that do, with the dual prices between them.
- SCIP runs on one thread: the wheel has no parallel solver. CP-SAT, HiGHS and rebook get the threads given below.
- Every answer is judged by code that is none of the solvers' (`peer check`): its vector recomputed, every rule between
  placements tested. The best vector known of each case stands in `benches/peers/best_known.json`; a run that finds a
  better one than a proven one stops with an error.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="+")
    parser.add_argument("--docs", type=Path, required=True)
    args = parser.parse_args()
    records, known = read(args.results), BestKnown()
    compared, folder = each_once(of_kind(records, "compare")), args.docs.parent
    lines = [*METHOD.splitlines(), "", "## The run", "", *about_the_run(records)]
    if compared:
        lines += the_cases(compared) + comparison(compared, known) + greedy_loss(compared)
        lines += size_chart(compared, known, folder)
    lines += scaling(of_kind(records, "scaling"), folder)
    lines += large(of_kind(records, "large"))
    lines += linear(of_kind(records, "linear"))
    lines += counts(of_kind(records, "count"))
    args.docs.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
