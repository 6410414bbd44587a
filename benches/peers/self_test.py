"""Do all exact solvers find the same vector? On small cases of the tests that have everything: visits, links, patients with
two appointments, runs of several slots, group slots, caps, reserves, calls. And does the judge find what is wrong?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from best_known import BestKnown
from cases import Case, Exported, export
from environment import HERE, program
from running import Limits, judge, run_peer
from solvers import EXACT

TINY = [Case(name, maker="tests") for name in ("larger-3", "larger-7", "larger-8", "small-7")]
ASSIGNMENT = Case("assignment-24x18", ("assignment", "--requests", "24", "--slots", "18"), "peer")
LIMITS = Limits(600.0, 2)
"""Far more than any needs: a busy machine decides nothing."""
CONTENTS = ("visits", "links", "patients", "long_runs", "groups", "caps", "reserves", "calls")


def run(python: Path, folder: Path) -> list[str]:
    """What is wrong; nothing where all is well."""
    wrong = _best_known_values_are_guarded(folder)
    contents: dict[str, int] = {}
    for case in TINY:
        exported = export(case, 1, folder)
        for what, count in exported.about["contents"].items():
            contents[what] = contents.get(what, 0) + count
        wrong += _all_agree(python, exported, EXACT)
    wrong += [f"no case has {what}" for what in CONTENTS if not contents.get(what)]
    agreement = [python, HERE / "agreement.py", folder]
    if subprocess.run(agreement, cwd=HERE).returncode != 0:
        wrong.append("not all exact solvers agree on the random cases")
    for seed in (1, 2):
        assignment = export(ASSIGNMENT, seed, folder)
        wrong += _all_agree(python, assignment, (*EXACT, "scipy-assignment"))
        wrong += _the_case_can_be_used(assignment)
        wrong += _the_judge_sees(assignment)
    return wrong


def _all_agree(python: Path, exported: Exported, exact: tuple[str, ...]) -> list[str]:
    own = run_peer(python, "rebook", exported, LIMITS)
    if own["status"] != "optimal":
        return [f"{exported.label}: rebook: {own}"]
    vector: list[int] = own["vector"]
    wrong = []
    for peer in exact:
        found = run_peer(python, peer, exported, LIMITS)
        if found["status"] != "optimal" or found["vector"] != vector:
            wrong.append(f"{exported.label}: rebook has {vector}, {peer}: {found}")
    greedy = run_peer(python, "greedy", exported, LIMITS)
    if greedy["status"] != "heuristic" or greedy["vector"] < vector:
        wrong.append(f"{exported.label}: greedy against {vector}: {greedy}")
    relaxed = run_peer(python, "highs-lp", exported, LIMITS)
    # Only its first entry is below every plan's: those after it suppose the relaxed values of the ones before.
    if relaxed["status"] != "relaxation" or relaxed["relaxed"][0] > vector[0] + 1e-4:
        wrong.append(f"{exported.label}: the relaxation against {vector}: {relaxed}")
    print(f"{exported.label}: {', '.join(('rebook', *exact))}: {vector}; greedy: {greedy.get('vector')}")
    return wrong


def _the_case_can_be_used(exported: Exported) -> list[str]:
    done = subprocess.run([program("rebook"), "check", exported.tables], capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"{exported.label}: rebook check: {done.stdout}{done.stderr}"]


def _the_judge_sees(exported: Exported) -> list[str]:
    """Answers spoilt on purpose."""
    answer = exported.instance.with_suffix(".spoilt")
    data = json.loads(exported.instance.read_bytes())
    columns: list[int] = list(range(len(data["linear"]["options"])))
    spoilt: dict[str, Any] = {
        "columns that are not there": {"columns": [len(columns)]},
        "everybody everywhere": {"columns": columns},
        "too few choices": {"chosen": []},
        "an option of somebody else": {
            "chosen": [{"option": len(data["instance"]["spot_ends"]) - 1, "spans": [0]}]
            + [None] * (len(data["instance"]["jobs"]) - 1)
        },
    }
    wrong = []
    for what, given in spoilt.items():
        answer.write_text(json.dumps(given))
        if "broken" not in judge(exported.instance, answer):
            wrong.append(f"the judge accepts {what}")
    return wrong


def _best_known_values_are_guarded(folder: Path) -> list[str]:
    known = BestKnown(folder / "best_known.json")
    known.offer("case", "1", [2, 5], "a", False)
    known.offer("case", "1", [2, 4], "b", True)
    known.offer("case", "1", [3, 0], "c", False)
    wrong = [] if known.values["case"]["by"] == "b" else ["a worse vector replaces a better one"]
    for vector, proven, why in (([2, 3], False, "better than proven"), ([3, 0], True, "a proof of what is not best")):
        try:
            known.offer("case", "1", vector, "d", proven)
            wrong.append(f"nobody notices {why}")
        except ArithmeticError:
            pass
    return wrong
