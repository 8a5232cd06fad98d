"""Settings, read in this one place: flag, else environment, else file, else default.

The file is `config.toml` in the user's configuration folder, with the same keys as the
flags (`store = "…"`, `allow_download = true`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from assistant.password import Credentials
from vectorstore.model_files import DEFAULT_MODEL

__all__ = ["Settings", "SettingsError", "read_settings"]

APP = "summit-assistant"
VARIABLES = {
    "store": "SUMMIT_STORE",
    "chroma_url": "SUMMIT_CHROMA_URL",
    "embed_model": "SUMMIT_EMBED_MODEL",
    "rank_model": "SUMMIT_RANK_MODEL",
    "nli_model": "SUMMIT_NLI_MODEL",
    "allow_download": "SUMMIT_ALLOW_DOWNLOAD",
    "llm_url": "SUMMIT_LLM_URL",
    "llm_model": "SUMMIT_LLM_MODEL",
    "llm_key": "SUMMIT_LLM_KEY",
    "llm_timeout": "SUMMIT_LLM_TIMEOUT",
    "unsupported": "SUMMIT_UNSUPPORTED",
    "auth": "SUMMIT_AUTH",
}
# What becomes of a written sentence that no source supports.
LEAVE_OUT, SHOW = "leave-out", "show"
# Seconds that a language model has for an answer.
TIMEOUT, LONGEST_TIMEOUT = 60.0, 600.0
TRUE, FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


class SettingsError(Exception):
    """A setting that cannot be used; the message names its key, its value and the range."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program was told.

    `embed_model` is None when nobody named one: then a store keeps the model it was built
    with, and a new store gets the default. `rank_model` is a cross-encoder to rank sentences
    with, None for the evidence model of this package; `nli_model` one for inference, to hold what
    is written to its sources with, None for the entailment model. `llm_url` and `llm_model` are
    both given or both None: without a language model answers quote. It has `llm_timeout` seconds;
    what it writes unsupported is left out unless `show_unsupported`. `auth` is whom the chat page
    is served to, None for everyone who reaches it.
    """

    store: Path
    chroma_url: str | None = None
    embed_model: str | None = None
    rank_model: str | None = None
    nli_model: str | None = None
    allow_download: bool = False
    llm_url: str | None = None
    llm_model: str | None = None
    llm_key: str | None = field(default=None, repr=False)
    llm_timeout: float = TIMEOUT
    show_unsupported: bool = False
    auth: Credentials | None = None

    @property
    def new_store_model(self) -> str:
        return self.embed_model or DEFAULT_MODEL


def read_settings(
    flags: Mapping[str, str | None], environment: Mapping[str, str], *, file: Path | None = None
) -> Settings:
    """Settings from `flags` (None: not given), `environment` and the file, checked."""
    path = file or Path(platformdirs.user_config_dir(APP)) / "config.toml"
    written = _read_file(path)

    def value(key: str) -> str | None:
        given = flags.get(key)
        if given is not None:
            return given
        from_environment = environment.get(VARIABLES[key])
        return from_environment if from_environment else written.get(key)

    default = Path(platformdirs.user_data_dir(APP)) / "store"
    store = value("store")
    llm_url, llm_model = _together("llm_url", "llm_model", value)
    return Settings(
        store=Path(store).expanduser() if store else default,
        chroma_url=_url("chroma_url", value("chroma_url")),
        embed_model=value("embed_model"),
        rank_model=value("rank_model") or None,
        nli_model=value("nli_model") or None,
        allow_download=_switch("allow_download", value("allow_download")),
        llm_url=_url("llm_url", llm_url),
        llm_model=llm_model,
        llm_key=value("llm_key") or None,
        llm_timeout=_seconds("llm_timeout", value("llm_timeout")),
        show_unsupported=_unsupported(value("unsupported")),
        auth=_credentials(value("auth")),
    )


def _read_file(path: Path) -> dict[str, str]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings file {str(path)!r} cannot be read: {error}. Mend it or remove it."
        ) from error
    unknown = sorted(set(written) - set(VARIABLES))
    if unknown:
        raise SettingsError(
            f"The settings file {str(path)!r} has the unknown key {unknown[0]!r}; "
            f"it may have {', '.join(sorted(VARIABLES))}."
        )
    return {key: str(value) for key, value in written.items()}


def _together(
    one: str, other: str, value: Callable[[str], str | None]
) -> tuple[str | None, str | None]:
    """The values of two settings of which neither says anything without the other."""
    given = value(one) or None, value(other) or None
    for key, missing, found in ((one, other, given[0]), (other, one, given[1])):
        if found and not all(given):
            raise SettingsError(
                f"{key} ({VARIABLES[key]}) is {found!r}, but {missing} ({VARIABLES[missing]}) is "
                f"not given; give both, or neither."
            )
    return given


def _url(key: str, value: str | None) -> str | None:
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            f"{key} ({VARIABLES[key]}) is {value!r}; it must be a URL such as http://localhost:8000."
        )
    return value


def _credentials(value: str | None) -> Credentials | None:
    """Whom the page is served to; the error does not repeat what may be half a password."""
    if not value:
        return None
    credentials = Credentials.parse(value)
    if credentials is None:
        raise SettingsError(
            f"auth ({VARIABLES['auth']}) must be a user name and a password with a colon between "
            "them, such as anna:secret, neither of them empty."
        )
    return credentials


def _seconds(key: str, value: str | None) -> float:
    if not value:
        return TIMEOUT
    with suppress(ValueError):
        if 1 <= float(value) <= LONGEST_TIMEOUT:
            return float(value)
    raise SettingsError(
        f"{key} ({VARIABLES[key]}) is {value!r}; it must be a number of seconds from 1 to "
        f"{LONGEST_TIMEOUT:g}."
    )


def _unsupported(value: str | None) -> bool:
    if value in (None, "", LEAVE_OUT, SHOW):
        return value == SHOW
    raise SettingsError(
        f"unsupported ({VARIABLES['unsupported']}) is {value!r}; it must be {SHOW} or {LEAVE_OUT}."
    )


def _switch(key: str, value: str | None) -> bool:
    plain = (value or "").strip().casefold()
    if plain in TRUE:
        return True
    if plain in FALSE:
        return False
    raise SettingsError(
        f"{key} ({VARIABLES[key]}) is {value!r}; it must be one of {', '.join(TRUE)} or "
        f"{', '.join(FALSE[1:])}."
    )
