"""What every work that prints letters shares: a paper that fails is said, a finished one is kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.letter import Letter
from portal.core import clock
from portal.core.downloads import PDF
from portal.core.files import stored_file
from portal.core.jobs.kinds import JobFailed
from reports.printing import Paper, RenderingFailed, print_paper

FAILED = "A letter could not be rendered: start again, the finished ones are kept"


def printed_or_failed(paper: Paper, said: str = FAILED) -> bytes:
    """One paper as PDF. Raises JobFailed with what is ``said`` where it could not be printed."""
    try:
        return print_paper(paper)
    except RenderingFailed as error:
        raise JobFailed(said) from error


def keep_letter(session: Session, letter: Letter, content: bytes, name: str) -> None:
    """Store a letter and its bytes; flushed."""
    file = stored_file(name, PDF, content, province_id=letter.province_id)
    session.add(file)
    session.flush()
    letter.file_id, letter.created_at = file.id, clock.now()
    session.add(letter)
    session.flush()
