"""True claims of one simple active clause, said in the passive."""

from __future__ import annotations

import random
import re
from types import MappingProxyType

from evals.mutation.edits import upper_first
from evals.mutation.numerals import spelled
from evals.mutation.pairs import Pair, derived, statement_start
from evals.mutation.synonyms import inflected
from ingest.words import function_words

__all__ = ["passive"]

# Regular verbs that take an object and nothing else.
TRANSITIVE_VERBS = (
    "accelerate accept accomplish address adopt announce appoint approve back cancel close "
    "complete conclude condemn confirm convene create deliver deploy develop discuss dispatch "
    "double endorse enhance establish examine expand extend finance fund host implement improve "
    "increase introduce launch maintain mobilise mobilize open organise organize prepare present "
    "produce promote propose protect provide publish raise reinforce reject release renew repeat "
    "replace review sign strengthen support sustain transfer update visit welcome"
)
PRONOUNS = {"we": "us", "they": "them", "he": "him", "she": "her", "it": "it", "i": "me"}
PREPOSITIONS = (
    r"(?:for|to|in|on|at|with|within|from|by|through|across|during|over|under|against|until|since"
    r"|before|after|upon|between|among|towards?|into|per|about|around|via|without)"
)
_done = {verb: inflected(verb)[2] for verb in TRANSITIVE_VERBS.split()}
# Auxiliary and form of the verb → its participle; no auxiliary is the simple past.
TRANSITIVE = MappingProxyType(
    {("will", verb): done for verb, done in _done.items()}
    | {(aux, done): done for done in _done.values() for aux in ("has", "have", "")}
)
CLAUSE = re.compile(
    r"(?P<when>(?:[IO]n|[io]n)\s(?:\d{1,2}\s)?(?:[A-Z][a-z]+\s)?(?:(?:19|20)\d\d)?,?\s)?"
    r"(?P<subject>[^,;:()“”\"]{2,60}?)\s(?:(?P<aux>will|has|have)\s)?"
    rf"(?P<verb>{'|'.join(sorted({v for _, v in TRANSITIVE}, key=len, reverse=True))})\s"
    rf"(?P<object>[^,;:()“”\"]{{4,80}}?)(?P<rest>(?:\s{PREPOSITIONS}\s[^,;:()“”\"]{{2,80}})?\.)"
)
NOT_SIMPLE = re.compile(
    r"\b(?:that|which|who|whom|whose|what|where|when|while|if|because|as|than|so|but|whether|how"
    r"|including|not|never|ever|both|each|every|all|only|same|other|it|them|us|itself|themselves"
    r"|ourselves|soon|again|later|earlier|too|here|there|today|tomorrow|yesterday|ago|also|then)\b"
)
ANOTHER_VERB = re.compile(
    r"\b(?:will|would|is|are|was|were|has|have|had|can|could|may|must|should|shall|be|been|do|did"
    r"|does)\b"
)
PHRASE_STARTS = frozenset(
    ("the", "a", "an", "our", "these", "those", "this", "we", "they", "he", "she", "new", "more")
)
NO_PHRASE = re.compile(
    rf"\b{PREPOSITIONS}\b|^(?:and|but|so|or|yet)\b|\w’(?:ve|re|ll|d)\b|\w(?:ly|ing)$", re.I
)
# Plurals without s, and words in s of which there is one.
UNSURE = re.compile(
    r"(?:people|women|men|children|forces|data|media|means|series|\w+(?:ss|us|is|ics))$"
)


def passive(pair: Pair, rng: random.Random) -> Pair | None:
    """X will do, has done or did Y as: Y will be, has been or was done by X."""
    start = statement_start(pair)
    clause = CLAUSE.fullmatch(pair.origin, start)
    if pair.language != "en" or clause is None or not _simple(clause):
        return None
    when, subject, aux, verb, noun, rest = (part or "" for part in clause.groups())
    plural = _plural(noun)
    done = TRANSITIVE.get((aux, verb))
    if done is None or (plural is None and aux != "will"):
        return None
    forms = {"will": ("will be", "will be"), "": ("was", "were")}
    be = forms.get(aux, ("has been", "have been"))[plural is True]
    agent = PRONOUNS.get(subject.lower()) or _lower_function_word(subject)
    head = noun if start or when else upper_first(noun)
    if when:
        head = _lower_function_word(head)
    changed = f"{pair.origin[:start]}{when}{head} {be} {done} by {agent}{rest}"
    return derived(pair, "passive", changed, supported=True)


def _simple(clause: re.Match[str]) -> bool:
    """Whether it is one clause with one phrase for the subject and one for the object."""
    others = " | ".join((clause["subject"], clause["object"], clause["rest"]))
    return (
        NOT_SIMPLE.search(others.lower()) is None
        and ANOTHER_VERB.search(others) is None
        and _one_phrase(("the " if clause["when"] else "") + clause["subject"])
        and _one_phrase(clause["object"])
        and _lists_names(clause["rest"])
        and not re.match(r" (?:with|to [a-z])", clause["rest"])  # which may go with the object
    )


def _one_phrase(text: str) -> bool:
    """Whether these words are one noun phrase of at most nine words, as far as can be told."""
    words = text.split()
    starts = words[0].lower() in PHRASE_STARTS or words[0][0].isupper() or words[0][0].isdigit()
    starts = starts or words[0].lower() in spelled("en").values()
    return starts and len(words) <= 9 and not NO_PHRASE.search(text) and _lists_names(text)


def _lists_names(text: str) -> bool:
    """Whether every "and" joins names or figures, not what may be clauses."""
    return all(
        word[0].isupper() or word[0].isdigit() for word in re.findall(r"\b(?:and|or)\s(\S+)", text)
    )


def _plural(noun: str) -> bool | None:
    """Whether a noun phrase is plural; None where its form does not tell."""
    head = noun.split(" of ", 1)[0].split()
    if UNSURE.search(head[-1]) or " and " in noun:
        return None
    if (head[0][0].isdigit() and head[-1] != head[0]) or head[0] in spelled("en").values():
        return True
    return head[-1].endswith("s")


def _lower_function_word(text: str) -> str:
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.lower() in function_words("en") else text
