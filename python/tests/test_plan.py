"""Plans: what is in them, and that they are the command line's."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from itertools import chain
from pathlib import Path

import polars as pl
import pytest
from tqdm import tqdm

import rebook
from conftest import command
from rebook import _progress

FILES = ("plan.csv", "unplaced.csv", "excluded.csv", "summary.json")


def bytes_of(folder: Path) -> dict[str, str]:
    """Read the files of a plan, without the one number that is a measurement."""
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    texts["summary.json"] = re.sub(r'"elapsed_seconds": [0-9.]+', "", texts["summary.json"])
    return texts


@pytest.mark.parametrize("fixture", ["practice", "practice-dirty", "pcn", "elective"])
def test_the_same_bytes_as_the_command_line(fixture, practice_folder, tmp_path):
    folder = practice_folder.parent / fixture
    code = 3 if "dirty" in fixture else 0
    command("plan", folder, "--out", tmp_path / "theirs", code=code)
    rebook.plan(rebook.Case.read(folder)).write(tmp_path / "ours")
    assert bytes_of(tmp_path / "ours") == bytes_of(tmp_path / "theirs")


def test_the_same_plan_at_any_number_of_threads(practice, practice_plan, tmp_path):
    practice_plan.write(tmp_path / "all")
    for threads in (1, 2, 3):
        rebook.plan(practice, threads=threads).write(tmp_path / str(threads))
        assert bytes_of(tmp_path / str(threads)) == bytes_of(tmp_path / "all")
    with pytest.raises(rebook.ArgumentError, match="threads: found 0; expected 1 to"):
        rebook.plan(practice, threads=0)


def test_everybody_is_somewhere(practice, practice_plan):
    plan = practice_plan
    ids = [table.to_pydict()["request_id"] for table in (plan.placed, plan.unplaced, plan.excluded)]
    assert sorted(chain.from_iterable(ids)) == sorted(practice.requests.to_pydict()["request_id"])
    assert plan.counts == {
        "requests": len(practice),
        "placed": len(plan.placed),
        "unplaced": len(plan.unplaced),
        "excluded": len(plan.excluded),
    }
    assert plan.case is practice


def test_the_call_list_is_those_reached_by_phone_in_order(practice_plan):
    calls = practice_plan.calls.to_polars()
    placed = practice_plan.placed.to_polars()
    assert calls.equals(placed.filter(pl.col("contact_route") == "phone"))
    assert calls["call_by"].null_count() == 0
    assert calls["call_by"].is_sorted()
    assert 0 < calls.height < placed.height


def test_the_certificate_is_the_vector_in_its_order(practice_plan):
    names = [entry.name for entry in practice_plan.certificate]
    assert names[:5] == ["late_1", "late_2", "late_3", "window", "late_4"]
    assert names[-1] == "order"
    summary = practice_plan.summary["objective"]
    assert practice_plan.objective["late_3"] == summary["late"][2]["value"]
    assert practice_plan.bounds["window"] == summary["window"]["bound"]
    assert practice_plan.objective == practice_plan.bounds
    assert practice_plan.status == "optimal"
    assert not practice_plan.interrupted
    assert [entry.tier for entry in practice_plan.certificate if entry.name == "late_2"] == ["GP2"]
    assert all(isinstance(entry, rebook.Entry) for entry in practice_plan.certificate)
    assert all(entry.gap == entry.value - entry.bound == 0 for entry in practice_plan.certificate)


def test_a_plan_that_is_written_is_read_back(practice, practice_plan, tmp_path):
    practice_plan.write(tmp_path / "plan")
    again = rebook.Plan.read(practice, tmp_path / "plan")
    assert again.summary == practice_plan.summary
    assert again.placed.to_pydict() == practice_plan.placed.to_pydict()
    assert again.verify() == []
    with pytest.raises(rebook.InputError):
        rebook.Plan.read(practice, tmp_path / "nothing")
    with pytest.raises(rebook.ArgumentError):
        practice_plan.write(_foreign(tmp_path / "foreign"))


def _foreign(folder: Path) -> Path:
    folder.mkdir()
    (folder / "plan.csv").write_text("my holiday\n")
    return folder


def test_a_plan_of_another_case_breaks_rules(practice_plan, practice, tmp_path):
    practice_plan.write(tmp_path)
    later = practice.replace(start=practice.policy.start.replace(day=25))
    broken = rebook.Plan.read(later, tmp_path).verify()
    assert broken
    assert all(isinstance(one, rebook.Violation) and one.rule and one.title and one.message for one in broken)
    assert any(one.requests for one in broken)
    assert all(isinstance(one.slots, tuple) for one in broken)


def test_the_plan_before_is_kept_to(practice, practice_plan, tmp_path):
    """A plan in memory is as good as its folder; without it, people would be moved about."""
    policy = practice.policy
    policy.reserves = []
    other = practice.replace(policy=policy)
    practice_plan.write(tmp_path / "before")
    kept = rebook.plan(other, previous=practice_plan)
    from_folder = rebook.plan(other, previous=tmp_path / "before")
    assert kept.placed.to_pydict() == from_folder.placed.to_pydict()
    digests = from_folder.summary["input_sha256"]
    assert {name for name in digests if name.startswith("previous/")}
    ours = kept.summary["input_sha256"]
    assert {name: ours[name] for name in ours if name.endswith(".csv")} == {
        name: digests[name] for name in digests if name.endswith(".csv")
    }
    assert kept.verify() == []
    anew = rebook.plan(other)
    moved = [
        sum(change in ("moved", "earlier", "later") for change in practice_plan.diff(plan).to_pydict()["change"])
        for plan in (kept, anew)
    ]
    assert moved[0] < moved[1]
    with pytest.raises(rebook.InputError, match="previous"):
        rebook.plan(practice, previous=tmp_path / "nothing")


def test_what_came_of_calls_is_kept_to(practice, practice_plan, tmp_path):
    placed = practice_plan.placed.to_pydict()
    lists = []
    for name, outcome in [("first", "accepted"), ("second", "declined")]:
        path = tmp_path / f"{name}.csv"
        path.write_text(f"request_id,outcome\n{placed['request_id'][len(lists)]},{outcome}\n")
        lists.append(path)
    one = rebook.plan(practice, previous=practice_plan, outcomes=lists[0])
    both = rebook.plan(practice, previous=practice_plan, outcomes=[str(path) for path in lists])
    set_aside = [plan.excluded.to_pydict()["request_id"] for plan in (one, both)]
    assert placed["request_id"][0] in set_aside[0]
    assert placed["request_id"][1] not in set_aside[0]
    assert placed["request_id"][1] in set_aside[1]
    assert one.verify() == both.verify() == []
    assert both.summary["run"]["outcomes"] == [str(path) for path in lists]
    with pytest.raises(rebook.ArgumentError, match="previous"):
        rebook.plan(practice, outcomes=lists[0])
    with pytest.raises(rebook.InputError, match="nowhere"):
        rebook.plan(practice, previous=practice_plan, outcomes=tmp_path / "nowhere.csv")


def test_the_difference_of_two_plans_is_what_stands_elsewhere(practice, practice_plan):
    policy = practice.policy
    policy.horizon_days = 3
    short = rebook.plan(practice.replace(policy=policy))
    diff = practice_plan.diff(short).to_polars()
    before = practice_plan.placed.to_polars().select("request_id", "session_id", "start")
    after = short.placed.to_polars().select("request_id", "session_id", "start")
    lost = set(before["request_id"]) - set(after["request_id"])
    assert set(diff.filter(pl.col("change") == "loses-place")["request_id"]) == lost
    assert lost
    same = set(before.join(after, on=before.columns)["request_id"])
    assert same.isdisjoint(diff["request_id"])
    assert len(practice_plan.diff(practice_plan)) == 0


def test_a_request_is_explained_whatever_became_of_it(practice_plan):
    for table, status in (
        (practice_plan.placed, "placed"),
        (practice_plan.unplaced, "unplaced"),
        (practice_plan.excluded, "excluded"),
    ):
        request = table.to_pydict()["request_id"][0]
        answer = practice_plan.explain(request)
        assert isinstance(answer, rebook.Explanation)
        assert (answer.request_id, answer.status) == (request, status)
        assert answer.reason
        assert request in str(answer)
        assert answer.text.strip() == str(answer)
        assert request in answer._repr_html_()
        assert repr(answer).startswith(f"<rebook.Explanation of {request}: {status}")
    unplaced = practice_plan.explain("R0015")
    assert "If a clinician allowed a date as late as Fri 2 Aug." in unplaced.changes
    assert str(unplaced).count("  - ") == len(unplaced.changes)
    assert unplaced.dates[0]["date"] == "2024-07-22"
    assert unplaced.data["rank"] == 4
    with pytest.raises(rebook.ArgumentError, match="did you mean R0015"):
        practice_plan.explain("r15")


def test_a_limit_of_work_gives_the_same_plan_again(hard):
    stop = rebook.WorkLimit(2000)
    first = rebook.plan(hard, stop=stop)
    second = rebook.plan(hard, stop=stop, threads=1)
    assert first.status == "feasible"
    assert first.objective == second.objective
    assert first.bounds == second.bounds
    assert first.placed.to_pydict() == second.placed.to_pydict()
    assert any(entry.gap > 0 for entry in first.certificate)
    assert "NOT proven best" in first._repr_html_()


def test_a_run_can_be_stopped(hard):
    for stop in (rebook.TimeLimit(0), lambda: True):
        plan = rebook.plan(hard, stop=stop)
        assert plan.interrupted
        assert plan.status == "feasible"
    assert plan.verify() == []
    with pytest.raises(rebook.ArgumentError, match="seconds: found -1"):
        rebook.plan(hard, stop=rebook.TimeLimit(-1))


def test_an_error_of_the_callback_ends_the_run_and_is_raised(hard):
    def broken() -> bool:
        msg = "no connection"
        raise OSError(msg)

    with pytest.raises(OSError, match="no connection"):
        rebook.plan(hard, stop=broken)


def test_ctrl_c_gives_the_best_plan_so_far(hard):
    """It would run for minutes otherwise; no exception is raised, and the next Ctrl-C works as ever."""

    def press(what: str, groups: int, proven: int) -> None:
        assert what
        assert groups >= proven >= 0
        signal.raise_signal(signal.SIGINT)

    plan = rebook.plan(hard, progress=press)
    assert plan.interrupted
    assert plan.verify() == []
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_other_threads_run_while_a_plan_is_made(hard):
    """The stop is asked by this thread, so only another one can have set the event while the engine was at work."""
    begun, seen = threading.Event(), threading.Event()

    def other() -> None:
        begun.wait()
        seen.set()

    thread = threading.Thread(target=other)
    thread.start()

    def stop() -> bool:
        begun.set()
        return seen.is_set()

    assert rebook.plan(hard, stop=stop).interrupted
    thread.join()


@pytest.mark.skipif(sys.platform == "win32", reason="there a signal cannot be sent to one process alone")
def test_ctrl_c_stops_the_command_line_too(hard, tmp_path):
    """Python's own handler is not in its way."""
    hard.write(tmp_path / "case")
    words = [sys.executable, "-m", "rebook", "plan", str(tmp_path / "case"), "--out", str(tmp_path / "plan")]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        for line in running.stderr:
            if "s: best so far" in line:
                break
        running.send_signal(signal.SIGINT)
        running.stderr.read()
    assert running.returncode == 130
    assert json.loads((tmp_path / "plan" / "summary.json").read_text(encoding="utf-8"))["run"]["interrupted"]


def test_progress_is_told_as_it_is_asked_for(hard, capfd, monkeypatch):
    told: list[tuple[str, int, int]] = []
    stop = rebook.WorkLimit(1000)
    rebook.plan(hard, stop=stop, progress=lambda *news: told.append(news))
    assert told
    assert all(isinstance(what, str) for what, _, _ in told)

    bars: list[tqdm] = []

    class Bar(tqdm):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            bars.append(self)

    rebook.plan(hard, stop=stop, progress=Bar)
    assert bars[0].desc

    # Of its own it shows a bar only where it takes long, and lines where there is no tqdm.
    monkeypatch.setattr(_progress, "_tqdm", lambda: Bar)
    monkeypatch.setattr(_progress, "_PATIENCE", 3600)
    rebook.plan(hard, stop=rebook.WorkLimit(10), progress=True)
    assert len(bars) == 1
    monkeypatch.setattr(_progress, "_PATIENCE", 0)
    rebook.plan(hard, stop=rebook.WorkLimit(10), progress=True)
    assert len(bars) == 2
    capfd.readouterr()
    monkeypatch.setattr(_progress, "_tqdm", lambda: None)
    rebook.plan(hard, stop=rebook.WorkLimit(10), progress=True)
    assert capfd.readouterr().err.startswith("... 0 s: ")
    capfd.readouterr()
    rebook.plan(hard, stop=rebook.WorkLimit(10), progress=False)
    assert capfd.readouterr().err == ""


def test_a_plan_shows_itself(practice_plan):
    assert repr(practice_plan) == "<rebook.Plan: optimal; 166 placed, 4 without a place>"
    assert "Proven best" in str(practice_plan)
    assert "proven best" in practice_plan._repr_html_()
    assert "late_3" in practice_plan._repr_html_()


def test_the_package_has_the_version_of_its_engine(practice_plan):
    assert practice_plan.summary["software_version"] == rebook.__version__


def test_the_summary_is_that_of_the_file(practice_plan, tmp_path):
    practice_plan.write(tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == practice_plan.summary


def test_the_command_line_is_there():
    assert rebook.__version__ in command("--version").stdout
    assert "--out" in command("plan", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"stop": 30}, "stop: found 30; expected a TimeLimit, a WorkLimit or a callable"),
        ({"threads": -1}, "threads: found -1; expected"),
        ({"seed": -1}, "seed: found -1; expected"),
        ({"stop": rebook.WorkLimit(-1)}, "pivots: found -1; expected"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(practice, arguments, said):
    with pytest.raises(rebook.ArgumentError, match=said):
        rebook.plan(practice, **arguments)
