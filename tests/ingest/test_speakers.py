"""Whose words a block or a sentence is, by its form."""

import pytest
from core_samples import sentences
from growth import grows_like_its_length

from ingest.speakers import block_speakers, quoted_speaker


def speakers(*texts: str, kinds: dict[int, str] | None = None) -> list[str | None]:
    found = [(kinds or {}).get(i, "paragraph") for i in range(len(texts))]
    return list(block_speakers(texts, found))


def test_a_transcript_names_the_speaker_of_each_turn() -> None:
    assert speakers(
        "Town Hall",
        "MAYOR HOLM: Good morning.",
        "Welcome to Alder.",
        "PRESIDENT ŠIMKUS: Thank you.",
        "MS. McKAY: A word on the dyke.",
        "Q Who pays?",
        "And when?",
        "MAYOR HOLM: All of us.",
        kinds={0: "heading"},
    ) == [
        None,
        "Mayor Holm",
        "Mayor Holm",
        "President Šimkus",
        "Ms. McKay",
        None,
        None,
        "Mayor Holm",
    ]


def test_a_speech_has_one_label() -> None:
    assert speakers("MR. LUND: Good morning.", "It is spring.") == ["Mr. Lund"] * 2


def test_a_heading_ends_a_turn() -> None:
    found = speakers("MR. LUND: Good morning.", "The vote", "It passed.", kinds={1: "heading"})
    assert found == ["Mr. Lund", None, None]


@pytest.mark.parametrize(
    "texts",
    [
        ("TO: All wardens", "FROM: The office", "SUBJECT: The dyke", "It holds."),
        ("NOTE: The dyke holds.", "It is old."),
        ("Holm: Good morning.", "Holm: It is spring."),
        ("MR. LUND: THE DYKE AND THE HARBOUR", "It is old."),
    ],
)
def test_other_labels_name_no_speaker(texts: tuple[str, ...]) -> None:
    assert speakers(*texts) == [None] * len(texts)


def test_labels_of_headings_and_items_name_no_speaker() -> None:
    texts = ("MR. LUND: The works", "MR. LUND: pays", "It is old.")
    assert speakers(*texts, kinds={0: "heading", 1: "item"}) == [None] * 3


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("The mayor was there. Ruth Holm, the mayor, said:", "Ruth Holm"),
        ("Von der Leyen added:", "Von der Leyen"),
        ("Mayor Holm:", "Mayor Holm"),
        ("Minister Ruth Adler verklaarde:", "Minister Ruth Adler"),
        ("Le maire Jean Dupont a déclaré:", "Jean Dupont"),
        ("H.E. Mr. Ruben Diaz stressed:", "H.E. Mr. Ruben Diaz"),
        ("Ruth Holm spoke of the dyke. She said:", None),
        ("Ruth Holm said that it holds. A warning was heard:", None),
        ("At the feast in Alder a warning was heard:", None),
        ("The dyke holds, said Ruth Holm.", None),
        ("L'effort a été jugé insuffisant :", None),
    ],
)
def test_the_sentence_before_a_quotation_names_the_speaker(before: str, name: str | None) -> None:
    assert speakers(before, "“The dyke holds. It is old.”") == [None, name]
    assert speakers(before, "The dyke holds.", kinds={1: "quotation"}) == [None, name]
    assert speakers(before, "The dyke holds.") == [None, None]


def test_the_line_after_a_quotation_names_the_speaker() -> None:
    assert speakers("“The dyke holds.”", "— Ruth Holm, mayor of Alder")[0] == "Ruth Holm"
    assert speakers("“The dyke holds.”", "The wardens agreed.")[0] is None


def test_a_name_and_a_colon_before_a_quotation() -> None:
    assert speakers("Holm: “The dyke holds.”") == ["Holm"]
    assert speakers("Ruth Holm (Alder): ‘The dyke holds.’") == ["Ruth Holm"]
    assert speakers("A2: “The dyke holds.”") == [None]


@pytest.mark.parametrize(
    ("paragraph", "name"),
    [
        ("“The dyke holds”, said Ruth Holm.", "Ruth Holm"),
        ("“It holds,” said Minister Ruth Adler. She left.", "Minister Ruth Adler"),
        ("“It holds”, the Harbour Master explained.", "Harbour Master"),
        ('"It holds," Holm said on Monday. "It always will."', "Holm"),
        ("Ruth Holm, the mayor, said that “it holds”.", "Ruth Holm"),
        ("“It holds,” she said.", None),
        ("“It holds,” said Holm. “It does not,” said Lund.", None),
        ("Ruth Holm said that it holds.", None),
    ],
)
def test_a_paragraph_names_the_speaker_of_its_quotations(paragraph: str, name: str | None) -> None:
    assert quoted_speaker(paragraph) == name


def test_only_quoted_sentences_have_the_speaker() -> None:
    text = "The hall was full. “The dyke holds. It is old. It will hold,” said Ruth Holm. She left."
    assert [(s.text[:12], s.speaker) for s in sentences(text)] == [
        ("The hall was", None),
        ("“The dyke ho", "Ruth Holm"),
        ("It is old.", "Ruth Holm"),
        ("It will hold", "Ruth Holm"),
        ("She left.", None),
    ]


@pytest.mark.parametrize(
    "piece", ["A", "A-", "A’", "Aa ", "Aa, a, ", "” Aa ", "“Aa said ", "(", "A: "]
)
def test_hostile_text_is_read_fast(piece: str) -> None:
    def read(text: str) -> None:
        quoted_speaker(text)
        speakers(text, text)

    assert grows_like_its_length(read, lambda length: "“" + piece * (length // len(piece)), 50_000)
