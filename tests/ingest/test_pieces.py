"""The canonical text is its pieces, and every block is found at its place in it."""

import pytest

from ingest.pieces import Piece, assemble, raised, tidy


def test_every_block_is_its_piece_and_an_empty_line_is_between() -> None:
    pieces = [Piece("One", "heading", 1), Piece(""), Piece("two\nlines"), Piece("é³", "item", 2)]

    text, blocks = assemble(pieces)

    assert text == "One\n\ntwo\nlines\n\né³"
    assert [(text[b.start : b.end], b.kind, b.level) for b in blocks] == [
        ("One", "heading", 1),
        ("two\nlines", "paragraph", 0),
        ("é³", "item", 2),
    ]
    assert assemble([]) == ("", ())


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  a \t b \n \n c ", "a b\nc"),
        ("no\u00a0break", "no\u00a0break"),
        ("co\u00adope\u200bration\0", "cooperation"),
        (" \n ", ""),
    ],
)
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("text", "shown"),
    [("35", "³⁵"), ("-6", "⁻⁶"), ("th", "th"), ("[3]", "[3]"), ("12345", "12345")],
)
def test_raised(text: str, shown: str) -> None:
    assert raised(text) == shown
