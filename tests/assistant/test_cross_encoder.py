import numpy as np
import pytest

from assistant.assistant import entailment_for, ranker_for
from assistant.check import Cited
from assistant.cross_encoder import (
    CrossEncoderEntailment,
    CrossEncoderRanker,
    CrossEncoderUnavailable,
)
from assistant.entailment import EntailmentModel
from assistant.ranker import UNREAD, EvidenceModel, Reading
from assistant.settings import read_settings

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "paid", "allies", "rain", "fell", "note"]


def tiny(folder, *, scores=1):
    """A cross-encoder of a few random weights, as sentence-transformers saves one."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(3)
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"))
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=scores,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


READINGS = [
    Reading("note", ("allies paid", "rain fell")),
    Reading("note", ()),
    Reading("paid", ("rain fell",)),
]


def test_each_sentence_gets_its_raw_score_under_its_own_heading(tmp_path):
    ranker = CrossEncoderRanker(tiny(tmp_path / "m"))
    scored = ranker.score("who paid", READINGS)
    assert [len(one) for one in scored] == [2, 0, 1]
    # the same sentence under another heading is another thing
    assert scored[0][1] != scored[2][0]
    (alone,) = ranker.score("who paid", READINGS[2:])
    np.testing.assert_allclose(alone, scored[2], atol=1e-5)
    assert ranker.score("who paid", []) == []


def test_it_cannot_tell_what_a_sentence_adds(tmp_path):
    ranker = CrossEncoderRanker(tiny(tmp_path / "m"))
    scored = ranker.score("who paid", READINGS, [Reading("note", ("allies paid",))])
    assert [list(one) for one in scored] == [[UNREAD, UNREAD], [], [UNREAD]]


def test_a_model_that_cannot_be_found_is_named_with_the_remedy(tmp_path):
    ranker = CrossEncoderRanker(str(tmp_path / "nothing"))
    with pytest.raises(CrossEncoderUnavailable, match=r"nothing.*SUMMIT_RANK_MODEL"):
        ranker.score("who paid", READINGS)


def test_a_model_with_several_scores_a_pair_is_refused(tmp_path):
    ranker = CrossEncoderRanker(tiny(tmp_path / "m", scores=3))
    with pytest.raises(CrossEncoderUnavailable, match="gives 3 scores"):
        ranker.score("who paid", READINGS)


def test_the_model_that_is_named_takes_the_place_of_ours(tmp_path):
    settings = read_settings({}, {"SUMMIT_RANK_MODEL": tiny(tmp_path / "m")})
    (scored,) = ranker_for(settings).score("who paid", READINGS[:1])
    (expected,) = CrossEncoderRanker(str(tmp_path / "m")).score("who paid", READINGS[:1])
    np.testing.assert_allclose(scored, expected, atol=1e-6)
    assert isinstance(ranker_for(read_settings({}, {})), EvidenceModel)


def named(folder, *labels):
    """A tiny model with labels for inference, of which the last gets the highest score."""
    import torch
    from transformers import AutoModelForSequenceClassification

    name = tiny(folder, scores=len(labels))
    model = AutoModelForSequenceClassification.from_pretrained(name)
    model.config.id2label = dict(enumerate(labels))
    model.config.label2id = {label: n for n, label in enumerate(labels)}
    with torch.no_grad():
        model.classifier.bias.copy_(torch.arange(len(labels)) * 4.0)
    model.save_pretrained(name)
    return name


SOURCES = [Cited("allies paid", "en", title="note"), Cited("rain fell", "en", title="note")]


def test_the_label_that_is_called_entailment_tells(tmp_path):
    high = CrossEncoderEntailment(named(tmp_path / "a", "contradiction", "neutral", "Entailment"))
    low = CrossEncoderEntailment(named(tmp_path / "b", "entailment", "not_entailment"))
    assert high.score("allies paid", SOURCES) > high.sure
    assert low.score("allies paid", SOURCES) < low.likely


def test_a_model_without_such_a_label_is_refused(tmp_path):
    for labels in (("yes", "no"), ("entailment",)):
        model = CrossEncoderEntailment(named(tmp_path / str(len(labels)), *labels))
        with pytest.raises(CrossEncoderUnavailable, match=r"entailment.*SUMMIT_NLI_MODEL"):
            model.score("allies paid", SOURCES)


def test_the_one_that_is_named_holds_what_is_written(tmp_path):
    name = named(tmp_path / "m", "contradiction", "neutral", "entailment")
    made = entailment_for(read_settings({}, {"SUMMIT_NLI_MODEL": name}))
    expected = CrossEncoderEntailment(name).score("rain fell", SOURCES)
    assert made.score("rain fell", SOURCES) == pytest.approx(expected, abs=1e-5)
    assert isinstance(entailment_for(read_settings({}, {})), EntailmentModel)
