"""Puts scripts, styles and data together to the explorer's page, under a Content-Security-Policy that allows nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tasks.report.script import csp_hash, to_json

ASSETS: Final = Path(__file__).with_name("assets")
TEMPLATES: Final = Path(__file__).with_name("templates")
MARKER: Final = "explorer.json"
"""The file by which a folder is known to be an explorer, so that nothing else is ever replaced."""

SCRIPTS: Final = (
    "base.js",  # first: it says which markup the libraries may write
    "vendor/leaflet.js",
    "vendor/d3.min.js",
    "vendor/plot.umd.min.js",
    "vendor/topojson-client.min.js",
    "words.js",
    "data.js",
    "model.js",
    "state.js",
    "filters.js",
    "charts.js",
    "map_print.js",
    "map.js",
    "table.js",
    "passage.js",
    "review_store.js",
    "review_form.js",
    "incident.js",
    "articles.js",
    "quality.js",
    "compared.js",
    "review.js",
    "main.js",
)
STYLES: Final = ("vendor/leaflet.css", "base.css", "explore.css", "panel.css")
# Observable Plot puts this style into each chart; with a fixed class name its text is always the same.
PLOT_STYLE: Final = TEMPLATES / "plot_style.txt"


def policy(scripts: str, styles: str) -> str:
    """The Content-Security-Policy: scripts and styles of the explorer itself, and no address to send or fetch anything."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src {styles} {csp_hash(PLOT_STYLE.read_text(encoding='utf-8'))}",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            # Markup from text and addresses of scripts only through the explorer's own policy, which knows its data files alone.
            "require-trusted-types-for 'script'",
            "trusted-types default",
        )
    )


def write_folder_page(site: Path, meta: dict[str, Any]) -> None:
    """Write `index.html` and `assets/` beside the data."""
    assets = site / "assets"
    (assets / "vendor").mkdir(parents=True)
    for name in (*SCRIPTS, *STYLES, "THIRD_PARTY.md"):
        shutil.copyfile(ASSETS / name, assets / name)
    (site / "data" / "meta.js").write_text(f"window.CONFLICT_LEDGER_META={to_json(meta)};\n", encoding="utf-8")
    (site / MARKER).write_text(to_json({"title": meta["title"], "run": meta["run"]}) + "\n", encoding="utf-8")
    # `file:` beside 'self': not every browser takes a page opened from disk to be of one origin with its neighbours.
    html = _render(
        title=meta["title"],
        policy=policy("'self' file:", "'self' file:"),
        styles=[{"href": f"assets/{name}"} for name in STYLES],
        scripts=[{"src": "data/meta.js"}, *({"src": f"assets/{name}"} for name in SCRIPTS)],
        blocks=[],
    )
    (site / "index.html").write_text(html, encoding="utf-8")


def write_single_page(site: Path, meta: dict[str, Any], blocks: Sequence[tuple[str, str]]) -> None:
    """Write `index.html` with everything in it; each script and style is allowed by its own hash."""
    scripts = [f"window.CONFLICT_LEDGER_META={to_json(meta)};"]
    scripts += [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    for name, text in zip(["meta", *SCRIPTS], scripts, strict=True):
        if "</script" in text.lower() or "<!--" in text:
            raise ValueError(f"{name}: would end the script element that it stands in")
    styles = [(ASSETS / name).read_text(encoding="utf-8") for name in STYLES]
    html = _render(
        title=meta["title"],
        policy=policy(" ".join(map(csp_hash, scripts)), " ".join(map(csp_hash, styles))),
        styles=[{"text": text} for text in styles],
        scripts=[{"text": text} for text in scripts],
        blocks=blocks,
    )
    (site / "index.html").write_text(html, encoding="utf-8")
    (site / MARKER).write_text(to_json({"title": meta["title"], "run": meta["run"]}) + "\n", encoding="utf-8")


def _render(**values: object) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("index.html").render(**values)
