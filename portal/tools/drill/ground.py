"""What every part of the drill stands on: the application, the plan, the time, and who takes part."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from models.participation import Participation
from models.round import Round
from portal.core.database.session import db
from portal.core.lookup import own_participation
from portal.core.web import Portal
from portal.tools.drill.cast import Cast
from portal.tools.drill.plan import Plan
from portal.tools.drill.report import Report


class Ground:
    """One drill over one application; ``clock_file`` is the time that it, its server and worker read."""

    #: how many agencies the register has, once it is imported
    agencies: int = 0
    #: the round and the people, once they are there
    round_id: int
    cast: Cast

    def __init__(self, app: Portal, plan: Plan, report: Report, *, clock_file: Path) -> None:
        self.app, self.plan, self.report, self.clock_file = app, plan, report, clock_file

    def this_round(self) -> Round:
        """The round, in the session of whoever acts."""
        return db.session.get_one(Round, self.round_id)

    def mine(self) -> Participation:
        """The participation of the acting person's agency."""
        return own_participation(self.round_id)

    def set_clock(self, moment: datetime) -> None:
        """Let another time begin, for the drill, its server and its worker."""
        self.clock_file.write_text(moment.isoformat())
