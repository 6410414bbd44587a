"""Every notebook runs from top to bottom, and shows what it is there to show."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

# Pictures and tables that each shows at least, and words that it prints.
SHOWN = {
    "practice_morning": (2, 8, ["Nobody is lost", "calls today", "were booked on Monday"]),
    "comparing_policies": (
        1,
        1,
        ["weighted: \n   *** UNSAFE IN OVERLOAD", "LESS IS KEPT FREE", "strict tiers: no warning"],
    ),
    "forty_practices": (3, 4, ["would have bought nothing"]),
    "reading_the_certificate": (1, 3, ["By hand the best is", "feasible", "Rules broken: 0"]),
}


def test_no_notebook_is_forgotten():
    assert {path.stem for path in NOTEBOOKS.glob("*.py")} == SHOWN.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_it_runs_and_shows(name):
    notebook = jupytext.read(NOTEBOOKS / f"{name}.py")
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=False).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    data = [output["data"] for output in outputs if "data" in output]
    images, tables, words = SHOWN[name]
    assert sum("image/png" in one for one in data) >= images
    assert sum("<table" in one.get("text/html", "") for one in data) >= tables
    printed = "".join(output["text"] for output in outputs if output["output_type"] == "stream")
    for word in words:
        assert word in printed, word
    # How far a run is may be told there, on a machine that has much else to do.
    told = "".join(output["text"] for output in outputs if output.get("name") == "stderr")
    assert "Warning" not in told, told
    assert all(output["metadata"]["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {}))
    assert notebook.cells[-1]["source"].startswith("## What to do next")
