"""Databases for tests, the same on both engines: one template, migrated once, and a cheap copy per use."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.postgres import Server

#: Fills an empty database, given the URL that the application serves with and the owner's.
Prepare = Callable[[str, str], None]

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """Where one test's data lies: the URL the application serves with, and the owner's."""

    url: str
    owner_url: str

    @property
    def sqlite(self) -> bool:
        """True on the embedded engine."""
        return self.url.startswith("sqlite")

    @property
    def file(self) -> Path:
        """SQLite's file."""
        return Path(self.url.removeprefix("sqlite:///"))

    @contextmanager
    def away(self) -> Iterator[None]:
        """SQLite's file cannot be opened for a while; nobody may be connected."""
        aside = self.file.with_suffix(".aside")
        self.file.rename(aside)
        self.file.mkdir()
        try:
            yield
        finally:
            self.file.rmdir()
            aside.rename(self.file)


class SqliteTemplate:
    """A migrated file that is copied."""

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        url = f"sqlite:///{self._template}"
        prepare(url, url)

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """A database of its own, deleted at the end."""
        file = self._folder / f"copy{next(_numbers)}.db"
        shutil.copyfile(self._template, file)
        url = f"sqlite:///{file}"
        try:
            yield Database(url=url, owner_url=url)
        finally:
            for left in self._folder.glob(f"{file.name}*"):
                left.unlink()


class PostgresTemplate:
    """A migrated database that is copied by the server."""

    def __init__(self, server: Server, prepare: Prepare) -> None:
        self._server = server
        self._template = f"template_{server.owner}"
        server.create_database(self._template)
        prepare(self._url(server.application, self._template), self._url(server.owner, self._template))

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """A database of its own, dropped at the end."""
        name = f"copy{next(_numbers)}_{self._server.owner}"
        self._server.create_database(name, template=self._template)
        try:
            yield Database(
                url=self._url(self._server.application, name), owner_url=self._url(self._server.owner, name)
            )
        finally:
            self._server.drop_database(name)

    def drop(self) -> None:
        """Drop the template itself."""
        self._server.drop_database(self._template)

    def _url(self, role: str, database: str) -> str:
        return self._server.url(role, database).render_as_string(hide_password=False)
