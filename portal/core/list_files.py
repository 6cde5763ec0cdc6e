"""Lists as files: what a page shows (its tab, filter, order and scope), all of its pages.

The page and the file are made from one query. A list is named with the function that makes its file from
plain arguments, so that a worker can make it too: a small file goes out at once, a large one is a job of who
asked, written row by row. On paper (PDF) a list is always a job: nobody waits for a press.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from flask import render_template, request, url_for
from werkzeug.utils import redirect

from models.job import Job, Lane
from models.thai import thai_datetime_short
from portal.core import clock
from portal.core.access import Permission, can, the_actor
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import CSV, PDF, XLSX, attachment
from portal.core.errors import NotFound
from portal.core.jobs import queue
from portal.core.jobs.kinds import NO_RIGHT, JobContext, JobFailed, job_kind
from portal.core.list_papers import MOST_ON_PAPER, Plan, paper_of
from portal.core.list_papers import Sheet as PaperSheet
from portal.core.texts import _
from reports.printing import RenderingFailed, print_paper
from reports.sheet_rows import LARGEST_SHEET
from reports.spreadsheets import Cell, Sheet, csv_stream, write_xlsx, xlsx_bytes

KIND, PAPER = "lists.file", "lists.paper"
#: files of at most so many rows are made while the person waits
AT_ONCE = 10_000
#: a sheet's rows that a title and heads may take
ABOVE = 12
FORMATS = {"xlsx": XLSX, "csv": CSV}
#: the ending of a list on paper
ON_PAPER = "pdf"
TOO_LONG = "This list has more rows than are printed: narrow it, or take the file for a spreadsheet"
NOT_PRINTED = "The list could not be printed: order it again"


@dataclass(frozen=True)
class ListFile:
    """A list as a file. ``count``: how many rows it has, exact up to ``AT_ONCE``, then one more or all.

    ``about``: lines under the title: what the list is of and how it is narrowed. ``plain``: its ASCII name.
    ``total``: the exact number of rows, asked only for a large one. ``plan``: how it lies on paper; a list
    without one is not printed.
    """

    title: str
    plain: str
    header: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    count: int
    about: Sequence[str] = ()
    widths: Sequence[float] = ()
    total: Callable[[], int] | None = None
    plan: Plan | None = None

    def sheet(self, rows: Iterable[Sequence[Cell]]) -> Sheet:
        """The file as a sheet with these of its rows."""
        return Sheet(self.title, self.header, rows, self.widths, (self.title, *self.about, _made()))


def _made() -> str:
    return _("Data of %(when)s", when=thai_datetime_short(clock.now()))


Make = Callable[[Mapping[str, Any]], ListFile]


@dataclass(frozen=True)
class Maker:
    """How a list's file is made from its arguments, and who may have it."""

    make: Make
    permission: Permission | None


MAKERS: dict[str, Maker] = {}


def filters_said(pairs: Iterable[tuple[Any, Any]]) -> list[str]:
    """The line that says how a list is narrowed, from (label, words); none where it is not."""
    said = " · ".join(f"{label}: {words}" for label, words in pairs if words)
    return [_("Filtered by %(filters)s", filters=said)] if said else []


def answer(name: str, arguments: dict[str, Any], ext: str, *, back: str) -> Any:
    """The file of a list for this request: at once, or for a large one a page that offers a job.

    A POST asks for the job; ``back`` is the address of the list. Raises NotFound for an ending that is none.
    """
    if ext not in FORMATS and ext != ON_PAPER:
        raise NotFound
    file = MAKERS[name].make(arguments)
    if ext == ON_PAPER and file.plan is None:
        raise NotFound
    too_long, here = ext == ON_PAPER and file.count > MOST_ON_PAPER, request.full_path.rstrip("?")
    if request.method == "POST" and not too_long:
        return redirect(url_for("jobs.show", job_id=_enqueue(name, arguments, ext, file).id))
    if ext == ON_PAPER:
        page = render_template("list_paper.html", file=file, here=here, back=back, too_long=too_long)
        return page, 422 if request.method == "POST" else 200
    if file.count > AT_ONCE:
        return render_template("large_file.html", file=file, here=here, back=back, most=AT_ONCE)
    content: Any = (
        xlsx_bytes([file.sheet(file.rows())])
        if ext == "xlsx"
        else b"".join(csv_stream(file.header, file.rows()))
    )
    return attachment(content, FORMATS[ext], f"{file.title}.{ext}", plain=_stamped(file))


def _enqueue(name: str, arguments: dict[str, Any], ext: str, file: ListFile) -> Job:
    what = {"list": name, "arguments": arguments, "ext": ext}
    kind = PAPER if ext == ON_PAPER else KIND
    return queue.enqueue(
        kind, title=_("File: %(title)s", title=file.title), arguments=what, actor=the_actor()
    )


def _stamped(file: ListFile) -> str:
    return f"{file.plain}-{clock.now():%Y%m%d-%H%M}"


@job_kind(KIND)
def make_list_file(context: JobContext) -> None:
    """Write a large list row by row; what no sheet can hold becomes a CSV file, and CSV goes out packed."""
    file = _asked(context)
    total = file.total() if file.total else file.count
    context.progress(0, total)
    rows = _counted(context, file, total)
    as_sheet = context.arguments["ext"] == "xlsx" and total + ABOVE <= LARGEST_SHEET
    ext, ending, content_type = ("xlsx", "xlsx", XLSX) if as_sheet else ("csv", "zip", "application/zip")
    with tempfile.TemporaryFile() as target:
        write(file, rows, target, ext=ext)
        db.session.rollback()  # all is read: no lock waits for what follows
        with writing(), privileged("keeping a list's file") as session:
            context.keep_file(f"{file.title}.{ending}", content_type, target, session=session)
            context.finish({"rows": total}, session=session)


def write(file: ListFile, rows: Iterable[Sequence[Cell]], target: IO[bytes], *, ext: str) -> None:
    """Write rows of a list as a workbook, or as a packed CSV file."""
    if ext == "xlsx":
        write_xlsx([file.sheet(rows)], target)
    else:
        _pack(target, f"{_stamped(file)}.csv", csv_stream(file.header, rows))


@job_kind(PAPER, lane=Lane.SHORT)
def print_list(context: JobContext) -> None:
    """Print a list as PDF. Raises JobFailed for one that is too long, or where the press fails."""
    file = _asked(context)
    if file.plan is None or file.count > MOST_ON_PAPER:
        raise JobFailed(TOO_LONG)
    office = context.asker.place
    about = [*file.about, f"{_made()} · {_('Printed by %(place)s', place=office)}"]
    sheet = PaperSheet(file.title, about, file.header, file.rows(), office, clock.now())
    paper = paper_of(sheet, file.plan)
    db.session.rollback()
    try:
        content = print_paper(paper)
    except RenderingFailed as error:
        raise JobFailed(NOT_PRINTED) from error
    with writing(), privileged("keeping a list's file") as session:
        context.keep_file(f"{file.title}.pdf", PDF, content, session=session)
        context.finish({"rows": paper.count}, session=session)


def _asked(context: JobContext) -> ListFile:
    """The list that the job is about. Raises JobFailed where its asker may not have it."""
    maker, actor = MAKERS.get(context.arguments["list"]), context.actor
    if maker is None or actor is None or not (maker.permission and can(actor, maker.permission)):
        raise JobFailed(NO_RIGHT)
    return maker.make(context.arguments["arguments"])


def _counted(context: JobContext, file: ListFile, total: int) -> Iterator[Sequence[Cell]]:
    for done, row in enumerate(file.rows(), start=1):
        yield row
        if done % 500 == 0:
            context.progress(min(done, total), total)


def _pack(target: IO[bytes], name: str, parts: Iterable[bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as entry:
        for part in parts:
            entry.write(part)
