"""The menus: per role only what that role needs, in the order in which the work is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, g, request, url_for
from sqlalchemy import select

from models.account import Capacity, Role
from models.participation import Participation
from models.round import Round, RoundState
from portal.core.access import Actor, Permission, can, current_actor, role_words, roles_reaching
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.holders import CAPACITIES
from portal.core.scopes import Reach
from portal.core.texts import lazy


@dataclass(frozen=True)
class Entry:
    """One line of a menu. ``roles`` narrows it where a permission alone would show it to too many."""

    label: Any
    icon: str
    endpoint: str
    permission: Permission
    roles: frozenset[Role] = frozenset()
    values: tuple[tuple[str, Any], ...] = ()
    tab: bool = False
    #: for the phone's tab bar, where a label has the width of a thumb
    short: Any = ""
    #: roles whose tab bar has something nearer to their work
    untabbed: frozenset[Role] = frozenset()
    #: the page of a line about a round where there is no round yet
    before: str = ""


@dataclass(frozen=True)
class Section:
    """A headed part of the menu."""

    label: Any
    entries: tuple[Entry, ...]


@dataclass
class Item:
    """A line as the page shows it."""

    label: Any
    icon: str
    url: str
    current: bool
    count: int | None = None


@dataclass
class Group:
    """A section as the page shows it."""

    label: Any
    items: list[Item] = field(default_factory=list)


_AGENCY = roles_reaching(Reach.AGENCY)
_ASSESSOR = roles_reaching(Reach.ASSESSOR)
_COUNTRY = roles_reaching(Reach.COUNTRY)
_PROVINCE = roles_reaching(Reach.PROVINCE)

MENU: tuple[Section, ...] = (
    Section(
        "",
        (
            Entry(lazy("Home"), "home", "home.round_home", P.HOME_READ, tab=True, before="home.index"),
            Entry(
                lazy("Status tracking"),
                "list-check",
                "status.show",
                P.STATUS_READ,
                tab=True,
                untabbed=_AGENCY | _ASSESSOR,
            ),
            Entry(lazy("Chase what is lacking"), "flag", "chasing.show", P.CHASING_READ),
            Entry(lazy("Announcements"), "bell", "announcements.index", P.ANNOUNCEMENTS_READ),
            Entry(lazy("Requests about own data"), "shield-lock", "personal_counts.show", P.REQUESTS_COUNT),
            Entry(lazy("Contacts"), "phone", "contacts.own", P.CONTACTS_WRITE, _AGENCY | _PROVINCE),
            Entry(
                lazy("Who sits at the desks"), "user-shield", "seats.own", P.HAND_OVER, _AGENCY | _PROVINCE
            ),
        ),
    ),
    Section(
        lazy("Preparation"),
        (
            Entry(lazy("The four steps"), "list-check", "preparation.overview", P.PREPARATION_ENTER),
            Entry(lazy("Headcount"), "users", "preparation.headcount", P.PREPARATION_ENTER),
            Entry(lazy("External roster"), "address-book", "preparation.roster", P.PREPARATION_ENTER),
            Entry(lazy("Requests about own data"), "shield-lock", "personal_requests.index", P.REQUESTS_READ),
            Entry(
                lazy("Confirm the data"),
                "user-shield",
                "preparation.confirmation",
                P.PREPARATION_CONFIRM,
                tab=True,
            ),
        ),
    ),
    Section(
        lazy("Surveys"),
        (
            Entry(lazy("Links and QR codes"), "qrcode", "links.show", P.LINKS_READ, tab=True),
            Entry(lazy("Posters of EIT"), "printer", "posters.order", P.POSTERS_ORDER),
        ),
    ),
    Section(
        lazy("Public disclosure"),
        (
            Entry(
                lazy("OIT checklist"), "clipboard-list", "disclosure.answers", P.DISCLOSURE_ANSWER, tab=True
            ),
            Entry(lazy("Review OIT"), "clipboard-list", "disclosure.review", P.DISCLOSURE_REVIEW, tab=True),
        ),
    ),
    Section(
        lazy("Assessment work"),
        (
            Entry(
                lazy("Assigned agencies"),
                "building",
                "assessor.agencies",
                P.ROSTER_READ,
                _ASSESSOR,
                tab=True,
                short=lazy("Agencies"),
            ),
            Entry(lazy("Score OIT"), "clipboard-list", "scoring.agencies", P.DISCLOSURE_SCORE, tab=True),
        ),
    ),
    Section(
        lazy("Letters"),
        (
            Entry(lazy("Incoming letters"), "file-import", "inbox.index", P.INBOX_READ),
            Entry(
                lazy("Letters to provinces"),
                "mail",
                "dispatches.circulars",
                P.LETTERS_DLA,
                tab=True,
                short=lazy("Letters"),
            ),
            Entry(lazy("Letter to DLA"), "mail", "dispatches.nacc", P.LETTERS_NACC),
            Entry(lazy("Certificates of results"), "certificate", "certificates.show", P.LETTERS_NACC),
            Entry(lazy("Letters to agencies"), "mail", "dispatches.province", P.LETTERS_PROVINCE),
            Entry(
                lazy("Summary of the province"),
                "printer",
                "letters.summary",
                P.LETTERS_PROVINCE,
                tab=True,
                short=lazy("Summary"),
            ),
        ),
    ),
    Section(
        lazy("Round"),
        (
            Entry(lazy("Rounds"), "calendar-due", "rounds.index", P.ROUNDS_WRITE, tab=True),
            Entry(
                lazy("Preparation of agencies"),
                "list-check",
                "participations.index_view",
                P.PREPARATION_READ,
                _COUNTRY,
            ),
            Entry(lazy("OIT items"), "clipboard-list", "oit_items.index_view", P.OIT_ITEMS_READ),
            Entry(lazy("Questions"), "help-circle", "questions.index_view", P.ROUNDS_WRITE),
            Entry(lazy("Assessor bodies"), "building", "assessor_bodies.index_view", P.ASSESSORS_WRITE),
            Entry(
                lazy("Conflicts of interest"),
                "alert-circle",
                "assessor_conflicts.index_view",
                P.ASSESSORS_WRITE,
            ),
            Entry(lazy("Assignments"), "users", "assignments.index_view", P.ASSESSORS_WRITE),
            Entry(lazy("Results"), "chart-bar", "results.show", P.RESULTS_READ),
        ),
    ),
    Section(
        lazy("Register"),
        (
            Entry(
                lazy("Agencies"),
                "building",
                "agencies.index_view",
                P.AGENCIES_READ,
                _COUNTRY,
                tab=True,
            ),
            Entry(lazy("Changes of agencies"), "history", "agency_changes.index", P.AGENCIES_READ),
            Entry(lazy("Import agencies"), "upload", "registry_import.form", P.AGENCIES_IMPORT),
            Entry(lazy("Sectors"), "building", "sectors.index_view", P.SECTORS_READ),
            Entry(lazy("Provinces"), "map-pin", "provinces.index_view", P.PLACES_READ),
            Entry(lazy("Districts"), "map-pin", "districts.index_view", P.PLACES_READ),
            Entry(lazy("Kinds in the register"), "list-check", "agency_kinds.index_view", P.KINDS_READ),
            Entry(lazy("Sizes in the register"), "list-check", "agency_sizes.index_view", P.KINDS_READ),
            Entry(lazy("Descriptive fields"), "list-check", "descriptive_fields.index_view", P.FIELDS_READ),
            Entry(lazy("Contacts"), "phone", "contacts.offices", P.PLACES_READ),
            Entry(lazy("Rosters"), "address-book", "rosters.index", P.ROSTERS_MASKED),
        ),
    ),
    Section(
        lazy("People and accounts"),
        (
            Entry(lazy("Users"), "users", "accounts.index_view", P.ACCOUNTS_READ, _COUNTRY),
            Entry(lazy("Accounts of agencies"), "list-check", "account_states.index", P.ACCOUNTS_READ),
            Entry(lazy("Lost passwords"), "key", "lost_passwords.index", P.CODES_ISSUE),
            Entry(lazy("Slips"), "mail", "slips.index", P.CODES_ISSUE),
            Entry(lazy("Settings of accounts"), "user-shield", "people_settings.edit", P.ACCOUNTS_WRITE),
        ),
    ),
    Section(
        lazy("System"),
        (
            Entry(lazy("Jobs"), "hourglass", "jobs.index", P.JOBS_READ, _COUNTRY | _PROVINCE),
            Entry(lazy("State of the system"), "database", "watch.show", P.SYSTEM_READ),
            Entry(lazy("Record of changes"), "history", "record.index_view", P.RECORD_READ),
            Entry(lazy("Tokens of programmes"), "key", "api_tokens.of_all", P.API_TOKENS_END),
            Entry(lazy("The table of rights"), "user-shield", "policy.table", P.POLICY_READ),
        ),
    ),
    Section("", (Entry(lazy("Guides"), "help-circle", "help.index", P.HOME_READ),)),
)


def context() -> dict[str, Any]:
    """What the frame of every page needs (see base.html)."""
    actor = current_actor()
    if actor is None:
        return {"nav": [], "tabs": [], "desk": None, "round": None, "rounds": []}
    rounds = all_rounds()
    round = _round_of_page(rounds)
    groups = list(_groups(actor, round))
    return {
        "nav": groups,
        "tabs": list(_tabs(actor, round))[:3],
        "desk": Desk.of(actor),
        "round": round,
        "rounds": rounds,
    }


@dataclass(frozen=True)
class Desk:
    """Whose data a page shows, and as whom."""

    name: str
    role_label: Any
    place: str
    has_other_desks: bool = False

    @classmethod
    def of(cls, actor: Actor) -> Desk:
        """The desk of an actor."""
        label = role_words(actor.role, actor.sector_id) if actor.role else ""
        if actor.capacity is not Capacity.HOLDER:
            label = f"{label} ({CAPACITIES[actor.capacity]})"
        return cls(actor.name, label, actor.place, actor.other_desks)


def all_rounds() -> list[Round]:
    """Every round, the newest fiscal year first; of an agency's people those that it takes part in.

    Of several schemes in a year the one made first stands first: people land where they did before.
    """
    query = select(Round).order_by(Round.fiscal_year.desc(), Round.id)
    actor = current_actor()
    if actor is not None and actor.agency_id is not None:
        query = query.where(Round.id.in_(select(Participation.round_id)))  # the session's scope: its own
    return list(db.session.scalars(query))


def landing_round(rounds: list[Round]) -> Round | None:
    """Where a person without an address lands: the newest open round, else the newest."""
    return next((round for round in rounds if round.state is RoundState.OPEN), rounds[0] if rounds else None)


def _round_of_page(rounds: list[Round]) -> Round | None:
    round_id = (request.view_args or {}).get("round_id", g.get("round_id"))
    return next((round for round in rounds if round.id == round_id), None) or landing_round(rounds)


def _groups(actor: Actor, round: Round | None) -> Iterator[Group]:
    for section in MENU:
        items = [item for entry in section.entries if (item := _item(entry, actor, round))]
        if items:
            yield Group(section.label, items)


def _tabs(actor: Actor, round: Round | None) -> Iterator[Item]:
    for entry in (entry for section in MENU for entry in section.entries if entry.tab):
        item = None if actor.role in entry.untabbed else _item(entry, actor, round)
        if item:
            yield replace(item, label=entry.short or item.label)


def _item(entry: Entry, actor: Actor, round: Round | None) -> Item | None:
    if entry.endpoint not in current_app.view_functions or not can(actor, entry.permission):
        return None
    if entry.roles and actor.role not in entry.roles:
        return None
    values = dict(entry.values)
    if current_app.url_map.is_endpoint_expecting(entry.endpoint, "round_id"):
        if round is None:
            return _item(replace(entry, endpoint=entry.before), actor, None) if entry.before else None
        values["round_id"] = round.id
    return Item(entry.label, entry.icon, url_for(entry.endpoint, **values), _is_here(entry.endpoint))


#: rooms whose pages belong to a menu line of another room
BELONGS_TO = {
    "roster": "preparation.roster",
    "roster_import": "preparation.roster",
    "preparation": "preparation.confirmation",
    "corrections_of_headcount": "preparation.confirmation",
    "sampling": "assessor.agencies",
    "interviews": "assessor.agencies",
    "account_acts": "accounts.index_view",
    "account_making": "account_states.index",
    "account_batches": "account_states.index",
    "account_workbook": "account_states.index",
    "people": "account_states.index",
    "registry_imports": "registry_import.form",
    "builder": "rounds.index",
    "builder_acts": "rounds.index",
    "round_rules": "rounds.index",
    "round_texts": "rounds.index",
    "round_preview": "rounds.index",
    "round_workbook": "rounds.index",
    "round_table": "rounds.index",
    "province_sizes": "rounds.index",
    "trends": "rounds.index",
    "destruction": "rounds.index",
    "personal_keeping": "rounds.index",
    "personal_notice": "personal_requests.index",
    "announcing": "announcements.index",
    "inbox_acts": "inbox.index",
    "certificate_release": "certificates.show",
    "certificate_batches": "results.show",
}
#: what belongs to the one line of letters that a person sees
ROOMS_OF_LETTERS = frozenset(
    {"dispatch_acts", "letter_drafts", "letter_offices", "letter_register", "letter_texts"}
)
#: rooms with several menu lines: only the page itself is marked, not its room
SHARED = frozenset({"preparation", "disclosure", "letters"})


def _is_here(endpoint: str) -> bool:
    """True for the menu line that the page belongs to: itself, or the one line of its room."""
    if request.endpoint == endpoint:
        return True
    room = request.blueprint or ""
    if BELONGS_TO.get(room) == endpoint:
        return request.endpoint != "preparation.headcount"
    mine = endpoint.partition(".")[0]
    if room == "receivers":
        return mine == ("inbox" if (request.endpoint or "").endswith("passed_on") else "dispatches")
    if room in ROOMS_OF_LETTERS:
        return mine == "dispatches"
    return room == mine and mine not in SHARED
