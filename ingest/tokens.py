"""Counting tokens with tiktoken, offline: its vocabulary ships inside llama-index-core."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from ingest.words import bundled_data

__all__ = ["MAX_TOKENS", "count_tokens"]

# What a passage holds at most, and what the embedding model was measured with (FACTS:
# recall at 256-token passages); it reads 512 at most, title and headings included.
MAX_TOKENS = 256


@cache
def _encoding() -> Any:
    # tiktoken reads the folder once, when the vocabulary is first used; otherwise it
    # would download it.
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(bundled_data() / "tiktoken_cache"))
    import tiktoken

    return tiktoken.get_encoding("o200k_base")


def count_tokens(text: str) -> int:
    """The number of o200k_base tokens; special tokens in `text` count as plain text."""
    return len(_encoding().encode(text, disallowed_special=()))
