"""The mentions of one incident to its row: values chosen or spanned over independent sources, disagreements listed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tasks.resolve.counts import Bounds, Said, combine_counts, disagree, says_update

Row = dict[str, Any]

_PRECISION_RANK: Final = {"day": 0, "days": 1, "week": 2, "month": 3, "year": 4, None: 5}
_BASIS_RANK: Final = {"correction": 0, "explicit": 1, "weekday": 2, "relative": 3, "inherited": 4, None: 5}
_STATUS_RANK: Final = {"stated": 0, "claimed": 1, "suspected": 2, "unknown": 3}
_SUPPORT: Final = ("multi_source", "single_source", "belligerent_claim", "unattributed", "unverified", "denied")
_DATE: Final = ("date_start", "date_end", "date_precision", "date_basis", "date_text")
_PLACE: Final = (
    "place_name",
    "place_relation",
    "admin1",
    "country_code",
    "latitude",
    "longitude",
    "geo_precision",
    "geo_basis",
)
_ACTOR: Final = ("perpetrator", "perpetrator_text", "perpetrator_status")
# Each further source that agrees takes away this share of the doubt; a disagreement adds some.
_DOUBT_LEFT: Final = 0.6
_CONFLICT_FACTOR: Final = 0.9


@dataclass(frozen=True, slots=True)
class Told:
    """A mention's row with what its article says of where it stands.

    Attributes:
        row: Row of `mentions`.
        source: What counts as one source: the publisher, else the story (copies are one story).
        published: Day of publication.
        is_copy: Its article repeats another one.
    """

    row: Row
    source: str
    published: dt.date | None
    is_copy: bool


def incident_id(first_mention_id: str) -> str:
    """The id of the incident whose earliest report is this mention.

    It stays the same as later reports arrive, whatever they say, since it rests on where the first one stands and not
    on any coded value. An earlier report that turns up later gives another id; the former is then one of `aliases`.
    """
    return "i" + hashlib.sha256(f"incident|{first_mention_id}".encode()).hexdigest()[:20]


def build_incident(told: Sequence[Told], reason: str | None) -> Row:
    """One row of `incidents`.

    Args:
        told: The incident's mentions, the earliest report first.
        reason: Why they are one incident; null for a single mention.
    """
    voices = _independent(told)
    updates = [any(says_update(e["text"]) for e in t.row["evidence"] or ()) for t in voices]
    counts = {what: _said(voices, what, updates) for what in ("killed", "injured")}
    killed, injured = (combine_counts(said) for said in counts.values())
    conflicts = _conflicts(voices, counts)
    articles = list(dict.fromkeys(t.row["article_id"] for t in told))
    flags = {flag for t in told for flag in t.row["flags"] or ()}
    if any(disagree(said) for said in counts.values()):
        flags.add("count_conflict")
    kind = _favourite(voices, lambda row: row["sub_event_type"])
    return {
        "incident_id": incident_id(told[0].row["mention_id"]),
        "event_type": kind.row["event_type"],
        "sub_event_type": kind.row["sub_event_type"],
        "killed_min": killed[0],
        "killed_max": killed[1],
        "injured_min": injured[0],
        "injured_max": injured[1],
        "victims": _victims(voices, {"killed": killed, "injured": injured}),
        **_date(voices),
        **_place(voices),
        **_actor(voices),
        "target": _first(voices, "target"),
        "weapon_text": _first(voices, "weapon_text"),
        "reported_by": list(dict.fromkeys(name for t in voices for name in t.row["reported_by"] or ())),
        "verification": _verification(voices, conflicts),
        "confidence": _confidence(voices, bool(conflicts)),
        "flags": sorted(flags),
        "article_ids": articles,
        "mention_ids": [t.row["mention_id"] for t in told],
        "n_articles": len(articles),
        "n_sources": len({t.source for t in voices}),
        "first_published_on": min((t.published for t in told if t.published), default=None),
        "merge_reason": reason,
        "conflicts": conflicts,
        # Whatever set of these reports was known before, the id that it gave is one of these.
        "aliases": [incident_id(t.row["mention_id"]) for t in told[1:]],
    }


def _independent(told: Sequence[Told]) -> list[Told]:
    """Copies left out where the original is there."""
    return [t for t in told if not t.is_copy] or list(told[:1])


def _said(voices: Sequence[Told], what: str, updates: Sequence[bool]) -> list[Said]:
    return [
        Said((t.row[f"{what}_min"], t.row[f"{what}_max"]), t.published, updates_it)
        for t, updates_it in zip(voices, updates, strict=True)
    ]


def _favourite(voices: Sequence[Told], value: Callable[[Row], object]) -> Told:
    """The voice whose value most sources share; the earliest of them."""
    votes: Counter[object] = Counter()
    for _, said in {(t.source, value(t.row)): value(t.row) for t in voices}.items():
        votes[said] += 1
    return max(voices, key=lambda t: votes[value(t.row)])


def _date(voices: Sequence[Told]) -> Row:
    """The finest date that most sources give."""
    dated = [t for t in voices if t.row["date_start"] is not None]
    if not dated:
        return dict.fromkeys(_DATE)
    finest = min(_PRECISION_RANK[t.row["date_precision"]] for t in dated)
    fine = [t for t in dated if _PRECISION_RANK[t.row["date_precision"]] == finest]
    fine.sort(key=lambda t: _BASIS_RANK[t.row["date_basis"]])
    chosen = _favourite(fine, lambda row: (row["date_start"], row["date_end"]))
    return {name: chosen.row[name] for name in _DATE}


def _place(voices: Sequence[Told]) -> Row:
    """The place columns of one voice: pinned down best, then named by most."""

    def fineness(t: Told) -> tuple[bool, int]:
        return t.row["place_name"] is None, t.row["geo_precision"] or 4

    finest = min(map(fineness, voices))
    chosen = _favourite([t for t in voices if fineness(t) == finest], lambda row: (row["place_name"] or "").casefold())
    return {name: chosen.row[name] for name in _PLACE}


def _actor(voices: Sequence[Told]) -> Row:
    named = [t for t in voices if t.row["perpetrator"] is not None]
    if not named:
        return dict(zip(_ACTOR, (None, None, "unknown"), strict=True))
    named.sort(key=lambda t: _STATUS_RANK[t.row["perpetrator_status"]])
    chosen = _favourite(named, lambda row: row["perpetrator"].casefold())
    return {name: chosen.row[name] for name in _ACTOR}


def _first(voices: Sequence[Told], column: str) -> str | None:
    return next((t.row[column] for t in voices if t.row[column] is not None), None)


def _victims(voices: Sequence[Told], whole: dict[str, Bounds]) -> list[Row]:
    """One row an outcome and group, spanned over the sources; a part that cannot lie in the whole is left out."""
    parts: dict[tuple[str, str | None], list[tuple[Told, Row]]] = {}
    for told in voices:
        for victim in told.row["victims"] or ():
            parts.setdefault((victim["outcome"], victim["group"]), []).append((told, victim))
    rows = []
    for (outcome, group), said in parts.items():
        by_voice: dict[int, list[Row]] = {}
        for told, victim in said:
            by_voice.setdefault(id(told), []).append(victim)
        if any(len(rows_of_one) > 1 for rows_of_one in by_voice.values()):
            # One report tells of two such parts ("3 soldiers … 5 policemen"): its rows stand as they are.
            kept = max(by_voice.values(), key=len)
            rows += [dict(victim) for victim in kept]
            continue
        low, high = combine_counts([Said((v["min"], v["max"]), t.published, False) for t, v in said])
        rows.append({"outcome": outcome, "group": group, "min": low, "max": high, "text": said[0][1]["text"]})
    limit = {outcome: high for outcome, (_, high) in whole.items()}
    return [r for r in rows if r["min"] is None or limit.get(r["outcome"]) is None or r["min"] <= limit[r["outcome"]]]


def _conflicts(voices: Sequence[Told], counts: dict[str, list[Said]]) -> list[Row]:
    """Who said what, for every column on which sources cannot all be right."""
    found = []
    for what, said in counts.items():
        if disagree(said):
            values = [_shown(s.bounds) for s in said]
            found += _listed(what, voices, values)
    days = [(t.row["date_start"], t.row["date_end"]) for t in voices if t.row["date_precision"] == "day"]
    if len(set(days)) > 1:
        values = [str(t.row["date_start"]) if t.row["date_precision"] == "day" else None for t in voices]
        found += _listed("date_start", voices, values)
    for column in ("perpetrator", "country_code"):
        values = [t.row[column] for t in voices]
        if len({value.casefold() for value in values if value}) > 1:
            found += _listed(column, voices, values)
    return found


def _listed(column: str, voices: Sequence[Told], values: Sequence[str | None]) -> list[Row]:
    return [
        {
            "column": column,
            "value": value,
            "article_id": t.row["article_id"],
            "reported_by": ", ".join(t.row["reported_by"] or ()) or None,
        }
        for t, value in zip(voices, values, strict=True)
        if value is not None
    ]


def _shown(bounds: Bounds) -> str | None:
    low, high = bounds
    if low is None:
        return None if high is None else f"up to {high}"
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def _verification(voices: Sequence[Told], conflicts: Sequence[Row]) -> str:
    """The best support that one report has; several independent sources that agree support each other."""
    best = min((t.row["verification"] for t in voices), key=_SUPPORT.index)
    sources = {t.source for t in voices if t.row["verification"] not in ("denied", "unverified")}
    quoted = [frozenset(name.casefold() for name in t.row["reported_by"] or ()) for t in voices]
    # Ten outlets that all quote one monitor are one voice.
    one_voice = len(set(quoted)) == 1 and len(quoted[0]) == 1
    disputed_count = any(c["column"] in ("killed", "injured") for c in conflicts)
    if len(sources) > 1 and not one_voice and not disputed_count:
        return "multi_source"
    return str(best)


def _confidence(voices: Sequence[Told], has_conflicts: bool) -> float:
    doubt = 1 - max(t.row["confidence"] for t in voices)
    further = len({t.source for t in voices}) - 1
    confidence: float = (1 - doubt * _DOUBT_LEFT**further) * (_CONFLICT_FACTOR if has_conflicts else 1)
    return round(confidence, 4)
