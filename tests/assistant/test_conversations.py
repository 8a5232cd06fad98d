import json
import random
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context
from threading import Barrier

import pytest
from page_samples import HOSTILE, citation, traced

from assistant.answers import Answer, Seconds, Sentence
from assistant.conversations import (
    ConversationError,
    Conversations,
    Kept,
    UnknownConversation,
    new_id,
)
from assistant.exchange import Exchange, Mark, Place, listed
from vectorstore import Filter

HALF = "\ud83d half, \ud83d\ude00 two halves, \N{GRINNING FACE} whole, \x00 nothing, \u202e back"
ODD = citation(0, date=None, page=None, source=HALF, quote=HALF, title="\r\n\u2028 a")
FULL = Answer(
    question=HALF,
    standalone_question="\x00",
    answer=" ".join(HOSTILE),
    abstained=False,
    language="nl",
    engine="llm:qwen3",
    sentences=(
        Sentence("Introduction.", (), None),
        Sentence("Quoted.", (1, 2)),
        Sentence("Denied.", (2,), "contradicted"),
    ),
    citations=(citation(1), citation(2, quote="Hémisphère – €\t\\ \"'")),
    nearest=(ODD,),
    seconds=Seconds(0.1, 1e-7),
    id="q1",
    confidence=0.1 + 0.2,
    trace=traced(HALF),
)
BARE = Answer("Who?", "Who?", "Not in the documents.", True, "en", "extractive", (), ())
WITHIN = Filter(("nl",), (HALF,), ("d1", "d2"), "2024-01-01", None)
CONVERSATION = (
    Exchange(
        HALF, FULL, complete=True, searched=HALF, stopped=True, marks=(Mark(2, "wrong", HALF),)
    ),
    Exchange("Who?", BARE, complete=True),
    Exchange("When?", problem="The store is gone.\x00", complete=True),
    Exchange("Where?", BARE, complete=True, filter=WITHIN, within=("Language: Dutch", HALF)),
)
NOON = datetime(2024, 7, 10, 12, tzinfo=UTC)
ANY_ID = "0123456789abcdef" * 2


@pytest.fixture
def kept(tmp_path):
    return Conversations(tmp_path)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "conversations.sqlite3"


def asked(question):
    return (Exchange(question, replace(BARE, question=question), complete=True),)


def change(file, statement, *values):
    with closing(sqlite3.connect(file)) as db:
        db.execute(statement, values)
        db.commit()


def test_every_field_comes_back_unchanged_after_a_restart(kept, tmp_path):
    kept.save(ANY_ID, CONVERSATION)
    again = Conversations(tmp_path).load(ANY_ID)
    assert again == CONVERSATION
    # 1 == 1.0 == True: types have to come back, too
    assert repr(again) == repr(CONVERSATION)
    assert listed(again, Place(0, "c", 2)) == FULL.citations
    assert listed(again, Place(0, "n", 1)) == (ODD,)


def test_a_whole_number_of_seconds_is_no_damage(kept):
    answer = replace(BARE, seconds=Seconds(0, 2), confidence=1)
    kept.save(ANY_ID, (Exchange("Who?", answer, complete=True),))
    assert kept.load(ANY_ID)[0].answer == answer


def test_only_complete_exchanges_are_kept(kept):
    kept.save(ANY_ID, (*CONVERSATION, Exchange("And?", BARE)))
    assert kept.load(ANY_ID) == CONVERSATION
    assert kept.listed()[0].exchanges == len(CONVERSATION)


@pytest.mark.parametrize("nothing", [(), (Exchange("Why?", BARE),)])
def test_a_conversation_without_a_complete_exchange_is_not_kept(kept, file, nothing):
    kept.save(ANY_ID, nothing)
    assert not file.exists() and kept.listed() == ()
    kept.save(ANY_ID, CONVERSATION)
    kept.save(ANY_ID, nothing)
    assert kept.load(ANY_ID) == CONVERSATION


def test_reading_makes_no_file(kept, tmp_path):
    assert kept.listed() == ()
    kept.delete(ANY_ID)
    with pytest.raises(UnknownConversation):
        kept.load(ANY_ID)
    assert list(tmp_path.iterdir()) == []


def test_the_newest_change_is_listed_first(kept):
    first, second, third = (new_id() for _ in range(3))
    kept.save(first, asked("First?"), now=NOON)
    # an hour after noon, though its digits and its place in the file say otherwise
    hour = datetime(2024, 7, 10, 9, tzinfo=timezone(-timedelta(hours=4)))
    kept.save(third, asked("Third?"), now=hour)
    kept.save(second, asked("Second?"), now=NOON + timedelta(microseconds=1))
    assert kept.listed() == (
        Kept(third, "Third?", "2024-07-10T13:00:00.000000+00:00", 1),
        Kept(second, "Second?", "2024-07-10T12:00:00.000001+00:00", 1),
        Kept(first, "First?", "2024-07-10T12:00:00.000000+00:00", 1),
    )
    kept.save(first, (*asked("First?"), *asked("More?")), now=NOON + timedelta(hours=2))
    assert [(one.id, one.exchanges) for one in kept.listed()] == [
        (first, 2),
        (third, 1),
        (second, 1),
    ]
    assert [e.question for e in kept.load(first)] == ["First?", "More?"]


def test_of_the_same_moment_the_last_saved_is_first_and_now_is_the_default(kept):
    ids = sorted((new_id() for _ in range(5)), reverse=True)
    for id in (*ids, ids[2]):
        kept.save(id, asked("Why?"), now=NOON)
    assert [one.id for one in kept.listed()] == [ids[2], ids[4], ids[3], ids[1], ids[0]]
    before = datetime.now(UTC)
    kept.save(ids[0], asked("Why?"))
    assert before <= datetime.fromisoformat(kept.listed()[0].changed) <= datetime.now(UTC)
    assert kept.listed()[0].id == ids[0]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Why?\n\u2028 And\t\x1fwhen?", "Why? And when?"),
        ("\x00 \ud83d!", "\ufffd \ufffd!"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("x" * 78 + " yz", "x" * 78 + "…"),
        ("<b>'Łódź'</b>", "<b>'Łódź'</b>"),
    ],
)
def test_the_title_is_the_first_question_on_one_short_line(kept, question, title):
    kept.save(ANY_ID, (*asked(question), *asked("More?")))
    assert kept.listed()[0].title == title
    assert kept.load(ANY_ID)[0].question == question


def test_what_is_deleted_is_gone_from_the_disk_and_the_others_stay(kept, tmp_path):
    secret, other = new_id(), new_id()
    kept.save(secret, asked("Secret? " * 2000))
    kept.save(other, asked("Public?"))
    assert any(b"Secret?" in path.read_bytes() for path in tmp_path.iterdir())
    kept.delete(secret)
    kept.delete(secret)
    assert [one.id for one in kept.listed()] == [other]
    with pytest.raises(UnknownConversation, match=rf"{secret}.*deleted.*list"):
        kept.load(secret)
    assert not any(b"Secret?" in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "id",
    [
        *("", " ", "0", ANY_ID[1:], f"{ANY_ID}0", f"{ANY_ID}\n", f" {ANY_ID[1:]}", "%" * 32),
        *(ANY_ID.upper(), "٠" * 32, "\x00" * 32, "\ud83d" * 32, "g" * 32),
        *("../../../../../../../etc/passwd", "../conversations.sqlite3", "/" * 32),
        *("' OR '1'='1", "'; DROP TABLE conversations; --", "x" * 100_000, *HOSTILE),
    ],
)
def test_an_id_that_was_never_given_is_refused_and_touches_nothing(kept, tmp_path, id):
    kept.save(ANY_ID, CONVERSATION)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for use in (kept.load, kept.delete, lambda id: kept.save(id, asked("Why?"))):
        with pytest.raises(UnknownConversation, match=r"32 hexadecimal digits.*list") as refused:
            use(id)
        assert len(str(refused.value)) < 400 and repr(id)[:20] in str(refused.value)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert kept.load(ANY_ID) == CONVERSATION


def test_ids_are_new():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000 and all(len(id) == 32 for id in ids)


def body(file):
    with closing(sqlite3.connect(file)) as db:
        return json.loads(db.execute("SELECT body FROM conversations").fetchone()[0])


def test_a_row_older_than_a_field_with_a_default_is_read(kept, file):
    kept.save(ANY_ID, (Exchange("Who?", replace(BARE, id="q", confidence=0.5), complete=True),))
    old = body(file)
    for young in ("confidence", "id", "seconds", "nearest", "trace"):
        del old[0]["answer"][young]
    for young in ("problem", "searched", "stopped", "marks", "filter", "within"):
        del old[0][young]
    change(file, "UPDATE conversations SET body = ?", json.dumps(old).encode())
    assert kept.load(ANY_ID) == (Exchange("Who?", BARE, complete=True),)


def damaged(path, value):
    """The body with another value at a path; `...` takes it out."""

    def damage(given):
        *way, last = path
        inner = given
        for step in way:
            inner = inner[step]
        if value is ...:
            del inner[last]
        else:
            inner[last] = value
        return json.dumps(given).encode()

    return damage


ANSWER = (0, "answer")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda _: b"", "Expecting value"),
        (lambda _: b"[{", "Expecting"),
        (lambda _: b"\xff", "utf-8"),
        (lambda _: "[]", "no JSON"),
        (lambda _: 7, "no JSON"),
        (lambda _: b"[" * 100_000, "recursion"),
        (lambda _: b"1" * 10_000, "digits"),
        (lambda _: b"null", "None"),
        (lambda _: b"{}", "the conversation is {}"),
        (lambda _: b"[3]", r"conversation\[0\] is 3, not the fields of Exchange"),
        (damaged((0, "question"), ...), r"\[0\] lacks 'question'"),
        (damaged((*ANSWER, "language"), ...), "lacks 'language'"),
        (damaged((*ANSWER, "mood"), "good"), "unknown 'mood'"),
        (damaged((0, "question"), None), r"\[0\].question is None, not str"),
        (damaged((0, "complete"), 1), "complete is 1, not bool"),
        (damaged((*ANSWER, "abstained"), "no"), "abstained is 'no', not bool"),
        (damaged((*ANSWER, "confidence"), "0.5"), "confidence is '0.5', not float"),
        (damaged((*ANSWER, "confidence"), True), "confidence is True"),
        (damaged((*ANSWER, "citations"), {}), r"answer.citations is {}, not tuple"),
        (damaged((*ANSWER, "citations", 1, "start"), 0.5), r"citations\[1\].start is 0.5, not int"),
        (damaged((*ANSWER, "citations", 1, "end"), True), r"citations\[1\].end is True, not int"),
        (damaged((*ANSWER, "sentences", 1, "citations", 0), "1"), r"citations\[0\] is '1'"),
        (damaged((*ANSWER, "sentences", 2, "verdict"), "good"), "verdict is 'good'.*supported"),
        (damaged((*ANSWER, "sentences", 2, "verdict"), []), r"verdict is \[\]"),
        (damaged((*ANSWER, "seconds"), [0.1, 0.2]), "seconds is .*, not the fields of Seconds"),
        (damaged((*ANSWER, "seconds"), None), "seconds is None"),
    ],
)
def test_a_damaged_conversation_is_named_and_costs_no_other(kept, file, damage, told):
    kept.save(
        ANY_ID, (replace(CONVERSATION[0], question="Why?", answer=replace(FULL, nearest=())),)
    )
    change(file, "UPDATE conversations SET title = 'Why?'")
    with closing(sqlite3.connect(file)) as db:
        raw = db.execute("SELECT body FROM conversations").fetchone()[0]
    given = json.loads(raw.decode("utf-8", "surrogatepass"))
    change(file, "UPDATE conversations SET body = ?", damage(given))
    other = new_id()
    kept.save(other, CONVERSATION)
    with pytest.raises(ConversationError, match=told) as failed:
        kept.load(ANY_ID)
    message = str(failed.value)
    assert not isinstance(failed.value, UnknownConversation)
    assert ANY_ID in message and repr(str(file)) in message and "Delete it" in message
    assert [one.id for one in kept.listed()] == [other, ANY_ID]
    assert kept.load(other) == CONVERSATION
    kept.delete(ANY_ID)
    assert [one.id for one in kept.listed()] == [other]


def test_a_damaged_title_or_id_keeps_no_other_from_being_listed(kept, file):
    other, strange = new_id(), new_id()
    for id in (other, ANY_ID, strange):
        kept.save(id, asked("Why?"), now=NOON)
    change(file, "UPDATE conversations SET id = CAST(x'ff' AS TEXT) WHERE id = ?", strange)
    change(
        file,
        "UPDATE conversations SET title = CAST(x'ff41' AS TEXT), changed = x'fe', exchanges = 'n' "
        "WHERE id = ?",
        ANY_ID,
    )
    assert set(kept.listed()) == {
        Kept(ANY_ID, "\ufffdA", "\ufffd", 0),
        Kept(other, "Why?", "2024-07-10T12:00:00.000000+00:00", 1),
    }


def uses(kept):
    return (
        kept.listed,
        lambda: kept.load(ANY_ID),
        lambda: kept.delete(ANY_ID),
        lambda: kept.save(ANY_ID, CONVERSATION),
    )


@pytest.mark.parametrize("content", [b"hello", b"no database " * 1000, b"SQLite format 3\0" * 300])
def test_a_file_that_is_no_database_stays_as_it_is(kept, file, content):
    file.write_bytes(content)
    for use in uses(kept):
        with pytest.raises(ConversationError, match="move it away") as failed:
            use()
        assert repr(str(file)) in str(failed.value)
        assert file.read_bytes() == content


@pytest.mark.parametrize(
    ("version", "table"), [(2, "conversations"), (0, "another"), (-1, "conversations")]
)
def test_another_schema_is_refused_and_stays_as_it_is(kept, file, version, table):
    change(file, f"CREATE TABLE {table} (id TEXT)")
    change(file, f"PRAGMA user_version = {version}")
    content = file.read_bytes()
    for use in uses(kept):
        with pytest.raises(ConversationError, match=f"schema {version} .* schema 1") as failed:
            use()
        assert repr(str(file)) in str(failed.value) and "program that wrote it" in str(failed.value)
        assert file.read_bytes() == content


def test_a_database_without_our_table_is_refused(kept, file):
    change(file, "CREATE TABLE another (id TEXT)")
    change(file, "PRAGMA user_version = 1")
    for use in uses(kept):
        with pytest.raises(ConversationError, match="move it away"):
            use()


def test_an_empty_file_is_a_beginning(kept, file):
    file.touch()
    assert kept.listed() == ()
    kept.save(ANY_ID, CONVERSATION)
    assert kept.load(ANY_ID) == CONVERSATION


def test_a_folder_that_is_not_there_is_named(tmp_path):
    nowhere = Conversations(tmp_path / "gone")
    assert nowhere.listed() == ()
    with pytest.raises(ConversationError, match=r"gone.*folder exists"):
        nowhere.save(ANY_ID, CONVERSATION)


def saves(folder, ids, start):
    start.wait()
    kept = Conversations(folder)
    for id in ids:
        kept.save(id, CONVERSATION)
        assert kept.load(id) == CONVERSATION
        assert id in {one.id for one in kept.listed()}


def test_processes_that_save_at_once_lose_nothing(kept, tmp_path):
    context = get_context("fork")
    start = context.Barrier(2)
    given = [[new_id() for _ in range(60)] for _ in range(2)]
    savers = [context.Process(target=saves, args=(tmp_path, ids, start)) for ids in given]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert [saver.exitcode for saver in savers] == [0, 0]
    assert {one.id for one in kept.listed()} == {id for ids in given for id in ids}


def begins(folders, start):
    try:
        for folder in folders:
            start.wait()
            Conversations(folder).save(new_id(), CONVERSATION)
    except ConversationError:
        start.abort()
        raise


def test_processes_that_make_the_file_at_once_lose_nothing(tmp_path):
    folders = [tmp_path / str(n) for n in range(25)]
    for folder in folders:
        folder.mkdir()
    context = get_context("fork")
    start = context.Barrier(4)
    savers = [context.Process(target=begins, args=(folders, start)) for _ in range(4)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert [saver.exitcode for saver in savers] == [0, 0, 0, 0]
    assert {len(Conversations(folder).listed()) for folder in folders} == {4}


def test_threads_that_save_at_once_lose_nothing(kept):
    start = Barrier(2)
    given = [[new_id() for _ in range(60)] for _ in range(2)]

    def work(ids):
        start.wait()
        for id in ids:
            kept.save(id, CONVERSATION)
            assert kept.load(id) == CONVERSATION

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, given))
    assert {one.id for one in kept.listed()} == {id for ids in given for id in ids}


def test_a_save_waits_for_another_process(kept, file):
    kept.save(ANY_ID, asked("Why?"))
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        ThreadPoolExecutor() as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        saved = pool.submit(kept.save, ANY_ID, CONVERSATION)
        # readers do not wait
        assert [e.question for e in kept.load(ANY_ID)] == ["Why?"]
        time.sleep(0.3)
        assert not saved.done()
        other.execute("COMMIT")
        saved.result()
    assert kept.load(ANY_ID) == CONVERSATION


def test_a_save_does_not_wait_for_a_reader(kept, file):
    kept.save(ANY_ID, asked("Why?"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        before = other.execute("SELECT * FROM conversations").fetchall()
        kept.save(ANY_ID, CONVERSATION)
        assert other.execute("SELECT * FROM conversations").fetchall() == before
    assert kept.load(ANY_ID) == CONVERSATION


LONG = tuple(replace(e, problem=f"{n} " + "x" * 20_000) for n in range(20) for e in CONVERSATION)


def saves_for_ever(folder, told):
    kept = Conversations(folder)
    while True:
        id = new_id()
        kept.save(id, LONG)
        # the same row again, so that a save also replaces
        kept.save(ANY_ID, LONG)
        told.send(id)


def test_a_process_killed_in_the_middle_of_a_save_costs_nothing_that_was_saved(tmp_path, file):
    context = get_context("fork")
    chance = random.Random(7)
    saved = []
    for _ in range(8):
        hears, told = context.Pipe(duplex=False)
        saver = context.Process(target=saves_for_ever, args=(tmp_path, told))
        saver.start()
        told.close()
        saved.append(hears.recv())
        time.sleep(chance.uniform(0, 0.02))
        saver.kill()
        saver.join()
        assert saver.exitcode == -9
        with suppress(EOFError):
            while True:
                saved.append(hears.recv())
    kept = Conversations(tmp_path)
    for one in kept.listed():
        assert kept.load(one.id) == LONG
    assert set(saved) <= {one.id for one in kept.listed()}
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_conversation_saved_before_there_were_traces_and_marks_still_loads(kept, file):
    kept.save(ANY_ID, asked("Who?"))
    answer = {
        **{"question": "Who?", "standalone_question": "Who?", "answer": "Allies. [1]"},
        **{"abstained": False, "language": "en", "engine": "extractive", "nearest": []},
        **{"sentences": [{"text": "Allies.", "citations": [1], "verdict": "supported"}]},
        **{"citations": [asdict(citation(1))], "seconds": {"retrieve": 0.5, "total": 1.0}},
        **{"id": None, "confidence": 0.9},
    }
    old = [{"question": "Who?", "answer": answer, "problem": "", "complete": True}]
    change(file, "UPDATE conversations SET body = ?", json.dumps(old).encode())
    (exchange,) = kept.load(ANY_ID)
    assert exchange.answer.citations == (citation(1),) and exchange.answer.trace is None
    assert (exchange.searched, exchange.stopped, exchange.marks) == ("", False, ())
