"""Reads web pages: the article without what surrounds it, in blocks, and its metadata.

trafilatura finds the article in a page. Where it would flatten a short text, and where
there is nothing around the text to take away, the page's own elements are read.
"""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import islice
from typing import Any

from ingest.extract import Extract, ReadError
from ingest.markup import Gatherer
from ingest.metadata import iso_date, iso_language, one_line, web_address
from ingest.pieces import Piece, assemble
from ingest.plain import decode

__all__ = ["read_html"]

CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.I
)
CHARSET_REACH = 4096

# libxml2 compares each attribute of a tag with all others: a tag with 40,000 of them takes
# it 14 seconds. A tag longer than this, quoted values aside, is no page's own.
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{10000,}>")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
MAX_TAG = 10_000
# trafilatura's time grows with the square of some pages' size: 12,000 elements can take 15 s.
MAX_ELEMENTS = 15_000
# Below its MIN_EXTRACTED_SIZE trafilatura gives a page as one run of text; below three
# times that, it adds text from outside the article.
FLAT = 250
SHORT = 3 * FLAT

# trafilatura means to catch its own errors; some get by.
FAILED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
# trafilatura's names for elements, as HTML has them.
HTML_NAMES = {"list": "ul", "quote": "blockquote", "row": "tr", "cell": "td", "lb": "br"}

NO_TEXT = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "nav", "button", "select", "input"),
        *("textarea", "svg", "iframe", "object", "audio", "video", "canvas", "dialog", "menu"),
        *("del", "s", "strike"),
    )
)
# Class and id names of what stands around an article, as publishing systems give them.
# An id is as often made from a heading ("recommendations", "social-policy"): whole ids only.
NOISE = re.compile(
    r"cookie|consent|gdpr|newsletter|subscri|\bshar(?:e|ing)\b|\bsocial|\brelated|comment|"
    r"respond\b|sidebar|breadcrumb|promo|advert|popup|modal|navig|\bnav\b|\bmenu|skip-link|"
    r"contentinfo",
    re.I,
)
NOISE_ID = re.compile(
    r"(?:cookie|consent|gdpr|newsletter|disqus|onetrust)[\w-]*|comments?|respond|sidebar|nav|"
    r"navigation|menu|breadcrumbs?|footer|related-(?:posts|articles)",
    re.I,
)
NOTES = re.compile(r"footnotes?\b|endnotes?\b", re.I)


def read_html(data: bytes, name: str, *, charset: str | None = None) -> Extract:
    """The article's text and blocks, its title, day, publisher, language and URL.

    `charset` is what the server declares; the page's own declaration comes after it.
    """
    page = _parsed(decode(data, name, charset=charset or _declared(data)), name)
    text, blocks = assemble(_pieces(page))
    found = _metadata(page)
    return Extract(
        text=text,
        blocks=blocks,
        title=one_line(found.title),
        date=iso_date(found.date),
        publisher=one_line(found.sitename),
        language=_language(page),
        url=web_address(found.url),
    )


def _declared(data: bytes) -> str | None:
    match = CHARSET.search(data, 0, CHARSET_REACH)
    return match[1].decode("ascii", "replace") if match else None


def _parsed(text: str, name: str) -> Any:
    from lxml import etree, html

    text = LONG_TAG.sub(lambda tag: tag[0] if len(QUOTED.sub("", tag[0])) < MAX_TAG else "", text)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError as error:
        raise ReadError(f"{name!r} has no text: the page is empty.") from error
    if limit := next((e for e in parser.error_log if e.type_name == "ERR_RESOURCE_LIMIT"), None):
        raise ReadError(
            f"{name!r} goes beyond what the HTML parser reads ({limit.message.strip()}). "
            "Open it in a browser and save its text."
        )
    return page


def _pieces(page: Any) -> tuple[Piece, ...]:
    main = _main(page)
    own = _gathered(main)
    size = _length(page)
    if not any(_is_beside(element, size) for element in page.iter()):
        return own
    article = _article(page)
    short = SHORT if main.tag != "body" else FLAT
    return article if _size(article) >= short else own


def _size(pieces: tuple[Piece, ...]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _main(page: Any) -> Any:
    """The element that holds the text: `main`, the only `article`, else the body."""
    mains = page.xpath("//main | //*[@role='main']")
    articles = page.xpath("//article[not(ancestor::article)]")
    chosen = mains if len(mains) == 1 else articles if len(articles) == 1 else page.xpath("//body")
    return chosen[0] if chosen else page


def _is_around(element: Any) -> bool:
    """Whether an element stands around a page's text, by its name, role, class or id."""
    if element.tag in ("header", "footer", "aside"):
        title = element.find(".//h1") is not None
        quoted = next(element.iterancestors("blockquote"), None) is not None
        return not (title or quoted or _is_note(element))
    names = f"{element.get('class', '')} {element.get('role', '')}"
    noise = NOISE.search(names) or NOISE_ID.fullmatch(element.get("id", ""))
    return element.tag in ("nav", "form") or bool(noise)


def _is_note(element: Any) -> bool:
    names = (element.get(key, "") for key in ("class", "id", "role"))
    return any(NOTES.search(name) for name in names)


def _article(page: Any) -> tuple[Piece, ...]:
    """What trafilatura takes for the article; nothing if it fails.

    In its balanced mode: on the 400 first pages of its own evaluation that finds more of
    the wanted (0.943 against 0.936) and less of the unwanted text (0.063, 0.072) than its
    recall mode.
    """
    import trafilatura

    if sum(1 for _ in islice(page.iter(), MAX_ELEMENTS)) == MAX_ELEMENTS:
        return ()
    try:
        found = trafilatura.bare_extraction(
            deepcopy(page), include_comments=False, include_tables=True, include_formatting=True
        )
    except FAILED:
        return ()
    if found is None or found.body is None:
        return ()
    for element in found.body.iter("*"):
        name = _html_name(element.tag, element.get("rend", ""))
        if name != element.tag:  # names that lxml itself refuses are left alone
            element.tag = name
    return _gathered(found.body)


def _html_name(tag: str, form: str) -> str:
    if tag == "head":
        return form if re.fullmatch("h[1-6]", form) else "h3"
    if tag == "item":
        return form[:2] if form.startswith(("dt", "dd")) else "li"
    if tag == "hi" and form == "#sup":
        return "sup"
    return HTML_NAMES.get(tag, tag)


def _metadata(page: Any) -> Any:
    import trafilatura

    settings = {"original_date": True, "extensive_search": False}
    try:
        return trafilatura.extract_metadata(deepcopy(page), date_config=settings, extensive=False)
    except FAILED:
        return trafilatura.settings.Document()


def _language(page: Any) -> str | None:
    stated = page.xpath(
        "string((/html/@lang | /html/@*[name()='xml:lang'] | "
        "//meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content | "
        "//meta[@property='og:locale']/@content)[1])"
    )
    return iso_language(stated)


def _gathered(root: Any) -> tuple[Piece, ...]:
    """The blocks under `root`, without what stands around a text."""
    from lxml import etree

    gatherer = Gatherer()
    size = _length(root)
    left_out = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if _is_left_out(element, root, size):
                left_out = element
                walk.skip_subtree()
                continue
            gatherer.begin(_tag(element), note=_is_note(element), layout=_is_layout(element))
            gatherer.text(element.text or "")
            continue
        if element is left_out:
            left_out = None
        else:
            gatherer.finish(_tag(element))
        if element is not root:
            gatherer.text(element.tail or "")
    return gatherer.pieces()


def _tag(element: Any) -> str:
    """The element's name, that of an attribution for the caption of a quotation."""
    caption = element.tag == "figcaption" and element.getparent().find("blockquote") is not None
    return "footer" if caption else str(element.tag)


def _is_left_out(element: Any, root: Any, size: int) -> bool:
    if element is root or element.tag in ("html", "body", "main", "article"):
        return False
    if element.tag in NO_TEXT or element.get("hidden") is not None:
        return True
    style = "".join(element.get("style", "").lower().split())
    if element.get("aria-hidden") == "true" or "display:none" in style:
        return True
    return _is_beside(element, size)


def _is_beside(element: Any, size: int) -> bool:
    """Whether an element stands around a text of `size` characters and does not hold it.

    A name like "has-sidebar", or a form, may be on what holds most of the page.
    """
    return _is_around(element) and 2 * _length(element) < size


def _length(element: Any) -> int:
    """How many characters of text an element holds, scripts and styles aside."""
    code = sum(len(inner.text or "") for inner in element.iter("script", "style"))
    return sum(map(len, element.itertext())) - code


def _is_layout(element: Any) -> bool:
    """Whether a table row places parts of a page side by side, and is none of values."""
    return element.tag == "tr" and any(
        inner.tag in ("table", "h1", "h2", "h3", "pre") for inner in element.iter()
    )
