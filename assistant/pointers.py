"""Words that point back to something said before: "it", "daarvan", "celle", "damals"."""

from __future__ import annotations

import re

__all__ = ["DOUBTFUL", "POINTERS", "opens_pointing"]

# By language (closed classes): those that point back wherever they come before a name, and
# those that are also articles or conjunctions, or may point to a name that comes later.
POINTERS = {
    "en": "it they them he him she there then these this former latter",
    "nl": "hij hem zij ze deze daar daarvan daarin daarbij daarover daarna daarvoor toen ervan"
    " erin",
    "fr": "il elle ils elles lui celui celle ceux celles cela ça",
    "de": "er ihm ihn ihnen davon darin dabei dort dieser dieses diesen jene damals",
}
DOUBTFUL = {
    "en": "that those one ones same such here its his her hers their theirs",
    "nl": "het dat die dit er zijn haar hun zulke",
    "fr": "ce cet cette ces en y leur leurs",
    "de": "sie es das dies diese ihr ihre",
}


def opens_pointing(sentence: str, language: str) -> bool:
    """Whether a sentence opens with such a word: "It holds.", "That was the mayor."."""
    first = re.search(r"\w+", sentence.casefold())
    pointers = f"{POINTERS.get(language, '')} {DOUBTFUL.get(language, '')}".split()
    return first is not None and first[0] in pointers
