"""Slips of the drill: ordered for everybody, printed, fetched with a passphrase, and read off the pages."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.account import Account, ActivationCode, Role
from models.job import Job, JobState
from models.onboarding import SlipOrder
from portal.core import clock
from portal.core.acting import seated
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.core.sign_in import actor_for_grant
from portal.people.slips import opening, orders, strongbox
from portal.people.slips.choosing import ROLES_WITH_SLIPS, Choice
from portal.tools.drill.cast import acting
from portal.tools.drill.ground import Ground

#: reads the text of a PDF; of the system's poppler-utils
READER = "pdftotext"
#: the list on which envelopes are signed for has no code
HAND_OVER = "บัญชีส่งมอบซอง"
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")


def codes_of_everybody(ground: Ground) -> list[str]:
    """The codes of all accounts that nobody has activated, as they stand on paper, in mixed order."""
    report = ground.report
    with privileged("drill: who waits for a slip") as session:
        nobody = select(func.count(Account.id)).where(Account.activated_at.is_(None), _OF_AGENCY)
        waiting = session.scalar(nobody)
    passphrase = strongbox.new_passphrase()
    with report.step("slips printed") as step:
        with acting(ground.cast.dla) as actor:
            order_id = orders.order(Choice(), passphrase, actor=actor).id
        worker.work(ground.app, until_idle=True)
        with privileged("drill: the slips' job") as session:
            state, step.count = made_of(session, order_id)
    report.check("slips' job", found=state, planned=JobState.DONE)
    report.check("slips", found=step.count, planned=waiting)
    codes: list[str] = []
    pages = 0
    with report.step("codes read off the fetched slips") as step:
        for role in ROLES_WITH_SLIPS:
            for pdf in _fetched(ground, order_id, role, passphrase):
                text = _text(pdf)
                codes += CODE.findall(text)
                pages += text.count("\f")
        step.count = len(codes)
    report.check("pages", found=pages, planned=waiting)
    report.check("codes, each once", found=(len(codes), len(set(codes))), planned=(waiting, waiting))
    _check_gone(ground, order_id, codes=len(codes))
    random.Random(order_id).shuffle(codes)  # noqa: S311 - the order in which made-up people come
    return codes


_OF_AGENCY = Account.grants.any(role=Role.AGENCY_ADMIN) | Account.grants.any(role=Role.EXECUTIVE)


def made_of(session: Session, order_id: int) -> tuple[JobState, int]:
    """How the job of an order ended, and how many slips it has made."""
    job = session.scalars(select(Job).where(Job.arguments["order_id"].as_integer() == order_id)).one()
    return job.state, int(job.result.get("slips", 0)) if job.state is JobState.DONE else 0


def _fetched(ground: Ground, order_id: int, role: Role, passphrase: str) -> Iterator[bytes]:
    """The PDFs with slips of a role, as who ordered them gets them."""
    with privileged("drill: who fetches slips") as session:
        actor = actor_for_grant(session, ground.cast.dla)
    with seated(actor):
        seen = orders.own_order(order_id, actor=actor)
        fetched = opening.fetch(seen, role, passphrase, actor=actor)
    with ZipFile(BytesIO(b"".join(fetched.stream(ground.app)))) as archive:
        for name in archive.namelist():
            if not name.startswith(HAND_OVER):
                yield archive.read(name)


def _text(pdf: bytes) -> str:
    """The text of a PDF; each page ends in a form feed."""
    reader = shutil.which(READER)
    assert reader is not None, "make setup-dev looks for it"
    read = subprocess.run([reader, "-", "-"], input=pdf, capture_output=True, check=True)  # noqa: S603
    return read.stdout.decode()


def _check_gone(ground: Ground, order_id: int, *, codes: int) -> None:
    """What was fetched is gone, and the codes that are stored are those on paper."""
    with privileged("drill: what is left of slips") as session:
        gone = session.get_one(SlipOrder, order_id).gone_at is not None
        query = select(func.count(ActivationCode.id)).where(ActivationCode.expires_at > clock.now())
        stored = session.scalar(query)
    left = strongbox.has_any(order_id)
    ground.report.check("fetched slips gone", found=(gone, left), planned=(True, False))
    ground.report.check("codes that hold", found=stored, planned=codes)
