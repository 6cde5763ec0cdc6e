"""A form of one desk is never taken at another: it is refused, says so, and leads back with what was typed.

A person with several rights may change the desk in one tab while a page of the former one is open in another.
Every form carries the grant that its page was made for (sent_from.py); the gate asks here first.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from portal.core import sign_in
from portal.core.access import ROLES, Actor, the_actor
from portal.core.errors import Refused
from portal.core.sent import sent_from, unsent

#: sent with a form by the button that changes back to its desk
BACK = "sit"


class OtherDesk(Refused):
    """The form was made for another desk than the one that is sat at; nothing was done."""

    def __init__(self, grant_id: int) -> None:
        super().__init__("This form belongs to another desk, and was not taken")
        self.grant_id = grant_id


class BackAtDesk(Refused):
    """The person sits at the form's desk again; the form is shown once more, to be sent by the person."""

    why = "desk"
    status = 200

    def __init__(self) -> None:
        super().__init__("The desk is changed back; nothing was sent yet")


class NoPage(Refused):
    """The form says nothing of its page, as one made long ago: it is shown again, as with an old token."""

    why = "old"
    status = 400

    def __init__(self) -> None:
        super().__init__("This page was open for long, so the form was not taken yet: send it once more")


def settle(actor: Actor) -> None:
    """Let a form of the actor's own desk pass.

    Raises OtherDesk; BackAtDesk where its button asked to change back, which is done then; NoPage.
    """
    page = sent_from.read()
    if page is None:
        raise NoPage
    if page.grant_id == actor.grant_id:
        return
    if request.form.get(BACK) == "1" and sign_in.choose_desk(actor.token, page.grant_id):
        raise BackAtDesk
    raise OtherDesk(page.grant_id)


def page_of(error: OtherDesk) -> Any:
    """The page that says so, as (text, status): whose form it is, who sits here now, what was typed."""
    actor = the_actor()
    own = next(
        (grant for grant in sign_in.grants_of(actor.account_id or 0) if grant.id == error.grant_id), None
    )
    unsent.show_again("other_desk")
    fields = unsent.sent_fields()
    return render_template(
        "other_desk.html",
        made_for=_words(own.role, sign_in.place_of(own)) if own else "",
        sat_at=_words(actor.role, actor.place) if actor.role else "",
        fields=fields,
        typed=unsent.something_typed(fields),
        files=any(file.filename for file in request.files.values()),
    ), error.status


def _words(role: Any, place: str) -> str:
    return f"{ROLES[role].label} · {place}"
