"""Which pairs of accounts are worth weighing: those that share a time and place, or rare names."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from tasks.resolve.account import Account
from tasks.resolve.likeness import Rarities

# A week: an incident and its reports of the following days share one or lie in neighbouring ones.
_WINDOW_DAYS: Final = 7
_CELLS_A_DEGREE: Final = 4
# A name that stands in more reports than this is no rare one; two such names together may still be.
_RARE_HOLDERS: Final = 12
_PAIR_HOLDERS: Final = 200
_RAREST: Final = 8
# A block of more accounts than this would cost its square: it is left to narrower keys.
_MAX_BLOCK: Final = 250

Key = tuple[object, ...]


def candidate_pairs(
    accounts: Sequence[Account], rarities: Rarities, share: int = 0, of: int = 1
) -> list[tuple[int, int]]:
    """Index pairs (i < j) of accounts from different sources that share a block, in order.

    Grows with the number of accounts, not with its square: a block that is too large is dropped, since its
    members also meet in narrower ones.

    Args:
        accounts: The accounts.
        rarities: How telling their words are.
        share: Which share of the pairs, from 0; each pair is in one.
        of: How many shares there are.
    """
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    for index, account in enumerate(accounts):
        for key in _keys(account, rarities):
            blocks[key].append(index)
    pairs = {
        (i, j)
        for members in blocks.values()
        if len(members) <= _MAX_BLOCK
        for i, j in combinations(sorted(set(members)), 2)
        if i % of == share and accounts[i].root_id != accounts[j].root_id
    }
    return sorted(pairs)


def _keys(account: Account, rarities: Rarities) -> Iterator[Key]:
    days, weeks = _windows(account)
    for week in weeks:
        if account.place:
            yield ("place", week, min(account.place))
    # Near points and equal figures alone are weaker: they have to be of one day, or undated.
    for window in days or [("week", week) for week in weeks]:
        if account.latitude is not None and account.longitude is not None and account.is_point:
            for cell in _cells(account.latitude, account.longitude):
                yield ("cell", window, *cell)
        for count in {account.killed[0], account.injured[0]} - {None, 0, 1}:
            yield ("count", window, account.country, count)
    for word in account.words:
        if 2 <= rarities.accounts.holding(word) <= _RARE_HOLDERS:
            yield ("word", word)
    known = []
    for word in account.story.names if account.leads else ():
        holding = rarities.stories.holding(word)
        if 2 <= holding <= _RARE_HOLDERS:
            yield ("story", word)
        if 2 <= holding <= _PAIR_HOLDERS:
            known.append(word)
    known.sort(key=lambda w: (-rarities.stories.weight(w), w))
    for first, second in combinations(sorted(known[:_RAREST]), 2):
        yield ("stories", first, second)


def _windows(account: Account) -> tuple[list[Key], list[int]]:
    """The days and the weeks by which it meets others: its own and the next, and the week before for an undated report."""
    if account.first_day is None:
        week = account.published.toordinal() // _WINDOW_DAYS if account.published else None
        return [], [] if week is None else [week - 1, week]
    first = account.first_day.toordinal()
    week = first // _WINDOW_DAYS
    return ([("day", first), ("day", first + 1)] if account.is_exact_day else []), [week, week + 1]


def _cells(latitude: float, longitude: float) -> list[tuple[int, int]]:
    """Quarter-degree cells around a point, so that near points on both sides of a border meet."""
    row, column = math.floor(latitude * _CELLS_A_DEGREE), math.floor(longitude * _CELLS_A_DEGREE)
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
