"""Token counts, from the vocabulary that ships with a package."""

import os
import subprocess
import sys
from pathlib import Path

from growth import grows_like_its_length

from ingest.tokens import count_tokens


def test_tokens_are_counted_with_the_bundled_vocabulary() -> None:
    assert count_tokens("") == 0
    assert count_tokens("The harbour opens in May.") == 6


def test_counting_needs_no_network(tmp_path: Path) -> None:
    code = (
        "import socket\n"
        "del socket.socket\n"
        "from ingest.tokens import count_tokens\n"
        "print(count_tokens('The harbour opens in May.'))"
    )
    # A folder without any copy that an earlier download may have left.
    environment = {k: v for k, v in os.environ.items() if k != "TIKTOKEN_CACHE_DIR"}
    environment |= {"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("6\n", "")


def test_special_tokens_in_a_text_are_plain_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


def test_a_long_run_of_one_letter_is_counted_fast() -> None:
    assert count_tokens("A" * 100_000) > 1_000
    assert grows_like_its_length(count_tokens, lambda length: "A" * length, 100_000)
