"""An act sent twice is one act with one answer: a second press, an automatic resend, "send again".

The first sending puts a row under a keyed hash of person, page, address and content into the act's own
transaction, and its answer at the end. A repeated one waits for the first, finds the row and gets its answer.
What was not done (a refusal, a form that comes back) leaves no row. Only an act that leads on is kept so: one
that answers with a page of its own (a file, a name in clear, a question) shows it again.
"""

from __future__ import annotations

import copy
import hashlib
import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, cast

from flask import Response, current_app, flash, g, redirect, request, session
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.sent_form import SentForm
from portal.core import clock, gate, vault
from portal.core.access import Actor, Permission
from portal.core.database.inserting import insert_into
from portal.core.database.session import db, privileged, writing
from portal.core.sent import sent_from
from portal.core.texts import _

KEPT_FOR = timedelta(hours=12)
#: a sending repeated later than this was perhaps not meant as the same: its answer says that nothing was done
SAID_AFTER = timedelta(minutes=1)
#: fields that say nothing of what is to be done
NOT_CONTENT = frozenset({"csrf_token", sent_from.FIELD})
FLASHES = "_flashes"


@dataclass
class Sending:
    """One sending of a form. ``answer`` is that of the first, where this one repeats it."""

    key: bytes
    actor: Actor
    before: dict[str, Any]
    apart: bool
    answer: Response | None = None

    def keep(self, response: Response) -> None:
        """Keep where the act led and what it said; an act that leads nowhere may be done again."""
        mine = SentForm.key == self.key
        leads_on = 300 <= response.status_code < 400 and response.location
        with self.session() as own:
            if not leads_on:
                if not self.apart:
                    own.connection().execute(delete(SentForm).where(mine))
                return
            if self.apart:
                own.connection().execute(_claim(own, self.key, self.actor))
            own.connection().execute(update(SentForm).where(mine).values(answer=self._sealed(response)))

    def session(self) -> AbstractContextManager[Session]:
        """The act's own session; one apart for an act that works in transactions of its own."""
        return privileged("a form that was sent") if self.apart else nullcontext(db.session())

    def _sealed(self, response: Response) -> bytes:
        now, said = dict(session), len(self.before.get(FLASHES, []))
        plain = {
            "status": response.status_code,
            "location": response.location,
            "flashes": now.pop(FLASHES, [])[said:],
            "session": {name: held for name, held in now.items() if held != self.before.get(name)},
        }
        return vault.seal(json.dumps(plain, default=str), row_context=_context(self.key))


def apart(view: Any) -> Any:
    """Mark a view whose act works in transactions of its own: it is looked up before, and kept after it."""
    view.acts_apart = True
    return view


def begin() -> Sending | None:
    """This request's sending, with the answer of the first where it repeats it. None: nothing to be once.

    Waits while the first is being done. Needs the transaction of the act.
    """
    actor, endpoint = g.get("actor"), str(request.endpoint)
    apart = getattr(current_app.view_functions[endpoint], "acts_apart", False)
    at_desk = isinstance(gate.access_rule(endpoint), Permission)
    if actor is None or not (apart or at_desk):
        return None
    page = sent_from.read()
    if page is None:
        return None
    sending = Sending(_key(actor, page), actor, copy.deepcopy(dict(session)), apart)
    with sending.session() as own:
        if not apart and own.connection().execute(_claim(own, sending.key, actor)).rowcount == 1:
            return sending
        look = select(SentForm.answer, SentForm.sent_at).where(SentForm.key == sending.key)
        sent = own.connection().execute(look).one_or_none()
    if sent is not None and sent.answer is not None:
        sending.answer = _answer(sending.key, sent.answer, sent.sent_at)
    return sending


def clear() -> None:
    """Forget what was sent long ago."""
    with writing(), privileged("clearing forms that were sent") as own:
        own.execute(delete(SentForm).where(SentForm.sent_at < clock.machine() - KEPT_FOR))


def _claim(own: Session, key: bytes, actor: Actor) -> Any:
    """Insert the row. PostgreSQL waits here for a sending that has the same one and is not done yet."""
    row = insert_into(own, SentForm).values(key=key, account_id=actor.account_id, sent_at=clock.machine())
    return row.on_conflict_do_nothing(index_elements=[SentForm.key])


def _key(actor: Actor, page: sent_from.Page) -> bytes:
    """Keyed, so that a copy of the database says nothing of what was sent."""
    secret = str(current_app.secret_key).encode()[:64]
    digest = hashlib.blake2b(key=secret, digest_size=32, person=b"sent form")
    for part in (str(actor.account_id), str(page.grant_id), page.value, request.method, request.full_path):
        _add(digest, part.encode())
    for name, text in request.form.items(multi=True):
        if name not in NOT_CONTENT:
            _add(digest, name.encode())
            _add(digest, text.encode())
    for name, file in request.files.items(multi=True):
        _add(digest, f"{name}={file.filename}".encode())
        _add(digest, hashlib.file_digest(cast(BytesIO, file.stream), "sha256").digest())
        file.stream.seek(0)
    return digest.digest()


def _add(digest: Any, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)


def _answer(key: bytes, sealed: bytes, sent_at: datetime) -> Response:
    """The first answer once more, with what it said and what it noted in the session."""
    kept = json.loads(vault.open_(sealed, row_context=_context(key)))
    session.update(kept["session"])
    said = [tuple(line) for line in session.get(FLASHES, [])]
    for category, text in kept["flashes"]:
        if (category, text) not in said:
            flash(text, category)
    if clock.machine() - sent_at > SAID_AFTER:
        flash(_("This form had been sent before and was done then: it was not done a second time"), "info")
    return redirect(kept["location"], kept["status"])  # type: ignore[return-value]


def _context(key: bytes) -> bytes:
    return f"sent_form|{key.hex()}".encode()
