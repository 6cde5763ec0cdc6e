"""Rows of every kind for every agency of the test world, each with a canary word of its owner.

A canary in a response to somebody who may not see its owner is a leak, whatever page it came through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Role
from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeSort, ChangeState, PartSide
from models.announcement import Announcement, AnnouncementPlace
from models.certificate import Certificate, CertificateRelease
from models.chasing import ChaseNote, Reached
from models.contact import AgencyContact
from models.correction import CorrectionState, HeadcountCorrection
from models.delivery import Delivery, desk_of
from models.descriptive import DescriptiveField, FieldKind, FieldOwner
from models.destruction import KeyDestruction
from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink, DisclosureState
from models.dispatch import Dispatch, DispatchState, LetterNumber, NumberSeries, NumberUse
from models.distribution import AssessorConflict, AssessorRule, Distribution, Source
from models.instrument import Instrument, InstrumentKind, OitItem
from models.job import Job, JobState
from models.letter import Letter, LetterKind
from models.letter_office import LetterOffice, OfficeKind, Register, Signatory
from models.letter_text import OfficeText, TextKind
from models.onboarding import AccountBatch, BatchKind, LostPassword, SlipOrder
from models.participation import Extension, Participation, PreparationState
from models.personal import DataRequest, RequestKind, RequestWay
from models.register_import import RegisterImport
from models.reminder import ChaseMail, MailState, ReminderRule
from models.result import Result, ResultNode
from models.roster import Interview, RosterEntry, RosterJudgement, RosterVerdict, SampleDraw
from models.round import RosterGroup, Round, RoundState, Stage
from models.saved_filter import SavedFilter
from models.survey import (
    AnswerCount,
    Channel,
    ContestedCount,
    CountedMoment,
    DailyCount,
    QuarterCount,
    SurveyLink,
)
from models.year import WordingCorrection
from portal.ballot.links import new_code
from portal.content.year import (
    ContentBand,
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentLine,
    ContentQuestion,
    ContentSampleRow,
    ContentScale,
    YearContent,
)
from portal.core import vault
from portal.core.database.session import privileged, writing
from portal.core.jobs.kinds import stored_file
from portal.letters.texts import shipped_of
from portal.people.slips import making
from portal.record import anchors
from portal.rounds import setup
from tests.support.world import AGENCIES, NOW, World

#: whose rows each person may see: by agency of the world
VISIBLE = {
    "nacc": ("a1", "a2", "b1", "b2"),
    "dla": ("a1", "a2", "b1", "b2"),
    "province": ("a1", "a2"),
    "province_other": ("b1", "b2"),
    "agency_admin": ("a1",),
    "executive": ("a1",),
    "agency_admin_other": ("b1",),
    "executive_other": ("b1",),
    "assessor": ("a1", "a2"),
    "interviewer": ("a1", "a2"),
    "assessor_other": ("b1",),
}
#: agencies whose executive has confirmed; the others still enter their data
CONFIRMED = ("a1", "b1")


def canary(key: str) -> str:
    """The word that only pages about this agency may hold."""
    return f"canary{key.upper()}x"


def words_of(key: str) -> tuple[str, ...]:
    """Everything by which an agency gives itself away: its canary and its names."""
    _key, code, kind, name, _size, _district = next(row for row in AGENCIES if row[0] == key)
    return (canary(key), code, f"{kind.label}{name}", f"{kind.short}{name}")


def _asking(kind: str) -> ContentInstrument:
    """An instrument with one thing of each kind, each under the same code."""
    survey = kind != "oit"
    line = ContentLine(1, 0, "", CODE, own_scale=False)
    question = ContentQuestion(CODE, CODE, CODE, "คำถามทดลอง", "", (line,))
    return ContentInstrument(
        kind,
        kind.upper(),
        Decimal(30 if survey else 40),
        (ContentIndicator(CODE, "ตัวชี้วัดทดลอง", None),),
        (question,) if survey else (),
        () if survey else (ContentItem(CODE, CODE, "รายการทดลอง", ""),),
    )


#: the code of everything that a draft asks here
CODE = "iit"
#: a small year: what the round builder shows
DRAFT = YearContent(
    fiscal_year=2551,
    scales=(ContentScale(CODE, ("น้อย", "มาก"), (Decimal(0), Decimal(100)), "มาตรวัดทดลอง"),),
    instruments=tuple(_asking(kind) for kind in ("iit", "eit", "oit")),
    sample_rows=(ContentSampleRow("iit", 1, None, None, None, 30, None),),
    bands=(ContentBand("A", Decimal(80), passes=True), ContentBand("B", Decimal(0), passes=False)),
    roster_groups=("กลุ่มทดลอง",),
    headcount_groups=("ข้าราชการ", "ลูกจ้าง"),
    first_digits="123",
    detail_threshold=10,
    total_threshold=5,
    eit_combine="pooled",
)


@dataclass
class Furniture:
    """Ids of what was made, by agency and kind of object."""

    ids: dict[str, dict[str, Any]] = field(default_factory=dict)


def furnish(app: Flask, world: World) -> Furniture:
    """Fill the world of one test."""
    furniture = Furniture()
    with app.app_context(), writing(), privileged("furnishing the test world") as session:
        session.info["unrecorded"] = True
        session.add(CountedMoment(id=1, at=NOW))
        for key in world.agency:
            participation = session.get_one(Participation, world.participation[key])
            furniture.ids[key] = _fill(session, world, key, participation)
        _letters(session, world, furniture)
        desk = _letter_desk(session, world)
        _certificates(session, world, furniture)
        _destroyed_keys(session, world, furniture)
        _inbox(session, world, furniture, desk["dispatch_id"])
        _lost_passwords(session, world, furniture)
        _announcements(session, furniture)
        made, slips, earlier = _import(session), _slips(session, world), _earlier_round(session)
        draft = setup.make_round(session, DRAFT, name="รอบร่าง")
        session.add(_corrected(session, world))
        session.add_all((_described(), _conflict(world)))
        batches = {place: _batch(session, place) for place in world.province.values()}
        for ids in furniture.ids.values():
            ids["import_id"], ids["order_id"], ids["earlier_id"] = made.id, slips.id, earlier.id
            ids["draft_id"] = draft.id
            ids.update(desk)
            ids["batch_id"] = batches[session.get_one(Agency, ids["agency_id"]).province_id]
    with app.app_context():
        anchors.write()
    return furniture


def _earlier_round(session: Session) -> Round:
    """A closed round of an earlier year that asked nothing: the world's can be laid beside it."""
    round = Round(fiscal_year=2550, name="รอบปี 2550", state=RoundState.CLOSED)
    session.add(round)
    session.flush()
    return round


def _corrected(session: Session, world: World) -> WordingCorrection:
    """A spelling mistake that was corrected after the opening."""
    first = select(OitItem).join(Instrument).where(Instrument.round_id == world.round_id).limit(1)
    item = session.scalars(first).one()
    return WordingCorrection(
        round_id=world.round_id,
        thing="oit_item",
        row_id=item.id,
        code=item.code,
        field="title",
        before=item.title[:-1],
        after=item.title,
        reason="พิมพ์ตกหนึ่งตัว",
        made_at=NOW,
    )


def _fill(session: Session, world: World, key: str, participation: Participation) -> dict[str, Any]:
    group = session.scalars(select(RosterGroup).where(RosterGroup.round_id == world.round_id)).first()
    assert group is not None
    participation.activated_at = participation.headcount_at = participation.roster_at = NOW
    participation.headcount, participation.roster_count = 40, 2
    if key in CONFIRMED:
        participation.state = PreparationState.CONFIRMED
        participation.submitted_at = participation.confirmed_at = NOW
        session.add(_correction(participation, key))
    entries = [_entry(participation, group.id, key, number) for number in (1, 2)]
    session.add_all(entries)
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        session.add(SurveyLink(participation=participation, instrument=kind, code=new_code()))
        _counts(session, participation, kind)
    session.add(
        RosterJudgement(
            **owner_of(participation),
            verdict=RosterVerdict.REPRESENTATIVE,
            note=canary(key),
            judged_at=NOW,
        )
    )
    session.add(
        SampleDraw(**owner_of(participation), seed=bytes(32), roster_size=2, sample_size=1, drawn_at=NOW)
    )
    session.flush()
    interview = Interview(participation=participation, roster_entry_id=entries[0].id, position=1)
    session.add(interview)
    answer, item = _disclosure(session, world, key, participation)
    result = Result(
        participation=participation, round_id=world.round_id, total=Decimal(80), grade="B", computed_at=NOW
    )
    session.add(result)
    session.add(
        ResultNode(
            **owner_of(participation),
            instrument=InstrumentKind.IIT,
            level="instrument",
            code="iit",
            score=Decimal(80),
            n=20,
        )
    )
    job = _job(session, world, key)
    session.add(
        AgencyContact(
            agency_id=participation.agency_id,
            province_id=participation.province_id,
            phone="025550100",
            person=canary(key),
            reviewed_at=NOW,
        )
    )
    note = ChaseNote(
        participation_id=participation.id,
        province_id=participation.province_id,
        reached=Reached.CALLED,
        text=canary(key),
        at=NOW,
        by="เจ้าหน้าที่ทดลอง",
    )
    session.add(note)
    rule = _rule(session, world)
    sharing_rule, act = _sharing(session, world)
    mail = ChaseMail(
        participation_id=participation.id,
        province_id=participation.province_id,
        rule_id=rule.id,
        day=NOW.date(),
        address="office@example.go.th",
        subject=canary(key),
        text=canary(key),
        state=MailState.UNSURE,
        made_at=NOW,
        until=NOW + timedelta(days=1),
        next_at=NOW,
        tried_at=NOW,
        tries=1,
    )
    session.add(mail)
    extension = Extension(
        participation=participation,
        stage=Stage.OIT,
        extends_from=NOW + timedelta(days=40),
        until=NOW + timedelta(days=41),
        reason=canary(key),
        given_at=NOW,
        given_by="เจ้าหน้าที่ทดลอง",
    )
    session.add(extension)
    asked = DataRequest(
        participation=participation,
        roster_entry_id=entries[0].id,
        number=entries[0].number,
        kind=RequestKind.SEE,
        way=RequestWay.CALLED,
        received_on=NOW.date(),
        due_on=NOW.date() + timedelta(days=30),
        registered_by=canary(key),
    )
    session.add(asked)
    change = _change(session, key, participation)
    kept = _kept(session, world, key)
    session.flush()
    return {
        "request_id": asked.id,
        "participation_id": participation.id,
        "agency_id": participation.agency_id,
        "province_id": participation.province_id,
        "entry_id": entries[0].id,
        "interview_id": interview.id,
        "item_id": item.id,
        "answer_id": answer.id,
        "job_id": job.id,
        "file_id": job.file_id,
        "result_id": result.id,
        "note_id": note.id,
        "mail_id": mail.id,
        "rule_id": rule.id,
        "sharing_rule_id": sharing_rule.id,
        "act_id": act.id,
        "body_id": world.body["body1"],
        "extension_id": extension.id,
        "change_id": change.id,
        "kept_id": kept.id,
        "act": "set-size",
    }


def _kept(session: Session, world: World, key: str) -> SavedFilter:
    """A filter of the agency's province, shared at that desk alone."""
    person = next(one for one in ("province", "province_other") if key in VISIBLE[one])
    kept = SavedFilter(
        account_id=world.account[person],
        role=Role.PROVINCE,
        reach="province",
        place=session.get_one(Agency, world.agency[key]).province_id,
        list="agencies",
        name=canary(key),
        args={"search": canary(key)},
        shared=True,
        made_at=NOW,
        by=canary(key),
    )
    session.add(kept)
    return kept


def _announcements(session: Session, furniture: Furniture) -> None:
    """One to each agency and one that is still written, each about the agency."""
    for key, ids in furniture.ids.items():
        chosen = {"roles": ["agency_admin"], "provinces": [], "agencies": [ids["agency_id"]]}
        sent, draft = (
            Announcement(
                office=Role.DLA,
                heading=canary(key),
                text=canary(key),
                chosen=chosen,
                made_at=NOW,
                made_by="เจ้าหน้าที่ทดลอง",
            )
            for _ in range(2)
        )
        session.add_all((sent, draft))
        session.flush()
        sent.sent_at, sent.sent_by = NOW, sent.made_by
        place = AnnouncementPlace(announcement_id=sent.id, role=Role.AGENCY_ADMIN, agency_id=ids["agency_id"])
        session.add(place)
        session.flush()
        ids["announcement_id"], ids["unsent_id"] = sent.id, draft.id


def _described() -> DescriptiveField:
    """A field that the back office added to agencies."""
    return DescriptiveField(
        owner=FieldOwner.AGENCY, key="note", label="หมายเหตุ", heading="หมายเหตุ", kind=FieldKind.TEXT
    )


def _conflict(world: World) -> AssessorConflict:
    """A body that is given no agency of its own kin."""
    return AssessorConflict(body_id=world.body["body2"], agency_id=world.agency["a1"], reason="ญาติผู้บริหาร")


def _rule(session: Session, world: World) -> ReminderRule:
    """The round's one rule of reminders."""
    query = select(ReminderRule).where(ReminderRule.round_id == world.round_id)
    rule = session.scalars(query).first()
    if rule is None:
        rule = ReminderRule(round_id=world.round_id, stage=Stage.PREPARATION, days=3)
        session.add(rule)
        session.flush()
    return rule


def _sharing(session: Session, world: World) -> tuple[AssessorRule, Distribution]:
    """The round's one rule of sharing out, and a plan that nobody carried out."""
    rule = session.scalars(select(AssessorRule)).first()
    act = session.scalars(select(Distribution)).first()
    if rule is None or act is None:
        rule = AssessorRule(round_id=world.round_id, position=1, body_ids=[world.body["body1"]])
        act = Distribution(
            round_id=world.round_id,
            source=Source.MOVE,
            asked={"body": world.body["body1"], "to": world.body["body2"]},
            seen="",
            made_at=NOW,
        )
        session.add_all((rule, act))
        session.flush()
    return rule, act


def _change(session: Session, key: str, participation: Participation) -> AgencyChange:
    """A change of each agency, of its own word: drafts, and some that hold."""
    state = ChangeState.DRAFT if key in CONFIRMED else ChangeState.APPLIED
    row = {
        "agency": participation.agency_id,
        "kind": participation.kind.value,
        "name": participation.name,
        "full_name": participation.full_name,
        "code": participation.code,
        "district_id": participation.district_id,
    }
    change = AgencyChange(
        province_id=participation.province_id,
        sort=ChangeSort.RENEWED,
        state=state,
        holds_from=NOW.date(),
        rests_on=canary(key),
        planned=[{**row, "name": canary(key), "full_name": f"{participation.kind.label}{canary(key)}"}],
        made_at=NOW,
        applied_at=NOW if state is ChangeState.APPLIED else None,
    )
    change.parts = [
        AgencyChangePart(
            agency_id=participation.agency_id,
            province_id=participation.province_id,
            side=PartSide.GOES_ON,
            state=state,
        )
    ]
    session.add(change)
    session.flush()
    return change


def owner_of(participation: Participation) -> dict[str, int]:
    """The columns that say whose a row is."""
    return {
        "participation_id": participation.id,
        "agency_id": participation.agency_id,
        "province_id": participation.province_id,
    }


def _entry(participation: Participation, group_id: int, key: str, number: int) -> RosterEntry:
    texts = {
        "name": f"{canary(key)} {number}",
        "organisation": "",
        "phone": f"080000000{number}",
        "email": "",
    }
    sealed = {
        f"{name}_sealed": vault.seal(text, row_context=vault.roster_context(participation.id, name))
        for name, text in texts.items()
    }
    fingerprint = vault.fingerprint(texts["name"], texts["phone"], "", participation_id=participation.id)
    return RosterEntry(
        participation=participation, number=number, group_id=group_id, fingerprint=fingerprint, **sealed
    )


def _correction(participation: Participation, key: str) -> HeadcountCorrection:
    """Another headcount that waits for the executive."""
    return HeadcountCorrection(
        participation=participation,
        state=CorrectionState.ASKED,
        before=40,
        after=38,
        reason=canary(key),
        asked_at=NOW,
        asked_by="ผู้ทดลอง",
    )


def _counts(session: Session, participation: Participation, kind: InstrumentKind) -> None:
    owner = {**owner_of(participation), "instrument": kind}
    session.add(AnswerCount(**owner, channel=Channel.SELF, count=7))
    session.add(QuarterCount(**owner, channel=Channel.SELF, count=7))
    session.add(DailyCount(**owner, channel=Channel.SELF, day=NOW.date(), count=7))
    session.add(ContestedCount(**owner, count=1))


def _disclosure(
    session: Session, world: World, key: str, participation: Participation
) -> tuple[DisclosureAnswer, OitItem]:
    query = select(OitItem).join(Instrument).where(Instrument.round_id == world.round_id)
    items = list(session.scalars(query.order_by(OitItem.position)))
    disclosure = Disclosure(
        participation=participation,
        state=DisclosureState.SUBMITTED if key in CONFIRMED else DisclosureState.DRAFT,
        submission=1 if key in CONFIRMED else 0,
        submitted_at=NOW if key in CONFIRMED else None,
    )
    session.add(disclosure)
    session.flush()
    answers = [
        DisclosureAnswer(
            disclosure=disclosure,
            participation_id=participation.id,
            item=item,
            disclosed=True,
            explanation=canary(key),
            agency_id=participation.agency_id,
            province_id=participation.province_id,
        )
        for item in items
    ]
    session.add_all(answers)
    session.flush()
    session.add(
        DisclosureLink(
            answer=answers[0],
            participation_id=participation.id,
            position=1,
            url=f"https://{canary(key).lower()}.example/",
        )
    )
    return answers[0], items[0]


#: whose job the one of each agency is
ASKED_BY = {"a1": "agency_admin", "a2": "assessor", "b1": "agency_admin_other", "b2": "province_other"}


def _batch(session: Session, province_id: int) -> int:
    """Accounts that a province made in bulk."""
    batch = AccountBatch(kind=BatchKind.LACKING, province_id=province_id, made_at=NOW, counts={"new": 0})
    session.add(batch)
    session.flush()
    return batch.id


def _job(session: Session, world: World, key: str) -> Job:
    person = ASKED_BY[key]
    file = stored_file(f"{canary(key)}.txt", "text/plain", canary(key).encode())
    file.account_id = world.account[person]
    session.add(file)
    session.flush()
    job = Job(
        kind="test.done",
        title=canary(key),
        arguments={},
        state=JobState.DONE,
        account_id=world.account[person],
        grant_id=world.grant[person],
        created_at=NOW,
        finished_at=NOW,
        file_id=file.id,
    )
    session.add(job)
    return job


def _import(session: Session) -> RegisterImport:
    """An import of the register that changed nothing; the whole country's, as the register is."""
    made = RegisterImport(
        file_name="register.csv",
        sha256="0" * 64,
        imported_at=NOW,
        changes=[],
        counts={"new": 0, "changed": 0, "unchanged": 0, "wrong": 0},
    )
    session.add(made)
    session.flush()
    return made


def _slips(session: Session, world: World) -> SlipOrder:
    """An order of slips of the back office, which was stopped before its first file."""
    made = SlipOrder(
        account_id=world.account["dla"],
        what={"grant_id": world.grant["dla"]},
        salt=bytes(16),
        public_key=bytes(32),
        ordered_at=NOW,
    )
    session.add(made)
    session.flush()
    job = Job(
        kind=making.KIND,
        title="slips",
        arguments={"order_id": made.id},
        state=JobState.CANCELLED,
        account_id=world.account["dla"],
        grant_id=world.grant["dla"],
        created_at=NOW,
        finished_at=NOW,
    )
    session.add(job)
    return made


def _letters(session: Session, world: World, furniture: Furniture) -> None:
    for province, owners in (("52", ("a1", "a2")), ("81", ("b1", "b2"))):
        word, province_id = canary(owners[0]), world.province[province]
        file = stored_file("letter.pdf", "application/pdf", word.encode(), province_id=province_id)
        session.add(file)
        session.flush()
        letter = Letter(
            round_id=world.round_id,
            province_id=province_id,
            kind=LetterKind.PROVINCE_SUMMARY,
            number="1",
            dated=NOW.date(),
            subject=word,
            data={},
            file_id=file.id,
            created_at=NOW,
        )
        texts = {"name": "ศาลากลางทดลอง", "address": "ถนนทดลอง", "number_prefix": "ทด 0", "coordinator": word}
        office = LetterOffice(kind=OfficeKind.PROVINCE, province_id=province_id, texts=texts)
        office.signatories = [Signatory(name="นางลงนาม ทดลอง", position="ผู้ว่าราชการทดลอง")]
        session.add_all([letter, office])
        session.flush()
        session.add(office_text(office, TextKind.PROVINCE, word))
        session.flush()
        for key in owners:
            furniture.ids[key]["letter_id"] = letter.id


def _certificates(session: Session, world: World, furniture: Furniture) -> None:
    """A certificate of each agency, printed, with its own word."""
    release = CertificateRelease(
        round_id=world.round_id,
        dated=NOW.date(),
        office="สำนักงานทดลอง",
        signatory="นางทดลอง ลงนาม",
        position="เลขาธิการทดลอง",
        letterhead={"emblem": "", "typeface": ""},
        by_key=False,
        count=len(furniture.ids),
        digest="0" * 64,
        released_at=NOW,
    )
    session.add(release)
    session.flush()
    said = {"year": "2561", "district": "ทดลอง", "province": "ทดลอง", "total": "80.00", "grade": "B"}
    for number, (key, ids) in enumerate(furniture.ids.items(), start=1):
        word = canary(key)
        file = stored_file(
            "certificate.pdf", "application/pdf", word.encode(), province_id=ids["province_id"]
        )
        session.add(file)
        session.flush()
        row = Certificate(
            participation_id=ids["participation_id"],
            release_id=release.id,
            number=number,
            public_id=f"{number:032x}",
            grade="B",
            data={**said, "full_name": word, "passes": None, "pass_mark": None},
            file_id=file.id,
        )
        session.add(row)
        session.flush()
        ids["certificate_id"] = row.id


def _destroyed_keys(session: Session, world: World, furniture: Furniture) -> None:
    """A certificate of key destruction, printed; the round takes no other one."""
    file = stored_file("keys.pdf", "application/pdf", b"%PDF-")
    session.add(file)
    session.flush()
    said = {"year": "2561", "round": "รอบ", "fingerprint": "0" * 64, "copies": []}
    session.add(
        KeyDestruction(
            round_id=world.round_id,
            number=1,
            written_at=NOW,
            written_by="นางทดลอง บันทึก",
            data=said,
            digest="0" * 64,
            file_id=file.id,
        )
    )
    for ids in furniture.ids.values():
        ids["number"] = 1


def office_text(office: LetterOffice, kind: TextKind, word: str) -> OfficeText:
    """A text of an office, with a word in it."""
    source = shipped_of(kind).source.replace("เรื่อง: ", f"เรื่อง: {word} ")
    return OfficeText(
        office_id=office.id,
        province_id=office.province_id,
        kind=kind,
        number=1,
        source=source,
        made_at=NOW,
    )


def _letter_desk(session: Session, world: World) -> dict[str, Any]:
    """DLA's office with who signs, a reserved number, a draft, two letters on record; NACC's office."""
    office = LetterOffice(
        kind=OfficeKind.DLA,
        texts={"name": "กรมทดลอง", "address": "ถนนทดลอง", "number_prefix": "มท 0"},
        register=Register.GENERAL,
    )
    office.signatories = [Signatory(name="นายทดลอง ลงนาม", position="อธิบดีทดลอง")]
    session.add(office)
    session.flush()
    dispatch = Dispatch(
        round_id=world.round_id,
        office_id=office.id,
        kind=LetterKind.CIRCULAR,
        subject="หนังสือทดลอง",
        signatory_id=office.signatories[0].id,
        made_at=NOW,
    )
    number = LetterNumber(
        office_id=office.id,
        year=2561,
        circulars=False,
        number=1,
        use=NumberUse.RESERVED,
        reason="ทดลอง",
        taken_at=NOW,
    )
    series = NumberSeries(office_id=office.id, year=2561, circulars=False, first=1, last=3)
    text = office_text(office, TextKind.CIRCULAR, "ทดลอง")
    session.add_all([dispatch, number, series, text])
    session.flush()
    _on_record(session, dispatch, number)
    nacc = LetterOffice(kind=OfficeKind.NACC, texts=office.texts, register=Register.GENERAL)
    nacc.signatories = [Signatory(name="นางทดลอง ลงนาม", position="เลขาธิการทดลอง")]
    session.add(nacc)
    session.flush()
    return {
        "dispatch_id": dispatch.id,
        "office_id": office.id,
        "signatory_id": office.signatories[0].id,
        "number_id": number.id,
        "public_id": "0" * 32,
        "text_kind": TextKind.CIRCULAR.value,
    }


def _on_record(session: Session, draft: Dispatch, reserved: LetterNumber) -> None:
    """One circular in force, and one that was withdrawn, with its signed paper."""
    scan = stored_file("scan.pdf", "application/pdf", b"%PDF-1.7")
    session.add(scan)
    session.flush()
    withdrawn = {"reason": "ทดลอง", "withdrawn_at": NOW, "scan_file_id": scan.id}
    for running, more in (
        (2, {"state": DispatchState.ISSUED}),
        (3, {"state": DispatchState.WITHDRAWN, **withdrawn}),
    ):
        issued = Dispatch(
            round_id=draft.round_id,
            office_id=draft.office_id,
            kind=draft.kind,
            subject=draft.subject,
            signatory_id=draft.signatory_id,
            made_at=NOW,
            issued_at=NOW,
            number=f"มท 0/ว {running}",
            dated=NOW.date(),
            **more,
        )
        session.add(issued)
        session.flush()
        session.add(
            LetterNumber(
                office_id=draft.office_id,
                year=reserved.year,
                circulars=reserved.circulars,
                number=running,
                use=NumberUse.USED,
                dispatch_id=issued.id,
                taken_at=NOW,
            )
        )
    session.flush()


def _inbox(session: Session, world: World, furniture: Furniture, dispatch_id: int) -> None:
    """A letter at each province's desk, received and passed on; each agency's says its own word."""
    for number, (province, agencies) in enumerate((("52", ("a1", "a2")), ("81", ("b1", "b2"))), 1):
        passed_from: int | None = None
        for key, word in zip((None, agencies[0]), reversed(agencies), strict=True):
            place = {"province_id": world.province[province], "agency_id": world.agency[key] if key else None}
            row = Delivery(
                letter_id=furniture.ids[agencies[0]]["letter_id"],
                dispatch_id=dispatch_id,
                round_id=world.round_id,
                desk=desk_of(place["province_id"], place["agency_id"]),
                passed_from_id=passed_from,
                sender="กรมทดลอง",
                number=f"มท 0/ว {number}",
                dated=NOW.date(),
                subject=canary(word),
                sent_at=NOW,
                read_at=NOW,
                **place,
            )
            session.add(row)
            session.flush()
            passed_from = row.id
            furniture.ids[word]["delivery_id"] = row.id


def _lost_passwords(session: Session, world: World, furniture: Furniture) -> None:
    """One waiting request per province; its canary stands where to call back."""
    for person, owners in (("agency_admin", ("a1", "a2")), ("agency_admin_other", ("b1", "b2"))):
        lost = LostPassword(account_id=world.account[person], phone=canary(owners[0]), asked_at=NOW)
        session.add(lost)
        session.flush()
        for key in owners:
            furniture.ids[key]["lost_id"] = lost.id
