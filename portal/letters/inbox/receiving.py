"""Receipts: the number, day and time that an office stamps on a letter, and an agency's acknowledgement.

Each desk has a register of incoming letters per calendar year. Whoever takes a number holds its book: those
who receive at the same moment wait for one another, and a number goes back with the act that failed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from models.delivery import Delivery, ReceiptBook
from models.thai import be_year
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.outside import LARGEST
from portal.core.sent.versions import require_version
from portal.letters.inbox.desk import desk_key, require_holding


def book_of(actor: Actor) -> ReceiptBook | None:
    """The register of incoming letters at a person's desk; None before its first entry or setting."""
    return db.session.scalars(select(ReceiptBook).where(ReceiptBook.desk == desk_key(actor))).one_or_none()


def next_receipt(book: ReceiptBook | None) -> int | None:
    """The number that the portal would give now; None where the desk types it."""
    if book is None:
        return 1
    if book.elsewhere:
        return None
    return _free(book.desk, be_year(clock.now()), _last(book, be_year(clock.now())))


def receive(delivery: Delivery, *, number: int | None, moment: datetime | None, actor: Actor) -> int:
    """Enter a letter in the desk's register; gives its receipt number.

    ``number`` and ``moment`` are those of a register that is kept elsewhere (no moment: now); where the
    portal keeps it both are its own. Raises Refused for a letter that has its receipt, that nobody opened, or
    that does not hold; for a number that is none or was used; for a moment ahead or before it was sent.
    """
    hold(delivery)
    require_holding(delivery)
    if delivery.receipt_number is not None:
        raise Refused("This letter has its receipt number already")
    book = _held_book(delivery)
    moment = (moment if book.elsewhere else None) or clock.now()
    running = _typed(delivery, number, moment) if book.elsewhere else _next(book, be_year(moment))
    with audit.act("delivery.receive"):
        delivery.receipt_year, delivery.receipt_number = be_year(moment), running
        delivery.received_at = moment
        _take(delivery, actor)
        db.session.flush()
    return running


def acknowledge(delivery: Delivery, *, actor: Actor) -> None:
    """An agency has taken note of a letter: one press, and twice changes nothing. Raises Refused."""
    hold(delivery)
    require_holding(delivery)
    if not delivery.for_an_agency:
        raise Refused("An office receives a letter with its receipt number")
    with audit.act("delivery.acknowledge"):
        _take(delivery, actor)
        db.session.flush()


def keep_book(*, elsewhere: bool, first: int | None, seen_version: int | None, actor: Actor) -> ReceiptBook:
    """Say where the desk's register is kept and with which number the portal goes on where it takes it over.

    Raises Refused where the portal has given a number of this year already, Stale.
    """
    year, stored = be_year(clock.now()), book_of(actor)
    require_version(stored, seen_version)
    book = stored or _new_book(desk_key(actor), actor.province_id, actor.agency_id)
    if stored is not None:
        hold(stored)
    with audit.act("receipt_book.keep"):
        if first is not None and not elsewhere:
            _begin_at(book, year, first)
        book.elsewhere = elsewhere
        db.session.add(book)
        db.session.flush()
    return book


def given_in(desk: str, year: int) -> int:
    """How many receipt numbers a desk has given in a year."""
    given = select(func.count(Delivery.id)).where(Delivery.desk == desk, Delivery.receipt_year == year)
    return db.session.scalar(given) or 0


def first_to_offer(actor: Actor) -> int | None:
    """The number with which the portal would go on; None where its series of this year runs already."""
    book, year = book_of(actor), be_year(clock.now())
    desk = desk_key(actor)
    if book is not None and book.elsewhere:
        return _highest(desk, year) + 1
    return None if given_in(desk, year) else next_receipt(book)


def _highest(desk: str, year: int) -> int:
    numbers = select(func.max(Delivery.receipt_number))
    return db.session.scalar(numbers.where(Delivery.desk == desk, Delivery.receipt_year == year)) or 0


def _begin_at(book: ReceiptBook, year: int, first: int) -> None:
    if not 1 <= first <= LARGEST:
        raise Refused("A running number is 1 or more", field="first")
    if given_in(book.desk, year) and not book.elsewhere:
        raise Refused(
            "Receipt numbers of this year were given already: the series goes on by itself", field="first"
        )
    book.year, book.last = year, first - 1


def _take(delivery: Delivery, actor: Actor) -> None:
    if delivery.taken_at is None:
        delivery.taken_at = clock.now()
        delivery.taken_by = actor.name


def _held_book(delivery: Delivery) -> ReceiptBook:
    """The book of a desk, held until the act ends; made with the first letter that is received there."""
    query = select(ReceiptBook).where(ReceiptBook.desk == delivery.desk)
    if db.session.scalars(query).one_or_none() is None:
        try:
            with audit.act("receipt_book.begin"), db.session.begin_nested():
                db.session.add(_new_book(delivery.desk, delivery.province_id, delivery.agency_id))
        except Refused:
            pass  # another began it between look and insert
    book = db.session.scalars(query).one()
    hold(book)
    return book


def _new_book(desk: str, province_id: int | None, agency_id: int | None) -> ReceiptBook:
    place = {"province_id": province_id, "agency_id": agency_id}
    return ReceiptBook(desk=desk, **place, elsewhere=False, year=be_year(clock.now()), last=0)


def _last(book: ReceiptBook, year: int) -> int:
    """The last number of a year; each calendar year begins anew."""
    return book.last if book.year == year else 0


def _free(desk: str, year: int, last: int) -> int:
    """The next number after ``last`` that the desk did not type while it kept its register elsewhere."""
    taken = select(Delivery.receipt_number).where(
        Delivery.desk == desk, Delivery.receipt_year == year, Delivery.receipt_number > last
    )
    used, number = set(db.session.scalars(taken)), last + 1
    while number in used:
        number += 1
    return number


def _next(book: ReceiptBook, year: int) -> int:
    number = _free(book.desk, year, _last(book, year))
    with audit.act("receipt_book.next"):
        book.year, book.last = year, number
        db.session.flush()
    return number


def _typed(delivery: Delivery, number: int | None, moment: datetime) -> int:
    if number is None or not 1 <= number <= LARGEST:
        raise Refused("Enter the receipt number of your register", field="number")
    if moment > clock.now():
        raise Refused("This moment has not come yet", field="moment")
    if moment < delivery.sent_at.replace(second=0, microsecond=0):
        raise Refused("The letter was sent later than that", field="moment")
    used = select(Delivery.id).where(
        Delivery.desk == delivery.desk,
        Delivery.receipt_year == be_year(moment),
        Delivery.receipt_number == number,
    )
    if db.session.scalar(used) is not None:
        raise Refused("This receipt number was used in this year already", field="number")
    return number
