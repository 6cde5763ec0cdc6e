"""The copy of a received letter with the receipt stamp of its desk; the letter itself stays as issued."""

from __future__ import annotations

from pikepdf import PdfError
from sqlalchemy import select

from models.delivery import Delivery
from models.job import Job, Lane
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import PDF
from portal.core.errors import Refused
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.letters.inbox.desk import desk_key, file_of
from portal.letters.printing import printed_or_failed
from reports.stamp_data import ReceiptStamp
from reports.stamped_copy import with_receipt_stamp

KIND = "letters.stamped_copy"
NOT_RECEIVED = "This letter has no receipt number yet: receive it first"
FAILED = "The copy with the receipt stamp could not be made: order it again"


def order(delivery: Delivery, *, actor: Actor) -> Job:
    """Queue the copy of a letter at the person's own desk. Raises Refused before it has its receipt."""
    if delivery.receipt_number is None:
        raise Refused(NOT_RECEIVED)
    title = _("Letter %(number)s with the receipt stamp", number=delivery.number)
    return queue.enqueue(KIND, title=title, arguments={"delivery_id": delivery.id}, actor=actor)


@job_kind(KIND, permission=P.INBOX_READ, lane=Lane.SHORT)
def make_copy(context: JobContext) -> None:
    """Lay the stamp of the asker's desk on a copy of the letter, which is kept with the job alone."""
    actor, key = context.asker, int(context.arguments["delivery_id"])
    mine = select(Delivery).where(Delivery.id == key, Delivery.desk == desk_key(actor))
    delivery = db.session.scalars(mine).one_or_none()
    if delivery is None or delivery.receipt_number is None or delivery.received_at is None:
        raise JobFailed(NOT_RECEIVED)
    stamp = ReceiptStamp(actor.place, delivery.receipt, delivery.received_at)
    letter = file_of(delivery)
    db.session.rollback()  # nothing is held while it is printed
    content = _stamped(letter.content, stamp)
    name = f"{letter.name.removesuffix('.pdf')} (ลงตรารับ {stamp.number.replace('/', '-')}).pdf"
    with writing(), privileged("a copy with the receipt stamp") as session:
        context.keep_file(name, PDF, content, province_id=actor.province_id, session=session)
        context.finish({"letters": 1}, session=session)


def _stamped(letter: bytes, stamp: ReceiptStamp) -> bytes:
    """Raises JobFailed where the stamp or the copy cannot be made."""
    printed = printed_or_failed(stamp, FAILED)
    try:
        return with_receipt_stamp(letter, printed)
    except PdfError as error:
        raise JobFailed(FAILED) from error
