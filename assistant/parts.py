"""What the chat page consists of: what it is served with, and its components. No Gradio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import handlers, render
from assistant.assistant import Assistant
from assistant.conversations import Conversations
from assistant.documents import Documents
from assistant.exchange import Conversation
from assistant.stoppable import Running

__all__ = ["Parts", "Served"]


@dataclass(frozen=True, slots=True)
class Served:
    """What a page is served with."""

    assistant: Assistant
    examples: Sequence[str]
    follow_ups: Mapping[str, str]
    conversations: Conversations | None
    feedback: Path | None
    running: Running
    documents: Documents

    def first_view(self) -> str:
        adding = self.documents.can_change
        return handlers.first_view(self.assistant, self.examples, adding=adding)

    def shown(self, known: Conversation) -> tuple[str, str, Conversation]:
        """The outputs `Parts.exchanges`."""
        return render.conversation(known, self.follow_ups), render.saving(known), known


@dataclass(frozen=True, slots=True)
class Parts:
    """The page's components.

    `writes` says whether the language model writes. What a tab has of its own is in
    `conversation`, in `talk`, its id, and in `scope`, the filter.
    """

    conversation: Any
    talk: Any
    scope: Any
    again: Any
    earlier: Any
    log: Any
    saving: Any
    taken: Any
    box: Any
    send: Any
    stop: Any
    source: Any
    tabs: Any
    added: Any
    tools: Any
    library: Any
    chips: Any
    form: Any
    writes: Any

    @property
    def exchanges(self) -> list[Any]:
        return [self.log, self.saving, self.conversation]

    @property
    def whole(self) -> list[Any]:
        return [*self.exchanges, self.talk, self.source]

    @property
    def limits(self) -> list[Any]:
        return [self.scope, self.chips, self.form, self.library]
