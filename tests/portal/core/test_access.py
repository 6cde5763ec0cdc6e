"""Who may do what, and who every role is: the policy written out once more, as the offices would say it."""

from __future__ import annotations

import pytest

from models.account import Role
from models.contributor import Part
from portal.core.access import (
    GRANTS,
    ROLES,
    SEPARATED,
    SYSTEM_ACTOR,
    Actor,
    Side,
    can,
    never_meet,
    roles_given_by,
    roles_reaching,
    scope_of,
)
from portal.core.access import Permission as P
from portal.core.scopes import NOTHING, SYSTEM, Reach, Scope

R = Role
OFFICES = {R.NACC, R.DLA}
AGENCY = {R.AGENCY_ADMIN, R.EXECUTIVE}
BODY = {R.ASSESSOR, R.INTERVIEWER}
EVERYBODY = {R.PROVINCE, *OFFICES, *AGENCY, *BODY}

MAY: dict[P, set[Role]] = {
    P.HOME_READ: EVERYBODY,
    P.STATUS_READ: EVERYBODY,
    P.CHASING_READ: {*OFFICES, R.PROVINCE},
    P.CHASING_NOTE: {R.DLA, R.PROVINCE},
    P.CHASING_MAIL: {R.DLA, R.PROVINCE},
    P.REMINDERS_READ: {R.NACC, R.DLA},
    P.REMINDERS_WRITE: {R.DLA},
    P.ANNOUNCEMENTS_READ: EVERYBODY,
    P.ANNOUNCEMENTS_WRITE: OFFICES,
    P.EXTENSIONS_GIVE: OFFICES,
    P.JOBS_READ: EVERYBODY,
    P.ROUNDS_READ: EVERYBODY,
    P.RESULTS_READ: EVERYBODY,
    P.PLACES_READ: OFFICES,
    P.PLACES_WRITE: {R.DLA},
    P.AGENCIES_READ: {*OFFICES, R.PROVINCE},
    P.AGENCIES_WRITE: {R.DLA},
    P.AGENCIES_IMPORT: {R.DLA},
    P.SECTORS_READ: {R.NACC},
    P.SECTORS_WRITE: {R.NACC},
    P.FIELDS_READ: {R.NACC, R.DLA},
    P.FIELDS_WRITE: {R.DLA},
    P.KINDS_READ: {R.NACC, R.DLA},
    P.KINDS_WRITE: {R.DLA},
    P.CONTACTS_READ: EVERYBODY,
    P.CONTACTS_WRITE: {R.DLA, R.PROVINCE, *AGENCY},
    P.PROVINCE_CONTACTS_WRITE: {R.DLA, R.PROVINCE},
    P.ACCOUNTS_READ: {R.DLA, R.PROVINCE},
    P.ACCOUNTS_WRITE: {R.DLA},
    P.PEOPLE_READ: {R.DLA, R.PROVINCE, *AGENCY},
    P.ACCOUNTS_MAKE: {R.DLA, R.PROVINCE},
    P.CODES_ISSUE: {R.DLA, R.PROVINCE},
    P.RECORD_READ: OFFICES,
    P.SYSTEM_READ: OFFICES,
    P.ROUNDS_WRITE: {R.NACC},
    P.ASSESSORS_WRITE: {R.NACC},
    P.OIT_ITEMS_READ: OFFICES,
    P.OIT_ITEMS_WRITE: OFFICES,
    P.ROSTERS_MASKED: {R.DLA},
    P.ROSTERS_KEEP: {R.NACC},
    P.REQUESTS_READ: AGENCY,
    P.REQUESTS_ANSWER: {R.AGENCY_ADMIN},
    P.REQUESTS_COUNT: {*OFFICES, R.PROVINCE},
    P.PREPARATION_READ: {*OFFICES, R.PROVINCE, *AGENCY},
    P.PREPARATION_ENTER: {R.AGENCY_ADMIN},
    P.PREPARATION_CONFIRM: {R.EXECUTIVE},
    P.LINKS_READ: {R.AGENCY_ADMIN},
    P.LINKS_ROTATE: {R.AGENCY_ADMIN},
    P.POSTERS_ORDER: {R.NACC, R.DLA, R.PROVINCE},
    P.DISCLOSURE_READ: {R.NACC, *AGENCY, R.ASSESSOR},
    P.DISCLOSURE_ANSWER: {R.AGENCY_ADMIN},
    P.DISCLOSURE_REVIEW: {R.EXECUTIVE},
    P.DISCLOSURE_SCORE: {R.ASSESSOR},
    P.ROSTER_READ: {*AGENCY, *BODY},
    P.ROSTER_JUDGE: {R.ASSESSOR},
    P.SAMPLE_DRAW: {R.ASSESSOR},
    P.INTERVIEW_RECORD: BODY,
    P.LETTERS_READ: {*OFFICES, R.PROVINCE},
    P.LETTERS_NACC: {R.NACC},
    P.LETTERS_DLA: {R.DLA},
    P.LETTERS_PROVINCE: {R.PROVINCE},
    P.LETTERS_FORWARD: {R.PROVINCE},
    P.INBOX_READ: {R.DLA, R.PROVINCE, *AGENCY},
    P.BOXES_CLOSE: {R.NACC},
    P.BOXES_OPEN: set(),
    P.HAND_OVER: {R.DLA, R.PROVINCE, *AGENCY},
    P.APPOINT: {R.DLA, R.PROVINCE, R.EXECUTIVE},
    P.SECOND_DECIDE: OFFICES,
    P.POLICY_READ: OFFICES,
    P.API_READ: EVERYBODY,
    P.API_TOKENS_END: OFFICES,
}


@pytest.mark.parametrize("permission", list(P), ids=lambda permission: str(permission.value))
def test_each_permission_is_of_its_roles_alone(permission: P) -> None:
    holders = {role for role, held in GRANTS.items() if permission in held}
    assert holders == MAY[permission] | {R.SYSTEM}


#: role: how far it reaches, whom it speaks for, its home, and whether a second officer confirms who gets it
PEOPLE: dict[Role, tuple[Reach, Side, str, bool]] = {
    R.AGENCY_ADMIN: (Reach.AGENCY, Side.AGENCY, "agency", False),
    R.EXECUTIVE: (Reach.AGENCY, Side.AGENCY, "agency", False),
    R.PROVINCE: (Reach.PROVINCE, Side.PROVINCE, "province", False),
    R.ASSESSOR: (Reach.ASSESSOR, Side.ASSESSOR, "assessor", True),
    R.INTERVIEWER: (Reach.ASSESSOR, Side.ASSESSOR, "assessor", True),
    R.DLA: (Reach.COUNTRY, Side.DLA, "dla", True),
    R.NACC: (Reach.COUNTRY, Side.NACC, "nacc", False),
}


def test_every_role_is_what_the_letter_says() -> None:
    assert {role: (rule.reach, rule.side, rule.home, rule.second) for role, rule in ROLES.items()} == PEOPLE


def test_the_dla_gives_every_right_but_the_nacc_s_and_nobody_else_gives_any() -> None:
    assert roles_given_by(R.DLA) == [
        R.AGENCY_ADMIN,
        R.EXECUTIVE,
        R.PROVINCE,
        R.ASSESSOR,
        R.INTERVIEWER,
        R.DLA,
    ]
    assert not any(roles_given_by(role) for role in EVERYBODY - {R.DLA})


def test_the_roles_of_each_reach() -> None:
    assert roles_reaching(Reach.AGENCY) == AGENCY
    assert roles_reaching(Reach.PROVINCE) == {R.PROVINCE}
    assert roles_reaching(Reach.ASSESSOR) == BODY
    assert roles_reaching(Reach.COUNTRY) == OFFICES


@pytest.mark.parametrize(
    ("one", "other", "same_place", "never"),
    [
        (R.AGENCY_ADMIN, R.EXECUTIVE, True, True),
        (R.EXECUTIVE, R.AGENCY_ADMIN, True, True),
        (R.AGENCY_ADMIN, R.EXECUTIVE, False, False),
        (R.AGENCY_ADMIN, R.AGENCY_ADMIN, True, False),
        (R.ASSESSOR, R.INTERVIEWER, True, False),
        (R.NACC, R.DLA, False, True),
        (R.PROVINCE, R.DLA, False, True),
        (R.ASSESSOR, R.EXECUTIVE, False, True),
    ],
)
def test_which_roles_one_person_never_holds_together(
    one: Role, other: Role, same_place: bool, never: bool
) -> None:
    assert never_meet(one, other, same_place=same_place) is never


def test_what_is_entered_is_never_judged_by_the_same_person() -> None:
    parts = {part: (rule.entered_by, set(rule.judged_by)) for part, rule in SEPARATED.items()}
    assert parts == {
        Part.PREPARATION: (P.PREPARATION_ENTER, {P.PREPARATION_CONFIRM, P.ROSTER_JUDGE}),
        Part.DISCLOSURE: (P.DISCLOSURE_ANSWER, {P.DISCLOSURE_REVIEW, P.DISCLOSURE_SCORE}),
    }


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (R.NACC, Scope(Reach.COUNTRY, None, 7)),
        (R.PROVINCE, Scope(Reach.PROVINCE, 52, 7)),
        (R.EXECUTIVE, Scope(Reach.AGENCY, 4, 7)),
        (R.INTERVIEWER, Scope(Reach.ASSESSOR, 9, 7)),
        (None, Scope(Reach.NONE, None, 7)),
    ],
)
def test_a_desk_reaches_as_far_as_its_grant(role: Role | None, scope: Scope) -> None:
    actor = Actor(7, 1, role, "ผู้ใช้ทดลอง", agency_id=4, province_id=52, body_id=9)
    assert scope_of(actor) == scope


def test_nobody_reaches_nothing_and_the_system_everything() -> None:
    assert (scope_of(None), scope_of(SYSTEM_ACTOR)) == (NOTHING, SYSTEM)


def test_without_a_grant_nothing_is_possible() -> None:
    undecided = Actor(7, None, None, "ผู้ใช้ทดลอง")
    assert not any(can(somebody, permission) for somebody in (None, undecided) for permission in P)


def test_a_person_with_a_desk_counts_as_signed_in() -> None:
    actor = Actor(7, 1, R.DLA, "ผู้ใช้ทดลอง", token="mark")
    assert (actor.is_authenticated, actor.is_active, actor.is_anonymous) == (True, True, False)
    assert (actor.get_id(), actor.other_desks, actor.span) == ("mark", False, None)
