"""A letter that was sent lies at the desk of its addressee, and at no other; opening, receipt, passing on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.delivery import Delivery, ReceiptBook, Standing
from models.dispatch import Dispatch
from models.zone import BANGKOK
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused, Stale
from portal.core.web import Portal
from portal.letters import dispatches
from portal.letters.inbox import desk, passing, receivers, receiving
from portal.letters.inbox.desk import InboxQuery
from portal.letters.inbox.receivers import Sent
from tests.support.inbox import at_desk, copies_made, opened, passed_on, received, sent
from tests.support.letters import Order
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres


def desks() -> list[str]:
    with privileged("a test looks") as session:
        return list(session.scalars(select(Delivery.desk).order_by(Delivery.id)))


def acts() -> list[tuple[str, str]]:
    with privileged("a test looks") as session:
        query = select(AuditEvent.act, AuditEvent.chain).order_by(AuditEvent.id)
        return [
            (act, chain) for act, chain in session.execute(query) if act.startswith(("delivery", "receipt"))
        ]


def kept_elsewhere(world: World, person: str) -> None:
    with acting_as(world.actor(person)) as actor:
        receiving.keep_book(elsewhere=True, first=None, seen_version=None, actor=actor)


def test_a_letter_lies_at_the_desk_of_its_addressee_and_no_other(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        assert sorted(desks()) == sorted(f"province:{key}" for key in world.province.values())
        for person, there in (("province", 1), ("province_other", 1), ("dla", 0), ("agency_admin", 0)):
            with acting_as(world.actor(person)) as actor:
                assert desk.unread(actor) == desk.letters_at(actor, InboxQuery()).total == there, person
        with at_desk(world, "province_other") as (delivery, _actor):
            foreign = delivery.id
        for person in ("province", "dla", "agency_admin"):
            with acting_as(world.actor(person)) as actor, pytest.raises(NotFound):
                desk.delivery_or_404(foreign, actor)
        with acting_as(world.actor("nacc")) as actor:
            assert not desk.has_inbox(actor) and desk.unread(actor) == 0


def test_the_letter_of_the_nacc_lies_at_dla_s_desk(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world, "nacc")
        assert desks() == ["dla"]
        assert received(world, "dla") == 1
        with at_desk(world, "dla") as (delivery, actor):
            assert not passing.may_pass_on(delivery, actor)
            with pytest.raises(NotFound):
                passing.pass_on(delivery, None, "", actor=actor)


def test_the_first_who_opens_a_letter_marks_it_as_read(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        with (
            at_desk(world, "province") as (delivery, _actor),
            pytest.raises(Refused, match="Open the letter"),
        ):
            desk.file_of(delivery)
        opened(world, "province")
        with at_desk(world, "province") as (delivery, actor):
            assert (delivery.read_by, delivery.read_at) == (actor.name, NOW)
            assert desk.file_of(delivery).content.startswith(b"%PDF-")
            desk.open_letter(delivery, actor=actor)
            assert desk.unread(actor) == 0
        chain = f"province:{world.province['52']}"
        assert acts() == [("delivery.deliver", "system"), ("delivery.open", chain)]


def test_receipt_numbers_run_through_a_calendar_year(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        sent(world)
        assert received(world, "province") == 1
        with at_desk(world, "province") as (delivery, actor):
            assert (delivery.receipt, delivery.standing) == ("1/2561", Standing.TAKEN)
            assert (delivery.received_at, delivery.taken_by) == (NOW, actor.name)
            with pytest.raises(Refused, match="has its receipt number"):
                receiving.receive(delivery, number=None, moment=None, actor=actor)
        sent(world, order=Order(number="ว 2"))
        assert received(world, "province") == 2
        clock(NOW + timedelta(days=60))
        sent(world, order=Order(number="ว 3", dated=(NOW + timedelta(days=60)).date()))
        assert received(world, "province") == 1, "a new year begins anew"
        assert received(world, "province_other") == 1, "each office has a series of its own"


def test_a_series_goes_on_from_a_register_on_paper(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        with acting_as(world.actor("province")) as actor:
            assert receiving.next_receipt(receiving.book_of(actor)) == 1
            for first in (0, 2**31):
                with pytest.raises(Refused, match="1 or more"):
                    receiving.keep_book(elsewhere=False, first=first, seen_version=0, actor=actor)
                db.session.rollback()
        with acting_as(world.actor("province")) as actor:
            receiving.keep_book(elsewhere=False, first=812, seen_version=0, actor=actor)
            with pytest.raises(Stale):
                receiving.keep_book(elsewhere=False, first=9, seen_version=0, actor=actor)
        assert received(world, "province") == 812
        with acting_as(world.actor("province")) as actor:
            assert receiving.next_receipt(receiving.book_of(actor)) == 813
            with pytest.raises(Refused, match="were given already"):
                receiving.keep_book(elsewhere=False, first=5, seen_version=None, actor=actor)


def test_a_desk_with_a_register_elsewhere_types_number_and_moment(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        kept_elsewhere(world, "province")
        opened(world, "province")
        for number, moment, said in (
            (None, None, "Enter the receipt number"),
            (0, None, "Enter the receipt number"),
            (7, NOW + timedelta(minutes=1), "has not come yet"),
            (7, NOW - timedelta(minutes=1), "sent later"),
        ):
            with at_desk(world, "province") as (delivery, actor), pytest.raises(Refused, match=said):
                receiving.receive(delivery, number=number, moment=moment, actor=actor)
        assert received(world, "province", number=7, moment=NOW) == 7
        sent(world, order=Order(number="ว 2"))
        with pytest.raises(Refused, match="used in this year"):
            received(world, "province", number=7)
        assert received(world, "province", number=8) == 8
        with acting_as(world.actor("province")) as actor:
            assert receiving.next_receipt(receiving.book_of(actor)) is None


def test_the_portal_s_series_leaves_out_what_was_typed_before(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        kept_elsewhere(world, "province")
        assert received(world, "province", number=1) == 1
        with acting_as(world.actor("province")) as actor:
            assert receiving.first_to_offer(actor) == 2
            receiving.keep_book(elsewhere=False, first=1, seen_version=None, actor=actor)
        sent(world, order=Order(number="ว 2"))
        assert received(world, "province") == 2
        with acting_as(world.actor("province")) as actor:
            assert receiving.first_to_offer(actor) is None


def test_a_letter_is_passed_on_to_agencies_who_acknowledge(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        key = passed_on(world, "a1", "b1", note="รายงานภายในวันศุกร์")
        assert desks()[-1] == f"agency:{world.agency['a1']}", "another province's agency is none"
        with at_desk(world, "agency_admin") as (delivery, actor):
            assert (delivery.note, delivery.through) == ("รายงานภายในวันศุกร์", "จังหวัดลำปาง")
            for act in (
                receiving.acknowledge,
                lambda one, actor: passing.pass_on(one, None, "", actor=actor),
            ):
                with pytest.raises((Refused, NotFound)):
                    act(delivery, actor=actor)
        opened(world, "executive")
        with at_desk(world, "agency_admin") as (delivery, actor):
            assert delivery.read_by == "ผู้ใช้ทดลอง executive"
            assert desk.file_of(delivery).content.startswith(b"%PDF-")
            receiving.acknowledge(delivery, actor=actor)
            receiving.acknowledge(delivery, actor=actor)
            assert delivery.standing is Standing.TAKEN and delivery.receipt == ""
        with at_desk(world, "agency_admin") as (delivery, actor):
            assert receiving.receive(delivery, number=None, moment=None, actor=actor) == 1
        with acting_as(world.actor("province")) as actor:
            counts = receivers.counts_of(Sent(passed_from_id=key))
            assert (counts.unread, counts.read, counts.taken) == (0, 0, 1)
            delivery = desk.delivery_or_404(key, actor)
            assert passing.pass_on(delivery, None, "", actor=actor) == 1, "who has it keeps it"
            with pytest.raises(Refused, match="at least one agency"):
                passing.pass_on(delivery, None, "", actor=actor)
            assert receivers.counts_of(Sent(passed_from_id=key)).total == 2


def test_an_office_receives_with_a_number_and_does_not_acknowledge(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        opened(world, "province")
        with at_desk(world, "province") as (delivery, actor), pytest.raises(Refused, match="receipt number"):
            receiving.acknowledge(delivery, actor=actor)


def test_a_withdrawn_letter_says_so_at_every_desk_and_is_closed(app: Portal, world: World) -> None:
    with app.app_context():
        key = sent(world)
        passed_on(world, "a1")
        opened(world, "agency_admin")
        with acting_as(world.actor("dla")) as actor:
            dispatches.withdraw(db.session.get_one(Dispatch, key), "วันที่ผิด", actor=actor)
        for person in ("province", "province_other", "agency_admin"):
            with at_desk(world, person) as (delivery, actor):
                assert (delivery.void_at, delivery.void_reason) == (NOW, "วันที่ผิด"), person
                assert delivery.replaced_by == "" and desk.replacement_at(delivery) is None
                assert desk.unread(actor) == 0, "nobody is asked to open it any more"
                assert desk.count_at(actor, InboxQuery(gone=True)) == 1
        with at_desk(world, "province") as (delivery, actor):
            for act in (
                lambda: passing.pass_on(delivery, None, "", actor=actor),
                lambda: receiving.receive(delivery, number=None, moment=None, actor=actor),
            ):
                with pytest.raises(Refused, match="withdrawn or replaced"):
                    act()


def test_a_replaced_letter_leads_to_its_replacement_once_that_has_come_in(app: Portal, world: World) -> None:
    with app.app_context():
        first = sent(world)
        passed_on(world, "a1")
        with acting_as(world.actor("dla")) as actor:
            other = dispatches.replace_by(db.session.get_one(Dispatch, first), "วันที่ผิด", actor=actor).id
        with at_desk(world, "province") as (delivery, _actor):
            assert delivery.void_at is None, "it holds until the other is issued"
        with acting_as(world.actor("dla")) as actor:
            draft = db.session.get_one(Dispatch, other)
            job = dispatches.issue(draft, number="ว 9", dated=NOW.date(), actor=actor, seen_version=None).id
        with at_desk(world, "province") as (old, _actor):
            assert old.replaced_by.endswith("ว 9") and desk.replacement_at(old) is None
        copies_made(job)
        with acting_as(world.actor("dla")) as actor:
            dispatches.mark_sent(db.session.get_one(Dispatch, other), actor=actor)
        with at_desk(world, "province") as (new, _actor):
            earlier = desk.replaced_at(new)
            assert earlier is not None and desk.replacement_at(earlier) is new
            assert passing.have_it(earlier) == {world.agency["a1"]}


def test_letters_are_found_by_number_subject_sender_day_and_state(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world, order=Order(number="ว 41"))
        opened(world, "province")
        sent(world, order=Order(number="ว 52"))
        with acting_as(world.actor("province")) as actor:
            for criteria, found in (
                (InboxQuery("๔๑"), 1),
                (InboxQuery("ทดลอง 0817"), 2),
                (InboxQuery("ไม่มี"), 0),
                (InboxQuery(since=NOW.date()), 2),
                (InboxQuery(until=NOW.date() - timedelta(days=1)), 0),
                (InboxQuery(standing=Standing.UNREAD), 1),
                (InboxQuery(standing=Standing.READ), 1),
                (InboxQuery(standing=Standing.TAKEN), 0),
                (InboxQuery(gone=True), 0),
            ):
                assert desk.letters_at(actor, criteria).total == found, criteria
                assert len(desk.all_letters_at(actor, criteria)) == desk.count_at(actor, criteria) == found


def test_the_sender_sees_who_has_not(app: Portal, world: World) -> None:
    with app.app_context():
        key = sent(world)
        opened(world, "province")
        received(world, "province_other")
        with acting_as(world.actor("dla")):
            whose = Sent(dispatch_id=key)
            assert whose.whose() == {"dispatch_id": key}
            counts = receivers.counts_of(whose)
            assert [counts.of(one) for one in Standing] == [0, 1, 1]
            page = receivers.receivers_of(whose)
            assert [receivers.name_of(one, "DLA") for one in page.rows] == ["กระบี่", "ลำปาง"]
            taken = receivers.all_receivers_of(whose, standing=Standing.TAKEN)
            assert [one.receipt for one in taken] == ["1/2561"]
            assert [one.read_by for one in receivers.receivers_of(whose, search="ลำปาง").rows] == [
                "ผู้ใช้ทดลอง province"
            ]


def test_a_failed_receipt_gives_its_number_back(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        opened(world, "province")
        with pytest.raises(Refused, match="at its end"), at_desk(world, "province") as (delivery, actor):
            receiving.receive(delivery, number=None, moment=None, actor=actor)
            raise Refused("This one fails at its end")
        with privileged("a test counts") as session:
            assert session.scalar(select(func.max(ReceiptBook.last))) in (None, 0)
        assert received(world, "province") == 1


def test_a_typed_moment_is_of_bangkok_and_of_its_own_year(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        kept_elsewhere(world, "province")
        at = datetime(2018, 11, 9, 10, 0, tzinfo=BANGKOK)
        assert received(world, "province", number=3, moment=at) == 3
        with at_desk(world, "province") as (delivery, _actor):
            assert (delivery.received_at, delivery.receipt_year) == (at, 2561)
