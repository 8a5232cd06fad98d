"""What the package offers, and what importing it costs."""

import subprocess
import sys
from pathlib import Path

import vectorstore


def test_everything_offered_exists_in_order() -> None:
    assert all(hasattr(vectorstore, name) for name in vectorstore.__all__)
    assert vectorstore.__all__ == sorted(vectorstore.__all__)


def test_importing_loads_no_vendor() -> None:
    heavy = ("chromadb", "torch", "sentence_transformers", "filelock", "Stemmer", "httpx")
    code = f"import vectorstore, sys; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(vectorstore.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
