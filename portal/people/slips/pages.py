"""What stands on slips and on hand-over lists, as plain data for the printers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app

from models.phones import shown
from models.thai import local_day
from portal.core import calling, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.people.slips.choosing import Person, role_words
from portal.people.slips.issuing import Code
from reports.slip_data import Envelope, HandOver, Slip, SlipSheet


@dataclass(frozen=True)
class Surroundings:
    """What all pages of an order share."""

    url: str
    fiscal_year: int | None
    demo: bool
    as_of: date
    of_province: bool
    #: the back office, and its office in a province without the province's name
    office: str
    province_office: str

    def sender(self, province: str) -> str:
        """Whose envelopes they are."""
        return self.office_in(province) if self.of_province else self.office

    def office_in(self, province: str) -> str:
        """The office of a province."""
        return f"{self.province_office}{province}"


def surroundings(fiscal_year: int | None, actor: Actor) -> Surroundings:
    """Read what all pages of an order share."""
    settings = current_app.settings  # type: ignore[attr-defined]
    sector = calling.the_sector()
    return Surroundings(
        url=f"{settings.public_url}/activate",
        fiscal_year=fiscal_year,
        demo=settings.demo,
        as_of=local_day(clock.now()),
        of_province=actor.province_id is not None,
        office=sector.office,
        province_office=sector.province_office,
    )


def calls_of(person: Person, around: Surroundings) -> tuple[str, ...]:
    """Whom the people of a province call, a line for each; its office at least by name."""
    found = calling.calls_of(db.session(), person.province_id)
    return tuple(_line(call) for call in found) or (around.office_in(person.province),)


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
        calls=calls_of(first, around),
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
