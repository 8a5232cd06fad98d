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
