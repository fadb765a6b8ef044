"""Finds whom a sentence attributes its report to, and the words that cast doubt on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from tasks.extract import source_lexicon as lex
from tasks.extract.actor_lexicon import countries, fold
from tasks.extract.source_bare import finders, headline_phrase, opening_phrase, reactions
from tasks.extract.source_edges import TITLES, Phrase
from tasks.extract.source_phrases import attributions
from tasks.extract.spans import ActorExpression, Source
from tasks.extract.victims import is_person_noun

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Span, Token

_WORDS: Final = re.compile(r"[^\W_][\w.'’]*")
_NOBODY: Final = frozenset({"no", "nobody", "neither"})  # "no group said it was behind the blast"
_ARTICLES: Final = frozenset({"a", "an", "the", "one", "another", "some", "its", "our", "their", "his", "her"})
_PERSONLESS: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july",
  "august", "september", "october", "november", "december", "ramadan", "syria", "iraq"})  # fmt: skip
# Without an article these are people of the kind, not those named before.
_PEOPLE: Final = frozenset({"officials", "officers"})
# "a monitor", "the Britain-based monitoring group": the monitor that the article names.
_MONITOR_NOUNS: Final = frozenset({"monitor", "monitors", "monitoring", "watchdog", "observatory", "ngo"})


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What the article as a whole says about its sources.

    Attributes:
        home: ISO code of the country at war, for telling whose voice a state agency is.
        monitor: The monitor that the article names (most often); "a monitor said" is it.
    """

    home: str | None = None
    monitor: str | None = None


@lru_cache(maxsize=65536)
def _folded(chunk: str) -> tuple[str, ...]:
    """The folded words between two blanks."""
    return tuple(w for w in map(fold, _WORDS.findall(chunk)) if w)


def read_source_context(text: str, home: str | None = None) -> SourceContext:
    """Reads from a whole article (title and text) which monitor it leans on.

    Args:
        text: The article.
        home: `ActorContext.home`.
    """
    lowered = text.lower()
    if not any(word in lowered for word in lex.monitor_words()):
        return SourceContext(home)
    words = list(chain.from_iterable(map(_folded, text.split())))
    monitors: Counter[str] = Counter()
    openings, end = lex.starters(), 0
    for i in [i for i, word in enumerate(words) if word in openings or word[:-1] in openings]:
        hit = lex.names().longest(words, i) if i >= end else None
        if hit is None:
            continue
        if hit[1].kind == "monitor" and not hit[1].acronym:
            # "the observatory" alone counts for the full name only where that is written out
            monitors[hit[1].name] += 1 if hit[0] > 1 else 0
        end = i + hit[0]
    best = monitors.most_common(1)
    return SourceContext(home, best[0][0] if best and best[0][1] else None)


def find_sources(
    sentence: Span,
    *,
    actors: Sequence[ActorExpression] = (),
    context: SourceContext | None = None,
    previous: Sequence[Source] = (),
) -> list[Source]:
    """Whom a sentence names for what it reports, in the order of the words; [] where it names nobody.

    Reads "X said", "according to X", "X told Y" (both), "citing X", bare final attributions of text that lost its commas
    and of headlines ("… kill 18: monitor"), and, with `previous`, pronouns and back references ("it said", "the source added").

    Args:
        sentence: A parsed sentence.
        actors: Actors of the passage: a speaker among them is a belligerent.
        context: What `read_source_context` said of the article.
        previous: Sources of the article's earlier sentences, oldest first.
    """
    context = context or SourceContext()
    found: list[Source] = []
    for phrase in attributions(sentence):
        for source in _read(phrase, sentence, actors, context, previous):
            if all(source.name != other.name for other in found):
                found.append(source)
    if not found:
        final = opening_phrase(sentence, actors) or headline_phrase(sentence)
        phrases = [final] if final is not None else [*reactions(sentence), *finders(sentence)]
        for phrase in phrases:
            found += _read(phrase, sentence, actors, context, previous)
    return found


def _read(
    phrase: Phrase,
    sentence: Span,
    actors: Sequence[ActorExpression],
    context: SourceContext,
    previous: Sequence[Source],
) -> Iterator[Source]:
    """The sources that one speaker phrase names: the bodies and the person in it, else its words."""
    doc = sentence.doc
    span = doc[phrase.first : phrase.last + 1]
    if {doc[phrase.first].lower_, doc[max(0, phrase.first - 1)].lower_} & _NOBODY:
        return
    reach = doc[max(sentence.start, phrase.first - 6) : min(phrase.last + 4, sentence.end)]
    known = [k for k in _known(reach) if k[1] >= phrase.first and k[0] <= phrase.last]
    for first, last, body in known:
        party = body.party is not None and body.party in ("*", context.home)
        yield _source(doc, first, last, body.name, body.kind, party, phrase.rule)
    head = doc[phrase.head]
    word = head.lower_
    if head.tag_.startswith("PRP") or word in lex.word_list("anaphora", "pronouns"):
        yield from _back_reference(phrase, doc, previous, None)
    elif known and (person := _person_after(phrase, doc)) is not None:
        yield _source(
            doc, *person, doc[person[0] : person[1] + 1].text, *_kind_and_side(span, actors, None), "said (person)"
        )
    elif any(first <= phrase.head <= last for first, last, _ in known):
        return
    elif not known and context.monitor and _is_the_monitor(word, span):
        yield _source(doc, phrase.first, phrase.last, context.monitor, "monitor", False, "monitor named in the article")
    elif word in lex.kind_of():
        yield from _described(phrase, doc, span, bool(known), actors, previous)
    elif head.tag_ in ("NNP", "NNPS") and word not in _PERSONLESS and phrase.rule != "told to":
        first, last = _name_around(phrase, doc)
        kind, belligerent = _kind_and_side(span, actors, None)
        rule = phrase.rule + " (person)" if known else phrase.rule
        yield _source(doc, first, last, doc[first : last + 1].text, kind, belligerent, rule)
    elif not known and (_speaks(phrase, span) or _is_person(phrase, head)):
        kind, belligerent = _kind_and_side(span, actors, None)
        comma = next((t.i for t in span if t.text == "," and t.i > phrase.head), phrase.last + 1)
        yield _source(doc, phrase.first, comma - 1, _plain(doc[phrase.first : comma]), kind, belligerent, phrase.rule)


def _person_after(phrase: Phrase, doc: Doc) -> tuple[int, int] | None:
    """The name of the one who speaks for a body: "a U.N. spokeswoman, Maj. Ana Ruiz, said"."""
    head = doc[phrase.head]
    if head.lower_ not in lex.word_list("anaphora", "nouns") and lex.kind_of().get(head.lower_) is None:
        return None
    after = next((t.i for t in doc[phrase.head + 1 : phrase.last + 2] if t.text == ","), None)
    if after is not None and after + 2 < len(doc) and doc[after + 1].tag_ == "NNP" and head.dep_ == "nsubj":
        end = after + 1
        while end + 1 < len(doc) and doc[end + 1].tag_ in ("NNP", "HYPH"):
            end += 1
        if end + 1 < len(doc) and doc[end + 1].text == "," and end > after + 1:
            return _name_around(replace(phrase, first=after + 1, head=end, last=end), doc)
    for child in head.children:
        if child.dep_ == "appos" and phrase.head < child.i <= phrase.last and child.tag_ == "NNP":
            first, last = _name_around(replace(phrase, first=phrase.head + 1, head=child.i), doc)
            return (first, last) if first < last else None
    return None


def _is_person(phrase: Phrase, head: Token) -> bool:
    """Whether somebody speaks whom no list of speakers has: "the village headman", "a missionary", "a member of the council"."""
    return phrase.rule == "said" and head.tag_ in ("NN", "NNS") and is_person_noun(head.lower_)


def _speaks(phrase: Phrase, span: Span) -> bool:
    """Whether a phrase whose head is no known speaker's noun still is one: by "according to", or by a noun before the head.

    "according to the local emergency room"; "the human rights network RNDDH".
    """
    if phrase.rule in ("according to", "as per"):
        return not any(t.lower_ in lex.word_list("unspoken", "words") for t in span)
    inside = span[: phrase.head - phrase.first]
    return any(t.lower_ in lex.kind_of() and t.tag_.startswith("NN") for t in inside)


def _described(
    phrase: Phrase, doc: Doc, span: Span, known: bool, actors: Sequence[ActorExpression], previous: Sequence[Source]
) -> Iterator[Source]:
    """The source that a phrase with a speaker's noun describes ("a police source", "the group")."""
    word = doc[phrase.head].lower_
    if known:
        return  # "an AFP reporter", "the head of the Observatory": the body itself
    kind, belligerent = _kind_and_side(span, actors, lex.kind_of()[word])
    if not known and word in lex.word_list("anaphora", "nouns") and _is_bare(span, phrase.head - phrase.first):
        referred = list(_back_reference(phrase, doc, previous, kind))
        if referred:
            yield from referred
            return
    if (named := _named_so(doc, phrase.last)) is not None:
        phrase = replace(phrase, first=named[0], last=named[1])
    end = phrase.last
    aside = next((t.i for t in doc[phrase.head + 1 : end] if t.text == "," and doc[t.i + 1].lower_ == "in"), None)
    if aside is not None:
        end = aside - 1  # "the diocese, in a communique, said"
    if end + 1 < len(doc) and doc[end + 1].text.isdigit() and doc[end].tag_ in ("NNP", "NNPS"):
        end += 1  # "news network Deir az-Zour 24"
    yield _source(doc, phrase.first, end, _plain(doc[phrase.first : end + 1]), kind, belligerent, phrase.rule)


def _named_so(doc: Doc, last: int) -> tuple[int, int] | None:
    """The name in "the group known as Peace Watch", "a militia calling itself the Wolves"."""
    words = doc.lower[last + 1 : last + 3]
    if words not in (["known", "as"], ["calling", "itself"]):
        return None
    first = last + 3
    if first < len(doc) and doc[first].lower_ == "the":
        first += 1
    end = first
    while end < len(doc) and (doc[end].text[:1].isupper() or doc[end].lower_ in ("for", "of", "and", "without")):
        end += 1
    return (first, end - 1) if end > first else None


def _is_the_monitor(word: str, span: Span) -> bool:
    return word in _MONITOR_NOUNS or (
        word in ("group", "groups", "organization", "organisation") and _says_monitor(span)
    )


def _kind_and_side(span: Span, actors: Sequence[ActorExpression], kind: str | None) -> tuple[str, bool]:
    """The kind of a speaker, and whether it is a party to the fighting: an armed actor by name or by its noun."""
    speaking = [a for a in actors if a.start < span.end_char and a.end > span.start_char]
    sides = {a.kind for a in speaking if a.kind != "generic"}
    police = any(t.lower_.startswith("police") for t in span)
    kind = _kind_by_words(span) or kind
    if kind == "armed_group" and not speaking and not any(t.lower_ in lex.word_list("nouns", "armed") for t in span):
        kind = "other"  # "the rights group", "the lawyers' group"
    if kind in (None, "other") and sides:
        kind = "armed_group" if "armed_group" in sides else "military" if "coalition" in sides else "official"
    if kind is None:
        kind = "official" if countries().longest([t.form.folded for t in span], 0) else "other"
    belligerent = kind in ("military", "armed_group") or (bool(sides) and kind == "official" and not police)
    return kind, belligerent


def _source(doc: Doc, first: int, last: int, name: str, kind: str, belligerent: bool, rule: str) -> Source:
    span = doc[first : last + 1]
    return Source(span.start_char, span.end_char, name, kind, belligerent, rule)


def _known(span: Span) -> Iterator[tuple[int, int, lex.KnownSource]]:
    """The known names inside a phrase, with their first and last token."""
    kept = [t for t in span if t.text not in ("-", "–", "'", "’", "/", '"', "'s", "’s")]
    words = [t.form.folded for t in kept]
    i = 0
    while i < len(words):
        hit = lex.names().longest(words, i)
        if hit is not None:
            size, body = hit
            written = "".join(t.text for t in kept[i : i + size]).replace(".", "").removesuffix("s")
            capital = kept[i].text[:1].isupper() or body.name == "Syrian Observatory for Human Rights"
            if (written.isupper() or not body.acronym) and capital:
                yield kept[i].i, kept[i + size - 1].i, body
                i += size
                continue
        i += 1


def _says_monitor(span: Span) -> bool:
    return any(t.lower_ in ("monitoring", "monitor", "watchdog", "britain", "uk", "rights", "british") for t in span)


def _is_bare(span: Span, head: int) -> bool:
    """Whether a noun only points back: "the group", "sources", "the same source"."""
    return (
        all(t.lower_ in ("the", "same", "this", "that") for t in span[:head])
        and head == len(span) - 1
        and (len(span) > 1 or (span[0].tag_ in ("NNS", "NN") and span[0].lower_ not in _PEOPLE))
    )


def _back_reference(phrase: Phrase, doc: Doc, previous: Sequence[Source], kind: str | None) -> Iterator[Source]:
    """The source of an earlier sentence that "it", "he" or "the group" stands for: the last one that can be meant."""
    named = [k for k in _known(doc[: phrase.first]) if k[2].kind in ("monitor", "activist", "medical", "other")]
    if kind in ("armed_group", "monitor", "other") and named:
        body = named[-1][2]
        yield _source(doc, phrase.first, phrase.last, body.name, body.kind, False, "back reference")
        return
    own = [s for s in previous if s.rule != "told to"]
    if doc[phrase.head].lower_ in ("he", "she"):
        own = [s for s in own if not _is_body(s)]
    if kind in ("monitor", "agency", "media", "medical"):
        own = [s for s in own if s.kind == kind] or own
    if own:
        last = own[-1]
        yield _source(doc, phrase.first, phrase.last, last.name, last.kind, last.belligerent, "back reference")


def _is_body(source: Source) -> bool:
    """Whether a source is an agency, a monitor or another known body, which "he" or "she" never means."""
    words = [fold(w) for w in source.name.split()]
    return source.kind in ("agency", "media", "monitor") or lex.names().longest(words, 0) is not None


def _name_around(phrase: Phrase, doc: Doc) -> tuple[int, int]:
    """The run of proper nouns around the head: "Rami Abdel Rahman", titles left out."""
    first = last = phrase.head
    while first > phrase.first and (doc[first - 1].tag_ in ("NNP", "NNPS", "HYPH") or doc[first - 1].text == "-"):
        if doc[first - 1].lower_ in _PERSONLESS:
            break
        first -= 1
    while (
        last < phrase.last and doc[last + 1].tag_ in ("NNP", "NNPS", "HYPH") and doc[last + 1].lower_ not in _PERSONLESS
    ):
        last += 1
    if last < phrase.last and doc[last + 1].tag_ == "CD" and doc[last + 1].text.isdigit():
        last += 1  # "Channel 4", "Deir az-Zour 24"
    while first < last and (doc[first].lower_.rstrip(".") in TITLES or doc[first].text == "."):
        first += 1
    return first, last


def _kind_by_words(span: Span) -> str | None:
    """The kind that the words of a phrase show where its head does not: "defence ministry" is military."""
    words = {t.lower_ for t in span}
    if words & {"defense", "defence"} and words & {"ministry", "minister", "department"}:
        return "military"
    kinds = lex.kind_of()
    if words & {"spokesman", "spokeswoman", "spokesperson", "official", "source", "sources", "reporter", "statement"}:
        for special in ("military", "medical", "media", "armed_group", "activist"):
            if any(kinds.get(w) == special for w in words):
                return special
    for token in span:
        if token.tag_.startswith("NN") and kinds.get(token.lower_):
            return kinds[token.lower_]
    return None


def _plain(span: Span) -> str:
    """The words of a phrase without their article."""
    start = 0
    while start < len(span) - 1 and span[start].lower_ in _ARTICLES:
        start += 1
    text = span[start:].text.strip(" ,.\"'“”")
    if text.count("(") > text.count(")"):
        text = text[: text.rindex("(")]
    return text.strip(" ,.\"'“”(")


def belief(sentence: Span) -> frozenset[str]:
    """What a sentence says against a report: any of "unverified", "denied", "disputed"."""
    folded = [w for t in sentence if (w := t.form.folded)]
    if lex.belief_words().isdisjoint(folded):
        return frozenset()
    words = f" {' '.join(folded)} "
    return frozenset(name for name, phrases in lex.belief_phrases().items() if any(p in words for p in phrases))
