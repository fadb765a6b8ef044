"""The table that links a ledger's incidents to the rows of a reference database."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from expectations.table import Column, Table

TEXT = pa.string()
COUNT = pa.int64()
SHARE = pa.float64()
DIFFERENCES = pa.list_(pa.struct([("what", TEXT), ("ours", TEXT), ("theirs", TEXT), ("note", TEXT)]))
STATUSES: Final = ("matched", "only_ours", "only_theirs")
DIFFERENCE_KINDS: Final = ("killed", "date", "place", "actors", "kind")


def _score(name: str, what: str) -> Column:
    return Column(name, SHARE, f"How well {what} agree, 0 to 1; null: not known on one side.", minimum=0, maximum=1)


CORROBORATION: Final = Table(
    name="corroboration",
    key=("corroboration_id",),
    description="One incident, one row of a reference database, or the two of them linked; never a source of coded values.",
    order_by=("status", "date_start", "reference_date_start", "corroboration_id"),
    published=False,
    columns=(
        Column("corroboration_id", TEXT, "Hash of the two ids.", nullable=False),
        Column("status", TEXT, "Linked, or on one side only.", nullable=False, allowed=STATUSES),
        Column("incident_id", TEXT, "The ledger's incident; null: only theirs."),
        Column("reference", TEXT, "The reference database, as its columns tell.", nullable=False),
        Column("reference_id", TEXT, "Id of its row; null: only ours."),
        Column("score", SHARE, "Weighted mean of the scores below; of a link.", minimum=0, maximum=1),
        _score("score_place", "the places"),
        _score("score_date", "the dates"),
        _score("score_killed", "the killed"),
        _score("score_actors", "the actors"),
        _score("score_kind", "the kinds of event"),
        Column("distance_km", SHARE, "Between the two points; null: no coordinates on one side.", unit="km", minimum=0),
        Column("tolerance_km", SHARE, "What the precision of the two points leaves open.", unit="km", minimum=0),
        Column(
            "days_apart",
            COUNT,
            "Days between the two date ranges; 0: they meet; null: undated.",
            unit="days",
            minimum=0,
        ),
        Column("date_start", pa.date32(), "Our first day."),
        Column("date_end", pa.date32(), "Our last day."),
        Column("place_name", TEXT, "Our place."),
        Column("killed_min", COUNT, "Our fewest killed.", unit="persons", minimum=0),
        Column("killed_max", COUNT, "Our most killed; null with a minimum: open.", unit="persons", minimum=0),
        Column("perpetrator", TEXT, "Our perpetrator."),
        Column("reference_date_start", pa.date32(), "Their first day."),
        Column("reference_date_end", pa.date32(), "Their last day."),
        Column("reference_place", TEXT, "Their place."),
        Column("reference_killed_low", COUNT, "Their lowest estimate.", unit="persons", minimum=0),
        Column("reference_killed_best", COUNT, "Their best estimate; null: they give none.", unit="persons", minimum=0),
        Column("reference_killed_high", COUNT, "Their highest estimate.", unit="persons", minimum=0),
        Column("reference_latitude", SHARE, "Latitude of their point.", unit="degrees", minimum=-90, maximum=90),
        Column("reference_longitude", SHARE, "Longitude of their point.", unit="degrees", minimum=-180, maximum=180),
        Column("reference_actors", TEXT, "Their actors."),
        Column("reference_text", TEXT, "Their headline or notes."),
        Column(
            "differences",
            DIFFERENCES,
            "Of a link: what the two say differently, and how.",
            nullable=False,
            item_allowed=(("what", DIFFERENCE_KINDS),),
            item_required=("what", "note"),
        ),
        Column("reason", TEXT, "Why they are linked, or why nothing was.", nullable=False),
    ),
)
