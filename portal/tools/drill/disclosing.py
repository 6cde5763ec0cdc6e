"""Checklists of the drill: answered by the admin, passed by the executive, scored by an assessor."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, insert, select

from models.assessor import Assignment
from models.disclosure import Disclosure, DisclosureState
from models.participation import Participation
from portal.core.database.session import privileged, writing
from portal.core.lookup import participation_or_404
from portal.disclosure import answering as disclosure
from portal.disclosure import review as disclosure_review
from portal.disclosure import scoring as disclosure_scoring
from portal.disclosure.state import ensure_disclosure
from portal.tools.drill import checklists
from portal.tools.drill.cast import Team, acting
from portal.tools.drill.ground import Ground


def disclose(ground: Ground) -> None:
    """Bring the planned checklists to their scores."""
    teams = ground.cast.teams[-ground.plan.disclosures :]
    with ground.report.step("OIT answered, approved and scored") as step:
        _assign(ground, [team.agency_id for team in teams])
        for team in teams:
            _disclose_one(ground, team)
            step.count += 1
    with privileged("drill: counting checklists") as session:
        query = select(func.count()).where(Disclosure.state == DisclosureState.SCORED)
        ground.report.check("checklists scored", found=session.scalar(query), planned=ground.plan.disclosures)


def _assign(ground: Ground, agencies: list[int]) -> None:
    with writing(), privileged("drill: assignments") as session:
        query = select(Participation.id, Participation.agency_id, Participation.province_id)
        rows = session.execute(query.where(Participation.agency_id.in_(agencies))).all()
        session.connection().execute(
            insert(Assignment),
            [
                {"participation_id": key, "agency_id": agency, "province_id": province, "body_id": body}
                for key, agency, province in rows
                for body in (ground.cast.body_id,)
            ],
        )


def _disclose_one(ground: Ground, team: Team) -> None:
    with acting(team.admin_grant) as actor:
        mine = ground.mine()
        checklists.answer_all(mine, actor=actor, link=lambda item: f"https://example.go.th/{item.code}")
        version = ensure_disclosure(mine).version
        disclosure.submit(mine, version=version, actor=actor)
        participation_id = mine.id
    with acting(team.executive_grant) as actor:
        mine = ground.mine()
        checklists.pass_all(mine, actor=actor)
        version = ensure_disclosure(mine).version
        disclosure_review.confirm_review(mine, version=version, actor=actor)
    with acting(ground.cast.assessor) as actor:
        theirs = participation_or_404(ground.round_id, participation_id)
        checklists.score_all(theirs, actor=actor, points=lambda item: Decimal(100))
        version = ensure_disclosure(theirs).version
        disclosure_scoring.finish_scoring(theirs, version=version, actor=actor)
