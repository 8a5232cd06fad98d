from pathlib import Path

from evals.workbench import BUNDLED_DOCUMENTS, workbench


def test_a_store_is_opened_with_its_model_and_documents(bundled_store):
    with workbench(bundled_store, note=print) as bench:
        assert len(bench.library.ids()) == len(list(BUNDLED_DOCUMENTS.iterdir()))
        first = bench.fingerprint()
        assert bench.assistant.answer("When was the summit in Madrid?").citations
        assert bench.library.named("nato-madrid-2022.md")
    with workbench(Path(bundled_store), note=print) as again:
        assert again.fingerprint() == first
