"""Finds the speaker phrases of a sentence: the words before or after "said", after "according to", after "told"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tasks.extract import source_lexicon as lex
from tasks.extract.place_words import place_words
from tasks.extract.source_edges import (
    DAYS,
    DETERMINERS,
    Phrase,
    first_of_name,
    is_acronym,
    left_of,
    phrase_after,
    right_of,
)

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Span, Token

_PLACING: Final = frozenset({"of", "in", "at", "near", "outside", "from", "to"})
# "activists in the town reported": where they are.
_SCENES: Final = frozenset(
    {"town", "city", "area", "province", "village", "region", "country", "capital", "district", "camp", "scene", "site"}
)
# "was put at 14 by": with the toll before who puts it.
_PUT: Final = frozenset({"put", "placed", "estimated", "raised", "revised"})
_CLAUSAL: Final = frozenset({"VBD", "VBZ", "VBP", "WDT", "WP", "IN", "RB", ",", "PRP"})
_JOINING: Final = frozenset({"and", "but", "then"})
_LONGEST_END: Final = 5  # words of a speaker that ends a headline
_CLAUSE: Final = 14  # words from a speaker over its relative clause to the verb


def attributions(sentence: Span) -> Iterator[Phrase]:
    """The speaker phrases of a sentence, in the order of their verbs."""
    doc = sentence.doc
    openings, cite, say = lex.speech_words(), lex.word_list("verbs", "cite"), lex.word_list("verbs", "say")
    for token in sentence:
        word = token.lower_
        if word not in openings:
            continue
        if word in ("according", "accord") and token.i + 1 < sentence.end and doc[token.i + 1].lower_ == "to":
            start = _conveyed_by(doc, token.i + 2, sentence.end)
            yield from phrase_after(doc, start, sentence.end, "according to")
        elif word == "per" and token.i > sentence.start and doc[token.i - 1].lower_ == "as":
            yield from phrase_after(doc, token.i + 1, sentence.end, "as per")
        elif word in cite:
            yield from phrase_after(doc, token.i + 1, sentence.end, "citing")
            if word in ("quoted", "cited", "quotes") and (subject := _quoted_or_quoting(token)) is not None:
                yield from of_subject(doc, subject, token, sentence, "said")
        elif (
            word in ("statement", "interview", "statements")
            and token.i + 1 < sentence.end
            and doc[token.i + 1].lower_ in ("to", "with", "by")
        ):
            yield from phrase_after(
                doc, token.i + 2, sentence.end, "told to" if doc[token.i + 1].lower_ != "by" else "according to"
            )
        elif word in ("learned", "learnt") and token.i + 1 < sentence.end and doc[token.i + 1].lower_ == "from":
            yield from phrase_after(doc, token.i + 2, sentence.end, "citing")
        elif word in say:
            yield from _of_verb(doc, token, sentence)
        elif word in ("hold", "holds", "held") and "responsible" in doc.lower[token.i + 1 : token.i + 10]:
            if (subject := subject_of(token)) is not None:
                yield from of_subject(doc, subject, token, sentence, "said")
        elif word in lex.word_list("verbs", "get") and (subject := _told_something(token)) is not None:
            yield from of_subject(doc, subject, token, sentence, "said")


def _quoted_or_quoting(verb: Token) -> Token | None:
    """The subject of "quoted", who speaks in "was quoted as saying by the agency" as well."""
    return subject_of(verb) or next((c for c in verb.children if c.dep_ == "nsubjpass"), None)


def _told_something(verb: Token) -> Token | None:
    """Who has it from others: "the monitor received testimonies", "the office was able to establish 38 names"."""
    if verb.tag_ == "VB":
        return subject_of(verb)
    words = lex.word_list("verbs", "got")
    return subject_of(verb) if any(c.dep_ == "dobj" and c.lower_ in words for c in verb.children) else None


def _conveyed_by(doc: Doc, start: int, stop: int) -> int:
    """Where those stand who have what was told: after "according to information available to", "testimonies gathered by"."""
    for i in range(start, min(start + 4, stop - 2)):
        if doc[i].text == ",":
            break
        if doc[i].lower_ in lex.word_list("verbs", "tolls") and doc[i + 1].lower_ in ("of", "by", "from"):
            return i + 2  # "a toll from the observatory", "the count of that group"
        given = doc[i + 1].tag_ in ("VBN", "JJ", "VBD") and doc[i].tag_ in ("NN", "NNS")
        if given and doc[i + 2].lower_ in ("to", "by", "from"):
            return i + 3
    return start


def _of_verb(doc: Doc, verb: Token, sentence: Span) -> Iterator[Phrase]:
    if verb.lower_ in ("claimed", "claims", "claim", "claiming") and not _claims_a_statement(verb):
        return
    if (agent := _agent(verb, sentence)) is not None:
        if any(c.dep_ == "neg" for c in verb.children):
            return  # "have not been verified by independent media"
        yield from phrase_after(doc, agent.i + 1, sentence.end, "reported by")
        return
    if not _says_something(verb):
        return
    weak = verb.lower_ in lex.word_list("verbs", "weak")
    if weak and not verb.tag_.startswith("V") and not any(c.dep_ == "nsubj" for c in verb.children):
        at_end = verb.i + 1 >= sentence.end or verb.doc[verb.i + 1].text == "."
        if verb.lower_ == "reports" and at_end and (phrase := _before(doc, verb.i - 1, sentence.start)) is not None:
            yield phrase  # "…, the state news agency reports."
        return
    following = doc[verb.i + 1] if verb.i + 1 < sentence.end else None
    if _ends_with_speaker(doc, verb, sentence.end):
        yield from phrase_after(doc, verb.i + 1, sentence.end, "said")
        return
    subject = subject_of(verb)
    if (subject is None or subject.i < verb.i) and (aside := _behind_a_clause(doc, subject, verb, sentence.start)):
        subject = aside
    if subject is not None and subject.lower_ in place_words().attack_nouns:  # "strikes killed 12 in X activists said"
        subject = doc[verb.i - 1] if doc[verb.i - 1].lower_ in lex.kind_of() else None
    if subject is not None and subject.i < verb.i:
        subject = _speaker_of(doc, subject, sentence.start)
        if subject is None and following is not None and following.lower_ in ("the", "a", "an"):
            yield from phrase_after(doc, verb.i + 1, sentence.end, "said")  # "… east of the town said the monitor"
            return
    if subject is not None:
        yield from of_subject(doc, subject, verb, sentence, "said")
    elif not weak or verb.lower_ in ("reported", "reports"):
        phrase = _before(doc, verb.i - 1, sentence.start) or (
            next(phrase_after(doc, verb.i + 1, sentence.end, "said"), None) if not weak else None
        )
        if phrase is not None:
            yield phrase
    if verb.lower_ in lex.word_list("verbs", "tell") and following is not None:
        yield from phrase_after(doc, verb.i + 1, sentence.end, "told to")


def _ends_with_speaker(doc: Doc, verb: Token, end: int) -> bool:
    """Whether nothing but a name or noun follows, behind a comma: "…, says ministry"; the parse often takes another for the speaker."""
    if verb.lower_ not in ("says", "say", "said") or verb.i < 3 or doc[verb.i - 1].text != ",":
        return False
    after = [t for t in doc[verb.i + 1 : end] if not t.is_punct]
    return 0 < len(after) <= _LONGEST_END and all(t.tag_.startswith(("NN", "JJ", "VBN")) for t in after)


def _agent(verb: Token, sentence: Span) -> Token | None:
    """The "by" of "was confirmed by", "was put at 14 on Monday by"; not of "said by telephone", "has not been verified by"."""
    if verb.tag_ not in ("VBN", "VBD", "JJ") or verb.lower_ in ("told", "responded", "replied", "answered", "reacted"):
        return None
    if verb.i + 1 < sentence.end and verb.doc[verb.i + 1].lower_ == "by":
        agent: Token | None = verb.doc[verb.i + 1]
    elif verb.lower_ in _PUT:
        agent = next((c for c in verb.children if c.dep_ == "agent" and c.lower_ == "by" and c.i > verb.i), None)
    else:
        return None
    if agent is None or set(verb.doc.lower[agent.i + 1 : agent.i + 4]) & lex.word_list("verbs", "channels"):
        return None
    return agent


def _says_something(verb: Token) -> bool:
    """Whether a verb that is not always one of speech reports here: by a clause after it, or by a toll that it puts."""
    word = verb.lower_
    if word in lex.word_list("verbs", "clausal"):
        return _has_clause(verb)
    if word in lex.word_list("verbs", "of_toll"):
        return any(c.dep_ == "dobj" and c.lower_ in lex.word_list("verbs", "tolls") for c in verb.children)
    return True


def _has_clause(verb: Token) -> bool:
    """Whether a clause or what was said stands by the verb: "the police fear that 12 drowned", "…, the inquiry concluded"."""
    following = verb.doc[verb.i + 1].text if verb.i + 1 < len(verb.doc) else "."
    if following == "." and verb.i and verb.doc[verb.i - 1].lower_ in lex.kind_of():
        return True  # "…, the prosecutor found."
    return any(c.dep_ == "ccomp" for c in verb.children) or "that" in verb.doc.lower[verb.i + 1 : verb.i + 3]


def _claims_a_statement(verb: Token) -> bool:
    """Whether "claimed" is a report, not a claim of responsibility or of lives."""
    after = verb.doc.lower[verb.i + 1 : verb.i + 7]
    if not after or after[0] in (".", ",", "that", "to", "it", "they", "he", "she"):
        return True
    return any(c.dep_ == "ccomp" for c in verb.children) or (
        verb.dep_ == "ROOT" and any(c.dep_ == "ccomp" for c in verb.children)
    )


def _speaker_of(doc: Doc, subject: Token, start: int) -> Token | None:
    """The noun that speaks where the parse took the end of its phrase: "mission" of "the mission in the Republic"; None: a place.

    A name right behind a preposition is no speaker by itself: "… north of Ippy said".
    """
    for _ in range(3):
        first = left_of(doc, subject.i, start)
        while first > start and doc[first - 1].lower_ in DETERMINERS:
            first -= 1
        before = first - 2
        placed = before >= start and doc[first - 1].lower_ in _PLACING
        if not placed or not (subject.tag_ in ("NNP", "NNPS") or subject.lower_ in _SCENES):
            return subject
        if not (doc[before].tag_.startswith("NN") and doc[before].lower_ in lex.kind_of()):
            # "… in eastern Ghouta Peace News Network reports"
            several = doc[subject.i - 1].text[:1].isupper() and subject.lower_ in lex.kind_of()
            speaks = several or lex.names().longest([subject.form.folded], 0) is not None
            return subject if speaks or _follows_a_noun(subject) else None
        subject = doc[before]
    return subject


def _follows_a_noun(name: Token) -> bool:
    """Whether an acronym comes right after the words of what it tells, in text without commas: "… died in the process PNN reported"."""
    before = name.doc[name.i - 1] if name.i else name
    return is_acronym(name) and before.tag_ == "NN" and before.text.islower()


def _behind_a_clause(doc: Doc, subject: Token | None, verb: Token, start: int) -> Token | None:
    """The speaker whom a clause keeps from the verb where the parse took an earlier noun: "…, a priest who escaped said"."""
    for i in range(verb.i - 2, max(start if subject is None else subject.i, verb.i - _CLAUSE) - 1, -1):
        if doc[i].text != ",":
            continue
        head = next((t for t in doc[i + 2 : verb.i] if t.tag_ in ("NN", "NNS")), None)
        if head is None or head is subject or head.lower_ not in lex.kind_of() or not _opens_a_phrase(doc[i + 1]):
            return None
        if doc[head.i + 1].lower_ in ("who", "whose"):
            return head
        # "separatists took 79 pupils from a school in Bamenda, the governor of the region said"
        between = doc[i + 1 : verb.i]
        if any(t.tag_ in _CLAUSAL and t.lower_ not in _PLACING for t in between):
            return None
        while doc[head.i + 1].tag_[:2] == "NN":
            head = doc[head.i + 1]
        return head
    return None


def _opens_a_phrase(token: Token) -> bool:
    return token.lower_ in DETERMINERS or token.tag_ in ("NN", "NNS", "NNP", "JJ")


def subject_of(verb: Token) -> Token | None:
    """Who speaks by the verb: its subject, or that of the verb that it goes on from."""
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    if subjects:
        subject = min(subjects, key=lambda c: abs(c.i - verb.i))
        if subject.lower_ in ("who", "which") and verb.dep_ == "relcl" and verb.head.i == subject.i - 1:
            speaks = verb.head.tag_ in ("NNP", "NNPS") or verb.head.lower_ in lex.kind_of()
            return verb.head if speaks else subject  # "claimed by the brigade, which said …"
        return subject
    if verb.dep_ == "conj" and (verb.head.lower_ in lex.word_list("verbs", "say") or _tells_of_its_act(verb)):
        return subject_of(verb.head)
    before = verb.doc[verb.i - 1] if verb.i else verb
    if (
        _blames(verb)
        and before.tag_ in ("NNS", "NNPS", "NNP")
        and (before.lower_ in lex.kind_of() or before.tag_ != "NNS")
    ):
        return before  # "an attack residents blamed on the militia"
    if verb.dep_ == "xcomp" and verb.head.lower_ == "able":
        return subject_of(verb.head.head)
    if verb.dep_ in ("advcl", "xcomp") and verb.tag_ == "VBG":
        # "updating an earlier toll", "adding that": whoever speaks in the main clause
        for child in verb.head.children:
            if child.dep_ == "nsubj" and verb.head.lower_ in lex.word_list("verbs", "say"):
                return child
    return None


def _tells_of_its_act(verb: Token) -> bool:
    """Whether who acts goes on to report it: "raided a base and reported killing 11", "ambushed a column and claimed to have killed ten"."""
    joined = not _JOINING.isdisjoint(verb.doc.lower[max(verb.i - 2, 0) : verb.i])
    if not joined or verb.head.dep_ == "relcl" or verb.lower_ not in lex.word_list("verbs", "say"):
        return False
    return any(c.dep_ in ("ccomp", "xcomp") for c in verb.children)


def _blames(verb: Token) -> bool:
    following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    return (verb.lower_, following) in (("blamed", "on"), ("attributed", "to"), ("ascribed", "to"), ("pinned", "on"))


def of_subject(doc: Doc, subject: Token, verb: Token, sentence: Span, rule: str) -> Iterator[Phrase]:
    """The phrases of a subject and of those joined to it; none where nobody speaks ("the blast")."""
    if subject.lower_ in lex.word_list("unspoken", "speakers"):
        return
    if subject.tag_.startswith("PRP"):
        yield Phrase(subject.i, subject.i, subject.i, rule)
        return
    first = (
        first_of_name(subject) if _blames(verb) and subject.i == verb.i - 1 else left_of(doc, subject.i, sentence.start)
    )
    stop = verb.i if subject.i < verb.i else sentence.end
    last = right_of(doc, subject.i, stop)
    yield Phrase(first, last, subject.i, rule)
    for other in subject.conjuncts:
        if other.i > subject.i and other.i < stop and other.i > last:
            yield Phrase(left_of(doc, other.i, subject.i + 1), right_of(doc, other.i, stop), other.i, rule)


def _before(doc: Doc, end: int, start: int) -> Phrase | None:
    """The noun phrase that ends right before a verb of reporting that has no subject in the parse."""
    while end > start and (
        (
            doc[end].tag_ in ("RB", "MD", "VBZ", "VBD", "VBP")
            and doc[end].lower_ in ("has", "have", "had", "also", "later", "earlier")
        )
        or doc[end].text in (",", '"', "”")
    ):
        end -= 1
    if doc[end].text == ")" and end - 2 > start and doc[end - 2].text == "(":
        end -= 3  # "the Peace News Network (PNN) reported"
    if (
        end < start
        or not doc[end].tag_.startswith(("NN", "PRP"))
        or doc[end].lower_ in (lex.word_list("unspoken", "speakers") | DAYS)
    ):
        return None
    if doc[end].tag_.startswith("PRP"):
        return Phrase(end, end, end, "said")
    speaker = _speaker_of(doc, doc[end], start)
    return None if speaker is None else Phrase(left_of(doc, speaker.i, start), end, speaker.i, "said")
