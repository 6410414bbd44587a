"""Do all exact solvers find rebook's vector on random cases of the tests? In one process, so that many cases take little time.

Run by `run.py --self-test` inside the virtual environment; prints what does not agree and ends with 1 if anything does not.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cases import Case, export
from instance import Instance
from running import Limits, judge, run_peer
from solvers import EXACT, Settings, solver

SECONDS = 600.0
"""Far more than any needs: a busy machine decides nothing."""


def compare(name: str, folder: Path) -> tuple[list[str], int]:
    """What is wrong with the answers to a case, and for how many entries somebody had to search."""
    exported = export(Case(name, maker="tests"), 1, folder)
    own = run_peer(Path(), "rebook", exported, Limits(SECONDS, 2))
    instance = Instance.read(exported.instance)
    answer = exported.instance.with_suffix(".agreement")
    wrong, searched = [], 0
    for peer in EXACT:
        result = solver(peer).solve(instance, Settings(SECONDS, 2, 1))
        answer.write_text(json.dumps(result.answer))
        judged = judge(exported.instance, answer)
        searched += len(result.more["stages"])
        if result.status != "optimal" or own["status"] != "optimal" or judged.get("vector") != own["vector"]:
            wrong.append(f"{name}: rebook {own['status']} {own['vector']}, {peer} {result.status} {judged}")
    answer.unlink()
    exported.instance.unlink()
    return wrong, searched


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", type=int, default=60, help="so many small cases, of the seeds from 0 on")
    parser.add_argument("--larger", type=int, default=30, help="so many larger ones")
    args = parser.parse_args()
    names = [f"small-{seed}" for seed in range(args.small)] + [f"larger-{seed}" for seed in range(args.larger)]
    wrong: list[str] = []
    searched = 0
    for name in names:
        found, stages = compare(name, args.folder)
        wrong += found
        searched += stages
    print(f"{len(names)} random cases, {len(EXACT)} solvers, {searched} searches: {len(wrong)} answers do not agree")
    print("\n".join(wrong), end="\n" if wrong else "")
    # Were every entry settled before anybody searched, nothing would be compared.
    return 1 if wrong or searched < len(names) else 0


if __name__ == "__main__":
    raise SystemExit(main())
