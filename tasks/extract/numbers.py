"""Reads quantities of people out of tokens: digits, words, ranges, bounds and vague words, as (min, max)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from tasks.extract import lexicon

_DIGITS: Final = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d{1,3}(?:['’.]\d{3})+$|^\d+$")
_NO_DIGIT: Final = str.maketrans("", "", ",'’.")
_DECIMAL: Final = re.compile(r"^\d+\.\d+$")
_RANGE: Final = re.compile(r"^(\d{1,6})[-–—](\d{1,6})$")
_GROUP: Final = 3  # digits before a space that stands between thousands
_BEFORE_A_NUMBER: Final = frozenset(
    "wounded injured killed killing wounding injuring least than over about some nearly almost around approximately".split()
)
_PEOPLE: Final = frozenset({"people", "men", "women", "children"})
_LONGEST_BOUND: Final = 4
# Longer runs of digits are telephone numbers or junk, and more people than this do not exist.
_MOST_DIGITS: Final = 12
_MOST_PEOPLE: Final = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of something, with the tokens that say it.

    Attributes:
        first: Index (in the sequence read) of its first token, bound words included.
        last: Index of its last token.
        min: Lower bound; None: none.
        max: Upper bound; None: open.
        vague: Whether a vague word ("dozens", "several") gave it.
        bare: Whether it is a plain number without bound words.
    """

    first: int
    last: int
    min: int | None
    max: int | None
    vague: bool = False
    bare: bool = False


@cache
def _words() -> dict[str, Any]:
    data = lexicon.load("numbers")
    bounds = {
        kind: {tuple(phrase.split()) for phrase in data["bounds"][kind]}
        for kind in ("lower", "upper", "about", "after_lower")
    }
    return {
        **data,
        "bounds": bounds,
        "bound_ends": {phrase[-1] for kind in ("lower", "upper", "about") for phrase in bounds[kind]},
        "not_persons": frozenset(data["not_persons"]["words"]),
        "none": frozenset(data["zero"]["words"]),
        "of_number": frozenset(data["of_number"]["words"]),
    }


def is_unit(word: str) -> bool:
    """Whether a noun after a number makes it no count of people ("km", "rockets")."""
    return word in _words()["not_persons"]


def is_vague_word(word: str) -> bool:
    """Whether a word gives the least of a number only ("dozens", "several")."""
    return word in _words()["vague"]


def is_of_number(word: str) -> bool:
    """Whether a word stands before "number" where that is a vague one ("a", "large")."""
    return word in _words()["of_number"]


def _digits(word: str) -> int | None:
    if len(word) <= _MOST_DIGITS and _DIGITS.match(word):
        return int(word.translate(_NO_DIGIT))
    return None


def _cardinal(words: Sequence[str], at: int, *, with_and: bool = True) -> tuple[int, int] | None:
    """The number that starts at `at`: (value, index after it); None where none starts there.

    Args:
        words: The words read.
        at: Where it starts.
        with_and: Whether "and" may stand within it; not so in "between one hundred and two hundred".
    """
    data = _words()
    total, current, i, seen = 0, 0, at, False
    while i < len(words):
        word = words[i]
        if word in ("a", "an") and not seen and i + 1 < len(words) and words[i + 1] in data["scales"]:
            current, seen = 1, True
        elif (value := _digits(word)) is not None and not seen:
            current, seen = value, True
            if "." in word and words[i + 1 : i + 2] and words[i + 1] in data["scales"]:
                current = round(float(word) * data["scales"][words[i + 1]])  # "1.250 million"
                return (current, i + 2) if current <= _MOST_PEOPLE else None
            while len(word) <= _GROUP and word[:1] != "0" and _goes_on(words, i + 1):
                current, i = current * 1000 + int(words[i + 1]), i + 1  # "1 000", "at least 1 200 people"
        elif (
            len(word) <= _MOST_DIGITS
            and _DECIMAL.match(word)
            and not seen
            and words[i + 1 : i + 2]
            and words[i + 1] in data["scales"]
        ):
            value = round(float(word) * data["scales"][words[i + 1]])
            return (value, i + 2) if value <= _MOST_PEOPLE else None
        elif word in data["tens"] and (not seen or current % 100 == 0):
            current, seen = current + data["tens"][word], True
        elif (pair := _hyphenated(word)) is not None and (not seen or current % 100 == 0):
            current, seen = current + pair, True
        elif word in data["units"] and (
            not seen
            or (
                current % 10 == 0 and current % 100 != 10 and current < 10_000_000 and words[i - 1] not in data["units"]
            )
        ):
            current, seen = current + data["units"][word], True
        elif word in data["scales"] and seen:
            scale = data["scales"][word]
            if scale == 100:
                current *= 100
            else:
                total, current = total + current * scale, 0
        elif not (seen and _joins(words, i) and (with_and or word != "and")):
            break
        i += 1
        if current > _MOST_PEOPLE:
            return None
    return (total + current, i) if seen and total + current <= _MOST_PEOPLE else None


def _goes_on(words: Sequence[str], at: int) -> bool:
    """Whether three digits behind a blank belong to the number before: "000", or a noun follows and no date stands before."""
    word = words[at] if at < len(words) else ""
    if len(word) != _GROUP or not word.isdecimal():
        return False
    if word == "000" or _goes_on(words, at + 1):
        return True
    after = words[at + 1] if at + 1 < len(words) else ""
    before = words[at - 2] if at > 1 else ""
    counted = after in _PEOPLE or (after.endswith("s") and after.isalpha() and len(after) > _GROUP)
    return before in _BEFORE_A_NUMBER or (counted and before not in _months())


@cache
def _months() -> frozenset[str]:
    return frozenset(name for names in lexicon.load("dates")["months"].values() for name in names)


def _joins(words: Sequence[str], at: int) -> bool:
    """Whether a word only joins two number words: the hyphen of "twenty - three", the "and" of "two hundred and five"."""
    data, following = _words(), words[at + 1] if at + 1 < len(words) else ""
    if words[at] == "-":
        return words[at - 1] in data["tens"] and following in data["units"]
    return words[at] == "and" and words[at - 1] in data["scales"] and _below_hundred(following)


def _below_hundred(word: str) -> bool:
    """Whether a word can follow the "and" of "two hundred and five"."""
    return word in _words()["units"] or word in _words()["tens"] or _hyphenated(word) is not None


def _hyphenated(word: str) -> int | None:
    """The value of "twenty-three" written as one token."""
    parts = word.split("-")
    if len(parts) == 2 and parts[0] in _words()["tens"] and parts[1] in _words()["units"]:
        return int(_words()["tens"][parts[0]] + _words()["units"][parts[1]])
    return None


@lru_cache(maxsize=65536)
def _opens_quantity(word: str) -> bool:
    """Whether a quantity may begin with a word: cheap, for every word is asked."""
    data = _words()
    return (
        word[:1].isdigit()
        or word in ("half", "a", "an", "one", "the", "dozen", "couple", "score")
        or any(word in data[kind] for kind in ("exact", "vague", "tens", "units"))
        or _hyphenated(word) is not None
    )


def _core(words: Sequence[str], at: int) -> tuple[int | None, int | None, int, bool] | None:
    """A number, range, dozen or vague word at `at`: (min, max, index after, vague)."""
    if at >= len(words):
        return None
    data, word = _words(), words[at]
    if not _opens_quantity(word):
        return None
    if match := _RANGE.match(word):
        low, high = int(match[1]), int(match[2])
        return (low, high, at + 1, False) if low < high else None
    if word == "half" and words[at + 1 : at + 3] in (["a", "dozen"], ["-", "dozen"]):
        return 6, 6, at + 3, False
    if word in ("a", "an", "one", "the") and at + 1 < len(words):
        following = words[at + 1]
        if following == "few" or following in ("handful", "number", "couple", "dozen", "pair", "score"):
            inner = _core(words, at + 1)
            return inner and (inner[0], inner[1], inner[2], inner[3])
        if word != "one" and following not in data["scales"]:
            return None
    if word == "dozen":
        return 12, 12, at + 1, False
    if word == "couple" and words[at + 1 : at + 3] == ["of", "dozen"]:
        return 24, 24, at + 3, False
    if word == "score" and at and words[at - 1] == "a" and words[at + 1 : at + 2] == ["of"]:
        return 20, 20, at + 1, False
    if word in data["exact"]:
        return data["exact"][word], data["exact"][word], at + 1, False
    many = word == "numbers" and words[at + 1 : at + 2] == ["of"] and (not at or words[at - 1] in ("and", ",", '"'))
    if word in ("number", "numbers") and not (many or (at and words[at - 1] in data["of_number"])):
        return None
    if word in data["vague"] and not (at and words[at - 1] in ("as", "how", "too", "so", "very", "no", "not")):
        after = at + 1
        if word == "some" and after < len(words) and (_cardinal(words, after) or words[after] in ("of", "dozens")):
            return None
        if words[after : after + 2] == ["of", "thousands"] or words[after : after + 2] == ["of", "hundreds"]:
            return data["vague"][word] * (1000 if words[after + 1] == "thousands" else 100), None, after + 2, True
        if (
            word in ("several", "many", "few", "some")
            and after < len(words)
            and words[after] in ("dozen", "hundred", "thousand", "dozens", "hundreds", "thousands")
        ):
            base = {"dozen": 12, "hundred": 100, "thousand": 1000}[words[after].rstrip("s")]
            least = 3 if word in ("several", "few") else 2
            return max(least, 2) * base, None, after + 1, True
        return data["vague"][word], None, after, True
    number = _cardinal(words, at)
    if number is None:
        return None
    value, after = number
    if after < len(words) and words[after] == "dozen":
        return value * 12, value * 12, after + 1, False
    if (
        after + 1 < len(words)
        and words[after] in ("to", "-", "–", "or")
        and (upper := _cardinal(words, after + 1))
        and upper[0] > value
    ):
        return value, upper[0], upper[1], False
    return value, value, after, False


def _bound_before(words: Sequence[str], at: int, floor: int) -> tuple[str, int] | None:
    """The bound phrase that ends right before `at`: (kind, its first index)."""
    if at <= floor or words[at - 1] not in _words()["bound_ends"]:
        return None
    for size in range(min(_LONGEST_BOUND, at - floor), 0, -1):
        phrase = tuple(words[at - size : at])
        for kind in ("lower", "upper", "about"):
            if phrase in _words()["bounds"][kind]:
                return kind, at - size
    return None


def read_quantities(words: Sequence[str]) -> list[Quantity]:
    """All quantities in a sequence of lower-case words, left to right, none overlapping.

    "at least seven" gives (7, None), "up to 7" (None, 7), "5 to 7" and "between 5 and 7" (5, 7), "dozens" (24, None): the
    codebook's readings. Ages, times and dates are read as numbers too: the caller asks what the number counts.
    """
    found: list[Quantity] = []
    floor = 0
    for i in [i for i, word in enumerate(words) if word == "between" or _opens_quantity(word)]:
        if i < floor:
            continue
        if (
            words[i] == "between"
            and i + 3 < len(words)
            and (low := _cardinal(words, i + 1, with_and=False))
            and low[1] < len(words)
            and words[low[1]] == "and"
        ):
            high = _cardinal(words, low[1] + 1)
            if high and high[0] > low[0]:
                found.append(Quantity(i, high[1] - 1, low[0], high[0]))
                floor = high[1]
                continue
        core = _core(words, i)
        if core is None:
            continue
        low_value, high_value, after, vague = core
        found.append(_with_bounds(words, i, after, floor, (low_value, high_value), vague))
        floor = found[-1].last + 1
    return found


def _with_bounds(
    words: Sequence[str], at: int, after: int, floor: int, value: tuple[int | None, int | None], vague: bool
) -> Quantity:
    low, high = value
    first, bare = at, not vague
    kinds: set[str] = set()
    while (bound := _bound_before(words, first, floor)) is not None:
        kind, first = bound
        if not (kinds & {"lower", "upper"}):
            kinds.add(kind)
        bare = False
    for size in (3, 2, 1):
        follows = tuple(words[after : after + size])
        of_next = follows in _words()["bounds"]["lower"] and _core(words, after + len(follows)) is not None
        if follows in _words()["bounds"]["after_lower"] and not of_next:  # "9 July 2015 at least 19 civilians"
            kinds.add("lower")
            after += len(follows)
            break
    if "upper" in kinds and not vague:
        low = None if low == high else low
    elif "lower" in kinds:
        high = None
    return Quantity(first, after - 1, low, high, vague, bare)
