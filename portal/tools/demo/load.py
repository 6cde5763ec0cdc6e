"""Load the demonstration: register, past rounds with results, an open round, a person per role.

Loading again changes nothing: what people did in the demonstration stays until ``make demo-reset``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from models.agency import Agency
from models.assessor import AssessorBody
from models.letter_office import LetterOffice, OfficeKind, Register, Signatory
from models.place import Province
from models.round import Round, RoundState
from models.thai import local_day
from portal.ballot import keys
from portal.certificates import releasing as certificates
from portal.certificates.outlook import nacc_office
from portal.content.year import YearContent, load_year
from portal.core import audit, clock
from portal.core.access import SYSTEM_ACTOR
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.register import places
from portal.results import computing as results
from portal.rounds import setup as round_setup
from portal.status import looking_ahead
from portal.tools.demo import arriving, contacts, past, people, present, years
from portal.tools.demo.windows import shifted_windows, windows_of_today

FISCAL_YEAR = 2561
A_YEAR = timedelta(days=365)
#: from how many agencies a province of the demonstration is of which size class
SIZE_FROM = {"L": 120, "M": 60, "S": 0}


def load(app: Flask) -> bool:
    """Make the demonstration where there is none yet; True where it was made now."""
    with app.app_context():
        with privileged("looking for the demonstration") as session:
            if session.scalar(select(Round.id).limit(1)) is not None:
                return False
        now = clock.now()
        print("Loading the demonstration: this takes a few seconds, once", flush=True)
        with writing(), privileged("demonstration: register and people") as session:
            _register(session)
            past_ids, present_id, agency_id = _rounds(session, now)
        with writing(), privileged("demonstration: keys") as session:
            keys.prepare(session, session.get_one(Round, present_id))
        with privileged("demonstration: answers") as session:
            some = present.cast_answers(session, session.get_one(Round, present_id), agency_id)
        _arrive(present_id, some, now)
        for past_id in past_ids:
            results.compute_results(past_id)
        _certify(past_ids[-1])
    return True


def _arrive(round_id: int, some: list[int], now: datetime) -> None:
    """The other agencies with an assessor have answers of each day, and who will miss is said at once."""
    with (
        writing(),
        privileged("demonstration: answers of each day") as session,
        audit.unrecorded(session),
    ):
        round = session.get_one(Round, round_id)
        arriving.arrive(session, round, present.others(session, round, some), now)
    looking_ahead.look_ahead()


def _register(session: Session) -> None:
    places.load_places(session)
    places.load_demo_agencies(session)
    _size_provinces(session)


def _size_provinces(session: Session) -> None:
    """A size class for every province that has agencies, by their number: the demonstration's own rule."""
    query = select(Agency.province_id, func.count()).group_by(Agency.province_id)
    for province_id, number in session.execute(query).all():
        size = next(letter for letter, least in SIZE_FROM.items() if number >= least)
        session.execute(update(Province).where(Province.id == province_id).values(size=size))


def _rounds(session: Session, now: datetime) -> tuple[tuple[int, int], int, int]:
    """The rounds and their people; gives the ids of the past ones, the open one, the agency furthest on."""
    with audit.unrecorded(session):
        body = AssessorBody(name="คณะผู้ประเมินตัวอย่าง")
        session.add(body)
        session.flush()
        contacts.fill(session, now)
        agencies = people.demo_agencies(session)
        people.make_people(session, agencies, body)
        before = _round(session, _content(FISCAL_YEAR - 1), now - A_YEAR, RoundState.OPENED)
        round_setup.snapshot_agencies(session, before)
        quality = past.fill(session, before, now - A_YEAR)
        asked = years.first_content(_content(FISCAL_YEAR - 2))
        first = _round(session, asked, now - 2 * A_YEAR, RoundState.OPENED)
        round_setup.snapshot_agencies(session, first, among=years.first_agencies())
        past.fill(session, first, now - 2 * A_YEAR, later=quality)
        today = _round(session, _content(FISCAL_YEAR), now, RoundState.OPEN)
        round_setup.snapshot_agencies(session, today)
        present.fill(session, today, agencies, body, now)
        present.fill_checklists(session, today, agencies, now)
        years.lay_beside(session, before, first, now - A_YEAR)
        years.lay_beside(session, today, before, now)
    session.add_all(_letter_offices(agencies.confirmed.province_id))
    audit.record(session, act="demonstration.load", thing="round", row=today.id)
    return (first.id, before.id), today.id, agencies.confirmed.id


def _certify(round_id: int) -> None:
    """The certificates of the last past round are released; those of the one before wait to be tried."""
    with acting(SYSTEM_ACTOR):
        office = nacc_office()
        assert office is not None, "made above"
        round = db.session.get_one(Round, round_id)
        certificates.release(round, signatory_id=office.signatories[0].id, dated=local_day(clock.now()))


def _content(fiscal_year: int) -> YearContent:
    return replace(load_year(FISCAL_YEAR), fiscal_year=fiscal_year)


def _round(session: Session, content: YearContent, around: datetime, state: RoundState) -> Round:
    name = f"การประเมิน ITA ประจำปีงบประมาณ พ.ศ. {content.fiscal_year}"
    windows = (windows_of_today if state is RoundState.OPEN else shifted_windows)(around)
    round = round_setup.make_round(session, content, name=name, windows=windows, state=state)
    round.opened_at = min(opens_at for opens_at, _closes_at in windows.values())
    if state is RoundState.OPENED:
        round.closed_at = max(closes_at for _opens_at, closes_at in windows.values())
    session.flush()
    return round


def _letter_offices(province_id: int) -> list[LetterOffice]:
    """Offices that do not exist, so that letters can be made at once."""
    country = {
        "address": "ถนนทดลอง เขตทดลอง กรุงเทพฯ 10000",
        "phone": "0 2000 0000",
    }
    dla = {
        "name": "กรมส่งเสริมการปกครองท้องถิ่น",
        "number_prefix": "มท 0000",
        "owner_division": "กองสาธิต",
    }
    nacc = {
        "name": "สำนักงาน ป.ป.ช.",
        "number_prefix": "ปช 0000",
        "owner_division": "ศูนย์สาธิต",
    }
    province = {"name": "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดลำปาง"}
    head = "อธิบดีกรมส่งเสริมการปกครองท้องถิ่น"
    acting = Signatory(name="นายทดลอง ลงนาม", position=f"รองอธิบดี ปฏิบัติราชการแทน\n{head}")
    secretary = Signatory(name="นายทดลอง ลงนาม", position="เลขาธิการคณะกรรมการ ป.ป.ช.")
    here = {"register": Register.GENERAL}
    return [
        LetterOffice(kind=OfficeKind.DLA, texts={**country, **dla}, signatories=[acting], **here),
        LetterOffice(kind=OfficeKind.NACC, texts={**country, **nacc}, signatories=[secretary], **here),
        LetterOffice(kind=OfficeKind.PROVINCE, province_id=province_id, texts=province),
    ]


def print_accounts(app: Flask) -> None:
    """Print one line per role: user name, what it shows; and the newcomer's activation code."""
    settings: Settings = app.settings  # type: ignore[attr-defined]
    with app.app_context(), writing(), privileged("the newcomer's code") as session:
        code = people.newcomers_code(session)
    print(f"\nDemonstration accounts at http://{settings.host}:{settings.port}/sign-in")
    print(f"Password of all: {people.PASSWORD}\n")
    for person in people.PEOPLE:
        print(f"  {person.username:<18}{person.role.value:<14}{person.shows}")
    if code:
        newcomer = people.NEWCOMER
        print(f"  {newcomer.username:<18}{newcomer.role.value:<14}not activated: /activate with {code}")
    print(flush=True)
