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
from tests.factories.base import Make
from tests.factories.rounds import RoundFactory
from tests.support.world import World


def test_keys_lie_in_a_folder_that_only_their_owner_reads(app: Portal, world: World) -> None:
    folder = app.settings.key_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {
        stat.S_IMODE((folder / f"round-{world.round_id}.{kind}").stat().st_mode) for kind in ("mark", "urn")
    }
    assert modes == {0o400}


def test_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = keys.KeyFolder(tmp_path / "far" / "keys")
    public_key = folder.make(7)
    assert keys.public_key_of(folder.urn_key(7)) == public_key
    assert len(folder.mark_key(7)) == len(folder.urn_key(7)) == 32
    folder.path.chmod(0o755)
    folder.make(8)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_new_round_gets_keys_of_its_own_and_is_ready_after_its_drill(app: Portal, make: Make) -> None:
    bare = make(RoundFactory)
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, bare.id)
        keys.prepare(session, round)
        private_key = keys.key_folder().urn_key(round.id)
        assert keys.public_urn_key(session, round.id) == keys.public_key_of(private_key)
        assert keys.urn_ready(round)


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


def test_once_its_holder_took_the_private_key_no_second_pair_is_made(app: Portal, world: World) -> None:
    """A second pair would lose every answer that was sealed to the first."""
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        before = keys.public_urn_key(session, round.id)
        keys.forget_urn_key(round)
        keys.make_keys(session, round)
        assert not keys.key_folder().has_urn_key(round.id)
        assert keys.public_urn_key(session, round.id) == before


def test_a_damaged_key_is_told_and_not_used(app: Portal, world: World) -> None:
    with app.app_context():
        file = keys.key_folder().path / f"round-{world.round_id}.mark"
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-1])
        with pytest.raises(keys.KeyMissing, match="damaged"):
            keys.key_folder().mark_key(world.round_id)


def test_a_round_without_keys_has_nothing_to_drill(app: Portal, make: Make) -> None:
    bare = make(RoundFactory)
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, bare.id)
        assert keys.public_urn_key(session, round.id) is None
        with pytest.raises(Refused, match="no keys yet"):
            keys.drill_urn_key(round, b"7" * 32)
        assert round.urn_drill_at is None


def test_a_drilled_round_is_ready_only_while_its_marks_have_a_key(app: Portal, world: World) -> None:
    with app.app_context(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        assert keys.urn_ready(round)
        assert keys.key_folder().destroy_mark_key(round.id)
        assert not keys.key_folder().destroy_mark_key(round.id), "it was gone before"
        assert not keys.urn_ready(round)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "ITA-URN-KEY-1\nround 7\n",
        "ITA-URN-KEY-1\nround 7",
        f"ITA-URN-KEY-2\nround 7\n{'ab' * 32}\n",
        f"ITA-URN-KEY-1\nround 70\n{'ab' * 32}\n",
        f"ITA-URN-KEY-1\nround 7\n{'xy' * 32}\n",
        f"ITA-URN-KEY-1\nround 7\n{'ab' * 31}\n",
        f"ITA-URN-KEY-1\nround ๗\n{'ab' * 32}\n",
    ],
    ids=[
        "empty",
        "no key",
        "cut short",
        "another version",
        "another round",
        "no hex",
        "too short",
        "Thai digits",
    ],
)
def test_a_file_that_holds_no_key_of_the_round_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "holder.key"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Refused, match="holds no urn key"):
        keys.read_exported(file, round_id=7)


def test_a_file_whose_last_line_break_an_editor_took_is_still_the_key(tmp_path: Path) -> None:
    file = tmp_path / "holder.key"
    file.write_text(f"ITA-URN-KEY-1\nround 7\n{'ab' * 32}")
    assert keys.read_exported(file, round_id=7) == b"\xab" * 32


def test_an_exported_key_is_read_by_its_owner_only(app: Portal, world: World, tmp_path: Path) -> None:
    file = tmp_path / "holder.key"
    with app.app_context():
        keys.export_urn_key(world.round_id, file)
        assert keys.read_exported(file, round_id=world.round_id) == keys.key_folder().urn_key(world.round_id)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert [path.name for path in tmp_path.glob(".holder*")] == [], "no draft of it is left"


def test_destroying_overwrites_and_removes(tmp_path: Path) -> None:
    file, twin = tmp_path / "key", tmp_path / "twin"
    file.write_bytes(b"secret" * 6)
    twin.hardlink_to(file)
    assert keys.destroy_file(file)
    assert not file.exists()
    assert b"secret" not in twin.read_bytes()
    assert not keys.destroy_file(file)
