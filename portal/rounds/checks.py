"""What a round needs before it can open, as a list that the page shows and the workflow asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from models.instrument import Indicator, Instrument, InstrumentKind, OitItem, Question, asked_of
from models.kinds import AGENCY_KINDS, AgencyKind
from models.minimum_sample import bands_for, is_covering
from models.participation import Participation
from models.round import Round, Stage
from portal.ballot.keys import urn_ready
from portal.content.year import YearContent
from portal.core import clock
from portal.core.database.session import db
from portal.core.stages import STAGE_NAMES, grace_of, stage_state
from portal.rounds.checking import content as asked
from portal.rounds.checking import dates, rules
from portal.rounds.checking.found import Check, Found, Level, Page, Where
from portal.rounds.content.reading import content_of

#: which stage goes on with what comes in the grace time of another
GOES_ON = {Stage.PREPARATION: Stage.IIT, Stage.OIT: Stage.OIT_SCORING}
SURVEYS = (InstrumentKind.IIT, InstrumentKind.EIT)
OIT = InstrumentKind.OIT.value


@dataclass(frozen=True)
class ContentCounts:
    """How much content one instrument of a round has."""

    instrument: Instrument
    indicators: int
    lines: int


@dataclass(frozen=True)
class Group:
    """Agencies of a round that are alike in what a minimum sample asks, and how many there are."""

    kind: AgencyKind
    size: str | None
    province_size: str | None
    agencies: int

    @property
    def words(self) -> str:
        """The group as people read it: "อบต. L"."""
        return " ".join((self.kind.label, *(one for one in (self.size, self.province_size) if one)))


def checks(round: Round) -> list[Check]:
    """Everything that must stand before the round opens, in the order in which one prepares it."""
    content, groups = content_of(db.session(), round), groups_of(round)
    return [*_of_content(content), *_of_rules(content), *_of_the_round(round, content, groups)]


def _of_content(content: YearContent) -> list[Check]:
    tree = Where(Page.TREE, InstrumentKind.IIT.value)
    return [
        _check("content", "Questions and OIT items", asked.instruments(content), tree),
        _check("orphans", "Everything has its place in an indicator", asked.orphans(content), tree),
        _check("scales", "Scales with points", asked.scales(content), Where(Page.SCALES)),
        _check("texts", "Every text that people read", asked.words(content), Where(Page.TEXTS)),
    ]


def _of_rules(content: YearContent) -> list[Check]:
    found, label = rules.samples(content), "Minimum sample for every number of people"
    ids = "A made-up ID of each accepted first digit passes the form's own test"
    return [
        _check("weights", "Weights of the instruments make 100", rules.weights(content), Where(Page.WEIGHTS)),
        _check("bands", "Grade bands down to 0", rules.bands(content), Where(Page.BANDS)),
        _check("samples", label, found, Where(Page.RULES)),
        _check("groups", "Groups of the external roster", rules.roster_groups(content), Where(Page.GROUPS)),
        _check("ids", ids, rules.first_digits(content), Where(Page.SETTINGS)),
        _check("windows", "Dates of every stage", dates.windows(content, clock.now()), dates.HERE),
    ]


def _of_the_round(round: Round, content: YearContent, groups: list[Group]) -> list[Check]:
    grace = "Grace time of preparation and OIT ends before the stage that goes on with it"
    covered, items = _covered(content, groups), _items_for_all(content, groups)
    of_all = "OIT items for every kind of agency that takes part"
    return [
        _check("grace", grace, _grace(round), Where(Page.SETTINGS)),
        _check("agencies", "Agencies taken up from the register", _agencies(groups)),
        _check("every_sample", "A minimum sample for every agency", covered, Where(Page.RULES)),
        _check("items", of_all, items, Where(Page.TREE, OIT)),
        _check("keys", "Keys of the ballot boxes made, and the restore drill passed", _keys(round)),
    ]


def content_counts(round: Round) -> list[ContentCounts]:
    """The instruments of a round with the numbers of their indicators and of their questions or items."""
    query = select(Instrument).where(Instrument.round_id == round.id).order_by(Instrument.id)
    return [
        ContentCounts(row, _count(Indicator, row), _count(OitItem if _is_list(row) else Question, row))
        for row in db.session.scalars(query)
    ]


def agencies_taken(round: Round) -> int:
    """How many agencies of the register take part in the round."""
    query = select(func.count(Participation.id)).where(Participation.round_id == round.id)
    return db.session.scalar(query) or 0


def groups_of(round: Round) -> list[Group]:
    """The agencies that were taken up, counted by what a minimum sample asks; one query."""
    alike = (Participation.kind, Participation.size, Participation.province_size)
    query = select(*alike, func.count()).where(Participation.round_id == round.id).group_by(*alike)
    rows = db.session.execute(query).all()
    found = [
        Group(kind, size.value if size else None, province, count) for kind, size, province, count in rows
    ]
    return sorted(found, key=lambda one: (one.kind, one.size or "", one.province_size or ""))


def without_sample(content: YearContent, groups: Iterable[Group]) -> Iterator[tuple[InstrumentKind, Group]]:
    """The groups for which a survey's rules name no number of answers."""
    for kind in SURVEYS:
        rows = [row for row in content.sample_rows if row.instrument == kind.value]
        for group in groups:
            if not is_covering(bands_for(rows, group.kind.value, group.size, group.province_size)):
                yield kind, group


def _check(name: str, label: str, found: Iterable[Found], where: Where | None = None) -> Check:
    return Check(name, label, tuple(found), where or Where(Page.ROUND, code=name))


def _covered(content: YearContent, groups: list[Group]) -> Iterator[Found]:
    for kind, group in without_sample(content, groups):
        yield Found(
            "%(count)s agencies (%(group)s) have no minimum sample for %(instrument)s: add a rule for them",
            {"count": group.agencies, "group": group.words, "instrument": kind.name},
            Where(Page.RULES),
        )


def _items_for_all(content: YearContent, groups: list[Group]) -> Iterator[Found]:
    """Every kind that takes part is asked something, else it could never have a total."""
    items = [item for one in content.instruments if one.code == OIT for item in one.items]
    here = Where(Page.TREE, OIT)
    taking_part = {group.kind for group in groups}
    if not items:  # a round that lacks more than that
        return
    without = [kind for kind in AGENCY_KINDS if not any(asked_of(item.kinds, kind) for item in items)]
    for level, kinds in (
        (Level.MEND, [kind for kind in without if kind in taking_part]),
        (Level.WARNING, [kind for kind in without if kind not in taking_part]),
    ):
        if kinds:
            said = {"kinds": ", ".join(kind.label for kind in kinds)}
            yield Found(
                "No OIT item asks %(kinds)s: without one these agencies get no total", said, here, level
            )


def _grace(round: Round) -> Iterator[Found]:
    """What is still taken after a window must come while somebody can go on with it."""
    for before, after in GOES_ON.items():
        ends, limit = (stage_state(round, stage).final_close for stage in (before, after))
        if ends is not None and limit is not None and ends < limit < ends + grace_of(round, before):
            yield Found(
                "The grace time of %(stage)s reaches beyond the stage that goes on with it: shorten it",
                {"stage": str(STAGE_NAMES[before])},
                Where(Page.SETTINGS),
            )


def _agencies(groups: list[Group]) -> Iterator[Found]:
    if not groups:
        reason = "No agency takes part yet: take up the agencies of the register"
        yield Found(reason, {}, Where(Page.ROUND, code="agencies"))


def _keys(round: Round) -> Iterator[Found]:
    if not urn_ready(round):
        reason = "Make the keys of the ballot boxes and pass the restore drill first"
        yield Found(reason, {}, Where(Page.ROUND, code="keys"))


def _is_list(instrument: Instrument) -> bool:
    return instrument.kind is InstrumentKind.OIT


def _count(model: type[Indicator | Question | OitItem], instrument: Instrument) -> int:
    query = select(func.count(model.id)).where(model.instrument_id == instrument.id)
    return db.session.scalar(query) or 0
