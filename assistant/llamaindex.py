"""LlamaIndex's doors to the same machinery: a retriever and a query engine.

Nodes carry exact offsets: `document.text[start:end]` is the node's text. Unlike
LlamaIndex's own citation engine, nothing is split again on the way out.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answers import Citation
from assistant.assistant import Assistant
from assistant.retrieve import Found

__all__ = ["SummitQueryEngine", "SummitRetriever"]


class SummitRetriever(BaseRetriever):
    """Passages for a query, best first, each language's own ranking one after the other.

    A node's score is the reciprocal rank sum; its metadata has document, source, title,
    date, language, page, start, end, heading_path and the ids of folded twins.
    """

    def __init__(self, assistant: Assistant, *, limit: int = 8) -> None:
        super().__init__()
        self._assistant = assistant
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._assistant.retrieve(query_bundle.query_str, limit=self._limit)
        return [_passage_node(item) for item in found]


class SummitQueryEngine(BaseQueryEngine):
    """Answers a query; the response's source nodes are the answer's citations, in order.

    The response's metadata holds `abstained`, `engine` and the sentences with the numbers
    of their citations. An abstaining response has no source nodes.
    """

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._assistant.answer(query_bundle.query_str)
        return Response(
            response=answer.answer,
            source_nodes=[_citation_node(citation) for citation in answer.citations],
            metadata={
                "abstained": answer.abstained,
                "engine": answer.engine,
                "sentences": [
                    {
                        "text": s.text,
                        "citations": list(s.citations),
                        "verdict": s.verdict,
                        "reasons": list(s.reasons),
                    }
                    for s in answer.sentences
                ],
            },
        )

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _passage_node(found: Found) -> NodeWithScore:
    passage, document = found.passage, found.document
    metadata: dict[str, Any] = {
        "document": document.id,
        "source": document.source,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "heading_path": list(passage.heading_path),
        "twins": [twin.document.id for twin in found.twins],
    }
    return _node(passage.id, passage.text, metadata=metadata, score=found.fused)


def _citation_node(citation: Citation) -> NodeWithScore:
    metadata: dict[str, Any] = {
        "number": citation.number,
        "document": citation.document,
        "source": citation.source,
        "title": citation.title,
        "date": citation.date,
        "language": citation.language,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
    }
    name = f"{citation.document}-{citation.start}-{citation.end}"
    return _node(name, citation.quote, metadata=metadata, score=None)


def _node(name: str, text: str, *, metadata: dict[str, Any], score: float | None) -> NodeWithScore:
    node = TextNode(
        id_=name,
        text=text,
        metadata=metadata,
        start_char_idx=metadata["start"],
        end_char_idx=metadata["end"],
        # The metadata says where the text stands; it is not part of what is read.
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=list(metadata),
    )
    return NodeWithScore(node=node, score=score)
