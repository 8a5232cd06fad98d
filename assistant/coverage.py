"""How much of what a sentence says is in the words that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.claims import Claims
from assistant.compare import Source, is_dated, is_stated
from assistant.names import Name
from assistant.wording import ACCORDING
from ingest.speakers import SAID

__all__ = ["coverage", "words_missing"]

# Who says it is compared elsewhere; that it is said adds nothing to what is said.
WHENCE = re.compile(rf"{ACCORDING}|\b(?:{SAID})\b")
# Words of one stem that a stemmer leaves apart share so many letters, and differ in so few.
SAME_START, OTHER_END = 4, 4


def coverage(claim: Claims, sources: Sequence[Source]) -> float | None:
    """The share of the sentence's content words, figures and dates in the sources, 0 to 1.

    What titles and headings have counts for nothing, unless the sentence has nothing else.
    None where no source is in the sentence's language.
    """
    texts = [source for source in sources if source.text.language == claim.language]
    if not texts:
        return None
    having = _stems(source.text for source in texts)
    about = _stems(source.about for source in texts)
    wanted = _wanted(claim)
    own = {stem for stem in wanted if not _has(about, stem)}
    if len(own) < 2:
        own, having = wanted, having | about
    known = {word.stem for name in claim.names if _named(name, sources) for word in name.words}
    missing = sum(stem not in known and not _has(having, stem) for stem in own)
    facts = sum(is_stated(q, sources) for q in claim.quantities)
    facts += sum(is_dated(date, sources) for date in claim.dates)
    return 1 - missing / ((len(own) + facts) or 1)


def words_missing(claim: Claims, sources: Sequence[Source]) -> tuple[str, ...]:
    """The sentence's content words that neither its sources nor their titles have in any form.

    Sources in another language are not looked at; names are, where the sources know them.
    """
    texts = [source for source in sources if source.text.language == claim.language]
    having = _stems(text for source in texts for text in (source.text, source.about))
    wanted = _wanted(claim)
    known = {word.stem for name in claim.names if _named(name, sources) for word in name.words}
    missing = (w for w in claim.words if w.stem in wanted - known and not _has(having, w.stem))
    return tuple(dict.fromkeys(word.text for word in missing)) if texts else ()


def _wanted(claim: Claims) -> set[str]:
    whence = [match.span() for match in WHENCE.finditer(claim.text)]
    return {
        word.stem
        for word in claim.words
        if word.content and not any(start <= word.start < end for start, end in whence)
    }


def _named(name: Name, sources: Sequence[Source]) -> bool:
    return any(not source.text.known.lacks(name) for source in sources)


def _stems(texts: Iterable[Claims]) -> frozenset[str]:
    return frozenset(word.stem for text in texts for word in text.words)


def _has(stems: frozenset[str], stem: str) -> bool:
    """Whether a stem is among these, or a longer or shorter form of it is."""
    if stem in stems:
        return True
    head = stem[:SAME_START]
    return len(stem) >= SAME_START and any(
        other.startswith(head) and abs(len(other) - len(stem)) <= OTHER_END for other in stems
    )
