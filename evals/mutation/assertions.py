"""False claims by what they assert: the contrary, or a thing as more or less certain."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from evals.mutation.context import Context
from evals.mutation.edits import falsified
from evals.mutation.pairs import Pair, statement_start

__all__ = ["modality", "negation"]

NEGATIVE = re.compile(
    r"\b(?:no|none|nor|not|never|neither|nobody|nothing|any|without|only|unless)\b|n[’']t\b", re.I
)
AUXILIARY = re.compile(
    r"\b(?P<aux>will|would|can|should|must|is|are|was|were|has|have|had|[’'](?:re|ll))"
    r"(?=\s(?P<next>[a-z][\w-]*))"
)
# After these "not" reads ill or says something else.
NOT_BEFORE = re.compile(
    r"(?:also|all|both|each|every|everyone|just|simply|merely|either|still|already|always|often|now"
    r"|then|once|some|to|as|that|because|why|how|what|when|where|who|if|likely)$|.*ly$"
)
PARTICIPLE = re.compile(
    r"\w+ed\b|(?:been|begun|built|come|done|drawn|fallen|found|given|gone|grown|had|held|kept|led|"
    r"lost|made|met|paid|put|risen|sent|set|shown|spent|spoken|stood|taken|told|won|written|become)\b"
)
NEGATED = {"can": "cannot"}
PREPOSITIONS_NL = (
    "aan als bij binnen door in met na naar naast om onder op over per sinds tegen tot tussen uit "
    "van via voor zonder"
)
NO_PREPOSITION = "".join(rf"(?<!\b{word} )" for word in PREPOSITIONS_NL.split())
SIMPLE_NEGATION = {
    "nl": (
        (
            NO_PREPOSITION + r"\been (?=[a-z]{3})",
            "geen ",
        ),
        (r"\bniet (?!alleen|meer|eens|langer|minder)", ""),
    ),
    "de": ((r"\bnicht (?!nur|mehr|zuletzt|weniger)", ""),),
    "fr": (
        (r"\bsera (?!pas)", "ne sera pas "),
        (r"\bseront (?!pas)", "ne seront pas "),
        (r"(?<![sSlLnN][’'])(?<!\by )\best (?!pas|plus|aussi)", "n'est pas "),
        (r"(?<!\bse )(?<!\bne )(?<!\bs'y )\bsont (?!pas|plus|aussi)", "ne sont pas "),
        (r"(?<!\by )(?<!\ben )\ba (?=[a-zé]+[éi]\b)", "n'a pas "),
        (r"(?<!\by )(?<!\ben )\bont (?=[a-zé]+[éi]\b)", "n'ont pas "),
        (r"\bdoit (?!pas)", "ne doit pas "),
        (r"\bdoivent (?!pas)", "ne doivent pas "),
    ),
}
MODALITY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            r"(?<!\bthe )(?<!\bpolitical )(?<!\bgood )(?<!\bfree )(?<!\bour )(?<!\btheir )(?<!\ba )"
            r"(?<!\band )\bwill(?= [a-z])(?! to\b)(?! not\b)",
            "may",
        ),
        (r"\bshall(?= [a-z])(?! not\b)", "may"),
        (r"\bmust(?= [a-z])(?! not\b)(?! and\b)", "may"),
        (r"(?<!\bwho )\bhas to(?= [a-z])", "may"),
        (
            r"(?<!will )(?<!would )(?<!may )(?<!might )(?<!not )(?<!did )(?<!do )"
            r"\bhave to(?= [a-z])",
            "may",
        ),
        (r"(?:(?<=\b[Ii]t )|(?<=\bhe )|(?<=\bwhich )|(?<=\bwho ))plans to(?= [a-z])", "will"),
        (r"\b(?:intends|aims|seeks|hopes|expects) to(?= [a-z])", "will"),
        (
            r"(?:(?<=\b[Ww]e )|(?<=\b[Tt]hey ))(?:intend|aim|plan|seek|hope|expect) to(?= [a-z])",
            "will",
        ),
        (r"\bcommits to(?= \w+ing\b)", "considers"),
        (r"(?:(?<=\b[Ww]e )|(?<=\b[Tt]hey ))commit to(?= \w+ing\b)", "consider"),
        (r"\b(?:pledges|promises|undertakes) to(?= [a-z])", "hopes to"),
        (r"(?:(?<=\b[Ww]e )|(?<=\b[Tt]hey ))(?:pledge|promise|undertake) to(?= [a-z])", "hope to"),
        (r"(?<=s |y )(?:agreed|decided|resolved) to(?= [a-z])", "discussed whether to"),
        (r"(?<=s |y )(?:pledged|promised|undertook) to(?= [a-z])", "hoped to"),
        (r"(?<=\bhas )(?:agreed|decided|resolved) to(?= [a-z])", "discussed whether to"),
        (r"(?<=\bhave )(?:agreed|decided|resolved) to(?= [a-z])", "discussed whether to"),
        (r"(?<=[a-z] )may(?= [a-z])(?! not\b)", "will"),
        (r"\bcould(?= [a-z])(?! not\b)", "will"),
    ),
    "nl": (
        (r"\bzal\b", "kan"),
        (r"\bzullen\b", "kunnen"),
        (r"\bmoet\b", "mag"),
        (r"\bmoeten\b", "mogen"),
        (r"\bkan\b", "moet"),
        (r"\bkunnen\b", "moeten"),
    ),
    "fr": (
        (r"\bdoit\b", "peut"),
        (r"\bdoivent\b", "peuvent"),
        (r"\bdevra\b", "pourra"),
        (r"\bdevront\b", "pourront"),
        (r"\bpeut\b(?!-)", "doit"),
        (r"\bpeuvent\b", "doivent"),
    ),
    "de": (
        (r"\bmuss\b", "kann"),
        (r"\bmüssen\b", "können"),
        (r"\bsoll\b", "kann"),
        (r"\bsollen\b", "können"),
        (r"\bkann\b", "muss"),
        (r"\bkönnen\b", "müssen"),
    ),
}


def negation(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """A "not" is put in, or one is taken out."""
    start = statement_start(pair)
    if pair.language != "en":
        return _by_rules(pair, "negation", SIMPLE_NEGATION.get(pair.language, ()), rng)
    denied = re.search(
        r"\b(will|would|should|must|is|are|was|were|do|does|did) not\b(?! only| just)",
        pair.origin[start:],
    )
    if denied and denied[1] not in ("do", "does", "did"):
        end = start + denied.end()
        return falsified(pair, "negation", (end - 4, end), "")
    if NEGATIVE.search(pair.origin, start):
        return None
    for match in AUXILIARY.finditer(pair.origin, start):
        if not _negatable(pair.origin, match):
            continue
        aux = match["aux"]
        return falsified(pair, "negation", match.span("aux"), NEGATED.get(aux, f"{aux} not"))
    return None


def modality(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """What will be may be, what is promised is hoped for; or a plan is said to be certain."""
    return _by_rules(pair, "modality", MODALITY.get(pair.language, ()), rng)


def _negatable(text: str, match: re.Match[str]) -> bool:
    follows = text[match.end() + 1 :]
    if NOT_BEFORE.match(match["next"]):
        return False
    if re.search(
        r"\b(?:there|what|how|the|a|political|good|free|and|or)\s$", text[: match.start()], re.I
    ):
        return False
    return match["aux"] not in ("has", "have", "had") or PARTICIPLE.match(follows) is not None


def _by_rules(
    pair: Pair, kind: str, rules: Sequence[tuple[str, str]], rng: random.Random
) -> Pair | None:
    start = statement_start(pair)
    found = [
        (match.span(), new)
        for old, new in rules
        for match in re.finditer(old, pair.origin)
        if match.start() >= start
    ]
    if not found:
        return None
    span, new = rng.choice(found)
    return falsified(pair, kind, span, new)
