"""The external surveys of many agencies, as offices outside the agencies may know them: EIT alone.

Nobody outside an agency sees its internal link: such rows are not in the scope of a desk there, and here they
are not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from models.instrument import InstrumentKind
from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState, Stage
from models.survey import SurveyLink
from models.thai import sort_key
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.stages import closed, stage_state

NO_LINKS = "No agency has its link yet: each gets it once its executive has confirmed the data"


@dataclass(frozen=True)
class ExternalSurvey:
    """The external survey of one agency; ``link_id`` is None, ``code`` empty, before it has its link."""

    province_id: int
    province: str
    district: str
    agency: str
    link_id: int | None
    code: str

    @property
    def place(self) -> str:
        """The agency with its district, as it is told from others of its name."""
        return f"{self.agency} อ.{self.district}" if self.district else self.agency


@dataclass(frozen=True)
class ExternalSurveys:
    """The external surveys of a province or of the country, by province, district and name."""

    ready: Sequence[ExternalSurvey]
    without: Sequence[ExternalSurvey]

    @property
    def total(self) -> int:
        """Agencies with a link and without."""
        return len(self.ready) + len(self.without)


def external_surveys(round: Round, province_id: int | None = None) -> ExternalSurveys:
    """Those of a round inside the actor's scope, of one province or of all; one query."""
    living = and_(
        SurveyLink.participation_id == Participation.id,
        SurveyLink.instrument == InstrumentKind.EIT,
        SurveyLink.revoked_at.is_(None),
    )
    query = (
        select(
            Participation.province_id,
            Province.name,
            Participation.district_name,
            Participation.full_name,
            SurveyLink.id,
            SurveyLink.code,
            Province.sort_key,
            Participation.sort_key,
        )
        .join(Province, Province.id == Participation.province_id)
        .outerjoin(SurveyLink, living)
        .where(Participation.round_id == round.id)
    )
    if province_id is not None:
        query = query.where(Participation.province_id == province_id)
    rows = sorted(db.session.execute(query), key=lambda row: (row[6], sort_key(row[2]), row[7], row[4] or 0))
    found = [ExternalSurvey(*row[:5], row[5] or "") for row in rows]
    return ExternalSurveys(
        [one for one in found if one.link_id is not None], [one for one in found if one.link_id is None]
    )


def why_nothing_to_spread(round: Round, surveys: ExternalSurveys) -> Refused | None:
    """Why no posters can be ordered now; None where they can. Before the first window they can."""
    if round.state is not RoundState.OPEN:
        return Refused("This round is not open, so its surveys take no answers")
    stage = stage_state(round, Stage.EIT)
    if stage.is_over or not stage.spans:
        return closed(stage)
    return None if surveys.ready else Refused(NO_LINKS)
