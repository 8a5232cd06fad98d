"""LlamaIndex's quickstart as a baseline: split, embed, retrieve two passages, show them.

SentenceSplitter with its own sizes, the store's embedding model, Chroma, an index's own
retriever with its own top k. Nothing is tuned: it is what a first program with the library
does. Its answer is the text of its passages, each cited whole.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant import Answer, Turn
from evals.engines import DEPTH, quoting
from evals.gold import Library
from evals.retrieval import Place
from vectorstore import Embedder, Span

__all__ = ["QuickstartEngine"]

# similarity_top_k of LlamaIndex's as_retriever and as_query_engine.
TOP_K = 2


class QuickstartEngine:
    """An index that LlamaIndex makes of the store's documents, kept in `folder`."""

    name = "quickstart"

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        folder: Path,
        *,
        report: Callable[[int, int], None],
    ) -> None:
        """Splits and embeds every document; `report` gets (documents done, of how many)."""
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.core.schema import Document as Text
        from llama_index.vector_stores.chroma import ChromaVectorStore

        os.environ["ANONYMIZED_TELEMETRY"] = "False"  # its client is made without settings
        self._library = library
        self._places: dict[str, list[Span]] = {}
        vectors = ChromaVectorStore.from_params("quickstart", persist_dir=str(folder))
        storage = StorageContext.from_defaults(vector_store=vectors)
        splitter = SentenceSplitter()
        self._index = VectorStoreIndex(
            [], storage_context=storage, embed_model=_embedding(embedder)
        )
        self._sizes = f"{splitter.chunk_size} tokens, overlap {splitter.chunk_overlap}"
        ids = library.ids()
        for done, document_id in enumerate(ids, start=1):
            text = library.document(document_id).text
            nodes = splitter.get_nodes_from_documents([Text(id_=document_id, text=text)])
            self._places[document_id] = [_place(node, text) for node in nodes]
            self._index.insert_nodes(nodes)
            report(done, len(ids))

    @property
    def settings(self) -> Mapping[str, str]:
        return {"passages": str(TOP_K), "sizes": self._sizes}

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """The two nearest passages as they are; what was said before is not looked at."""
        started = time.perf_counter()
        quotes = []
        for document_id, span in self._nearest(question, TOP_K):
            document = self._library.document(document_id)
            quotes.append((document, span, document.text[slice(*span)]))
        return quoting(question, quotes, engine=self.name, started=started)

    def ranking(self, question: str) -> Sequence[Place]:
        return self._nearest(question, DEPTH)

    def passages(self, document_id: str) -> Sequence[Span]:
        return self._places[document_id]

    def _nearest(self, question: str, k: int) -> list[Place]:
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [
            (document_id, _place(item.node, self._library.document(document_id).text))
            for item in found
            if (document_id := item.node.ref_doc_id) is not None
        ]


def _place(node: Any, text: str) -> Span:
    """Where a node stands: the splitter finds it by searching, and not always."""
    start = node.start_char_idx
    if start is None or text[start : start + len(node.text)] != node.text:
        start = text.index(node.text)
    return start, start + len(node.text)


def _embedding(embedder: Embedder) -> Any:
    """The store's embedding model in the form that LlamaIndex asks for."""
    from llama_index.core.embeddings import BaseEmbedding

    class Embedding(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = embedder.embed_passages(texts).tolist()
            return vectors

        def _get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = embedder.embed_query(query).tolist()
            return vector

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Embedding(embed_batch_size=16)
