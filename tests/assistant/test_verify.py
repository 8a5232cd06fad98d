import json

import pytest
from store_samples import BagEmbedder, document, passages

from assistant import verify
from vectorstore import Store

TEXT = "Allies pledged two percent of GDP. They will report every year."


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store", embedder=BagEmbedder(), mode="write") as opened:
        made = document(TEXT)
        opened.put(made, passages(made), location="/a.txt", root="", name="a.txt", digest="1")
        yield opened


def export(tmp_path, value):
    file = tmp_path / "export.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return verify.read(file)


def cited(**changes):
    whole = {"document": document(TEXT).id, "source": "a.txt", "start": 0, "end": 34}
    return {**whole, "quote": TEXT[0:34], **changes}


def test_a_true_citation_holds(tmp_path, store):
    read = export(tmp_path, {"answers": [{"citations": [cited()]}]})
    assert len(read) == 1
    assert verify.failures(read, store) == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quote": "Allies pledged three percent of GDP."}, "three percent"),
        ({"start": 1}, "characters 1 to 34"),
        ({"document": "0123456789abcdef"}, "0123456789abcdef"),
    ],
)
def test_a_citation_that_no_longer_holds_is_named(tmp_path, store, changes, told):
    read = export(tmp_path, [{"citations": [cited(), cited(**changes)]}])
    (failure,) = verify.failures(read, store)
    assert told in failure


def test_the_nearest_passages_of_an_abstention_are_no_citations(tmp_path):
    assert export(tmp_path, {"citations": [], "nearest": [{"citations": [cited()]}]}) == ()


def test_lines_of_a_batch_are_read(tmp_path):
    lines = "\n".join(json.dumps({"citations": [cited()]}) for _ in range(2))
    assert len(export(tmp_path, lines)) == 2


@pytest.mark.parametrize("value", ["nonsense", '{"citations": [{"start": 1}]}'])
def test_an_export_that_is_none_is_named(tmp_path, value):
    with pytest.raises(verify.ExportError, match=r"export\.json"):
        export(tmp_path, value)


NEWER = f"A word before. {TEXT}"


def put(store, text, location, name="a.txt"):
    made = document(text)
    store.put(made, passages(made), location=location, root="", name=name, digest=made.id)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (NEWER, "'a.txt' is now another text under the same name; the quote stands there at "
                "characters 15 to 49."),
        ("Allies pledged nothing.", "under the same name, which does not hold the quote 'Allies "
                                    "pledged two percent of GDP.'."),
    ],
)  # fmt: skip
def test_a_document_that_has_changed_is_told_from_one_that_is_gone(tmp_path, store, text, told):
    read = export(tmp_path, [{"citations": [cited()]}])
    put(store, f"{NEWER} Much later.", "/b.txt", "b.txt")
    put(store, text, "/a.txt")
    (failure,) = verify.failures(read, store)
    assert failure.startswith(
        f"'a.txt', characters 0 to 34: the document {cited()['document']!r} is not in the store. "
    )
    assert failure.endswith(told)
    store.drop("/a.txt")
    (failure,) = verify.failures(read, store)
    assert failure.endswith("is not in the store.")


def test_of_two_texts_under_one_name_the_one_with_the_quote_is_meant(tmp_path, store):
    read = export(tmp_path, [{"citations": [cited()]}])
    put(store, "Allies pledged nothing.", "/a.txt")
    put(store, NEWER, "/other/a.txt")
    (failure,) = verify.failures(read, store)
    assert failure.endswith("the quote stands there at characters 15 to 49.")


def test_a_content_hash_of_another_text_does_not_fail_a_quote_that_stands(tmp_path, store):
    read = export(tmp_path, [{"citations": [cited(content_hash="0" * 64, url=None)]}])
    assert verify.failures(read, store) == ()
