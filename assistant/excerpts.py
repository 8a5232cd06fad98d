"""The sentences that a language model is shown, numbered, within a budget of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.check import Cited, cited
from assistant.escape import UNSEEN
from assistant.evidence import Choice, Evidence
from assistant.orders import without_orders
from assistant.retrieve import Found
from assistant.voice import whose
from ingest.tokens import count_tokens
from vectorstore import Document, Sentence

__all__ = ["Excerpt", "excerpts", "plain", "shown"]

# With instructions and an answer this leaves room in 4,096 tokens, the least that servers give,
# also where a model's own vocabulary counts a third more.
MAX_TOKENS = 2_000
# More numbers than this are mixed up.
MOST = 30
# What could pass for a fence, a sentence's number or a mark of a chat template.
MARKS = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "【": "(", "】": ")"})
FENCE = re.compile(r"([=`#~_*-])\1{2,}")
# Without one there is nothing to cite: a rule, a number by itself, a fence that somebody wrote.
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """A sentence of a document under the number by which a language model cites it, from 1.

    Each is equal to itself alone.
    """

    number: int
    sentence: Sentence
    found: Found

    @property
    def cited(self) -> Cited:
        return cited(self.sentence, self.found.document, self.found.passage.heading_path)


def excerpts(choice: Choice, *, max_tokens: int = MAX_TOKENS) -> tuple[Excerpt, ...]:
    """What was chosen, then the likeliest other sentences, as many as the budget allows.

    An item of a list comes with the sentence that introduces it. Sentences that give orders,
    and those without a letter, are left out. Documents come by their likeliest sentence,
    sentences as they stand there.
    """
    taken: dict[tuple[str, int], tuple[Sentence, Found]] = {}
    documents: dict[str, Document] = {}
    left = max_tokens
    for sentence, found in _in_order(choice):
        document = found.document
        key = (document.id, sentence.start)
        if key in taken or len(taken) == MOST:
            continue
        cost = count_tokens(_line(MOST, sentence, document))
        cost += 0 if document.id in documents else count_tokens(_heading(document))
        if cost <= left:
            left -= cost
            taken[key] = (sentence, found)
            documents.setdefault(document.id, document)
    order = list(documents)
    kept = sorted(taken.values(), key=lambda one: (order.index(one[1].document.id), one[0].start))
    return tuple(Excerpt(n, *one) for n, one in enumerate(kept, start=1))


def _in_order(choice: Choice) -> Iterator[tuple[Sentence, Found]]:
    allowed: dict[str, dict[int, Sentence]] = {}
    for one in (*_best_first(choice.evidence), *choice.likeliest):
        passage = one.found.passage
        if passage.id not in allowed:
            sentences = without_orders(one.found.document, passage)
            allowed[passage.id] = {s.start: s for s in sentences if LETTER.search(s.text)}
        inside = allowed[passage.id]
        if one.sentence.start in inside:
            lead = inside.get(one.sentence.lead if one.sentence.lead is not None else -1)
            yield from ((lead, one.found),) if lead else ()
            yield one.sentence, one.found


def _best_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda one: -one.probability)


def shown(given: Sequence[Excerpt]) -> str:
    """The sentences as the model reads them: under their documents, a line each."""
    lines: list[str] = []
    last: str | None = None
    for one in given:
        if one.found.document.id != last:
            lines.append(_heading(one.found.document))
            last = one.found.document.id
        lines.append(_line(one.number, one.sentence, one.found.document))
    return "\n".join(lines)


def _heading(document: Document) -> str:
    return f"Document: {plain(document.title or document.source)} ({document.date or 'no date'})"


def _line(number: int, sentence: Sentence, document: Document) -> str:
    speaker = whose(sentence, document)
    says = f"{plain(speaker)} says: " if speaker else ""
    return f"[{number}] {says}{plain(sentence.text)}"


def plain(text: str) -> str:
    """The text on one line, without what could pass for the marks of a prompt."""
    return FENCE.sub(r"\1\1", " ".join(UNSEEN.sub("", text).split()).translate(MARKS))
