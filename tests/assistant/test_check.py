"""Written sentences against the words that they cite, by hand, in four languages."""

from dataclasses import replace

import pytest
from growth import grows_like_its_length

from assistant.check import Cited, check, cited
from vectorstore import Document, Sentence

FUNDING = Cited(
    "We pledge to provide a minimum baseline funding of €40 billion within the next year, and to "
    "provide sustainable levels of security assistance for Ukraine to prevail.",
    "en",
    title="Washington Summit Declaration",
    date="2024-07-10",
)
TROOPS = Cited(
    "On 10 July Canada promised up to 2,200 persistently deployed troops for Latvia and CAD 2.6 "
    "billion over three years.",
    "en",
    title="NATO in Vilnius",
    date="2023-07-13",
)
GUIDELINE = Cited(
    "Allies aim to move towards the 2% guideline within a decade.",
    "en",
    title="Wales Summit Declaration",
    date="2014-09-05",
)
IRAN = Cited("We call on Iran to cease its military support to Russia.", "en", title="NATO summit")
INVITATION = Cited("An invitation was not issued, and no timetable was set.", "en")
SECURITY = Cited(
    "I made it clear that Europe must do more for its own security.",
    "en",
    title="Press conference",
    date="2024-10-18",
    speaker="Mark Rutte",
)
INFRASTRUCTURE = Cited(
    "The G7 will mobilise up to USD 600 billion by 2027 through the Partnership for Global "
    "Infrastructure and Investment (PGII), of which USD 200 billion comes from the United States.",
    "en",
    title="G7 at Elmau",
    date="2022-06-28",
)
BRIGADE_NL = Cited(
    "Nederland zal 1,5 miljard euro bijdragen aan de brigade in Litouwen, die op 3 mei 2027 gereed "
    "moet zijn.",
    "nl",
    title="Kamerbrief",
    date="2025-05-23",
)
GUIDELINE_NL = Cited(
    "De richtlijn dat 20 procent van het defensiebudget naar groot materieel gaat, wordt in de "
    "verklaring van Den Haag niet genoemd.",
    "nl",
    title="De NAVO in Den Haag",
    date="2025-06-26",
)
BRIGADE_DE = Cited(
    "Deutschland wird bis 2027 eine Brigade mit rund 4.800 Soldaten dauerhaft in Litauen "
    "stationieren; dafür sind 2,5 Milliarden Euro vorgesehen.",
    "de",
    title="Gipfel von Vilnius",
    date="2023-07-12",
)
PLAN_DE = Cited(
    "Die Bündnispartner unterstützen diesen Plan nicht und können ihm frühestens im Mai 2026 "
    "zustimmen.",
    "de",
)
LOANS_FR = Cited(
    "Les dirigeants du G7 s'engagent à fournir environ 50 milliards de dollars à l'Ukraine d'ici à "
    "la fin de l'année 2024, soit 45 milliards d'euros.",
    "fr",
    title="Sommet des Pouilles",
    date="2024-06-14",
)
REPORT_FR = Cited(
    "La Commission doit présenter son rapport avant le 1er mars 2025, et les États membres peuvent "
    "y ajouter leurs observations.",
    "fr",
)

SUPPORTED = [
    ("en", "Allies pledged at least €40 billion in funding for Ukraine within a year.", FUNDING),
    ("en", "At the Washington summit in July 2024 they promised 40 billion euros.", FUNDING),
    ("en", "Canada will deploy up to 2,200 troops to Latvia.", TROOPS),
    ("en", "On July 10, 2023 Canada pledged C$2,600 million over three years.", TROOPS),
    ("en", "In Wales in 2014 Allies intended to move towards the guideline of 2%.", GUIDELINE),
    ("en", "NATO says that Iran should cease its military support to Russia.", IRAN),
    ("en", "No invitation was issued and no timetable was set.", INVITATION),
    ("en", "Neither an invitation was issued nor a timetable set.", INVITATION),
    ("en", "Rutte said that Europe must do more for its own security.", SECURITY),
    ("en", "The US contributes $200 billion of the $600 billion that the G7 will mobilise.",
     INFRASTRUCTURE),
    ("nl", "De brigade in Litouwen moet op 3 mei 2027 gereed zijn.", BRIGADE_NL),
    ("nl", "Nederland zal 1.500 miljoen euro aan de brigade in Litouwen bijdragen.", BRIGADE_NL),
    ("nl", "De verklaring van Den Haag noemt de richtlijn van 20% voor groot materieel niet.",
     GUIDELINE_NL),
    ("de", "Deutschland stationiert bis 2027 eine Brigade mit etwa 4800 Soldaten in Litauen.",
     BRIGADE_DE),
    ("de", "Für die Brigade in Litauen sind 2,5 Mrd. Euro vorgesehen.", BRIGADE_DE),
    ("de", "Der Plan wird von den Bündnispartnern nicht unterstützt.", PLAN_DE),
    ("fr", "Le G7 fournira à l’Ukraine environ 50 milliards de dollars d’ici fin 2024.", LOANS_FR),
    ("fr", "Les États membres peuvent ajouter leurs observations au rapport.", REPORT_FR),
    ("en", "The Netherlands will contribute EUR 1.5 billion to the brigade in Lithuania.",
     BRIGADE_NL),
]  # fmt: skip
CONTRADICTED = [
    ("en", "Allies pledged at least €50 billion in funding for Ukraine.", FUNDING, "€50 billion"),
    ("en", "Allies pledged at least $40 billion in funding for Ukraine.", FUNDING, "$40 billion"),
    ("en", "Allies pledged at least €40 million in funding for Ukraine.", FUNDING, "€40 million"),
    ("en", "Canada promised US$2.6 billion over three years.", TROOPS, "US$2.6 billion"),
    ("en", "Canada promised more than 2,200 troops for Latvia.", TROOPS, "2,200"),
    ("en", "On 12 July Canada promised up to 2,200 troops for Latvia.", TROOPS, "12 July"),
    ("en", "On 10 July Germany promised up to 2,200 troops for Latvia.", TROOPS, "Germany"),
    ("en", "Allies will move towards the 2% guideline within a decade.", GUIDELINE, "will"),
    ("en", "Allies moved towards the 2% guideline within a decade.", GUIDELINE, "aim"),
    ("en", "Iran will cease its military support to Russia.", IRAN, "will"),
    ("en", "An invitation was issued, and no timetable was set.", INVITATION, "not"),
    ("en", "The G7 will mobilise up to $600 billion by 2028.", INFRASTRUCTURE, "2028"),
    ("en", "The G7 will not mobilise up to $600 billion by 2027.", INFRASTRUCTURE, "not"),
    ("nl", "De brigade in Letland moet op 3 mei 2027 gereed zijn.", BRIGADE_NL, "Letland"),
    ("nl", "De brigade in Litouwen moet op 5 mei 2027 gereed zijn.", BRIGADE_NL, "5 mei 2027"),
    ("nl", "Nederland zal geen 1,5 miljard euro bijdragen aan de brigade in Litouwen.", BRIGADE_NL,
     "geen"),
    ("nl", "De verklaring van Den Haag noemt de richtlijn van 20 procent voor groot materieel.",
     GUIDELINE_NL, "niet"),
    ("de", "Für die Brigade in Litauen sind 2,5 Milliarden Dollar vorgesehen.", BRIGADE_DE,
     "2,5 Milliarden Dollar"),
    ("de", "Die Bündnispartner unterstützen diesen Plan.", PLAN_DE, "nicht"),
    ("de", "Die Bündnispartner müssen dem Plan im Mai 2026 zustimmen.", PLAN_DE, "müssen"),
    ("fr", "Le G7 fournira à l'Ukraine environ 60 milliards de dollars.", LOANS_FR,
     "60 milliards de dollars"),
    ("fr", "Le G7 ne fournira pas à l'Ukraine 50 milliards de dollars.", LOANS_FR, "pas"),
    ("fr", "Les États membres doivent y ajouter leurs observations.", REPORT_FR, "doivent"),
]  # fmt: skip
AMISS = [
    ("en", "Germany pledged €40 billion in funding for Ukraine within the next year.", FUNDING),
    ("en", "At the Vilnius summit Allies pledged €40 billion for Ukraine.", FUNDING),
    ("en", "Allies may provide €40 billion in funding within the next year.", FUNDING),
    ("en", "Macron said that Europe must do more for its own security.", SECURITY),
    ("en", "Rutte said that Europe may do more for its own security.", SECURITY),
    ("en", "The G7 will mobilise $600 billion by 2027, mostly for hospitals and schools in Africa.",
     INFRASTRUCTURE),
    ("nl", "Nederland kan 1,5 miljard euro bijdragen aan de brigade in Litouwen.", BRIGADE_NL),
    ("de", "Polen stationiert bis 2027 eine Brigade mit 4.800 Soldaten in Litauen.", BRIGADE_DE),
    ("fr", "La Commission peut présenter son rapport avant le 1er mars 2025.", REPORT_FR),
    ("en", "Poland will contribute EUR 1.5 billion to the brigade in Lithuania.", BRIGADE_NL),
    ("en", "The Netherlands will contribute EUR 2.5 billion to the brigade in Lithuania.",
     BRIGADE_NL),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "cited"), SUPPORTED)
def test_a_sentence_in_other_words_is_supported(language, sentence, cited):
    checked = check(sentence, language, [cited])
    assert (checked.verdict, checked.reasons) == ("supported", ())


@pytest.mark.parametrize(("language", "sentence", "cited", "named"), CONTRADICTED)
def test_a_sentence_that_says_otherwise_is_contradicted(language, sentence, cited, named):
    checked = check(sentence, language, [cited])
    assert checked.verdict == "contradicted"
    assert any(f"“{named}" in reason for reason in checked.reasons)


@pytest.mark.parametrize(("language", "sentence", "cited"), AMISS)
def test_a_sentence_that_says_more_is_not_supported(language, sentence, cited):
    checked = check(sentence, language, [cited])
    assert checked.verdict != "supported"
    assert checked.reasons


@pytest.mark.parametrize(
    ("cited"),
    [
        FUNDING,
        TROOPS,
        GUIDELINE,
        IRAN,
        INVITATION,
        INFRASTRUCTURE,
        GUIDELINE_NL,
        PLAN_DE,
        REPORT_FR,
    ],
)
def test_the_words_themselves_are_supported(cited):
    assert check(cited.text, cited.language, [cited]).verdict == "supported"


def test_a_stored_sentence_is_cited_with_its_document_headings_and_speaker():
    text = "Europe must do more."
    document = Document(
        id="1", sources=("a.md",), title="Press conference", date="2024-10-18", publisher=None,
        language="en", url=None, pages=(), text=text,
    )  # fmt: skip
    one = cited(Sentence(((0, len(text)),), text, speaker="Mark Rutte"), document, ["Brussels"])
    assert check(
        "Rutte said in Brussels on 18 October 2024: Europe must do more.", "en", [one]
    ) == (check(text, "en", [one]))


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", "‘’"])
def test_what_somebody_quotes_in_his_speech_is_not_his_own(marks):
    words = marks[0] + "This day is like a resurrection." + marks[1]
    turn = f"MR. RUTTE:  She wrote: {words}\n\nMR. RUTTE:  {words}\n"
    document = Document(
        id="1", sources=("a.md",), title="Remarks by Mark Rutte", date="2024-10-18",
        publisher=None, language="en", url=None, pages=(), text=turn,
    )  # fmt: skip

    def told(start, text, sentence):
        one = Sentence(((start, start + len(text)),), text, speaker="Mr. Rutte")
        return check(sentence, "en", [cited(one, document)])

    his, wrong = "Rutte said: This day is like a resurrection.", turn.index(words)
    assert told(wrong, words, his).reasons == (
        "in the source somebody whom Mr. Rutte quotes speaks, not Rutte",
    )
    assert told(wrong, words, "This day is like a resurrection.").verdict == "supported"
    # a whole turn in quotation marks is the speaker's
    assert told(turn.rindex(words), words, his).verdict == "supported"


def test_what_one_source_lacks_another_may_have():
    sentence = "Allies pledged €40 billion and called on Iran to cease its support to Russia."
    assert check(sentence, "en", [FUNDING, IRAN]).verdict == "supported"
    assert check(sentence, "en", [IRAN]).verdict != "supported"


def test_a_sentence_about_something_else_is_not_supported():
    checked = check("Leaders also discussed artificial intelligence and trade.", "en", [FUNDING])
    assert checked.verdict == "not supported"


def test_a_part_that_is_not_there_makes_it_partly_supported():
    sentence = "They pledge to provide funding of €40 billion for Ukraine and Moldova."
    checked = check(sentence, "en", [FUNDING])
    assert checked.verdict == "partly"
    assert checked.reasons == ("the name “Moldova” is not in the cited words",)


def test_without_evidence_nothing_is_supported():
    assert check("Allies met.", "en", []).verdict == "not supported"


def test_what_is_too_long_for_a_sentence_is_not_supported_and_takes_no_time():
    assert check(f"{'A of ' * 300}", "en", [FUNDING]).verdict == "not supported"
    assert grows_like_its_length(
        lambda text: check("not will " * 100, "en", [Cited(text, "en")]),
        lambda length: "will not " * (length // 9),
        45_000,
    )


def test_a_source_in_another_language_supports_only_what_has_figures_or_names():
    assert check("They will work harder on it.", "en", [BRIGADE_NL]).verdict == "partly"


@pytest.mark.parametrize("language", ["es", "ja", "uk", "zz", ""])
def test_other_languages_are_read_without_their_own_words_for_figures(language):
    text = "El 3 de mayo de 2024 la OTAN recibió 1,5 millones (4.5 billion)."
    assert check(text, language, [Cited(text, language)]).verdict == "supported"
    wrong = text.replace("2024", "2022")
    assert check(wrong, language, [Cited(text, language)]).verdict != "supported"


def test_a_year_of_the_document_stands_for_no_other_year_of_its_words():
    cited = Cited("Allies reach the target by 2035.", "en", title="The Hague", date="2025-06-25")
    assert check("In 2025 Allies said: by 2035.", "en", [cited]).verdict == "supported"
    assert check("Allies reach the target by 2025.", "en", [cited]).verdict == "contradicted"


def test_a_name_of_the_title_stands_for_no_other_name_of_its_words():
    cited = Cited("Japan had called for an earlier date.", "en", title="Italy and the G7")
    assert check("Italy had called for an earlier date.", "en", [cited]).verdict == "contradicted"


def test_what_one_says_is_not_what_another_says_who_is_named():
    cited = Cited("President Macron agrees that Europe must do more.", "en", speaker="Mark Rutte")
    assert check("Rutte said that Europe must do more.", "en", [cited]).verdict == "supported"
    assert check("Macron said that Europe must do more.", "en", [cited]).verdict == "contradicted"


def test_a_month_after_said_is_nobody_and_a_name_that_is_a_month_is_somebody():
    cited = Cited("Macron agrees with May that Europe must do more.", "en", speaker="Mark Rutte")
    in_may = "In May 2023 Rutte said that Europe must do more."
    by_may = "In May 2023 May said that Europe must do more."
    cited = replace(cited, date="2023-05-03")
    assert check(in_may, "en", [cited]).verdict == "supported"
    assert check(by_may, "en", [cited]).verdict == "contradicted"


def test_a_figure_may_be_written_as_another_language_does():
    sentence = "The G7 will mobilise up to 600 Milliarden US-Dollar by 2027."
    assert check(sentence, "en", [INFRASTRUCTURE]).verdict == "supported"
    sentence = "The G7 will mobilise up to 700 Milliarden US-Dollar by 2027."
    assert check(sentence, "en", [INFRASTRUCTURE]).verdict == "contradicted"


def test_a_name_at_the_head_of_a_sentence_is_compared_with_the_one_in_its_place():
    cited = Cited("Montenegro sat at the table as an invitee in Warsaw.", "en")
    sentence = "Macedonia sat at the table as an invitee in Warsaw."
    assert check(sentence, "en", [cited]).verdict == "contradicted"


def test_one_word_may_be_another_for_the_same():
    cited = Cited("No battlegroup was promised to Romania.", "en")
    assert check("No battlegroup was pledged to Romania.", "en", [cited]).verdict == "supported"


def test_an_ordinal_is_no_amount_and_has_to_be_there():
    cited = Cited("Finland joined as the 31st Ally on 4 April.", "en", date="2023-07-13")
    assert check("Finland joined as the 31st Ally.", "en", [cited]).verdict == "supported"
    checked = check("Finland joined as the 32nd Ally on 4 April.", "en", [cited])
    assert checked.reasons == ("“32nd” is not in the cited words",)


def test_what_may_not_be_is_not_what_may_be():
    cited = Cited("Myanmar may not send its generals to the summit in Jakarta.", "en")
    sentence = "Myanmar must not send its generals to the summit in Jakarta."
    assert check(sentence, "en", [cited]).verdict == "supported"
    sentence = "Myanmar may send its generals to the summit in Jakarta."
    assert check(sentence, "en", [cited]).verdict == "contradicted"


def test_what_is_yet_to_be_is_not_done():
    cited = Cited("Myanmar has yet to implement the Five-Point Consensus.", "en")
    sentence = "Myanmar has not implemented the Five-Point Consensus."
    assert check(sentence, "en", [cited]).verdict == "supported"
    sentence = "Myanmar has implemented the Five-Point Consensus."
    assert check(sentence, "en", [cited]).verdict == "contradicted"


def test_who_speaks_together_needs_no_name():
    cited = Cited("We pledge €40 billion for Ukraine.", "en", speaker="Jens Stoltenberg")
    assert check("Leaders said: €40 billion for Ukraine.", "en", [cited]).verdict == "supported"
    assert check("Macron said: €40 billion for Ukraine.", "en", [cited]).verdict != "supported"


def test_a_sum_of_the_title_stands_for_no_sum_of_the_words():
    cited = Cited("EUR 50 billion for the facility until 2027.", "en", title="USD 50 billion loans")
    sentence = "USD 50 billion for the facility until 2027."
    assert check(sentence, "en", [cited]).verdict == "contradicted"


def test_a_sum_of_the_title_stands_beside_other_sums_of_the_words():
    cited = Cited("The shops will receive a $5,000 stipend.", "en", title="More than $8 billion")
    sentence = "Of the more than $8 billion, the shops will receive a $5,000 stipend."
    assert check(sentence, "en", [cited]).verdict == "supported"
    sentence = "Of the more than $8 billion, the shops will receive a stipend."
    assert check(sentence, "en", [cited]).verdict == "supported"


def test_words_alone_do_not_make_another_country_the_same():
    cited = Cited("Austria and Niger joined the mission.", "en")
    assert check("Australia and Niger joined the mission.", "en", [cited]).verdict != "supported"
    assert check("Austria and Nigeria joined the mission.", "en", [cited]).verdict != "supported"
    assert check("The Austrian mission was joined by Niger.", "en", [cited]).verdict == "supported"


def test_bold_words_over_two_lines_are_the_same_words():
    cited = Cited("Allies pledged EUR **500**\nmillion for _critical_ needs.", "en")
    assert check("Allies pledged €500 million for critical needs.", "en", [cited]).reasons == ()
