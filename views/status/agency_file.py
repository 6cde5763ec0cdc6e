"""What is known of one agency in a round, as a file: one page on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.instrument import InstrumentKind
from models.participation import STEPS, Participation
from models.phones import shown
from portal.core.access import Permission as P
from portal.core.list_files import MAKERS, ListFile, Maker
from portal.core.list_papers import Plan
from portal.core.lookup import participation_or_404
from portal.core.texts import _
from portal.disclosure.progress import OitCounts, oit_counts
from portal.preparation.steps import steps_of
from portal.register.contacts import contact_of
from portal.surveys.counted import counted_words
from portal.surveys.minimum import Targets, targets_of
from reports.spreadsheets import Cell
from reports.table_data import Bar

AGENCY = "status.agency"
SECTION, ITEM, VALUE = 0, 1, 2
Line = tuple[str, str, Cell]


def _file(arguments: Mapping[str, Any]) -> ListFile:
    one = participation_or_404(arguments["round_id"], arguments["participation_id"])
    targets = targets_of(one)
    oit = oit_counts(participation_ids=[one.id]).get(one.id, OitCounts())
    rows = [*_contact(one), *_preparation(one), *_surveys(targets), *_oit(oit)]
    bars = _bars(one, targets, oit)
    place = _(
        "%(district)s district, %(province)s province", district=one.district_name, province=one.province_name
    )
    return ListFile(
        title=_("Status of %(agency)s", agency=one.full_name),
        plain=f"status-agency-{one.agency_id}-{one.round.year_and_scheme}",
        header=[_("Part"), _("Item"), _("Stands at")],
        rows=lambda: rows,
        count=len(rows),
        about=[place, one.round.name],
        widths=(24, 40, 40),
        plan=Plan([(ITEM, 5), (VALUE, 5)], group=SECTION, bars=lambda _rows: bars, parts=True),
    )


def _contact(one: Participation) -> Iterator[Line]:
    contact = contact_of(one.agency_id)
    told = (contact.person, shown(contact.phone), contact.email) if contact else (None, None, None)
    names = (_("Contact person"), _("Telephone"), _("E-mail"))
    yield from (
        (_("Contacts of the agency"), name, words or None) for name, words in zip(names, told, strict=True)
    )


def _preparation(one: Participation) -> Iterator[Line]:
    for done, step in zip(one.steps, steps_of(one), strict=True):
        yield _("Preparation"), step.label, step.detail or (_("done") if done else _("not yet"))


def _surveys(targets: Targets) -> Iterator[Line]:
    names = {InstrumentKind.IIT: _("IIT survey"), InstrumentKind.EIT: _("EIT survey")}
    counted = counted_words()
    for kind, target in targets.items():
        yield names[kind], _("People known"), target.population
        yield names[kind], _("Minimum"), target.minimum
        yield names[kind], _("Answers"), target.answers
        if counted:
            yield names[kind], _("Counted"), counted


def _oit(oit: OitCounts) -> Iterator[Line]:
    part = _("OIT checklist")
    yield part, _("State"), str(oit.label)
    yield part, _("Answered"), oit.answered
    yield part, _("Passed by the executive"), oit.passed
    yield part, _("Not passed"), oit.failed
    yield part, _("Scored by the assessor"), oit.scored


def _bars(one: Participation, targets: Targets, oit: OitCounts) -> Sequence[Bar]:
    surveys = {InstrumentKind.IIT: _("IIT answers"), InstrumentKind.EIT: _("EIT answers")}
    return [
        Bar(_("Steps of preparation"), one.steps_done, len(STEPS)),
        *(
            Bar(surveys[kind], target.answers, target.minimum)
            for kind, target in targets.items()
            if target.minimum
        ),
        Bar(_("OIT items answered"), oit.answered, oit.total),
    ]


MAKERS[AGENCY] = Maker(_file, P.STATUS_READ)
