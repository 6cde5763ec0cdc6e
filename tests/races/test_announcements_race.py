"""A person acknowledges in two windows at once; two officers put another in an announcement's place."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from models.announcement import Announcement, AnnouncementReceipt
from portal.announcements import reading, writing
from portal.core.acting import acting
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.races import at_once
from tests.support.world import World
from tests.views.announcements.test_announcements import sent


def test_two_windows_make_one_receipt(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    key = sent(app, client_as("dla"))

    def acknowledge() -> None:
        with app.app_context(), acting(world.actor("province")) as actor:
            reading.acknowledge(key, actor)

    at_once([acknowledge] * 6)
    with app.app_context(), privileged("counting receipts") as session:
        assert session.scalar(select(func.count()).select_from(AnnouncementReceipt)) == 1


def test_of_two_who_replace_it_at_once_both_get_the_one_draft(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    key = sent(app, client_as("dla"))

    def replace() -> int:
        with app.app_context(), acting(world.actor("dla")) as actor:
            return writing.replace(writing.written(key, actor), actor=actor).id

    assert len(set(at_once([replace] * 4))) == 1
    with app.app_context(), privileged("counting drafts") as session:
        drafts = select(func.count()).select_from(Announcement).where(Announcement.replaces_id == key)
        assert session.scalar(drafts) == 1
