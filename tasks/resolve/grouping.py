"""Accounts to groups: which mentions are reports of one incident, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.resolve.account import Account
from tasks.resolve.copies import match_copies
from tasks.resolve.linking import Cache, Spread, find_links, join_linked
from tasks.resolve.periods import Periods


class Member(NamedTuple):
    """What a group knows of an account."""

    mention_id: str
    article_id: str
    order: tuple[bool, dt.date, str, int, str]

    @classmethod
    def of(cls, account: Account) -> Member:
        """The account's."""
        return cls(account.mention_id, account.article_id, account.order)


@dataclass(frozen=True, slots=True)
class Group:
    """The accounts of one incident.

    Attributes:
        accounts: The earliest report first.
        reason: Why they are one incident; null for a single account.
    """

    accounts: tuple[Member, ...]
    reason: str | None


def set_copies_aside(accounts: Sequence[Account]) -> tuple[list[Account], dict[str, list[Member]]]:
    """The accounts that stand for themselves, and by mention those that repeat it in copies of its story."""
    accounts = sorted(accounts, key=lambda a: a.order)
    copy_of = match_copies(accounts)
    copies: dict[str, list[Member]] = {}
    for i, j in copy_of.items():
        copies.setdefault(accounts[j].mention_id, []).append(Member.of(accounts[i]))
    return [a for i, a in enumerate(accounts) if i not in copy_of], copies


def group_periods(
    periods: Periods,
    members: Mapping[str, Member],
    period_by_mention: Mapping[str, int],
    digests: Mapping[int, str],
    copies: Mapping[str, list[Member]],
    cache: Cache,
    spread: Spread | None = None,
) -> list[Group]:
    """Every account in exactly one group, in the order of their first reports.

    Args:
        periods: Accounts that stand for themselves.
        members: The same, by mention.
        period_by_mention: The period of each.
        digests: A hash of the accounts of each period.
        copies: Accounts that repeat one of these, by its mention.
        cache: Results of earlier runs.
        spread: What finds links in several processes; None: this process does.
    """
    keys, links = find_links(periods, digests, cache, spread)
    groups, joined = [], set()
    for names, reason in join_linked(periods, period_by_mention, keys, links, cache):
        joined.update(names)
        groups.append(_with_copies([members[name] for name in names], copies, reason))
    groups += [_with_copies([one], copies, None) for name, one in members.items() if name not in joined]
    return sorted(groups, key=lambda g: g.accounts[0].order)


def _with_copies(members: list[Member], copies: Mapping[str, Iterable[Member]], reason: str | None) -> Group:
    repeated = [copy for one in members for copy in copies.get(one.mention_id, ())]
    reasons = [reason] if reason else []
    if repeated:
        reasons.append(f"{len(repeated)} {'copy' if len(repeated) == 1 else 'copies'} of the same story")
    accounts = sorted([*members, *repeated], key=lambda a: a.order)
    return Group(tuple(accounts), "; ".join(reasons) or None)
