"""The command line `summit`: arguments in, text or JSON out, exit codes 0, 1 and 2."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from assistant import batch, uploads, verify
from assistant.answers import as_json
from assistant.assistant import Assistant, embedder_for, open_assistant, open_store
from assistant.llm import ModelFailed
from assistant.removing import remove
from assistant.settings import LEAVE_OUT, SHOW, Settings, SettingsError, read_settings
from assistant.terminal import readable
from ingest.sources import SourceError
from vectorstore import Store, StoreError, StoreMissing

__all__ = ["main"]

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
# The settings that have a flag.
FLAGS = ("store", "chroma_url", "embed_model", "auth", "llm_url", "llm_model", "unsupported")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code.

    0: done. 1: something failed, named on standard error. 2: the command was not
    understood. 130: interrupted; what was stored before is kept.
    """
    parsed = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Settings], int] = parsed.run
    try:
        flags = {key: getattr(parsed, key, None) for key in FLAGS}
        return run(parsed, read_settings(flags, os.environ))
    except (
        *(SettingsError, SourceError, ModelFailed),
        *(batch.BatchError, verify.ExportError),
    ) as error:
        return _say(str(error), USAGE)
    except (StoreError, ValueError) as error:
        return _say(str(error), FAILED)
    except KeyboardInterrupt:
        return _say("Stopped. What was finished is kept.", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone (`summit documents | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _say(message: str, code: int) -> int:
    print(f"summit: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="summit",
        description="Answers about international summits, each sentence with its exact source.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--store", metavar="DIR", help="the store's folder (environment: SUMMIT_STORE)"
    )
    common.add_argument("--chroma-url", metavar="URL", help="a Chroma server (SUMMIT_CHROMA_URL)")

    def command(
        name: str,
        run: Callable[[argparse.Namespace, Settings], int],
        help: str,
        *more: argparse.ArgumentParser,
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help, parents=[common, *more])
        made.set_defaults(run=run)
        return made

    ingest = command("ingest", _ingest, "Bring folders, files and web pages into the store.")
    ingest.add_argument("sources", nargs="+", metavar="PATH-or-URL")
    ingest.add_argument(
        "--embed-model", metavar="NAME", help="for a new store (SUMMIT_EMBED_MODEL)"
    )
    writing = argparse.ArgumentParser(add_help=False)
    writing.add_argument(
        "--llm-url", metavar="URL", help="a language model's server (SUMMIT_LLM_URL)"
    )
    writing.add_argument(
        "--llm-model",
        metavar="NAME",
        help="the model there that writes answers (SUMMIT_LLM_MODEL); its key in SUMMIT_LLM_KEY",
    )
    writing.add_argument(
        "--unsupported",
        choices=(LEAVE_OUT, SHOW),
        help="what becomes of a written sentence that no source supports (SUMMIT_UNSUPPORTED)",
    )
    ask = command("ask", _ask, "Answer one question, or a file of them.", writing)
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument("--json", action="store_true", help="the answer as JSON")
    ask.add_argument("--batch", metavar="FILE", help="one JSON question a line, '-' for stdin")
    chat = command("chat", _chat, "Open the chat page.", writing)
    chat.add_argument(
        "--host", default="127.0.0.1", help="another than this computer's needs a password"
    )
    chat.add_argument("--port", type=int, default=7860)
    chat.add_argument(
        "--auth",
        metavar="USER:PASSWORD",
        help="whom to serve; better set SUMMIT_AUTH, which the list of processes does not show",
    )
    chat.add_argument(
        "--example",
        action="append",
        default=[],
        metavar="QUESTION",
        help="to offer on the page; may be given more than once",
    )
    chat.add_argument(
        "--then",
        metavar="QUESTION",
        help="a follow-up to offer after the answer to the first example",
    )
    documents = command("documents", _documents, "List the documents in the store.")
    documents.add_argument("--json", action="store_true", help="the list as JSON")
    forget = command("forget", _forget, "Take a document out of the store.")
    forget.add_argument("document", metavar="DOCUMENT", help="its id or source")
    check = command("verify", _verify, "Check that every citation of an export still holds.")
    check.add_argument("export", metavar="EXPORT.json")
    return parser


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.progress import Progress
    from ingest.sync import sync

    with Progress() as progress:
        embedder = embedder_for(settings, progress.note)
        with open_store(settings, embedder, write=True) as store:
            outcomes = sync(arguments.sources, store, report=progress.report)
    progress.summary(outcomes, settings.store)
    return FAILED if any(outcome.result == "failed" for outcome in outcomes) else OK


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    if (arguments.question is None) == (arguments.batch is None):
        return _say("ask takes a question, or --batch with a file of questions.", USAGE)
    if arguments.batch is not None:
        asked = batch.read(arguments.batch)
        with _assistant(settings) as assistant:
            for result in batch.answers(asked, assistant):
                print(json.dumps(as_json(result), ensure_ascii=False), flush=True)
        return OK
    with _assistant(settings) as assistant:
        result = assistant.answer(arguments.question)
    print(json.dumps(as_json(result), ensure_ascii=False) if arguments.json else readable(result))
    return OK


def _assistant(settings: Settings) -> Assistant:
    embedder = embedder_for(settings, lambda message: print(message, file=sys.stderr))
    return open_assistant(settings, embedder)


def _chat(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant import serving
    from assistant.adding import Adding
    from assistant.address import check_host, is_here
    from assistant.conversations import Conversations
    from assistant.feedback import FILE_NAME
    from assistant.writer import Writer
    from assistant.yielding import Yielding

    embedder = embedder_for(settings, lambda message: print(message, file=sys.stderr))
    check_host(arguments.host, settings.auth)
    examples, then = arguments.example, arguments.then

    def writing() -> Store:
        return open_store(settings, Yielding(embedder), write=True)

    try:
        open_store(settings, embedder).close()
    except StoreMissing:
        writing().close()  # an empty store, to which the page adds
    with open_assistant(settings, embedder) as assistant:
        adding = Adding(Writer(writing), settings.store, public_only=not is_here(arguments.host))
        with closing(adding):
            serving.launch(
                assistant,
                host=arguments.host,
                port=arguments.port,
                examples=examples,
                follow_ups={examples[0]: then} if examples and then else {},
                conversations=Conversations(settings.store),
                feedback=settings.store / FILE_NAME,
                adding=adding,
                credentials=settings.auth,
            )
    return OK


def _documents(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant import listing

    with open_store(settings, embedder_for(settings)) as store:
        listing.show(store.documents(), as_json=arguments.json)
    return OK


def _forget(arguments: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings, embedder_for(settings), write=True) as store:
        kept = settings.store.resolve() / uploads.FOLDER
        gone = remove(store.find(arguments.document), kept, store)
    print(f"Forgot {gone.title!r} ({', '.join(gone.names)}).")
    return OK


def _verify(arguments: argparse.Namespace, settings: Settings) -> int:
    export = verify.read(Path(arguments.export))
    with open_store(settings, embedder_for(settings)) as store:
        failures = verify.failures(export, store)
    for failure in failures:
        print(failure)
    held = len(export) - len(failures)
    print(f"{held} of {len(export)} citations hold.")
    return FAILED if failures else OK
