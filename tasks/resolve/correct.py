"""Applies what people decided to groups and rows; what no longer fits is reported, and never applied blindly."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from expectations import rules
from expectations.vocabulary import EVENT_TYPE_OF
from tasks.resolve.corrections import Correction, by_target, parse_value, same_value, value_text
from tasks.resolve.grouping import Group
from tasks.resolve.incident import incident_id

Row = dict[str, Any]
NOT_APPLIED: Final = "correction_not_applied"
REJECTED: Final = "rejected_by_correction"
_PAIRS: Final = (("killed_min", "killed_max"), ("injured_min", "injured_max"), ("date_start", "date_end"))
_MUST_HOLD: Final = (
    rules.event_type_matches,
    rules.dates_complete,
    rules.date_plausible,
    rules.country_known,
    rules.coordinates_explained,
    rules.coordinates_in_country,
)


class Corrector:
    """The corrections of one run.

    Attributes:
        held: Rows for quarantine, without their `run_id`: corrections that were not applied, and rows that were rejected.
        applied: How many were applied.
    """

    def __init__(self, corrections: Sequence[Correction]) -> None:
        self.corrections = corrections
        self.held: list[Row] = []
        self.applied = 0
        self.of_mention = by_target(corrections, "mention", "set", "confirm")
        self.of_incident: dict[str, list[Correction]] = {}
        self.rejected: dict[str, Correction] = {}
        self._joined: dict[str, list[Correction]] = {}  # first mention → splits and merges that made its group
        self._seen: set[str] = set()
        for one in corrections:
            if one.problem is not None:
                self._refuse(one, one.problem)

    # --- groups ---

    def regroup(self, groups: Sequence[Group]) -> list[Group]:
        """The groups as people split and joined them, without rejected mentions; incidents' corrections find their target here."""
        if not self.corrections:
            return list(groups)
        work = _Groups(groups)
        mentions = set(work.of)
        for one in self.corrections:
            if one.problem is not None:
                continue
            if one.target == "mention" and one.target_id not in mentions:
                self._refuse(one, "there is no such mention: its article is gone, or is read in another way now")
            elif one.action == "split":
                self._split(one, work)
            elif one.action == "merge":
                self._merge(one, work)
        self._aim(work)
        for one in self.corrections:
            if one.problem is None and one.target == "mention" and one.action == "reject" and one.target_id in mentions:
                self.rejected[one.target_id] = one
                self.applied += 1
        left = []
        for group in work.groups():
            kept = tuple(a for a in group.accounts if a.mention_id not in self.rejected)
            if kept:
                self._keep_notes(group, kept[0].mention_id)
                left.append(dataclasses.replace(group, accounts=kept, reason=group.reason if len(kept) > 1 else None))
        return left

    def _keep_notes(self, group: Group, first: str) -> None:
        """What made a group is told of it also when the mention that it was noted at is rejected."""
        for account in group.accounts:
            if account.mention_id in self.rejected and account.mention_id in self._joined:
                self._joined.setdefault(first, []).extend(self._joined.pop(account.mention_id))

    def _split(self, one: Correction, work: _Groups) -> None:
        group = work.of[one.target_id]
        if len(group.accounts) == 1:
            return  # it stands alone already
        known_as = {incident_id(a.mention_id) for a in group.accounts}
        if one.expected and one.expected not in known_as:
            self._refuse(one, f"the mention is now in incident {_id(group)}, not in {one.expected}")
            return
        alone = tuple(a for a in group.accounts if a.mention_id == one.target_id)
        rest = tuple(a for a in group.accounts if a.mention_id != one.target_id)
        reason = f"{group.reason}; without a report that was {_note('split off', one)}" if len(rest) > 1 else None
        work.put(Group(rest, reason))
        work.put(Group(alone, None))
        for parted in (one.target_id, rest[0].mention_id):
            self._joined.setdefault(parted, []).append(one)
        self.applied += 1

    def _merge(self, one: Correction, work: _Groups) -> None:
        first, second = work.known_as(one.target_id), work.known_as(one.value)
        for wanted, group in ((one.target_id, first), (one.value, second)):
            if group is None:
                self._refuse(one, f"there is no incident {wanted}")
                return
        assert first is not None
        assert second is not None
        if first.accounts[0] is second.accounts[0]:
            return  # they are one already
        accounts = tuple(sorted((*first.accounts, *second.accounts), key=lambda a: a.order))
        reasons = [reason for reason in (first.reason, second.reason) if reason]
        group = Group(accounts, "; ".join([*reasons, _note("merged", one)]))
        work.put(group)
        self._joined.setdefault(accounts[0].mention_id, []).append(one)
        self.applied += 1

    def _aim(self, work: _Groups) -> None:
        """Find the incident of each correction; one that has gone into another incident is not what was decided on."""
        for target, ones in by_target(self.corrections, "incident", "set", "reject", "confirm").items():
            group = work.known_as(target)
            for one in ones:
                if group is None:
                    self._refuse(one, "there is no such incident: its reports are gone, or are read in another way now")
                elif _id(group) != target:
                    self._refuse(one, f"it is now part of incident {_id(group)}: look at that one")
                elif one.action == "reject":
                    self.rejected.update((a.mention_id, one) for a in group.accounts)
                    self.applied += 1
                else:
                    self.of_incident.setdefault(target, []).append(one)

    # --- rows ---

    def concerns(self, mention_id: str) -> bool:
        """Whether a mention is corrected, confirmed or rejected."""
        return mention_id in self.of_mention or mention_id in self.rejected or mention_id in self._joined

    def touches(self, mention_ids: Sequence[str]) -> bool:
        """Whether the incident of these mentions, or one of them, is corrected or confirmed."""
        return incident_id(mention_ids[0]) in self.of_incident or any(map(self.concerns, mention_ids))

    def mention(self, row: Row, published: dt.date | None) -> Row:
        """A mention as people corrected it."""

        def not_before_publication(new: Row) -> str | None:
            if published is not None and new["date_start"] is not None and new["date_start"] > published:
                return f"date_start {new['date_start']} lies after the article's publication on {published}"
            return None

        ones = self.of_mention.get(row["mention_id"], [])
        moved = [one for one in self._joined.get(row["mention_id"], ()) if one.target_id == row["mention_id"]]
        return self._correct(row, ones, row["mention_id"], moved, not_before_publication)

    def incident(self, row: Row, mentions: Iterable[Row]) -> Row:
        """An incident as people corrected it; it says so too where a mention of it was corrected."""
        ones = self.of_incident.get(row["incident_id"], [])
        joined = [one for name in row["mention_ids"] for one in self._joined.get(name, ())]
        row = self._correct(row, ones, row["incident_id"], joined, lambda new: None)
        if any("corrected" in (mention["flags"] or ()) for mention in mentions):
            row = row | {"flags": sorted({*row["flags"], "corrected"})}
        return row

    def _correct(
        self,
        row: Row,
        ones: Sequence[Correction],
        key: str,
        joined: Sequence[Correction],
        more: Callable[[Row], str | None],
    ) -> Row:
        if not ones and not joined:
            return row
        first_time = key not in self._seen  # rows are made twice: for the incident, and for their own table
        self._seen.add(key)
        new, entries, fitting = dict(row), [one.entry(None) for one in joined], []
        for one in ones:
            if one.action == "confirm":
                entries.append(one.entry(None))
                self.applied += first_time
            elif same_value(one.field, one.value, new[one.field]):
                self.applied += first_time  # it reads so by itself now
            elif not same_value(one.field, one.expected, new[one.field]):
                here = value_text(new[one.field]) or "not known"
                if first_time:
                    self._refuse(
                        one, f"{one.field} was expected to be {one.expected or 'not known'}, but is {here}: look again"
                    )
            else:
                original = value_text(new[one.field]) or None
                new[one.field] = parse_value(one.field, one.value)
                fitting.append((one, original))
        if fitting:
            _make_whole(new, {one.field for one, _ in fitting})
            if (problem := _problem(new) or more(new)) is not None:
                for one, _ in fitting if first_time else ():
                    self._refuse(one, problem)
                new, fitting = dict(row), []
            entries += [one.entry(original) for one, original in fitting]
            self.applied += len(fitting) if first_time else 0
        if not entries:
            return row
        marks = {"confirmed" if entry["action"] == "confirm" else "corrected" for entry in entries}
        return new | {"corrections": entries, "flags": sorted({*(new["flags"] or ()), *marks})}

    # --- what is held back ---

    def reject(self, row: Row) -> None:
        """Note a mention that is taken out of the tables."""
        one = self.rejected[row["mention_id"]]
        whole = {name: value for name, value in row.items() if name != "incident_id"}
        self.held.append(
            _quarantine("mentions", row["mention_id"], REJECTED, "", one.target_id, _note("rejected", one).capitalize())
            | {"row": json.dumps(whole, ensure_ascii=False, default=str)}
        )

    def _refuse(self, one: Correction, why: str) -> None:
        table = "mentions" if one.target == "mention" else "incidents"
        what = f"{one.action} {one.field}".strip()
        reason = f"Correction not applied ({what}{f' by {one.who}' if one.who else ''}): {why}."
        self.held.append(
            _quarantine(table, one.target_id, NOT_APPLIED, one.field, one.value or None, reason)
            | {"row": json.dumps(dataclasses.asdict(one), ensure_ascii=False)}
        )


class _Groups:
    """Groups that change, found by the mentions in them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.of = {a.mention_id: group for group in groups for a in group.accounts}
        self.ids = {incident_id(name): name for name in self.of}

    def known_as(self, wanted: str) -> Group | None:
        """The group that has this id, or had it under some set of its reports."""
        name = self.ids.get(wanted)
        return None if name is None else self.of[name]

    def put(self, group: Group) -> None:
        self.of.update((a.mention_id, group) for a in group.accounts)

    def groups(self) -> list[Group]:
        found = {group.accounts[0].mention_id: group for group in self.of.values()}
        return sorted(found.values(), key=lambda g: g.accounts[0].order)


def _id(group: Group) -> str:
    return incident_id(group.accounts[0].mention_id)


def _note(done: str, one: Correction) -> str:
    return f"{done} by {one.who or 'a person'}" + (f" ({one.reason})" if one.reason else "")


def _quarantine(table: str, key: str, check: str, column: str, value: str | None, reason: str) -> Row:
    return {
        "stage": "resolve",
        "table": table,
        "row_key": key,
        "check": check,
        "column": column,
        "value": value,
        "reason": reason,
    }


def _make_whole(row: Row, changed: set[str]) -> None:
    """Fill in what follows from the corrected columns, so that columns that belong together agree."""
    if "sub_event_type" in changed:
        row["event_type"] = EVENT_TYPE_OF[row["sub_event_type"]]
    if {"date_start", "date_end", "date_precision"} & changed:
        _make_date_whole(row, changed)
    if {"place_name", "latitude", "longitude"} & changed:
        _make_place_whole(row, changed)
    if "perpetrator" in changed and "perpetrator_status" not in changed:
        if row["perpetrator"] is None:
            row["perpetrator_status"] = "unknown"
        elif row["perpetrator_status"] == "unknown":
            row["perpetrator_status"] = "stated"


def _make_date_whole(row: Row, changed: set[str]) -> None:
    if row["date_start"] is None:
        row |= dict.fromkeys(("date_start", "date_end", "date_precision", "date_basis", "date_text"))
        return
    if "date_end" not in changed and "date_start" in changed:
        row["date_end"] = row["date_start"]
    row["date_end"] = row["date_end"] or row["date_start"]
    if "date_precision" not in changed:
        row["date_precision"] = "day" if row["date_end"] == row["date_start"] else "days"
    row["date_basis"] = "correction"


def _make_place_whole(row: Row, changed: set[str]) -> None:
    """A point given by hand is one; under another name, the point of the old name is none."""
    given = {"latitude", "longitude"} & changed
    if given and row["latitude"] is not None and row["longitude"] is not None:
        row["geo_precision"] = row["geo_precision"] or 1
        row["geo_basis"] = "correction"
    elif given or "place_name" in changed:
        row |= {"latitude": None, "longitude": None, "geo_precision": None}
        row["geo_basis"] = "not_found" if row["place_name"] else "not_named"


def _problem(row: Row) -> str | None:
    for low, high in _PAIRS:
        if row[low] is not None and row[high] is not None and row[low] > row[high]:
            return f"{low} would be {row[low]}, but {high} {row[high]}: correct both"
    for rule in _MUST_HOLD:
        if (problem := rule(row, None)) is not None:  # type: ignore[arg-type]  # these rules look at nothing else
            return problem
    return None
