"""``anchor-key``: the public key is printed, made where there is none yet, and never made anew."""

from __future__ import annotations

from portal.core.web import Portal
from portal.record import anchors
from tests.support.command_line import Command


def test_the_public_key_is_printed_and_stays(app: Portal, command: Command) -> None:
    told = command("anchor-key")
    assert told.code == 0 and told.out.startswith("-----BEGIN PUBLIC KEY-----\n")
    with app.app_context():
        anchors.write()
        assert anchors.public_key() == told.out
    assert command("anchor-key").out == told.out


def test_a_key_that_was_lost_is_told(app: Portal, command: Command) -> None:
    with app.app_context():
        anchors.write()
    (app.settings.key_dir / anchors.KEY).unlink()
    told = command("anchor-key")
    assert (told.code, told.out) == (2, "") and "is missing: restore it" in told.err
