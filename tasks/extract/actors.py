"""Finds the armed actors that a passage names: forces of states, coalitions, armed groups, and actors with no name ("gunmen")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.extract import actor_lexicon as lex
from tasks.extract.spans import ActorExpression

if TYPE_CHECKING:
    from spacy.tokens import Doc

_SKIPPED: Final = frozenset({"", "-", "–", "—", "/", '"', "“", "”", "‘", "’", "'", "s"})
_WORDS: Final = re.compile(r"[^\W_][\w.'’-]*")
_COALITION_HOMES: Final = {"SY": "US-led coalition", "IQ": "US-led coalition", "YE": "Saudi-led coalition"}
_NO_COALITION: Final = frozenset(
    {
        "syrian",
        "national",
        "opposition",
        "ruling",
        "governing",
        "political",
        "government",
        "party",
        "electoral",
        "parliamentary",
    }
)
_ACTS_ON_ITS_OWN: Final = frozenset(
    {"by", "blamed", "blames", "blame", "accused", "accuses", "accusing", "blaming", "accuse", "behind"}
)
_EXPEDITIONARY: Final = frozenset({"US", "GB", "FR", "RU"})
_MAXIMUM_MODIFIERS: Final = 5


@dataclass(frozen=True, slots=True)
class ActorContext:
    """What the article as a whole says about its actors: whose "army", "regime" and "coalition" it means.

    Attributes:
        home: ISO code of the country whose forces a bare "the army" is; None where the article names none often enough.
        coalition: Canonical name of the coalition that the article names.
    """

    home: str | None = None
    coalition: str | None = None


@dataclass(slots=True)
class _Found:
    """An actor over the words [first, last] of a passage."""

    first: int
    last: int
    canonical: str
    kind: str
    country_code: str | None


def family_of(canonical: str) -> str:
    """The side that an actor belongs to, for comparing across articles: one key for all forces of one state.

    "Syrian army", "Syrian regime forces" and "Syria" are all "state:SY"; other actors stand for themselves.
    """
    first = canonical.partition(" (")[0]
    words = list(lex.folded_words(first))
    hit = lex.countries().longest(words, 0)
    if hit is not None:
        rest = words[hit[0] :]
        organ = lex.organs().longest(rest, 0) if rest else None
        if not rest or (organ is not None and organ[0] == len(rest)):
            return f"state:{hit[1].code}"
    return f"actor:{' '.join(words)}"


def kind_of_name(canonical: str) -> str | None:
    """The kind of an actor that actors.csv names; None for others."""
    return lex.kinds().get(canonical)


def is_named(canonical: str) -> bool:
    """Whether a canonical name is that of a state, a coalition or a group, not a mere noun ("gunmen", "Syrian rebels")."""
    return (
        kind_of_name(canonical) is not None
        or family_of(canonical).startswith("state:")
        or canonical.endswith("-led coalition")
    )


def read_context(text: str) -> ActorContext:
    """Reads from a whole article (title and text) whose forces its bare "army", "regime" and "coalition" are."""
    written = [m.group() for m in _WORDS.finditer(text)]
    parts = [(part, fold) for w in written for part in re.split(r"[-/]", w) if (fold := lex.fold(part))]
    words = [fold for _, fold in parts]
    countries: Counter[str] = (
        Counter()
    )  # a name counts four, an adjective two; half of that for powers that fight abroad
    coalitions: Counter[str] = Counter()
    i = 0
    while i < len(words):
        named = lex.names().longest(words, i)
        if named is not None and named[1].exact is None:
            if named[1].kind == "coalition":
                coalitions[named[1].canonical] += 1
            i += named[0]
            continue
        ruler = lex.rulers().longest(words, i)
        country = lex.countries().longest(words, i)
        if ruler is not None:
            countries[ruler[1]] += 2
            i += ruler[0]
        elif country is not None and (not country[1].capitals or parts[i][0].isupper()):
            following = words[i + country[0]] if i + country[0] < len(words) else ""
            # "Turkish-backed", "Russian warplanes", "US-led": outsiders in somebody else's war, and the names of citizens abroad.
            outsider = following in lex.word_set("compound_adjectives", "words") or following == "led"
            weight = 2 if country[1].adjective else 4
            countries[country[1].code] += (
                0 if outsider else weight // 2 if country[1].code in _EXPEDITIONARY else weight
            )
            i += country[0]
        else:
            i += 1
    top = countries.most_common(2)
    home = top[0][0] if top and (len(top) == 1 or top[0][1] > top[1][1]) else None
    coalition = coalitions.most_common(1)
    return ActorContext(home, coalition[0][0] if coalition else _COALITION_HOMES.get(home or ""))


class _Passage:
    """The words of a passage with their tokens, and the readers that look for one kind of actor at one word."""

    def __init__(self, doc: Doc, context: ActorContext) -> None:
        self.doc, self.context = doc, context
        self.words: list[str] = []
        self.tokens: list[int] = []
        letters = upper = 0
        for token in doc:
            text = token.text
            word = lex.fold(text)
            if word in _SKIPPED:
                continue
            if len(text) > 1 and text[0].isalpha():
                letters += 1
                upper += text.isupper()
            self.words.append(word)
            self.tokens.append(token.i)
        self.shouted = letters > 5 and upper > 0.7 * letters

    def word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def written(self, first: int, last: int) -> str:
        return self.doc[self.tokens[first] : self.tokens[last] + 1].text

    def _is_capital(self, i: int, count: int = 1) -> bool:
        text = "".join(self.doc[t].text for t in self.tokens[i : i + count]).replace(".", "")
        if not text.isupper():
            return False
        return not self.shouted or len(text) > 2 or self._armed_word(i + count)

    def _armed_word(self, i: int) -> bool:
        return any(
            table.longest(self.words, i) is not None for table in (lex.generic_nouns(), lex.organs(), lex.weapons())
        ) or self.word(i) in (
            "group",
            "led",
            "members",
        )

    def _compound_adjective(self, i: int) -> bool:
        """Whether word i makes what stands before it a mere modifier: "-backed", "-held"."""
        return self.word(i) in lex.word_set("compound_adjectives", "words")

    def country(self, i: int) -> tuple[int, lex.CountryWord] | None:
        hit = lex.countries().longest(self.words, i)
        if hit is None or (hit[1].capitals and not self._is_capital(i, hit[0])):
            return None
        return hit

    def name(self, i: int) -> _Found | None:
        """A named actor of actors.csv, with the words for its people after it ("Daesh terrorists", "the ISIL group")."""
        hit = lex.names().longest(self.words, i)
        if hit is None:
            return None
        size, actor = hit
        if actor.exact is not None:
            text = "".join(self.doc[t].text for t in self.tokens[i : i + size])
            whole = (
                text == actor.exact.replace(" ", "").replace("-", "")
                if not actor.exact.isupper()
                else self._is_capital(i, size)
            )
            if not whole and not (text[:-1] == actor.exact and text[-1] == "s"):
                return None
        if self._compound_adjective(i + size) or self.word(i - 1) in ("anti", "pro", "non"):
            return None
        last = i + size - 1
        if actor.kind != "state":
            for _ in range(3):
                noun = lex.generic_nouns().longest(self.words, last + 1)
                if noun is not None and self._adjacent(last, last + 1):
                    last += noun[0]
                elif self.word(last + 1) in lex.word_set("generic", "heads", "words") and self._adjacent(
                    last, last + 1
                ):
                    last += 1
                else:
                    break
        return _Found(i, last, actor.canonical, actor.kind, actor.country_code)

    def _adjacent(self, i: int, j: int) -> bool:
        """Whether nothing but hyphens and quotes stands between words i and j."""
        return j < len(self.tokens) and all(self.doc[t].text != "s" for t in range(self.tokens[i] + 1, self.tokens[j]))

    def state(self, i: int) -> _Found | None:
        """A force of a state that is named by its country or ruler: "Turkish army", "Assad's forces", "Russian jets"."""
        ruler = lex.rulers().longest(self.words, i)
        if ruler is not None:
            return self._ruled(i, *ruler)
        hit = self.country(i)
        if (
            hit is None
            or self._compound_adjective(i + hit[0])
            or self.word(i - 1) in lex.word_set("compound_adjectives", "prefixes")
        ):
            return None
        size, country = hit
        if self.word(i + size) == "led":
            return self._led(i, size + 1, country.code)
        return self._force(i, i + size, country)

    def _ruled(self, i: int, size: int, code: str) -> _Found | None:
        organ = lex.organs().longest(self.words, i + size)
        weapon = lex.weapons().longest(self.words, i + size)
        regime = code in lex.lexicon.load("actors")["rulers_rules"]["regime"]
        default = "regime forces" if regime else "government forces"
        if organ is not None:
            return _Found(i, i + size + organ[0] - 1, f"{lex.country_adjective(code)} {default}", "state", code)
        if weapon is not None or self._acts_on_its_own(i, size):
            return _Found(i, i + size - 1, f"{lex.country_adjective(code)} {default}", "state", code)
        return None

    def _led(self, i: int, size: int, code: str) -> _Found:
        """The coalition under a lead: "US-led strikes", "Turkish-led forces"."""
        adjective = lex.country_adjective(code) if code not in ("US", "SA") else {"US": "US", "SA": "Saudi"}[code]
        last = i + size - 1
        while self.word(last + 1) in (
            "coalition",
            "international",
            "military",
            "forces",
            "alliance",
            "arab",
            "force",
            "air",
        ):
            last += 1
        return _Found(i, last, f"{adjective}-led coalition", "coalition", None)

    def _force(self, i: int, at: int, country: lex.CountryWord, depth: int = 0) -> _Found | None:
        code = country.code
        if self.word(at) in ("and", "or") or (country.adjective and depth == 0 and self.country(at) is not None):
            step = at + 1 if self.word(at) in ("and", "or") else at
            other = self.country(step)
            if (
                other is not None
                and depth < 3
                and (found := self._force(step, step + other[0], other[1], depth + 1)) is not None
            ):
                organ = found.canonical.startswith(lex.country_adjective(other[1].code) + " ")
                name = found.canonical.removeprefix(lex.country_adjective(other[1].code)) if organ else ""
                return _Found(
                    i, at - 1, f"{lex.country_adjective(code)}{name}" if name else lex.country_name(code), "state", code
                )
        for j in range(at, at + 4):
            organ_hit = lex.organs().longest(self.words, j)
            if organ_hit is not None and not (
                organ_hit[1] == "government forces" and self._is_only_government(j, organ_hit[0])
            ):
                size, name = organ_hit
                if self._compound_adjective(j + size) or self.word(j + size) in lex.word_set("organ_rules", "places"):
                    return None
                return _Found(i, j + size - 1, f"{lex.country_adjective(code)} {name}", "state", code)
            weapon = lex.weapons().longest(self.words, j)
            if weapon is not None:
                return self._weapon(i, at, j, weapon, country)
            if organ_hit is not None:
                return _Found(i, j + organ_hit[0] - 1, f"{lex.country_adjective(code)} {organ_hit[1]}", "state", code)
            if self.word(j) not in lex.word_set("organ_rules", "between"):
                break
        if not country.adjective and self._acts_on_its_own(i, at - i):
            return _Found(i, at - 1, lex.country_name(code), "state", code)
        return None

    def _is_only_government(self, j: int, size: int) -> bool:
        """Whether a better organ follows "government" ("government security forces")."""
        return size == 1 and lex.organs().longest(self.words, j + 1) is not None

    def _weapon(self, i: int, at: int, j: int, weapon: tuple[int, str], country: lex.CountryWord) -> _Found | None:
        size, kind = weapon
        possessive = self.doc[self.tokens[at - 1]].i + 1 < len(self.doc) and self.doc[self.tokens[at - 1] + 1].text in (
            "'s",
            "’s",
        )
        if not country.adjective and kind != "platform" and not possessive:
            return None  # "Gaza strike", "Syria air raid": where it was
        if kind == "place" and not (lex.weapons().longest(self.words, j + size) or j > at or possessive):
            return None
        return _Found(
            i, j + size - 1 if kind == "platform" else at - 1, lex.country_name(country.code), "state", country.code
        )

    def _acts_on_its_own(self, i: int, size: int) -> bool:
        """Whether the bare name of a country or ruler stands where an actor does: "Russia bombed", "killed by Israel"."""
        from tasks.extract.violence import is_violent_verb

        following = self.word(i + size)
        if following in ("has", "have", "had"):
            following = self.word(i + size + 1)
        back = self.words[max(0, i - 5) : i]
        while back and (
            back[-1] in ("president", "leader", "the", "on", "of") or lex.countries().longest(back, len(back) - 1)
        ):
            back.pop()
        if (
            back
            and len(back) < min(5, i) + 1
            and back[-1]
            in ("blamed", "blames", "blame", "accused", "accuses", "accusing", "blaming", "accuse", "squarely")
        ):
            return True
        if following in ("denied", "denies", "claimed") or (following == "behind"):
            return True
        if self.word(i - 1) == "from":
            return lex.weapons().longest(self.words, i - 2) is not None and not self._compound_adjective(i + size)
        return (
            (is_violent_verb(following) and not following.endswith("ing"))
            or self.word(i - 1) in _ACTS_ON_ITS_OWN
            or following == "behind"
        )

    def organ(self, i: int) -> _Found | None:
        """A force of a state with no country: whose it is, the article as a whole says."""
        hit = lex.organs().longest(self.words, i)
        if (
            hit is None
            or self._compound_adjective(i + hit[0])
            or self.word(i - 1) in lex.word_set("compound_adjectives", "prefixes")
        ):
            return None
        size, name = hit
        if self.word(i + size) in lex.word_set("organ_rules", "places"):
            return None
        if (
            name == "government forces"
            and size == 1
            and not (
                lex.weapons().longest(self.words, i + 1)
                or self._acts_on_its_own(i, 1)
                or self.word(i + 1) in ("and", "push")
            )
        ):
            return None
        loyal = self._loyal(i + size)
        if loyal is not None:
            return _Found(i, loyal.last, loyal.canonical, loyal.kind, loyal.country_code)
        if " ".join(self.words[i : i + size]) in lex.word_set("organ_rules", "need_state"):
            return None
        last = i + size - 1
        platform = lex.weapons().longest(self.words, last + 1)
        if platform is not None and platform[1] == "platform":
            last += platform[0]
        home = self.context.home
        return _Found(i, last, f"{lex.country_adjective(home)} {name}" if home else name, "state", home)

    def _loyal(self, at: int) -> _Found | None:
        """The actor that forces are "loyal to"."""
        if self.word(at) not in ("loyal", "allied", "answering") or self.word(at + 1) != "to":
            return None
        reach = range(at + 2, min(at + 8, len(self.words)))
        titled = any(lex.rulers().longest(self.words, j) for j in reach)
        for j in reach:
            ruler = lex.rulers().longest(self.words, j)
            if ruler is not None:
                found = self._ruled(j, *ruler)
                regime = ruler[1] in lex.lexicon.load("actors")["rulers_rules"]["regime"]
                canonical = f"{lex.country_adjective(ruler[1])} {'regime' if regime else 'government'} forces"
                return found or _Found(j, j + ruler[0] - 1, canonical, "state", ruler[1])
            named = self.name(j)
            if named is not None:
                return named
            home = self.context.home
            if self.word(j) in ("government", "regime", "president", "damascus") and home and not titled:
                word = "regime" if self.word(j) == "regime" else "government"
                return _Found(j, j, f"{lex.country_adjective(home)} {word} forces", "state", home)
        return None

    def coalition(self, i: int) -> _Found | None:
        """A bare "coalition": the one that the article names."""
        j = i + (self.word(i) in ("international", "arab", "military", "global"))
        if self.word(j) != "coalition" or self.word(i - 1) in _NO_COALITION or self._compound_adjective(j + 1):
            return None
        last = j
        while self.word(last + 1) in ("forces", "warplanes", "aircraft", "jets"):
            last += 1
        return _Found(i, last, self.context.coalition or "coalition", "coalition", None)

    def generic(self, i: int) -> _Found | None:
        """Actors with no name: "masked gunmen", "Islamist rebels", "terrorist groups", "rebel" before "shelling"."""
        k, modifiers = i, lex.word_set("generic", "heads", "modifiers")
        makers, heads = lex.word_set("generic", "heads", "makers"), lex.word_set("generic", "heads", "words")
        best: _Found | None = None
        while k < min(i + _MAXIMUM_MODIFIERS + 1, len(self.words)):
            noun = lex.generic_nouns().longest(self.words, k)
            if self.word(k) in heads and k > i and self._made(i, k, makers):
                best = _Found(i, k, "", "generic", None)
            elif noun is not None and self._is_actor_noun(k, noun[0]):
                best = _Found(i, k + noun[0] - 1, noun[1], "generic", None)
            backed = self._backed(k)
            if backed:
                k += backed
            elif self.word(k) in modifiers or self.word(k) in makers or (k == i and self.country(k) is not None):
                k += 1
            elif (
                noun is not None
                and k + noun[0] < len(self.words)
                and self.word(k + noun[0]) in heads
                and self.word(k) in makers
            ):
                k += noun[0]
            else:
                break
        if best is None:
            return self._uniformed(i)
        best.canonical = self._plain(best)
        return best

    def _uniformed(self, i: int) -> _Found | None:
        """People who are armed actors by their dress: "men in military uniforms"."""
        if self.word(i) not in ("men", "individuals", "persons", "people", "man", "youths", "attackers"):
            return None
        if self.word(i + 1) not in ("in", "wearing", "dressed", "disguised", "clad"):
            return None
        for j in range(i + 2, min(i + 6, len(self.words))):
            if self.word(j) in ("uniform", "uniforms", "fatigues", "camouflage", "masks", "hoods"):
                return _Found(i, j, self.written(i, j).lower(), "generic", None)
        return None

    def _backed(self, k: int) -> int:
        """Words of "Turkish-backed" at word k."""
        country = self.country(k)
        size = country[0] if country else 0
        return (
            size + 1 if size and self.word(k + size) in ("backed", "allied", "supported", "linked", "sponsored") else 0
        )

    def _made(self, i: int, k: int, makers: frozenset[str]) -> bool:
        before = self.words[i:k]
        if self.word(k) in ("forces", "force", "troops", "fighters", "fighter", "units", "commander") and (
            self._ethnic(before[-1]) or before[-1] in ("backed", "allied")
        ):
            return True
        if before[-1] in ("criminal", "terror", "militia", "opposition", "tribal") and self.word(k) in (
            "members",
            "member",
            "man",
            "men",
            "people",
            "movement",
            "coalition",
        ):
            return before[-1] == "militia"
        return any(w in makers for w in before) or (
            any(w in ("unidentified", "unknown") for w in before) and self.word(k) in ("men", "individuals", "persons")
        )

    def _ethnic(self, word: str) -> bool:
        return word in (
            "kurdish",
            "palestinian",
            "tuareg",
            "chechen",
            "tigrayan",
            "amhara",
            "oromo",
            "tamil",
            "baloch",
            "serb",
            "houthi",
            "shiite",
            "sunni",
        )

    def _is_actor_noun(self, k: int, size: int) -> bool:
        word = self.word(k)
        if word in ("attacker", "assailant", "attackers", "assailants", "assassin", "hijackers") and (
            not word.endswith("s") or self.word(k - 1) == "suicide" or self.word(k - 1) in ("heart", "panic")
        ):
            return word == "assassin"
        if word in (
            "terrorist",
            "opposition",
            "extremist",
            "gang",
            "criminal",
            "criminals",
            "dissidents",
            "mob",
            "militia",
            "settlers",
            "fighter",
            "drug",
        ):
            if word in ("opposition", "terrorist", "extremist", "fighter"):
                fired = lex.word_set("weapons", "fired")
                ahead = self.words[k + 1 : k + 5]
                if word == "fighter" and ahead[:1] in (["jets"], ["jet"], ["planes"]):
                    return False
                if word == "fighter":
                    return True
                return any(w in fired for w in ahead[:2]) or (
                    "with" in ahead and ahead[:1] in (["attack"], ["attacks"]) and self._fired_later(k)
                )
            return word not in ("criminals", "dissidents") or self.word(k - 1) not in ("the", "political")
        if word in ("commandos", "commando"):
            return True
        return not self._compound_adjective(k + size) and self.word(k - 1) not in ("anti", "counter", "ex", "former")

    def _fired_later(self, k: int) -> bool:
        return any(w in lex.word_set("weapons", "fired") for w in self.words[k + 1 : k + 8])

    def _plain(self, found: _Found) -> str:
        """The words as written, without "unidentified" and the like, the noun in the plural."""
        written = self.written(found.first, found.last).split()
        noun_words = found.canonical.split() if found.canonical else []
        dropped = {"unidentified", "unknown", "heavily", "so", "called", "so-called", "lone", "suspected"}
        if noun_words:
            noun_size = len(noun_words) if found.last - found.first + 1 >= len(noun_words) else 1
            head = written[: len(written) - noun_size]
        else:
            head, noun_words = written, []
        proper = not self._title_case()
        kept = [
            w if proper and w[:1].isupper() and (k or lex.countries().longest([lex.fold(w)], 0)) else w.lower()
            for k, w in enumerate(head)
            if lex.fold(w) not in dropped
        ]
        return " ".join([*kept, *noun_words])

    def _title_case(self) -> bool:
        content = [t.text for t in self.doc if t.text.isalpha() and len(t.text) > 3]
        return bool(content) and sum(w[0].isupper() for w in content) > 0.7 * len(content)


def find_actors(doc: Doc, context: ActorContext | None = None) -> list[ActorExpression]:
    """All armed actors that a passage names, left to right, none overlapping; the longest name wins.

    Works on words alone (no parse): needs nothing but tokens.

    Args:
        doc: One passage.
        context: What `read_context` said of the article; without it bare "army" and "coalition" stay nobody's in particular.
    """
    passage = _Passage(doc, context or ActorContext())
    found: list[ActorExpression] = []
    i = 0
    while i < len(passage.words):
        if not _may_start(passage, i):
            i += 1
            continue
        readers = (passage.name, passage.state, passage.coalition, passage.organ, passage.generic)
        best: _Found | None = None
        for reader in readers:
            candidate = reader(i)
            if candidate is not None and (best is None or candidate.last > best.last):
                best = candidate
        if best is None:
            i += 1
            continue
        span = doc[passage.tokens[best.first] : passage.tokens[best.last] + 1]
        found.append(
            ActorExpression(span.start_char, span.end_char, span.text, best.canonical, best.kind, best.country_code)
        )
        i = best.last + 1
    return found


def _may_start(passage: _Passage, i: int) -> bool:
    return passage.words[i][:1].isalnum()


def actors_within(actors: Sequence[ActorExpression], start: int, end: int) -> list[ActorExpression]:
    """The actors whose words lie within the characters [start, end)."""
    return [a for a in actors if a.start >= start and a.end <= end]
