"""Says how far an incident's report is backed: by several sources, by one, by a belligerent alone, by nobody; or doubted."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.extract.actors import family_of
from tasks.extract.spans import Perpetrator, Source

# Passing a report on is not vouching for it: "told AFP", "SANA quoted a source".
_CARRIER_RULES = frozenset({"told to"})
_PERSON_OF_A_BODY = " (person)"
_CARRIER_KINDS = frozenset({"agency", "media"})


def verification_of(
    sources: Sequence[Source], *, disputed: bool, denied: bool, perpetrator: Perpetrator | None = None
) -> str:
    """One of vocabulary.VERIFICATIONS for an incident.

    The rules, the first that holds:

    1. "denied": the report itself is denied (`denied`), by the one it names or by somebody else.
    2. "unverified": the text says that it is not verified, contradicted or disputed (`disputed`).
    3. "unattributed": the article names nobody for it.
    4. "belligerent_claim": all that vouch for it are parties to the fighting, or the one source is who did it.
    5. "multi_source": at least two independent ones vouch for it, one of them no belligerent. An agency that was only
       told does not count beside its teller, nor a person beside the body the person speaks for.
    6. "single_source": otherwise.

    Args:
        sources: Sources of all sentences about the incident, repeats included.
        disputed: Whether a sentence about it casts doubt (`sources.belief`).
        denied: Whether a sentence about it denies it.
        perpetrator: Who is said to have done it.
    """
    if denied:
        return "denied"
    if disputed:
        return "unverified"
    if not sources:
        return "unattributed"
    vouching = independent(sources)
    own_word = perpetrator is not None and all(family_of(s.name) == family_of(perpetrator.canonical) for s in vouching)
    if own_word or all(s.belligerent for s in vouching):
        return "belligerent_claim"
    return "multi_source" if len(vouching) > 1 else "single_source"


def independent(sources: Sequence[Source]) -> list[Source]:
    """The sources that stand for themselves, one each: without repeats, mere carriers and persons of a named body."""
    named: dict[str, Source] = {}
    for source in sources:
        named.setdefault(source.name.casefold(), source)
    own = [s for s in named.values() if not s.rule.endswith(_PERSON_OF_A_BODY)]
    told = [s for s in own if s.rule in _CARRIER_RULES]
    tellers = [s for s in own if s.rule not in _CARRIER_RULES]
    # "SANA reported, a source told SANA": once somebody else speaks, the agency is the carrier.
    spoken = [s for s in tellers if s.kind not in _CARRIER_KINDS]
    carriers = {s.name for s in told}
    first_hand = [s for s in tellers if s in spoken or s.name not in carriers]
    return first_hand or own or list(named.values())
