"""How the work for a text grows with its length, told as a ratio in one run.

No machine's speed and no other work on it decides: a fixed number of seconds does not hold on
a slow or a busy one.
"""

import gc
import time
from collections.abc import Callable

ATTEMPTS = 3
AT_LEAST_SECONDS = 0.1


def grows_like_its_length(
    work: Callable[[str], object], text_of: Callable[[int], str], length: int
) -> bool:
    """Whether `work` takes at most ten times as long for four times the text.

    In proportion to its length it takes four times as long, with the square of it sixteen times.
    Less than a second for the whole is never too long.
    """

    def seconds(part: int) -> float:
        text = text_of(part)
        start = time.thread_time()
        work(text)
        return time.thread_time() - start

    gc.disable()  # what else the process holds takes time to go through
    try:
        return any(
            seconds(length) < 10 * max(seconds(length // 4), AT_LEAST_SECONDS)
            for _ in range(ATTEMPTS)
        )
    finally:
        gc.enable()
