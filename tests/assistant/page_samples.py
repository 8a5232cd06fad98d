"""Samples for the tests of the page: hostile text, a citation, a trace, HTML taken apart."""

from html.parser import HTMLParser

from assistant.answers import Citation
from assistant.trace import Chosen, Considered, Trace

# What a document, a file name or a question might hold to become more than text.
HOSTILE = (
    "<script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    '" onmouseover="document.title=\'taken\'" x="',
    "' onfocus='document.title=1' autofocus '",
    "<svg/onload=document.title='taken'>",
    "</div></article></mark><h1>taken</h1>",
    "[click](javascript:document.title='taken')",
    "![](http://phone.home.example/pixel.png)",
    "<img src=http://phone.home.example/pixel.png>",
    "<style>@import url(http://phone.home.example/a.css); body{display:none}</style>",
    "<iframe src=javascript:parent.document.title='taken'></iframe>",
    "${document.title='taken'} `${document.title='taken'}` {{constructor}} {{#each this}}",
    "&lt;script&gt;already escaped&lt;/script&gt; &amp;amp;",
    "report\u202efdp.exe",
)

KNOWN_TAGS = {
    *("div", "article", "h2", "h3", "p", "span", "a", "q", "bdi", "ol", "ul", "li"),
    *("button", "code", "details", "summary", "form", "label", "textarea", "input"),
    *("dl", "dt", "dd", "s"),
}
KNOWN_ATTRIBUTES = {
    *("class", "id", "role", "lang", "dir", "href", "type", "aria-busy", "aria-label"),
    *("aria-describedby", "data-open", "data-ask", "data-copy", "data-save"),
    *("data-recall", "data-forget", "open", "data-fold", "data-edit", "data-correct"),
    *("data-again", "data-cancel", "data-rate", "data-note", "data-verdict", "aria-pressed"),
    *("tabindex", "name", "rows", "maxlength", "required", "value"),
}


class Page(HTMLParser):
    """What a browser would make of the HTML: elements in order, and the text of each."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self._open = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])
        if tag != "input":
            self._open.append(self.elements[-1])

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        for element in self._open:
            element[2] += data

    def of_class(self, name):
        return [e for e in self.elements if name in (e[1].get("class") or "").split()]

    def of_tag(self, tag):
        return [e for e in self.elements if e[0] == tag]

    def having(self, attribute):
        return [e for e in self.elements if attribute in e[1]]


def citation(number=1, **changes):
    fields = {
        "number": number,
        "document": "d1",
        "source": "a.txt",
        "title": "Declaration",
        "date": "2024-07-10",
        "language": "en",
        "page": 3,
        "start": 0,
        "end": 18,
        "quote": "Allies pledged 2%.",
    }
    return Citation(**{**fields, **changes})


def traced(text="Allies pledged 2%."):
    """A trace with `text` wherever a document has a say."""
    return Trace(
        considered=(
            Considered(text, "2024-07-10", "en", 3, text, text, 2, None, 1 / 62),
            Considered(text, None, text, None, "", text, None, 1, 1 / 61),
        ),
        read=2,
        chosen=(Chosen(text, "2024-07-10", text, text, 0.875),),
        threshold=0.17,
    )
