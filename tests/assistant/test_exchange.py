import pytest
from page_samples import citation

from assistant.answers import Answer, Turn
from assistant.exchange import (
    Exchange,
    Mark,
    Place,
    again,
    ask,
    failed,
    history,
    listed,
    marked,
)
from assistant.stoppable import Dropped, Stopped
from vectorstore import Filter, StoreError

CITED = (citation(1),)


def answer(question, text="Words. [1]", *, citations=CITED, nearest=()):
    return Answer(
        question=question,
        standalone_question=question,
        answer=text,
        abstained=not citations,
        language="en",
        engine="extractive",
        sentences=(),
        citations=citations,
        nearest=nearest,
    )


def grows(question, turns, *, standalone):
    yield answer(question, "First.")
    yield answer(question, "First. Second.")


def test_the_answer_grows_and_is_complete_at_the_end():
    *growing, last = ask(grows, " Why? ", ())
    assert [e.answer and e.answer.answer for (e,) in growing] == [None, "First.", "First. Second."]
    assert not any(e.complete for (e,) in growing)
    assert last == (Exchange("Why?", answer("Why?", "First. Second."), complete=True),)


def test_a_follow_up_is_answered_with_the_turns_before_it():
    seen = []

    def listens(question, turns, *, standalone):
        seen.append(turns)
        yield from grows(question, turns, standalone=standalone)

    *_, first = ask(listens, "Why?", ())
    *_, second = ask(listens, "And when?", first)
    assert seen == [(), (Turn("user", "Why?"), Turn("assistant", "First. Second."))]
    assert [exchange.question for exchange in second] == ["Why?", "And when?"]


def test_a_blank_question_changes_nothing():
    assert list(ask(grows, " \n ", ())) == []


@pytest.mark.parametrize("error", [StoreError("The store is gone."), ValueError("No words.")])
def test_what_keeps_the_assistant_from_answering_is_said(error):
    def breaks(question, turns, *, standalone):
        yield answer(question, "First.")
        raise error

    *_, last = ask(breaks, "Why?", ())
    assert last == (Exchange("Why?", problem=str(error), complete=True),)
    assert history(last) == ()


def test_an_error_that_nobody_foresaw_ends_only_the_question_that_met_it():
    *_, done = ask(grows, "Why?", ())
    waiting = (*done, Exchange("And?"))
    kept, ended = failed(waiting)
    assert kept == done[0]
    assert ended.complete and ended.answer is None and "went wrong" in ended.problem
    assert failed(done) == done
    assert failed(()) == ()


def ends(how):
    def stream(question, turns, *, standalone):
        yield answer(question, "First.")
        raise how

    return stream


def test_what_there_was_when_the_reader_stopped_it_stays_and_one_can_go_on():
    *_, stopped = ask(ends(Stopped()), "Why?", ())
    assert stopped == (Exchange("Why?", answer("Why?", "First."), complete=True, stopped=True),)
    *_, (first, second) = ask(grows, "And when?", stopped)
    assert first.stopped and not second.stopped
    assert history(stopped)[1].content == "First."


def test_what_is_dropped_is_left_to_who_dropped_it():
    shown = ask(ends(Dropped()), "Why?", ())
    with pytest.raises(Dropped):
        list(shown)


def test_what_the_reader_searches_for_is_what_is_answered_and_stays_with_the_exchange():
    seen = []

    def listens(question, turns, *, standalone):
        seen.append((question, standalone))
        yield from grows(question, turns, standalone=standalone)

    *_, (asked,) = ask(listens, "And when?", (), searched=" When did Corrie open? ")
    assert (asked.question, asked.searched) == ("And when?", "When did Corrie open?")
    list(ask(listens, "Why?", (asked,)))
    assert seen == [("And when?", "When did Corrie open?"), ("Why?", None)]


FIRST, SECOND, THIRD = (
    Exchange("One?", answer("One?"), complete=True),
    Exchange("Two?", answer("Two?"), complete=True, searched="Two of what?"),
    Exchange("Three?", answer("Three?"), complete=True),
)


@pytest.mark.parametrize(
    ("at", "changes", "expected"),
    [
        (2, {}, ((FIRST, SECOND), "Three?", "")),
        (1, {}, ((FIRST,), "Two?", "Two of what?")),
        (1, {"question": "Other?"}, ((FIRST,), "Other?", "")),
        (1, {"searched": "Two apples?"}, ((FIRST,), "Two?", "Two apples?")),
        (0, {"question": "Other?"}, ((), "Other?", "")),
        (3, {"question": "Four?"}, ((FIRST, SECOND, THIRD), "Four?", "")),
        (-1, {}, ((FIRST, SECOND, THIRD), "", "")),
    ],
)
def test_an_exchange_is_replaced_with_all_that_come_after_it(at, changes, expected):
    assert again((FIRST, SECOND, THIRD), at, **changes) == expected


def test_a_mark_takes_the_place_of_one_on_the_same():
    talk = marked((FIRST, SECOND), 1, Mark(0, "right"))
    talk = marked(talk, 1, Mark(2, "wrong", "another summit"))
    talk = marked(talk, 1, Mark(0, "incomplete"))
    assert talk[0] == FIRST
    assert talk[1].marks == (Mark(2, "wrong", "another summit"), Mark(0, "incomplete"))


def test_an_error_keeps_what_was_searched_for_so_that_it_can_be_tried_again():
    *_, last = ask(ends(StoreError("Gone.")), "And?", (), searched="And what?")
    assert again(last, 0) == ((), "And?", "And what?")
    waiting = (Exchange("And?", searched="And what?"),)
    assert again(failed(waiting), 0) == ((), "And?", "And what?")


def test_a_place_is_written_and_read():
    for place in (Place(0, "c", 1), Place(12, "n", 3)):
        assert Place.parse(str(place)) == place


@pytest.mark.parametrize("written", ["", "1", "-1-c1", "0-x1", "0-c", "0-c1 ", "٣-c1", "0-c1-c2"])
def test_what_is_no_place_is_refused(written):
    assert Place.parse(written) is None


def test_a_place_leads_to_its_list():
    cited = Exchange("Why?", answer("Why?", citations=(citation(1), citation(2))))
    near = Exchange("Who?", answer("Who?", citations=(), nearest=(citation(0),)))
    conversation = (cited, near)
    assert [c.number for c in listed(conversation, Place(0, "c", 2))] == [1, 2]
    assert [c.number for c in listed(conversation, Place(1, "n", 1))] == [0]
    for nowhere in (Place(0, "c", 3), Place(0, "c", 0), Place(0, "n", 1), Place(2, "c", 1)):
        assert listed(conversation, nowhere) == ()
    assert listed((Exchange("Why?"),), Place(0, "c", 1)) == ()


def test_each_question_remembers_what_it_was_asked_within():
    dutch = Filter(languages=("nl",))
    scope = {"filter": dutch, "within": ("Language: Dutch",)}

    def breaks(question, turns, standalone=None):
        yield answer(question)
        raise ValueError("No document.")

    for stream in (grows, breaks):
        for ((asked),) in ask(stream, "Why?", (), **scope):
            assert (asked.filter, asked.within) == (dutch, ("Language: Dutch",))
    waiting = next(ask(grows, "Why?", (), **scope))
    assert failed(waiting)[0].filter == dutch
    *_, plain = ask(grows, "Why?", ())
    assert (plain[0].filter, plain[0].within) == (Filter(), ())
