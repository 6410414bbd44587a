"""One solver on one instance in a process of its own, so that nothing is warm and its memory is its own.

Run by `run.py` inside the virtual environment; prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from instance import Instance
from solvers import PEERS, Settings, solver


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--answer", type=Path, required=True)
    parser.add_argument("--limit", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    args = parser.parse_args()
    instance = Instance.read(args.instance)
    module = solver(args.peer)
    result = module.solve(instance, Settings(args.limit, args.threads, args.seed))
    if result.answer is not None:
        args.answer.write_text(json.dumps(result.answer))
    record = asdict(result)
    del record["answer"]
    print(json.dumps(record | record.pop("more")))


if __name__ == "__main__":
    main()
