"""One incident in the terminal: its values, and each report with the words that the values rest on set off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from expectations.ranges import span
from expectations.vocabulary import MENTION_FLAGS
from flows.report import incident_row
from flows.terminal import one_line, without_controls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

_CODED_ONCE: Final = (
    "event_type",
    "date_precision",
    "date_basis",
    "date_text",
    "place_relation",
    "latitude",
    "longitude",
    "geo_precision",
    "geo_basis",
    "target",
    "weapon_text",
    "confidence",
    "n_articles",
    "n_sources",
    "merge_reason",
)
# What the words of a coded column look like; also told apart without colour, by the legend's order of weight.
_STYLES: Final = {
    "killed_min": "bold red",
    "injured_min": "bold magenta",
    "date_start": "bold blue",
    "place_name": "bold green",
    "perpetrator": "bold yellow",
    "reported_by": "underline",
    "sub_event_type": "bold cyan",
    "target": "italic",
}
_LEGEND: Final = {
    "killed": "killed_min",
    "injured": "injured_min",
    "event": "sub_event_type",
    "place": "place_name",
    "date": "date_start",
    "perpetrator": "perpetrator",
    "reported by": "reported_by",
}


def incident_values(incident: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The incident's values as pairs of name and text, in the order in which people read them."""
    for name, text in incident_row(incident).items():
        yield name, one_line(text)
    for name in _CODED_ONCE:
        if incident[name] is not None:
            yield name, one_line(str(incident[name]))
    for victim in incident["victims"]:
        counted = span(victim["min"], victim["max"]) or "some"
        yield "victims", one_line(f"{counted} {victim['group']} {victim['outcome']}: {victim['text'] or ''}")
    for conflict in incident["conflicts"]:
        said = f", by {conflict['reported_by']}" if conflict["reported_by"] else ""
        yield "conflict", one_line(f"{conflict['column']} {conflict['value']} in {conflict['article_id']}{said}")
    for flag in incident["flags"]:
        yield "flag", f"{flag}: {MENTION_FLAGS.get(flag, '')}"


def report_heading(report: dict[str, Any]) -> tuple[str, str]:
    """Title of a report's article, and where and when it appeared."""
    article = report["article"]
    where = (article["publisher"], article["published_on"], article["url"] or article["source_uri"])
    title = article["title"] or article["source_id"]
    return one_line(title), one_line(" · ".join(str(part) for part in where if part))


def plain_lines(incident: dict[str, Any], reports: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The incident for a pipe: pairs of name and text, each in one line."""
    yield from incident_values(incident)
    for report in reports:
        title, where = report_heading(report)
        yield "report", f"{title} · {where}"
        for piece in report["evidence"]:
            yield "evidence", one_line(piece["text"])


def print_incident(out: Console, incident: dict[str, Any], reports: list[dict[str, Any]]) -> None:
    """The incident for a screen: text wraps within its column, evidence has its coded words set off."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    values = Table.grid(padding=(0, 2, 0, 0))
    values.add_column(justify="right", style="dim", no_wrap=True)
    values.add_column(overflow="fold")
    for name, text in incident_values(incident):
        if text:
            values.add_row(name, Text(text))
    out.print(values)
    for report in reports:
        title, where = report_heading(report)
        out.print()
        out.print(Text(title, style="bold"))
        out.print(Text(where, style="dim", overflow="fold"))
        for piece in report["evidence"]:
            sentence = evidence_text(piece, report["codings"])
            sentence.append(f"  {piece['field']} {piece['start']}–{piece['end']}", style="dim")
            out.print(Padding(sentence, (0, 0, 0, 2)))
    out.print()
    legend = Text("The words of:  ", style="dim")
    for name, column in _LEGEND.items():
        legend.append(name, style=_STYLES[column])
        legend.append("  ")
    out.print(legend)


def evidence_text(piece: dict[str, Any], codings: list[dict[str, Any]]) -> Text:
    """A sentence of evidence with the words that coded values rest on set off."""
    from rich.text import Text

    # Each control character becomes one space, so that offsets stay true.
    text = Text("“" + without_controls(piece["text"]).replace("\n", " ") + "”")
    for coding in codings:
        style = _STYLES.get(coding["column"])
        if style is None or coding["field"] != piece["field"] or coding["start"] is None:
            continue
        if piece["start"] <= coding["start"] and coding["end"] <= piece["end"]:
            start = 1 + coding["start"] - piece["start"]
            text.stylize(style, start, start + coding["end"] - coding["start"])
    return text
