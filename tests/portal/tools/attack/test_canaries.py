"""The sweep finds every spelling that is planted, wherever it stands, and nothing that is not there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from portal.tools.attack.canaries import Canaries, blind_to, spellings, sweep
from tests.support.respondents import citizen_id

ANSWER = bytes([1, 4, 2, 3, 5] * 4)
CANARIES = Canaries(frozenset(map(citizen_id, range(40))), frozenset({"127.77.101.102"}), frozenset({ANSWER}))


def found_in(tmp_path: Path, content: bytes) -> dict[str, int]:
    (tmp_path / "file").write_bytes(content)
    return dict(sweep(CANARIES, {"here": tmp_path}).found.get("here", {}))


@pytest.mark.parametrize("spelling", sorted(spellings(citizen_id(7))))
def test_an_id_is_found_in_every_spelling(tmp_path: Path, spelling: str) -> None:
    for number in (0, 7, 39):
        spelt = spellings(citizen_id(number))[spelling]
        for around in (b"\xff", b"\0", b'"', b"=", b"&"):
            assert found_in(tmp_path, bytes(200) + around + spelt + around + bytes(200)), (number, around)


def test_another_persons_id_is_no_canary(tmp_path: Path) -> None:
    for spelt in spellings(citizen_id(9_000)).values():
        assert found_in(tmp_path, spelt) == {}


def test_an_id_within_a_longer_run_of_digits_is_found(tmp_path: Path) -> None:
    assert found_in(tmp_path, b"20181109" + citizen_id(3).encode() + b"77") == {"ID, plain": 1}


def test_addresses_and_answers_and_forms_are_found(tmp_path: Path) -> None:
    assert found_in(tmp_path, b'"127.77.101.102 - GET"') == {"address, plain": 1}
    assert found_in(tmp_path, "127.77.101.102".encode("utf-16-le")) == {"address, UTF-16": 1}
    assert found_in(tmp_path, b"127.0.0.1 and 127.77.101.103") == {}
    assert found_in(tmp_path, b"\x07" + ANSWER + b"\x02") == {"answer, whole": 1}
    assert found_in(tmp_path, b"\\x" + ANSWER.hex().encode()) == {"answer, hexadecimal": 1}
    form = b"t=x&" + b"&".join(b"q%d=%d" % (slot, 1 + slot % 3) for slot in range(19))
    assert found_in(tmp_path, form) == {"answer, a form as it was sent": 1}


def test_the_name_of_a_file_is_swept_too(tmp_path: Path) -> None:
    (tmp_path / f"upload-{citizen_id(5)}.tmp").write_bytes(b"")
    assert sweep(CANARIES, {"here": tmp_path}).found == {"here": {"ID, plain": 1}}


def test_what_was_clean_is_not_read_again_and_what_was_not_is_told_again(tmp_path: Path) -> None:
    (tmp_path / "clean").write_bytes(random.Random(1).randbytes(5_000))
    (tmp_path / "dirty").write_bytes(citizen_id(1).encode())
    first, second = (sweep(CANARIES, {"here": tmp_path}) for _time in range(2))
    assert first == second
    assert first.files == 2 and first.bytes == 5_013
    assert first.beyond(lambda _place, _kind: False) == ["1 × ID, plain in here"]
    assert first.beyond(lambda place, _kind: place == "here") == []


def test_the_positive_control_tells_a_blind_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert blind_to(CANARIES, tmp_path) == []
    monkeypatch.setattr("portal.tools.attack.canaries._RUNS", {})
    assert "ID plain" in blind_to(CANARIES, tmp_path)
