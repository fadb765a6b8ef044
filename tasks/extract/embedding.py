"""Keeps the vectors that a pipeline gives to words by their form alone: most words come again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import Model

_MOST_KEPT: Final = 50_000


def keep_embeddings(nlp: Language) -> None:
    """Lets a pipeline compute the first layer of each distinct word once; pipelines of another make stay as they are.

    The vectors are the same to the last bit: that layer sees the features of one word, and no neighbours.
    """
    from thinc.api import Model, chain

    if "tok2vec" not in nlp.pipe_names:
        return
    layers = getattr(nlp.get_pipe("tok2vec"), "model").layers  # noqa: B009 - spaCy's types know no model
    parts = layers[0].layers if layers and layers[0].name.startswith("extract_features>>list2ragged") else []
    if len(parts) < 3:
        return
    width = layers[0].get_dim("nO")
    layers[0] = Model[Any, Any]("kept_embedding", _Kept(parts[0], chain(*parts[1:]), width), dims={"nO": width})


class _Kept:
    """A layer that asks another one only for rows of features that it has not seen yet."""

    def __init__(self, features: Model[Any, Any], embed: Model[Any, Any], width: int) -> None:
        import numpy as np

        self._features = features
        self._embed = embed
        self._places: dict[bytes, int] = {}
        self._table = np.zeros((1024, width), dtype="float32")

    def __call__(self, _model: object, docs: list[Doc], is_train: bool) -> tuple[list[Any], Callable[[object], None]]:
        import numpy as np

        if len(self._places) > _MOST_KEPT:
            self._places.clear()
        features = self._features.predict(docs)
        rows = np.concatenate(features)
        names = rows.view(f"V{rows.itemsize * rows.shape[1]}")[:, 0].tolist()  # the features of a word as one value
        new = {name: row for name, row in zip(names, rows, strict=True) if name not in self._places}
        if new:
            self._learn(new)
        vectors = self._table[[self._places[name] for name in names]]
        ends = np.cumsum([len(one) for one in features])
        return np.split(vectors, ends[:-1]), _no_training

    def _learn(self, new: dict[bytes, Any]) -> None:
        import numpy as np

        first, last = len(self._places), len(self._places) + len(new)
        while last > len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        self._table[first:last] = self._embed.predict([np.stack(list(new.values()))])[0]
        self._places.update(zip(new, range(first, last), strict=True))


def _no_training(_: object) -> None:
    raise NotImplementedError("The reader's pipeline cannot be trained.")
