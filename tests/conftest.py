"""The bundled documents in a store, made once a session by the real command line."""

from pathlib import Path

import pytest

from assistant.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def bundled_store(tmp_path_factory):
    """The folder of a store with the bundled documents and the default embedding model."""
    folder = tmp_path_factory.mktemp("bundled") / "store"
    assert main(["ingest", str(ROOT / "evals" / "corpus"), "--store", str(folder)]) == 0
    return folder
