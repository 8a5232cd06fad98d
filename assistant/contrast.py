"""Where a sentence denies, or says more surely, or has somebody else say what its sources say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.claims import Claims
from assistant.compare import Finding, Source
from assistant.denials import Denial
from assistant.modals import STRENGTH, Modal, Mood
from assistant.names import OFFICES, form
from assistant.wording import ACCORDING
from ingest.speakers import NAME, SAID
from ingest.words import function_words

__all__ = ["TOGETHER_FORMS", "asserted", "denied", "said_by"]

SPEAKER = re.compile(
    rf"(?P<before>{NAME})(?:,[^,]{{1,60}},)?\s(?:has\s|had\s|heeft\s|hat\s)?(?:{SAID})\b"
    rf"|{ACCORDING}\s(?:[a-z]+\s){{0,2}}(?P<after>{NAME})"
    rf"|[”\"’»,]\s(?:{SAID})\s(?P<behind>{NAME})"
)
# What is stronger than this is as good as stated: who pledges to do something will do it.
WEAK = 4
# Of a clause that is denied as a whole, the share of words that makes another one say the same.
MOST = 0.6
# Who speaks together has a capital only at the head of a sentence, and no name.
TOGETHER = (
    "leaders allies ministers members states countries nations parties partners governments "
    "experts officials delegates participants leiders bondgenoten landen lidstaten partijen "
    "regeringen "
    "regierungschefs bündnispartner minister länder staaten mitglieder teilnehmer dirigeants "
    "alliés ministres pays états membres gouvernements"
)
TOGETHER_FORMS = frozenset(map(form, TOGETHER.split()))


def denied(claim: Claims, sources: Sequence[Source]) -> Iterator[Finding]:
    """What the sentence denies and the sources do not, and the reverse."""
    comparable = [s.text for s in sources if s.text.language == claim.language]
    theirs = [denial for text in comparable for denial in text.denials]
    titles = [denial for source in sources for denial in source.about.denials]
    stems = frozenset(w.stem for text in comparable for w in text.words)
    if not comparable:
        if claim.denials and not any(s.text.denials for s in sources):
            yield Finding("missing", f"“{claim.denials[0].written}” is not in the cited words")
        return
    for denial in claim.denials:
        if any(_same(denial, other) for other in (*theirs, *titles)):
            continue
        found = _about(denial, stems)
        if theirs and not found:
            continue  # another word for what they deny
        words = f"“{denial.written} {' '.join(denial.after[:1])}”".replace(" ”", "”")
        what = "the cited words say it without a denial" if found else "is not in the cited words"
        yield Finding("against" if found else "missing", f"{words}: {what}")
    mine = frozenset(word.stem for word in claim.words)
    content = frozenset(word.stem for word in claim.words if word.content)
    for denial in theirs:
        if any(_governs_same(denial, other) for other in claim.denials):
            continue
        if _about(denial, mine) or _only_about(denial, content):
            yield Finding("against", f"the cited words say “{denial.written}”, the sentence not")


def _same(one: Denial, other: Denial) -> bool:
    """Whether two denials may be of the same thing: what they deny, or whose denial it is."""
    alone = not (one.before or one.after) or not (other.before or other.after)
    return alone or _governs_same(one, other) or bool({*one.before} & {*other.before})


def _governs_same(one: Denial, other: Denial) -> bool:
    """Whether two denials are of the same words; one that ends its clause is of those before."""
    for free, fixed in ((one, other), (other, one)):
        if free.clause:
            return 2 * len(free.clause & fixed.sentence) >= len(free.clause)
    if one.after and other.after:
        return bool({*one.after} & {*other.after})
    return bool({*one.before, *one.after} & {*other.before, *other.after})


def _about(denial: Denial, stems: frozenset[str]) -> bool:
    """Whether these words have what is denied: the next word and one beside it, or most of it."""
    if denial.clause:
        return len(denial.clause & stems) >= MOST * len(denial.clause)
    near = [*denial.after, *reversed(denial.before)]
    return bool(near) and near[0] in stems and (len(near) < 2 or any(w in stems for w in near[1:]))


def _only_about(denial: Denial, content: frozenset[str]) -> bool:
    """Whether these are the word that is denied and little else than words of its sentence."""
    denied = denial.after[:1]
    own = len(content & denial.sentence)
    return bool(denied) and denied[0] in content and own >= MOST * len(content)


def asserted(claim: Claims, sources: Sequence[Source]) -> Iterator[Finding]:
    """What the sentence says as more or less certain than the sources do."""
    comparable = [s.text for s in sources if s.text.language == claim.language]
    theirs = [modal for s in sources for modal in s.text.modals]
    titles = {modal.after for s in sources for modal in s.about.modals}
    moods: frozenset[Mood | None] = frozenset(modal.mood for modal in theirs) or frozenset({None})
    for modal in claim.modals:
        strengths = {STRENGTH[mood] for mood in _governing(modal, comparable) or moods}
        if STRENGTH[modal.mood] in strengths or modal.after in titles:
            continue
        stronger = STRENGTH[modal.mood] > max(strengths)
        how = "more" if stronger else "less"
        yield Finding(
            "against" if stronger else "missing",
            f"“{modal.written}” says it {how} surely than the cited words",
        )
    if not claim.modals:
        yield from _as_fact(claim, comparable)


def _governing(modal: Modal, texts: Sequence[Claims]) -> frozenset[Mood | None]:
    """The moods under which the sources put the first word that this modal governs."""
    for stem in modal.after:
        moods = frozenset[Mood | None]().union(*(t.governors.get(stem, ()) for t in texts))
        if moods:
            return moods
    return frozenset()


def _as_fact(claim: Claims, texts: Sequence[Claims]) -> Iterator[Finding]:
    """What the sources only intend, ask for or hold possible, and the sentence states outright."""
    stems = {word.stem for word in claim.words}
    for text in texts:
        for modal in text.modals:
            first = modal.after[:1]
            weak = STRENGTH[modal.mood] < WEAK and all(stem in stems for stem in modal.after)
            if weak and first and None not in text.governors.get(first[0], {None}):
                yield Finding(
                    "against", f"the cited words say “{modal.written}”, the sentence says it is so"
                )


def said_by(claim: Claims, sources: Sequence[Source]) -> Iterator[Finding]:
    """A speaker whom the sources do not name, or who in them says something else."""
    forms = frozenset[str]().union(*(source.known.forms for source in sources))
    speakers = [source.speaker for source in sources if source.speaker]
    theirs = {_surname(n) for n in speakers}
    theirs |= {_surname(name) for s in sources for name, _ in _speakers(s.text.text)}
    nobody = TOGETHER_FORMS | {form(word) for word in function_words(claim.language)}
    for name, start in _speakers(claim.text):
        dated = any(d.start < start + len(name) and start < d.end for d in claim.dates)
        if dated or any(_in_office(name, speaker) for speaker in speakers):
            continue
        if _surname(name) not in forms and _surname(name) not in nobody:
            yield Finding("missing", f"the name “{name}” is not in the cited words")
        elif speakers and _surname(name) in forms and _surname(name) not in theirs:
            yield Finding("against", f"in the source {speakers[0]} speaks, not {name}")


def _in_office(name: str, speaker: str) -> bool:
    """Whether a speaker of whom only the office is told may be called by this name: The President,
    and President Biden."""
    office = {form(word) for word in speaker.split()} - {"the", "de", "le", "la", "der", "die"}
    return bool(office) and office <= OFFICES and office <= {form(w) for w in name.split()}


def _speakers(text: str) -> Iterator[tuple[str, int]]:
    """Who is said to have said something, and where the name begins."""
    for found in SPEAKER.finditer(text):
        for place in ("before", "after", "behind"):
            if found[place]:
                yield found[place], found.start(place)
                break


def _surname(name: str) -> str:
    return form(name.rsplit(maxsplit=1)[-1])
