"""``drill-key``: a holder proves that a key opens the boxes before anybody answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.round import Round
from portal.ballot.keys import export_urn_key
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory
from tests.support.command_line import Command
from tests.support.world import NOW, World, row


@pytest.fixture
def undrilled(app: Portal, world: World) -> int:
    """The round before the drill of its key."""
    with app.app_context(), writing(), privileged("a test forgets the drill") as session:
        session.get_one(Round, world.round_id).urn_drill_at = None
    return world.round_id


def drilled_at(app: Portal, round_id: int) -> object:
    with app.app_context():
        return row(Round, round_id).urn_drill_at


def test_a_key_that_opens_is_said_and_noted(
    app: Portal, undrilled: int, command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "holder"
    with app.app_context():
        export_urn_key(undrilled, file)
    told = command("drill-key", "--round", undrilled, "--key", file)
    assert (told.code, told.out, told.err) == (0, f"The key opens the boxes of round {undrilled}\n", "")
    assert drilled_at(app, undrilled) == NOW
    assert command("drill-key", "--round", undrilled).code == 0, "without a file: the key folder's own"


def test_a_key_that_does_not_open_is_refused(
    app: Portal, undrilled: int, command: Command, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_text(f"ITA-URN-KEY-1\nround {undrilled}\n" + "07" * 32)
    told = command("drill-key", "--round", undrilled, "--key", foreign)
    assert (told.code, told.out) == (1, "")
    assert "กุญแจนี้เปิดกล่องของรอบนี้ไม่ได้" in told.err
    assert drilled_at(app, undrilled) is None


def test_a_round_without_keys_says_so(make: Make, command: Command, tmp_path: Path) -> None:
    other = make(RoundFactory).id
    early = tmp_path / "early"
    early.write_text(f"ITA-URN-KEY-1\nround {other}\n" + "07" * 32)
    told = command("drill-key", "--round", other, "--key", early)
    assert (told.code, "รอบนี้ยังไม่มีกุญแจ" in told.err) == (1, True)
