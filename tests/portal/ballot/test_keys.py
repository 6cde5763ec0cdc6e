"""Keys: made once, never overwritten, drilled, handed over, destroyed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from models.round import Round
from portal.ballot import keys
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.support.world import World


def test_keys_lie_in_a_folder_that_only_their_owner_reads(app: Portal, world: World) -> None:
    folder = app.settings.key_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {
        stat.S_IMODE((folder / f"round-{world.round_id}.{kind}").stat().st_mode) for kind in ("mark", "urn")
    }
    assert modes == {0o400}


def test_making_keys_again_changes_nothing(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        before = keys.key_folder().mark_key(round.id), keys.public_urn_key(session, round.id)
        keys.make_keys(session, round)
        assert (keys.key_folder().mark_key(round.id), keys.public_urn_key(session, round.id)) == before


def test_a_folder_of_another_database_is_refused(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        keys.key_folder().destroy_urn_key(round.id)
        keys.key_folder().make(round.id)
        with pytest.raises(Refused):
            keys.make_keys(session, round)


def test_a_wrong_key_fails_the_drill_and_a_right_one_sets_its_time(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        round.urn_drill_at = None
        assert not keys.urn_ready(round)
        with pytest.raises(Refused):
            keys.forget_urn_key(round)
        with pytest.raises(Refused):
            keys.drill_urn_key(round, X25519PrivateKey.generate().private_bytes_raw())
        assert round.urn_drill_at is None
        keys.drill_urn_key(round, keys.key_folder().urn_key(round.id))
        assert keys.urn_ready(round)


def test_the_holder_takes_the_private_key_away(app: Portal, world: World, tmp_path: Path) -> None:
    file = tmp_path / "holder.key"
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        keys.export_urn_key(round.id, file)
        with pytest.raises(FileExistsError):
            keys.export_urn_key(round.id, file)
        keys.drill_urn_key(round, keys.read_exported(file, round_id=round.id))
        with pytest.raises(Refused):
            keys.read_exported(file, round_id=round.id + 1)
        keys.forget_urn_key(round)
        assert not keys.key_folder().has_urn_key(round.id)
        with pytest.raises(keys.KeyMissing):
            keys.key_folder().urn_key(round.id)


def test_destroying_overwrites_and_removes(tmp_path: Path) -> None:
    file, twin = tmp_path / "key", tmp_path / "twin"
    file.write_bytes(b"secret" * 6)
    twin.hardlink_to(file)
    assert keys.destroy_file(file)
    assert not file.exists()
    assert b"secret" not in twin.read_bytes()
    assert not keys.destroy_file(file)
