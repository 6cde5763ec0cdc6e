"""The acts on certificates: all of a round are released at once, and each may be withdrawn with a reason."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from sqlalchemy import insert

from models.certificate import Certificate, CertificateRelease
from models.job import Job
from models.place import Province
from models.round import Round
from portal.certificates import lists, outlook, papers
from portal.certificates.lists import CertificateQuery, Standing
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.jobs import queue
from portal.core.lookup import hold
from portal.core.texts import _
from portal.letters.dispatches import public_id

#: the work that prints a proof, and the one that prints a certificate for the first time
PROOF, PRINT = "certificates.proof", "certificates.print"
#: the work that prints those of a province as one file
PROVINCE = "certificates.province"
NONE_IN_FORCE = "No certificate of this province is in force: there is nothing to print"
WITHDRAWN = "This certificate was withdrawn: it is not printed any more"


def release(round: Round, *, signatory_id: int | None, dated: date) -> CertificateRelease:
    """Release the certificate of every agency with a total and a grade, in one act that is final.

    Raises Refused with the first thing that is wrong, and a second time.
    """
    hold(round)
    made = _release(round, signatory_id, dated)
    said = papers.said_by(round)
    rows = [_row(number, one, said) for number, one in enumerate(outlook.graded(round), start=1)]
    made.count, made.digest = len(rows), _digest(rows)
    with audit.act("certificate.release"):
        db.session.add(made)
        db.session.flush()
    # thousands of rows by one statement; the release's own event keeps their number and digest
    db.session().connection().execute(insert(Certificate), [{**row, "release_id": made.id} for row in rows])
    return made


def order_proof(round: Round, *, signatory_id: int | None, dated: date, actor: Actor) -> Job:
    """Print the certificate of one agency as it would be; nothing is kept of it. Raises Refused."""
    _release(round, signatory_id, dated)
    arguments = {"round_id": round.id, "signatory_id": signatory_id, "dated": dated.isoformat()}
    return queue.enqueue(PROOF, title=_("Proof of a certificate"), arguments=arguments, actor=actor)


def order_print(certificate: Certificate, *, actor: Actor) -> Job:
    """Print a certificate; the first print is kept. Raises Refused for one that was withdrawn."""
    if not certificate.holds:
        raise Refused(WITHDRAWN)
    arguments = {"round_id": certificate.release.round_id, "certificate_id": certificate.id}
    title = _("Certificate of %(agency)s", agency=certificate.data["full_name"])
    return queue.enqueue(PRINT, title=title, arguments=arguments, actor=actor)


def order_province(round: Round, province: Province, *, actor: Actor) -> Job:
    """Print the certificates of a province as one file.

    Raises NotFound where the actor sees none of it, Refused where none is in force.
    """
    if not lists.count_of(round, CertificateQuery(province_id=province.id)):
        raise NotFound
    if not lists.count_of(round, CertificateQuery(province_id=province.id, standing=Standing.IN_FORCE)):
        raise Refused(NONE_IN_FORCE)
    arguments = {"round_id": round.id, "province_id": province.id}
    title = _("Certificates of %(province)s province for printing", province=province.name)
    return queue.enqueue(PROVINCE, title=title, arguments=arguments, actor=actor)


def withdraw(certificate: Certificate, reason: str) -> None:
    """Take a certificate back, with the reason: it stays in the record, and says so. Raises Refused."""
    hold(certificate)
    if not reason.strip():
        raise Refused("Say why the certificate is withdrawn", field="reason")
    if not certificate.holds:
        raise Refused("This certificate was withdrawn already")
    with audit.act("certificate.withdraw"):
        certificate.withdrawn_at, certificate.reason = clock.now(), reason.strip()
        db.session.flush()


def proof_of(round: Round, signatory_id: int | None, dated: date) -> papers.Paper:
    """The paper of the agency whose name needs the most room, as it would be now. Raises Refused."""
    made, agency = _release(round, signatory_id, dated), outlook.longest_named(round)
    assert agency is not None, "somebody gets one, or it was refused"
    order = [one.participation_id for one in outlook.graded(round)]
    number = order.index(agency.participation_id) + 1
    return papers.paper_of(made, number, papers.said_by(round)(agency))


def _release(round: Round, signatory_id: int | None, dated: date) -> CertificateRelease:
    """The release as it would be now, not in the session. Raises Refused where there can be none."""
    office = outlook.nacc_office()
    for problem in outlook.problems(round, office):
        raise problem
    assert office is not None, "without settings it was refused"
    outlook.require_day(round, dated)
    signatory = outlook.signatory_of(office, signatory_id, dated)
    return papers.release_by(round, office, signatory, dated)


def _row(number: int, one: outlook.Graded, said: Any) -> dict[str, Any]:
    return {
        "participation_id": one.participation_id,
        "agency_id": one.agency_id,
        "province_id": one.province_id,
        "number": number,
        "public_id": public_id(),
        "grade": one.grade,
        "data": said(one),
        "reason": "",
    }


def _digest(rows: list[dict[str, Any]]) -> str:
    """SHA-256 over what all certificates say, in the order of their numbers."""
    told = hashlib.sha256()
    for row in rows:
        line = [row["number"], row["participation_id"], row["public_id"], row["data"]]
        told.update(json.dumps(line, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return told.hexdigest()
