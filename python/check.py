"""Installs the package into an environment of its own and runs all of its tests.

    python3 python/check.py

It needs Rust, a C compiler, CPython 3.11 or later, and the network for PyPI alone. What is wanted of Spark is run where
Java is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HOME = Path(__file__).resolve().parent
ENVIRONMENT = HOME / ".venv"
EXTRAS = ["pictures", "test"]
ALONE = "import rebook; print(rebook.plan(rebook.generate('practice', seed=7)))"


def run(*command: str | Path) -> None:
    """Run a command in the folder of the package; end with it where it fails."""
    print("==", *command, flush=True)
    ended = subprocess.run([str(word) for word in command], cwd=HOME, check=False)
    if ended.returncode:
        sys.exit(ended.returncode)


def main() -> None:
    """Do it."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        sys.exit(f"Python {sys.version.split()[0]} is too old: 3.11 or later is needed")
    if not shutil.which("cargo"):
        sys.exit("Rust is missing: see https://rustup.rs")
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # As users install it, with nothing beside it: the module and the command are there.
    run(python, "-m", "pip", "install", "--quiet", ".")
    run(python, "-I", "-c", ALONE)
    run(python.with_name(f"rebook{python.suffix}"), "--version")
    # As whoever works on it has it.
    extras = [*EXTRAS, "spark"] if shutil.which("java") else EXTRAS
    run(python, "-m", "pip", "install", "--quiet", "--editable", f".[{','.join(extras)}]")
    run(python, "-m", "ruff", "check", ".")
    run(python, "-m", "ruff", "format", "--check", ".")
    run(python, "-m", "pytest", "-q", *sys.argv[1:])


if __name__ == "__main__":
    main()
