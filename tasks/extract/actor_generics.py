"""Reads the actors with no name: "masked gunmen", "Islamist rebels", "terrorist groups", "men in military uniforms"."""

from __future__ import annotations

from typing import Final

from tasks.extract import actor_lexicon as lex
from tasks.extract.actor_passage import Found, Passage

_MAXIMUM_MODIFIERS: Final = 5
# After "sniper shot": it is the verb.
_SHOT_AT: Final = frozenset("dead and a an the at him her two three four five one his their".split())
# Who may be an armed actor by dress.
PEOPLE: Final = frozenset({"men", "individuals", "persons", "people", "man", "youths", "attackers"})


class GenericReader(Passage):
    """Looks for an actor with no name at one word of the passage."""

    def generic(self, i: int) -> Found | None:
        """Actors with no name: "masked gunmen", "Islamist rebels", "terrorist groups", "rebel" before "shelling"."""
        k, modifiers = i, lex.word_set("generic", "heads", "modifiers")
        makers, heads = lex.word_set("generic", "heads", "makers"), lex.word_set("generic", "heads", "words")
        best: Found | None = None
        while k < min(i + _MAXIMUM_MODIFIERS + 1, len(self.words)):
            noun = lex.generic_nouns().longest(self.words, k)
            if self.word(k) in heads and k > i and self._made(i, k, makers):
                best = Found(i, k, "", "generic", None)
            elif noun is not None and self._is_actor_noun(k, noun[0]):
                best = Found(i, k + noun[0] - 1, noun[1], "generic", None)
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
        if self._is_acronym(i - 1) and self._adjacent(i - 1, i):
            best.canonical = f"{self.texts[i - 1]} {best.canonical}"  # "ELF guerrillas"
        return best

    def _is_acronym(self, i: int) -> bool:
        """Whether a word is the name of a group in capitals that no list has."""
        return (
            i >= 0
            and len(self.texts[i]) > 2
            and self.texts[i].isupper()
            and self.texts[i].isalpha()
            and not (self.titled or self.shouted)
            and self.word(i) not in ("the", "and", "for", "usa", "sos", "ngo", "sim", "atv", "suv")
        )

    def _uniformed(self, i: int) -> Found | None:
        """People who are armed actors by their dress: "men in military uniforms"."""
        if self.word(i) not in PEOPLE:
            return None
        if self.word(i + 1) not in lex.word_set("dress", "before"):
            return None
        if self.word(i + 2) == "as":  # "men dressed as hunters", "men disguised as police officers"
            last = next((j for j in range(i + 3, i + 7) if self.word(j).endswith(("s", "men", "police"))), None)
            return None if last is None else Found(i, last, self.written(i, last), "generic", None)
        for j in range(i + 2, min(i + 6, len(self.words))):
            if self.word(j) in lex.word_set("dress", "words"):
                return Found(i, j, self.written(i, j).lower(), "generic", None)
        return None

    def unlisted(self, i: int) -> Found | None:
        """A group that actors.csv does not list, kept as written: "the Sawaiq al-Rahman Brigade", "the Tuareg Liberation Front"."""
        if (
            not self.texts[i][:1].isupper()
            or self.titled
            or self.shouted
            or self.word(i) in lex.word_set("unlisted", "not_first")
        ):
            return None
        last = i
        while (
            last + 1 < len(self.words)
            and last < i + 6
            and self._adjacent(last, last + 1)
            and self._is_name_word(last + 1)
        ):
            last += 1
        while last > i:
            head, before = self.word(last), self.words[i:last]
            sure = head in lex.word_set("unlisted", "heads") and not self.country(i)
            if sure or (
                head in lex.word_set("unlisted", "weak_heads") and set(before) & lex.word_set("unlisted", "makers")
            ):
                return Found(i, last, self.written(i, last), "armed_group", None)
            last -= 1
        return None

    def may_open_unlisted(self) -> set[int]:
        """The words at which a name of an unlisted group may start: capitals with a word for a group ahead."""
        heads = lex.unlisted_heads()
        if heads.isdisjoint(self.words):
            return set()
        near = {j for i, word in enumerate(self.words) if word in heads for j in range(max(0, i - 6), i)}
        return {i for i in near if self.texts[i][:1].isupper()}

    def _is_name_word(self, i: int) -> bool:
        text = self.texts[i]
        return text[:1].isupper() or text in (
            "al",
            "of",
            "de",
            "the",
            "for",
            "del",
            "brigade",
            "brigades",
            "militia",
            "battalion",
            "cartel",
            "gang",
        )

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
            any(w in ("unidentified", "unknown") for w in before) and self.word(k) == "men"
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
        if word in ("sniper", "snipers") and self.word(k + 1) in lex.word_set("weapons", "of_snipers"):
            return self.word(k + 1) == "shot" and self.word(k + 2) in _SHOT_AT
        return not self.is_modifier(k + size) and self.word(k - 1) not in ("anti", "counter", "ex", "former")

    def _fired_later(self, k: int) -> bool:
        return any(w in lex.word_set("weapons", "fired") for w in self.words[k + 1 : k + 8])

    def _plain(self, found: Found) -> str:
        """The words as written, without "unidentified" and the like, the noun in the plural."""
        written = self.written(found.first, found.last).split()
        noun_words = found.canonical.split() if found.canonical else []
        dropped = {"unidentified", "unknown", "heavily", "so", "called", "so-called", "lone", "suspected"}
        if noun_words:
            noun_size = len(noun_words) if found.last - found.first + 1 >= len(noun_words) else 1
            head = written[: len(written) - noun_size]
        else:
            head, noun_words = written, []
        proper = not self.titled
        kept = [
            w
            if proper
            and w[:1].isupper()
            and lex.fold(w) not in lex.word_set("generic", "heads", "words")
            and (k or lex.countries().longest([lex.fold(w.split("-")[0])], 0))
            else w.lower()
            for k, w in enumerate(head)
            if lex.fold(w) not in dropped
        ]
        return " ".join([*kept, *noun_words])
