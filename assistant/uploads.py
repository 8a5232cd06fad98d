"""The files that readers of the page have added, kept beside the store under their own names.

Each lies in a folder named after its content, so that another file of the same name is
another document and never takes the place of the first.
"""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["FOLDER", "Incoming", "discard", "safe_name", "sweep"]

FOLDER = "uploads"
# File systems take 255 bytes.
LONGEST_NAME = 200
LONGEST_SUFFIX = 20
ARRIVING = ".arriving-"
# What began to arrive before that has been given up.
STALE_SECONDS = 86_400


def safe_name(given: str) -> str:
    """A file name that is no path, cannot be misread and fits: what follows the last slash.

    Characters that are not seen (controls, marks of direction), dots at the start and
    white space but for single blanks are left out, and a long name is cut before its suffix.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    spaced = " ".join(last.split())
    seen = "".join(c for c in spaced if unicodedata.category(c)[0] != "C")
    plain = seen.lstrip(". ").rstrip(". ")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix.encode()) > LONGEST_SUFFIX:
        stem, dot, suffix = plain, "", ""
    room = LONGEST_NAME - len((dot + suffix).encode())
    return (stem.encode()[:room].decode("utf-8", "ignore").rstrip() or "document") + dot + suffix


class Incoming:
    """A file that arrives piece by piece. Use as a context manager: what is not kept goes.

    `size` counts its bytes so far; `is_new` tells, once it is kept, that it was not there.
    """

    def __init__(self, folder: Path) -> None:
        """OSError where the folder cannot be made or written."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._path = folder / f"{ARRIVING}{uuid.uuid4().hex}"
        self._file = self._path.open("xb")
        self._digest = hashlib.sha256()
        self.size = 0
        self.is_new = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    def keep(self, name: str) -> Path:
        """Where the whole file lies from now on, under a name that `safe_name` made."""
        self._file.close()
        home = self._folder / self._digest.hexdigest()[:16]
        home.mkdir(exist_ok=True, mode=0o700)
        self.is_new = not (home / name).exists()
        return self._path.replace(home / name)


def discard(location: str, folder: Path) -> None:
    """Deletes a file that was kept in the folder; does nothing to a file anywhere else."""
    file = Path(location)
    if file.parent.parent != folder:
        return
    with suppress(OSError):
        file.unlink(missing_ok=True)
        file.parent.rmdir()


def sweep(folder: Path) -> None:
    """Deletes what began to arrive and never did, as when the program was stopped."""
    for file in folder.glob(f"{ARRIVING}*"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > STALE_SECONDS:
                file.unlink()
