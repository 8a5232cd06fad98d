"""The door to a language model: any server with the OpenAI protocol, through LlamaIndex.

What keeps the model from answering is told as one error, which never holds the key.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit

from assistant.timed import within

__all__ = ["LanguageModel", "Message", "ModelFailed"]

# OpenAI's client wants a key, and would take one meant for another server from the
# environment; servers that need none ignore this one.
NO_KEY = "none"
# How much of what the server says is passed on, in characters.
SAID = 200
# How long a model that has begun may pause.
IDLE_SECONDS = 15.0


class ModelFailed(Exception):  # noqa: N818 - reads like StoreMissing and its kind
    """The language model gave no answer; the message says what happened and the remedy."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a model is told: by the program ("system"), or as what it has to answer ("user")."""

    role: Literal["system", "user"]
    content: str


class LanguageModel:
    """A model by its name at a server's address, such as http://localhost:11434/v1."""

    def __init__(
        self, url: str, model: str, key: str | None = None, *, timeout_seconds: float = 60.0
    ) -> None:
        """Connects to nothing yet. `timeout_seconds` is for a whole answer; nothing is retried.

        ModelFailed for a key that cannot be sent, and a model without the chat protocol.
        """
        self.name = model
        self.timeout_seconds = timeout_seconds
        self._url = url
        self._key = (key or "").strip() or NO_KEY
        if not (self._key.isascii() and self._key.isprintable()):
            raise ModelFailed(
                "The key of the language model holds characters that no key has. Copy it again "
                "into SUMMIT_LLM_KEY."
            )
        try:
            self._client = self._connected()
        except ValueError as error:
            raise ModelFailed(
                f"{self._who} cannot be used ({self._said(error)}). Choose another model with "
                "SUMMIT_LLM_MODEL."
            ) from None

    def complete(self, prompt: str, *, max_tokens: int) -> str:
        """What the model answers, without white space around it, at temperature 0.

        (LlamaIndex gives the models of OpenAI that know no other temperature theirs, 1.)

        ModelFailed where there is no answer, and after `timeout_seconds` in any case.
        """
        done: list[str | BaseException] = []

        def ask() -> None:
            try:
                done.append(self._asked(prompt, max_tokens))
            except BaseException as error:  # noqa: BLE001 - raised again by who waits for it
                done.append(error)

        # The client's own limit begins anew with every byte, so that a server that sends
        # one now and then would keep it waiting for ever. A daemon holds up no exit.
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self.timeout_seconds)
        answer = done[0] if done else self._too_slow(self.timeout_seconds)
        if isinstance(answer, BaseException):
            raise answer
        if not answer.strip():
            raise self._silent(max_tokens)
        return answer.strip()

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        timeout_seconds: float | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> Iterator[str]:
        """What the model answers, in pieces as they come, at temperature 0.

        ModelFailed after what came before it: where the answer breaks off, does not end within
        `max_tokens`, pauses longer than `idle_seconds` once it has begun or lasts longer than
        `timeout_seconds` (at most those of the model), and where there is none. Whoever stops
        reading ends the request.
        """
        limit = min(timeout_seconds or self.timeout_seconds, self.timeout_seconds)
        line, said = _Line(), False
        pieces = within(
            partial(self._pieces, messages, max_tokens, line),
            idle_seconds=idle_seconds,
            whole_seconds=limit,
            end=line.hang_up,
        )
        try:
            for piece in pieces:
                said = said or not piece.isspace()
                yield piece
        except TimeoutError:
            raise self._stalled(idle_seconds, limit) if said else self._too_slow(limit) from None
        finally:
            pieces.close()  # type: ignore[attr-defined]
        if not said:
            raise self._silent(max_tokens)

    def _connected(self, http_client: Any = None) -> Any:
        from llama_index.llms.openai_like import OpenAILike

        # Its own annotations leave this one out.
        more: dict[str, Any] = {"http_client": http_client}
        return OpenAILike(
            model=self.name,
            api_base=self._url,
            api_key=self._key,
            is_chat_model=True,
            temperature=0.0,
            timeout=self.timeout_seconds,
            max_retries=0,
            **more,
        )

    @property
    def _who(self) -> str:
        # Without what an address may hold besides: a user's name and password, a query.
        parts = urlsplit(self._url)
        host = parts.netloc.rpartition("@")[2]
        return f"The language model {self.name!r} at {f'{parts.scheme}://{host}{parts.path}'!r}"

    def _asked(self, prompt: str, max_tokens: int) -> str:
        with self._translated():
            return str(self._client.complete(prompt, max_tokens=max_tokens).text or "")

    def _pieces(self, messages: Sequence[Message], max_tokens: int, line: _Line) -> Iterator[str]:
        """The pieces of an answer that are not empty; ModelFailed where it has no proper end."""
        import openai
        from llama_index.core.llms import ChatMessage

        told = [ChatMessage(role=one.role, content=one.content) for one in messages]
        begun, finish = False, None
        with (
            self._translated(),
            openai.DefaultHttpxClient(event_hooks={"request": [line.follow]}) as client,
        ):
            for part in self._connected(client).stream_chat(told, max_tokens=max_tokens):
                begun, finish = True, _finish(part.raw) or finish
                if part.delta:
                    yield part.delta
        if not begun:
            raise self._no_protocol()
        if finish is None:
            raise ModelFailed(f"{self._who} broke off in the middle. Look at the server's log.")
        if finish == "length":
            raise ModelFailed(f"{self._who} did not come to an end within {max_tokens} tokens.")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import httpx
        import openai

        # The causes are left out of the errors: what a server says may repeat the key.
        try:
            yield
        except openai.APITimeoutError:
            raise self._too_slow(self.timeout_seconds) from None
        except openai.APIStatusError as error:
            raise self._refused(error.status_code, error) from None
        except openai.APIConnectionError as error:
            raise ModelFailed(
                f"{self._who} cannot be reached ({self._said(error.__cause__ or error)}). Start "
                "the server, or correct SUMMIT_LLM_URL."
            ) from None
        except openai.APIResponseValidationError:
            raise self._no_protocol() from None
        # An error among the pieces of an answer; of the client's transport that is let through.
        except (openai.APIError, httpx.HTTPError) as error:
            raise ModelFailed(
                f"{self._who} broke off ({self._said(error)}). Look at the server's log."
            ) from None
        # What the client makes of a reply that does not have the protocol's form.
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError):
            raise self._no_protocol() from None

    def _no_protocol(self) -> ModelFailed:
        return ModelFailed(
            f"{self._who} answered in a form that is not the OpenAI protocol's. Check that "
            "SUMMIT_LLM_URL is the address of its API, which mostly ends in /v1."
        )

    def _silent(self, max_tokens: int) -> ModelFailed:
        return ModelFailed(
            f"{self._who} answered with nothing. Give it more than {max_tokens} tokens if it "
            "thinks before it answers, or choose another model with SUMMIT_LLM_MODEL."
        )

    def _stalled(self, idle_seconds: float, limit: float) -> ModelFailed:
        return ModelFailed(
            f"{self._who} began, and then paused for {idle_seconds:g} seconds or was not ready "
            f"within {limit:g}. Try again when it has less to do."
        )

    def _too_slow(self, seconds: float) -> ModelFailed:
        return ModelFailed(
            f"{self._who} gave no answer within {seconds:g} seconds. Try again "
            "when it has less to do, or choose a faster model with SUMMIT_LLM_MODEL."
        )

    def _refused(self, status: int, error: Any) -> ModelFailed:
        """The error for an HTTP status other than 2xx."""
        remedies = {
            401: "does not accept the key. Correct SUMMIT_LLM_KEY",
            403: "does not accept the key. Correct SUMMIT_LLM_KEY",
            404: (
                "was not found. Correct SUMMIT_LLM_MODEL to a model that the server has, or "
                "SUMMIT_LLM_URL to the address of its API, which mostly ends in /v1"
            ),
            429: "takes no more requests now. Wait a little, or check what your account allows",
        }
        fault = "broke down. Look at the server's log" if status >= 500 else "refused the request"
        return ModelFailed(
            f"{self._who} {remedies.get(status, fault)}. (HTTP status {status}: "
            f"{self._said(error)})"
        )

    def _said(self, error: BaseException) -> str:
        """The start of a message on one line, without the key in it."""
        told = " ".join(str(error).split())
        if self._key != NO_KEY:
            told = told.replace(self._key, "…")
        return told[:SAID]


class _Line:
    """The connection of one request, which another thread than its own may hang up."""

    def __init__(self) -> None:
        self._socket: Any = None
        self._over = False

    def follow(self, request: Any) -> None:
        """Takes note of the connection that an HTTP request is going to use."""
        # https://www.python-httpx.org/advanced/extensions/#trace
        request.extensions["trace"] = self._happened

    def hang_up(self) -> None:
        """Ends the request; a thread that waits for its answer wakes."""
        self._over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _happened(self, event: str, info: Any) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")
            if self._over:
                self.hang_up()


def _finish(chunk: Any) -> str | None:
    """Why the model says that it ends with this piece; None where it goes on."""
    choices = chunk.choices
    return choices[0].finish_reason if choices else None
