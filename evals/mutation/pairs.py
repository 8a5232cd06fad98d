"""What a pair of a sentence and its citation is, and the true pairs that documents give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from evals.mutation.locales import month_names
from ingest.words import function_words
from vectorstore import Document, Passage, Sentence

__all__ = [
    "UNCHANGED",
    "Checker",
    "Pair",
    "attribution",
    "derived",
    "statement_start",
    "true_pairs",
]

UNCHANGED = "unchanged"
MIN_WORDS, MAX_WORDS = 8, 45

OPENINGS = {
    "en": 'According to "{title}" ({date}), ',
    "nl": 'Volgens "{title}" ({date}): ',
    "fr": "Selon « {title} » ({date}) : ",
    "de": "Laut „{title}“ ({date}): ",
}
# A title names an event if it says what kind of gathering it was, or its month and year.
EVENT = re.compile(
    r"summit|\b(?:meetings?|conference|forum|council|assembly|session|dialogue|visit|talks)\b"
    r"|\b(?:top|topontmoeting|bijeenkomst|vergadering|bezoek)\b"
    r"|\b(?:sommet|réunion|conférence|rencontre|visite)\b"
    r"|gipfel|\b(?:treffen|konferenz|tagung|besuch)\b",
    re.I,
)
OPENS = re.compile(r"[“\"‘'«„(]*\s?(?:[A-ZÀ-ÖØ-Þ0-9]|[$€£]\d)")
CLOSES = re.compile(r"[.!][”\"’»)]*$")
# Who speaks, in a transcript; and what shows that something was left out or not read well.
LABEL = re.compile(r"[A-Z][A-Z.'’\- ]{2,60}:\s")
BROKEN = re.compile(r"…|\.\.\.|[\[\]|*_]|[—–-]\s+[—–-]|https?:|www\.|\w@\w")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence as an answer would state it, and the exact words that it cites.

    `supported` is whether the citation supports it, and `kind` how that came about:
    "unchanged", a mutation or a variation. `quote` is a slice of the text of the document
    `source`; `title`, `date` (ISO 8601) and `language` (ISO 639-1) are the document's.
    `origin` is the sentence before it was changed.
    """

    kind: str
    supported: bool
    sentence: str
    quote: str
    title: str
    date: str | None
    language: str
    source: str
    origin: str


Checker = Callable[[Pair], bool]
"""True: the citation supports the sentence."""


def true_pairs(
    store_documents: Iterable[tuple[Document, Sequence[Passage]]],
) -> tuple[Pair, ...]:
    """One pair for each usable sentence, in the order of the documents.

    Usable is a sentence or list item in one piece that stands as a statement: complete,
    of 8 to 45 words, no question. Where the document's title names an event with a date,
    every second claim is attributed to it, unless it is a list item; the others are the bare
    display text. The same claim on the same quote comes once.
    """
    found: dict[tuple[str, str], Pair] = {}
    for document, passages in store_documents:
        for pair in _pairs_of(document, passages):
            found.setdefault((pair.origin, pair.quote), pair)
    return tuple(found.values())


def attribution(title: str, date: str, language: str) -> str:
    """The words before a claim that says which document, and so which event, it is from."""
    return OPENINGS.get(language, OPENINGS["en"]).format(title=title, date=date)


def statement_start(pair: Pair) -> int:
    """Where in the origin of `pair` the document's own statement begins, after attribution."""
    if pair.date is None:
        return 0
    opening = attribution(pair.title, pair.date, pair.language)
    return len(opening) if pair.origin.startswith(opening) else 0


def derived(pair: Pair, kind: str, sentence: str, *, supported: bool) -> Pair:
    """The pair with its sentence changed; its origin stays."""
    return replace(pair, kind=kind, supported=supported, sentence=sentence)


def _pairs_of(document: Document, passages: Sequence[Passage]) -> Iterator[Pair]:
    usable = [s for passage in passages for s in passage.sentences if _usable(s)]
    event = document.date is not None and _names_event(document.title)
    for number, sentence in enumerate(usable):
        attributed = event and number % 2 and sentence.kind == "sentence"
        claim = _attributed(document, sentence.text) if attributed else sentence.text
        yield Pair(
            kind=UNCHANGED,
            supported=True,
            sentence=claim,
            quote=document.text[sentence.start : sentence.end],
            title=document.title,
            date=document.date,
            language=document.language,
            source=document.source,
            origin=claim,
        )


def _names_event(title: str) -> bool:
    months = "|".join(sorted(month_names()))
    month = re.search(rf"\b(?:{months})\s(?:19|20)\d\d\b", title, re.I)
    return EVENT.search(title) is not None or month is not None


def _usable(sentence: Sentence) -> bool:
    text = sentence.text
    return (
        sentence.kind in ("sentence", "item")
        and len(sentence.spans) == 1
        and MIN_WORDS <= len(text.split()) <= MAX_WORDS
        and OPENS.match(text) is not None
        and CLOSES.search(text) is not None
        and not LABEL.match(text)
        and not BROKEN.search(text)
        and _balanced(text)
    )


def _balanced(text: str) -> bool:
    """Whether every bracket and quotation mark that opens also closes."""
    low = text.count("„")  # closed by “ in German, by ” in Dutch
    curly = low == text.count("“") + text.count("”") if low else text.count("“") == text.count("”")
    others = text.count("«") == text.count("»") and text.count("(") == text.count(")")
    return curly and others and text.count('"') % 2 == 0


def _attributed(document: Document, text: str) -> str:
    """The claim after its attribution; in English the sentence runs on, in lower case."""
    opening = attribution(document.title, document.date or "", document.language)
    if opening.endswith(", "):
        first = text.split(maxsplit=1)[0]
        if first != "I" and first.lower() in function_words("en"):
            text = text[0].lower() + text[1:]
    return opening + text
