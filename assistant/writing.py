"""An answer that a language model writes, sentence by sentence, each held to its sources.

What goes wrong with the model is told in a notice for the reader, never raised.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answers import Citation, Sentence
from assistant.compose import cite
from assistant.entailment import Entailment
from assistant.evidence import Choice
from assistant.excerpts import Excerpt, excerpts
from assistant.llm import LanguageModel, ModelFailed
from assistant.otherwise import otherwise, told
from assistant.prompt import asking, repairing
from assistant.support import Held, hold
from assistant.written import Refused, TooLong, Written, written
from vectorstore import Span

__all__ = ["MAX_TOKENS", "Draft", "drafts"]

# Of an answer, and of one sentence that is written again.
MAX_TOKENS, MAX_REPAIR_TOKENS = 800, 160
# So many sentences are written again, within so many seconds in all: the reader waits for it.
MOST_REPAIRS, REPAIR_SECONDS = 3, 20.0
# So many sentences that say otherwise are added to an answer.
MOST_OTHERWISE = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it is written, and what its reader should know of how that went.

    Without sentences there is no answer, and the notice says why.
    """

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: str | None = None


def drafts(
    model: LanguageModel,
    question: str,
    language: str,
    choice: Choice,
    *,
    entailment: Entailment,
    show_unsupported: bool = False,
) -> Iterator[Draft]:
    """The answer as it grows; only the last has a notice, and may have no sentences.

    Sentences that nothing supports are written again at the end, each once; what is still not
    supported is left out, or with `show_unsupported` kept with its verdict. An answer
    has at least one sentence that is supported wholly, or whose source is in another language.
    Where another document says otherwise than a source, its sentence is quoted at the end.
    """
    given = excerpts(choice)
    work = _Work(model, question, language, given, entailment)
    kept: list[Held] = []
    waiting: list[Held] = []  # what is not to stand alone, until something supported follows
    left_out = 0
    for held in work.held():
        if _leads(held, language):
            kept += [*waiting, held]
            waiting = []
            yield _draft(kept)
        elif held.verdict is None or held.stands or show_unsupported:
            waiting.append(held)
        else:
            left_out += 1
    if kept:
        kept += [held for held in waiting if held.verdict is not None]
        kept += _otherwise(kept, given, language)
    yield replace(_draft(kept), notice=_notice(work, bool(kept), left_out))


def _leads(held: Held, language: str) -> bool:
    """Whether an answer may consist of this sentence."""
    foreign = all(source.found.document.language != language for source in held.sources)
    return held.verdict == "supported" or (held.stands and foreign)


class _Work:
    """What one answer takes: asking, holding, and some repairs."""

    def __init__(
        self,
        model: LanguageModel,
        question: str,
        language: str,
        given: Sequence[Excerpt],
        entailment: Entailment,
    ) -> None:
        self.model = model
        # Why the text ended before its end, for the reader.
        self.trouble = ""
        self._question = question
        self._language = language
        self._given = given
        self._entailment = entailment
        self._until = time.monotonic() + model.timeout_seconds

    def held(self) -> Iterator[Held]:
        """The sentences as the model writes them, each held to its sources; none twice.

        Those that nothing supports come last, written again if that helps: a server that does
        one thing at a time would break off the answer for it.
        """
        seen: set[str] = set()
        amiss: list[Held] = []
        for one in self._written():
            held = hold(one, self._language, self._given, self._entailment)
            if held.text in seen:
                continue
            seen.add(held.text)
            if held.verdict is not None and not held.stands:
                amiss.append(held)
            else:
                yield held
        until = min(self._until, time.monotonic() + REPAIR_SECONDS)
        for number, held in enumerate(amiss):
            mended = self._mended(held, until) if number < MOST_REPAIRS else held
            if mended is held or mended.text not in seen:
                seen.add(mended.text)
                yield mended

    def _written(self) -> Iterator[Written]:
        """The sentences of the answer, up to where it ends or breaks off."""
        if not self._given:
            self.trouble = "The documents hold no sentences that a language model could be shown."
            return
        pieces = self.model.stream(
            asking(self._question, self._language, self._given), max_tokens=MAX_TOKENS
        )
        try:
            yield from written(pieces, self._language, known=len(self._given))
        except ModelFailed as error:
            self.trouble = str(error)
        except Refused:
            self.trouble = f"The language model {self.model.name!r} found no answer in the sources."
        except TooLong:
            self.trouble = f"The language model {self.model.name!r} did not come to an end."
        finally:
            pieces.close()  # type: ignore[attr-defined]

    def _mended(self, held: Held, until: float) -> Held:
        """The sentence, or the one that the model writes in its place if that is supported."""
        left = until - time.monotonic()
        if self.trouble or left <= 0:
            return held
        again = next((one for one in self._again(held, left)), None)
        mended = again and hold(again, self._language, self._given, self._entailment)
        return mended if mended and mended.stands else held

    def _again(self, held: Held, seconds: float) -> Iterator[Written]:
        """What the model writes in place of a sentence; nothing where it fails."""
        messages = repairing(
            self._question,
            self._language,
            self._given,
            sentence=held.text,
            reasons=held.reasons,
        )
        pieces = self.model.stream(messages, max_tokens=MAX_REPAIR_TOKENS, timeout_seconds=seconds)
        try:
            yield from written(pieces, self._language, known=len(self._given))
        except (ModelFailed, Refused, TooLong):
            return
        finally:
            pieces.close()  # type: ignore[attr-defined]


def _otherwise(kept: Sequence[Held], given: Sequence[Excerpt], language: str) -> list[Held]:
    """What other documents say otherwise than the sources of an answer, in their own words."""
    sources = [source for held in kept if held.stands for source in held.sources]
    added: dict[Excerpt, Held] = {}
    for source in sources:
        other = otherwise(source, given)
        if other is not None and other not in sources and len(added) < MOST_OTHERWISE:
            added.setdefault(other, Held(told(other, source, language), (other,), "supported"))
    return list(added.values())


def _draft(kept: Sequence[Held]) -> Draft:
    """The sentences with their citations, numbered in the order of first use."""
    numbers: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for held in kept:
        used: list[int] = []
        for source in held.sources:
            document = source.found.document
            for span in source.sentence.spans:
                key = (document.id, span)
                if key not in numbers:
                    numbers[key] = len(numbers) + 1
                    citations.append(cite(numbers[key], document, span))
                used.append(numbers[key])
        cited = tuple(dict.fromkeys(used))
        sentences.append(Sentence(held.text, cited, held.verdict, held.reasons))
    return Draft(tuple(sentences), tuple(citations))


def _notice(work: _Work, any_kept: bool, left_out: int) -> str | None:
    """What the reader should know: why there are quotes instead, or what is missing."""
    if not any_kept:
        why = work.trouble or (
            f"The sources support nothing that the language model {work.model.name!r} wrote."
        )
        return f"{why} Instead, the documents are quoted."
    said = f"{work.trouble} What it wrote before that stands here." if work.trouble else ""
    were = "A sentence was" if left_out == 1 else f"{left_out} sentences were"
    gone = f"{were} left out that the sources do not support." if left_out else ""
    return f"{said} {gone}".strip() or None
