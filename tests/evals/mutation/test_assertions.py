"""The contrary of a claim, and one more or less certain."""

import pytest
from pair_samples import mutated

from evals.mutation.assertions import modality, negation


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
    assert mutated(negation, sentence, language) == ({denied} if denied else set())


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
    assert mutated(modality, sentence, language) == ({weaker} if weaker else set())
