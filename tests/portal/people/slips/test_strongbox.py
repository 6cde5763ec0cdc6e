"""The strongbox: what lies in it opens with its passphrase alone, at its own place, and goes after a day."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

import pytest

from models.onboarding import SlipOrder
from portal.core import clock
from portal.core.database.session import db
from portal.core.web import Portal
from portal.duties import clear_slips
from portal.people.slips import strongbox
from portal.people.slips.strongbox import KEPT_FOR, Lock, Unreadable
from tests.factories.base import Make
from tests.factories.onboarding import SlipOrderFactory
from tests.support.world import row

CONTENT = b"%PDF of passwords" * 1000


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def test_a_passphrase_is_long_readable_and_never_the_same() -> None:
    made = {strongbox.new_passphrase() for _one in range(50)}
    assert len(made) == 50
    for passphrase in made:
        assert [len(group) for group in passphrase.split("-")] == [4] * 6
        assert strongbox.is_whole(passphrase)
    assert not strongbox.is_whole("ABCD-EFGH") and not strongbox.is_whole("สวัสดี" * 10)


def test_it_opens_however_it_was_typed_and_with_no_other() -> None:
    passphrase = strongbox.new_passphrase()
    lock = Lock.made_for(passphrase)
    assert lock.key_of(f" {passphrase.lower().replace('-', ' ')} ") is not None
    assert lock.key_of(strongbox.new_passphrase()) is None
    assert Lock.made_for(passphrase) != lock, "each order has a salt of its own"


def test_nothing_that_is_kept_opens_a_part(app: Portal) -> None:
    passphrase = strongbox.new_passphrase()
    lock = Lock.made_for(passphrase)
    name = strongbox.put(7, "executive-52", CONTENT, lock)
    file = strongbox.folder_of(7) / name
    assert b"PDF" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    private = lock.key_of(passphrase)
    assert private is not None
    assert strongbox.take(7, "executive-52", name, private) == CONTENT
    for order_id, key in ((7, "executive-81"), (7, "agency_admin-52")):
        with pytest.raises(Unreadable):
            strongbox.take(order_id, key, name, private)
    other = Lock.made_for(strongbox.new_passphrase())
    assert lock.public_key not in file.read_bytes() and other.public_key != lock.public_key


def test_a_part_is_never_written_over_by_who_lost_the_job() -> None:
    lock = Lock.made_for(strongbox.new_passphrase())
    assert strongbox.put(7, "executive-52", b"one", lock) != strongbox.put(7, "executive-52", b"two", lock)


def test_after_a_day_the_files_go_and_the_order_says_so(make: Make) -> None:
    order = make(SlipOrderFactory)
    lock = Lock.made_for(strongbox.new_passphrase())
    strongbox.put(order.id, "executive-52", CONTENT, lock)
    clear_slips()
    assert strongbox.has_any(order.id) and row(SlipOrder, order.id).gone_at is None
    long_ago = (clock.machine() - KEPT_FOR).timestamp() - 60
    for path in (*strongbox.folder_of(order.id).iterdir(), strongbox.folder_of(order.id)):
        os.utime(path, (long_ago, long_ago))
    clear_slips()
    assert not strongbox.folder_of(order.id).exists()
    assert row(SlipOrder, order.id).gone_at is not None


def test_files_of_no_order_go_too_and_what_is_not_ours_stays(app: Portal) -> None:
    long_ago = (clock.machine() - KEPT_FOR).timestamp() - 60
    stray, foreign = strongbox.folder_of(4711), app.settings.strongbox / "notes"
    for folder in (stray, foreign):
        folder.mkdir(parents=True)
        os.utime(folder, (long_ago, long_ago))
    clear_slips()
    assert not stray.exists() and foreign.exists()
