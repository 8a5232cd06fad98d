import json
from dataclasses import replace

import pytest
from eval_samples import small_library

from assistant import Turn
from assistant.feedback import Feedback, append, read_feedback
from assistant.verify import Cited
from evals.draft import drafts, write
from evals.questions import QuestionsError, read_questions, select
from evals.validate import check

FORTY = "Allies pledged EUR 40 billion for Ukraine in 2024."
THREE = "The Netherlands pledged EUR 3 billion."
SWEDEN = "Sweden became the thirty-second Ally."


def cited(quote, start=0):
    return Cited("d1", "nato/pledges.md", start, start + len(quote), quote)


def told(verdict="right", citation=None, **fields):
    made = Feedback(
        question="What did Allies pledge?",
        standalone_question="What did Allies pledge?",
        answer=f"{FORTY} [1] {SWEDEN} [2]",
        abstained=False,
        verdict=verdict,
        language="en",
        engine="extractive",
        when="2024-07-10T09:30:00Z",
        citation=None if citation is None else cited(citation),
        citations=(cited(FORTY), cited(SWEDEN)),
    )
    return replace(made, **fields)


def refused(verdict="right", **fields):
    return told(verdict, abstained=True, answer="Not in here.", citations=(), **fields)


def quotes(draft):
    return [evidence["quote"] for evidence in draft["evidence"]]


def test_an_answer_marked_right_gives_all_its_citations():
    [draft] = drafts([told("right")])
    assert draft["evidence"] == [
        {"doc": "pledges.md", "quote": FORTY},
        {"doc": "pledges.md", "quote": SWEDEN},
    ]
    assert (draft["question"], draft["lang"]) == ("What did Allies pledge?", "en")
    assert (draft["kind"], draft["answerable"], draft["facts"]) == ("fact", True, [])
    assert "history" not in draft


def test_only_what_is_marked_right_is_evidence():
    assert quotes(drafts([told("wrong")])[0]) == []
    assert quotes(drafts([told("incomplete")])[0]) == []
    assert quotes(drafts([told("right", SWEDEN)])[0]) == [SWEDEN]
    assert quotes(drafts([told("incomplete", SWEDEN)])[0]) == []
    assert quotes(drafts([told("right"), told("wrong", SWEDEN)])[0]) == [FORTY]
    assert quotes(drafts([told("wrong", SWEDEN), told("right")])[0]) == [FORTY]


def test_the_same_question_is_one_draft():
    again = told("right", FORTY, standalone_question="What  did allies PLEDGE?")
    other = told("wrong", standalone_question="Who joined?")
    made = drafts([told("right"), other, again])
    assert [draft["question"] for draft in made] == ["What did Allies pledge?", "Who joined?"]
    assert quotes(made[0]) == [FORTY, SWEDEN]
    assert made[0]["note"].count("a reader called") == 2
    assert len({draft["id"] for draft in made}) == 2
    assert drafts([again])[0]["id"] == made[0]["id"]


def test_a_follow_up_is_asked_as_it_was_with_what_went_before():
    history = (Turn("user", "What did Allies pledge?"), Turn("assistant", FORTY))
    asked = {"question": "And the Dutch?", "standalone_question": "What did the Dutch pledge?"}
    [draft] = drafts([told("right", history=history, **asked)])
    assert (draft["kind"], draft["question"]) == ("follow-up", "And the Dutch?")
    assert draft["history"][0] == {"role": "user", "content": "What did Allies pledge?"}
    assert "'What did the Dutch pledge?'" in draft["note"]
    [alone] = drafts([told("right", history=history)])
    assert alone["kind"] == "fact" and "history" not in alone


@pytest.mark.parametrize(
    ("feedback", "answerable"),
    [
        ([refused("right")], False),
        ([refused("right"), told("wrong")], False),
        ([refused("wrong")], True),
        ([refused("incomplete")], True),
        ([refused("right"), refused("wrong")], True),
        ([refused("right"), told("right")], True),
        ([told("wrong")], True),
    ],
)
def test_unanswerable_is_what_was_refused_rightly(feedback, answerable):
    [draft] = drafts(feedback)
    assert draft["answerable"] is answerable
    assert (draft["kind"] == "unanswerable") is not answerable
    assert answerable or draft["evidence"] == []


def test_the_note_holds_what_the_reader_said_and_what_is_left():
    [draft] = drafts([told("incomplete", note=" Which year? "), told("wrong", SWEDEN)])
    note = draft["note"]
    assert note.startswith("DRAFT.")
    assert "On 2024-07-10 a reader called the answer incomplete: 'Which year?'." in note
    assert f"called the citation {SWEDEN!r} of 'pledges.md' wrong." in note
    assert "To be finished: facts" in note
    [draft] = drafts([refused()])
    assert "the refusal right" in draft["note"] and "which comes nearest" in draft["note"]


def test_drafts_are_read_validated_as_unfinished_and_passed_over(tmp_path):
    lines, file = tmp_path / "feedback.jsonl", tmp_path / "drafts.jsonl"
    history = (Turn("user", "What did Allies pledge?"), Turn("assistant", FORTY))
    follow_up = {"question": "And?", "standalone_question": "And the Dutch?", "history": history}
    for one in (told(), refused(standalone_question="Moldova?"), told("wrong", **follow_up)):
        append(lines, one)
    write(file, drafts(read_feedback(lines)))
    questions = read_questions(file)
    assert [question.kind for question in questions] == ["fact", "unanswerable", "follow-up"]
    assert questions[2].history == history
    with small_library(tmp_path / "store") as library:
        read, problems = check(file, library)
    assert read == questions
    for question in questions:
        assert any(f"({question.id}): the split 'draft'" in problem for problem in problems)
    assert sum("unfinished" in problem for problem in problems) == 2
    assert not any("does not have these words" in problem for problem in problems)
    for split in ("dev", "test"):
        with pytest.raises(QuestionsError, match="None of the 3"):
            select(questions, {}, split=split)


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    file = tmp_path / "drafts.jsonl"
    write(file, drafts([told()]))
    before = file.read_text(encoding="utf-8")
    assert json.loads(before)["split"] == "draft"
    with pytest.raises(QuestionsError, match="new file"):
        write(file, drafts([refused()]))
    assert file.read_text(encoding="utf-8") == before


def test_no_feedback_no_drafts(tmp_path):
    assert drafts([]) == ()
    write(tmp_path / "none.jsonl", ())
    assert (tmp_path / "none.jsonl").read_text(encoding="utf-8") == ""
