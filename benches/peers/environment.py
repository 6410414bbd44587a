"""What a run needs on this machine: the solvers in a virtual environment, and the programs of this workspace."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REQUIREMENTS = HERE / "requirements.txt"
WINDOWS = os.name == "nt"


def target() -> Path:
    """Where everything that can be made again goes."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()


def prepare_solvers(folder: Path) -> Path:
    """Makes the virtual environment where it is missing or of other versions; its Python."""
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"installing the solvers of {REQUIREMENTS.name} into {folder}", file=sys.stderr)
    venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
    stamp.write_text(wanted)
    return python


def build(highs: bool) -> None:
    """Builds `rebook` and `peer`, optimised."""
    command = ["cargo", "build", "--release", "-p", "rebook", "-p", "rebook-benches", "--bin", "rebook", "--bin", "peer"]
    if highs:
        command += ["--features", "rebook-benches/highs"]
    subprocess.run(command, cwd=ROOT, check=True)


def program(name: str) -> Path:
    """A program of this workspace."""
    return target() / "release" / (name + (".exe" if WINDOWS else ""))


def machine() -> dict[str, object]:
    """What the figures were measured on, in words that name nobody's machine."""
    return {
        "system": platform.system(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": dict(line.split("==") for line in REQUIREMENTS.read_text().splitlines() if "==" in line),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
