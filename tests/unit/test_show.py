"""The ledger on a screen: tables that fit, evidence with its words set off, and text that cannot touch the terminal."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys

import pytest
from export_rows import write_ledger
from rich.console import Console

from flows.incident_table import columns_for, incident_table, short_date
from flows.incident_view import evidence_text
from flows.report import read_incidents

LONG = {
    "killed": (1200, None),
    "injured": (24, 30),
    "date": ("2021-03-08", "2021-03-11"),
    "place_name": "the eastern outskirts of Upper Northfield",
    "admin1": "North Riverside",
    "sub_event_type": "Remote explosive/landmine/IED",
    "perpetrator": "Front for the Liberation of the Northern Valleys (FLNV)",
    "perpetrator_status": "suspected",
    "reported_by": [
        "Northern Observatory for Human Rights",
        "two security officials",
        "a doctor at the town's hospital",
    ],
    "verification": "belligerent_claim",
}


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_table_fits_the_screen_and_cuts_nothing(tmp_path, width):
    rows = read_incidents(write_ledger(tmp_path, LONG, LONG | {"date": None, "place_name": None}))
    screen = io.StringIO()
    Console(file=screen, width=width).print(incident_table(rows, columns_for(width)))
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    text = " ".join(screen.getvalue().split())
    assert "…" not in text.replace("2021-03-08…11", "")
    for whole in ("2021-03-08…11", "1200+", "24–30", "IED or mine"):
        assert whole in text
    assert ("Observatory" in text) is (width >= 120)
    assert ("belligerent_claim" in text) is (width >= 150)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ((2021, 3, 8), (2021, 3, 8), "2021-03-08"),
        ((2021, 3, 8), (2021, 3, 11), "2021-03-08…11"),
        ((2021, 2, 27), (2021, 3, 2), "2021-02-27…03-02"),
        ((2020, 12, 30), (2021, 1, 2), "2020-12-30…2021-01-02"),
        ((2021, 2, 1), (2021, 2, 28), "2021-02"),
        ((2021, 1, 1), (2021, 12, 31), "2021"),
    ],
)
def test_dates_are_as_short_as_they_can_be_said(first, last, text):
    assert short_date(dt.date(*first), dt.date(*last)) == text


def test_an_incident_lies_near_a_place_and_not_at_it(tmp_path):
    rows = [row | {"place_relation": "near"} for row in read_incidents(write_ledger(tmp_path, LONG))]
    screen = io.StringIO()
    Console(file=screen, width=300).print(incident_table(rows))
    assert "near the eastern outskirts" in screen.getvalue()


def test_the_words_of_a_value_are_set_off_at_their_offsets():
    piece = {"field": "text", "start": 10, "end": 42, "text": "Shells killed\nnine in Northfield"}
    codings = [
        {"column": "killed_min", "field": "text", "start": 24, "end": 28},
        {"column": "place_name", "field": "text", "start": 32, "end": 42},
        {"column": "date_start", "field": "text", "start": 90, "end": 96},
        {"column": "perpetrator", "field": "title", "start": 10, "end": 16},
    ]
    text = evidence_text(piece, codings)
    assert text.plain == "“Shells killed nine in Northfield”"
    assert {text.plain[span.start : span.end]: str(span.style) for span in text.spans} == {
        "nine": "bold red",
        "Northfield": "bold green",
    }


def test_text_of_an_article_cannot_touch_the_terminal(tmp_path):
    hostile = "\x1b[2JShells\x07 [bold]killed[/bold] nine\x9b31m in \u202eNorthfield"
    ledger = write_ledger(
        tmp_path, LONG | {"evidence": hostile, "place_name": "North\x1b]0;field\tAB", "incident_id": "i0"}
    )
    for more in ([], ["--incident", "i0"], ["--why", "i0"]):
        done = subprocess.run(
            [sys.executable, "-m", "flows", "show", str(ledger), *more],
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
        assert not set(done.stdout) & set("\x1b\x07\x9b\u202e")
        if more == ["--incident", "i0"]:
            assert "[bold]killed[/bold] nine" in done.stdout
        assert {line.count("\t") for line in done.stdout.splitlines()} == {done.stdout.splitlines()[0].count("\t")}


@pytest.mark.parametrize("width", [40, 60])
def test_a_narrow_screen_has_fewer_columns_that_can_be_read(tmp_path, width):
    rows = read_incidents(write_ledger(tmp_path, LONG))
    screen = io.StringIO()
    Console(file=screen, width=width).print(incident_table(rows, columns_for(width)))
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    words = screen.getvalue().split()
    assert {"2021-03-08", "1200+", "outskirts", "Northfield"} <= {word[:10] for word in words}
    assert ("Liberation" in words) is (width == 60)
    assert "IED" not in words
