"""Which pairs of accounts are worth weighing: those that share a time and place, or rare names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from tasks.resolve.account import Account
from tasks.resolve.wording import Rarity

# A week: an incident and its reports of the following days share one or lie in neighbouring ones.
_WINDOW_DAYS: Final = 7
# A name that stands in more reports than this is no rare one; two such names together may still be.
_RARE_HOLDERS: Final = 12
_PAIR_HOLDERS: Final = 200
_RAREST: Final = 8
# A block of more accounts than this would cost its square: it is left to narrower keys.
_MAX_BLOCK: Final = 250

Key = tuple[object, ...]


def candidate_pairs(accounts: Sequence[Account], rarity: Rarity) -> list[tuple[int, int]]:
    """Index pairs (i < j) of accounts from different sources that share a block, in order.

    Grows with the number of accounts, not with its square: a block that is too large is dropped, since its
    members also meet in narrower ones.
    """
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    for index, account in enumerate(accounts):
        for key in _keys(account, rarity):
            blocks[key].append(index)
    pairs = {
        (i, j)
        for members in blocks.values()
        if len(members) <= _MAX_BLOCK
        for i, j in combinations(sorted(set(members)), 2)
        if accounts[i].root_id != accounts[j].root_id
    }
    return sorted(pairs)


def _keys(account: Account, rarity: Rarity) -> Iterator[Key]:
    windows = _windows(account)
    for window in windows:
        if account.place:
            yield ("place", window, min(account.place))
        if account.latitude is not None and account.longitude is not None and account.is_point:
            for cell in _cells(account.latitude, account.longitude):
                yield ("cell", window, account.kind, *cell)
        for count in {account.killed[0], account.injured[0]} - {None, 0, 1}:
            yield ("count", window, account.country, count)
    rare = [w for w in account.words if 2 <= rarity.holding(w) <= _RARE_HOLDERS]
    for word in rare:
        yield ("word", word)
    known = [w for w in account.words if w in account.names and 2 <= rarity.holding(w) <= _PAIR_HOLDERS]
    known.sort(key=lambda w: (-rarity.weight(w), w))
    for first, second in combinations(sorted(known[:_RAREST]), 2):
        yield ("words", first, second)


def _windows(account: Account) -> list[int]:
    """The weeks that it may have happened in, and the one after (the first day decides for long spans)."""
    day = account.first_day or account.published
    if day is None:
        return []
    week = day.toordinal() // _WINDOW_DAYS
    return [week, week + 1] if account.first_day else [week - 1, week]


def _cells(latitude: float, longitude: float) -> list[tuple[int, int]]:
    """Half-degree cells around a point, so that near points on both sides of a border meet."""
    row, column = int(latitude * 2 // 1), int(longitude * 2 // 1)
    return [(row + i, column + j) for i in (0, 1) for j in (0, 1)]


def components(size: int, links: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Groups of indices that links connect, each in order: what lies in different groups never meets."""
    parent = list(range(size))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in sorted(links):
        a, b = find(i), find(j)
        parent[max(a, b)] = min(a, b)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i in range(size):
        groups[find(i)].append(i)
    return [groups[root] for root in sorted(groups)]
