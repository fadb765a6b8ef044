"""Scores mentions against MUC-style templates (terrorism newswire): recall, precision in scope, each slot, whole rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tasks.evaluate.agreement import best_pairs, name_is_among, words
from tasks.evaluate.report import Report

Gold = dict[str, Any]
Row = dict[str, Any]
Agreement = dict[str, float]

_COUNTRY_CODES: Final = {
    "EL SALVADOR": "SV",
    "COLOMBIA": "CO",
    "PERU": "PE",
    "CHILE": "CL",
    "GUATEMALA": "GT",
    "HONDURAS": "HN",
    "BOLIVIA": "BO",
    "ARGENTINA": "AR",
    "ECUADOR": "EC",
    "PANAMA": "PA",
    "VENEZUELA": "VE",
    "NICARAGUA": "NI",
    "BRAZIL": "BR",
}
# ACLED's sub-event types that a template's type may stand for.
_TYPES: Final = {
    "ATTACK": {
        "Attack",
        "Armed clash",
        "Air/drone strike",
        "Shelling/artillery/missile attack",
        "Grenade",
        "Sexual violence",
    },
    "BOMBING": {"Remote explosive/landmine/IED", "Suicide bomb", "Grenade"},
    "KIDNAPPING": {"Abduction/forced disappearance"},
    "ARSON": {"Attack", "Other"},
}
# Acts of war are in no template (the keys hold terrorism only), so they are outside what precision "in scope" asks.
_MILITARY: Final = {"Armed clash", "Air/drone strike", "Shelling/artillery/missile attack"}
_IGNORED: Final = frozenset(
    [
        "the",
        "of",
        "in",
        "an",
        "a",
        "and",
        "al",
        "el",
        "la",
        "de",
        "del",
        "los",
        "las",
        "city",
        "town",
        "village",
        "department",
        "province",
        "district",
        "neighborhood",
        "municipality",
        "members",
        "group",
    ]
)
_PAIRING_SLOTS: Final = ("type", "date", "perpetrator", "killed", "injured", "target")
_ROW_SLOTS: Final = ("killed", "injured", "date", "place", "perpetrator")
_WHOLE_ROW: Final = "whole row (killed, injured, date, place, perpetrator), of all required"
_MIN_AGREEMENT = 2
_NEWS_DAYS = 60


def _same(name: str | None, accepted: Sequence[str]) -> bool:
    return name is not None and name_is_among(name, accepted, ignored=_IGNORED, empty_is_none=True)


def _days(start: str, end: str) -> int:
    return (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days


def _before(day: str, days: int) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days)).isoformat()


def _date_agreement(row: Row, gold: Gold) -> float:
    """1: within a gold span and about as long; 0.5: it only touches one, or the span has no known start."""
    if row["date_start"] is None:
        return 0
    start = row["date_start"].isoformat()
    end = row["date_end"].isoformat() if row["date_end"] is not None else start
    touched = [(a, b) for a, b in gold["dates"] if start <= b and end >= (a or _before(b, _NEWS_DAYS))]
    return max((1 if a and _days(start, end) <= _days(a, b) + 2 else 0.5 for a, b in touched), default=0)


def _count_agrees(row: Row, gold: Gold, what: str) -> bool:
    low, high = row[f"{what}_min"], row[f"{what}_max"]
    value = low if low is not None else high
    return value is not None and any(value == (a if a is not None else b) for a, b in gold[what] or ())


def _target_agreement(row: Row, gold: Gold) -> float:
    evidence = f" {' '.join(words(' '.join(e['text'] for e in row['evidence'] or ())))} "
    named = [words(target) for target in gold["targets"]]
    return max((1 if len(t) > 1 else 0.5 for t in named if t and f" {' '.join(t)} " in evidence), default=0)


def agreement(row: Row, gold: Gold) -> Agreement:
    """How far a mention agrees with a template, slot by slot: 0, 1, or 0.5 for a weak agreement."""
    places, actors = (row["place_name"], row["admin1"]), (row["perpetrator"], row["perpetrator_text"])
    countries = {row["country_code"], *(_COUNTRY_CODES.get(p.upper()) for p in places if p)} - {None}
    types = set().union(*(_TYPES.get(kind, set()) for kind in gold["types"]))
    return {
        "type": row["sub_event_type"] in types,
        "date": _date_agreement(row, gold),
        "place": any(_same(name, gold["places"]) for name in places),
        "country": not countries.isdisjoint(gold["country"]),
        "perpetrator": any(_same(name, gold["orgs"] + gold["individuals"]) for name in actors),
        "status": row["perpetrator_status"] in gold["status"],
        "killed": _count_agrees(row, gold, "killed"),
        "injured": _count_agrees(row, gold, "injured"),
        "weapon": not set(words(row["weapon_text"] or "")).isdisjoint(w for x in gold["weapon"] for w in words(x)),
        "target": _target_agreement(row, gold),
    }


def _weight(agrees: Agreement, gold: Gold) -> float:
    """Agreeing fields; 0 without a place, perpetrator or target in common."""
    if not (agrees["target"] or agrees["place"] or agrees["perpetrator"]):
        return 0
    where = agrees["place"] or 0.5 * (agrees["country"] and not gold["place_asked"])
    return sum(agrees[slot] for slot in _PAIRING_SLOTS) + where


class _Tally:
    """Right and asked, by measure, over documents."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.errors: list[str] = []

    def add(self, measure: str, right: float, of: int = 1) -> None:
        self.asked[measure] += of
        self.right[measure] += int(right)

    def add_document(self, doc: Gold, rows: Sequence[Row]) -> None:
        golds = doc["incidents"]
        fields = [[agreement(row, gold) for gold in golds] for row in rows]
        weights = [[_weight(a, g) for a, g in zip(line, golds, strict=True)] for line in fields]
        pairs = _pair(weights, golds)
        loose = [
            row
            for i, row in enumerate(rows)
            if i not in pairs.values()
            and not any(w >= _MIN_AGREEMENT and not g["required"] for w, g in zip(weights[i], golds, strict=True))
        ]
        scoped = [row for row in loose if _in_scope(row, doc["published_on"])]
        required = [j for j, gold in enumerate(golds) if gold["required"]]
        hits = sum(golds[j]["required"] for j in pairs)
        exact = hits + len(scoped) == len(required)
        self.add("count exact, all docs", exact)
        if len(required) > 1:
            self.add("count exact, 2 or more", exact)
        if not required:
            self.add("no spurious, docs with none", exact)
        self.add("recall", hits, len(required))
        self.add("precision, raw", hits, hits + len(loose))
        self.add("precision, in scope", hits, hits + len(scoped))
        for j in required:
            self._add_required(doc["doc_id"], golds[j], fields[pairs[j]][j] if j in pairs else None)
        self.errors += [f"{doc['doc_id']} spurious {_line(row)}" for row in scoped]

    def _add_required(self, doc_id: str, gold: Gold, agrees: Agreement | None) -> None:
        exact_date = bool(gold["dates"]) and all(start for start, _ in gold["dates"])
        asked = {
            "type": True,
            "killed": bool(gold["killed"]),
            "injured": bool(gold["injured"]),
            "date": exact_date,
            "place": gold["place_asked"],
            "country": True,
            "perpetrator": gold["org_asked"],
            "weapon": gold["weapon_asked"],
        }
        if agrees is not None:
            for slot, is_asked in asked.items():
                if is_asked:
                    self.add(slot, agrees[slot] == 1)
            if gold["org_asked"] and agrees["perpetrator"]:
                self.add("status", agrees["status"])
        wrong = [slot for slot in _ROW_SLOTS if asked[slot] and (agrees is None or agrees[slot] != 1)]
        whole = agrees is not None and not wrong
        self.add(_WHOLE_ROW, whole)
        if not whole:
            said = "missed" if agrees is None else f"wrong {', '.join(wrong)}"
            self.errors.append(f"{doc_id} {said} :: {'/'.join(gold['types'])} {gold['places']} {gold['dates']}")


def _pair(weights: Sequence[Sequence[float]], golds: Sequence[Gold]) -> dict[int, int]:
    """Template → mention, one to one; a required template wins a tie."""
    tilted = [
        [w + 0.01 * g["required"] if w >= _MIN_AGREEMENT else 0.0 for w, g in zip(line, golds, strict=True)]
        for line in weights
    ]
    return {j: i for i, j in best_pairs(tilted, minimum=_MIN_AGREEMENT)}


def _in_scope(row: Row, published_on: str | None) -> bool:
    """Whether the keys would hold it: somebody hurt or taken, no act of war, news rather than history."""
    counted = any(row[f"{what}_{bound}"] is not None for what in ("killed", "injured") for bound in ("min", "max"))
    if not counted and row["sub_event_type"] not in _TYPES["KIDNAPPING"]:
        return False
    if row["sub_event_type"] in _MILITARY:
        return False
    oldest = _before(published_on, _NEWS_DAYS) if published_on else "0"
    return row["date_start"] is None or row["date_start"].isoformat() >= oldest


def _line(row: Row) -> str:
    counts = "/".join(str((row[f"{what}_min"], row[f"{what}_max"])) for what in ("killed", "injured"))
    evidence = " | ".join(e["text"] for e in row["evidence"] or ())[:160]
    return f"{row['sub_event_type']} {counts} {row['place_name']!r} :: {evidence}"


def score_templates(docs: Iterable[Gold], mentions_of: Mapping[str, list[Row]]) -> Report:
    """Each measure as [share, number asked].

    A mention pairs with a template when at least two fields agree, place, perpetrator or target among them. Slots are
    scored among the pairs, whole rows over all required templates. Precision is given raw and "in scope" (without
    what the keys leave out by design: acts of war, reports without victims, history).
    """
    tally = _Tally()
    for doc in docs:
        tally.add_document(doc, mentions_of.get(doc["doc_id"], ()))
    numbers: dict[str, Any] = {}
    for scope in ("in scope", "raw"):
        found, asked = tally.right["recall"], tally.asked["recall"]
        total = max(1, asked + tally.asked[f"precision, {scope}"])
        numbers[f"F1, {scope}"] = [round(2 * found / total, 3), asked]
    for measure, asked in tally.asked.items():
        if asked:
            numbers[measure] = [round(tally.right[measure] / asked, 3), asked]
    return Report("templates", numbers, tally.errors)
