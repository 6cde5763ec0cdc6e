"""The ZIP of ordered posters: what a printing house and a province can hand out as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.letter import StoredFile
from portal.core.database.session import privileged
from portal.core.texts import _
from portal.surveys.external import ExternalSurvey, ExternalSurveys
from reports.archive import zip_files
from reports.poster_files import Sheet, join_sheets, single_sheets


def packed(surveys: ExternalSurveys, books: Mapping[int, Sequence[int]], *, single: bool) -> bytes:
    """One PDF per province for its printer, and who has no link; ``single``: a file for each agency too.

    ``books``: which links stand on the pages of which stored file.
    """
    with TemporaryDirectory(prefix="posters-") as folder:
        place = _laid(Path(folder), books)
        return zip_files(_files(surveys, place, single=single))


def _laid(folder: Path, books: Mapping[int, Sequence[int]]) -> dict[int, tuple[Path, int]]:
    """The books as files of a folder; gives where the page of each link is."""
    place = {}
    for key, links in books.items():
        with privileged("collecting printed posters") as session:
            query = select(StoredFile).where(StoredFile.id == key).options(undefer(StoredFile.content))
            content = session.scalars(query).one().content
        path = folder / f"{key}.pdf"
        path.write_bytes(content)
        place.update({link: (path, page) for page, link in enumerate(links)})
    return place


def _files(
    surveys: ExternalSurveys, place: Mapping[int, tuple[Path, int]], *, single: bool
) -> Iterator[tuple[str, bytes]]:
    for _key, of_province in groupby(surveys.ready, key=lambda survey: survey.province_id):
        rows = list(of_province)
        sheets = [Sheet(row.place, *place[row.link_id]) for row in rows if row.link_id is not None]
        name = _("Province %(name)s", name=rows[0].province)
        yield f"{name} {_('all for printing')}.pdf", join_sheets(sheets, title=name)
        if single:
            for number, (sheet, content) in enumerate(zip(sheets, single_sheets(sheets), strict=True), 1):
                yield f"{name} {number:03} {sheet.title}.pdf", content
    if surveys.without:
        yield _("agencies without a link") + ".txt", _listed(surveys.without)


def _listed(without: Sequence[ExternalSurvey]) -> bytes:
    """A list that any desk opens: Windows knows its script by the first three bytes."""
    lines = [_("These agencies have no link yet, so there is no poster of them")]
    lines += [f"{_('Province %(name)s', name=one.province)}\t{one.place}" for one in without]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")
