"""The work that prints certificates: a proof, and each one for the first time; that print is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models.certificate import Certificate, CertificateRelease
from models.job import Lane
from models.letter import StoredFile
from models.letter_office import OfficeKind
from models.round import Round
from portal.certificates import papers, releasing
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, reading, writing
from portal.core.downloads import PDF
from portal.core.errors import Refused
from portal.core.files import stored_file
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.letters.printing import printed_or_failed
from portal.letters.sealing import Copy, signed_by, unsigned

FAILED = "The certificate could not be printed: order it again"
GONE = "This certificate is not there any more"


@job_kind(releasing.PROOF, permission=P.LETTERS_NACC, lane=Lane.SHORT)
def prove(context: JobContext) -> None:
    """The certificate of one agency as it would be now."""
    arguments = context.arguments
    round = db.session.get_one(Round, arguments["round_id"])
    try:
        paper = releasing.proof_of(round, arguments["signatory_id"], date.fromisoformat(arguments["dated"]))
    except Refused as refused:
        raise JobFailed(refused.message_id, **refused.values) from refused
    db.session.rollback()  # nothing is held while it is printed
    content = printed_or_failed(paper, FAILED)
    with writing(), privileged("a proof") as session:
        context.keep_file("ตัวอย่างหนังสือรับรอง.pdf", PDF, content, session=session)
        context.finish({"certificates": 1}, session=session)


@job_kind(releasing.PRINT, permission=P.RESULTS_READ, lane=Lane.SHORT)
def print_certificate(context: JobContext) -> None:
    """A certificate in the scope of who asked: printed, and signed where it is signed by key, only once."""
    key = context.arguments["certificate_id"]
    certificate = db.session.get(Certificate, key)
    if certificate is None:
        raise JobFailed(GONE)
    if not certificate.holds:
        raise JobFailed(releasing.WITHDRAWN)
    release, copy = certificate.release, None
    paper = papers.paper_of(release, certificate.number, certificate.data, public_id=certificate.public_id)
    name, printed = papers.file_name(certificate), certificate.file_id is not None
    seal = seal_of(release)
    db.session.rollback()  # nothing is held while it is printed
    if not printed:
        with seal as sign:
            copy = sign(printed_or_failed(paper, FAILED))
    _keep(context, key, name, copy)


def seal_of(release: CertificateRelease) -> AbstractContextManager[Callable[[bytes], Copy]]:
    """What signs the certificates of a release as they are printed, or leaves them to be signed by hand."""
    # the key of an office of the country has the name of its kind
    return signed_by(OfficeKind.NACC.name, release.signatory) if release.by_key else unsigned()


def content_of(certificate: Certificate) -> StoredFile | None:
    """The file of a certificate in the person's scope, with its bytes, detached; None until it was printed.

    Desks of agencies read no files of others: the certificate is what gives the right to its file.
    """
    with reading(), privileged("the file of a certificate that the reader may see") as session:
        query = select(StoredFile).where(StoredFile.id == certificate.file_id)
        file = session.scalars(query.options(undefer(StoredFile.content))).one_or_none()
        session.expunge_all()
    return file


def keep_first(session: Session, key: int, name: str, copy: Copy | None) -> int:
    """Keep a print with its certificate unless one is there; gives the id of the file that is there then.

    ``copy`` may be None where one was there already: a print is never taken away.
    """
    held = select(Certificate).where(Certificate.id == key).with_for_update(of=Certificate)
    certificate = session.scalars(held.execution_options(populate_existing=True)).one()
    if certificate.file_id is None:
        assert copy is not None, "a print is never taken away"
        file = stored_file(name, PDF, copy.content, province_id=certificate.province_id)
        session.add(file)
        session.flush()
        certificate.file_id = file.id
        certificate.body_sha256, certificate.body_size = copy.body_sha256, copy.body_size
        session.flush()
    assert certificate.file_id is not None
    return certificate.file_id


def _keep(context: JobContext, key: int, name: str, copy: Copy | None) -> None:
    """Keep the first print with the certificate; whoever printed at the same moment gets that one."""
    with writing(), privileged("keeping a certificate") as session:
        file_id = keep_first(session, key, name, copy)
        kept = session.get_one(StoredFile, file_id, options=[undefer(StoredFile.content)])
        context.keep_file(name, PDF, kept.content, session=session)
        context.finish({"certificates": 1}, session=session)
