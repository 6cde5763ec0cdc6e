"""The walk: from an empty database to grades, each step through the services that the screens use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from config import Settings
from models.participation import Participation
from portal.ballot import keys
from portal.content.year import load_year
from portal.core import clock
from portal.core.database.session import db, privileged, writing
from portal.people import accounts
from portal.preparation import desk as preparation
from portal.register import importing as registry_import
from portal.register import places
from portal.register.file import read_agencies
from portal.rosters import importing as roster_import
from portal.rosters.file import read_roster
from portal.rounds import desk as rounds
from portal.rounds import setup as round_setup
from portal.tools.demo.windows import shifted_windows
from portal.tools.drill import ending, onboarding
from portal.tools.drill.answering import all_visits, answer
from portal.tools.drill.cast import PASSWORD, Team, acting, make_cast
from portal.tools.drill.disclosing import disclose
from portal.tools.drill.ground import Ground
from portal.tools.drill.respondents import Crowd
from portal.tools.drill.server import HOST, serving
from portal.tools.drill.slips import codes_of_everybody

CONTENT = 2561


class Walk(Ground):
    """The walk in its order; each part counts what it did."""

    def run(self, registry: tuple[bytes, str], *, key_file: Path) -> None:
        """Every step. ``registry`` is the file's content and name."""
        with self.app.app_context():
            self.register(*registry)
            self.open_round(key_file)
            self.prepare()
            onboarding.make_accounts(self)
            codes = codes_of_everybody(self)
            visits = all_visits(self)
        with serving(self.app.settings, self.clock_file) as port:
            coming = iter(visits)
            before = onboarding.come_in(self, port, codes, coming)
            crowd = Crowd(HOST, port, at_once=self.plan.respondents_at_once)
            answer(self, crowd, list(coming), before)
        with self.app.app_context():
            onboarding.count(self, len(codes))
            disclose(self)
            ending.send_letters(self)
            ending.close(self)
            ending.open_boxes(self, key_file)

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
        self.agencies = rows

    def open_round(self, key_file: Path) -> None:
        """People, a round with every stage open, and its keys; the private one leaves for ``key_file``."""
        with self.report.step("round opened: participations") as step:
            with writing(), privileged("drill: people") as session:
                self.cast = make_cast(session, self.plan)
            windows = shifted_windows(clock.now())
            with acting(self.cast.nacc):
                round = round_setup.make_round(
                    db.session(), load_year(CONTENT), name="การซ้อมประเมิน", windows=windows
                )
                self.round_id = round.id
            with acting(self.cast.nacc):
                step.count = rounds.take_up_agencies(self.this_round())
            with acting(self.cast.nacc):
                rounds.prepare_keys(self.this_round())
                rounds.drill_key(self.this_round())
            self._export_key(key_file)
            with acting(self.cast.nacc) as actor:
                rounds.open_round(self.this_round(), actor=actor, wording_confirmed=True)
        self.report.check("participations", found=step.count, planned=self.agencies)

    def _export_key(self, key_file: Path) -> None:
        """The key leaves this machine, as in production; it comes back for the opening."""
        from_folder = keys.key_folder().urn_key(self.round_id)
        key_file.write_bytes(from_folder)
        keys.key_folder().destroy_urn_key(self.round_id)

    # -- preparation -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """The four steps of the planned agencies, some stopping half way."""
        teams = self.cast.teams
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
                preparation.set_headcount(self.mine(), self.plan.headcount, actor=actor)
        if steps >= 3:
            with acting(team.admin_grant) as actor:
                mine = self.mine()
                table = read_roster(self._roster_file(mine), "roster.csv")
                roster_import.apply_roster(mine, roster_import.plan_roster(mine, table), replace=True)
        if steps >= 4:
            with acting(team.admin_grant) as actor:
                preparation.submit(self.mine(), actor=actor)
            with acting(team.executive_grant) as actor:
                preparation.confirm(self.mine(), actor=actor)

    def _roster_file(self, participation: Participation) -> bytes:
        group = participation.round.roster_groups[0].name
        lines = ["ลำดับ,ชื่อ-นามสกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล"]
        lines += [
            f"{number},สมมุติ ที่{number},,{group},08{participation.id % 10_000:04d}{number:04d},"
            for number in range(1, self.plan.roster + 1)
        ]
        return "\n".join(lines).encode()


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
