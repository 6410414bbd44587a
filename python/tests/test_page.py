"""The page in a real browser: nothing is fetched, everybody can read it, and it prints."""

from __future__ import annotations

import io
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import FIXTURES, command

sync_api = pytest.importorskip("playwright.sync_api", reason="there is no playwright here")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="there is no axe-core here")
pypdf = pytest.importorskip("pypdf", reason="there is no pypdf here")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AS_OF = "Monday 22 July 2024, 07:00"

# What has the focus, whether that can be seen, and whether something lies over it.
FOCUS = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const at = (x, y) => one.contains(document.elementFromPoint(x, y));
    const inside = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2;
    return {
        kind: one.matches(".skip") ? "skip" : one.matches(".scroll") ? "region" : one.tagName.toLowerCase(),
        marked: style.boxShadow !== "none",
        seen: at(inside(box.left, box.right, innerWidth), inside(box.top, box.bottom, innerHeight)),
    };
}"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    plan = tmp_path_factory.mktemp("page") / "plan"
    desk = plan.with_name("desk")
    command("plan", FIXTURES / "practice", "--out", plan)
    command("desk", FIXTURES / "practice", plan, "--out", desk)
    return desk / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def show(browser, report):
    """Open the page; whatever it asks for or complains of ends the test."""
    open_ones, asked, complaints = [], [], []

    def opened(width: int = 1280, height: int = 900, **how) -> sync_api.Page:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **how)
        open_ones.append(context)
        tab = context.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(report.as_uri())
        return tab

    yield opened
    for context in open_ones:
        context.close()
    assert set(asked) == {report.as_uri()}
    assert complaints == []


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (320, "screen"), (1280, "print")])
def test_axe_finds_nothing_to_complain_of(show, width, media):
    tab = show(width)
    tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    tab.emulate_media(media=media)
    found = axe.Axe().run(tab, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert found.response["passes"], "it has looked"


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_the_page_never_scrolls_sideways(show, width):
    tab = show(width)
    tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    # What is wider scrolls by itself.
    wider = "(all) => all.some((one) => one.scrollWidth > one.clientWidth)"
    assert tab.locator(".scroll").evaluate_all(wider)


def test_everything_is_there_without_the_script(show):
    whole, bare = show(), show(java_script_enabled=False)
    rows = "tbody tr"
    assert bare.locator(rows).count() == whole.locator(rows).count() > 300
    assert bare.locator("input, button").count() == 0
    assert whole.locator("thead th button").count() > 10
    for tab in (whole, bare):
        told = " ".join(tab.locator(".sum").inner_text().split())
        assert told == "202 requests = 166 placed + 4 without a place + 32 excluded"
    numbers = bare.locator("#waits details")
    numbers.locator("summary").click()
    assert numbers.locator("table").is_visible()


def test_the_keyboard_reaches_all_and_the_focus_is_seen(show):
    tab = show()
    tab.keyboard.press("Tab")
    focus = tab.evaluate(FOCUS)
    assert focus == {"kind": "skip", "marked": True, "seen": True}
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    found = []
    for _ in range(400):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement === document.body"):
            break
        found.append(tab.evaluate(FOCUS))
    assert all(focus["marked"] and focus["seen"] for focus in found), found
    kinds = [focus["kind"] for focus in found]
    for kind, query in (("button", "th button"), ("input", ".filter input"), ("summary", "summary")):
        assert kinds.count(kind) == tab.locator(query).count() > 0
    assert kinds.count("region") == tab.locator(".scroll:visible").count()


def test_enter_sorts_and_says_so(show):
    tab = show()
    table = tab.locator(".scroll[data-name='Call list'] table")
    head = table.locator("thead th", has_text="Patient").first
    column = head.evaluate("(head) => head.cellIndex")

    def cells() -> list[str]:
        return table.locator("tbody tr").evaluate_all(
            "(rows, at) => rows.map((row) => row.cells[at].textContent)", column
        )

    before = cells()
    assert head.get_attribute("aria-sort") is None
    for order, wanted in (("ascending", sorted(before)), ("descending", sorted(before, reverse=True))):
        head.locator("button").focus()
        tab.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == order
        assert table.locator("[aria-sort]").count() == 1
        assert cells() == wanted
        assert order in tab.locator("[role=status]", has_text="Sorted").inner_text()
    assert sorted(before) != before, "there was something to sort"


def test_numbers_and_dates_sort_by_what_they_mean(show):
    tab = show()
    table = tab.locator(".scroll[data-name='Call list'] table")
    read = """(rows, at) => rows.map((row) => {
        const time = row.cells[at].querySelector("time");
        return time ? time.dateTime : row.cells[at].textContent;
    })"""
    sorts = {"number": 0, "time": 0}
    for head in table.locator("thead th.sorted").all():
        column = head.evaluate("(head) => head.cellIndex")
        number = "n" in (head.get_attribute("class") or "").split()
        if not number and not table.locator(f"tbody td:nth-child({column + 1}) time").count():
            continue
        head.locator("button").click()
        cells = [cell for cell in table.locator("tbody tr").evaluate_all(read, column) if cell]
        meant = [int(cell.replace(",", "")) for cell in cells] if number else cells
        assert meant == sorted(meant)
        sorts["number" if number else "time"] += 1
    assert all(sorts.values()), sorts


def test_a_filter_says_how_many_rows_are_left(show):
    tab = show()
    field = tab.get_by_label("Filter Call list")
    region = tab.locator(".scroll[data-name='Call list']")
    everyone = region.locator("tbody tr:visible").count()
    one = region.locator("tbody th").first.inner_text()
    field.press_sequentially(one.lower())
    status = tab.locator(".filter", has=field).locator("[role=status]")
    left = region.locator("tbody tr:visible").count()
    assert 1 <= left < everyone
    assert status.inner_text() == f"Filtered: {left} of {everyone} rows are shown."
    field.fill("nobody has this text")
    assert status.inner_text() == f"Filtered: 0 of {everyone} rows are shown."
    field.fill("")
    assert region.locator("tbody tr:visible").count() == everyone


def test_a_session_list_is_filtered_by_its_clinician(show):
    tab = show()
    region = tab.locator(".scroll[data-name='Plan by clinician']")
    tables = region.locator("table")
    name = tables.last.locator("caption").inner_text().split(": ", 1)[1].split(",")[0]
    wanted = sum(name in text for text in tables.locator("caption").all_inner_texts())
    tab.get_by_label("Filter Plan by clinician").fill(name)
    assert 1 <= wanted == region.locator("table:visible").count() < tables.count()


def plain(text: str) -> str:
    """Without what lines, pages and fonts make of a text."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_it_prints_a_page_for_each_clinician_and_day(show):
    tab = show()
    names = tab.locator(".scroll[data-name='Plan by clinician'] caption").all_text_contents()
    read = """(rows) => rows.map((row) => {
        const cells = Array.from(row.cells).filter((cell) => !cell.matches(".screen"));
        return cells.map((cell) => cell.textContent).join("");
    })"""
    rows = tab.locator(".scroll[data-name] tbody tr").evaluate_all(read)
    printed = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    pages = [plain(page.extract_text()) for page in printed.pages]
    assert len(names) > 20
    of_name = {name: [at for at, page in enumerate(pages) if plain(name) + "·" in page] for name in names}
    assert all(of_name.values()), of_name
    # No page has two of them, and each has as many as its rows need and no more.
    taken = [at for found in of_name.values() for at in found]
    assert len(taken) == len(set(taken))
    assert len(taken) <= len(names) + 3
    for at, page in enumerate(pages, 1):
        assert plain("PROPOSED, NOT APPROVED. Book as of " + AS_OF) in page
        assert f"Page{at}of{len(pages)}" in page
        assert "Filter" not in page
    # A row that were cut would be on no page as a whole.
    assert [row for row in map(plain, rows) if not any(row in page for page in pages)] == []
    sizes = {tuple(sorted((round(page.mediabox.width), round(page.mediabox.height)))) for page in printed.pages}
    assert sizes == {(595, 842)}, "A4, upright or sideways"


def test_a_call_list_has_boxes_on_paper_alone(show):
    tab = show()
    boxes = tab.locator(".scroll[data-name='Call list'] td.box")
    assert boxes.count() > 100
    assert not boxes.first.is_visible()
    tab.emulate_media(media="print")
    assert boxes.first.is_visible()
    size = boxes.first.bounding_box()
    assert size["width"] > 40
    assert size["height"] > 20
