"""Rows in the columns of ACLED's event export: one row an incident, which has one place."""

from __future__ import annotations

from typing import Final

from expectations.countries import countries
from tasks.export import wording
from tasks.export.facts import Facts
from tasks.export.fatalities import fatalities
from tasks.export.mapping import Cell, Field, Mapping, empty
from tasks.export.own_columns import OWN_FIELDS, OWN_NOT_CARRIED

_TIME_PRECISION = {"day": 1, "days": 2, "week": 2, "month": 3}
_OUTSIDE = "Other"  # the ledger's name for organised violence that ACLED's names do not cover
_CIVILIANS_HIT = "Violence against civilians"


def _column(name: str) -> Field:
    def value(facts: Facts) -> Cell:
        cell: Cell = facts.row[name]
        return cell

    return Field(name, "string", f"The ledger's `{name}`.", (name,), value)


def _dated(facts: Facts) -> bool:
    return facts.row["date_precision"] in _TIME_PRECISION


def _event(name: str) -> Field:
    return Field(
        name,
        "string",
        "ACLED's own name. Empty for `Other`: with ACLED that is a strategic development, here organised violence with no ACLED name.",
        (name,),
        lambda facts: facts.row[name] if facts.row[name] != _OUTSIDE else None,
    )


def _of_civilians(facts: Facts, text: str) -> str | None:
    return text if facts.row["event_type"] == _CIVILIANS_HIT else None


def _iso(facts: Facts) -> int | None:
    known = countries().get(facts.row["country_code"] or "")
    return known.numeric or None if known else None


def _year(facts: Facts) -> int | None:
    day, end = facts.row["date_start"], facts.row["date_end"]
    return None if day is None or (end is not None and end.year != day.year) else day.year


ACLED: Final = Mapping(
    name="acled-csv",
    title="ACLED-like events, CSV",
    standard="ACLED Codebook (2023) and ACLED's “Fatalities” note (2024); columns of the data export",
    url="https://acleddata.com/knowledge-base/codebook/",
    left_out=lambda facts: (
        "a total over several places whose parts have rows" if "umbrella" in facts.row["flags"] else None
    ),
    fields=(
        Field(
            "event_id_cnty",
            "string",
            "The ledger's id; not of ACLED's form.",
            ("incident_id",),
            lambda f: f.row["incident_id"],
        ),
        Field(
            "event_date",
            "date",
            "The day; for a range of days, a week or a month its middle day, as ACLED does. Empty: no date stated, or only a year.",
            ("date_start", "date_end"),
            lambda f: wording.middle_day(f) if _dated(f) else None,
        ),
        Field("year", "year", "Year of the date, also where only the year is stated.", ("date_start",), _year),
        Field(
            "time_precision",
            "integer",
            "1 the day (`day`), 2 within the week (`days`, `week`), 3 within the month (`month`). Empty for `year`: ACLED has no code for it.",
            ("date_precision",),
            lambda f: _TIME_PRECISION.get(f.row["date_precision"] or ""),
        ),
        Field(
            "disorder_type",
            "string",
            "“Political violence”, as ACLED has it for all these event types; empty for `Other`.",
            ("event_type",),
            lambda f: None if f.row["event_type"] == _OUTSIDE else "Political violence",
        ),
        _event("event_type"),
        _event("sub_event_type"),
        Field(
            "actor1",
            "string",
            "The perpetrator, also one who is only suspected: `ledger_perpetrator_status` and `notes` say so. Empty: nobody is named (ACLED would write “Unidentified …”).",
            ("perpetrator",),
            lambda f: f.row["perpetrator"],
        ),
        empty("assoc_actor_1", "string", "the ledger has no associated actors"),
        empty("inter1", "string", "the ledger does not sort actors into ACLED's kinds"),
        Field(
            "actor2",
            "string",
            "“Civilians (country)” for violence against civilians, where that is what the event type says. Else empty: the ledger's `target` is free text and stands in `notes`.",
            ("event_type", "country_code"),
            lambda f: _of_civilians(f, f"Civilians ({f.country})" if f.country else "Civilians"),
        ),
        empty("assoc_actor_2", "string", "the ledger has no associated actors"),
        empty("inter2", "string", "the ledger does not sort actors into ACLED's kinds"),
        empty("interaction", "string", "it follows from inter1 and inter2"),
        Field(
            "civilian_targeting",
            "string",
            "“Civilian targeting” for violence against civilians; else empty: the ledger does not judge who was aimed at.",
            ("event_type",),
            lambda f: _of_civilians(f, "Civilian targeting"),
        ),
        Field("iso", "integer", "ISO 3166-1 numeric code of the country.", ("country_code",), _iso),
        empty("region", "string", "ACLED's regions are its own"),
        Field(
            "country", "string", "English name by GeoNames; ACLED's may differ.", ("country_code",), lambda f: f.country
        ),
        _column("admin1"),
        empty("admin2", "string", "the ledger does not code it"),
        empty("admin3", "string", "the ledger does not code it"),
        Field(
            "location",
            "string",
            "The place as written; `notes` say how the incident lies to it.",
            ("place_name", "place_relation"),
            lambda f: f.row["place_name"],
        ),
        Field(
            "latitude",
            "number",
            "WGS 84. Empty: not located (ACLED would take a capital).",
            ("latitude",),
            lambda f: f.row["latitude"],
        ),
        Field("longitude", "number", "WGS 84.", ("longitude",), lambda f: f.row["longitude"]),
        Field(
            "geo_precision",
            "integer",
            "1 the named place, 2 near it or within a town, 3 a region: its reference point, not its capital as with ACLED.",
            ("geo_precision",),
            lambda f: f.row["geo_precision"],
        ),
        Field(
            "source",
            "string",
            "The outlets; the id that the source gave where an outlet has no name.",
            ("article_ids",),
            wording.publishers,
        ),
        empty("source_scale", "string", "the ledger does not code it"),
        Field(
            "notes",
            "string",
            "Ranges, precision, status of claims, sources, disagreements and the best evidence, in sentences made by rule.",
            (
                "killed_min",
                "killed_max",
                "injured_min",
                "injured_max",
                "target",
                "reported_by",
                "conflicts",
                "date_basis",
                "first_published_on",
            ),
            wording.notes,
        ),
        Field(
            "fatalities",
            "integer",
            "The most conservative estimate: the lower bound; “dozens” 12, “hundreds” 100, an unknown number 3 (see below). Empty: no lower bound is stated (ACLED would write 0); 0 only where the report says that nobody was hurt.",
            ("killed_min",),
            fatalities,
        ),
        Field(
            "tags",
            "string",
            "`sources=` and `articles=`: how many independent sources and articles report it.",
            ("n_sources", "n_articles"),
            lambda f: f"sources={f.row['n_sources']}; articles={f.row['n_articles']}",
        ),
        empty("timestamp", "integer", "the time of ACLED's upload"),
        *OWN_FIELDS,
    ),
    not_carried=OWN_NOT_CARRIED,
    departures=(
        "A row is an incident, and an incident has one place. Where one count covers several places that have no counts of their own, the first stands in `location`.",
        "An incident over several days is one row, with the precision that says so; ACLED makes a row a day and divides the dead.",
        "A total over several places is left out where its parts have rows of their own (`umbrella`), so that sums are right.",
        "Vague numbers: “tens” 10, “dozens” 12, “scores” 20, “hundreds” 100, “thousands” 1,000, an unknown number (“soldiers”, “several”) 3, where nothing more exact is said. ACLED takes 10 for an unknown number in an active war zone; the ledger does not judge where one is. Sums of several figures keep the ledger's own readings.",
    ),
)
