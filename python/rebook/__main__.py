"""The command line: `rebook` and `python -m rebook`."""

from __future__ import annotations

import sys

from rebook import _rebook


def main() -> int:
    """Do what the arguments say.

    Returns
    -------
    int
        The exit code.
    """
    return _rebook.main(["rebook", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
