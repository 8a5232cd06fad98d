"""Two runs compared, question by question: what changed by more than chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.intervals import Difference, Figure, difference, ratio
from evals.metrics import Part
from evals.run import RunError

__all__ = ["Change", "compare"]

Parts = Mapping[str, Mapping[str, Part]]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and now on the questions that both runs have."""

    name: str
    before: Figure
    now: Figure
    difference: Difference

    @property
    def verdict(self) -> str:
        """In words: "higher", "lower", "no difference shown", or "undefined"."""
        if self.difference.value != self.difference.value:
            return "undefined"
        if not self.difference.shown:
            return "no difference shown"
        return "higher" if self.difference.value > 0 else "lower"


def compare(now: Parts, before: Parts) -> tuple[Change, ...]:
    """The change of every figure that both runs have, by paired bootstrap.

    Both give, by question id and figure, numerator and denominator. RunError where they
    have no question in common.
    """
    common = sorted(set(now) & set(before))
    if not common:
        raise RunError("The two runs have no question in common; compare runs on one file.")
    names = [name for name in now[common[0]] if name in before[common[0]]]
    return tuple(_change(name, now, before, common=common) for name in names)


def _change(name: str, now: Parts, before: Parts, *, common: list[str]) -> Change:
    new, old = _columns(now, name, common), _columns(before, name, common)
    return Change(name, ratio(*old), ratio(*new), difference(*new, before=old))


def _columns(parts: Parts, name: str, ids: list[str]) -> tuple[list[float], list[float]]:
    pairs = [parts[each][name] for each in ids]
    return [top for top, _ in pairs], [bottom for _, bottom in pairs]
