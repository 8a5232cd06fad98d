"""One run from engines' names to a folder: answers, scores, figures, settings, report."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evals.baselines import Bm25Engine, DenseEngine
from evals.engines import AssistantEngine, Engine
from evals.figures import summary
from evals.questions import Question
from evals.quickstart import QuickstartEngine
from evals.run import Record, RunError, answer_all, write_records
from evals.workbench import Workbench

__all__ = ["ENGINES", "Report", "describe", "digest", "evaluate", "write_run"]

ENGINES = ("assistant", "quickstart", "bm25", "dense")
# Packages whose versions answers depend on.
PACKAGES = ("summit-assistant", "sentence-transformers", "torch", "chromadb", "llama-index-core")

Report = Callable[[str, int, int], None]


def evaluate(
    bench: Workbench,
    questions: Sequence[Question],
    *,
    engines: Sequence[str],
    folder: Path,
    about: Mapping[str, Any],
    report: Report,
) -> tuple[dict[str, Any], dict[str, tuple[Record, ...]]]:
    """Runs the engines one after the other; writes `<engine>.jsonl` and `run.json`.

    `about` is what the run is told by besides (the questions' file, what was chosen);
    `report` gets (what is being done, how much of it, of how many). Gives run.json's
    contents and the records by engine.
    """
    run: dict[str, Any] = {**describe(bench), **about, "settings": {}, "engines": {}}
    records: dict[str, tuple[Record, ...]] = {}
    for name in engines:
        with tempfile.TemporaryDirectory() as scratch:
            engine = _engine(name, bench, Path(scratch), report)
            run["settings"][name] = dict(engine.settings)
            records[name] = answer_all(
                engine,
                questions,
                bench.library,
                report=partial(report, f"{name}: questions"),
            )
        write_records(folder, name, records[name])
        run["engines"][name] = summary(records[name])
    write_run(folder, run)
    return run, records


def write_run(folder: Path, run: Mapping[str, Any]) -> None:
    """Writes `run.json`."""
    text = json.dumps(run, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8")


def describe(bench: Workbench) -> dict[str, Any]:
    """What the run's answers depend on: commit, store, models, versions, machine."""
    return {
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": _commit(),
        "store": {
            "folder": str(bench.folder),
            "documents": len(bench.library.ids()),
            "fingerprint": bench.fingerprint(),
        },
        "models": {
            "embedding": {"name": bench.embedder.name, "fingerprint": bench.embedder.fingerprint}
        },
        "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
        "machine": {"system": platform.platform(), "cores": os.cpu_count()},
    }


def digest(file: Path) -> str:
    """The start of a file's SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def _engine(name: str, bench: Workbench, scratch: Path, report: Report) -> Engine:
    if name == "assistant":
        return AssistantEngine(bench.assistant, bench.library)
    if name == "bm25":
        return Bm25Engine(bench.store, bench.library)
    if name == "dense":
        return DenseEngine(bench.store, bench.library, bench.embedder)
    if name == "quickstart":
        return QuickstartEngine(
            bench.library,
            bench.embedder,
            scratch,
            report=partial(report, "quickstart: documents"),
        )
    raise RunError(f"There is no engine {name!r}; choose from {', '.join(ENGINES)}.")


def _commit() -> dict[str, Any]:
    """The checkout's commit, and whether its files differ from it; None outside a checkout."""
    here = Path(__file__).parent
    try:
        asked = ["git", "-C", str(here), "rev-parse", "HEAD"]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
        asked = ["git", "-C", str(here), "status", "--porcelain"]
        status = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {"id": None, "changed": None}
    return {"id": done.stdout.strip(), "changed": bool(status.stdout.strip())}
