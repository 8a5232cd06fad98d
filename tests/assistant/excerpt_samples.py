"""Sentences as a language model is shown them, made without a store."""

from assistant.evidence import Choice, Evidence
from assistant.excerpts import Excerpt
from assistant.retrieve import Found
from vectorstore import Document, Passage, Sentence


def found(text, *, title="Ports communiqué", date="2023-05-04", language="en", speaker=None):
    """A document of one passage with a sentence a line; one after a line break in a paragraph."""
    document = Document(
        id=title, sources=("a.md",), title=title, date=date, publisher=None, language=language,
        url=None, pages=(), text=text,
    )  # fmt: skip
    sentences, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            span = (start, start + len(line))
            kind = "item" if line.startswith("- ") else "sentence"
            leads = [s for s in sentences if s.text.endswith(":")]
            lead = leads[-1].start if kind == "item" else None
            sentences.append(Sentence((span,), line, kind=kind, lead=lead, speaker=speaker))
        start += len(line) + 1
    passage = Passage(
        id=f"{title}-0", document_id=title, start=0, end=len(text), text=text, heading_path=(),
        page=None, sentences=tuple(sentences),
    )  # fmt: skip
    return Found(passage, document, 1, 1, 1 / 30, 0.9)


def numbered(*items):
    """All sentences of what was found, numbered from 1."""
    every = [(sentence, item) for item in items for sentence in item.passage.sentences]
    return tuple(Excerpt(n, *one) for n, one in enumerate(every, start=1))


def choice(*items, chosen=()):
    """All sentences, the likelier the earlier; `chosen` are words of those that were chosen."""
    every = [
        Evidence(sentence, item, 1 / n)
        for n, (sentence, item) in enumerate(
            ((s, item) for item in items for s in item.passage.sentences), start=2
        )
    ]
    evidence = tuple(one for one in every if any(w in one.sentence.text for w in chosen))
    return Choice(evidence, 0.9, likeliest=tuple(every))
