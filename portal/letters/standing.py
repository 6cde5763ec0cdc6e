"""Where a letter stands, as its page says it: what is to be mended, what can be done, and the way so far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.dispatch import Dispatch, DispatchState
from models.letter_office import SigningOrder
from models.thai import local_day
from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.texts import _
from portal.core.workflow import why_not
from portal.letters.offices import NO_FONT, missing_font, missing_for_letters
from portal.letters.sealing import key_state
from portal.letters.trying import problem_of
from portal.letters.workflow import DISPATCH


def problems(dispatch: Dispatch, dated: date | None) -> Iterator[Refused]:
    """All that keeps a letter from being printed or issued on a day (None: the day is not known yet)."""
    office = dispatch.office
    if missing := missing_for_letters(office.texts):
        yield Refused(
            "These settings of the office are not filled in: %(names)s", names=", ".join(map(_, missing))
        )
    if font := missing_font(office.texts):
        yield Refused(NO_FONT, font=font)
    if signs_by_key(dispatch) and (refused := key_state(office).problem) is not None:
        yield refused
    if dispatch.signatory is None:
        yield Refused("Choose who signs the letter")
    elif not dispatch.signatory.signs_on(dated or local_day(clock.now())):
        yield Refused(
            "The order by which %(name)s signs does not hold on this day", name=dispatch.signatory.name
        )
    if dispatch.data_file is None and (words := problem_of(dispatch, dated)) is not None:
        yield words


def signs_by_key(dispatch: Dispatch) -> bool:
    """True where the copies will be signed with the office's key: not those of a paper that was signed."""
    return dispatch.office.by_key and dispatch.state is not DispatchState.SIGNING


def acts_of(dispatch: Dispatch, *, actor: Actor) -> dict[str, Refused | None]:
    """The steps that a letter's state allows, each with the reason why it is closed now; None: it is open."""
    names = [step.name for step in DISPATCH.transitions if dispatch.state in step.sources]
    acts = {name: why_not(DISPATCH, dispatch, name, actor=actor) for name in names if name != "replace"}
    if not dispatch.office.checked:
        acts.pop("check", None)
    if dispatch.office.signing is not SigningOrder.SIGN_FIRST:
        acts.pop("sign", None)
    return acts


def way_of(dispatch: Dispatch) -> list[tuple[DispatchState, str]]:
    """The states from draft to record as the office goes them, each "ok", "info" (here) or "idle"; what went
    wrong at the end is "bad"."""
    S = DispatchState
    way = [S.DRAFT]
    way += [S.CHECKED] if dispatch.office.checked else []
    way += [S.SIGNING] if dispatch.office.signing is SigningOrder.SIGN_FIRST else []
    way += [S.ISSUED, S.SENT]
    if dispatch.state in (S.WITHDRAWN, S.REPLACED):
        return [(one, "ok") for one in way[:-1]] + [(dispatch.state, "bad")]
    if dispatch.state not in way:  # the office changed its way meanwhile
        way.insert(1, dispatch.state)
    here = way.index(dispatch.state)
    if dispatch.state is S.SENT:
        return [(one, "ok") for one in way]
    colours = ["ok"] * here + ["info"] + ["idle"] * (len(way) - here - 1)
    return list(zip(way, colours, strict=True))
