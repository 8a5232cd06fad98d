"""Where sentences end, in four languages, and what counts as a function word."""

import pytest
from growth import grows_like_its_length

from ingest.words import bundled_data, function_words, sentence_spans


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


ONE_SENTENCE = {
    "en": [
        "The U.S. Secretary and H.E. Mr. Diaz met Dr. Lund.",
        "See No. 5 and Art. 12 of the pact.",
        "Prof. J. B. Hall spoke for approx. 5 minutes.",
        "They met at 5 p.m. on Monday.",
        "Many gifts, e.g. boats, were shown, i.e. given.",
        "Sec. 4. General Provisions apply.",
        "“3. Harbour dues are paid in spring.",
        "Gen. Adler and Adm. Holm (Ret.) agreed.",
        "Is it done? asked the mayor.",
        "The firm Holm vs. Lund was heard.",
    ],
    "nl": [
        "De wethouders bespraken o.a. de haven en zie art. 5 en nr. 74 van het plan.",
        "Dhr. Jansen en mevr. De Vries, d.w.z. het bestuur, kwamen.",
        "Drs. P. Bos en ir. K. Vos spraken t.a.v. de dijk.",
        "Het was bijv. laat, resp. donker.",
    ],
    "fr": [
        "M. Dupont et Mme. Durand ont signé l’art. 5 et le n°. 3.",
        "Environ 5 ports, cf. annexe, soit env. 12 navires.",
    ],
    "de": [
        "Dr. Müller sprach z. B. über Nr. 5 und vgl. Abs. 2.",
        "Am 3. Oktober trafen sich die Städte, bzw. ihre Räte.",
        "Das gilt z.B. für Art. 4.",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in ONE_SENTENCE.items() for text in texts]
)
def test_abbreviations_end_no_sentence(language: str, text: str) -> None:
    assert split(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He works for the U.N.|The dyke is hers."),
        ("en", "“It works.|It pays,” she said.|She left."),
        ("en", "Who pays?|We do!|All of us."),
        ("en", "They paid EUR 4.5 million.|It was enough."),
        ("en", "It ends in 2031.|The rest follows."),
        ("nl", "Het kostte 4.000 euro.|De dijk is klaar."),
        ("fr", "La séance est levée.|Les villes se revoient en mai."),
        ("de", "Es endete usw. und so fort.|Dann gingen sie."),
        ("xx", "An unknown language splits as English does.|So it is."),
    ],
)
def test_sentences_end(language: str, text: str) -> None:
    assert split(text.replace("|", " "), language) == text.split("|")


def test_text_without_words_has_no_sentences() -> None:
    assert sentence_spans("", "en") == ()
    assert sentence_spans("   ", "en") == ()


def test_long_texts_are_cut_like_short_ones() -> None:
    sentence = "The wardens of the northern bank met Dr. Lund in the old hall."
    text = " ".join([sentence] * 2_000)
    assert split(text) == [sentence] * 2_000


@pytest.mark.parametrize("piece", ["A", "a. ", "A. ", "(", '"x', "No. 5 ", "U.S. ", "?! "])
def test_hostile_text_is_split_fast(piece: str) -> None:
    def text(length: int) -> str:
        return piece * (length // len(piece))

    assert all(a < b for a, b in sentence_spans(text(50_000), "en"))
    assert grows_like_its_length(lambda text: sentence_spans(text, "en"), text, 50_000)


def test_function_words_come_with_the_language() -> None:
    assert {"the", "of"} <= function_words("en")
    assert {"het", "van"} <= function_words("nl")
    assert function_words("xx") == function_words("en")


def test_the_data_is_in_an_installed_package() -> None:
    assert (bundled_data() / "nltk_cache").is_dir()
