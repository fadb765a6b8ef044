"""What workers of resolve do: the accounts of a part, a share of the links of a period, the incidents of a month.

They read and write the scratch files of the run that they work for, so they are processes of its own machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from expectations.storage import read_part
from tasks.resolve.account import Account, account_of
from tasks.resolve.linking import Link, Spread, links_of_share
from tasks.resolve.periods import Periods
from tasks.resolve.spool import AccountFiles
from tasks.resolve.wording import Story

if TYPE_CHECKING:
    from tasks.fan_out import FanOut

# Fewer mentions than this are joined before other processes have started.
WORTH_A_PROCESS: Final = 2_000
# The names of a story stand in its first paragraphs; what follows is background and other matters.
_STORY_CHARACTERS: Final = 4000
_ARTICLE_COLUMNS: Final = ["article_id", "title", "published_on", "text"]
_MENTION_COLUMNS: Final = [
    "mention_id",
    "article_id",
    "ordinal",
    "sub_event_type",
    "killed_min",
    "killed_max",
    "injured_min",
    "injured_max",
    "victims",
    "date_start",
    "date_end",
    "date_precision",
    "place_name",
    "admin1",
    "country_code",
    "latitude",
    "longitude",
    "geo_precision",
    "geo_basis",
    "perpetrator",
    "evidence",
]


def read_accounts(part: Path) -> list[Account]:
    """The accounts of a part of mentions, with the articles of the part of the same name; none is a copy yet."""
    path = part.parent.parent / "articles" / part.name
    articles: dict[str, dict[str, Any]] = {
        row["article_id"]: row for row in read_part(path, _ARTICLE_COLUMNS).to_pylist()
    }
    stories: dict[str, Story] = {}
    accounts = []
    for row in read_part(part, _MENTION_COLUMNS).to_pylist():
        name, article = row["article_id"], articles[row["article_id"]]
        if name not in stories:
            stories[name] = Story.of(f"{article['title'] or ''}\n{article['text'][:_STORY_CHARACTERS]}")
        accounts.append(account_of(row, article, name, stories[name]))
    return accounts


@lru_cache(maxsize=1)
def periods_of(folder: Path, known: tuple[int, ...]) -> Periods:
    """The accounts in the files of a folder, one a period; the same object as long as it is asked for the same."""
    files = AccountFiles(folder)
    return Periods(known, lambda period: files.load(str(period)))


def find_share(folder: Path, known: tuple[int, ...], item: tuple[int, int, int]) -> tuple[int, list[Link]]:
    """A period, and one of so many shares of its links."""
    period, share, of = item
    return period, links_of_share(periods_of(folder, known), period, share, of)


def spread_over(workforce: FanOut, workers: int, folder: Path, known: Sequence[int]) -> Spread:
    """What finds links with these workers."""

    def spread(periods: Sequence[int]) -> Iterator[tuple[int, list[Link]]]:
        shares = ((period, share, workers) for period in periods for share in range(workers))
        return workforce.map(partial(find_share, folder, tuple(known)), shares)

    return spread
