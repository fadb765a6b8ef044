"""The closed vocabularies of the tables: every coded value outside free text is one of these."""

from __future__ import annotations

from typing import Final

# ACLED's event types by sub-event type (ACLED Codebook, 2023). "Other" stands for organised violence with no ACLED name.
EVENT_TYPE_OF: Final[dict[str, str]] = {
    "Air/drone strike": "Explosions/Remote violence",
    "Shelling/artillery/missile attack": "Explosions/Remote violence",
    "Remote explosive/landmine/IED": "Explosions/Remote violence",
    "Suicide bomb": "Explosions/Remote violence",
    "Grenade": "Explosions/Remote violence",
    "Chemical weapon": "Explosions/Remote violence",
    "Armed clash": "Battles",
    "Attack": "Violence against civilians",
    "Abduction/forced disappearance": "Violence against civilians",
    "Sexual violence": "Violence against civilians",
    "Other": "Other",
}
SUB_EVENT_TYPES: Final = tuple(EVENT_TYPE_OF)
EVENT_TYPES: Final = tuple(dict.fromkeys(EVENT_TYPE_OF.values()))

OUTCOMES: Final = ("killed", "injured", "missing", "abducted", "casualties")
GROUPS: Final = ("civilian", "child", "woman", "combatant", "journalist", "humanitarian")
DISPOSITIONS: Final = (
    "incident",
    "repeat",
    "toll",
    "threat",
    "caption",
    "background",
    "not_violence",
    "other_story",
    "unresolved",
)
DATE_PRECISIONS: Final = ("day", "days", "week", "month", "year")
DATE_BASES: Final = ("explicit", "weekday", "relative", "inherited", "correction")
PUBLISHED_BASES: Final = ("metadata", "text", "filename", "none")
PERPETRATOR_STATUSES: Final = ("stated", "claimed", "suspected", "unknown")
VERIFICATIONS: Final = (
    "multi_source",
    "single_source",
    "belligerent_claim",
    "unattributed",
    "unverified",
    "denied",
)
# 1 the named place itself, 2 near it, 3 a region (province, country part).
GEO_PRECISIONS: Final = (1, 2, 3)
GEO_BASES: Final = (
    "gazetteer",  # one place of that name, or one in the province or country that the article names
    "gazetteer_similar",  # one place of nearly that spelling in the province or country that the article names
    "gazetteer_within",  # no gazetteer knows it, but the town that it is said to lie in: that town's point
    "gazetteer_region",  # a province or region; its reference point
    "correction",  # given by a person
    "country_only",  # nothing finer than a country is named: no point stands for it
    "not_named",  # no place in the report
    "not_found",  # named, but no gazetteer knows it
    "ambiguous",  # several places of that name and nothing in the article to choose by
)
EVIDENCE_FIELDS: Final = ("title", "standfirst", "text")
SEVERITIES: Final = ("critical", "warning", "info")
STAGES: Final = ("ingest", "clean", "extract", "resolve", "publish")

# What clean takes out of the story, each kept in `articles.removed` as what it is.
REMOVED_KINDS: Final = (
    "repeated_title",
    "read_time",
    "date_line",
    "byline",
    "dateline",
    "caption",
    "credit_line",
    "share",
    "related",
    "boilerplate",
    "repeated_paragraph",
)
ARTICLE_FLAGS: Final[dict[str, str]] = {
    "not_english": "The language is not one that extract reads: kept, with no mentions.",
    "no_text": "Nothing was left of the body after cleaning.",
    "invalid_url": "The address handed over is none of the web (http, https); it was not taken.",
    "no_date": "No publication date could be found, so relative dates stay null.",
    "date_conflict": "The date handed over and the date line in the text differ; the date line was taken.",
    "ambiguous_date": "The publication date was written in numbers that may also be read with day and month the other way round; it was read day first, unless its weekday says otherwise.",
    "invalid_date": "The date handed over is none that could be read; it was not taken.",
    "future_date": "The publication date lies after the day of ingestion; it was not taken.",
    "replaced_characters": "Some bytes could not be decoded and became U+FFFD.",
    "source_removed": "The file or address that it came from is no longer there; what was read of it stays.",
    "no_casualty_language": "No sentence could hold a casualty report: nothing to extract.",
}
MENTION_FLAGS: Final[dict[str, str]] = {
    "disputed": "The article says that the report is denied, contradicted or not verified.",
    "count_conflict": "Sources in the article give different figures; min and max span them.",
    "alternative_counts": "Another figure for the same losses stands in the article; see figures.",
    "both_sides": "Killed or injured add up the losses of both sides of a clash.",
    "summed": "The count adds up figures that the article gives one by one.",
    "place_inherited": "The place comes from another sentence about the same incident.",
    "date_inherited": "The date comes from another sentence: about the same incident, right beside it, of the incident told before, or of what the article opens with.",
    "perpetrator_inherited": "Who did it is told by a sentence that is not one of the incident's own.",
    "umbrella": "A total over several places whose parts are incidents of their own.",
    "background": "Told as the past of the story, not as its news.",
    "perpetrator_denied": "The named perpetrator denies it.",
    "no_casualties": "Told with no casualties at all.",
    "corrected": "A person changed it: `corrections` has what, why, and what stood there.",
    "confirmed": "A person looked at it and found it right.",
}
