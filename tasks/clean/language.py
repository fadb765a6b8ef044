"""The language of a text, or none where it is too short to be sure."""

from __future__ import annotations

import functools
from typing import Any, Final

SAMPLE: Final = 2_000
SHORT_WORDS: Final = 20
SURE: Final = 0.9
SURE_SHORT: Final = 0.999


@functools.cache
def _identifier() -> Any:  # noqa: ANN401 - the library has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(text: str) -> str | None:
    """ISO 639-1 code of the language; None where the text does not suffice to tell."""
    sample = text[:SAMPLE]
    if sum(sign.isalpha() for sign in sample[:200]) < 10:
        return None
    language, probability = _identifier().classify(sample)
    least = SURE if len(sample.split()) >= SHORT_WORDS else SURE_SHORT
    return str(language) if probability >= least else None
