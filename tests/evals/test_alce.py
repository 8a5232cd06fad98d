import json
import re
from dataclasses import replace

import pytest
from eval_samples import answered, question, refused, small_library, unanswerable

from assistant import Sentence
from evals.alce import write_alce
from evals.run import Record, RunError
from evals.scoring import score

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
THREE = ("pledges.md", "The Netherlands pledged EUR 3 billion.")
BOTH = ("pledges.md", f"{FORTY[1]} {THREE[1]}")
OLD = ("earlier.md", "Allies pledged EUR 500 million for Ukraine in 2023.")
ASKED = question(("40 billion", "40bn"), "3 billion", evidence=[FORTY, THREE])


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path / "store") as library:
        yield library


def record(library, answer, asked=ASKED):
    return Record(asked, answer, score(asked, answer, library), {})


def written(tmp_path, *records):
    file = tmp_path / "alce.json"
    assert write_alce(file, records) == len(json.loads(file.read_text())["data"])
    return json.loads(file.read_text(encoding="ascii"))["data"]


def output(tmp_path, library, *sentences):
    [item] = written(tmp_path, record(library, answered(library, *sentences)))
    return item["output"]


def test_an_item_has_what_the_script_reads(tmp_path, library):
    answer = answered(library, ("They pledged 40 billion.", [OLD, FORTY]))
    [item] = written(tmp_path, record(library, replace(answer, standalone_question="What sum?")))
    assert item["question"] == "What sum?"
    assert item["answer"] == f"{FORTY[1]} {THREE[1]}"
    assert item["qa_pairs"] == [
        {"question": "What sum?", "short_answers": ["40 billion", "40bn"]},
        {"question": "What sum?", "short_answers": ["3 billion"]},
    ]
    assert item["output"] == "They pledged 40 billion [1][2]."
    assert item["docs"] == [
        {"title": "Vilnius", "text": OLD[1]},
        {"title": "Washington", "text": FORTY[1]},
    ]


def test_every_marker_is_of_a_doc_also_where_numbers_do_not_begin_at_one(tmp_path, library):
    answer = answered(library, ("One.", [FORTY]), ("Two.", [OLD]))
    fewer = replace(answer, sentences=answer.sentences[1:], citations=answer.citations[1:])
    [item] = written(tmp_path, record(library, fewer))
    assert item["output"] == "Two [1]."
    assert [doc["text"] for doc in item["docs"]] == [OLD[1]]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("They met.", "They met [1]."),
        ("“They met.”", "“They met [1].”"),
        ("« Ils sont venus. »", "« Ils sont venus [1]. »"),
        ("Did they meet?", "Did they meet [1]?"),
        ("Air defence;", "Air defence [1]."),
        ("Air defence", "Air defence [1]."),
        ("They met\n\nin Vilnius.", "They met in Vilnius [1]."),
        ("They met [12], as [3 says.", "They met (12), as (3) says [1]."),
        ("Mr. Rutte met the U.S. president.", "Mr. Rutte met the U.S. president [1]."),
    ],
)
def test_markers_stand_before_the_end_on_one_line(tmp_path, library, text, marked):
    assert output(tmp_path, library, (text, [FORTY])) == marked


def test_each_sentence_of_a_longer_quote_is_marked(tmp_path, library):
    made = output(tmp_path, library, (BOTH[1], [BOTH]), ("Nobody knows.", []))
    assert made == f"{FORTY[1][:-1]} [1]. {THREE[1][:-1]} [1]. Nobody knows."


def test_the_words_are_the_answers_without_the_markers(tmp_path, library):
    made = output(tmp_path, library, (FORTY[1], [FORTY]), (THREE[1], [THREE, OLD]))
    # As the script takes markers out.
    bare = re.sub(r"\[\d+", "", re.sub(r" \[\d+", "", made)).replace(" |", "").replace("]", "")
    assert bare == f"{FORTY[1]} {THREE[1]}"


def test_a_refusal_says_nothing_and_what_has_no_answer_is_left_out(tmp_path, library):
    told = replace(refused(), sentences=(Sentence("The documents do not say.", (), None),))
    no = record(library, told, replace(ASKED, id="q-2"))
    none = record(library, refused(), unanswerable(id="q-3"))
    one = record(library, answered(library, ("They pledged 40 billion.", [FORTY])))
    items = written(tmp_path, none, one, no)
    assert [item["id"] for item in items] == ["q-1", "q-2"]
    assert (items[1]["output"], items[1]["docs"]) == ("", [])
    assert all(item["qa_pairs"] for item in items)
    with pytest.raises(RunError, match="answerable"):
        write_alce(tmp_path / "none.json", [none])
    with pytest.raises(RunError, match="cannot be written"):
        write_alce(tmp_path / "no" / "such.json", [one])
