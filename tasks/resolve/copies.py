"""Copies of one story: their mentions belong to the original's mentions, one by one, and count as one source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from tasks.resolve.account import Account

# Two accounts of one story are the same account when they share this much of their words.
_SAME_WORDING: Final = 0.5


def root_of(article_id: str, duplicate_of: Mapping[str, str | None]) -> str:
    """The article that a chain of copies leads to; itself when it is no copy."""
    seen = {article_id}
    while (original := duplicate_of.get(article_id)) is not None and original not in seen:
        seen.add(original)
        article_id = original
    return article_id


def match_copies(accounts: Sequence[Account]) -> dict[int, int]:
    """Index of a copy's account → index of the original's account that it repeats.

    Accounts of a copy that repeat none stand for themselves. Each of the original's is repeated at most once by each copy.
    """
    originals: defaultdict[str, list[int]] = defaultdict(list)
    copies: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, account in enumerate(accounts):
        if account.is_copy:
            copies[account.root_id, account.article_id].append(index)
        else:
            originals[account.root_id].append(index)
    matched: dict[int, int] = {}
    for (root_id, _), members in sorted(copies.items()):
        matched.update(_match(members, originals.get(root_id, []), accounts))
    return matched


def _match(copies: Sequence[int], originals: Sequence[int], accounts: Sequence[Account]) -> dict[int, int]:
    options = []
    for i in copies:
        for j in originals:
            likeness = _same_words(accounts[i], accounts[j])
            if likeness >= _SAME_WORDING:
                options.append((-likeness, abs(accounts[i].ordinal - accounts[j].ordinal), accounts[i].order, i, j))
    matched: dict[int, int] = {}
    for *_, i, j in sorted(options):
        if i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def _same_words(a: Account, b: Account) -> float:
    union = set(a.words) | set(b.words)
    return len(set(a.words) & set(b.words)) / len(union) if union else float(a.ordinal == b.ordinal)
