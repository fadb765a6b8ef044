"""Quantities of people: examples of the codebook's readings, and properties that hold for every number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract import lexicon
from tasks.extract.numbers import Quantity, read_quantities

UNITS = [
    *"zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split(),
    *"seventeen eighteen nineteen".split(),
]
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
BOUNDS = lexicon.load("numbers")["bounds"]
# How the tokenizer leaves "twenty-three", how a text without hyphens has it, and how one token holds it.
HYPHENS = st.sampled_from([" - ", " ", "-"])
NUMBERS = st.integers(0, 999_999)


def in_words(number: int, hyphen: str = " - ", joiner: str = " and ") -> str:
    """A number below a million in English words."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        tens, rest = TENS[number // 10 - 2], number % 10
        return f"{tens}{hyphen}{UNITS[rest]}" if rest else tens
    if number < 1000:
        rest = number % 100
        return f"{UNITS[number // 100]} hundred" + (f"{joiner}{in_words(rest, hyphen, joiner)}" if rest else "")
    rest = number % 1000
    small = joiner if 0 < rest < 100 else " "
    return f"{in_words(number // 1000, hyphen, joiner)} thousand" + (
        f"{small}{in_words(rest, hyphen, joiner)}" if rest else ""
    )


def read(text: str) -> list[tuple[int | None, int | None]]:
    return [(q.min, q.max) for q in read_quantities(text.split())]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("seven", (7, 7)),
        ("at least seven", (7, None)),
        ("more than 7", (7, None)),
        ("over seven", (7, None)),
        ("up to 7", (None, 7)),
        ("as many as seven", (None, 7)),
        ("no more than 7", (None, 7)),
        ("about seven", (7, 7)),
        ("nearly 7", (7, 7)),
        ("some 7", (7, 7)),
        ("between 5 and 7", (5, 7)),
        ("5 to 7", (5, 7)),
        ("5-7", (5, 7)),
        ("five or six", (5, 6)),
        ("a couple", (2, 2)),
        ("a dozen", (12, 12)),
        ("half a dozen", (6, 6)),
        ("two dozen", (24, 24)),
        ("12 or more", (12, None)),
        ("several", (3, None)),
        ("a few", (3, None)),
        ("a handful", (3, None)),
        ("many", (2, None)),
        ("a number", (2, None)),
        ("dozens", (24, None)),
        ("scores", (40, None)),
        ("hundreds", (200, None)),
        ("thousands", (2000, None)),
        ("tens of thousands", (20_000, None)),
        ("several hundred", (300, None)),
        ("1,200", (1200, 1200)),
        ("1.2 million", (1_200_000, 1_200_000)),
        ("a hundred and twenty", (120, 120)),
        ("twelve hundred", (1200, 1200)),
        ("no fewer than a dozen", (12, None)),
        ("a total of 31", (31, 31)),
        ("١٢", (12, 12)),
    ],
)
def test_readings_of_the_codebook(text: str, bounds: tuple[int | None, int | None]) -> None:
    assert read(text) == [bounds]
    assert read(f"shells killed {text} people") == [bounds]


@pytest.mark.parametrize(
    "text", ["as many", "how many", "people", "about", "hundred", "²", "-", "999999999999 billion"]
)
def test_no_quantity(text: str) -> None:
    assert read(text) == []


def test_each_number_of_a_list_is_read_once() -> None:
    assert read("3 men , two women and at least four children") == [(3, 3), (2, 2), (4, None)]


@given(NUMBERS, HYPHENS, st.sampled_from([" and ", " "]))
def test_a_number_in_words_reads_back(number: int, hyphen: str, joiner: str) -> None:
    assert read(in_words(number, hyphen, joiner)) == [(number, number)]


@given(NUMBERS, st.booleans())
def test_a_number_in_digits_reads_back(number: int, commas: bool) -> None:
    assert read(f"{number:,}" if commas else str(number)) == [(number, number)]


@given(st.integers(1, 99_999), st.booleans(), st.sampled_from(["lower", "upper", "about"]), st.data())
def test_a_bound_opens_its_side(number: int, words: bool, kind: str, data: st.DataObject) -> None:
    bound = data.draw(st.sampled_from(BOUNDS[kind]))
    expected = {"lower": (number, None), "upper": (None, number), "about": (number, number)}[kind]
    written = in_words(number) if words else f"{number:,}"
    text = f"killed {bound} {written} people".split()
    (found,) = read_quantities(text)
    assert (found.min, found.max) == expected
    assert text[found.first : found.last + 1] == [*bound.split(), *written.split()]


@given(NUMBERS, NUMBERS, st.sampled_from(["{} to {}", "between {} and {}", "{} or {}"]), st.booleans())
def test_a_range_has_both_bounds(a: int, b: int, form: str, words: bool) -> None:
    low, high = sorted((a, b))
    if low == high:
        return
    # "between one hundred and two hundred": the first number of such a range holds no "and" of its own.
    written = form.format(in_words(low, joiner=" "), in_words(high)) if words else form.format(low, high)
    assert read(written) == [(low, high)]


_TOKENS = st.one_of(
    st.sampled_from(
        [*UNITS, *TENS, *"hundred thousand million dozen dozens scores a an the some of to and or - , between".split()]
    ),
    st.sampled_from([word for kind in BOUNDS.values() for phrase in kind for word in phrase.split()]),
    st.from_regex(r"\d{1,40}([.,\-–]\d{1,40})?", fullmatch=True),
    st.text(max_size=8),
)


@given(st.lists(_TOKENS, max_size=30))
def test_any_tokens_are_survived_and_spans_are_in_order(words: list[str]) -> None:
    found: list[Quantity] = read_quantities(words)
    end = -1
    for quantity in found:
        assert end < quantity.first <= quantity.last < len(words)
        assert quantity.min is None or quantity.min >= 0
        assert quantity.min is None or quantity.max is None or quantity.min <= quantity.max
        assert (quantity.max or quantity.min or 0) <= 10**13
        end = quantity.last


def test_a_bound_at_the_end_of_the_text_is_read() -> None:
    assert read_quantities(["killed", "12", "plus"]) == [Quantity(1, 2, 12, None, bare=True)]
    assert [q.min for q in read_quantities(["killed", "12", "at", "least"])] == [12]


def test_more_people_than_there_are_is_no_number() -> None:
    assert read_quantities(["two", *["hundred"] * 100_000]) == []
    assert read(f"{'9' * 5000} people") == []
