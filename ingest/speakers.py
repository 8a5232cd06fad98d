"""Whose words a block or a sentence is, as far as its form tells.

Transcripts name the speaker before each turn; a quotation is introduced by a sentence
that ends in a colon, followed by a dash and a name, or accompanied by a verb of saying.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.extract import BlockKind

__all__ = ["NAME", "OPENERS", "SAID", "block_speakers", "quoted_speaker", "turn_label"]

LABEL = re.compile(r"(?P<name>[^\W\d_][\w.'’\-]{0,40}(?:\s[^\W\d_][\w.'’\-]{0,40}){0,6}):\s")
# A reporter's question in a transcript, who has no name there.
ASKED = re.compile(r"Q(?::|\s)")
OFFICES = re.compile(
    r"\b(?:MR|MRS|MS|DR|SIR|PRESIDENT|VICE|PRIME|CHANCELLOR|MINISTER|SECRETARY|CHAIR|CHAIRMAN"
    r"|KING|QUEEN|GENERAL|ADMIRAL|AMBASSADOR|SENATOR|GOVERNOR|MODERATOR|INTERVIEWER|PRÉSIDENTE?"
    r"|PRESIDENTE|PREMIER|MINISTRE|VOORZITTER|BUNDESKANZLER(?:IN)?)\b"
)
# A name's word ends in a stop only as an initial or a title ("H.E. Mr. Ank Th.B. de Wit").
WORD = (
    r"(?:\b(?:(?:[A-Z][a-z]?\.)+|(?:Mrs|Sen|Rep|Gen|Gov|Prof|Hon|Adm|Amb)\.)"
    r"|\b[A-Z][\w'’\-]{1,40}|\b(?:von|van|der|den|de|du|la|al|el|bin)\b)"
)
NAME = rf"{WORD}(?:\s{WORD}){{0,6}}"
NAMED_FIRST = re.compile(rf"(?P<name>(?!\w\d)(?=\w{{3}}){NAME})(?:\s\([^)]*\))?:\s*[“\"‘]")
SAID = (
    r"said|says|added|adds|stated|states|explained|noted|stressed|emphasi[sz]ed|concluded|warned"
    r"|declared|argued|told|urged|remarked|continued|cautioned|highlighted|wrote|replied|put it"
    r"|zei|zegt|stelde|benadrukte|verklaarde|aldus|onderstreepte"
    r"|a déclaré|a dit|a ajouté|a souligné|sagte|erklärte|betonte"
)
AFTER = re.compile(rf"[”\"’],?\s+(?:{SAID})(?:\d{{1,3}})?\s+(?P<name>{NAME})")
BEFORE = re.compile(rf"(?P<name>{NAME})(?:,[^,]{{1,60}},)?\s(?:{SAID})\b")
CLOSING = re.compile(rf"[”\"’],\s+(?:the\s|de\s|le\s|la\s|der\s)?(?P<name>{NAME})\s(?:{SAID})\b")
SIGNED = re.compile(rf"\s*[—–-]\s*(?P<name>{NAME})(?:,.*)?")
# Not after an initial or a short title.
SENTENCE_END = re.compile(r"(?<=[.!?])(?<![A-Z]\.)(?<![A-Z][a-z]\.)\s+(?=[^\W\d_])")
OPENERS = '“"‘«„'


def block_speakers(texts: Sequence[str], kinds: Sequence[BlockKind]) -> tuple[str | None, ...]:
    """The speaker of each block, or None; `texts` are display texts in document order."""
    blocks = list(zip(texts, kinds, strict=True))
    labels = [_label(text) if kind == "paragraph" else None for text, kind in blocks]
    transcript = _is_transcript(labels)
    speakers: list[str | None] = []
    current: str | None = None
    for i, (text, kind) in enumerate(blocks):
        label = labels[i]
        if transcript and label is not None:
            current = " ".join(_title_case(word) for word in label.split())
        elif kind == "heading" or (transcript and ASKED.match(text)):
            current = None
        speakers.append(current or _of_quotation(texts, kinds, i, text))
    return tuple(speakers)


def _label(text: str) -> str | None:
    """The name in capitals with which a turn begins ("MS. McKAY: Welcome …")."""
    match = LABEL.match(text)
    if match is None or text[match.end() :].isupper():
        return None
    name = match.group("name")
    return name if re.sub(r"\bMa?c(?=[A-Z])", "", name).isupper() and name != "Q" else None


def _title_case(word: str) -> str:
    scottish = re.match(r"Ma?c(?=[A-Z])", word)
    return scottish.group() + word[scottish.end() :].title() if scottish else word.title()


def _is_transcript(labels: Sequence[str | None]) -> bool:
    """Labels that come back, or one that names an office: a memorandum has neither."""
    names = [label for label in labels if label is not None]
    offices = any(OFFICES.search(name) for name in names)
    return offices or len(set(names)) < len(names)


def _of_quotation(
    texts: Sequence[str], kinds: Sequence[BlockKind], i: int, text: str
) -> str | None:
    if match := NAMED_FIRST.match(text):
        return _clean(match.group("name"))
    if kinds[i] != "quotation" and not text.startswith(tuple(OPENERS)):
        return None
    before = texts[i - 1] if i else ""
    after = texts[i + 1] if i + 1 < len(texts) else ""
    if before.endswith(":") and kinds[i - 1] != "heading" and (named := _named(before)):
        return named
    if match := SIGNED.fullmatch(after):
        return _clean(match.group("name"))
    return quoted_speaker(text)


def _named(text: str) -> str | None:
    """The last name before a verb of saying in the last sentence, or a name that is all of it."""
    last = SENTENCE_END.split(text)[-1]
    found = [match.group("name") for match in BEFORE.finditer(last)]
    if not found and (whole := re.fullmatch(rf"(?P<name>{NAME})(?:,[^,]{{1,60}})?\s?:", last)):
        found = [whole.group("name")]
    return _clean(found[-1]) if found else None


def quoted_speaker(paragraph: str) -> str | None:
    """The speaker whom a paragraph of quotations names once, or None."""
    if not any(mark in paragraph for mark in OPENERS):
        return None
    names = []
    for pattern in (AFTER, CLOSING, BEFORE):
        names = [name for m in pattern.finditer(paragraph) if (name := _clean(m.group("name")))]
        if names:
            break
    return names[0] if len(set(names)) == 1 else None


def turn_label(text: str, speaker: str, start: int) -> tuple[int, int] | None:
    """Where a transcript names the speaker ("PRIME MINISTER KISHIDA:") of the words at `start`."""
    name = r"\s+".join(re.escape(word) for word in speaker.split())
    labels = list(re.finditer(rf"^\W{{0,8}}?({name}:)", text[:start], re.I | re.M))
    return labels[-1].span(1) if labels else None


def _clean(name: str) -> str | None:
    words = name.split()
    while words and (words[-1].islower() or words[0] in ("And", "But", "As", "Later", "Then")):
        words = words[:-1] if words[-1].islower() else words[1:]
    cleaned = " ".join(words).strip(" .,:")
    pronouns = ("He", "She", "It", "They", "We", "I", "The", "This", "Hij", "Zij", "Il", "Elle")
    return cleaned if cleaned and cleaned not in pronouns else None
