"""An answer on a terminal."""

from dataclasses import replace

from page_samples import citation

from assistant.answers import Answer, Sentence
from assistant.terminal import readable

QUOTED = Answer(
    question="What did they pledge?",
    standalone_question="What did they pledge?",
    answer="Allies pledged 2%. [1] Every year. [1][2]",
    abstained=False,
    language="en",
    engine="extractive",
    sentences=(Sentence("Allies pledged 2%.", (1,)), Sentence("Every year.", (1, 2))),
    citations=(citation(1), citation(2, page=None, date=None, start=30, end=41)),
)


def test_sentences_and_sources_have_a_line_each():
    assert readable(QUOTED).splitlines() == [
        "Allies pledged 2%. [1]",
        "Every year. [1][2]",
        "",
        "[1] Declaration, 2024-07-10, page 3",
        "    a.txt, characters 0 to 18",
        "[2] Declaration, no date",
        "    a.txt, characters 30 to 41",
    ]


def test_what_is_written_comes_with_the_words_it_rests_on_and_what_is_in_doubt():
    partly = Sentence("They gave 2%.", (1,), "partly", ("its sources may say it",))
    lines = readable(
        replace(
            QUOTED,
            engine="llm:qwen",
            sentences=(partly, Sentence("Two things:", (), None)),
            citations=(citation(1),),
            notice="A sentence was left out.",
        )
    ).splitlines()
    assert lines == [
        "They gave 2%. [1] (partly supported: its sources may say it)",
        "Two things:",
        "",
        "Note: A sentence was left out.",
        "",
        "[1] Declaration, 2024-07-10, page 3",
        "    “Allies pledged 2%.”",
        "    a.txt, characters 0 to 18",
    ]


def test_a_refusal_lists_what_is_nearest_cut_between_words():
    near = citation(0, quote="The harbour " * 12 + "The harbour unfinished")
    refused = replace(
        QUOTED,
        answer="The documents do not say.",
        abstained=True,
        sentences=(),
        citations=(),
        nearest=(near,),
    )
    first, _, head, line = readable(refused).splitlines()
    assert first == "The documents do not say."
    assert head == "Nearest passages (they do not answer the question):"
    assert line == f"  - Declaration, 2024-07-10: {'The harbour ' * 12}The harbour…"


def test_no_text_steers_the_terminal():
    bad = "\x1b[2J\x1b]0;owned\x07Allies\r\u202e pledged\ud800.\n[9] Forged"
    evil = citation(1, title=bad, source=bad, date=bad, quote=bad)
    for engine in ("extractive", "llm:x"):
        shown = readable(
            replace(
                QUOTED,
                engine=engine,
                sentences=(Sentence(bad, (1,), "partly", (bad,)),),
                citations=(evil,),
                nearest=(evil,),
                notice=bad,
            )
        )
        assert all(c == "\n" or c.isprintable() for c in shown)
        assert "\n[9]" not in shown
        shown.encode()
