"""What stands on slips and on hand-over lists, as plain data for the printers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app

from models.account import Role
from models.phones import shown
from models.thai import local_day
from portal.core import calling, clock
from portal.core.access import ROLES, Actor
from portal.core.database.session import db
from portal.people.slips.choosing import Person, role_words
from portal.people.slips.issuing import Code
from reports.slip_data import Envelope, HandOver, Slip, SlipSheet

#: the office of local administration of a province, a term of the field
OFFICE = "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด{province}"
COUNTRY_OFFICE = ROLES[Role.DLA].office


@dataclass(frozen=True)
class Surroundings:
    """What all pages of an order share."""

    url: str
    fiscal_year: int | None
    demo: bool
    as_of: date
    of_province: bool

    def sender(self, province: str) -> str:
        """Whose envelopes they are."""
        return OFFICE.format(province=province) if self.of_province else COUNTRY_OFFICE


def surroundings(fiscal_year: int | None, actor: Actor) -> Surroundings:
    """Read what all pages of an order share."""
    settings = current_app.settings  # type: ignore[attr-defined]
    return Surroundings(
        url=f"{settings.public_url}/activate",
        fiscal_year=fiscal_year,
        demo=settings.demo,
        as_of=local_day(clock.now()),
        of_province=actor.province_id is not None,
    )


def calls_of(person: Person) -> tuple[str, ...]:
    """Whom the people of a province call, a line for each; its office at least by name."""
    found = calling.calls_of(db.session(), person.province_id)
    return tuple(_line(call) for call in found) or (OFFICE.format(province=person.province),)


def _line(call: calling.Call) -> str:
    """An office as a line of a slip."""
    phone = f"โทร. {shown(call.phone)}" if call.phone else ""
    line = f"LINE {call.line}" if call.line else ""
    return " ".join(part for part in (call.office, phone, line, call.person) if part)


def sheet_of(people: Sequence[Person], codes: Mapping[int, Code], around: Surroundings) -> SlipSheet:
    """The slips of one file."""
    first = people[0]
    return SlipSheet(
        province=first.province,
        role=role_words(first.role),
        url=around.url,
        sender=around.sender(first.province),
        calls=calls_of(first),
        slips=tuple(
            Slip(
                number, one.agency, one.district, one.username,
                codes[one.account_id].text, codes[one.account_id].end.last_day, one.name,
            )
            for number, one in enumerate(people, start=1)
        ),
        fiscal_year=around.fiscal_year,
        demo=around.demo,
    )  # fmt: skip


def list_of(people: Mapping[int, Person], around: Surroundings) -> HandOver:
    """The list on which the envelopes of a file are signed for; ``people``: by the envelopes' numbers."""
    first = next(iter(people.values()))
    return HandOver(
        province=first.province,
        role=role_words(first.role),
        as_of=around.as_of,
        rows=tuple(
            Envelope(number, one.agency, one.district, one.username) for number, one in people.items()
        ),
        fiscal_year=around.fiscal_year,
        demo=around.demo,
    )
