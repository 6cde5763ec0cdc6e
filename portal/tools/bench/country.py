"""A portal of its own as full as a share of the country, its round open: what a drill is tried on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from models.assessor import AssessorBody
from portal.core.database import migrate
from portal.core.database.session import db, privileged
from portal.tools.bench import filler
from portal.tools.bench.amounts import LITTLE
from portal.tools.drill.plan import Plan
from portal.tools.drill.register_file import registry_file, small_register
from portal.tools.drill.report import Report
from portal.tools.drill.walk import Walk

_TWO_AGENCIES = Plan(provinces=1, agencies=2, incomplete=0, surveyed=2)


def fill(app: Any, share: float, *, key_file: Path, clock_file: Path) -> filler.Size:
    """Fill the empty database of an application; its boxes will not be opened.

    ``share`` 1 is the whole country, with the real register where it is at hand; a very small share has the
    register of one province. The round's private key goes to ``key_file``.
    """
    migrate.upgrade(app.settings.database_owner_url)
    registry = small_register() if share <= LITTLE.share else registry_file(app.settings)
    walk = Walk(app, _TWO_AGENCIES, Report(quiet=True), clock_file=clock_file)
    with app.app_context():
        walk.register(*registry)
        walk.open_round(key_file)
        walk.prepare()
        with privileged("a drill: the assessor body") as session:
            body_id = session.scalars(select(AssessorBody.id)).first()
        assert body_id is not None, "the walk's cast has one"
        written = filler.fill(walk.round_id, filler.Size.of(share), body_id=body_id, largest=1, opened=False)
        db.session.remove()
    return written
