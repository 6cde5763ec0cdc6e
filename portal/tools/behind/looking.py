"""What the chase list, the status pages and the circular show, beside the set that was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from models.account import Role
from models.dispatch import Dispatch
from models.instrument import InstrumentKind
from models.participation import STEPS, Participation
from portal.chasing.lacks import Lack
from portal.chasing.listing import Chase, Narrowed
from portal.core import clock
from portal.core.database.session import db, privileged, writing
from portal.letters.made_from import unpacked
from portal.people import accounts
from portal.status import figures
from portal.tools.behind.planting import SURVEYS
from portal.tools.drill.cast import acting
from portal.tools.drill.ground import Ground
from reports.letter_data import AgencyStatus

#: the step of preparation (from 1) at which status and letters see an agency that lacks something
STEP_OF = {Lack.PASSWORD: 1, Lack.HEADCOUNT: 2, Lack.ROSTER: 3, Lack.SENDING: 4, Lack.CONFIRMING: 4}
#: provinces whose own desk is looked at
DESKS = 3


def look(ground: Ground, left: dict[int, Lack]) -> None:
    """Compare all of it; each difference is in the report."""
    provinces = _provinces(left)
    with ground.report.step("late agencies on the chase list") as step:
        with acting(ground.cast.dla):
            found = _chased(ground)
        step.count = len(found)
    ground.report.check("the chase list", found=found, planned=left)
    for place in sorted(set(provinces.values()))[:DESKS]:
        _look_as_province(ground, left, provinces, place)
    with acting(ground.cast.dla):
        _look_at_status(ground, left)
    _look_at_letters(ground, left)


def _provinces(left: Iterable[int]) -> dict[int, int]:
    with privileged("drill: where the planted agencies lie") as session:
        query = select(Participation.id, Participation.province_id).where(Participation.id.in_(list(left)))
        return {row.id: row.province_id for row in session.execute(query)}


def _chased(ground: Ground) -> dict[int, Lack]:
    """At which step the chase list shows each agency; its tabs must count the same."""
    chase = Chase.of(ground.this_round(), clock.now())
    found = {one.id: one.at for one in chase.late(Narrowed())}
    counted = {lack: number for lack, number in chase.counts(Narrowed()).items() if number}
    ground.report.check("the tabs of the chase list", found=counted, planned=dict(Counter(found.values())))
    return found


def _look_as_province(ground: Ground, left: dict[int, Lack], provinces: dict[int, int], place: int) -> None:
    with writing(), privileged("drill: an officer of the province") as session:
        officer = accounts.make_account(
            session, username=f"drill-p{place}", name="เจ้าหน้าที่ทดลอง", role=Role.PROVINCE, province_id=place
        )
        grant_id = officer.grants[0].id
    with acting(grant_id):
        found = _chased(ground)
    planned = {one: lack for one, lack in left.items() if provinces[one] == place}
    ground.report.check(f"the chase list of province {place}", found=found, planned=planned)


def _look_at_status(ground: Ground, left: dict[int, Lack]) -> None:
    """The country's sums, and each agency's row."""
    behind = Counter(STEP_OF.get(lack, 0) for lack in left.values())
    planned = tuple(behind[place] for place in range(1, len(STEPS) + 1))
    with ground.report.step("agencies behind on the status pages") as step:
        total = figures.total(figures.provinces(ground.this_round()))
        step.count = total.incomplete
    ground.report.check("status: behind at each step", found=total.behind, planned=planned)
    rows = figures.agencies(ground.this_round())
    found = {row.id: row.behind for row in rows if row.behind}
    wanted = {one: STEP_OF[lack] for one, lack in left.items() if lack in STEP_OF}
    ground.report.check("status: agencies behind", found=found, planned=wanted)
    for instrument, lack in SURVEYS.items():
        _look_at_survey(ground, rows, instrument, {one for one, at in left.items() if at is lack})


def _look_at_survey(
    ground: Ground, rows: list[figures.AgencyRow], instrument: InstrumentKind, planned: set[int]
) -> None:
    counts = figures.surveys(ground.this_round(), instrument).values()
    short = sum(one.agencies - one.reached for one in counts)
    below = {row.id for row in rows if not row.behind and not row.targets[instrument].reached}
    ground.report.check(f"status: {instrument.value} below the minimum", found=below, planned=planned)
    ground.report.check(f"status: {instrument.value}, counted", found=short, planned=len(planned))


def _look_at_letters(ground: Ground, left: dict[int, Lack]) -> None:
    """The steps of every agency that the letters to the governors enclose."""
    with privileged("drill: what the letters are made from") as session:
        dispatch = session.scalars(select(Dispatch).order_by(Dispatch.id.desc()).limit(1)).one()
        told = unpacked(dispatch.data_file.content).provinces if dispatch.data_file else {}
        query = select(Participation).where(Participation.id.in_(list(left)))
        planned = Counter(
            (row.province_name, row.kind.short_name(row.name), STEP_OF[left[row.id]])
            for row in session.scalars(query)
            if left[row.id] in STEP_OF
        )
    found = Counter(
        (one.province, agency.name, _first_undone(agency))
        for one in told.values()
        for district in one.districts
        for agency in district.agencies
        if not all(step.done for step in agency.steps)
    )
    ground.report.check("agencies behind in the letters", found=found, planned=planned)
    db.session.remove()


def _first_undone(agency: AgencyStatus) -> int:
    return next(place for place, step in enumerate(agency.steps, 1) if not step.done)
