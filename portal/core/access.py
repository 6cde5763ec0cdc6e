"""Who may see and do what: the one policy page. Rows are scoped in portal/core/scopes.py by the session."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import g
from sqlalchemy import inspect, select

from models.account import Capacity, Role
from models.contributor import Part
from models.sector import USUAL_SECTOR, Sector
from portal.core.database.session import db
from portal.core.scopes import NOTHING, SYSTEM, Reach, Scope
from portal.core.texts import lazy


class Permission(enum.Enum):
    """What can be done, as ``thing:act``."""

    HOME_READ = "home:read"
    PLACES_READ = "places:read"
    PLACES_WRITE = "places:write"
    #: whose units are assessed: local administration, and others beside it
    SECTORS_READ = "sectors:read"
    SECTORS_WRITE = "sectors:write"
    AGENCIES_READ = "agencies:read"
    AGENCIES_WRITE = "agencies:write"
    AGENCIES_IMPORT = "agencies:import"
    #: descriptive fields of agencies and accounts: what there is
    FIELDS_READ = "fields:read"
    FIELDS_WRITE = "fields:write"
    #: kinds and sizes of agencies: what there is
    KINDS_READ = "kinds:read"
    KINDS_WRITE = "kinds:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    #: whom the agencies of a province call
    PROVINCE_CONTACTS_WRITE = "province_contacts:write"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    #: who holds a right at an agency, with telephones
    PEOPLE_READ = "people:read"
    ACCOUNTS_MAKE = "accounts:make"
    CODES_ISSUE = "codes:issue"
    RECORD_READ = "record:read"
    #: how the machine fares: queue, disk, backup
    SYSTEM_READ = "system:read"
    ROUNDS_READ = "rounds:read"
    ROUNDS_WRITE = "rounds:write"
    ASSESSORS_WRITE = "assessors:write"
    OIT_ITEMS_READ = "oit_items:read"
    OIT_ITEMS_WRITE = "oit_items:write"
    ROSTERS_MASKED = "rosters:masked"
    #: until when a round's rosters keep personal data, and the certificate that they were erased
    ROSTERS_KEEP = "rosters:keep"
    #: requests of people about their own data, and the notice for them
    REQUESTS_READ = "requests:read"
    REQUESTS_ANSWER = "requests:answer"
    #: how many of them each agency has, and how many are late
    REQUESTS_COUNT = "requests:count"
    PREPARATION_READ = "preparation:read"
    PREPARATION_ENTER = "preparation:enter"
    PREPARATION_CONFIRM = "preparation:confirm"
    LINKS_READ = "links:read"
    LINKS_ROTATE = "links:rotate"
    #: posters of the external surveys of many agencies
    POSTERS_ORDER = "posters:order"
    DISCLOSURE_READ = "disclosure:read"
    DISCLOSURE_ANSWER = "disclosure:answer"
    DISCLOSURE_REVIEW = "disclosure:review"
    DISCLOSURE_SCORE = "disclosure:score"
    ROSTER_READ = "roster:read"
    ROSTER_JUDGE = "roster:judge"
    SAMPLE_DRAW = "sample:draw"
    INTERVIEW_RECORD = "interview:record"
    STATUS_READ = "status:read"
    #: which agencies lack what, and what they promised
    CHASING_READ = "chasing:read"
    #: note that an agency was reached
    CHASING_NOTE = "chasing:note"
    #: send e-mails to late agencies, and name those that get none by rule
    CHASING_MAIL = "chasing:mail"
    #: the rules by which e-mails go out by themselves
    REMINDERS_READ = "reminders:read"
    REMINDERS_WRITE = "reminders:write"
    #: give agencies more time for preparation or OIT, and take it back
    EXTENSIONS_GIVE = "extensions:give"
    LETTERS_READ = "letters:read"
    LETTERS_NACC = "letters:nacc"
    LETTERS_DLA = "letters:dla"
    LETTERS_PROVINCE = "letters:province"
    #: hand a letter that came in to the agencies of the own province
    LETTERS_FORWARD = "letters:forward"
    #: announcements of the back office to one's own desk
    ANNOUNCEMENTS_READ = "announcements:read"
    #: write announcements of one's own office, and see who acknowledged them
    ANNOUNCEMENTS_WRITE = "announcements:write"
    #: the letters that came in at one's own desk
    INBOX_READ = "inbox:read"
    BOXES_CLOSE = "boxes:close"
    #: the key's holder on the command line, never a person at a desk
    BOXES_OPEN = "boxes:open"
    RESULTS_READ = "results:read"
    JOBS_READ = "jobs:read"
    #: name who follows at one's desk, or at a desk below
    HAND_OVER = "desks:hand_over"
    #: name who acts for the holder of a desk, or is a deputy, for a time
    APPOINT = "desks:appoint"
    POLICY_READ = "policy:read"
    #: make tokens by which one's programmes read the figures, and read by them
    API_READ = "api:read"
    #: end the tokens of others
    API_TOKENS_END = "api_tokens:end"
    #: be the second of two; the NACC only where an officer of the country is restored
    SECOND_DECIDE = "second:decide"


P = Permission

_EVERYBODY = frozenset(
    {
        P.HOME_READ,
        P.STATUS_READ,
        P.JOBS_READ,
        P.ROUNDS_READ,
        P.RESULTS_READ,
        P.CONTACTS_READ,
        P.ANNOUNCEMENTS_READ,
        P.API_READ,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.NACC: _EVERYBODY
    | {
        P.ROSTERS_KEEP,
        P.REQUESTS_COUNT,
        P.CHASING_READ,
        P.REMINDERS_READ,
        P.EXTENSIONS_GIVE,
        P.PLACES_READ,
        P.SECTORS_READ,
        P.SECTORS_WRITE,
        P.AGENCIES_READ,
        P.FIELDS_READ,
        P.KINDS_READ,
        P.ROUNDS_WRITE,
        P.ASSESSORS_WRITE,
        P.OIT_ITEMS_READ,
        P.OIT_ITEMS_WRITE,
        P.PREPARATION_READ,
        P.DISCLOSURE_READ,
        P.LETTERS_READ,
        P.LETTERS_NACC,
        P.ANNOUNCEMENTS_WRITE,
        P.POSTERS_ORDER,
        P.BOXES_CLOSE,
        P.RECORD_READ,
        P.SYSTEM_READ,
        P.POLICY_READ,
        P.API_TOKENS_END,
        P.SECOND_DECIDE,
    },
    Role.DLA: _EVERYBODY
    | {
        P.CHASING_READ,
        P.CHASING_NOTE,
        P.CHASING_MAIL,
        P.REMINDERS_READ,
        P.REMINDERS_WRITE,
        P.EXTENSIONS_GIVE,
        P.CONTACTS_WRITE,
        P.PROVINCE_CONTACTS_WRITE,
        P.PLACES_READ,
        P.PLACES_WRITE,
        P.AGENCIES_READ,
        P.AGENCIES_WRITE,
        P.AGENCIES_IMPORT,
        P.FIELDS_READ,
        P.FIELDS_WRITE,
        P.KINDS_READ,
        P.KINDS_WRITE,
        P.ACCOUNTS_READ,
        P.PEOPLE_READ,
        P.ACCOUNTS_WRITE,
        P.ACCOUNTS_MAKE,
        P.CODES_ISSUE,
        P.RECORD_READ,
        P.SYSTEM_READ,
        P.OIT_ITEMS_READ,
        P.OIT_ITEMS_WRITE,
        P.ROSTERS_MASKED,
        P.REQUESTS_COUNT,
        P.PREPARATION_READ,
        P.LETTERS_READ,
        P.LETTERS_DLA,
        P.ANNOUNCEMENTS_WRITE,
        P.POSTERS_ORDER,
        P.INBOX_READ,
        P.HAND_OVER,
        P.APPOINT,
        P.POLICY_READ,
        P.API_TOKENS_END,
        P.SECOND_DECIDE,
    },
    Role.PROVINCE: _EVERYBODY
    | {
        P.REQUESTS_COUNT,
        P.CHASING_READ,
        P.CHASING_NOTE,
        P.CHASING_MAIL,
        P.CONTACTS_WRITE,
        P.PROVINCE_CONTACTS_WRITE,
        P.AGENCIES_READ,
        P.ACCOUNTS_READ,
        P.PEOPLE_READ,
        # where the back office lets provinces: asked in portal/people/settings.py too
        P.ACCOUNTS_MAKE,
        P.CODES_ISSUE,
        P.PREPARATION_READ,
        P.LETTERS_READ,
        P.LETTERS_PROVINCE,
        P.POSTERS_ORDER,
        P.LETTERS_FORWARD,
        P.INBOX_READ,
        P.HAND_OVER,
        P.APPOINT,
    },
    Role.AGENCY_ADMIN: _EVERYBODY
    | {
        P.CONTACTS_WRITE,
        P.PREPARATION_READ,
        P.PEOPLE_READ,
        P.PREPARATION_ENTER,
        P.ROSTER_READ,
        P.REQUESTS_READ,
        P.REQUESTS_ANSWER,
        P.LINKS_READ,
        P.LINKS_ROTATE,
        P.DISCLOSURE_READ,
        P.DISCLOSURE_ANSWER,
        P.INBOX_READ,
        P.HAND_OVER,
    },
    Role.EXECUTIVE: _EVERYBODY
    | {
        P.CONTACTS_WRITE,
        P.PREPARATION_READ,
        P.PEOPLE_READ,
        P.PREPARATION_CONFIRM,
        P.ROSTER_READ,
        P.REQUESTS_READ,
        P.DISCLOSURE_READ,
        P.DISCLOSURE_REVIEW,
        P.INBOX_READ,
        P.HAND_OVER,
        P.APPOINT,
    },
    Role.ASSESSOR: _EVERYBODY
    | {
        P.ROSTER_READ,
        P.ROSTER_JUDGE,
        P.SAMPLE_DRAW,
        P.INTERVIEW_RECORD,
        P.DISCLOSURE_READ,
        P.DISCLOSURE_SCORE,
    },
    Role.INTERVIEWER: _EVERYBODY | {P.ROSTER_READ, P.INTERVIEW_RECORD},
    Role.SYSTEM: frozenset(P),
}


class Side(enum.Enum):
    """Whom a role speaks for. Nobody speaks for two: roles of different sides never meet in one person."""

    NACC = "nacc"
    DLA = "dla"
    PROVINCE = "province"
    AGENCY = "agency"
    ASSESSOR = "assessor"


@dataclass(frozen=True)
class RoleRule:
    """One role: its words, how far it reaches, whose home it lands on, who gives it, and what it never meets.

    ``home`` names a page of views/homes. ``office`` is the place of a role of the whole country (a term of
    the field, in Thai). ``given_by``: the roles that give it on a screen; nobody: by command only. ``apart``:
    roles of the same side that the same person never holds at the same place. ``second``: reads names of
    third parties or gives rights, and is therefore asked for by one officer and confirmed by another.
    ``acting_by``: who names somebody that acts at its desk for a time, and ``handed_by``: who names somebody
    that follows there, each only where it reaches; the role itself means its own desk. ``restored_by``: who
    is the second of two that give its holder a new code, each of them with a second factor; nobody: no need.
    """

    label: Any
    reach: Reach
    side: Side
    home: str
    office: str = ""
    given_by: frozenset[Role] = frozenset()
    apart: frozenset[Role] = frozenset()
    second: bool = False
    acting_by: frozenset[Role] = frozenset()
    handed_by: frozenset[Role] = frozenset()
    restored_by: frozenset[Role] = frozenset()


_BY_DLA = frozenset({Role.DLA})

#: what every role is, in the order in which people choose one
ROLES: dict[Role, RoleRule] = {
    Role.AGENCY_ADMIN: RoleRule(
        lazy("Agency admin"),
        Reach.AGENCY,
        Side.AGENCY,
        "agency",
        given_by=_BY_DLA,
        apart=frozenset({Role.EXECUTIVE}),
        handed_by=frozenset({Role.AGENCY_ADMIN, Role.EXECUTIVE, Role.PROVINCE, Role.DLA}),
    ),
    Role.EXECUTIVE: RoleRule(
        lazy("Executive"),
        Reach.AGENCY,
        Side.AGENCY,
        "agency",
        given_by=_BY_DLA,
        apart=frozenset({Role.AGENCY_ADMIN}),
        acting_by=frozenset({Role.EXECUTIVE, Role.PROVINCE, Role.DLA}),
        handed_by=frozenset({Role.EXECUTIVE, Role.PROVINCE, Role.DLA}),
    ),
    Role.PROVINCE: RoleRule(
        lazy("Provincial staff"),
        Reach.PROVINCE,
        Side.PROVINCE,
        "province",
        given_by=_BY_DLA,
        acting_by=frozenset({Role.PROVINCE, Role.DLA}),
        handed_by=frozenset({Role.PROVINCE, Role.DLA}),
    ),
    Role.ASSESSOR: RoleRule(
        lazy("Assessor"),
        Reach.ASSESSOR,
        Side.ASSESSOR,
        "assessor",
        given_by=_BY_DLA,
        second=True,
        acting_by=_BY_DLA,
    ),
    Role.INTERVIEWER: RoleRule(
        lazy("Interviewer"),
        Reach.ASSESSOR,
        Side.ASSESSOR,
        "assessor",
        given_by=_BY_DLA,
        second=True,
        acting_by=_BY_DLA,
    ),
    Role.DLA: RoleRule(
        lazy("DLA back office"),
        Reach.COUNTRY,
        Side.DLA,
        "dla",
        "กรมส่งเสริมการปกครองท้องถิ่น",
        given_by=_BY_DLA,
        second=True,
        acting_by=_BY_DLA,
        restored_by=frozenset({Role.DLA, Role.NACC}),
    ),
    Role.NACC: RoleRule(
        lazy("NACC officer"),
        Reach.COUNTRY,
        Side.NACC,
        "nacc",
        "สำนักงาน ป.ป.ช.",
        restored_by=frozenset({Role.NACC}),
    ),
}


def role_words(role: Role, sector_id: int | None) -> str:
    """What a role is called: the back office of another sector than the first is none of the DLA's."""
    if role is Role.DLA and sector_id not in (None, USUAL_SECTOR):
        return str(lazy("Officer of the back office"))
    return str(ROLES[role].label)


def office_of(role: Role, sector: Sector | None) -> str:
    """The office of a role of the whole country: the back office is that of its sector."""
    return sector.office if role is Role.DLA and sector is not None else ROLES[role].office


def never_meet(one: Role, other: Role, *, same_place: bool) -> bool:
    """True for two roles that one person never holds at the same time (migration 0004 holds the same)."""
    if ROLES[one].side is not ROLES[other].side:
        return True
    return same_place and other in ROLES[one].apart


def roles_reaching(reach: Reach) -> frozenset[Role]:
    """The roles that reach so far: those of an agency, of a province, of an assessor body, of the country."""
    return frozenset(role for role, rule in ROLES.items() if rule.reach is reach)


def roles_given_by(role: Role) -> list[Role]:
    """The roles that a person of this role gives to others, in the order of the form."""
    return [given for given, rule in ROLES.items() if role in rule.given_by]


@dataclass(frozen=True)
class Separation:
    """By which permission a part is entered, and by which it is judged: never both by one person."""

    entered_by: Permission
    judged_by: frozenset[Permission]


#: whoever entered or submitted a thing does not confirm or pass that thing, whatever right they hold now
#: (portal/core/contributors.py asks and notes)
SEPARATED: dict[Part, Separation] = {
    Part.PREPARATION: Separation(P.PREPARATION_ENTER, frozenset({P.PREPARATION_CONFIRM, P.ROSTER_JUDGE})),
    Part.DISCLOSURE: Separation(P.DISCLOSURE_ANSWER, frozenset({P.DISCLOSURE_REVIEW, P.DISCLOSURE_SCORE})),
}


@dataclass(frozen=True)
class Span:
    """How many seconds a session lasts unused, and at the latest; ``desk`` is a hash that names it."""

    left: int
    last: int
    desk: str


@dataclass(frozen=True)
class Actor:
    """A signed-in person at one desk: the account and the grant it sits with."""

    account_id: int | None
    grant_id: int | None
    role: Role | None
    name: str
    agency_id: int | None = None
    province_id: int | None = None
    body_id: int | None = None
    #: the sector that this desk ends at; None where there is one alone, and above all of them
    sector_id: int | None = None
    #: whose units are assessed here, where that is not local administration
    sector_name: str = ""
    place: str = ""
    token: str = ""
    other_desks: bool = False
    span: Span | None = None
    #: a second factor is demanded at this desk, and the person has none
    factor_missing: bool = False

    capacity: Capacity = Capacity.HOLDER

    is_authenticated = True
    is_anonymous = False
    is_active = True

    @property
    def name_and_place(self) -> str:
        """Name and office: who did something, for readers who may read no account of that office."""
        return f"{self.name} ({self.place})" if self.place else self.name

    def get_id(self) -> str:
        """What Flask-Login keeps in the signed cookie: the session's token."""
        return self.token


SYSTEM_ACTOR = Actor(account_id=None, grant_id=None, role=Role.SYSTEM, name="system")


def scope_of(actor: Actor | None) -> Scope:
    """The rows an actor may see: from the grant, nothing without one."""
    if actor is None or actor.role is None:
        return NOTHING if actor is None else Scope(Reach.NONE, None, actor.account_id)
    if actor.role is Role.SYSTEM:
        return SYSTEM
    reach = ROLES[actor.role].reach
    place = {
        Reach.COUNTRY: None,
        Reach.PROVINCE: actor.province_id,
        Reach.AGENCY: actor.agency_id,
        Reach.ASSESSOR: actor.body_id,
    }[reach]
    return Scope(reach, place, actor.account_id, actor.sector_id)


def can(actor: Actor | None, permission: Permission, obj: Any = None) -> bool:
    """True when the actor's grant holds the permission and, with an object, when its row is in scope.

    The object is asked by the same SQL as a list: a select of its key in the scoped session.
    """
    if actor is None or actor.role is None or permission not in GRANTS[actor.role]:
        return False
    return obj is None or in_scope(obj)


def in_scope(obj: Any) -> bool:
    """True when a select of the object's key in the scoped session finds it."""
    state = inspect(obj)
    if state.identity is None:
        return False
    mapper = state.mapper
    # the class's attributes, not the table's columns: the session's criteria hold for those only
    keys = [mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key]
    where = [key == value for key, value in zip(keys, state.identity, strict=True)]
    with db.session.no_autoflush:
        return db.session.scalar(select(keys[0]).where(*where)) is not None


def current_actor() -> Actor | None:
    """Who sits at the desk of this request (or of the job that runs); None for nobody."""
    actor: Actor | None = g.get("actor")
    return actor


def the_actor() -> Actor:
    """As ``current_actor``, for places that nobody reaches unsigned."""
    actor = current_actor()
    assert actor is not None, "the gate lets only signed-in people in here"
    return actor


View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that a view needs a permission (see portal.core.gate for where it is enforced)."""

    def mark(view: View) -> View:
        view.access_rule = permission  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Declare that a view is for everybody, signed in or not."""
    view.access_rule = "open"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that a view is for any signed-in person, also before a desk is chosen."""
    view.access_rule = "signed_in"  # type: ignore[attr-defined]
    return view
