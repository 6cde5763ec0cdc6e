"""A province's certificates as one file for the printer, each on a sheet of its own, by their numbers.

Those that were not printed yet are printed and kept first, each as it is finished: a killed job goes on with
the others. Withdrawn ones are left out, and how many they are is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.certificate import Certificate
from models.letter import StoredFile
from models.place import Province
from models.round import Round
from portal.certificates import lists, making, papers, releasing
from portal.certificates.lists import CertificateQuery
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import PDF
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from reports.merged import merge_for_printing
from reports.printing import RenderingFailed, print_papers

FAILED = "A certificate could not be printed: start again, the finished ones are kept"


@job_kind(releasing.PROVINCE, permission=P.RESULTS_READ)
def print_province(context: JobContext) -> None:
    """All certificates of a province in the scope of who asked, in one file."""
    round = db.session.get_one(Round, context.arguments["round_id"])
    province = db.session.get_one(Province, context.arguments["province_id"])
    listed = lists.rows_of(round, CertificateQuery(province_id=province.id))
    name = f"หนังสือรับรอง {round.year_and_scheme} จังหวัด{province.name}"
    keys = [one.id for one in listed]
    _print_missing(context, [one for one in listed if one.holds])
    _hand_over(context, keys, name)


def _print_missing(context: JobContext, holding: Sequence[Certificate]) -> None:
    """Print those that were never printed, and keep each. Raises JobFailed; nothing is held meanwhile."""
    waiting = [one for one in holding if one.file_id is None]
    names = {str(one.id): papers.file_name(one) for one in waiting}
    todo = {
        str(one.id): papers.paper_of(one.release, one.number, one.data, public_id=one.public_id)
        for one in waiting
    }
    total, seal = len(holding), making.seal_of(waiting[0].release) if waiting else None
    db.session.rollback()
    context.progress(total - len(todo), total)
    if seal is None:
        return
    try:
        with seal as sign:
            for done, (key, body) in enumerate(print_papers(todo), total - len(todo) + 1):
                copy = sign(body)
                with writing(), privileged("keeping a certificate") as session:
                    making.keep_first(session, int(key), names[key], copy)
                context.progress(done, total, names[key].removesuffix(".pdf"))
    except RenderingFailed as error:
        raise JobFailed(FAILED) from error


def _hand_over(context: JobContext, keys: Sequence[int], name: str) -> None:
    """Keep the one file, and say what is in it. Raises JobFailed where all were withdrawn meanwhile."""
    with TemporaryDirectory(prefix="certificates-") as folder:
        laid = list(_laid(keys, Path(folder)))
        if not laid:
            raise JobFailed(releasing.NONE_IN_FORCE)
        merged = Path(folder) / "merged.pdf"
        merge_for_printing(laid, merged, title=name)
        content = merged.read_bytes()
    with writing(), privileged("certificates of a province for printing") as session:
        context.keep_file(f"{name}.pdf", PDF, content, session=session)
        context.finish(_told(len(laid), len(keys) - len(laid)), session=session)


def _told(count: int, left_out: int) -> dict[str, object]:
    words = _("%(count)s certificates are in the file, each on a sheet of its own", count=f"{count:,}")
    if left_out:
        words += " " + _("%(count)s that were withdrawn are left out", count=f"{left_out:,}")
    return {"certificates": count, "left_out": left_out, "words": words}


def _laid(keys: Sequence[int], folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of those that are in force now, laid into a folder one by one."""
    with privileged("collecting certificates") as session:
        query = select(Certificate.id, Certificate.file_id).order_by(Certificate.number)
        found = session.execute(query.where(Certificate.id.in_(keys), Certificate.withdrawn_at.is_(None)))
        kept = [(key, file_id) for key, file_id in found if file_id is not None]
    for key, file_id in kept:
        with privileged("collecting certificates") as session:
            file = session.get_one(StoredFile, file_id, options=[undefer(StoredFile.content)])
            title, path = file.name.removesuffix(".pdf"), folder / f"{key}.pdf"
            path.write_bytes(file.content)
        yield title, path
