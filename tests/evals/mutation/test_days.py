"""Days in a text, and how languages write them."""

from evals.mutation.days import Day, day_forms, days


def test_days_are_found_in_every_form():
    found = days("On 3 May 2024, May 4, 2024-05-05 and 10 and 11 July, in May 2024.", "en")
    assert [(d.day, d.month, d.year, d.single) for d in found] == [
        (3, 5, 2024, True),
        (4, 5, None, True),
        (5, 5, 2024, True),
        (11, 7, None, False),
    ]


def test_a_day_is_written_as_the_language_does():
    first = Day(0, 0, 1, 5, 2024, "day first")
    assert day_forms(first, "en") == ["1 May 2024", "May 1, 2024", "2024-05-01"]
    assert day_forms(first, "fr") == ["1er mai 2024", "2024-05-01"]
    assert day_forms(Day(0, 0, 3, 5, None, "day first"), "de") == ["3. Mai"]
