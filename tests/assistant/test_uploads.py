import os
import time

import pytest

from assistant.uploads import ARRIVING, Incoming, discard, safe_name, sweep


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("letter.pdf", "letter.pdf"),
        ("Verklaring van Den Haag (2025).docx", "Verklaring van Den Haag (2025).docx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.txt", "x.txt"),
        ("/etc/shadow", "shadow"),
        ("a/..", "document"),
        ("..", "document"),
        (".", "document"),
        ("", "document"),
        (".pdf", "pdf"),
        (".bashrc", "bashrc"),
        ("  a \n\t b .txt  ", "a b.txt"),
        ("nul\x00.txt", "nul.txt"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("a\u200b\u2066\ufeff.md", "a.md"),
        ("lone\ud800.txt", "lone.txt"),
        ("e\u0301te\u0301.txt", "\u00e9t\u00e9.txt"),
        ("C:\\Users\\x\\a.txt", "a.txt"),
        ("a.txt...", "a.txt"),
    ],
)
def test_a_name_is_no_path_and_reads_as_it_is(given, safe):
    assert safe_name(given) == safe


@pytest.mark.parametrize("stem", ["x" * 1000, "é" * 1000, "文" * 1000, "x." * 500])
def test_a_long_name_fits_and_keeps_its_suffix(stem):
    name = safe_name(stem + ".docx")
    assert name.endswith(".docx") and len(name.encode()) <= 200
    assert len(safe_name(f"a.{stem}").encode()) <= 200


def arrive(folder, data, name):
    with Incoming(folder) as incoming:
        for piece in (data[:5], data[5:]):
            incoming.write(piece)
        assert incoming.size == len(data)
        return incoming.keep(name), incoming.is_new


def test_files_of_one_name_lie_apart_and_equal_ones_together(tmp_path):
    first, new = arrive(tmp_path / "kept", b"first file", "a.txt")
    second, also_new = arrive(tmp_path / "kept", b"second file", "a.txt")
    again, known = arrive(tmp_path / "kept", b"first file", "a.txt")
    assert (first.name, second.name) == ("a.txt", "a.txt")
    assert first.read_bytes() == b"first file" and second.read_bytes() == b"second file"
    assert first == again != second
    assert (new, also_new, known) == (True, True, False)
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


def test_what_is_not_kept_goes(tmp_path):
    with pytest.raises(ZeroDivisionError), Incoming(tmp_path) as incoming:
        incoming.write(b"x")
        1 / 0  # noqa: B018
    assert list(tmp_path.iterdir()) == []


def test_only_what_was_kept_is_discarded(tmp_path):
    kept = tmp_path / "kept"
    file, _ = arrive(kept, b"data", "a.txt")
    elsewhere = tmp_path / "b" / "a.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"data")
    discard(str(elsewhere), kept)
    discard("https://example.org/a.txt", kept)
    assert elsewhere.exists()
    discard(str(file), kept)
    discard(str(file), kept)
    assert list(kept.iterdir()) == []


def test_what_never_arrived_is_swept_away_after_a_day(tmp_path):
    old, new = tmp_path / f"{ARRIVING}old", tmp_path / f"{ARRIVING}new"
    for file in (old, new):
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    sweep(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [new.name]
    sweep(tmp_path / "nowhere")
