"""Finds who issued a document that is no news article: the body whose communique, bulletin or press note it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tasks.extract import source_lexicon as lex
from tasks.extract.spans import Source

_HEAD: Final = 700  # characters in which a document says whose it is
_TAIL: Final = 500
_OPENING: Final = 300  # characters in which a broadcast says whose it is
_LONGEST: Final = 12  # words of a name

_KIND: Final = re.compile(
    r"\b(?:communiqu[eé]s?|bulletin|press (?:note|release|statement)|situation report|sitrep|war report|press conference"
    r"|statement (?:no\b|n°|#)|summary of the)|^statement:",
    re.IGNORECASE,
)
_NAME: Final = r"(?P<name>[A-Z][^.,;:!?()\"“”\n]{2,90}?)(?: \((?P<short>[A-Z][\w-]{1,11})\))?"
_DECLARES: Final = (
    r"(?:(?:strongly|categorically|hereby|also|again) )?(?:informs|announces|brings to|makes known|condemns|denounces|expresses|deplores|declares|calls (?:up)?on"
    r"|demands|recalls|urges|notes|appeals|asks|is (?:deeply |gravely |seriously )?(?:alarmed|concerned|shocked|following)"
    r"|has (?:been following|documented|registered|recorded|received|interviewed|collected|gathered))\b"
)
_SPEAKS: Final = re.compile(rf"(?:^|[.!?:\]\n]\s*|\d\. )[Tt]he {_NAME},? {_DECLARES}")
# "informs public opinion": only a body that issues a document does so.
_TO_ALL: Final = re.compile(
    r"(?:^|[.!?:\]\n]\s*)[Tt]he (?P<name>[A-Z][^.,;:!?()\n]{2,90}?)(?: \((?P<short>[A-Z][\w/-]{1,11})\))?,? (?:hereby |again )?"
    r"(?:informs|announces to|declares to|makes known to|brings to the (?:knowledge|attention|notice) of|notifies)"
    r" (?:(?:the|our|all|national|international|local|and|its|Congolese|Colombian) ){0,5}(?:public|opinion|community|people|population|inhabitants|citizens|nation|world|press)\b"
)
# "Communique No. 23 of the General Command of the Armed Forces", in a headline.
_OF: Final = re.compile(
    r"\b(?:communiqu[eé]|war report|war bulletin|military statement|sitrep|situation report)\b[^:,]{0,20}? (?:of|by|from|issued by) (?:the )?(?P<name>[A-Z][^,:.;]{2,80})",
    re.IGNORECASE,
)
# "Text of report by Radio X on 3 February", "(Clandestine) Radio X in Spanish".
_BROADCAST: Final = re.compile(
    r"[Tt]ext of (?:an? |the )?(?:\w+ )?(?:report|statement|broadcast|bulletin|announcement)s? (?:carried |issued |published )?by (?:the )?(?P<name>[^,.\n]{3,90}?) (?:on|at|in) \w+"
    r"|\((?:Clandestine|clandestine)\) (?P<radio>[A-Z][\w ]{3,40}?) in [A-Z]\w+ to "
)
_SPOKEN: Final = re.compile(
    r"^\W*(?:Spokes\w+|Briefing by|Statement by|Statement of)(?: the spokes\w+)? (?:for |of )?(?:the )?(?P<name>[A-Z][^,:.\n]{3,80})[:,\n]",
    re.MULTILINE,
)
_FROM: Final = re.compile(rf"\bcommuniqu[eé]s? (?:from|of|by|issued by) (?:the )?{_NAME}[:.,\n]", re.IGNORECASE)
_ARMED: Final = re.compile(
    r"\b(?:resistance|liberation|revolutionary|tigers?|mujahid[ei]{1,2}n|guerrillas?|rebels?|fighters?|front|bloc|brigades?|battalions?|fedayeen|militia|FARC\S*|ELN|PKK|HPG|M23\S*|armed|jihad|islamic state|emirate)\b",
    re.IGNORECASE,
)
# Whose name says that it reports what others tell.
_PAPERS: Final = frozenset(
    "news newspaper times daily post herald gazette tribune agency wire journal telegraph guardian online chronicle mail "
    "star sun tv television channel express reporter samachar".split()
)


def issuer_of(title: str | None, text: str, publisher: str | None) -> Source | None:
    """The body that speaks in a document as a whole; None for news.

    A document calls itself one (a communique, a bulletin), or its publisher speaks of itself in it ("The Network has documented").

    Args:
        title: The headline.
        text: The body.
        publisher: Who published it, where it is known.

    Returns:
        The body, with the characters of the text that name it.
    """
    head = text[:_HEAD]
    named = _FROM.search(head) if "communiqu" in head.lower() else None
    named = named or _TO_ALL.search(head) or (_SPOKEN.search(head[:_OPENING]) if head[:1] in "SB" else None)
    if named is not None:
        return _source(named["name"], named.start("name"), named.end("name"))
    broadcast = _BROADCAST.search(head[:_OPENING])
    if broadcast is not None:
        group = "name" if broadcast["name"] else "radio"
        told = _source(broadcast[group], broadcast.start(group), broadcast.end(group))
        return told if group == "name" else replace(told, kind="armed_group", belligerent=True)
    is_document = _KIND.search(title or "") is not None
    own = _words(publisher or "")
    if not (is_document or own) or (own & _PAPERS and not is_document):
        return None
    for at_head, start in ((True, 0), (False, max(0, len(text) - _TAIL))):
        for said in _SPEAKS.finditer(text[start : start + (_HEAD if at_head else _TAIL)]):
            if len(said["name"].split()) > _LONGEST:
                continue
            mine = own & (_words(said["name"]) | _words(said["short"] or ""))
            if mine or (is_document and at_head):
                name = _full(said["name"], publisher) if mine else said["name"]
                return _source(name, start + said.start("name"), start + said.end("name"))
    if is_document and publisher and not own & _PAPERS:
        itself = re.search(rf"\b[Tt]he (?:\w+ )?{_head(publisher)}\b", text)
        return _source(_plain(publisher), *itself.span()) if itself else None
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(w.lower() for w in re.findall(r"[^\W\d_]{3,}", text) if w[:1].isupper())


def _plain(publisher: str) -> str:
    return re.split(r"[,(]", publisher)[0].strip()


def _head(publisher: str) -> str:
    """What a body calls itself: "Council" of "Council for the Monitoring of Freedoms"."""
    words = re.split(r" (?:for|of|in|on|des?|du) ", _plain(publisher))[0].split()
    return re.escape(words[-1] if words else publisher)


def _full(name: str, publisher: str | None) -> str:
    """The publisher's own name where the document only says "the Network"."""
    plain = _plain(publisher or "")
    return plain if len(name.split()) == 1 and name in plain else name


def _source(name: str, start: int, end: int) -> Source:
    kinds = [lex.kind_of()[w] for w in name.lower().split() if w in lex.kind_of()]
    kind = next((k for k in kinds if k in ("military", "armed_group")), kinds[0] if kinds else "other")
    if kind == "armed_group" and _ARMED.search(name) is None:
        kind = "other"  # "the rights group"
    elif kind in ("other", "official") and _ARMED.search(name):
        kind = "armed_group"
    return Source(start, end, name, kind, kind in ("military", "armed_group"), "issuer")
