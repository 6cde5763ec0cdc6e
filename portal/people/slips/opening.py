"""A file is fetched: opened with its passphrase part by part, sent as it is read, and then deleted."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask import Flask
from sqlalchemy import select, update

from models.account import Role
from models.onboarding import SlipOrder
from models.place import Province
from portal.core import audit, clock, delays
from portal.core.access import Actor
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.delays import Limit
from portal.core.errors import Refused
from portal.core.texts import _
from portal.people.slips import choosing, strongbox
from portal.people.slips.making import LIST
from portal.people.slips.orders import Seen
from portal.people.slips.strongbox import Lock
from reports.archive import safe_name

#: passphrases of one order that may be tried at once, and how long one is waited for after
ATTEMPTS = Limit(5, 20)


@dataclass(frozen=True)
class Fetched:
    """The files of one role, opened: what each is called, and where its content lies."""

    order_id: int
    role: Role
    files: tuple[tuple[str, str, str], ...]
    private: X25519PrivateKey
    actor: Actor

    @property
    def name(self) -> str:
        """What the ZIP is called."""
        return _("Slips") + f" {choosing.role_words(self.role)}.zip"

    def stream(self, app: Flask) -> Iterator[bytes]:
        """The ZIP, part by part. Once the last part was taken, the files are deleted and that is recorded."""
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]
            for key, file, name in self.files:
                with app.app_context():
                    content = strongbox.take(self.order_id, key, file, self.private)
                archive.writestr(name, content)
                yield sink.taken()
        yield sink.taken()
        with app.app_context():
            gone(self)


class _Sink:
    """Where the ZIP is written: what came since it was last taken."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def write(self, part: bytes) -> int:
        self._parts += part
        return len(part)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        """What was written since."""
        parts = bytes(self._parts)
        self._parts.clear()
        return parts


def fetch(seen: Seen, role: Role, passphrase: str, *, actor: Actor) -> Fetched:
    """Open the files of a role.

    Raises Refused while they are made, for another passphrase, too many attempts, or files that went.

    Works in transactions of its own, so that a refused attempt counts all the same.
    """
    if seen.job.state.is_open:
        raise Refused("The slips are still being made: download them once they are finished")
    limits = {f"slips:{seen.order.id}": ATTEMPTS}
    with writing(), privileged("an attempt at a passphrase") as session:
        taken = delays.take(session, limits)
    if not taken.allowed:
        seconds = int(taken.wait.total_seconds()) + 1
        raise Refused(
            "Too many passphrases were tried: wait %(seconds)s seconds", field="passphrase", seconds=seconds
        )
    private = Lock(seen.order.salt, seen.order.public_key).key_of(passphrase)
    if private is None:
        raise Refused(
            "This passphrase does not open the file: compare it with what you wrote down", field="passphrase"
        )
    with writing(), privileged("a passphrase that fits") as session:
        delays.give_back(session, limits)
    files = _files(seen, role)
    if not files:
        raise Refused("This file is gone: it was fetched, or is older than a day. Order anew")
    return Fetched(seen.order.id, role, files, private, actor)


def _files(seen: Seen, role: Role) -> tuple[tuple[str, str, str], ...]:
    """(key, file, name in the ZIP) of the slips of a role and of their hand-over lists."""
    parts: Mapping[str, Any] = seen.job.checkpoint.get("parts", {})
    lists: Mapping[str, str] = seen.job.checkpoint.get("lists", {})
    names = dict(db.session.execute(select(Province.id, Province.name)).all())
    found = []
    for key, part in parts.items():
        of_role, province_id = choosing.read_key(key)
        if of_role is not role or not strongbox.is_there(seen.order.id, part["file"]):
            continue
        name = names.get(province_id, str(province_id))
        found.append((key, part["file"], safe_name(f"{name}.pdf")))
        if key in lists and strongbox.is_there(seen.order.id, lists[key]):
            found.append((LIST + key, lists[key], safe_name(f"บัญชีส่งมอบซอง {name}.pdf")))
    return tuple(found)


def gone(fetched: Fetched) -> None:
    """The files were sent whole: delete them, and note it."""
    strongbox.drop(fetched.order_id, {file for _key, file, _name in fetched.files})
    with acting(fetched.actor), writing(), privileged("slips were fetched") as session:
        values: dict[str, Any] = {"downloaded_at": clock.now()}
        if not strongbox.has_any(fetched.order_id):
            values["gone_at"] = clock.now()
        session.execute(update(SlipOrder).where(SlipOrder.id == fetched.order_id).values(values))
        audit.record(
            session,
            act="slips.fetch",
            thing="slip_order",
            row=fetched.order_id,
            after={"role": fetched.role.value, "files": len(fetched.files)},
        )


def clear_outdated() -> None:
    """Delete what nobody fetched within a day, also files whose order is not known any more."""
    for order_id in strongbox.outdated():
        strongbox.drop(order_id)
        with writing(), privileged("slips that nobody fetched") as session:
            mine = update(SlipOrder).where(SlipOrder.id == order_id, SlipOrder.gone_at.is_(None))
            session.execute(mine.values(gone_at=clock.now()))
            audit.record(session, act="slips.gone", thing="slip_order", row=order_id)
