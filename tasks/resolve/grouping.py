"""All accounts at hand to groups: which mentions are reports of one incident, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tasks.resolve.account import Account
from tasks.resolve.blocking import candidate_pairs, components
from tasks.resolve.clustering import cluster
from tasks.resolve.copies import match_copies
from tasks.resolve.likeness import Likeness, Rarities, weigh

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


@dataclass(frozen=True, slots=True)
class Group:
    """The accounts of one incident.

    Attributes:
        accounts: The earliest report first.
        reason: Why they are one incident; null for a single account.
    """

    accounts: tuple[Account, ...]
    reason: str | None


def group_accounts(accounts: Sequence[Account]) -> list[Group]:
    """Every account in exactly one group; two accounts of one article never in the same one.

    The same whatever the order of the accounts.
    """
    accounts = sorted(accounts, key=lambda a: a.order)
    copy_of = match_copies(accounts)
    singles = [a for i, a in enumerate(accounts) if i not in copy_of]
    copies: dict[str, list[Account]] = {}
    for i, j in copy_of.items():
        copies.setdefault(accounts[j].mention_id, []).append(accounts[i])

    rarities = Rarities.of(singles)
    likenesses: dict[tuple[int, int], Likeness] = {}

    def score(i: int, j: int) -> float:
        if (i, j) not in likenesses:
            likenesses[i, j] = weigh(singles[i], singles[j], rarities)
        return likenesses[i, j].score

    links = {}
    for i, j in candidate_pairs(singles, rarities):
        likeness = weigh(singles[i], singles[j], rarities)
        if likeness.score > 0:
            links[i, j] = likeness.score
            likenesses[i, j] = likeness
    groups = []
    for component in components(len(singles), links):
        for members in cluster(component, singles, links, score):
            reason = _reason(members, likenesses, singles)
            groups.append(_with_copies([singles[i] for i in members], copies, reason))
    return sorted(groups, key=lambda g: g.accounts[0].order)


def _with_copies(members: list[Account], copies: dict[str, list[Account]], reason: str | None) -> Group:
    repeated = [copy for account in members for copy in copies.get(account.mention_id, [])]
    reasons = [reason] if reason else []
    if repeated:
        reasons.append(f"{len(repeated)} {'copy' if len(repeated) == 1 else 'copies'} of the same story")
    accounts = sorted([*members, *repeated], key=lambda a: a.order)
    return Group(tuple(accounts), "; ".join(reasons) or None)


def _reason(
    members: Sequence[int], likenesses: dict[tuple[int, int], Likeness], accounts: Sequence[Account]
) -> str | None:
    """What the joined reports have in common, as most of their pairs show it."""
    pairs = [(min(i, j), max(i, j)) for n, i in enumerate(members) for j in members[n + 1 :]]
    known = [likenesses[pair] for pair in pairs if pair in likenesses]
    if not known:
        return None
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
    return f"{len(members)} reports: {', '.join(said)} (log odds {mean:.1f})"
