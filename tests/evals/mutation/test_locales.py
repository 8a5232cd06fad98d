"""Numbers, months, currencies and territories from the CLDR."""

import re
from decimal import Decimal

from evals.mutation.locales import currency_plural, grouped, month_names, months, territories


def test_territories_are_plain_names():
    assert {"Netherlands", "New Zealand"} <= territories("en")
    assert "Nederland" in territories("nl")
    assert not any(re.search(r"[\d(&,]", name) for name in territories("en"))


def test_thousands_are_grouped_as_the_language_does():
    number = Decimal("12345.5")
    assert [grouped(number, code) for code in ("en", "nl")] == ["12,345.5", "12.345,5"]
    assert grouped(number, "nl", plain=True) == "12345,5"


def test_months_are_known_by_name():
    assert months("nl")["maart"] == 3
    assert {"March", "maart", "mars", "März"} <= month_names()


def test_a_currency_has_a_plural():
    assert currency_plural("CAD", "en") == "Canadian dollars"
