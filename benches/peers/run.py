"""rebook beside other solvers, on the same instances, for the same lexicographic vector.

Sets up a virtual environment with the other solvers, builds the optimised programs, exports the cases as numbers, runs
every solver on them in a process of its own, judges every answer with code that is none of the solvers', and writes
docs/benchmarks.md from what was measured. Python's own library is all that it needs to begin.

  python benches/peers/run.py --quick          a small version: minutes
  python benches/peers/run.py                  everything but the largest cases: hours
  python benches/peers/run.py --self-test      do all exact solvers agree on small cases that have everything?
  python benches/peers/run.py --cases sizes,scaling --peers rebook,cpsat-boolean --seeds 3 --limit 30
  python benches/peers/run.py --report benches/peers/results/quick.jsonl       the page again, nothing measured

A fair start: the same cores for everybody, two unless --threads says otherwise; the clock starts with the instance in
memory; building a solver's model is told apart from solving; a limit is for all entries of the vector together. Seeds make
other generated cases and go to the solvers as their random seed; rebook has none.

Cases: practice, sizes (one practice, growing), pcn, pcn-large (five practices and a hub, 2,000 requests: give the others
minutes), elective, medscheduler, assignment (1,000 requests x 800 slots), assignment-large (10,000 x 8,000, without the 0-1
programme, which has millions of columns: for rebook and SciPy), pool (1,000 requests that may all use the same 10,000 slots),
pool-large (20,000 and 200,000: rebook took 12 GB), and beside the comparison scaling (rebook alone on 1 to 64 independent
networks), linear (good_lp's backends), counts (instructions and memory), whole (the whole program on regions, a board and a
pool) and whole-large (all of England, and the largest pool: half an hour).
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cases
import counting
import environment
import large
import self_test
from best_known import BestKnown
from running import Limits, run_linear, run_peer
from solvers import PEERS

RESULTS = environment.HERE / "results"
DOCS = environment.ROOT / "docs" / "benchmarks.md"
BESIDE = ("scaling", "linear", "counts", "whole", "whole-large")
DEFAULT = [name for name in (*cases.GROUPS, *BESIDE) if not name.endswith("-large")]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = lambda text: [name for name in text.split(",") if name]  # noqa: E731
    parser.add_argument("--quick", action="store_true", help="small cases, two seeds, ten seconds")
    parser.add_argument("--self-test", action="store_true", help="compare the exact solvers on small cases, measure nothing")
    parser.add_argument("--cases", type=names, metavar="A,B", help="some of: " + ", ".join((*cases.GROUPS, *BESIDE)))
    parser.add_argument("--peers", type=names, metavar="A,B", help="some of: " + ", ".join(("rebook", *PEERS)))
    parser.add_argument("--seeds", type=int, metavar="N", help="so many seeds, from 1 on (default 10)")
    parser.add_argument("--limit", type=float, metavar="SECONDS", help="for each solver on each instance (default 60)")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="for each solver (default 2)")
    parser.add_argument("--highs", action="store_true", help="good_lp with HiGHS too: needs cmake, C++, libclang")
    parser.add_argument("--results", type=Path, metavar="FILE", help="where results go, a line of JSON each")
    parser.add_argument("--report", type=Path, nargs="+", metavar="FILE", help="write the page from these results, measure nothing")
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="FILE", help="the page to write (default docs/benchmarks.md)")
    parser.add_argument("--no-docs", action="store_true", help="write no page")
    parser.add_argument("--no-build", action="store_true", help="the programs are built already")
    args = parser.parse_args()
    args.cases = args.cases or DEFAULT
    args.peers = args.peers or ["rebook", *PEERS]
    for given, known in ((args.cases, (*cases.GROUPS, *BESIDE)), (args.peers, ("rebook", *PEERS))):
        unknown = [name for name in given if name not in known]
        if unknown:
            parser.error(f"unknown: {', '.join(unknown)}; expected some of {', '.join(known)}")
    args.seeds = args.seeds or (2 if args.quick else 10)
    args.limit = args.limit or (10.0 if args.quick else 60.0)
    args.results = args.results or RESULTS / ("quick.jsonl" if args.quick else "full.jsonl")
    return args


class Log:
    """Results in a file, a line each, so that an interrupted run keeps what it has."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("w", encoding="utf-8", newline="\n")

    def add(self, record: dict[str, Any]) -> None:
        self.file.write(json.dumps(record) + "\n")
        self.file.flush()
        shown = ("case", "seed", "peer", "backend", "job", "status", "solve_seconds", "why")
        words = [f"{record[key]:.3f}" if isinstance(record[key], float) else str(record[key]) for key in shown if key in record]
        print("  ".join(words), file=sys.stderr)


def chosen_cases(args: argparse.Namespace) -> list[cases.Case]:
    if args.quick and args.cases == DEFAULT:
        return cases.QUICK
    return [case for name in args.cases for case in cases.GROUPS.get(name, [])]


def instances(args: argparse.Namespace, folder: Path) -> Iterator[cases.Exported]:
    for case in chosen_cases(args):
        for seed in range(1, args.seeds + 1):
            yield cases.export(case, seed, folder)


def compare(args: argparse.Namespace, python: Path, folder: Path, log: Log) -> None:
    """Every solver on every instance."""
    limits = Limits(args.limit, args.threads)
    known = BestKnown()
    for exported in instances(args, folder):
        about = {"kind": "compare", "case": exported.case.name, "seed": exported.seed, "label": exported.label}
        about |= exported.about
        fingerprint = cases.fingerprint(exported.tables)
        for peer in args.peers:
            record = run_peer(python, peer, exported, limits)
            log.add(about | {"fingerprint": fingerprint} | record)
            if "vector" in record and record["status"] != "broken":
                known.offer(exported.label, fingerprint, record["vector"], peer, record["status"] == "optimal")
        known.save()
        exported.instance.unlink()


def scale(args: argparse.Namespace, python: Path, folder: Path, log: Log) -> None:
    """rebook alone on more and more independent networks."""
    for count in cases.SCALING_QUICK if args.quick else cases.SCALING:
        for seed in range(1, args.seeds + 1):
            exported = cases.export(cases.networks(count), seed, folder)
            limits = Limits(max(args.limit, 120.0), args.threads)
            record = run_peer(python, "rebook", exported, limits)
            record.pop("tiers", None)
            log.add({"kind": "scaling", "case": exported.case.name, "seed": seed, "networks": count} | exported.about | record)
            exported.instance.unlink()


def linear(args: argparse.Namespace, folder: Path, log: Log) -> None:
    """The linear models over good_lp, backend beside backend."""
    for case in cases.LINEAR[:3] if args.quick else cases.LINEAR:
        exported = cases.export(case, 1, folder)
        for whole in (False, True):
            for backend in ("microlp", "highs") if args.highs else ("microlp",):
                log.add({"case": case.name} | exported.about | run_linear(exported, backend, whole, min(args.limit, 30.0)))


def report(python: Path, results: list[Path], docs: Path) -> None:
    words = [python, environment.HERE / "report.py", *[path.resolve() for path in results], "--docs", docs.resolve()]
    subprocess.run(words, check=True, cwd=environment.HERE)


def main() -> int:
    args = arguments()
    python = environment.prepare_solvers(environment.target() / "peers-venv")
    if args.report:
        report(python, args.report, args.docs)
        return 0
    if not args.no_build:
        environment.build(args.highs)
    folder = environment.target() / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    if args.self_test:
        wrong = self_test.run(python, folder)
        print("\n".join(wrong) if wrong else "all exact solvers agree")
        return 1 if wrong else 0
    log = Log(args.results)
    command = "python benches/peers/run.py " + shlex.join(sys.argv[1:])
    settings = {"threads": args.threads, "limit": args.limit, "seeds": args.seeds, "quick": args.quick}
    about = {"kind": "run", "command": command.strip(), "began": time.strftime("%Y-%m-%d"), "settings": settings}
    log.add(about | {"machine": environment.machine()})
    compare(args, python, folder, log)
    if "scaling" in args.cases:
        scale(args, python, folder, log)
    if "linear" in args.cases:
        linear(args, folder, log)
    if "counts" in args.cases:
        for record in counting.count():
            log.add(record)
    for name, chosen in (("whole", large.CASES), ("whole-large", large.LARGEST)):
        if name in args.cases:
            for case, limit in chosen[:1] if args.quick else chosen:
                log.add(large.measure(case, limit, args.threads))
    if not args.no_docs:
        report(python, [args.results], args.docs)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
