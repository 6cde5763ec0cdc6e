"""The OIT checklist between admin, executive and assessor, as the letter of 2561 (part 3) tells it."""

from __future__ import annotations

from collections.abc import Iterable

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.participation import Participation
from models.round import RoundState, Stage
from models.thai import thai_datetime
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.holders import require_executive
from portal.core.stages import require_open
from portal.core.workflow import Transition, Workflow


def is_answered(answer: DisclosureAnswer) -> bool:
    """True when the choice is made and shown: a link or an explanation where disclosed, else a reason."""
    if answer.disclosed is None:
        return False
    return bool(answer.explanation.strip() or (answer.disclosed and answer.links))


def require_assessable(participation: Participation) -> None:
    """Raises Refused for an agency whose executive has not confirmed the data of the preparation."""
    if not participation.is_confirmed:
        raise Refused("This is possible after the executive has confirmed the data of the preparation")


def require_running(participation: Participation, stage: Stage) -> None:
    """Raises Refused in a draft, and once results are computed; Closed outside the stage's windows.

    After the closing the points still go on: they count until the boxes are opened.
    """
    if participation.round.state is RoundState.DRAFT:
        raise Refused("This round is not open, so its data cannot be changed")
    if participation.round.state is RoundState.OPENED:
        raise Refused("The boxes of this round have been opened: its OIT stays as it was counted")
    require_open(participation, stage)


def codes_of(answers: Iterable[DisclosureAnswer]) -> str:
    """The items as a short text: "O3, O14 and 5 more" without the words, at most eight codes."""
    codes = [answer.item.code for answer in sorted(answers, key=lambda answer: answer.item.position)]
    return ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")


def _may_submit(disclosure: Disclosure) -> None:
    require_running(disclosure.participation, Stage.OIT)
    require_assessable(disclosure.participation)
    open_items = [answer for answer in disclosure.answers if not is_answered(answer)]
    if open_items or not disclosure.answers:
        raise Refused(
            "Submit when every item is answered: %(number)s items are left (%(codes)s)",
            number=len(open_items),
            codes=codes_of(open_items),
        )
    failed = [answer for answer in disclosure.answers if answer.review is Review.FAIL]
    if failed:
        raise Refused(
            "Submit when every failed item is mended: %(number)s items are left (%(codes)s)",
            number=len(failed),
            codes=codes_of(failed),
        )
    require_executive(disclosure.participation)


def _may_withdraw(disclosure: Disclosure) -> None:
    require_running(disclosure.participation, Stage.OIT)
    if any(answer.review is not Review.PENDING for answer in disclosure.answers):
        raise Refused("The executive has begun the review: wait until it is returned or confirmed")


def _may_return(disclosure: Disclosure) -> None:
    require_running(disclosure.participation, Stage.OIT)
    if not any(answer.review is Review.FAIL for answer in disclosure.answers):
        raise Refused("Return is possible when at least one item is marked as failed")


def _may_confirm(disclosure: Disclosure) -> None:
    require_running(disclosure.participation, Stage.OIT)
    rest = [answer for answer in disclosure.answers if answer.review is not Review.PASS]
    if rest or not disclosure.answers:
        raise Refused(
            "Confirm when every item has passed: %(number)s items are left (%(codes)s)",
            number=len(rest),
            codes=codes_of(rest),
        )


def _may_finish(disclosure: Disclosure) -> None:
    require_running(disclosure.participation, Stage.OIT_SCORING)
    rest = [answer for answer in disclosure.answers if answer.score is None]
    if rest or not disclosure.answers:
        raise Refused(
            "Finish when every item has its points: %(number)s items are left (%(codes)s)",
            number=len(rest),
            codes=codes_of(rest),
        )


#: why a step is closed, by the state that the checklist is in
_WHERE = {
    DisclosureState.DRAFT: "The admin of the agency is still answering and has not submitted",
    DisclosureState.SUBMITTED: "The checklist lies with the executive for review since %(when)s",
    DisclosureState.RETURNED: "The checklist was returned to the admin to be mended",
    DisclosureState.CONFIRMED: "The executive confirmed the review on %(when)s: it stays as it is",
    DisclosureState.SCORED: "The assessor finished the scoring on %(when)s: it stays as it is",
}


def where_it_lies(disclosure: Disclosure | None) -> Refused:
    """Why the acts of another state are closed: where the checklist lies, and since when."""
    state = disclosure.state if disclosure else DisclosureState.DRAFT
    moments = {
        DisclosureState.SUBMITTED: disclosure and disclosure.submitted_at,
        DisclosureState.CONFIRMED: disclosure and disclosure.confirmed_at,
        DisclosureState.SCORED: disclosure and disclosure.scored_at,
    }
    moment = moments.get(state)
    return Refused(_WHERE[state], when=thai_datetime(moment) if moment else "–")


DISCLOSURE = Workflow(
    "disclosure",
    "state",
    (
        Transition(
            "submit",
            frozenset({DisclosureState.DRAFT, DisclosureState.RETURNED}),
            DisclosureState.SUBMITTED,
            P.DISCLOSURE_ANSWER,
            _may_submit,
            "Submit for approval",
        ),
        Transition(
            "withdraw",
            frozenset({DisclosureState.SUBMITTED}),
            DisclosureState.DRAFT,
            P.DISCLOSURE_ANSWER,
            _may_withdraw,
            "Take back to mend it",
        ),
        Transition(
            "return",
            frozenset({DisclosureState.SUBMITTED}),
            DisclosureState.RETURNED,
            P.DISCLOSURE_REVIEW,
            _may_return,
            "Return to be mended",
        ),
        Transition(
            "confirm",
            frozenset({DisclosureState.SUBMITTED}),
            DisclosureState.CONFIRMED,
            P.DISCLOSURE_REVIEW,
            _may_confirm,
            "Confirm the review",
        ),
        Transition(
            "finish",
            frozenset({DisclosureState.CONFIRMED}),
            DisclosureState.SCORED,
            P.DISCLOSURE_SCORE,
            _may_finish,
            "Finish the scoring",
        ),
    ),
    elsewhere=where_it_lies,
)
