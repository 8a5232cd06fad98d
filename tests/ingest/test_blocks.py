"""Blocks of a text as a whole: what only all of it shows, and what furniture leaves of them."""

from core_samples import LONG, kinds, parts

from ingest.blocks import Part, parts_from_blocks
from ingest.extract import Block
from ingest.furniture import Mark


def test_numbered_paragraphs_are_no_list() -> None:
    text = "\n\n".join(f"{n}. {LONG} {LONG}" for n in range(1, 6)) + "\n\n6. We thank the host."
    assert kinds(text) == ["paragraph"] * 6
    assert kinds(text, markdown=True) == ["paragraph"] * 6
    introduced = f"They say:\n\n{text}"
    assert kinds(introduced)[1:] == ["item"] * 6
    assert kinds(f"- {LONG} {LONG} {LONG} {LONG}\n- {LONG}\n") == ["item", "item"]


def test_a_heading_as_long_as_a_paragraph_is_one() -> None:
    assert kinds(f"# {LONG} {LONG}\n", markdown=True) == ["paragraph"]
    text = f"{LONG} {LONG}"
    assert parts_from_blocks((Block(0, len(text), "heading", 2),), ()) == (
        Part(((0, len(text)),), "paragraph", 2),
    )


def test_endnotes_are_notes() -> None:
    notes = [
        "Holm, R., ‘The dyke’, 2031, https://dyke.example/1 (accessed 3 May 2031).",
        "Ibid.",
        "Lund, A., ‘The harbour’, River Post, 2030, https://post.example.",
        "A note without a link stands between two that have one.",
        "River Office, ‘Pact’, https://pact.example.",
    ]
    assert kinds("\n".join([LONG, *notes, LONG])) == ["paragraph", *["note"] * 5, "paragraph"]
    assert kinds("\n".join([LONG, *notes[:1], LONG])) == ["paragraph"] * 3


def test_a_list_of_sources_is_notes_to_its_end() -> None:
    listed = "".join(f"- Source {n}, https://{n}.example\n" for n in "abc") + "- The Post, 2031\n"
    assert kinds(f"{LONG}\n\n{listed}") == ["paragraph", *["note"] * 4]
    links = "".join(f"- a [link {n}](https://{n}.example) in the text\n" for n in "abc")
    assert kinds(f"{LONG}\n\n{links}", markdown=True) == ["paragraph", *["item"] * 3]


def test_furniture_between_lines_leaves_a_sentence_whole() -> None:
    pages, text = [0], ""
    for page, word in enumerate(("willow", "alder", "birch"), start=1):
        text += (
            f"PACT OF THE RIVER TOWNS\n{word}-{page}.png\nThe {word} wood stands on the bank and\n"
        )
        text += "\n".join(f"row {n} of {word} trees, which are old and" for n in "abcdefghijkl")
        text += f"\nthe town of {word} keeps it for\n{page}\n"
        pages.append(len(text))
    found = parts(text + "the children.", pages=tuple(pages))
    assert [part.kind for part in found] == ["paragraph"]
    assert len(found[0].spans) == 4
    joined = " ".join(
        " ".join(text[a:b].split()) if b <= len(text) else "" for a, b in found[0].spans
    )
    assert "keeps it for The alder" in joined
    assert "PACT" not in joined
    assert ".png" not in joined


def test_blocks_of_a_marked_up_format_less_furniture() -> None:
    blocks = (Block(0, 10, "heading", 2), Block(12, 30, "paragraph"), Block(32, 40, "item", 1))
    marks = (Mark(2, 4, "x"), Mark(12, 30, "x"), Mark(31, 33, "x"), Mark(39, 50, "x"))
    assert parts_from_blocks(blocks, marks) == (
        Part(((0, 2), (4, 10)), "heading", 2),
        Part(((33, 39),), "item", 1),
    )
    assert parts_from_blocks(blocks, ())[1] == Part(((12, 30),), "paragraph")
