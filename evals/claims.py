"""How often sentences that a language model may write are held to be supported: right and wrong.

Unlike the pairs of `evals/mutation` they are worded freely: answers to questions as a good model
gives them, more that it could say, and wrong ones in which no figure or name is made up.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answers import Verdict
from assistant.check import Cited
from assistant.entailment import Entailment
from assistant.support import judged
from evals.questions import QuestionsError

__all__ = ["FILES", "Claim", "Count", "measure", "read_claims"]

# On the bundled documents, where the entailment model's thresholds were set, and on the real ones.
FILES = tuple(Path(__file__).parent / f"claims-{of}.jsonl" for of in ("bundled", "real"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence in a language with what it cites; `context` is what that points back to."""

    kind: str
    text: str
    language: str
    sources: tuple[Cited, ...]
    context: tuple[Cited, ...]

    @property
    def foreign(self) -> bool:
        """Whether all that it cites is in another language."""
        return all(source.language != self.language for source in self.sources)


@dataclass(frozen=True, slots=True)
class Count:
    """How many sentences of a kind there are, and how many got which verdict."""

    kind: str
    foreign: bool
    supported: int
    partly: int
    total: int


def read_claims(file: Path) -> tuple[Claim, ...]:
    """The sentences of a JSONL file; QuestionsError names the line that is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise QuestionsError(f"{str(file)!r} cannot be read: {error.strerror}.") from None
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            given = json.loads(line)
            sources, context = (tuple(map(_cited, given[key])) for key in ("sources", "context"))
            found.append(Claim(given["kind"], given["text"], given["lang"], sources, context))
        except (ValueError, TypeError, KeyError) as error:
            raise QuestionsError(
                f"Line {number} of {str(file)!r} is no sentence with its sources: {error!r}."
            ) from None
    return tuple(found)


def _cited(given: Mapping[str, Any]) -> Cited:
    return Cited(
        text=given["text"],
        language=given["lang"],
        title=given["title"],
        date=given["date"],
        headings=tuple(given["headings"]),
        speaker=given["speaker"],
    )


def measure(claims: Iterable[Claim], entailment: Entailment) -> Iterator[Count]:
    """A count for each kind, of sentences whose sources are in their language and of others."""
    told: dict[tuple[str, bool], Counter[Verdict]] = {}
    for claim in claims:
        told.setdefault((claim.kind, claim.foreign), Counter())[_verdict(claim, entailment)] += 1
    for (kind, foreign), verdicts in sorted(told.items()):
        yield Count(kind, foreign, verdicts["supported"], verdicts["partly"], verdicts.total())


def _verdict(claim: Claim, entailment: Entailment) -> Verdict:
    """The verdict on what it cites, or with the context of that where it is better."""
    order: Sequence[Verdict] = ("supported", "partly", "not supported", "contradicted")
    units = [claim.sources, *([(*claim.context, *claim.sources)] if claim.context else [])]
    found = [judged(claim.text, claim.language, unit, entailment)[0] for unit in units]
    return min(found, key=order.index)
