"""Reads the forces of states and coalitions: "Turkish army", "Assad's forces", "Russian jets", "US-led strikes"."""

from __future__ import annotations

from typing import Final

from tasks.extract import actor_lexicon as lex
from tasks.extract import lexicon
from tasks.extract.actor_passage import Found, Passage
from tasks.extract.violence import is_violent_form

BEFORE_COALITION: Final = frozenset({"international", "arab", "military", "global"})


# "the US-led invasion" is the past of the story, a "Russian-led initiative" no act.
_NO_COALITION = set(
    "invasion intervention occupation war process talks initiative peace mediation government administration ouster overthrow".split()
)
_OF_ARMIES = {"army", "military", "troops", "soldiers", "special forces", "navy", "air force", "border police"}
# "the missiles came from the territory of Armenia"
_FROM_ITS_SOIL: Final = [["from", "the", word, "of"] for word in ("territory", "direction", "side", "soil")]
# Whose "the occupation forces" are, by the country that an article plays in.
_OCCUPIERS = {"PS": "IL", "IL": "IL", "LB": "IL", "UA": "RU"}


class StateReader(Passage):
    """Looks for a state's force or a coalition at one word of the passage."""

    def state(self, i: int) -> Found | None:
        """A force of a state that is named by its country or ruler: "Turkish army", "Assad's forces", "Russian jets"."""
        ruler = lex.rulers().longest(self.words, i)
        if ruler is not None:
            return self._ruled(i, *ruler)
        if (
            self.word(i - 1) in lex.word_set("around", "by")
            or (self.word(i - 1) in ("on", "to") and self.word(i - 2) in lex.word_set("around", "blames"))
        ) and (seat := lex.capitals().longest(self.words, i)) is not None:
            at = i + seat[0]
            if self.word(at) in (
                "",
                "and",
                "in",
                "on",
                "for",
                "which",
                "were",
                "was",
                "had",
                "has",
                "of",
                "but",
                "during",
                "over",
            ):
                return Found(
                    i, at - 1, self._side(seat[1]), "state", seat[1]
                )  # "missiles fired by Kyiv", "accused Baku of"
        hit = self.country(i)
        if hit is not None and (people := self._people(i, hit[1])) is not None:
            return people
        if (
            hit is None
            or self.is_modifier(i + hit[0])
            or self.word(i - 1) in lex.word_set("compound_adjectives", "prefixes")
        ):
            return None
        size, country = hit
        if self.word(i + size) == "led":
            return self._led(i, size + 1, country.code)
        if country.adjective and self._fires_from(i, i + size):
            return Found(i, i + size, self._side(country.code), "state", country.code)
        if country.adjective and (first := self._thought_theirs(i)) is not None:
            return Found(first, i + size - 1, self._side(country.code), "state", country.code)
        return self._force(i, i + size, country)

    def _people(self, i: int, country: lex.CountryWord) -> Found | None:
        """A people that stands for its army where it acts: "the Russians shelled the town", "shot by the Israelis"."""
        if not country.adjective or not self.word(i).endswith("s") or self.word(i - 1) != "the":
            return None
        at = i + 2 if self.word(i + 1) == "who" else i + 1
        if not (is_violent_form(self.word(at), self.words[at + 1 : at + 5]) or self.word(i - 2) == "by"):
            return None
        return Found(i, i, self._side(country.code), "state", country.code)

    def _fires_from(self, i: int, at: int) -> bool:
        """Whether somebody was fired at from a country's lines: "machine-gun fire from an Israeli post"."""
        if self.word(at) not in lex.word_set("organ_rules", "lines") or "from" not in self.words[max(0, i - 2) : i]:
            return False
        return any(lex.weapons().longest(self.words, j) for j in range(max(0, i - 6), i))

    def _thought_theirs(self, i: int) -> int | None:
        """Where the aircraft are named that are thought to be a country's: "jets also believed to be Russian"."""
        if self.words[max(0, i - 2) : i] != ["to", "be"] or self.word(i - 3) not in lex.word_set("around", "thought"):
            return None
        at = i - 5 if self.word(i - 4) in ("also", "widely", "were", "was") else i - 4
        hit = lex.weapons().longest(self.words, at) if at >= 0 else None
        return at if hit is not None and hit[1] == "platform" else None

    def _ruled(self, i: int, size: int, code: str) -> Found | None:
        organ = lex.organs().longest(self.words, i + size)
        weapon = lex.weapons().longest(self.words, i + size)
        regime = code in lexicon.load("actors")["rulers_rules"]["regime"]
        default = "regime forces" if regime else "government forces"
        if organ is not None:
            return Found(i, i + size + organ[0] - 1, f"{lex.country_adjective(code)} {default}", "state", code)
        if weapon is not None or self._acts_on_its_own(i, size):
            return Found(i, i + size - 1, f"{lex.country_adjective(code)} {default}", "state", code)
        return None

    def _led(self, i: int, size: int, code: str) -> Found | None:
        """The coalition under a lead: "US-led strikes", "Turkish-led forces"."""
        following = self.word(i + size)
        if following in _NO_COALITION:
            return None
        if code not in ("US", "SA") and following in (
            "operation",
            "operations",
            "offensive",
            "raid",
            "raids",
            "assault",
        ):
            return Found(i, i + size - 1, self._side(code), "state", code)
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
        return Found(i, last, f"{adjective}-led coalition", "coalition", None)

    def _force(self, i: int, at: int, country: lex.CountryWord, depth: int = 0) -> Found | None:
        code = country.code
        if self.word(at) in ("and", "or") or (country.adjective and depth == 0 and self.country(at) is not None):
            step = at + 1 if self.word(at) in ("and", "or") else at
            other = self.country(step)
            if (
                other is not None
                and depth < 3
                and (found := self._force(step, step + other[0], other[1], depth + 1)) is not None
            ):
                organ = found.canonical.startswith(lex.country_adjective(other[1].code) + " ") and (
                    code == self.context.home or not found.canonical.endswith((" government forces", " regime forces"))
                )  # "Russian or Syrian government planes": only one of them has a war at home
                name = found.canonical.removeprefix(lex.country_adjective(other[1].code)) if organ else ""
                return Found(
                    i, at - 1, f"{lex.country_adjective(code)}{name}" if name else self._side(code), "state", code
                )
        for j in range(at, at + 4):
            organ_hit = lex.organs().longest(self.words, j)
            if organ_hit is not None and not (
                organ_hit[1] == "government forces" and self._is_only_government(j, organ_hit[0])
            ):
                size, name = organ_hit
                if self.is_modifier(j + size) or self.word(j + size) in lex.word_set("organ_rules", "places"):
                    return None
                return Found(i, j + size - 1, lex.force_name(code, name), "state", code)
            weapon = lex.weapons().longest(self.words, j)
            if weapon is not None:
                return self._weapon(i, at, j, weapon, country)
            if organ_hit is not None:
                return Found(i, j + organ_hit[0] - 1, lex.force_name(code, organ_hit[1]), "state", code)
            if self.word(j) not in lex.word_set("organ_rules", "between"):
                break
        if not country.adjective and self._acts_on_its_own(i, at - i):
            return Found(i, at - 1, lex.country_name(code), "state", code)
        return None

    def _is_only_government(self, j: int, size: int) -> bool:
        """Whether a better organ follows "government" ("government security forces")."""
        return size == 1 and lex.organs().longest(self.words, j + 1) is not None

    def _weapon(self, i: int, at: int, j: int, weapon: tuple[int, str], country: lex.CountryWord) -> Found | None:
        size, kind = weapon
        possessive = self.doc[self.tokens[at - 1]].i + 1 < len(self.doc) and self.doc[self.tokens[at - 1] + 1].text in (
            "'s",
            "’s",
        )
        if not country.adjective and kind != "platform" and not possessive:
            return None  # "Gaza strike", "Syria air raid": where it was
        if kind == "place" and not (
            lex.weapons().longest(self.words, j + size) or j > at or possessive or self._aimed(i, j, country)
        ):
            return None  # "the Afghan attack"
        return Found(i, j + size - 1 if kind == "platform" else at - 1, self._side(country.code), "state", country.code)

    def _aimed(self, i: int, j: int, country: lex.CountryWord) -> bool:
        """Whether the act at `j` is a country's own: "an Israeli attack on a camp", "Pakistani fire", "a Russian attack killed two"."""
        act, then = self.word(j), self.word(j + 1)
        weapons = lexicon.load("actors")["weapons"]
        return (
            self.word(i - 1) == "by"
            or then in ("on", "against")
            or (then == "of" and act in weapons["of_place"])
            or (act in weapons["shot"] and then not in weapons["no_shot"])
            or (self._reaches_abroad(country.code) and act in weapons["attacks"] and then not in weapons["hit_by"])
        )

    def _reaches_abroad(self, code: str) -> bool:
        """Whether a state's "attack" is its own deed: always, or where the article is of another country's war."""
        weapons, home = lexicon.load("actors")["weapons"], self.context.home
        return code in weapons["abroad"] or (home not in (None, code) and code in weapons["abroad_of_others"])

    def _side(self, code: str) -> str:
        """A state by its weapons; in the war within it the side that has them: "Syrian jets" are the government's there."""
        if code == self.context.home and code in lexicon.load("actors")["rulers_rules"]["regime"]:
            return f"{lex.country_adjective(code)} government forces"
        return lex.country_name(code)

    def _acts_on_its_own(self, i: int, size: int) -> bool:
        """Whether the bare name of a country or ruler stands where an actor does: "Russia bombed", "killed by Israel"."""
        at = i + size
        while self.word(at) in ("has", "have", "had", "also", "later", "reportedly"):
            at += 1
        verb, then = self.word(at), self.words[at + 1 : at + 8]
        if (
            is_violent_form(verb, then)
            and not verb.endswith("ing")
            and self._before_bearing(i) not in lex.word_set("around", "where")
        ):
            return True
        if verb in ("denied", "denies", "claimed", "behind") or (
            verb in ("said", "says", "announced") and {"it", "its"} & set(then[:3])
        ):
            return True
        if verb in lex.word_set("around", "answers") and then[:1] in (["by"], ["with"]):
            return True  # "Israel responded with artillery fire"
        if self.word(i - 1) == "from":
            return lex.weapons().longest(self.words, i - 2) is not None and not self.is_modifier(at)
        if self.word(i - 1) in lex.word_set("around", "acts"):
            return True
        if self.words[max(0, i - 4) : i] in _FROM_ITS_SOIL:
            return any(lex.weapons().longest(self.words, j) for j in range(max(0, i - 9), i - 4))
        back = self.words[max(0, i - 5) : i]
        reach = len(back)
        if back[-1:] in (["to"], ["on"]) and back[-2:-1] and back[-2] in ("attributed", "ascribed", "blamed", "pinned"):
            return True
        while back and (
            back[-1] in lex.word_set("around", "before_names") or lex.countries().longest(back, len(back) - 1)
        ):
            back.pop()
        return 0 < len(back) < reach + 1 and back[-1] in lex.word_set("around", "blames")

    def _before_bearing(self, i: int) -> str:
        """The word before a country, its bearing passed over: "on" for "strikes on southern Lebanon killed three"."""
        before = self.word(i - 1)
        return self.word(i - 2) if before in lex.word_set("around", "bearings") or before.endswith("ern") else before

    def organ(self, i: int) -> Found | None:
        """A force of a state with no country: whose it is, the article as a whole says."""
        hit = lex.organs().longest(self.words, i)
        if hit is None and self.word(i) == "occupation" and lex.weapons().longest(self.words, i + 1):
            hit = (1, "occupation forces")  # "occupation shelling"
        if (
            hit is None
            or self.is_modifier(i + hit[0])
            or self.word(i - 1) in lex.word_set("compound_adjectives", "prefixes")
        ):
            return None
        size, name = hit
        if self.word(i + size) in lex.word_set("organ_rules", "places"):
            return None
        if size == 1 and self.word(i) == "military" and self.word(i + 1) in lex.word_set("organ_rules", "kinds"):
            return None  # "a military operation": whose is not said
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
            return Found(i, loyal.last, loyal.canonical, loyal.kind, loyal.country_code)
        if " ".join(self.words[i : i + size]) in lex.word_set("organ_rules", "need_state"):
            return None
        last = i + size - 1
        platform = lex.weapons().longest(self.words, last + 1)
        if platform is not None and platform[1] == "platform":
            last += platform[0]
        if name == "occupation forces" and (occupier := _OCCUPIERS.get(self.context.home or "")) is not None:
            return Found(i, last, lex.country_name(occupier), "state", occupier)
        home = self._owner(i) or self.context.home
        if home == "PS" and name in _OF_ARMIES:
            home = "IL"  # the Palestinians have none
        if name in lex.word_set("organ_rules", "bare") or (name == "=" and home is None):
            bare = name if name == "occupation forces" else self.written(i, last).lower()
            return Found(i, last, bare, "state", None)
        return Found(i, last, lex.force_name(home, name) if home else name, "state", home)

    def _owner(self, i: int) -> str | None:
        """The country that "its troops" go back to, where the sentence names one before: "Cameroon said its army …"."""
        if self.word(i - 1) not in ("its", "their"):
            return None
        for j in range(i - 2, -1, -1):
            country = lex.countries().longest(self.words, j)
            if country is not None and self.country(j) is not None:
                return country[1].code
        return None

    def forces_of(self, i: int) -> Found | None:
        """A state's forces named before their country: "Armed Forces of Ukraine", "the army of Mali"."""
        hit = lex.organs().longest(self.words, i)
        if hit is None:
            return None
        at = i + hit[0] + 1
        ministry = hit[1] == "="
        if ministry and self.word(at - 1) == "in" and (seat := lex.capitals().longest(self.words, at)) is not None:
            return Found(i, at + seat[0] - 1, lex.force_name(seat[1], hit[1]), "state", seat[1])
        if self.word(at - 1) != "of":
            return None
        at += self.word(at) in ("the", "president")
        owner = self.country(at)
        if owner is not None and not self.is_modifier(at + owner[0]):
            size, code = owner[0], owner[1].code
        elif (ruler := lex.rulers().longest(self.words, at)) is not None:
            size, code = ruler
        else:
            return None
        return Found(i, at + size - 1, lex.force_name(code, hit[1]), "state", code)

    def _loyal(self, at: int) -> Found | None:
        """The actor that forces are "loyal to"."""
        if self.word(at) not in ("loyal", "allied", "answering") or self.word(at + 1) != "to":
            return None
        reach = range(at + 2, min(at + 8, len(self.words)))
        titled = any(lex.rulers().longest(self.words, j) for j in reach)
        for j in reach:
            ruler = lex.rulers().longest(self.words, j)
            if ruler is not None:
                found = self._ruled(j, *ruler)
                regime = ruler[1] in lexicon.load("actors")["rulers_rules"]["regime"]
                canonical = f"{lex.country_adjective(ruler[1])} {'regime' if regime else 'government'} forces"
                return found or Found(j, j + ruler[0] - 1, canonical, "state", ruler[1])
            named = self.name(j)
            if named is not None:
                return named
            home = self.context.home
            if self.word(j) in ("government", "regime", "president", "damascus") and home and not titled:
                word = "regime" if self.word(j) == "regime" else "government"
                return Found(j, j, f"{lex.country_adjective(home)} {word} forces", "state", home)
        return None

    def coalition(self, i: int) -> Found | None:
        """A bare "coalition": the one that the article names."""
        j = i + (self.word(i) in BEFORE_COALITION)
        if (
            self.word(j) not in ("coalition", "coalitions")
            or self.word(i - 1) in lex.word_set("around", "no_coalition")
            or self.is_modifier(j + 1)
        ):
            return None
        last = j
        while self.word(last + 1) in ("forces", "warplanes", "aircraft", "jets"):
            last += 1
        return Found(i, last, self.context.coalition or "coalition", "coalition", None)
