"""The homes of the country's offices, NACC and DLA: what each does next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from models.assessor import Assignment
from models.contact import AgencyContact
from models.instrument import InstrumentKind
from models.letter import LetterKind
from models.letter_office import OfficeKind
from models.participation import Participation
from models.phones import shown
from models.round import Round, RoundState, Stage
from models.thai import thai_datetime_short, thai_deadline
from portal.ballot.closing import closes_at
from portal.core import clock
from portal.core.access import the_actor
from portal.core.database.session import db
from portal.core.holders import lacks_executive
from portal.core.stages import STAGE_NAMES, stage_state
from portal.core.texts import _
from portal.disclosure.progress import oit_states
from portal.letters.offices import missing_texts, texts_of
from portal.people import granting
from portal.rounds.checks import checks
from portal.rounds.notices import announced, notices_of
from portal.rounds.unscored import Unscored, unscored
from portal.status import figures as status
from views.homes.agency import OF_AGENCIES
from views.homes.tasks import (
    Errand,
    Figure,
    OfficeHome,
    above_tasks,
    answer_sums,
    countdown,
    due,
    failed_jobs,
    in_order,
    incomplete,
    late_requests,
    letter_task,
    letters_in,
    lost_passwords,
    named_people,
    oit_sums,
    resting,
    results_task,
)

#: provinces that DLA's home names
MOST_BEHIND = 5
#: agencies named in one line
NAMED = 5


def nacc_home(round: Round, rounds: Iterable[Round]) -> OfficeHome:
    """Every round with its next act, what this round lacks, and how far the country is."""
    rows = status.provinces(round)
    counts = status.total(rows)
    letter = Errand(
        _("Inform DLA by letter"),
        "mail",
        _("With the status of the whole country as enclosure"),
        endpoint="dispatches.nacc",
        action=_("Make the letter"),
    )
    tasks = [
        *_second_officer(),
        *(task for one in rounds for task in _next_act(one)),
        *_unassigned(round),
        *above_tasks(round),
        *letter_task(round, LetterKind.NACC_TO_DLA, letter, counts=counts),
        *failed_jobs(),
    ]
    urgent = sorted(tasks, key=lambda task: task.endpoint in ("results.show", "status.show"))
    return OfficeHome(
        in_order(urgent),
        _("Make the first round: its stages then appear here"),
        countdown(round, Stage),
        _country_figures(round, counts),
    )


def dla_home(round: Round) -> OfficeHome:
    """How far preparation is, who is furthest behind, letters to send, jobs that failed."""
    rows, notices = status.provinces(round), notices_of(round)
    counts = status.total(rows)
    stage = stage_state(round, Stage.PREPARATION)
    behind = [row for row in status.most_behind_first(rows) if row.counts.incomplete]
    return OfficeHome(
        in_order(
            [*_dla_tasks(round, counts, provinces=len(rows)), *late_requests(round), *results_task(round)]
        ),
        resting(round, _("Nothing waits for you now; follow the agencies under status tracking"), notices),
        countdown(round, Stage, text=incomplete(counts, preparing=stage.is_open)),
        _country_figures(round, counts),
        tuple(behind[:MOST_BEHIND]) if round.state is RoundState.OPEN else (),
        told=announced(round, notices, OF_AGENCIES),
    )


def _dla_tasks(round: Round, counts: status.Counts, *, provinces: int) -> list[Errand]:
    stage = stage_state(round, Stage.PREPARATION)
    circular = Errand(
        _("Send the circular to %(count)s governors", count=provinces),
        "mail",
        _("Each with the status of the agencies of its province"),
        endpoint="dispatches.circulars",
        action=_("Make the letters"),
        **(due(stage) if stage.is_open else {}),
    )
    missing = missing_texts(OfficeKind.DLA, texts_of(OfficeKind.DLA))
    letters = letter_task(round, LetterKind.CIRCULAR, circular, counts=counts)
    tasks = [*_second_officer(), *letters_in(), *lost_passwords(), *named_people(), *failed_jobs()]
    if missing and letters:
        tasks.append(
            Errand(
                _("Fill in what stands on DLA's letters"),
                "settings",
                _("Still missing: %(names)s", names=" · ".join(_(name) for name in missing)),
                endpoint="letter_offices.dla",
                action=_("Fill in"),
            )
        )
    tasks += letters
    if round.state is RoundState.OPEN and stage.is_open and counts.behind[0]:
        tasks.append(
            Errand(
                _("%(count)s agencies have never activated their password", count=f"{counts.behind[0]:,}"),
                "user",
                _("Hand out new codes where they were lost"),
                endpoint="accounts.index_view",
                action=_("See the users"),
                **due(stage),
            )
        )
    tasks += [*_without_executive(round), *above_tasks(round)]
    if not counts.agencies:
        tasks.append(
            Errand(
                _("No agency takes part in this round yet"),
                "building",
                _("Look whether the register is complete; NACC then takes the agencies into the round"),
                endpoint="agencies.index_view",
                action=_("See the register"),
            )
        )
    return tasks


def _without_executive(round: Round) -> list[Errand]:
    """Agencies whose data nobody could confirm; the first are named, so that one knows whom to call."""
    if round.state is not RoundState.OPEN or stage_state(round, Stage.OIT).is_over:
        return []
    here = (Participation.round_id == round.id, lacks_executive(clock.now()))
    number = db.session.scalar(select(func.count(Participation.id)).where(*here)) or 0
    if not number:
        return []
    query = select(Participation.full_name, AgencyContact.phone).outerjoin(
        AgencyContact, AgencyContact.agency_id == Participation.agency_id
    )
    first = db.session.execute(query.where(*here).order_by(Participation.sort_key).limit(NAMED))
    names = [f"{name} ({shown(phone)})" if phone else name for name, phone in first]
    title = _("%(count)s agencies have no executive's account", count=f"{number:,}")
    named = " · ".join(names) + (" …" if number > NAMED else "")
    return [
        Errand(
            title,
            "user-shield",
            _("Nobody can confirm their data: %(names)s", names=named),
            endpoint="accounts.index_view",
            action=_("See the users"),
        )
    ]


def _second_officer() -> list[Errand]:
    """Power rights that another officer asked for, and that this one can decide."""
    mine = granting.waits_for(the_actor())
    if not mine:
        return []
    return [
        Errand(
            _("%(count)s rights wait for a second officer", count=len(mine)),
            "user-shield",
            _("Asked for by %(name)s", name=mine[0].asked_by.name),
            endpoint="right_requests.index",
            action=_("Look and decide"),
        )
    ]


def _next_act(round: Round) -> list[Errand]:
    """What NACC does next with a round."""
    year = round.year_and_scheme
    here: dict[str, Any] = {"round_id": round.id, "text": round.name}
    if round.state is RoundState.DRAFT:
        return [_draft_act(round, year)]
    if round.state is RoundState.OPENED:
        title = _("The results of fiscal year %(year)s are there", year=year)
        return [Errand(title, "chart-bar", endpoint="results.show", action=_("See the results"), **here)]
    if round.state is RoundState.CLOSED:
        title = _("Open the boxes of fiscal year %(year)s", year=year)
        here["text"] = _("Done by the holder of the private key, by command on the server")
        return [Errand(title, "lock-open", endpoint="results.show", action=_("See how"), **here)]
    now, ends = clock.now(), closes_at(round)
    if ends is not None and now >= ends:
        oit = unscored(round)
        if oit.until is not None:
            return [_scoring_runs(year, oit, oit.until, here)]
        title = _("Close fiscal year %(year)s: all its surveys are over", year=year)
        return [Errand(title, "lock", endpoint="rounds.close", action=_("Close the round"), **here)]
    running = [str(STAGE_NAMES[stage]) for stage in Stage if stage_state(round, stage, now).is_open]
    here["text"] = _("Open now: %(stages)s", stages=" · ".join(running)) if running else round.name
    title = _("Fiscal year %(year)s is under way", year=year)
    if ends is None:
        return [
            Errand(
                title,
                "calendar-due",
                due=_("The surveys have no dates yet"),
                due_kind="bad",
                endpoint="rounds.windows",
                action=_("Enter the dates"),
                **here,
            )
        ]
    waits = _("Can be closed after the last survey: %(when)s", when=thai_datetime_short(ends))
    return [
        Errand(
            title,
            "hourglass",
            due=waits,
            endpoint="status.show",
            action=_("Follow the status"),
            **here,
        )
    ]


def _scoring_runs(year: str, oit: Unscored, until: datetime, here: dict[str, Any]) -> Errand:
    """Closing is possible, but nobody is urged while assessors still score."""
    here["text"] = _(
        "%(waiting)s checklists wait for their points; closing can wait until the scoring ends",
        waiting=f"{oit.waiting:,}",
    )
    return Errand(
        _("Fiscal year %(year)s: the surveys are over, OIT is being scored", year=year),
        "hourglass",
        due=_("scoring runs until %(when)s", when=thai_deadline(until)),
        endpoint="rounds.close",
        action=_("See what closing means"),
        **here,
    )


def _draft_act(round: Round, year: str) -> Errand:
    wrong = [check for check in checks(round) if not check.ok]
    if not wrong:
        title = _("Open fiscal year %(year)s: everything is there", year=year)
        return Errand(
            title,
            "player-play",
            round.name,
            endpoint="rounds.open_",
            action=_("Open the round"),
            round_id=round.id,
        )
    title = _("Prepare fiscal year %(year)s: %(count)s things are missing", year=year, count=len(wrong))
    return Errand(
        title,
        "calendar-due",
        _(wrong[0].reason, **wrong[0].values),
        endpoint="rounds.show",
        action=_("Prepare the round"),
        round_id=round.id,
    )


def _unassigned(round: Round) -> list[Errand]:
    """Confirmed agencies that no assessor body was given."""
    if round.state is not RoundState.OPEN:
        return []
    query = select(func.count(Participation.id)).where(
        Participation.round_id == round.id,
        Participation.is_confirmed,
        Participation.id.not_in(select(Assignment.participation_id)),
    )
    number = db.session.scalar(query) or 0
    if not number:
        return []
    title = _("%(count)s confirmed agencies have no assessor", count=f"{number:,}")
    return [
        Errand(
            title,
            "users",
            _("Rosters are judged and OIT is scored only where one is assigned"),
            endpoint="assignments.index_view",
            action=_("Assign"),
        )
    ]


def _country_figures(round: Round, counts: status.Counts) -> tuple[Figure, ...]:
    answers, oit = answer_sums(round), oit_states(round.id)
    return (
        Figure(_("agencies complete in preparation"), counts.complete, counts.agencies, "status.show"),
        Figure(_("IIT answers"), answers.get(InstrumentKind.IIT, 0), None, "status.show", (("tab", "iit"),)),
        Figure(_("EIT answers"), answers.get(InstrumentKind.EIT, 0), None, "status.show", (("tab", "eit"),)),
        Figure(
            _("OIT checklists confirmed"),
            oit_sums(oit, lambda state: state.approved),
            counts.agencies,
            "status.show",
            (("tab", "oit"),),
        ),
    )
