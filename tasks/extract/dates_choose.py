"""Which time expression of a sentence tells when an act happened, and which only tells when it was reported or dates another event."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.dates_background import (
    follows,
    is_aside,
    is_background,
    is_of_same_time,
)
from tasks.extract.dates_lexicon import date_words
from tasks.extract.dates_lines import heads_item, is_date_line
from tasks.extract.dates_syntax import (
    FINITE,
    governor_of,
    is_bare_participle,
    is_of_act,
    lemma_of,
    main_verb,
    modified_noun_of,
    opened_clause_of,
    span_of,
    tells_of,
    words_after,
    words_before,
)
from tasks.extract.spans import DateExpression

if TYPE_CHECKING:
    from tasks.extract.parsed import Span, Token

_REPORTED_SOON = 4  # days of the week from the day of a report on to that of the act: it was the week before
_NOUN_REACH = 12  # words between the noun of an act and its time


def choose_date(sentence: Span, anchor: Token, dates: list[DateExpression]) -> DateExpression | None:
    """The time expression of the sentence that dates the act at the anchor; None where no expression does.

    Args:
        sentence: a parsed sentence.
        anchor: the word of the act: a casualty word (killed, wounded, deaths) or the noun of the attack.
        dates: expressions of the same `Doc`, as `find_dates` gives them.
    """
    inside = [date for date in dates if sentence.start_char <= date.start < sentence.end_char]
    reported: DateExpression | None = None
    best: tuple[float, int] | None = None
    chosen = after = aside = None
    for expression in inside:
        span = span_of(sentence, expression)
        if span is None:
            continue
        if expression.rule == "came_after":
            after = expression if anchor.i >= span.end and _is_told_after(span, anchor) else after
            continue
        if is_report_time(sentence, expression):
            if reported is None and expression.precision == "day":
                reported = expression
            continue
        if is_background(span, expression, anchor):
            if aside is None and expression.precision == "day" and is_aside(governor_of(span)):
                aside = expression
            continue
        rank = (_distance(span, expression, anchor), span.start)
        if best is None or rank < best:
            best, chosen = rank, expression
    if chosen is not None and chosen.precision == "day":
        chosen = _day_of_the_harm(sentence, chosen, inside) or chosen
    if after is not None:  # "came a day after an air strike on Monday killed ten": the day by its name
        later = chosen is not None and chosen.start > after.end and chosen.precision in ("day", "days", "week")
        return chosen if later else after
    if chosen is None and aside is not None:
        return aside
    # "said on Wednesday that shells fell at dawn": the hour is that of the day of the report.
    if chosen is None and len(inside) == 1 and reported is not None and _names_early_hour(sentence, reported):
        return reported
    return chosen if chosen is None or reported is None else _up_to(chosen, reported)


def _is_told_after(span: Span, anchor: Token) -> bool:
    """Whether "came two days after" or "a day after" dates the anchor behind it: by the parse, or with no comma between."""
    last = span[-1]
    if last.lower_ != "after" or any(token.tag_ in FINITE for token in span) or last in anchor.ancestors:
        return True
    between = span.doc[span.end : anchor.i]
    if any(token.text in ("-", "–", "—") and span.doc[token.i - 1].whitespace_ for token in between):
        return False  # "on Monday - two days after the truce - four men were shot"
    if last.dep_ == "mark" and (last.head == anchor or last.head in anchor.ancestors):
        return True
    return not any(token.text in ",;:" or token.dep_ == "cc" for token in between)


def _up_to(chosen: DateExpression, reported: DateExpression) -> DateExpression:
    """A time that reaches to the present, up to the day of the report: "66 killed since Tuesday, the monitor said on Sunday"."""
    told = reported.date_start
    ahead = (chosen.date_start - told).days
    later = reported.basis == "weekday" and ahead >= _REPORTED_SOON
    later = later or (reported.rule == "today" and ahead == 0)  # "killed on Thursday, police said today"
    if chosen.rule == "weekday" and chosen.precision == "day" and later:
        week = dt.timedelta(days=7)  # "killed on Thursday night, police said on Friday", read on a Thursday
        return replace(chosen, date_start=chosen.date_start - week, date_end=chosen.date_end - week)
    if (
        chosen.rule not in ("since", "span")
        or chosen.precision != "days"
        or not chosen.date_start < told < chosen.date_end
    ):
        return chosen
    if chosen.rule == "since":
        return replace(chosen, date_end=told)
    return replace(chosen, date_start=chosen.date_start - (chosen.date_end - told), date_end=told)


def _day_of_the_harm(sentence: Span, chosen: DateExpression, inside: list[DateExpression]) -> DateExpression | None:
    """The earlier day on which they were hit or seized, where the day chosen is that of a death or a find that came later."""
    words, span = date_words(), span_of(sentence, chosen)
    late = None if span is None else governor_of(span)
    if late is None or lemma_of(late) not in words.late_ends:
        return None
    for other in inside:
        if other.date_end >= chosen.date_start or other.precision != "day" or other.rule == "since":
            continue
        at = span_of(sentence, other)
        act = None if at is None else governor_of(at)
        if act is None or act == late or late not in act.ancestors or tells_of(act):
            continue
        if not is_of_act(act) and not any(lemma_of(t) in words.harms for t in (act, act.head)):
            continue
        under = next(step for step in (act, *act.ancestors) if step.head == late)
        if under.dep_ not in ("conj", "ccomp", "parataxis"):
            return other
    return None


def _names_early_hour(sentence: Span, reported: DateExpression) -> bool:
    """Whether a bare early hour stands after the report time: of that day, since a later one could be the day before."""
    text = sentence.doc.text[reported.end : sentence.end_char].lower()
    return date_words().early_hours.search(text) is not None


def is_report_time(sentence: Span, expression: DateExpression) -> bool:
    """Whether the expression tells when something was said, written or broadcast: "told reporters on Thursday"."""
    key = ("report time", sentence.start, sentence.end, expression.start, expression.end)
    return sentence.doc.remembered(key, lambda: _is_report_time(sentence, expression))


def _is_report_time(sentence: Span, expression: DateExpression) -> bool:
    span = span_of(sentence, expression)
    if span is None:
        return False
    if heads_item(sentence, span):
        return False
    if is_date_line(sentence, span) or sentence.doc.lower[max(0, span.start - 2) : span.start] == ["as", "of"]:
        return True
    noun = modified_noun_of(sentence, span)
    if noun is not None:
        return lemma_of(noun) in date_words().report_nouns
    if (opened := opened_clause_of(span)) is not None and tells_of(opened):
        return not (_is_passive_of_act(opened) or _is_hearsay(opened))
    before = _verdict_before(sentence, span)
    if _is_subject_time(sentence, span):
        return True
    return _verdict_after(sentence, span) if before is None else before


def _is_subject_time(sentence: Span, span: Span) -> bool:
    """Whether the time stands between a speaker and the verb: "the ministry on Monday accused"."""
    following = next(words_after(sentence, span), None)
    if following is None or following.tag_ not in FINITE or not (tells_of(following) or _gives_toll(following)):
        return False
    if any(
        child.dep_ == "nsubj" and child.i > following.i for child in following.children
    ):  # "on Monday said an officer"
        return False
    verb = next((token for token in words_before(sentence, span) if token.pos_ == "VERB"), None)
    return verb is None or not is_of_act(verb)


def _gives_toll(verb: Token) -> bool:
    """Whether a verb gives a number: "the ministry on Monday put the death toll at 19", "raised the number of dead to 19"."""
    words = date_words()
    return lemma_of(verb) in words.toll_verbs and any(
        lemma_of(c) in words.tolls or c.lower_ in ("number", "figure", "count")
        for c in verb.children
        if c.dep_ == "dobj"
    )


def _is_passive_of_act(verb: Token) -> bool:
    """Whether an act is what is reported, with its time: "Clashes were reported on Sunday"."""
    return any(child.dep_ in ("nsubjpass", "nsubj") and is_of_act(child) for child in verb.children)


def _is_hearsay(verb: Token) -> bool:
    """Whether nobody in particular tells it: "on Sunday it is claimed that a helicopter …"."""
    return any(child.dep_ == "nsubjpass" and child.lower_ == "it" for child in verb.children)


def _takes_act(verb: Token, span: Span) -> bool:
    """Whether an act with its time is what is claimed: "claimed an attack in Dumeir on Sunday"; not "announced a toll of 38"."""
    told = [child for child in verb.children if child.dep_ == "dobj" and child.i < span.start and is_of_act(child)]
    counted = lemma_of(verb) in date_words().toll_verbs and all(lemma_of(child) in date_words().tolls for child in told)
    return bool(told) and not counted


def _verdict_before(sentence: Span, span: Span) -> bool | None:
    """What the nearest verb or act word before the expression says; None where there is none."""
    nouns = date_words().report_nouns
    for steps, token in enumerate(words_before(sentence, span)):
        if token.text in (";", ":") and steps > 0:
            return None
        if steps and token.lower_ == "that" and token.dep_ == "mark" and tells_of(token.head.head):
            return False  # "told us that on Sunday gunmen …": within what is told
        if tells_of(token):
            if _is_remark_within(token, governor_of(span)):
                continue  # "shot the clerk, whom they accuse of spying, on Monday"
            return not (_is_passive_of_act(token) or _takes_act(token, span))
        if (
            token.dep_ == "dobj"
            and lemma_of(token) in date_words().tolls
            and lemma_of(token.head) in date_words().toll_verbs
        ):
            continue  # "announced a toll of 38 on Monday"
        if lemma_of(token) in nouns and steps <= 2 and token.dep_ != "compound":
            return True
        if is_of_act(token) and token.pos_ == "NOUN" and steps <= _NOUN_REACH:
            return False
        if (
            token.pos_ == "VERB"
            and not _is_relative(token)
            and not (is_bare_participle(token) and token.dep_ == "amod")
        ):
            return False
    return None


def _is_remark_within(verb: Token, act: Token) -> bool:
    """Whether the verb belongs to a side remark on one of those whom the act is done to."""
    if act.pos_ != "VERB" or act.i > verb.i or not is_of_act(act) or act not in verb.ancestors:
        return False
    return any(t.dep_ == "relcl" and act in t.ancestors for t in (verb, *verb.ancestors))


def _is_relative(verb: Token) -> bool:
    """Whether the verb belongs to a side remark on its noun ("a group which monitors the war")."""
    return verb.dep_ in ("relcl", "acl") and not is_of_act(verb) and not (is_of_act(verb.head) and not tells_of(verb))


def _verdict_after(sentence: Span, span: Span) -> bool:
    """Whether the first main verb after the expression is one of reporting: "On Monday the ministry said that …"."""
    for token in words_after(sentence, span):
        if token.pos_ == "VERB" and token.tag_ in (*FINITE, "VBN", "VBG", "VB") and not is_bare_participle(token):
            return tells_of(token) and not (_is_passive_of_act(token) or _is_hearsay(token))
        if token.pos_ == "VERB" and is_of_act(token) and token.tag_ != "VBG":
            return False
    return False


def dates_act(sentence: Span, expression: DateExpression) -> bool:
    """Whether a time hangs on an act, or on the coming of those who did it, and not on when somebody spoke."""
    span = span_of(sentence, expression)
    if span is None or is_report_time(sentence, expression):
        return False
    verb = governor_of(span)
    came = lemma_of(verb) in date_words().arrivals | {"storm", "attack", "assault"} and verb.pos_ == "VERB"
    return came or (is_of_act(verb) and lemma_of(verb) not in date_words().late_ends)


def says_when(sentence: Span, expression: DateExpression) -> bool:
    """Whether a sentence says of an act told before when it was: "The incident occurred on 11 April"."""
    root = main_verb(sentence)
    if root is None or lemma_of(root) not in date_words().happens | {"cause"} or is_report_time(sentence, expression):
        return False
    subject = next((c for c in root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if (
        subject is None
        or not is_of_act(subject)
        or not any(c.lower_ in ("the", "this", "these") for c in subject.children)
    ):
        return False
    span = span_of(sentence, expression)
    if span is None:
        return False
    governor = governor_of(span)
    return governor == root or (is_of_same_time(governor) and root in governor.ancestors)


def _distance(span: Span, expression: DateExpression, anchor: Token) -> float:
    """How far the expression is from the anchor: steps in the parse, a little for words between, more for coarse times."""
    opened = opened_clause_of(span)
    governor = anchor if opened is None and follows(span, anchor) else governor_of(span)
    up = {token.i: steps for steps, token in enumerate([anchor, *anchor.ancestors])}
    steps = next(
        (up[token.i] + down for down, token in enumerate([governor, *governor.ancestors]) if token.i in up),
        10,
    )
    words_between = max(span.start - anchor.i, anchor.i - span.end, 0)
    coarse = {"day": 0.0, "days": 0.0, "week": 1.0, "month": 1.0, "year": 2.0}[expression.precision]
    act = 0.0 if governor == anchor or is_of_act(governor) else 1.0
    return steps + 0.1 * words_between + coarse + act
