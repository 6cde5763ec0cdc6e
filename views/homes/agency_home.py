"""The home of an agency's admin and executive: what to do next, by when, and what happens if not."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for

from models.account import Role
from models.round import Round
from models.thai import thai_date
from portal.core import clock
from portal.core.access import the_actor
from portal.core.errors import NotFound
from portal.core.lookup import own_participation
from portal.core.texts import _
from portal.rounds.notices import notices_of
from portal.surveys.counted import counted_words
from views.homes.agency import Todo, todo_of
from views.homes.agency_tasks import Task
from views.homes.tasks import letters_in, resting


def agency_home(round: Round) -> str:
    """The page of an agency's person; says so where the agency is not assessed in this round."""
    actor = the_actor()
    try:
        participation = own_participation(round.id)
    except NotFound:
        words = notices_of(round).of("notice.not_in_round")
        return render_template("homes/not_in_round.html", this_round=round, words=words)
    todo = todo_of(participation, role=actor.role or Role.AGENCY_ADMIN)
    return render_template(
        "homes/agency.html",
        this_round=round,
        participation=participation,
        todo=todo,
        tasks=[_shown(task, round) for task in (*letters_in(), *todo.tasks)],
        today=_("Today is %(date)s", date=thai_date(clock.now())),
        nothing=_nothing(todo, round, actor.role),
        counted=counted_words(),
    )


def _shown(task: Task, round: Round) -> dict[str, Any]:
    """A task with its address; a room that is not there gives none."""
    there = task.endpoint in current_app.view_functions
    return {
        "title": task.title,
        "text": task.text,
        "icon": task.icon,
        "due": task.due,
        "due_kind": task.due_kind,
        "url": url_for(task.endpoint, **_of_round(task, round)) if there else "",
        "action": task.action,
    }


def _of_round(task: Task, round: Round) -> dict[str, Any]:
    """The parameters of a task's page: the round, where the page is about one."""
    expects = current_app.url_map.is_endpoint_expecting(task.endpoint, "round_id")
    return {"round_id": round.id} if expects else {}


def _nothing(todo: Todo, round: Round, role: Role | None) -> str:
    """What stands where there is no task."""
    if todo.not_assessable:
        return str(_("There is nothing to do in this round any more"))
    missed = not all(one.reached for one in todo.ended)
    words = _("Everything is done so far")
    if missed:
        words = _("There is nothing left that could be done in time; what has closed stands below")
    elif role is Role.EXECUTIVE:
        words = _("Nothing waits for you now; what the admin sends appears here")
    return resting(round, str(words), todo.notices)
