"""The cases of the comparison: what they are called, how they are made, how they are exported."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environment import ROOT, program


@dataclass(frozen=True)
class Case:
    """A case by name. Generated ones differ by seed; those kept with the project do not."""

    name: str
    generated: tuple[str, ...] = ()
    """The command that makes it, without program, seed and folder."""
    maker: str = "rebook"
    linear: bool = True
    """Whether its 0-1 programme is exported too."""

    def where(self, seed: int, folder: Path) -> str:
        """The folder of its tables; generated ones are made anew, for the generator may have changed."""
        if self.maker == "tests":
            return f"{self.name.split('-')[0]}:{self.name.split('-')[1]}"
        if not self.generated:
            return str(ROOT / "fixtures" / self.name)
        home = folder / f"{self.name}-seed{seed}"
        shutil.rmtree(home, ignore_errors=True)
        out = ["--out", str(home)] if self.maker == "rebook" else [str(home)]
        command = [program(self.maker), *self.generated, "--seed", str(seed), *out]
        subprocess.run(command, check=True, capture_output=True)
        return str(home)

    def label(self, seed: int) -> str:
        """Its name in the list of best known values."""
        return f"{self.name}-seed{seed}" if self.generated else self.name


def _practice(requests: int) -> Case:
    return Case(f"practice-{requests}", ("generate", "--profile", "practice", "--requests", str(requests)))


def _assignment(requests: int, slots: int, linear: bool = True) -> Case:
    words = ("assignment", "--requests", str(requests), "--slots", str(slots))
    return Case(f"assignment-{requests}x{slots}", words, "peer", linear)


def pool(requests: int, slots: int) -> Case:
    words = ("pool", "--requests", str(requests), "--slots", str(slots))
    return Case(f"pool-{requests}x{slots}", words, "peer")


def network(name: str, profile: str, practices: int) -> Case:
    """A generated case of so many practices."""
    return Case(name, ("generate", "--profile", profile, "--practices", str(practices)))


def networks(count: int) -> Case:
    """So many independent networks of five practices."""
    return network(f"networks-{count}", "pcn", 5 * count)


GROUPS: dict[str, list[Case]] = {
    "practice": [Case("practice")],
    "sizes": [_practice(requests) for requests in (25, 50, 100, 200, 400)],
    "pcn": [Case("pcn")],
    "pcn-large": [Case("pcn-2000", ("generate", "--profile", "pcn", "--practices", "5", "--requests", "400"))],
    "elective": [Case("elective")],
    "medscheduler": [Case("medscheduler")],
    "assignment": [_assignment(1_000, 800)],
    "assignment-large": [_assignment(10_000, 8_000, linear=False)],
    "pool": [pool(1_000, 10_000)],
    "pool-large": [pool(20_000, 200_000)],
}
QUICK: list[Case] = [_practice(15), _practice(30), Case("medscheduler"), _assignment(100, 80)]
SCALING = (1, 2, 4, 8, 16, 32, 64)
SCALING_QUICK = (1, 2, 4)
LINEAR: list[Case] = [Case(f"larger-{seed}", maker="tests") for seed in (1, 2, 3, 5, 8, 9)]
"""Small enough for a solver of linear programmes that is no more than that."""


@dataclass(frozen=True)
class Exported:
    """A case as numbers in a file."""

    case: Case
    seed: int
    tables: str
    instance: Path
    about: dict[str, Any]

    @property
    def label(self) -> str:
        return self.case.label(self.seed)


def export(case: Case, seed: int, folder: Path) -> Exported:
    """Makes a case and writes its instance."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = case.where(seed, folder)
    instance = folder / f"{case.name}-seed{seed}.json"
    words = [program("peer"), "export", tables, instance, *([] if case.linear else ["--without-linear"])]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return Exported(case, seed, tables, instance, json.loads(done.stdout))


def fingerprint(tables: str) -> str:
    """What the tables say, so that a best known value is not compared with that of another case of the same name."""
    folder = Path(tables)
    if not folder.is_dir():
        return tables
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".toml")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]
