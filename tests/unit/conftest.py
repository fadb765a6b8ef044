"""One reader for all unit tests of a session: its spaCy pipeline and gazetteer take a second or two to load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tasks.extract.engine import ArticleText, Reader, Reading
from tasks.extract.parsed import Doc
from tasks.extract.reports import ArticleContext, Sentence, judge_figures, read_sentence
from tasks.extract.sentences import sentence_spans

ReadSentences = Callable[..., list[Sentence]]
Parse = Callable[[str], Doc]
ReadArticle = Callable[..., Reading]
PUBLISHED = dt.date(2024, 5, 16)  # a Thursday


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The reader with its default pipeline."""
    return Reader()


@pytest.fixture(scope="session")
def parse(reader: Reader) -> Parse:
    """Parses a text as the reader parses a sentence."""
    return lambda text: next(reader.parser.parse([text]))


@pytest.fixture(scope="session")
def read_sentences(reader: Reader) -> ReadSentences:
    """Reads a text sentence by sentence, each figure judged."""

    def read(text: str, published_on: dt.date | None = PUBLISHED) -> list[Sentence]:
        context = ArticleContext.of(text, published_on)
        spans = list(sentence_spans(text))
        docs = reader.parser.parse([text[start:end] for start, end in spans])
        sentences = []
        for order, ((start, _), doc) in enumerate(zip(spans, docs, strict=True), 1):
            sentence = read_sentence(doc, order, "text", start, context, [])
            judge_figures(sentence, published_on)
            sentences.append(sentence)
        return sentences

    return read


@pytest.fixture(scope="session")
def read_article(reader: Reader) -> ReadArticle:
    """Reads an article given by its text, title and day of publication."""

    def read(
        text: str,
        title: str | None = None,
        published_on: dt.date | None = PUBLISHED,
        standfirst: str | None = None,
        article_id: str = "a1",
    ) -> Reading:
        return reader.read(ArticleText(article_id, title, standfirst, text, published_on, "The Courier"))

    return read
