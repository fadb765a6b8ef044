"""Reads one article: sentences → figures → reports → incidents → `mentions` and `figures` rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from tasks.extract.coding import code_incident, first_sentence_key
from tasks.extract.confidence import confidence_of
from tasks.extract.context import is_not_violence
from tasks.extract.counts import is_vague
from tasks.extract.cues import anaphor_of
from tasks.extract.dates_choose import is_report_time
from tasks.extract.dates_heads import day_at, find_day_heads
from tasks.extract.dates_lines import written_on
from tasks.extract.figure_rows import figure_rows
from tasks.extract.frames import OF_CAPTIVES
from tasks.extract.gazetteer import Gazetteer
from tasks.extract.gazetteer_context import build_context
from tasks.extract.issuer import issuer_of
from tasks.extract.join import Beside, Incident, attach_detail, join_reports
from tasks.extract.join_setting import setting_of
from tasks.extract.labels import Headed, find_labels
from tasks.extract.parser import Parser, load_model
from tasks.extract.passages import Passage, heads_list, passages_worth_parsing, speaks_of_captives
from tasks.extract.place_pieces import LACKS_COMMAS
from tasks.extract.predicates import casualty_form
from tasks.extract.reports import (
    ArticleContext,
    Report,
    Sentence,
    build_reports,
    is_detail,
    judge_figures,
    read_sentence,
)
from tasks.extract.spans import Carried, Location
from tasks.extract.tellings import Tellings
from tasks.extract.totals import drop_headline, drop_umbrellas, mark_parts, mark_totals

if TYPE_CHECKING:
    from tasks.extract.figure import Figure
    from tasks.extract.parsed import Doc
    from tasks.extract.spans import PlaceExpression, Source

# Bump when the grammar changes in a way that changes tables: part of a run's identity, so that articles are read again.
RULES_VERSION: Final = "2026.11.7"
_RECENT_DAYS: Final = 45  # before publication; longer ago is the past of the story
# Articles that are parsed together.
TOGETHER: Final = 32
_HUNDREDS: Final = 200
_OPENING: Final = 120  # characters in which a date line ends
_SMALL: Final = re.compile(r"\b[a-z]{3,}\b")
_NO_WORDS: Final = frozenset[str]()
_BRIEF: Final = 75  # words that may well do without a comma
_WORDS_A_COMMA: Final = 150  # an article with fewer commas lost them on its way


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What the reader needs of an article."""

    article_id: str
    title: str | None
    standfirst: str | None
    text: str
    published_on: dt.date | None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows for the `mentions` and `figures` tables."""

    mentions: list[dict[str, Any]]
    figures: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with those of its sentences that are worth parsing, parsed."""

    article: ArticleText
    passages: list[Passage]
    docs: list[Doc]
    of_captives: bool

    @property
    def article_id(self) -> str:
        """The article's."""
        return self.article.article_id


class Reader:
    """Reads articles; holds the spaCy pipeline and the gazetteer."""

    def __init__(self, model: str | None = None, *, gazetteer: Gazetteer | None = None) -> None:
        self.parser = Parser(load_model(model))
        self.gazetteer = gazetteer or Gazetteer.load()
        self._home: str | None = None  # country whose forces the article in hand speaks of most

    def prepare(self, articles: Sequence[ArticleText]) -> list[Prepared]:
        """Parses the sentences of several articles together, which is faster than one article after another."""
        captives = [speaks_of_captives(article) for article in articles]
        passages = [passages_worth_parsing(a, of_captives) for a, of_captives in zip(articles, captives, strict=True)]
        lower = [
            _lower_words(article.text) if found else _NO_WORDS
            for article, found in zip(articles, passages, strict=True)
        ]
        texts = [(p.text, words) for found, words in zip(passages, lower, strict=True) for p in found]
        docs = self.parser.parse([text for text, _ in texts], [words for _, words in texts])
        return [
            Prepared(article, found, [next(docs) for _ in found], of_captives)
            for article, found, of_captives in zip(articles, passages, captives, strict=True)
        ]

    def read_all(self, articles: Iterable[ArticleText]) -> Iterator[Reading]:
        """The mentions and figures of each article, as `read` gives them, faster."""
        yield from map(self.read, self.prepared(articles))

    def prepared(self, articles: Iterable[ArticleText]) -> Iterator[ArticleText | Prepared]:
        """The articles, parsed some at a time; those of a group in which one cannot be parsed are left to be read by themselves."""
        waiting = iter(articles)
        while together := list(islice(waiting, TOGETHER)):
            parsed: Sequence[ArticleText | Prepared] = together
            with suppress(Exception):  # the article that it comes from raises it again when it is read
                parsed = self.prepare(together)
            yield from parsed

    def read(self, article: ArticleText | Prepared) -> Reading:
        """The mentions and figures of one article; deterministic, independent of what was read before."""
        prepared = article if isinstance(article, Prepared) else self.prepare([article])[0]
        told, umbrellas = self._tell(prepared)
        mentions = self._code(prepared.article, told)
        counted = list(zip(mentions, told.incidents, strict=True))
        figures = figure_rows(prepared.article.article_id, told.sentences, counted, umbrellas)
        return Reading(mentions, figures)

    def tellings(self, article: ArticleText) -> tuple[Tellings, list[dict[str, Any]]]:
        """The incidents that an article tells of with all of its sentences, and their mentions in the same order."""
        told, _ = self._tell(self.prepare([article])[0])
        return told, self._code(article, told)

    def _tell(self, prepared: Prepared) -> tuple[Tellings, list[tuple[Incident, list[Incident]]]]:
        """The incidents that an article tells of, and apart from them the totals, each with its parts."""
        sentences = self._sentences(prepared)
        reports = _reports(sentences, prepared.article)
        incidents = join_reports(reports)
        umbrellas = drop_umbrellas(incidents)
        umbrellas += drop_headline(incidents, self._is_incident)
        mark_parts(incidents)
        known = {id(r.sentence) for r in reports}
        beside = Beside(incidents)
        for sentence in sentences:
            if id(sentence) not in known and not sentence.verdicts and is_detail(sentence):
                attach_detail(sentence, anaphor_of(sentence.doc), beside.at(sentence))
        incidents.sort(key=first_sentence_key)
        kept = [i for i in incidents if self._is_incident(i)] or _only_told_by_name(incidents)
        return Tellings(sentences, kept), umbrellas

    def reports(self, article: ArticleText) -> list[Report]:
        """What the sentences of an article report, one by one, before they are joined into incidents."""
        return _reports(self._sentences(self.prepare([article])[0]), article)

    def _is_incident(self, incident: Incident) -> bool:
        """Whether an incident has somebody killed, injured, missing or abducted in it, or a figure of casualties."""
        if not any(_is_specific(r) for r in incident.reports):
            return False
        return any(
            f.role == "count"
            and f.kind != "anaphoric"
            and not (f.attackers and f.rule != "object" and _kill_themselves(r))
            and (f.rule != "attribute" or f.kind in ("number", "indefinite"))
            and (f.kind not in ("plural", "definite") or _is_act(r, f))
            for r in incident.reports
            for f in r.figures
        )

    # --- reading ------------------------------------------------------------------------------------------------------

    def _sentences(self, prepared: Prepared) -> list[Sentence]:
        article = prepared.article
        self._home = None
        if not prepared.passages:
            return []
        context = ArticleContext.of(
            f"{article.title or ''}\n{article.text}", written_on(article.text, article.published_on)
        )
        self._home = context.actors.home
        sentences: list[Sentence] = []
        sources: list[Source] = []
        issuer = issuer_of(article.title, article.text, article.publisher)
        issued = None
        if issuer is not None:
            issued = Carried(issuer, "text", issuer.start, article.text[issuer.start : issuer.end])
        of_list: Carried | None = None
        day: dt.date | None = None
        has_paragraphs = "\n" in article.text.strip()
        labels = Headed(find_labels(article.text, self.gazetteer) if has_paragraphs else [])
        day_heads = find_day_heads(article.text, context.published_on) if has_paragraphs else []
        words = len(article.text.split())
        lacks_commas = article.text.count(",") * _WORDS_A_COMMA < words > _BRIEF
        for passage, doc in zip(prepared.passages, prepared.docs, strict=True):
            number, name, start = passage.number, passage.field, passage.offset
            doc.user_data[LACKS_COMMAS] = lacks_commas
            doc.user_data[OF_CAPTIVES] = prepared.of_captives
            last = sentences[-1] if sentences else None
            beside = last is not None and last.field == name and number - last.order == 1
            sentence = read_sentence(doc, number, name, start, context, sources, day, last if beside else None)
            day = _day_told(sentence, day)
            sources = [*sources, *sentence.sources][-8:]
            sentence.before = sentences[-1] if sentences else None
            if name == "text" and has_paragraphs:
                sentence.opens_paragraph = _opens_paragraph(article.text, start)
                sentence.label = labels.label_at(start + len(doc.text) - 1)
                sentence.day_head = day_at(day_heads, start + len(doc.text) - 1)
            if (
                sentences
                and number - sentences[-1].order <= 1
                and name == sentences[-1].field
                and not sentence.opens_paragraph  # a new paragraph or item has a speaker of its own, or none
                and (sentences[-1].sources or sentences[-1].figures)
            ):
                before = sentences[-1]
                sentence.carried = _last_speaker(before) or before.carried
            elif name == "text":
                sentence.carried = of_list or issued
            if sentence.sources and heads_list(sentence.text, doc.lower):
                of_list = _last_speaker(sentence)  # "the following incidents were logged by the district police"
            sentences.append(sentence)
        return sentences

    def _code(self, article: ArticleText, told: Tellings) -> list[dict[str, Any]]:
        context = build_context(
            self.gazetteer,
            [p for s in told.sentences for p in s.places],
            f"{article.title or ''} {article.text}".split(),
            article.text[:_OPENING],
            [a.country_code for s in told.sentences for a in s.actors if a.kind == "armed_group" and a.country_code],
        )

        def locate(place: PlaceExpression | None) -> Location:
            if place is None:
                return Location(None, context.main_country, None, None, None, "not_named")
            return self.gazetteer.locate(place, context=context)

        rows = []
        seen: dict[tuple[str, int], int] = {}
        for ordinal, incident in enumerate(told.incidents):
            best = next((r for r in incident.reports if not r.is_title), incident.reports[0])
            key = (best.sentence.field, best.sentence.offset)
            part = seen.get(key, -1) + 1
            seen[key] = part
            row = code_incident(article.article_id, incident, told, locate, part)
            if _is_past(row["date_end"], article.published_on):
                row["flags"] = sorted({*row["flags"], "background"})
            row["confidence"] = confidence_of(row, one_of_several=told.several)
            if row["country_code"] is None and self._home in context.without(row["place_name"] or "").countries[:1]:
                row["country_code"] = self._home  # most clues and most of the forces are of one country
                words = row["evidence"][0]
                row["codings"].append(
                    {"column": "country_code", "value": self._home, "rule": "country_of_the_article", **words}
                )
            row["ordinal"] = ordinal
            row["incident_id"] = None
            rows.append(row)
        return rows


def _last_speaker(sentence: Sentence) -> Carried | None:
    if not sentence.sources:
        return None
    source = sentence.sources[-1]
    return Carried(source, sentence.field, sentence.offset + source.start, sentence.text[source.start : source.end])


def _day_told(sentence: Sentence, before: dt.date | None) -> dt.date | None:
    """The day for "the same day" to go back to: the last that a sentence tells, other than when it was said; else the one before."""
    days = [d for d in reversed(sentence.dates) if d.date_start == d.date_end]
    told = next((d for d in days if not is_report_time(sentence.doc[:], d)), None)
    return told.date_start if told else before or (days[0].date_start if days else None)


def _reports(sentences: Sequence[Sentence], article: ArticleText) -> list[Report]:
    found: list[Report] = []
    mishap = next((reason for s in sentences if s.field == "title" and (reason := is_not_violence(s.doc))), None)
    for sentence in sentences:
        judge_figures(sentence, article.published_on)
        if mishap is not None and not sentence.cues:  # the headline's mishap goes on
            sentence.verdicts.update(dict.fromkeys(range(len(sentence.figures)), ("not_violence", mishap)))
        found += build_reports(sentence)
    mark_totals(found)
    return found


def _only_told_by_name(incidents: list[Incident]) -> list[Incident]:
    """The one incident of an article that tells of its victims as known already ("the killing of the priests")."""
    known = [
        i
        for i in incidents
        if any(
            f.role == "anaphoric"
            and (f.rule == "of_noun" or (f.rule != "attribute" and r.type_rule in ("cue", "outcome_abducted")))
            for r in i.reports
            for f in r.figures
        )
    ]
    return known[:1]


def _is_specific(report: Report) -> bool:
    """Whether a report tells of one event: a number, a named or single victim, a place, a day or a means of its own."""
    counted = [f for f in report.figures if f.role == "count"]
    if any(f.kind in ("indefinite", "named", "unknown") or (f.kind == "number" and not is_vague(f)) for f in counted):
        return True
    if all(f.kind == "none" for f in counted):
        return report.place is not None and report.type_rule == "cue"
    return (
        report.place is not None
        or report.date is not None
        or report.sentence.label is not None
        or _is_led_up_to(report, counted)
        or _goes_on_from_an_attack(report, counted)
        or _is_taken(report, counted)
        or (report.type_rule == "cue" and not all(f.kind == "plural" for f in counted))
    )


def _is_led_up_to(report: Report, counted: list[Figure]) -> bool:
    """Whether a vague number is of the act told right before it, at a place: "Jets raided X. A number of rebels were killed."""
    setting = setting_of(report)
    numbered = report.anaphor is None and all(f.kind == "number" and (f.min or 0) < _HUNDREDS for f in counted)
    return numbered and setting.led_up_to and setting.place is not None


def _is_taken(report: Report, counted: list[Figure]) -> bool:
    """Whether a verb tells of one person's abduction: "the mayor was abducted by masked men"."""
    anchors = [
        report.sentence.doc[f.anchor] for f in counted if f.outcome == "abducted" and f.kind in ("definite", "named")
    ]
    return any(verb.tag_.startswith("V") for verb in anchors)


def _goes_on_from_an_attack(report: Report, counted: list[Figure]) -> bool:
    """Whether one person told of as known was hit in the act of the sentence before: "A drone hit a lorry. The driver was killed."""
    before = report.sentence.before
    return (
        bool(counted)
        and all(f.kind == "definite" and f.outcome in ("killed", "injured") and f.rule != "attribute" for f in counted)
        and report.sentence.doc[counted[0].first].lower_ in ("the", "his", "her", "its")
        and before is not None
        and before.field == report.sentence.field
        and report.sentence.order - before.order == 1
        and not before.figures
        and any(c.strength >= 3 for c in before.cues)
    )


def _kill_themselves(report: Report) -> bool:
    """Whether a sentence tells of attackers who die by their own bomb, whom no incident counts."""
    words = set(report.sentence.doc.lower)
    return not words.isdisjoint(
        ("suicide", "himself", "herself", "themselves", "bomber", "bombers", "detonated", "blew")
    )


def _is_act(report: Report, figure: Figure) -> bool:
    """Whether people without a number ("killing civilians", "the man was shot") are victims of an act told as such."""
    form = casualty_form(report.sentence.doc[figure.anchor].lower_)
    return (
        form is None
        or form[1] in ("verb", "intransitive")
        or (figure.kind == "definite" and figure.rule == "before_participle")  # "left its driver dead"
        or (figure.kind == "plural" and report.type_rule == "cue" and form[1] != "body")
    )


def _is_past(day: dt.date | None, published_on: dt.date | None) -> bool:
    """Whether an incident lies so long before publication that it is told as the past of the story."""
    return day is not None and published_on is not None and (published_on - day).days > _RECENT_DAYS


def _opens_paragraph(text: str, start: int) -> bool:
    """Whether a sentence stands first in its paragraph; quotation marks and bullets aside."""
    i = start - 1
    while i >= 0 and not text[i].isalnum() and text[i] != "\n":
        if text[i] in ".!?":
            return False
        i -= 1
    return i < 0 or text[i] == "\n"


def _lower_words(text: str) -> frozenset[str]:
    """Words that the body writes in lower case somewhere: no names, so a headline's capitals mean nothing."""
    return frozenset(_SMALL.findall(text))
