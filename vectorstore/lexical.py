"""Search by words: stems of a text, and one BM25 index per language in SQLite FTS5."""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from json import dumps
from typing import Any

from .hit import Hit

__all__ = ["stems"]

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_GROUP_SPACE = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")
_POSSESSIVE = re.compile("(?<=[^\\W_])['\u2019\u02bc]s(?![^\\W_])")
_TOKEN = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<designation>[^\W\d_]{1,2}[-\u2010]\d{1,3}[^\W\d_]{0,2}(?![^\W_]))"  # F-35, Su-27, G-7
    r"|(?P<abbreviation>[^\W\d_](?:\.[^\W\d_])+(?![^\W_])))"  # U.S., e.g.
    r"|(?P<number>(?<![^\W_])\d+(?:[.,]\d+)+)"
    r"|(?P<word>[^\W_]+)"
)
# Languages that write 1.500,5 for what English writes 1,500.5 (Unicode CLDR, numbers/symbols).
# fmt: off
_DECIMAL_COMMA = frozenset({
    "af", "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl",
    "hr", "hu", "hy", "id", "is", "it", "ka", "kk", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl",
    "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk", "vi",
})
# fmt: on
# Snowball has one stemmer for both written forms of Norwegian.
_STEMMER_OF = {"nb": "no", "nn": "no"}
_PLURAL_NUMBER = re.compile(r"(?<=\d)s(?![^\W_])")  # 1990s, F-35s
_LANGUAGE = re.compile(r"[a-z]{2,3}")

_local = threading.local()


def stems(text: str, language: str) -> tuple[str, ...]:
    """The words of `text` in order, as they are indexed and compared.

    Lower case, NFKC, stemmed by Snowball where it knows the language, diacritics folded
    after stemming. Numbers are whole and written one way: `1,500` in English and `1.500`
    in Dutch give `1500`, `40,9` in Dutch gives `40.9`. `F-35` and `F35` give `f35`; other
    hyphenated words are split; a possessive 's is dropped.
    """
    found = _words(text, language)
    stemmer = _stemmer(_STEMMER_OF.get(language, language))
    if stemmer is not None:
        found = stemmer.stemWords(found)
    return tuple(folded for word in found if (folded := _without_marks(word)))


def create(db: sqlite3.Connection, language: str) -> None:
    """Make the index of a language if there is none yet."""
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is not a language code such as 'en' (ISO 639).")
    if not _exists(db, language):
        db.execute(
            f"CREATE VIRTUAL TABLE lexical_{language} USING fts5("
            "stems, tokenize = \"unicode61 remove_diacritics 0 tokenchars '.'\")"
        )
        db.execute(
            f"CREATE VIRTUAL TABLE vocabulary_{language} "
            f"USING fts5vocab('lexical_{language}', 'row')"
        )


def add(db: sqlite3.Connection, language: str, texts: Iterable[tuple[int, str]]) -> None:
    """Index texts under their passage numbers."""
    create(db, language)
    db.executemany(
        f"INSERT INTO lexical_{language} (rowid, stems) VALUES (?, ?)",
        ((number, " ".join(stems(text, language))) for number, text in texts),
    )


def remove(db: sqlite3.Connection, language: str, numbers: Iterable[int]) -> None:
    """Take passages out by their numbers."""
    db.executemany(
        f"DELETE FROM lexical_{language} WHERE rowid = ?", ((number,) for number in numbers)
    )


def search(
    db: sqlite3.Connection,
    query: str,
    *,
    language: str,
    limit: int,
    documents: Sequence[str] | None,
) -> tuple[Hit, ...]:
    """The passages that share words with the query, best first.

    `documents` are the ids of those allowed, None for all.
    """
    terms = dict.fromkeys(stems(query, language))
    if not terms or limit < 1 or not _exists(db, language):
        return ()
    allowed = "" if documents is None else "AND document_id IN (SELECT value FROM json_each(?))"
    given: list[str] = [" OR ".join(f'"{term}"' for term in terms)]
    if documents is not None:
        given.append(dumps(list(documents)))
    table = f"lexical_{language}"
    rows = db.execute(
        f"SELECT passages.id, -{table}.rank FROM {table} "
        f"JOIN passages ON passages.number = {table}.rowid "
        f"WHERE {table} MATCH ? {allowed} ORDER BY {table}.rank, passages.id LIMIT ?",
        (*given, limit),
    )
    return tuple(Hit(passage_id, score) for passage_id, score in rows)


def frequencies(
    db: sqlite3.Connection, terms: Iterable[str], *, language: str
) -> tuple[dict[str, int], int]:
    """How many passages hold each stem, and how many passages the language has."""
    counts = dict.fromkeys(terms, 0)
    if not _exists(db, language):
        return counts, 0
    counts.update(
        db.execute(
            f"SELECT term, doc FROM vocabulary_{language} "
            "WHERE term IN (SELECT value FROM json_each(?))",
            (dumps(list(counts)),),
        )
    )
    (total,) = db.execute(f"SELECT count(*) FROM lexical_{language}_docsize").fetchone()
    return counts, total


def _exists(db: sqlite3.Connection, language: str) -> bool:
    found = db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (f"lexical_{language}",))
    return bool(_LANGUAGE.fullmatch(language)) and found.fetchone() is not None


def _words(text: str, language: str) -> list[str]:
    # Before NFKC, which turns the spaces that group digits into ordinary ones.
    text = _GROUP_SPACE.sub("", _INVISIBLE.sub("", text))
    text = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).lower())
    text = _PLURAL_NUMBER.sub("", text)
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "designation":
            found.append(token.replace("-", "").replace("\u2010", ""))
        elif match.lastgroup == "abbreviation":
            found.append(token.replace(".", ""))
        elif match.lastgroup == "number":
            found.extend(_number(token, language))
        else:
            found.append(token)
    return found


def _number(token: str, language: str) -> list[str]:
    """`1,500.5` and its like as one token; what is no such number, in its parts."""
    group, decimal = (".", ",") if language in _DECIMAL_COMMA else (",", ".")
    whole, *fraction = token.split(decimal)
    if len(fraction) <= 1 and _grouped(group).fullmatch(whole):
        return [".".join([whole.replace(group, ""), *fraction])]
    return token.split(",")


@cache
def _grouped(group: str) -> re.Pattern[str]:
    return re.compile(rf"\d+|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+")


def _without_marks(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def _stemmer(language: str) -> Any:
    """The Snowball stemmer of a language, None where there is none.

    One for each thread, since a PyStemmer object must not be shared between threads.
    """
    known: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if language not in known:
        import Stemmer

        try:
            known[language] = Stemmer.Stemmer(language)
        except KeyError:
            known[language] = None
    return known[language]
