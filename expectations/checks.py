"""The checks of every table, derived from its definition and from the rules on several columns and tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache, partial
from typing import Final

import pyarrow as pa

from expectations import rules as r
from expectations.check import Check, RowRule
from expectations.table import Column, Table
from expectations.tables import TABLES

CHECKED: Final = ("documents", "articles", "figures", "mentions", "incidents")
"""The tables that are checked, in the order in which they can be: what a table refers to is known before it."""

AFTER: Final[dict[str, tuple[str, ...]]] = {
    "ingest": ("documents",),
    "clean": ("articles",),
    "extract": ("figures", "mentions"),
    "resolve": ("mentions", "incidents"),
    "publish": ("articles", "figures", "mentions", "incidents"),
}
"""The tables that are checked after each stage."""

# The share of rows that may be held back before the stage itself, and not its rows, is what is broken.
MAX_HELD_BACK: Final = 0.5

CRITICAL, WARNING = "critical", "warning"
_HOME: Final = "home"
# Of rules: (name, severity, columns, stages, rule). "home" is the stage that writes the table first.
_Spec = tuple[str, str, tuple[str, ...], tuple[str, ...], RowRule]
_ONCE: Final = (_HOME,)
_AGAIN: Final = (_HOME, "publish")

# Rules about links between rows that may lie anywhere, with the columns that they look at: these are checked in every run, the others only
# where the rows are new.
_LINKS: Final = {
    ("articles", "duplicate_exists"): ("article_id", "duplicate_of"),
    ("mentions", "incident_exists"): ("mention_id", "incident_id"),
    ("incidents", "mentions_exist"): ("incident_id", "mention_ids"),
    ("incidents", "articles_listed"): ("incident_id", "mention_ids", "article_ids", "n_articles"),
    ("incidents", "first_published_matches"): ("incident_id", "article_ids", "first_published_on"),
}

_CODED: Final[tuple[_Spec, ...]] = (
    ("event_type_matches", CRITICAL, ("event_type", "sub_event_type"), _ONCE, r.event_type_matches),
    ("victims_ordered", CRITICAL, ("victims",), _ONCE, r.victims_ordered),
    (
        "victims_within_whole",
        CRITICAL,
        ("victims", "killed_max", "injured_max", "flags"),
        _ONCE,
        r.victims_within_whole,
    ),
    ("dates_complete", CRITICAL, ("date_start", "date_end", "date_precision", "date_basis"), _ONCE, r.dates_complete),
    ("date_plausible", CRITICAL, ("date_start",), _ONCE, r.date_plausible),
    ("country_known", CRITICAL, ("country_code",), _ONCE, r.country_known),
    (
        "coordinates_explained",
        CRITICAL,
        ("latitude", "longitude", "geo_precision", "geo_basis"),
        _ONCE,
        r.coordinates_explained,
    ),
    (
        "coordinates_in_country",
        CRITICAL,
        ("latitude", "longitude", "country_code"),
        _ONCE,
        r.coordinates_in_country,
    ),
    ("perpetrator_explained", WARNING, ("perpetrator", "perpetrator_status"), _ONCE, r.perpetrator_explained),
)

_RULES: Final[dict[str, tuple[_Spec, ...]]] = {
    "documents": (("content_not_empty", CRITICAL, ("content",), _ONCE, r.content_not_empty),),
    "articles": (
        ("text_not_empty", CRITICAL, ("text", "flags"), _ONCE, r.text_not_empty),
        ("published_explained", CRITICAL, ("published_on", "published_basis"), _ONCE, r.published_explained),
        ("published_not_in_future", CRITICAL, ("published_on", "ingested_at"), _ONCE, r.published_not_in_future),
        ("duplicate_exists", CRITICAL, ("duplicate_of",), _AGAIN, r.duplicate_exists),
        ("duplicate_measured", WARNING, ("duplicate_of", "duplicate_similarity"), _ONCE, r.duplicate_measured),
    ),
    "figures": (
        ("article_exists", CRITICAL, ("article_id",), _AGAIN, r.article_exists),
        ("text_matches", CRITICAL, ("field", "start", "end", "text"), _AGAIN, r.figure_text_matches),
        ("mention_exists", CRITICAL, ("mention_id", "disposition"), _AGAIN, r.figure_mention_exists),
    ),
    "mentions": (
        *_CODED,
        ("date_before_publication", CRITICAL, ("date_start", "date_end"), _ONCE, r.date_before_publication),
        ("article_exists", CRITICAL, ("article_id",), _AGAIN, r.article_exists),
        ("evidence_not_empty", CRITICAL, ("evidence",), _ONCE, r.evidence_not_empty),
        ("evidence_matches", CRITICAL, ("evidence",), _AGAIN, r.evidence_matches),
        (
            "codings_match",
            CRITICAL,
            ("codings",),
            _AGAIN,
            partial(r.codings_match, frozenset(TABLES["mentions"].names)),
        ),
        ("figure_present", CRITICAL, ("killed_min", "injured_min", "victims", "flags"), _AGAIN, r.figure_present),
        ("count_from_figures", WARNING, ("killed_min", "injured_min"), _ONCE, r.count_from_figures),
        ("incident_exists", CRITICAL, ("incident_id",), ("resolve", "publish"), r.incident_exists),
    ),
    "incidents": (
        *_CODED,
        ("mentions_exist", CRITICAL, ("mention_ids",), _AGAIN, r.mentions_exist),
        ("articles_listed", CRITICAL, ("article_ids", "n_articles"), _AGAIN, r.articles_listed),
        ("sources_within_articles", CRITICAL, ("n_sources", "n_articles"), _ONCE, r.sources_within_articles),
        ("first_published_matches", WARNING, ("first_published_on",), _ONCE, r.first_published_matches),
        ("merge_explained", WARNING, ("merge_reason",), _ONCE, r.merge_explained),
    ),
}


def _of_column(table: Table, column: Column) -> Iterator[Check]:
    home = (table.stage,)
    is_list = pa.types.is_list(column.type)

    def make(suffix: str, kind: str, description: str, severity: str = CRITICAL, **details: object) -> Check:
        name = f"{column.name}_{suffix}"
        return Check(name, table.name, kind, severity, (column.name,), description, home, **details)  # type: ignore[arg-type]

    if not column.nullable and column.name not in table.key:
        yield make("present", "present", f"`{column.name}` is never null.")
    if column.allowed and not is_list:
        values = ", ".join(f"`{x}`" for x in column.allowed)
        yield make("allowed", "allowed", f"`{column.name}` is one of {values}.", values=column.allowed)
    if is_list and (column.allowed or column.item_allowed or column.item_required):
        text = f"Items of `{column.name}` are complete, and their closed fields hold allowed values."
        yield make("items_allowed", "rule", text, rule=partial(r.list_items, column))
    if column.minimum is not None or column.maximum is not None:
        text = f"`{column.name}` lies {span_words(column.minimum, column.maximum)}."
        yield make("in_range", "range", text, minimum=column.minimum, maximum=column.maximum)
    if column.usual_maximum is not None:
        text = f"`{column.name}` is not above {column.usual_maximum:g}, or worth a look."
        yield make("usual", "range", text, WARNING, maximum=column.usual_maximum)
    if column.pattern:
        yield make("well_formed", "pattern", f"`{column.name}` matches `{column.pattern}`.", pattern=column.pattern)
    if column.min_fill is not None:
        text = f"`{column.name}` is known in at least {column.min_fill:.0%} of the rows."
        yield make("filled", "measure", text, WARNING, minimum=column.min_fill)


def span_words(low: float | None, high: float | None) -> str:
    """A range in words."""
    if low is not None and high is not None:
        return f"between {low:g} and {high:g}"
    return f"at or above {low:g}" if low is not None else f"at or below {high:g}"


def _of_table(table: Table) -> Iterator[Check]:
    home, keys = (table.stage,), ", ".join(f"`{k}`" for k in table.key)
    stages = tuple(stage for stage, names in AFTER.items() if table.name in names)

    def measure(name: str, description: str, **bounds: float) -> Check:
        return Check(name, table.name, "measure", CRITICAL, (), description, stages, **bounds)  # type: ignore[arg-type]

    yield measure("columns_exact", "Columns, their order and their types are those of the definition.", maximum=0)
    yield measure("keys_unique", f"No two rows have the same {keys}, and none lacks it.", maximum=0)
    if table.min_rows:
        yield measure("rows_present", f"There are at least {table.min_rows} rows.", minimum=table.min_rows)
    # Ingest counts its own inputs, and resolve makes incidents anew: nothing is there before to compare with.
    later = stages[1:] if table.name in ("documents", "incidents") else stages
    if later:
        text = "Every row of the stage before is here or held back with a reason."
        yield dataclasses.replace(measure("rows_kept", text, maximum=0), stages=later)
    text = f"No more than {MAX_HELD_BACK:.0%} of the rows (of 20 or more) are held back."
    yield measure("rows_usable", text, maximum=MAX_HELD_BACK)
    for low, high in table.ordered:
        text = f"`{low}` is not greater than `{high}` where both are known."
        yield Check(f"{low}_up_to_{high}", table.name, "order", CRITICAL, (low, high), text, home)
    free = (c for c in table.columns if c.nullable and pa.types.is_string(c.type) and not c.allowed)
    texts = tuple(c.name for c in free if not c.name.endswith("_id"))
    if texts:
        rule = partial(r.blank_text, texts)
        text = "A text that is not known is null, never blank."
        yield Check("no_blank_text", table.name, "rule", WARNING, texts, text, home, rule=rule)


def _of_rules(table: Table) -> Iterator[Check]:
    for name, severity, columns, stages, rule in _RULES[table.name]:
        at = tuple(table.stage if stage == _HOME else stage for stage in stages)
        function = rule.func if isinstance(rule, partial) else rule
        description = (function.__doc__ or "").strip().splitlines()[0]
        reads = _LINKS.get((table.name, name), ())
        yield Check(name, table.name, "rule", severity, columns, description, at, rule=rule, reads=reads)


@cache
def checks_of(table: str) -> tuple[Check, ...]:
    """All checks of a table, those of the whole table first.

    Raises:
        ValueError: Two checks have one name.
    """
    definition = TABLES[table]
    checks = [*_of_table(definition)]
    for column in definition.columns:
        checks += _of_column(definition, column)
    checks += _of_rules(definition)
    if len({c.name for c in checks}) != len(checks):
        raise ValueError(f"table {table}: two checks have the same name")
    return tuple(checks)


def checks_after(stage: str, table: str) -> tuple[Check, ...]:
    """The checks of a table that run after a stage."""
    return tuple(c for c in checks_of(table) if stage in c.stages)
