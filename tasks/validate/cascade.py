"""When a row is held back, what depends on it goes with it: nothing that stays points to something that is gone.

- An article takes its mentions, its figures and the articles that are marked as its duplicates.
- A mention takes the incident that lists it; an incident takes its mentions.
- A figure takes the mention that it counts in, where no other figure counts in that mention.
- The figures of a mention stay: they are as written, but become `unresolved`, since what they count in is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.validate.tables import RunTables

UNRESOLVED = "unresolved"


@dataclass(slots=True)
class HeldBack:
    """Keys of the rows that go, by table, each with the row that it goes with (table, key), or None for its own failure."""

    articles: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    mentions: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    incidents: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    figures: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    documents: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    unresolved: dict[str, str] = field(default_factory=dict)
    """Figures that stay, by the mention that they no longer count in."""

    @property
    def any(self) -> bool:
        """Whether any row goes."""
        return any((self.articles, self.mentions, self.incidents, self.figures, self.documents))

    def of(self, table: str) -> dict[str, tuple[str, str] | None]:
        """The keys of one table."""
        found: dict[str, tuple[str, str] | None] = getattr(self, table)
        return found


def spread(held: HeldBack, tables: RunTables) -> None:
    """Add to `held` all rows that depend on those that are in it, until nothing more does."""
    if not any((held.articles, held.mentions, held.incidents, held.figures)):
        return
    while _spread_once(held, tables):
        pass
    loosen_figures(held, tables)


def loosen_figures(held: HeldBack, tables: RunTables) -> None:
    """Note the figures that stay although their mention goes."""
    for figure_id, figure in tables.figures.items():
        if figure["mention_id"] in held.mentions and figure_id not in held.figures:
            held.unresolved[figure_id] = figure["mention_id"]


def _spread_once(held: HeldBack, tables: RunTables) -> bool:
    before = sum(len(held.of(name)) for name in ("articles", "mentions", "incidents", "figures"))
    for article_id, article in tables.articles.items():
        if article["duplicate_of"] in held.articles:
            held.articles.setdefault(article_id, ("articles", article["duplicate_of"]))
    for mention_id, mention in tables.mentions.items():
        if mention["article_id"] in held.articles:
            held.mentions.setdefault(mention_id, ("articles", mention["article_id"]))
        if mention["incident_id"] in held.incidents:
            held.mentions.setdefault(mention_id, ("incidents", mention["incident_id"]))
    for incident_id, incident in tables.incidents.items():
        for mention_id in incident["mention_ids"] or ():
            if mention_id in held.mentions:
                held.incidents.setdefault(incident_id, ("mentions", mention_id))
    _spread_figures(held, tables)
    return before != sum(len(held.of(name)) for name in ("articles", "mentions", "incidents", "figures"))


def _spread_figures(held: HeldBack, tables: RunTables) -> None:
    left: set[str] = set()
    lost: dict[str, str] = {}
    for figure_id, figure in tables.figures.items():
        if figure["article_id"] in held.articles:
            held.figures.setdefault(figure_id, ("articles", figure["article_id"]))
        if figure["disposition"] == "incident" and figure["mention_id"] is not None:
            if figure_id in held.figures:
                lost.setdefault(figure["mention_id"], figure_id)
            else:
                left.add(figure["mention_id"])
    for mention_id in sorted(lost.keys() - left):
        if mention_id in tables.mentions:
            held.mentions.setdefault(mention_id, ("figures", lost[mention_id]))
