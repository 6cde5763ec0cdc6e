"""Posters of the external survey for many agencies at once, as long work.

Books of some agencies are printed and kept one by one, together with how far the job is; killed, it goes on
with the agencies that are in none. At the end the books become one ZIP and go. Only external links are asked
for (``external_surveys``), a book takes no others (``PosterBook``), and no desk outside reaches any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from models.job import Job
from models.letter import StoredFile
from models.place import Province
from models.round import Round, Stage
from portal.ballot.links import url_of_code
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.files import BOOK_OF_POSTERS, keep, stored_file
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.stages import stage_state
from portal.core.texts import _
from portal.surveys import poster_archive
from portal.surveys.external import ExternalSurvey, external_surveys, why_nothing_to_spread
from reports.letter_data import Audience, PosterData, PosterSheet
from reports.poster_data import PosterBook
from reports.printing import RenderingFailed, print_papers

KIND = "links.posters"
#: agencies of one book: what a kill costs at most, and what a printer holds at once
BOOK = 40
#: agencies without a link that the page of the work names; the ZIP names all
NAMED = 20
TITLES = {
    PosterSheet.A4: "Posters EIT · %(place)s",
    PosterSheet.A3: "Posters A3 EIT · %(place)s",
    PosterSheet.CARDS: "Table cards EIT · %(place)s",
}


def order(round: Round, province: Province | None, sheet: PosterSheet, *, actor: Actor) -> Job:
    """Queue the posters of a province, or of the country, as far as the actor's scope goes.

    Raises Refused where nothing can be spread.
    """
    refusal = why_nothing_to_spread(round, external_surveys(round, province.id if province else None))
    if refusal is not None:
        raise refusal
    place = _("Province %(name)s", name=province.name) if province else _("All agencies of the country")
    arguments = {
        "round_id": round.id,
        "province_id": province.id if province else None,
        "sheet": sheet.value,
    }
    return queue.enqueue(KIND, title=_(TITLES[sheet], place=place), arguments=arguments, actor=actor)


@job_kind(KIND, permission=P.POSTERS_ORDER)
def make_posters(context: JobContext) -> None:
    """Print what is in no book yet, and hand over all books as one ZIP."""
    round = db.session.get_one(Round, context.arguments["round_id"])
    province_id = context.arguments["province_id"]
    surveys = external_surveys(round, province_id)
    refusal = why_nothing_to_spread(round, surveys)
    if refusal is not None:
        raise JobFailed(refusal.message_id, **refusal.values)
    books = _kept_books(context, {survey.link_id for survey in surveys.ready})
    printed = {link for links in books.values() for link in links}
    todo = _books([survey for survey in surveys.ready if survey.link_id not in printed])
    papers = {key: _paper(round, book, context) for key, book in todo.items()}
    db.session.rollback()  # nothing is held while posters are printed
    done, total = len(printed), len(surveys.ready)
    context.progress(done, total)
    try:
        for key, content in print_papers(papers):
            _keep_book(context, books, todo[key], content)
            done += len(todo[key])
            context.progress(done, total, todo[key][0].province)
    except RenderingFailed as error:
        raise JobFailed(
            "The posters could not be printed: start again, the finished ones are kept"
        ) from error
    archive = poster_archive.packed(surveys, books, single=province_id is not None)
    named = [_named(survey, whole_country=province_id is None) for survey in surveys.without]
    _hand_over(context, books, archive, {"posters": total, "words": _said(total, named)})


def _books(surveys: Sequence[ExternalSurvey]) -> dict[str, Sequence[ExternalSurvey]]:
    """Agencies of one province each, so many at most, by names of books."""
    books: dict[str, Sequence[ExternalSurvey]] = {}
    for province_id, of_province in groupby(surveys, key=lambda survey: survey.province_id):
        rows = list(of_province)
        for first in range(0, len(rows), BOOK):
            books[f"{province_id}-{first}"] = rows[first : first + BOOK]
    return books


def _paper(round: Round, surveys: Sequence[ExternalSurvey], context: JobContext) -> PosterBook:
    sheet, last_day = PosterSheet(context.arguments["sheet"]), stage_state(round, Stage.EIT).last_day
    return PosterBook(
        tuple(
            PosterData(
                agency=survey.agency,
                instrument="EIT",
                audience=Audience.EXTERNAL,
                url=url_of_code(survey.code),
                year=round.year_and_scheme,
                closes_on=last_day,
                demo=current_app.settings.demo,  # type: ignore[attr-defined]
                sheet=sheet,
            )
            for survey in surveys
        )
    )


def _kept_books(context: JobContext, living: set[int | None]) -> dict[int, list[int]]:
    """The books of an earlier run by their files, each with its links; none with a link that was replaced.

    A book that was put away (a day after), or holds a link that works no more, is printed anew.
    """
    kept = {int(file): links for file, links in context.checkpoint.get("books", {}).items()}
    with privileged("books of posters that are kept") as session:
        there = set(session.scalars(select(StoredFile.id).where(StoredFile.id.in_(list(kept)))))
    good = {file: links for file, links in kept.items() if file in there and living.issuperset(links)}
    _drop(there - good.keys())
    return good


def _keep_book(
    context: JobContext, books: dict[int, list[int]], surveys: Sequence[ExternalSurvey], content: bytes
) -> None:
    """Keep a finished book and how far the job is: both or neither."""
    links = [survey.link_id for survey in surveys if survey.link_id is not None]
    with writing(), privileged("keeping a book of posters") as session:
        file = stored_file(f"{context.job_id}.pdf", BOOK_OF_POSTERS, content)
        key = keep(session, file, account_id=context.asker.account_id).id
        context.checkpoint["books"] = {**{str(one): books[one] for one in books}, str(key): links}
        context.save(session)
    books[key] = links


def _hand_over(
    context: JobContext, books: Mapping[int, list[int]], archive: bytes, result: dict[str, Any]
) -> None:
    """Keep the ZIP, and drop the books in the same moment."""
    with writing(), privileged("handing posters over") as session:
        name = f"{_('posters')}-{context.arguments['sheet']}.zip"
        context.keep_file(name, "application/zip", archive, session=session)
        session.execute(delete(StoredFile).where(StoredFile.id.in_(list(books))))
        context.finish(result, session=session)


def _drop(files: set[int]) -> None:
    if files:
        with writing(), privileged("dropping old books of posters") as session:
            session.execute(delete(StoredFile).where(StoredFile.id.in_(files)))


def _said(total: int, without: Sequence[str]) -> str:
    """What the page of the work says at its end: how many, and who has no link."""
    made = _("%(count)s agencies have their posters in the file", count=f"{total:,}")
    if not without:
        return made
    more = len(without) - NAMED
    rest = _(" and %(count)s more (all are named in the file)", count=f"{more:,}") if more > 0 else ""
    lacking = _(
        "%(count)s agencies have no link yet: %(names)s",
        count=f"{len(without):,}", names=", ".join(without[:NAMED]),
    )  # fmt: skip
    return f"{made} · {lacking}{rest}"


def _named(survey: ExternalSurvey, *, whole_country: bool) -> str:
    """An agency as the page names it: in the country with its province, in a province with its district."""
    if not whole_country:
        return survey.place
    return f"{survey.agency} {_('in %(province)s', province=survey.province)}"
