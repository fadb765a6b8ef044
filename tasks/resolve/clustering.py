"""Groups accounts into incidents so that every two of a group can be one: a third never chains two strikes together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Final

from tasks.resolve.account import Account

# Two groups become one when two of their accounts are more likely one incident than not, all of them together do not speak
# against it (single columns are often read wrongly: a mean somewhat below even odds is still common among true pairs),
# and no two of them speak strongly against it.
_MEAN_SCORE: Final = -2.0
_WORST_SCORE: Final = -8.0
# What articles lead with is joined first, so that no aside takes the place of a lead.
_LEAD_BONUS: Final = 3.0

Pair = tuple[int, int]


def cluster(
    members: Sequence[int],
    accounts: Sequence[Account],
    links: Mapping[Pair, float],
    score: Callable[[int, int], float],
) -> list[list[int]]:
    """Average-link clustering under constraints; the outcome does not depend on the order of the input.

    Args:
        members: Indices of the accounts to group, all connected by links.
        accounts: All accounts.
        links: Scores of the candidate pairs that may start a join.
        score: Score of any pair, candidate or not.

    Returns:
        The groups, each in the order of its reports, the earliest first.
    """
    group_of = {i: {i} for i in members}

    def mean_and_worst(left: set[int], right: set[int]) -> tuple[float, float]:
        scores = [score(min(p), max(p)) for p in product(sorted(left), sorted(right))]
        return sum(scores) / len(scores), min(scores)

    inside = set(members)
    queue = sorted(
        ((i, j) for i, j in links if i in inside and j in inside),
        key=lambda p: (-links[p] - _LEAD_BONUS * _leads(p, accounts), accounts[p[0]].order, accounts[p[1]].order),
    )
    for i, j in queue:
        left, right = group_of[i], group_of[j]
        if left is right or _same_source(left, right, accounts):
            continue
        mean, worst = mean_and_worst(left, right)
        if mean < _MEAN_SCORE or worst < _WORST_SCORE:
            continue
        left |= right
        for k in right:
            group_of[k] = left
    groups = {id(group): group for group in group_of.values()}
    ordered = [sorted(group, key=lambda i: accounts[i].order) for group in groups.values()]
    return sorted(ordered, key=lambda group: accounts[group[0]].order)


def _leads(pair: Pair, accounts: Sequence[Account]) -> int:
    """How many of the two their articles lead with."""
    return sum(accounts[i].leads for i in pair)


def _same_source(left: set[int], right: set[int], accounts: Sequence[Account]) -> bool:
    """Whether a story stands in both: what one story tells apart stays apart."""
    return not {accounts[i].root_id for i in left}.isdisjoint(accounts[i].root_id for i in right)
