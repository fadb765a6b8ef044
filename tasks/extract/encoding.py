"""Runs the layers that give words their vectors in context, in less than half the time that the pipeline's own code takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from spacy.language import Language
    from thinc.api import Model

    Array = np.ndarray[Any, np.dtype[np.float32]]

_LAYER: Final = "residual(expand_window>>maxout>>layernorm>>dropout)"
_STEADY: Final = 1e-8  # what the pipeline's own layers add to a variance


def quicken_encoding(nlp: Language) -> None:
    """Replaces the encoder of a pipeline by one that gives the same; an encoder of another make stays as it is.

    Its matrix products go to numpy, which has a faster one than the pipeline's own (as do those of tagger and parser), and
    the rest reads and writes whole rows.
    """
    from thinc.api import Model, NumpyOps

    products = NumpyOps(use_blis=False)
    for name in ("tagger", "parser"):
        for node in getattr(nlp.get_pipe(name), "model").walk():  # noqa: B009 - spaCy's types know no model
            node.ops = products
    if "tok2vec" not in nlp.pipe_names:
        return
    layers = getattr(nlp.get_pipe("tok2vec"), "model").layers  # noqa: B009 - spaCy's types know no model
    if len(layers) != 2 or not layers[1].name.startswith("with_array(") or not layers[1].layers:
        return
    encoder = layers[1].layers[0]
    windows = [encoder] if encoder.name == _LAYER else encoder.layers
    if not all(layer.name == _LAYER and layer.layers[0].layers[0].attrs["window_size"] == 1 for layer in windows):
        return
    width, gap = encoder.get_dim("nO"), layers[1].attrs["pad"]
    layers[1] = Model[Any, Any]("quick_encoding", _Encoder([_Window(layer) for layer in windows], width, gap))


class _Window:
    """One layer: each word with its two neighbours, the best of several sums, brought to one scale, and added to the word."""

    def __init__(self, layer: Model[Any, Any]) -> None:
        import numpy as np

        maxout, norm = layer.layers[0].layers[1].layers[0].layers
        weights: Any = maxout.get_param("W")  # (width, pieces, 3 × width)
        bias: Any = maxout.get_param("b")  # (width, pieces)
        self._width, self._pieces = bias.shape
        # All first pieces, then all second ones: the best of them is found row by row.
        self._weights = np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(bias.size, -1).T)
        self._bias = np.ascontiguousarray(bias.T).reshape(-1)
        self.sums = self._bias.size  # for each row
        self._scale: Any = norm.get_param("G")
        self._shift: Any = norm.get_param("b")

    def add_to(self, rows: Array, beside: Array, sums: Array) -> None:
        """Adds the layer's output to its input, in place.

        Args:
            rows: A row for each word.
            beside: Room for three times as much, with zeros before the first row's neighbour and behind the last one's.
            sums: Room for the sums of all rows.
        """
        import numpy as np

        width = self._width
        beside[1:, :width] = rows[:-1]
        beside[:, width : 2 * width] = rows
        beside[:-1, 2 * width :] = rows[1:]
        np.matmul(beside, self._weights, out=sums)
        sums += self._bias
        best = np.maximum(sums[:, :width], sums[:, width : 2 * width])
        for piece in range(2, self._pieces):
            np.maximum(best, sums[:, piece * width : (piece + 1) * width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best)[:, None] / width
        best *= (variance + _STEADY) ** -0.5
        best *= self._scale
        best += self._shift
        rows += best


class _Encoder:
    """All layers, over many sentences at once, with rows of zeros between them."""

    def __init__(self, windows: Sequence[_Window], width: int, gap: int) -> None:
        self._windows = windows
        self._width = width
        self._gap = gap

    def __call__(
        self, _model: object, sentences: list[Array], is_train: bool
    ) -> tuple[list[Array], Callable[[object], None]]:
        import numpy as np

        starts, end = [], self._gap
        for sentence in sentences:
            starts.append(end)
            end += len(sentence) + self._gap
        rows = np.zeros((end, self._width), dtype="float32")
        for start, sentence in zip(starts, sentences, strict=True):
            rows[start : start + len(sentence)] = sentence
        beside = np.zeros((end, 3 * self._width), dtype="float32")
        sums = np.empty((end, self._windows[0].sums), dtype="float32")  # one for all layers: new memory is dear
        for window in self._windows:
            window.add_to(rows, beside, sums)
        return [rows[start : start + len(s)] for start, s in zip(starts, sentences, strict=True)], _no_training


def _no_training(_: object) -> None:
    raise NotImplementedError("The reader's pipeline cannot be trained.")
