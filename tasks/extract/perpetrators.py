"""Finds who is said to have done it: the agent of an act of violence, a claim, a suspicion, a denial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.extract.actors import ActorContext, family_of, find_actors, is_named, kind_of_name
from tasks.extract.perpetrator_grammar import Agency, as_subject, by_grammar
from tasks.extract.perpetrator_open import PEOPLE, open_agencies
from tasks.extract.perpetrator_parse import SUBJECTS, brings_down, is_hedged, is_victim, leader, stops_a_missile
from tasks.extract.perpetrator_unlisted import unlisted_agencies
from tasks.extract.perpetrator_window import by_window
from tasks.extract.predicates import casualty_form
from tasks.extract.spans import ActorExpression, Perpetrator
from tasks.extract.violence import claim_words, noun_set

if TYPE_CHECKING:
    from tasks.extract.parsed import Doc, Span, Token


WEAK: Final = 0.25  # up to here an agency is a guess


def find_perpetrator(
    sentence: Span, anchor: Token, actors: Sequence[ActorExpression], earlier: Sequence[ActorExpression] = ()
) -> Perpetrator | None:
    """Who the sentence says did the act at `anchor` (a casualty word or the noun of an attack); None: it names nobody.

    For a clash it is the attacking side, else the side named first. `status` is "claimed" where the actor itself tells it,
    "suspected" where the words hedge, else "stated" (the codebook's terms).

    Args:
        sentence: A parsed sentence (tags and dependencies).
        anchor: A token of it.
        actors: Actors found in the passage; those outside the sentence are left out.
        earlier: Actors of the article's earlier sentences, oldest first: whom "the group said it killed" means.
    """
    agencies = _agencies(sentence, actors)
    if not agencies:
        return _word_of_the_group(sentence, earlier)
    agencies = [a for a in agencies if not _is_answered(a.act, anchor)]
    if not agencies:
        return None
    best = max(agencies, key=lambda a: (_weight(a, anchor), -a.actor.start))
    return _perpetrator(sentence, best, agencies)


def claim_in(
    sentence: Span, actors: Sequence[ActorExpression], earlier: Sequence[ActorExpression] = ()
) -> Perpetrator | None:
    """Who a follow-up sentence says did it: "X claimed responsibility", "X was behind the attack", "X denied it", "they blamed X"."""
    agencies = [a for a in _agencies(sentence, actors) if _is_claim(a)]
    if not agencies:
        return _word_of_the_group(sentence, earlier)
    best = max(agencies, key=lambda a: (a.strength, a.actor.kind != "generic", -a.actor.start))
    return _perpetrator(sentence, best, agencies)


def _is_claim(agency: Agency) -> bool:
    """Whether an agency is a claim, a denial or an accusation, also of what a sentence tells only to say who did it."""
    return agency.rule.startswith(("claim", "blame", "denial", "fire from")) or (
        agency.rule == "by-agent" and agency.status == "suspected"
    )


def _word_of_the_group(sentence: Span, earlier: Sequence[ActorExpression]) -> Perpetrator | None:
    """The group named before, where the sentence is its own word: "the group said it had killed", "it claimed responsibility"."""
    named = [a for a in earlier if a.kind == "armed_group"]
    if not named:
        return None
    group = named[-1]
    for token in sentence:
        if token.dep_ not in SUBJECTS or token.head.lower_ not in claim_words("said"):
            continue
        possessor = next((c for c in token.children if c.dep_ == "poss"), token)
        if possessor.lower_ not in claim_words("group_words"):
            continue
        for agency in as_subject(group, token.head, "stated"):
            if agency.status == "claimed":
                words = sentence.doc[possessor.i : possessor.i + 1]
                return Perpetrator(
                    words.start_char,
                    words.end_char,
                    words.text,
                    group.canonical,
                    "claimed",
                    False,
                    "claim: the group's own word",
                )
    return None


def merge_perpetrators(found: Sequence[Perpetrator]) -> Perpetrator | None:
    """One perpetrator for an incident out of what its sentences say, best evidence first.

    The first that tells of the act wins over denials, but a named group takes the place of a mere noun ("the militants",
    "fighters"). A claim or a suspicion in any sentence about the winner sets the status; so does a denial.

    Args:
        found: What `find_perpetrator` and `claim_in` gave for the incident's sentences, best evidence first.
    """
    if not found:
        return None
    acts = [p for p in found if p.rule != "denial"]
    acts = [p for p in acts if not p.rule.startswith(PEOPLE)] or acts  # an armed actor before "residents"
    best = (acts or list(found))[0]
    if not is_named(best.canonical):
        best = next(
            (p for p in acts if kind_of_name(p.canonical) == "armed_group" and p.rule != "side of a clash"),
            next((p for p in acts if p.rule.startswith("claim") and p.canonical[:1].isupper()), best),
        )
    same = [p for p in found if family_of(p.canonical) == family_of(best.canonical)]
    statuses = {p.status for p in same if p.rule != "denial"}
    status = "claimed" if "claimed" in statuses else "suspected" if "suspected" in statuses else best.status
    return replace(best, status=status, denied=any(p.denied for p in same))


def _perpetrator(sentence: Span, best: Agency, agencies: Sequence[Agency]) -> Perpetrator:
    same = [a for a in agencies if a.actor.canonical == best.actor.canonical]
    status = best.status
    if any(a.status == "claimed" for a in same) or (status == "stated" and _tells_it_itself(sentence, best.actor)):
        status = "claimed"
    elif any(a.status == "suspected" for a in same):
        status = "suspected"
    actor = best.actor
    return Perpetrator(
        actor.start, actor.end, actor.text, actor.canonical, status, any(a.denied for a in same), best.rule
    )


def _weight(agency: Agency, anchor: Token) -> float:
    act = agency.act
    distance = abs(act.i - anchor.i)
    if act.i == anchor.i:
        near = 1.0
    elif act.is_ancestor(anchor) or anchor.is_ancestor(act):
        near = 0.5
    else:
        near = 0.0
    if _is_what_came_before(act) and not act.is_ancestor(anchor):
        near = -0.4  # "killed 30 people after insurgents ambushed a convoy"
    return agency.strength + near - 0.02 * distance + (0.0 if agency.actor.kind == "generic" else 0.01)


def _is_what_came_before(act: Token) -> bool:
    """Whether an act, or what led to it, stands in a clause with "after"."""
    return any(c.dep_ == "mark" and c.lower_ == "after" for verb in (act, act.head) for c in verb.children)


def _agencies(sentence: Span, actors: Sequence[ActorExpression]) -> list[Agency]:
    """What each actor of a sentence is said to have done; asked for every act and every incident that it tells of."""
    key = ("agencies", sentence.start, sentence.end, *((a.start, a.canonical) for a in actors))
    return sentence.doc.remembered(key, lambda: _deeds(sentence, actors))


def _deeds(sentence: Span, actors: Sequence[ActorExpression]) -> list[Agency]:
    found: list[Agency] = []
    for actor in actors:
        if actor.start < sentence.start_char or actor.end > sentence.end_char:
            continue
        span = sentence.doc.char_span(actor.start, actor.end)
        if span is None:
            continue
        if actor.kind == "generic" and _is_somebodys(span, sentence) and len(actors) > 1:
            found += _deeds_of_its_own(span, actor, actors, sentence)
            continue
        found += _roles(actor, span, sentence)
    found = [a for a in found if not (_is_feared(a.act) or brings_down(a.act) or _is_past(a.act))]
    found = found or list(_own_attacks(actors, sentence))
    if all(a.strength <= WEAK for a in found) and not noun_set("people").isdisjoint(
        sentence.doc.lower[sentence.start : sentence.end]
    ):
        found += open_agencies(sentence)
    if all(a.strength <= WEAK for a in found):
        found += unlisted_agencies(sentence)
    return found


def _is_feared(act: Token) -> bool:
    """Whether the act has not happened: "feared attacks by", "threatened to"."""
    fears = claim_words("feared")
    return any(a.lower_ in fears for a, _ in zip(act.ancestors, range(3), strict=False))


def _is_answered(act: Token, anchor: Token) -> bool:
    """Whether an act is only what this one answers: "the raid came as an answer to a rebel push"."""
    noun = act
    while noun.dep_ in ("compound", "amod", "nmod"):
        noun = noun.head
    preposition = noun.head
    if noun.dep_ != "pobj" or noun.is_ancestor(anchor):
        return False
    cause = preposition.head.lower_ in claim_words("answers") and preposition.lower_ in ("to", "for", "against")
    return cause and preposition.head.head.lower_ in ("in", "as")


def _is_past(act: Token) -> bool:
    """Whether it is not this act but ones like it: "the militia has planted similar bombs on the road"."""
    words = claim_words("elsewhen")
    return any(
        t.lower_ in words and (t.dep_ == "amod" or t.head.lower_ == "in")
        for c in (act, *act.children)
        for t in (c, *c.children)
        if c.dep_ in ("dobj", "prep", "amod") or c is act
    )


def _is_somebodys(span: Span, sentence: Span) -> bool:
    """Whether the actor is whoever "its" stands for: "its fighters", "three of its fighters"."""
    before = sentence.doc[max(sentence.start, span.start - 2) : span.start]
    return bool(before) and any(
        t.lower_ in ("its", "their", "our", "his") for t in (before[-1], before[0]) if _is_before(t, span)
    )


def _is_before(token: Token, span: Span) -> bool:
    """Whether a token stands right before an actor, or a describing word between them: "our valiant fighters"."""
    return token.i == span.start - 1 or span.doc[span.start - 1].tag_ in ("JJ", "VBN")


def _deeds_of_its_own(
    span: Span, actor: ActorExpression, actors: Sequence[ActorExpression], sentence: Span
) -> Iterator[Agency]:
    """What "its fighters" did is the deed of the side named before: "the front said its rebels seized the town, killing 60"."""
    owners = [a for a in actors if sentence.start_char <= a.start and a.end <= actor.start and a.kind != "generic"]
    if not owners and sentence.doc[max(0, span.start - 1)].lower_ == "our":
        owners = [a for a in actors if a.start >= actor.end and a.end <= sentence.end_char and a.kind == "armed_group"][
            :1
        ]
    owner = sentence.doc.char_span(owners[-1].start, owners[-1].end) if owners else None
    if owner is not None and owner.root.dep_ not in ("dobj", "nsubjpass"):
        for agency in by_grammar(actor, leader(span.root), "stated"):
            if not agency.rule.startswith(("side", "blame", "denial")):
                yield replace(agency, actor=owners[-1], strength=agency.strength - 0.1, rule="its own people")


def _own_attacks(actors: Sequence[ActorExpression], sentence: Span) -> Iterator[Agency]:
    """The actor that a pronoun stands for where no other is named: "a spokesman for the coalition said … its strikes had killed"."""
    doc = sentence.doc
    inside = [
        a for a in actors if a.start >= sentence.start_char and a.end <= sentence.end_char and a.kind != "generic"
    ]
    for token in sentence:
        if token.lower_ in ("its", "their", "our") and any(
            w in noun_set("attacks") or w in noun_set("platforms") for w in doc.lower[token.i + 1 : token.i + 3]
        ):
            earlier = [a for a in inside if a.end <= token.idx and not _is_hurt(doc, a)]
            if earlier:
                yield Agency(earlier[-1], token, 0.6, "stated", "its own attack")


def _is_hurt(doc: Doc, actor: ActorExpression) -> bool:
    """Whether the actor's people are the victims: "five policemen died when their vehicle hit a mine"."""
    span = doc.char_span(actor.start, actor.end)
    if span is None:
        return False
    root = leader(span.root)
    form = casualty_form(root.head.lower_)
    return is_victim(root) or (root.dep_ == "nsubj" and form is not None and form[1] == "intransitive")


def _roles(actor: ActorExpression, span: Span, sentence: Span) -> Iterator[Agency]:
    top = span.root if span.root.tag_[:1] != "V" else span[-1]  # "Pyu Saw Htee militia": a verb to the tagger
    root = leader(top)
    if stops_a_missile(root):
        return
    status = "suspected" if is_hedged(span, root, sentence) else "stated"
    some = False
    for agency in by_grammar(actor, root, status):
        some = some or agency.strength > WEAK
        yield agency
    if not some:
        yield from by_window(actor, span, status, sentence, victim=is_victim(root))


def _tells_it_itself(sentence: Span, actor: ActorExpression) -> bool:
    """Whether the sentence is the actor's own word: its family is the speaker ("the Turkish army said")."""
    family, said = family_of(actor.canonical), claim_words("said")
    for token in [t for t in sentence if t.lower_ in said]:
        if not (token.pos_ == "VERB" or token.tag_.startswith("V")) or any(c.lower_ == "lives" for c in token.children):
            continue  # "claimed the lives of"
        for child in [c for c in token.children if c.dep_ in SUBJECTS][-1:]:
            if _belongs(child, actor, family) or _is_the_group(child, actor, sentence):
                return True
    return False


def _is_the_group(speaker: Token, actor: ActorExpression, sentence: Span) -> bool:
    """Whether "the group" or "it" that speaks is the actor named before in the sentence: "killed by the ABC, the group said"."""
    before = sentence.doc[speaker.i - 1].lower_ if speaker.i else ""
    named = actor.kind == "armed_group" and actor.end <= speaker.idx
    return named and speaker.lower_ in claim_words("group_words") and (before == "the" or speaker.lower_ == "it")


def _belongs(speaker: Token, actor: ActorExpression, family: str) -> bool:
    part = speaker.doc[speaker.left_edge.i : speaker.i + 1].as_doc()
    context = ActorContext(
        home=actor.country_code if actor.kind == "state" else None,
        coalition=actor.canonical if actor.kind == "coalition" else None,
    )
    named = find_actors(part, context if any(t.lower_ == "the" for t in part) else ActorContext())
    return any(family_of(a.canonical) == family for a in named)
