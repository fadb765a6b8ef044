"""One broken set of tables a check: the smallest change of the valid tables that the check must see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from validate_tables import Rows, span

Break = Callable[[Rows], None]


def put(table: str, row: int = 0, **values: Any) -> Break:
    """Overwrite some values of one row."""

    def change(tables: Rows) -> None:
        tables[table][row] |= values

    return change


def coded(row: int = 0, **values: Any) -> dict[str, Break]:
    """The same change, for a check that mentions and incidents share."""
    return {"mentions": put("mentions", row, **values), "incidents": put("incidents", row, **values)}


def _first_item(table: str, items: str, **values: Any) -> Break:
    def change(tables: Rows) -> None:
        tables[table][0][items] = [tables[table][0][items][0] | values]

    return change


def _repeat(table: str) -> Break:
    return lambda tables: tables[table].append(dict(tables[table][0]))


def _clear(table: str) -> Break:
    return lambda tables: tables[table].clear()


def _drop(table: str, row: int) -> Break:
    def change(tables: Rows) -> None:
        del tables[table][row]

    return change


def _many_held_back(table: str, key: str, **wrong: Any) -> Break:
    """Thirty more rows, all of them wrong."""

    def change(tables: Rows) -> None:
        row = tables[table][0]
        tables[table] += [row | {key: f"more-{i}"} | wrong for i in range(30)]

    return change


def _unfilled(column: str) -> Break:
    def change(tables: Rows) -> None:
        for row in tables["articles"]:
            row[column] = None
            row["published_basis"] = "none" if column == "published_on" else row["published_basis"]

    return change


def _nulls(table: str, *columns: str) -> dict[tuple[str, str], Break]:
    return {(table, f"{column}_present"): put(table, **{column: None}) for column in columns}


TODAY = dt.date(2024, 5, 6)
_CODED: dict[str, dict[str, Break]] = {
    "killed_min_up_to_killed_max": coded(killed_min=4),
    "injured_min_up_to_injured_max": coded(injured_min=4, injured_max=3),
    "date_start_up_to_date_end": coded(date_end=dt.date(2024, 5, 1)),
    "no_blank_text": coded(place_name=" "),
    "event_type_present": coded(event_type=None),
    "event_type_allowed": coded(event_type="Protests"),
    "sub_event_type_present": coded(sub_event_type=None),
    "sub_event_type_allowed": coded(sub_event_type="Peaceful protest"),
    "killed_min_in_range": coded(killed_min=-1),
    "killed_max_in_range": coded(killed_min=None, killed_max=-1),
    "injured_min_in_range": coded(injured_min=-1),
    "injured_max_in_range": coded(injured_max=-1),
    "killed_min_usual": coded(killed_min=6000, killed_max=None, victims=[]),
    "killed_max_usual": coded(killed_max=6000),
    "injured_min_usual": coded(injured_min=6000),
    "injured_max_usual": coded(injured_max=6000),
    "victims_present": coded(victims=None),
    "victims_items_allowed": coded(
        victims=[{"outcome": "killed", "group": "robot", "min": 1, "max": 1, "text": "one"}]
    ),
    "date_precision_allowed": coded(date_precision="decade"),
    "date_basis_allowed": coded(date_basis="guessed"),
    "latitude_in_range": coded(latitude=float("nan"), country_code=None),
    "longitude_in_range": coded(longitude=181.0, country_code=None),
    "geo_precision_allowed": coded(geo_precision=4),
    "geo_basis_present": coded(geo_basis=None),
    "geo_basis_allowed": coded(geo_basis="guessed"),
    "perpetrator_status_present": coded(perpetrator_status=None),
    "perpetrator_status_allowed": coded(perpetrator_status="certain"),
    "reported_by_present": coded(reported_by=None),
    "verification_present": coded(verification=None),
    "verification_allowed": coded(verification="certain"),
    "confidence_present": coded(confidence=None),
    "confidence_in_range": coded(confidence=1.1),
    "flags_present": coded(flags=None),
    "flags_items_allowed": coded(flags=["interesting"]),
    "event_type_matches": coded(event_type="Battles"),
    "victims_ordered": coded(victims=[{"outcome": "killed", "group": "child", "min": 2, "max": 1, "text": "two"}]),
    "victims_within_whole": coded(
        victims=[{"outcome": "killed", "group": "child", "min": 4, "max": 4, "text": "four"}]
    ),
    "dates_complete": coded(date_basis=None),
    "date_plausible": coded(date_start=dt.date(206, 5, 6), date_end=dt.date(206, 5, 6)),
    "country_known": coded(country_code="ZZ"),
    "coordinates_explained": coded(longitude=None),
    "coordinates_in_country": coded(latitude=33.52, longitude=14.4),
    "perpetrator_explained": coded(perpetrator="RSF"),
}

_BREAKS: dict[tuple[str, str], Break] = {
    # documents
    ("documents", "keys_unique"): _repeat("documents"),
    ("documents", "rows_present"): _clear("documents"),
    ("documents", "rows_usable"): _many_held_back("documents", "document_id", media_type="image/png"),
    ("documents", "no_blank_text"): put("documents", author=""),
    **_nulls("documents", "source_id", "source_uri", "record", "media_type", "content", "content_hash", "ingested_at"),
    ("documents", "record_in_range"): put("documents", record=-1),
    ("documents", "media_type_allowed"): put("documents", media_type="image/png"),
    ("documents", "content_hash_well_formed"): put("documents", content_hash="abc"),
    ("documents", "content_not_empty"): put("documents", content=b" \n"),
    # articles
    ("articles", "keys_unique"): _repeat("articles"),
    ("articles", "rows_present"): _clear("articles"),
    ("articles", "rows_kept"): _drop("articles", 1),
    ("articles", "rows_usable"): _many_held_back("articles", "article_id", published_basis="guess"),
    ("articles", "no_blank_text"): put("articles", publisher=""),
    **_nulls("articles", "source_id", "source_uri", "text", "word_count", "published_basis", "removed", "flags"),
    **_nulls("articles", "content_hash", "ingested_at"),
    ("articles", "url_well_formed"): put("articles", url="news/a1"),
    ("articles", "title_filled"): _unfilled("title"),
    ("articles", "published_on_filled"): _unfilled("published_on"),
    ("articles", "language_well_formed"): put("articles", language="English"),
    ("articles", "word_count_in_range"): put("articles", word_count=-1),
    ("articles", "word_count_usual"): put("articles", word_count=30_000),
    ("articles", "published_basis_allowed"): put("articles", published_basis="guess"),
    ("articles", "duplicate_similarity_in_range"): put("articles", 2, duplicate_similarity=1.2),
    ("articles", "removed_items_allowed"): put("articles", removed=[{"kind": "advert", "text": "Buy"}]),
    ("articles", "flags_items_allowed"): put("articles", flags=["interesting"]),
    ("articles", "content_hash_well_formed"): put("articles", content_hash="abc"),
    ("articles", "text_not_empty"): put("articles", text="  "),
    ("articles", "published_explained"): put("articles", published_on=None),
    ("articles", "published_not_in_future"): put("articles", published_on=dt.date(2024, 5, 10)),
    ("articles", "duplicate_exists"): put("articles", 2, duplicate_of="nowhere"),
    ("articles", "duplicate_measured"): put("articles", 2, duplicate_similarity=None),
    # figures
    ("figures", "keys_unique"): _repeat("figures"),
    ("figures", "rows_usable"): _many_held_back("figures", "figure_id", group="robot"),
    ("figures", "start_up_to_end"): put("figures", start=90),
    ("figures", "min_up_to_max"): put("figures", min=4),
    **_nulls("figures", "article_id", "field", "start", "end", "text", "outcome", "disposition", "reason"),
    ("figures", "field_allowed"): put("figures", field="caption"),
    ("figures", "start_in_range"): put("figures", start=-1),
    ("figures", "end_in_range"): put("figures", end=-1),
    ("figures", "outcome_allowed"): put("figures", outcome="annoyed"),
    ("figures", "group_allowed"): put("figures", group="robot"),
    ("figures", "min_in_range"): put("figures", min=-3),
    ("figures", "max_in_range"): put("figures", min=None, max=-3),
    ("figures", "disposition_allowed"): put("figures", 1, disposition="forgotten"),
    ("figures", "article_exists"): put("figures", article_id="nowhere"),
    ("figures", "text_matches"): put("figures", text="Seven"),
    ("figures", "mention_exists"): put("figures", mention_id=None),
    # mentions
    ("mentions", "keys_unique"): _repeat("mentions"),
    ("mentions", "rows_usable"): _many_held_back("mentions", "mention_id", geo_basis="guessed"),
    **_nulls("mentions", "article_id", "ordinal", "evidence", "codings"),
    ("mentions", "ordinal_in_range"): put("mentions", ordinal=-1),
    ("mentions", "evidence_items_allowed"): _first_item("mentions", "evidence", field="caption"),
    ("mentions", "codings_items_allowed"): _first_item("mentions", "codings", rule=None),
    ("mentions", "date_before_publication"): put(
        "mentions", date_start=dt.date(2024, 5, 8), date_end=dt.date(2024, 5, 8)
    ),
    ("mentions", "article_exists"): put("mentions", article_id="nowhere"),
    ("mentions", "evidence_not_empty"): put("mentions", evidence=[]),
    ("mentions", "evidence_matches"): _first_item("mentions", "evidence", **(span("a1", "Three") | {"text": "Seven"})),
    ("mentions", "codings_match"): _first_item("mentions", "codings", column="mood"),
    ("mentions", "figure_present"): put("figures", disposition="toll", mention_id=None),
    ("mentions", "count_from_figures"): put("mentions", killed_min=5, killed_max=5),
    ("mentions", "incident_exists"): put("mentions", incident_id="nowhere"),
    # incidents
    ("incidents", "keys_unique"): _repeat("incidents"),
    ("incidents", "rows_usable"): _many_held_back("incidents", "incident_id", geo_basis="guessed"),
    **_nulls("incidents", "article_ids", "mention_ids", "n_articles", "n_sources", "conflicts"),
    ("incidents", "n_articles_in_range"): put("incidents", n_articles=0),
    ("incidents", "n_sources_in_range"): put("incidents", n_sources=0),
    ("incidents", "mentions_exist"): put("incidents", mention_ids=["m1", "m9"]),
    ("incidents", "articles_listed"): put("incidents", article_ids=["a1", "a2"], n_articles=2),
    ("incidents", "sources_within_articles"): put("incidents", n_sources=2),
    ("incidents", "first_published_matches"): put("incidents", first_published_on=TODAY),
}
for _name, _by_table in _CODED.items():
    for _table, _break in _by_table.items():
        _BREAKS[_table, _name] = _break


def _merged_without_reason(tables: Rows) -> None:
    tables["mentions"][2]["incident_id"] = "i-m2"
    tables["incidents"][1]["mention_ids"] = ["m2", "m3"]
    del tables["incidents"][2]


_BREAKS["incidents", "merge_explained"] = _merged_without_reason
BREAKS = _BREAKS
"""By (table, check): what to do to the valid tables. Broken columns and lost batches are made on files: see BREAKS_ON_FILES."""

BREAKS_ON_FILES: dict[tuple[str, str], Callable[[pa.Table], pa.Table | None]] = {
    # A part with these columns is written instead; None: the part is removed.
    ("documents", "columns_exact"): lambda data: data.drop_columns(["author"]),
    ("articles", "columns_exact"): lambda data: data.set_column(
        data.schema.get_field_index("word_count"),
        pa.field("word_count", pa.string()),
        pa.array([str(n) for n in data["word_count"].to_pylist()]),
    ),
    ("figures", "columns_exact"): lambda data: data.append_column("mood", pa.array(["grim"] * data.num_rows)),
    ("mentions", "columns_exact"): lambda data: data.select(list(reversed(data.column_names))),
    ("incidents", "columns_exact"): lambda data: data.rename_columns(
        {"n_sources": "sources"} | {name: name for name in data.column_names if name != "n_sources"}
    ),
    ("mentions", "rows_kept"): lambda data: None,
    ("figures", "rows_kept"): lambda data: None,
    ("incidents", "rows_kept"): lambda data: data.slice(1),
}
