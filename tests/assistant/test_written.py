import pytest

from assistant.written import Refused, TooLong, Written, written


def read(text, size=5, language="en", known=9):
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    return [(one.text, one.cited) for one in written(pieces, language, known=known)]


TEXTS = [
    (
        "Allies pledged 40 billion euros [1]. The U.S. gave $2.5 billion. [2, 9][3] So it was [4].",
        [
            ("Allies pledged 40 billion euros.", (1,)),
            ("The U.S. gave $2.5 billion.", (2, 9, 3)),
            ("So it was.", (4,)),
        ],
    ),
    (
        "# Answer\n\n- **Canada** pledged 2,200 troops [2]\n* Germany a _brigade_【3†source】.\n"
        "1. `Poland` paid [10] [0]",
        [
            ("Answer", ()),
            ("Canada pledged 2,200 troops", (2,)),
            ("Germany a brigade.", (3,)),
            ("Poland paid", ()),
        ],
    ),
    ("<think>Let me see [3]. Hm.</think>\n\nAllies met [1].", [("Allies met.", (1,))]),
    ("<think>Let me see [3]. Hm.", []),
    (
        "Dr. Smith said so, e.g. in Rome. He left [1",
        [("Dr. Smith said so, e.g. in Rome.", ()), ("He left", ())],
    ),
    ("They met [the Allies] [sic] there [^2] [[3]].", [("They met the Allies sic there.", (2, 3))]),
    ("A\u202eb\x00c d [1]\r\n\r\nE", [("Abc d", (1,)), ("E", ())]),
    ("", []),
    ("[1] [2]\n***\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentences"), TEXTS)
@pytest.mark.parametrize("size", [1, 4, 100_000])
def test_sentences_and_their_numbers_however_the_text_is_cut(text, sentences, size):
    assert read(text, size) == sentences


def test_no_number_is_known_that_was_not_given():
    assert read("A fact [1, 2, 3, 12345678901].", known=2) == [("A fact.", (1, 2))]


def test_a_sentence_is_there_as_soon_as_the_next_one_has_begun():
    seen = []

    def pieces():
        for piece in ("One is here. [1]", " Two", " is", " coming.", " Three"):
            seen.append(piece)
            yield piece

    first = next(written(pieces(), "en", known=9))
    assert first == Written("One is here.", (1,))
    assert seen[-1] == " is"


@pytest.mark.parametrize("text", ["NO ANSWER", "**NO ANSWER.** The sentences", "\n NO_ANSWER\n"])
def test_a_refusal_is_known(text):
    with pytest.raises(Refused):
        read(text)


def test_a_refusal_behind_sentences_ends_them():
    sentences = written(["They met. NO ANSWER. Really."], "en", known=1)
    assert next(sentences).text == "They met."
    with pytest.raises(Refused):
        next(sentences)


def test_a_text_without_end_is_ended():
    def endless(text):
        while True:
            yield text

    for text in ("and on ", "Peace. ", "x", "[1] ", "<think>"):
        with pytest.raises(TooLong):
            list(written(endless(text), "en", known=1))
    assert len([*_until_too_long(written(endless("Peace. "), "en", known=1))]) == 12


def _until_too_long(sentences):
    try:
        yield from sentences
    except TooLong:
        return
