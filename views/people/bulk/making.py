"""Accounts in bulk: whom for, a page that shows what will happen, and one confirmation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from models.account import Role
from portal.core.access import ROLES, requires, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, reading
from portal.core.errors import Refused
from portal.core.imports.errors import UnreadableFile
from portal.core.texts import _
from portal.people import settings
from portal.people.bulk import batches, lists, making
from portal.people.bulk.lists import Chosen
from portal.people.bulk.standing import Which
from views.people.bulk import narrowing
from views.people.bulk.narrowing import address_of, which_of

blueprint = Blueprint("account_making", __name__, url_prefix="/admin/people/make")
#: accounts that are shown as they will be
FIRST = 10
#: lines of a list that name no agency and are shown
MOST_UNKNOWN = 20


@blueprint.route("/", methods=["GET", "POST"])
@requires(P.ACCOUNTS_MAKE)
def ask() -> Any:
    """What will happen for the agencies that the address names; sent, it is ordered."""
    settings.require_making(the_actor())
    which, chosen = _which()
    if request.method == "POST":
        job = batches.order(which, actor=the_actor(), url=url_for("account_batches.index"))
        return redirect(url_for("jobs.show", job_id=job.id))
    return _page(which, chosen)


@blueprint.post("/list")
@requires(P.ACCOUNTS_MAKE)
def send_list() -> Any:
    """A list of agencies is sent: their page shows what will happen."""
    settings.require_making(the_actor())
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise UnreadableFile("Choose a file first")
        table = lists.read_list(sent.read(), sent.filename[:150])
    except Refused as refused:
        db.session.rollback()
        return _page(_which()[0], None, error=refused.message), 422
    file = lists.keep_list(table, actor=the_actor())
    return redirect(url_for("account_making.ask", list=file.id))


def _which() -> tuple[Which, Chosen | None]:
    """The agencies of the address: of a list that was sent, or those that it narrows."""
    which = replace(which_of(request.args, the_actor()), standing=None)
    key = request.args.get("list", 0, int)
    if not key:
        return which, None
    chosen = lists.kept_list(key)
    return replace(which, agency_ids=chosen.agency_ids), chosen


def _page(which: Which, chosen: Chosen | None, error: str = "") -> str:
    actor = the_actor()
    with reading(), privileged("what agencies lack") as session:
        plan = making.plan(session, which)
    choices = narrowing.choices_for(which, actor)
    address = {**address_of(which, actor), "list": request.args.get("list", None, int) if chosen else None}
    return render_template(
        "people/bulk/make.html",
        which=which,
        plan=plan,
        chosen=chosen,
        unknown=chosen.unknown[:MOST_UNKNOWN] if chosen else (),
        first=plan.new[:FIRST],
        roles=ROLES,
        by_role=[(ROLES[role].label, plan.of_role(role)) for role in (Role.AGENCY_ADMIN, Role.EXECUTIVE)],
        choices=choices,
        place=" · ".join(words for _name, words in narrowing.said(which, choices)) or _whole(choices),
        order_url=url_for("account_making.ask", **address),
        error=error,
    )


def _whole(choices: narrowing.Choices) -> str:
    return _("The whole country") if choices.provinces else _("All agencies of the province")
