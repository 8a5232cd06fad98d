"""The chat page in the browser: the one door to Gradio.

What is shown is made by `assistant.render`, `assistant.panel` and `assistant.documents`, what
happens is decided by `assistant.exchange` and `assistant.handlers`; here they are wired to events.
`assistant.serving` serves it.
"""

# Annotations are evaluated in this module: Gradio reads those of event handlers.

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

from assistant import exchange, handlers, library, narrowing, panel, parcel
from assistant.conversations import ConversationError, new_id
from assistant.documents import Documents
from assistant.escape import problem
from assistant.exchange import Conversation
from assistant.forms import MAX_QUESTION
from assistant.parts import Parts, Served
from assistant.stoppable import Dropped, Stopped
from vectorstore import Filter

__all__ = ["blocks", "look"]

TITLE = "Summit Assistant"
HEADER = f"<header><h1>{TITLE}</h1></header>"
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Menlo", "monospace")
# Of every event: nothing is shown over the page, and it is no API.
QUIET: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# And of those of which one may come while Gradio still has another in hand, and would drop it.
EACH: Mapping[str, Any] = {"trigger_mode": "multiple", **QUIET}


def look() -> dict[str, Any]:
    """What the page looks like, as Gradio takes it when it is launched."""
    import gradio as gr

    return {
        "theme": gr.themes.Base(font=FONT, font_mono=MONO),
        "css": _resource("page.css", "exchange.css", "documents.css"),
    }


def blocks(served: Served) -> Any:
    """The page's components and events. Each browser tab has a conversation of its own."""
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as made:
        parts = _layout(served)
        _asking(served, parts)
        _filtering(served.documents, parts, *_going_back(served, parts))
        _reading(served, parts)
        _listing(served.documents, parts)
        _adding(served, parts)
        _loading(served, parts, made)
    return made


def _asking(served: Served, parts: Parts) -> None:
    """The events that begin an answer, and the one that ends it before its end."""
    import gradio as gr

    # Gradio sends the last of an answer again at its end, when the page may show another one.
    nothing = (gr.skip(),) * 6

    def answered(
        asked: Mapping[str, Any],
        known: Conversation,
        talk: str,
        scope: Filter,
        *,
        writes: bool,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        talk, keep = talk or new_id(), served.conversations
        for grown in handlers.answering(
            narrowing.stream(served.assistant, scope, write=bool(writes)),
            known,
            asked,
            filter=scope,
            within=served.documents.within(scope),
            running=served.running,
            tab=_tab(request),
        ):
            kept = handlers.kept(keep, talk, grown) if grown[-1].complete else gr.skip()
            yield *served.shown(grown), talk, kept

    def asked(  # noqa: PLR0917 - Gradio gives them by position
        question: str,
        known: Conversation,
        talk: str,
        scope: Filter,
        writes: bool,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        box: Any = ""
        for outputs in answered(
            {"question": question}, known, talk, scope, writes=writes, request=request
        ):
            yield *outputs, box
            # What is typed while the answer grows stays.
            box = gr.skip()
        yield nothing

    def asked_there(  # noqa: PLR0917 - as above
        known: Conversation,
        talk: str,
        scope: Filter,
        writes: bool,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        names = ("question", "searched", "at")
        given = {name: getattr(event, name) for name in names if hasattr(event, name)}
        # What the panel shows may be a source of what is replaced.
        source: Any = panel.no_source() if "at" in given else gr.skip()
        for outputs in answered(given, known, talk, scope, writes=writes, request=request):
            yield *outputs, source
            source = gr.skip()
        yield nothing

    def failed(known: Conversation) -> tuple[str, str, Conversation]:
        return served.shown(exchange.failed(known))

    def stopped(request: gr.Request) -> None:
        served.running.end(_tab(request), Stopped())

    growing = [*parts.exchanges, parts.talk, parts.earlier]
    known = [parts.conversation, parts.talk, parts.scope, parts.writes]
    sent = [parts.box.submit, parts.send.click]
    for event in (
        gr.on(sent, asked, [parts.box, *known], [*growing, parts.box], **EACH),
        parts.log.ask(asked_there, known, [*growing, parts.source], **EACH),
    ):
        event.failure(failed, [parts.conversation], parts.exchanges, **QUIET)
    parts.stop.click(stopped, None, None, **QUIET)


def _going_back(served: Served, parts: Parts) -> tuple[list[Any], Any]:
    """The events that leave the conversation on the page for a new or an earlier one.

    They come back, and apart from them the one that may delete it.
    """
    import gradio as gr

    keep = served.conversations

    def begun_again(request: gr.Request) -> tuple[Any, ...]:
        served.running.end(_tab(request), Dropped())
        return served.first_view(), "", (), "", panel.no_source()

    def recalled(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        talk = str(event.id)
        try:
            known = keep.load(talk) if keep else ()
        except ConversationError as error:
            return (*(gr.skip(),) * 5, problem(str(error)))
        served.running.end(_tab(request), Dropped())
        return (*served.shown(known), talk, panel.no_source(), handlers.earlier(keep))

    def forgotten(talk: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        try:
            if keep:
                keep.delete(str(event.id))
            left = handlers.earlier(keep, unfolded=True)
        except ConversationError as error:
            left = problem(str(error))
        # The one on the page goes from the page too.
        page = begun_again(request) if str(event.id) == talk else (gr.skip(),) * 5
        return (*page, left)

    listed = [*parts.whole, parts.earlier]
    in_turn = _in_turn("conversation")
    turned = [
        parts.again.click(begun_again, None, parts.whole, **in_turn),
        parts.earlier.recall(recalled, None, listed, **in_turn),
    ]
    return turned, parts.earlier.forget(forgotten, [parts.talk], listed, **in_turn)


def _reading(served: Served, parts: Parts) -> None:
    """The events of someone who reads: sources, what is taken along, what is thought of it."""
    import gradio as gr

    def copied(known: Conversation, event: gr.EventData) -> str:
        made = partial(parcel.copied, int(event.exchange))
        return handlers.taken(served.assistant, known, made)

    def saved(known: Conversation, event: gr.EventData) -> str:
        return handlers.taken(served.assistant, known, partial(parcel.saved, str(event.form)))

    def opened(known: Conversation, event: gr.EventData) -> str:
        return handlers.opened(served.assistant, known, str(event.place))

    def rated(known: Conversation, talk: str, event: gr.EventData) -> tuple[Any, ...]:
        given = {key: getattr(event, key) for key in ("at", "number", "verdict", "note")}
        told, said = handlers.rated(served.feedback, known, given)
        keep = served.conversations
        kept = gr.skip() if told == known else handlers.kept(keep, talk, told)
        return (*served.shown(told), kept, said)

    known = [parts.conversation]
    parts.log.copy(copied, known, [parts.taken], **QUIET)
    parts.saving.save(saved, known, [parts.taken], **QUIET)
    marked = [*parts.exchanges, parts.earlier, parts.taken]
    parts.log.rate(rated, [*known, parts.talk], marked, **_in_turn("rating"))
    for shown_at in (parts.log, parts.source):
        shown_at.open(opened, known, [parts.source], **_in_turn("source"))


def _filtering(documents: Documents, parts: Parts, turned: Sequence[Any], gone: Any) -> None:
    """Setting and lifting limits, which belong to a conversation; for the events see
    `_going_back`."""
    import gradio as gr

    def restored(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        last = known[-1].filter if known else Filter()
        return (gr.skip(),) * 4 if last == filter else documents.narrowed(last)

    def emptied(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        return (gr.skip(),) * 4 if known else restored((), filter)

    def limited(filter: Filter, event: gr.EventData) -> tuple[Filter, str]:
        limited = narrowing.chosen(
            filter,
            languages=event.languages,
            publishers=event.publishers,
            date_from=str(event.date_from),
            date_to=str(event.date_to),
        )
        return limited, documents.chips(limited)

    def only(filter: Filter, event: gr.EventData) -> tuple[Filter, str]:
        narrowed = narrowing.toggled(filter, str(event.id))
        return narrowed, documents.chips(narrowed)

    def lifted(filter: Filter, event: gr.EventData) -> tuple[Any, ...]:
        return documents.narrowed(narrowing.without(filter, str(event.kind), str(event.value)))

    scope, limits = [parts.scope], parts.limits
    in_turn = _in_turn("filter")
    for event in turned:
        event.then(restored, [parts.conversation, *scope], limits, **QUIET)
    gone.then(emptied, [parts.conversation, *scope], limits, **QUIET)
    parts.form.limit(limited, scope, limits[:2], **in_turn)
    parts.library.only(only, scope, limits[:2], **in_turn)
    parts.chips.lift(lifted, scope, limits, **in_turn)
    parts.chips.unlimited(lambda: documents.narrowed(Filter()), None, limits, **in_turn)


def _listing(documents: Documents, parts: Parts) -> None:
    """Listing the documents and reading one."""
    import gradio as gr

    def read(event: gr.EventData) -> str:
        return documents.read(str(event.id))

    # Who asks again while a list is on its way gets one that is made after it.
    parts.tabs.show_documents(
        documents.listed, [parts.scope], [parts.library], trigger_mode="always_last", **QUIET
    )
    parts.library.read(read, None, [parts.source], **_in_turn("source"))


def _adding(served: Served, parts: Parts) -> None:
    """Adding and removing documents, and all that shows how many there are."""
    import gradio as gr

    documents = served.documents

    def around(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        first = gr.skip() if known else served.first_view()
        return *documents.narrowed(filter), first

    def added(known: Conversation, filter: Filter, event: gr.EventData) -> Iterator[Any]:
        for said, finished in documents.add(event.ids, event.addresses, event.refused):
            yield said, *(around(known, filter) if finished else (gr.skip(),) * 5)

    def discarded(known: Conversation, filter: Filter, event: gr.EventData) -> tuple[Any, ...]:
        id = str(event.id)
        said = documents.remove(id)
        return said, *around(known, narrowing.without(filter, "document", id))

    def failed() -> str:
        return library.failed(exchange.UNEXPECTED)

    known, changed = [parts.conversation, parts.scope], [parts.added, *parts.limits, parts.log]
    for event in (
        parts.tools.add_documents(added, known, changed, **EACH),
        parts.library.discard(discarded, known, changed, **_in_turn("removal")),
    ):
        event.failure(failed, None, [parts.added], **QUIET)


def _loading(served: Served, parts: Parts, made: Any) -> None:
    """Loading the page, since whose making the store may have changed, and closing its tab."""
    import gradio as gr

    made_with = parts.log.value

    def loaded(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        documents, first = served.documents, served.first_view()
        return (
            handlers.earlier(served.conversations),
            # Who is quick has asked by now, and is not sent back.
            gr.skip() if known or first == made_with else first,
            documents.form(filter),
            documents.tabs(),
            documents.tools(),
        )

    def left(request: gr.Request) -> None:
        served.running.end(_tab(request), Dropped())

    shown = [parts.earlier, parts.log, parts.form, parts.tabs, parts.tools]
    made.load(loaded, [parts.conversation, parts.scope], shown, **QUIET)
    made.unload(left)


def _in_turn(what: str) -> Mapping[str, Any]:
    """Of events that change the same: the last one is also the last to be done."""
    return {"concurrency_id": what, "concurrency_limit": 1, **EACH}


def _tab(request: Any) -> str:
    """The browser tab that a request comes from."""
    return str(request.session_hash)


def _layout(served: Served) -> Parts:
    """The components in their order on the page; for texts that may change see `_loading`."""
    import gradio as gr

    documents = served.documents
    html: dict[str, Any] = {"apply_default_css": False, "js_on_load": _resource("page.js")}
    more: dict[str, Any] = {"apply_default_css": False, "js_on_load": _resource("documents.js")}
    with gr.Row(elem_id="page"):
        with gr.Column(elem_id="chat"):
            with gr.Row(elem_id="top"):
                gr.HTML(HEADER, apply_default_css=False)
                again = gr.Button("New conversation", size="sm", elem_id="again")
            before = gr.HTML(elem_id="earlier", **html)
            log = gr.HTML(
                served.first_view(),
                elem_id="conversation",
                apply_default_css=False,
                js_on_load=_resource("page.js", "exchange.js"),
            )
            saving = gr.HTML(elem_id="saving", **html)
            taken = gr.HTML(elem_id="taken", **html)
            with gr.Row(elem_id="composer"):
                chips = gr.HTML(elem_id="chips", **more)
                form = gr.HTML(documents.form(Filter()), elem_id="filters", **more)
                box = gr.Textbox(
                    label="Your question",
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    max_length=MAX_QUESTION,
                    container=False,
                    autofocus=True,
                    elem_id="question",
                )
                send = gr.Button("Ask", variant="primary", elem_id="ask")
                stop = gr.Button("Stop", elem_id="stop")
                writer = served.assistant.writer
                writes = gr.Checkbox(
                    label=f"Answers are written by {writer}; without this they are quoted",
                    value=writer is not None,
                    visible=writer is not None,
                    container=False,
                    elem_id="writes",
                )
        with gr.Column(elem_id="side"):
            tabs = gr.HTML(documents.tabs(), elem_id="tabs", **more)
            source = gr.HTML(panel.no_source(), elem_id="source", **html)
            with gr.Column(elem_id="documents"):
                tools = gr.HTML(documents.tools(), elem_id="tools", **more)
                added = gr.HTML(library.nothing_new(), elem_id="added", **more)
                listed = gr.HTML(elem_id="library", **more)
    return Parts(
        conversation=gr.State(()),
        talk=gr.State(""),
        scope=gr.State(Filter()),
        again=again,
        earlier=before,
        log=log,
        saving=saving,
        taken=taken,
        box=box,
        send=send,
        stop=stop,
        source=source,
        tabs=tabs,
        added=added,
        tools=tools,
        library=listed,
        chips=chips,
        form=form,
        writes=writes,
    )


def _resource(*names: str) -> str:
    """The texts of files of this package, one after the other."""
    return "\n".join((files("assistant") / name).read_text(encoding="utf-8") for name in names)
