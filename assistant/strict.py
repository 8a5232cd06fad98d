"""Why a sentence that passes its check is still not shown as supported.

The check knows facts; another verb ("sold" for "bought"), names the other way around, or a figure
of something else it may let pass. So whatever of a sentence is not in its sources counts against
it here, at the price of honest sentences in other words than theirs, but for a few synonyms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.claims import Claims
from assistant.compare import Source
from assistant.contrast import TOGETHER_FORMS
from assistant.coverage import words_missing
from assistant.names import Known, Name, form
from assistant.quantities import Quantity, same_quantity
from assistant.synonyms import same_meaning
from assistant.wording import Word

__all__ = ["objections"]

# They add nothing to what is said: connectives, and that it is so in the sources.
LIGHT_WORDS = (
    "according accordingly additionally also both document documents furthermore including "
    "moreover namely namely respectively same source sources text total within year years "
    "bron bronnen document eveneens jaar namelijk ook samen tekst totaal volgens waaronder "
    "année années aussi document également notamment selon source sources texte total "
    "auch dokument ebenfalls insgesamt jahr jahre laut nämlich quelle quellen text"
)
LIGHT = frozenset(map(form, LIGHT_WORDS.split()))
# Organisations that have another name in each language.
ALIASES = tuple(
    frozenset(names.split()) for names in ("nato navo otan", "eu ue", "un vn onu uno vereinte")
)
# Who does something may come last only where such a word stands before him, or a place first.
BY = frozenset({"by", "door", "par", "von", "durch"})
HYPHEN = re.compile(r"[-‑–/]")
AT_WORDS = (
    "in at on for from to of with op te bij voor van naar met uit à en au aux pour dans de des du "
    "avec an auf bei für zu nach mit aus"
)
AT = frozenset(AT_WORDS.split())


def objections(claim: Claims, sources: Sequence[Source]) -> tuple[str, ...]:
    """What the sentence says beyond its sources, in words for the reader; none where it stands."""
    own = [source for source in sources if source.text.language == claim.language]
    if any(_letters(claim) == _letters(source.text) for source in own):
        return ()
    found = [
        *_words(claim, sources),
        *_names(claim, sources, foreign=not own),
        *_moods(claim, own),
        *_parts(claim, sources),
        *_turned(claim, own),
        *_counted(claim, own),
        *_doers(claim, own),
        *_figures_beside(claim, own),
    ]
    return tuple(dict.fromkeys(found))


def _letters(text: Claims) -> str:
    return "".join(filter(str.isalnum, text.text))


def _words(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    having = {word.stem for source in sources for word in source.text.words}
    for word in words_missing(claim, sources):
        if form(word) not in LIGHT and not same_meaning(word, claim.language) & having:
            yield f"the cited words do not say “{word}”"


def _names(claim: Claims, sources: Sequence[Source], *, foreign: bool) -> Iterator[str]:
    """Words with a capital that no source has; of another language's also all other names."""
    known = [known for source in sources for known in (source.text.known, source.about.known)]
    for name in (*claim.openings, *(claim.names if foreign else ())):
        plain = all(form(word.text) in LIGHT | TOGETHER_FORMS for word in name.words)
        if not plain and all(_lacks(one, name) for one in known):
            yield f"the name “{claim.written(name)}” is not in the cited words"


def _lacks(known: Known, name: Name) -> bool:
    missing = known.lacks(name)
    return any(
        not any(form(word) in names and names & known.forms for names in ALIASES)
        for word in missing
    )


def _parts(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    """A name that the sources have only as a part of a compound: of the NATO-Ukraine Council."""
    for name in (*claim.names, *claim.openings):
        written = re.escape(claim.written(name))
        compound = re.compile(rf"(?<=\w)[-‑–/]{written}\b|\b{written}[-‑–/](?=\w)")
        alone = re.compile(rf"(?<![-‑–/\w]){written}(?![-‑–/\w])")
        texts = [text.text for source in sources for text in (source.text, source.about)]
        inside = any(map(compound.search, texts)) and not any(map(alone.search, texts))
        if inside and alone.search(claim.text):
            yield f"“{claim.written(name)}” is only a part of a name in the cited words"


def _moods(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    """What the sources say only of the future, and the sentence as if it had been."""
    for word in claim.words:
        stems = {word.stem, *same_meaning(word.text, claim.language)}
        theirs = [source.text.governors.get(stem) for source in sources for stem in stems]
        said = [moods for moods in theirs if moods]
        mine = claim.governors.get(word.stem, frozenset({None}))
        plain = word.content and not word.capital
        # It may stand twice, as in a title that is named and in what is said.
        if plain and None in mine and said and mine.isdisjoint(frozenset().union(*said)):
            yield f"“{word.text}” is not said to be so, only that it will or may be"
            return


def _turned(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    """Two names that stand the other way around: who does something to whom."""
    named = sorted((*claim.names, *claim.openings), key=lambda name: name.start)
    for one, other in pairwise(named):
        between = _between(claim, one, other)
        for source in sources:
            places = [_places(source.text, name) for name in (one, other)]
            if not all(places) or min(places[0]) < max(places[1]):
                continue
            theirs = _within(source.text, max(places[1]), min(places[0]))
            passive = bool(BY & set(between)) != bool(BY & set(theirs))
            place = _at(claim, one.start) or _at(source.text, max(places[1]))
            if _content(claim, one, other) and not passive and not place:
                yield (
                    f"“{claim.written(one)}” and “{claim.written(other)}” stand the other way "
                    "around in the cited words"
                )
                return


def _doers(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    """A name before a verb, where the sources have another one before it: who does something."""
    if BY & {form(word.text) for word in claim.words}:
        return
    for name in (*claim.names, *claim.openings):
        verb = _next(claim, name.end)
        if verb is None or verb.capital or _at(claim, name.start):
            continue
        for source in sources:
            places = _places(source.text, name)
            verbs = [word.start for word in source.text.words if word.stem == verb.stem]
            if (
                places
                and verbs
                and not any(_reaches(source.text, at, then) for at in places for then in verbs)
            ):
                yield f"another than “{claim.written(name)}” stands before “{verb.text}”"


def _next(text: Claims, end: int) -> Word | None:
    return next((word for word in text.words if word.start >= end and word.content), None)


def _reaches(text: Claims, start: int, end: int) -> bool:
    """Whether no other name comes between, but in a row with it or as a place."""
    last = start
    for name in text.names:
        if not last < name.start < end:
            continue
        row = not any(
            w.content and not w.capital for w in text.words if last < w.start < name.start
        )
        if not row and not _at(text, name.start):
            return False
        last = name.end
    return start < end


def _figures_beside(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    """A figure beside other words than in the sources, where another figure is beside those."""
    for figure in claim.quantities:
        before = [w for w in claim.words if w.end <= figure.start and w.content][-1:]
        after = _next(claim, figure.end)
        beside = [*before, *([after] if after else [])]
        stems = {word.stem for word in beside}
        stems = stems.union(*(same_meaning(word.text, claim.language) for word in beside))
        for source in sources:
            same = [q for q in source.text.quantities if same_quantity(figure, q)]
            near = [word for word in source.text.words if word.stem in stems]
            if same and near and not any(_alone(source.text, q, w) for q in same for w in near):
                yield f"“{claim.written(figure)}” stands beside other words in the cited words"


def _alone(text: Claims, figure: Quantity, word: Word) -> bool:
    """Whether no other figure is between a figure and a word."""
    start, end = sorted((figure.start, word.start))
    return not any(start < q.start < end and q.start != figure.start for q in text.quantities)


def _between(claim: Claims, one: Name, other: Name) -> list[str]:
    return _within(claim, one.end, other.start)


def _within(text: Claims, start: int, end: int) -> list[str]:
    return [form(word.text) for word in text.words if start <= word.start < end]


def _content(claim: Claims, one: Name, other: Name) -> bool:
    return any(w.content for w in claim.words if one.end <= w.start < other.start)


def _places(text: Claims, name: Name) -> list[int]:
    """Where the last word of a name stands, but inside a compound."""
    stem = name.words[-1].stem
    around = [(word, text.text[max(0, word.start - 1) : word.end + 1]) for word in text.words]
    return [word.start for word, seen in around if word.stem == stem and not HYPHEN.search(seen)]


def _at(text: Claims, start: int) -> bool:
    """Whether what begins there tells a place or the like: "In Latvia, …"."""
    before = [form(word.text) for word in text.words if word.end <= start]
    return bool(before) and before[-1] in AT


def _counted(claim: Claims, sources: Sequence[Source]) -> Iterator[str]:
    """A figure of one thing that the sources give of another: soldiers for civilians."""
    for figure in claim.quantities:
        noun = _noun(claim, figure.end)
        for source in sources:
            nouns = {_noun(source.text, q.end): q for q in source.text.quantities}
            same = [n for n, q in nouns.items() if same_quantity(figure, q)]
            if noun and same and noun not in same and noun in nouns:
                yield f"“{claim.written(figure)}” is of something else in the cited words"


def _noun(claim: Claims, end: int) -> str:
    return next((w.stem for w in claim.words if 0 < w.start - end <= 2 and w.content), "")
