"""How certain a sentence says things are: its modals, each with the words that it governs.

Closed classes of four languages. "Will not pay" is told from "will pay and may lend".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from assistant.clauses import VERB_LAST, ends, reaches
from assistant.wording import Word

__all__ = ["STRENGTH", "Modal", "Mood", "governors", "modals"]

Mood = Literal["certain", "obliged", "urged", "intended", "possible", "considered"]
# How much a mood asserts; what has none is stated as a fact and asserts as much as "will".
STRENGTH: Mapping[Mood | None, int] = MappingProxyType(
    {None: 5, "certain": 5, "obliged": 4, "urged": 3, "intended": 2, "possible": 1, "considered": 0}
)
TO = r"(?=\s(?:\w+ly\s)?to\b)"
TO_DO = r"(?=[^.;:]{0,60}\bto\s(?!(?:the|an?|its|our|their|this|that|these|those)\b)[a-z])"
CLAUSE = r"(?=\s(?:\w+ly\s)?(?:to|that|whether)\b|\s\w+ing\b)"
MOODS: Mapping[str, tuple[tuple[Mood, str], ...]] = {
    "en": (
        ("certain", r"will|shall|[’']ll|won[’']t|shan[’']t|(?:is|are|was|were)(?=\sto\s[a-z])"),
        (
            "certain",
            r"(?:agree|decide|resolve|pledge|promise|commit|undertake|determine|guarantee|vow)"
            rf"(?:d|s|ted|ting|ing)?{CLAUSE}|(?:undertook|undertaken|swore|sworn){CLAUSE}"
            rf"|(?:pledge|promise|commitment|decision|agreement|undertaking)s?{TO}",
        ),
        ("obliged", rf"must|mustn[’']t|(?:has|have|had|needs?|needed|requires?|required){TO}"),
        ("obliged", rf"(?:obliged|bound|obligation){TO}"),
        ("urged", rf"should|shouldn[’']t|ought{TO}"),
        ("urged", r"(?:call|calls|called|calling)\s(?:\w+ly\s)?(?:up)?on"),
        (
            "urged",
            r"(?:urg|encourag|recommend|ask|invit|request)(?:e[sd]?|s|ing)?" + TO_DO,
        ),
        (
            "intended",
            rf"(?:intend|plan(?!es)|aim|seek|hope|expect|strive|wish|want|aspire|mean|try|tri)"
            rf"(?:e?s|ed|ned|d|ing|ning)?{TO}|(?:sought|strove|meant){TO}"
            rf"|(?:intention|plan|aim|hope|ambition|aspiration|wish|desire)s?{TO}"
            rf"|(?:intention|aim|hope)s? of(?=\s\w+ing\b)",
        ),
        ("possible", rf"may|might|can|could|cannot|can[’']t|couldn[’']t|(?:able|likely){TO}"),
        (
            "considered",
            r"(?:consider|discuss|explor|examin|debat|weigh|study|studi)(?:e?s|ed|ing|e)?"
            r"(?=\s(?:whether|how|\w+ing)\b)",
        ),
    ),
    "nl": (
        ("certain", r"zal|zullen|zult"),
        (
            "certain",
            r"(?:besl(?:uit|uiten|oot|oten)|belo(?:oft|ven|ofde|ofden|ofd)|toegezegd|afgesproken"
            r"|zeg(?:t|gen) toe|zegden? toe|verbind(?:t|en) zich|verbond(?:en)? zich)",
        ),
        ("urged", r"(?:zou|zouden) moeten|(?:roep|roept|roepen|riep|riepen)(?=[^.;:]{0,60}\sop\b)"),
        ("urged", r"dring(?:t|en) aan|drong(?:en)? aan|verzoe(?:kt|ken)|verzocht(?:en)?|oproep"),
        ("obliged", r"moet|moeten|moest|moesten|dien(?:t|en)|verplicht"),
        (
            "intended",
            r"wil|willen|wilde|wilden|(?:streef|streeft|streven|streefde|streefden)|van plan"
            r"|beoog(?:t|de|den)|beogen|(?:hoop|hoopt|hopen|hoopte|hoopten)|voornemens|verwacht",
        ),
        ("possible", r"kan|kunnen|kon|konden|mag|mogen|mocht|mochten|wellicht|misschien"),
        ("considered", r"overweeg(?:t)?|overwegen|overwogen|bespr(?:eekt|eken|ak|aken) of"),
    ),
    "de": (
        (
            "certain",
            r"beschl(?:ießt|ießen|oss|ossen)|verspr(?:icht|echen|ach|achen)|versprochen|zugesagt"
            r"|verpflichte[tn]? sich|verpflichteten sich|sag(?:t|en) zu|vereinbar(?:t|en|te|ten)",
        ),
        (
            "urged",
            r"soll|sollen|sollte|sollten|(?:ruf|ruft|rufen|rief|riefen)(?=[^.;:]{0,60}\sauf\b)",
        ),
        (
            "urged",
            r"forder(?:t|n|te|ten)(?=[^.;:]{0,60}\sauf\b)|dräng(?:t|en|te|ten)|aufgefordert|auffordern",
        ),
        ("obliged", r"muss|muß|müssen|musste|mussten|(?:hat|haben) zu"),
        (
            "intended",
            r"will|wollen|wollte|wollten|beabsichtig(?:t|en|te|ten)|plan(?:t|en|te|ten)"
            r"|streb(?:t|en|te|ten) an|hoff(?:t|en|te|ten)|erwart(?:et|en|ete|eten)|anstreben",
        ),
        ("possible", r"kann|können|konnte|konnten|könnte|könnten|darf|dürfen|vielleicht|möglich"),
        ("considered", r"erwäg(?:t|en)|erwog(?:en)?|prüf(?:t|en|te|ten), ob|erört\w+, ob"),
    ),
    "fr": (
        (
            "certain",
            r"(?:s[’']engag\w+|promet(?:tent)?|promis|décid(?:e|ent|é|èrent)|conven(?:u|ons)"
            r"|convien(?:t|nent)|engagement)(?=\s(?:à|de|d[’'])?)",
        ),
        (
            "urged",
            r"devrai(?:t|ent|ons)|appel(?:le|lent|ons|é|a)(?=\s)|exhort\w+|invit(?:e|ent|ée?s?|èrent)",
        ),
        ("urged", r"encourag\w+|demand(?:e|ent|ée?s?|èrent)"),
        ("obliged", r"doi(?:t|vent|s)|devons|devra|devront|devrons|(?:il )?faut|faudra"),
        (
            "intended",
            r"veu(?:t|lent)|voul(?:ons|ait|aient)|vis(?:e|ent|ait) à"
            r"|compt(?:e|ent|ons)(?=\s\w+[ei]r)|espèr(?:e|ent)|entend(?:ent|ons)?"
            r"|envisagent de|prévoi(?:t|ent)|souhait\w+",
        ),
        ("possible", r"peu(?:t|vent|x)|pouvons|pourra|pourront|pourrai(?:t|ent)|pouvai(?:t|ent)"),
        ("considered", r"envisag(?:e|ent|ée?s?)|étudi(?:e|ent)|examin(?:e|ent)|réfléchi\w+"),
    ),
}
# By how many of the words that it governs a modal is compared, and how far it governs.
SCOPE, REACH = 2, 10
FORBIDS = re.compile(r"cannot|n[’']t\b|\s(?:not|niet|nicht|pas)\b")
HEAD = re.compile(r"(?:^|[.!?:,]\s)[\"“‘«„]?(?!May\b)[A-ZÄÖÜ](?=[a-zäöü])")


@dataclass(frozen=True, slots=True)
class Modal:
    """A modal expression as written, its mood, and the stems of the words that it governs."""

    written: str
    mood: Mood
    after: tuple[str, ...]


def modals(text: str, language: str, listed: Sequence[Word]) -> tuple[Modal, ...]:
    """The modal expressions of a text, in order; `listed` are its words."""
    cues = _cues(text, language)
    spans = [
        (start, end) for start, end, _ in cues if text[start:end].casefold() in _bare(language)
    ]
    content = [
        w for w in listed if w.content and not any(start <= w.start < end for start, end in spans)
    ]
    found = []
    for start, end, mood in cues:
        governed = [w.stem for w in content if w.start >= end and reaches(text, end, w.start)]
        if language in VERB_LAST and not governed:
            governed = [w.stem for w in content if w.end <= start and reaches(text, w.end, start)]
            governed.reverse()
        found.append(Modal(text[start:end], mood, tuple(governed[:SCOPE])))
    return tuple(found)


def governors(
    text: str, language: str, listed: Sequence[Word]
) -> Mapping[str, frozenset[Mood | None]]:
    """Under which moods each stem of a text stands; None where it stands under none."""
    cues = _cues(text, language)
    found: dict[str, set[Mood | None]] = {}
    for i, word in enumerate(listed):
        found.setdefault(word.stem, set()).add(_mood(text, language, listed, i, cues))
    return {stem: frozenset(moods) for stem, moods in found.items()}


def _mood(
    text: str, language: str, listed: Sequence[Word], i: int, cues: Sequence[tuple[int, int, Mood]]
) -> Mood | None:
    """The mood of the last modal before a word; where verbs stand last, of the first after it."""
    word = listed[i]
    at = word.start
    before = [
        (start, end, mood)
        for start, end, mood in cues
        if end <= at
        and (i <= REACH or listed[i - REACH - 1].start < end)
        and reaches(text, end, at)
        and not (language in VERB_LAST and ends(text, end, at) and _is_last(text, end, listed))
    ]
    if language not in VERB_LAST:
        return before[-1][2] if before else None
    after = [cue for cue in cues if cue[0] >= word.end and not ends(text, word.end, cue[0])]
    if after and not (before and not ends(text, before[-1][1], at)):
        return after[0][2]
    return before[-1][2] if before else None


def _is_last(text: str, end: int, listed: Sequence[Word]) -> bool:
    """Whether a clause ends after this place before a word that carries meaning."""
    return not any(w.content and w.start >= end and not ends(text, end, w.start) for w in listed)


def _cues(text: str, language: str) -> tuple[tuple[int, int, Mood], ...]:
    """Where modal expressions stand and their moods; the longer of two at one place.

    What may not be must not be. Capitals count but at the head of a sentence: May is a month,
    and in German "Wille" a noun.
    """
    text = HEAD.sub(lambda match: match.group().lower(), text)
    found: dict[int, tuple[int, int, Mood]] = {}
    for mood, pattern in _moods(language):
        for match in pattern.finditer(text):
            known = found.get(match.start())
            if known is None or match.end() > known[1]:
                denied = mood == "possible" and FORBIDS.search(
                    text[match.start() : match.end() + 8]
                )
                found[match.start()] = (*match.span(), "obliged" if denied else mood)
    return tuple(found[start] for start in sorted(found))


@cache
def _moods(language: str) -> tuple[tuple[Mood, re.Pattern[str]], ...]:
    return tuple(
        (mood, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"))
        for mood, pattern in MOODS.get(language, ())
    )


@cache
def _bare(language: str) -> frozenset[str]:
    """The modal verbs proper, which are no content words of their sentence."""
    verbs = {
        "en": "will shall must should may might can could cannot",
        "nl": "zal zullen moet moeten kan kunnen mag mogen",
        "de": "soll sollen muss müssen kann können darf dürfen",
        "fr": "doit doivent peut peuvent",
    }
    return frozenset(verbs.get(language, "").split())
