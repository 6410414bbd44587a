"""What the package promises as a whole: types, stubs, documentation, and that every public name is tried."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rebook
from rebook import pictures

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent / "rebook"


def run(*arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=TESTS.parent
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def public() -> list[tuple[str, object]]:
    """List every public name of the package and every public attribute of its classes."""
    names: list[tuple[str, object]] = []
    modules = [rebook, pictures]
    if shutil.which("java"):
        from rebook import spark

        modules.append(spark)
    for name, thing in [(name, getattr(module, name)) for module in modules for name in module.__all__]:
        names.append((name, thing))
        if inspect.isclass(thing):
            for attribute, member in vars(thing).items():
                if not attribute.startswith("_") and (callable(member) or isinstance(member, property | classmethod)):
                    names.append((f"{name}.{attribute}", member))
    return names


def test_the_stubs_are_the_module():
    run("mypy.stubtest", "rebook._rebook")


def test_the_package_is_typed():
    # Where there is no Java, there is no pyspark either.
    run("mypy", "--strict", "rebook", *([] if shutil.which("java") else ["--exclude", "spark"]))


def test_a_users_script_is_typed_and_runs():
    run("mypy", "--strict", "tests/typed_script.py")
    subprocess.run([sys.executable, "tests/typed_script.py"], check=True, cwd=TESTS.parent, capture_output=True)


@pytest.mark.parametrize(("name", "thing"), public(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_public_name_is_documented_and_tried(name, thing):
    if name not in {"__version__", "AnyPolicy"}:
        text = inspect.getdoc(thing.__func__ if isinstance(thing, classmethod) else thing) or ""
        assert text.split("\n")[0].endswith("."), name
        if inspect.isfunction(thing) and "." not in name:
            for argument in inspect.signature(thing).parameters:
                assert re.search(rf"^(.*, )?{argument}(,.*)?( :|$)", text, re.MULTILINE), f"{name}({argument})"
    tests = "".join(path.read_text(encoding="utf-8") for path in TESTS.glob("*.py"))
    assert re.search(rf"\b{name.rsplit('.', maxsplit=1)[-1]}\b", tests), f"no test names {name}"


def test_nothing_is_public_by_accident():
    found = {name for name in vars(rebook) if not name.startswith("_")}
    modules = {name for name in found if inspect.ismodule(getattr(rebook, name))}
    assert found - modules == set(rebook.__all__) - {"__version__"}


def test_a_file_has_one_purpose():
    for path in [*PACKAGE.glob("**/*.py"), *TESTS.glob("*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 500, path


def test_the_package_alone_needs_no_other_library():
    """It is imported, plans and says so where no data frame library can be."""
    script = """
import sys
for name in ("pandas", "polars", "pyarrow", "numpy", "tqdm", "matplotlib", "pyspark"):
    sys.modules[name] = None
import rebook
plan = rebook.plan(rebook.generate("practice", seed=7), progress=True)
assert plan.placed.to_pydict()["request_id"]
assert "<table>" in plan.placed._repr_html_()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
