"""Words that say the same in the texts of summits, so that one may stand for another.

Small on purpose: a word that is missing here costs an honest sentence, one too many lets a false
one pass. No group has a word of another direction ("buy", "sell") or of another certainty
("plan", "do").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from vectorstore import stems

__all__ = ["same_meaning"]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "buy purchase acquire",
        "begin start commence",
        "help assist aid",
        "assistance aid help",
        "show demonstrate",
        "say state declare",
        "describe present outline",
        "endorse approve",
        "publish public",
        "meet gather convene assemble",
        "meeting gathering",
        "give provide contribute",
        "contribution part share",
        "receive get obtain",
        "increase raise",
        "reduce decrease lower cut",
        "rise grow increase",
        "fall decline decrease",
        "build construct",
        "use employ",
        "need require",
        "establish create",
        "end finish",
        "hold organise organize",
        "stop halt cease",
        "strengthen reinforce",
        "pledge promise",
        "reaffirm reiterate",
        "enhance improve",
        "approximately roughly",
        "stress emphasise emphasize underline underscore",
        "welcome applaud",
        "condemn denounce",
        "annually yearly",
        "soldier troop serviceman",
        "country nation state",
        "money fund funding",
        "cost expense",
        "firm company business",
        "goal aim objective target",
        "purpose aim goal",
        "programme program",
        "vessel ship",
        "aircraft plane",
        "weapon arm",
        "worth value",
        "big large",
        "important significant",
        "entire whole",
        "almost nearly",
        "jointly together",
        "quickly rapidly swiftly fast",
    ),
    "nl": (
        "kopen aankopen aanschaffen",
        "beginnen starten",
        "helpen steunen bijstaan",
        "hulp steun bijstand",
        "geven verstrekken bijdragen",
        "krijgen ontvangen",
        "verhogen opvoeren",
        "verlagen verminderen",
        "stijgen toenemen groeien",
        "dalen afnemen",
        "bouwen aanleggen",
        "versterken verstevigen",
        "benadrukken onderstrepen",
        "verwelkomen toejuichen",
        "veroordelen afkeuren",
        "militair soldaat",
        "land staat natie",
        "geld middelen",
        "doel doelstelling",
        "schip vaartuig",
        "vliegtuig toestel",
        "bijna haast",
        "samen gezamenlijk",
        "snel vlug",
    ),
    "fr": (
        "acheter acquérir",
        "commencer débuter",
        "aider assister",
        "aide assistance",
        "donner fournir",
        "recevoir obtenir",
        "augmenter accroître",
        "réduire diminuer",
        "construire bâtir",
        "renforcer consolider",
        "souligner insister",
        "saluer accueillir",
        "soldat militaire",
        "pays état nation",
        "but objectif",
        "navire bateau",
    ),
    "de": (
        "kaufen erwerben",
        "beginnen anfangen starten",
        "helfen unterstützen",
        "hilfe unterstützung",
        "geben bereitstellen",
        "erhalten bekommen",
        "erhöhen steigern",
        "senken verringern",
        "bauen errichten",
        "stärken verstärken",
        "betonen unterstreichen",
        "begrüßen würdigen",
        "soldat militär",
        "land staat nation",
        "ziel absicht",
        "schiff boot",
    ),
}
# What the stems of regular forms do not show.
IRREGULAR = {
    "bought": "buy", "began": "begin", "begun": "begin", "shown": "show", "said": "say",
    "met": "meet", "gave": "give", "given": "give", "got": "get", "rose": "rise", "risen": "rise",
    "grew": "grow", "grown": "grow", "fell": "fall", "fallen": "fall", "built": "build",
    "held": "hold",
}  # fmt: skip


def same_meaning(word: str, language: str) -> frozenset[str]:
    """The stems of the words that may stand for a word, its own left out; mostly none."""
    base = IRREGULAR.get(word.casefold(), word) if language == "en" else word
    found = stems(base, language)
    if len(found) != 1:  # "U.S." is two
        return frozenset()
    others = frozenset[str]().union(*(group for group in _groups(language) if found[0] in group))
    return others | _past(others, language)


def _past(wanted: frozenset[str], language: str) -> frozenset[str]:
    """The stems of irregular forms of these words."""
    if language != "en":
        return frozenset()
    pairs = ((stems(form, "en"), stems(of, "en")) for form, of in IRREGULAR.items())
    return frozenset(form[0] for form, of in pairs if form and of and of[0] in wanted)


@cache
def _groups(language: str) -> tuple[frozenset[str], ...]:
    groups = GROUPS.get(language, ())
    return tuple(frozenset(s for word in g.split() for s in stems(word, language)) for g in groups)
