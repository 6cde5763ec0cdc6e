"""The walk: from an empty database to grades, each step through the services that the screens use."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sqlalchemy import func, insert, select

from config import Settings
from models.assessor import Assignment
from models.ballot import Mark, OpenedAnswer
from models.disclosure import Disclosure, DisclosureState
from models.job import Job, JobState
from models.letter import LetterKind
from models.participation import Participation
from models.result import Result
from models.round import Round, RoundState
from models.survey import AnswerCount, SurveyLink
from models.thai import local_day
from portal.ballot import keys, recount
from portal.content.year import load_year
from portal.core import clock
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import worker
from portal.core.lookup import own_participation, participation_or_404
from portal.core.web import Portal
from portal.disclosure import answering as disclosure
from portal.disclosure import review as disclosure_review
from portal.disclosure import scoring as disclosure_scoring
from portal.disclosure.state import ensure_disclosure
from portal.letters import offices as letter_offices
from portal.letters import orders as letters
from portal.people import accounts
from portal.preparation import desk as preparation
from portal.register import importing as registry_import
from portal.register import places
from portal.register.file import read_agencies
from portal.results.opening import open_round_boxes
from portal.rosters import importing as roster_import
from portal.rosters.file import read_roster
from portal.rounds import desk as rounds
from portal.rounds import setup as round_setup
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.demo.windows import shifted_windows
from portal.tools.drill import checklists
from portal.tools.drill.cast import PASSWORD, Cast, Team, acting, make_cast
from portal.tools.drill.plan import Plan
from portal.tools.drill.report import Report
from portal.tools.drill.respondents import Crowd, Visit
from portal.tools.drill.server import HOST, serving

CONTENT = 2561
AFTER_EVERYTHING = timedelta(days=120)
OFFICE = {
    "name": "กรมตัวอย่าง",
    "address": "ถนนทดลอง เขตทดลอง กรุงเทพฯ",
    "number_prefix": "มท",
    "signatory_name": "นายทดลอง ลงนาม",
    "signatory_position": "อธิบดีกรมตัวอย่าง",
}


class Walk:
    """One walk over one application; ``clock_file`` is the time that it, its server and worker read."""

    def __init__(self, app: Portal, plan: Plan, report: Report, *, clock_file: Path) -> None:
        self.app, self.plan, self.report = app, plan, report
        self._clock_file = clock_file
        self._round = 0
        self._agencies = 0
        self._cast: Cast

    def run(self, registry: tuple[bytes, str], *, key_file: Path) -> None:
        """Every step in its order. ``registry`` is the file's content and name."""
        with self.app.app_context():
            self.register(*registry)
            self.open_round(key_file)
            self.prepare()
        with serving(self.app.settings, self._clock_file) as port:
            self._answer(Crowd(HOST, port, at_once=self.plan.respondents_at_once))
        with self.app.app_context():
            self._disclose()
            self._letters()
            self._close()
            self._open_boxes(key_file)

    # -- register and round ----------------------------------------------------------------------------------

    def register(self, content: bytes, name: str) -> None:
        """Import the register, twice."""
        rows = sum(1 for line in content.splitlines() if line.strip()) - 1
        with self.report.step("agencies imported") as step:
            with writing(), privileged("drill: register") as session:
                places.load_places(session)
            table = read_agencies(content, name)
            with writing(), privileged("drill: register") as session:
                step.count = len(registry_import.apply_registry(session, table).new)
        self.report.check("agencies imported", found=step.count, planned=rows)
        with self.report.step("second import: changes") as step:
            with writing(), privileged("drill: register again") as session:
                again = registry_import.apply_registry(session, table)
            step.count = len(again.new) + len(again.changed)
        self.report.check("changes of a second import", found=step.count, planned=0)
        self._agencies = rows

    def open_round(self, key_file: Path) -> None:
        """People, a round with every stage open, and its keys; the private one leaves for ``key_file``."""
        with self.report.step("round opened: participations") as step:
            with writing(), privileged("drill: people") as session:
                self._cast = make_cast(session, self.plan)
            windows = shifted_windows(clock.now())
            with acting(self._cast.nacc):
                round = round_setup.make_round(
                    db.session(), load_year(CONTENT), name="การซ้อมประเมิน", windows=windows
                )
                self._round = round.id
            with acting(self._cast.nacc):
                step.count = rounds.take_up_agencies(self._this_round())
            with acting(self._cast.nacc):
                rounds.prepare_keys(self._this_round())
                rounds.drill_key(self._this_round())
            self._export_key(key_file)
            with acting(self._cast.nacc) as actor:
                rounds.open_round(self._this_round(), actor=actor, wording_confirmed=True)
        self.report.check("participations", found=step.count, planned=self._agencies)

    def _export_key(self, key_file: Path) -> None:
        """The key leaves this machine, as in production; it comes back for the opening."""
        from_folder = keys.key_folder().urn_key(self._round)
        key_file.write_bytes(from_folder)
        keys.key_folder().destroy_urn_key(self._round)

    def _this_round(self) -> Round:
        return db.session.get_one(Round, self._round)

    # -- preparation -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """The four steps of the planned agencies, some stopping half way."""
        teams = self._cast.teams
        stops = self.plan.incomplete
        with self.report.step("agencies prepared") as step:
            for number, team in enumerate(teams):
                self._prepare_one(team, steps=number % 4 if number < stops else 4)
                step.count += 1
        with privileged("drill: counting the confirmed") as session:
            query = select(func.count()).where(Participation.confirmed_at.is_not(None))
            confirmed = session.scalar(query)
        self.report.check("agencies prepared", found=step.count, planned=self.plan.agencies)
        self.report.check("agencies confirmed", found=confirmed, planned=self.plan.confirmed)

    def _prepare_one(self, team: Team, *, steps: int) -> None:
        """The four steps of one agency, or the first few of them."""
        if steps >= 1:
            accounts.activate(team.admin_code, PASSWORD)
        if steps >= 2:
            with acting(team.admin_grant) as actor:
                preparation.set_headcount(self._mine(), self.plan.headcount, actor=actor)
        if steps >= 3:
            with acting(team.admin_grant) as actor:
                mine = self._mine()
                table = read_roster(self._roster_file(mine), "roster.csv")
                roster_import.apply_roster(mine, roster_import.plan_roster(mine, table), replace=True)
        if steps >= 4:
            with acting(team.admin_grant) as actor:
                preparation.submit(self._mine(), actor=actor)
            with acting(team.executive_grant) as actor:
                preparation.confirm(self._mine(), actor=actor)

    def _mine(self) -> Participation:
        return own_participation(self._round)

    def _roster_file(self, participation: Participation) -> bytes:
        group = participation.round.roster_groups[0].name
        lines = ["ลำดับ,ชื่อ-นามสกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล"]
        lines += [
            f"{number},สมมุติ ที่{number},,{group},08{participation.id % 10_000:04d}{number:04d},"
            for number in range(1, self.plan.roster + 1)
        ]
        return "\n".join(lines).encode()

    # -- surveys ---------------------------------------------------------------------------------------------

    def _answer(self, crowd: Crowd) -> None:
        visits = self.visits()
        with self.report.step("answers over HTTP") as step:
            outcomes = crowd.send(visits)
            step.count = outcomes["accepted"]
        self.report.check("answers accepted", found=dict(outcomes), planned={"accepted": self.plan.answers})
        with self.report.step("second answers refused") as step:
            again = crowd.send(visits[: self.plan.repeated])
            step.count = again["already"]
        self.report.check("second answers", found=dict(again), planned={"already": self.plan.repeated})
        with self.app.app_context():
            with privileged("drill: counting answers") as session:
                counted = session.scalar(select(func.sum(AnswerCount.count)))
                marks = session.scalar(select(func.count()).select_from(Mark))
            self.report.check("answers counted", found=counted, planned=self.plan.answers)
            self.report.check("marks", found=marks, planned=self.plan.answers)
            self.report.check("counters that differ", found=recount.differences(self._round), planned=[])

    def visits(self) -> list[Visit]:
        """So many respondents for both surveys of the surveyed agencies, in mixed order."""
        agencies = [team.agency_id for team in self._cast.teams[-self.plan.surveyed :]]
        with self.app.app_context(), privileged("drill: links") as session:
            codes = session.scalars(
                select(SurveyLink.code).where(SurveyLink.agency_id.in_(agencies)).order_by(SurveyLink.id)
            ).all()
        ids = made_up_ids(1)
        visits = [Visit(code, one) for code in codes for one in islice(ids, self.plan.answers_each)]
        random.Random(CONTENT).shuffle(visits)  # noqa: S311 - the order in which made-up people come
        return visits

    # -- disclosure ------------------------------------------------------------------------------------------

    def _disclose(self) -> None:
        teams = self._cast.teams[-self.plan.disclosures :]
        with self.report.step("OIT answered, approved and scored") as step:
            self._assign([team.agency_id for team in teams])
            for team in teams:
                self._disclose_one(team)
                step.count += 1
        with privileged("drill: counting checklists") as session:
            query = select(func.count()).where(Disclosure.state == DisclosureState.SCORED)
            self.report.check("checklists scored", found=session.scalar(query), planned=self.plan.disclosures)

    def _assign(self, agencies: list[int]) -> None:
        with writing(), privileged("drill: assignments") as session:
            query = select(Participation.id, Participation.agency_id, Participation.province_id)
            rows = session.execute(query.where(Participation.agency_id.in_(agencies))).all()
            session.connection().execute(
                insert(Assignment),
                [
                    {"participation_id": key, "agency_id": agency, "province_id": province, "body_id": body}
                    for key, agency, province in rows
                    for body in (self._cast.body_id,)
                ],
            )

    def _disclose_one(self, team: Team) -> None:
        with acting(team.admin_grant) as actor:
            mine = self._mine()
            checklists.answer_all(mine, actor=actor, link=lambda item: f"https://example.go.th/{item.code}")
            version = ensure_disclosure(mine).version
            disclosure.submit(mine, version=version, actor=actor)
            participation_id = mine.id
        with acting(team.executive_grant) as actor:
            mine = self._mine()
            checklists.pass_all(mine, actor=actor)
            version = ensure_disclosure(mine).version
            disclosure_review.confirm_review(mine, version=version, actor=actor)
        with acting(self._cast.assessor) as actor:
            theirs = participation_or_404(self._round, participation_id)
            checklists.score_all(theirs, actor=actor, points=lambda item: Decimal(100))
            version = ensure_disclosure(theirs).version
            disclosure_scoring.finish_scoring(theirs, version=version, actor=actor)

    # -- letters ---------------------------------------------------------------------------------------------

    def _letters(self) -> None:
        with self.report.step("letters to governors, in one ZIP") as step:
            order = letters.LetterOrder("มท 0000/ว 1", local_day(clock.now()))
            with acting(self._cast.dla) as actor:
                letter_offices.save_texts(LetterKind.CIRCULAR, OFFICE)
                job_id = letters.order_circulars(self._this_round(), order, actor=actor).id
            worker.work(self.app, until_idle=True)
            with privileged("drill: the letters' job") as session:
                job = session.get_one(Job, job_id)
                self.report.check("letters' job", found=job.state, planned=JobState.DONE)
                step.count = int(job.result.get("letters", 0))
        self.report.check("letters", found=step.count, planned=self.plan.letters)

    # -- closing and opening ---------------------------------------------------------------------------------

    def _set_clock(self, moment: datetime) -> None:
        self._clock_file.write_text(moment.isoformat())

    def _close(self) -> None:
        with self.report.step("marks deleted at closing") as step:
            self._set_clock(clock.now() + AFTER_EVERYTHING)
            with acting(self._cast.nacc) as actor:
                rounds.close_round(self._this_round(), actor=actor)
            worker.work(self.app, until_idle=True)
            with privileged("drill: counting marks") as session:
                left = session.scalar(select(func.count()).select_from(Mark)) or 0
                step.count = self.plan.answers - left
        self.report.check("marks left", found=left, planned=0)

    def _open_boxes(self, key_file: Path) -> None:
        with self.report.step("answers opened, agencies scored") as step:
            report, grades = open_round_boxes(self._round, private_key=key_file.read_bytes())
            step.count = report.opened
        with privileged("drill: counting results") as session:
            opened = session.scalar(select(func.count()).select_from(OpenedAnswer))
            scored = session.scalar(select(func.count()).where(Result.total.is_not(None)))
            state = session.get_one(Round, self._round).state
        self.report.check("answers opened", found=(report.opened, opened), planned=(self.plan.answers,) * 2)
        self.report.check("answers set aside", found=report.set_aside, planned=0)
        self.report.check("state of the round", found=state, planned=RoundState.OPENED)
        self.report.check("agencies with a total", found=scored, planned=self.plan.disclosures)
        self.report.check("results in all", found=sum(grades.values()), planned=self._agencies)
        late = self._agencies - self.plan.confirmed
        self.report.check("not assessable", found=grades.get("not_assessable", 0), planned=late)


def settings_of_walk(settings: Settings, folder: Path, *, database_url: str | None = None) -> Settings:
    """Settings whose keys, files and (unless another URL is given) database lie in ``folder``."""
    url = database_url or f"sqlite:///{folder / 'drill.db'}"
    owner = settings.database_owner_url if database_url else url
    return replace(
        settings,
        instance_dir=folder,
        key_dir=folder / "keys",
        database_url=url,
        database_owner_url=owner,
        demo=True,
    )
