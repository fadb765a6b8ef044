"""Rows in the columns of UCDP's Georeferenced Event Dataset: incidents with deaths, as low, best and high estimates."""

from __future__ import annotations

import math
from typing import Final

from tasks.export import wording
from tasks.export.facts import Facts
from tasks.export.mapping import Cell, Field, Mapping, Type, empty, joined
from tasks.export.own_columns import OWN_FIELDS, OWN_NOT_CARRIED

_NOT_COMBATANTS = ("civilian", "child", "woman", "journalist", "humanitarian")
_NO_NUMBER = "UCDP's own numbers"


def _column(name: str, column: str, type_: Type, meaning: str) -> Field:
    def value(facts: Facts) -> Cell:
        cell: Cell = facts.row[column]
        return cell

    return Field(name, type_, meaning, (column,), value)


def _left_out(facts: Facts) -> str | None:
    row = facts.row
    if "umbrella" in row["flags"]:
        return "a total over several places whose parts have rows"
    if row["killed_min"] is None and not row["killed_max"]:
        return "no deaths stated"
    return "nobody killed" if row["killed_max"] == 0 else None


def _best(facts: Facts) -> int | None:
    low: int | None = facts.row["killed_min"]
    return low


def _low(facts: Facts) -> int:
    return facts.row["killed_min"] or 0


def _civilians(facts: Facts) -> int | None:
    """The civilians among the dead, where their number is stated as such: the largest stated figure of them."""
    stated = [v["min"] for v in facts.row["victims"] if v["outcome"] == "killed" and v["group"] == "civilian"]
    return max((n for n in stated if n is not None), default=None)


def _one_sided(facts: Facts) -> bool:
    """Whether it is UCDP's one-sided violence by what is stated: a named actor, an attack on civilians, civilian victims."""
    row = facts.row
    civilians = any(victim["group"] in _NOT_COMBATANTS for victim in row["victims"])
    return row["event_type"] == "Violence against civilians" and bool(row["perpetrator"]) and civilians


def _date_prec(facts: Facts) -> int | None:
    precision, days = facts.row["date_precision"], wording.days_long(facts)
    if precision is None or days is None:
        return None
    if precision == "days":
        return 2 if days <= 6 else 3 if days == 7 else 4
    return {"day": 1, "week": 3, "month": 4, "year": 5}[precision]


def _where_prec(facts: Facts) -> int | None:
    row = facts.row
    if row["geo_basis"] == "country_only":
        return 6
    if row["geo_precision"] == 3:
        return 4 if row["admin1"] else 5
    known: int | None = row["geo_precision"]
    return known


def _point(facts: Facts) -> str | None:
    row = facts.row
    return None if row["latitude"] is None else f"POINT ({row['longitude']} {row['latitude']})"


def prio_grid_cell(latitude: float, longitude: float) -> int:
    """The PRIO-GRID cell of a point: cells of half a degree, numbered from 1 at the south-west, row by row."""
    row, column = math.floor((latitude + 90) * 2), math.floor((longitude + 180) * 2)
    return min(row, 359) * 720 + min(column, 719) + 1


def _articles(facts: Facts) -> str:
    return joined(
        ",".join(str(article[name] or "") for name in ("publisher", "published_on", "title"))
        for article in facts.articles
    )


def _from_articles(name: str) -> Field:
    column = {"source_office": "publisher", "source_date": "published_on", "source_headline": "title"}[name]
    return Field(
        name,
        "string",
        f"The articles' `{column}`, joined by semicolons.",
        ("article_ids",),
        lambda facts: joined(str(article[column]) if article[column] else None for article in facts.articles),
    )


def _aggregate(facts: Facts) -> int:
    return 2 if facts.row["date_precision"] == "days" else 1


UCDP: Final = Mapping(
    name="ucdp-csv",
    title="UCDP GED-like events, CSV",
    standard="UCDP GED Codebook; the 49 columns of GED 23.1 and later",
    url="https://ucdp.uu.se/downloads/",
    left_out=_left_out,
    fields=(
        _column("id", "incident_id", "string", "The ledger's id: text, where UCDP has a number."),
        empty("relid", "string", _NO_NUMBER),
        Field(
            "year",
            "year",
            "Year of `date_start`.",
            ("date_start",),
            lambda f: f.row["date_start"].year if f.row["date_start"] else None,
        ),
        empty("active_year", "integer", "it depends on UCDP's count of the whole year"),
        empty("code_status", "string", "UCDP's own review"),
        Field(
            "type_of_violence",
            "integer",
            "3 (one-sided) where a named actor attacks civilians and civilian victims are stated. Else empty: whether a party is a state is not coded.",
            ("event_type", "victims"),
            lambda f: 3 if _one_sided(f) else None,
        ),
        *(empty(name, "integer", _NO_NUMBER) for name in ("conflict_dset_id", "conflict_new_id")),
        empty("conflict_name", "string", "UCDP's own names of conflicts"),
        *(empty(name, "integer", _NO_NUMBER) for name in ("dyad_dset_id", "dyad_new_id")),
        empty("dyad_name", "string", "UCDP's own names of dyads"),
        *(empty(name, "integer", _NO_NUMBER) for name in ("side_a_dset_id", "side_a_new_id")),
        Field(
            "side_a",
            "string",
            "The perpetrator, in one-sided violence. Else empty: which side is A is UCDP's to say; see `ledger_perpetrator`.",
            ("perpetrator",),
            lambda f: f.row["perpetrator"] if _one_sided(f) else None,
        ),
        *(empty(name, "integer", _NO_NUMBER) for name in ("side_b_dset_id", "side_b_new_id")),
        Field(
            "side_b",
            "string",
            "“Civilians”, in one-sided violence; else empty.",
            ("event_type", "victims"),
            lambda f: "Civilians" if _one_sided(f) else None,
        ),
        _column("number_of_sources", "n_sources", "integer", "Independent sources: copies of one story count once."),
        Field("source_article", "string", "Outlet, date and headline of each article.", ("article_ids",), _articles),
        *map(_from_articles, ("source_office", "source_date", "source_headline")),
        Field(
            "source_original",
            "string",
            "Whom the articles name as reporting it.",
            ("reported_by",),
            lambda f: joined(f.row["reported_by"]),
        ),
        Field(
            "where_prec",
            "integer",
            "1 the named place, 2 near it or within a town, 4 a first-level unit, 5 another region, 6 only the country (then without coordinates). 3 and 7 are not used.",
            ("geo_precision", "geo_basis", "admin1"),
            _where_prec,
        ),
        _column("where_coordinates", "place_name", "string", "The place as written."),
        Field(
            "where_description",
            "string",
            "The place with how the incident lies to it and where its coordinates come from.",
            ("place_name", "place_relation", "geo_basis"),
            wording.where,
        ),
        _column("adm_1", "admin1", "string", "The first-level unit; UCDP's spelling may differ."),
        empty("adm_2", "string", "the ledger does not code it"),
        _column("latitude", "latitude", "number", "WGS 84. Empty: not located."),
        _column("longitude", "longitude", "number", "WGS 84."),
        Field("geom_wkt", "string", "The point as well-known text.", ("latitude", "longitude"), _point),
        Field(
            "priogrid_gid",
            "integer",
            "PRIO-GRID cell of the point.",
            ("latitude", "longitude"),
            lambda f: None if f.row["latitude"] is None else prio_grid_cell(f.row["latitude"], f.row["longitude"]),
        ),
        Field(
            "country", "string", "English name by GeoNames; UCDP's may differ.", ("country_code",), lambda f: f.country
        ),
        empty("country_id", "integer", "Gleditsch and Ward's numbers are not coded"),
        empty("region", "string", "UCDP's regions are its own"),
        Field(
            "event_clarity",
            "integer",
            "1, or 2 where one count covers several days (`date_precision` = `days`), which nothing can take apart.",
            ("date_precision",),
            _aggregate,
        ),
        Field(
            "date_prec",
            "integer",
            "1 the day, 2 two to six days, 3 a week, 4 a month or eight days and more, 5 a year. Empty: no date stated.",
            ("date_precision", "date_start", "date_end"),
            _date_prec,
        ),
        _column(
            "date_start",
            "date_start",
            "date",
            "First day. Empty: no date stated (the publication date does not stand in).",
        ),
        _column("date_end", "date_end", "date", "Last day."),
        empty("deaths_a", "integer", "whose side the dead were on is not coded"),
        empty("deaths_b", "integer", "whose side the dead were on is not coded"),
        Field(
            "deaths_civilians",
            "integer",
            "The civilians stated among the killed; empty: none stated, which is not none.",
            ("victims",),
            _civilians,
        ),
        empty(
            "deaths_unknown",
            "integer",
            "it is the rest of a division that is not made: the four do not add up to `best` here",
        ),
        Field(
            "best",
            "integer",
            "The lower bound of the killed: the number that the reports state (“at least 7” is 7). Empty for “up to 7”.",
            ("killed_min",),
            _best,
        ),
        Field(
            "high",
            "integer",
            "The upper bound. Empty where it is open (“at least 7”, “dozens”): no highest number is reported, and `best` is not it.",
            ("killed_max",),
            lambda f: f.row["killed_max"],
        ),
        Field("low", "integer", "The lower bound; 0 where none is stated (“up to 7”).", ("killed_min",), _low),
        empty("gwnoa", "integer", "Gleditsch and Ward's numbers are not coded"),
        empty("gwnob", "integer", "Gleditsch and Ward's numbers are not coded"),
        *OWN_FIELDS,
    ),
    not_carried={
        name: why
        for name, why in {
            **OWN_NOT_CARRIED,
            "sub_event_type": "GED does not tell how people were killed; in the other formats",
            "target": "free text; in the other formats",
            "date_basis": "in the other formats",
            "first_published_on": "in the other formats",
            "n_articles": "`source_article` lists them",
            "conflicts": "`low` and `high` span what sources say; who said what is in the other formats",
            "mention_ids": "jsonl and duckdb carry them",
        }.items()
        if name != "victims"
    },
    departures=(
        "UCDP counts direct deaths in conflicts that reach 25 deaths a year; these rows are every incident with a death, of whatever conflict.",
        "Incidents with no deaths stated are left out, as GED leaves them out, and totals over several places whose parts have rows (`umbrella`).",
        "“Dozens” is 24 or more in the ledger (`low` and `best` 24, `high` empty).",
    ),
)
