"""Anchors as they are written: whole each day, changes between, one key, none written over."""

from __future__ import annotations

import stat

import pytest

from config import ConfigurationError
from portal import duties
from portal.core import audit
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.record import anchors

pytestmark = pytest.mark.postgres


def recorded(chain: str) -> None:
    with writing(), privileged("a test records") as session:
        audit.record(session, act="test.act", thing="round", chain=chain)


def test_the_duty_writes_the_next_anchor_with_the_heads_that_changed(app: Portal) -> None:
    with app.app_context():
        recorded("agency:1")
        duties.anchor_record()
        recorded("agency:2")
        duties.anchor_record()
        first, second = anchors.one(1), anchors.one(2)
    assert first.whole and "agency:1" in first.heads
    assert not second.whole and second.heads.keys() == {"agency:2"}
    assert second.chains == len(first.heads.keys() | {"agency:2"})
    assert f"before: {first.digest}\n".encode() in (app.settings.anchors / "anchor-0000002.txt").read_bytes()


def test_all_heads_are_named_again_each_day_and_after_a_gap(app: Portal) -> None:
    with app.app_context():
        recorded("agency:1")
        whole = [anchors.write().whole for _number in range(anchors.WHOLE_EVERY + 2)]
        assert [number for number, one in enumerate(whole, 1) if one] == [1, 25]
        (app.settings.anchors / "anchor-0000025.txt").unlink()
        assert anchors.write().whole, "what an anchor that is missing named is not known"
        assert not anchors.write().whole


def test_the_key_is_its_owner_s_and_never_replaced(app: Portal) -> None:
    file = app.settings.key_dir / anchors.KEY
    with app.app_context():
        assert anchors.public_key() is None and anchors.fingerprint() == ""
        pem = anchors.make_key()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        anchors.write()
        assert anchors.public_key() == anchors.make_key() == pem
        kept = file.read_bytes()
        file.write_bytes(b"short")
        with pytest.raises(ConfigurationError, match="damaged"):
            anchors.write()
        file.unlink()
        with pytest.raises(ConfigurationError, match="missing"):
            anchors.write()
        file.write_bytes(kept)
        assert anchors.write().number == 2


def test_no_anchor_is_written_over_and_none_half(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers that count alike: the second fails, and its duty is tried again."""
    with app.app_context():
        anchors.write()
        before = anchors.content(1)
        monkeypatch.setattr(anchors, "_numbers", lambda folder: [])
        with pytest.raises(FileExistsError):
            anchors.write()
        assert anchors.content(1) == before
    assert [file.name for file in app.settings.anchors.iterdir()] == ["anchor-0000001.txt"]


def test_what_is_no_anchor_is_left_out(app: Portal) -> None:
    with app.app_context():
        anchors.write()
        for name, body in (("anchor-0000002.txt", b"\xff"), ("anchor-0000003.txt", b""), ("other.txt", b"x")):
            (app.settings.anchors / name).write_bytes(body)
        (app.settings.anchors / "anchor-0000004.txt").write_text(f"{anchors.TITLE}\nnumber: 4\n")
        assert [one.number for one in anchors.listed(most=9)] == [1]
        with pytest.raises(LookupError):
            anchors.one(3)
        assert anchors.write().whole, "it follows what is there, and leans on nothing that it cannot read"
