"""The rules that look at several columns or tables: each says of one row what is wrong with it, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from expectations.check import Lookup, Row
from expectations.country_boxes import country_boxes, lies_in_country
from expectations.table import Column
from expectations.vocabulary import EVENT_TYPE_OF
from expectations.wording import counted

EARLIEST_DAY = dt.date(1900, 1, 1)
# A date whose span is this short is one that the report ties to days; wider ones ("in November") may reach past publication.
DAY_PRECISIONS = ("day", "days")
IN_MENTION = ("incident", "repeat")
# A group may then belong to the count that was not taken.
SEVERAL_COUNTS = frozenset({"alternative_counts", "count_conflict", "corrected"})
LOCATED = ("gazetteer", "gazetteer_similar", "gazetteer_within", "gazetteer_region", "correction")


def _quote(value: object) -> str:
    text = str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


# --- any table ---


def blank_text(columns: tuple[str, ...], row: Row, lookup: Lookup) -> str | None:
    """Unknown is null, never an empty text."""
    blank = [name for name in columns if (value := row[name]) is not None and not value.strip()]
    return f"blank text instead of null in {', '.join(blank)}" if blank else None


def list_items(column: Column, row: Row, lookup: Lookup) -> str | None:
    """Items of a list: required fields present, closed fields within their set, no null item."""
    for position, item in enumerate(row[column.name] or ()):
        where = f"item {position} of {column.name}"
        if item is None:
            return f"{where} is null"
        if column.allowed and item not in column.allowed:
            return f"{where} is {_quote(item)}, which is not one of the allowed values"
        for name in column.item_required:
            if item[name] is None:
                return f"{where} has no {name}"
        for name, allowed in column.item_allowed:
            if item[name] is not None and item[name] not in allowed:
                return f"{where} has {name} {_quote(item[name])}, which is not one of the allowed values"
    return None


# --- documents and articles ---


def content_not_empty(row: Row, lookup: Lookup) -> str | None:
    """A document has bytes."""
    return None if row["content"] and row["content"].strip() else "the document has no content"


def text_not_empty(row: Row, lookup: Lookup) -> str | None:
    """An article has text, or says that nothing was left."""
    if row["text"] is not None and not row["text"].strip() and "no_text" not in (row["flags"] or ()):
        return "the text is empty, but the flag no_text is not set"
    return None


def published_explained(row: Row, lookup: Lookup) -> str | None:
    """A publication date has a basis other than none, and only it."""
    if (row["published_on"] is None) != (row["published_basis"] == "none"):
        return f"published_on is {row['published_on']}, but published_basis is {row['published_basis']}"
    return None


def published_not_in_future(row: Row, lookup: Lookup) -> str | None:
    """Published no later than the day after it was read: east of Greenwich the next day has already begun."""
    published, read = row["published_on"], row["ingested_at"]
    if published is not None and read is not None and published > read.date() + dt.timedelta(days=1):
        return f"published on {published}, after it was read ({read.date()})"
    return None


def duplicate_exists(row: Row, lookup: Lookup) -> str | None:
    """A duplicate names an article that is there, not itself, and itself no duplicate."""
    original = row["duplicate_of"]
    if original is None:
        return None
    if original == row["article_id"]:
        return "the article is marked as a duplicate of itself"
    found = lookup.article(original)
    if found is None:
        return f"duplicate of {original}, which is no article"
    return f"duplicate of {original}, which is itself a duplicate" if found["duplicate_of"] else None


def duplicate_measured(row: Row, lookup: Lookup) -> str | None:
    """Likeness is stated for duplicates, and only for them."""
    if (row["duplicate_of"] is None) != (row["duplicate_similarity"] is None):
        return "duplicate_of and duplicate_similarity must be given together"
    return None


# --- mentions and incidents: the coded columns ---


def event_type_matches(row: Row, lookup: Lookup) -> str | None:
    """The sub-event type belongs to the event type (ACLED Codebook, 2023)."""
    expected = EVENT_TYPE_OF.get(row["sub_event_type"])
    if expected is not None and expected != row["event_type"]:
        return f"{_quote(row['sub_event_type'])} belongs to {_quote(expected)}, not to {_quote(row['event_type'])}"
    return None


def victims_ordered(row: Row, lookup: Lookup) -> str | None:
    """In each victims row the bounds are not negative, and the lower is not above the upper."""
    for part in filter(None, row["victims"] or ()):
        low, high = part["min"], part["max"]
        if min(low or 0, high or 0) < 0 or (low is not None and high is not None and low > high):
            return f"victims row {part['outcome']}/{part['group']} has bounds {low} to {high}"
    return None


def victims_within_whole(row: Row, lookup: Lookup) -> str | None:
    """No group among the killed or injured is larger than the whole may be, unless the article gives several counts."""
    if SEVERAL_COUNTS & set(row["flags"] or ()):
        return None
    for part in filter(None, row["victims"] or ()):
        whole = row.get(f"{part['outcome']}_max")
        if whole is not None and part["min"] is not None and part["min"] > whole:
            return f"{part['min']} of group {part['group']} {part['outcome']}, but at most {whole} in all"
    return None


def dates_complete(row: Row, lookup: Lookup) -> str | None:
    """The date columns start, end, precision and basis are all known or all unknown."""
    names = ("date_start", "date_end", "date_precision", "date_basis")
    missing = [name for name in names if row[name] is None]
    return f"a date without {', '.join(missing)}" if missing and len(missing) < len(names) else None


def date_plausible(row: Row, lookup: Lookup) -> str | None:
    """No incident lies before 1900: such a year was misread."""
    start = row["date_start"]
    return f"date_start {start} lies before {EARLIEST_DAY}" if start is not None and start < EARLIEST_DAY else None


def date_before_publication(row: Row, lookup: Lookup) -> str | None:
    """Nothing is reported before it happens; no day of grace, since both days are the publisher's."""
    article = lookup.article(row["article_id"])
    published = article["published_on"] if article else None
    if published is None or row["date_start"] is None:
        return None
    if row["date_start"] > published:
        return f"date_start {row['date_start']} lies after the article's publication on {published}"
    if row["date_precision"] in DAY_PRECISIONS and row["date_end"] is not None and row["date_end"] > published:
        return f"date_end {row['date_end']} lies after the article's publication on {published}"
    return None


def country_known(row: Row, lookup: Lookup) -> str | None:
    """The country code exists."""
    code = row["country_code"]
    return None if code is None or code in country_boxes() else f"{_quote(code)} is no ISO 3166-1 alpha-2 code"


def coordinates_explained(row: Row, lookup: Lookup) -> str | None:
    """Latitude, longitude and their precision come together, and geo_basis agrees with them."""
    known = [row[name] is not None for name in ("latitude", "longitude", "geo_precision")]
    if any(known) and not all(known):
        return "latitude, longitude and geo_precision must be given together"
    if all(known) != (row["geo_basis"] in LOCATED):
        return f"geo_basis is {row['geo_basis']}, but coordinates are {'given' if all(known) else 'missing'}"
    return None


def coordinates_in_country(row: Row, lookup: Lookup) -> str | None:
    """The point lies within the boxes of the named country."""
    code, latitude, longitude = row["country_code"], row["latitude"], row["longitude"]
    if code is None or latitude is None or longitude is None or lies_in_country(code, latitude, longitude):
        return None
    return f"{latitude:.3f}, {longitude:.3f} does not lie in {code}"


def perpetrator_explained(row: Row, lookup: Lookup) -> str | None:
    """The status is unknown exactly where nobody is named."""
    if (row["perpetrator"] is None) != (row["perpetrator_status"] == "unknown"):
        return f"perpetrator is {row['perpetrator'] or 'null'}, but perpetrator_status is {row['perpetrator_status']}"
    return None


# --- mentions ---


def article_exists(row: Row, lookup: Lookup) -> str | None:
    """The article is there."""
    return None if lookup.article(row["article_id"]) else f"there is no article {row['article_id']}"


def _quoted_elsewhere(article: Row, spans: Iterable[Row], what: str) -> str | None:
    for span in filter(None, spans):
        start, end, text = span["start"], span["end"], span["text"]
        if start is None and end is None and text is None:
            continue
        passage = article.get(span["field"] or "")
        if start is None or end is None or text is None or passage is None:
            return f"{what} does not name a passage: field {span['field']}, {start} to {end}"
        if not 0 <= start < end <= len(passage) or passage[start:end] != text:
            return f"{what} {start} to {end} of {span['field']} reads {_quote(passage[max(start, 0) : max(end, 0)])}, not {_quote(text)}"
    return None


def evidence_not_empty(row: Row, lookup: Lookup) -> str | None:
    """At least one sentence is named."""
    return None if row["evidence"] else "no sentence of the article is named as evidence"


def evidence_matches(row: Row, lookup: Lookup) -> str | None:
    """Each evidence text equals the characters that its offsets name."""
    article = lookup.article(row["article_id"])
    return _quoted_elsewhere(article, row["evidence"] or (), "evidence") if article else None


def codings_match(columns: frozenset[str], row: Row, lookup: Lookup) -> str | None:
    """Each coding names a column of the table, and its text equals the characters that its offsets name."""
    codings = tuple(filter(None, row["codings"] or ()))
    for coding in codings:
        if coding["column"] not in columns:
            return f"a coding names {_quote(coding['column'])}, which is no column"
    article = lookup.article(row["article_id"])
    return _quoted_elsewhere(article, codings, "coding") if article else None


def _states_count(row: Row) -> bool:
    counts = ("killed_min", "killed_max", "injured_min", "injured_max")
    return any(row[name] for name in counts) or bool(row["victims"])


def figure_present(row: Row, lookup: Lookup) -> str | None:
    """A mention that counts victims has a figure that counts in it; one that was corrected, or is without numbers, needs none."""
    if (
        {"no_casualties", "corrected"} & set(row["flags"] or ())
        or not _states_count(row)
        or lookup.counted(row["mention_id"])
    ):
        return None
    return "it counts victims, but no figure of its article counts in it"


def count_from_figures(row: Row, lookup: Lookup) -> str | None:
    """No more are counted as killed or injured than the figures that count in the mention add up to."""
    counted = {} if "corrected" in (row["flags"] or ()) else lookup.counted(row["mention_id"])
    for outcome in ("killed", "injured"):
        stated, total = row[f"{outcome}_min"], counted.get(outcome)
        if stated and total is not None and stated > total:
            return f"{outcome}_min is {stated}, but its figures add up to {total}"
    return None


def incident_exists(row: Row, lookup: Lookup) -> str | None:
    """The mention is in an incident that lists it."""
    if row["incident_id"] is None:
        return "the mention belongs to no incident"
    incident = lookup.incident(row["incident_id"])
    if incident is None:
        return f"there is no incident {row['incident_id']}"
    return (
        None
        if row["mention_id"] in (incident["mention_ids"] or ())
        else f"incident {row['incident_id']} does not list it"
    )


# --- incidents ---


def mentions_exist(row: Row, lookup: Lookup) -> str | None:
    """The listed mentions are there, once each, and say that they belong to this incident."""
    ids = row["mention_ids"] or ()
    if not ids or len(set(ids)) != len(ids):
        return "mention_ids is empty or names one twice"
    for mention_id in ids:
        mention = lookup.mention(mention_id)
        if mention is None or mention["incident_id"] != row["incident_id"]:
            return f"mention {mention_id} {'does not exist' if mention is None else 'belongs to another incident'}"
    return None


def articles_listed(row: Row, lookup: Lookup) -> str | None:
    """article_ids are the articles of the mentions, each there and named once, and n_articles is their number."""
    ids = row["article_ids"] or ()
    if missing := [i for i in ids if lookup.article(i) is None]:
        return f"there is no article {missing[0]}"
    mentions = [m for m in map(lookup.mention, row["mention_ids"] or ()) if m]
    if sorted(ids) != sorted({m["article_id"] for m in mentions}):
        return "article_ids are not the articles of its mentions"
    return None if row["n_articles"] == len(ids) else f"n_articles is {row['n_articles']}, but {len(ids)} are listed"


def sources_within_articles(row: Row, lookup: Lookup) -> str | None:
    """There are no more independent sources than articles."""
    if row["n_sources"] is not None and row["n_articles"] is not None and row["n_sources"] > row["n_articles"]:
        return f"{counted(row['n_sources'], 'source')} from {counted(row['n_articles'], 'article')}"
    return None


def first_published_matches(row: Row, lookup: Lookup) -> str | None:
    """first_published_on is the earliest publication day of its articles."""
    articles = [a for a in map(lookup.article, row["article_ids"] or ()) if a]
    earliest = min((a["published_on"] for a in articles if a["published_on"]), default=None)
    if row["first_published_on"] != earliest:
        return f"first_published_on is {row['first_published_on']}, but its first article is of {earliest}"
    return None


def merge_explained(row: Row, lookup: Lookup) -> str | None:
    """Several mentions are joined for a stated reason."""
    if len(row["mention_ids"] or ()) > 1 and not row["merge_reason"]:
        return "several mentions are joined without a reason"
    return None


# --- figures ---


def figure_text_matches(row: Row, lookup: Lookup) -> str | None:
    """The figure's text equals the characters that its offsets name."""
    article = lookup.article(row["article_id"])
    return _quoted_elsewhere(article, (row,), "figure") if article else None


def figure_mention_exists(row: Row, lookup: Lookup) -> str | None:
    """A figure that counts in a mention, or repeats one, names it; a named mention is there, in the same article."""
    if row["mention_id"] is None:
        return f"disposition {row['disposition']} without a mention" if row["disposition"] in IN_MENTION else None
    mention = lookup.mention(row["mention_id"])
    if mention is None:
        return f"there is no mention {row['mention_id']}"
    return None if mention["article_id"] == row["article_id"] else "its mention is one of another article"
