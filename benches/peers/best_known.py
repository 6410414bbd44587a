"""The best vector that anybody has found for each case, kept with the project and improved by every run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from environment import HERE

FILE = HERE / "best_known.json"


class BestKnown:
    """By case: the vector, who found it first, and whether somebody has proven that none is better."""

    def __init__(self, path: Path = FILE) -> None:
        self.path = path
        self.values: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}

    def offer(self, label: str, fingerprint: str, vector: list[int], peer: str, proven: bool) -> None:
        """Takes a vector if it is better than what is known, or a proof of what is known.

        Raises where it is better than something proven: then one of two proofs is wrong.
        """
        known = self.values.get(label)
        if known is None or known["case"] != fingerprint or vector < known["vector"]:
            if known is not None and known["case"] == fingerprint and known["proven"]:
                raise ArithmeticError(
                    f"{label}: {peer} has {vector}, better than {known['vector']} of {known['by']}, which is proven"
                )
            self.values[label] = {"case": fingerprint, "vector": vector, "by": peer, "proven": proven}
        elif proven and vector == known["vector"]:
            known["proven"] = True
        elif proven:
            raise ArithmeticError(f"{label}: {peer} proves {vector}, but {known['by']} has {known['vector']}")

    def vector(self, label: str) -> list[int]:
        return list(self.values[label]["vector"])

    def save(self) -> None:
        lines = [f"  {json.dumps(label)}: {json.dumps(value)}" for label, value in sorted(self.values.items())]
        self.path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")
