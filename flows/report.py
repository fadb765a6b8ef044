"""A run's record and its tables, as lines, rows and Markdown for people."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.ranges import span as span
from expectations.storage import iter_parts, read_table
from expectations.wording import counted, counted_field
from flows.terminal import one_line

if TYPE_CHECKING:
    from flows.changes import Changes
    from flows.record import RunRecord
    from tasks.validate.summary import ValidationSummary

SHOWN_CHANGES = 20

# The columns that tell an incident at a glance, in the order in which people read them.
INCIDENT_COLUMNS = [
    "incident_id",
    "date_start",
    "date_end",
    "place_name",
    "admin1",
    "country_code",
    "sub_event_type",
    "killed_min",
    "killed_max",
    "injured_min",
    "injured_max",
    "perpetrator",
    "perpetrator_status",
    "reported_by",
    "verification",
    "n_articles",
    "flags",
]


def total_span(rows: list[dict[str, Any]], outcome: str) -> str:
    """The sum of an outcome's ranges over incidents, without totals whose parts are incidents themselves."""
    rows = [row for row in rows if "umbrella" not in row["flags"]]
    stated = [row for row in rows if row[f"{outcome}_min"] is not None or row[f"{outcome}_max"] is not None]
    if not stated:
        return "none stated"
    low = sum(row[f"{outcome}_min"] or 0 for row in stated)
    if any(row[f"{outcome}_max"] is None for row in stated):
        return f"at least {low:,}"
    high = sum(row[f"{outcome}_max"] for row in stated)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def read_incidents(output: Path) -> list[dict[str, Any]]:
    """The columns of the incidents that tell them at a glance, by date; the undated last."""
    rows = read_table(output, "incidents", INCIDENT_COLUMNS).to_pylist()
    return sorted(rows, key=lambda row: (row["date_start"] is None, str(row["date_start"]), row["incident_id"]))


def incident_row(row: dict[str, Any]) -> dict[str, Any]:
    """An incident as short texts: ranges written out, place with its province, perpetrator with the status of the claim."""
    place, admin1 = row["place_name"] or "", row["admin1"] or ""
    if admin1 and admin1 not in place:
        place = f"{place}, {admin1}" if place else admin1
    who = row["perpetrator"] or ""
    if who and row["perpetrator_status"] != "stated":
        who = f"{who} ({row['perpetrator_status']})"
    first, last = row["date_start"], row["date_end"]
    when = "" if first is None else first.isoformat()
    if first is not None and last is not None and last != first:
        when += f" – {last.isoformat()}"
    return {
        "incident": row["incident_id"],
        "date": when,
        "place": place,
        "country": row["country_code"] or "",
        "event": row["sub_event_type"],
        "killed": span(row["killed_min"], row["killed_max"]),
        "injured": span(row["injured_min"], row["injured_max"]),
        "perpetrator": who,
        "reported by": ", ".join(row["reported_by"]),
        "verification": row["verification"],
    }


def checks_rows(output: Path) -> list[dict[str, Any]]:
    """One row a check, failed ones first."""
    columns = ["stage", "table", "check", "severity", "passed", "rows", "failed", "observed"]
    rows = read_table(output, "checks", columns).to_pylist()
    return sorted(rows, key=lambda row: row["passed"])


def count_values(output: Path, table: str, column: str) -> Counter[str]:
    """How often each value of a column stands in a table; batch by batch."""
    counts: Counter[str] = Counter()
    for part in iter_parts(output, table, [column]):
        counts.update(part[column].to_pylist())
    return counts


def quarantine_reasons(output: Path) -> list[dict[str, Any]]:
    """What was held back: stage, row key and reason, one row each."""
    return list(read_table(output, "quarantine", ["stage", "table", "row_key", "check", "reason"]).to_pylist())


def stage_line(stage: dict[str, Any]) -> str:
    """A stage in one line: "clean: 12 in, 10 out, 2 duplicates"."""
    parts = [f"{stage['rows_in']:,} in", f"{stage['rows_out']:,} out"]
    parts += [f"{stage[name]:,} {name}" for name in ("quarantined", "duplicates") if stage[name]]
    parts += [counted_field(number, name) for name, number in stage["details"].items() if number]
    return f"{stage['stage']}: {', '.join(parts)}"


def checks_line(summary: ValidationSummary) -> str:
    """The checks after a stage in one line: "61 checks hold", "59 of 61 checks hold"."""
    failed = len(summary.failed) + len(summary.warnings)
    return (
        f"{summary.checks:,} checks hold"
        if not failed
        else f"{summary.checks - failed:,} of {summary.checks:,} checks hold"
    )


def source_line(source: dict[str, Any]) -> str:
    """A source in one line: "example-post: 12 new, 12 fetched, 1 failed (…)"."""
    counts = [
        f"{source[name]:,} {name}" for name in ("new", "fetched", "unchanged", "failed", "waiting") if source[name]
    ]
    said = source["status"].replace("_", " ")
    return f"{source['name']}: {', '.join([said, *counts])}" + (
        f" ({source['reasons'][0]})" if source["reasons"] else ""
    )


def summary_lines(record: RunRecord) -> list[tuple[str, str]]:
    """The run in pairs of name and text; the facts that a person asks for first."""
    output = Path(record.parameters["output"])
    incidents = read_incidents(output)
    stages = {stage["stage"]: stage for stage in record.stages}
    copies = read_table(output, "articles", ["duplicate_of"])["duplicate_of"].to_pylist()
    held_back = quarantine_reasons(output)
    figures = count_values(output, "figures", "disposition")
    lines = [
        ("read", ", ".join(record.parameters["inputs"])),
        *(("source", source_line(source)) for source in record.sources),
        ("articles", _counted(len(copies), copies=len(copies) - copies.count(None))),
        ("incidents", f"{len(incidents):,} from {counted(stages['resolve']['rows_in'], 'mention')}"),
        ("killed", total_span(incidents, "killed")),
        ("injured", total_span(incidents, "injured")),
        (
            "figures",
            f"{figures.total():,}: " + ", ".join(f"{number:,} {name}" for name, number in figures.most_common())
            if figures
            else "none",
        ),
        ("checks", _checks_line(checks_rows(output))),
    ]
    if news := _news(stages):
        lines.insert(2, ("new", news))
    lines += [("held back", _held_back(row)) for row in held_back[:10]]
    lines += [("note", text) for text in _date_notes(output)]
    if len(held_back) > 10:
        lines.append(("", f"and {len(held_back) - 10:,} more: {output / 'quarantine'}"))
    return lines


_DATE_NOTES = {
    "invalid_date": "the publication date handed over is no date; left empty. Mend it in the source and run again.",
    "future_date": "the publication date handed over lies in the future; left empty. Mend it in the source and run again.",
}


def _date_notes(output: Path) -> list[str]:
    """Articles whose publication date could not be taken, by their file; at most ten."""
    notes = [
        f"{row['source_uri']}: {_DATE_NOTES[flag]}"
        for part in iter_parts(output, "articles", ["source_uri", "flags"])
        for row in part.to_pylist()
        for flag in row["flags"]
        if flag in _DATE_NOTES
    ]
    return [*notes[:10], *([f"and {len(notes) - 10:,} more dates that could not be taken"] if len(notes) > 10 else [])]


def _news(stages: dict[str, dict[str, Any]]) -> str:
    """What this run did of the ledger's articles, where it was not all of them."""
    ingest, extract = stages["ingest"]["details"], stages["extract"]["details"]
    parts = [
        f"{counted(ingest[name], 'source')} {name.partition('_')[0]}"
        for name in ("new_sources", "changed_sources", "removed_sources")
        if ingest.get(name)
    ]
    if not parts and extract.get("read_now", 0) == extract["read"]:
        return ""
    return ", ".join([f"{counted(extract['read_now'], 'article')} read now", *parts])


def _held_back(row: dict[str, Any]) -> str:
    """The reason, after the row's key where it does not name its file itself."""
    key, reason = row["row_key"], row["reason"]
    return str(reason) if reason.startswith(key.rpartition("#")[0] or key) else f"{key}: {reason}"


def time_line(record: RunRecord, seconds: float | None = None) -> str:
    """Where the time went: "4.1 s: starting 0.9, ingest 0.3, clean 0.4, …"; checks apart.

    Args:
        record: The run.
        seconds: Wall time since the command was started, where that is known; what no stage took is "starting".
    """
    if record.unchanged:
        return "none" if seconds is None else f"{seconds:.1f} s"
    parts = [f"{stage['stage']} {stage['seconds']:.1f}" for stage in record.stages]
    parts.append(f"checks {sum(check['seconds'] for check in record.checks):.1f}")
    if seconds is None:
        return f"{record.seconds:.1f} s: {', '.join(parts)}"
    return f"{seconds:.1f} s: {', '.join([f'starting {max(0.0, seconds - record.seconds):.1f}', *parts])}"


def _counted(number: int, **others: int) -> str:
    return ", ".join([f"{number:,}", *(f"{n:,} {name.replace('_', ' ')}" for name, n in others.items() if n)])


def _checks_line(checks: list[dict[str, Any]]) -> str:
    failed = [check for check in checks if not check["passed"]]
    text = f"{len(checks) - len(failed):,} of {len(checks):,} passed"
    if failed:
        kinds = Counter(check["severity"] for check in failed)
        text += "; failed: " + ", ".join(f"{number} {severity}" for severity, number in sorted(kinds.items()))
    return text


def markdown_summary(record: RunRecord, changes: Changes) -> str:
    """The run as Markdown, for the Prefect UI, with what it changed."""
    output = Path(record.parameters["output"])
    lines = ["# Conflict Ledger", ""]
    if record.unchanged:
        lines += ["**Nothing to do**: the published state already comes from this input and these rules.", ""]
    else:
        lines += [f"**Incidents: {changes}** since the last run.", ""] if changes.first is None else []
    facts = [*summary_lines(record), ("time", time_line(record))]
    lines += ["| | |", "|---|---|"]
    # Reasons are long, and cells do not wrap: they follow as a list.
    lines += [
        f"| {name} | {markdown_text(text)} |"
        for name, text in facts
        if name not in ("held back", "note", "") and not (record.unchanged and name in ("new", "time"))
    ]
    reasons = [text for name, text in facts if name in ("held back", "note", "")]
    lines += ["", "## Held back", "", *(f"- {markdown_text(text)}" for text in reasons)] if reasons else []
    lines += markdown_changes(changes)
    if not record.unchanged:
        lines += ["", "## Stages", "", "| stage | in | out | quarantined | duplicates | seconds |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [
            f"| {s['stage']} | {s['rows_in']:,} | {s['rows_out']:,} | {s['quarantined']:,} | {s['duplicates']:,} | {s['seconds']:.1f} |"
            for s in record.stages
        ]
    lines += ["", f"State `{record.state_id}` in `{output}`; every check: `{output / 'quality' / 'index.html'}`."]
    return "\n".join(lines)


def markdown_changes(changes: Changes) -> list[str]:
    """What changed and what is gone, a line an incident; what is new has an artifact of its own."""
    if not (changes.changed or changes.gone):
        return []
    # A list: cells do not wrap, and what the incident is now would stand behind the edge of the screen.
    told = [_told_change(was, now) for was, now in changes.changed]
    for was in changes.gone:
        row = incident_row(was)
        name = " · ".join(text for text in (row["date"], row["place"], row["event"]) if text)
        told.append(f"- **{markdown_text(name)}**: gone; its reports now tell of another incident, or were taken out")
    lines = ["", "## Changed since the last run", "", *told[:SHOWN_CHANGES]]
    if len(told) > SHOWN_CHANGES:
        lines += ["", f"and {len(told) - SHOWN_CHANGES:,} more: `conflict-ledger diff` tells all."]
    return lines


def _told_change(was: dict[str, Any], now: dict[str, Any]) -> str:
    """A changed incident: "2018-11-09 · Hajin: killed 24+ → 26; articles 1 → 2"; of lists, what is added and what is gone."""
    before, after = incident_row(was), incident_row(now)
    for row, shown in ((was, before), (now, after)):
        shown |= {"articles": str(row["n_articles"])}
    told = [
        f"{name} {before[name] or 'none'} → {after[name] or 'none'}"
        for name in after
        if after[name] != before[name] and name != "reported by"
    ]
    for column, name in (("reported_by", "reported by"), ("flags", "flags")):
        more = [f"+ {text}" for text in now[column] if text not in was[column]]
        less = [f"− {text}" for text in was[column] if text not in now[column]]
        if more or less:
            told.append(f"{name} {', '.join([*more, *less])}")
    name = " · ".join(text for text in (after["date"], after["place"]) if text)
    return f"- **{markdown_text(name)}**: {markdown_text('; '.join(told))}"


def markdown_text(text: str) -> str:
    """Text from articles and file names as it stands: nothing in it becomes a link, a picture or a tag."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&-])", r"\\\1", one_line(text))
