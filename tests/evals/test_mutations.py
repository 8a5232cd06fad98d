"""Mutations make a claim false in one place; the sets drawn from the bundled documents."""

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from evals.mutations import (
    FALSE_KINDS,
    MUTATIONS,
    TRUE_KINDS,
    Context,
    Event,
    make_context,
    make_pairs,
)
from evals.pairs import Pair, attribution, statement_start, true_pairs
from evals.variations import amounts
from ingest.prepare import prepare
from ingest.reading import read

CORPUS = Path(__file__).parents[2] / "evals" / "corpus"
EMPTY = Context({}, (), {}, ())


def pair(sentence, language="en", quote=None, title="A note"):
    return Pair(
        "unchanged",
        True,
        sentence,
        sentence if quote is None else quote,
        title,
        "2024-07-12",
        language,
        "note.md",
        sentence,
    )


def all_of(kind, sentence, language="en", *, context=EMPTY, quote=None):
    """Every sentence that a mutation gives, over many draws."""
    before = pair(sentence, language, quote)
    made = [MUTATIONS[kind](before, context, random.Random(seed)) for seed in range(80)]
    return {mutated.sentence for mutated in made if mutated}


def figures(kind, sentence, language="en", **given):
    """What stands in place of `{}`, and nothing else may differ."""
    head, tail = sentence.split("<")[0], sentence.split(">")[1]
    found = all_of(kind, re.sub(r"[<>]", "", sentence), language, **given)
    assert all(one.startswith(head) and one.endswith(tail) for one in found)
    return {one[len(head) : len(one) - len(tail)] for one in found}


@pytest.fixture(scope="module")
def documents():
    return [prepare(read(f.read_bytes(), f.name), f.name) for f in sorted(CORPUS.iterdir())]


@pytest.fixture(scope="module")
def pairs(documents):
    return make_pairs(documents, per_kind=60)


def test_another_number_has_the_same_form():
    assert figures("another number", "They gave USD <1.5> billion in Oslo.") <= {
        f"{a}.{b}" for a in (1, 2, 3) for b in range(1, 10)
    } - {"1.5"}
    words = figures("another number", "There were <twenty-three> Allies in Oslo.")
    assert "twenty-five" in words
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)?", word) for word in words)
    assert figures("another number", "Zij sturen <4.800> militairen.", "nl") <= {
        f"{a}.{b}00" for a in range(2, 10) for b in range(1, 10)
    }
    long = figures("another number", "They counted <201,345,678> of them.")
    assert long
    assert all(re.fullmatch(r"\d{3},\d45,678|\d{3},345,678", one) for one in long)


def test_a_bound_moves_only_where_the_quote_no_longer_holds():
    more = figures("another number", "They spent more than <40> million here.")
    most = figures("another number", "They spent up to <40> million here.")
    about = figures("another number", "They spent about <40> million here.")
    assert more
    assert all(int(one) > 40 for one in more)
    assert most
    assert all(int(one) < 40 for one in most)
    assert about
    assert all(abs(int(one) - 40) >= 12 for one in about)


def test_no_number_that_the_quote_has_takes_another_s_place():
    quote = "Of 30 Allies 20 pay 50, 60, 70 and 80 of it."
    assert "30" not in figures("another number", "Of them <40> pay it here.", quote=quote)
    quote = "Of thirty Allies forty pay it."
    assert "30" not in figures("another number", "Of them <40> pay it here.", quote=quote)


def test_a_number_that_comes_twice_stays():
    assert all_of("another number", "They sent 40 to Oslo and 40 to Rome.") == set()


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("The G7 met on 11 July 2023 under Article 5.", "en"),
        ("Wij sturen F-16’s op 3 mei 2024.", "nl"),
    ],
)
def test_years_days_and_names_are_no_numbers(sentence, language):
    assert all_of("another number", sentence, language) == set()


def test_another_year_leaves_what_was_said():
    by = figures("another year", "They will do it by <2030> in Oslo.")
    until = figures("another year", "They will do it until <2030> in Oslo.")
    assert by == {str(year) for year in range(2025, 2030)}
    assert until == {str(year) for year in range(2031, 2036)}
    assert "2028" not in figures(
        "another year", "They did it in <2029> here.", quote="From 2028 to 2029."
    )
    assert figures("another year", "Zij doen dat sinds <2014> hier.", "nl") == {
        str(year) for year in range(2009, 2014)
    }


def test_the_order_of_years_stays():
    for one in all_of("another year", "It grew from 2014 and fell after 2016 in Oslo."):
        first, second = map(int, re.findall(r"\d{4}", one))
        assert first < second


def test_a_year_in_a_name_stays():
    assert all_of("another year", "They endorsed the NATO 2030 agenda in Oslo.") == set()


def test_another_currency_is_written_alike():
    assert figures("another currency", "They gave <USD> 40 million.") == {"EUR", "GBP"}
    assert figures("another currency", "They gave <€>40 million.") == {"$", "£"}
    assert figures("another currency", "They gave 40 million <euros> here.") == {
        "US dollars",
        "pounds",
    }
    assert figures("another currency", "Soit 4 milliards <de dollars> ici.", "fr") == {
        "d’euros",
        "de livres sterling",
    }
    assert figures("another currency", "Zij geven 4 miljard <euro> nu.", "nl") == {
        "Amerikaanse dollar",
        "pond",
    }


def test_a_currency_that_the_quote_has_does_not_come():
    quote = "They gave USD 40 million, or EUR 36 million."
    assert figures("another currency", "They gave <USD> 40 million.", quote=quote) == {"GBP"}


NAMES = Context(
    {},
    (),
    {
        ("en", "country", ""): ("France", "Norway", "Japan"),
        ("en", "country", "the"): ("Netherlands", "United States"),
        ("en", "person", "President"): ("Joe Biden", "Biden", "Emmanuel Macron"),
        ("en", "body", "the"): ("IMF", "WHO"),
    },
    (),
)


def test_another_actor_is_of_the_same_kind_and_not_in_the_quote():
    def swap(sentence, quote=None):
        return figures("another actor", sentence, context=NAMES, quote=quote)

    assert swap("Then <France> agreed to it.") == {"Norway", "Japan"}
    assert swap("Then the <United States> agreed to it.") == {"Netherlands"}
    assert swap("Then President <Biden> agreed to it.") == {"Emmanuel Macron"}
    spelt = Context({}, (), {("en", "person", "President"): ("Zelenskiy", "Macron")}, ())
    assert all_of("another actor", "Then President Zelenskyy agreed.", context=spelt) == {
        "Then President Macron agreed."
    }
    assert swap("Then the <IMF> agreed to it.") == {"WHO"}
    assert swap("Then <France> agreed to it.", "France and Norway agreed.") == {"Japan"}


@pytest.mark.parametrize(
    "sentence", ["The Bank of France agreed to it.", "They met in Paris, France, for it."]
)
def test_a_country_within_a_longer_name_stays(sentence):
    assert all_of("another actor", sentence, context=NAMES) == set()


@pytest.mark.parametrize(
    ("sentence", "language", "denied"),
    [
        ("The leaders will meet in Oslo.", "en", "The leaders will not meet in Oslo."),
        ("The leaders have agreed to it.", "en", "The leaders have not agreed to it."),
        ("We’re ready to do it here.", "en", "We’re not ready to do it here."),
        ("The leaders can do it here.", "en", "The leaders cannot do it here."),
        ("The leaders will not meet here.", "en", "The leaders will meet here."),
        ("The leaders have a plan for it.", "en", None),
        ("No leader will come to it.", "en", None),
        ("It is not only that they are here.", "en", None),
        ("It is only the first of them.", "en", None),
        ("Zij sturen een brigade naar Litouwen.", "nl", "Zij sturen geen brigade naar Litouwen."),
        ("Zij komen binnen een jaar terug.", "nl", None),
        ("Zij komen niet naar Oslo.", "nl", "Zij komen naar Oslo."),
        ("Das ist nicht der Plan.", "de", "Das ist der Plan."),
        ("Le plan est confirmé.", "fr", "Le plan n'est pas confirmé."),
        ("Il y a un plan pour cela.", "fr", None),
    ],
)
def test_negation(sentence, language, denied):
    assert all_of("negation", sentence, language) == ({denied} if denied else set())


@pytest.mark.parametrize(
    ("sentence", "language", "weaker"),
    [
        ("The leaders will meet in Oslo.", "en", "The leaders may meet in Oslo."),
        ("They lack the political will for it.", "en", None),
        ("The leaders will not meet in Oslo.", "en", None),
        ("It commits to building it.", "en", "It considers building it."),
        ("Leaders agreed to stop it.", "en", "Leaders discussed whether to stop it."),
        ("It may be gone next year.", "en", "It will be gone next year."),
        ("They would have to do it.", "en", None),
        ("Allies have plans to do it.", "en", None),
        ("Zij zullen dat doen.", "nl", "Zij kunnen dat doen."),
        ("Sie müssen das tun.", "de", "Sie können das tun."),
        ("Il doit le faire.", "fr", "Il peut le faire."),
    ],
)
def test_modality(sentence, language, weaker):
    assert all_of("modality", sentence, language) == ({weaker} if weaker else set())


def test_another_summit_takes_an_event_that_does_not_say_so_too():
    def event(title, date, *sentences):
        return Event(title, date, "en", sentences)

    statement = "the leaders promised three brigades to Lithuania."
    claim = replace(pair(attribution("A note", "2024-07-12", "en") + statement), quote=statement)
    same_month = event("Summit in Oslo", "2024-07-20", "Nothing was said.")
    says_so = event("Summit in Rome", "2019-07-12", "Leaders promised Lithuania three brigades.")
    other = event("Summit in Bonn", "2019-07-12", "Nothing was said.")
    context = Context({}, (same_month, says_so, other), {}, ())
    found = MUTATIONS["another summit"](claim, context, random.Random(0))
    assert found.sentence == attribution("Summit in Bonn", "2019-07-12", "en") + statement
    context = Context({}, (same_month, says_so), {}, ())
    assert MUTATIONS["another summit"](claim, context, random.Random(0)) is None


def test_a_summit_that_the_sentence_names_is_another_of_its_sort():
    context = Context({}, (), {}, ("Warsaw", "Madrid", "G20", "NATO"))
    sentence = "They did so at the <Madrid> summit of that year."
    assert figures("another summit", sentence, context=context) == {"Warsaw"}
    context = Context({}, (), {}, ("Warsaw", "The Hague"))
    quote = "The Madrid summit, not the The\nHague summit."
    assert figures("another summit", sentence, context=context, quote=quote) == {"Warsaw"}


def test_the_neighbour_cited_does_not_carry_the_claim():
    claim = pair("The leaders promised three brigades to Lithuania.")
    repeats = "Three brigades for Lithuania were promised by leaders."
    near = {("note.md", claim.quote): (repeats, "Mr Rutte took the chair.")}
    kind = "neighbouring sentence"
    for seed in range(20):
        moved = MUTATIONS[kind](claim, Context(near, (), {}, ()), random.Random(seed))
        assert (moved.quote, moved.sentence) == ("Mr Rutte took the chair.", claim.sentence)
    figure = pair("The leaders promised 3 brigades, or 1,500 million euros, to Lithuania.")
    less = "Leaders promised three brigades to Lithuania and 2 billion euros."
    same = "Leaders promised three brigades to Lithuania and **1.5\n  billion** euros."
    near = {("note.md", figure.quote): (less, same)}
    for seed in range(20):
        moved = MUTATIONS[kind](figure, Context(near, (), {}, ()), random.Random(seed))
        assert moved.quote == less
    only = {("note.md", claim.quote): (repeats,)}
    assert MUTATIONS[kind](claim, Context(only, (), {}, ()), random.Random(0)) is None


# --- the set drawn from the bundled documents


def test_every_kind_comes_often_enough_and_no_more_than_asked(pairs):
    counts = Counter(pair.kind for pair in pairs)
    assert set(counts) == {*TRUE_KINDS, *FALSE_KINDS}
    assert all(10 <= count <= 60 for count in counts.values())


def test_no_pair_comes_twice_and_false_kinds_are_false(pairs):
    assert len({(pair.sentence, pair.quote) for pair in pairs}) == len(pairs)
    assert all(pair.supported is (pair.kind in TRUE_KINDS) for pair in pairs)


def test_one_thing_changes_the_sentence_or_the_quote(documents, pairs):
    true = {(pair.sentence, pair.quote) for pair in true_pairs(documents)}
    for pair in pairs:
        if pair.kind == "neighbouring sentence":
            assert pair.sentence == pair.origin
            assert (pair.origin, pair.quote) not in true
        else:
            assert (pair.sentence == pair.origin) is (pair.kind == "unchanged")
            assert (pair.origin, pair.quote) in true


def test_quotes_are_exact_slices(documents, pairs):
    texts = {document.source: document.text for document, _ in documents}
    assert all(pair.quote in texts[pair.source] for pair in pairs)


def test_exactly_one_number_changes(pairs):
    changed = [pair for pair in pairs if pair.kind == "another number"]
    for one in changed:
        start = statement_start(one)
        before = [a.value for a in amounts(one.origin[start:], one.language)]
        after = [a.value for a in amounts(one.sentence[start:], one.language)]
        assert len(before) == len(after)
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_the_pairs_are_spread_over_documents_and_languages(pairs):
    for kind in ("unchanged", "another number", "negation", "neighbouring sentence"):
        own = [pair for pair in pairs if pair.kind == kind]
        assert len({pair.source for pair in own}) >= 15
        assert {"en", "nl", "fr"} <= {pair.language for pair in own}


def test_the_same_seed_gives_the_same_pairs(documents, pairs):
    assert make_pairs(iter(documents), per_kind=60) == pairs
    assert make_pairs(documents, per_kind=60, seed=1) != pairs


def test_the_context_gives_what_stands_beside_a_quote(documents):
    true = true_pairs(documents)
    context = make_context(documents, true)
    texts = {document.source: document.text for document, _ in documents}
    for one in true[:50]:
        near = context.neighbours[one.source, one.quote]
        assert 1 <= len(near) <= 2
        assert all(quote in texts[one.source] and quote != one.quote for quote in near)


def test_names_are_gathered_from_the_documents(documents):
    actors = make_context(documents, true_pairs(documents)).actors
    assert {"Canada", "Germany"} <= set(actors["en", "country", ""])
    assert "United States" in actors["en", "country", "the"]
    mixed = ("Then Canada agreed.", "Then Canada paid.", "Then the Canada plan was made.")
    actors = make_context((), [pair(text) for text in mixed]).actors
    assert actors["en", "country", ""] == ("Canada",)
    assert actors["en", "country", "the"] == ()
