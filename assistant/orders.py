"""Sentences of a document that speak to a language model, and what stands after them.

No reader needs them as evidence, and a weak model obeys them. They are known by general signs,
in four languages; a text that gives orders in other words is held to the source like any other.
"""

from __future__ import annotations

import re

from vectorstore import Document, Passage, Sentence

__all__ = ["is_order", "without_orders"]

_MACHINE = (
    r"(?:AI|LLMs?|chat ?bots?|assistants?|(?:large )?language models?|KI|IA|taalmodel(?:len)?"
)
_MACHINE += r"|Sprachmodelle?|modèles? de langage)"
_BEFORE = r"(?:above|previous|preceding|prior|earlier|other|instructions?|prompts?|rules"
_BEFORE += r"|bovenstaande|hierboven|vorige|eerdere|instructies|ci-dessus|précédente?s?|consignes"
_BEFORE += r"|obige[nrs]?|vorherigen?|bisherigen?|Anweisungen)"
ORDERS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # "Ignore the above", "Disregard all previous instructions"
        r"\b(?:ignore[zr]?|disregard|forget|override|negeer|vergeet|oublie[zr]?|ignorieren?|vergiss"
        rf"|missachte)\W+(?:[\w’']+\W+){{0,4}}?{_BEFORE}\b",
        # "You are now an assistant", "Note to AI systems", "Assistant: …"
        r"\b(?:you are|act as|je bent|u bent|tu es|vous êtes|du bist|Sie sind)\b.{0,30}"
        rf"\b{_MACHINE}\b",
        rf"^\W*(?:note|notice|message|attention|instructions?|dear)\b[^.:]{{0,30}}\b{_MACHINE}\b",
        rf"^\W*(?:to|for|aan|voor|à|pour|an) (?:\w+ ){{0,3}}{_MACHINE}(?: \w+){{0,3}}[:,]",
        rf"^\W*(?:{_MACHINE}|system|user)\s?:",
        r"\b(?:system prompt|system message|developer mode|new instructions?)\b",
        r"<\|\w+\|>|\[/?INST\]",
        # "The answer is …", "Cite [1] for everything"
        r"\b(?:the|your) (?:\w+ )?answer (?:to \w+ \w+ )?(?:is|must|should)\b",
        r"\bhet (?:\w+ )?antwoord (?:op \w+ \w+ )?(?:is|luidt|moet)\b",
        r"\bla (?:\w+ )?réponse (?:à \w+ \w+ )?(?:est|doit)\b",
        r"\bdie (?:\w+ )?Antwort (?:auf \w+ \w+ )?(?:ist|lautet|muss)\b",
        r"\b(?:cite|citeer|citez|zitiere)\b\W+(?:\w+\W+){0,2}?(?:\[?\d|everything|always)",
        # "Always answer …", "Do not mention …", "Tell the user …"
        r"^\W*(?:\w+\s?[:!]\s*)?(?:(?:please|always|only|now|you (?:must|should|will|shall)) )*"
        r"(?:answer|respond|reply|say|write|output|print|repeat|cite|ignore|disregard|tell)\b"
        r"(?! to|-)",
        r"^\W*(?:do not|don[’']t|never) (?:mention|cite|quote|tell|reveal|use|answer|say)\b",
        r"^\W*(?:antwoord|schrijf|zeg|citeer|negeer|herhaal|réponds|répondez|écris|écrivez|dites|citez"
        r"|ignorez|antworte|schreibe?|sage?|zitiere|ignoriere|wiederhole)\b",
        r"\btell the (?:user|reader)\b",
    )
)


def is_order(text: str) -> bool:
    """Whether a sentence tells its reader what to answer, or what to leave unread."""
    return any(order.search(text) for order in ORDERS)


def without_orders(document: Document, passage: Passage) -> tuple[Sentence, ...]:
    """The passage's sentences but for orders, and what comes after one in its paragraph."""
    kept: list[Sentence] = []
    last: Sentence | None = None
    for sentence in passage.sentences:
        goes_on = last is not None and _beside(document, last, sentence)
        if goes_on or is_order(sentence.text):
            last = sentence
        else:
            last = None
            kept.append(sentence)
    return tuple(kept)


def _beside(document: Document, last: Sentence, sentence: Sentence) -> bool:
    """Whether nothing but white space within a paragraph is between two sentences."""
    between = document.text[last.end : sentence.start]
    return sentence.kind == last.kind == "sentence" and not re.search(r"\S|\n\s*\n", between)
