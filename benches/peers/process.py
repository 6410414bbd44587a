"""A program run to its end, with what it printed and the memory that it took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Done:
    """What came of it."""

    code: int | None
    """None where it had to be ended."""
    out: str
    err: str
    peak_memory_mb: float | None
    """None where the system does not tell."""

    def why(self) -> str:
        """Its last words."""
        if self.code is None:
            return "did not stop by itself"
        lines = self.err.strip().splitlines()
        return lines[-1] if lines else f"ended with {self.code}"


def run(command: list[Any], seconds: float, folder: Path | None = None) -> Done:
    """Runs a program for so long at most."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err, cwd=folder)
        code, memory = _end(process, seconds)
        out.seek(0)
        err.seek(0)
        return Done(code, out.read(), err.read(), memory)


def _end(process: subprocess.Popen[bytes], seconds: float) -> tuple[int | None, float | None]:
    if not hasattr(os, "wait4"):
        try:
            return process.wait(seconds), None
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None, None
    until = time.monotonic() + seconds
    pause = 0.001
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            # Kilobytes, but bytes on a Mac.
            return process.returncode, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
        if time.monotonic() > until:
            process.kill()
            process.wait()
            return None, None
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
