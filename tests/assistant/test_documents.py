import pytest
from store_samples import BagEmbedder, document, put

from assistant.adding import Adding
from assistant.assistant import Assistant
from assistant.documents import Documents
from assistant.uploads import Incoming
from assistant.writer import Writer
from vectorstore import Filter, Store

TEXT = b"The ministers agreed to spend 340 million crowns on the coastal railway until 2026."


@pytest.fixture
def desk(tmp_path):
    """The documents of a store that is read, and who adds to it."""
    model, folder = BagEmbedder(), tmp_path / "store"

    def writing():
        return Store.open(folder, embedder=model, mode="write")

    writing().close()
    adding = Adding(Writer(writing), folder, max_bytes=2**20)
    with Store.open(folder, embedder=model) as store:
        yield Documents(Assistant(store, model), adding), adding
    adding.close()


def begin(adding, data, name):
    with Incoming(adding.folder) as incoming:
        incoming.write(data)
        return adding.file(incoming, name)


def test_from_an_empty_store_to_a_document_and_back(desk):
    documents, adding = desk
    assert documents.is_empty() and documents.form(Filter()) == ""
    assert 'data-tab="documents" aria-controls="documents" aria-selected="true"' in documents.tabs()
    assert '<details class="adder" data-limit="1048576" open>' in documents.tools()
    steps = list(documents.add([begin(adding, TEXT, "rail.txt")], [], []))
    assert [finished for _, finished in steps] == [False] * (len(steps) - 1) + [True]
    assert "rail.txt: added" not in steps[0][0]
    assert "<bdi>rail.txt</bdi>: added, 1 passage" in steps[-1][0]
    assert not documents.is_empty() and "aria-selected" in documents.tabs()
    assert "data-doubt" in documents.listed(Filter())
    (id,) = [entry.id for entry in documents._assistant.documents()]
    assert TEXT.decode() in documents.read(id)
    assert documents.within(Filter(documents=(id,))) == ("Document: rail",)
    assert "Asking 1 of 1 document<" in documents.chips(Filter(documents=(id,)))
    assert "No document is within" in documents.chips(Filter(languages=("nl",)))
    assert "Removed “<bdi>rail</bdi>”" in documents.remove(id)
    assert documents.is_empty()
    for gone in (documents.remove(id), documents.read(id)):
        assert "has no document" in gone


def test_what_the_browser_did_not_send_is_named_with_the_reason(desk):
    documents, _ = desk
    refused = [["../big.pdf", "size"], ["folder", "lost"], ["odd", "??"]]
    *_, (told, finished) = documents.add([], ["not an address"], refused)
    assert finished
    assert "&#x27;big.pdf&#x27; has more than the 1 MB" in told
    assert "&#x27;folder&#x27; could not be sent" in told and "&#x27;odd&#x27; could not" in told
    assert "&#x27;not an address&#x27; is no web address" in told


def test_ids_that_nobody_knows_end_at_once(desk):
    documents, _ = desk
    assert [finished for _, finished in documents.add(["x"] * 5000, [], [])] == [True]


def test_without_adding_documents_are_only_shown(tmp_path):
    model = BagEmbedder()
    with Store.open(tmp_path / "store", embedder=model, mode="write") as store:
        documents = Documents(Assistant(store, model), None)
        assert 'aria-selected="true">Source' in documents.tabs()
        assert "adder" not in documents.tools()
        given = put(store, document("Ministers agreed to send tanks in May."), "/a")
        assert "data-doubt" not in documents.listed(Filter())
        assert list(documents.add([], ["https://a.example"], [])) == []
        documents.remove(given.id)
        assert store.document(given.id)


def test_a_store_that_cannot_be_read_is_named(tmp_path):
    model = BagEmbedder()
    store = Store.open(tmp_path / "store", embedder=model, mode="write")
    documents = Documents(Assistant(store, model), None)
    store.close()
    for shown in (documents.listed(Filter()), documents.chips(Filter()), documents.read("x")):
        assert "is closed" in shown and 'class="problem"' in shown
    assert (documents.form(Filter()), documents.within(Filter())) == ("", ())
    assert not documents.is_empty()


def test_a_form_that_is_made_again_is_another_text(desk):
    documents, adding = desk
    list(documents.add([begin(adding, TEXT, "rail.txt")], [], []))
    first, second = documents.form(Filter()), documents.form(Filter())
    assert first != second and first.split("<!--")[0] == second.split("<!--")[0]
    filter = Filter(languages=("en",))
    assert documents.narrowed(filter)[:2] == (filter, documents.chips(filter))
