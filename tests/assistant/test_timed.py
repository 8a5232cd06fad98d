import threading

import pytest

from assistant.timed import within


def test_values_come_in_order_and_what_is_raised_comes_after_them():
    def values():
        yield from (1, 2)
        raise KeyError("gone")

    ended = []
    read = within(values, idle_seconds=5, whole_seconds=5, end=lambda: ended.append(True))
    assert [next(read), next(read)] == [1, 2]
    with pytest.raises(KeyError, match="gone"):
        next(read)
    assert ended == [True]


@pytest.mark.parametrize(
    ("waits", "got"), [((None,), []), ((0.0, None), [0]), ((2.0,) * 5, [0, 1])]
)
def test_who_waits_too_long_is_told(waits, got):
    over = threading.Event()

    def values():
        for n, wait in enumerate(waits):
            over.wait(wait)
            yield n

    read, received = within(values, idle_seconds=4, whole_seconds=5, end=over.set), []
    with pytest.raises(TimeoutError):
        received.extend(read)
    assert received == got


def test_who_stops_reading_ends_it():
    over = threading.Event()

    def values():
        while not over.is_set():
            yield 1

    read = within(values, idle_seconds=5, whole_seconds=5, end=over.set)
    next(read)
    read.close()
    assert over.is_set()
