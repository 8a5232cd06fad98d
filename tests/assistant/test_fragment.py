"""Links with text fragments, followed by a matcher that is written here from the specification."""

import random
import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from assistant.fragment import link
from ingest.prepare import prepare
from ingest.reading import read
from vectorstore import Document

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "evals" / "corpus"
SHARED = ROOT.parent / "shared" / "corpus" / "summits"

URL = "https://example.org/page"
TEXT = """\
# The declaration

The Allies met in Washington. They pledged 2% of gross domestic product, and they
reaffirmed their commitment to the **collective defence** of all Allies in the years that lie ahead.

- They meet every year.
- They meet every year.

The end. They meet every year. Then they go home.
"""


def document(text=TEXT, *, url=URL, furniture=()):
    return Document(
        id="d1",
        sources=("a.md",),
        title="Declaration",
        date=None,
        publisher=None,
        language="en",
        url=url,
        pages=(),
        text=text,
        furniture=furniture,
    )


def linked(quote, text=TEXT, *, nth=1, **changes):
    """The link to the nth occurrence of the quote."""
    at = -1
    for _ in range(nth):
        at = text.index(quote, at + 1)
    return link(document(text, **changes), at, at + len(quote))


def fragment(quote, text=TEXT, **changes):
    """What follows the URL in the link."""
    made = linked(quote, text, **changes)
    assert made.startswith(URL)
    return made.removeprefix(URL).removeprefix("#:~:text=")


def test_a_short_quote_stands_whole():
    assert fragment("The Allies met in Washington.") == "The%20Allies%20met%20in%20Washington"


def test_a_quote_of_ten_words_is_whole_and_of_eleven_is_not():
    ten = "one two three four five six seven eight nine ten"
    assert fragment(ten, f"{ten} eleven.") == ten.replace(" ", "%20")
    assert fragment(f"{ten} eleven.", f"{ten} eleven.") == (
        "one%20two%20three%20four,eight%20nine%20ten%20eleven"
    )


def test_of_a_long_quote_more_words_are_taken_until_the_place_is_the_first():
    text = (
        "We the leaders of one country met here with many friends today.\n\n"
        "We the leaders of two countries met here with many friends today."
    )
    assert fragment("We the leaders of two countries met here with many friends today.", text) == (
        "We%20the%20leaders%20of%20two%20countries,met%20here%20with%20many%20friends%20today"
    )


def test_a_long_quote_is_whole_where_its_edges_do_not_tell():
    text = (
        "- We the leaders of all these countries trust in the people of all our countries.\n"
        "- We the leaders of all these countries believe in the people of all our countries.\n"
    )
    quote = text.splitlines()[1][2:]
    assert unquote(fragment(quote, text)) == quote[:-1]


def test_the_end_of_a_long_quote_must_be_the_first_after_its_beginning():
    text = (
        "Peace begins with all of us here today, and war ends with all of us here today, "
        "and trade ends with all of us here today."
    )
    assert unquote(fragment(text, text)) == (
        "Peace begins with all of us here today,trade ends with all of us here today"
    )


def test_a_word_within_a_word_is_not_an_occurrence():
    assert fragment("art", "The party, state-of-the party. An art.", nth=3) == "art"
    assert fragment("met", "A met.\n\nWe metered.\n\nWe met.", nth=3) == "We-,met"
    assert fragment("don", "We don't. Mr don left.", nth=2) == "don"
    assert fragment("5", "Spend 3.5 and 1,500. Then 5 more.", nth=3) == "5"
    assert fragment("art", "State-of-the-art tools. An art.", nth=2) == (
        "State%2Dof%2Dthe%2Dart%20tools.%20An-,art"
    )


def test_case_accents_white_space_and_quotation_marks_do_not_tell_places_apart():
    assert fragment("the café", "THE\u00a0CAFE\u0301 here. Not the café.") == (
        "CAF%C3%89%20here.%20Not-,the%20caf%C3%A9"
    )
    assert unquote(fragment("café", "A cafe here. The café.")) == "cafe here. The-,café"
    assert fragment("it's so", "It’s so. But it's so.") == "It%E2%80%99s%20so.%20But-,it%27s%20so"


def test_a_decomposed_letter_is_written_composed():
    assert fragment("Cafe\u0301s", "Cafe\u0301s open.") == "Caf%C3%A9s"


def test_a_repeated_quote_gets_the_words_before_it():
    text = "First of all they agreed. Some time later they agreed. Nobody left."
    assert fragment("they agreed.", text, nth=1) == "they%20agreed"
    assert fragment("they agreed.", text, nth=2) == "Some%20time%20later-,they%20agreed"


def test_a_repeated_quote_gets_the_words_after_it_where_those_before_do_not_tell():
    text = "They agreed.\n\nThen they agreed. Nobody left.\n\nThen they agreed. All of them left."
    made = fragment("they agreed.", text, nth=2)
    assert made == "they%20agreed.,-All%20of%20them"


def test_a_context_takes_the_punctuation_that_touches_the_quote():
    text = "He said (again): no deal. She said: “no deal”."
    assert fragment("no deal", text, nth=2) == ("deal.%20She%20said%3A-,%E2%80%9Cno%20deal")


def test_a_context_may_be_of_the_block_before_but_not_beyond_a_list_marker():
    text = "Yes.\n\nThank you.\n\nYes, we can.\n\nThank you.\n\n- No.\n- Thank you.\n"
    assert fragment("Thank you.", text, nth=2) == "Yes%2C%20we%20can.-,Thank%20you"
    assert fragment("Thank you.", text, nth=3) == ""


def test_a_repeated_list_item_gives_the_bare_url_where_nothing_tells_it_apart():
    text = TEXT.replace("- They", "- They meet every year.\n- They", 1)
    made = [unquote(fragment("They meet every year.", text, nth=n)) for n in (1, 2, 3, 4)]
    assert made == [
        "They meet every year",
        "",
        "They meet every year.,-The end. They",
        "The end.-,They meet every year",
    ]


def test_markup_is_not_in_the_words_and_does_not_interrupt_what_is_compared():
    text = "**Training.** The [G7 leaders](https://g7.org/a_(b)) want *more of it* by 2030.\n"
    assert fragment(text.strip(), text) == "more%20of%20it"
    assert fragment("a b", "A *b* c.\n\nNow a b.") == "Now-,a%20b"
    assert (
        fragment(
            "The `code` \\* of &amp; <u>us</u> all[^1] is ours alone",
            TEXT + ("The `code` \\* of &amp; <u>us</u> all[^1] is ours alone"),
        )
        == "is%20ours%20alone"
    )


def test_words_are_not_taken_from_two_blocks_at_once():
    quote = "The heading\n\nA line that is long enough.\n\n1. One item of it all"
    text = f"# {quote}\n"
    assert fragment(quote, text) == "A%20line%20that%20is,item%20of%20it%20all"
    assert fragment("Short line\nanother line", "Short line\nanother line") == (
        "Short%20line,another%20line"
    )


def test_a_hard_wrapped_line_is_read_on():
    quote = "product, and they\nreaffirmed"
    assert fragment(quote) == "product%2C%20and%20they%20reaffirmed"


def test_a_word_broken_at_the_end_of_a_line_is_left_out():
    text = "All of the leaders promised more co-\noperation between their countries."
    assert fragment(text, text) == "All%20of%20the%20leaders,between%20their%20countries"


def test_furniture_is_no_part_of_it():
    text = "The leaders Page 2 met in town."
    at = text.index("Page 2")
    made = fragment(text, text, furniture=((at, at + 6, "page number"),))
    assert unquote(made) == "met in town"


def test_words_that_are_quoted_in_part_are_left_out():
    assert fragment("lies met in Washing") == "met%20in"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "Mark Rutte zei: ’s avonds is ’t coördinatie.",
            "Mark%20Rutte%20zei%3A%20%E2%80%99s%20avonds%20is%20%E2%80%99t%20co%C3%B6rdinatie",
        ),
        (
            "L’été à Élysée, où ça ?",
            "L%E2%80%99%C3%A9t%C3%A9%20%C3%A0%20%C3%89lys%C3%A9e%2C%20o%C3%B9%20%C3%A7a",
        ),
        ("R&D, state-of-the-art 50% ~ a_b", "R%26D%2C%20state%2Dof%2Dthe%2Dart%2050%25%20~%20a_b"),
    ],
)
def test_letters_and_marks_are_percent_encoded(text, made):
    assert fragment(text, text) == made


def test_a_text_without_spaces_is_cut_at_its_punctuation():
    text = "領導人會晤。北約領導人在華盛頓會晤，並承諾增加國防開支。他們回家。"
    quote = "北約領導人在華盛頓會晤，並承諾增加國防開支。"
    assert unquote(fragment(quote, text)) == "北約領導人在華盛頓會晤，並承諾增加國防開支"
    assert fragment("華盛頓", text) == ""
    assert unquote(fragment("北約，", "我們北約。北約，好。", nth=1)) == "我們北約。-,北約"
    clauses = "，".join("第" * 40 + str(n) for n in range(9)) + "。"
    assert unquote(fragment(clauses, clauses)).startswith("第" * 40 + "0，")
    wrapped = "北約領導人" * 9 + "\n在華盛頓會晤。"
    assert unquote(fragment(wrapped, wrapped)) == "北約領導人" * 9 + ",在華盛頓會晤"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://",
        "https://#x",
        "//x.org",
        " javascript:alert('https://x.org')",
        "ftp://x.org/",
    ],
)
def test_only_a_web_address_is_linked(url):
    assert linked("The Allies met", url=url) is None


@pytest.mark.parametrize(
    ("url", "before", "bare"),
    [
        ("https://x.org/a?b=1&c=%20d", "https://x.org/a?b=1&c=%20d#", "https://x.org/a?b=1&c=%20d"),
        ("HTTP://x.org/a#part-2", "HTTP://x.org/a#part-2", "HTTP://x.org/a#part-2"),
        ("https://x.org/#", "https://x.org/#", "https://x.org/"),
        ("https://x.org/#a:~:text=old", "https://x.org/#a", "https://x.org/#a"),
        ("https://x.org/#:~:text=old", "https://x.org/#", "https://x.org/"),
    ],
)
def test_query_and_fragment_of_the_url_are_kept(url, before, bare):
    assert linked("met in Washington", url=url) == f"{before}:~:text=met%20in%20Washington"
    assert linked("**", url=url) == bare


def test_nothing_unsafe_in_the_url_survives():
    url = "https://x.org/a b\"'<>\\\x00\n\x7f\u202e\u0627é\ud800%zz%41"
    safe = "https://x.org/a%20b%22%27%3C%3E%5C%00%0A%7F%E2%80%AE%D8%A7%C3%A9%3F%25zz%41"
    assert linked("**", url=url) == safe
    assert linked("met in", url=url) == f"{safe}#:~:text=met%20in"


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 5), (9, 3), (10**6, 10**7), (-5, 1)])
def test_a_range_without_words_gives_the_bare_url(start, end):
    assert link(document(), start, end) == URL


@pytest.mark.parametrize(
    "text", ["", "   ", "*" * 5000, "[" * 3000, "<" * 3000, "\x00\ud800\u202e", "a" * 5000]
)
def test_texts_of_no_plain_words_give_the_bare_url(text):
    assert link(document(text), 0, len(text)) == URL


# Following the links of real documents. What a Markdown page shows is told here by a few
# rules of its own, with marks (private characters) at both ends of the quote.

SHOWN = (
    (r"!\[[^\]]*\]\([^)]*\)", ""),
    (r"\]\((?:[^()]|\([^()]*\))*\)|\[\^?\d+\]", ""),
    (r"</?[a-zA-Z!][^<>]*>|\*+|`+|~~|[\[\]\\⁰¹²³⁴-⁹]", ""),
    (r"(?m)^[ \t]*(?:[>#]+|[-*+•–—](?=\s)|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]+)[.)](?=\s))[ \t]*", ""),
    (r"[\xad\u200b\u200e\u200f\u2060\ufeff]", ""),
    (r"\|", " "),
    (r"\s+", " "),
    (" \ue000 ", " \ue000"),
    (" \ue001 ", "\ue001 "),
)
CAN_BE_EDGE = r"(?:(?<!\w)|(?!\w))"


def plain(text):
    """The text without case, accents and kinds of apostrophes, as browsers compare it."""
    text = re.sub("[‘’]", "'", re.sub("[“”„]", '"', text)).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def followed(directive):
    """A pattern that finds what the directive does: the leftmost start, then the nearest end."""
    parts = directive.split(",")
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else ""
    suffix = parts.pop()[1:] if parts[-1].startswith("-") else ""
    start, *end = (re.escape(plain(unquote(part))) for part in parts)
    whole = start + "".join(rf"{CAN_BE_EDGE}(?s:.*?){CAN_BE_EDGE}{e}" for e in end)
    before = rf"\b{re.escape(plain(unquote(prefix)))}\s?" if prefix else CAN_BE_EDGE
    after = rf"(?=\s?{re.escape(plain(unquote(suffix)))}\b)" if suffix else CAN_BE_EDGE
    return rf"{before}(?P<whole>{whole}){after}"


def shown(text, start, end):
    """What the page shows, and where in it the quote begins and ends."""
    text = f"{text[:start]}\ue000{text[start:end]}\ue001{text[end:]}"
    for pattern, by in SHOWN:
        text = re.sub(pattern, by, text)
    text = plain(text)
    start, end = text.index("\ue000"), text.index("\ue001") - 1
    return text.replace("\ue000", "").replace("\ue001", ""), start, end


def bundled():
    """The places of all sentences of the bundled documents."""
    for file in sorted(BUNDLED.iterdir()):
        made, passages = prepare(read(file.read_bytes(), file.name), file.name)
        places = [(s.start, s.end) for p in passages for s in p.sentences if s.kind != "heading"]
        yield made.text, made.furniture, places


def shared():
    """Some sentences of some real statements, cut roughly."""
    if not SHARED.is_dir():
        pytest.skip(f"The documents of {SHARED} are not on this machine.")
    choice = random.Random(5)
    for file in choice.sample(sorted(SHARED.glob("*.md")), 60):
        text = file.read_text("utf-8")
        body = text.index("\n---", 3) + 4
        sentences = re.finditer(r"(?<=[.!?]\s)[A-Z][^.!?]{10,300}[.!?](?=\s)", text[body:])
        places = [(body + m.start(), body + m.end()) for m in sentences]
        yield text, ((0, body, "front matter"),), choice.sample(places, min(12, len(places)))


@pytest.mark.parametrize("corpus", [bundled, shared])
def test_the_links_of_real_sentences_lead_to_their_places(corpus):
    with_fragment = total = 0
    for text, furniture, places in corpus():
        of = document(text, furniture=furniture)
        for start, end in places:
            made = link(of, start, end)
            total += 1
            if made == URL:
                continue
            with_fragment += 1
            directive = made.removeprefix(f"{URL}#:~:text=")
            assert re.fullmatch(r"[\w.~%,-]+", directive, re.ASCII)
            page, first, last = shown(text, start, end)
            match = re.search(followed(directive), page)
            assert match, (directive, page[first:last])
            assert first <= match.start("whole") < match.end("whole") <= last, directive
            if text[start:end].replace(" ", "").isalpha():
                assert match["whole"] == page[first:last]
    assert total > 300
    assert with_fragment > 0.97 * total, (with_fragment, total)
