import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from eval_samples import EARLIER, PLEDGES, answered, question, refused, small_library, unanswerable

from assistant import as_json
from evals.figures import figures
from evals.metrics import parts
from evals.run import Record
from evals.scoring import score

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
THREE = ("pledges.md", "The Netherlands pledged EUR 3 billion.")
OLD = ("earlier.md", "Allies pledged EUR 500 million for Ukraine in 2023.")
SWEDEN = ("pledges.md", "Sweden became the thirty-second Ally.")
SHARED = Path(__file__).parents[2].parent / "shared" / "questions" / "score.py"


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path / "store") as library:
        yield library


def test_a_fact_has_to_be_in_the_answer_and_in_a_citation_on_gold(library):
    asked = question(("40 billion", "40bn"), evidence=[FORTY])
    right = score(asked, answered(library, (FORTY[1], [FORTY])), library)
    assert right.right
    assert right.reasons == ("Every fact is in the answer and cited.",)
    elsewhere = score(asked, answered(library, ("It was EUR 40 billion.", [THREE])), library)
    assert not elsewhere.right
    assert elsewhere.facts[0].stated and not elsewhere.facts[0].cited
    assert "no citation on gold evidence" in elsewhere.reasons[0]
    silent = score(asked, answered(library, ("A large sum.", [FORTY])), library)
    assert not silent.facts[0].stated
    assert silent.reasons == ("'40 billion' is not in the answer.",)


def test_a_fact_far_down_in_a_long_answer_does_not_count(library):
    asked = question("40 billion", evidence=[FORTY])
    long = answered(library, ("word " * 120 + "40 billion", [FORTY]))
    scored = score(asked, long, library)
    assert not scored.right
    assert "only after the words that count" in scored.reasons[0]
    assert score(replace(asked, kind="list"), long, library).right


def test_a_citation_needs_half_of_the_evidence(library):
    asked = question("40 billion", evidence=[FORTY])
    half = ("pledges.md", "EUR 40 billion for Ukraine in 2024.")
    assert score(asked, answered(library, ("40 billion", [half])), library).right
    # Half of the shorter one: a tiny quote inside the evidence is on it.
    inside = ("pledges.md", "40 billion")
    assert score(asked, answered(library, ("40 billion", [inside])), library).right
    before = ("pledges.md", "billion for Ukraine in 2024. The Netherlands pledged EUR 3 billion.")
    beside = score(asked, answered(library, ("40 billion", [before])), library)
    assert not beside.right


def test_evidence_without_the_fact_does_not_carry_it(library):
    asked = question("40 billion", "Netherlands", evidence=[FORTY, THREE])
    one = score(asked, answered(library, (f"{FORTY[1]} {THREE[1]}", [FORTY])), library)
    assert [fact.cited for fact in one.facts] == [True, False]
    assert not one.right


def test_good_is_on_gold_or_a_fact_from_its_document(library):
    asked = question("billion", evidence=[FORTY])
    given = answered(library, ("EUR 40 billion.", [FORTY, THREE, SWEDEN, OLD]))
    assert [c.good for c in score(asked, given, library).citations] == [True, True, False, False]


def test_what_no_fact_needs_could_go(library):
    asked = question("40 billion", "3 billion", evidence=[FORTY, THREE])
    given = answered(library, (f"{FORTY[1]} {THREE[1]}", [SWEDEN, FORTY, THREE]))
    assert [c.needed for c in score(asked, given, library).citations] == [False, True, True]
    both = ("pledges.md", PLEDGES.split("\n")[0])
    twice = answered(library, (f"{FORTY[1]} {THREE[1]}", [both, FORTY]))
    assert [c.needed for c in score(asked, twice, library).citations] == [True, False]


def test_verbatim_is_the_exact_slice_and_nothing_less(library):
    asked = question("40 billion", evidence=[FORTY])
    given = answered(library, (FORTY[1], [FORTY]))
    assert score(asked, given, library).citations[0].verbatim
    (citation,) = given.citations
    off = replace(given, citations=(replace(citation, start=1, end=citation.end + 1),))
    scored = score(asked, off, library)
    assert not scored.citations[0].verbatim
    assert scored.right  # the words are right; only their place is not


def test_span_overlap_is_the_f1_of_characters(library):
    asked = question("40 billion", evidence=[FORTY])
    exact = score(asked, answered(library, (FORTY[1], [FORTY])), library)
    assert exact.span_f1 == 1.0
    whole = ("pledges.md", PLEDGES.split("\n")[0])
    wide = score(asked, answered(library, (FORTY[1], [whole])), library)
    shared, given = len(FORTY[1]), len(whole[1])
    assert wide.span_f1 == pytest.approx(2 * shared / (shared + given))
    assert score(asked, answered(library, ("None.", [SWEDEN])), library).span_f1 == 0.0
    # One of two places with the same fact is enough.
    other = question("Ukraine", evidence=[FORTY, OLD])
    assert score(other, answered(library, ("Ukraine", [OLD])), library).span_f1 == 1.0


def test_a_question_without_an_answer_wants_a_refusal_without_sources(library):
    assert score(unanswerable(), refused(), library).right
    answer = answered(library, (SWEDEN[1], [SWEDEN]))
    assert not score(unanswerable(), answer, library).right
    sourced = replace(refused(), citations=answer.citations)
    assert not score(unanswerable(), sourced, library).right
    over = score(question("Sweden", evidence=[SWEDEN]), refused(), library)
    assert not over.right
    assert over.reasons == ("Refused, though the documents say.",)


CASES = [
    (question("40 billion", evidence=[FORTY]), [(FORTY[1], [FORTY])]),
    (question("40 billion", evidence=[FORTY]), [(THREE[1], [THREE]), ("40 billion", [THREE])]),
    (question(("40 bn", "EUR 40 billion"), "3 billion", evidence=[FORTY, THREE], kind="list"),
     [(FORTY[1], [FORTY]), (SWEDEN[1], [SWEDEN])]),
    (question("Ukraine", evidence=[FORTY, OLD]), [(OLD[1], [OLD]), (FORTY[1], [FORTY, OLD])]),
    (question("Vilnius", evidence=[("earlier.md", "The summit was held in Vilnius.")]),
     [("word " * 130 + "Vilnius", [("earlier.md", "held in Vilnius")])]),
    (question("Finland", evidence=[("earlier.md", "Finland became")]), None),
    (unanswerable(), None),
    (unanswerable(), [(SWEDEN[1], [SWEDEN])]),
]  # fmt: skip


def records(library):
    made = []
    for number, (asked, sentences) in enumerate(CASES):
        each = replace(asked, id=f"q-{number}")
        answer = refused() if sentences is None else answered(library, *sentences)
        answer = replace(answer, id=each.id)
        scored = score(each, answer, library)
        made.append(Record(each, answer, scored, parts(scored, None)))
    return made


# What the shared score.py says of the same answers.
PUBLISHED = {
    "right": 0.375,
    "fact recall": 0.583,
    "citation recall": 0.417,
    "citation precision": 0.625,
    "abstention precision": 0.5,
    "abstention recall": 0.5,
    "abstention F1": 0.5,
}


def test_figures_are_those_of_the_shared_script(library):
    made = figures(records(library))
    assert {name: round(made[name].value, 3) for name in PUBLISHED} == PUBLISHED


@pytest.mark.skipif(not SHARED.exists(), reason="the shared score.py is not beside the checkout")
def test_the_shared_script_itself_agrees(library, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "pledges.md").write_text(PLEDGES, encoding="utf-8")
    (corpus / "earlier.md").write_text(EARLIER, encoding="utf-8")
    made = records(library)
    asked, given = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    asked.write_text("\n".join(json.dumps(asdict(r.question)) for r in made), encoding="utf-8")
    given.write_text("\n".join(json.dumps(as_json(r.answer)) for r in made), encoding="utf-8")
    command = [sys.executable, str(SHARED), str(asked), str(corpus), str(given)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ours = figures(made)
    for name in ("right", "fact recall", "citation recall", "citation precision"):
        assert f"{name} {ours[name].value:.3f}" in said
    assert f"F1 {ours['abstention F1'].value:.2f}" in said
    assert f"median words {ours['words p50'].value:.0f}" in said
