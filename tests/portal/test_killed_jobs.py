"""Every kind of job, killed at each of its commits in turn: another worker goes on, and it ends all the same.

Who adds a kind of job adds it here: how it is asked for, and what must be there, once, at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import func, select

from models.account import Account, ActivationCode
from models.agency import Agency
from models.assessor import Assignment
from models.audit import AuditEvent
from models.ballot import Mark, OpenedAnswer
from models.contact import ProvinceContact
from models.delivery import LetterNotice
from models.dispatch import Dispatch
from models.distribution import Distribution, Source
from models.job import Job, JobState
from models.letter import Letter, StoredFile
from models.letter_office import OfficeKind
from models.onboarding import AccountBatch, MailCode
from models.participation import Extension
from models.register_import import RegisterImport
from models.reminder import ChaseMail
from models.result import Result
from models.round import Round, RoundState, Stage
from models.survey import SurveyLink
from portal import catalogue
from portal.assessors import distributing, planning
from portal.ballot.box import cast
from portal.ballot.keys import key_folder
from portal.certificates import releasing as certifying
from portal.chasing import extending, extending_many, posting, reminders
from portal.chasing import mailing as chasing_mails
from portal.content import local
from portal.core import list_acts, list_files
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.imports.spreadsheet import Row, Table
from portal.core.jobs import queue
from portal.core.jobs.kinds import KINDS, Kind
from portal.core.stages import stage_state
from portal.core.web import Portal
from portal.destruction import writing as destruction
from portal.letters import dispatches
from portal.letters.dispatches import MAKING, PROOFS
from portal.letters.inbox import noticing, stamping
from portal.letters.summaries import SUMMARY
from portal.people.bulk import batches, workbook
from portal.people.entry import mailing, own_email, own_password
from portal.people.slips import hand_over, making, strongbox
from portal.personal import making as personal
from portal.personal.erasing import erase
from portal.record import check
from portal.register.file import read_agencies
from portal.register.importing import keep_table
from portal.results import opening
from portal.rounds import desk as rounds
from portal.surveys import bulk_posters, posters
from tests.support.certificates import DAY, one, opened_round, province_ordered, released, signatory_id
from tests.support.certificates import ordered as certificate_ordered
from tests.support.destruction import STATED, boxes_opened, kept, written
from tests.support.inbox import at_desk, received, sent
from tests.support.killing import Killed, dying_at, killed_at_each_commit
from tests.support.letters import drafted, issued, ordered, set_up
from tests.support.mail import code_in, mails
from tests.support.personal import boxes_opened as opened_for_erasing
from tests.support.reminders import addressed
from tests.support.reminders import ordered as mails_ordered
from tests.support.respondents import IIT, LINES, box, citizen_id, confirm, link_codes
from tests.support.rosters import fill_roster
from tests.support.slip_orders import not_activated
from tests.support.slip_orders import order as order_slips
from tests.support.world import NOW, World, acting_as, row

CIRCULARS, NACC, PROVINCE = (MAKING[one] for one in (OfficeKind.DLA, OfficeKind.NACC, OfficeKind.PROVINCE))
VOTERS = 3
REGISTER = (
    "lao_code8,type,name_th,full_name_th,size,province_code,province_th,district_code,district_th\n"
    "06520403,TAO,ใหม่,องค์การบริหารส่วนตำบลใหม่,S,52,ลำปาง,5204,เกาะคา\n"
)


@dataclass(frozen=True)
class Case:
    """How a job is asked for (gives its id), and what is there at its end, as numbers and words."""

    ask: Callable[[Portal, World], int]
    ended: Callable[[World, Job], Any]
    expected: Any


def count(model: type[Any], *where: Any) -> int:
    with privileged("a test counts") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def events(act: str) -> list[dict[str, Any]]:
    with privileged("a test looks") as session:
        return list(session.scalars(select(AuditEvent.after).where(AuditEvent.act == act)))


def asked(world: World, person: str, kind: str, **arguments: Any) -> int:
    with acting_as(world.actor(person)) as actor:
        return queue.enqueue(kind, title="งานทดลอง", arguments=arguments, actor=actor).id


def letter(person: str) -> Callable[[Portal, World], int]:
    def ask(_app: Portal, world: World) -> int:
        set_up(world, person)
        return ordered(world, person)

    return ask


def letter_of_province(_app: Portal, world: World) -> int:
    set_up(world, "province")
    return issued(world, "province")


def proof(person: str) -> Callable[[Portal, World], int]:
    def ask(_app: Portal, world: World) -> int:
        set_up(world, person)
        key = drafted(world, person)
        with acting_as(world.actor(person)) as actor:
            dispatch = db.session.get_one(Dispatch, key)
            return dispatches.order_proof(dispatch, world.province["52"], actor=actor).id

    return ask


def certificate(_app: Portal, world: World) -> int:
    released(world)
    return certificate_ordered(world, "agency_admin", "a1")


def erased_rosters(app: Portal, world: World) -> int:
    fill_roster(app, world, people=2)
    opened_for_erasing(world, until=date(2018, 11, 8))
    erase(world.round_id)
    with acting(world.actor("nacc")) as actor:
        return personal.order_print(db.session.get_one(Round, world.round_id), actor=actor).id


def destroyed_keys(_app: Portal, world: World) -> int:
    boxes_opened(world)
    return written(world, STATED)


def certificates_of_province(_app: Portal, world: World) -> int:
    released(world)
    return province_ordered(world, "province")


def proof_of_certificate(_app: Portal, world: World) -> int:
    opened_round(world)
    set_up(world, "nacc")
    with acting_as(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        return certifying.order_proof(round, signatory_id=signatory_id(), dated=DAY, actor=actor).id


def letters_and_files(_world: World, job: Job) -> tuple[int, int, bool]:
    return count(Letter), count(StoredFile), job.file_id is not None


def registry(_app: Portal, world: World) -> int:
    with writing(), privileged("a test keeps a file") as session:
        table = read_agencies(REGISTER.encode(), "agencies.csv")
        file_id = keep_table(session, table, account_id=world.account["dla"]).id
    return asked(world, "dla", "registry.import", file_id=file_id, url="/result")


def poster(app: Portal, world: World) -> int:
    confirm(app, world, "a1")
    link_codes(app, world)
    with privileged("a test looks") as session:
        link = session.scalars(select(SurveyLink.id)).first()
    return asked(world, "agency_admin", posters.KIND, link=link)


def posters_of_a_province(app: Portal, world: World) -> int:
    confirm(app, world, "a1")
    link_codes(app, world)
    arguments = {"round_id": world.round_id, "province_id": world.province["52"], "sheet": "a4"}
    return asked(world, "province", bulk_posters.KIND, **arguments)


def closed(app: Portal, world: World) -> int:
    """The round after its voters and its closing: the job that empties the marks waits."""
    confirm(app, world, "a1")
    link_codes(app, world)
    for number in range(VOTERS):
        cast(box(world), citizen_id(number), bytes([1]) * LINES[IIT])
    with pytest.MonkeyPatch.context() as patch, acting_as(world.actor("nacc")) as actor:
        patch.setenv("PORTAL_CLOCK", (NOW + timedelta(days=120)).isoformat())
        return rounds.close_round(db.session.get_one(Round, world.round_id), actor=actor).id


def opened(app: Portal, world: World) -> int:
    killed_at_each_commit(closed(app, world))
    assert opening.open_by_itself(world.round_id)
    with privileged("a test looks") as session:
        return session.scalars(select(Job.id).where(Job.kind == opening.BY_ITSELF)).one()


def of_opening(world: World, _job: Job) -> tuple[Any, ...]:
    key_is_here = key_folder().has_urn_key(world.round_id)
    said = [event["answers"] for event in events("round.open_boxes") if "answers" in event]
    return row(Round, world.round_id).state, count(OpenedAnswer), count(Result), key_is_here, said


def batch_counts() -> list[dict[str, Any]]:
    with privileged("a test looks") as session:
        return list(session.scalars(select(AccountBatch.counts)))


def slips(_app: Portal, world: World) -> int:
    not_activated(world, "agency_admin", "executive")
    return order_slips(world).job_id


def codes_and_files(world: World, job: Job) -> tuple[Any, ...]:
    """One code per account, a file per part, and the box opens: no part of a killed run is in it."""
    parts = job.checkpoint["parts"].values()
    folder = strongbox.folder_of(job.arguments["order_id"])
    listed = {part["file"] for part in parts} | set(job.checkpoint["lists"].values())
    return (
        count(ActivationCode),
        len(listed),
        listed <= {file.name for file in folder.iterdir()},
        job.result["slips"],
    )


def hand_over_lists(app: Portal, world: World) -> int:
    killed_at_each_commit(slips(app, world))
    with privileged("a test looks") as session:
        made = session.scalars(select(Job.id).where(Job.kind == making.KIND)).one()
    return asked(world, "dla", hand_over.KIND, job_id=made)


def list_of_agencies(_app: Portal, world: World) -> int:
    arguments: dict[str, Any] = {"args": {}}
    return asked(world, "dla", list_files.KIND, list="generated.agencies", arguments=arguments, ext="xlsx")


def status_on_paper(_app: Portal, world: World) -> int:
    arguments: dict[str, Any] = {"round_id": world.round_id, "args": {}}
    return asked(world, "dla", list_files.PAPER, list="status.country", arguments=arguments, ext="pdf")


def accounts_taken_back(_app: Portal, world: World) -> int:
    killed_at_each_commit(asked(world, "dla", batches.KIND, which={}, url="/there"))
    with privileged("a test looks") as session:
        batch = session.scalars(select(AccountBatch.id)).one()
    return asked(world, "dla", batches.TAKE_BACK, batch=batch, url="/there")


def mail_to_prove(_app: Portal, world: World) -> int:
    own_email.ask(world.account["executive"], "somebody@example.go.th")
    with privileged("a test looks") as session:
        return session.scalars(select(Job.id).where(Job.kind == mailing.KIND)).one()


def proved_by_the_last_mail(world: World, job: Job) -> tuple[dict[str, Any], int, bool]:
    """Each worker that died sent a mail of its own: the code of the last one opens, and no other is kept."""
    kept, (*_before, last) = count(MailCode), mails(current_app)  # type: ignore[arg-type]
    own_password.prove(code_in(last))
    return job.result, kept, row(Account, world.account["executive"]).email_proved_at == NOW


def workbook_sent(_app: Portal, world: World) -> int:
    row = {"code": "06520402", "role": "admin", "name": "นางทดลอง ใหม่"}
    table = Table("a.xlsx", "0" * 64, {}, (Row(2, row),))
    with acting_as(world.actor("province")) as actor:
        file_id = workbook.keep_table(table, actor=actor).id
    return asked(world, "province", workbook.KIND, file_id=file_id, url="/there")


def told_by_mail(_app: Portal, world: World) -> int:
    """A letter to two provinces, whose offices each have an address."""
    with writing(), privileged("addresses of a test") as session:
        session.add_all(
            ProvinceContact(province_id=key, email=f"office{key}@example.go.th")
            for key in world.province.values()
        )
    sent(world)
    with privileged("a test looks") as session:
        return session.scalars(select(Job.id).where(Job.kind == noticing.KIND)).one()


def copy_with_stamp(_app: Portal, world: World) -> int:
    sent(world)
    with privileged("a test looks") as session:
        notices = session.scalars(select(Job.id).where(Job.kind == noticing.KIND)).all()
    for told in notices:
        killed_at_each_commit(told)
    received(world, "province")
    with at_desk(world, "province") as (delivery, actor):
        return stamping.order(delivery, actor=actor).id


def mails_by_hand(_app: Portal, world: World) -> int:
    addressed(world, "a1", "b1")
    return mails_ordered(world)


def mails_by_rule(_app: Portal, world: World) -> int:
    addressed(world, "a1", "b1")
    with privileged("a test looks") as session:
        last_day = stage_state(session.get_one(Round, world.round_id), Stage.PREPARATION, NOW).last_day
    assert last_day is not None
    with acting_as(world.actor("dla")) as actor:
        round, days = db.session.get_one(Round, world.round_id), (last_day - NOW.date()).days
        reminders.add(round, stage=Stage.PREPARATION, days=days, actor=actor)
    reminders.write_due()
    posting.look_after()
    with privileged("a test looks") as session:
        return session.scalars(select(Job.id).where(Job.kind == posting.KIND)).one()


def more_time_for_many(_app: Portal, world: World) -> int:
    """For the four agencies of the world, in more than one portion."""
    last_day, whom = date(2018, 12, 15), world.participation.values()
    with acting_as(world.actor("dla")) as actor:
        round = db.session.get_one(Round, world.round_id)
        return extending_many.order(
            round, Stage.PREPARATION, last_day, "น้ำท่วม", whom, actor=actor, url="/there"
        ).id


def time_given(_world: World, job: Job) -> tuple[int, int, bool]:
    """Extensions, whose they are, and whether the sum over all runs is said."""
    whose = func.count(func.distinct(Extension.participation_id))
    with privileged("a test counts") as session:
        agencies = session.scalar(select(whose)) or 0
    return count(Extension), agencies, "4 หน่วยงาน" in job.result["words"]


def all_found_changed(app: Portal, world: World) -> int:
    """Agencies that a list found get another size, in more than one portion."""
    with acting_as(world.actor("dla")) as actor:
        order = {"list": "agencies", "act": "set-size", "value": "L", "rows": [1, 2, 3, 4], "url": "/there"}
        return list_acts.order(order, title="ทดลอง", actor=actor).id


def sizes_set(_world: World, job: Job) -> tuple[int, int, bool]:
    """Agencies of that size, events of it, and whether the sum over all runs is said."""
    large = count(Agency, Agency.size == local.L)
    return large, count(AuditEvent, AuditEvent.act == "agencies.edit"), " 4 " in job.result["words"]


def bodies_for_many(_app: Portal, world: World) -> int:
    """The agencies of one body to the other, in more than one portion."""
    asked = {"body": world.body["body1"], "to": world.body["body2"]}
    with acting_as(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        planned = planning.plan(round, Source.MOVE, asked, reason="ย้าย", actor=actor)
        job = distributing.carry_out(planned, with_begun=False, actor=actor, url="/there")
        assert job is not None
        return job.id


def bodies_given(world: World, job: Job) -> tuple[int, int, bool]:
    """Agencies of the new body, moves that are kept, and whether all of them are said."""
    with privileged("a test counts") as session:
        done = session.scalars(select(Distribution)).one().done
    mine = Assignment.body_id == world.body["body2"]
    return count(Assignment, mine), len(done), "2 หน่วยงาน" in job.result["words"]


def none_twice(_world: World, _job: Job) -> tuple[int, bool]:
    """A mail whose worker died while it was handed over may be there or not, and never is there twice."""
    receivers = [message["To"] for message in mails(current_app)]  # type: ignore[arg-type]
    return count(ChaseMail), len(receivers) == len(set(receivers))


CASES = {
    chasing_mails.KIND: Case(mails_by_hand, none_twice, (2, True)),
    distributing.KIND: Case(bodies_for_many, bodies_given, (3, 2, True)),
    extending_many.KIND: Case(more_time_for_many, time_given, (4, 4, True)),
    list_acts.KIND: Case(all_found_changed, sizes_set, (4, 4, True)),
    posting.KIND: Case(mails_by_rule, none_twice, (2, True)),
    stamping.KIND: Case(
        copy_with_stamp, lambda _world, job: (job.file_id is not None, job.result["letters"]), (True, 1)
    ),
    noticing.KIND: Case(
        told_by_mail,
        lambda _world, job: (count(LetterNotice, LetterNotice.sent_at.is_not(None)), job.result["failed"]),
        (2, 0),
    ),
    batches.KIND: Case(
        lambda _app, world: asked(world, "dla", batches.KIND, which={}, url="/there"),
        lambda _world, _job: (count(Account, Account.name == ""), count(AccountBatch), batch_counts()),
        (4, 1, [{"new": 4, "had": 4}]),
    ),
    workbook.KIND: Case(
        workbook_sent,
        lambda _world, _job: (count(Account, Account.name == "นางทดลอง ใหม่"), batch_counts()),
        (1, [{"new": 1, "filled": 0, "left_out": 0}]),
    ),
    batches.TAKE_BACK: Case(
        accounts_taken_back,
        lambda _world, _job: (count(Account, Account.name == ""), batch_counts()),
        (0, [{"new": 4, "had": 4, "removed": 4, "left": 0}]),
    ),
    CIRCULARS: Case(letter("dla"), letters_and_files, (2, 5, True)),
    NACC: Case(letter("nacc"), letters_and_files, (1, 3, True)),
    SUMMARY: Case(letter("province"), letters_and_files, (1, 2, True)),
    PROVINCE: Case(letter_of_province, letters_and_files, (1, 3, True)),
    PROOFS[OfficeKind.PROVINCE]: Case(proof("province"), letters_and_files, (0, 1, True)),
    PROOFS[OfficeKind.DLA]: Case(proof("dla"), letters_and_files, (0, 1, True)),
    PROOFS[OfficeKind.NACC]: Case(proof("nacc"), letters_and_files, (0, 1, True)),
    certifying.PRINT: Case(
        certificate,
        lambda world, job: (count(StoredFile), one(world, "a1").file_id is not None, job.file_id is not None),
        (2, True, True),
    ),
    personal.PRINT: Case(
        erased_rosters,
        lambda world, job: (count(StoredFile), job.file_id is not None),
        (2, True),
    ),
    destruction.PRINT: Case(
        destroyed_keys,
        lambda world, job: (count(StoredFile), kept().file_id is not None, job.file_id is not None),
        (2, True, True),
    ),
    certifying.PROVINCE: Case(
        certificates_of_province,
        lambda world, job: (
            count(StoredFile),
            [one(world, agency).file_id is not None for agency in ("a1", "a2")],
            job.file_id is not None,
            job.result["certificates"],
        ),
        (3, [True, True], True, 2),
    ),
    certifying.PROOF: Case(proof_of_certificate, letters_and_files, (0, 1, True)),
    "registry.import": Case(
        registry,
        lambda _world, job: (
            count(Agency),
            count(RegisterImport),
            job.result["new"],
            job.result["import_id"] is not None,
        ),
        (5, 1, 1, True),
    ),
    check.VERIFY: Case(
        lambda _app, world: asked(world, "nacc", check.VERIFY),
        lambda _world, job: "บันทึกครบถ้วนทั้ง 1 สาย" in job.result["words"],
        True,
    ),
    opening.BY_ITSELF: Case(opened, of_opening, (RoundState.OPENED, VOTERS, 4, False, [VOTERS])),
    rounds.EMPTY_MARKS: Case(
        closed,
        lambda _world, job: (count(Mark), events("round.empty_marks"), str(VOTERS) in job.result["words"]),
        (0, [{"marks": VOTERS, "key_destroyed": True}], True),
    ),
    making.KIND: Case(slips, codes_and_files, (2, 4, True, 2)),
    hand_over.KIND: Case(
        hand_over_lists,
        lambda _world, job: (count(StoredFile), job.result["lists"], job.file_id is not None),
        (1, 2, True),
    ),
    posters.KIND: Case(poster, lambda _world, job: (count(StoredFile), job.file_id is not None), (1, True)),
    bulk_posters.KIND: Case(
        posters_of_a_province,
        lambda _world, job: (count(StoredFile), job.file_id is not None, job.result["posters"]),
        (1, True, 1),
    ),
    mailing.KIND: Case(mail_to_prove, proved_by_the_last_mail, ({"mails": 1}, 1, True)),
    list_files.KIND: Case(
        list_of_agencies, lambda _world, job: (count(StoredFile), job.result["rows"]), (1, 4)
    ),
    list_files.PAPER: Case(
        status_on_paper, lambda _world, job: (count(StoredFile), job.result["rows"]), (1, 2)
    ),
}


def never_killed() -> set[str]:
    """Kinds of job without a case."""
    return KINDS.keys() - CASES.keys()


def test_every_kind_of_job_is_killed_here() -> None:
    assert catalogue.MODULES, "whose import makes every kind known, also where no application was made yet"
    assert not never_killed() and CASES.keys() <= KINDS.keys()


def test_a_new_kind_without_a_case_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "planted", Kind(lambda context: None))
    assert never_killed() == {"planted"}


#: printed anew after each kill; the summary is printed too, and circulars are killed in tests/portal/letters
LETTERS = {
    CIRCULARS,
    NACC,
    PROVINCE,
    *PROOFS.values(),
    certifying.PRINT,
    certifying.PROOF,
    destruction.PRINT,
    personal.PRINT,
}
LONG = LETTERS | {
    stamping.KIND,
    posters.KIND,
    bulk_posters.KIND,
    making.KIND,
    hand_over.KIND,
    list_files.PAPER,
}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.proof] * (kind in LONG)) for kind in CASES]
)
def test_a_killed_job_ends_as_if_it_had_never_been_killed(
    app: Portal, world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[kind]
    monkeypatch.setattr(extending, "AT_ONCE", 3)
    monkeypatch.setattr(list_acts, "AT_ONCE", 3)
    monkeypatch.setattr(distributing, "AT_ONCE", 1)
    with app.app_context():
        job_id = case.ask(app, world)
        assert killed_at_each_commit(job_id) >= 2, "killed before its work and after it"
        job = row(Job, job_id)
        assert job.state is JobState.DONE, job.message
        assert case.ended(world, job) == case.expected


def test_a_kill_is_no_fault_that_a_worker_catches(app: Portal, world: World) -> None:
    """The test's own knife: what was not committed is gone, and the job is still held by the dead."""
    with app.app_context():
        with pytest.raises(Killed), dying_at(1), writing(), privileged("a test is killed") as session:
            session.get_one(Round, world.round_id).name = "จะหายไป"
        assert row(Round, world.round_id).name != "จะหายไป"
