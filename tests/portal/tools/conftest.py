"""The demonstration, made once by its own command: a small register, everything else as people get it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import run
from config import Settings
from models.zone import BANGKOK
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.register import places
from tests.conftest import settings_for
from tests.support.command_line import Told, apps_of_commands, let_go, type_in
from tests.support.serving import environment_of

#: the home province of the demonstration, which was assessed in its past round, and one that was not
PROVINCES = ("52", "81")
MADE_AT = datetime(2018, 11, 9, 10, 0, tzinfo=BANGKOK)


@dataclass(frozen=True)
class Demonstration:
    """What ``demo-reset`` made out of an older database, and what it said."""

    app: Portal
    told: Told
    settings: Settings
    #: a key of a box of the database that was there before, and an anchor of its record
    old_key: Path
    old_anchor: Path


def small_register(folder: Path) -> Path:
    """The folder of places with the agencies of two provinces only."""
    shutil.copytree(places.FOLDER, folder)
    head, *lines = (folder / "agencies.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if line.split(",")[6] in PROVINCES]
    (folder / "agencies.csv").write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Made once: nobody may change it; what changes works on a copy (``own_demonstration``)."""
    base = tmp_path_factory.getbasetemp()
    # the workers of one run have their folders side by side
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    url = f"sqlite:///{folder / 'portal.db'}"
    settings = settings_for(url, url, folder)
    old_key, old_anchor = settings.key_dir / "round-9.urn", settings.anchors / "anchor-0000001.txt"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        said = folder / "said.json"
        if not said.exists():
            said.write_text(json.dumps(asdict(_make(settings, old_key, old_anchor))))
    app = run.create_app(settings)
    yield Demonstration(app, Told(**json.loads(said.read_text())), settings, old_key, old_anchor)
    let_go(app)


def _make(settings: Settings, old_key: Path, old_anchor: Path) -> Told:
    """A database with an account, a key and an anchor, and the demonstration in its place."""
    with pytest.MonkeyPatch.context() as patch, apps_of_commands(patch):
        patch.setattr(places, "FOLDER", small_register(settings.instance_dir / "registry"))
        for name, value in environment_of(settings, 8000).items():
            patch.setenv(name, value)
        patch.setenv("PORTAL_CLOCK", MADE_AT.isoformat())
        assert type_in("db-upgrade").code == 0
        assert type_in("create-admin", "older", "นางทดลอง ก่อนหน้า").code == 0
        old_key.write_bytes(b"7" * 32)
        old_anchor.parent.mkdir()
        old_anchor.write_text("of a record that goes")
        return type_in("demo-reset")


@pytest.fixture
def shown(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A look at the demonstration, past every wall, on the day it was made."""
    monkeypatch.setenv("PORTAL_CLOCK", MADE_AT.isoformat())
    with demonstration.app.app_context(), privileged("a test looks at the demonstration") as session:
        yield session
        session.rollback()


@pytest.fixture
def own_demonstration(
    demonstration: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Portal]:
    """A copy that a test may change, in the environment of the command line."""
    theirs, mine = demonstration.settings.instance_dir, tmp_path / "instance"
    mine.mkdir()
    shutil.copyfile(theirs / "portal.db", mine / "portal.db")
    shutil.copytree(theirs / "keys", mine / "keys")
    url = f"sqlite:///{tmp_path / 'instance' / 'portal.db'}"
    settings = settings_for(url, url, tmp_path / "instance")
    for name, value in environment_of(settings, 8000).items():
        monkeypatch.setenv(name, value)
    app = run.create_app(settings)
    monkeypatch.setattr(run, "create_app", lambda settings=None: app)
    yield app
    let_go(app)
