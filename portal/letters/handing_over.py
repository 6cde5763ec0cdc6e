"""What a finished batch is handed over as: one ZIP, and all copies in one file for the printer.

The copies are laid into a folder one by one, so that the memory a batch takes is that of its largest files
and not of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from models.dispatch import Dispatch
from models.letter import Letter, StoredFile
from models.thai import sort_key
from portal.core.database.session import privileged, writing
from portal.core.files import stored_file
from portal.core.jobs.kinds import JobContext
from portal.core.texts import _
from portal.letters.printing import PDF
from reports.archive import zip_files
from reports.merged import merge_for_printing

ZIP = "application/zip"


def kept_copies(dispatch_id: int) -> Iterator[tuple[str, bytes]]:
    """The files of an issued letter's copies, one at a time."""
    with privileged("collecting finished letters") as session:
        kept = select(StoredFile.id).join(Letter, Letter.file_id == StoredFile.id)
        ids = session.scalars(kept.where(Letter.dispatch_id == dispatch_id).order_by(StoredFile.name)).all()
    for key in ids:
        with privileged("collecting finished letters") as session:
            file = session.get_one(StoredFile, key, options=[undefer(StoredFile.content)])
            name, content = file.name, file.content
        yield name, content


def hand_over(context: JobContext, dispatch_id: int, files: Iterable[tuple[str, bytes]]) -> None:
    """Keep the job's own file, and the one for the printer with the letter; then the job is finished.

    A lone copy is its own file and is printed from it.
    """
    with TemporaryDirectory(prefix="handing-over-") as folder:
        laid = [(name, _laid(Path(folder), number, content)) for number, (name, content) in enumerate(files)]
        laid.sort(key=lambda one: sort_key(one[0]))
        if len(laid) == 1:
            ((name, path),) = laid
            _finish(context, 1, dispatch_id, name, PDF, path.read_bytes(), b"")
            return
        merged = Path(folder) / "merged.pdf"
        merge_for_printing([(name.removesuffix(".pdf"), path) for name, path in laid], merged)
        archive = zip_files(laid)
        name = _("letters") + ".zip"
        _finish(context, len(laid), dispatch_id, name, ZIP, archive, merged.read_bytes())


def _laid(folder: Path, number: int, content: bytes) -> Path:
    path = folder / f"{number}.pdf"
    path.write_bytes(content)
    return path


def _finish(
    context: JobContext, count: int, dispatch_id: int, name: str, kind: str, content: bytes, merged: bytes
) -> None:
    with writing(), privileged("handing letters over") as session:
        if merged:
            _keep_print_file(session, context, dispatch_id, merged)
        context.keep_file(name, kind, content, session=session)
        context.finish({"letters": count}, session=session)


def _keep_print_file(session: Session, context: JobContext, dispatch_id: int, merged: bytes) -> None:
    """In place of the one before; none where the letter was taken back while its copies were printed."""
    dispatch = session.get_one(Dispatch, dispatch_id)
    if not dispatch.state.final and dispatch.state.value != context.arguments["state"]:
        return
    file = stored_file(_("All copies for printing") + ".pdf", PDF, merged, province_id=dispatch.province_id)
    session.add(file)
    session.flush()
    before, dispatch.print_file_id = dispatch.print_file_id, file.id
    session.flush()
    session.execute(delete(StoredFile).where(StoredFile.id == before))
