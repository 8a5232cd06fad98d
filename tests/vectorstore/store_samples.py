"""Small documents and a model without weights, for the tests of the store and their processes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import vectorstore
from vectorstore import Document, Passage, Sentence, Store, index_text, passage_id
from vectorstore.ledger import Mark, marks


class BagEmbedder:
    """Hashes words into 64 buckets: like texts have like vectors. Counts what it is asked."""

    def __init__(self, name: str = "bag", salt: str = "") -> None:
        self._name = name
        self._salt = salt
        self.asked = 0
        self.embedded = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        self.asked += 1
        return hashlib.sha256(f"bag{self._salt}".encode()).hexdigest()[:12]

    @property
    def dimension(self) -> int:
        return 64

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(64, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            digest = hashlib.sha256(f"{self._salt}{word}".encode()).digest()
            vector[digest[0] % 64] += 1.0 if digest[1] % 2 else -1.0
        vector[0] += 0.01  # never all zero
        return vector / np.linalg.norm(vector)


def document(
    text: str,
    *,
    title: str = "Communiqué",
    language: str = "en",
    date: str | None = "2024-07-10",
    publisher: str | None = "NATO",
) -> Document:
    """A document of a text; its id is a hash of the text alone."""
    return Document(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        sources=("unused",),
        title=title,
        date=date,
        publisher=publisher,
        language=language,
        url=None,
        pages=(0,),
        text=text,
        furniture=((0, 1, "page number"),),
    )


def passages(of: Document) -> tuple[Passage, ...]:
    """One passage for each paragraph, one sentence for each full stop."""
    made = []
    for paragraph in re.finditer(r"[^\n]+", of.text):
        sentences = tuple(
            Sentence(
                ((paragraph.start() + found.start(), paragraph.start() + found.end()),),
                found.group(),
                speaker="Chair",
            )
            for found in re.finditer(r"\S[^.]*\.?", paragraph.group())
        )
        heading = ("Part one",)
        body = "\n".join(sentence.text for sentence in sentences)
        made.append(
            Passage(
                id=passage_id(of.id, paragraph.start(), index_text(of, heading, body)),
                document_id=of.id,
                start=paragraph.start(),
                end=paragraph.end(),
                text=paragraph.group(),
                heading_path=heading,
                page=of.page_at(paragraph.start()),
                sentences=sentences,
                body=body,
            )
        )
    return tuple(made)


def put(store: Store, of: Document, location: str, *, root: str = "/docs") -> Document:
    """Ingest a document from a location below `root`."""
    name = location.removeprefix(f"{root}/")
    store.put(
        of, passages(of), location=location, root=root, name=name, digest=f"digest of {of.id}"
    )
    return of


def numbered(number: int, paragraphs: int = 3) -> Document:
    """A document whose every paragraph has ten words of its own."""
    lines = []
    for part in range(paragraphs):
        own = " ".join(f"w{number}x{part}x{word}" for word in range(10))
        lines.append(f"Pledge {number} part {part} {own}.")
    return document("\n".join(lines), title=f"Document {number}")


def run_python(code: str, *arguments: object, **popen: Any) -> subprocess.Popen[str]:
    """Start another process that can import this module and the package."""
    paths = [Path(__file__).parent, Path(vectorstore.__file__).parents[1]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    return subprocess.Popen(
        [sys.executable, "-c", f"{_PREAMBLE}\n{textwrap.dedent(code)}", *map(str, arguments)],
        env=environment,
        text=True,
        **popen,
    )


_PREAMBLE = """
import os, sys
from pathlib import Path
from store_samples import *
from vectorstore import *
folder = Path(sys.argv[1])
"""


def found_by_meaning(store: Store) -> set[str]:
    """The ids of all passages that a dense search can bring, after checking that it ranks.

    The text of each document's last passage must bring that passage first.
    """
    found: set[str] = set()
    embedder = BagEmbedder()
    for language in store.languages():
        vector = embedder.embed_query("anything")
        hits = store.search_dense(vector, language=language, limit=5_000)
        found |= {hit.passage_id for hit in hits}
    for entry in store.documents():
        whole = store.document(entry.id)
        passage = store.passages_of(entry.id)[-1]
        body = "\n".join(sentence.text for sentence in passage.sentences)
        vector = embedder.embed_query(index_text(whole, passage.heading_path, body))
        (hit,) = store.search_dense(vector, language=whole.language, limit=1)
        assert hit.passage_id == passage.id
        assert hit.score > 0.9999
    return found


def all_passages(store: Store) -> set[str]:
    """The ids of all passages of the ledger."""
    return {p.id for entry in store.documents() for p in store.passages_of(entry.id)}


def store_marks(store: Store) -> dict[str, str]:
    """What the ledger notes about the store; `generation` counts the changes of Chroma."""
    with store._ledger.reading() as db:
        return marks(db)


def store_collection(store: Store) -> str:
    """The name of a store's collection in Chroma."""
    return f"summit-{store_marks(store)[Mark.STORE]}"
