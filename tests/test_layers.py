"""Who may import whom, and which module is the door to which third-party package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("vectorstore", "ingest", "assistant", "evals")
MAY_IMPORT = {
    "vectorstore": {"vectorstore"},
    "ingest": {"ingest", "vectorstore"},
    "assistant": {"assistant", "ingest", "vectorstore"},
    "evals": set(PACKAGES),
}
DOORS = {
    "chromadb": {"vectorstore/chroma.py"},
    # two uses of one library: embedding, and a cross-encoder that the user names
    "sentence_transformers": {"vectorstore/embedding.py", "assistant/cross_encoder.py"},
    "onnxruntime": {"assistant/ranker.py", "evals/training/export.py"},
    "gradio": {"assistant/page.py"},
    "pypdfium2": {"ingest/pdf.py"},
    # two uses of one library: reading a document, and writing a conversation
    "docx": {"ingest/docx.py", "assistant/export.py"},
    "trafilatura": {"ingest/html.py"},
    "lxml": {"ingest/html.py"},
    "yaml": {"ingest/plain.py"},
    # what dates documents, what sentences state, and the evals, which must not use the latter
    "babel": {"ingest/metadata.py", "assistant/locales.py", "evals/mutation/locales.py"},
    "py3langid": {"ingest/metadata.py"},
    "tiktoken": {"ingest/tokens.py"},
    "nltk": {"ingest/words.py"},
    # chromadb and openai let httpx's errors through, so their doors have to know them
    "httpx": {"ingest/sources.py", "vectorstore/chroma.py", "assistant/llm.py"},
    "Stemmer": {"vectorstore/lexical.py"},
    # three uses of one library: our doors for its users, a language model, a baseline
    "llama_index": {"assistant/llamaindex.py", "assistant/llm.py", "evals/quickstart.py"},
    "openai": {"assistant/llm.py"},
    "bm25s": {"evals/baselines.py"},
    "ir_measures": {"evals/retrieval.py"},
    "jinja2": {"evals/report.py"},
    "matplotlib": {"evals/plots.py"},
}
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).glob("**/*.py"))]


def imported(path: Path) -> set[str]:
    """Top-level names of the absolute imports in a module, those inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_imports_only_its_own_layer_and_below(path):
    package = path.relative_to(ROOT).parts[0]
    assert imported(path) & set(PACKAGES) <= MAY_IMPORT[package]


@pytest.mark.parametrize("vendor", DOORS)
def test_vendor_has_one_door(vendor):
    importers = {str(p.relative_to(ROOT)) for p in MODULES if vendor in imported(p)}
    assert importers == DOORS[vendor]


def test_importing_the_packages_loads_nothing_heavy():
    code = (
        "import sys, assistant, ingest, vectorstore\n"
        "heavy = {'torch', 'gradio', 'chromadb', 'sentence_transformers', 'transformers'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
