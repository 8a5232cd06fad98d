import json
import random
from functools import partial

import numpy as np
import pytest
from store_samples import BagEmbedder, document, put

from assistant.check import Cited
from assistant.entailment import encode_claim
from assistant.ranker import Reading, encode
from evals.training import claims, examples, joined, public, train
from evals.training.export import Graph, Smoothed, cut_tokenizer, kept_pieces, smooth
from evals.training.network import Network, load, save, tokenize_with
from evals.training.shapes import ANSWERS, NO_ANSWER, UNKNOWN, Example, Labelled, read, write
from vectorstore import Store, e5
from vectorstore.model_files import DEFAULT_MODEL, find

FUND = Reading("Rome note | 2031", ("The fund holds 3 million.", "They met in Rome.", "Rain fell."))
OTHER = Reading("Oslo note | 2032", ("Oslo hosted the talks.", "The harbour was closed."))
EXAMPLES = (
    Example("How large is the fund?", (Labelled(FUND, (1, 0, 0)),), (Labelled(OTHER, (0, 0)),)),
    Example("Who paid in Oslo?", (Labelled(OTHER, (0, 0)),)),
)


@pytest.fixture(scope="module")
def base():
    from platformdirs import user_cache_path

    e5.build(user_cache_path("summit-assistant") / "models" / "multilingual-e5-small")
    return find(DEFAULT_MODEL, report=print)


@pytest.fixture
def network(base):
    import torch

    torch.manual_seed(1)
    made = Network(base)
    # a new head says the same of every sentence
    torch.nn.init.normal_(made.head[2].weight, std=0.5)
    return made.eval()


def scores(network, tokenize, *pairs):
    import torch

    with torch.no_grad():
        return [z.numpy() for z in network([encode(q, shown, tokenize) for q, shown in pairs])]


def test_examples_survive_their_file(tmp_path):
    assert write(EXAMPLES, tmp_path / "e.jsonl") == 2
    assert tuple(read(tmp_path / "e.jsonl")) == EXAMPLES


def test_passages_laid_end_to_end_are_read_apart(network, base):
    tokenize = tokenize_with(base)
    one, two = ("How large is the fund?", FUND), ("Where were the talks?", OTHER)
    together = scores(network, tokenize, one, two)
    np.testing.assert_allclose(together[0], scores(network, tokenize, one)[0], atol=1e-4)
    np.testing.assert_allclose(together[1], scores(network, tokenize, two)[0], atol=1e-4)
    assert [len(z) for z in together] == [3, 2]


def test_the_encoder_computes_what_bert_computes(network, base):
    import torch

    encoded = encode("How large is the fund?", FUND, tokenize_with(base))
    seen = []
    network.head.register_forward_hook(lambda _, given, __: seen.append(given[0]))
    with torch.no_grad():
        network([encoded])
        states = network.bert(input_ids=torch.tensor([encoded.ids])).last_hidden_state[0]
    owners = torch.tensor(encoded.owners)
    means = torch.stack([states[owners == n].mean(0) for n in range(3)])
    torch.testing.assert_close(seen[0][:, :384], means, atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(seen[0][:, 384:], states[:1].expand(3, -1), atol=1e-4, rtol=1e-3)


def test_training_brings_the_answer_to_the_front_and_is_kept(base, tmp_path):
    network, to = Network(base), tmp_path / "weights.pt"
    tokenize = tokenize_with(base)
    train.descend(
        network, partial(train.batches, EXAMPLES, tokenize), train.loss_of, total=120, rate=3e-4,
        seed=1, to=to,
    )  # fmt: skip
    asked = [("How large is the fund?", FUND), ("Who paid in Oslo?", OTHER)]
    fund, none = scores(load(to, base=base).eval(), tokenize, *asked)
    assert fund.argmax() == 0
    assert fund[0] > 0 > max(none)
    # the word embeddings are the base model's and are not kept twice
    assert to.stat().st_size < 100_000_000


def test_the_mean_of_several_weights_is_loaded(base, network, tmp_path):
    import torch

    other = Network(base)
    save(network, tmp_path / "one.pt")
    save(other, tmp_path / "two.pt")
    mean = load(tmp_path / "one.pt", tmp_path / "two.pt", base=base)
    expected = (network.head[2].weight + other.head[2].weight) / 2
    torch.testing.assert_close(mean.head[2].weight, expected)


def test_smoothing_for_int8_changes_nothing_that_is_computed(network, base):
    tokenize = tokenize_with(base)
    asked = [("How large is the fund?", FUND), ("Where were the talks?", OTHER)]
    before = scores(network, tokenize, *asked)
    smooth(network, [encode(e.question, p.shown, tokenize) for e in EXAMPLES for p in e.passages])
    assert any(isinstance(module, Smoothed) for module in network.modules())
    for was, now in zip(before, scores(network, tokenize, *asked), strict=True):
        np.testing.assert_allclose(now, was, atol=1e-3)


SQUAD = {
    "data": [
        {
            "title": "Harbours",
            "paragraphs": [
                {
                    "context": "Oslo has a harbour. It was closed in May. Rain fell.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "When was it closed?",
                            "answers": [{"text": "May", "answer_start": 37}],
                        }
                    ],
                },
                {"context": "Rome has none. It has a river.", "qas": []},
            ],
        }
    ]
}
SELQA = [
    {
        "article": "Rome",
        "section": "Rivers",
        "question": "Which river?",
        "candidates": ["Rome is old.", "The Tiber flows through it.", "It floods."],
        "answers": [1],
    }
]


def test_public_data_label_the_sentence_in_which_the_answer_starts(tmp_path):
    german = json.loads(json.dumps(SQUAD).replace("When was it closed?", "Wann schloss er?"))
    for name in ("policyqa_test", "policyqa_dev", "covid_qa", "xquad_en", "xquad_es"):
        (tmp_path / f"{name}.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    (tmp_path / "xquad_de.json").write_text(json.dumps(german), encoding="utf-8")
    for name in ("selqa_dev", "selqa_test"):
        (tmp_path / f"{name}.json").write_text(json.dumps(SELQA), encoding="utf-8")
    made = public.examples(tmp_path, random.Random(0))
    assert len(made) == 9
    answered = [p for e in made for p in e.passages if ANSWERS in p.labels]
    said = {p.shown.sentences[p.labels.index(ANSWERS)] for p in answered}
    assert said == {"It was closed in May.", "The Tiber flows through it."}
    assert all(sum(p.labels) == 1 for p in answered)
    # a question of one language with a paragraph of another
    assert any(e.question == "Wann schloss er?" for e in made)
    others = [p for e in made for p in e.others]
    assert others
    assert all(set(p.labels) == {NO_ANSWER} for p in others)


def test_a_batch_holds_about_so_many_tokens_and_every_question_once(base):
    many = [Example(f"Question {n}?", (Labelled(FUND, (1, 0, 0)),)) for n in range(400)]
    made = list(train.batches(many, tokenize_with(base), random.Random(0)))
    assert sum(len(batch) for batch in made) == 400
    sizes = [sum(len(one.ids) for question in batch for one, _ in question) for batch in made]
    assert max(sizes) <= train.TOKENS
    assert len(made) > 1


def test_what_was_said_already_is_no_longer_asked_for_and_the_rest_is(base):
    """Three ways: an answer of two is said, both are, or a sentence that does not answer."""
    shown = Reading("Note", ("It holds 3 million.", "Rain fell.", "It ends in May."))
    example = Example("How large is it, and until when?", (Labelled(shown, (1, 0, 1)),))
    tokenize = tokenize_with(base)
    texts = [tuple(tokenize(sentence)) for sentence in shown.sentences]
    seen = set()
    for seed in range(200):
        ((batch,),) = train.batches([example], tokenize, random.Random(seed))
        ((encoded, labels),) = batch
        ids = encoded.ids
        before = ids[: encoded.owners.index(0)]
        told = tuple(
            any(before[n : n + len(text)] == text for n in range(len(before))) for text in texts
        )
        for sentence, label, was in zip((0, 1, 2), labels, told, strict=True):
            assert label == (UNKNOWN if was else (1, 0, 1)[sentence])
        seen.add(told)
    assert (False, False, False) in seen
    assert {(True, False, False), (True, False, True), (False, True, False)} <= seen
    assert (True, True, False) not in seen


@pytest.fixture
def stored(tmp_path):
    with Store.open(tmp_path / "store", embedder=BagEmbedder(), mode="write") as store:
        text = "Allies pledged three million euros. Ships sailed from Oslo. Rain fell on Rome."
        put(store, document(text), "/docs/a.md")
        again = "Allies have pledged three million euros. Nobody came to the harbour."
        put(store, document(again, title="Another"), "/docs/b.md")
        yield store


def labels_of(example):
    return [dict(zip(p.shown.sentences, p.labels, strict=True)) for p in example.passages]


def test_the_answer_is_labelled_and_what_says_the_same_elsewhere_is_left_out(stored):
    question = {"question": "Who pledged?", "doc": "a.md"}
    answer = {"answer": ["Allies pledged three million euros."]}
    (example,) = examples.examples(stored, BagEmbedder(), [question | answer])
    (own,) = labels_of(example)
    assert own["Chair: Allies pledged three million euros."] == ANSWERS
    assert own["Chair: Rain fell on Rome."] == NO_ANSWER
    (other,) = example.others
    assert other.labels == (UNKNOWN, NO_ANSWER)


def test_an_unanswered_question_is_shown_the_passage_that_tempts_alone(stored):
    question = {
        "question": "Who sailed?",
        "doc": "a.md",
        "answer": [],
        "near": ["Ships sailed from Oslo."],
    }
    (example,) = examples.examples(stored, BagEmbedder(), [question])
    assert [set(labels.values()) for labels in labels_of(example)] == [{NO_ANSWER}]
    assert example.others == ()


def test_lines_with_the_same_question_are_one_example_of_all_their_documents(stored):
    lines = [
        {"question": "Who pledged?", "doc": "a.md", "answer": ["Ships sailed from Oslo."]},
        {"question": "Who pledged?", "doc": "b.md", "answer": ["Nobody came to the harbour."]},
    ]
    (example,) = examples.examples(stored, BagEmbedder(), lines)
    assert example.others == ()
    assert [passage.labels for passage in example.passages] == [(0, 1, 0), (0, 1)]


def test_a_sister_document_that_only_tempts_is_shown_beside_the_one_that_answers(stored):
    tempting = ["Allies have pledged three million euros."]
    lines = [
        {"question": "Who pledged?", "doc": "a.md", "answer": ["Ships sailed from Oslo."]},
        {"question": "Who pledged?", "doc": "b.md", "answer": [], "near": tempting},
    ]
    (example,) = examples.examples(stored, BagEmbedder(), lines)
    assert [passage.labels for passage in example.passages] == [(0, 1, 0), (0, 0)]


def test_a_question_on_a_document_that_is_not_there_is_left_out(stored):
    question = {"question": "Who?", "doc": "c.md", "answer": ["Nothing."]}
    assert list(examples.examples(stored, BagEmbedder(), [question])) == []


def test_the_cut_tokenizer_cuts_the_texts_as_the_whole_one_does(base):
    from tokenizers import Tokenizer

    whole = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    texts = ["Allies pledged €40 billion; de top in Den Haag was kort.", "Škoda, Æther und Größe"]
    kept = kept_pieces(whole, texts, wanted=3000)
    assert len(kept) == 3000
    cut = Tokenizer.from_str(json.dumps(cut_tokenizer(whole, kept)))
    full = Tokenizer.from_str(json.dumps(whole))
    for text in texts:
        ours = cut.encode(text, add_special_tokens=False)
        theirs = full.encode(text, add_special_tokens=False)
        assert ours.tokens == theirs.tokens
        assert [kept[i] for i in ours.ids] == theirs.ids


def test_the_graph_that_is_shipped_computes_what_the_network_does(network, base):
    import torch

    encoded = encode("How large is the fund?", FUND, tokenize_with(base))
    (expected,) = network([encoded])
    owners = torch.tensor(encoded.owners)
    share = torch.stack([(owners == n) / (owners == n).sum() for n in range(3)])
    graph = Graph(network, range(network.bert.config.vocab_size))
    with torch.no_grad():
        got = graph(torch.tensor(encoded.ids), share)
    # words are kept as int8
    np.testing.assert_allclose(got.numpy(), expected.detach().numpy(), atol=0.05)


def _asks(question, *answers, heading="Note", others=()):
    sentences = (*answers, f"Nothing about {question.split()[-1]}")
    labels = (*[ANSWERS] * len(answers), NO_ANSWER)
    return Example(question, (Labelled(Reading(heading, sentences), labels),), tuple(others))


def test_two_questions_are_joined_with_the_answers_of_both():
    elsewhere = Labelled(Reading("Other", ("Ten planes came.", "So it is.")), (NO_ANSWER,) * 2)
    given = [
        _asks("How many ships did the harbour get in Riga?", "Nine ships came."),
        _asks("How many planes did the airport get in Oslo?", "Ten planes came."),
        _asks("Who opened the station in Bern?", others=[elsewhere]),
    ]
    made = [pair for seed in range(40) for pair in joined.joined(given, random.Random(seed))]
    assert {len(pair.passages) for pair in made} == {2}
    both = [pair for pair in made if "Riga" in pair.question and "Oslo" in pair.question]
    assert both
    for pair in both:
        labels = {
            sentence: label
            for passage in pair.passages
            for sentence, label in zip(passage.shown.sentences, passage.labels, strict=True)
        }
        assert labels["Nine ships came."] == labels["Ten planes came."] == ANSWERS
        assert list(labels.values()).count(NO_ANSWER) == 2
    with_none = [pair for pair in made if "Oslo" in pair.question and "Bern" in pair.question]
    assert with_none
    assert all(pair.others[0].labels == (UNKNOWN, NO_ANSWER) for pair in with_none)
    assert not any(pair.question.startswith("Who opened") for pair in made)


def test_a_question_is_not_joined_with_one_that_the_same_sentence_answers():
    given = [
        _asks("How many ships did the harbour get?", "Nine ships came from Oslo."),
        _asks("From where did the ships of the harbour come?", "Nine ships came from Oslo."),
    ]
    assert not [pair for seed in range(20) for pair in joined.joined(given, random.Random(seed))]


def test_claims_come_with_their_sources_and_what_does_not_say_them(tmp_path):
    line = {
        "title": "Note", "date": "2023-05-04", "headings": ["Money"], "lang": "en", "free": False,
        "sentences": ["Norland pays for the ports.", "Sudland sent nine ships to Oslo."],
        "claims": [
            {"text": "The ports are paid for by Norland.", "cites": [1], "ok": True},
            {"text": "Norland sent nine ships.", "cites": [1, 2], "ok": False},
        ],
    }  # fmt: skip
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(line), encoding="utf-8")
    (block,) = claims.read(file)
    pays, sent = line["sentences"]
    made = [pair for seed in range(60) for pair in claims.pairs([block], random.Random(seed))]
    seen = {(pair.text, frozenset(s.text for s in pair.sources), pair.ok) for pair in made}
    right, wrong = (claim.text for claim in block.claims)
    assert (right, frozenset([pays]), True) in seen
    assert (right, frozenset([sent]), False) in seen
    assert (pays, frozenset([pays]), True) in seen
    assert not any(ok for text, _, ok in seen if text == wrong)
    assert {s.title for pair in made for s in pair.sources} == {"Note", ""}


def test_training_on_claims_tells_right_from_wrong(base, network, tmp_path):
    import torch

    tokenize = tokenize_with(base)
    port = Cited("Norland pays for the ports.", "en", title="Note")
    given = [("Norland pays.", True), ("Sudland pays.", False)]
    batch = [(encode_claim(text, [port], tokenize), ok) for text, ok in given]
    train.descend(
        network, lambda rng: iter([batch]), claims.loss_of, total=120, rate=3e-4, seed=1,
        to=tmp_path / "w.pt",
    )  # fmt: skip
    with torch.no_grad():
        right, wrong = (float(z[0]) for z in network.eval()([one for one, _ in batch]))
    assert right > 0 > wrong


def test_weights_come_back_out_of_a_shipped_model(base):
    pytest.importorskip("onnx")
    from assistant.ranker import MODEL, EvidenceModel
    from evals.training.restore import restored

    network = restored(MODEL / "evidence.onnx").eval()
    (ours,) = scores(network, tokenize_with(base), ("How large is the fund?", FUND))
    (shipped,) = EvidenceModel().score("How large is the fund?", [FUND])
    # what int8 makes of activations is left
    np.testing.assert_allclose(ours, shipped, atol=0.6)
