"""The posters and cards of a survey as long work: laying them out takes seconds, which a page must not."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app

from models.instrument import InstrumentKind
from models.job import Lane
from models.participation import Participation
from models.survey import SurveyLink
from portal.ballot.links import survey_url
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import PDF
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.stages import stage_of
from portal.surveys.links import STAGES
from reports.letter_data import Audience, PosterData, PosterSheet
from reports.printing import RenderingFailed, print_paper

KIND = "links.poster"


@job_kind(KIND, permission=P.LINKS_READ, lane=Lane.SHORT)
def run(context: JobContext) -> None:
    """Make the poster or cards (``sheet``) of the link ``arguments["link"]``, in the scope of who asked."""
    context.progress(0, 1)
    link = db.session.get(SurveyLink, context.arguments["link"])
    if link is None or link.revoked_at is not None:
        raise JobFailed("This link was replaced: make the poster of the new one")
    participation, kind = link.participation, link.instrument
    sheet = PosterSheet(context.arguments.get("sheet", PosterSheet.A4.value))
    poster = replace(poster_of(participation, kind, url=survey_url(link)), sheet=sheet)
    internal = poster.audience is Audience.INTERNAL
    name = f"{sheet.value}-{kind.value}-{participation.code or participation.id}.pdf"
    db.session.rollback()  # nothing is held while it is made
    try:
        content = print_paper(poster)
    except RenderingFailed as error:
        raise JobFailed("The poster could not be made: start again") from error
    with writing(), privileged("keeping a poster") as session:
        context.keep_file(name, PDF, content, internal=internal, session=session)
        context.finish({"posters": 1}, session=session)


def poster_of(participation: Participation, kind: InstrumentKind, *, url: str) -> PosterData:
    """What stands on the poster of a survey."""
    return PosterData(
        agency=participation.full_name,
        instrument=kind.value.upper(),
        audience=Audience.INTERNAL if kind is InstrumentKind.IIT else Audience.EXTERNAL,
        url=url,
        year=participation.round.year_and_scheme,
        closes_on=stage_of(participation, STAGES[kind]).last_day,
        demo=current_app.settings.demo,  # type: ignore[attr-defined]
    )
