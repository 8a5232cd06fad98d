"""The door to a language model: any server with the OpenAI protocol, through LlamaIndex.

What keeps the model from answering is told as one error, which never holds the key.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

__all__ = ["LanguageModel", "ModelFailed"]

# OpenAI's client wants a key, and would take one meant for another server from the
# environment; servers that need none ignore this one.
NO_KEY = "none"
# How much of what the server says is passed on, in characters.
SAID = 200


class ModelFailed(Exception):  # noqa: N818 - reads like StoreMissing and its kind
    """The language model gave no answer; the message says what happened and the remedy."""


class LanguageModel:
    """A model by its name at a server's address, such as http://localhost:11434/v1."""

    def __init__(
        self, url: str, model: str, key: str | None = None, *, timeout_seconds: float = 60.0
    ) -> None:
        """Connects to nothing yet. `timeout_seconds` is for a whole answer; nothing is retried.

        ModelFailed for a key that cannot be sent, and a model without the chat protocol.
        """
        from llama_index.llms.openai_like import OpenAILike

        self.name = model
        self._url = url
        self._key = (key or "").strip() or NO_KEY
        self._timeout_seconds = timeout_seconds
        if not (self._key.isascii() and self._key.isprintable()):
            raise ModelFailed(
                "The key of the language model holds characters that no key has. Copy it again "
                "into SUMMIT_LLM_KEY."
            )
        try:
            self._client = OpenAILike(
                model=model,
                api_base=url,
                api_key=self._key,
                is_chat_model=True,
                temperature=0.0,
                timeout=timeout_seconds,
                max_retries=0,
            )
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
        asking.join(self._timeout_seconds)
        answer = done[0] if done else self._too_slow()
        if isinstance(answer, BaseException):
            raise answer
        if not answer.strip():
            raise ModelFailed(
                f"{self._who} answered with nothing. Give it more than {max_tokens} tokens if it "
                "thinks before it answers, or choose another model with SUMMIT_LLM_MODEL."
            )
        return answer.strip()

    @property
    def _who(self) -> str:
        # Without what an address may hold besides: a user's name and password, a query.
        parts = urlsplit(self._url)
        host = parts.netloc.rpartition("@")[2]
        return f"The language model {self.name!r} at {f'{parts.scheme}://{host}{parts.path}'!r}"

    def _asked(self, prompt: str, max_tokens: int) -> str:
        import openai

        # The causes are left out of the errors: what a server says may repeat the key.
        try:
            answer = self._client.complete(prompt, max_tokens=max_tokens)
            return str(answer.text or "")
        except openai.APITimeoutError:
            raise self._too_slow() from None
        except openai.APIStatusError as error:
            raise self._refused(error.status_code, error) from None
        except openai.APIConnectionError as error:
            raise ModelFailed(
                f"{self._who} cannot be reached ({self._said(error.__cause__ or error)}). Start "
                "the server, or correct SUMMIT_LLM_URL."
            ) from None
        # What the client makes of a reply that does not have the protocol's form.
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError):
            raise ModelFailed(
                f"{self._who} answered in a form that is not the OpenAI protocol's. Check that "
                "SUMMIT_LLM_URL is the address of its API, which mostly ends in /v1."
            ) from None

    def _too_slow(self) -> ModelFailed:
        return ModelFailed(
            f"{self._who} gave no answer within {self._timeout_seconds:g} seconds. Try again "
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
