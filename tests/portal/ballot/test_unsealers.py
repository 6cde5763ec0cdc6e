"""Processes that unseal: the same answers in the same order, the key nowhere but in them, and none left."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from config import ROOT
from models.instrument import InstrumentKind
from models.survey import Channel
from portal.ballot import unsealer, unsealers
from portal.ballot.seal import Content, Label, Unreadable, seal
from portal.ballot.unsealers import Ended, Unsealer, crew
from reports.pipe import receive, send
from tests.support.unsealing import by_processes

KEY = b"\x11" * 32
SLOTS = 5
LABEL = Label(1, 2, InstrumentKind.IIT, Channel.SELF)
ON_SITE = Label(1, 2, InstrumentKind.IIT, Channel.ON_SITE)
#: starts a process that unseals, has it show that it works, says which it is, and waits
HOLDS_ONE = (
    "import time;from tests.portal.ballot.test_unsealers import KEY, LABEL, SLOTS;"
    "from portal.ballot.unsealers import Unsealer;"
    "one = Unsealer(KEY); one.unseal(LABEL, SLOTS, []); print(one.pid, flush=True); time.sleep(60)"
)


def sealed(number: int, label: Label = LABEL) -> tuple[str, bytes]:
    public_key = X25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
    return label.channel.value, seal(Content(bytes([number] * SLOTS)), label=label, public_key=public_key)


BOX = [sealed(1), sealed(2, ON_SITE), ("self", b"junk"), sealed(3)]
ANSWERS = [b"\1" * SLOTS, b"\2" * SLOTS, None, b"\3" * SLOTS]


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and ") Z" not in Path(f"/proc/{pid}/stat").read_text()


def test_few_answers_and_one_processor_need_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(unsealers, "Unsealer")
    for processors, answers in (({0}, 2 * unsealers.FEW), ({0, 1}, unsealers.FEW - 1)):
        monkeypatch.setattr(unsealers.os, "sched_getaffinity", lambda _pid, found=processors: found)
        with crew(KEY, answers=answers) as unsealing:
            assert (unsealing.unseal(LABEL, SLOTS, BOX)(), unsealing.ahead) == (ANSWERS, 0)


def test_processes_give_each_box_its_answers_and_are_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pids = by_processes(monkeypatch)
    monkeypatch.setenv("SECRET_KEY", "the portal's own")
    with crew(KEY, answers=0) as unsealing:
        begun = [unsealing.unseal(LABEL, SLOTS, BOX[:number]) for number in range(5)]
        assert unsealing.ahead >= 2
        assert [answers() for answers in begun] == [ANSWERS[:number] for number in range(5)]
        for pid in pids:
            told = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
            assert KEY not in told and KEY.hex().encode() not in told and b"SECRET_KEY" not in told
        os.kill(pids[0], signal.SIGKILL)
        begun = [unsealing.unseal(LABEL, SLOTS, BOX) for _box in range(6)]
        assert [answers() for answers in begun] == [ANSWERS] * 6, "what a dead one had is unsealed here"
        assert "unsealed here" in caplog.text
    assert len(pids) == 2 and not any(map(lives, pids))


def test_what_ended_or_has_another_key_says_so() -> None:
    one = Unsealer(b"no key")
    with pytest.raises(Ended):
        one.unseal(LABEL, SLOTS, BOX)
    one.end()
    with pytest.raises(Ended):
        one.unseal(LABEL, SLOTS, BOX)
    with pytest.raises(Unreadable), crew(b"no key", answers=0):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="the end of a parent is told on Linux")
def test_a_process_that_unseals_ends_with_a_parent_that_is_killed() -> None:
    """Also one that cannot see that its pipe has ended, because it works (here: is held)."""
    with subprocess.Popen([sys.executable, "-c", HOLDS_ONE], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        os.kill(pid, signal.SIGSTOP)
        parent.kill()
    until = time.monotonic() + 20
    while lives(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not lives(pid)


def test_the_process_unseals_until_its_pipe_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(unsealers.PARENT, raising=False)
    for asked in ([], [KEY], [KEY, pickle.dumps((LABEL, SLOTS, BOX))]):
        boxes, answers = io.BytesIO(), io.BytesIO()
        for piece in asked:
            send(boxes, piece)
        boxes.seek(0)
        with monkeypatch.context() as patch:
            patch.setattr(
                unsealer,
                "sys",
                SimpleNamespace(stdin=SimpleNamespace(buffer=boxes), stdout=SimpleNamespace(buffer=answers)),
            )
            unsealer.main()
        answers.seek(0)
        given = receive(answers)
        assert (None if given is None else pickle.loads(given)) == (ANSWERS if len(asked) == 2 else None)
