"""A place in its context: cut between words, with its gold evidence kept."""

from evals.excerpts import LONG, Piece, clipped, excerpt

WORDS = " ".join(f"word{number:03}" for number in range(900))


def shown(pieces):
    return "".join(piece.text for piece in pieces)


def at(words):
    start = WORDS.index(words)
    return start, start + len(words)


def test_a_place_is_whole_and_what_is_around_ends_between_words():
    found = excerpt(WORDS, at("word400 word401"), ())
    assert found.place == (Piece("word400 word401"),)
    assert not found.clipped
    assert found.before[0] == found.after[-1] == Piece("…", cut=True)
    before, after = shown(found.before[1:]), shown(found.after[:-1])
    assert f" {before}word400 word401{after} " in WORDS
    assert 200 < len(before) <= 300
    assert 200 < len(after) <= 300


def test_at_the_ends_of_a_text_nothing_is_left_out():
    found = excerpt("One two three.", (4, 7), ())
    assert [shown(part) for part in (found.before, found.place, found.after)] == [
        "One ",
        "two",
        " three.",
    ]


def test_gold_evidence_is_told_apart_inside_and_around():
    found = excerpt("One two three four.", (4, 13), [(0, 3), (8, 18)])
    assert found.before == (Piece("One", gold=True), Piece(" "))
    assert found.place == (Piece("two "), Piece("three", gold=True))
    assert found.after == (Piece(" four", gold=True), Piece("."))


def test_a_long_place_keeps_its_ends_and_its_gold():
    gold = at("word440 word441")
    found = excerpt(WORDS, (0, len(WORDS)), [gold])
    assert found.clipped
    head, middle, tail = shown(found.place).split(" … ")
    assert WORDS.startswith(f"{head} ")
    assert WORDS.endswith(f" {tail}")
    assert f" {middle} " in WORDS
    assert [piece.text for piece in found.place if piece.gold] == ["word440 word441"]
    assert len(shown(found.place)) < LONG + 300


def test_a_long_place_with_gold_everywhere_is_in_one_piece():
    start, end = 0, LONG + 800
    found = excerpt(WORDS, (start, end), [(a, a + 8) for a in range(400, LONG + 500, 100)])
    assert shown(found.place) == WORDS[start:end]
    assert not found.clipped


def test_a_clipped_text_loses_words_from_its_middle():
    assert clipped("short", 100) == "short"
    head, tail = clipped(WORDS, 240).split(" … ")
    assert WORDS.startswith(f"{head} ")
    assert WORDS.endswith(f" {tail}")
    assert len(head) + len(tail) <= 240
