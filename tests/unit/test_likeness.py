"""Weighing pairs of reports: the quick look that spares most of it says nothing against a pair that weighing speaks for."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.resolve.account import Account, account_of
from tasks.resolve.likeness import Rarities, is_hopeless, weigh
from tasks.resolve.periods import WordCounts
from tasks.resolve.wording import Story
from tests.unit.mention_rows import HAROUN, LATER_STRIKE, MOSQUE, STRIKE, STRIKE_ELSEWHERE, article, mention

NUMBERS = ("17-year-old", "62-year-old", "24th-floor", "a380b", "flight77", "4000", "ward9b")
NAMES = ("haddad", "karimi", "lobo", "okoro", "salim", "ilunga", "jos")
PLAIN = ("market", "school", "wedding", "convoy", "killed")
PHRASES = ("salim haddad", "ibn rushd", "4000 law", "jos karimi")
DAYS = st.dates(dt.date(2018, 11, 1), dt.date(2019, 2, 1))


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of these words, none twice, in alphabetical order; often all of them."""
    return st.sets(st.sampled_from(words)).map(lambda found: tuple(sorted(found))) | st.just(tuple(sorted(words)))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """An account of anything."""
    first = draw(st.none() | DAYS)
    place = draw(st.sampled_from([(), ("jos",), ("gwoza",), ("gwoza", "market")]))
    counts = st.sampled_from([(None, None), (26, 26), (3, 3), (3, None), (None, 30), (1, 9)])
    return Account(
        mention_id="m",
        article_id="a",
        root_id="a",
        ordinal=0,
        published=draw(st.none() | DAYS),
        kind=draw(st.sampled_from(["Attack", "Suicide bomb", "Grenade", "Air/drone strike"])),
        killed=draw(counts),
        injured=draw(counts),
        groups=frozenset(draw(st.sets(st.sampled_from([("killed", "civilians"), ("killed", "soldiers")])))),
        first_day=first,
        last_day=first,
        is_exact_day=first is not None and draw(st.booleans()),
        place=place,
        regions=frozenset(draw(st.sets(st.sampled_from([("plateau",), ("borno",)]), max_size=1))),
        country=draw(st.sampled_from([None, "NG", "ML"])),
        latitude=draw(st.sampled_from([9.9, 11.1])) if place else None,
        longitude=8.0 if place else None,
        is_point=draw(st.booleans()),
        is_wide=draw(st.booleans()),
        actor=draw(st.sampled_from([None, "Boko Haram", "ISWAP"])),
        words=draw(some((*NUMBERS, *NAMES, *PLAIN))),
        names=frozenset(NAMES),
        leads=draw(st.booleans()),
        story=Story(draw(some((*NUMBERS, *NAMES))), draw(some(PHRASES))),
    )


@settings(max_examples=400, deadline=None)
@given(accounts(), accounts(), st.integers(1, 12), st.sampled_from([20, 1_000, 50_000]))
def test_no_pair_is_passed_over_that_weighing_speaks_for(a, b, holding, reports):
    words, stories = (
        Counter(dict.fromkeys(some, holding)) for some in ((*NUMBERS, *NAMES, *PLAIN), (*NAMES, *PHRASES))
    )
    rarities = Rarities.counted(words, reports, NAMES, stories, reports)
    other = replace(b, mention_id="n", article_id="b", root_id="b")
    assert is_hopeless(a, other, rarities) == is_hopeless(other, a, rarities)
    assert not is_hopeless(a, other, rarities) or weigh(a, other, rarities).score <= 0


def test_a_story_and_numbers_in_common_outweigh_another_day_place_and_kind():
    """Neither the story nor the numbers alone would: they are not to be looked at one without the other."""
    words = tuple(sorted((*NUMBERS, *NAMES)))
    one = Account(
        mention_id="m",
        article_id="a",
        root_id="a",
        ordinal=0,
        published=dt.date(2018, 11, 9),
        kind="Attack",
        killed=(26, 26),
        injured=(None, None),
        groups=frozenset(),
        first_day=dt.date(2018, 11, 8),
        last_day=dt.date(2018, 11, 8),
        is_exact_day=True,
        place=("barkin", "ladi"),
        regions=frozenset({("plateau",)}),
        country="NG",
        latitude=9.9,
        longitude=8.9,
        is_point=True,
        is_wide=False,
        actor=None,
        words=words,
        names=frozenset(NAMES),
        leads=True,
        story=Story(words, ()),
    )
    later = {"published": dt.date(2018, 11, 20), "first_day": dt.date(2018, 11, 19), "last_day": dt.date(2018, 11, 19)}
    elsewhere = {"place": ("gwoza",), "regions": frozenset({("borno",)}), "latitude": 11.1, "longitude": 13.7}
    other = replace(one, mention_id="n", article_id="b", root_id="b", kind="Grenade", **later, **elsewhere)
    held = Counter(dict.fromkeys(words, 2))
    rarities = Rarities.counted(held, 50_000, NAMES, held.copy(), 50_000)
    assert weigh(one, other, rarities).score > 0
    assert not is_hopeless(one, other, rarities)


def test_pairs_that_are_passed_over_would_not_have_been_joined():
    """The quick look says nothing against a pair that weighing speaks for, and spares most of the work."""
    chance = random.Random(4)
    sentences = (STRIKE, STRIKE_ELSEWHERE, LATER_STRIKE, MOSQUE)
    accounts = []
    for n in range(120):
        place = chance.choice((HAROUN, {"place_name": "Wadi Salim", "at": (36.2, 37.1), "country_code": "SY"}, {}))
        text = chance.choice(sentences) + chance.choice(
            ("", " Among them was 62-year-old Salim Haddad of 24th Street.")
        )
        row = mention(
            f"a{n:03}",
            text,
            chance.choice((0, 0, 1)),
            killed=chance.choice(((26, 26), (6, None), (None, 30), (None, None))),
            injured=chance.choice(((None, None), (4, 4))),
            date=chance.choice((None, "2018-11-09", "2018-11-10", "2018-11-29")),
            **place,
        )
        written = article(
            f"a{n:03}", f"2018-11-{chance.randrange(9, 30):02}", title=chance.choice(sentences), text=text
        )
        accounts.append(account_of(row, written, f"a{n:03}", Story.of(f"{written['title']}\n{text}")))
    total = WordCounts()
    total.add(accounts)
    rarities = Rarities.counted(total.words, total.reports, total.names, total.stories, total.articles)
    passed_over = [(a, b) for a, b in combinations(accounts, 2) if is_hopeless(a, b, rarities)]
    assert all(weigh(a, b, rarities).score <= 0 for a, b in passed_over)
    unlike = sum(weigh(a, b, rarities).score <= 0 for a, b in combinations(accounts, 2))
    assert len(passed_over) > unlike / 2
