"""The demonstration on PostgreSQL: made and made anew by the owner, read through the second wall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.result import Result
from models.round import Round
from portal.ballot import recount
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.register import places
from tests.conftest import settings_for
from tests.portal.tools.conftest import MADE_AT, small_register
from tests.support.command_line import Command, apps_of_commands, type_in
from tests.support.postgres import Server
from tests.support.serving import environment_of

pytestmark = pytest.mark.proof


@pytest.fixture
def made(postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Portal]]:
    """An environment with an empty database; the applications that commands make there."""
    postgres_server.create_database("demonstration")
    url, owner = (
        postgres_server.url(role, "demonstration").render_as_string(hide_password=False)
        for role in (postgres_server.application, postgres_server.owner)
    )
    for name, value in environment_of(settings_for(url, owner, tmp_path), 8000).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTAL_CLOCK", MADE_AT.isoformat())
    monkeypatch.setattr(places, "FOLDER", small_register(tmp_path / "registry"))
    with apps_of_commands(monkeypatch) as apps:
        yield apps
    postgres_server.drop_database("demonstration")


def test_it_is_made_and_made_anew(made: list[Portal]) -> None:
    command: Command = type_in
    for _time in range(2):
        told = command("demo-reset")
        assert (told.code, told.err) == (0, "")
        assert "demo-executive" in told.out
    with made[-1].app_context(), privileged("a test looks at the demonstration") as session:
        rounds = session.scalars(select(Round.id).order_by(Round.fiscal_year)).all()
        assert len(rounds) == 3
        assert [recount.differences(one) for one in rounds] == [[], [], []]
        assert (session.scalar(select(func.count()).where(Result.grade.is_not(None))) or 0) > 50
