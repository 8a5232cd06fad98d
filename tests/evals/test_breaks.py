from dataclasses import replace

import pytest
from eval_samples import answered, question, refused, small_library, unanswerable

from assistant.compose import cite
from evals.breaks import BREAKS, half_of, spoil
from evals.compare import compare
from evals.metrics import parts
from evals.run import Record
from evals.scoring import score

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
SWEDEN = ("pledges.md", "Sweden became the thirty-second Ally.")


def records(library):
    """Ten right answers and ten due refusals."""
    near = library.document(library.named("pledges.md")[0])
    made = []
    for number in range(10):
        asked = question("40 billion", evidence=[FORTY], id=f"q-{number}")
        made.append((asked, answered(library, (FORTY[1], [FORTY]))))
        asked = unanswerable(id=f"u-{number}")
        made.append((asked, refused_with(cite(0, near, (0, 20)))))
    scored = [(a, given, score(a, given, library)) for a, given in made]
    return tuple(Record(a, given, s, parts(s, None)) for a, given, s in scored)


def refused_with(near):
    return replace(refused(), nearest=(near,))


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path) as library:
        yield library


FALL = {
    "citations moved": {"right", "citation recall", "citation precision", "sentence recall"},
    "places lost": {"verbatim"},
    "never refuses": {"right", "abstention recall", "citation precision"},
    "always refuses": {"right", "citation recall", "fact recall"},
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_break_moves_the_figures_that_it_should(library, name):
    before = records(library)
    assert all(record.score.right for record in before)
    spoiled = spoil(before, name, library)
    changes = compare(
        {r.question.id: r.parts for r in spoiled}, {r.question.id: r.parts for r in before}
    )
    verdicts = {change.name: change.verdict for change in changes}
    assert {n for n, verdict in verdicts.items() if verdict == "lower"} >= FALL[name]
    if name == "always refuses":
        assert verdicts["over-refusal"] == "higher"
    if name == "places lost":
        assert verdicts["right"] == "no difference shown"
    if name == "citations moved":
        assert verdicts["verbatim"] == "no difference shown"


def test_half_is_every_other_document(library):
    assert half_of(library) == library.ids()[:1]
