"""The workbook as other programs read it: every sheet, type and drop-down as meant, no formula, and it prints."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from conftest import FIXTURES, command

SHEETS = [
    "Start here",
    "Escalate",
    "Call list",
    "Written to",
    "Plan by clinician",
    "Unplaced",
    "Fix list",
    "Excluded",
    "Equity",
]
OUTCOMES = "accepted,accepted alternative 1,accepted alternative 2,declined,no answer,wants other time,no longer needed"
OF_LETTERS = "accepted,declined,no answer,wants other time,no longer needed"
# The name of the sheet and what it is for stand above the titles of the columns.
TITLES = 3

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    plan = tmp_path_factory.mktemp("workbook") / "plan"
    command("plan", FIXTURES / "practice", "--out", plan)
    return plan


@pytest.fixture(scope="module")
def book(plan):
    return openpyxl.load_workbook(plan / "desk/rebooking.xlsx")


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    titles = [cell.value for cell in sheet[TITLES]]
    rows = sheet.iter_rows(min_row=TITLES + 1, values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows if any(value is not None for value in row)]


def test_every_sheet_is_there_with_frozen_titles_filters_widths_and_print_set_up(book):
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.cell(1, 1).value == sheet.title
        assert sheet.freeze_panes == f"A{TITLES + 1}", sheet.title
        last = openpyxl.utils.get_column_letter(sheet.max_column)
        assert sheet.auto_filter.ref.startswith(f"A{TITLES}:{last}"), sheet.title
        assert sheet.print_title_rows == f"$1:${TITLES}"
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        # One page wide is what is meant where nothing is said.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "PROPOSED, book as of 22 Jul 2024 07:00" in sheet.oddHeader.right.text
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[TITLES] if cell.value]
        assert all(width >= 6 for width in widths), sheet.title


def test_cells_are_numbers_dates_and_texts_as_their_columns_say_and_nothing_is_a_formula(book):
    types = {
        "Call order": int,
        "Call by": dt.datetime,
        "Start": dt.datetime,
        "End": dt.datetime,
        "Date": dt.datetime,
        "Minutes": int,
        "Target date": dt.datetime,
        "Days late": int,
        "Line": int,
        "Number": int,
        "Patient id": str,
        "Request id": str,
    }
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row), sheet.title
        for row in rows_of(sheet):
            for title, value in row.items():
                if value is not None and title in types:
                    assert isinstance(value, types[title]), (sheet.title, title, value)
                    seen.add(title)
    assert seen == types.keys()


@pytest.mark.parametrize(("name", "outcomes", "most"), [("Call list", OUTCOMES, 200), ("Written to", OF_LETTERS, 60)])
def test_each_who_is_told_has_a_drop_down_of_outcomes(book, name, outcomes, most):
    sheet = book[name]
    titles = [cell.value for cell in sheet[TITLES]]
    letter = openpyxl.utils.get_column_letter(titles.index("Outcome") + 1)
    [validation] = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert validation.formula1 == f'"{outcomes}"'
    rows = len(rows_of(sheet))
    assert str(validation.sqref) == f"{letter}{TITLES + 1}:{letter}{TITLES + rows}"
    assert most / 2 < rows < most


def test_nothing_else_is_filled_in(book):
    filled_in = ("Call list", "Written to")
    assert all(book[name].data_validations.count == 0 for name in SHEETS if name not in filled_in)


@pytest.mark.parametrize("name", ["Call list", "Written to"])
def test_the_form_of_what_is_read_back_is_shown_where_it_is_typed(book, name):
    sheet = book[name]
    titles = [cell.value for cell in sheet[TITLES]]
    prompts = {one.promptTitle: one for one in sheet.data_validations.dataValidation if one.type != "list"}
    assert prompts.keys() == {"Can come", "Cannot come"}
    for title, prompt in prompts.items():
        letter = openpyxl.utils.get_column_letter(titles.index(title) + 1)
        assert str(prompt.sqref) == f"{letter}{TITLES + 1}:{letter}{TITLES + len(rows_of(sheet))}"
        assert prompt.showInputMessage
    assert "Mon-Fri 15:00-18:00; Tue 09:00-12:00" in prompts["Can come"].prompt
    assert "2024-07-25; 2024-08-01..2024-08-09" in prompts["Cannot come"].prompt


def test_a_page_is_for_one_clinician_and_day(book):
    sheet = book["Plan by clinician"]
    rows = rows_of(sheet)
    pages = [(row["Practitioner id"], row["Date"]) for row in rows]
    starts = [at for at in range(1, len(rows)) if pages[at] != pages[at - 1]]
    assert [one.id for one in sheet.row_breaks.brk] == [at + TITLES for at in starts]
    assert pages == sorted(pages)


def test_the_numbers_add_up_and_nobody_who_is_excluded_is_called(book):
    numbers = {row["What"]: row["Number"] for row in rows_of(book["Start here"])}
    assert numbers["Requests"] == numbers["Placed"] + numbers["Without a place"] + numbers["Excluded"] == 202
    excluded = {row["Request id"] for row in rows_of(book["Excluded"])}
    assert len(excluded) == numbers["Excluded"]
    for name in ("Call list", "Plan by clinician", "Unplaced"):
        assert not excluded & {row["Request id"] for row in rows_of(book[name])}
    gone = ("died", "deregistered")
    left = {row["Patient id"] for row in rows_of(book["Excluded"]) if row["Reason code"] in gone}
    assert left
    assert not left & {row["Patient id"] for row in rows_of(book["Call list"])}
    why = [row["Why"] for row in rows_of(book["Escalate"])]
    assert why[0] == "Escalate now"
    assert {"Window passed", "Later than the target"} <= set(why)


def test_the_csv_files_say_the_same(book, plan):
    for sheet in book:
        name = sheet.title.lower().replace(" ", "-")
        with (plan / f"desk/sheets/{name}.csv").open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        rows = rows_of(sheet)
        assert read or not rows or rows[0][next(iter(rows[0]))] == "Nothing here."
        for of_csv, of_book in zip(read, rows, strict=bool(read)):
            for title, value in of_book.items():
                cell = of_csv[str(title).lower().replace(" ", "_")]
                if isinstance(value, dt.datetime):
                    assert value.isoformat().startswith(cell), (sheet.title, title)
                else:
                    assert cell == ("" if value is None else str(value)), (sheet.title, title)


def test_what_was_filled_in_is_read_back_and_never_overwritten(plan, tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(plan, mine)
    path = mine / "desk/rebooking.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Call list"]
    titles = [cell.value for cell in sheet[TITLES]]
    ids = []
    for row, outcome in enumerate(["accepted", "declined", "no answer"], TITLES + 1):
        sheet.cell(row, titles.index("Outcome") + 1).value = outcome
        ids.append(sheet.cell(row, titles.index("Request id") + 1).value)
    written = book["Written to"]
    titles = [cell.value for cell in written[TITLES]]
    written.cell(TITLES + 1, titles.index("Outcome") + 1).value = "no longer needed"
    ids.append(written.cell(TITLES + 1, titles.index("Request id") + 1).value)
    book.save(path)
    case = FIXTURES / "practice"
    refused = command("plan", case, "--out", mine, code=2)
    assert "rebooking.xlsx has been changed" in refused.stderr
    again = tmp_path / "again"
    command("plan", case, "--out", again, "--previous", mine, "--outcomes", path)
    command("verify", case, again)
    with (again / "excluded.csv").open(encoding="utf-8") as file:
        reasons = {row["request_id"]: row["reason_code"] for row in csv.DictReader(file)}
    assert (reasons[ids[0]], reasons[ids[1]], reasons[ids[3]]) == ("resolved", "declined", "resolved")
    with (again / "plan.csv").open(encoding="utf-8") as file:
        flags = {row["request_id"]: row["flags"] for row in csv.DictReader(file)}
    assert "no-answer" in flags[ids[2]]
    escalated = rows_of(openpyxl.load_workbook(again / "desk/rebooking.xlsx")["Escalate"])
    why = {row["Request id"]: row["Why"] for row in escalated}
    assert why[ids[2]] == "No answer"


def test_python_writes_the_same_bytes_as_the_command_line(practice_plan, plan, tmp_path):
    count = practice_plan.write_desk(tmp_path / "desk")
    written = {path.relative_to(tmp_path / "desk"): path.read_bytes() for path in (tmp_path / "desk").rglob("*.*")}
    of_command = {path.relative_to(plan / "desk"): path.read_bytes() for path in (plan / "desk").rglob("*.*")}
    assert written == of_command
    # Beside those counted, what the folder says of itself.
    assert len(written) == count + 1


@pytest.mark.skipif(OFFICE is None, reason="there is no LibreOffice here")
def test_another_office_opens_it_keeps_the_drop_downs_and_prints_it(plan, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    workbook = plan / "desk/rebooking.xlsx"
    for kind in ("pdf", "ods"):
        words = [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", kind]
        subprocess.run([*words, "--outdir", tmp_path, workbook], check=True, capture_output=True)
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "rebooking.pdf").pages]
    sheets = [page.split("\n", 1)[0] for page in pages]
    assert [name for name in SHEETS if any(first.startswith(name) for first in sheets)] == SHEETS
    assert all("PROPOSED" in page for page in pages)
    # Back again: what this office has understood.
    back = tmp_path / "back"
    words = [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*words, "--outdir", back, tmp_path / "rebooking.ods"], check=True, capture_output=True)
    read = openpyxl.load_workbook(back / "rebooking.xlsx")
    assert read.sheetnames == SHEETS
    [validation] = [one for one in read["Call list"].data_validations.dataValidation if one.type == "list"]
    assert validation.formula1.replace('"', "").split(",") == OUTCOMES.split(",")
