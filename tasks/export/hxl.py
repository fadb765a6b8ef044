"""Rows with hashtags of the Humanitarian Exchange Language under the headers."""

from __future__ import annotations

from typing import Final

from tasks.export import wording
from tasks.export.facts import Facts
from tasks.export.mapping import Cell, Field, Mapping, Type


def _column(name: str, tag: str, type_: Type, meaning: str) -> Field:
    def value(facts: Facts) -> Cell:
        cell: Cell = facts.row[name]
        return "; ".join(map(str, cell)) if isinstance(cell, list) else cell

    return Field(name, type_, meaning, (name,), value, tag)


def _group(name: str, group: str, outcome: str, bound: str, tag: str) -> Field:
    def value(facts: Facts) -> Cell:
        stated = [v[bound] for v in facts.row["victims"] if v["outcome"] == outcome and v["group"] == group]
        return max((n for n in stated if n is not None), default=None)

    return Field(
        name,
        "integer",
        f"The {bound}imum of the {outcome} stated as {group}; empty: not stated, or open.",
        ("victims",),
        value,
        tag,
    )


HXL: Final = Mapping(
    name="hxl",
    title="Events with HXL hashtags, CSV",
    standard="HXL 1.1: hashtags of the core schema; attributes of our own where it has none (+min, +max, +subtype, +precision, +basis, …), as the standard allows",
    url="https://hxlstandard.org/standard/1-1final/",
    fields=(
        _column("incident_id", "#event+id", "string", "The ledger's id."),
        _column("date_start", "#date+start", "date", "First day. Empty: no date stated."),
        _column("date_end", "#date+end", "date", "Last day."),
        _column("date_precision", "#meta+date+precision", "string", "day, days, week, month or year."),
        _column("event_type", "#event+type", "string", "ACLED's event type."),
        _column("sub_event_type", "#event+subtype", "string", "ACLED's sub-event type."),
        Field(
            "country", "string", "English name by GeoNames.", ("country_code",), lambda f: f.country, "#country+name"
        ),
        _column("country_code", "#country+code+v_iso2", "string", "ISO 3166-1 alpha-2."),
        _column("admin1", "#adm1+name", "string", "First-level unit; a name, not a P-code."),
        _column("place_name", "#loc+name", "string", "The place as written."),
        _column("place_relation", "#loc+relation", "string", "How it lies to that place."),
        _column("latitude", "#geo+lat", "number", "WGS 84. Empty: not located."),
        _column("longitude", "#geo+lon", "number", "WGS 84."),
        _column(
            "geo_precision",
            "#meta+geo+precision",
            "integer",
            "1 the named place, 2 near it or within a town, 3 a region.",
        ),
        _column("geo_basis", "#meta+geo+basis", "string", "How the coordinates were found, or why there are none."),
        _column("killed_min", "#affected+killed+min", "integer", "Lower bound of the killed. Empty: not stated."),
        _column("killed_max", "#affected+killed+max", "integer", "Upper bound. Empty: open or not stated."),
        _column("injured_min", "#affected+injured+min", "integer", "Lower bound of the injured."),
        _column("injured_max", "#affected+injured+max", "integer", "Upper bound of the injured."),
        _group("civilians_killed_min", "civilian", "killed", "min", "#affected+killed+civilians+min"),
        _group("children_killed_min", "child", "killed", "min", "#affected+killed+children+min"),
        _group("women_killed_min", "woman", "killed", "min", "#affected+killed+f+adults+min"),
        _column("perpetrator", "#group+name+perpetrator", "string", "Who did it. Empty: nobody is named."),
        _column("perpetrator_status", "#meta+perpetrator+status", "string", "stated, claimed, suspected or unknown."),
        _column("target", "#description+target", "string", "Who or what was hit, as written."),
        _column("weapon_text", "#cause+weapon", "string", "The weapon, as written."),
        _column("verification", "#status+verification", "string", "How well it is supported."),
        _column(
            "confidence",
            "#meta+confidence",
            "number",
            "Estimated chance that killed, injured, date and place are all right.",
        ),
        _column("reported_by", "#meta+source+name", "string", "Whom the articles name as reporting it."),
        _column("n_sources", "#meta+source+num", "integer", "Independent sources."),
        _column("n_articles", "#meta+article+num", "integer", "Articles that report it."),
        _column("first_published_on", "#date+reported", "date", "Day of the first report."),
        Field("publishers", "string", "The outlets.", ("article_ids",), wording.publishers, "#org+publisher"),
        Field(
            "urls", "string", "Where the articles are to be found.", ("article_ids",), wording.addresses, "#meta+url"
        ),
        _column("flags", "#meta+flags", "string", "What a reader should know of this row."),
        Field(
            "notes",
            "string",
            "The row in sentences made by rule, with its best evidence.",
            ("conflicts", "date_basis"),
            wording.notes,
            "#description+notes",
        ),
    ),
    not_carried={
        "date_text": "in jsonl, duckdb, xlsx and geojson",
        "perpetrator_text": "in jsonl, duckdb, xlsx and geojson",
        "mention_ids": "in jsonl and duckdb",
        "merge_reason": "in jsonl, duckdb, xlsx and geojson",
        "aliases": "in jsonl and duckdb",
        "corrections": "that a row was corrected is among `flags`; what was changed is in jsonl and duckdb",
    },
    departures=(
        "`#affected` holds bounds, with `+min` and `+max`: add up the lower bounds only.",
        "Totals over several places whose parts have rows are rows, too, with the flag `umbrella`: leave them out of sums.",
    ),
)
