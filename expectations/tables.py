"""The definition of every table: the one place where a column's name, type and meaning are written down."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from expectations import vocabulary as v
from expectations.corroboration import CORROBORATION
from expectations.table import Column, Table

TEXT = pa.string()
COUNT = pa.int64()
TIMESTAMP = pa.timestamp("us", tz="UTC")

SHA256 = "[0-9a-f]{64}$"
LANGUAGE = "[a-z]{2}$"
# More in a single incident does happen, but is more often a toll that was misread: worth a look.
USUAL_VICTIMS = 5_000
ADDRESS = "https?://[^/ ]+"

VICTIMS = pa.list_(pa.struct([("outcome", TEXT), ("group", TEXT), ("min", COUNT), ("max", COUNT), ("text", TEXT)]))
EVIDENCE = pa.list_(pa.struct([("field", TEXT), ("start", COUNT), ("end", COUNT), ("text", TEXT)]))
CODINGS = pa.list_(
    pa.struct(
        [
            ("column", TEXT),
            ("value", TEXT),
            ("rule", TEXT),
            ("field", TEXT),
            ("start", COUNT),
            ("end", COUNT),
            ("text", TEXT),
        ]
    )
)
CORRECTIONS = pa.list_(
    pa.struct([(name, TEXT) for name in ("action", "column", "value", "original", "reason", "who", "date")])
)
REMOVED = pa.list_(pa.struct([("kind", TEXT), ("text", TEXT)]))
CONFLICTS = pa.list_(pa.struct([("column", TEXT), ("value", TEXT), ("article_id", TEXT), ("reported_by", TEXT)]))

DOCUMENTS: Final = Table(
    name="documents",
    key=("document_id",),
    description="One source document as it was received, before anything is interpreted.",
    order_by=("source_uri", "record", "document_id"),
    published=False,
    stage="ingest",
    min_rows=1,
    columns=(
        Column("document_id", TEXT, "Hash of where the document came from and of its bytes.", nullable=False),
        Column(
            "source_id", TEXT, "The id that the source gave: a record's `id`, else the file's stem.", nullable=False
        ),
        Column("source_uri", TEXT, "File (or address) the document was read from.", nullable=False),
        Column(
            "record",
            COUNT,
            "Position of the record in its file, from 0; 0 for a file that is one document.",
            nullable=False,
            minimum=0,
        ),
        Column("media_type", TEXT, "How `content` is to be read.", nullable=False, allowed=("text/plain", "text/html")),
        Column(
            "content",
            pa.binary(),
            "The body's bytes as received; UTF-8 where the container (JSON, Parquet) had already decoded them.",
            nullable=False,
        ),
        Column("encoding", TEXT, "Encoding that the container or a sidecar states; null: to be detected."),
        Column("url", TEXT, "Address of the article as handed over."),
        Column("title", TEXT, "Title as handed over."),
        Column("published_on", TEXT, "Publication date as handed over, uninterpreted."),
        Column("publisher", TEXT, "Publisher as handed over."),
        Column("author", TEXT, "Author as handed over."),
        Column(
            "fetched_at",
            TIMESTAMP,
            "When a crawler or the fetcher received it (UTC); null: not known. No publication date lies after it.",
        ),
        Column(
            "content_hash",
            TEXT,
            "SHA-256 of the content and the metadata handed over with it.",
            nullable=False,
            pattern=SHA256,
        ),
        Column("ingested_at", TIMESTAMP, "When the document was read (UTC).", nullable=False),
    ),
)

ARTICLES: Final = Table(
    name="articles",
    key=("article_id",),
    description="One news article, cleaned: what is left is the story.",
    order_by=("article_id",),
    stage="clean",
    min_rows=1,
    columns=(
        Column("article_id", TEXT, "Hash of the canonical URL, else of the raw content.", nullable=False),
        Column(
            "source_id", TEXT, "The id that the source gave: a record's `id`, else the file's stem.", nullable=False
        ),
        Column("source_uri", TEXT, "File (or address) the article was read from.", nullable=False),
        Column("url", TEXT, "Canonical address of the article.", pattern=ADDRESS),
        Column("publisher", TEXT, "Name of the outlet."),
        Column("author", TEXT, "Author or byline."),
        Column("title", TEXT, "Headline, normalised like `text`.", min_fill=0.5),
        Column("standfirst", TEXT, "The summary under the headline, where the article has one of its own."),
        Column(
            "text",
            TEXT,
            "Body of the story: paragraphs joined by a blank line. All evidence offsets point into it (characters, from 0).",
            nullable=False,
        ),
        Column("language", TEXT, "ISO 639-1 code; null: could not be told.", pattern=LANGUAGE),
        Column("word_count", COUNT, "Words in `text`.", nullable=False, unit="words", minimum=0, usual_maximum=20_000),
        Column("published_on", pa.date32(), "Day of publication; null: not known.", min_fill=0.5),
        Column("published_basis", TEXT, "Where `published_on` was found.", nullable=False, allowed=v.PUBLISHED_BASES),
        Column(
            "duplicate_of",
            TEXT,
            "`article_id` of the article that this one repeats (exactly or nearly); null: its own.",
        ),
        Column(
            "duplicate_similarity",
            pa.float64(),
            "Estimated share of word shingles in common with `duplicate_of`; 1 is an exact copy.",
            minimum=0,
            maximum=1,
        ),
        Column(
            "removed",
            REMOVED,
            "What was taken out of the body, in order, each with its kind; a `dateline` is set apart as the first paragraph instead.",
            nullable=False,
            item_allowed=(("kind", v.REMOVED_KINDS),),
            item_required=("kind", "text"),
        ),
        Column(
            "flags",
            pa.list_(TEXT),
            "What a reader should know of this row.",
            nullable=False,
            allowed=tuple(v.ARTICLE_FLAGS),
        ),
        Column(
            "content_hash",
            TEXT,
            "SHA-256 of the document's content and the metadata handed over with it.",
            nullable=False,
            pattern=SHA256,
        ),
        Column("ingested_at", TIMESTAMP, "When the document was read (UTC).", nullable=False),
    ),
)

_CODED_ORDER: Final = (("killed_min", "killed_max"), ("injured_min", "injured_max"), ("date_start", "date_end"))
_CODED: Final = (
    Column("event_type", TEXT, "ACLED event type.", nullable=False, allowed=v.EVENT_TYPES),
    Column(
        "sub_event_type", TEXT, "ACLED sub-event type.", nullable=False, allowed=v.SUB_EVENT_TYPES, correctable=True
    ),
    Column(
        "killed_min",
        COUNT,
        "Fewest killed that the report allows; null: no lower bound stated.",
        unit="persons",
        minimum=0,
        usual_maximum=USUAL_VICTIMS,
        correctable=True,
    ),
    Column(
        "killed_max",
        COUNT,
        "Most killed that the report allows; null with a minimum: open bound; null without: not stated.",
        unit="persons",
        minimum=0,
        usual_maximum=USUAL_VICTIMS,
        correctable=True,
    ),
    Column(
        "injured_min",
        COUNT,
        "Fewest injured that the report allows; null: no lower bound stated.",
        unit="persons",
        minimum=0,
        usual_maximum=USUAL_VICTIMS,
        correctable=True,
    ),
    Column(
        "injured_max",
        COUNT,
        "Most injured that the report allows; null with a minimum: open bound; null without: not stated.",
        unit="persons",
        minimum=0,
        usual_maximum=USUAL_VICTIMS,
        correctable=True,
    ),
    Column(
        "victims",
        VICTIMS,
        "What is stated of who the victims were: outcome, group, min, max and the words.",
        nullable=False,
        item_allowed=(("outcome", v.OUTCOMES), ("group", v.GROUPS)),
        item_required=("outcome", "group"),
    ),
    Column(
        "date_start", pa.date32(), "First day on which it happened; null: the text ties no day to it.", correctable=True
    ),
    Column("date_end", pa.date32(), "Last day on which it happened.", correctable=True),
    Column("date_precision", TEXT, "How fine the date is.", allowed=v.DATE_PRECISIONS, correctable=True),
    Column("date_basis", TEXT, "How the date was derived from the words.", allowed=v.DATE_BASES),
    Column("date_text", TEXT, "The words that give the date."),
    Column("place_name", TEXT, "Most specific named place where it happened, as written.", correctable=True),
    Column(
        "place_relation",
        TEXT,
        "How it lies to that place: at, in, near, north of …; null: at or in it.",
        correctable=True,
    ),
    Column("admin1", TEXT, "First-level administrative unit (province, governorate, state).", correctable=True),
    Column("country_code", TEXT, "ISO 3166-1 alpha-2 code of the country.", correctable=True),
    Column(
        "latitude",
        pa.float64(),
        "WGS 84 latitude of the place; null: `geo_basis` says why.",
        unit="degrees",
        minimum=-90,
        maximum=90,
        correctable=True,
    ),
    Column(
        "longitude",
        pa.float64(),
        "WGS 84 longitude of the place.",
        unit="degrees",
        minimum=-180,
        maximum=180,
        correctable=True,
    ),
    Column(
        "geo_precision",
        COUNT,
        "1 the named place, 2 near it, 3 a region; null: no coordinates.",
        allowed=v.GEO_PRECISIONS,
        correctable=True,
    ),
    Column(
        "geo_basis", TEXT, "How the coordinates were found, or why there are none.", nullable=False, allowed=v.GEO_BASES
    ),
    Column("perpetrator", TEXT, "Who did it, canonical name; null: nobody is named.", correctable=True),
    Column("perpetrator_text", TEXT, "Who did it, as written."),
    Column(
        "perpetrator_status",
        TEXT,
        "Whether that is stated as fact, claimed by the actor, or suspected.",
        nullable=False,
        allowed=v.PERPETRATOR_STATUSES,
        correctable=True,
    ),
    Column("target", TEXT, "Who or what was hit, as written.", correctable=True),
    Column("weapon_text", TEXT, "Weapon or means, as written.", correctable=True),
    Column("reported_by", pa.list_(TEXT), "Who the article says reports it.", nullable=False),
    Column(
        "verification",
        TEXT,
        "How well it is supported: apart from who is said to have done it.",
        nullable=False,
        allowed=v.VERIFICATIONS,
        correctable=True,
    ),
    Column(
        "confidence",
        pa.float64(),
        "Estimated chance (0–1) that killed, injured, date and place are all right.",
        nullable=False,
        minimum=0,
        maximum=1,
    ),
    Column(
        "flags",
        pa.list_(TEXT),
        "What a reader should know of this row.",
        nullable=False,
        allowed=tuple(v.MENTION_FLAGS),
    ),
)

MENTIONS: Final = Table(
    name="mentions",
    key=("mention_id",),
    description="One article's report of one incident: all of its sentences about that incident together.",
    order_by=("article_id", "ordinal", "mention_id"),
    stage="extract",
    ordered=_CODED_ORDER,
    columns=(
        Column("mention_id", TEXT, "Hash of the article and of the place of the first evidence in it.", nullable=False),
        Column("article_id", TEXT, "The article.", nullable=False),
        Column("incident_id", TEXT, "The incident in the world that this is a report of; null until resolved."),
        Column(
            "ordinal", COUNT, "Place among the article's mentions by first evidence, from 0.", nullable=False, minimum=0
        ),
        *_CODED,
        Column(
            "evidence",
            EVIDENCE,
            "The sentences that report it: field, start, end (characters) and the words, best first.",
            nullable=False,
            item_allowed=(("field", v.EVIDENCE_FIELDS),),
            item_required=("field", "start", "end", "text"),
        ),
        Column(
            "codings",
            CODINGS,
            "For each coded column: its value, the rule that made it and the words it rests on.",
            nullable=False,
            item_allowed=(("field", v.EVIDENCE_FIELDS),),
            item_required=("column", "rule"),
        ),
        Column(
            "corrections",
            CORRECTIONS,
            "What people decided about it: action, column, new and original value, reason, who and when; null: nothing.",
        ),
    ),
)

INCIDENTS: Final = Table(
    name="incidents",
    key=("incident_id",),
    description="One incident in the world: the reports of it joined.",
    order_by=("date_start", "incident_id"),
    stage="resolve",
    ordered=_CODED_ORDER,
    columns=(
        Column("incident_id", TEXT, "Id that stays the same as evidence arrives.", nullable=False),
        *_CODED,
        Column("article_ids", pa.list_(TEXT), "Articles that report it.", nullable=False),
        Column("mention_ids", pa.list_(TEXT), "Mentions joined in it.", nullable=False),
        Column("n_articles", COUNT, "Articles that report it.", nullable=False, unit="articles", minimum=1),
        Column(
            "n_sources",
            COUNT,
            "Independent sources: copies of one story count once.",
            nullable=False,
            unit="sources",
            minimum=1,
        ),
        Column("first_published_on", pa.date32(), "Day of the first report."),
        Column("merge_reason", TEXT, "Why these mentions are one incident; null: a single mention."),
        Column("conflicts", CONFLICTS, "What sources disagree on, and who said what.", nullable=False),
        Column(
            "aliases",
            pa.list_(TEXT),
            "Other ids that it may have been known by: the id is that of the earliest report, and these are those of the others.",
        ),
        Column(
            "corrections",
            CORRECTIONS,
            "What people decided about it: action, column, new and original value, reason, who and when; null: nothing.",
        ),
    ),
)

FIGURES: Final = Table(
    name="figures",
    key=("figure_id",),
    description="One casualty figure of an article, and what became of it.",
    order_by=("article_id", "field", "start", "end", "outcome", "figure_id"),
    stage="extract",
    ordered=(("start", "end"), ("min", "max")),
    columns=(
        Column(
            "figure_id", TEXT, "Hash of the article, the place of the figure in it and its outcome.", nullable=False
        ),
        Column("article_id", TEXT, "The article.", nullable=False),
        Column(
            "field", TEXT, "Part of the article that the offsets point into.", nullable=False, allowed=v.EVIDENCE_FIELDS
        ),
        Column("start", COUNT, "First character of the figure.", nullable=False, unit="characters", minimum=0),
        Column("end", COUNT, "Character after the last.", nullable=False, unit="characters", minimum=0),
        Column("text", TEXT, "The figure as written.", nullable=False),
        Column("outcome", TEXT, "What happened to the counted.", nullable=False, allowed=v.OUTCOMES),
        Column("group", TEXT, "Who the counted are, where stated.", allowed=v.GROUPS),
        Column("min", COUNT, "Lower bound; null: none.", unit="persons", minimum=0),
        Column("max", COUNT, "Upper bound; null: open.", unit="persons", minimum=0),
        Column("disposition", TEXT, "What became of the figure.", nullable=False, allowed=v.DISPOSITIONS),
        Column("mention_id", TEXT, "The mention it counts in (or repeats); null where it counts in none."),
        Column("reason", TEXT, "Why it got this disposition.", nullable=False),
    ),
)

QUARANTINE: Final = Table(
    name="quarantine",
    key=("run_id", "stage", "table", "row_key", "check", "column"),
    description="One row or input that was held back, with the reason and the row itself.",
    order_by=("stage", "table", "row_key", "check", "column"),
    columns=(
        Column("run_id", TEXT, "The run that held it back.", nullable=False),
        Column("stage", TEXT, "Stage at which it was held back.", nullable=False, allowed=v.STAGES),
        Column("table", TEXT, "Table it would have gone to.", nullable=False),
        Column("row_key", TEXT, "Key of the row, or the input's location.", nullable=False),
        Column("check", TEXT, "Check that it failed.", nullable=False),
        Column("column", TEXT, "Column concerned; empty: the whole row.", nullable=False),
        Column("value", TEXT, "The offending value, shortened."),
        Column("reason", TEXT, "What was wrong and what to do.", nullable=False),
        Column("row", TEXT, "The row as JSON; for an unreadable input, its size and SHA-256."),
    ),
)

CHECKS: Final = Table(
    name="checks",
    key=("run_id", "stage", "table", "check"),
    description="One check of one table in one run.",
    order_by=("stage", "table", "check"),
    columns=(
        Column("run_id", TEXT, "The run.", nullable=False),
        Column("stage", TEXT, "Stage after which the check ran.", nullable=False, allowed=v.STAGES),
        Column("table", TEXT, "Table checked.", nullable=False),
        Column("check", TEXT, "Name of the check.", nullable=False),
        Column(
            "severity",
            TEXT,
            "What a failure means: critical holds rows back or stops the run.",
            nullable=False,
            allowed=v.SEVERITIES,
        ),
        Column("passed", pa.bool_(), "Whether it passed.", nullable=False),
        Column("rows", COUNT, "Rows checked.", nullable=False, unit="rows", minimum=0),
        Column("failed", COUNT, "Rows that failed.", nullable=False, unit="rows", minimum=0),
        Column("observed", TEXT, "What was seen."),
    ),
)

TABLES: Final[dict[str, Table]] = {
    t.name: t for t in (DOCUMENTS, ARTICLES, MENTIONS, INCIDENTS, FIGURES, QUARANTINE, CHECKS, CORROBORATION)
}
