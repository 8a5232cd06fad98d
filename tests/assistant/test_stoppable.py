import gc
import threading

import pytest

from assistant.stoppable import Dropped, Running, Stopped

PATIENCE = 20  # seconds, on a busy machine


class Slow:
    """A generator whose second step lasts until it is released."""

    def __init__(self):
        self.release, self.waiting, self.closed = (threading.Event() for _ in range(3))
        self.steps = 0

    def __call__(self):
        try:
            yield "first"
            self.waiting.set()
            self.release.wait(PATIENCE)
            self.steps += 1
            yield "second"
            self.steps += 1
            yield "third"
        finally:
            self.closed.set()


def read(running, tab, values):
    return running.begin(tab).read(values)


def test_values_come_through_in_their_order_and_end():
    assert list(read(Running(), "tab", iter("abc"))) == ["a", "b", "c"]
    assert list(read(Running(), "tab", iter(()))) == []


def test_an_error_in_the_work_is_raised_to_who_waits_for_it():
    def breaks():
        yield 1
        raise ZeroDivisionError

    values = read(Running(), "tab", breaks())
    assert next(values) == 1
    with pytest.raises(ZeroDivisionError):
        next(values)


@pytest.mark.parametrize("how", [Stopped, Dropped])
def test_work_is_ended_at_once_and_does_no_further_step(how):
    slow, running = Slow(), Running()
    seen = []

    def reads():
        try:
            seen.extend(read(running, "tab", slow()))
        except (Stopped, Dropped) as ended:
            seen.append(type(ended))

    reader = threading.Thread(target=reads)
    reader.start()
    assert slow.waiting.wait(PATIENCE)
    running.end("tab", how())
    reader.join(PATIENCE)
    # at once: the step at which the work was still lasts
    assert not slow.closed.is_set() and seen == ["first", how]
    slow.release.set()
    assert slow.closed.wait(PATIENCE)
    assert slow.steps == 1


def test_work_that_nobody_reads_any_more_ends():
    slow, running = Slow(), Running()
    values = read(running, "tab", slow())
    assert next(values) == "first"
    values.close()
    assert slow.closed.wait(PATIENCE)
    running.end("tab", Stopped())  # nothing is left to end


def test_work_that_was_forgotten_ends_as_garbage_does():
    slow = Slow()
    values = read(Running(), "tab", slow())
    next(values)
    ring = [values]
    ring.append(ring)
    del values, ring
    gc.collect()
    assert slow.closed.wait(PATIENCE)


def test_work_that_is_ended_between_two_steps_does_not_take_the_second():
    slow, running = Slow(), Running()
    values = read(running, "tab", slow())
    next(values)
    running.end("tab", Stopped())
    with pytest.raises(Stopped):
        next(values)
    assert slow.closed.wait(PATIENCE) and slow.steps == 0


def test_only_the_work_of_that_tab_is_ended():
    running = Running()
    mine, yours = read(running, "mine", iter("ab")), read(running, "yours", iter("ab"))
    assert (next(mine), next(yours)) == ("a", "a")
    running.end("mine", Stopped())
    running.end("nobody's", Stopped())
    with pytest.raises(Stopped):
        next(mine)
    assert next(yours) == "b"


def test_a_tab_can_work_again():
    running = Running()
    values = read(running, "tab", iter("ab"))
    next(values)
    running.end("tab", Stopped())
    with pytest.raises(Stopped):
        next(values)
    assert list(read(running, "tab", iter("ab"))) == ["a", "b"]


def test_a_tab_has_one_work_at_a_time():
    running = Running()
    values = read(running, "tab", iter("ab"))
    assert next(values) == "a"
    assert running.begin("tab") is None
    assert running.begin("another")
    assert list(values) == ["b"]
    assert running.begin("tab")


def test_work_that_is_stopped_is_over_where_that_is_read_and_what_is_dropped_at_once():
    running = Running()
    values = read(running, "tab", iter("ab"))
    next(values)
    running.end("tab", Stopped())
    assert running.begin("tab") is None
    with pytest.raises(Stopped):
        next(values)
    other = running.begin("tab")
    running.end("tab", Dropped())
    latest = running.begin("tab")
    assert latest
    with pytest.raises(Dropped):
        list(other.read(iter("ab")))
    assert running.begin("tab") is None  # the latest goes on


def test_work_that_is_left_unread_is_over():
    running = Running()
    with pytest.raises(ZeroDivisionError), running.begin("tab"):
        raise ZeroDivisionError
    assert running.begin("tab")


def test_closing_ends_all_work_and_waits_for_the_step_in_hand():
    slow, running = Slow(), Running()
    values = read(running, "tab", slow())

    def reads():
        with pytest.raises(Dropped):
            list(values)

    reader = threading.Thread(target=reads)
    reader.start()
    assert slow.waiting.wait(PATIENCE)
    threading.Timer(0.3, slow.release.set).start()
    running.close()
    assert slow.steps == 1
    assert slow.closed.is_set()
    reader.join(PATIENCE)
