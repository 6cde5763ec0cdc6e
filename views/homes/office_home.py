"""The homes of the offices: NACC, DLA, a province, an assessor and an interviewer."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for

from models.round import Round
from models.thai import thai_date
from portal.core import clock
from portal.core.access import ROLES, can, the_actor
from portal.core.access import Permission as P
from portal.core.proxies import untrusted_proxy
from portal.core.texts import _
from views.frame.navigation import all_rounds
from views.homes import field, offices
from views.homes.first_steps import first_steps
from views.homes.tasks import Errand, Figure, OfficeHome


def office_home(round: Round) -> str:
    """The page of an office's person in a round."""
    home = _home_of(round)
    return render_template(
        "homes/office.html",
        this_round=round,
        home=home,
        first_steps=first_steps(all_rounds()),
        untrusted_proxy=can(the_actor(), P.RECORD_READ) and untrusted_proxy(),
        tasks=[_shown(task, round) for task in home.tasks],
        figures=[
            {"label": one.label, "number": one.number, "total": one.total, "url": _figure_url(one, round)}
            for one in home.figures
        ],
        today=_("Today is %(date)s", date=thai_date(clock.now())),
    )


def _home_of(round: Round) -> OfficeHome:
    actor = the_actor()
    assert actor.role is not None
    make = {
        "nacc": lambda: offices.nacc_home(round, all_rounds()),
        "dla": lambda: offices.dla_home(round),
        "province": lambda: field.province_home(round, actor=actor),
        "assessor": lambda: field.assessor_home(round, leads=can(actor, P.SAMPLE_DRAW)),
    }[ROLES[actor.role].home]
    return make()


def _shown(task: Errand, round: Round) -> dict[str, Any]:
    """A task with its address; a room that is not there gives none."""
    return {
        "title": task.title,
        "text": task.text,
        "icon": task.icon,
        "due": task.due,
        "due_kind": task.due_kind,
        "url": _url(task.endpoint, task.round_id or round.id, dict(task.values)),
        "action": task.action,
    }


def _figure_url(figure: Figure, round: Round) -> str:
    return _url(figure.endpoint, round.id, dict(figure.values))


def _url(endpoint: str, round_id: int, values: dict[str, Any]) -> str:
    if endpoint not in current_app.view_functions:
        return ""
    if current_app.url_map.is_endpoint_expecting(endpoint, "round_id"):
        values["round_id"] = round_id
    return url_for(endpoint, **values)
