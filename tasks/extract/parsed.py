"""A parsed sentence as plain objects: the part of spaCy's Doc, Span and Token that the rules read, several times as fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, TypeVar, overload

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form:
    """What a written word is wherever it stands."""

    lower: str
    shape: str
    is_alpha: bool
    is_punct: bool
    is_space: bool
    like_num: bool
    folded: str  # as names of actors and sources are compared


# The form of a word, and its tag, dependency, part of speech and lemma where it stands.
Told = tuple[Form, str, str, str, str]


class Token:
    """One word: what is written, its tag, part of speech and lemma, and its place in the tree (names as in spaCy)."""

    __slots__ = (
        "_conjuncts",
        "children",
        "dep_",
        "doc",
        "form",
        "head",
        "i",
        "idx",
        "lemma_",
        "lower_",
        "pos_",
        "tag_",
        "text",
        "whitespace_",
    )

    def __init__(
        self,
        doc: Doc,
        i: int,
        idx: int,
        text: str,
        whitespace: str,
        told: Told,
    ) -> None:
        self.doc = doc
        self.i = i
        self.idx = idx
        self.text = text
        self.whitespace_ = whitespace
        form, self.tag_, self.dep_, self.pos_, self.lemma_ = told
        self.form = form
        self.lower_ = form.lower
        self.head: Token = self
        self.children: Sequence[Token] = ()  # in the order of the sentence
        self._conjuncts: tuple[Token, ...] | None = None

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def shape_(self) -> str:
        """Its letters as X, x and d."""
        return self.form.shape

    @property
    def is_alpha(self) -> bool:
        """Whether it is made of letters alone."""
        return self.form.is_alpha

    @property
    def is_punct(self) -> bool:
        """Whether it is a mark of punctuation."""
        return self.form.is_punct

    @property
    def is_space(self) -> bool:
        """Whether it is made of blanks alone."""
        return self.form.is_space

    @property
    def like_num(self) -> bool:
        """Whether it is a number in digits or words."""
        return self.form.like_num

    @property
    def text_with_ws(self) -> str:
        """It and the blank behind it."""
        return self.text + self.whitespace_

    @property
    def ancestors(self) -> Iterator[Token]:
        """Its head, the head of that, up to the root."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    def is_ancestor(self, other: Token) -> bool:
        """Whether another token hangs on it, directly or not."""
        return any(ancestor is self for ancestor in other.ancestors)

    @property
    def subtree(self) -> Iterator[Token]:
        """It and all that hangs on it, in the order of the sentence."""
        children = self.children
        for child in children:
            if child.i > self.i:
                break
            yield from child.subtree
        yield self
        for child in children:
            if child.i > self.i:
                yield from child.subtree

    @property
    def left_edge(self) -> Token:
        """The first token of its subtree."""
        first = token = self
        while token.children and token.children[0].i < token.i:
            token = token.children[0]
            first = token
        return first

    @property
    def right_edge(self) -> Token:
        """The last token of its subtree."""
        token = self
        while token.children and token.children[-1].i > token.i:
            token = token.children[-1]
        return token

    @property
    def conjuncts(self) -> tuple[Token, ...]:
        """The tokens that it is coordinated with."""
        if self._conjuncts is None:
            start = self
            while start.head is not start and start.dep_ == "conj":
                start = start.head
            found = [start]
            for token in found:
                found += [child for child in token.children if child.i > token.i and child.dep_ == "conj"]
            self._conjuncts = tuple(token for token in found if token is not self)
        return self._conjuncts


class Span(list[Token]):
    """Tokens that stand side by side."""

    __slots__ = ("doc", "end", "start")

    doc: Doc
    start: int
    end: int

    @classmethod
    def of(cls, doc: Doc, start: int, end: int) -> Span:
        """The tokens from `start` up to `end`. No `__init__`: rules ask for spans more than for anything else, and a list makes itself faster."""
        span = cls(doc.tokens[start:end])
        span.doc, span.start, span.end = doc, start, end
        return span

    @overload
    def __getitem__(self, key: SupportsIndex) -> Token: ...
    @overload
    def __getitem__(self, key: slice) -> Span: ...
    def __getitem__(self, key: SupportsIndex | slice) -> Token | Span:
        if type(key) is slice:
            start, end, _ = key.indices(len(self))
            return Span.of(self.doc, self.start + start, self.start + max(start, end))
        return super().__getitem__(key)

    @property
    def start_char(self) -> int:
        """Where it begins in the text of the sentence."""
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """Where it ends in the text of the sentence."""
        if not self:
            return self.start_char
        last = self.doc.tokens[self.start + len(self) - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """Its words as written."""
        return self.doc.text[self.start_char : self.end_char] if self else ""

    @property
    def root(self) -> Token:
        """Its highest token in the tree, the first of several; marks and blanks only where there is nothing else."""
        for token in self:
            if token.head is token:
                return token
        outside = [t for t in self if not self.start <= t.head.i < self.end]

        def depth(token: Token) -> int:
            if (token.is_punct or token.is_space) and not token.children:
                return len(self.doc) - 1
            return sum(1 for _ in token.ancestors)

        if len(outside) == 1:
            return outside[0]
        return min(outside, key=depth) if outside else self[0]

    @property
    def sent(self) -> Span:
        """The sentence that it begins in, as the parser splits them."""
        starts, start, end = self.doc.sentence_starts, self.start, self.start + 1
        while start > 0 and start not in starts:
            start -= 1
        while end < len(self.doc) and end not in starts:
            end += 1
        return self.doc[start:end]

    def as_doc(self) -> Doc:
        """It as a sentence of its own; what hangs on words outside becomes a root."""
        offset, last = self.start_char, len(self) - 1
        part = Doc(self.text)
        part.sentence_starts = frozenset({0})
        for i, token in enumerate(self):
            blank = token.whitespace_ if i < last else ""
            told = token.form, token.tag_, token.dep_, token.pos_, token.lemma_
            part.tokens.append(Token(part, i, token.idx - offset, token.text, blank, told))
        part.link([t.head.i - self.start if self.start <= t.head.i < self.end else i for i, t in enumerate(self)])
        return part


class Doc(Sequence[Token]):
    """One sentence: its text and tokens, and a place for what rules keep with it."""

    __slots__ = ("lower", "sentence_starts", "text", "tokens", "user_data")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.lower: list[
            str
        ] = []  # the words in small letters: rules look at stretches of them more than at anything else
        self.sentence_starts: frozenset[int] = frozenset()  # where the parser sees a sentence begin
        self.user_data: dict[object, Any] = {}

    def remembered(self, key: object, work_out: Callable[[], T]) -> T:
        """What several rules ask of a sentence, or one for each of its figures, worked out once."""
        if key not in self.user_data:
            self.user_data[key] = work_out()
        found: T = self.user_data[key]
        return found

    def link(self, heads: Sequence[int]) -> None:
        """Hangs each token on its head, given by its index; a root is its own head. To be called when all tokens are there."""
        tokens = self.tokens
        self.lower = [token.lower_ for token in tokens]
        hanging: dict[int, list[Token]] = {}
        for token, head in zip(tokens, heads, strict=True):
            if head != token.i:
                token.head = tokens[head]
                hanging.setdefault(head, []).append(token)
        for head, children in hanging.items():
            tokens[head].children = children

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, key: SupportsIndex) -> Token: ...
    @overload
    def __getitem__(self, key: slice) -> Span: ...
    def __getitem__(self, key: SupportsIndex | slice) -> Token | Span:
        if type(key) is slice:  # not isinstance: rules ask for ten tokens a word
            start, end, _ = key.indices(len(self.tokens))
            return Span.of(self, start, max(start, end))
        return self.tokens[key]

    def char_span(self, start: int, end: int, alignment_mode: str = "strict") -> Span | None:
        """The tokens between two places in the text: exactly ("strict"), or all that they touch ("expand"); None: none."""
        first, last = self._token_at(start), self._token_at(end - 1)
        if first is None or last is None:
            return None
        token, final = self.tokens[first], self.tokens[last]
        if alignment_mode == "strict" and (start != token.idx or end != final.idx + len(final.text)):
            return None
        if alignment_mode == "expand" and start == token.idx + len(token.text):
            first += 1
        return Span.of(self, first, max(first, last + 1))

    def _token_at(self, place: int) -> int | None:
        """The token that holds a character, the blank behind it included."""
        if place < 0:
            return None
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            token = self.tokens[middle]
            if place < token.idx:
                high = middle
            elif place >= token.idx + len(token.text) + len(token.whitespace_):
                low = middle + 1
            else:
                return middle
        return None
