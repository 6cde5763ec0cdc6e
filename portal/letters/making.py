"""The work that makes letters: the copies of one that was issued, a print for signing, a proof.

What a letter is made from was kept with the act that ordered it; a killed job goes on with the addressees
that have no copy yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import current_app

from models.dispatch import Dispatch, DispatchState
from models.job import Lane
from models.letter import Letter
from models.letter_office import OfficeKind
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.letters import papers
from portal.letters.dispatches import MAKING, PDF, PROOFS, public_id
from portal.letters.handing_over import hand_over, kept_copies
from portal.letters.made_from import MadeFrom, unpacked
from portal.letters.printing import FAILED, keep_letter, printed_or_failed
from portal.letters.sealing import Copy, key_name, signed_by, unsigned
from reports.printing import RenderingFailed, print_papers

#: where the public page of a letter stands (views/letters/verifying.py), before the id
PUBLIC_PAGE = "/letter/"


@job_kind(MAKING[OfficeKind.DLA], permission=P.LETTERS_DLA)
def make_circulars(context: JobContext) -> None:
    """The copies of DLA's circular."""
    _make_copies(context)


@job_kind(MAKING[OfficeKind.NACC], permission=P.LETTERS_NACC, lane=Lane.SHORT)
def make_nacc_letter(context: JobContext) -> None:
    """NACC's letter to DLA."""
    _make_copies(context)


@job_kind(MAKING[OfficeKind.PROVINCE], permission=P.LETTERS_PROVINCE, lane=Lane.SHORT)
def make_province_circular(context: JobContext) -> None:
    """A province's circular to its agencies: one copy, which reaches them all."""
    _make_copies(context)


@job_kind(PROOFS[OfficeKind.DLA], permission=P.LETTERS_DLA, lane=Lane.SHORT)
def prove_circular(context: JobContext) -> None:
    """One governor's copy as it would be now."""
    _prove(context)


@job_kind(PROOFS[OfficeKind.NACC], permission=P.LETTERS_NACC, lane=Lane.SHORT)
def prove_nacc_letter(context: JobContext) -> None:
    """NACC's letter as it would be now."""
    _prove(context)


@job_kind(PROOFS[OfficeKind.PROVINCE], permission=P.LETTERS_PROVINCE, lane=Lane.SHORT)
def prove_province_circular(context: JobContext) -> None:
    """A province's circular as it would be now."""
    _prove(context)


def _make_copies(context: JobContext) -> None:
    """Print every copy, keep each as it is finished, and end in one PDF, or one ZIP of all.

    A print for signing keeps no copies: it has neither number nor day, and is no letter yet.
    """
    dispatch = _dispatch(context)
    stands = dispatch.state.final or dispatch.state.value == context.arguments["state"]
    if not stands or dispatch.data_file is None:
        raise JobFailed("The letter was taken back meanwhile")
    made_from = unpacked(dispatch.data_file.content)
    issued = context.arguments["state"] == DispatchState.ISSUED.value
    with refused_as_failed():
        todo = _todo(dispatch, made_from, issued=issued)
    kept = _kept_copies(dispatch) if issued else set()
    row, total = _row(dispatch), len(todo)
    number, dated = (dispatch.number, dispatch.dated) if issued else ("", None)
    ids = {key: public_id() for key in todo if key not in kept}
    waiting = {key: _with_address(todo[key], ids[key]) if issued else todo[key] for key in ids}
    seal = unsigned()
    if made_from.by_key and waiting:
        seal = signed_by(key_name(dispatch.office), made_from.office.signatory_name)
    db.session.rollback()  # nothing is held while letters are printed
    printed: list[tuple[str, bytes]] = []
    context.progress(total - len(waiting), total)
    try:
        with seal as sign:
            for done, (key, body) in enumerate(print_papers(waiting), total - len(waiting) + 1):
                name = papers.file_name(made_from, key, number=number, dated=dated)
                if issued:
                    _keep(row, key, sign(body), name, waiting[key].letter.subject, ids[key])
                else:
                    printed.append((name, body))
                context.progress(done, total, name.removesuffix(".pdf"))
    except RenderingFailed as error:
        raise JobFailed(FAILED) from error
    hand_over(context, row["dispatch_id"], kept_copies(row["dispatch_id"]) if issued else printed)


def _keep(row: dict[str, Any], key: str, copy: Copy, name: str, subject: str, public_id: str) -> None:
    """Keep one finished copy; a signed one is known by what it was before it was signed, too."""
    with writing(), privileged("keeping a letter") as session:
        letter = Letter(**row, province_id=_province(key), subject=subject, public_id=public_id)
        letter.body_sha256, letter.body_size = copy.body_sha256, copy.body_size
        keep_letter(session, letter, copy.content, name)


def _todo(dispatch: Dispatch, made_from: MadeFrom, *, issued: bool) -> Mapping[str, papers.Paper]:
    if not issued:
        return {
            key: papers.paper_for(made_from, key, number="", dated=None)
            for key in papers.addressees(made_from)
        }
    assert dispatch.dated is not None, "an issued letter has its day"
    number, dated = dispatch.number, dispatch.dated
    told_on = papers.told_on(dispatch, made_from, dated)
    return {
        key: papers.numbered(made_from, key, number=number, dated=dated, told_on=told_on)
        for key in papers.addressees(made_from)
    }


def _with_address(paper: papers.Paper, public_id: str) -> papers.Paper:
    """The paper with the address of its public page, and the code that leads there."""
    public_url: str = current_app.settings.public_url  # type: ignore[attr-defined]
    address = f"{public_url}{PUBLIC_PAGE}{public_id}"
    return replace(paper, letter=replace(paper.letter, verify_url=address))


def _row(dispatch: Dispatch) -> dict[str, Any]:
    return {
        "round_id": dispatch.round_id,
        "kind": dispatch.kind,
        "number": dispatch.number,
        "dated": dispatch.dated,
        "dispatch_id": dispatch.id,
        "data": {"references": list(dispatch.cites), "urgency": dispatch.urgency},
    }


def _kept_copies(dispatch: Dispatch) -> set[str]:
    """The addressees whose copy is there already."""
    return {papers.ONE if one.province_id is None else str(one.province_id) for one in dispatch.letters}


def _province(key: str) -> int | None:
    return None if key == papers.ONE else int(key)


def _prove(context: JobContext) -> None:
    dispatch, province_id = _dispatch(context), context.arguments["province_id"]
    with refused_as_failed():
        made_from = papers.gathered(dispatch, None if province_id is None else [province_id])
        key = papers.ONE if made_from.of_country is not None else str(province_id)
        if key not in papers.addressees(made_from):
            key = papers.addressees(made_from)[0]
        paper = papers.paper_for(made_from, key, number=dispatch.number, dated=dispatch.dated)
    db.session.rollback()
    content = printed_or_failed(paper)
    name = papers.file_name(made_from, key)
    with writing(), privileged("a proof") as session:
        context.keep_file(name, PDF, content, session=session)
        context.finish({"letters": 1}, session=session)


@contextmanager
def refused_as_failed() -> Iterator[None]:
    """What is refused inside ends the job, in the same words. Raises JobFailed."""
    try:
        yield
    except Refused as refused:
        raise JobFailed(refused.message_id, **refused.values) from refused


def _dispatch(context: JobContext) -> Dispatch:
    """The letter of a job. Raises JobFailed where it has gone, or the job is of an older portal."""
    dispatch = db.session.get(Dispatch, context.arguments.get("dispatch_id") or 0)
    if dispatch is None:
        raise JobFailed("The draft of this letter is not there any more")
    return dispatch
