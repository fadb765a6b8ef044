"""The explorer in Chromium, opened from disk with no network: what a reader sees, does and can link to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expectations.corroboration import CORROBORATION
from expectations.storage import read_table, write_part
from expectations.tables import TABLES
from tasks.report.build import write_site
from tests.integration.explorer_browser import Watched, open_browser
from tests.unit.report_ledger import Story, market, write_ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CLASH = Story(
    "b1",
    "At least five soldiers died in clashes near Kosti on Sunday, the army said.\n\nTalks go on.",
    title="Clashes near Kosti",
    incidents=[
        {
            "incident_id": "i2",
            "sub_event_type": "Armed clash",
            "event_type": "Battles",
            "killed": (5, None),
            "date": "2024-05-05",
            "place_name": "كوستي",
            "country_code": "SD",
            "geo_basis": "not_found",
            "perpetrator": "Sudanese Armed Forces (SAF)",
            "perpetrator_status": "claimed",
            "words": "At least five soldiers died in clashes near Kosti on Sunday, the army said.",
        }
    ],
    figures=[("five soldiers", "incident", "i2")],
)

# Every page of the explorer, and the panel of an incident.
PLACES = ("", "#/?i=i1", "#/article/a1", "#/quality", "#/compared", "#/review", "#/about", "#/articles")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explorer")
    ledger = write_ledger(folder / "ledger", [market(), market("a2"), CLASH])
    return write_site(ledger, folder / "site").index


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explorer")
    ledger = write_ledger(folder / "ledger", [market(), CLASH])
    write_part(ledger / "corroboration.parquet", CORROBORATION, compared_rows())
    return write_site(ledger, folder / "site").index


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explorer")
    ledger = write_ledger(folder / "ledger", [market(), market("a2"), CLASH])
    return write_site(ledger, folder / "all.html", single_file=True).index


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = Watched(browser, accept_downloads=True)
    yield page
    page.close()
    assert page.outside == []
    assert page.complaints == []


@pytest.fixture(params=["site", "single"])
def index(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def test_headline_map_charts_and_table_show(watched: Watched, index: Path) -> None:
    page = watched.open(index)
    assert page.locator(".card.killed .big").first.inner_text() == "at least 8"
    assert page.locator("tbody tr[data-id]").count() == 2
    page.wait_for_selector(".leaflet-land-pane canvas", state="attached")
    assert page.locator(".chart svg.plot").count() >= 4
    assert page.locator(".undrawn summary").inner_text() == "1 not on the map"


def test_search_filter_and_sort_go_into_the_address(watched: Watched, index: Path) -> None:
    page = watched.open(index)
    page.fill("#filter-q", "wad madani")
    page.wait_for_function("() => document.querySelectorAll('tbody tr[data-id]').length === 1")
    assert "q=wad+madani" in page.url
    page.click(".chip.clear")
    page.select_option("#filter-kind", "Armed clash")
    page.wait_for_function("() => document.querySelector('tbody tr[data-id]').dataset.id === 'i2'")
    page.click(".chip.clear")
    page.click("th.killed button")
    page.wait_for_function("() => document.querySelector('tbody tr[data-id]').dataset.id === 'i2'")
    assert page.locator("th.killed").get_attribute("aria-sort") == "descending"
    address = page.url
    other = watched.open(index, "#" + address.split("#")[1])
    assert other.locator("th.killed").get_attribute("aria-sort") == "descending"


def test_incident_shows_words_figures_and_reasons(watched: Watched, index: Path) -> None:
    page = watched.open(index, "#/?i=i1")
    panel = page.locator("dialog[open]")
    panel.locator("mark").first.wait_for()
    assert "Wad Madani" in panel.locator("h2").inner_text()
    assert panel.locator("article.report").count() == 2
    assert panel.locator(".passage mark").first.inner_text().startswith("Three civilians were killed")
    assert panel.locator(".passage .figure.d-incident").first.inner_text() == "Three civilians"
    panel.locator(".more-text").first.click()
    assert panel.locator(".passage .why.explained").first.inner_text() == "not counted: war toll"
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog[open]')")
    assert "i=i1" not in page.url


def test_keyboard_alone_reaches_and_leaves_an_incident(watched: Watched, site: Path) -> None:
    page = watched.open(site)
    page.locator("tbody tr[data-id] a.open").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") == "i2"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] mark")
    assert page.evaluate("document.activeElement.id") == "incident-heading"
    page.keyboard.press("[")
    page.wait_for_function("() => location.hash.includes('i=i1')")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog[open]')")


def test_right_to_left_names_stand_apart(watched: Watched, site: Path) -> None:
    page = watched.open(site, "#/?kind=Armed+clash")
    name = page.locator("tbody td.place bdi").first
    assert name.inner_text() == "كوستي"
    assert name.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("tbody td.place").first.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_article_page_tells_of_every_figure(watched: Watched, index: Path) -> None:
    page = watched.open(index, "#/article/a1")
    assert page.locator("h1").inner_text() == "Market hit"
    assert page.locator("table .figure").all_inner_texts() == ["Three civilians", "9,000"]
    assert "because toll" in page.locator("main").inner_text()


def test_quality_articles_about_and_unknown_pages_open(watched: Watched, index: Path) -> None:
    assert "used in incidents" in watched.open(index, "#/quality").locator("main").inner_text()
    assert watched.open(index, "#/articles").locator(".article-list li").count() == 3
    assert "Leaflet" in watched.open(index, "#/about").locator("main").inner_text()
    assert "Compared" not in watched.page.locator("nav").inner_text()
    assert "no article" in watched.open(index, "#/article/none").locator("main").inner_text()
    page = watched.open(index, "#/?i=none&sort=sideways&measure=<b>")
    page.wait_for_selector("dialog[open]")
    assert "No such incident" in page.locator("dialog").inner_text()


def test_a_comparison_gets_a_page_and_a_part_in_the_panel(watched: Watched, compared: Path) -> None:
    page = watched.open(compared, "#/compared")
    told = page.locator("main").inner_text()
    for words in (
        "Compared with UCDP GED",
        "In both: 1",
        "Only in this ledger: 1",
        "Only in the reference: 0",
        "3 / 7",
    ):
        assert words in told
    page = watched.open(compared, "#/?i=i1")
    page.wait_for_selector("dialog[open] >> text=Compared with UCDP GED")


def test_what_people_corrected_and_other_ids_are_told(watched: Watched, tmp_path: Path) -> None:
    change = {
        "action": "set",
        "column": "killed_max",
        "value": "4",
        "original": "3",
        "reason": "<b>said</b> four",
        "who": "Amal",
        "date": "2024-06-01",
    }
    story = market()
    story.incidents[0] |= {"corrections": [change]}
    ledger = write_ledger(tmp_path / "ledger", [story, CLASH])
    rows = read_table(ledger, "incidents").to_pylist()
    rows = [row | {"aliases": ["i0", "i00"]} if row["incident_id"] == "i1" else row for row in rows]
    write_part(ledger / "incidents" / "part-00000.parquet", TABLES["incidents"], rows)
    index = write_site(ledger, tmp_path / "site").index
    page = watched.open(index, "#/?i=i1")
    told = page.locator("dialog[open] .corrected li").first.inner_text()
    assert "Killed, at most: 4, was 3" in told
    assert "“<b>said</b> four” Amal" in told
    assert "also known as i0, i00" in page.locator("dialog[open] .byline").first.inner_text()


def compared_rows() -> list[dict[str, object]]:
    both = {"corroboration_id": "1", "status": "matched", "incident_id": "i1", "reference": "UCDP GED", "reference_id": "77", "score": 0.8, "reference_killed_best": 7, "differences": [{"what": "killed", "ours": "3", "theirs": "7", "note": "ranges do not meet"}], "reason": "score 0.80: place 1.00"}  # fmt: skip
    ours = {"corroboration_id": "2", "status": "only_ours", "incident_id": "i2", "reference": "UCDP GED", "differences": [], "reason": "none near"}  # fmt: skip
    return [both, ours]


def decide(watched: Watched, button: str, **fields: str) -> None:
    page = watched.page
    page.locator("dialog[open]").get_by_role("button", name=button, exact=True).click()
    form = page.locator("dialog form.decision")
    for label, value in fields.items():
        control = form.get_by_label(label.replace("_", " "), exact=True)
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    form.get_by_role("button", name="Keep this decision").click()
    form.wait_for(state="detached")


def test_review_ends_in_a_corrections_file(watched: Watched, index: Path, tmp_path: Path) -> None:
    page = watched.open(index, "#/?i=i1")
    page.wait_for_selector("dialog[open] mark")
    decide(
        watched, "Edit a field", Field="killed_max", New_value="4", Reason='said "four", later', Your_name="Amal أمل"
    )
    decide(watched, "Edit Place", New_value="=Wad, Madani", Reason="as the map has it")
    decide(watched, "Merge", Reason="same day", **{"Likely_ones,_the_likeliest_first": "i2"})
    page.get_by_role("button", name="This report tells of another incident: split").first.click()
    page.get_by_label("Reason", exact=True).fill("another day")
    page.get_by_role("button", name="Keep this decision").click()
    page = watched.open(index, "#/?i=i2")
    page.wait_for_selector("dialog[open] mark")
    decide(watched, "Accept")
    decide(watched, "Reject", Reason="a drill")
    page = watched.open(index, "#/review")
    with page.expect_download() as download:
        page.click("#save-corrections")
    assert download.value.suggested_filename == "corrections.csv"
    saved = tmp_path / "corrections.csv"
    download.value.save_as(saved)
    text = saved.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["target_id", "target", "action", "field", "value", "expected", "reason", "who", "date"]
    told = [(r["target_id"], r["target"], r["action"], r["field"], r["value"], r["expected"]) for r in rows]
    assert told[:3] == [
        ("i1", "incident", "set", "killed_max", "4", "3"),
        ("i1", "incident", "set", "place_name", "=Wad, Madani", "Wad Madani"),
        ("i1", "incident", "merge", "", "i2", ""),
    ]
    assert told[3][1:] == ("mention", "split", "", "", "i1")
    assert told[4:] == [("i2", "incident", "reject", "", "", "")]  # it took the place of "confirm"
    assert rows[0]["reason"] == 'said "four", later'
    assert {r["who"] for r in rows} == {"Amal أمل"}
    page.get_by_role("button", name="Forget all decisions").click()
    page.get_by_role("button", name="Really forget").click()
    page.wait_for_selector("text=None yet.")
    page.set_input_files("#review-file", saved)
    page.wait_for_function("() => document.querySelectorAll('.decisions li').length === 5")


@pytest.mark.parametrize("width", [320, 390, 768, 1000])
def test_nothing_is_wider_than_the_screen(browser: Browser, compared: Path, width: int) -> None:
    phone = Watched(browser, viewport={"width": width, "height": 800})
    for place in PLACES:
        page = phone.open(compared, place)
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
    phone.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_hangs_out_below_the_page(browser: Browser, tmp_path: Path, width: int) -> None:
    ledger = write_ledger(tmp_path / "ledger", [market(f"m{number}", incident_id=f"i{number}") for number in range(60)])
    watched = Watched(browser, viewport={"width": width, "height": 800})
    page = watched.open(write_site(ledger, tmp_path / "site").index)
    page.wait_for_selector("tbody tr a")
    below = page.evaluate(
        "document.documentElement.scrollHeight - scrollY - document.querySelector('footer').getBoundingClientRect().bottom"
    )
    assert below < 40
    watched.close()


def test_print_shows_all_rows(watched: Watched, site: Path) -> None:
    page = watched.open(site)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".incidents tbody:not(.spacer) tr").count() == 2
    assert page.locator(".print-map path").count() > 0
    assert page.locator("nav").first.is_hidden()


def test_a_printed_incident_is_not_cut_at_the_first_sheet(watched: Watched, site: Path) -> None:
    page = watched.open(site, "#/?i=i1")
    page.wait_for_selector("dialog[open] .passage mark")
    assert page.pdf(format="A5").count(b"/Type /Page\n") > 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".print-sheet").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_accessibility_has_no_serious_fault(browser: Browser, compared: Path, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    watched = Watched(browser, viewport={"width": width, "height": 850}, color_scheme=scheme, bypass_csp=True)
    faults = []
    for place in PLACES:
        page = watched.open(compared, place)
        page.wait_for_timeout(300)
        found = axe.Axe().run(page).response["violations"]
        faults += [
            (place, v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")
        ]
    watched.close()
    assert faults == []
