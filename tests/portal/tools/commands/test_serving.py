"""``start``, ``serve``, ``web`` and ``worker`` say why they do not begin; how they serve is tried in
``tests/portal/core/serving``."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.serving.processes import PARENT
from tests.support.command_line import Command

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An instance folder that is not there; what serving listens to is given back."""
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("SECRET_KEY", "a long random key of this test alone")
    monkeypatch.setenv("DEMO", "0")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", PARENT):
        monkeypatch.delenv(name, raising=False)
    before = [signal.getsignal(number) for number in SIGNALS]
    yield tmp_path / "instance"
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        yield other.getsockname()[1]


def test_serve_needs_a_database(prompt: Command, instance: Path) -> None:
    told = prompt("serve")
    assert (told.code, told.err) == (2, f"There is no database in {instance}: run 'make db'\n")


def test_a_real_installation_needs_a_secret_of_its_own(
    prompt: Command, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    told = prompt("serve")
    assert (told.code, told.out) == (2, "")
    assert told.err == "Set SECRET_KEY to a long random text (DEMO=0 has no default)\n"


def test_the_web_server_alone_needs_a_database(prompt: Command, instance: Path) -> None:
    assert prompt("web").err == f"There is no database in {instance}: run 'make db'\n"


def test_a_worker_alone_needs_the_newest_tables(prompt: Command, instance: Path) -> None:
    instance.mkdir()
    told = prompt("worker")
    assert (told.code, told.err) == (2, "The database is not at the newest migration: run 'make db'\n")


def test_start_leaves_a_taken_port_alone(prompt: Command, instance: Path, taken: int) -> None:
    told = prompt("start")
    assert (told.code, told.out) == (2, "")
    assert f"Port {taken} is taken" in told.err and f"PORT={taken + 1} make run" in told.err
    assert not (instance / "portal.db").exists(), "nothing was begun"
