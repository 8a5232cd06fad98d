"""One small change to a claim: the pair with other words in one place of its sentence."""

from __future__ import annotations

import random
import re

from evals.mutation.pairs import Pair, derived, statement_start

__all__ = ["falsified", "in_quotation", "one_line", "reworded", "upper_first"]

QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|(?<!\w)‘[^’]*’(?!\w)")


def reworded(
    pair: Pair, kind: str, options: list[tuple[int, int, str]], rng: random.Random
) -> Pair | None:
    """The pair, still true, with one of the options (start, end, new words) taken."""
    if not options:
        return None
    start, end, new = rng.choice(options)
    if start == statement_start(pair) and new[:1].islower() and pair.origin[start].isupper():
        new = upper_first(new)
    changed = pair.origin[:start] + new + pair.origin[end:]
    return derived(pair, kind, changed, supported=True)


def falsified(pair: Pair, kind: str, span: tuple[int, int], new: str) -> Pair | None:
    """The pair, no longer true, with new words at a span; None where they are the old ones."""
    sentence = pair.origin[: span[0]] + new + pair.origin[span[1] :]
    return derived(pair, kind, sentence, supported=False) if sentence != pair.origin else None


def in_quotation(text: str, start: int) -> bool:
    """Whether a place lies within quotation marks, where a rewording would misquote."""
    return any(match.start() < start < match.end() for match in QUOTED.finditer(text))


def upper_first(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]


def one_line(quote: str) -> str:
    """The quote on one line, without the marks of bold and italics."""
    return " ".join(re.sub(r"\*+|</?\w+>|(?<!\w)_+|_+(?!\w)", "", quote).split())
