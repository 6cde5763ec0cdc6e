"""A letter between draft and record.

The order of signing and numbering is the office's own: by electronic means a letter is numbered, then signed;
on paper it is signed, then numbered and dated (rules of งานสารบรรณ). What was issued never changes.
"""

from __future__ import annotations

from models.dispatch import Dispatch, DispatchState
from models.job import JobState
from models.letter_office import SigningOrder
from models.thai import thai_datetime
from portal.core.access import Permission as P
from portal.core.access import current_actor
from portal.core.errors import Refused
from portal.core.workflow import Transition, Workflow

S = DispatchState

#: why a step is closed, by the state that a letter is in
_WHERE = {
    S.DRAFT: "This letter is a draft still",
    S.CHECKED: "This letter was checked: take it back to change it",
    S.SIGNING: "This letter is on its way to be signed: take it back to change it",
    S.ISSUED: "This letter was issued on %(when)s: it stays as it is",
    S.SENT: "This letter was sent on %(when)s: it stays as it is",
    S.WITHDRAWN: "This letter was withdrawn on %(when)s",
    S.REPLACED: "This letter was replaced by another",
}


def where_it_stands(dispatch: Dispatch) -> Refused:
    """Why the acts of another state are closed: where the letter stands, and since when."""
    moments = {S.ISSUED: dispatch.issued_at, S.SENT: dispatch.sent_at, S.WITHDRAWN: dispatch.withdrawn_at}
    moment = moments.get(dispatch.state)
    return Refused(_WHERE[dispatch.state], when=thai_datetime(moment) if moment else "–")


def needs_check(dispatch: Dispatch) -> bool:
    """True for a draft of an office whose letters a second person reads first."""
    return dispatch.office.checked and dispatch.state is S.DRAFT


def _may_check(dispatch: Dispatch) -> None:
    actor = current_actor()
    if not dispatch.office.checked:
        raise Refused("Your office issues letters without a second person: its settings say so")
    if actor is None or actor.account_id in (dispatch.made_by_id, dispatch.written_by_id):
        raise Refused("You wrote this letter yourself: a colleague checks it")


def _checked(dispatch: Dispatch) -> None:
    if needs_check(dispatch):
        raise Refused("A second person of your office checks this letter first")


def _may_sign(dispatch: Dispatch) -> None:
    if dispatch.office.signing is not SigningOrder.SIGN_FIRST:
        raise Refused("Your office numbers a letter before it is signed: its settings say so")
    _checked(dispatch)


def _may_issue(dispatch: Dispatch) -> None:
    if dispatch.office.signing is SigningOrder.SIGN_FIRST and dispatch.state is not S.SIGNING:
        raise Refused("Your office signs a letter before it is numbered: print it for signing first")
    _checked(dispatch)


def _may_send(dispatch: Dispatch) -> None:
    state = dispatch.job.state if dispatch.job is not None else JobState.DONE
    if state.is_open or (state is JobState.DONE and not dispatch.letters):
        raise Refused("The copies are being made still: wait until every one is there")
    if state is not JobState.DONE:
        raise Refused("The work on the copies ended before its time: start it again, the finished ones stay")


DISPATCH = Workflow(
    "dispatch",
    "state",
    (
        Transition("check", frozenset({S.DRAFT}), S.CHECKED, P.LETTERS_READ, _may_check, "Checked"),
        Transition(
            "sign", frozenset({S.DRAFT, S.CHECKED}), S.SIGNING, P.LETTERS_READ, _may_sign, "Print for signing"
        ),
        Transition(
            "take_back",
            frozenset({S.CHECKED, S.SIGNING}),
            S.DRAFT,
            P.LETTERS_READ,
            None,
            "Take back to the draft",
        ),
        Transition(
            "issue",
            frozenset({S.DRAFT, S.CHECKED, S.SIGNING}),
            S.ISSUED,
            P.LETTERS_READ,
            _may_issue,
            "Issue",
        ),
        Transition("send", frozenset({S.ISSUED}), S.SENT, P.LETTERS_READ, _may_send, "Sent"),
        Transition("withdraw", frozenset({S.ISSUED, S.SENT}), S.WITHDRAWN, P.LETTERS_READ, None, "Withdraw"),
        Transition("replace", frozenset({S.ISSUED, S.SENT}), S.REPLACED, P.LETTERS_READ, None, "Replaced"),
    ),
    elsewhere=where_it_stands,
)
