from assistant import Assistant
from assistant.llamaindex import SummitQueryEngine, SummitRetriever


def test_nodes_carry_exact_offsets_and_the_scores_fall(bundled_store):
    with Assistant.open(bundled_store) as assistant:
        nodes = SummitRetriever(assistant, limit=4).retrieve("defence spending pledge")
        assert len(nodes) > 4  # four for each language
        for node in nodes:
            where = node.metadata
            text = assistant.document(where["document"]).text
            assert text[where["start"] : where["end"]] == node.text
            assert (node.node.start_char_idx, node.node.end_char_idx) == (
                where["start"],
                where["end"],
            )
        english = [node.score for node in nodes if node.metadata["language"] == "en"]
        assert english == sorted(english, reverse=True)


def test_the_query_engine_gives_the_assistants_answer_with_its_citations(bundled_store):
    question = "What did Allies pledge in The Hague to spend on defence?"
    with Assistant.open(bundled_store) as assistant:
        response = SummitQueryEngine(assistant).query(question)
        answer = assistant.answer(question)
    assert str(response) == answer.answer
    assert [node.text for node in response.source_nodes] == [c.quote for c in answer.citations]
    assert response.metadata["abstained"] is False


def test_a_refusal_has_no_sources(bundled_store):
    with Assistant.open(bundled_store) as assistant:
        response = SummitQueryEngine(assistant).query("How do I bake sourdough bread?")
    assert response.source_nodes == []
    assert response.metadata["abstained"] is True
