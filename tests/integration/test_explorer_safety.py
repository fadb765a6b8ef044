"""An article made of attacks, in Chromium: nothing in it executes, leaves the page or breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tasks.report.build import write_site
from tests.integration.explorer_browser import Watched, open_browser
from tests.unit.report_ledger import ATTACKS, hostile, market, write_ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PLACES = (
    "",
    "#/?i=ievil",
    "#/article/evil",
    "#/articles",
    "#/quality",
    "#/review",
    "#/about",
    "#/?q=<script>&i=<img>&at=x",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module", params=[False, True], ids=["folder", "single"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    attack = " ".join(ATTACKS)
    held = {
        "run_id": "r",
        "stage": "extract",
        "table": "mentions",
        "row_key": attack,
        "check": "rule",
        "column": "",
        "value": attack,
        "reason": attack,
        "row": attack,
    }
    ledger = write_ledger(folder / "ledger", [market(), hostile()], quarantine=[held])
    return write_site(ledger, folder / "site", single_file=request.param, title=f"Ledger {attack}").index


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = Watched(browser)
    yield page
    page.close()


@pytest.mark.parametrize("place", PLACES)
def test_nothing_executes_and_nothing_is_asked_of_a_network(watched: Watched, index: Path, place: str) -> None:
    page = watched.open(index, place)
    page.wait_for_timeout(400)
    for button in page.locator(".more-text").all():
        button.click()
    assert page.evaluate("typeof window.HIT") == "undefined"
    assert watched.outside == []
    assert watched.complaints == []
    own = page.evaluate(
        "[...document.querySelectorAll('iframe, object, embed, img, form[action], meta[http-equiv=refresh]')].map(e => e.outerHTML)"
    )
    assert own == []
    addresses = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
    assert [a for a in addresses if not a.startswith(("#", "https://news.example/"))] == []
    handlers = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    )
    assert handlers == []


def test_attacks_are_shown_as_the_text_that_they_are(watched: Watched, index: Path) -> None:
    page = watched.open(index, "#/article/evil")
    shown = page.locator(".passage").inner_text()
    assert "</script><script>window.HIT=1</script>" in shown
    assert "<img src=x onerror=window.HIT=2>" in shown
    assert "\u202e" not in shown


def test_links_out_carry_no_trace_of_the_reader(watched: Watched, index: Path) -> None:
    page = watched.open(index, "#/article/evil")
    link = page.locator("a.out").first
    assert link.get_attribute("href").startswith("https://news.example/")  # type: ignore[union-attr]
    assert set(link.get_attribute("rel").split()) >= {"noreferrer", "noopener"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", " jAvAscript:alert(1)", "file:///etc/passwd", "vbscript:x"]
)
def test_only_addresses_of_the_web_become_links(watched: Watched, index: Path, address: str) -> None:
    page = watched.open(index, "#/about")
    assert page.evaluate("address => ConflictLedger.webLink(address, 'x').tagName", address) == "BDI"


def test_the_policy_stops_what_a_fault_would_let_through(watched: Watched, index: Path) -> None:
    page = watched.open(index, "#/about")
    refused: list[str | None] = []
    page.on("requestfailed", lambda request: refused.append(request.failure))
    stopped = page.evaluate(
        """async () => {
            const results = [];
            await new Promise((done) => setTimeout(done, 50)); // what a driver runs at once may use eval anyway
            try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.HIT=1>'); results.push('markup'); } catch { }
            try { eval('window.HIT = 2'); results.push('eval'); } catch { }
            try { await fetch('https://evil.example/'); results.push('fetch'); } catch { }
            const script = document.createElement('script');
            try { script.textContent = 'window.HIT = 3'; } catch { }
            try { document.body.append(script); } catch { }
            const image = new Image();
            image.src = 'https://evil.example/x.png';
            await new Promise((done) => { image.onload = () => done(results.push('image')); image.onerror = done; });
            return results.concat(typeof window.HIT === 'undefined' ? [] : ['executed']);
        }"""
    )
    assert stopped == []
    assert set(refused) <= {"csp"}  # the policy refused it; no network was asked
    assert len(refused) == len(watched.outside)


def test_a_huge_word_does_not_widen_the_page(watched: Watched, index: Path) -> None:
    page = watched.open(index, "#/article/evil")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
