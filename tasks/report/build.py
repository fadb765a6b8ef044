"""Writes the explorer of a ledger: a folder of static files, or one HTML file, that a browser opens from disk."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from expectations import vocabulary as v
from expectations.errors import InputError, SettingsError
from expectations.storage import read_table, require_ledger
from expectations.tables import TABLES
from tasks.report import rows as r
from tasks.report.compared import read_compared
from tasks.report.page import ASSETS, MARKER, write_folder_page, write_single_page
from tasks.report.quality import read_quality
from tasks.report.script import FolderSink, PageSink, Sink, chunked, columns_of

SHORT_CHUNK: Final = 5_000  # incidents a piece that is always loaded
DETAIL_CHUNK: Final = 100  # incidents a piece that is loaded when one of them is opened
ARTICLE_CHUNK: Final = 40
ARTICLE_LIST_CHUNK: Final = 10_000
CITIES: Final = 1_500
CITY_MARGIN: Final = 8.0  # degrees around the incidents in which towns are named


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """What was written.

    Attributes:
        index: The page to open.
        incidents: Incidents in it.
        articles: Articles in it.
        files: Files written.
        bytes: Their size.
    """

    index: Path
    incidents: int
    articles: int
    files: int
    bytes: int

    def as_dict(self) -> dict[str, object]:
        """A plain dict for JSON."""
        return {**asdict(self), "index": str(self.index)}


def write_site(ledger: Path, site: Path, *, single_file: bool = False, title: str | None = None) -> SiteSummary:
    """Write the explorer of the published state of a ledger.

    Args:
        ledger: Folder of the ledger.
        site: Folder to write; replaced where it holds an earlier explorer. With `single_file` it may also name an `.html` file.
        single_file: One HTML file with everything in it, instead of a folder of files.
        title: Heading of the pages; "Conflict Ledger" where not given.

    Raises:
        LedgerError: There is no ledger, or a table or column of it is missing.
        SettingsError: `site` exists and is no explorer.
        InputError: `site` cannot be written.
    """
    require_ledger(ledger)
    as_file = single_file and site.suffix.lower() in (".html", ".htm")
    _refuse_strange(site, as_file=as_file)
    try:
        return _write_whole(ledger, site, title or "Conflict Ledger", single_file=single_file, as_file=as_file)
    except OSError as error:
        raise InputError(f"{site}: cannot be written ({error.strerror or error}).") from error


def _write_whole(ledger: Path, site: Path, title: str, *, single_file: bool, as_file: bool) -> SiteSummary:
    """Write the pages beside their place and put them there, so that no half explorer is left."""
    fresh = site.with_name(f".{site.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    sink: FolderSink | PageSink = PageSink() if single_file else FolderSink(fresh)
    try:
        meta = _write_data(_state(ledger), ledger, sink, title)
        if isinstance(sink, PageSink):
            write_single_page(fresh, meta, sink.blocks)
        else:
            write_folder_page(fresh, meta)
        files = [path for path in fresh.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        if as_file:
            site.parent.mkdir(parents=True, exist_ok=True)
            (fresh / "index.html").replace(site)
            files = [site]
        else:
            shutil.rmtree(site, ignore_errors=True)
            fresh.replace(site)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return SiteSummary(
        site if as_file else site / "index.html", meta["n_incidents"], meta["n_articles"], len(files), size
    )


def _state(ledger: Path) -> Path:
    """The folder of the published state itself, so that all tables are of one state whatever runs meanwhile."""
    current = ledger / ".ledger" / "current"
    return current.resolve() if current.exists() else ledger


def _refuse_strange(site: Path, *, as_file: bool) -> None:
    if as_file:
        if site.is_dir():
            raise SettingsError(f"{site} is a folder. Name a file, or a folder without .html at its end.")
        return
    if site.exists() and (not site.is_dir() or (any(site.iterdir()) and not (site / MARKER).is_file())):
        raise SettingsError(f"{site} exists and holds something else than an explorer. Name a new folder, or empty it.")


def _write_data(state: Path, ledger: Path, sink: Sink, title: str) -> dict[str, Any]:
    incidents = read_table(state, "incidents")
    incidents = incidents.take(pc.sort_indices(incidents, [("date_start", "ascending"), ("incident_id", "ascending")]))
    articles = read_table(state, "articles")
    articles = articles.take(
        pc.sort_indices(articles, [("published_on", "descending"), ("title", "ascending"), ("article_id", "ascending")])
    )
    mentions, figures = read_table(state, "mentions"), read_table(state, "figures")
    place_of = {key: i for i, key in enumerate(articles.column("article_id").to_pylist())}
    n_short = _write_short(incidents, sink)
    _write_details(incidents, mentions, articles, place_of, sink)
    n_lists = _write_articles(articles, mentions, figures, sink)
    quality = read_quality(state, ledger / ".ledger" / "runs")
    sink.put("quality", quality)
    sink.put("world", _world(incidents))
    if (compared := read_compared(ledger)) is not None:
        sink.put("compared", compared)
    return {
        "title": title,
        # Decisions of a review are kept in the browser under this name: one a ledger, whatever its state.
        "ledger_key": hashlib.sha256(str(ledger.resolve()).encode()).hexdigest()[:12],
        "run": quality["run"],
        "n_incidents": incidents.num_rows,
        "n_articles": articles.num_rows,
        "n_mentions": mentions.num_rows,
        "n_figures": figures.num_rows,
        "dispositions": quality["dispositions"],
        "compared": compared is not None,
        "short_chunks": n_short,
        "article_lists": n_lists,
        "sizes": {"detail": DETAIL_CHUNK, "article": ARTICLE_CHUNK},
        "columns": {c.name: c.description for t in ("mentions", "incidents") for c in TABLES[t].columns},
        "flags": {**v.ARTICLE_FLAGS, **v.MENTION_FLAGS},
        "allowed": _allowed(),
    }


def _allowed() -> dict[str, list[str | int]]:
    """The closed vocabularies, for the choices of the review."""
    columns = {c.name: list(c.allowed) for c in TABLES["incidents"].columns if c.allowed}
    return {**columns, "disposition": list(v.DISPOSITIONS), "group": list(v.GROUPS), "outcome": list(v.OUTCOMES)}


def _write_short(incidents: pa.Table, sink: Sink) -> int:
    number = 0
    for start in range(0, incidents.num_rows, SHORT_CHUNK):
        number += 1
        short = [r.short_incident(row) for row in incidents.slice(start, SHORT_CHUNK).to_pylist()]
        sink.put(f"incidents-{number:04}", {"n": len(short), "columns": columns_of(short, r.SHORT_COLUMNS, r.CODED)})
    return number


def _write_details(
    incidents: pa.Table, mentions: pa.Table, articles: pa.Table, place_of: dict[str, int], sink: Sink
) -> None:
    row_of = {key: i for i, key in enumerate(mentions.column("mention_id").to_pylist())}
    facts = ["article_id", "title", "publisher", "published_on", "url"]
    about = articles.select(facts)
    for number, start in enumerate(range(0, incidents.num_rows, DETAIL_CHUNK), start=1):
        part = incidents.slice(start, DETAIL_CHUNK).to_pylist()
        wanted = [row_of[m] for row in part for m in row["mention_ids"] if m in row_of]
        found = {m["mention_id"]: r.clean(m) for m in mentions.take(pa.array(wanted, pa.int64())).to_pylist()}
        places = sorted({place_of[m["article_id"]] for m in found.values() if m["article_id"] in place_of})
        told = dict(zip(places, about.take(pa.array(places, pa.int64())).to_pylist(), strict=True))
        pieces = [
            {
                "incident": r.clean(row),
                "mentions": [found[m] for m in row["mention_ids"] if m in found],
                "articles": {
                    told[place]["article_id"]: {**told[place], "chunk": place // ARTICLE_CHUNK + 1}
                    for place in sorted({place_of[a] for a in row["article_ids"] if a in place_of} & set(told))
                },
            }
            for row in part
        ]
        sink.put(f"detail-{number:05}", pieces)


def _rows_by_article(table: pa.Table) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for i, key in enumerate(table.column("article_id").to_pylist()):
        places.setdefault(key, []).append(i)
    return places


def _write_articles(articles: pa.Table, mentions: pa.Table, figures: pa.Table, sink: Sink) -> int:
    mentions = mentions.select(
        [
            "mention_id",
            "article_id",
            "incident_id",
            "sub_event_type",
            "place_name",
            "admin1",
            "country_code",
            "date_start",
            "evidence",
        ]
    )
    mentions_of, figures_of = _rows_by_article(mentions), _rows_by_article(figures)
    for number, start in enumerate(range(0, articles.num_rows, ARTICLE_CHUNK), start=1):
        part = articles.slice(start, ARTICLE_CHUNK).to_pylist()
        told = _grouped(mentions, mentions_of, part)
        counted = _grouped(figures, figures_of, part)
        records = [r.article_record(a, told[a["article_id"]], counted[a["article_id"]]) for a in part]
        sink.put(f"article-{number:05}", records)
    names = [name for name in r.ARTICLE_SHORT if name != "n_mentions"]
    rows = articles.select(names).to_pylist()
    for row in rows:
        row["n_mentions"] = len(mentions_of.get(row["article_id"], ()))
    lists = 0
    for lists, part in enumerate(chunked(rows, ARTICLE_LIST_CHUNK), start=1):
        sink.put(
            f"articles-{lists:04}", {"n": len(part), "columns": columns_of(part, r.ARTICLE_SHORT, r.ARTICLE_CODED)}
        )
    return lists


def _grouped(
    table: pa.Table, places: dict[str, list[int]], articles: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    wanted = [i for a in articles for i in places.get(a["article_id"], ())]
    groups: dict[str, list[dict[str, Any]]] = {a["article_id"]: [] for a in articles}
    for row in table.take(pa.array(wanted, pa.int64())).to_pylist():
        groups[row["article_id"]].append(row)
    return groups


def _world(incidents: pa.Table) -> dict[str, Any]:
    """The base map, and the towns around the incidents."""
    vendor = ASSETS / "vendor"
    topology = json.loads((vendor / "countries-50m.json").read_text(encoding="utf-8"))
    return {"topology": topology, "cities": list(_cities(vendor / "cities.csv", incidents))}


def _cities(path: Path, incidents: pa.Table) -> Iterator[list[str | float]]:
    squares = {
        (round(lat / 2), round(lon / 2))
        for lat, lon in zip(
            incidents.column("latitude").to_pylist(), incidents.column("longitude").to_pylist(), strict=True
        )
        if lat is not None and lon is not None
    }
    reach = int(CITY_MARGIN / 2)
    near = {(a + i, b + j) for a, b in squares for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)}
    found = 0
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):  # the largest first
            lat, lon = float(row["latitude"]), float(row["longitude"])
            if (round(lat / 2), round(lon / 2)) in near:
                yield [row["name"], lat, lon, int(row["population"])]
                found += 1
                if found >= CITIES:
                    return
