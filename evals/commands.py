"""The commands beside a run: what COMMANDS lists."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType

from evals.questions import read_questions, select
from evals.workbench import BUNDLED_QUESTIONS, workbench

__all__ = ["COMMANDS"]

OK, FAILED = 0, 1
FIRST_CHECKER = "evals.mutation.checkers:word_overlap"


def _note(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def validate(given: Sequence[str]) -> int:
    """Check a file of questions against the documents."""
    from evals.validate import check, counts

    parser = argparse.ArgumentParser("python -m evals validate", description=validate.__doc__)
    parser.add_argument("questions", nargs="?", type=Path, default=BUNDLED_QUESTIONS)
    parser.add_argument("--store", type=Path, metavar="DIR", help="default: the bundled documents")
    arguments = parser.parse_args(given)
    with workbench(arguments.store, note=_note) as bench:
        questions, problems = check(arguments.questions, bench.library)
    for problem in problems:
        print(problem)
    for what, counted in counts(questions).items():
        print(f"{what}: " + ", ".join(f"{key} {count}" for key, count in counted.items()))
    print(f"{len(questions)} questions, {len(problems)} problems.")
    return FAILED if problems else OK


def mutations(given: Sequence[str]) -> int:
    """Measure a checker of citations on sentences made false, and on rewordings."""
    from evals import table
    from evals.mutation.checkers import load_checker, measure
    from evals.mutation.mutations import make_pairs

    parser = argparse.ArgumentParser("python -m evals mutations", description=mutations.__doc__)
    parser.add_argument("--store", type=Path, metavar="DIR", help="default: the bundled documents")
    parser.add_argument(
        "--checker", default="evals.mutation.checkers:word_overlap", metavar="MODULE:NAME"
    )
    parser.add_argument("--per-kind", type=int, default=60, metavar="N", help="default: 60")
    parser.add_argument("--pairs", action="store_true", help="print the pairs, not the rates")
    parser.add_argument("--json", action="store_true", help="print the rates as JSON")
    arguments = parser.parse_args(given)
    try:
        checker = load_checker(arguments.checker)
    except ValueError as error:
        parser.error(str(error))
    with workbench(arguments.store, note=_note) as bench:
        pairs = make_pairs(bench.library.everything(), per_kind=arguments.per_kind)
    if arguments.pairs:
        for pair in pairs:
            print(json.dumps(asdict(pair), ensure_ascii=False))
        return OK
    rates = measure(checker, pairs)
    if arguments.json:
        print(json.dumps([{**asdict(rate), "share": rate.share.as_json()} for rate in rates]))
    else:
        table.show(arguments.checker, table.rate_rows(rates))
    return OK


def draft(given: Sequence[str]) -> int:
    """Turn readers' feedback into drafts of questions, for a person to finish."""
    from assistant.feedback import read_feedback
    from evals.draft import drafts, write

    parser = argparse.ArgumentParser("python -m evals draft", description=draft.__doc__)
    parser.add_argument("feedback", type=Path, metavar="FEEDBACK.jsonl")
    parser.add_argument("--to", type=Path, metavar="FILE", help="a new file; default: print them")
    arguments = parser.parse_args(given)
    made = drafts(read_feedback(arguments.feedback))
    if arguments.to is not None:
        write(arguments.to, made)
        return OK
    for one in made:
        print(json.dumps(one, ensure_ascii=False))
    return OK


def scorecard(given: Sequence[str]) -> int:
    """Write the scorecard of the bundled test questions into evals/README.md, with its curve."""
    from evals import scorecard as card
    from evals import table
    from evals.evaluate import ENGINES, digest, evaluate
    from evals.figures import coverage
    from evals.plots import coverage_plot, standalone
    from evals.run import new_folder

    parser = argparse.ArgumentParser("python -m evals scorecard", description=scorecard.__doc__)
    parser.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR")
    arguments = parser.parse_args(given)
    questions = select(read_questions(BUNDLED_QUESTIONS), {}, split="test")
    about = {"digest": digest(BUNDLED_QUESTIONS), "split": "test", "count": len(questions)}
    with workbench(None, note=_note) as bench, table.watching() as report:
        run, records = evaluate(
            bench,
            questions,
            engines=ENGINES,
            folder=new_folder(arguments.runs),
            about={"questions": about},
            report=report,
        )
        broken = card.breaks(
            bench, questions, records["assistant"], report=partial(report, "broken: questions")
        )
        rates = card.rates_of(bench.library)
    text = card.README.read_text(encoding="utf-8")
    card.README.write_text(card.written(text, card.render(run, broken, rates)), encoding="utf-8")
    curve = coverage_plot({"assistant": coverage(records["assistant"])})
    card.CURVE.write_text(standalone(curve) + "\n", encoding="utf-8")
    below = card.missed(run["engines"]["assistant"]["figures"], card.thresholds())
    for line in below:
        print(line)
    return FAILED if below else OK


def mechanisms(given: Sequence[str]) -> int:
    """Show what each mechanism of an answer brings alone, and how long it takes."""
    from assistant.assistant import ranker_for
    from assistant.settings import read_settings
    from evals import table
    from evals.mechanisms import bring, rows

    parser = argparse.ArgumentParser("python -m evals mechanisms", description=mechanisms.__doc__)
    parser.add_argument("--questions", type=Path, metavar="FILE", help="default: the bundled ones")
    parser.add_argument("--store", type=Path, metavar="DIR", help="default: the bundled documents")
    parser.add_argument("--split", choices=("dev", "test"), help="which half (default: all)")
    parser.add_argument("--timed", type=int, default=0, metavar="N", help="time so many questions")
    arguments = parser.parse_args(given)
    questions = select(
        read_questions(arguments.questions or BUNDLED_QUESTIONS), {}, split=arguments.split
    )
    with workbench(arguments.store, note=_note) as bench, table.watching() as report:
        ranker = ranker_for(read_settings({}, os.environ))
        made = list(bring(bench, questions, ranker=ranker, timed=arguments.timed, report=report))
    table.show(f"{len(questions)} questions", rows(made))
    return OK


def claims(given: Sequence[str]) -> int:
    """Measure how many freely worded sentences, right and wrong, are held to be supported."""
    from assistant.assistant import entailment_for
    from assistant.settings import read_settings
    from evals import table
    from evals.claims import FILES, measure, read_claims

    parser = argparse.ArgumentParser("python -m evals claims", description=claims.__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", default=list(FILES))
    arguments = parser.parse_args(given)
    read = {file: read_claims(file) for file in arguments.files}
    entailment = entailment_for(read_settings({}, os.environ))
    for file, every in read.items():
        table.show(file.name, table.count_rows(tuple(measure(every, entailment))))
    return OK


def written(given: Sequence[str]) -> int:
    """Have a language model write answers, and list what was shown as supported, to be judged."""
    from contextlib import nullcontext

    from assistant.assistant import Assistant, entailment_for, ranker_for
    from assistant.batch import read
    from assistant.llm import LanguageModel
    from assistant.settings import SettingsError, read_settings
    from evals.written import report, serving, spread

    parser = argparse.ArgumentParser("python -m evals written", description=written.__doc__)
    parser.add_argument("--questions", type=Path, metavar="FILE", default=BUNDLED_QUESTIONS)
    parser.add_argument("--store", type=Path, metavar="DIR", help="default: the bundled documents")
    parser.add_argument("--most", type=int, metavar="N", default=60, help="default: 60")
    parser.add_argument("--to", type=Path, metavar="FILE", default=Path("runs/written.md"))
    parser.add_argument(
        "--server", type=Path, metavar="PYTHON", help="serve SmolLM2 with it (see make test-llm)"
    )
    arguments = parser.parse_args(given)
    settings = read_settings({}, os.environ)
    url, name = settings.llm_url, settings.llm_model
    if arguments.server is None and (url is None or name is None):
        raise SettingsError("Set SUMMIT_LLM_URL and SUMMIT_LLM_MODEL, or give --server.")
    asked = spread(read(str(arguments.questions)), arguments.most)
    arguments.to.parent.mkdir(parents=True, exist_ok=True)
    answers = []
    with (
        workbench(arguments.store, note=_note) as bench,
        serving(arguments.server) if arguments.server else nullcontext(url) as at,
    ):
        name = "local" if arguments.server else name
        model = LanguageModel(
            str(at), str(name), settings.llm_key, timeout_seconds=settings.llm_timeout
        )
        assistant = Assistant(
            bench.store,
            bench.embedder,
            ranker_for(settings),
            model=model,
            entailment=entailment_for(settings),
        )
        for one in asked:
            answers.append(assistant.answer(one.question, one.history, id=one.id))
            # Written anew each time: a run takes long, and may be stopped.
            arguments.to.write_text(report(answers, str(name)), encoding="utf-8")
            _note(f"{len(answers)} of {len(asked)}: {answers[-1].engine}")
    _note(f"Read {str(arguments.to)!r} and tick what the cited words do not support.")
    return OK


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = MappingProxyType(
    {
        "validate": validate,
        "mutations": mutations,
        "claims": claims,
        "draft": draft,
        "scorecard": scorecard,
        "mechanisms": mechanisms,
        "written": written,
    }
)
