"""Two who write down destroyed keys at once: one certificate is the first, the other person is told."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.destruction import KeyDestruction
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.destruction.writing import WRITTEN
from tests.support.destruction import SECOND, STATED, boxes_opened, written
from tests.support.races import AT_ONCE, at_once
from tests.support.world import World

pytestmark = pytest.mark.postgres


def test_the_first_certificate_is_written_once(app: Portal, world: World) -> None:
    with app.app_context():
        boxes_opened(world)

    def write() -> bool:
        try:
            with app.app_context():
                written(world, STATED, SECOND)
                return True
        except Refused as refused:
            assert refused.message_id == WRITTEN
            return False

    assert sum(at_once([write] * AT_ONCE)) == 1
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(KeyDestruction)) == 1
