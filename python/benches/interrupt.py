"""How long a plan takes to come back after Ctrl-C.

python python/benches/interrupt.py
"""

from __future__ import annotations

import os
import signal
import statistics
import threading
import time

import rebook

CASES = {
    "practice, 400 requests": ("practice", 1, 400),
    "network, 2,000 requests": ("pcn", 5, 400),
    "20 practices, 8,000 requests": ("icb", 20, 400),
}


def main() -> None:
    """Press Ctrl-C at several moments of each case."""
    for name, (profile, practices, requests) in CASES.items():
        case = rebook.generate(profile, practices=practices, requests=requests, seed=4)
        taken = []
        for after in (0.3, 0.7, 1.5, 3.0):
            pressed: list[float] = []

            def press(pressed: list[float] = pressed) -> None:
                pressed.append(time.perf_counter())
                os.kill(os.getpid(), signal.SIGINT)

            timer = threading.Timer(after, press)
            timer.start()
            try:
                plan = rebook.plan(case, progress=False)
            finally:
                timer.cancel()
            if plan.interrupted:
                taken.append(time.perf_counter() - pressed[0])
        shown = ", ".join(f"{seconds:.2f}" for seconds in taken)
        print(f"{name}: {shown} s; median {statistics.median(taken):.2f} s" if taken else f"{name}: proven before")


if __name__ == "__main__":
    main()
