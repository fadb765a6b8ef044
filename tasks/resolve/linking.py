"""Which accounts are reports of one incident: likely pairs period by period, then groups of what the pairs connect.

What was found for periods whose reports, and whose neighbours' reports, are as before is taken from a cache.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from operator import itemgetter
from typing import Any, Final, Protocol

from tasks.resolve.account import Account
from tasks.resolve.blocking import candidate_pairs, components
from tasks.resolve.clustering import cluster
from tasks.resolve.likeness import Likeness, is_hopeless, weigh
from tasks.resolve.periods import Periods, neighbours, period_of

_REASONS: Final = {
    "day_same": "same day",
    "days_meet": "dates that meet",
    "day_next": "consecutive days",
    "place_same": "same place",
    "place_part": "one place within the other",
    "place_near": "places close by",
    "killed_same": "same number killed",
    "injured_same": "same number injured",
    "toll_same": "same toll",
    "actor_same": "same perpetrator",
    "groups_shared": "same victims",
    "published_close": "published within two days",
}
_SHOWN_WORDS: Final = 5

Scores = dict[tuple[str, str], float]
# Two accounts of a period and the next, by their places and their mentions, and their log odds.
Link = tuple[int, int, str, str, float]
# Periods to the links of each, in shares: all of one period's before the next period's.
Spread = Callable[[Sequence[int]], Iterable[tuple[int, list[Link]]]]


class Cache(Protocol):
    """Where results are kept by a hash of all that they rest on."""

    def get(self, kind: str, key: str) -> Any | None:  # noqa: ANN401 - plain JSON values
        """What was kept under this key; None: nothing."""

    def put(self, kind: str, key: str, value: Any) -> None:  # noqa: ANN401
        """Keep it."""


class NoCache:
    """Keeps nothing."""

    def get(self, kind: str, key: str) -> None:
        """Nothing."""

    def put(self, kind: str, key: str, value: object) -> None:
        """Forget it."""


def hash_of(*parts: object) -> str:
    """A hash over plain values."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def find_links(
    periods: Periods, digests: Mapping[int, str], cache: Cache, spread: Spread | None = None
) -> tuple[dict[int, str], dict[int, Scores]]:
    """For each period the pairs of mentions (of it, or of it and the next) that are more likely one incident than not, with their log odds.

    Args:
        periods: The accounts.
        digests: A hash of the accounts of each period.
        cache: Where earlier results are.
        spread: Finds the links of shares of periods, in several processes, say; None: `links_of_share` here.

    Returns:
        Period → key of all that its links rest on; period → links.
    """
    keys = {period: hash_of([digests.get(near) for near in neighbours(period)]) for period in periods.known}
    kept = {period: cache.get("links", keys[period]) for period in periods.known}
    missing = [period for period in periods.known if kept[period] is None]
    found = spread(missing) if spread else ((period, links_of_share(periods, period)) for period in missing)
    for period, shares in itertools.groupby(found, key=itemgetter(0)):
        # In the order of the pairs, whatever the shares.
        pairs = sorted(pair for _, share in shares for pair in share)
        kept[period] = [[a, b, score] for _, _, a, b, score in pairs]
        cache.put("links", keys[period], kept[period])
    return keys, {period: {(a, b): score for a, b, score in links or ()} for period, links in kept.items()}


def links_of_share(periods: Periods, period: int, share: int = 0, of: int = 1) -> list[Link]:
    """One of so many shares of the links of a period."""
    here, following = periods.accounts(period), periods.accounts(period + 1)
    accounts = sorted([*here, *following], key=lambda a: a.order)
    own = {a.mention_id for a in here}
    rarities = periods.rarities(period)
    found: list[Link] = []
    for i, j in candidate_pairs(accounts, rarities, share, of):
        a, b = accounts[i], accounts[j]
        if not (a.mention_id in own or b.mention_id in own) or is_hopeless(a, b, rarities):
            continue
        if (score := weigh(a, b, rarities).score) > 0:
            found.append((i, j, a.mention_id, b.mention_id, score))
    return found


def join_linked(
    periods: Periods,
    period_by_mention: Mapping[str, int],
    keys: Mapping[int, str],
    links: Mapping[int, Scores],
    cache: Cache,
) -> Iterator[tuple[list[str], str]]:
    """Groups of two and more mentions, the earliest report first, with the reason why they are one incident."""
    for members, unit_links in _units(period_by_mention, links):
        first, last = (pick(period_by_mention[name] for name in members) for pick in (min, max))
        key = hash_of([keys.get(period) for period in range(first, last + 1)], sorted(members))
        kept = cache.get("groups", key)
        if kept is None:
            kept = [[names, reason] for names, reason in _join(periods, period_by_mention, members, unit_links)]
            cache.put("groups", key, kept)
        yield from ((names, reason) for names, reason in kept)


def _units(period_by_mention: Mapping[str, int], links: Mapping[int, Scores]) -> Iterator[tuple[set[str], Scores]]:
    """What links connect, directly or not, by the last period of each connected set."""
    names = sorted({name for scores in links.values() for pair in scores for name in pair})
    number = {name: n for n, name in enumerate(names)}
    pairs = {(number[a], number[b]): 0.0 for scores in links.values() for a, b in scores}
    last_of: dict[str, int] = {}
    by_last: dict[int, set[str]] = {}
    for component in components(len(names), pairs):
        last = max(period_by_mention[names[n]] for n in component)
        for n in component:
            last_of[names[n]] = last
            by_last.setdefault(last, set()).add(names[n])
    linked: dict[int, Scores] = {last: {} for last in by_last}
    for scores in links.values():
        for (a, b), score in scores.items():
            linked[last_of[a]][a, b] = score
    for last in sorted(by_last):
        yield by_last[last], linked[last]


def _join(
    periods: Periods, period_by_mention: Mapping[str, int], members: set[str], links: Scores
) -> Iterator[tuple[list[str], str]]:
    """Clusters accounts; how telling words are is counted where the earlier of two reports lies."""
    spans = sorted({period_by_mention[name] for name in members})
    accounts = [a for period in spans for a in periods.accounts(period) if a.mention_id in members]
    accounts.sort(key=lambda a: a.order)
    number = {a.mention_id: n for n, a in enumerate(accounts)}
    indexed = {}
    for (a, b), score in links.items():
        i, j = sorted((number[a], number[b]))
        indexed[i, j] = score
    likenesses: dict[tuple[int, int], Likeness] = {}

    def likeness(i: int, j: int) -> Likeness:
        found = likenesses.get((i, j))
        if found is None:
            a, b = accounts[i], accounts[j]
            found = likenesses[i, j] = weigh(a, b, periods.rarities(min(period_of(a), period_of(b))))
        return found

    for component in sorted(components(len(accounts), indexed), key=lambda c: min(period_of(accounts[i]) for i in c)):
        for group in cluster(component, accounts, indexed, lambda i, j: likeness(i, j).score):
            if len(group) > 1:
                pairs = [likeness(i, j) for n, i in enumerate(group) for j in group[n + 1 :]]
                yield [accounts[i].mention_id for i in group], _reason(len(group), pairs)
        likenesses.clear()


def _reason(reports: int, known: Sequence[Likeness]) -> str:
    """What the joined reports have in common, as most of their pairs show it."""
    said = []
    for name, text in _REASONS.items():
        share = sum(name in likeness.features for likeness in known)
        if 2 * share >= len(known):
            said.append(text)
    words: dict[str, int] = {}
    for likeness in known:
        for rank, word in enumerate(likeness.shared[: 2 * _SHOWN_WORDS]):
            words[word] = words.get(word, 0) + 2 * _SHOWN_WORDS - rank
    shown = sorted(words, key=lambda w: (-words[w], w))[:_SHOWN_WORDS]
    if shown:
        said.append("shared words: " + ", ".join(shown))
    mean = sum(likeness.score for likeness in known) / len(known)
    return f"{reports} reports: {', '.join(said)} (log odds {mean:.1f})"


def digest_of(account: Account) -> str:
    """A hash of all that an account says."""
    values = (getattr(account, field.name) for field in fields(account))
    return hash_of([sorted(value) if isinstance(value, frozenset) else value for value in values])
