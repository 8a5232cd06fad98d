"""What the tests of written answers share: documents, a store of them, and a scripted model."""

from __future__ import annotations

import re
from contextlib import contextmanager

from llm_server import KEY, MODEL, Reply, serving
from page_site import models

from assistant.assistant import Assistant, open_store
from assistant.llm import LanguageModel
from assistant.settings import read_settings

PORTS = """---
title: Ports communiqué of Maravel
date: 2023-05-04
---

# Ports communiqué of Maravel

The ministers met at Maravel on 3 and 4 May 2023 and spoke about their ports.

Norland will spend 340 million crowns on the harbour of Alderness until 2026.
Sudland aims to spend 120 million crowns on its lighthouses.
Ministers called on Westland to open its fishing grounds to all boats.
No fee was set for foreign boats.

The ministers chose two places for new docks:

- Birkhaven, for the hospital ship;
- Corrie Point, near the lighthouse.
"""
BOATS = """---
title: Botenbrief van Westerdam
date: 2024-02-09
language: nl
---

# Botenbrief van Westerdam

De boeren van Westerdam hebben in januari 2024 een akkoord gesloten met de haven.
Norland zal 1,5 miljard kronen betalen voor de nieuwe boten van de kustwacht in Westerdam.
"""
HARBOUR = "How much will Norland spend on the harbour of Alderness?"
SPENT = "Norland will spend 340 million crowns on the harbour of Alderness until 2026."


def stored(folder, documents):
    """A store of documents (name, text), ingested as anyone would."""
    from assistant.cli import main

    source = folder / "documents"
    source.mkdir()
    for name, text in documents.items():
        (source / name).write_text(text, encoding="utf-8")
    assert main(["ingest", str(source), "--store", str(folder / "store")]) == 0
    return folder / "store"


@contextmanager
def assisted(store, answer, *, seconds=30.0, **options):
    """An assistant over the store that writes what `answer` gives for a prompt, and the server.

    `answer` may be one reply, or a text, for every prompt.
    """
    settings = read_settings({"store": str(store)}, {})
    embedder, ranker = models()

    def reply(prompt):
        given = answer(prompt) if callable(answer) else answer
        return Reply(given) if isinstance(given, str) else given

    with serving(reply) as server:
        model = LanguageModel(server.url, MODEL, KEY, timeout_seconds=seconds)
        opened = open_store(settings, embedder)
        with Assistant(opened, embedder, ranker, model=model, **options) as made:
            yield made, server


def number_of(words, prompt):
    """The number that a prompt gives the sentence with these words."""
    return re.search(rf"^\[(\d+)\] [^\n]*{re.escape(words)}", prompt, re.M)[1]
