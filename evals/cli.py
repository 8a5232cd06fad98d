"""The command line of the evals: a run by default, and the commands around it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from assistant.batch import BatchError
from assistant.feedback import FeedbackError
from assistant.llm import LanguageModel, ModelFailed
from assistant.settings import SettingsError, read_settings
from evals.commands import COMMANDS
from evals.compare import Change, compare
from evals.evaluate import ENGINES, Report, digest, evaluate, write_run
from evals.gold import locate
from evals.judge import as_plain, judge
from evals.metrics import Part
from evals.questions import Question, QuestionsError, read_questions, select
from evals.run import Record, RunError, new_folder, read_parts
from evals.workbench import BUNDLED_QUESTIONS, workbench
from vectorstore import StoreError

__all__ = ["main"]

OK, FAILED, USAGE = 0, 1, 2
RUNS = Path("runs")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; 0 done, 1 failed, 2 the command or a setting is wrong."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        if given and given[0] in COMMANDS:
            return COMMANDS[given[0]](given[1:])
        return _run(_run_parser().parse_args(given))
    except (SettingsError, QuestionsError, FeedbackError, BatchError) as error:
        return _say(str(error), USAGE)
    except (RunError, StoreError, ModelFailed) as error:
        return _say(str(error), FAILED)
    except KeyboardInterrupt:
        return _say("Stopped.", FAILED)


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def _note(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _run_parser() -> argparse.ArgumentParser:
    others = "\n".join(f"  {name:10} {run.__doc__}" for name, run in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description="Measures answers and citations on questions with gold evidence.",
        epilog=f"other commands (python -m evals COMMAND --help):\n{others}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--questions", type=Path, metavar="FILE", help="default: the bundled ones")
    parser.add_argument("--store", type=Path, metavar="DIR", help="default: the bundled documents")
    parser.add_argument(
        "--engine",
        action="append",
        choices=ENGINES,
        help="one of the engines, may be repeated (default: all)",
    )
    parser.add_argument(
        "--split",
        choices=("dev", "test", "all"),
        help="which half: dev to tune on, test to report on (default: dev where there are halves)",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="questions with this kind, lang, doc or id; may be repeated",
    )
    parser.add_argument("--compare", type=Path, metavar="RUN", help="an earlier run's folder")
    parser.add_argument("--runs", type=Path, default=RUNS, metavar="DIR", help="default: runs")
    parser.add_argument("--judge", action="store_true", help="ask a model too (SUMMIT_LLM_URL …)")
    parser.add_argument("--alce", action="store_true", help="write answers in ALCE's JSON too")
    parser.add_argument("--json", action="store_true", help="print run.json, not tables")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    from evals import table
    from evals.alce import write_alce
    from evals.report import write_report

    questions, about = _questions(arguments)
    model = _model() if arguments.judge else None
    engines = tuple(dict.fromkeys(arguments.engine or ENGINES))
    before = _before(arguments.compare, engines)
    with workbench(arguments.store, note=_note) as bench, table.watching() as report:
        for question in questions:
            locate(question, bench.library)  # what is not there is told before any answer
        folder = new_folder(arguments.runs)
        run, records = evaluate(
            bench, questions, engines=engines, folder=folder, about=about, report=report
        )
        if model is not None:
            run["judge"] = _judged(model, records, report)
            write_run(folder, run)
        changes = _changes(records, before)
        written = write_report(
            folder, run=run, records=records, library=bench.library, changes=changes
        )
    if arguments.alce:
        for name, each in records.items():
            write_alce(folder / f"{name}.alce.json", each)
    if arguments.json:
        print(json.dumps(run, ensure_ascii=False, indent=1))
    else:
        table.show("Figures with 95 % bootstrap intervals", table.figure_rows(run))
        table.show("right, by kind", table.group_rows(run, "kind"))
        table.show_judge(run.get("judge", {}))
        for engine, changed in changes.items():
            table.show_changes(engine, changed)
    _note(f"The run is in {str(folder)!r}; open {str(written)!r} to see every answer.")
    return OK


def _model() -> LanguageModel:
    settings = read_settings({}, os.environ)
    if settings.llm_url is None or settings.llm_model is None:
        raise SettingsError(
            "--judge needs a language model: set SUMMIT_LLM_URL and SUMMIT_LLM_MODEL (and "
            "SUMMIT_LLM_KEY where the server wants one)."
        )
    return LanguageModel(settings.llm_url, settings.llm_model, settings.llm_key)


def _judged(
    model: LanguageModel, records: Mapping[str, Sequence[Record]], report: Report
) -> dict[str, Any]:
    """By engine, how far the model agrees with the gold spans."""
    return {
        name: as_plain(judge(each, model, report=partial(report, f"{name}: judged")))
        for name, each in records.items()
    }


def _before(folder: Path | None, engines: Sequence[str]) -> dict[str, dict[str, dict[str, Part]]]:
    """What an earlier run has of these engines; those that it did not run are left out."""
    if folder is None:
        return {}
    had = [name for name in engines if (folder / f"{name}.jsonl").exists()]
    if not had:
        raise RunError(f"{str(folder)!r} is no run with any of {', '.join(engines)}.")
    return {name: read_parts(folder, name) for name in had}


def _questions(arguments: argparse.Namespace) -> tuple[tuple[Question, ...], dict[str, Any]]:
    """The questions chosen, and what run.json says of the choice."""
    file = arguments.questions or BUNDLED_QUESTIONS
    if arguments.questions is not None and arguments.store is None:
        raise QuestionsError(
            f"--questions {str(file)!r} needs --store: the folder of the store that they are on."
        )
    wanted: dict[str, str] = {}
    for pair in arguments.only:
        key, equals, value = pair.partition("=")
        if not equals:
            raise QuestionsError(f"--only {pair!r} is not of the form kind=list.")
        wanted[key] = value
    every = read_questions(file)
    halved = any(question.split for question in every)
    split = arguments.split or ("dev" if halved else "all")
    chosen = select(every, wanted, split=None if split == "all" else split)
    about = {
        "file": str(file),
        "digest": digest(file),
        "split": split,
        "only": wanted,
        "count": len(chosen),
    }
    return chosen, {"questions": about}


def _changes(
    records: Mapping[str, Sequence[Record]],
    before: Mapping[str, Mapping[str, Any]],
) -> dict[str, tuple[Change, ...]]:
    return {
        name: compare({r.question.id: r.parts for r in records[name]}, parts)
        for name, parts in before.items()
    }
