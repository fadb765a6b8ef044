"""Splits a paragraph into sentences and parses them: one spaCy Doc a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# nupunkt leaves two sentences together where the second begins with a number, or the first ends with a name.
_BREAK: Final = re.compile(r'(?<=[a-z0-9)"]{2}[.!?]) +(?=["“]?[A-Z0-9])')
_NO_BREAK_BEFORE: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Maj|Capt|Lt|Sgt|Brig|Rev|Sen|Gov|Rep|Prof|No|Nos|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mt|Ft|Co|Inc|Ltd|Jr|Sr|Hon|Pvt|Cpl|Adm|Cmdr|Supt|approx|etc|al)|\b[A-Z](?:\.[A-Z])*|a\.m|p\.m)\.$"
)
_LONGEST: Final = 2500


@cache
def _splitter() -> object:
    import nupunkt

    return nupunkt


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences of a text, blanks around them left out."""
    for paragraph in re.finditer(r"[^\n]+", text):
        offset = paragraph.start()
        for start, end in _splitter().sent_spans(paragraph.group()):  # type: ignore[attr-defined]
            yield from _split_again(text, offset + start, offset + end)


def _split_again(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if not _NO_BREAK_BEFORE.search(text[begin : match.start()]):
            yield from _trimmed(text, begin, match.start())
            begin = match.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    if end > start:
        yield start, end


_PARSE: Final = ("TAG", "POS", "DEP", "HEAD", "LEMMA")
# Words that the parser takes for something else, and a stand-in of the same length that it reads rightly.
_STAND_INS: Final = {"IS": "UN", "IS'": "UN'"}


def parse(nlp: Language, texts: Sequence[str], *, lower: frozenset[str] = frozenset()) -> Iterable[Doc]:
    """Parses sentences, each as one Doc whose text is the sentence unchanged.

    Args:
        nlp: Pipeline with tagger and parser.
        texts: The sentences.
        lower: Words that a headline capitalises though they are no names: parsed in lower case.
    """
    docs = [nlp.make_doc(text) for text in texts]
    shadows = [_shadow(nlp, doc, lower) for doc in docs]
    for doc, parsed in zip(
        docs, nlp.pipe([s or d for s, d in zip(shadows, docs, strict=True)], batch_size=64), strict=True
    ):
        yield doc if parsed is doc else _with_parse(doc, parsed)


def _shadow(nlp: Language, doc: Doc, lower: frozenset[str]) -> Doc | None:
    from spacy.tokens import Doc as SpacyDoc

    words = [t.text for t in doc] if doc.text.isupper() else [_STAND_INS.get(t.text, t.text) for t in doc]
    words = [w.lower() if w.lower() in lower and not w.islower() else w for w in words]
    if words == [t.text for t in doc]:
        return None
    return SpacyDoc(nlp.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc])


def _with_parse(doc: Doc, parsed: Doc) -> Doc:
    return doc.from_array(list(_PARSE), parsed.to_array(list(_PARSE)))  # type: ignore[arg-type]
