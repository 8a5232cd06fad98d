"""What the documents panel and the filters show and do, with every error said in words.

Nothing here knows of the browser; `assistant.page` wires it to events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from assistant import filters, library, panel, uploads
from assistant.adding import Adding
from assistant.assistant import Assistant
from assistant.escape import problem
from assistant.narrowing import limits
from vectorstore import Filter, StoreError

__all__ = ["Documents"]

# Of what a browser names at once, no more is looked at.
MOST = 1_000
LONGEST_ADDRESS = 2_000
# Why the browser did not hand a file over.
REFUSED = {
    "size": "{!r} has more than the {:,} MB that a file may have. Split it into parts.",
    "lost": "{!r} could not be sent; if it is a folder, choose the files in it. Try it again.",
}


class Documents:
    """The documents of one store, for the page. Without `adding` none is added or removed."""

    def __init__(self, assistant: Assistant, adding: Adding | None) -> None:
        self._assistant = assistant
        self._adding = adding
        self._forms = count()

    @property
    def can_change(self) -> bool:
        return self._adding is not None

    def is_empty(self) -> bool:
        try:
            return not self._assistant.documents()
        except StoreError:
            return False

    def tabs(self) -> str:
        """The tabs; where there is nothing yet, adding comes first."""
        return library.tabs(documents=self.can_change and self.is_empty())

    def tools(self) -> str:
        """Adding and finding, above the list."""
        limit = self._adding.max_bytes if self._adding else None
        return library.tools(max_bytes=limit, opened=self.is_empty())

    def listed(self, filter: Filter) -> str:
        """The list, in which those that alone are asked are marked."""
        try:
            entries = self._assistant.documents()
        except StoreError as error:
            return problem(str(error))
        return library.documents(entries, only=filter.documents, removable=self.can_change)

    def read(self, document_id: str) -> str:
        """A whole document, for the source panel."""
        try:
            return panel.whole(self._assistant.document(document_id))
        except StoreError as error:
            return problem(str(error))

    def chips(self, filter: Filter) -> str:
        """The filter's limits above the question box."""
        try:
            entries = self._assistant.documents()
            within = self._assistant.documents(filter)
        except StoreError as error:
            return problem(str(error))
        return filters.chips(limits(filter, entries), within=len(within), of=len(entries))

    def form(self, filter: Filter) -> str:
        """The fold-out in which the filter is set; nothing where the store cannot be read.

        Each time another text, or the browser would keep what is ticked there by now.
        """
        try:
            made = filters.form(self._assistant.documents(), filter)
        except StoreError:
            return ""  # the first view says why
        return f"{made}<!-- {next(self._forms)} -->" if made else ""

    def narrowed(self, filter: Filter) -> tuple[Filter, str, str, str]:
        """The filter, and all that shows it: the chips, the form and the list."""
        return filter, self.chips(filter), self.form(filter), self.listed(filter)

    def within(self, filter: Filter) -> tuple[str, ...]:
        """The filter in words, not escaped."""
        try:
            return tuple(limit.words for limit in limits(filter, self._assistant.documents()))
        except StoreError:
            return ()  # the answer will say why

    def add(
        self, ids: Sequence[str], addresses: Sequence[str], refused: Sequence[Sequence[str]]
    ) -> Iterator[tuple[str, bool]]:
        """What becomes of additions, as HTML, and whether all have arrived.

        `ids` are of files that have come, `addresses` of web pages; `refused` are names of
        files with why the browser did not send them, a key of `REFUSED`.
        """
        if self._adding is None:
            return
        begun = [
            *(str(id) for id in ids[:MOST]),
            *(self._adding.address(str(url)[:LONGEST_ADDRESS]) for url in addresses[:MOST]),
            *(self._refused(str(name), str(why)) for name, why in refused[:MOST]),
        ]
        for states in self._adding.follow(begun):
            yield library.additions(states), all(state.outcome for state in states)

    def _refused(self, name: str, why: str) -> str:
        assert self._adding is not None
        safe = uploads.safe_name(name)
        reason = REFUSED.get(why, REFUSED["lost"]).format(safe, self._adding.max_bytes // 2**20)
        return self._adding.refused(safe, reason)

    def remove(self, document_id: str) -> str:
        """Takes a document out; what became of it."""
        if self._adding is None:
            return library.nothing_new()
        try:
            return library.removed(self._adding.remove(document_id))
        except StoreError as error:
            return library.failed(str(error))
