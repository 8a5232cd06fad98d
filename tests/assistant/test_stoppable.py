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


def test_values_come_through_in_their_order_and_end():
    assert list(Running().read("tab", iter("abc"))) == ["a", "b", "c"]
    assert list(Running().read("tab", iter(()))) == []


def test_an_error_in_the_work_is_raised_to_who_waits_for_it():
    def breaks():
        yield 1
        raise ZeroDivisionError

    values = Running().read("tab", breaks())
    assert next(values) == 1
    with pytest.raises(ZeroDivisionError):
        next(values)


@pytest.mark.parametrize("how", [Stopped, Dropped])
def test_work_is_ended_at_once_and_does_no_further_step(how):
    slow, running = Slow(), Running()
    seen = []

    def reads():
        try:
            seen.extend(running.read("tab", slow()))
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
    values = running.read("tab", slow())
    assert next(values) == "first"
    values.close()
    assert slow.closed.wait(PATIENCE)
    running.end("tab", Stopped())  # nothing is left to end


def test_work_that_was_forgotten_ends_as_garbage_does():
    slow = Slow()
    values = Running().read("tab", slow())
    next(values)
    ring = [values]
    ring.append(ring)
    del values, ring
    gc.collect()
    assert slow.closed.wait(PATIENCE)


def test_work_that_is_ended_between_two_steps_does_not_take_the_second():
    slow, running = Slow(), Running()
    values = running.read("tab", slow())
    next(values)
    running.end("tab", Stopped())
    with pytest.raises(Stopped):
        next(values)
    assert slow.closed.wait(PATIENCE) and slow.steps == 0


def test_only_the_work_of_that_tab_is_ended():
    running = Running()
    mine, yours = running.read("mine", iter("ab")), running.read("yours", iter("ab"))
    assert (next(mine), next(yours)) == ("a", "a")
    running.end("mine", Stopped())
    running.end("nobody's", Stopped())
    with pytest.raises(Stopped):
        next(mine)
    assert next(yours) == "b"


def test_a_tab_can_work_again():
    running = Running()
    values = running.read("tab", iter("ab"))
    next(values)
    running.end("tab", Stopped())
    with pytest.raises(Stopped):
        next(values)
    assert list(running.read("tab", iter("ab"))) == ["a", "b"]


def test_closing_ends_all_work_and_waits_for_the_step_in_hand():
    slow, running = Slow(), Running()
    values = running.read("tab", slow())

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
