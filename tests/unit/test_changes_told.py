"""What a run changed, as the summary in the Prefect UI tells it: was and is beside each other, on lines that wrap."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flows.changes import Changes
from flows.report import SHOWN_CHANGES, markdown_changes

GAO: dict[str, Any] = {
    "incident_id": "i1",
    "date_start": dt.date(2024, 5, 6),
    "date_end": dt.date(2024, 5, 6),
    "place_name": "Gao",
    "admin1": None,
    "country_code": "ML",
    "sub_event_type": "Attack",
    "killed_min": 4,
    "killed_max": None,
    "injured_min": None,
    "injured_max": None,
    "perpetrator": None,
    "perpetrator_status": "unknown",
    "reported_by": ["residents"],
    "verification": "single_source",
    "n_articles": 1,
    "flags": ["place_inherited"],
}


def told(changes: Changes) -> list[str]:
    return [line.replace("\\", "") for line in markdown_changes(changes) if line.startswith("- ")]


def test_a_changed_incident_is_one_line_with_was_and_is() -> None:
    now = GAO | {
        "killed_min": 6,
        "killed_max": 6,
        "injured_min": 2,
        "injured_max": 2,
        "reported_by": ["residents", "the mayor"],
        "n_articles": 2,
        "flags": [],
    }
    assert told(Changes(changed=[(GAO, now)])) == [
        "- **2024-05-06 · Gao**: killed 4+ → 6; injured none → 2; articles 1 → 2; reported by + the mayor; flags − place_inherited"
    ]


def test_an_incident_that_is_gone_is_told_with_what_became_of_it() -> None:
    (line,) = told(Changes(gone=[GAO]))
    assert line.startswith("- **2024-05-06 · Gao · Attack**: gone; ")


def test_names_from_articles_stay_text() -> None:
    line = markdown_changes(Changes(changed=[(GAO, GAO | {"place_name": "[Gao](http://x.example)"})]))[3]
    assert "\\[Gao\\]\\(http" in line


def test_of_many_changes_the_first_are_told_and_the_rest_counted() -> None:
    lines = markdown_changes(Changes(gone=[GAO] * (SHOWN_CHANGES + 5)))
    assert len([line for line in lines if line.startswith("- ")]) == SHOWN_CHANGES
    assert lines[-1].startswith("and 5 more")
